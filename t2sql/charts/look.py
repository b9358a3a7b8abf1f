"""How pictures look: colours that people who confuse red and green tell apart, on white and on black.

Constants and their merging only. No text has a colour of its own but what `with_theme` gives it, and one grey that
both backgrounds let through.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

Spec: TypeAlias = dict[str, Any]
Theme = Literal["light", "dark"]
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
PALETTE = (
    "#246cb4", "#cc840c", "#c02448", "#309c6c", "#6c6078", "#5490fc",
    "#b484a8", "#c06024", "#9c00f0", "#fc5478", "#cc00b4", "#f048e4",
)  # fmt: skip
"""At most 12 members have colours; each stands out 3 to 1 from white and from a dark page."""
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3])
"""Beside the colour, where more members than these would be told apart by colour alone."""
SEQUENTIAL, DIVERGING = "tealblues", "purpleorange"
GREY = "#767676"
LEGEND_COLUMNS = 4
CONFIG: Mapping[str, Any] = {
    "range": {"category": list(PALETTE)},
    "mark": {"color": PALETTE[0]},
    "axis": {"titleFontWeight": "normal", "labelFontSize": 12, "titleFontSize": 12, "domain": False, "ticks": False},
    "axisQuantitative": {
        "gridOpacity": 0.5,
        # The line of zero, from which bars go to either side.
        "gridWidth": {"condition": {"test": "datum.value === 0", "value": 2}, "value": 1},
    },
    "axisBand": {"grid": False, "labelPadding": 6},
    "legend": {"orient": "bottom", "columns": LEGEND_COLUMNS, "title": None, "labelLimit": 140, "labelFontSize": 12},
    "text": {"color": GREY, "fontSize": 12},
    "view": {"stroke": None},
}
"""Of every picture, on any page."""
_INK: Mapping[Theme, tuple[str, str, str]] = {
    "light": ("#24292f", "#57606a", "#d0d7de"),
    "dark": ("#f0f3f6", "#a8b1bb", "#3d444d"),
}
"""Theme -> the colours of headings, labels and grid."""


def with_theme(spec: Mapping[str, Any], theme: Theme) -> Spec:
    """`spec` with the text colours of a light or a dark page, for where the page does not set its own."""
    strong, ink, grid = _INK[theme]
    colours: Spec = {
        "axis": {"labelColor": ink, "titleColor": ink, "gridColor": grid, "domainColor": grid, "tickColor": grid},
        "legend": {"labelColor": ink, "titleColor": ink},
        "title": {"color": strong, "subtitleColor": ink},
        "text": {"color": ink},
        "style": {"figure": {"color": strong}},
    }
    return {**spec, "config": merged(spec.get("config", {}), colours)}


def merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> Spec:
    """Two trees of settings as one; `over` wins."""
    found: Spec = dict(under)
    for key, value in over.items():
        old = found.get(key)
        found[key] = merged(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return found
