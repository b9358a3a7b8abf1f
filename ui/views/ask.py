"""The page where questions are asked: a conversation, each question with its steps and its end."""

from __future__ import annotations

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from t2sql.flow import Answer, Clarification, Definition, Reading, Refusal
from ui.answers.answer import draw_answer, draw_closed, draw_next
from ui.answers.definitions import draw_definition
from ui.answers.shown import Shown
from ui.asking.again import open_link
from ui.asking.endings import draw_clarification, draw_defect, draw_error, draw_refusal, draw_stopped
from ui.asking.first import draw_first
from ui.asking.progress import follow, watch
from ui.asking.turns import MOST_TURNS, Turn, add, begin, begin_anew, earlier, is_busy, turns_of
from ui.asking.work import LOG, Work
from ui.desk import Warmth
from ui.frame import Visit
from ui.parts.blocks import draw_asked, draw_line, draw_steps
from ui.words import Words

SHOWN_CHARACTERS = 600
LONGEST_INPUT = 20_000
WARMTH_SECONDS = 1.0
GLANCE_SECONDS = 0.25
"""What is answered within it needs no steps: they would only flicker."""
NEXT_SECONDS = 0.4
"""Follow-ups found within it are drawn with their answer, others when they are found."""


def draw(visit: Visit) -> None:
    """The conversation as it is now, and the input below it."""
    words, principal = visit.words, visit.principal
    # In places of their own, so that what comes and goes does not move, and thereby close, what a person has opened.
    with st.container(key="warmth"):
        _draw_warmth(visit.desk.warm(principal), words)
    with st.container(key="link"):
        open_link(visit)
    turns = turns_of(principal)
    with st.container(key="first"):
        if not turns:
            draw_first(visit)
        elif len(turns) == MOST_TURNS:
            draw_line(words("history"), is_quiet=True)
    for turn in turns:
        _draw_turn(turn, visit, is_last=turn is turns[-1])
    with st.container(key="fresh"):
        if earlier(principal):
            st.button(
                words("fresh"), key="fresh-button", help=words("fresh_help"), on_click=begin_anew,
                icon=":material/refresh:",
            )  # fmt: skip
    st.chat_input(
        words("busy" if is_busy() else "ask"), key="typed", max_chars=LONGEST_INPUT, disabled=is_busy(),
        on_submit=_ask_typed, args=(visit,),
    )  # fmt: skip


def _draw_warmth(warmth: Warmth, words: Words) -> None:
    if not warmth.ended.is_set():
        _wait_for(warmth, words)
    elif warmth.error:
        draw_error(warmth.error, words)
        draw_line(words("cold"), is_quiet=True)
    elif warmth.is_unexpected:
        draw_defect(words)


@st.fragment(run_every=WARMTH_SECONDS)
def _wait_for(warmth: Warmth, words: Words) -> None:
    """A line while the llm gets ready; the page is drawn again when it is."""
    if warmth.ended.is_set():
        st.rerun()
    draw_steps((), words("warming"))


def _draw_turn(turn: Turn, visit: Visit, *, is_last: bool) -> None:
    """A question and how far it is."""
    work, key = turn.work, str(turn.number)
    words = Words(work.question.language)
    text = work.question.text
    draw_asked(text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…")
    with st.container(border=True, key=f"turn-{key}"):
        place = st.empty()
    is_new = is_last and not work.told
    if is_new:
        work.wait(GLANCE_SECONDS)
    if is_new and not work.is_over:
        visit.awaited.append(partial(_await, place, turn, visit, words))
    else:
        _draw_state(place, turn, visit, words, is_last=is_last)


def _await(place: DeltaGenerator, turn: Turn, visit: Visit, words: Words) -> None:
    """The newest question, while all else on the page stands."""
    watch(turn.work, place, visit.desk, visit.narrowed.catalog, words)
    _draw_state(place, turn, visit, words, is_last=True)


def _draw_state(place: DeltaGenerator, turn: Turn, visit: Visit, words: Words, *, is_last: bool) -> None:
    """How far a question is, or its end; a defect in drawing one leaves the others."""
    with place.container():
        if not turn.work.is_over:
            follow(turn.work, visit.desk, visit.narrowed.catalog, words)
            return
        try:
            _draw_end(turn, visit, words, is_last=is_last)
        except Exception:
            LOG.exception("An answer could not be drawn.")
            draw_defect(words)


def _draw_end(turn: Turn, visit: Visit, words: Words, *, is_last: bool) -> None:
    work, key = turn.work, str(turn.number)
    question, outcome = work.question, work.outcome

    def choose(reading: Reading) -> None:
        begin(visit.desk, turn.principal, reading.text, reading.semantic_sql, question.language)

    if isinstance(outcome, Answer):
        shown = Shown(outcome, visit, key)
        if not is_last:
            draw_closed(shown)
            return
        draw_answer(shown)
        place = st.container(key=f"next-place-{key}")
        visit.later.append(partial(_draw_next, place, turn, shown))
    elif isinstance(outcome, Clarification):
        draw_clarification(outcome, words, key, choose)
    elif isinstance(outcome, Definition):
        draw_definition(outcome, words, key, choose)
    elif isinstance(outcome, Refusal):
        draw_refusal(outcome, words, key, choose)
    elif work.is_cancelled:
        draw_stopped(words)
        st.button(words("again"), key=f"again-{key}", on_click=_ask_again, args=(visit, turn), disabled=is_busy())
    elif work.error:
        draw_error(work.error, words)
    else:
        draw_defect(words)


def _draw_next(place: DeltaGenerator, turn: Turn, shown: Shown) -> None:
    """What may be asked next, as soon as it is found."""
    if is_busy():
        return
    with place:
        # While others ask, it is not looked for, and what this person asks next must not wait for it.
        if turn.work.wait_next(0 if shown.visit.desk.ahead.is_held else NEXT_SECONDS):
            ask = partial(begin, shown.visit.desk, turn.principal, language=shown.language)
            draw_next(turn.work.next_questions or (), shown, ask)
        else:
            _wait_next(turn.work)


@st.fragment(run_every=NEXT_SECONDS)
def _wait_next(work: Work) -> None:
    if work.next_questions is not None:
        st.rerun()


def _ask_again(visit: Visit, turn: Turn) -> None:
    """The stopped question once more, with all that it followed and stood for."""
    add(visit.desk, turn.principal, turn.work.anew(visit.desk.agent.journal.open()))


def _ask_typed(visit: Visit) -> None:
    begin(visit.desk, visit.principal, st.session_state["typed"])
