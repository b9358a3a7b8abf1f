"""Taking an answer away: files with their proof, the picture, text for the clipboard.

A file is made when its kind is chosen, and stands ready before it can be saved: one that Streamlit makes at the click
is thrown away when any other page of the server is drawn before the browser has fetched it, and tells no error.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from t2sql.charts import Form, chart_records, draw_chart
from t2sql.errors import T2sqlError
from t2sql.headline import tell_headline
from t2sql.takeaway import to_csv, to_picture, to_text, to_workbook
from ui.answers.picture import additive_of, forms_of
from ui.answers.shown import Shown
from ui.asking.endings import draw_error
from ui.parts.blocks import draw_line

MOST_COPIED_ROWS = 500
KINDS: Mapping[str, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "png": "image/png",
    "svg": "image/svg+xml",
}
PICTURES = ("png", "svg")


def draw_taking(shown: Shown) -> None:
    """Kinds of files to choose from, the one chosen, and the rows as text to copy."""
    answer, words, key = shown.answer, shown.words, shown.key
    form = _picture_form(shown)
    kinds = [kind for kind in KINDS if form or kind not in PICTURES]
    chosen = st.segmented_control(
        words("take"), kinds, format_func=lambda kind: words(f"take_{kind}"), key=f"take-kind-{key}",
        label_visibility="collapsed",
    )  # fmt: skip
    if not chosen:
        st.session_state.pop(f"taken-{key}", None)
    else:
        try:
            with st.spinner(words("taking")):
                content = _made(shown, chosen, form)
        except T2sqlError as error:
            draw_error(error, words)
        else:
            name = f"t2sql-{answer.question.today:%Y%m%d}-{(answer.question.id or key)[:8]}.{chosen}"
            st.download_button(
                words("take_save", name=name), content, file_name=name, mime=KINDS[chosen], key=f"save-{key}",
                on_click="ignore", type="primary", width="stretch", icon=":material/download:",
            )  # fmt: skip
    if 0 < len(answer.result.rows) <= MOST_COPIED_ROWS:
        draw_line(words("take_text"), is_quiet=True)
        st.code(to_text(answer), language=None, height=120)


def _made(shown: Shown, kind: str, form: Form | None) -> bytes:
    """The file; it is kept while its kind is chosen, and not made at every drawing. Raises ConfigError."""
    metric = st.session_state.get(f"drawn-{shown.key}") or ""
    wanted = (kind, *((form, metric) if kind in PICTURES else ()))
    place = f"taken-{shown.key}"
    known, content = st.session_state.get(place, (None, b""))
    if known != wanted:
        content = _make(shown, kind, form, metric)
        st.session_state[place] = (wanted, content)
    return bytes(content)


def _make(shown: Shown, kind: str, form: Form | None, metric: str) -> bytes:
    answer, narrowed, language = shown.answer, shown.visit.narrowed, shown.language
    if kind == "xlsx":
        return to_workbook(answer, narrowed)
    if kind == "csv":
        return to_csv(answer)
    assert form is not None, "pictures are offered only where there is one"
    result = answer.result
    spec = draw_chart(form, result.columns, result.rows, language, additive_of(shown), metric)
    assert spec is not None, "a form that is offered can be drawn"
    headline = tell_headline(answer.plan, result, narrowed, language)
    return to_picture(
        spec, chart_records(result.columns, result.rows, language), language, "png" if kind == "png" else "svg",
        title=headline or answer.explanation, below=answer.explanation,
    )  # fmt: skip


def _picture_form(shown: Shown) -> Form | None:
    """The form that is looked at, where it is a picture; else the best one."""
    chosen: Form | None = st.session_state.get(f"form-{shown.key}")
    pictures = [form for form in forms_of(shown) if form not in ("figure", "table")]
    return chosen if chosen in pictures else next(iter(pictures), None)
