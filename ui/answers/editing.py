"""Changing an answer's semantic SQL: the editor, the new result beside the first, and keeping it as a correction."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from t2sql.editing.comparing import compare_results
from t2sql.editing.mistakes import find_mistake
from t2sql.editing.telling import changes_table, tell_comparison
from t2sql.flow import Answer, Refusal
from ui.answers.notes import draw_notes
from ui.answers.saying import attempt, draw_said, say
from ui.answers.shown import Shown
from ui.answers.tables import draw_table
from ui.asking.endings import draw_defect, draw_error, draw_refusal, draw_stopped
from ui.asking.progress import follow
from ui.asking.work import Work
from ui.editor.editor import draw_editor
from ui.parts.blocks import draw_grid, draw_line, draw_title


def draw_editing(shown: Shown) -> None:
    """The editor and what came of the last run."""
    desk, narrowed, key = shown.visit.desk, shown.visit.narrowed, shown.key
    place = f"edited-{key}"
    draw_editor(
        shown.answer.plan.semantic_sql,
        completions=desk.completions(narrowed),
        find_mistake=partial(find_mistake, compile=partial(desk.compile, narrowed)),
        look_up=partial(desk.look_up, narrowed),
        on_run=partial(_run, shown, place),
        language=shown.language,
        key=f"editor-{key}",
    )
    work: Work | None = st.session_state.get(place)
    if work is None:
        return
    if not work.is_over:
        follow(work, desk, narrowed.catalog, shown.words)
        return
    with st.container(border=True, key=f"edited-result-{key}"):
        _draw_end(work, shown)


def _run(shown: Shown, place: str, text: str) -> None:
    """The text as it stands, run under the rights of who looks, instead of what runs there."""
    before: Work | None = st.session_state.get(place)
    if before:
        before.stop()
    agent, first = shown.visit.desk.agent, shown.answer.question
    asker = shown.visit.principal if shown.visit.desk.is_demo else ""
    question = agent.question(first.text, principal=asker, language=first.language, today=first.today)
    work = st.session_state[place] = Work(question, text, looks_ahead=False)
    work.start(agent)


def _draw_end(work: Work, shown: Shown) -> None:
    outcome, words = work.outcome, shown.words
    if isinstance(outcome, Answer):
        _draw_second(outcome, shown)
    elif isinstance(outcome, Refusal):
        draw_refusal(replace(outcome, readings=()), words, f"edited-{shown.key}", lambda reading: None)
    elif work.is_cancelled:
        draw_stopped(words)
    elif work.error:
        draw_error(work.error, words)
    else:
        draw_defect(words)


def _draw_second(second: Answer, shown: Shown) -> None:
    """What changed, the new rows, and the way to keep the change."""
    words, key = shown.words, shown.key
    draw_title(words("edited"))
    found = compare_results(shown.answer.result, second.result)
    for line in tell_comparison(found, shown.language):
        draw_line(line)
    heads, *changes = changes_table(found, shown.language)
    if changes:
        draw_grid(heads, changes)
    draw_line(second.explanation, words("understood"), is_quiet=True)
    changed = Shown(second, shown.visit, f"edited-{key}")
    draw_notes(changed)
    if second.result.rows:
        draw_table(second, words, f"edited-{key}")
    if shown.answer.question.id:
        act = partial(attempt, changed, _keep, shown, changed)
        st.button(words("correct"), key=f"correct-{key}", help=words("correct_help"), on_click=act)
        # Beside the button: above the editor nobody would see it.
        draw_said(changed)


def _keep(shown: Shown, changed: Shown) -> None:
    judged, name = shown.visit.desk.agent.journal.judged, shown.answer.question.id
    before = judged.of(shown.visit.principal, [name]).get(name)
    judged.give(
        shown.visit.principal, name, "wrong", semantic_sql=changed.answer.plan.semantic_sql,
        reason=before.reason if before else "", text=before.text if before else "",
        should_be=before.should_be if before else "",
    )  # fmt: skip
    say(changed, shown.words("correct_done"))
