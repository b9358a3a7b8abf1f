"""The change from one period to the next, beside a figure of each: "total payments per month and the MoM change".

The figure and its periods are read without the change, which is added around them. A change in percent is not read, nor
one whose step is another than the periods that are listed.
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

from t2sql.fields.definitions import defined_in
from t2sql.fields.linked import Linked

if TYPE_CHECKING:
    from t2sql.fields.readings import FieldReading

_STEPS = {"m": "month", "q": "quarter", "y": "year", "w": "week", "d": "day"}
_KIND = r"(?:change|difference|increase|variation|delta|growth)"
_STEP = r"(?:month|quarter|year|week|day)"
_BESIDE = r"(?:,? ?(?:and|with|as well as|plus|along with)? (?:also )?(?:calculate|compute|return|show|give|include)? ?(?:the |its |their )?)"
_SAID = re.compile(
    rf"{_BESIDE}?(?:\b(?:(?P<short>[MQYWD])o(?P=short)|(?P<over>{_STEP})[- ](?:over|on|to)[- ](?P=over))(?: {_KIND}s?)?"
    rf"|\b{_KIND}s?(?: in [a-z ]{{3,40}}?)? (?:from|compared (?:to|with)|versus|vs\.?|over|on|against|relative to)"
    rf" (?:the |that of the )?(?:immediately )?(?:previous|prior|preceding|last) (?P<previous>{_STEP})(?:'s)?)"
    rf"(?:,? (?:for|in|of) (?:each|every|that) {_STEP})?",
    re.IGNORECASE,
)
_DEFINED = re.compile(
    rf"\b{_KIND}s?\b[^.;\n]{{0,80}}?\b(?:(?:previous|prior|preceding|last) (?P<previous>{_STEP})"
    rf"|(?:one|a|each) (?P<one>{_STEP}) to the next)\b"
    rf"| [-−] [^.;\n]{{0,60}}?\b(?:(?:previous|prior|preceding|last) (?P<less>{_STEP})|(?P<before>{_STEP}) before)\b"
    rf"|\bcurrent (?P<now>{_STEP})[^.;\n]{{0,30}} [-−] (?:the )?(?:prev\w*|prior|last|preceding) (?P=now)\b",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"percent|%|\brate\b|\bratio\b|/|divided", re.IGNORECASE)
_LISTED = re.compile(
    rf",? (?:and )?(?:the |its )?(?:[MQYWD]o[MQYWD] )?{_KIND}s?(?=[.,;]|$| for each| in each)", re.IGNORECASE
)


def read_change(
    text: str, hints: str, whole: Linked, read: Callable[[str], tuple[Linked, tuple[FieldReading, ...]]]
) -> tuple[Linked, tuple[FieldReading, ...]] | None:
    """`whole` without the days of which its change tells, and its readings with the change from each period to the next.

    None where none is asked for. `read` reads the rest.
    """
    said = change_said(text, hints)
    if said is None:
        return None
    without, step = said
    rest, found = read(without)
    spans = {s.span for s in rest.stretches} | {c.span for c in rest.conditions}
    linked = replace(
        whole,
        stretches=tuple(s for s in whole.stretches if s.span in spans),
        conditions=tuple(c for c in whole.conditions if c.span in spans),
        left=rest.left,
    )
    made = ((reading, with_change(reading.semantic_sql, step)) for reading in found)
    readings = tuple(replace(reading, semantic_sql=sql) for reading, sql in made if sql)
    return (linked, readings) if readings else None


def change_said(text: str, hints: str) -> tuple[str, str] | None:
    """`text` without its change from period to period, and the step (month, year …); None where it says no such one."""
    defined = {name: meaning for name, meaning in defined_in(hints, text).items() if (_DEFINED.search(meaning))}
    for name, meaning in defined.items():
        found = _DEFINED.search(meaning)
        step = next((part for part in (found.groups() if found else ()) if part), "")
        if step and not _PERCENT.search(meaning):
            pattern = rf"{_BESIDE}?\b{re.escape(name)}\b(?: {_KIND}s?)?(?:,? (?:for|in|of) (?:each|every) {_STEP})?"
            return _blank(re.compile(pattern), text), step.lower()
    match = _SAID.search(text)
    if match is None or _PERCENT.search(text[max(0, match.start() - 24) : match.end() + 24]):
        return None
    step = match["over"] or match["previous"] or _STEPS[match["short"].lower()]
    return _blank(_LISTED, _blank(_SAID, text)), step.lower()


def _blank(pattern: re.Pattern[str], text: str) -> str:
    """`text` with what a pattern finds as blanks, except where a list of periods is all that it says."""
    return pattern.sub(lambda found: _periods(found[0]), text)


def _periods(said: str) -> str:
    """What is left of a change: the periods that it is told for."""
    match = re.search(rf"(?:for|in|of) (?:each|every) {_STEP}$", said)
    kept = f" {match[0]}" if match else ""
    return " " * (len(said) - len(kept)) + kept


def with_change(semantic_sql: str, step: str) -> str:
    """A SELECT of one figure for each `step` with the change to the step before beside it; "" for any other SELECT."""
    made = by_period(semantic_sql, step)
    if made is None:
        return ""
    before = exp.Window(
        this=exp.Lag(this=exp.column("figure")),
        order=exp.Order(expressions=[exp.Ordered(this=exp.column("period"), nulls_first=False)]),
        over="OVER",
    )
    return made.select(exp.alias_(exp.Sub(this=exp.column("figure"), expression=before), "change")).sql("duckdb")


def by_period(semantic_sql: str, step: str) -> exp.Select | None:
    """A SELECT of one figure for each `step` as `period` and `figure`, in their order; None for any other SELECT."""
    tree = sqlglot.parse_one(semantic_sql, read="duckdb")
    if not isinstance(tree, exp.Select) or tree.find(exp.Window, exp.Subquery) or tree.args.get("limit"):
        return None
    items = [item.unalias() for item in tree.expressions]
    figures = [item for item in items if item.find(exp.AggFunc)]
    periods = [item for item in items if _step_of(item) == step]
    if len(items) != 2 or len(figures) != 1 or len(periods) != 1:
        return None
    inner = tree.copy()
    inner.set("order", None)
    first_days = _by_first_day(periods[0], step)
    inner.set("group", exp.Group(expressions=[first_days.copy()]))
    items = [first_days if item is periods[0] else item for item in items]
    names = ["period" if item is first_days else "figure" for item in items]
    inner.set("expressions", [exp.alias_(i.copy(), n) for i, n in zip(items, names, strict=True)])
    outer = exp.select(*map(exp.column, names)).from_(inner.subquery("by_period"))
    return outer.order_by(exp.column("period"))


_CALLS: dict[type[exp.Expr], str] = {exp.Year: "year", exp.Quarter: "quarter", exp.Month: "month"}


def _step_of(item: exp.Expr) -> str:
    if isinstance(item, (exp.DateTrunc, exp.TimestampTrunc)):
        return str(item.args["unit"].name).lower()
    return _CALLS.get(type(item), "")


def _by_first_day(item: exp.Expr, step: str) -> exp.Expr:
    """Months and quarters by their first days, which follow each other as labels do not; years as they are."""
    is_label = isinstance(item, (exp.Month, exp.Quarter))
    return exp.TimestampTrunc(this=item.this.copy(), unit=exp.Var(this=step.upper())) if is_label else item
