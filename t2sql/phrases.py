"""Pieces of semantic SQL in words: conditions, sort orders, names and figures.

Reads SQL with sqlglot and changes nothing. What it has no words for is shown as SQL, never left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from t2sql.catalog import GRAINS, Catalog, Language
from t2sql.flow import Column
from t2sql.wording import (
    GRAIN_WORDS,
    POINTS,
    RATIO,
    WEEKDAY_WORDS,
    format_period,
    format_threshold,
    join,
    label,
    visible,
)

if TYPE_CHECKING:
    from sqlglot import exp

COMPARISONS: dict[str, tuple[str, str]] = {
    "yoy": ("{}同比增速", "year-on-year growth of {}"),
    "mom": ("{}环比增速（月）", "month-on-month growth of {}"),
    "qoq": ("{}环比增速（季）", "quarter-on-quarter growth of {}"),
    "yoy_diff": ("{}同比变化", "year-on-year change of {}"),
    "mom_diff": ("{}环比变化（月）", "month-on-month change of {}"),
    "qoq_diff": ("{}环比变化（季）", "quarter-on-quarter change of {}"),
    "prev": ("上期{}", "{} of the previous period"),
    "prev_diff": ("{}较上期变化", "change of {} from the previous period"),
    "vs_year_start": ("{}较年初增速", "growth of {} since the start of the year"),
    "vs_year_start_diff": ("{}较年初变化", "change of {} since the start of the year"),
    "ytd": ("年初至今{}", "{} year to date"),
    "prior_year": ("去年同期{}", "{} a year before"),
    "share": ("{}占比", "share of {}"),
    "rank": ("{}排名", "rank by {}"),
}
"""Function of semantic SQL -> how it is said of a metric, in Chinese and English."""
GROWTH = {"yoy", "mom", "qoq", "vs_year_start", "share"}

OPERATORS: dict[str, tuple[str, str, str, str]] = {
    "EQ": ("为", "is", "等于", "equals"), "NEQ": ("不为", "is not", "不等于", "is not"),
    "GT": ("晚于", "after", "高于", "above"), "GTE": ("不早于", "from", "不低于", "at least"),
    "LT": ("早于", "before", "低于", "below"), "LTE": ("不晚于", "up to", "不高于", "at most"),
}  # fmt: skip
"""Node -> words for texts and dates (zh, en), then for figures (zh, en)."""


def comparison_label(function: str, metric: str, language: Language) -> str:
    """A metric's display name under a comparison: 同比变化, year-on-year change; unknown functions as written."""
    zh, en = COMPARISONS.get(function, (f"{function}({{}})", f"{function}({{}})"))
    return (zh if language == "zh" else en).format(metric)


class Phrases:
    """Words for the names of one narrowed catalog and one result."""

    def __init__(
        self, columns: Mapping[str, Column], catalog: Catalog, language: Language, *, tells_sources: bool = False
    ) -> None:
        """`tells_sources`: a column written after the name of what it comes from is told with it."""
        self.columns, self.catalog, self.language, self.tells_sources = columns, catalog, language, tells_sources

    def say(self, zh: str, en: str) -> str:
        """One of two texts."""
        return zh if self.language == "zh" else en

    def order(self, text: str) -> list[tuple[str, str]]:
        import sqlglot
        from sqlglot import exp

        if not text.strip():
            return []
        try:
            tree = sqlglot.parse_one(f"SELECT 1 ORDER BY {text}", read="duckdb")
        except sqlglot.ParseError:
            return [(visible(text), "")]
        found = []
        for item in tree.find_all(exp.Ordered):
            down = bool(item.args.get("desc"))
            is_figure = self._unit(item.this) is not None
            way = self.say("从高到低", "highest first") if down else self.say("从低到高", "lowest first")
            if not is_figure:
                way = self.say("降序", "descending") if down else self.say("升序", "ascending")
            found.append((self._name(item.this), way))
        return found

    def condition(self, text: str) -> str:
        import sqlglot

        try:
            return self._words_of(sqlglot.parse_one(text, read="duckdb"))
        except sqlglot.ParseError:
            return visible(text)

    def _words_of(self, node: exp.Expr) -> str:
        from sqlglot import exp

        if isinstance(node, exp.Paren):
            return f"{self.say('（', '(')}{self._words_of(node.this)}{self.say('）', ')')}"
        if isinstance(node, (exp.And, exp.Or)):
            word = self.say("且", " and ") if isinstance(node, exp.And) else self.say("或", " or ")
            return f"{self._words_of(node.this)}{word}{self._words_of(node.expression)}"
        if isinstance(node, exp.Not) and isinstance(node.this, (exp.In, exp.Like, exp.ILike, exp.Is, exp.Between)):
            return self._membership(node.this, is_not=not node.this.args.get("negate"))
        if isinstance(node, exp.Not):
            return self.say("并非（", "not (") + self._words_of(node.this) + self.say("）", ")")
        if isinstance(node, (exp.In, exp.Like, exp.ILike, exp.Is, exp.Between)):
            # sqlglot reads NOT LIKE as LIKE with a flag.
            return self._membership(node, is_not=bool(node.args.get("negate")))
        if type(node).__name__ in OPERATORS:
            words = OPERATORS[type(node).__name__]
            unit = self._unit(node.this)
            is_day = isinstance(node.this, exp.DayOfWeekIso)
            is_amount = isinstance(node.expression, exp.Literal) and not node.expression.is_string and not is_day
            is_number = unit is not None or is_amount
            operator = self.say(*(words[2:] if is_number else words[:2]))
            gap = self.say("", " ")
            return f"{self._name(node.this)}{gap}{operator}{gap}{self._value(node.expression, unit)}"
        return visible(node.sql("duckdb"))

    def _membership(self, node: exp.Expr, *, is_not: bool) -> str:
        from sqlglot import exp

        name, unit = self._name(node.this), self._unit(node.this)
        if isinstance(node, exp.In) and node.expressions:
            values = [self._value(value, unit) for value in node.expressions]
            listed = join(values, self.language, self.say("或", "or"))
            return f"{name}{self.say('不为' if is_not else '为', ' is not ' if is_not else ' is ')}{listed}"
        if isinstance(node, exp.Between):
            low, high = self._value(node.args["low"], unit), self._value(node.args["high"], unit)
            zh = f"{name}{'不' if is_not else ''}在{low}至{high}之间"
            return self.say(zh, f"{name} {'not ' if is_not else ''}between {low} and {high}")
        if isinstance(node, (exp.Like, exp.ILike)):
            pattern = self._value(node.expression, None)
            return self.say(
                f"{name}{'不' if is_not else ''}符合{pattern}", f"{name} {'not ' if is_not else ''}like {pattern}"
            )
        if isinstance(node, exp.Is) and isinstance(node.expression, exp.Null):
            return self.say(f"{name}{'不' if is_not else ''}为空", f"{name} is {'not ' if is_not else ''}missing")
        return visible((exp.Not(this=node.copy()) if is_not else node).sql("duckdb"))

    def name(self, node: exp.Expr) -> str:
        """A column or a comparison by its display name; any other expression as SQL."""
        return self._name(node)

    def name_of(self, written: str) -> str:
        """A bare name by its display name."""
        return self._flat_name(written)

    def _name(self, node: exp.Expr) -> str:
        """A column or a function of one, by its display name."""
        from sqlglot import exp

        if isinstance(node, exp.Column):
            said = self._flat_name(node.name)
            if not self.tells_sources or not node.table:
                return said
            return self.say(f"{visible(node.table)}的{said}", f"{said} of {visible(node.table)}")
        if isinstance(node, exp.Abs):
            inside = self._name(node.this)
            return self.say(f"{inside}的绝对值", f"the size of the {inside}")
        function = _function_name(node)
        inner = next(iter(node.find_all(exp.Column)), None)
        if inner is not None and isinstance(node, exp.DayOfWeekIso):
            said = self._name(inner)
            return said if isinstance(node.parent, exp.Predicate) else self.say(f"{said}的星期几", f"weekday of {said}")
        if inner is not None and function in COMPARISONS:
            argument = node.expressions[0] if node.expressions else node.this
            of = self._name(argument if isinstance(argument, exp.Expr) else inner)
            return comparison_label(function, of, self.language)
        if inner is not None and function in GRAINS:
            return self._name(inner) + self.say("", " ") + self.say(*GRAIN_WORDS[function])
        return visible(node.sql("duckdb"))

    def _flat_name(self, written: str) -> str:
        """A bare name: a result column, metric, dimension, grain, or a comparison as one word (yoy_diff_npl_ratio)."""
        name, catalog = written.lower(), self.catalog
        if name in self.columns and self.columns[name].kind != "period":
            return label(self.columns[name], self.language)
        known = catalog.metrics.get(name) or catalog.dimensions.get(name)
        if known is not None:
            return visible(known.display.to(self.language))
        for grain in GRAINS:
            if name == grain:
                return self.say(*GRAIN_WORDS[grain])
        function, rest = self._compared(name)
        return comparison_label(function, self._flat_name(rest), self.language) if function else visible(written)

    def _compared(self, name: str) -> tuple[str, str]:
        """(function, what it is of) for a comparison key, ("", "") for other names. Keys of share hold dimensions."""
        for function in sorted(COMPARISONS, key=len, reverse=True):
            rest = name.removeprefix(f"{function}_")
            if rest == name:
                continue
            if rest in self.catalog.metrics or self._compared(rest)[0]:
                return function, rest
            over = [metric for metric in self.catalog.metrics if rest.endswith(f"_{metric}")]
            if function == "share" and over:
                return function, max(over, key=len)
        return "", ""

    def _unit(self, node: exp.Expr) -> str | None:
        """The unit of a figure; None for texts and dates."""
        from sqlglot import exp

        if isinstance(node, exp.Column):
            return self._flat_unit(node.name.lower())
        if isinstance(node, (exp.Binary, exp.Case, exp.Window)):
            return None
        inner = next(iter(node.find_all(exp.Column)), None)
        return None if inner is None else self._compared_unit(_function_name(node), self._flat_unit(inner.name.lower()))

    def _flat_unit(self, name: str) -> str | None:
        shown, metric = self.columns.get(name), self.catalog.metrics.get(name)
        if shown is not None and shown.kind == "metric":
            return shown.unit
        if metric is not None:
            return metric.unit
        function, rest = self._compared(name)
        return self._compared_unit(function, self._flat_unit(rest)) if function else None

    def _compared_unit(self, function: str, unit: str | None) -> str | None:
        if unit is None or function in GROWTH:
            return unit and RATIO
        if function == "rank":
            return "count"
        return POINTS if function.endswith("_diff") and unit == RATIO else unit

    def _value(self, node: exp.Expr, unit: str | None) -> str:
        from sqlglot import exp

        if isinstance(node, exp.Cast):
            node = node.this
        if isinstance(node, exp.Literal) and node.is_string:
            is_period = format_period(node.this, self.language)
            if _is_of_grain(node):
                return is_period
            return f"“{visible(node.this)}”" if is_period == visible(node.this) or node.this.isdigit() else is_period
        negative = isinstance(node, exp.Neg)
        number = node.this if negative else node
        if isinstance(number, exp.Literal) and _is_weekday(number):
            return self.say(*WEEKDAY_WORDS[int(number.name) - 1])
        if isinstance(number, exp.Literal):
            value = Decimal(number.this) * (-1 if negative else 1)
            return (
                format_threshold(value, unit, self.language)
                if unit is not None
                else format_threshold(value, "", self.language)
            )
        if isinstance(node, (exp.Column, exp.Func)):
            return self._name(node)
        return visible(node.sql("duckdb"))


def _is_of_grain(literal: exp.Expr) -> bool:
    """Whether a literal stands beside a grain, so that 2025 is a year."""
    from sqlglot import exp

    beside = literal.parent.this if literal.parent is not None else None
    return isinstance(beside, exp.Column) and beside.name.lower() in GRAINS


def _is_weekday(literal: exp.Expr) -> bool:
    """Whether a number is a day of the week, 1 to 7."""
    from sqlglot import exp

    beside = literal.parent.this if literal.parent is not None else None
    return isinstance(beside, exp.DayOfWeekIso) and literal.is_int and 1 <= int(literal.name) <= len(WEEKDAY_WORDS)


def _function_name(node: exp.Expr) -> str:
    """Lower-case name of a function node, "" for anything else; parsers know some names and leave others anonymous."""
    from sqlglot import exp

    if isinstance(node, exp.Anonymous):
        return str(node.this).lower()
    return node.sql_name().lower() if isinstance(node, exp.Func) else ""
