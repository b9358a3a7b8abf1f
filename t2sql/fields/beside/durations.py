"""How long something takes, as a figure: the average number of days between sale date and payment date.

Both ends must be named as dates of rows that belong together. Days alone are counted; hours are not read.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterator

from t2sql.fields.formula_parts import Formula
from t2sql.fields.hits import name_hits, words_of
from t2sql.fields.index import FieldIndex, Key
from t2sql.fields.linked import Linked
from t2sql.fields.roles import is_date
from t2sql.fields.writing import qualified
from t2sql.flow import Span

BETWEEN = re.compile(
    r"\b(?:(?:how many (?:calendar |whole |full )?days|how long) (?P<often>on average)(?: [a-z-]+){0,6}?|(?:(?P<kind>average|mean|avg|longest|maximum|max|greatest|shortest|minimum|min|total) )?(?:calendar |whole |full )?(?:number of |amount of |count of )?(?:calendar )?(?:days|time|duration|delay|gap|interval|lag)(?: in days| \(in days\))?(?: (?:it takes|it took|elapsed|that passed|passed|taken))?) (?:between|from) (?:the |a |an |their |its )?(?P<a>[^,.?!;]{3,60}?) (?:and|to|until|till) (?:the |a |an |their |its )?(?P<b>(?:(?:date|day) of )?[^,.?!;]{3,60}?)(?=[,.?!;]|$|\s(?:for|by|per|in|of|on|across|rounded|where|when|among)\b)",
    re.IGNORECASE,
)
CALLS = {"average": "AVG", "mean": "AVG", "avg": "AVG", "total": "SUM"}
LONGEST = ("longest", "maximum", "max", "greatest")


def durations_of(text: str, linked: Linked, index: FieldIndex) -> Iterator[Formula]:
    """The figures of days between two dates that `text` names."""
    for match in BETWEEN.finditer(text):
        kind = kind_of(match)
        if not kind:
            continue
        ends = [_date(text, Span(*match.span(side)), linked, index) for side in ("a", "b")]
        first, last = ends
        if first is None or last is None or first == last:
            continue
        call = CALLS.get(kind) or ("MAX" if kind in LONGEST else "MIN")
        sql = f"{call}({qualified(*last)} - {qualified(*first)})"
        yield Formula(Span(*match.span()), sql, True, frozenset((first[0], last[0])))


def kind_of(match: re.Match[str]) -> str:
    """Which figure of days is asked: average, longest …; "" where none is said."""
    return "average" if match["often"] else (match["kind"] or "").lower()


def _date(text: str, side: Span, linked: Linked, index: FieldIndex) -> Key | None:
    """The date that the words of one side name; None where none or several do."""
    inside = [f for f in linked.fields if side.start <= f.span.start and f.span.end <= side.end]
    keys = dict.fromkeys((f.dataset, f.field) for f in inside if is_date(index.field((f.dataset, f.field))))
    if len(keys) == 1:
        return next(iter(keys))
    return date_named(text[side.start : side.end], index)


def date_named(words: str, index: FieldIndex) -> Key | None:
    """The date that `words` name; None where none or several do."""
    hits = name_hits(words_of(words), index)
    dates = [h for h in hits if h.is_field and h.sure >= 0.8 and is_date(index.field(h.key))]
    longest = max((len(h.words) for h in dates), default=0)
    whole = dict.fromkeys(h.key for h in dates if len(h.words) == longest)
    named = {h.key[0] for h in hits if h.is_dataset and h.sure >= 0.9}
    # The payment received date: the date of payments received.
    own = [key for key in whole if key[0] in named] if len(whole) > 1 and len(named) == 1 else [*whole]
    return own[0] if len(own) == 1 else None
