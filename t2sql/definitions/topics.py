"""What can be asked, by topic, with questions that work: each example has been seen to compile before it is shown.

Topics are the datasets of one narrowed catalog, under their display names. It reads no data and asks no llm.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from t2sql.catalog import Catalog, Language, Metric
from t2sql.definitions.examples import Compiles, level_for
from t2sql.definitions.terms import datasets_in_order, splits_of
from t2sql.flow import Named, Reading, Topic
from t2sql.wording import format_period

_EXAMPLES = 2


def find_topics(catalog: Catalog, last: date | None, language: Language, compiles: Compiles) -> tuple[Topic, ...]:
    """Every topic with its metrics, what they can be split by, and up to two examples in `language`.

    `last`: the last loaded day; None gives no example. `compiles(semantic_sql)` says whether one can be shown.
    """
    return tuple(
        _topic(name, metrics, catalog, last, language, compiles) for name, metrics in metrics_by_topic(catalog).items()
    )


def find_topic(name: str, catalog: Catalog, last: date | None, language: Language, compiles: Compiles) -> Topic | None:
    """The topic of dataset `name`, as `find_topics` has it; None where no metric stands on it."""
    metrics = metrics_by_topic(catalog).get(name)
    return _topic(name, metrics, catalog, last, language, compiles) if metrics else None


def metrics_by_topic(catalog: Catalog) -> dict[str, list[Metric]]:
    """Dataset name -> the metrics that stand on it before all others, in the order of the definitions."""
    groups: dict[str, list[Metric]] = {}
    for metric in catalog.metrics.values():
        if datasets := datasets_in_order(metric, catalog):
            groups.setdefault(datasets[0], []).append(metric)
    return groups


def _topic(
    name: str, metrics: Sequence[Metric], catalog: Catalog, last: date | None, language: Language, compiles: Compiles
) -> Topic:
    return Topic(
        catalog.datasets[name].display,
        tuple(Named(m.name, m.display) for m in metrics),
        _splits(metrics, catalog),
        tuple(_examples(metrics, catalog, last, language, compiles)) if last else (),
    )


def _splits(metrics: Sequence[Metric], catalog: Catalog) -> tuple[Named, ...]:
    found: dict[str, Named] = {}
    for metric in metrics:
        for named in splits_of(metric, catalog):
            if not catalog.dimensions[named.name].role:
                found.setdefault(named.name, named)
    return tuple(found.values())


def _examples(
    metrics: Sequence[Metric], catalog: Catalog, last: date, language: Language, compiles: Compiles
) -> Iterator[Reading]:
    """A metric at the last load, then one by a dimension; each of another metric where there are two."""
    month = f"{last:%Y-%m}"
    when = format_period(month, language)
    zh, found = language == "zh", 0
    for metric in metrics:
        called = metric.display.to(language)
        level = level_for(metric, catalog) if found else None
        if found and level is None:
            continue
        if level is None:
            text = f"{when}的{called}是多少？" if zh else f"{called[:1].upper()}{called[1:]} in {when}"
            sql = f"SELECT {metric.name} FROM {catalog.name} WHERE month = '{month}'"
        else:
            by = level.display.to(language)
            text = f"{when}各{by}的{called}" if zh else f"{called[:1].upper()}{called[1:]} by {by} in {when}"
            sql = f"SELECT {level.name}, {metric.name} FROM {catalog.name} WHERE month = '{month}'"
        if compiles(sql):
            yield Reading(text, sql)
            found += 1
        if found == _EXAMPLES:
            return
