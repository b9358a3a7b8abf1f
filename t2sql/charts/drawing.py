"""The pictures themselves: lines, bars, stacks, shares, heat maps and figures as Vega-Lite specifications.

Draw one over `chart_records` of the same columns and rows. No data stand in a specification but where an axis begins
and ends, and every form that `chart_forms` does not offer is refused with None.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any

from t2sql.catalog import Language
from t2sql.charts.figures import figure_layers
from t2sql.charts.forms import MOST_BARS_A_GROUP, Form, Rows, Seen, by_size, chart_forms, drawn, see
from t2sql.charts.look import CONFIG, DASHES, DIVERGING, PALETTE, SCHEMA, SEQUENTIAL, Spec
from t2sql.charts.scales import (
    BESIDE,
    BESIDE_EXPRESSION,
    FIGURE,
    SHARE,
    TICKS,
    Scale,
    copied,
    field,
    is_flat,
    key,
    name_of,
    scale_for,
    shared_out,
    titled,
    tooltip,
)
from t2sql.flow import Column
from t2sql.wording import is_signed

HEIGHT = 320
LABEL_PIXELS = 150
MOST_LABELLED = 30
"""Bars that bear their figure; more would be a wall of digits."""
MOST_POINTS = 60
MOST_LEVEL = 8
"""Periods whose names stand level; more are slanted."""
MOST_FIGURES = 6
_AT_RIGHT = {"type": "text", "align": "left", "dx": 5, "baseline": "middle"}
_STROKES = {"symbolType": "stroke", "symbolSize": 300, "symbolStrokeWidth": 2}
_ABOVE = {"type": "text", "align": "center", "dy": -4, "baseline": "bottom"}


def suggest_chart(
    columns: Sequence[Column], rows: Rows, language: Language = "zh", additive: Container[str] = ()
) -> Spec | None:
    """The picture of the best form; None where a table, or the one figure in words, says it better."""
    best = chart_forms(columns, rows, additive)[0]
    return None if best == "figure" else draw_chart(best, columns, rows, language, additive)


def draw_chart(
    form: Form, columns: Sequence[Column], rows: Rows, language: Language = "zh", additive: Container[str] = (),
    metric: str = "",
) -> Spec | None:  # fmt: skip
    """The rows in one form, to be drawn over `chart_records(columns, rows)`; None for "table" and for a form that
    `chart_forms` does not offer.

    `metric`: name of the figure's column to draw where not all of them share a picture; "" for the first.
    """
    seen = see(columns, rows)
    if seen is None or form == "table" or form not in chart_forms(columns, rows, additive, metric):
        return None
    picture = _Picture(seen, drawn(seen, metric), language)
    draw = {
        "line": picture.lines, "bar": picture.bars, "stacked": picture.stacked, "share": picture.shares,
        "heat": picture.heat, "figure": picture.figure,
    }[form]  # fmt: skip
    return draw()


class _Picture:
    """One result and the figures of it that are drawn."""

    def __init__(self, seen: Seen, metrics: tuple[int, ...], language: Language) -> None:
        self.seen, self.metrics, self.language = seen, metrics, language
        self.columns = seen.columns

    def lines(self) -> Spec:
        """A line each figure, or each member of the group."""
        (period,) = self.seen.periods
        scale = self._scale(from_zero=False)
        # Said here, since a page draws before its data come, and an axis without ends is an error there.
        ends = (
            {"zero": True} if is_flat(self._figures()) else {"domain": self._ends(scale), "nice": True, "zero": False}
        )
        mark = {"type": "line", "point": self.seen.count(period) <= MOST_POINTS, "tooltip": True}
        layers = []
        for i in self.metrics:
            y = {**self._figure(i, scale, upright=True), "scale": ends}
            encoding: Spec = {"x": self._period(period), "y": y, "tooltip": self._tooltip(i, scale)}
            for group in self.seen.groups:
                encoding |= self._colour(group)
                if self.seen.count(group) > len(PALETTE) // 2:
                    dashes = [DASHES[k % len(DASHES)] for k in range(self.seen.count(group))]
                    dash = {"field": encoding["color"]["field"], "type": "nominal", "sort": None}
                    encoding["strokeDash"] = {**dash, "scale": {"range": dashes}, "legend": _STROKES, "title": None}
                    encoding["color"] = {**encoding["color"], "legend": _STROKES}
            if len(self.metrics) > 1:
                encoding["color"] = {"datum": name_of(self.columns[i], self.language)}
            layers.append(self._layer(i, scale, mark, encoding))
        return self._spec(layers, HEIGHT)

    def bars(self) -> Spec:
        """Upright bars over time, else lying ones, the longest first unless the rows come the other way round."""
        if self.seen.periods:
            return self._upright_bars()
        scale = self._scale()
        if len(self.seen.groups) == 2:
            return self._grouped_bars(scale)
        (group,) = self.seen.groups
        y = {**self._category(group), "sort": self._order()}
        layers = []
        for i in self.metrics[:MOST_BARS_A_GROUP]:
            encoding: Spec = {"y": y, "x": self._figure(i, scale), "tooltip": self._tooltip(i, scale)}
            if len(self.metrics) > 1:
                name = name_of(self.columns[i], self.language)
                encoding |= {"color": {"datum": name}, "yOffset": {"datum": name}}
            layers.append(self._layer(i, scale, {"type": "bar", "tooltip": True}, encoding))
        if len(layers) == 1 and self.seen.count(group) <= MOST_LABELLED:
            layers.append(self._labels("x", layers[0], scale.mark))
        return self._spec(layers, {"step": 26 if len(self.metrics) == 1 else 14})

    def stacked(self) -> Spec:
        """The parts of each whole on top of one another."""
        return self._stack("zero")

    def shares(self) -> Spec:
        """The parts of each whole as shares of it; the members of one group as shares of them all, sorted."""
        if len(self.seen.groups) + len(self.seen.periods) > 1:
            return self._stack("normalize")
        (group,), metric = self.seen.groups, self.columns[self.metrics[0]]
        name = name_of(metric, self.language)
        of = f"{name}占所列合计的比例" if self.language == "zh" else f"{name}, share of the total shown"
        x = {"field": SHARE, "type": "quantitative", "title": of, "axis": {"format": ".0%", "tickCount": TICKS}}
        told: Spec = {"field": SHARE, "type": "quantitative", "title": of, "format": ".2%"}
        tip = [*self._tooltip(self.metrics[0], self._scale()), told]
        encoding: Spec = {"y": {**self._category(group), "sort": self._order()}, "x": x, "tooltip": tip}
        layer = {"mark": {"type": "bar", "tooltip": True}, "encoding": encoding}
        layers = [layer]
        if self.seen.count(group) <= MOST_LABELLED:
            text = {"field": SHARE, "type": "quantitative", "format": ".1%"}
            layers.append({"mark": _AT_RIGHT, "encoding": {**encoding, "text": text}})
        transform = shared_out(self.metrics[0], group)
        return self._spec(layers, {"step": 26}) | {"transform": transform}

    def heat(self) -> Spec:
        """A cell for each pair of keys, the darker the more; changes to either side of zero in two colours."""
        across, down = (self.seen.periods[0], self.seen.groups[0]) if self.seen.periods else by_size(self.seen)
        place, scale = self.metrics[0], self._scale(from_zero=False)
        column = self.columns[place]
        legend = {"format": scale.tick, "title": self._title(place, scale), "gradientLength": 200, "tickCount": 4}
        is_divided = is_signed(column) or min(map(float, self._figures())) < 0
        colours: Spec = {"scheme": DIVERGING, "domainMid": 0} if is_divided else {"scheme": SEQUENTIAL}
        if not is_flat(self._figures()):
            colours["domain"] = self._ends(scale)
        encoding: Spec = {
            "x": self._period(across),
            "y": {**self._category(down), "sort": None},
            "color": {"field": FIGURE, "type": "quantitative", "scale": colours, "legend": legend},
            "tooltip": self._tooltip(place, scale),
        }  # fmt: skip
        return self._spec([self._layer(place, scale, {"type": "rect", "tooltip": True}, encoding)], {"step": 22})

    def figure(self) -> Spec:
        """The first figure, large, and those beside it below, all in words."""
        layers, height = figure_layers(self.columns, self.metrics_of_row(), self.language)
        return self._spec(layers, height)

    def metrics_of_row(self) -> tuple[int, ...]:
        """The figures of one row: the chosen first, the others as they come."""
        others = (i for i in self.seen.metrics if i != self.metrics[0])
        return (self.metrics[0], *others)[:MOST_FIGURES]

    def _upright_bars(self) -> Spec:
        (period,), scale = self.seen.periods, self._scale()
        layers = []
        for i in self.metrics[:MOST_BARS_A_GROUP]:
            y = self._figure(i, scale, upright=True)
            encoding: Spec = {"x": self._period(period), "y": y, "tooltip": self._tooltip(i, scale)}
            for group in self.seen.groups:
                encoding |= self._colour(group)
                encoding["xOffset"] = {"field": encoding["color"]["field"], "type": "nominal", "sort": None}
            if len(self.metrics) > 1:
                name = name_of(self.columns[i], self.language)
                encoding |= {"color": {"datum": name}, "xOffset": {"datum": name}}
            layers.append(self._layer(i, scale, {"type": "bar", "tooltip": True}, encoding))
        if len(layers) == 1 and not self.seen.groups and self.seen.count(period) <= MOST_LEVEL:
            layers.append(self._labels("y", layers[0], scale.mark))
        return self._spec(layers, HEIGHT)

    def _grouped_bars(self, scale: Scale) -> Spec:
        inner, outer = by_size(self.seen)
        colour = self._colour(inner)
        encoding: Spec = {
            "y": {**self._category(outer), "sort": None},
            "yOffset": {"field": colour["color"]["field"], "type": "nominal", "sort": None},
            "x": self._figure(self.metrics[0], scale), "tooltip": self._tooltip(self.metrics[0], scale), **colour,
        }  # fmt: skip
        return self._spec(
            [self._layer(self.metrics[0], scale, {"type": "bar", "tooltip": True}, encoding)], {"step": 14}
        )

    def _stack(self, how: str) -> Spec:
        upright = bool(self.seen.periods)
        inner, outer = (self.seen.groups[0], self.seen.periods[0]) if upright else by_size(self.seen)
        place, scale = self.metrics[0], self._scale(of=self._wholes(outer))
        figure = {**self._figure(place, scale, upright=upright), "stack": how}
        if how == "normalize":
            name = name_of(self.columns[place], self.language)
            title = f"{name}占比（所列合计为 100%）" if self.language == "zh" else f"{name}, share of the total shown"
            figure |= {"title": title, "axis": {**figure["axis"], "format": ".0%"}}
        keys = {"x": self._period(outer), "y": figure} if upright else {
            "y": {**self._category(outer), "sort": None}, "x": figure
        }  # fmt: skip
        encoding = {**keys, **self._colour(inner), "tooltip": self._tooltip(place, scale)}
        layer = self._layer(place, scale, {"type": "bar", "tooltip": True}, encoding)
        return self._spec([layer], HEIGHT if upright else {"step": 24})

    def _wholes(self, outer: int) -> list[float]:
        """How far a stacked axis reaches."""
        wholes: dict[Any, float] = {}
        for row in self.seen.rows:
            wholes[row[outer]] = wholes.get(row[outer], 0.0) + float(row[self.metrics[0]])
        return list(wholes.values())

    def _scale(self, *, from_zero: bool = True, of: Sequence[float] | None = None) -> Scale:
        columns = [self.columns[i] for i in self.metrics]
        return scale_for(columns, self._figures() if of is None else of, self.language, from_zero=from_zero)

    def _ends(self, scale: Scale) -> list[float]:
        """The smallest and the largest figure drawn, in the scale's unit."""
        figures = [float(figure) / scale.factor for figure in self._figures()]
        return [min(figures), max(figures)]

    def _figures(self) -> list[Any]:
        return [figure for i in self.metrics for figure in self.seen.figures(i)]

    def _title(self, place: int, scale: Scale) -> str:
        """What an axis is called: its figure, or the unit alone where the legend names several."""
        name = name_of(self.columns[place], self.language) if len(self.metrics) == 1 or not scale.unit else ""
        is_common = len(self.metrics) > 1 and not scale.unit
        return "" if is_common else titled(name, scale.unit, self.language)

    def _figure(self, place: int, scale: Scale, *, upright: bool = False) -> Spec:
        """A figure's channel. Above an upright axis its title stands level, so that Chinese can be read."""
        axis: Spec = {"format": scale.tick, "tickCount": TICKS}
        if upright:
            axis |= {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleX": 0, "titleY": -10}
            axis |= {"titleBaseline": "bottom"}
        return {"field": FIGURE, "type": "quantitative", "title": self._title(place, scale) or None, "axis": axis}

    def _period(self, place: int) -> Spec:
        """Periods, or a few members, from left to right as the records come; their words say what they are."""
        few = self.seen.count(place) <= MOST_LEVEL
        axis: Spec = {"labelOverlap": True, "labelAngle": 0 if few else -40, "grid": False}
        channel = field(self.columns, place, "ordinal", self.language)
        return {**channel, "sort": None, "title": None, "axis": axis}

    def _category(self, place: int) -> Spec:
        channel = field(self.columns, place, "nominal", self.language)
        return {**channel, "title": None, "axis": {"labelLimit": LABEL_PIXELS}}

    def _colour(self, place: int) -> Spec:
        channel = field(self.columns, place, "nominal", self.language)
        return {"color": {**channel, "sort": None, "title": None}}

    def _order(self) -> Spec:
        """By the first figure, as the rows are ordered by it, else from the largest down."""
        figures = self.seen.figures(self.metrics[0])
        is_up = len(figures) > 1 and figures == sorted(figures) and figures[0] != figures[-1]
        return {"field": key(self.metrics[0]), "op": "max", "order": "ascending" if is_up else "descending"}

    def _tooltip(self, place: int, scale: Scale) -> list[Spec]:
        keys = (*self.seen.periods, *self.seen.groups)
        return tooltip(self.columns, keys, place, scale, self.language)

    def _layer(self, place: int, scale: Scale, mark: Spec, encoding: Spec) -> Spec:
        return {"transform": copied(place, scale), "mark": mark, "encoding": encoding}

    def _labels(self, along: str, layer: Spec, form: str) -> Spec:
        """The same bars' figures in words; bars go `along` x or y."""
        transform = [*layer["transform"], {"calculate": BESIDE_EXPRESSION, "as": BESIDE}]
        place = {along: {**layer["encoding"][along], "field": BESIDE}}
        text = {"field": FIGURE, "type": "quantitative", "format": form}
        mark = _AT_RIGHT if along == "x" else _ABOVE
        return {"transform": transform, "mark": mark, "encoding": {**layer["encoding"], **place, "text": text}}

    def _spec(self, layers: list[Spec], height: Any) -> Spec:
        """One view, or layers over shared scales."""
        head: Spec = {"$schema": SCHEMA, "width": "container", "height": height, "config": dict(CONFIG)}
        return head | (layers[0] if len(layers) == 1 else {"layer": layers})
