"""Readings near the likeliest one, for a question back: by fewer of the metrics named, by a metric that says what the
likeliest leaves, as a change.

They are offered and never answered; whoever offers them compiles them first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from t2sql.catalog import GRAINS, Catalog, Metric
from t2sql.flow import Context
from t2sql.metric_names import is_stock, made_of
from t2sql.reading.changes import asks_change
from t2sql.reading.composing import Reading, exact_metrics
from t2sql.reading.fuller import fuller
from t2sql.reading.leftovers import leftovers
from t2sql.reading.means import mean_sql
from t2sql.reading.nearby import near_metrics
from t2sql.reading.readings import readings

Explains = Callable[[str, Iterable[str]], bool]
"""explains(word, names): whether a name of one of these metrics holds the word or says the same."""
_ALIKE = 0.6
"""Of a name's words or letters that the question holds."""
_SHARE = re.compile(
    r"占|比例|比重|份额|百分之|\b(?:share|proportion|percent\w*|per cent|fraction|mix)\b|%", re.IGNORECASE
)
_MEAN = re.compile(r"平均|均值|\b(?:averages?|mean)\b", re.IGNORECASE)
_PERCENT = re.compile(r"%|百分之|增速|增长率|增幅|\b(?:per ?cent\w*|rates?|fast\w*|pace)\b", re.IGNORECASE)
_BESIDE = re.compile(r"[及和与并]|以及|多少[,，]|\b(?:and|with|plus)\b", re.IGNORECASE)
_STEPS = (
    (
        "vs_year_start",
        re.compile(r"年初|上?年末以来|\b(?:year[- ]start|start of the year|(?:last )?year[- ]end)\b", re.IGNORECASE),
    ),
    ("qoq", re.compile(r"季度?|\bquarter|\bq[1-4]\b", re.IGNORECASE)),
    (
        "mom",
        re.compile(
            r"上个?月|环比|\b(?:last|previous|prior) month\b|\bmonth[- ]on[- ]month\b|\bm-?o-?m\b", re.IGNORECASE
        ),
    ),
)
_ONE_VALUE = re.compile(r"\b(\w+) = '(?!\d{4}\b)[^']*'")
_WHERE = re.compile(r" WHERE (.*?)(?: ORDER BY .*)?$")
_ONE_METRIC = re.compile(r"SELECT (?P<groups>(?:\w+, )*)(?P<metric>\w+) FROM ")


def alternatives(context: Context, catalog: Catalog, likeliest: str, explains: Explains) -> list[str]:
    """Semantic SQL near `likeliest`: what is made of it as words say, then what leaves the least of the question."""
    words = _left_of(context, likeliest, catalog)
    left = _unsaid(context, likeliest, catalog, explains)
    words = [word for word in words if not _SHARE.search(word) and not _MEAN.search(word)]
    more = fuller(context.question.text, likeliest, words, catalog, explains, _likeness)
    fullest = {sql: _unsaid(context, sql, catalog, explains) for sql in more}
    first = sorted((sql for sql in fullest if fullest[sql] < left), key=lambda sql: fullest[sql])
    found: dict[str, tuple[int, int, float]] = {}
    for reading in _fewer(context, catalog):
        unsaid = _unsaid(context, reading.semantic_sql, catalog, explains)
        found.setdefault(reading.semantic_sql, (unsaid, 0, 0.0))
    for reading in _others(context, catalog, explains):
        unsaid = _unsaid(context, reading.semantic_sql, catalog, explains)
        likeness = _likeness(context.question.text, catalog.metrics[reading.metrics[0]])
        if unsaid < left or likeness >= _ALIKE:
            found.setdefault(reading.semantic_sql, (unsaid, 1, -likeness))
    for reading in _without(context, catalog):
        unsaid = _unsaid(context, reading.semantic_sql, catalog, explains)
        found.setdefault(reading.semantic_sql, (unsaid, 2, 0.0))
    ordered = [*first[:2], *_made_of(context, likeliest, catalog), *sorted(found, key=lambda sql: found[sql])]
    return [sql for sql in dict.fromkeys(ordered) if sql != likeliest]


def _likeness(text: str, metric: Metric) -> float:
    """How much of one of a metric's names stands in `text`, 0..1."""
    from rapidfuzz import fuzz

    words = set(text.lower().split())

    def of(name: str) -> float:
        if not name.isascii():
            return float(fuzz.partial_ratio(name, text)) / 100
        own = set(name.lower().split())
        return len(own & words) / len(own)

    return max(map(of, (metric.display.zh, metric.display.en, *metric.synonyms)))


def _fewer(context: Context, catalog: Catalog) -> Iterator[Reading]:
    """Without one of several named metrics, or by one alone of several metrics, periods or values of a dimension."""
    named = [m for m in exact_metrics(context) if m.name in catalog.metrics]
    if len(named) > 1:
        for out in reversed(named):
            yield from _read(context, catalog, metrics=tuple(m for m in named if m is not out))
        for one in named if len(named) > 2 else ():
            yield from _read(context, catalog, metrics=(one,))
    if len(context.periods) > 1:
        for period in context.periods:
            yield from _read(context, catalog, periods=(period,))
    for dimension in dict.fromkeys(v.dimension for v in context.values):
        same = [v for v in context.values if v.dimension == dimension]
        rest = tuple(v for v in context.values if v.dimension != dimension)
        for value in same if len({v.value for v in same}) > 1 else ():
            yield from _read(context, catalog, values=(*rest, value))


def _without(context: Context, catalog: Catalog) -> Iterator[Reading]:
    """Without one thing that may have been misread."""
    for kind in ("grains", "comparisons", "dimensions", "quantities", "values"):
        found = getattr(context, kind)
        for out in found:
            yield from _read(context, catalog, **{kind: tuple(one for one in found if one is not out)})


def _read(context: Context, catalog: Catalog, **changed: Any) -> list[Reading]:
    return readings(replace(context, **changed), catalog)[:1]


def _others(context: Context, catalog: Catalog, explains: Explains) -> Iterator[Reading]:
    """By metrics made of all that are named, alike in meaning, made of one that is named or part of it, named much like
    it, or called by a word that nothing explains.
    """
    known = catalog.metrics
    named = [m.name for m in exact_metrics(context) if m.name in known]
    pool = [other for other in known if len(named) > 1 and set(named) <= set(made_of(other, known))]
    pool += [m.name for m in context.metrics if m.span is None]
    for name in named:
        pool += [other for other in known if name in made_of(other, known) or other in made_of(name, known)]
        pool += near_metrics(name, catalog)
    pool += [other for other in known if any(explains(word, [other]) for word in context.ungrounded)]
    for name in dict.fromkeys(pool):
        if name not in named and name in known:
            yield from readings(context, catalog, pool=[name])[:1]


def _unsaid(context: Context, semantic_sql: str, catalog: Catalog, explains: Explains) -> int:
    """How many words of the question neither the reading uses nor its metrics say."""
    words = _left_of(context, semantic_sql, catalog)
    names = [name for name in catalog.metrics if re.search(rf"\b{name}\b", semantic_sql)]
    return sum(not explains(word, names) for word in words)


def _left_of(context: Context, semantic_sql: str, catalog: Catalog) -> list[str]:
    """Words that nothing explains, and those that a reading leaves, each once."""
    doubts = [doubt.word for doubt in context.doubts if doubt.weight >= 0.5]
    left = leftovers(context, semantic_sql, catalog)
    return list(dict.fromkeys((*doubts, *(part for word in left for part in word.lower().split()))))


def _made_of(context: Context, likeliest: str, catalog: Catalog) -> Iterator[str]:
    """The one metric of the likeliest as a change, a share or a mean over months, where words say one that it does not
    show.
    """
    match = _ONE_METRIC.match(likeliest)
    metric = catalog.metrics.get(match["metric"]) if match else None
    if match is None or metric is None:
        return
    text, groups = context.question.text, match["groups"]

    def shown_as(figure: str) -> str:
        made = likeliest.replace(match[0], f"SELECT {groups}{figure} FROM ", 1)
        return made.replace(f" ORDER BY {metric.name}", f" ORDER BY {figure}")

    if asks_change(text):
        for function in _functions(metric, catalog, text):
            changed = f"{function}({metric.name})"
            yield from (
                shown_as(one) for one in ([f"{metric.name}, {changed}"] * bool(_BESIDE.search(text)) + [changed])
            )
    if _SHARE.search(text) and not metric.is_ratio_unit:
        yield from (shown_as(f"share({metric.name}, {name})") for name in reversed(_ONE_VALUE.findall(likeliest)))
        yield from [shown_as(f"share({metric.name})")] * bool(groups)
    if _MEAN.search(text):
        where = _WHERE.search(likeliest)
        by = [name for name in groups.split(", ") if name and name not in GRAINS]
        yield mean_sql(catalog.name, "month", by, [metric.name], [where[1]] if where else [])


def _functions(metric: Metric, catalog: Catalog, text: str) -> tuple[str, ...]:
    """Changes that may be asked, the likeliest first: over the step that the text names; in points, percent or yuan."""
    stock = is_stock(metric, catalog)
    stems = [stem for stem, said in _STEPS if said.search(text) and (stock or stem != "vs_year_start")]
    stems += ["yoy", "vs_year_start" if stock else "prev"]
    is_rate = bool(_PERCENT.search(text)) and not metric.is_ratio_unit
    endings = ("", "_diff") if is_rate else ("_diff",) if metric.is_ratio_unit or stock else ("_diff", "")
    stems = list(dict.fromkeys(stems))[:2]
    return tuple(f"{stem}{ending}" for ending in endings for stem in stems)[:3]
