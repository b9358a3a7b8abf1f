"""The pictures of a report, as SVG to stand inside the page: accuracy by group, reliability, coverage, latency.

Drawn on this machine by Altair and vl-convert; nothing is fetched. No words but names of the data: captions and axes'
names stand in the page. Colours are placeholders that the page's style sheet replaces, so that a picture is legible in
light and in dark.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import altair as alt
import vl_convert

from t2sql.evaluation.reports.calibration import Calibration, Coverage
from t2sql.evaluation.reports.figures import Group
from t2sql.wording import visible

Rows: TypeAlias = Sequence[Mapping[str, Any]]
WIDTH, HEIGHT, BAR = 340, 240, 24
INK, GRID, MARK, WARN = "#010101", "#010102", "#010103", "#010104"
"""Placeholders, each for one variable of page.css."""
SERIES = ("#010103", "#010105", "#010106", "#010107", "#010108", "#010104")
MOST_GROUPS = 30
MOST_POINTS = 200
LONGEST_NAME = 20
"""In half widths: a Chinese character takes two."""
SECONDS = (0.001, 0.01, 0.1, 1, 10, 100, 1000)
SECONDS_LABEL = "datum.value < 1 ? format(datum.value * 1000, '~g') + ' ms' : format(datum.value, '~g') + ' s'"


def draw_groups(groups: Sequence[Group]) -> str:
    """Accuracy of each group with its interval, the largest group first; the first 30."""
    names = _distinct([f"{_short(g.name)} ({g.accuracy.of})" for g in groups[:MOST_GROUPS]])
    rows = [
        {"name": name, "value": g.accuracy.value, "low": g.accuracy.interval[0], "high": g.accuracy.interval[1]}
        for name, g in zip(names, groups, strict=False)
        if g.accuracy.interval
    ]
    y = alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=200, grid=False, ticks=False))
    axis = alt.Axis(format="%", values=[0, 0.5, 1])
    x = alt.X("low:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=axis)
    chart = _chart(rows)
    intervals = chart.mark_rule(strokeWidth=2, color=MARK, opacity=0.55).encode(x=x, x2="high:Q", y=y)
    points = chart.mark_point(filled=True, size=60, color=MARK, opacity=1).encode(x="value:Q", y=y)
    return _svg(alt.layer(intervals, points), BAR * max(len(rows), 1) + 36, left=26)


def draw_reliability(calibration: Calibration) -> str:
    """Share of right answers against stated confidence, with intervals, beside the line of perfect calibration."""
    rows = [
        {"stated": b.confidence, "value": b.right.value, "low": b.right.interval[0], "high": b.right.interval[1]}
        for b in calibration.bins
        if b.right.interval
    ]
    ends = _chart([{"stated": 0.0, "value": 0.0}, {"stated": 1.0, "value": 1.0}])
    x, y = _share_axis("stated:Q"), _share_axis("value:Q", is_y=True)
    perfect = ends.mark_line(strokeDash=[4, 4], strokeWidth=1, color=INK, opacity=0.6).encode(x=x, y=y)
    chart = _chart(rows)
    intervals = chart.mark_rule(strokeWidth=2, color=MARK, opacity=0.55).encode(
        x=x, y=alt.Y("low:Q", title=None), y2="high:Q"
    )
    points = chart.mark_line(point=alt.OverlayMarkDef(filled=True, size=50, color=MARK), color=MARK).encode(x=x, y=y)
    return _svg(alt.layer(perfect, intervals, points), HEIGHT)


def draw_coverage(coverage: Coverage) -> str:
    """Share of wrong answers against share of cases answered, with intervals; one point a threshold."""
    rows = [
        {"covered": t.coverage.value, "value": t.error.value, "low": t.error.interval[0], "high": t.error.interval[1]}
        for t in coverage.thresholds
        if t.error.interval
    ]
    x, y = _share_axis("covered:Q"), _share_axis("value:Q", is_y=True)
    chart = _chart(rows)
    band = chart.mark_area(color=WARN, opacity=0.18).encode(x=x, y=alt.Y("low:Q", title=None), y2="high:Q")
    line = chart.mark_line(point=alt.OverlayMarkDef(filled=True, size=30, color=WARN), color=WARN).encode(x=x, y=y)
    # A band over one threshold has no width.
    rules = chart.mark_rule(strokeWidth=2, color=WARN, opacity=0.55) if len(rows) == 1 else chart.mark_rule(opacity=0)
    return _svg(alt.layer(band, rules.encode(x=x, y=alt.Y("low:Q", title=None), y2="high:Q"), line), HEIGHT)


def draw_latency(milliseconds: Mapping[str, Sequence[float]]) -> str:
    """Share of questions that ended within so many milliseconds, one line a route; the axis is logarithmic."""
    names = _distinct([_short(name) for name in milliseconds])
    rows = [row for name, waits in zip(names, milliseconds.values(), strict=True) for row in _steps(name, waits)]
    axis = alt.Axis(values=list(SECONDS), labelExpr=SECONDS_LABEL)
    x = alt.X("seconds:Q", title=None, scale=alt.Scale(type="log"), axis=axis)
    legend = alt.Legend(orient="bottom", title=None, columns=3, symbolType="stroke") if len(names) > 1 else None
    colour = alt.Color("route:N", scale=alt.Scale(domain=names, range=list(SERIES[: len(names)])), legend=legend)
    line = _chart(rows).mark_line(interpolate="step-after", strokeWidth=2)
    return _svg(line.encode(x=x, y=_share_axis("share:Q", is_y=True), color=colour), HEIGHT)


def _steps(route: str, values: Sequence[float]) -> Rows:
    """Points of the distribution; at most MOST_POINTS, the last always among them."""
    ordered = sorted(max(value, 1.0) / 1000 for value in values)
    every = max(1, math.ceil(len(ordered) / MOST_POINTS))
    places = sorted({*range(0, len(ordered), every), len(ordered) - 1})
    start = [{"route": route, "seconds": ordered[0], "share": 0.0}]
    return start + [{"route": route, "seconds": ordered[i], "share": (i + 1) / len(ordered)} for i in places]


def _share_axis(field: str, *, is_y: bool = False) -> Any:
    scale, axis = alt.Scale(domain=[0, 1]), alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1])
    return (
        alt.Y(field, title=None, scale=scale, axis=axis) if is_y else alt.X(field, title=None, scale=scale, axis=axis)
    )


def _chart(rows: Rows) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=[dict(row) for row in rows]))


def _svg(chart: Any, height: int, left: int = 5) -> str:
    """Everything as attributes, never as style, so that the page may forbid inline styles.

    `left`: pixels kept free for names that the reader's font draws wider than this machine's.
    """
    whole = chart.properties(
        width=WIDTH,
        height=height,
        autosize=alt.AutoSizeParams(type="fit", contains="padding"),
        background="transparent",
        padding={"left": left, "right": 8, "top": 5, "bottom": 5},
    ).configure(
        font="sans-serif",
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            labelColor=INK, labelFontSize=11, domainColor=GRID, tickColor=GRID, gridColor=GRID, labelPadding=4
        ),
        legend=alt.LegendConfig(labelColor=INK, labelFontSize=11),
        aria=False,
    )
    return str(vl_convert.vegalite_to_svg(whole.to_dict()))


def _short(name: str) -> str:
    """A name that fits beside a picture, cut where it does not."""
    shown, width = "", 0
    for character in visible(name) or "—":
        width += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if width > LONGEST_NAME:
            return shown + "…"
        shown += character
    return shown


def _distinct(names: Sequence[str]) -> list[str]:
    """Names that were cut alike told apart, since a picture joins what has one name."""
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name} #{seen[name]}")
    return found
