"""Which pictures the columns of a result suggest, as declarative Vega-Lite v6 specifications without data.

Never code, HTML or markup: names from the data stand only where Vega-Lite reads plain strings, and every expression is
a constant of `scales.py`. Parts are put together to a whole only where the caller says that they add up.
"""

from t2sql.charts.adding import addable, adds_up
from t2sql.charts.drawing import draw_chart, suggest_chart
from t2sql.charts.forms import Form, Rows, chart_forms, metrics_drawn
from t2sql.charts.look import CONFIG, PALETTE, SCHEMA, Spec, Theme, with_theme
from t2sql.charts.records import chart_records

__all__ = [
    "CONFIG",
    "PALETTE",
    "SCHEMA",
    "Form",
    "Rows",
    "Spec",
    "Theme",
    "addable",
    "adds_up",
    "chart_forms",
    "chart_records",
    "draw_chart",
    "metrics_drawn",
    "suggest_chart",
    "with_theme",
]
