"""Which picture the columns of a result suggest, as a declarative Vega-Lite v5 specification without data.

Never code, HTML or markup: names from the data stand only where Vega-Lite reads plain strings, and the few expressions
are constants of this module. It draws no total that the numbers do not support: bars are grouped, never stacked,
because a ratio, a distinct count or an average must not be added up by eye.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from t2sql.catalog import Language
from t2sql.flow import Column
from t2sql.wording import CURRENCY, POINTS, RATIO, is_signed, label

Spec: TypeAlias = dict[str, Any]
Rows: TypeAlias = Sequence[Sequence[Any]]
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
CONFIG = {"legend": {"orient": "bottom"}}
MOST_CATEGORIES = 50
MOST_COLOURS = 12
MOST_BARS_A_GROUP = 6
MOST_PERIODS = 400
_DIGIT = re.compile(r"\d")


def suggest_chart(columns: Sequence[Column], rows: Rows, language: Language = "zh") -> Spec | None:
    """A picture of the rows, or None where a table says it better: one figure, only text, repeated keys, many marks.

    Lines over time, bars by one dimension (the longest first), grouped bars or a heat map by two. Metrics of another
    unit than the first are left to the table, and so are periods of several lengths: no line joins a year and a
    half. Draw it over `chart_records(columns, rows)`.
    """
    metrics = _drawn_metrics(columns, rows)
    keys = [i for i, c in enumerate(columns) if c.kind != "metric" and len({row[i] for row in rows}) > 1]
    if not metrics or not keys or len(rows) < 2 or len({c.name for c in columns}) < len(columns):
        return None
    if len({tuple(row[i] for i in keys) for row in rows}) < len(rows):
        return None
    periods = [i for i in keys if columns[i].kind == "period"]
    groups = [i for i in keys if columns[i].kind == "dimension"]
    picture = _Picture(columns, rows, metrics, language)
    if any(len({_DIGIT.sub("9", str(row[i])) for row in rows if row[i] is not None}) > 1 for i in periods):
        return None
    if len(periods) == 1 and len(groups) <= 1:
        return picture.lines(periods[0], groups[0] if groups else None)
    if not periods and len(groups) == 1:
        return picture.bars(groups[0])
    if not periods and len(groups) == 2:
        return picture.two_ways(groups)
    return None


def chart_records(columns: Sequence[Column], rows: Rows, language: Language = "zh") -> list[dict[str, Any]]:
    """Rows as the picture's data: plain JSON values, NULL members named, figures as floats in the stored unit."""
    nothing = "（空）" if language == "zh" else "(none)"
    return [{c.name: _plain(value, c, nothing) for c, value in zip(columns, row, strict=True)} for row in rows]


def _plain(value: Any, column: Column, nothing: str) -> Any:
    if value is None:
        return None if column.kind == "metric" else nothing
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def _drawn_metrics(columns: Sequence[Column], rows: Rows) -> list[int]:
    """Places of the metrics that share the first one's scale and have a figure at all; ranks are never drawn."""
    found = [
        i
        for i, c in enumerate(columns)
        if c.kind == "metric"
        and c.function != "rank"
        and c.type in ("integer", "number")
        and any(row[i] is not None for row in rows)
    ]
    return [
        i
        for i in found
        if (columns[i].unit, is_signed(columns[i])) == (columns[found[0]].unit, is_signed(columns[found[0]]))
    ]


class _Picture:
    """One result, ready to be drawn."""

    def __init__(self, columns: Sequence[Column], rows: Rows, metrics: list[int], language: Language) -> None:
        self.columns, self.rows, self.metrics, self.language = columns, rows, metrics, language

    def lines(self, period: int, group: int | None) -> Spec | None:
        """A line each metric, or each member of `group` for the first metric."""
        if self._count(period) > MOST_PERIODS or (group is not None and self._count(group) > MOST_COLOURS):
            return None
        x = {**self._field(period, "ordinal"), "sort": None, "axis": {"labelOverlap": True, "labelAngle": -40}}
        mark = {"type": "line", "point": self._count(period) <= 60, "tooltip": True}
        metrics = self.metrics if group is None else self.metrics[:1]
        layers = []
        for i in metrics:
            y = {**self._figure(i), "scale": {"zero": False}}
            encoding: Spec = {
                "x": x,
                "y": y,
                "tooltip": self._tooltip([period, *([] if group is None else [group])], i),
            }
            if group is not None:
                encoding["color"] = {**self._field(group, "nominal"), "sort": None}
            elif len(metrics) > 1:
                encoding["color"] = {"datum": label(self.columns[i], self.language)}
            layers.append({"mark": mark, "encoding": encoding})
        return self._spec(layers, height=320)

    def bars(self, group: int) -> Spec | None:
        """Horizontal bars, the longest first unless the rows come the other way round."""
        if self._count(group) > MOST_CATEGORIES:
            return None
        first = self.columns[self.metrics[0]]
        figures = [row[self.metrics[0]] for row in self.rows if row[self.metrics[0]] is not None]
        order = (
            "ascending"
            if len(figures) > 1 and figures == sorted(figures) and figures[0] != figures[-1]
            else "descending"
        )
        y = {**self._field(group, "nominal"), "sort": {"field": _path(first.name), "op": "max", "order": order}}
        layers = []
        for i in self.metrics[:MOST_BARS_A_GROUP]:
            encoding: Spec = {"y": y, "x": self._figure(i), "tooltip": self._tooltip([group], i)}
            if len(self.metrics) > 1:
                name = label(self.columns[i], self.language)
                encoding |= {"color": {"datum": name}, "yOffset": {"datum": name}}
            layers.append({"mark": {"type": "bar", "tooltip": True}, "encoding": encoding})
        return self._spec(layers, height={"step": 24 if len(layers) == 1 else 14})

    def two_ways(self, groups: list[int]) -> Spec | None:
        """Bars in groups where few stand together, else a heat map; the dimension with more members stands upright."""
        inner, outer = sorted(groups, key=self._count)
        if self._count(outer) > MOST_CATEGORIES or self._count(inner) > MOST_COLOURS:
            return None
        metric = self.metrics[0]
        y = {**self._field(outer, "nominal"), "sort": None}
        within = {**self._field(inner, "nominal"), "sort": None}
        tooltip = self._tooltip([outer, inner], metric)
        if self._count(inner) <= MOST_BARS_A_GROUP:
            encoding = {"y": y, "yOffset": within, "color": within, "x": self._figure(metric), "tooltip": tooltip}
            return self._spec([{"mark": {"type": "bar", "tooltip": True}, "encoding": encoding}], height={"step": 14})
        figure = self._figure(metric)
        colour = {key: value for key, value in figure.items() if key != "axis"} | {"legend": figure["axis"]}
        encoding = {"y": y, "x": within, "color": colour, "tooltip": tooltip}
        return self._spec([{"mark": {"type": "rect", "tooltip": True}, "encoding": encoding}], height={"step": 22})

    def _count(self, place: int) -> int:
        return len({row[place] for row in self.rows})

    def _field(self, place: int, kind: str) -> Spec:
        column = self.columns[place]
        return {"field": _path(column.name), "type": kind, "title": label(column, self.language)}

    def _figure(self, place: int) -> Spec:
        """A metric's channel: its axis says the unit, the data stay in the stored one."""
        column = self.columns[place]
        axis, unit = self._axis(column)
        name = label(column, self.language) if len(self.metrics) == 1 or unit == "" else ""
        title = (
            f"{name}（{unit}）"
            if unit and self.language == "zh" and name
            else f"{name} ({unit})"
            if unit and name
            else name or unit
        )
        return {"field": _path(column.name), "type": "quantitative", "title": title, "axis": axis}

    def _axis(self, column: Column) -> tuple[Spec, str]:
        if column.unit == RATIO:
            return {"format": "+.1%" if is_signed(column) else ".2~%"}, ""
        if column.unit == POINTS:
            return {"labelExpr": "format(datum.value * 100, '+,.2~f')"}, "百分点" if self.language == "zh" else "pp"
        if column.unit != CURRENCY and not column.unit.startswith(CURRENCY + "/"):
            return {"format": ",~f"}, "" if column.unit == "count" else column.unit
        per = column.unit.removeprefix(CURRENCY)
        largest = max(
            (abs(float(row[i])) for row in self.rows for i in self.metrics if row[i] is not None), default=0.0
        )
        scales = (
            ((1e8, "亿元"), (1e4, "万元"))
            if self.language == "zh"
            else ((1e9, "CNY bn"), (1e6, "CNY M"), (1e3, "CNY K"))
        )
        for scale, word in scales:
            if largest >= scale:
                return {"labelExpr": AXIS_EXPRESSIONS[scale]}, word + per
        return {"format": ",~f"}, ("元" if self.language == "zh" else CURRENCY) + per

    def _tooltip(self, keys: list[int], metric: int) -> list[Spec]:
        column = self.columns[metric]
        form = "+.2%" if column.unit == POINTS else ".2%" if column.unit == RATIO else ",.2~f"
        figure = {
            "field": _path(column.name),
            "type": "quantitative",
            "title": label(column, self.language),
            "format": form,
        }
        return [*(self._field(i, "nominal") for i in keys), figure]

    def _spec(self, layers: list[Spec], height: Any) -> Spec:
        """One view, or layers over shared scales."""
        head: Spec = {"$schema": SCHEMA, "width": "container", "height": height, "config": CONFIG}
        return head | (layers[0] if len(layers) == 1 else {"layer": layers})


AXIS_EXPRESSIONS = {scale: f"format(datum.value / {scale:.0f}, ',.2~f')" for scale in (1e9, 1e8, 1e6, 1e4, 1e3)}


def _path(name: str) -> str:
    """A column's name where Vega-Lite reads a path: dots, brackets and quotes stand for themselves."""
    return "".join(f"\\{c}" if c in "\\.[]'\"" else c for c in name)
