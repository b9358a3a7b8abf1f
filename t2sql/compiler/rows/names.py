"""A SELECT of rows with every name resolved: what is shown, chosen by, and in which order. Names no table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from sqlglot import exp

from t2sql.catalog import Catalog, Dataset, Dimension, Field, Grain
from t2sql.compiler.calendar.time_conditions import (
    TimeReader,
    compare_date,
    grain_name,
    intersect,
    mentions_time,
    merge,
)
from t2sql.compiler.facts.lacking import in_own_currencies
from t2sql.compiler.rows.field_names import FieldNames, as_dimension, as_own_time, named_apart, named_fields
from t2sql.compiler.words.conditions import (
    CONDITIONS,
    call_of,
    check_condition,
    conjuncts,
    counted_days,
    grain_call,
    stored_values,
)
from t2sql.compiler.words.spelling import as_written, check_names_differ, heading, own_columns, own_nodes
from t2sql.errors import NotComputable, RefusedSyntax
from t2sql.paths import joins_to

_CLAUSES = ("group", "having", "qualify", "distinct", "joins", "windows")


@dataclass(frozen=True, slots=True)
class Shown:
    """One column: a field or dimension, or the period of the row."""

    name: str
    dimension: Dimension | None
    """None for the period."""
    grain: Grain | None = None
    """The period's, where it is one."""


@dataclass(frozen=True, slots=True)
class RowRequest:
    """What is asked of a dataset's rows."""

    dataset: Dataset
    shown: tuple[Shown, ...]
    grain: Grain | None
    spans: tuple[tuple[date, date], ...] | None
    """Asked days; None when no period was asked."""
    literal_grain: Grain | None
    conditions: tuple[exp.Expr, ...]
    """On a row's own values; columns are named by dimension."""
    many: tuple[tuple[str, tuple[exp.Expr, ...]], ...]
    """Dataset of many rows -> conditions that one and the same of them must meet."""
    order: tuple[tuple[Shown, bool], ...]
    """(column or what is not shown, whether descending)"""
    limit: int | None
    offset: int
    catalog: Catalog = field(repr=False)
    """The narrowed catalog, with fields that are named here as dimensions."""


def read_rows(tree: exp.Select, dataset: Dataset, alias: str, catalog: Catalog) -> RowRequest:
    """Raises UnknownName, RefusedSyntax or NotComputable."""
    return _Reader(tree, dataset, alias, catalog).read()


class _Reader:
    def __init__(self, tree: exp.Select, dataset: Dataset, alias: str, catalog: Catalog) -> None:
        self.tree, self.dataset, self.catalog = tree.copy(), dataset, catalog
        self.names = FieldNames(catalog, dataset, alias)
        self.made: dict[str, Dimension] = {}
        self.time = TimeReader(catalog.fiscal_year_start)

    def read(self) -> RowRequest:
        for clause in _CLAUSES:
            if self.tree.args.get(clause):
                word = {"group": "GROUP BY"}.get(clause, clause.upper())
                raise RefusedSyntax(
                    f"{word} does not go with rows of {self.dataset.name!r}.",
                    "Add an aggregate, as COUNT(*), or write it around:"
                    f" SELECT … FROM (SELECT … FROM {self.dataset.name}).",
                )
        shown = [column for item in self.tree.expressions for column in self._items(item)]
        self._check_shown(shown)
        grain = next((s.grain for s in shown if s.dimension is None), None)
        conditions, many, spans = self._conditions()
        if spans is not None and not self.dataset.time_dimension and not many:
            raise NotComputable(
                f"Rows of {self.dataset.name!r} have no date of their own.",
                "Leave the period out, or compare a date of theirs, as month(date) = '2025-01'.",
                zh=(f"{self.dataset.display.zh}的行没有日期。", "请去掉期间条件，或对某个日期字段写条件。"),
            )
        if grain and not self.dataset.time_dimension:
            raise NotComputable(
                f"Rows of {self.dataset.name!r} have no date of their own, so no {grain}.",
                f"Leave {grain} out, or write {grain}(date) of a date field.",
                zh=(
                    f"{self.dataset.display.zh}的行没有日期，不能按期间列出。",
                    "请去掉期间，或使用日期字段的期间函数。",
                ),
            )
        order = tuple(self._order(item, shown) for item in _parts(self.tree, "order"))
        return RowRequest(
            self.dataset,
            tuple(shown),
            grain,
            tuple(spans) if spans is not None else None,
            self.time.literal_grain,
            tuple(conditions),
            tuple((name, tuple(found)) for name, found in many.items()),
            order,
            self._count("limit", 1),
            self._count("offset", 0) or 0,
            replace(self.catalog, dimensions={**self.catalog.dimensions, **self.made}),
        )

    # -- columns ----------------------------------------------------------------------------------------------
    def _items(self, item: exp.Expr) -> list[Shown]:
        inner = item.this if isinstance(item, exp.Alias) else item
        if isinstance(inner, exp.Star) or (isinstance(inner, exp.Column) and isinstance(inner.this, exp.Star)):
            if isinstance(inner, exp.Column) and inner.table.lower() not in self.names.own_names:
                raise RefusedSyntax(f"{as_written(inner)!r} is not part of semantic SQL.", "Name the columns.")
            return [Shown(f.name, self._made(as_dimension(self.catalog, f))) for f in named_fields(self.dataset)]
        return [self._item(inner, item.alias if isinstance(item, exp.Alias) else "")]

    def _item(self, inner: exp.Expr, alias: str) -> Shown:
        grain = grain_name(inner)
        if grain:
            return Shown(alias or grain, None, grain)
        if isinstance(inner, exp.Column):
            named = self.names.read(inner)
            if named.many or joins_to(self.catalog, self.dataset.name, named.dimension) is None:
                self._check_stored(inner, named.dimension, named.many)
            spelled = (named.dimension.name, named.dimension.field, inner.name)
            name = next(name for name in spelled if name.lower() == inner.name.lower())
            return Shown(alias or name, self._made(named.dimension))
        name, column, is_first_day = grain_call(inner)
        if grain_name(exp.column(name)) and column is not None:
            named = self.names.read(column)
            if named.is_time and not is_first_day:
                return Shown(alias or heading(inner), None, grain_name(exp.column(name)))
            return Shown(alias or heading(inner), self._dated(inner, name, named.dimension, is_first_day))
        raise NotComputable(
            f"{as_written(inner)!r} cannot stand among the columns of rows.",
            f"Name fields and dimensions; calculate around them: SELECT … FROM (SELECT … FROM {self.dataset.name}).",
            zh=(f"明细列中不能使用 {as_written(inner)}。", "请列出字段和维度，计算写在外层 SELECT。"),
        )

    def _check_stored(self, column: exp.Column, dimension: Dimension, many: str) -> None:
        """A column may hold one value a row: stored here, or reached many-to-one."""
        if not many and self.catalog.conforming_field(self.dataset.name, dimension) is not None:
            return
        raise NotComputable(
            f"{as_written(column)!r} has many values for one row of {self.dataset.name!r}.",
            f"Choose rows by it in WHERE, or ask FROM {many or self.catalog.name}.",
            zh=(
                f"{self.dataset.display.zh}的一行可对应多个“{dimension.display.zh}”。",
                f"请写在 WHERE 条件里，或改为 FROM {many or self.catalog.name}。",
            ),
        )

    def _dated(self, call: exp.Expr, name: str, dimension: Dimension, is_first_day: bool) -> Dimension:
        if not self.catalog.field_of(dimension).is_time:
            raise NotComputable(
                f"{name}() needs a date, not {dimension.name!r}.", "Name a date field, as month(matures_on)."
            )
        grain = grain_name(exp.column(name))
        return replace(dimension, name=as_written(call), grain=grain, is_first_day=is_first_day)

    def _made(self, dimension: Dimension) -> Dimension:
        """A field as a dimension that conditions and notes can name."""
        apart = named_apart(dimension, self.catalog)
        if apart.name not in self.catalog.dimensions:
            self.made.setdefault(apart.name, apart)
        return apart

    def _check_shown(self, shown: list[Shown]) -> None:
        if not shown:
            raise RefusedSyntax("Nothing is selected.", "Name at least one field.")
        check_names_differ([s.name for s in shown])
        if len({s.grain for s in shown if s.dimension is None}) > 1:
            raise NotComputable("A row cannot be shown by two time grains.", "Keep one of them.")
        beside = {(s.dimension.dataset, s.dimension.field) for s in shown if s.dimension}
        for column in shown:
            item = self.catalog.field_of(column.dimension) if column.dimension else None
            if item is None or not item.currency_field or self._is_converted(item):
                continue
            if item.dataset != self.dataset.name or (item.dataset, item.currency_field) not in beside:
                raise in_own_currencies(item, f"Add {item.currency_field} to SELECT to see it in its own currency.")

    def _is_converted(self, item: Field) -> bool:
        return item.dataset == self.dataset.name and bool(self.dataset.time_dimension)

    # -- conditions -------------------------------------------------------------------------------------------
    def _conditions(
        self,
    ) -> tuple[list[exp.Expr], dict[str, list[exp.Expr]], list[tuple[date, date]] | None]:
        own: list[exp.Expr] = []
        many: dict[str, list[exp.Expr]] = {}
        spans: list[tuple[date, date]] | None = None
        where = self.tree.args.get("where")
        for part in conjuncts(where.this) if where else []:
            holder = exp.Paren(this=part.copy())
            for column in own_columns(holder):
                if not grain_name(column) and self.names.is_own_time(column):
                    as_own_time(column)
            if mentions_time(holder):
                asked = self.time.spans(holder.this)
                spans = asked if spans is None else intersect(spans, asked)
                continue
            condition, over = self._condition(holder)
            (many.setdefault(over, []) if over else own).append(condition)
        if spans is not None:
            spans = merge(spans)
            if not spans:
                raise NotComputable(
                    "The time conditions exclude each other, so no period is left.", "Ask for one period or one range."
                )
        return own, many, spans

    def _condition(self, holder: exp.Paren) -> tuple[exp.Expr, str]:
        """A condition over dimension names, and the dataset of many rows that it is about; "" for the rows' own."""
        self._dates(holder)
        over: dict[str, None] = {}
        for column in own_columns(holder):
            named = self.names.read(column)
            over[named.many] = None
            made = self._made(named.dimension)
            column.replace(exp.column(exp.to_identifier(made.name)))
        if len(over) > 1:
            text = as_written(holder.this)
            raise NotComputable(
                f"{text!r} mixes a row's own values with those of many others.",
                "Split it into conditions joined by AND, or ask in two questions.",
                zh=(f"条件 {text} 混用了本行的值和一对多的值。", "请拆成用 AND 连接的条件，或分成两个问题。"),
            )
        wider = replace(self.catalog, dimensions={**self.catalog.dimensions, **self.made})
        node = stored_values(holder.this, wider)
        check_condition(node, wider)
        return counted_days(node, wider), next(iter(over), "")

    def _dates(self, holder: exp.Paren) -> None:
        """month(matures_on) = '2026-01' as days of the date itself."""
        for part in [n for n in own_nodes(holder) if isinstance(n, CONDITIONS)]:
            name, arguments = call_of(part.this)
            grain = grain_name(exp.column(name)) if name else None
            if grain is None or len(arguments) != 1 or not isinstance(arguments[0], exp.Column):
                continue
            named = self.names.read(arguments[0])
            if not self.catalog.field_of(named.dimension).is_time:
                raise NotComputable(
                    f"{name}() needs a date, not {arguments[0].name!r}.", "Name a date field, as month(matures_on)."
                )
            part.replace(compare_date(part, arguments[0], grain, self.catalog.fiscal_year_start))

    # -- order ------------------------------------------------------------------------------------------------
    def _order(self, item: exp.Expr, shown: list[Shown]) -> tuple[Shown, bool]:
        inner = item.this if isinstance(item, exp.Ordered) else item
        descending = bool(item.args.get("desc"))
        if isinstance(inner, exp.Literal) and inner.is_int:
            position = int(inner.this)
            if not 1 <= position <= len(shown):
                raise RefusedSyntax(f"ORDER BY {position}: there is no such column.", "Order by a column's name.")
            return shown[position - 1], descending
        for column in shown:
            if isinstance(inner, exp.Column) and not inner.table and inner.name.lower() == column.name.lower():
                found = column
                break
        else:
            found = self._item(inner, "")
            if found.dimension is None and found.grain not in {s.grain for s in shown if s.dimension is None}:
                raise NotComputable(f"Cannot order by {found.name!r}, which is not selected.", "Add it to SELECT.")
        item_of = self.catalog.field_of(found.dimension) if found.dimension else None
        if item_of is not None and item_of.currency_field and not self._is_converted(item_of):
            raise in_own_currencies(item_of)
        return found, descending

    def _count(self, clause: str, least: int) -> int | None:
        node = self.tree.args.get(clause)
        if node is None:
            return None
        value = node.expression
        if not isinstance(value, exp.Literal) or not value.is_int or int(value.this) < least:
            raise RefusedSyntax(f"{clause.upper()} must be a whole number from {least}.", f"Write {clause.upper()} 10.")
        return int(value.this)


def _parts(tree: exp.Select, clause: str) -> Iterable[exp.Expr]:
    node = tree.args.get(clause)
    return node.expressions if node else ()
