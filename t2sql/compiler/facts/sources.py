"""The only module that names physical tables: source subqueries with the row filter inside, and the joins that reach
dimensions.

Every read of a table is `(SELECT needed columns FROM table WHERE row filter AND days) AS alias`, so that no condition
outside can reach past the filter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlglot import exp

from t2sql.catalog import Dataset, Dimension, Field, Relationship
from t2sql.compiler.calendar.date_labels import first_day_of, label_of
from t2sql.compiler.calendar.period_days import within
from t2sql.compiler.calendar.windows import Window
from t2sql.compiler.definitions import parsed
from t2sql.compiler.facts.bridges import Bridge
from t2sql.compiler.facts.lacking import in_own_currencies, lacking, two_bridges
from t2sql.compiler.facts.metrics import wrap
from t2sql.compiler.facts.rates import in_reporting_currency, join_rates
from t2sql.compiler.trees import double, joined, table
from t2sql.errors import ConfigError
from t2sql.metric_names import physical_columns
from t2sql.paths import Crossing, Path, crossing_to, joins_to
from t2sql.policy import Narrowed


class FactSource:
    """FROM and JOINs of one fact, grown as fields are asked for. Every join goes many-to-one and is a LEFT JOIN."""

    def __init__(
        self, narrowed: Narrowed, dataset: Dataset, role: str = "", time_field: str = "", asked: Iterable[str] = ()
    ) -> None:
        self.narrowed, self.catalog, self.dataset = narrowed, narrowed.catalog, dataset
        self.role = role
        """The role whose dimensions are read here, at home, without a join; "" for none."""
        self.time_field = time_field or dataset.time_dimension
        self.asked = tuple(asked) or (dataset.name,)
        """Every dataset of the question, so that a refusal can name what all of them have."""
        self.bridge: Bridge | None = None
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
            day = self.dimension(replace(dimension, name=dimension.field, grain=None, is_first_day=False))
            return (first_day_of if dimension.is_first_day else label_of)(day, dimension.grain)
        stored = self.catalog.conforming_field(self.dataset.name, dimension)
        if stored is not None:
            return self._expression(self.dataset.name, stored.expression)
        bridge = self.bridge_to(dimension)
        if bridge is not None:
            return bridge.column(dimension)
        item = self.catalog.field_of(dimension)
        alias = self._reach(dimension)
        if item.currency_field:
            if dimension.dataset != self.dataset.name or not self.time_field:
                raise in_own_currencies(item)
            return self._converted(item, self.time_field)
        return self._expression(alias, item.expression)

    def bridge_to(self, dimension: Dimension) -> Bridge | None:
        """The bridge that the dimension lies behind; None where rows have one value of it, or none at all."""
        if self.role and dimension.role == self.role:
            return None
        if self.catalog.conforming_field(self.dataset.name, dimension) is not None:
            return None
        if joins_to(self.catalog, self.dataset.name, dimension) is not None:
            return None
        crossing = crossing_to(self.catalog, self.dataset.name, dimension)
        if crossing is None:
            return None
        if self.bridge is None:
            over = self.catalog.datasets[crossing.bridge.from_dataset]
            self.bridge = Bridge(crossing.bridge, FactSource(self.narrowed, over), self._served(crossing))
        elif self.bridge.step != crossing.bridge:
            raise two_bridges(self.bridge.step, crossing.bridge)
        return self.bridge

    def _served(self, crossing: Crossing) -> tuple[exp.Expr, ...]:
        """The columns by which rows meet the bridge; the served dataset is joined only where its key is not here."""
        path, wanted = crossing.to_served, crossing.bridge.to_columns
        if path and set(wanted) <= set(path[-1].to_columns):
            here = dict(zip(path[-1].to_columns, path[-1].from_columns, strict=True))
            path, wanted = path[:-1], tuple(here[name] for name in wanted)
        alias = self.follow(path)
        self._columns[alias].update(wanted)
        return tuple(exp.column(name, alias) for name in wanted)

    def other_names(self, dimension: Dimension) -> list[exp.Expr]:
        """Columns that name the dimension's value in another way, such as in English."""
        if self.role and dimension.role == self.role:
            dimension = replace(dimension, role="")
        if dimension.grain or self.catalog.conforming_field(self.dataset.name, dimension):
            return []
        texts = self.catalog.field_of(dimension).alias_expressions
        bridge = self.bridge_to(dimension) if texts else None
        if bridge is not None:
            return bridge.other_names(dimension)
        return [self._expression(self._reach(dimension), text) for text in texts] if texts else []

    def is_as_of_today(self, dimension: Dimension) -> bool:
        """Whether the attribute is today's, looked up beside a dated row, not stored with it."""
        path = joins_to(self.catalog, self.dataset.name, dimension)
        return bool(path) and self.catalog.conforming_field(self.dataset.name, dimension) is None

    def time(self, field: str) -> exp.Expr:
        """The column that dates the rows; it may be of a dataset that they look up."""
        item = self.catalog.time_field(self.dataset.name, field)
        return self._expression(self._reach(dimension_of(item)), item.expression)

    def own(self, text: str) -> exp.Expr:
        """SQL text over the dataset's own columns."""
        return self._expression(self.dataset.name, text)

    def columns(self, names: Iterable[str]) -> list[exp.Expr]:
        """The dataset's own physical columns by name, such as those of a key."""
        found = list(names)
        self._columns[self.dataset.name].update(found)
        return [exp.column(name, self.dataset.name) for name in found]

    def keys_at(self, path: Path) -> list[exp.Expr]:
        """The columns here that hold the key of the row at the end of `path`."""
        alias = self.follow(path[:-1])
        self._columns[alias].update(path[-1].from_columns)
        return [exp.column(name, alias) for name in path[-1].from_columns]

    def formula(self, tree: exp.Expr, time_field: str, *, converts: bool = True) -> exp.Expr:
        """Definition text over `dataset.field` as SQL over the joined sources, amounts converted to the reporting
        currency, or left in their own.
        """
        holder = exp.Paren(this=tree.copy())
        for column in [*holder.find_all(exp.Column)]:
            dataset = self.catalog.datasets[column.table]
            item = dataset.fields[column.name]
            if dataset.name == self.dataset.name:
                value = (
                    self._converted(item, time_field)
                    if converts
                    else self._expression(self.dataset.name, item.expression)
                )
                # A product of three decimals has more digits than a decimal column can hold.
                is_product = item.currency_field and isinstance(column.parent, exp.Mul)
                column.replace(double(value) if is_product else value)
            elif item.currency_field:
                raise ConfigError(
                    f"{item.place}: {dataset.name}.{item.name} in several currencies is read from another dataset.",
                    "Use an amount of the metric's own dataset.",
                )
            else:
                alias = self._reach(dimension_of(item))
                column.replace(wrap(self._expression(alias, item.expression)))
        inner: exp.Expr = holder.this
        return inner

    def _converted(self, item: Field, time_field: str) -> exp.Expr:
        value = self._expression(self.dataset.name, item.expression)
        rates = self.catalog.rates
        if not item.currency_field or rates is None:
            return value
        if not time_field:
            raise in_own_currencies(item)
        currency = self._expression(self.dataset.name, self.dataset.fields[item.currency_field].expression)
        self.time(time_field)
        return in_reporting_currency(self.catalog, value, currency, self.rate_alias(item.currency_field))

    def rate_alias(self, currency_field: str) -> str:
        """The alias under which rates for one currency field are joined, from now on."""
        alias = next((a for a, field in self.rates_needed.items() if field == currency_field), "")
        alias = alias or ("rates" if not self.rates_needed else f"rates_{currency_field}")
        self.rates_needed[alias] = currency_field
        return alias

    def _reach(self, dimension: Dimension) -> str:
        path = joins_to(self.catalog, self.dataset.name, dimension)
        if path is None:
            raise lacking(self.catalog, self.dataset, dimension, self.asked)
        return self.follow(path)

    def follow(self, path: Path) -> str:
        """The alias at the end of a path, joined."""
        alias = self.dataset.name
        for step in path:
            target = "_".join(w for w in (step.role, step.to_dataset) if w)
            if alias != self.dataset.name and step.role:
                target = f"{alias}_{target}"
            self._joins.setdefault(target, (alias, step))
            self._columns.setdefault(target, set()).update(step.to_columns)
            self._columns[alias].update(step.from_columns)
            if step.restate == "successor":
                self._columns[alias].update(step.to_columns)
            alias = target
        return alias

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
        item = self.catalog.time_field(self.dataset.name, time_field) if span and time_field else None
        if item and item.dataset == self.dataset.name:
            day = parsed(item.expression)
            self._columns[self.dataset.name] |= {c.name for c in day.find_all(exp.Column)}
            days = within(day, span, is_point)
        elif item:
            # A date that is looked up is known only after its join.
            select = select.where(within(self.time(time_field), span, is_point), copy=False)
        select = select.from_(self._source(self.dataset, self.dataset.name, days), copy=False)
        for alias, (parent, step) in self._joins.items():
            on = exp.and_(
                *(
                    _key(step, a, b, parent).eq(exp.column(b, alias))
                    for a, b in zip(step.from_columns, step.to_columns, strict=True)
                ),
                copy=False,
            )
            select = joined(select, self._source(self.catalog.datasets[step.to_dataset], alias), on, "LEFT")
        if self.bridge is not None and self.bridge.is_joined:
            side = "" if self.bridge.conditions else "LEFT"
            select = joined(select, self.bridge.rows_of_members(), exp.and_(*self.bridge.meets()), side)
        for alias, currency_field in self.rates_needed.items():
            currency = self._expression(self.dataset.name, self.dataset.fields[currency_field].expression)
            is_stock = bool(self.dataset.snapshot_grain)
            select = join_rates(select, alias, currency, self.time(time_field), is_stock)
        return select

    def _source(self, dataset: Dataset, alias: str, days: exp.Expr | None = None) -> exp.Subquery:
        # Rows that are only counted are read by their key, or by any field.
        columns = self._columns[alias] or set(dataset.primary_key[:1]) or _any_column(dataset)
        return source(self.narrowed, dataset, alias, columns, days)


def _key(step: Relationship, column: str, key: str, alias: str) -> exp.Expr:
    """What a row holds of the key that it points at. What was merged into nothing is its own successor."""
    if step.restate == "successor":
        return exp.Coalesce(this=exp.column(column, alias), expressions=[exp.column(key, alias)])
    return exp.column(column, alias)


def dimension_of(item: Field) -> Dimension:
    """A field as something to reach, whether it is a dimension or not."""
    return Dimension(item.dimension_name, item.dataset, item.name, "", item.display, ())


def _any_column(dataset: Dataset) -> set[str]:
    texts = (item.expression for item in dataset.fields.values())
    found = next((columns for text in texts if (columns := physical_columns(text))), set())
    return set(sorted(found)[:1])


def source(
    narrowed: Narrowed, dataset: Dataset, alias: str, columns: Iterable[str], extra: exp.Expr | None = None
) -> exp.Subquery:
    """One table as one principal may read it."""
    select = exp.select(*(exp.column(c) for c in sorted(columns))).from_(table(dataset.source), copy=False)
    predicate = narrowed.predicates.get(dataset.name)
    if predicate:
        select = select.where(wrap(parsed(predicate)), copy=False)
    if extra is not None:
        select = select.where(extra, copy=False)
    return select.subquery(alias, copy=False)
