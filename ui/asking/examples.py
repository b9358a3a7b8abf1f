"""Questions to start with, made from the names that this principal may see and the dates that are loaded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date

from t2sql.catalog import Catalog, Dimension, Language, Metric
from t2sql.wording import format_period


def suggest_questions(catalog: Catalog, last: date | None, language: Language) -> tuple[str, ...]:
    """Up to four questions of different kinds: by a dimension, the highest, over time, against a year before."""
    level, metrics = _level(catalog), list(catalog.metrics.values())
    if last is None or not metrics:
        return ()
    ratio = _first(metrics, lambda m: m.is_ratio_unit and not m.default_period)
    stocks = [m for m in metrics if m.unit == "CNY" and m.type == "simple" and not m.default_period]
    flow = _first(metrics, lambda m: m.unit == "CNY" and m.default_period == "ytd" and m.window_choice == "max")
    other = _first(stocks, lambda m: _dataset(m) != _dataset(stocks[0]))
    month = format_period(f"{last:%Y-%m}", language)
    year = last.year if last.month == 12 else last.year - 1
    zh, found = language == "zh", []
    if ratio and level:
        metric, by = ratio.display.to(language), level.display.to(language)
        found.append(f"{month}各{by}的{metric}是多少？" if zh else f"What was the {metric} by {by} in {month}?")
    if stocks and level:
        metric, by = stocks[0].display.to(language), level.display.to(language)
        found.append(f"{month}{metric}最高的5个{by}" if zh else f"Which {by} had the highest {metric} in {month}?")
    if flow:
        metric = flow.display.to(language)
        found.append(f"{year}年每个季度的{metric}" if zh else f"{_capital(metric)} by quarter in {year}")
    if other:
        metric = other.display.to(language)
        found.append(f"{month}{metric}同比增长多少？" if zh else f"Year-on-year growth of {metric} in {month}")
    return tuple(found)


def _level(catalog: Catalog) -> Dimension | None:
    """A dimension with a handful of members: the middle of the first hierarchy, else the first with few values."""
    if catalog.hierarchies:
        levels = catalog.hierarchies[0].levels
        return catalog.dimensions[levels[min(1, len(levels) - 1)]]
    return next((d for d in catalog.dimensions.values() if catalog.field_of(d).is_enum and not d.role), None)


def _first(metrics: Iterable[Metric], is_fit: Callable[[Metric], bool]) -> Metric | None:
    return next((m for m in metrics if is_fit(m)), None)


def _dataset(metric: Metric) -> str:
    """The first dataset that a simple metric reads."""
    found = re.search(r"(\w+)\.\w", metric.expression)
    return found[1] if found else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
