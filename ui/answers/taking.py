"""Taking an answer away: files with their proof, the picture, text for the clipboard. Files are made when asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from t2sql.charts import Form, chart_records, draw_chart
from t2sql.headline import tell_headline
from t2sql.takeaway import to_csv, to_picture, to_text, to_workbook
from ui.answers.picture import additive_of, forms_of
from ui.answers.shown import Shown
from ui.parts.blocks import draw_line

MOST_COPIED_ROWS = 500
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def draw_taking(shown: Shown) -> None:
    """Files, the picture, the clipboard."""
    answer, words, key = shown.answer, shown.words, shown.key
    name = f"t2sql-{answer.question.today:%Y%m%d}-{(answer.question.id or key)[:8]}"
    files: list[tuple[str, str, str, Callable[[], bytes]]] = [
        ("xlsx", words("take_xlsx"), WORKBOOK, partial(to_workbook, answer, shown.visit.narrowed)),
        ("csv", words("take_csv"), "text/csv", partial(to_csv, answer)),
    ]
    form = _picture_form(shown)
    if form:
        files += [
            ("png", words("take_png"), "image/png", partial(_picture, shown, form, "png")),
            ("svg", words("take_svg"), "image/svg+xml", partial(_picture, shown, form, "svg")),
        ]
    for ending, title, kind, make in files:
        st.download_button(
            title, make, file_name=f"{name}.{ending}", mime=kind, key=f"take-{ending}-{key}", on_click="ignore",
            width="stretch", icon=":material/download:",
        )  # fmt: skip
    if 0 < len(answer.result.rows) <= MOST_COPIED_ROWS:
        draw_line(words("take_text"), is_quiet=True)
        st.code(to_text(answer), language=None, height=120)


def _picture_form(shown: Shown) -> Form | None:
    """The form that is looked at, where it is a picture; else the best one."""
    chosen: Form | None = st.session_state.get(f"form-{shown.key}")
    pictures = [form for form in forms_of(shown) if form not in ("figure", "table")]
    return chosen if chosen in pictures else next(iter(pictures), None)


def _picture(shown: Shown, form: Form, kind: str) -> bytes:
    result, language = shown.answer.result, shown.language
    metric = st.session_state.get(f"drawn-{shown.key}") or ""
    spec = draw_chart(form, result.columns, result.rows, language, additive_of(shown), metric)
    assert spec is not None, "a form that is offered can be drawn"
    headline = tell_headline(shown.answer.plan, result, shown.visit.narrowed, language)
    return to_picture(
        spec, chart_records(result.columns, result.rows, language), language, "png" if kind == "png" else "svg",
        title=headline or shown.answer.explanation, below=shown.answer.explanation,
    )  # fmt: skip
