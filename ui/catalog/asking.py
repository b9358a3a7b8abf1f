"""Asking from another page: the question is begun, and the reader is taken to where it is answered."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from t2sql.flow import Reading
from ui.asking.turns import begin, begin_anew, is_busy
from ui.frame import Visit, go_to
from ui.parts.plain import to_label


def draw_readings(readings: Sequence[Reading], visit: Visit, key: str) -> None:
    """Questions as buttons; a click asks one, on the page for asking. Those without semantic SQL are read there."""
    with st.container(horizontal=True, gap="small"):
        for place, reading in enumerate(readings):
            if st.button(
                to_label(reading.text), key=f"{key}-{place}", icon=":material/arrow_forward:", wrap=True,
                help=to_label(reading.semantic_sql) if reading.semantic_sql else None, disabled=is_busy(),
            ):  # fmt: skip
                # It follows nothing that was asked before.
                begin_anew()
                begin(visit.desk, visit.principal, reading.text, reading.semantic_sql or None, visit.words.language)
                go_to("ask")
