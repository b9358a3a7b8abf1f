"""SELECT … FROM a dataset: its rows as they are, with what they reach many-to-one, or aggregates over its fields.

A row stands in the answer once, whatever it is joined with or chosen by. Stocks show the rows of one load a period, as
metrics do; amounts in currencies are shown converted. Never names a field that the narrowed catalog lacks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlglot import exp

from t2sql.catalog import Catalog, Dataset
from t2sql.compiler.calendar.period_days import join_periods
from t2sql.compiler.calendar.periods import Period
from t2sql.compiler.calendar.readings import Reading
from t2sql.compiler.calendar.windows import Window, Windows
from t2sql.compiler.composing.scope import together
from t2sql.compiler.describe import notes_of, state_period
from t2sql.compiler.facts.atoms import Atom
from t2sql.compiler.facts.other_names import by_any_name
from t2sql.compiler.facts.rates import missing_rates, rates_name, rates_query
from t2sql.compiler.facts.semi_joins import check_positive, has_row, some_row_note
from t2sql.compiler.facts.sources import FactSource
from t2sql.compiler.relation import Check, Names, Relation
from t2sql.compiler.request import Request
from t2sql.compiler.rows.ad_hoc import aggregates, with_ad_hoc
from t2sql.compiler.rows.columns import RowColumns
from t2sql.compiler.rows.field_names import dataset_named, named_fields
from t2sql.compiler.rows.names import RowRequest, Shown, read_rows
from t2sql.compiler.rows.unsigned import rows_of
from t2sql.compiler.semantic import compile_semantic
from t2sql.compiler.words.conditions import keep_unknown
from t2sql.compiler.words.spelling import as_written, own_columns, spell, table_of
from t2sql.errors import NotComputable, RefusedSyntax
from t2sql.flow import Loads, Note, Understood
from t2sql.policy import Narrowed

FIELD = ("没有签署合计指标的字段", "a field that no signed metric sums")


def compile_rows(
    select: exp.Select,
    narrowed: Narrowed,
    loads: Loads,
    names: Names,
    prefix: str = "",
    inner: Mapping[str, Relation] | None = None,
    told: exp.Select | None = None,
) -> Relation:
    """The relation of a SELECT whose FROM names a dataset, as `compile_semantic` is that of one FROM the model.

    Holds fields, dimensions and aggregates alone: `layered` takes the rest off. Raises UnknownName, RefusedSyntax or
    NotComputable.
    """
    told = told or select
    table = table_of(select)
    dataset = dataset_named(narrowed.catalog, table.name) if table is not None else None
    if table is None or dataset is None:
        raise RefusedSyntax("FROM must name a dataset.", f"Write FROM {narrowed.catalog.name}, or FROM a dataset.")
    if next(aggregates(select), None) is not None:
        rewritten, wider = with_ad_hoc(select, narrowed)
        asked = spell(rewritten, wider.catalog)
        assert isinstance(asked, exp.Select)
        return compile_semantic(asked, wider, loads, names, prefix, inner, told)
    request = read_rows(select, dataset, table.alias, narrowed.catalog)
    rows = _Rows(request, replace(narrowed, catalog=request.catalog), loads, names)
    relation = rows.relation(told, f"{prefix}_rows" if prefix else f"{dataset.name}_rows")
    return together((), relation, inner.values()) if inner else relation


CONVERTED = Note(
    "converted",
    "外币金额已按汇率折算为记账本位币，筛选和排序也按折算后的金额。",
    "Foreign amounts are shown, compared and ordered in the reporting currency.",
)


class _Rows:
    """Builds one CTE of rows, and the SELECT over it."""

    def __init__(self, request: RowRequest, narrowed: Narrowed, loads: Loads, names: Names) -> None:
        self.request, self.narrowed, self.names = request, narrowed, names
        self.catalog: Catalog = narrowed.catalog
        self.dataset = request.dataset
        self.is_stock = bool(self.dataset.snapshot_grain)
        self.fact = FactSource(narrowed, self.dataset)
        dated = [self.dataset, *(self.catalog.datasets[name] for name, _c in request.many)]
        self.atoms = {
            d.name: Atom(rows_of(d), d, Reading(), exp.Count(this=exp.Star()), None) for d in dated if d.time_dimension
        }
        self._check_period(dated)
        self.period_request = Request(
            (), (), request.grain, request.spans, request.literal_grain, (), (), (), (), request.limit
        )
        self.windows = Windows(
            self.period_request, self.atoms.values(), loads, fiscal_year_start=self.catalog.fiscal_year_start
        )
        self.notes: list[Note] = []
        self.checks: list[Check] = []
        self.rates: dict[bool, None] = {}
        """Which rates are read: at the close of stocks, of flows' months."""
        self.todays: dict[str, None] = {}

    def _check_period(self, dated: list[Dataset]) -> None:
        """Rows that add up over time have no latest; which are meant must be said."""
        for dataset in dated:
            is_flow = dataset.time_dimension and not dataset.snapshot_grain
            if is_flow and self.request.spans is None and not self.request.grain:
                raise NotComputable(
                    f"{dataset.display.en} ({dataset.name!r}) has rows of every day, and no period was asked.",
                    "Say a period, such as month = '2025-06'.",
                    zh=(
                        f"{dataset.display.zh}每天都有新的行，问题没有说明期间。",
                        "请加上期间，例如 month = '2025-06'。",
                    ),
                )
        spans = self.request.spans or ()
        if len(spans) > 1 and not self.request.grain:
            raise NotComputable(
                "Separate periods of rows need to be told apart.",
                f"Add {self.request.literal_grain or 'month'} to SELECT, or ask for one range.",
                zh=("多个不连续的期间需要分开列出。", "请在 SELECT 中加上期间，或只问一个连续的范围。"),
            )

    # -- the relation -----------------------------------------------------------------------------------------
    def relation(self, told: exp.Select, wanted: str) -> Relation:
        """The rows, in a CTE called `wanted` where that is free; the default period is written into `told`."""
        read = self._read()
        name = self.names.new(wanted)
        columns: dict[str, exp.Expr] = {}
        outputs = [(shown, self._hidden(shown, read, columns)) for shown in self.request.shown]
        order = [(self._hidden(shown, read, columns), down) for shown, down in self.request.order]
        keys = self._keys(columns, len(read))
        told_columns = RowColumns(self.request, self.windows.periods)
        select = exp.select(*(exp.alias_(c, exp.to_identifier(n)) for n, c in columns.items()))
        conditions = [self._physical(condition) for condition in self.request.conditions]
        fits = self.fact.bridge.one_fits() if self.fact.bridge is not None else None
        many = [self._many(other, list(found)) for other, found in self.request.many]
        day = self.fact.time(self.dataset.time_dimension) if len(read) > 1 else None
        select = self.fact.attach(select, self.dataset.time_dimension, tuple(w for _p, w in read), self.is_stock)
        if len(read) > 1:
            select = join_periods(select, day, read, self.is_stock)
        for condition in [*(c for c in conditions if c is not None), *([fits] if fits is not None else []), *many]:
            select = select.where(condition, copy=False)
        select.comments = [f"rows of {self.dataset.name}"]
        query = exp.select(
            *(exp.alias_(exp.column(exp.to_identifier(inner), name), exp.to_identifier(s.name)) for s, inner in outputs)
        ).from_(name)
        state_period(told, self.period_request, self.windows)
        return Relation(
            (*self._rates(), (name, select)),
            query,
            tuple(told_columns.carried(s, keys.get(inner, ""), frozenset(keys.values())) for s, inner in outputs),
            frozenset(keys.values()),
            self._order(name, order, list(keys)),
            self.request.limit,
            self.request.offset,
            checks=(*missing_rates(self.fact, select), *self.checks),
            notes=(
                *notes_of(self.windows, tuple(self.todays), self.catalog),
                *self.notes,
                *([CONVERTED] if self.fact.rates_needed else []),
            ),
            understood=self._understood(),
        )

    def _read(self) -> list[tuple[Period, Window]]:
        atom = self.atoms.get(self.dataset.name)
        return self.windows.read(atom) if atom is not None else []

    def _hidden(self, shown: Shown, read: list[tuple[Period, Window]], columns: dict[str, exp.Expr]) -> str:
        """The name, among the CTE's columns, of what is shown or ordered by."""
        name = shown.dimension.name if shown.dimension is not None else str(shown.grain)
        if name not in columns:
            columns[name] = self._value(shown, read)
        return name

    def _value(self, shown: Shown, read: list[tuple[Period, Window]]) -> exp.Expr:
        if shown.dimension is None:
            return exp.column("label", "periods") if len(read) > 1 else exp.Literal.string(read[0][0].label)
        item = self.catalog.field_of(shown.dimension)
        if item.currency_field and not self.dataset.time_dimension and item.dataset == self.dataset.name:
            # Beside its currency, which `row_names` has seen to.
            return self.fact.own(item.expression)
        if self.fact.is_as_of_today(shown.dimension):
            self.todays.setdefault(shown.dimension.name)
        return self.fact.dimension(shown.dimension)

    def _keys(self, columns: dict[str, exp.Expr], periods: int) -> dict[str, str]:
        """Column of the CTE -> the key that it holds; the primary key is read whether shown or not. Of a stock, the
        period shown stands for the day of the load.
        """
        time = self.dataset.fields.get(self.dataset.time_dimension)
        grain = self.request.grain
        found: dict[str, str] = {}
        for i, physical in enumerate(self.dataset.primary_key):
            if (
                self.is_stock
                and time is not None
                and physical == time.expression
                and (periods <= 1 or grain in columns)
            ):
                continue
            item = next((f for f in named_fields(self.dataset) if f.expression == physical), None)
            name = item.name if item is not None and item.name in columns else f"row_key_{i + 1}"
            columns.setdefault(name, self.fact.columns([physical])[0])
            found[name] = item.name if item is not None else f"{self.dataset.name} row"
        found = found or {"": f"{self.dataset.name} row"}
        return {**found, grain: grain} if self.is_stock and grain is not None and periods > 1 else found

    def _order(self, name: str, asked: list[tuple[str, bool]], keys: list[str]) -> tuple[exp.Ordered, ...]:
        used = {inner for inner, _down in asked}
        ends = keys if keys != [""] else [s.dimension.name for s in self.request.shown if s.dimension]
        every = [*asked, *((key, False) for key in ends if key not in used)]
        return tuple(
            exp.Ordered(this=exp.column(exp.to_identifier(inner), name), desc=down, nulls_first=False)
            for inner, down in every
        )

    def _rates(self) -> list[tuple[str, exp.Expr]]:
        if self.fact.rates_needed:
            self.rates.setdefault(self.is_stock)
        return [(rates_name(is_stock), rates_query(self.narrowed, is_stock)) for is_stock in self.rates]

    # -- conditions -------------------------------------------------------------------------------------------
    def _physical(self, condition: exp.Expr) -> exp.Expr | None:
        """A condition on the row's own values; None where it went to the members of a bridge."""
        dimensions = [self.catalog.dimensions[c.name] for c in own_columns(condition) if not c.table]
        over = [self.fact.bridge_to(d) for d in dimensions]
        bridge = next((b for b in over if b is not None), None)
        if bridge is None:
            for dimension in dimensions:
                if self.fact.is_as_of_today(dimension):
                    self.todays.setdefault(dimension.name)
            return self._over(self.fact, condition)
        if None in over:
            raise NotComputable(
                f"{as_written(condition)!r} mixes a row's own values with those of its many members.",
                "Split it into conditions joined by AND.",
            )
        check_positive(condition)
        bridge.fitting.append(self._over(bridge.rows, condition))
        return None

    def _over(self, fact: FactSource, condition: exp.Expr) -> exp.Expr:
        """A condition over names as SQL over one fact's sources."""
        named = by_any_name(condition, self.catalog.dimensions, self.catalog, fact.other_names)
        holder = exp.Paren(this=keep_unknown(named))
        for column in own_columns(holder):
            if not column.table:
                column.replace(fact.dimension(self.catalog.dimensions[column.name]))
        inner: exp.Expr = holder.this
        return inner

    def _many(self, other: str, conditions: list[exp.Expr]) -> exp.Expr:
        """That one of the many rows of `other` meets all of `conditions`, in the period asked."""
        for condition in conditions:
            check_positive(condition)
        dataset = self.catalog.datasets[other]
        rows = FactSource(self.narrowed, dataset)
        physical = [self._over(rows, condition) for condition in conditions]
        read: list[tuple[Period, Window]] = []
        if dataset.time_dimension:
            read = self.windows.read(self.atoms[other])
            if len(self.windows.periods) > 1:
                raise NotComputable(
                    f"A condition on many rows of {other!r} needs one period.",
                    "Leave the grain out of SELECT, and ask for one period.",
                    zh=(f"针对 {other} 多行的条件只能用于一个期间。", "请去掉 SELECT 中的期间，只问一个期间。"),
                )
        self.notes.append(some_row_note(self.dataset, dataset, [w for _p, w in read]))
        found = has_row(self.fact, rows, physical, tuple(w for _p, w in read))
        if rows.rates_needed:
            self.rates.setdefault(bool(dataset.snapshot_grain))
            self.checks += missing_rates(rows, found.args["query"].this)
        return found

    # -- what is told -----------------------------------------------------------------------------------------
    def _understood(self) -> Understood:
        as_of: dict[str, None] = {}
        for period in self.windows.periods if self.windows.stocks else ():
            day = self.windows.as_of(period)
            if day:
                as_of[str(day)] = None
        every = [*self.request.conditions, *(c for _n, found in self.request.many for c in found)]
        order = ", ".join(f"{s.name}{' DESC' if down else ''}" for s, down in self.request.order)
        is_dated = bool(self.windows.datasets)
        return Understood(
            tuple(p.label for p in self.windows.periods) if is_dated else (),
            tuple(as_of),
            tuple(as_written(c) for c in every),
            order,
            self.request.limit,
            self.windows.is_default and is_dated,
            self.request.offset,
        )
