"""Aggregation in two steps: first each day, group and currency as the rows hold them, then rates and periods on those
few totals instead of on every row.

Only for sums and counts, which come to the same either way. It must never be the only way to a number: what it cannot
take apart, `facts` aggregates in one step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from t2sql.catalog import Catalog
from t2sql.compiler.calendar.periods import Period, month_end
from t2sql.compiler.calendar.windows import Window
from t2sql.compiler.facts.atoms import Atom
from t2sql.compiler.facts.rates import (
    bare,
    in_reporting_currency,
    join_rates,
    missing_rates,
    month_of,
    without_idle_joins,
)
from t2sql.compiler.relation import Check
from t2sql.compiler.trees import double

if TYPE_CHECKING:
    from t2sql.compiler.facts.sources import FactSource

TOTALS, DAY = "totals", "total_day"


@dataclass(frozen=True, slots=True)
class Staged:
    """One atom as an aggregate over rows, and one over what that gave."""

    atom: Atom
    currency_field: str
    """The field that holds the currency of its amounts; "" for none."""

    @property
    def is_count(self) -> bool:
        """Whether its totals are whole numbers."""
        return isinstance(self.atom.aggregate, exp.Count)


def staged_atoms(atoms: Sequence[Atom], catalog: Catalog) -> list[Staged] | None:
    """The atoms of one fact in two steps; None where one of them cannot be taken apart."""
    found: list[Staged] = []
    for atom in atoms:
        field = _currency_of(atom, catalog)
        if field is None:
            return None
        found.append(Staged(atom, field))
    return found


def _currency_of(atom: Atom, catalog: Catalog) -> str | None:
    """ "" or a currency's field for a count, or a sum of plain amounts; None for anything else."""
    if not atom.is_additive:
        return None
    if atom.condition is not None and _amounts(atom.condition, catalog):
        return None
    if isinstance(atom.aggregate, exp.Count):
        return ""
    return _factor(atom.aggregate.this, catalog)


def _amounts(tree: exp.Expr, catalog: Catalog) -> list[str]:
    """Currency fields of the amounts in a definition's tree."""
    fields = (catalog.datasets[c.table].fields[c.name] for c in tree.find_all(exp.Column))
    return [item.currency_field for item in fields if item.currency_field]


def _factor(tree: exp.Expr, catalog: Catalog) -> str | None:
    """The currency whose rate is a factor of the whole expression: "" for none; None where it is no plain factor."""
    if not _amounts(tree, catalog):
        return ""
    if isinstance(tree, exp.Column):
        return catalog.datasets[tree.table].fields[tree.name].currency_field
    if isinstance(tree, (exp.Paren, exp.Neg)):
        return _factor(tree.this, catalog)
    if isinstance(tree, exp.Mul):
        sides = [_factor(side, catalog) for side in (tree.left, tree.right)]
        return sides[0] or sides[1] if "" in sides and None not in sides else None
    if isinstance(tree, (exp.Add, exp.Sub)):
        left, right = _factor(tree.left, catalog), _factor(tree.right, catalog)
        return left if left == right else None
    if isinstance(tree, exp.Div):
        return _factor(tree.left, catalog) if _factor(tree.right, catalog) == "" else None
    return None


class Stage:
    """The two SELECTs of one fact, grown column by column and then nested."""

    def __init__(self, fact: FactSource, time_field: str, windows: Sequence[tuple[Period, Window]]) -> None:
        self.fact, self.time_field, self.windows = fact, time_field, windows
        self.inner, self.outer = exp.Select(), exp.Select()
        self._inner_group: list[exp.Expr] = []
        self._outer_group: list[exp.Expr] = []
        self._currencies: dict[str, str] = {}
        """Currency field -> its column."""

    def label(self, grain: str) -> None:
        """Show the period."""
        if len(self.windows) > 1:
            column = exp.column("label", "periods")
            self._outer_group.append(column.copy())
            self.outer = self.outer.select(column.as_(grain), copy=False)
        else:
            self.outer = self.outer.select(exp.Literal.string(self.windows[0][0].label).as_(grain), copy=False)

    def key(self, name: str, column: exp.Expr, others: Mapping[str, exp.Expr]) -> None:
        """A grouping column, with other names of its values."""
        identifier = exp.to_identifier(name)
        self.inner = self.inner.select(exp.alias_(column, identifier), copy=False)
        self._inner_group.append(column.copy())
        self.outer = self.outer.select(exp.column(identifier, TOTALS), copy=False)
        self._outer_group.append(exp.column(identifier, TOTALS))
        for other, value in others.items():
            self.inner = self.inner.select(exp.Max(this=value).as_(other), copy=False)
            self.outer = self.outer.select(exp.Max(this=exp.column(other, TOTALS)).as_(other), copy=False)

    def total(self, staged: Staged, aggregate: exp.Expr) -> None:
        """An atom: `aggregate` over the rows, in their own currencies, and its sum in the reporting currency."""
        key = staged.atom.key
        self.inner = self.inner.select(aggregate.as_(key), copy=False)
        amount: exp.Expr = exp.column(key, TOTALS)
        if staged.currency_field:
            currency = self._currency(staged.currency_field)
            alias = self.fact.rate_alias(staged.currency_field)
            amount = in_reporting_currency(self.fact.catalog, amount, exp.column(currency, TOTALS), alias)
        total: exp.Expr = exp.Sum(this=amount)
        if staged.is_count:
            total = exp.cast(total, "BIGINT")
            if not self._outer_group:
                total = exp.Coalesce(this=total, expressions=[exp.Literal.number(0)])
        if staged.atom.metric.window_choice == "avg":
            total = over_loads(total, self.windows)
        self.outer = self.outer.select(total.as_(key), copy=False)

    def _currency(self, field: str) -> str:
        if field not in self._currencies:
            name = "total_currency" if not self._currencies else f"total_{field}"
            self._currencies[field] = name
            column = self.fact.own(self.fact.dataset.fields[field].expression)
            self.inner = self.inner.select(column.as_(name), copy=False)
            self._inner_group.append(column.copy())
        return self._currencies[field]

    def nest(self, conditions: Sequence[exp.Expr], is_point: bool, has_label: bool) -> exp.Select:
        """The finished SELECT: conditions and days inside, rates and periods outside."""
        from t2sql.compiler.calendar.period_days import join_periods

        rates, self.fact.rates_needed = self.fact.rates_needed, {}
        several = len(self.windows) > 1
        if several or rates:
            day = self._bucket(is_point, bool(rates))
            self.inner = self.inner.select(day.as_(DAY), copy=False)
            self._inner_group.append(day.copy())
        self.inner = self.fact.attach(self.inner, self.time_field, tuple(w for _p, w in self.windows), is_point)
        for condition in conditions:
            self.inner = self.inner.where(condition, copy=False)
        inner = self.inner.group_by(*self._inner_group, copy=False)
        select = self.outer.from_(inner.subquery(TOTALS, copy=False), copy=False)
        day = exp.column(DAY, TOTALS)
        for alias, field in rates.items():
            currency = exp.column(self._currencies[field], TOTALS)
            select = join_rates(select, alias, currency, day.copy(), bool(self.fact.dataset.snapshot_grain))
        if several:
            select = join_periods(select, day.copy(), list(self.windows), is_point)
        if self._outer_group:
            select = select.group_by(*self._outer_group, copy=False)
        elif has_label:
            select = only_with_rows(select)
        self.fact.rates_needed = rates
        return select

    def _bucket(self, is_point: bool, has_rates: bool) -> exp.Expr:
        """The day of a row, or the first of its month where windows and rates know nothing finer."""
        day = self.fact.time(self.time_field)
        last = max(w.last for _p, w in self.windows)
        whole = all(w.first.day == 1 and w.last in (month_end(w.last), last) for _p, w in self.windows)
        is_stock = bool(self.fact.dataset.snapshot_grain)
        return day if is_point or not whole or (is_stock and has_rates) else exp.cast(month_of(day), "DATE")

    def missing_rates(self, select: exp.Select) -> list[Check]:
        """Checks that find a currency without a rate among the totals; the totals themselves are left out of them."""
        totals = select.args["from_"].this.this
        kept = [e.copy() for e in totals.expressions if e.alias_or_name in {DAY, *self._currencies.values()}]
        slim = without_idle_joins(bare(totals, kept).group_by(*(e.unalias().copy() for e in kept), copy=False))
        outer = exp.Select().from_(slim.subquery(TOTALS, copy=False), copy=False)
        outer.set("joins", select.args.get("joins"))
        columns = {a: exp.column(self._currencies[f], TOTALS) for a, f in self.fact.rates_needed.items()}
        return missing_rates(self.fact, outer, columns)


def over_loads(total: exp.Expr, windows: Sequence[tuple[Period, Window]]) -> exp.Expr:
    """A sum over loads as their mean."""
    one = exp.Literal.number(windows[0][1].loads)
    loads: exp.Expr = one if len(windows) == 1 else exp.Max(this=exp.column("loads", "periods"))
    return exp.Div(this=double(total), expression=loads, typed=True)


def only_with_rows(select: exp.Select) -> exp.Select:
    """`select` with no row where it read none: a constant period label is no group."""
    return select.having(exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(0)))
