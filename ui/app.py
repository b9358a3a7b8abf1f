"""The page: `t2sql serve` runs this script once for each click. No business rule lives here; all goes through Agent.

Nothing slow runs here: questions and preparations have threads of their own, and fragments look at how far they are.
"""

from __future__ import annotations

import re
from collections.abc import MutableSequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import cast

import streamlit as st

from t2sql.catalog import Catalog, Language
from t2sql.errors import T2sqlError
from t2sql.flow import Answer, Clarification, Definition, Reading, Refusal
from t2sql.flow import Turn as EarlierTurn
from t2sql.policy import Narrowed
from t2sql.wording import format_period, in_language
from ui.answers import draw_answer
from ui.blocks import draw_asked, draw_grid, draw_heading, draw_line, draw_notice, draw_steps, draw_style, draw_title
from ui.definitions import draw_definition
from ui.desk import Desk, Warmth, open_desk
from ui.endings import draw_clarification, draw_defect, draw_error, draw_refusal, draw_stopped
from ui.examples import suggest_questions
from ui.plain import to_label
from ui.progress import follow
from ui.words import Words
from ui.work import LOG, Work

LANGUAGES: dict[Language, str] = {"zh": "中文", "en": "English"}
# A file: Streamlit would fetch an icon that is only named from outside.
ICON = Path(__file__).with_name("icon.svg")
MOST_TURNS = 20
MOST_AT_ONCE = 3
# A Chinese character or two English words; less does not say which language a person speaks.
SENTENCE = re.compile(r"[\u3400-\u9fff]|[A-Za-z]{2,}\W+[A-Za-z]{2,}")
SHOWN_CHARACTERS = 600
LONGEST_INPUT = 20_000
WARMTH_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of this session."""

    number: int
    principal: str
    work: Work


def main() -> None:
    """Draw the page as it is now."""
    language: Language = st.session_state.setdefault("language", _first_language())
    words = Words(language)
    st.set_page_config(page_title=words("tab"), page_icon=str(ICON), layout="wide")
    draw_style()
    try:
        with st.spinner(words("opening")):
            desk = open_desk()
        _draw_page(desk, words)
    except T2sqlError as error:
        _draw_closed(words, error)
    except Exception:
        LOG.exception("The page could not be drawn.")
        _draw_closed(words, None)


def _draw_page(desk: Desk, words: Words) -> None:
    heading, controls = st.columns([3, 2], vertical_alignment="top")
    with controls:
        principal = _draw_controls(desk, words)
    narrowed = desk.narrow(principal)
    with heading:
        _draw_heading(desk, narrowed, words)
    # In places of their own, so that what comes and goes does not move, and thereby close, what a person has opened.
    with st.container(key="warmth"):
        _draw_warmth(desk.warm(principal), words)
    turns = [turn for turn in _turns() if turn.principal == principal]
    with st.container(key="first"):
        if not turns:
            _draw_first(desk, narrowed, words)
        elif len(turns) == MOST_TURNS:
            draw_line(words("history"), is_quiet=True)
    for turn in turns:
        _draw_turn(turn, desk, narrowed)
    is_busy = _is_busy()
    with st.container(key="fresh"):
        if _earlier(principal):
            st.button(
                words("fresh"),
                key="fresh-button",
                help=words("fresh_help"),
                on_click=_begin_anew,
                icon=":material/refresh:",
            )
    st.chat_input(
        words("busy" if is_busy else "ask"), key="typed", max_chars=LONGEST_INPUT, disabled=is_busy,
        on_submit=_ask_typed, args=(desk, principal),
    )  # fmt: skip


def _draw_controls(desk: Desk, words: Words) -> str:
    """The switches; returns who asks."""
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        principal = desk.agent.settings.principal
        if desk.is_demo:
            principals = desk.agent.policies.principals
            names = list(principals)
            chosen = st.session_state.get("chosen", principal)
            found = st.selectbox(
                words("principal"), names, index=names.index(chosen) if chosen in names else None,
                format_func=lambda name: words("as", name=principals[name].display.to(words.language)),
                label_visibility="collapsed", width="stretch", key=f"principal-{words.language}",
            )  # fmt: skip
            principal = st.session_state["chosen"] = found or ""
        st.segmented_control(
            "语言 / Language", list(LANGUAGES), format_func=lambda name: LANGUAGES[name], key="language", required=True,
            label_visibility="collapsed",
        )  # fmt: skip
    return principal


def _draw_heading(desk: Desk, narrowed: Narrowed, words: Words) -> None:
    catalog, last = narrowed.catalog, desk.last_load()
    counts = {"metrics": len(catalog.metrics), "dimensions": len(catalog.dimensions)}
    day = format_period(last.isoformat(), words.language) if last else ""
    below = words("loaded", day=day, **counts) if last else words("nothing_loaded", **counts)
    draw_heading(words("title", bank=catalog.display.to(words.language)), below)


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


def _draw_first(desk: Desk, narrowed: Narrowed, words: Words) -> None:
    """What a person sees before the first question."""
    st.space("small")
    draw_line(words("first_help"))
    questions = suggest_questions(narrowed.catalog, desk.last_load(), words.language)
    if questions:
        draw_title(words("first"))
    for place, text in enumerate(questions):
        ask = partial(_ask, desk, narrowed.principal.name, text)
        st.button(to_label(text), key=f"example-{place}", on_click=ask, icon=":material/arrow_forward:", wrap=True)
    with st.expander(words("all_names"), key="all-names"):
        _draw_names(narrowed.catalog, words)


def _draw_names(catalog: Catalog, words: Words) -> None:
    """Every name that may be asked for, with what it means."""
    language = words.language
    separator = "、" if language == "zh" else ", "
    draw_line(separator.join(d.display.to(language) for d in catalog.dimensions.values()), words("dimensions"))
    draw_grid(
        [words("metric"), words("unit"), words("definition")],
        [
            (m.display.to(language), m.unit, in_language(" ".join(m.description.split()), language))
            for m in catalog.metrics.values()
        ],
    )


def _draw_turn(turn: Turn, desk: Desk, narrowed: Narrowed) -> None:
    """A question and how far it is; a defect in drawing one leaves the others."""
    work, key = turn.work, str(turn.number)
    words = Words(work.question.language)
    text = work.question.text
    draw_asked(text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…")
    with st.container(border=True, key=f"turn-{key}"):
        if not work.is_over:
            follow(work, narrowed.catalog, words)
            return
        try:
            _draw_end(turn, desk, narrowed, words)
        except Exception:
            LOG.exception("An answer could not be drawn.")
            draw_defect(words)


def _draw_end(turn: Turn, desk: Desk, narrowed: Narrowed, words: Words) -> None:
    work, key = turn.work, str(turn.number)
    question, outcome = work.question, work.outcome
    if isinstance(outcome, Answer):
        draw_answer(outcome, narrowed, words, key)
    elif isinstance(outcome, Clarification):
        draw_clarification(outcome, words, key, partial(_choose, desk, turn.principal, question.language))
    elif isinstance(outcome, Definition):
        draw_definition(outcome, words, key, partial(_choose, desk, turn.principal, question.language))
    elif isinstance(outcome, Refusal):
        draw_refusal(outcome, words, key, partial(_choose, desk, turn.principal, question.language))
    elif work.is_cancelled:
        again = partial(_ask, desk, turn.principal, question.text, work.semantic_sql, question.language)
        draw_stopped(words, key, again)
    elif work.error:
        draw_error(work.error, words)
    else:
        draw_defect(words)


def _draw_closed(words: Words, error: T2sqlError | None) -> None:
    """The page when there is no agent to ask."""
    draw_notice("", words("closed"), [])
    if error:
        draw_error(error, words)
    else:
        draw_defect(words)
    st.button(words("retry"))


def _ask_typed(desk: Desk, principal: str) -> None:
    _ask(desk, principal, st.session_state["typed"])


def _choose(desk: Desk, principal: str, language: Language, reading: Reading) -> None:
    _ask(desk, principal, reading.text, reading.semantic_sql, language)


def _ask(
    desk: Desk, principal: str, text: str, semantic_sql: str | None = None, language: Language | None = None
) -> None:
    """Begin a question; a few may run at once, so that the input stays open and keeps the cursor."""
    if _is_busy():
        return
    agent = desk.agent
    if agent.settings.language == "auto" and language is None and not SENTENCE.search(text):
        language = st.session_state["language"]
    before = _earlier(principal)
    question = agent.question(text, principal=principal if desk.is_demo else "", language=language, before=before)
    work = Work(question, semantic_sql)
    number = st.session_state["asked"] = st.session_state.get("asked", 0) + 1
    turns = _turns()
    turns.append(Turn(number, principal, work))
    del turns[:-MOST_TURNS]
    work.start(agent)


def _earlier(principal: str) -> tuple[EarlierTurn, ...]:
    """What a question of `principal` can follow: the turns since a new question was begun."""
    since = st.session_state.get("fresh_after", 0)
    found = []
    for turn in _turns():
        if turn.principal == principal and turn.number > since:
            outcome = turn.work.outcome
            drafted = outcome.draft.semantic_sql if isinstance(outcome, Answer) else ""
            found.append(EarlierTurn(turn.work.question.text, drafted))
    return tuple(found)


def _begin_anew() -> None:
    st.session_state["fresh_after"] = st.session_state.get("asked", 0)


def _is_busy() -> bool:
    """Whether as many questions run as one session may."""
    return sum(not turn.work.is_over for turn in _turns()) >= MOST_AT_ONCE


def _turns() -> MutableSequence[Turn]:
    return cast("MutableSequence[Turn]", st.session_state.setdefault("turns", []))


def _first_language() -> Language:
    """Until somebody chooses: the browser's, Chinese when it says neither."""
    return "en" if (st.context.locale or "").lower().startswith("en") else "zh"


main()
