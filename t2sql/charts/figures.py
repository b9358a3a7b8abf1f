"""One row as a picture: its first figure large, the others below it, all in words."""

from __future__ import annotations

from collections.abc import Sequence

from t2sql.catalog import Language
from t2sql.charts.look import Spec
from t2sql.charts.records import SAID
from t2sql.charts.scales import name_of
from t2sql.flow import Column

NAME, LARGE, SMALL = 13, 34, 15
"""Sizes of a name, of the first figure and of the others."""
BESIDE_PIXELS = 220


def figure_layers(columns: Sequence[Column], places: Sequence[int], language: Language) -> tuple[list[Spec], int]:
    """Layers of text over the record of a single row, and the height that they take, in pixels."""
    layers: list[Spec] = []
    at = 14
    for n, place in enumerate(places):
        name: Spec = {"value": name_of(columns[place], language)}
        said: Spec = {"field": SAID.format(place), "type": "nominal"}
        layers.append(_text(name, 0, at, NAME))
        if n == 0:
            layers.append(_text(said, 0, at + 36, LARGE, style="figure"))
            at += 78
        else:
            layers.append(_text(said, BESIDE_PIXELS, at, SMALL, style="figure"))
            at += 26
    return layers, at


def _text(text: Spec, x: int, y: int, size: int, *, style: str = "") -> Spec:
    mark: Spec = {"type": "text", "align": "left", "baseline": "middle", "fontSize": size, "tooltip": None}
    if style:
        mark["style"] = style
    return {"mark": mark, "encoding": {"text": text, "x": {"value": x}, "y": {"value": y}}}
