"""One CTE a fact and reading: its rows, reached dimensions, conditions and aggregates, each fact alone at the asked
grain.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlglot import exp

from t2sql.catalog import Dimension
from t2sql.compiler.conditions import keep_unknown
from t2sql.compiler.metrics import Atom, Reading, wrap
from t2sql.compiler.other_names import by_any_name
from t2sql.compiler.periods import Period
from t2sql.compiler.request import Request
from t2sql.compiler.sources import FactSource, date_literal
from t2sql.compiler.windows import Window, Windows
from t2sql.errors import NotComputable
from t2sql.policy import Narrowed

FactKey = tuple[str, str, Reading, bool]
"""(dataset, time field, reading, whether it reads one date)"""


class Facts:
    """Builds the pre-aggregated row sets of one request, and gathers what must be told or checked about them."""

    def __init__(
        self,
        request: Request,
        narrowed: Narrowed,
        keys: Mapping[str, Dimension],
        before: Sequence[exp.Expr],
        carried: Mapping[str, Sequence[str]],
        windows: Windows,
    ) -> None:
        self.request, self.narrowed, self.keys, self.before, self.windows = request, narrowed, keys, before, windows
        self.carried = carried
        """Dimension -> columns for its values' other names, needed by conditions that come later."""
        self.guards: list[exp.Select] = []
        """Queries that find a currency without a rate."""
        self.todays: dict[str, None] = {}
        """Dimensions looked up as of today."""

    def build(self, atoms_asked: Iterable[Atom]) -> list[tuple[str, exp.Select]]:
        """(CTE name, its SELECT) for every fact and reading that is loaded for some shown period."""
        groups: dict[FactKey, list[Atom]] = defaultdict(list)
        for atom in atoms_asked:
            is_point = bool(atom.dataset.snapshot_grain) and atom.metric.window_choice == "max"
            groups[
                atom.dataset.name, atom.metric.time_dimension or atom.dataset.time_dimension, atom.reading, is_point
            ].append(atom)
        named: list[tuple[str, exp.Select]] = []
        taken: set[str] = set()
        for key, atoms in groups.items():
            select = self._fact(key, atoms)
            if select is None:
                continue
            name = f"{key[0]}_{key[2].name}"
            if name in taken:
                name = f"{name}_{key[1] if key[3] or not atoms[0].dataset.snapshot_grain else 'average'}"
            taken.add(name)
            named.append((name, select))
        return named

    def _fact(self, key: FactKey, atoms: list[Atom]) -> exp.Select | None:
        _dataset, time_field, _reading, is_point = key
        windows = self.windows.loaded(atoms[0])
        if not windows:
            return None
        fact = FactSource(self.narrowed, atoms[0].dataset)
        select = exp.Select()
        group: list[exp.Expr] = []
        several = len(windows) > 1
        if self.request.grain:
            label: exp.Expr = exp.column("label", "periods") if several else exp.Literal.string(windows[0][0].label)
            select = select.select(label.as_(self.request.grain), copy=False)
            group += [label.copy()] if several else []
        for name, dimension in self.keys.items():
            column = fact.dimension(dimension)
            select = select.select(exp.alias_(column, exp.to_identifier(name)), copy=False)
            group.append(column.copy())
            if fact.is_as_of_today(dimension):
                self.todays.setdefault(name)
            for carried, other in zip(self.carried.get(name, ()), fact.other_names(dimension), strict=False):
                select = select.select(exp.Max(this=other).as_(carried), copy=False)
        for atom in atoms:
            select = select.select(self._aggregate(fact, atom, time_field, windows).as_(atom.key), copy=False)
        conditions = [self._physical(fact, condition) for condition in self.before]
        if group and all(atom.condition is not None for atom in atoms):
            # Rows that no metric counts make no group of their own.
            counted = {
                a.condition.sql(): fact.formula(a.condition, time_field) for a in atoms if a.condition is not None
            }
            conditions.append(wrap(exp.or_(*counted.values())) if len(counted) > 1 else next(iter(counted.values())))
        day = fact.time(time_field) if several else None
        select = fact.attach(select, time_field, tuple(w for _p, w in windows), is_point)
        if several:
            select = self._join_periods(select, day, windows, is_point)
        for condition in conditions:
            select = select.where(condition, copy=False)
        if group:
            select = select.group_by(*group, copy=False)
        elif self.request.grain:
            # A constant period label is no group: without rows there must be no row.
            select = select.having(exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(0)))
        for alias, field in fact.rates_needed.items():
            self._guard(fact, select, alias, field)
        select.comments = [", ".join(f"{a.metric.name} v{a.metric.version}" for a in atoms)]
        return select

    def _join_periods(
        self, select: exp.Select, day: exp.Expr | None, windows: list[tuple[Period, Window]], is_point: bool
    ) -> exp.Select:
        assert day is not None
        rows = [
            exp.Tuple(
                expressions=[
                    exp.Literal.string(p.label),
                    date_literal(w.first),
                    date_literal(w.last),
                    exp.Literal.number(w.loads),
                ]
            )
            for p, w in windows
        ]
        alias = exp.TableAlias(
            this=exp.to_identifier("periods"),
            columns=[exp.to_identifier(c) for c in ("label", "first_day", "last_day", "loads")],
        )
        on = (
            day.eq(exp.column("last_day", "periods"))
            if is_point
            else exp.Between(this=day, low=exp.column("first_day", "periods"), high=exp.column("last_day", "periods"))
        )
        return select.join(exp.Values(expressions=rows, alias=alias), on=on, copy=False)

    def _aggregate(
        self, fact: FactSource, atom: Atom, time_field: str, windows: list[tuple[Period, Window]]
    ) -> exp.Expr:
        aggregate = atom.aggregate.copy()
        condition = fact.formula(atom.condition, time_field) if atom.condition is not None else None
        inner = aggregate.this
        is_distinct = isinstance(inner, exp.Distinct)
        value = inner.expressions[0] if is_distinct else inner
        value = exp.Literal.number(1) if isinstance(value, exp.Star) and condition is not None else value
        value = value if isinstance(value, (exp.Star, exp.Literal)) else fact.formula(value, time_field)
        if condition is not None:
            default = exp.Literal.number(0) if isinstance(aggregate, exp.Sum) else None
            value = exp.Case(ifs=[exp.If(this=condition, true=value)], default=default)
        aggregate.set("this", exp.Distinct(expressions=[value]) if is_distinct else value)
        if atom.metric.window_choice == "avg":
            loads: exp.Expr = (
                exp.Literal.number(windows[0][1].loads)
                if len(windows) == 1
                else exp.Max(this=exp.column("loads", "periods"))
            )
            return exp.Div(this=exp.cast(aggregate, "DOUBLE"), expression=loads, typed=True)
        return aggregate

    def _physical(self, fact: FactSource, condition: exp.Expr) -> exp.Expr:
        """A condition over flat names as SQL over this fact's sources."""
        holder = exp.Paren(
            this=keep_unknown(
                by_any_name(condition, self.narrowed.catalog.dimensions, self.narrowed.catalog, fact.other_names)
            )
        )
        for column in [*holder.find_all(exp.Column)]:
            if column.table:
                continue
            dimension = self.narrowed.catalog.dimensions[column.name]
            column.replace(fact.dimension(dimension))
            if fact.is_as_of_today(dimension):
                self.todays.setdefault(dimension.name)
        inner: exp.Expr = holder.this
        return inner

    def _guard(self, fact: FactSource, select: exp.Select, alias: str, field: str) -> None:
        """Finds one currency without a rate among the rows that are read."""
        rates = self.narrowed.catalog.rates
        assert rates is not None
        currency = fact.own(fact.dataset.fields[field].expression)
        guard = select.copy()
        for clause in ("group", "having", "order"):
            guard.set(clause, None)
        guard.set("expressions", [currency.as_("currency")])
        missing = exp.column("rate", alias).is_(exp.Null())
        home = currency.copy().eq(exp.Literal.string(rates.reporting_currency))
        # A row without a currency has no rate either.
        foreign = exp.Not(this=exp.Coalesce(this=home, expressions=[exp.false()]))
        self.guards.append(guard.where(missing).where(foreign).limit(1))

    def members(self) -> exp.Select:
        """Dimensions alone: their distinct members, from the dataset of the first that reaches the others."""
        catalog = self.narrowed.catalog
        named = {c.name for condition in self.before for c in condition.find_all(exp.Column)}
        asked = [*self.keys.values(), *(catalog.dimensions[n] for n in sorted(named))]
        refused: NotComputable | None = None
        for start in {d.dataset: d for d in self.keys.values()}.values():
            # A role's dimension is read where it lives, unless one of another role stands beside it.
            at_home = {d.role for d in asked if d.dataset == start.dataset} == {start.role} and start.role
            fact = FactSource(self.narrowed, catalog.datasets[start.dataset], start.role if at_home else "")
            try:
                columns = [(name, fact.dimension(d)) for name, d in self.keys.items()]
                conditions = [self._physical(fact, c) for c in self.before]
            except NotComputable as error:
                refused = refused or error
                continue
            select = fact.attach(exp.select(*(exp.alias_(c, exp.to_identifier(n)) for n, c in columns)), "", (), False)
            for condition in conditions:
                select = select.where(condition, copy=False)
            return select.group_by(*(c.copy() for _n, c in columns))
        raise refused or NotComputable(
            "These dimensions have no members in common.", "Add a metric that has all of them."
        )
