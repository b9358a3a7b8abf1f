"""Running totals beside the figure of each period, the share of the whole of each group, rows above the average of all.

The rest is read as it is; what is asked of it is put around its one figure, or around its rows.
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

from t2sql.fields.beside.changes import by_period
from t2sql.fields.hits import name_hits, words_of
from t2sql.fields.index import FieldIndex, Key
from t2sql.fields.linked import Linked
from t2sql.fields.roles import is_date, is_member, is_number

if TYPE_CHECKING:
    from t2sql.fields.readings import FieldReading

Read = Callable[[str], "tuple[Linked, tuple[FieldReading, ...]]"]

_STEP = r"(?:month|quarter|year|week|day)"
_RUNNING = re.compile(
    rf"(?:,? ?\b(?:and|with|as well as|plus|along with|together with))*(?: also)?(?: (?:the|its|their|a|each|each {_STEP}['’]s|{_STEP}ly))*,? ?\b(?:running|cumulative|accumulated) (?:totals?|sums?|figures?|amounts?|revenue|counts?)(?: (?:to date|so far|over time|up to then|(?:for|of|within|in) (?:the|each|that) (?P<year>year)))?|(?:,? ?\band)? \b(?:the )?(?:totals?|sum) (?:accumulated )?(?:to date|so far)\b",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"\b(?P<kind>percentage|per cent|percent|%|share|proportion|fraction)(?: share)? of (?:the |our |its |their )?(?:whole |company's )?(?=(?:total|overall|all|combined)\b)",
    re.IGNORECASE,
)
_SHARE_OF = re.compile(
    r"\b(?P<kind>percentage|share|proportion|fraction)s? of (?:all |the |all the |our )*(?P<noun>[a-z]+)(?= (?:by|per|for each|for every|in each|in every|of each|across)\b)",
    re.IGNORECASE,
)
_PART_SAID = re.compile(r"\b(?:that|which|who|whose|is|are|was|were|have|has|had)\b", re.IGNORECASE)
_GROUPED = re.compile(r"\b(?:each|every|by|per)\b", re.IGNORECASE)
_ORDINAL = re.compile(r"\b(?:(?P<last>latest|most recent|last|newest)|earliest|first|oldest) (?=[a-z])", re.IGNORECASE)
_TIMES = {"twice": 2, "double": 2, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10, "half": 0.5, "": 1}
_MEAN = re.compile(
    r"(?:\b(?:that|which|who) (?:is|are|was|were|has|have) )?\b(?:(?P<up>above|over|more than|greater than|higher than|larger than|bigger than|exceeds?|exceeding|in excess of)|(?P<down>below|under|less than|lower than|smaller than)) (?:(?P<times>twice|double|half|(?P<n>\d+(?:\.\d+)?|two|three|four|five|ten) times) )?(?:the |their |its )?(?:overall |general |total )?(?:average|mean)(?: of(?: the| all)?)?(?=\W|$)",
    re.IGNORECASE,
)


def read_window(text: str, index: FieldIndex, read: Read) -> tuple[Linked, tuple[FieldReading, ...]] | None:
    """`text` as it is linked without such words, and its readings with what they ask; None where it has none of them."""
    for reader in (_running, _share, _share_of_rows, _beyond, _days_of_each):
        found = reader(text, index, read)
        if found is not None and found[1]:
            return replace(found[0], text=text), found[1]
    return None


def _blank(text: str, *spans: tuple[int, int]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _running(text: str, index: FieldIndex, read: Read) -> tuple[Linked, tuple[FieldReading, ...]] | None:
    said = [*_RUNNING.finditer(text)]
    if not said:
        return None
    linked, found = read(_blank(text, *(match.span() for match in said)))
    years = {day.year for stretch in linked.stretches for day in (stretch.first, stretch.last) if day is not None}
    if any(match["year"] for match in said) and len(years) != 1:
        # Anew in each year: only where there is one.
        return None
    made = ((reading, with_running(reading.semantic_sql)) for reading in found)
    return linked, tuple(replace(reading, semantic_sql=sql) for reading, sql in made if sql)


def with_running(semantic_sql: str) -> str:
    """A SELECT of one figure for each period with the total up to then beside it; "" for any other SELECT."""
    for step in ("month", "quarter", "year", "week", "day"):
        made = by_period(semantic_sql, step)
        if made is not None:
            figure = sqlglot.parse_one(semantic_sql, read="duckdb").find(exp.Sum, exp.Count)
            if figure is None or figure.args.get("distinct") or isinstance(figure.this, exp.Distinct):
                # Averages add up to nothing, and things counted twice are no more things.
                return ""
            total = exp.Window(
                this=exp.Sum(this=exp.column("figure")),
                order=exp.Order(expressions=[exp.Ordered(this=exp.column("period"), nulls_first=False)]),
                over="OVER",
            )
            return made.select(exp.alias_(total, "running_total")).sql("duckdb")
    return ""


def _share(text: str, index: FieldIndex, read: Read) -> tuple[Linked, tuple[FieldReading, ...]] | None:
    match = _SHARE.search(text)
    if match is None or not _GROUPED.search(text) or _SHARE.search(text, match.end()):
        return None
    linked, found = read(_blank(text, match.span()))
    is_percent = match["kind"].lower() not in ("share", "proportion", "fraction")
    made = ((reading, with_share(reading.semantic_sql, is_percent=is_percent)) for reading in found)
    return linked, tuple(replace(reading, semantic_sql=sql) for reading, sql in made if sql)


def _share_of_rows(text: str, index: FieldIndex, read: Read) -> tuple[Linked, tuple[FieldReading, ...]] | None:
    """The share of bookings by channel: how many of all."""
    match = _SHARE_OF.search(text)
    if match is None or not _GROUPED.search(text, match.end()) or _PART_SAID.search(text, match.end()):
        return None
    hits = name_hits(words_of(match["noun"]), index)
    if not any(hit.is_dataset and hit.sure >= 0.8 for hit in hits):
        return None
    start, end = match.start(), match.start("noun")
    linked, found = read(
        text[:start] + ("number of" if end - start > 9 else "count of").ljust(end - start) + text[end:]
    )
    is_percent = "percent" in match["kind"].lower()
    made = ((reading, with_share(reading.semantic_sql, is_percent=is_percent)) for reading in found)
    return linked, tuple(replace(reading, semantic_sql=sql) for reading, sql in made if sql)


def with_share(semantic_sql: str, *, is_percent: bool) -> str:
    """A SELECT of one total or count for each group as its share of all groups; "" for any other SELECT."""
    tree = sqlglot.parse_one(semantic_sql, read="duckdb")
    if not isinstance(tree, exp.Select) or not tree.args.get("group") or tree.find(exp.Window, exp.Having, exp.Limit):
        return ""
    figures = [item for item in tree.expressions if item.find(exp.AggFunc)]
    if len(figures) != 1 or not isinstance(figures[0].unalias(), (exp.Sum, exp.Count)):
        return ""
    figure = figures[0].unalias()
    share: exp.Expr = exp.Anonymous(this="share", expressions=[figure.copy()])
    share = exp.Mul(this=share, expression=exp.Literal.number(100)) if is_percent else share
    for one in [*tree.find_all(exp.Ordered)]:
        if one.this == figure:
            one.set("this", share.copy())
    figures[0].replace(exp.alias_(share, "share_of_all"))
    return tree.sql("duckdb")


def _beyond(text: str, index: FieldIndex, read: Read) -> tuple[Linked, tuple[FieldReading, ...]] | None:
    match = _MEAN.search(text)
    if match is None or _MEAN.search(text, match.end()):
        return None
    linked, found = read(_blank(text, match.span()))
    after = text[match.end() :].lstrip()
    start = match.end() + len(text[match.end() :]) - len(after)
    numbers = [f for f in linked.fields if is_number(index.field((f.dataset, f.field))) and not is_member(f.field)]
    named = [f for f in numbers if f.span.start == start] or [
        f for f in numbers if 0 <= match.start() - f.span.end <= 12
    ]
    if len({(f.dataset, f.field) for f in named}) != 1 or named[0].dataset != linked.dataset:
        return None
    said = (match["n"] or match["times"] or "").lower()
    times = _TIMES[said] if said in _TIMES else float(said)
    made = ((r, with_mean(r.semantic_sql, named[0].field, times, is_above=bool(match["up"]))) for r in found)
    return linked, tuple(replace(reading, semantic_sql=sql) for reading, sql in made if sql)


def with_mean(semantic_sql: str, field: str, times: float, *, is_above: bool) -> str:
    """Rows of which `field` is above or below `times` the mean of all rows; "" for a SELECT of figures or of some rows,
    of which the mean may be meant.
    """
    tree = sqlglot.parse_one(semantic_sql, read="duckdb")
    if not isinstance(tree, exp.Select) or tree.find(exp.AggFunc, exp.Window, exp.Where, exp.Distinct, exp.Limit):
        return ""
    if all(isinstance(item, exp.Column) and item.name == field for item in tree.expressions):
        # What is above the average, and not how much it is.
        return ""
    mean: exp.Expr = exp.Window(this=exp.Avg(this=exp.column(field)), over="OVER")
    mean = mean if times == 1 else exp.Mul(this=exp.Literal.number(times), expression=mean)
    bound = (exp.GT if is_above else exp.LT)(this=exp.column(field), expression=mean)
    tree.set("qualify", exp.Qualify(this=bound))
    return tree.sql("duckdb")


def _days_of_each(text: str, index: FieldIndex, read: Read) -> tuple[Linked, tuple[FieldReading, ...]] | None:
    """For each hotel the latest booking date."""
    said = [*_ORDINAL.finditer(text)]
    if len(said) != 1:
        return None
    linked, found = read(_blank(text, said[0].span()))
    ordered = [f for f in linked.fields if is_date(index.field((f.dataset, f.field))) and f.span.start == said[0].end()]
    if len(ordered) != 1 or ordered[0].dataset != linked.dataset:
        return None
    groups = {(g.dataset, g.field) for g in linked.groups if not g.grain}
    call = exp.Max if said[0]["last"] else exp.Min
    made = ((r, _with_extreme(r.semantic_sql, linked.dataset, ordered[0].field, call, groups)) for r in found)
    return linked, tuple(replace(reading, semantic_sql=sql) for reading, sql in made if sql)


def _with_extreme(semantic_sql: str, dataset: str, day: str, call: type[exp.Max | exp.Min], groups: set[Key]) -> str:
    """Rows with a day as the last or first day of each group; "" where they show more than groups and the day."""
    tree = sqlglot.parse_one(semantic_sql, read="duckdb")
    if not isinstance(tree, exp.Select) or tree.find(exp.AggFunc, exp.Window, exp.Order, exp.Limit):
        return ""
    columns = [item for item in tree.expressions if isinstance(item, exp.Column)]
    days = [c for c in columns if c.name == day and c.table in ("", dataset)]
    others = [c for c in columns if c not in days]
    if len(columns) < len(tree.expressions) or len(days) != 1:
        return ""
    if not all(c.table not in ("", dataset) or (dataset, c.name) in groups for c in others):
        return ""
    tree.set("distinct", None)
    tree.set("expressions", [*(c.copy() for c in others), call(this=days[0].copy())])
    return (tree.group_by(*(c.copy() for c in others)) if others else tree).sql("duckdb")
