"""One aggregate over fields as a metric that nobody signed.

Refuses what would be no figure (a sum of keys, of distinct amounts), and what not every engine computes alike.
"""

from __future__ import annotations

from sqlglot import exp

from t2sql.catalog import AD_HOC, Catalog, Dataset, Display, Field, Metric
from t2sql.compiler.calendar.time_conditions import grain_name
from t2sql.compiler.facts.lacking import in_own_currencies
from t2sql.compiler.facts.metrics import divide
from t2sql.compiler.rows.field_names import FieldNames, Named
from t2sql.compiler.words.conditions import CONDITIONS, keep_unknown, stored_values
from t2sql.compiler.words.day_counts import with_day_counts
from t2sql.compiler.words.field_kinds import extreme_kind, kind_of_field
from t2sql.compiler.words.kinds import check_boolean, kind_of
from t2sql.compiler.words.spelling import as_written
from t2sql.compiler.words.weekdays import is_weekday
from t2sql.errors import NotComputable, RefusedSyntax
from t2sql.paths import joins_between

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
_ENDS: dict[type[exp.Expr], Display] = {
    exp.Min: Display("最早（最前）", "first"),
    exp.Max: Display("最晚（最后）", "last"),
}


def rows_of(dataset: Dataset) -> Metric:
    """The count of a dataset's rows, which stands for them where only their days are asked."""
    return unsigned(f"rows of {dataset.name}", "COUNT(*)", "", "count", dataset.display, "", dataset)


def unsigned(
    name: str, expression: str, condition: str, unit: str, display: Display, description: str, dataset: Dataset
) -> Metric:
    """A simple metric that nobody signed."""
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


def _chooses(column: exp.Column) -> bool:
    """Whether a column stands in the condition of a CASE, not in what it gives."""
    node: exp.Expr = column
    while node.parent is not None:
        if isinstance(node.parent, exp.If) and node.arg_key == "this":
            return True
        node = node.parent
    return False


def no_number(text: str, name: str, zh: str) -> NotComputable:
    """That what `text` aggregates cannot be summed."""
    return NotComputable(
        f"{text!r}: {name!r} is no number.",
        f"Count it, as COUNT(DISTINCT {name}), or group by it.",
        zh=(f"{text}：“{zh}”不是数值。", f"请计数，例如 COUNT(DISTINCT {name})，或按它分组。"),
    )


def beside_many(column: exp.Column, named: Named, dataset: Dataset) -> NotComputable:
    """That a name is about many rows, which an aggregate over one dataset cannot look at."""
    text = as_written(column)
    return NotComputable(
        f"{text!r} is about many rows of {named.many!r}, which cannot be summed up beside {dataset.name!r}.",
        f"Choose rows first: SELECT … FROM (SELECT … FROM {dataset.name} WHERE {named.many}.{column.name} = …).",
        zh=(
            f"{text} 针对 {named.many} 的多行，不能与 {dataset.name} 一起汇总。",
            f"请先选行：SELECT … FROM (SELECT … FROM {dataset.name} WHERE {named.many}.{column.name} = …)。",
        ),
    )


class Aggregates:
    """The aggregates of one SELECT over `dataset`, gathered as metrics."""

    def __init__(self, catalog: Catalog, dataset: Dataset, names: FieldNames) -> None:
        self.catalog, self.dataset, self.names = catalog, dataset, names
        self.metrics: dict[str, Metric] = {}

    def metric(self, node: exp.Expr) -> Metric:
        """The metric that an aggregate call, with its FILTER, is. Raises UnknownName, RefusedSyntax, NotComputable."""
        call = node.this if isinstance(node, exp.Filter) else node
        text = as_written(node)
        self._check_shape(call, text)
        condition = node.expression.this if isinstance(node, exp.Filter) else None
        fields: dict[str, Field] = {}
        self._check_kinds(call, condition)
        aggregate = self._over_fields(call, text, fields)
        chosen = self._over_fields(condition, text, {}) if condition is not None else None
        for division in [*aggregate.find_all(exp.Div)]:
            division.replace(divide(division.this.copy(), division.expression.copy()))
        only = next(iter(fields.values())) if len(fields) == 1 else None
        is_plain = isinstance(call.this, exp.Column)
        if isinstance(call, (exp.Sum, exp.Avg, exp.Min, exp.Max)) and is_plain and only is not None:
            self._check_number(call, only, text)
        expression = aggregate.sql("duckdb")
        condition_text = chosen.sql("duckdb") if chosen is not None else ""
        for made in self.metrics.values():
            if (made.expression, made.filter) == (expression, condition_text):
                return made
        metric = unsigned(
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
            is_day = is_weekday(part) and isinstance(part.parent, CONDITIONS)
            if part is not call and not isinstance(part, _INSIDE) and not is_date and not is_day:
                raise NotComputable(
                    f"{as_written(part)!r} cannot stand in an aggregate.",
                    "Use fields, numbers, + - * /, CASE and COALESCE there.",
                    zh=(f"汇总函数中不能使用 {as_written(part)}。", "请使用字段、数字、四则运算、CASE 和 COALESCE。"),
                )
        if not isinstance(inner, exp.Star) and inner.find(exp.Column) is None and not isinstance(call, exp.Count):
            raise RefusedSyntax(f"{text!r} names no field.", "Aggregate a field, as SUM(balance), or write COUNT(*).")

    def _check_kinds(self, call: exp.Expr, condition: exp.Expr | None) -> None:
        """Conditions are conditions, and calculations are over numbers."""
        kind = self._kind
        for argument in call.this.expressions if isinstance(call.this, exp.Distinct) else [call.this]:
            if not isinstance(argument, exp.Star):
                found = kind_of(argument, kind)
                if isinstance(call, (exp.Sum, exp.Avg)) and found in ("text", "boolean"):
                    raise no_number(as_written(call), as_written(argument), as_written(argument))
        if condition is not None:
            check_boolean(condition, kind)

    def _kind(self, column: exp.Column) -> str:
        return kind_of_field(self.catalog.field_of(self.names.read(column).dimension))

    def _over_fields(self, tree: exp.Expr, text: str, fields: dict[str, Field]) -> exp.Expr:
        """`tree` over dataset.field, gathered in `fields`; conditions keep what is unknown, as everywhere."""
        holder = exp.Paren(this=tree.copy())
        for condition in [*holder.find_all(exp.EQ, exp.NEQ, exp.In, exp.Like, exp.ILike)]:
            stored_values(condition, self.catalog)
        holder.set("this", with_day_counts(holder.this, self._kind))
        for part in [*holder.find_all(exp.If)]:
            part.set("this", keep_unknown(part.this))
        if not isinstance(tree, (exp.AggFunc, exp.Case)):
            holder.set("this", keep_unknown(holder.this))
        for column in [*holder.find_all(exp.Column)]:
            named = self.names.read(column)
            dimension = named.dimension
            if named.many:
                raise beside_many(column, named, self.dataset)
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
            if item.currency_field and (item.dataset != self.dataset.name or not self.dataset.time_dimension):
                raise in_own_currencies(item)
            if not _chooses(column):
                fields[f"{item.dataset}.{item.name}"] = item
            column.replace(exp.column(item.name, item.dataset))
        inner: exp.Expr = holder.this
        return inner

    def _check_number(self, call: exp.Expr, item: Field, text: str) -> None:
        dataset = self.catalog.datasets[item.dataset]
        keys = {name for key in (dataset.primary_key, *dataset.unique_keys) for name in key}
        keys |= {c for r in self.catalog.relationships if r.from_dataset == dataset.name for c in r.from_columns}
        is_key = item.expression in keys or item.name == dataset.time_dimension
        if isinstance(call, (exp.Min, exp.Max)) and extreme_kind(item) and not is_key:
            # The first or last day or name of a group is one of its rows', as it stands.
            return
        is_no_number = item.is_dimension or item.type in ("text", "date", "boolean")
        if is_no_number or is_key:
            raise no_number(text, item.name, item.display.zh)

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
        if isinstance(call.this, exp.Star):
            return Display(f"{self.dataset.display.zh}笔数", f"number of {self.dataset.display.en}")
        words = next(told for kind, told in _WORDS.items() if isinstance(call, kind))
        if only is not None and isinstance(call.this, exp.Column) and extreme_kind(only):
            words = _ENDS.get(type(call), words)
        if only is None:
            return Display(text, text)
        if isinstance(call.this, exp.Distinct):
            return Display(f"{only.display.zh}去重数", f"number of distinct {only.display.en}")
        return Display(only.display.zh + words.zh, f"{words.en} {only.display.en}")
