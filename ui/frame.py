"""What stands around every page: the bank's name, the switches of language and person, and who visits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from t2sql.catalog import Language
from t2sql.policy import Narrowed
from t2sql.wording import format_period
from ui.asking.turns import turns_of
from ui.desk import Desk
from ui.parts.blocks import draw_heading
from ui.parts.browser import draw_browser_script, remembered_language
from ui.words import Words

LANGUAGES: dict[Language, str] = {"zh": "中文", "en": "English"}


@dataclass(frozen=True, slots=True)
class Visit:
    """One run of the page's script: who looks, in which language, at what."""

    desk: Desk
    words: Words
    narrowed: Narrowed
    awaited: list[Callable[[], None]] = field(default_factory=list)
    """What is drawn when all else stands, as it may be waited for: the end of the newest question."""
    later: list[Callable[[], None]] = field(default_factory=list)
    """What is drawn after that: what nobody asked for yet."""

    @property
    def principal(self) -> str:
        """Name of who asks; "" is nobody."""
        return self.narrowed.principal.name


def go_to(name: str) -> None:
    """Open another page. Not for callbacks, which Streamlit runs before there are pages."""
    st.switch_page(st.session_state["pages"][name])


def choose_language() -> Language:
    """The language of the interface: as chosen now or on an earlier visit, until then the browser's, Chinese when it
    says neither.
    """
    browsers: Language = "en" if (st.context.locale or "").lower().startswith("en") else "zh"
    chosen: Language = st.session_state.setdefault("language", remembered_language() or browsers)
    return chosen


def open_visit(desk: Desk, words: Words) -> Visit:
    """Draw the heading with its switches; what they say is the visit. Raises AccessDenied, WarehouseError."""
    heading, controls = st.columns([3, 2], vertical_alignment="top")
    with controls:
        principal = _draw_controls(desk, words)
    visit = Visit(desk, words, desk.narrow(principal))
    with heading:
        _draw_heading(visit)
    return visit


def end_visit(visit: Visit, browser: DeltaGenerator) -> None:
    """What comes when the page stands: what is waited for; the script, in its place `browser`, which brings the newest
    answer into sight; and what takes a moment more.
    """
    for draw in visit.awaited:
        draw()
    answered = max((turn.number for turn in turns_of(visit.principal) if turn.work.is_over), default=0)
    with browser:
        draw_browser_script(visit.words.language, answered)
    for draw in visit.later:
        draw()


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


def _draw_heading(visit: Visit) -> None:
    catalog, last, words = visit.narrowed.catalog, visit.desk.last_load(), visit.words
    counts = {"metrics": len(catalog.metrics), "dimensions": len(catalog.dimensions)}
    day = format_period(last.isoformat(), words.language) if last else ""
    below = words("loaded", day=day, **counts) if last else words("nothing_loaded", **counts)
    draw_heading(words("title", bank=catalog.display.to(words.language)), below)
