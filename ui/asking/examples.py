"""Questions to start with, made from the names that this principal may see and the dates that are loaded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date

from t2sql.catalog import Catalog, Dimension, Language, Metric
from t2sql.wording import format_period


def suggest_questions(catalog: Catalog, last: date | None, language: Language) -> tuple[str, ...]:
    """Up to six questions of different kinds: by a dimension, the highest, over time by a group, shares, against a year
    before, and what a name means.
    """
    if last is None or not catalog.metrics:
        return ()
    names = Names(catalog, last, language)
    kinds = (names.by_level, names.highest, names.over_time, names.shares, names.growth, names.meaning)
    return tuple(text for kind in kinds if (text := kind()))


class Names:
    """The names of a catalog that fit each kind of question, and the questions made of them; "" where none fits."""

    def __init__(self, catalog: Catalog, last: date, language: Language) -> None:
        self._language: Language = language
        self.is_zh = language == "zh"
        metrics = list(catalog.metrics.values())
        stocks = [m for m in metrics if m.unit == "CNY" and m.type == "simple" and not m.default_period]
        self.stock = stocks[0] if stocks else None
        self.other = next((m for m in stocks if _dataset(m) != _dataset(stocks[0])), None)
        self.ratio = _first(metrics, lambda m: m.is_ratio_unit and not m.default_period)
        self.flow = _first(
            metrics, lambda m: m.unit == "CNY" and m.default_period == "ytd" and m.window_choice == "max"
        )
        self.level, self.widest = _level(catalog), _widest(catalog)
        self.month = format_period(f"{last:%Y-%m}", language)
        self.year = last.year if last.month == 12 else last.year - 1

    def by_level(self) -> str:
        if not (self.ratio and self.level):
            return ""
        metric, by = self.called(self.ratio), self.called(self.level)
        if self.is_zh:
            return f"{self.month}各{by}的{metric}是多少？"
        return f"What was the {metric} by {by} in {self.month}?"

    def highest(self) -> str:
        if not (self.stock and self.level):
            return ""
        metric, by = self.called(self.stock), self.called(self.level)
        if self.is_zh:
            return f"{self.month}{metric}最高的5个{by}"
        return f"Which {by} had the highest {metric} in {self.month}?"

    def over_time(self) -> str:
        if not self.flow:
            return ""
        metric, year = self.called(self.flow), self.year
        if not self.widest:
            return f"{year}年每个季度的{metric}" if self.is_zh else f"{_capital(metric)} by quarter in {year}"
        by = self.called(self.widest)
        return f"{year}年每个季度各{by}的{metric}" if self.is_zh else f"Quarterly {metric} by {by} in {year}"

    def shares(self) -> str:
        added = self.other or self.stock
        if not (added and self.level):
            return ""
        metric, by = self.called(added), self.called(self.level)
        if self.is_zh:
            return f"{self.month}各{by}的{metric}占比"
        return f"Share of the {metric} by {by} in {self.month}"

    def growth(self) -> str:
        if not self.stock:
            return ""
        metric = self.called(self.stock)
        return (
            f"{self.month}{metric}同比增长多少？" if self.is_zh else f"Year-on-year growth of {metric} in {self.month}"
        )

    def meaning(self) -> str:
        named = self.ratio or self.stock or self.flow
        if not named:
            return ""
        metric = self.called(named)
        return f"{metric}是怎么算的？" if self.is_zh else f"How is the {metric} calculated?"

    def called(self, named: Metric | Dimension) -> str:
        """What people call it."""
        return named.display.to(self._language)


def _level(catalog: Catalog) -> Dimension | None:
    """A dimension with a handful of members: the middle of the first hierarchy, else the first with few values."""
    if catalog.hierarchies:
        levels = catalog.hierarchies[0].levels
        return catalog.dimensions[levels[min(1, len(levels) - 1)]]
    return next((d for d in catalog.dimensions.values() if catalog.field_of(d).is_enum and not d.role), None)


def _widest(catalog: Catalog) -> Dimension | None:
    """The top of the first hierarchy: few enough members to be lines of one chart."""
    return catalog.dimensions[catalog.hierarchies[0].levels[0]] if catalog.hierarchies else None


def _first(metrics: Iterable[Metric], is_fit: Callable[[Metric], bool]) -> Metric | None:
    return next((m for m in metrics if is_fit(m)), None)


def _dataset(metric: Metric) -> str:
    """The first dataset that a simple metric reads."""
    found = re.search(r"(\w+)\.\w", metric.expression)
    return found[1] if found else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
