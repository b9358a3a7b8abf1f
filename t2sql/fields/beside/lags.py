"""How long after another day something was done, as a condition: shipped more than 5 days after the order date.

Whole days are counted, and weeks as seven of them. Both days must be dates of the rows that are asked, or of what those
belong to; else nothing is read.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp

from t2sql.fields.beside.durations import date_named
from t2sql.fields.index import FieldIndex, Key
from t2sql.fields.linked import Linked
from t2sql.fields.roles import date_fields, is_technical, said_of_days, words_of_date
from t2sql.fields.writing import qualified

if TYPE_CHECKING:
    from t2sql.fields.readings import FieldReading

_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10}
_LAG = re.compile(
    r"(?:\b(?:that|which|who) )?(?:\b(?:was|were|is|are|has been|have been|had been) )?\b(?P<deed>[a-z]{2,}(?:ed|id|nt|old|en)) (?:(?P<more>more than|later than|over) |(?P<least>at least) |(?P<less>less than|fewer than|under|sooner than) |(?P<most>within|at most|no more than|up to|not more than) )(?P<n>\d+|an?|one|two|three|four|five|six|seven|ten) (?P<unit>day|week)s? (?P<side>after|before|of|from|following) (?:the |its |their |his |her )*(?P<other>[a-z][a-z _'-]*?)(?=[,.?!;]|$| (?:by|per|in|for|and|with|where|broken|grouped|ordered)\b)",
    re.IGNORECASE,
)


def read_lag(
    text: str, index: FieldIndex, read: Callable[[str], tuple[Linked, tuple[FieldReading, ...]]]
) -> tuple[Linked, tuple[FieldReading, ...]] | None:
    """`text` as it is linked without its lag, and its readings under it; None where it tells none that is understood."""
    match = _LAG.search(text)
    if match is None or _LAG.search(text, match.end()):
        return None
    linked, found = read(text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :])
    if not linked.datasets:
        return None
    done, other = _day(match["deed"], linked, index), _other(match["other"], linked, index)
    if done is None or other is None or done == other:
        return None
    gap = f"{qualified(*done)} - {qualified(*other)}"
    gap = gap if match["side"].lower() != "before" else f"{qualified(*other)} - {qualified(*done)}"
    said = match["n"].lower()
    days = (_NUMBERS.get(said) or int(said)) * (7 if match["unit"].lower() == "week" else 1)
    sign = next(sign for name, sign in (("more", ">"), ("least", ">="), ("less", "<"), ("most", "<=")) if match[name])
    bound = f"{gap} BETWEEN 0 AND {days}" if sign == "<=" else f"{gap} {sign} {days}"
    if sign == "<":
        bound = f"{gap} >= 0 AND {bound}"
    made = ((reading, _under(reading.semantic_sql, bound)) for reading in found)
    readings = tuple(replace(reading, semantic_sql=sql) for reading, sql in made if sql)
    return (replace(linked, text=text), readings) if readings else None


def _under(semantic_sql: str, condition: str) -> str:
    tree = sqlglot.parse_one(semantic_sql, read="duckdb")
    is_plain = isinstance(tree, exp.Select) and isinstance(tree.args["from_"].this, exp.Table)
    return tree.where(condition, dialect="duckdb").sql("duckdb") if is_plain and isinstance(tree, exp.Select) else ""


def _reach(linked: Linked, index: FieldIndex) -> tuple[str, ...]:
    return (linked.dataset, *index.reach.get(linked.dataset, ()))


def _day(deed: str, linked: Linked, index: FieldIndex) -> Key | None:
    """The date on which a deed was done: the one that it names, or the only one of the rows."""
    said = said_of_days(deed.lower())
    for name in _reach(linked, index):
        days = [f for f in date_fields(index.catalog.datasets[name]) if not is_technical(f)]
        named = [f.name for f in days if words_of_date(f) & said]
        if len(named) == 1:
            return name, named[0]
        if name == linked.dataset and len(days) == 1:
            return name, days[0].name
    return None


def _other(words: str, linked: Linked, index: FieldIndex) -> Key | None:
    """The date that the lag is counted from."""
    named = date_named(words, index)
    if named is not None:
        return named if named[0] in _reach(linked, index) else None
    said = said_of_days(words.lower())
    found = [
        (name, item.name)
        for name in _reach(linked, index)
        for item in date_fields(index.catalog.datasets[name])
        if not is_technical(item) and words_of_date(item) & said
    ]
    return found[0] if len(found) == 1 else None
