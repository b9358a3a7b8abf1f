"""The only module that names physical tables: source subqueries with the row filter inside, and the joins that reach
dimensions.

Every read of a table is `(SELECT needed columns FROM table WHERE row filter AND days) AS alias`, so that no condition
outside can reach past the filter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlglot import exp

from t2sql.catalog import Dataset, Dimension, Field, LoadCalendar, Relationship
from t2sql.compiler.definitions import parsed
from t2sql.compiler.metrics import wrap
from t2sql.compiler.windows import Window
from t2sql.errors import ConfigError, NotComputable
from t2sql.paths import joins_to
from t2sql.policy import Narrowed


class FactSource:
    """FROM and JOINs of one fact, grown as fields are asked for. Every join goes many-to-one and is a LEFT JOIN."""

    def __init__(self, narrowed: Narrowed, dataset: Dataset, role: str = "") -> None:
        self.narrowed, self.catalog, self.dataset = narrowed, narrowed.catalog, dataset
        self.role = role
        """The role whose dimensions are read here, at home, without a join; "" for none."""
        self._columns: dict[str, set[str]] = {dataset.name: set()}
        self._joins: dict[str, tuple[str, Relationship]] = {}
        """alias -> (alias it hangs on, relationship)"""
        self.rates_needed: dict[str, str] = {}
        """Rate alias -> the field that holds the currency it serves."""

    def dimension(self, dimension: Dimension) -> exp.Expr:
        """A flat name as SQL over the joined sources. Raises NotComputable when this fact does not have it."""
        if self.role and dimension.role == self.role:
            dimension = replace(dimension, role="")
        if dimension.grain:
            return _label(self.dimension(replace(dimension, name=dimension.field, grain=None)), dimension.grain)
        stored = self.catalog.conforming_field(self.dataset.name, dimension)
        if stored is not None:
            return self._expression(self.dataset.name, stored.expression)
        alias = self._reach(dimension)
        return self._expression(alias, self.catalog.field_of(dimension).expression)

    def other_names(self, dimension: Dimension) -> list[exp.Expr]:
        """Columns that name the dimension's value in another way, such as in English."""
        if self.role and dimension.role == self.role:
            dimension = replace(dimension, role="")
        if dimension.grain or self.catalog.conforming_field(self.dataset.name, dimension):
            return []
        texts = self.catalog.field_of(dimension).alias_expressions
        return [self._expression(self._reach(dimension), text) for text in texts] if texts else []

    def is_as_of_today(self, dimension: Dimension) -> bool:
        """Whether the attribute is today's, looked up beside a dated row, not stored with it."""
        path = joins_to(self.catalog, self.dataset.name, dimension)
        return bool(path) and self.catalog.conforming_field(self.dataset.name, dimension) is None

    def time(self, field: str) -> exp.Expr:
        """The column that dates the rows."""
        return self._expression(self.dataset.name, self.dataset.fields[field].expression)

    def own(self, text: str) -> exp.Expr:
        """SQL text over the dataset's own columns."""
        return self._expression(self.dataset.name, text)

    def formula(self, tree: exp.Expr, time_field: str) -> exp.Expr:
        """Definition text over `dataset.field` as SQL over the joined sources, amounts converted to the reporting
        currency.
        """
        holder = exp.Paren(this=tree.copy())
        for column in [*holder.find_all(exp.Column)]:
            dataset = self.catalog.datasets[column.table]
            item = dataset.fields[column.name]
            if dataset.name == self.dataset.name:
                value = self._converted(item, time_field)
                # A product of three decimals has more digits than a decimal column can hold.
                is_product = item.currency_field and isinstance(column.parent, exp.Mul)
                column.replace(exp.cast(value, "DOUBLE") if is_product else value)
            elif item.currency_field:
                raise ConfigError(
                    f"{item.place}: {dataset.name}.{item.name} in several currencies is read from another dataset.",
                    "Use an amount of the metric's own dataset.",
                )
            else:
                alias = self._reach(Dimension(item.name, dataset.name, item.name, "", item.display, ()))
                column.replace(wrap(self._expression(alias, item.expression)))
        inner: exp.Expr = holder.this
        return inner

    def _converted(self, item: Field, time_field: str) -> exp.Expr:
        value = self._expression(self.dataset.name, item.expression)
        rates = self.catalog.rates
        if not item.currency_field or rates is None:
            return value
        currency = self._expression(self.dataset.name, self.dataset.fields[item.currency_field].expression)
        self.time(time_field)
        alias = next((a for a, field in self.rates_needed.items() if field == item.currency_field), "")
        alias = alias or ("rates" if not self.rates_needed else f"rates_{item.currency_field}")
        self.rates_needed[alias] = item.currency_field
        home = exp.EQ(this=currency, expression=exp.Literal.string(rates.reporting_currency))
        foreign = exp.Mul(this=wrap(value.copy()), expression=exp.column("rate", alias))
        return exp.Case(ifs=[exp.If(this=home, true=value)], default=foreign)

    def _reach(self, dimension: Dimension) -> str:
        path = joins_to(self.catalog, self.dataset.name, dimension)
        if path is None:
            raise self._unreachable(dimension)
        alias = self.dataset.name
        for step in path:
            target = "_".join(w for w in (step.role, step.to_dataset) if w)
            if alias != self.dataset.name and step.role:
                target = f"{alias}_{target}"
            self._joins.setdefault(target, (alias, step))
            self._columns.setdefault(target, set()).update(step.to_columns)
            self._columns[alias].update(step.from_columns)
            alias = target
        return alias

    def _unreachable(self, dimension: Dimension) -> NotComputable:
        having = sorted(
            d.name
            for d in self.catalog.dimensions.values()
            if self.catalog.conforming_field(self.dataset.name, d) or self._has_path(d)
        )
        return NotComputable(
            f"{self.dataset.display.en} ({self.dataset.name!r}) has no {dimension.name!r}.",
            f"It can be seen by: {', '.join(having) or 'nothing'}.",
        )

    def _has_path(self, dimension: Dimension) -> bool:
        try:
            return joins_to(self.catalog, self.dataset.name, dimension) is not None
        except NotComputable:
            return False

    def _expression(self, alias: str, text: str) -> exp.Expr:
        holder = exp.Paren(this=parsed(text))
        for column in [*holder.find_all(exp.Column)]:
            self._columns[alias].add(column.name)
            column.replace(exp.column(column.name, alias))
        inner: exp.Expr = holder.this
        return wrap(inner)

    # -- the FROM clause --------------------------------------------------------------------------------------
    def attach(self, select: exp.Select, time_field: str, span: tuple[Window, ...], is_point: bool) -> exp.Select:
        """`select` with its FROM and JOINs; the fact's rows limited to the days of `span`."""
        days = None
        if span:
            day = parsed(self.dataset.fields[time_field].expression)
            self._columns[self.dataset.name] |= {c.name for c in day.find_all(exp.Column)}
            days = _days(day, span, is_point)
        select = select.from_(self._source(self.dataset, self.dataset.name, days), copy=False)
        for alias, (parent, step) in self._joins.items():
            on = exp.and_(
                *(
                    exp.column(a, parent).eq(exp.column(b, alias))
                    for a, b in zip(step.from_columns, step.to_columns, strict=True)
                )
            )
            select = select.join(
                self._source(self.catalog.datasets[step.to_dataset], alias), on=on, join_type="left", copy=False
            )
        for alias, currency_field in self.rates_needed.items():
            currency = self._expression(self.dataset.name, self.dataset.fields[currency_field].expression)
            day = self.time(time_field)
            matches: list[exp.Expr] = [exp.column("currency", alias).eq(currency)]
            if self.dataset.snapshot_grain:
                matches += [
                    exp.GTE(this=day, expression=exp.column("valid_from", alias)),
                    exp.LT(this=day.copy(), expression=exp.column("valid_until", alias)),
                ]
            else:
                matches.append(exp.column("month", alias).eq(_month_of(day)))
            name = rates_name(bool(self.dataset.snapshot_grain))
            select = select.join(exp.to_table(name).as_(alias), on=exp.and_(*matches), join_type="left", copy=False)
        return select

    def _source(self, dataset: Dataset, alias: str, days: exp.Expr | None = None) -> exp.Subquery:
        return source(self.narrowed, dataset, alias, self._columns[alias], days)


def source(
    narrowed: Narrowed, dataset: Dataset, alias: str, columns: Iterable[str], extra: exp.Expr | None = None
) -> exp.Subquery:
    """One table as one principal may read it."""
    select = exp.select(*(exp.column(c) for c in sorted(columns))).from_(exp.to_table(dataset.source))
    predicate = narrowed.predicates.get(dataset.name)
    if predicate:
        select = select.where(wrap(parsed(predicate)))
    if extra is not None:
        select = select.where(extra)
    return select.subquery(alias)


def rates_name(is_stock: bool) -> str:
    """The CTE that holds rates for stocks, or for flows."""
    return "rates_at_close" if is_stock else "rates_on_average"


def rates_query(narrowed: Narrowed, is_stock: bool) -> exp.Select:
    """currency, rate and its days: valid_from..valid_until (excluded) for a stock, month for a flow."""
    rates = narrowed.catalog.rates
    assert rates is not None
    value = rates.period_end_column if is_stock else rates.average_column
    day, currency = exp.column(rates.date_column, "read"), exp.column(rates.currency_column, "read")
    read = (
        exp.select(*(exp.column(c) for c in sorted({rates.date_column, rates.currency_column, value})))
        .from_(exp.to_table(rates.source))
        .subquery("read")
    )
    rate = exp.column(value, "read")
    if not is_stock:
        # One rate a month and currency, however often rates are recorded: else an amount would count several times.
        mean = exp.cast(exp.Avg(this=rate), "DECIMAL(18, 8)")
        select = exp.select(currency.as_("currency"), mean.as_("rate"), _month_of(day).as_("month"))
        return select.from_(read).group_by(currency.copy(), _month_of(day))
    select = exp.select(currency.as_("currency"), rate.as_("rate")).from_(read)
    following = exp.Window(
        this=exp.Lead(this=day.copy()),
        partition_by=[currency.copy()],
        order=exp.Order(expressions=[exp.Ordered(this=day.copy(), nulls_first=False)]),
    )
    until = exp.Coalesce(this=following, expressions=[date_literal("9999-12-31")])
    return select.select(day.as_("valid_from"), until.as_("valid_until"))


def loads_query(dataset: Dataset) -> exp.Select:
    """Unfiltered (as-of date, rows) of one dataset, oldest first: the load calendar, or the table's own distinct
    days.
    """
    calendar: LoadCalendar | None = dataset.load_calendar
    if calendar:
        read = exp.select(*map(exp.column, (calendar.key_column, calendar.date_column, calendar.rows_column))).from_(
            exp.to_table(calendar.source)
        )
        read = read.where(exp.column(calendar.key_column).eq(exp.Literal.string(calendar.key)))
        day, rows = exp.column(calendar.date_column, "loads"), exp.column(calendar.rows_column, "loads")
        return exp.select(day.as_("as_of"), rows.as_("load_rows")).from_(read.subquery("loads")).order_by("as_of")
    text = dataset.fields[dataset.time_dimension].expression
    read = exp.select(exp.column(text)).from_(exp.to_table(dataset.source))
    day = exp.column(text, "loads")
    counted = exp.select(day.as_("as_of"), exp.Count(this=exp.Star()).as_("load_rows")).from_(read.subquery("loads"))
    return counted.where(day.is_(exp.Null()).not_()).group_by(day).order_by("as_of")


def date_literal(day: object) -> exp.Expr:
    """DATE 'YYYY-MM-DD'."""
    return exp.Cast(this=exp.Literal.string(str(day)), to=exp.DataType(this=exp.DType.DATE))


def _label(day: exp.Expr, grain: str) -> exp.Expr:
    """A date's period label as text: '2024', '2024-H1', '2024-Q2', '2024-12', '2024-12-31'."""
    text = exp.cast(day, "TEXT")
    if grain == "day":
        return text
    if grain in ("month", "year"):
        return exp.Substring(
            this=text, start=exp.Literal.number(1), length=exp.Literal.number(7 if grain == "month" else 4)
        )
    year = exp.Substring(this=text, start=exp.Literal.number(1), length=exp.Literal.number(4))
    size = 3 if grain == "quarter" else 6
    month = exp.Extract(this=exp.Var(this="MONTH"), expression=day.copy())
    ifs = [
        exp.If(
            this=exp.LTE(this=month.copy(), expression=exp.Literal.number(n * size)),
            true=exp.Literal.string(f"-{grain[0].upper()}{n}"),
        )
        for n in range(1, 12 // size + 1)
    ]
    return exp.DPipe(this=year, expression=exp.Case(ifs=ifs), safe=True)


def _month_of(day: exp.Expr) -> exp.Expr:
    return exp.func("DATE_TRUNC", exp.Literal.string("month"), day.copy(), dialect="duckdb")


def _days(day: exp.Expr, span: tuple[Window, ...], is_point: bool) -> exp.Expr | None:
    if not span:
        return None
    first, last = min(w.first for w in span), max(w.last for w in span)
    if is_point and len({w.last for w in span}) == 1:
        return day.copy().eq(date_literal(last))
    return exp.Between(this=day.copy(), low=date_literal(first), high=date_literal(last))
