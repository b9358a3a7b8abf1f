"""The words of one narrowed catalog: which metric, comparison or dimension an expression names.

Never touches physical names, and never suggests a name outside the narrowed catalog.
"""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from t2sql.catalog import GRAINS, Catalog, Dimension
from t2sql.compiler.request import COMPARISONS, Compared, Measure, MetricRef, functions_of, metric_of
from t2sql.compiler.words.conditions import call_of, grain_call
from t2sql.compiler.words.field_kinds import figure_kind
from t2sql.compiler.words.spelling import as_written
from t2sql.errors import NotComputable, RefusedSyntax, UnknownName, did_you_mean

OVER_YTD = ("yoy", "yoy_diff", "prior_year")
PART = "is_part"
"""Mark of a metric's name that stands in a calculation with other metrics."""
_AGGREGATES = ("sum", "count", "avg", "min", "max")


class Vocabulary:
    """Reads names. Every method raises UnknownName, RefusedSyntax or NotComputable in words that help."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def is_measure(self, node: exp.Expr) -> bool:
        """A metric's bare name, or a comparison function, whether well formed or not."""
        if isinstance(node, exp.Column):
            return not node.table and node.name in self.catalog.metrics
        return call_of(node)[0] in (*COMPARISONS, "measure")

    def dimension(self, column: exp.Column) -> Dimension:
        """The dimension that a bare name means."""
        if column.table:
            raise UnknownName(
                f"Unknown name {column.sql()!r}.",
                f"Names stand alone, or after {self.catalog.name!r}, as {self.catalog.name}.{column.name}.",
            )
        if column.name not in self.catalog.dimensions:
            raise UnknownName(
                f"Unknown dimension {column.name!r} in {self.catalog.name!r}."
                + did_you_mean(column.name, self.catalog.dimensions),
                "Use a dimension of the catalog; values stand in single quotes.",
            )
        return self.catalog.dimensions[column.name]

    def dated(self, node: exp.Expr) -> Dimension | None:
        """grain(date dimension), as a dimension of its own; None for anything else."""
        name, column, is_first_day = grain_call(node)
        if name not in GRAINS or column is None:
            return None
        if column.name not in self.catalog.dimensions or not self.catalog.field_of(self.dimension(column)).is_time:
            raise UnknownName(
                f"{name}() needs a date dimension, not {column.name!r}.",
                f"The metrics' own time is written {name}, without brackets.",
            )
        told = f"{name}({column.name})" if not is_first_day else f"date_trunc({name!r}, {column.name})"
        return replace(self.dimension(column), name=told, grain=name, is_first_day=is_first_day)

    def measure(self, node: exp.Expr) -> Measure:
        """The metric or comparison that an expression means."""
        if isinstance(node, exp.Paren):
            return self.measure(node.this)
        if isinstance(node, exp.Column):
            return self._metric(node)
        name, arguments = call_of(node)
        if name == "measure" and len(arguments) == 1:
            return self.measure(arguments[0])
        if name == "measure":
            raise RefusedSyntax("MEASURE needs one metric.", "Write MEASURE(metric), or the metric's name alone.")
        if name not in COMPARISONS:
            raise self._not_a_measure(node, name)
        if not arguments:
            raise RefusedSyntax(f"{name} needs a metric.", f"Write {name}(metric).")
        dimensions = []
        for extra in arguments[1:]:
            if name != "share" or not isinstance(extra, exp.Column) or extra.name not in self.catalog.dimensions:
                raise RefusedSyntax(
                    f"{name} takes one metric{' and dimensions' if name == 'share' else ''}.",
                    f"Write {name}(metric{', dimension' if name == 'share' else ''}).",
                )
            dimensions.append(extra.name)
        of = self.measure(arguments[0])
        _check_nesting(name, of)
        kind = figure_kind(metric_of(of), self.catalog)
        if kind and name != "rank":
            raise NotComputable(
                f"{as_written(arguments[0])!r} is a {kind}, with which {name} cannot calculate.",
                f"Leave {name} out.",
                zh=(
                    f"{as_written(arguments[0])} 是{'日期' if kind == 'date' else '文本'}，不能计算。",
                    f"请去掉 {name}。",
                ),
            )
        return Compared(name, of, tuple(dict.fromkeys(dimensions)))

    def _metric(self, column: exp.Column) -> Measure:
        if column.table or column.name in self.catalog.dimensions:
            dimension = self.dimension(column)
            raise NotComputable(f"{dimension.name!r} is a dimension, not a number.", "Name a metric here.")
        if column.name in self.catalog.metrics:
            return MetricRef(self.catalog.metrics[column.name], is_part=PART in column.meta)
        known = [*self.catalog.metrics, *self.catalog.dimensions]
        raise UnknownName(
            f"Unknown metric or dimension {column.name!r} in {self.catalog.name!r}.{did_you_mean(column.name, known)}",
            f"Use a name of the catalog, or define {column.name!r} in model.yml and run `t2sql check`.",
        )

    def _not_a_measure(self, node: exp.Expr, name: str) -> UnknownName | NotComputable | RefusedSyntax:
        text = as_written(node)
        if name in _AGGREGATES:
            return NotComputable(
                f"{text!r}: a metric carries its own aggregate.",
                "Name the metric alone; a field is written dataset.field.",
                zh=(f"{text}：指标自带汇总方式。", "请直接写指标名；字段请写成 数据集.字段。"),
            )
        if isinstance(node, (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg)):
            return NotComputable(
                f"Calculations in SELECT are not supported yet: {text!r}.",
                "Name each metric in a column of its own, or define a derived metric in model.yml.",
            )
        if isinstance(node, (exp.Literal, exp.Boolean, exp.Null)):
            return RefusedSyntax(f"{text} is a value, not a name.", "Name a metric or a dimension.")
        if not name:
            return RefusedSyntax(f"{text!r} is not a metric or a dimension.", "Name a metric or a dimension.")
        return UnknownName(
            f"{name!r} is not a function of semantic SQL.{did_you_mean(name, COMPARISONS)}",
            "Name the metric alone, or use one of " + ", ".join(COMPARISONS) + ".",
        )


def _check_nesting(function: str, of: Measure) -> None:
    inner = functions_of(of)
    if not inner or function == "rank":
        return
    if function in ("share", "ytd") or len(inner) > 1 or inner[0] not in ("ytd", "share"):
        raise NotComputable(
            f"{function} of {inner[0]} has no agreed meaning.",
            "Compare the metric itself, its ytd or its share; rank anything.",
        )
    if inner[0] == "ytd" and function not in OVER_YTD:
        raise NotComputable(
            f"{function} of ytd has no agreed meaning: January would be set against a whole year.",
            f"Use {', '.join(OVER_YTD)} of ytd, or {function} of the metric itself.",
        )
