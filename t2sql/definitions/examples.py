"""Questions about one name, to click: each with its semantic SQL, which has been seen to compile before it is shown.

Made from one narrowed catalog and the last loaded day; reads no data and asks no llm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from t2sql.catalog import Catalog, Dimension, Language, Metric
from t2sql.definitions.terms import has_dimension, simple_datasets, splits_of
from t2sql.flow import Reading
from t2sql.wording import format_period

Compiles = Callable[[str], bool]
_MOST = 4
_TRIED = 12
"""Metrics tried for the examples of a dimension."""
_FEW_MONTHS = 3
_HIGHEST = 10


def metric_examples(
    metric: Metric, catalog: Catalog, last: date, language: Language, compiles: Compiles
) -> tuple[Reading, ...]:
    """Up to four: at the last month, by a dimension, month by month, against a year before."""
    return tuple(r for r in _of_metric(metric, catalog, last, language) if compiles(r.semantic_sql))[:_MOST]


def dimension_examples(
    dimension: Dimension, catalog: Catalog, last: date, language: Language, compiles: Compiles
) -> tuple[Reading, ...]:
    """Up to four: metrics that people read by this dimension, of different facts before others of one."""
    fitting = (m for m in catalog.metrics.values() if has_dimension(m, dimension, catalog))
    metrics = sorted(list(fitting)[: _TRIED * _MOST], key=_place_among(catalog))
    found: list[Reading] = []
    for metric in metrics[:_TRIED]:
        reading = _by(metric, dimension, catalog, last, language)
        if compiles(reading.semantic_sql):
            found.append(reading)
        if len(found) == _MOST:
            break
    return tuple(found)


def level_for(metric: Metric, catalog: Catalog) -> Dimension | None:
    """A dimension to split the metric by: a level of a hierarchy, else one with few members; None without either."""
    levels = [name for h in catalog.hierarchies for name in h.levels[1:2] or h.levels]
    few = [d.name for d in catalog.dimensions.values() if catalog.field_of(d).is_enum and not d.role]
    splits = [named.name for named in splits_of(metric, catalog)]
    return next((catalog.dimensions[name] for name in (*levels, *few) if name in splits), None)


def _of_metric(metric: Metric, catalog: Catalog, last: date, language: Language) -> Iterator[Reading]:
    zh, model, called = language == "zh", catalog.name, metric.display.to(language)
    month = f"{last:%Y-%m}"
    when = format_period(month, language)
    yield Reading(
        f"{when}的{called}是多少？" if zh else f"{_capital(called)} in {when}",
        f"SELECT {metric.name} FROM {model} WHERE month = '{month}'",
    )
    level = level_for(metric, catalog)
    if level is not None:
        yield _by(metric, level, catalog, last, language)
    year = last.year if last.month >= _FEW_MONTHS else last.year - 1
    yield Reading(
        f"{year}年每月的{called}" if zh else f"{_capital(called)} by month in {year}",
        f"SELECT month, {metric.name} FROM {model} WHERE year = '{year}'",
    )
    change = "yoy_diff" if metric.is_ratio_unit else "yoy"
    yield Reading(
        f"{when}{called}同比变化" if zh else f"Year-on-year change of {called} in {when}",
        f"SELECT {metric.name}, {change}({metric.name}) FROM {model} WHERE month = '{month}'",
    )


def _by(metric: Metric, dimension: Dimension, catalog: Catalog, last: date, language: Language) -> Reading:
    """The metric by the dimension: a date by its years, and of very many members those with the highest figures."""
    zh, model, item = language == "zh", catalog.name, catalog.field_of(dimension)
    called, by = metric.display.to(language), dimension.display.to(language)
    month = f"{last:%Y-%m}"
    when = format_period(month, language)
    group, tail = dimension.name, ""
    text = f"{when}各{by}的{called}" if zh else f"{_capital(called)} by {by} in {when}"
    if item.is_time:
        group = f"year({dimension.name})"
        text = f"{when}的{called}，按{by}的年份" if zh else f"{_capital(called)} by year of {by} in {when}"
    elif not item.searchable:
        tail = f" ORDER BY {metric.name} DESC LIMIT {_HIGHEST}"
        text = f"{when}{called}最高的{_HIGHEST}个{by}" if zh else f"The {_HIGHEST} highest {called}, by {by}, in {when}"
    return Reading(text, f"SELECT {group}, {metric.name} FROM {model} WHERE month = '{month}'{tail}")


def _place_among(catalog: Catalog) -> Callable[[Metric], int]:
    """First the first metric of each fact, then the second ones: a list of one fact's metrics says less."""
    counts: dict[frozenset[str], int] = {}
    places: dict[str, int] = {}
    for metric in catalog.metrics.values():
        facts = simple_datasets(metric, catalog)
        places[metric.name] = counts[facts] = counts.get(facts, -1) + 1
    return lambda metric: places[metric.name]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
