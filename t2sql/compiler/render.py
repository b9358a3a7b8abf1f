"""A Request and its windows to one physical SELECT: one CTE a fact and reading, their meeting, the arithmetic, then order and limit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlglot import exp

from t2sql.catalog import Dimension
from t2sql.compiler.metrics import Arithmetic, Atom, Reading, Surroundings, wrap
from t2sql.compiler.periods import Period
from t2sql.compiler.request import Compared, MetricRef, Request, metric_of
from t2sql.compiler.sources import FactSource, date_literal, rates_name, rates_query
from t2sql.compiler.windows import Window, Windows
from t2sql.errors import NotComputable
from t2sql.policy import Narrowed

FactKey = tuple[str, str, Reading, bool]
"""(dataset, time field, reading, whether it reads one date)"""


@dataclass(frozen=True, slots=True)
class Rendered:
    """The physical tree, and one guard per fact that converts currencies."""

    tree: exp.Select
    guards: tuple[exp.Select, ...]
    todays_attributes: tuple[str, ...]
    """Dimensions shown or filtered that are looked up as of today."""


class Renderer:
    """Builds trees only; text is made once, at the end, by the caller."""

    def __init__(self, request: Request, narrowed: Narrowed, row_limit: int) -> None:
        self.request, self.narrowed, self.row_limit = request, narrowed, row_limit
        self.arithmetic = Arithmetic(narrowed.catalog)
        self.share_dimensions = self._share_dimensions()
        self.keys = self._keys()
        self.before, self.after = self._split_conditions()
        self.guards: list[exp.Select] = []
        self.todays: dict[str, None] = {}
        self._windows: Windows | None = None
        # Expressions ask about loads, and windows ask which atoms there are: the first pass only gathers atoms.
        around = Surroundings(self._period_columns, self._partition_without, lambda _atom, column: column, lambda value, _atom, _days: value)
        for _key, measure in request.measures:
            self.arithmetic.of(measure, around)

    @property
    def atoms(self) -> list[Atom]:
        """Every aggregate that the measures stand on."""
        return list(self.arithmetic.atoms.values())

    def render(self, windows: Windows) -> Rendered:
        """The finished tree."""
        self._windows = windows
        ctes: list[tuple[str, exp.Select]] = []
        facts = self._facts()
        for name, select in facts:
            ctes.append((name, select))
        if not self.atoms:
            met = "members"
            ctes.append((met, self._members()))
        elif len(facts) == 1:
            met = facts[0][0]
        elif facts:
            met = "facts_met"
            ctes.append((met, self._meet(facts)))
        else:
            met = "nothing_loaded"
            ctes.append((met, self._empty()))
        stocks = {bool(a.dataset.snapshot_grain) for a in self.atoms if self._converts(ctes, a)}
        rates = [(rates_name(is_stock), rates_query(self.narrowed, is_stock)) for is_stock in sorted(stocks, reverse=True)]
        inner, outer = self._select(met)
        tree = outer
        for name, select in [*rates, *ctes, *inner]:
            tree = tree.with_(name, as_=select)
        guards = []
        for guard in self.guards:
            for name, select in rates:
                if any(t.name == name for t in guard.find_all(exp.Table)):
                    guard = guard.with_(name, as_=select.copy())
            guards.append(guard)
        return Rendered(tree, tuple(guards), tuple(self.todays))

    # -- keys and conditions -------------------------------------------------------------------------------------------------------------
    def _share_dimensions(self) -> set[str]:
        found: set[str] = set()
        for _key, measure in self.request.measures:
            while isinstance(measure, Compared):
                if measure.function == "share":
                    names = measure.dimensions or tuple(d.name for d in self.request.dimensions)
                    if not names:
                        raise NotComputable("A share needs something to be a share of.", "Add a dimension to SELECT, or write share(metric, dimension).")
                    found |= set(names)
                measure = measure.of
        return found

    def _keys(self) -> dict[str, Dimension]:
        keys = {d.name: d for d in self.request.dimensions}
        for name in sorted(self.share_dimensions - set(keys)):
            fixed = [c for c in self.request.conditions if isinstance(c, exp.EQ) and {x.name for x in c.find_all(exp.Column)} == {name}]
            if not fixed:
                raise NotComputable(f"A share over {name!r} needs {name!r} in SELECT or one value of it in WHERE.", f"Add {name!r} to SELECT.")
            keys[name] = self.narrowed.catalog.dimensions[name]
        return keys

    def _split_conditions(self) -> tuple[list[exp.Expression], list[exp.Expression]]:
        """Conditions on share dimensions choose rows after the denominator is taken; all others come before aggregation."""
        before, after = [], list(self.request.after)
        for condition in self.request.conditions:
            names = {c.name for c in condition.find_all(exp.Column)}
            if names & self.share_dimensions and not names <= self.share_dimensions:
                raise NotComputable("One condition mixes a share's dimension with another.", "Split it into conditions joined by AND.")
            (after if names and names <= self.share_dimensions else before).append(condition)
        return before, after

    # -- facts ---------------------------------------------------------------------------------------------------------------------------
    def _facts(self) -> list[tuple[str, exp.Select]]:
        groups: dict[FactKey, list[Atom]] = defaultdict(list)
        for atom in self.atoms:
            is_point = bool(atom.dataset.snapshot_grain) and atom.metric.window_choice == "max"
            groups[atom.dataset.name, atom.metric.time_dimension or atom.dataset.time_dimension, atom.reading, is_point].append(atom)
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
        windows = self._loaded_windows(atoms[0])
        if not windows:
            return None
        fact = FactSource(self.narrowed, atoms[0].dataset)
        select = exp.Select()
        group: list[exp.Expression] = []
        several = len(windows) > 1
        if self.request.grain:
            label: exp.Expression = exp.column("label", "periods") if several else exp.Literal.string(windows[0][0].label)
            select = select.select(label.as_(self.request.grain))
            group += [label.copy()] if several else []
        for name, dimension in self.keys.items():
            column = fact.dimension(dimension)
            select = select.select(exp.alias_(column, exp.to_identifier(name)))
            group.append(column.copy())
            if fact.is_as_of_today(dimension):
                self.todays.setdefault(name)
        for atom in atoms:
            select = select.select(self._aggregate(fact, atom, time_field, windows).as_(atom.key))
        conditions = [self._physical(fact, condition) for condition in self.before]
        day = fact.time(time_field) if several else None
        select = fact.attach(select, time_field, tuple(w for _p, w in windows), is_point)
        if several:
            select = self._join_periods(select, day, windows, is_point)
        for condition in conditions:
            select = select.where(condition)
        if group:
            select = select.group_by(*group)
        elif self.request.grain:
            # A constant period label is no group: without rows there must be no row.
            select = select.having(exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(0)))
        if fact.rates_needed:
            self._guard(fact, select)
        select.comments = [", ".join(f"{a.metric.name} v{a.metric.version}" for a in atoms)]
        return select

    def _loaded_windows(self, atom: Atom) -> list[tuple[Period, Window]]:
        assert self._windows is not None
        pairs = ((p, self._windows.of(atom, p)) for p in self._windows.periods)
        return [(p, w) for p, w in pairs if w is not None]

    def _join_periods(
        self, select: exp.Select, day: exp.Expression | None, windows: list[tuple[Period, Window]], is_point: bool
    ) -> exp.Select:
        assert day is not None
        rows = [exp.Tuple(expressions=[exp.Literal.string(p.label), date_literal(w.first), date_literal(w.last), exp.Literal.number(w.loads)]) for p, w in windows]
        alias = exp.TableAlias(this=exp.to_identifier("periods"), columns=[exp.to_identifier(c) for c in ("label", "first_day", "last_day", "loads")])
        on = (
            day.eq(exp.column("last_day", "periods"))
            if is_point
            else exp.Between(this=day, low=exp.column("first_day", "periods"), high=exp.column("last_day", "periods"))
        )
        return select.join(exp.Values(expressions=rows, alias=alias), on=on)

    def _aggregate(self, fact: FactSource, atom: Atom, time_field: str, windows: list[tuple[Period, Window]]) -> exp.Expression:
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
            loads: exp.Expression = exp.Literal.number(windows[0][1].loads) if len(windows) == 1 else exp.Max(this=exp.column("loads", "periods"))
            return exp.Div(this=exp.cast(aggregate, "DOUBLE"), expression=loads, typed=True)
        return aggregate

    def _physical(self, fact: FactSource, condition: exp.Expression) -> exp.Expression:
        """A condition over flat names as SQL over this fact's sources; <> and NOT IN keep NULLs."""
        holder = exp.Paren(this=condition.copy())
        for column in [*holder.find_all(exp.Column)]:
            dimension = self.narrowed.catalog.dimensions[column.name]
            column.replace(fact.dimension(dimension))
            if fact.is_as_of_today(dimension):
                self.todays.setdefault(dimension.name)
        return keep_nulls(holder)

    def _guard(self, fact: FactSource, select: exp.Select) -> None:
        """Finds one currency without a rate among the rows that are read."""
        rates = self.narrowed.catalog.rates
        assert rates is not None
        field = next(iter(fact.rates_needed.values()))
        currency = exp.column(fact.dataset.fields[field].expression, fact.dataset.name)
        guard = select.copy()
        for clause in ("group", "having", "order"):
            guard.set(clause, None)
        guard.set("expressions", [currency.as_("currency")])
        missing = exp.column("rate", "rates").is_(exp.Null())
        foreign = exp.NEQ(this=currency.copy(), expression=exp.Literal.string(rates.reporting_currency))
        self.guards.append(guard.where(missing).where(foreign).limit(1))

    def _converts(self, ctes: Iterable[tuple[str, exp.Select]], atom: Atom) -> bool:
        name = rates_name(bool(atom.dataset.snapshot_grain))
        return any(t.name == name for _n, select in ctes for t in select.find_all(exp.Table))

    # -- where facts meet ----------------------------------------------------------------------------------------------------------------
    def _key_names(self) -> list[str]:
        return ([self.request.grain] if self.request.grain else []) + list(self.keys)

    def _meet(self, facts: list[tuple[str, exp.Select]]) -> exp.Select:
        """UNION ALL of the facts, then one row a key with MAX per atom: NULL keys meet and no side's rows are lost."""
        columns = {name: [c.alias for c in select.expressions if c.alias not in self._key_names()] for name, select in facts}
        every = [c for names in columns.values() for c in names]
        parts = []
        for name, _select in facts:
            part = exp.select(*(exp.column(k) for k in self._key_names())).from_(name)
            parts.append(part.select(*(exp.column(c) if c in columns[name] else exp.Null().as_(c) for c in every)))
        union: exp.Expression = parts[0]
        for part in parts[1:]:
            union = exp.Union(this=union, expression=part, distinct=False)
        rows = exp.Subquery(this=union, alias=exp.TableAlias(this=exp.to_identifier("facts")))
        keys = [exp.column(k) for k in self._key_names()]
        met = exp.select(*keys).from_(rows).select(*(exp.Max(this=exp.column(c)).as_(c) for c in every))
        return met.group_by(*(k.copy() for k in keys)) if keys else met

    def _empty(self) -> exp.Select:
        """Nothing asked is loaded: one row of NULLs for a single number, no row for groups."""
        select = exp.select(*(exp.cast(exp.Null(), "TEXT").as_(k) for k in self._key_names()))
        select = select.select(exp.cast(exp.Null(), "DOUBLE").as_("nothing"))
        return select.where(exp.false()) if self._key_names() else select

    def _members(self) -> exp.Select:
        """Dimensions alone: their distinct members, from the dataset of the first that reaches the others."""
        catalog = self.narrowed.catalog
        refused: NotComputable | None = None
        for dimension in self.keys.values():
            fact = FactSource(self.narrowed, catalog.datasets[dimension.dataset])
            try:
                columns = [(name, fact.dimension(_at_home(d, dimension))) for name, d in self.keys.items()]
                conditions = [self._physical(fact, c) for c in self.before]
            except NotComputable as error:
                refused = error
                continue
            select = fact.attach(exp.select(*(exp.alias_(c, exp.to_identifier(n)) for n, c in columns)), "", (), False)
            for condition in conditions:
                select = select.where(condition)
            return select.group_by(*(c.copy() for _n, c in columns))
        raise refused or NotComputable("These dimensions have no members in common.", "Add a metric that has all of them.")

    # -- the last SELECT -----------------------------------------------------------------------------------------------------------------
    def _select(self, met: str) -> tuple[list[tuple[str, exp.Select]], exp.Select]:
        around = Surroundings(self._period_columns, self._partition_without, self._zero_if_loaded, self._annualised)
        values = {key: self.arithmetic.of(measure, around) for key, measure in self.request.measures}
        present = {a.key for a in self.atoms if self._loaded_windows(a)}
        for key, value in values.items():
            values[key] = _null_absent(value, {a.key for a in self.atoms} - present)
        named = [(name, exp.column(name)) for name in self._key_names()] + list(values.items())
        shown = exp.select(*(exp.alias_(value, exp.to_identifier(name)) if not isinstance(value, exp.Column) or value.name != name else value
                             for name, value in named)).from_(met)  # fmt: skip
        outputs = []
        for output in self.request.outputs:
            column = self._output_column(output.measure, output.dimension.name if output.dimension else output.grain or "")
            outputs.append(exp.alias_(column, exp.to_identifier(output.name)) if column.name != output.name else column)
        final = exp.select(*outputs).from_("shown")
        for condition in self.after:
            final = final.where(keep_nulls(condition.copy()))
        order = self._order()
        final = final.order_by(*order) if order else final
        limit = min(self.request.limit or self.row_limit + 1, self.row_limit + 1)
        return [("shown", shown)], final.limit(limit)

    def _output_column(self, measure: object, name: str) -> exp.Column:
        from t2sql.compiler.request import measure_key

        key = measure_key(measure) if isinstance(measure, (MetricRef, Compared)) else name
        return exp.column(exp.to_identifier(key))

    def _order(self) -> list[exp.Ordered]:
        items = []
        used = set()
        for order in self.request.order:
            column = self._output_column(order.output.measure, order.output.dimension.name if order.output.dimension else order.output.grain or "")
            used.add(column.name)
            items.append(exp.Ordered(this=column, desc=order.descending, nulls_first=False))
        shown = {d.name for d in self.request.dimensions} | {self.request.grain}
        ties = [k for k in self._key_names() if k in shown and k not in used]
        return items + [exp.Ordered(this=exp.column(k), desc=False, nulls_first=False) for k in ties]

    def _period_columns(self) -> list[exp.Expression]:
        return [exp.column(self.request.grain)] if self.request.grain else []

    def _partition_without(self, dimensions: tuple[str, ...]) -> list[exp.Expression]:
        whole = set(dimensions) or {d.name for d in self.request.dimensions}
        return self._period_columns() + [exp.column(k) for k in self.keys if k not in whole]

    def _zero_if_loaded(self, atom: Atom, column: exp.Expression) -> exp.Expression:
        """0 for a group without rows where the dataset is loaded for the period; NULL where it is not."""
        assert self._windows is not None
        loaded = [p.label for p, _w in self._loaded_windows(atom)]
        if not loaded:
            return exp.Null()
        zero = exp.Coalesce(this=column, expressions=[exp.Literal.number(0)])
        if len(loaded) == len(self._windows.periods) or not self.request.grain:
            return zero
        inside = exp.In(this=exp.column(self.request.grain), expressions=[exp.Literal.string(label) for label in loaded])
        return exp.Case(ifs=[exp.If(this=inside, true=zero)])

    def _annualised(self, value: exp.Expression, atom: Atom, day_count: int) -> exp.Expression:
        """value × day_count / days of the window behind it."""
        days = {p.label: w.days for p, w in self._loaded_windows(atom)}
        if not days:
            return exp.Null()
        counts = sorted(set(days.values()))
        divisor: exp.Expression = exp.Literal.number(counts[0])
        if len(counts) > 1:
            grain = exp.column(self.request.grain)
            ifs = [
                exp.If(this=exp.In(this=grain.copy(), expressions=[exp.Literal.string(label) for label, n in days.items() if n == count]), true=exp.Literal.number(count))
                for count in counts
            ]
            divisor = exp.Case(ifs=ifs)
        scaled = exp.Mul(this=exp.cast(wrap(value), "DOUBLE"), expression=exp.Literal.number(day_count))
        return exp.Div(this=scaled, expression=divisor, typed=True)

    def metrics_used(self) -> list[str]:
        """Names of the metrics asked for, each once."""
        return list(dict.fromkeys(metric_of(m).name for _k, m in self.request.measures))


def _at_home(dimension: Dimension, start: Dimension) -> Dimension:
    """A role's dimension listed alone is read where it lives."""
    return Dimension(dimension.name, dimension.dataset, dimension.field, "", dimension.display, ()) if dimension.dataset == start.dataset else dimension


def _null_absent(value: exp.Expression, absent: set[str]) -> exp.Expression:
    """Atoms of facts that are not loaded at all read as NULL."""
    holder = exp.Paren(this=value.copy())
    for column in [*holder.find_all(exp.Column)]:
        if column.name in absent:
            column.replace(exp.cast(exp.Null(), "DOUBLE"))
    inner: exp.Expression = holder.this
    return inner


def keep_nulls(condition: exp.Expression) -> exp.Expression:
    """`d <> x` and `d NOT IN (…)` also keep rows whose d is NULL."""
    holder = exp.Paren(this=condition)
    for node in [*holder.find_all(exp.NEQ)]:
        column = node.find(exp.Column, exp.Case)
        node.replace(exp.paren(exp.or_(node.copy(), node.this.copy().is_(exp.Null())), copy=False) if column else node)
    for node in [*holder.find_all(exp.Not)]:
        if isinstance(node.this, exp.In):
            node.replace(exp.paren(exp.or_(node.copy(), node.this.this.copy().is_(exp.Null())), copy=False))
    inner: exp.Expression = holder.this
    return inner
