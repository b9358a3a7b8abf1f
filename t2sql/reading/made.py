"""What can be made of a reading as words say: one figure of two, a gap between two values, a mean over rows, a sum since the
year began, a share over what is limited.

For questions back only: offered, and never answered; the compiler refuses what does not add up.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterator

from t2sql.catalog import GRAINS, Catalog, Metric
from t2sql.flow import Context
from t2sql.metric_names import is_stock
from t2sql.reading.changes import asks_change
from t2sql.reading.means import mean_sql

_PLAIN = re.compile(
    r"SELECT (?P<columns>[\w, ]+) FROM (?P<source>\w+)(?: WHERE (?P<where>.*?))?(?P<rest>(?: ORDER BY .*)?)"
)
_LISTED = re.compile(r"(?P<dimension>\w+) IN \((?P<values>'[^']*', '[^']*')\)")
_CHANGED = re.compile(r"\b(?:yoy|mom|qoq|prev|vs_year_start)(?:_diff)?\(")
_GAP = re.compile(
    r"差|高多少|低多少|多多少|少多少|多出|超出|[比减]|净|\b(?:exceed\w*|minus|less|gap|difference|than|net|ahead|behind|wider|excess)\b",
    re.IGNORECASE,
)
_PART = re.compile(
    r"占|比例|比重|份额|百分之|平均|每[笔户张个]|倍|\b(?:share|proportion|percent\w*|part|fraction|ratio|per|average|times|slice|weight|relative|of (?:the|all|our))\b|%",
    re.IGNORECASE,
)
_MEAN_OF_ROWS = re.compile(r"平均|均值|\b(?:average|mean|unweighted|typical)\b", re.IGNORECASE)
_TO_DATE = re.compile(
    r"累计|年初[起至到]|年初以来|\b(?:cumulative\w*|running total|to[- ]date|ytd|so far)\b", re.IGNORECASE
)

_SHARE = re.compile(
    r"占|比例|比重|份额|百分之|\b(?:share|proportion|percent\w*|per cent|fraction|mix|slice|portion|weight|part)\b|%",
    re.IGNORECASE,
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


def made(context: Context, sql: str, catalog: Catalog) -> Iterator[tuple[str, str]]:
    """(kind, semantic SQL) of what is made of `sql`, where its figures are shown as they are."""
    for one in _as_words_say(context, sql, catalog):
        yield "change" if _CHANGED.search(one) else "share" if "share(" in one else "mean", one
    yield from (("of two", one) for one in _combined(context, sql, catalog))


def _combined(context: Context, sql: str, catalog: Catalog) -> Iterator[str]:
    match = _PLAIN.fullmatch(sql)
    if match is None:
        return
    text, columns = context.question.text, match["columns"].split(", ")
    figures = [name for name in columns if name in catalog.metrics]
    groups = [name for name in columns if name not in catalog.metrics]
    tail = f" FROM {match['source']}" + (f" WHERE {match['where']}" if match["where"] else "")
    by = "".join(f"{group}, " for group in groups)
    if len(figures) == 2:
        one, other = figures
        same = catalog.metrics[one].unit == catalog.metrics[other].unit
        if same and _GAP.search(text):
            yield f"SELECT {by}{one} - {other}{tail}"
            yield f"SELECT {by}{one}, {other}, {one} - {other}{tail}"
        if _PART.search(text) and not any(catalog.metrics[name].is_ratio_unit for name in figures):
            yield f"SELECT {by}{one} / {other}{tail}"
            yield f"SELECT {by}{other} / {one}{tail}"
    if len(figures) != 1:
        return
    metric = catalog.metrics[figures[0]]
    listed = _LISTED.search(match["where"] or "")
    if listed and _GAP.search(text):
        yield from _gap(context, metric.name, listed, match, [g for g in groups if g != listed["dimension"]])
    rows = [group for group in groups if group not in GRAINS]
    if rows and _MEAN_OF_ROWS.search(text):
        yield f"SELECT AVG({metric.name}) AS average_{metric.name} FROM (SELECT {by}{metric.name}{tail}) AS each_row"
    if groups and _TO_DATE.search(text) and not is_stock(metric, catalog) and not metric.is_ratio_unit:
        yield f"SELECT {by}ytd({metric.name}){tail}"


def _gap(
    context: Context, metric: str, listed: re.Match[str], match: re.Match[str], groups: list[str]
) -> Iterator[str]:
    """One value's figure less the other's, in the order of the text."""
    if groups:
        return
    placed = {v.value: v.span.start for v in context.values if v.dimension == listed["dimension"]}
    values = sorted(re.findall(r"'([^']*)'", listed["values"]), key=lambda value: placed.get(value, 0))
    where = match["where"]
    parts = [where.replace(listed[0], f"{listed['dimension']} = '{value}'") for value in values]
    inner = f"(SELECT {metric} FROM {match['source']} WHERE {parts[1]})"
    yield f"SELECT {metric} - {inner} AS gap FROM {match['source']} WHERE {parts[0]}"


def _as_words_say(context: Context, likeliest: str, catalog: Catalog) -> Iterator[str]:
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
        by_each = [name for name in groups.split(", ") if name and name not in GRAINS]
        yield from (shown_as(f"share({metric.name}, {name})") for name in by_each if len(by_each) > 1)
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
