"""Judging an answer: right or wrong, why, and what it should be. It goes to the journal and from there to review."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from t2sql.journal import REASONS, Judgement
from ui.answers.saying import attempt, say
from ui.answers.shown import Shown
from ui.parts.blocks import draw_line

LONGEST_JUDGEMENT = 2_000


def draw_judging(shown: Shown) -> None:
    """Right or wrong, why, and what it should be."""
    words, key = shown.words, shown.key
    name, principal = shown.answer.question.id, shown.visit.principal
    before = shown.visit.desk.agent.journal.judged.of(principal, [name]).get(name)
    if before and before.is_decided:
        draw_line(words(f"judged_{before.state}"))
        if before.note:
            draw_line(before.note, is_quiet=True)
        return
    with st.form(f"judge-form-{key}", border=False):
        verdict = st.radio(
            words("verdict"), ("right", "wrong"), horizontal=True, key=f"verdict-{key}",
            index=("right", "wrong").index(before.verdict) if before else 0,
            format_func=lambda one: words(f"verdict_{one}"), label_visibility="collapsed",
        )  # fmt: skip
        reasons = ["", *REASONS]
        reason = st.selectbox(
            words("reason"), reasons, key=f"reason-{key}", index=reasons.index(before.reason) if before else 0,
            format_func=lambda one: REASONS[one].to(shown.language) if one else words("reason_none"),
        )  # fmt: skip
        text = st.text_input(
            words("reason_text"), before.text if before else "", key=f"why-{key}", max_chars=LONGEST_JUDGEMENT
        )
        should = st.text_area(
            words("should_be"), before.should_be if before else "", key=f"should-{key}", max_chars=LONGEST_JUDGEMENT
        )
        if st.form_submit_button(words("judge_send")):
            said = {"reason": reason, "text": text, "should_be": should, "semantic_sql": _correction(before)}
            attempt(shown, _judge, shown, verdict, said)
            st.rerun()


def _judge(shown: Shown, verdict: str, said: Mapping[str, str]) -> None:
    judged = shown.visit.desk.agent.journal.judged
    judged.give(shown.visit.principal, shown.answer.question.id, verdict, **said)  # type: ignore[arg-type]
    say(shown, shown.words("judge_done"))


def _correction(before: Judgement | None) -> str:
    """SQL that was kept as a correction stays with the judgement."""
    return before.semantic_sql if before else ""
