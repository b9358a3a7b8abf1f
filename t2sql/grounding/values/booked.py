"""Where a thing is on the books, said beside who plays a role in it: managed by Shanghai but booked somewhere else, 北京分行记账.

The plain dimension is that of the books, so its words claim and limit nothing more, unless the books are others'.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import chain

from t2sql.catalog import Catalog, Dimension
from t2sql.flow import Span, ValueMention
from t2sql.grounding.words.text import Folded

# Nobody by name: the others than the unit that the text names.
OTHERS_EN = re.compile(
    r"\b(?:but |and |yet |though )?(?P<verb>[a-z]+)(?: (?:by|at|in|from|under))?(?: (?:an|some|any|a|the|different|else))*? (?:elsewhere|somewhere else|others?|(?:another|other|different|someone else)(?: (?P<level>sub-?branch(?:es)?|branch(?:es)?|regions?|outlets?|units?))?)\b"
)
# The same said the other way: "but another branch books".
_OTHERS_BOOK = re.compile(
    r"\b(?:but |and |yet |though )?(?:that |which )?(?:another|a different|some other) (?P<level>sub-?branch|branch|region|outlet|unit) (?P<verb>books|booked|has booked|records|carries)\b"
)
LEVELS = {"分行": "branch", "支行": "sub_branch", "区域": "region", "大区": "region", "区": "region"}
_BOOKS_EN = re.compile(r"booked|recorded|carried")
_BY_OTHERS = re.compile(
    r"(?:但是?|却|而)?(?:由|在|账务?(?:记|挂|落)?在|记账?在|入账?在)(?:其[他它余]|别的?|另外?的?|另一?家?|异地|外地)(?:一?[家个些])?(?P<level>分行|支行|区域|大区|区|机构|行)?(?:记账|入账|落账)?"
)
_BOOKS_ZH = re.compile(r"(?:来|负责)?(?:记账|入账|落账)(?=的|[,，、。；;？?（）()\s]|$|贷|存|业务|余额)")
# "By the branch that manages the loan, not the one that books it": the books are only told apart, and limit nothing.
_NOT_BOOKS = re.compile(
    r"[,;(]?\s*(?:[-–—]+\s*)?(?:and )?(?:not|rather than|instead of) (?:by |per |where |at )?(?:the )?(?:ones?|branch(?:es)?|sub-?branch(?:es)?|regions?|units?|outlets?)?(?: ?(?:that|which|where|they|it|we))*? ?(?:book(?:s|ed|ing)?|record(?:s|ed)?|carr(?:y|ies|ied))(?: (?:it|them|in|at|the loans?|loans?))?(?=\s*(?:[,;.?!)]|$))"
    r"|[,，;；(（、]?\s*(?:不看|不是|不按|而非|而不是|不算)(?:放款|记账|入账|落账|经办)的?(?:分行|支行|区域|机构|行)?(?=\s*(?:[,，;；。.?？!)）]|$))"
)
_BOOKED = re.compile(
    r"(?:账务?|帐务?|记账|入账|账面)(?:都|是|被)?不?(?:记|挂|入|落|放|列)?(?:账|帐)?(?:机构|行|地|支行|分行)?(?:在|于|为|是)?(?=\n)|\bbooked (?:at|in|by|with|under|to) (?:the )?(?=\n)"
)


def level_of(match: re.Match[str], default: str) -> str:
    """The level of units that a match of OTHERS_EN names, as a field is called; `default` where it names none."""
    level = (match["level"] or default).replace("-", "_").rstrip("s").removesuffix("e")
    return "branch" if level == "branch" else level


def without_plain_denied(catalog: Catalog, folded: Folded) -> Folded:
    """`folded` without a clause that only tells a role from the books, where the role is named outside it and nothing else of
    the plain name's kind is.
    """
    for match in _NOT_BOOKS.finditer(folded.text):
        rest = folded.text[: match.start()] + folded.text[match.end() :]
        if any(_names_role(catalog, role, rest) for role in catalog.dimensions.values() if role.role):
            blank = " " * (match.end() - match.start())
            folded = replace(folded, text=folded.text[: match.start()] + blank + folded.text[match.end() :])
    return folded


def _names_role(catalog: Catalog, role: Dimension, text: str) -> bool:
    plain = [
        d for d in catalog.dimensions.values() if not d.role and (d.dataset, d.field) == (role.dataset, role.field)
    ]
    if not plain:
        return False
    stem, chinese = re.escape(role.role.removesuffix("ing")), role.display.zh.removesuffix(plain[0].display.zh)
    if chinese and chinese in text:
        return True
    is_named = re.search(rf"\b(?:(?:that|which|who) {stem}|{stem}(?:ing|ed)\b)", text)
    return bool(is_named) and len(re.findall(rf"\b{re.escape(plain[0].display.en.lower())}", text)) == 1


def book_words(folded: Folded, start: int, end: int) -> list[Span]:
    """What says that the unit at (start, end) is that of the books: 账记在 before it, 记账 after it."""
    before, after = _BOOKED.search(folded.text[:start] + "\n"), _BOOKS_ZH.match(folded.text, end)
    found = [folded.span(before.start(), start)] if before else []
    return [*found, folded.span(*after.span())] if after else found


def booked_by_others(catalog: Catalog, folded: Folded, named: ValueMention) -> Iterable[ValueMention]:
    """Managed by Shanghai but booked somewhere else: the unit named in a role, left out in the plain dimension."""
    role = catalog.dimensions[named.dimension]
    plain = [
        d.name for d in catalog.dimensions.values() if not d.role and (d.dataset, d.field) == (role.dataset, role.field)
    ]
    if len(plain) != 1:
        return
    english = (
        m
        for m in chain(OTHERS_EN.finditer(folded.text), _OTHERS_BOOK.finditer(folded.text))
        if (_BOOKS_EN.fullmatch(m["verb"]) or m.re is _OTHERS_BOOK)
        and level_of(m, role.field) in (role.field, "unit", "outlet")
    )
    chinese = (
        m
        for m in _BY_OTHERS.finditer(folded.text)
        if re.search(r"[账帐]", m[0]) and LEVELS.get(m["level"] or "", role.field) == role.field
    )
    if match := next(chain(english, chinese), None):
        yield ValueMention(folded.span(*match.span()), plain[0], named.value, 1.0, True)
