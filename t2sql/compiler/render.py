"""A Request and its windows to physical trees: one CTE a fact and reading, their meeting, the arithmetic, then the
columns asked and their order.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from t2sql.catalog import DayCount, Dimension
from t2sql.compiler.calendar.annual import annualised
from t2sql.compiler.calendar.versions import drop_absent
from t2sql.compiler.calendar.windows import Windows
from t2sql.compiler.facts.facts import Facts
from t2sql.compiler.facts.metrics import Arithmetic, Atom, Surroundings
from t2sql.compiler.facts.other_names import by_any_name, carried_names
from t2sql.compiler.facts.rates import rates_name, rates_query
from t2sql.compiler.facts.shares import keys_of, share_dimensions, split_conditions
from t2sql.compiler.relation import Check, Names
from t2sql.compiler.request import Measure, Request, functions_of, measure_key, metric_of
from t2sql.compiler.trees import double, table
from t2sql.compiler.words.conditions import divided, keep_unknown
from t2sql.compiler.words.spelling import own_columns
from t2sql.errors import NotComputable
from t2sql.flow import Note
from t2sql.policy import Narrowed


@dataclass(frozen=True, slots=True)
class Rendered:
    """The trees of one semantic SELECT, as `Relation` has them, and what must be told about them."""

    ctes: tuple[tuple[str, exp.Expr], ...]
    query: exp.Select
    order: tuple[exp.Ordered, ...]
    checks: tuple[Check, ...]
    notes: tuple[Note, ...]
    overlapping: frozenset[str]
    """Dimensions whose groups share rows, so that nothing is summed over them."""
    todays_attributes: tuple[str, ...]
    """Dimensions shown or filtered that are looked up as of today."""


class Renderer:
    """Builds trees only; text is made once, at the end, by the caller."""

    def __init__(self, request: Request, narrowed: Narrowed, names: Names, prefix: str = "") -> None:
        """`prefix`: what its CTEs' names start with where the statement has several SELECTs; "" for one alone."""
        self.request, self.narrowed = request, narrowed
        self.names, self.prefix = names, f"{prefix}_" if prefix else ""
        self.shown = "shown"
        self.arithmetic = Arithmetic(narrowed.catalog)
        shared = share_dimensions(request, narrowed.catalog)
        self.keys = keys_of(request, shared, narrowed.catalog)
        self.before, self.after = split_conditions(request, shared, self.keys)
        self.carried = carried_names(self.after, self.keys, narrowed.catalog)
        if any("rank" in functions_of(m) for _k, m in request.measures) and not request.dimensions:
            raise NotComputable("A rank needs groups to rank.", "Add a dimension to SELECT.")
        self._windows: Windows | None = None
        # Expressions ask about loads, and windows ask which atoms there are: the first pass only gathers atoms.
        around = Surroundings(
            self._period_columns,
            self._partition_without,
            lambda _atom, column: column,
            lambda value, _atom, _days: value,
            bool(self._key_names()),
        )
        for _key, measure in request.measures:
            self.arithmetic.of(measure, around)

    @property
    def atoms(self) -> list[Atom]:
        """Every aggregate that the measures stand on."""
        return list(self.arithmetic.atoms.values())

    def render(self, windows: Windows) -> Rendered:
        """The finished trees."""
        self._windows = windows
        ctes: list[tuple[str, exp.Expr]] = []
        builder = Facts(self.request, self.narrowed, self.keys, self.before, self.carried, windows)
        facts = [(self._name(name), select) for name, select in builder.build(self.atoms)]
        ctes += facts
        if not self.atoms:
            met = self._name("members")
            ctes.append((met, builder.members()))
        elif len(facts) == 1:
            met = facts[0][0]
        else:
            met = self._name("facts_met")
            ctes.append((met, self._meet(facts)))
        read = {table.name for _name, select in ctes for table in select.find_all(exp.Table)}
        rates: list[tuple[str, exp.Expr]] = [
            (rates_name(is_stock), rates_query(self.narrowed, is_stock))
            for is_stock in (True, False)
            if rates_name(is_stock) in read
        ]
        self.shown = self._name("shown")
        shown, query = self._select(met)
        return Rendered(
            (*rates, *ctes, *shown),
            query,
            tuple(self._order()),
            tuple(builder.checks),
            tuple(builder.notes),
            frozenset(builder.overlapping),
            tuple(builder.todays),
        )

    def _name(self, name: str) -> str:
        return self.names.new(self.prefix + name)

    # -- keys and conditions ----------------------------------------------------------------------------------
    # -- where facts meet -------------------------------------------------------------------------------------
    def _key_names(self) -> list[str]:
        return ([self.request.grain] if self.request.grain else []) + list(self.keys)

    def _meet(self, facts: list[tuple[str, exp.Select]]) -> exp.Select:
        """UNION ALL of the facts, then one row a key with MAX per atom: NULL keys meet and no side's rows are lost."""
        columns = {
            name: [c.alias_or_name for c in select.expressions if c.alias_or_name not in self._key_names()]
            for name, select in facts
        }
        every = list(dict.fromkeys(c for names in columns.values() for c in names))
        parts = []
        for name, _select in facts:
            part = exp.select(*(exp.column(k) for k in self._key_names())).from_(table(name), copy=False)
            parts.append(part.select(*(exp.column(c) if c in columns[name] else exp.Null().as_(c) for c in every)))
        union: exp.Expr = parts[0]
        for part in parts[1:]:
            union = exp.Union(this=union, expression=part, distinct=False)
        rows = exp.Subquery(this=union, alias=exp.TableAlias(this=exp.to_identifier("facts")))
        keys = [exp.column(k) for k in self._key_names()]
        met = exp.select(*keys).from_(rows, copy=False)
        met = met.select(*(exp.Max(this=exp.column(c)).as_(c) for c in every), copy=False)
        return met.group_by(*(k.copy() for k in keys), copy=False) if keys else met

    # -- the last SELECT --------------------------------------------------------------------------------------
    def _select(self, met: str) -> tuple[list[tuple[str, exp.Expr]], exp.Select]:
        """(the trees that end with every key and measure of `met`, the outputs out of that)."""
        around = Surroundings(
            self._period_columns,
            self._partition_without,
            self._zero_if_loaded,
            self._annualised,
            bool(self._key_names()),
        )
        values = {key: self.arithmetic.of(measure, around) for key, measure in self.request.measures}
        assert self._windows is not None
        present = {a.key for a in self.atoms if self._windows.loaded(a)}
        for key, value in values.items():
            values[key] = _null_absent(value, {a.key for a in self.atoms} - present)
        plain = [*self._key_names(), *(name for names in self.carried.values() for name in names)]
        ranked: list[tuple[str, exp.Expr]] = []
        if self.arithmetic.lifted:
            tree = exp.select(*map(exp.column, plain), *map(exp.column, sorted(present))).from_(table(met), copy=False)
            for key, value in self.arithmetic.lifted.items():
                value = _null_absent(value, {a.key for a in self.atoms} - present)
                tree = tree.select(exp.alias_(value, exp.to_identifier(key)))
            met = self._name("ranked")
            ranked.append((met, tree))
        named = [(name, exp.column(name)) for name in plain] + list(values.items())
        shown = exp.select(
            *(
                exp.alias_(value, exp.to_identifier(name))
                if not isinstance(value, exp.Column) or value.name != name
                else value
                for name, value in named
            )
        ).from_(table(met), copy=False)
        outputs = []
        for output in self.request.outputs:
            column = self._output_column(
                output.measure, output.dimension.name if output.dimension else output.grain or ""
            )
            outputs.append(exp.alias_(column, exp.to_identifier(output.name)) if column.name != output.name else column)
        final = exp.select(*outputs).from_(table(self.shown), copy=False)
        for condition in self.after:
            named_so = by_any_name(condition, self.keys, self.narrowed.catalog, self._carried_columns)
            final = final.where(self._of_shown(divided(keep_unknown(named_so))), copy=False)
        return [*ranked, (self.shown, shown)], final

    def _of_shown(self, condition: exp.Expr) -> exp.Expr:
        for column in own_columns(condition):
            column.set("table", exp.to_identifier(self.shown))
        return condition

    def _carried_columns(self, dimension: Dimension) -> list[exp.Expr]:
        return [exp.column(name) for name in self.carried.get(dimension.name, ())]

    def _output_column(self, measure: Measure | None, name: str) -> exp.Column:
        # With its table: an alias of this SELECT must not come before the column of the same name.
        return exp.column(exp.to_identifier(measure_key(measure) if measure else name), self.shown)

    def _order(self) -> list[exp.Ordered]:
        items = []
        used = set()
        for order in self.request.order:
            column = self._output_column(
                order.output.measure,
                order.output.dimension.name if order.output.dimension else order.output.grain or "",
            )
            used.add(column.name)
            items.append(exp.Ordered(this=column, desc=order.descending, nulls_first=False))
        shown = {d.name for d in self.request.dimensions} | {self.request.grain}
        ties = [k for k in self._key_names() if k in shown and k not in used]
        return items + [
            exp.Ordered(this=exp.column(exp.to_identifier(k), self.shown), desc=False, nulls_first=False) for k in ties
        ]

    def _period_columns(self) -> list[exp.Expr]:
        return [exp.column(self.request.grain)] if self.request.grain else []

    def _partition_without(self, dimensions: tuple[str, ...]) -> list[exp.Expr]:
        whole = set(dimensions) or {d.name for d in self.request.dimensions}
        return self._period_columns() + [exp.column(k) for k in self.keys if k not in whole]

    def _zero_if_loaded(self, atom: Atom, column: exp.Expr) -> exp.Expr:
        """0 for a group without rows where the dataset is loaded for the period; NULL where it is not."""
        assert self._windows is not None
        loaded = [p.label for p, _w in self._windows.loaded(atom)]
        if not loaded:
            return exp.Null()
        zero = exp.Coalesce(this=column, expressions=[exp.Literal.number(0)])
        if len(loaded) == len(self._windows.periods) or not self.request.grain:
            return zero
        inside = exp.In(
            this=exp.column(self.request.grain), expressions=[exp.Literal.string(label) for label in loaded]
        )
        return exp.Case(ifs=[exp.If(this=inside, true=zero)])

    def _annualised(self, value: exp.Expr, atom: Atom, day_count: DayCount) -> exp.Expr:
        """value over the part of a year that lies behind it."""
        assert self._windows is not None
        read = {p.label: (w.first, w.last) for p, w in self._windows.loaded(atom)}
        return annualised(value, read, day_count, next(iter(self._period_columns()), None))

    def metrics_used(self) -> list[str]:
        """Names of the metrics asked for, each once."""
        return list(dict.fromkeys(metric_of(m).name for _k, m in self.request.measures))


def _null_absent(value: exp.Expr, absent: set[str]) -> exp.Expr:
    """Atoms of facts that are not loaded at all read as NULL."""
    holder = exp.Paren(this=value.copy())
    for column in [*holder.find_all(exp.Column)]:
        if column.name in absent:
            column.replace(double(exp.Null()))
    drop_absent(holder)
    inner: exp.Expr = holder.this
    return inner
