"""The picture of an answer: the form that suits it best, and a switch to those that can be drawn as well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from t2sql.charts import Form, addable, chart_forms, chart_records, draw_chart, metrics_drawn, with_theme
from t2sql.takeaway.cells import title
from t2sql.wording import visible
from ui.answers.shown import Shown
from ui.parts.plain import to_label

ICONS: Mapping[Form, str] = {
    "line": ":material/show_chart:",
    "bar": ":material/bar_chart:",
    "stacked": ":material/stacked_bar_chart:",
    "share": ":material/percent:",
    "heat": ":material/grid_on:",
    "figure": ":material/pin:",
    "table": ":material/table_rows:",
}
LEGEND_COLUMNS, LEGEND_PIXELS, LABEL_PIXELS = 3, 34, 70


def forms_of(shown: Shown) -> tuple[Form, ...]:
    """Forms to switch between; ("table",) where only a table shows it."""
    result = shown.answer.result
    return chart_forms(result.columns, result.rows, additive_of(shown))


def choose_form(shown: Shown) -> Form:
    """Draw the switch, where there is a choice; the form that is chosen."""
    forms = forms_of(shown)
    pictures = [form for form in forms if form not in ("figure", "table")]
    if not pictures:
        return forms[0]
    chosen: Form = st.segmented_control(
        shown.words("form"), forms, default=forms[0], key=f"form-{shown.key}", required=True,
        format_func=lambda form: f"{ICONS[form]} {shown.words(f'form_{form}')}", label_visibility="collapsed",
    )  # fmt: skip
    return chosen


def draw_picture(form: Form, shown: Shown) -> None:
    """The rows in `form`, and a choice of the figure where not all share a picture."""
    result = shown.answer.result
    metric = _choose_metric(form, shown)
    spec = draw_chart(form, result.columns, result.rows, shown.language, additive_of(shown), metric)
    if spec is None:
        return
    records = chart_records(result.columns, result.rows, shown.language)
    spec = with_theme(spec, "dark" if st.context.theme.type == "dark" else "light")
    st.vega_lite_chart(
        spec=fitted(spec, records), width="stretch", key=f"chart-{shown.key}", alt=visible(shown.answer.explanation)
    )


def fitted(spec: Mapping[str, Any], records: list[dict[str, Any]]) -> dict[str, Any]:
    """The spec with its data, and room for its legend: the page fits legend and labels into the height, and without
    more of it the lines would be pressed flat.
    """
    found: dict[str, Any] = {**spec, "data": {"values": records}}
    if isinstance(found.get("height"), int):
        found["height"] += LABEL_PIXELS + LEGEND_PIXELS * -(-_series(found, records) // LEGEND_COLUMNS)
    return found


def _choose_metric(form: Form, shown: Shown) -> str:
    """The first of the figures to draw; a switch where several pictures can be made."""
    columns = {c.name: c for c in shown.answer.result.columns}
    pictures = metrics_drawn(form, shown.answer.result.columns, shown.answer.result.rows, additive_of(shown))
    if len(pictures) < 2:
        return ""
    chosen: str = st.selectbox(
        shown.words("figure_drawn"), [names[0] for names in pictures], key=f"drawn-{shown.key}",
        format_func=lambda name: to_label(title(columns[name], shown.language)), label_visibility="collapsed",
    )  # fmt: skip
    return chosen


def additive_of(shown: Shown) -> frozenset[str]:
    """Metrics whose parts, as shown, add up."""
    return addable(shown.answer.plan, shown.answer.result, shown.visit.narrowed)


def _series(spec: Mapping[str, Any], records: list[dict[str, Any]]) -> int:
    """How many names the legend has."""
    colour = spec.get("encoding", {}).get("color", {})
    if "field" not in colour:
        return len(spec.get("layer", ()))
    return len({str(record.get(colour["field"].replace("\\", ""))) for record in records})
