"""How many figures a question asks for in clauses of their own: "what was it, and how many points lower than the year
before", 多少、支出多少、净的剩多少. A reading that shows fewer leaves one of them out.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

from t2sql.flow import Context, Span
from t2sql.reading.shown import Shown

_ASK_EN = re.compile(
    r"\b(?:by )?how (?:much|many|far|high|low|big|large)\b|(?:^|[,;.:?] |, and |\band |\bat |\band at )what(?:'s| is| was| are| were|(?= [a-z]+ (?:ratio|rate|share|percentage|proportion|balance|amount)\b))|\bwhat (?:share|percentage|proportion|part|fraction)\b",
    re.IGNORECASE,
)
_JOINS_EN = re.compile(r"\b(?:and|plus)\b|[;?,]", re.IGNORECASE)
_ASK_ZH = re.compile(r"(?:各[是为有]?|分别[是为有]?|[是为有])?多少(?!年|天|个月)|多[大高](?=[^\w]|$)|几成|百分之几")
_AND_THEN = re.compile(r"[a-z]{3,}[^,;]*,? and (?:by )?$", re.IGNORECASE)
_BOTH_EN = re.compile(
    r"\b(?:both|the two) (?:numbers|figures|amounts|values|balances|totals|levels)\b(?=[^.?;]{0,12}\b(?:and|plus|with)\b)",
    re.IGNORECASE,
)
_LISTED_ZH = re.compile(
    r"(?:^|[的，,：:；;。])(?P<list>[^，,。；;：:的?？]{1,12}(?:、[^，,。；;：:?？、]{1,12})+(?:和|及|与|以及)[^，,。；;：:?？、]{1,14}?)(?:各|分别)(?:是|为|有)?(?:多少|几)"
)
_COUNTED = re.compile(
    r"\b(?P<n>two|three|four|five|[2-5]) (?:separate |different |[a-z]+ )?(?P<what>columns|figures|numbers)(?=: | - |, please|: | side by side)",
    re.IGNORECASE,
)
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "2": 2, "3": 3, "4": 4, "5": 5}
_EACH = re.compile(r"\b(?:each|every|per|by)\b", re.IGNORECASE)


def asks_beside(text: str, *, changes: int = 1) -> bool:
    """Whether a value is asked, and in a clause of its own how it differs: 各是多少，差多少; "both numbers and the gap".
    `changes`: how many ways of differing are asked for.
    """
    return bool(_BOTH_EN.search(text)) or len(_asked(text)) > changes


def unasked_figures(context: Context, shown: Shown) -> list[Span]:
    """The clauses that ask for one figure more than are shown; rows of periods, groups and listed values answer several."""
    text = context.question.text
    asked = _asked(text)
    if shown.groups and asked and asked[0].start == 0 and _AND_THEN.search(text[: asked[0].end]):
        # "Which industries are the largest, and how much": the rows are named, and measured once.
        asked = asked[1:]
    several = len({v.span for v in context.values}) > 1 or len({p.span for p in context.periods}) > 1
    if shown.figures >= max(2, len(asked)) or (shown.groups and several) or shown.is_course:
        return []
    if both := _BOTH_EN.search(text):
        return [Span(*both.span())] if shown.figures < 2 else []
    return asked[max(1, shown.figures) :] if len(asked) > 1 else []


def unlisted_figures(context: Context, shown: Shown) -> list[Span]:
    """Lists of figures, or their number, of which fewer are shown: 日均、月均和季末余额各是多少, "two columns: …"."""
    text = context.question.text
    taken = [
        thing.span for part in (context.values, context.periods, context.dimensions) for thing in part if thing.span
    ]
    found = []
    for match in _LISTED_ZH.finditer(text):
        span = Span(*match.span("list"))
        is_taken = any(one.start < span.end and span.start < one.end for one in taken)
        if not is_taken and shown.figures < match["list"].count("、") + 2:
            found.append(span)
    for match in _COUNTED.finditer(text):
        is_each = _EACH.search(text[: match.start()]) is not None or match["what"] != "columns"
        have = shown.figures if is_each else shown.figures + shown.groups
        if have < _NUMBERS[match["n"].lower()]:
            found.append(Span(*match.span()))
    return found


def _asked(text: str) -> list[Span]:
    """Where figures are asked, each joined to the one before or after a stop."""
    found: list[Span] = []
    for match in (_ASK_ZH if re.search(r"[㐀-鿿]", text) else _ASK_EN).finditer(text):
        if found and text.isascii() and not _JOINS_EN.search(text[found[-1].end : match.start() + 5]):
            continue
        if not found and _AND_THEN.search(text[: match.start()]):
            # "US dollar deposits, and what share of all they are": the first is asked by its name alone.
            found.append(Span(0, match.start()))
        found.append(Span(*match.span()))
    return found
