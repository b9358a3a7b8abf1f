"""One checked question as a template: its semantic SQL, and which of its literals are the question's own slots.

A slot that has no place in the semantic SQL, or a literal that a refill would leave behind, is a mistake of the entry
and is told with file and line; such a question is never matched. Nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

from t2sql.catalog import GRAINS, Catalog
from t2sql.errors import ConfigError, did_you_mean
from t2sql.flow import Period, Quantity, ValueMention
from t2sql.verified.entries import Entry
from t2sql.verified.spots import (
    PeriodSpot,
    days_of,
    fixed_values,
    limit_spots,
    loose_periods,
    number_of,
    period_spots,
    strings,
    threshold_spots,
    value_spots,
)
from t2sql.verified.wording import Said

_BY_GRAIN = frozenset(("prev", "prev_diff", "mom", "mom_diff", "qoq", "qoq_diff", "ytd"))
"""Functions whose meaning depends on the length of the period asked."""


@dataclass(frozen=True, slots=True)
class ValueSlot:
    """One value of the question."""

    dimension: str
    """The one that the semantic SQL limits, as the question's words name it."""
    options: frozenset[str]
    """Every dimension that the words may be of."""
    is_negated: bool
    nodes: tuple[int, ...]
    """Places in the tree's walk."""


@dataclass(frozen=True, slots=True)
class NumberSlot:
    """A limit or a threshold of the question."""

    nodes: tuple[tuple[int, float, bool], ...]
    """(place in the tree's walk, what the asked number is multiplied by, whether it is the upper bound of a range)."""


@dataclass(frozen=True, slots=True)
class PeriodSlot:
    """One period of the question."""

    period: Period
    spots: tuple[tuple[tuple[int, ...], bool], ...]
    """(places in the tree's walk of one condition, whether it is one literal of a list)."""


@dataclass(frozen=True, slots=True)
class Template:
    """One wording of a checked question."""

    entry: Entry
    said: Said
    tree: exp.Expr
    """Never changed; a refill copies it."""
    periods: tuple[PeriodSlot, ...]
    values: tuple[ValueSlot, ...]
    limits: tuple[NumberSlot, ...]
    thresholds: tuple[NumberSlot, ...]
    is_pinned: bool
    """The semantic SQL names a period that the question does not: it answers for its own periods alone."""
    is_free: bool
    """The semantic SQL only filters by time: a period of another length asks the same."""
    constants: frozenset[tuple[str, str]]
    """(dimension, value) in the semantic SQL that are no slot."""


def parsed(entry: Entry) -> exp.Expr:
    """The tree of an entry's semantic SQL. Raises ConfigError."""
    try:
        return sqlglot.parse_one(entry.semantic_sql, read="duckdb")
    except sqlglot.errors.SqlglotError:
        raise _wrong(entry, "semantic_sql is not SQL.", "Write one SELECT as in docs/semantic-sql.md.") from None


def template_of(entry: Entry, tree: exp.Expr, said: Said, catalog: Catalog) -> Template:
    """The template of one wording. Raises ConfigError naming the slot that has no place in the semantic SQL."""
    return _Binding(entry, tree, said, catalog).template()


class _Binding:
    def __init__(self, entry: Entry, tree: exp.Expr, said: Said, catalog: Catalog) -> None:
        self.entry, self.tree, self.said, self.catalog = entry, tree, said, catalog
        self.places = {id(node): place for place, node in enumerate(tree.walk())}
        self.start = catalog.fiscal_year_start

    def template(self) -> Template:
        self._names()
        spots = period_spots(self.tree, self.start)
        periods = tuple(self._period(period, spots) for period in self.said.periods)
        held = {place for slot in periods for places, _ in slot.spots for place in places}
        unbound = [s for s in spots if self.places[id(s.nodes[0])] not in held]
        loose = loose_periods(self.tree, spots) + [_literal_of(s) for s in unbound]
        is_dated = bool(self.said.periods) or any(word.startswith("period of") for word in self.said.placed)
        if loose and not is_dated:
            raise self._wrong(
                f"the semantic SQL names the period {loose[0]!r}, and the question names none.",
                "Name the period in the question, or leave it out of the semantic SQL.",
            )
        values = tuple(self._value(mentions) for mentions in self.said.values)
        limits = tuple(self._limit(quantity) for quantity in self.said.limits)
        thresholds = tuple(self._threshold(quantity) for quantity in self.said.thresholds)
        self._told_apart([place for slot in (*limits, *thresholds) for place, _, _ in slot.nodes])
        filled = {place for slot in values for place in slot.nodes}
        kept = [node for node in self.tree.walk() if self.places[id(node)] not in filled]
        constants = {pair for pair in fixed_values(self.tree, self.catalog) if strings_kept(kept, pair[1])}
        return Template(
            self.entry,
            self.said,
            self.tree,
            periods,
            values,
            limits,
            thresholds,
            bool(loose),
            self._is_free(spots, {place for slot in (*limits, *thresholds) for place, _, _ in slot.nodes}),
            frozenset(constants),
        )

    def _names(self) -> None:
        """A metric of the question must be one of the semantic SQL; a question of nothing is none."""
        words = {column.name for column in self.tree.find_all(exp.Column)}
        said = [word.removeprefix("metric ") for word in self.said.placed if word.startswith("metric ")]
        if said and not any(words & set(name.split("|")) for name in said):
            near = did_you_mean(said[0], words & set(self.catalog.metrics))
            raise self._wrong(f"the question names {said[0]!r}, and the semantic SQL does not.{near}", _REWORD)
        if not self.said.key[1] and not self.said.key[0]:
            raise self._wrong("the question names nothing.", _REWORD)

    def _period(self, period: Period, spots: Sequence[PeriodSpot]) -> PeriodSlot:
        days = days_of(period.first, period.last, self.start)
        found = [s for s in spots if s.days == days]
        if not found:
            span = f"{period.first} to {period.last}" if period.first != period.last else period.first
            raise self._wrong(
                f"the question's period {span} ({period.grain}) is no time condition of the semantic SQL.",
                "Write the same period as a condition on month, quarter, half or year.",
            )
        places = tuple((tuple(self.places[id(n)] for n in s.nodes), s.is_member) for s in found)
        return PeriodSlot(period, places)

    def _value(self, mentions: Sequence[ValueMention]) -> ValueSlot:
        found = {m: value_spots(self.tree, m.dimension, m.value, self.catalog) for m in mentions}
        used = [m for m, nodes in found.items() if nodes]
        told = " or ".join(f"{m.dimension} = {m.value!r}" for m in mentions)
        if len(used) != 1:
            raise self._wrong(
                f"the question's value {told} is no condition of the semantic SQL."
                if not used
                else f"the question's value may be {told}, and the semantic SQL limits both.",
                "Compare that dimension with that value, once for each slot.",
            )
        nodes = found[used[0]]
        if len(strings(self.tree, used[0].value)) > len(nodes):
            raise self._wrong(
                f"{used[0].value!r} stands in the semantic SQL outside a condition on {used[0].dimension!r}.",
                "Keep the value in conditions alone: a refill would leave it behind.",
            )
        options = frozenset(m.dimension for m in mentions)
        places = tuple(self.places[id(node)] for node in nodes)
        return ValueSlot(used[0].dimension, options, mentions[0].is_negated, places)

    def _limit(self, quantity: Quantity) -> NumberSlot:
        found = limit_spots(self.tree, int(quantity.value))
        if not found:
            raise self._wrong(
                f"the question's number {quantity.value:g} is neither LIMIT nor the most that a rank may be.",
                f"Write LIMIT {quantity.value:g}, or QUALIFY … <= {quantity.value:g}.",
            )
        return NumberSlot(tuple((self.places[id(node)], 1.0, False) for node in found))

    def _threshold(self, quantity: Quantity) -> NumberSlot:
        found = threshold_spots(self.tree, quantity)
        if not found:
            upper = f" and {quantity.upper:g}" if quantity.upper is not None else ""
            bound = f"{quantity.operator} {quantity.value:g}{upper}"
            raise self._wrong(
                f"the question's bound {bound} is no comparison of the semantic SQL.",
                "Compare with the same number and the same sign.",
            )
        is_range = quantity.operator == "between"
        nodes = ((self.places[id(node)], scale, is_range and i % 2 == 1) for i, (node, scale) in enumerate(found))
        return NumberSlot(tuple(nodes))

    def _told_apart(self, places: Sequence[int]) -> None:
        if len(places) > len(set(places)):
            raise self._wrong(
                "two numbers of the question are alike, so that nobody can tell which is which in the semantic SQL.",
                "Ask with different numbers; each may be any other when the question is asked.",
            )

    def _is_free(self, spots: Sequence[PeriodSpot], filled: set[int]) -> bool:
        held = {id(column) for spot in spots for node in spot.nodes for column in node.find_all(exp.Column)}
        held |= {id(spot.column) for spot in spots}
        shown = [c for c in self.tree.find_all(exp.Column) if c.name in GRAINS and id(c) not in held]
        calls = {node.name.lower() for node in self.tree.find_all(exp.Anonymous)}
        if shown or calls & _BY_GRAIN or any(spot.is_member for spot in spots):
            return False
        # A number that divides (the 12 of a monthly mean) may stand for the period's length.
        sums = [n for n in self.tree.find_all(exp.Div, exp.Mul) for n in (n.this, n.expression)]
        return all(
            number is None or self.places[id(node)] in filled or _is_scale(number)
            for node, number in ((node, number_of(node)) for node in sums)
        )

    def _wrong(self, problem: str, cure: str) -> ConfigError:
        return _wrong(self.entry, problem, cure)


_REWORD = "Reword the question, or correct the semantic SQL."


def strings_kept(nodes: Sequence[exp.Expr], text: str) -> bool:
    """Whether one of the nodes is the string `text`."""
    return any(isinstance(node, exp.Literal) and node.is_string and node.this == text for node in nodes)


def _literal_of(spot: PeriodSpot) -> str:
    """The first period literal of a condition, for telling it."""
    return next((str(one.this) for node in spot.nodes for one in node.find_all(exp.Literal)), "")


def _is_scale(number: float) -> bool:
    """Whether it is a power of ten: a unit, and nothing about time."""
    while abs(number) >= 10 and number % 10 == 0:
        number /= 10
    return abs(number) == 1.0


def _wrong(entry: Entry, problem: str, cure: str) -> ConfigError:
    return ConfigError(f"{entry.place}: verified question {entry.id!r}: {problem}", cure)
