"""Aggregates over fields (COUNT(*), SUM(loans.balance)) as metrics that nobody signed, so that periods, currencies,
comparisons, shares and additivity hold for them as for any other.

The tree that is given back names them like metrics of a larger catalog. It never makes a metric of what is a metric
already, and never guesses whose rows are counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sqlglot import exp

from t2sql.catalog import AD_HOC, Catalog, Dataset, Dimension, Display, Field, Metric
from t2sql.compiler.conditions import keep_unknown, stored_values
from t2sql.compiler.field_names import FieldNames, Named, as_own_time, dataset_named, named_apart
from t2sql.compiler.metrics import divide
from t2sql.compiler.request import COMPARISONS
from t2sql.compiler.spelling import as_written, table_of
from t2sql.compiler.time_conditions import grain_name
from t2sql.errors import NotComputable, RefusedSyntax
from t2sql.paths import joins_between
from t2sql.policy import Narrowed

_MADE_OF = (exp.Sum, exp.Count, exp.Avg, exp.Min, exp.Max)
_INSIDE = (
    exp.Column, exp.Identifier, exp.Literal, exp.Null, exp.Boolean, exp.Paren, exp.Distinct, exp.Star,
    exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg, exp.Case, exp.If, exp.Coalesce, exp.Nullif, exp.Abs, exp.Round,
    exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In, exp.Is,
    exp.Like, exp.ILike,
)  # fmt: skip
_WORDS = {
    exp.Sum: Display("合计", "sum of"),
    exp.Count: Display("计数", "count of"),
    exp.Avg: Display("均值", "average of"),
    exp.Min: Display("最小值", "smallest"),
    exp.Max: Display("最大值", "largest"),
}


def with_ad_hoc(tree: exp.Select, narrowed: Narrowed) -> tuple[exp.Select, Narrowed]:
    """`tree` FROM the model, with every aggregate over fields as the bare name of a metric of the catalog given back.

    `tree` is FROM the model or a dataset of it. Both come back as they are when nothing is ad hoc. Raises UnknownName,
    RefusedSyntax or NotComputable.
    """
    table = table_of(tree)
    if table is None:
        return tree, narrowed
    is_model = table.name.lower() == narrowed.catalog.name.lower()
    dataset = None if is_model else dataset_named(narrowed.catalog, table.name)
    if dataset is None and not is_model:
        return tree, narrowed
    nodes = [node for node in aggregates(tree) if not _is_of_metrics(node, narrowed.catalog)]
    if is_model:
        fields = [c for c in _outside(tree, nodes) if _is_field(c, narrowed.catalog)]
        if not nodes and not fields:
            return tree, narrowed
    return _Rewriting(tree, narrowed, dataset, table.alias).done()


def aggregates(tree: exp.Select) -> Iterator[exp.Expr]:
    """Aggregate calls of one SELECT, with their FILTER, that are not windows' own; not those of its subqueries."""
    for node in tree.find_all(exp.AggFunc):
        filtered = node.parent if isinstance(node.parent, exp.Filter) else node
        is_windowed = isinstance(filtered.parent, exp.Window) and filtered.arg_key == "this"
        if isinstance(node, _MADE_OF) and not is_windowed and node.find_ancestor(exp.Select) is tree:
            yield filtered


def rows_of(dataset: Dataset) -> Metric:
    """The count of a dataset's rows, which stands for them where only their days are asked."""
    return _unsigned(f"rows of {dataset.name}", "COUNT(*)", "", "count", dataset.display, "", dataset)


def _unsigned(
    name: str, expression: str, condition: str, unit: str, display: Display, description: str, dataset: Dataset
) -> Metric:
    return Metric(
        name=name,
        type="simple",
        expression=expression,
        numerator="",
        denominator="",
        filter=condition,
        window_choice="max",
        average_over="loads",
        window="",
        grain_to_date="",
        time_dimension="",
        default_period="",
        day_count="",
        unit=unit,
        format="",
        direction="",
        display=display,
        synonyms=(),
        description=description,
        reference="",
        owner="",
        effective_from="",
        version=AD_HOC,
        sensitivity="",
        place=dataset.place,
        dataset=dataset.name,
    )


def is_ad_hoc(metric: Metric) -> bool:
    """Whether a metric was made for one SELECT, and signed by nobody."""
    return metric.version == AD_HOC


def _is_of_metrics(node: exp.Expr, catalog: Catalog) -> bool:
    """SUM(loan_balance): no field stands in it, so that the vocabulary tells what is wrong."""
    columns = [c for c in node.find_all(exp.Column) if not isinstance(c.this, exp.Star)]
    named = [c for c in columns if not c.table or c.table.lower() == catalog.name.lower()]
    return any(c.name in catalog.metrics for c in named) or any(
        isinstance(f, exp.Anonymous) and str(f.this).lower() in COMPARISONS for f in node.walk()
    )


def _is_field(column: exp.Column, catalog: Catalog) -> bool:
    return bool(column.table) and column.table in catalog.datasets and not column.args.get("db")


def _chooses(column: exp.Column) -> bool:
    """Whether a column stands in the condition of a CASE, not in what it gives."""
    node: exp.Expr = column
    while node.parent is not None:
        if isinstance(node.parent, exp.If) and node.arg_key == "this":
            return True
        node = node.parent
    return False


def _outside(tree: exp.Select, nodes: list[exp.Expr]) -> Iterator[exp.Column]:
    """Columns of this SELECT that stand in none of `nodes`."""
    inside = {id(c) for node in nodes for c in node.find_all(exp.Column)}
    for column in tree.find_all(exp.Column):
        if id(column) not in inside and column.find_ancestor(exp.Select) is tree:
            yield column


class _Rewriting:
    """One SELECT on its way to the model."""

    def __init__(self, tree: exp.Select, narrowed: Narrowed, dataset: Dataset | None, alias: str) -> None:
        self.tree, self.narrowed, self.catalog = tree.copy(), narrowed, narrowed.catalog
        self.is_model = dataset is None
        self.nodes = [n for n in aggregates(self.tree) if not (self.is_model and _is_of_metrics(n, self.catalog))]
        self.dataset = dataset or self._named_dataset()
        model_names = {self.catalog.name.lower(), alias.lower()} if self.is_model else set()
        self.model_names = model_names - {""}
        self.names = FieldNames(self.catalog, self.dataset, "" if self.is_model else alias) if self.dataset else None
        self.headings = {i.alias.lower() for i in self.tree.expressions if isinstance(i, exp.Alias)}
        """Names from AS."""
        self.metrics: dict[str, Metric] = {}
        self.dimensions: dict[str, Dimension] = {}

    def done(self) -> tuple[exp.Select, Narrowed]:
        self._keep_headings()
        for node in self.nodes:
            metric = self._metric(node)
            node.replace(exp.column(exp.to_identifier(metric.name)))
        for column in [*_outside(self.tree, [])]:
            self._outer_column(column)
        clause = self.tree.args.get("from_") or self.tree.args["from"]
        clause.set("this", exp.to_table(self.catalog.name))
        catalog = replace(
            self.catalog,
            metrics={**self.catalog.metrics, **self.metrics},
            dimensions={**self.catalog.dimensions, **self.dimensions},
        )
        return self.tree, replace(self.narrowed, catalog=catalog)

    def _keep_headings(self) -> None:
        """A column without AS is headed as it was written."""
        changed = {id(node) for node in self.nodes}
        for item in [*self.tree.expressions]:
            if isinstance(item, (exp.Alias, exp.Star)):
                continue
            fields = [c for c in item.find_all(exp.Column) if not isinstance(c.this, exp.Star)]
            if any(id(n) in changed for n in item.walk()) or (not self.is_model and fields):
                if isinstance(item, exp.Column) and grain_name(item):
                    continue
                heading = item.name if isinstance(item, exp.Column) else as_written(item)
                item.replace(exp.alias_(item.copy(), exp.to_identifier(heading, quoted=True)))
        self.nodes = [n for n in aggregates(self.tree) if not (self.is_model and _is_of_metrics(n, self.catalog))]

    # -- which rows -------------------------------------------------------------------------------------------
    def _named_dataset(self) -> Dataset | None:
        """FROM the model, qualified fields must say whose rows are aggregated: one dataset that reaches the rest."""
        if not self.nodes:
            return None
        named = dict.fromkeys(
            c.table
            for node in self.nodes
            for c in node.find_all(exp.Column)
            if c.table and c.table.lower() != self.catalog.name.lower()
        )
        known = [self.catalog.datasets[name] for name in named if name in self.catalog.datasets]
        if not named:
            text = as_written(self.nodes[0])
            raise NotComputable(
                f"{text!r} does not say which rows are meant.",
                f"Write FROM a dataset, or name a field of one, as COUNT(dataset.field); FROM {self.catalog.name}"
                " holds many datasets.",
                zh=(f"{text} 没有说明统计哪个数据集的行。", "请写 FROM 数据集，或写明字段，例如 COUNT(数据集.字段)。"),
            )
        for start in known:
            if all(joins_between(self.catalog, start.name, other.name) is not None for other in known):
                return start
        if len(known) < len(named):
            return self.catalog.datasets[next(iter(self.catalog.datasets))]
        raise NotComputable(
            f"Aggregates over fields of {' and '.join(map(repr, named))} stand in one SELECT.",
            "Aggregate the fields of one dataset in each SELECT, or name metrics.",
            zh=(
                f"一个 SELECT 中汇总了多个数据集的字段：{'、'.join(named)}。",
                "请每个 SELECT 只汇总一个数据集，或使用指标。",
            ),
        )

    # -- names outside the aggregates -------------------------------------------------------------------------
    def _outer_column(self, column: exp.Column) -> None:
        if isinstance(column.this, exp.Star) or column.name in self.metrics:
            return
        if column.table.lower() in self.model_names or (self.is_model and not column.table):
            return
        if not column.table and (grain_name(column) or self._is_heading(column)):
            return
        if self.is_model:
            if not _is_field(column, self.catalog):
                return
            if column.find_ancestor(exp.Where) is None:
                raise NotComputable(
                    f"{as_written(column)!r} is a field; FROM {self.catalog.name} groups by dimensions.",
                    f"Write FROM {column.table} to group by its fields.",
                    zh=(f"{as_written(column)} 是字段，不是维度。", f"请写 FROM {column.table}，再按字段分组。"),
                )
            named = FieldNames(self.catalog, self.catalog.datasets[column.table]).read(column)
        else:
            assert self.names is not None
            named = self.names.read(column)
        if named.many:
            raise self._many(column, named)
        if named.is_time:
            as_own_time(column)
            return
        dimension = named_apart(named.dimension, self.catalog)
        self.dimensions.setdefault(dimension.name, dimension)
        column.replace(exp.column(exp.to_identifier(dimension.name)))

    def _is_heading(self, column: exp.Column) -> bool:
        """A name from AS, in ORDER BY, HAVING or GROUP BY."""
        return column.name.lower() in self.headings and bool(column.find_ancestor(exp.Order, exp.Having, exp.Group))

    def _many(self, column: exp.Column, named: Named) -> NotComputable:
        dataset = self.dataset.name if self.dataset else ""
        text = as_written(column)
        return NotComputable(
            f"{text!r} is about many rows of {named.many!r}, which cannot be summed up beside {dataset!r}.",
            f"Choose rows first: SELECT … FROM (SELECT … FROM {dataset} WHERE {named.many}.{column.name} = …).",
            zh=(
                f"{text} 针对 {named.many} 的多行，不能与 {dataset} 一起汇总。",
                f"请先选行：SELECT … FROM (SELECT … FROM {dataset} WHERE {named.many}.{column.name} = …)。",
            ),
        )

    # -- one aggregate ----------------------------------------------------------------------------------------
    def _metric(self, node: exp.Expr) -> Metric:
        assert self.dataset is not None and self.names is not None
        call = node.this if isinstance(node, exp.Filter) else node
        text = as_written(node)
        self._check_shape(call, text)
        condition = node.expression.this if isinstance(node, exp.Filter) else None
        fields: dict[str, Field] = {}
        aggregate = self._over_fields(call, text, fields)
        chosen = self._over_fields(condition, text, {}) if condition is not None else None
        for division in [*aggregate.find_all(exp.Div)]:
            division.replace(divide(division.this.copy(), division.expression.copy()))
        only = next(iter(fields.values())) if len(fields) == 1 else None
        is_plain = isinstance(call.this, exp.Column)
        if isinstance(call, (exp.Sum, exp.Avg, exp.Min, exp.Max)) and is_plain and only is not None:
            self._check_number(only, text)
        expression = aggregate.sql("duckdb")
        condition_text = chosen.sql("duckdb") if chosen is not None else ""
        for made in self.metrics.values():
            if (made.expression, made.filter) == (expression, condition_text):
                return made
        metric = _unsigned(
            self._name(call, only, chosen is not None),
            expression,
            condition_text,
            self._unit(call, fields),
            self._display(call, only, text),
            f"临时汇总 {text}，不是已签署的定义。 / Computed ad hoc as {text}, not a signed definition.",
            self.dataset,
        )
        self.metrics[metric.name] = metric
        return metric

    def _check_shape(self, call: exp.Expr, text: str) -> None:
        inner = call.this
        is_distinct = isinstance(inner, exp.Distinct)
        several = bool(call.args.get("expressions")) or (is_distinct and len(inner.expressions) != 1)
        if inner is None or several:
            raise RefusedSyntax(f"{text!r} needs one argument.", "Aggregate one field, as SUM(balance).")
        if is_distinct and not isinstance(call, exp.Count):
            raise NotComputable(
                f"{text!r} leaves out equal values, which are not equal rows.",
                "Leave DISTINCT out, or count distinct values with COUNT(DISTINCT field).",
                zh=(f"{text} 会漏掉数值相同的不同行。", "请去掉 DISTINCT，或用 COUNT(DISTINCT 字段) 计数。"),
            )
        for part in call.walk():
            is_date = isinstance(part, (exp.Cast, exp.DataType))
            if part is not call and not isinstance(part, _INSIDE) and not is_date:
                raise NotComputable(
                    f"{as_written(part)!r} cannot stand in an aggregate.",
                    "Use fields, numbers, + - * /, CASE and COALESCE there.",
                    zh=(f"汇总函数中不能使用 {as_written(part)}。", "请使用字段、数字、四则运算、CASE 和 COALESCE。"),
                )
        if not isinstance(inner, exp.Star) and inner.find(exp.Column) is None and not isinstance(call, exp.Count):
            raise RefusedSyntax(f"{text!r} names no field.", "Aggregate a field, as SUM(balance), or write COUNT(*).")

    def _over_fields(self, tree: exp.Expr, text: str, fields: dict[str, Field]) -> exp.Expr:
        """`tree` over dataset.field, gathered in `fields`; conditions keep what is unknown, as everywhere."""
        assert self.dataset is not None and self.names is not None
        holder = exp.Paren(this=tree.copy())
        for column in holder.find_all(exp.Column):
            if column.table.lower() in self.model_names:
                column.set("table", None)
        for condition in [*holder.find_all(exp.EQ, exp.NEQ, exp.In, exp.Like, exp.ILike)]:
            stored_values(condition, self.catalog)
        for part in [*holder.find_all(exp.If)]:
            part.set("this", keep_unknown(part.this))
        if not isinstance(tree, (exp.AggFunc, exp.Case)):
            holder.set("this", keep_unknown(holder.this))
        for column in [*holder.find_all(exp.Column)]:
            named = self.names.read(column)
            dimension = named.dimension
            if named.many:
                raise self._many(column, named)
            stored = self.catalog.conforming_field(self.dataset.name, dimension)
            item = stored or self.catalog.field_of(dimension)
            if stored is None and (
                dimension.role or joins_between(self.catalog, self.dataset.name, item.dataset) is None
            ):
                raise NotComputable(
                    f"{text!r} cannot use {dimension.name!r} inside the aggregate.",
                    f"Group by {dimension.name!r}, or ask with a condition on it.",
                    zh=(f"{text} 的汇总中不能使用“{dimension.display.zh}”。", "请按它分组，或把它写成条件。"),
                )
            if not _chooses(column):
                fields[f"{item.dataset}.{item.name}"] = item
            column.replace(exp.column(item.name, item.dataset))
        inner: exp.Expr = holder.this
        return inner

    def _check_number(self, item: Field, text: str) -> None:
        dataset = self.catalog.datasets[item.dataset]
        keys = {name for key in (dataset.primary_key, *dataset.unique_keys) for name in key}
        keys |= {c for r in self.catalog.relationships if r.from_dataset == dataset.name for c in r.from_columns}
        if item.is_dimension or item.expression in keys or item.name == dataset.time_dimension:
            raise NotComputable(
                f"{text!r}: {item.name!r} is no number.",
                f"Count it, as COUNT(DISTINCT {item.name}), or group by it.",
                zh=(
                    f"{text}：“{item.display.zh}”不是数值。",
                    f"请计数，例如 COUNT(DISTINCT {item.name})，或按它分组。",
                ),
            )

    def _name(self, call: exp.Expr, only: Field | None, is_filtered: bool) -> str:
        words = [type(call).__name__.lower(), "distinct" if isinstance(call.this, exp.Distinct) else ""]
        words.append("rows" if isinstance(call.this, exp.Star) else only.name if only else "figure")
        words.append("filtered" if is_filtered else "")
        plain = "_".join(word for word in words if word)
        taken = {*self.catalog.metrics, *self.catalog.dimensions, *self.metrics}
        name, number = plain, 1
        while name in taken or grain_name(exp.column(name)):
            number += 1
            name = f"{plain}_{number}"
        return name

    def _unit(self, call: exp.Expr, fields: dict[str, Field]) -> str:
        if isinstance(call, exp.Count):
            return "count"
        units = {self._unit_of(item) for item in fields.values()}
        is_scaled = call.find(exp.Mul, exp.Div) is not None
        return next(iter(units)) if len(units) == 1 and not is_scaled else ""

    def _unit_of(self, item: Field) -> str:
        """The reporting currency for an amount in currencies; else what a signed sum of the field has."""
        if item.currency_field and self.catalog.rates:
            return self.catalog.rates.reporting_currency
        text = f"SUM({item.dataset}.{item.name})"
        return next((m.unit for m in self.catalog.metrics.values() if m.expression == text), "")

    def _display(self, call: exp.Expr, only: Field | None, text: str) -> Display:
        assert self.dataset is not None
        if isinstance(call.this, exp.Star):
            return Display(f"{self.dataset.display.zh}笔数", f"number of {self.dataset.display.en}")
        words = next(told for kind, told in _WORDS.items() if isinstance(call, kind))
        if only is None:
            return Display(text, text)
        if isinstance(call.this, exp.Distinct):
            return Display(f"{only.display.zh}去重数", f"number of distinct {only.display.en}")
        return Display(only.display.zh + words.zh, f"{words.en} {only.display.en}")
