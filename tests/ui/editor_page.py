"""A page with nothing but the editor over the demo bank, for tests: what was typed and run is written below it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from t2sql.agent import Agent
from t2sql.catalog import Display, Language
from t2sql.compiler import compile_sql
from t2sql.editing.completions import Completion, KnownValues, complete
from t2sql.editing.mistakes import find_mistake
from t2sql.errors import LlmUnavailable
from t2sql.generation.llm import Llm
from t2sql.settings import load
from ui.editor.editor import draw_editor

FIRST = "SELECT branch, npl_ratio\nFROM bank\nWHERE month = '2026-06'"
HOSTILE = Completion("<img src=x onerror=alert(1)>'", "value", Display("<b>粗</b>", "<b>bold</b>"), Display("", ""))


def no_llm() -> Llm:
    raise LlmUnavailable("The editor needs none.")


@st.cache_resource
def open_agent() -> Agent:
    return Agent.open(load(Path(os.environ["T2SQL_SETTINGS"])), llm=no_llm)


@st.fragment
def draw(principal: str, language: Language, text: str) -> None:
    agent = open_agent()
    narrowed, loads = agent.narrow(principal), agent.loads()
    values = KnownValues(partial(agent.values_of, narrowed), agent.warehouse.version)

    def look_up(before: str) -> Sequence[Completion]:
        # A list that came before the next letter is narrowed by the browser itself.
        is_hostile = before.endswith(("branch = '", "branch = '<"))
        return (HOSTILE,) if is_hostile else complete(narrowed, loads, values, before)

    edited = draw_editor(
        text,
        completions=complete(narrowed, loads, values),
        find_mistake=lambda sql: find_mistake(sql, lambda written: compile_sql(written, narrowed, loads)),
        look_up=look_up,
        on_run=lambda sql: st.session_state.update(runs=[*st.session_state.get("runs", []), sql]),
        language=language,
        key="edit",
    )
    st.text(f"typed {edited.text if edited else None!r}")
    st.text(f"runs {st.session_state.get('runs', [])!r}")


language: Language = "en" if st.query_params.get("lang") == "en" else "zh"
st.text_input("above")
chosen = FIRST if not st.session_state.get("other") else "SELECT region FROM bank"
if not st.session_state.get("hide"):
    draw(st.query_params.get("as", "hq"), language, chosen)
st.text_input("below")
st.checkbox("hide", key="hide")
if st.button("rerun"):
    st.session_state["count"] = st.session_state.get("count", 0) + 1
st.button("other text", on_click=lambda: st.session_state.update(other=True))
st.text(f"count {st.session_state.get('count', 0)}")
