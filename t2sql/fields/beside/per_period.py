"""Short names of figures for each period: "PMO and PMK for the last 6 months", where the hints say PMO = per month orders.

All of them must be for the same period and be figures of one dataset's rows; else nothing is read.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from sqlglot import exp

from t2sql.fields.definitions import defined_in
from t2sql.fields.english import asked_figure
from t2sql.fields.index import FieldIndex
from t2sql.fields.linked import Linked
from t2sql.fields.linking import link
from t2sql.fields.roles import adds_up
from t2sql.fields.writing import expression_of, select

if TYPE_CHECKING:
    from t2sql.fields.readings import FieldReading

_PERIOD = r"(?:the )?(?P<grain>month|week|quarter|year|day)"
_EACH = rf"(?:per|by|each|every|for each|in each) {_PERIOD}"
_MEANT = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^\W*{_EACH} (?P<what>.+)$",
        rf"^\W*(?P<what>.+?) {_EACH}\W*$",
        r"^\W*(?P<grain>month|week|quarter|year|dai)ly (?P<what>.+)$",
    )
)
_IN_BRACKETS = re.compile(r"^(?P<words>[^()]*) \((?P<field>[^()]+)\)$")
_GENERIC = frozenset(("month", "months", "week", "weeks", "metrics", "metric", "figures", "values", "first", "day"))


def read_per_period(
    text: str, hints: str, index: FieldIndex, today: date
) -> tuple[Linked, tuple[FieldReading, ...]] | None:
    """`text` as it is linked, and its reading by periods; None where its short names are not all figures of a period."""
    defined = {name: meaning for name, meaning in defined_in(hints, text).items() if name.isupper()}
    told = {name: match for name, meaning in defined.items() if (match := _meant(meaning))}
    grains = {match["grain"].lower().replace("dai", "day") for match in told.values()}
    if not told or len(told) < len(defined) or len(grains) != 1:
        return None
    words = [match["what"] for _name, match in sorted(told.items(), key=lambda one: text.index(one[0]))]
    alone = [link(said, "", index, today) for said in words]
    needs = frozenset(linked.dataset for linked in alone)
    if "" in needs:
        return None
    linked = link(text, hints, index, today, needs=needs)
    if not needs <= {linked.dataset, *index.reach.get(linked.dataset, ())} or linked.is_any or linked.bounds:
        return None
    if linked.aggregates or any(not group.grain for group in linked.groups):
        # More than the short names is asked, or by more than the period.
        return None
    figures = [_figure(said, needs, linked.dataset, index, today) for said in words]
    day = _day(linked)
    if not all(figures) or not day:
        return None
    grain = grains.pop()
    period = f"DATE_TRUNC('{grain.upper()}', {day})"
    conditions = [condition.alternatives[0].sql for condition in linked.conditions]
    order = [period] if linked.order is not None and not linked.order.descending else []
    sql = select([period, *figures], linked.dataset, conditions, groups=[period], order=order)
    left = tuple(word for word in linked.left if word.upper() not in told and word not in _GENERIC)
    return replace(linked, left=left), (_reading(sql, left),)


def _reading(sql: str, left: tuple[str, ...]) -> FieldReading:
    from t2sql.fields.readings import FieldReading

    return FieldReading(sql, left, round(0.95 * 0.79 ** len(left), 3))


def _meant(meaning: str) -> re.Match[str] | None:
    return next((match for pattern in _MEANT if (match := pattern.match(meaning.strip(" .,;")))), None)


def _figure(words: str, needs: frozenset[str], dataset: str, index: FieldIndex, today: date) -> str:
    """What `words` count or add up, FROM `dataset`; "" where they say more, or nothing that is known."""
    bracketed = _IN_BRACKETS.match(words)
    if bracketed is not None:
        # Rental revenue (total_charge): the field that it is.
        return _figure(bracketed["field"], needs, dataset, index, today)
    linked = link(words, "", index, today, needs=needs | {dataset})
    if linked.dataset != dataset or linked.left or linked.conditions or linked.stretches:
        return ""
    figure = asked_figure(linked, index)
    tree = expression_of(figure) if figure else None
    if not isinstance(tree, exp.Column):
        return figure
    # Kilograms ordered per month: all of them.
    return f"SUM({figure})" if adds_up(index.field((tree.table or dataset, tree.name))) else ""


def _day(linked: Linked) -> str:
    """The date by which the text tells its time."""
    spans = {stretch.span for stretch in linked.stretches}
    said = [c.alternatives[0].sql for c in linked.conditions if c.span in spans]
    named = [match[1] for sql in said if (match := re.match(r'([\w."]+) >= ', sql))]
    return named[0] if len(said) == len(named) == 1 else ""
