"""The proof under an answer: how it was understood, what each figure means, both SQLs, how it was made."""

from __future__ import annotations

import streamlit as st

from t2sql.flow import Answer
from t2sql.proof import tell_proof
from t2sql.wording import visible
from ui.frame import Visit
from ui.parts.blocks import draw_pairs, draw_title
from ui.words import Words


def draw_proof(answer: Answer, visit: Visit, words: Words) -> None:
    """All sections; the SQLs stand between the definitions and how it was made."""
    *told, made = tell_proof(answer, visit.narrowed)
    for section in told:
        draw_title(section.title)
        draw_pairs(section.lines)
    for title, sql in (("semantic_sql", answer.plan.semantic_sql), ("physical_sql", answer.plan.physical.sql)):
        draw_title(words(title))
        st.code(visible(sql, keep_newlines=True), language="sql", wrap_lines=True)
    draw_title(made.title)
    draw_pairs(made.lines)
