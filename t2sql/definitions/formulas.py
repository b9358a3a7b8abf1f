"""A formula of the catalog in words: metrics and fields under the names people use, conditions as a sentence would have
them. Reads the definition's SQL and changes nothing; what it has no words for stays as it is written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from t2sql.catalog import Catalog, Display, Language, Metric
from t2sql.flow import Column
from t2sql.phrases import Phrases
from t2sql.wording import join

if TYPE_CHECKING:
    from sqlglot import exp

_AGGREGATES = {
    "Sum": ("{}之和", "sum of {}"), "Count": ("{}的笔数", "number of {}"), "Avg": ("{}的平均", "average of {}"),
    "Min": ("最小的{}", "lowest {}"), "Max": ("最大的{}", "highest {}"),
}  # fmt: skip
_DISTINCT = ("去重后的{}数", "number of distinct {}")
_GRAINS = {
    "month": ("月", "month"),
    "quarter": ("季", "quarter"),
    "half": ("半年", "half-year"),
    "year": ("年", "year"),
}
_WINDOW = re.compile(r"(\d+)\s*(day|week|month|quarter|year)s?")
_UNITS_ZH = {"day": "天", "week": "周", "month": "个月", "quarter": "个季度", "year": "年"}


def formula_of(metric: Metric) -> str:
    """The formula as the definition writes it: over metric names, or the aggregate over fields."""
    if metric.type == "ratio":
        return f"{metric.numerator} / {metric.denominator}"
    return metric.expression


def tell_formula(metric: Metric, catalog: Catalog) -> Display:
    """The formula and its conditions in words, in both languages."""
    return Display(_told(metric, catalog, "zh"), _told(metric, catalog, "en"))


def _told(metric: Metric, catalog: Catalog, language: Language) -> str:
    zh = language == "zh"
    if metric.type == "ratio":
        text = f"{_name(metric.numerator, catalog, language)} ÷ {_name(metric.denominator, catalog, language)}"
    elif metric.type == "cumulative":
        text = _name(metric.expression, catalog, language) + _span(metric, language)
    else:
        text = _expression(metric.expression, catalog, language)
    if metric.day_count:
        days = metric.day_count.removeprefix("act/")
        days = ("当年天数" if zh else "the days of the year") if days == "act" else days
        text += f"，年化：× {days} ÷ 期内天数" if zh else f", annualised: × {days} ÷ days of the period"
    if metric.filter:
        condition = _condition(metric.filter, catalog, language)
        text += f"，限{condition}" if zh else f", where {condition}"
    return text + _window(metric, language)


def _window(metric: Metric, language: Language) -> str:
    """Which balance of the period a stock is."""
    zh = language == "zh"
    if metric.window_choice == "opening":
        return "；取期初（上期期末）" if zh else "; at the start of the period, which is the close of the one before"
    if metric.window_choice == "avg":
        if metric.average_over == "month_ends":
            return "；取期内各月末的平均" if zh else "; the mean over the month-ends of the period"
        return "；取期内各装载日的平均" if zh else "; the mean over the loaded days of the period"
    return ""


def _span(metric: Metric, language: Language) -> str:
    zh = language == "zh"
    if metric.grain_to_date:
        grain = _GRAINS[metric.grain_to_date]
        return f"，自{grain[0]}初累计" if zh else f", from the start of the {grain[1]}"
    if match := _WINDOW.fullmatch(metric.window):
        count, unit = match.groups()
        return f"，最近 {count} {_UNITS_ZH[unit]}累计" if zh else f", over the last {count} {unit}s"
    return "，自首次装载累计" if zh else ", since the first load"


def _name(name: str, catalog: Catalog, language: Language) -> str:
    found = catalog.metrics.get(name)
    return found.display.to(language) if found else name


def _expression(text: str, catalog: Catalog, language: Language) -> str:
    """An aggregate or arithmetic with names for identifiers."""
    import sqlglot
    from sqlglot.errors import SqlglotError

    try:
        return _words(sqlglot.parse_one(text, read="duckdb"), catalog, language)
    except SqlglotError:
        return text


def _words(node: exp.Expr, catalog: Catalog, language: Language) -> str:
    from sqlglot import exp

    which = 0 if language == "zh" else 1
    if isinstance(node, exp.Column):
        return _column(node, catalog, language)
    if isinstance(node, exp.Paren):
        return f"({_words(node.this, catalog, language)})"
    sign = {"Add": "+", "Sub": "−", "Mul": "×", "Div": "÷"}.get(type(node).__name__)
    if sign and isinstance(node, exp.Binary):
        return f"{_words(node.this, catalog, language)} {sign} {_words(node.expression, catalog, language)}"
    if isinstance(node, exp.Count) and isinstance(node.this, exp.Distinct):
        inner = join([_words(e, catalog, language) for e in node.this.expressions], language)
        return _DISTINCT[which].format(inner)
    if type(node).__name__ in _AGGREGATES and not isinstance(node.this, exp.Star):
        return _AGGREGATES[type(node).__name__][which].format(_words(node.this, catalog, language))
    return node.sql("duckdb")


def _column(node: exp.Expr, catalog: Catalog, language: Language) -> str:
    from sqlglot import exp

    assert isinstance(node, exp.Column)
    dataset = catalog.datasets.get(node.table)
    if dataset is not None and node.name in dataset.fields:
        return dataset.fields[node.name].display.to(language)
    return _name(node.name, catalog, language)


def _condition(text: str, catalog: Catalog, language: Language) -> str:
    """A condition over fields, in words."""
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    try:
        tree = sqlglot.parse_one(text, read="duckdb")
    except SqlglotError:
        return text
    columns: dict[str, Column] = {}
    for node in tree.find_all(exp.Column):
        dataset = catalog.datasets.get(node.table)
        item = dataset.fields.get(node.name) if dataset else None
        if item is not None:
            columns[item.name] = Column(item.name, "dimension", "text", "", "", "", item.display.zh, item.display.en)
    if isinstance(tree, exp.Column):
        return _column(tree, catalog, language)
    return Phrases(columns, catalog, language).condition(text)
