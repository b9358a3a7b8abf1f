"""The page of boards: answers that stand together, each with its figures as of today or as they were asked."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from t2sql.errors import T2sqlError
from t2sql.flow import Answer, Clarification, Definition, Refusal
from t2sql.headline import tell_headline
from t2sql.journal import Board, Item
from t2sql.journal.kept import Mode
from t2sql.wording import visible
from ui.answers.notes import draw_notes
from ui.answers.picture import draw_picture, forms_of
from ui.answers.shown import Shown
from ui.answers.tables import draw_table
from ui.asking.endings import draw_defect, draw_error
from ui.asking.work import Work
from ui.boards.running import BoardRun
from ui.frame import Visit
from ui.parts.blocks import draw_line, draw_notice, draw_title
from ui.parts.clock import tell_moment
from ui.words import Words

POLL_SECONDS = 0.5
LONGEST_NAME = 60
RUN = "board-run"
"""The session's one board at work: that which is open."""


def draw(visit: Visit) -> None:
    """The boards of who looks: one is open, the others are a click away."""
    words, kept = visit.words, visit.desk.agent.journal.kept
    boards = {board.id: board for board in kept.boards(visit.principal)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = None
        if boards:
            chosen = st.selectbox(
                words("board"), list(boards), format_func=lambda name: visible(boards[name].name), key="board-open"
            )
        _draw_new(visit)
        if chosen:
            _draw_settings(boards[chosen], visit)
    _draw_said(words)
    if not chosen:
        draw_notice("", words("boards_none"), [words("boards_none_help")])
        return
    _draw_board(boards[chosen], visit)


def _draw_new(visit: Visit) -> None:
    words = visit.words
    with (
        st.popover(words("board_new"), icon=":material/add:"),
        st.form("new-board", border=False, clear_on_submit=True),
    ):
        name = st.text_input(words("board_name"), max_chars=LONGEST_NAME)
        if st.form_submit_button(words("board_add")):
            _attempt(visit, partial(visit.desk.agent.journal.kept.add_board, visit.principal, name))
            st.rerun()


def _draw_settings(board: Board, visit: Visit) -> None:
    words, kept = visit.words, visit.desk.agent.journal.kept
    with st.popover(words("board_change"), icon=":material/settings:"):
        with st.form(f"rename-{board.id}", border=False):
            name = st.text_input(words("board_name"), board.name, max_chars=LONGEST_NAME)
            if st.form_submit_button(words("board_rename")):
                _attempt(visit, partial(kept.rename_board, visit.principal, board.id, name))
                st.rerun()
        is_sure = st.checkbox(words("board_sure"), key=f"sure-{board.id}")
        act = partial(_attempt, visit, partial(kept.remove_board, visit.principal, board.id))
        st.button(words("board_remove"), disabled=not is_sure, on_click=act, icon=":material/delete:")


def _draw_board(board: Board, visit: Visit) -> None:
    """Its items, refreshed when it is opened or changed and whenever somebody asks."""
    words = visit.words
    run: BoardRun | None = st.session_state.get(RUN)
    if run is None or run.board != board or run.principal != visit.principal:
        is_same = run is not None and (run.board.id, run.principal) == (board.id, visit.principal)
        if run and not is_same:
            run.stop()
        run = st.session_state[RUN] = BoardRun.begin(board, visit.desk, visit.principal, run if is_same else None)
    if not board.items:
        draw_notice("", words("board_empty"), [words("boards_none_help")])
        return
    if not run.is_over:
        _follow(run, visit)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(words("board_refresh"), icon=":material/refresh:"):
            st.session_state[RUN] = BoardRun.begin(board, visit.desk, visit.principal)
            st.rerun()
        draw_line(words("board_at", at=tell_moment(run.at)), is_quiet=True, is_inline=True)
    columns = st.columns(2, gap="medium")
    for number, item in enumerate(board.items):
        with columns[number % 2], st.container(border=True, key=f"item-{item.question_id}"):
            _draw_item(board, number, item, run.works.get(item.question_id), visit)


@st.fragment(run_every=POLL_SECONDS)
def _follow(run: BoardRun, visit: Visit) -> None:
    """How many items are there, until all are."""
    run.advance(visit.desk)
    if run.is_over:
        st.rerun()
    st.progress(run.done / len(run.works), visit.words("board_busy", done=run.done, all=len(run.works)))
    if st.button(visit.words("cancel"), icon=":material/stop_circle:"):
        run.stop()
        st.rerun()


def _draw_item(board: Board, number: int, item: Item, work: Work | None, visit: Visit) -> None:
    words = visit.words
    if work is None:
        draw_notice("warn", words("item_gone"), [])
    else:
        draw_title(work.question.text)
        try:
            _draw_end(work, Words(work.question.language), visit)
        except Exception:
            draw_defect(words)
    kept, principal, name = visit.desk.agent.journal.kept, visit.principal, item.question_id
    with st.container(horizontal=True, vertical_alignment="center"):
        draw_line(words("link_today" if item.mode == "as of today" else "link_asked"), is_quiet=True, is_inline=True)
        other: Mode = "as asked" if item.mode == "as of today" else "as of today"
        deeds: tuple[tuple[str, str, bool, Callable[[], object]], ...] = (
            ("mode", ":material/event_repeat:", False, partial(kept.put, principal, board.id, name, other)),
            ("left", ":material/arrow_back:", number == 0, partial(kept.move, principal, board.id, name, number - 1)),
            (
                "right", ":material/arrow_forward:", number == len(board.items) - 1,
                partial(kept.move, principal, board.id, name, number + 1),
            ),
            ("off", ":material/close:", False, partial(kept.take, principal, board.id, name)),
        )  # fmt: skip
        for deed, icon, is_idle, act in deeds:
            st.button(
                icon, key=f"{deed}-{name}", help=words(f"item_{deed}"), disabled=is_idle, type="tertiary",
                on_click=_attempt, args=(visit, act),
            )  # fmt: skip


def _draw_end(work: Work, words: Words, visit: Visit) -> None:
    """The answer in small, or why there is none."""
    outcome = work.outcome
    if isinstance(outcome, Answer):
        shown = Shown(outcome, visit, f"item-{outcome.question.id}")
        if headline := tell_headline(outcome.plan, outcome.result, visit.narrowed, shown.language):
            draw_line(headline)
        draw_line(outcome.explanation, is_quiet=True)
        form = forms_of(shown)[0]
        draw_notes(shown)
        if not outcome.result.rows:
            draw_notice("", words("empty"), [words("empty_help")])
        elif form == "table":
            draw_table(outcome, words, shown.key)
        elif form != "figure":
            draw_picture(form, shown)
    elif isinstance(outcome, Refusal):
        draw_notice("warn", words("refused"), [outcome.text, outcome.hint])
    elif isinstance(outcome, (Clarification, Definition)):
        draw_notice("", words("which") if isinstance(outcome, Clarification) else "", [outcome.text])
    elif work.is_cancelled:
        draw_notice("", words("cancelled"), [])
    elif work.error:
        draw_error(work.error, words)
    else:
        draw_defect(words)


def _attempt(visit: Visit, act: Callable[[], object]) -> None:
    """Do it; what cannot be done is told above the board."""
    st.session_state.pop("board-said", None)
    try:
        act()
    except T2sqlError as error:
        st.session_state["board-said"] = error


def _draw_said(words: Words) -> None:
    if error := st.session_state.get("board-said"):
        draw_error(error, words)
