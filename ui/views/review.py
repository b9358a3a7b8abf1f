"""The page of those who own the definitions: what others correct or could not get answered, one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import streamlit as st

from t2sql.journal.review import Waiting
from ui.catalog.drift import draw_drift
from ui.frame import Visit
from ui.parts.blocks import draw_figures, draw_line, draw_notice
from ui.parts.clock import tell_moment
from ui.parts.plain import to_label
from ui.review.item import draw_item, name_of
from ui.review.opened import close_item, open_item
from ui.review.queue import draw_said, forget_said, key_of, read_anew, read_queue
from ui.words import Words

KINDS = ("correction", "wrong", "asked_back", "refused", "unsure")
SPANS = (30, 90)
A_PAGE = 15
LONGEST_LABEL = 70


def is_reviewer(visit: Visit) -> bool:
    """Whether who looks may review."""
    return "review" in visit.narrowed.principal.may


def draw(visit: Visit) -> None:
    """How it goes, the queue, and the item that is open."""
    words = visit.words
    draw_said()
    draw_drift(visit)
    _draw_acceptance(visit)
    waiting = read_queue(visit)
    if waiting is None:
        return
    if not waiting:
        close_item()
        draw_notice("", words("review_empty"), [words("review_empty_help")])
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen = _choose_kind(waiting, words)
        st.button(":material/refresh:", key="review-refresh", help=words("review_refresh"), on_click=read_anew)
    listed, item = st.columns([4, 9], gap="medium")
    with listed:
        opened = _choose_item([one for one in waiting if chosen in ("all", one.kind)], visit)
    with item:
        draw_item(open_item(opened, visit))


def _draw_acceptance(visit: Visit) -> None:
    words, review, now = visit.words, visit.desk.agent.journal.review, datetime.now(UTC)
    figures = []
    for days in SPANS:
        found = review.acceptance(visit.narrowed.principal, now - timedelta(days=days))
        rate = "—" if found.rate is None else f"{found.rate:.0%}"
        below = words("review_counts", accepted=found.accepted, declined=found.declined, right=found.right)
        figures.append((words("review_rate", days=days), rate, below))
    draw_figures(figures)


def _choose_kind(waiting: Sequence[Waiting], words: Words) -> str:
    """The kinds that there are, with how many of each."""
    counts = Counter[str](one.kind for one in waiting)
    names = ["all", *(kind for kind in KINDS if counts[kind])]
    told = {kind: f"{words(f'review_kind_{kind}')} {counts[kind] if kind != 'all' else len(waiting)}" for kind in names}
    chosen: str | None = st.segmented_control(
        words("review_kinds"), names, default="all", format_func=lambda kind: told[kind], key="review-kind",
        label_visibility="collapsed",
    )  # fmt: skip
    return chosen if chosen in names else "all"


def _choose_item(waiting: Sequence[Waiting], visit: Visit) -> Waiting:
    """The list; what was decided last gives way to the next."""
    words = visit.words
    found = {key_of(one): one for one in waiting}
    now: str = st.session_state.get("review-open", "")
    if now not in found:
        now = next(iter(found))
    shown = st.session_state.setdefault("review-shown", A_PAGE)
    with st.container(key="review-list"):
        for key, one in list(found.items())[:shown]:
            text = one.past.text if len(one.past.text) <= LONGEST_LABEL else f"{one.past.text[:LONGEST_LABEL]}…"
            if st.button(
                to_label(text), key=f"review-open-{key}", width="stretch", wrap=True,
                type="primary" if key == now else "secondary",
            ):  # fmt: skip
                st.session_state["review-open"] = key
                forget_said()
                st.rerun()
            draw_line(_told(one, visit), is_quiet=True)
    if len(found) > shown:
        st.button(words("history_more"), on_click=_show_more, icon=":material/expand_more:")
    st.session_state["review-open"] = now
    return found[now]


def _told(one: Waiting, visit: Visit) -> str:
    words = visit.words
    who = name_of(one.principals[0], visit) if one.principals else ""
    if len(one.principals) > 1:
        who = words("review_and_others", who=who, more=len(one.principals) - 1)
    parts = [words(f"review_kind_{one.kind}"), who, tell_moment(one.past.at)]
    if one.times > 1:
        parts.append(words("review_often", times=one.times))
    if one.judgement and one.judgement.state == "approved_once":
        parts.append(words("review_once"))
    return " · ".join(part for part in parts if part)


def _show_more() -> None:
    st.session_state["review-shown"] += A_PAGE
