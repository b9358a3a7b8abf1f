"""Draws the editor and hands back what a person typed. It compiles nothing and knows no rights: words, values and
mistakes come from the caller, who has them for one principal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import streamlit as st

from t2sql.catalog import Language
from t2sql.editing.completions import Completion
from t2sql.editing.mistakes import Mistake
from t2sql.editing.vocabulary import KEYWORDS
from t2sql.errors import WarehouseError
from ui.editor.words import EDITOR, KINDS

HERE = Path(__file__).parent
LONGEST_TEXT = 50_000


@dataclass(frozen=True, slots=True)
class Edited:
    """What a person wrote."""

    text: str
    was_run: bool
    """True in the one drawing that gave it to `on_run`."""


def draw_editor(
    text: str,
    *,
    completions: Sequence[Completion],
    find_mistake: Callable[[str], Mistake | None],
    look_up: Callable[[str], Sequence[Completion]],
    on_run: Callable[[str], None],
    language: Language,
    key: str,
) -> Edited | None:
    """The editor, holding `text` until somebody types; None while nothing was typed and no run is wanted.

    `on_run` gets the text after Ctrl+Enter or the button. Only when it has returned does the run count as begun: a
    drawing that is broken off within it is made up for by the next, which may call it again.

    `completions`: names and periods, which do not change with the text. `find_mistake` gets the text as it is now;
    `look_up` the text before the cursor, and finds values. Another `text` replaces what was typed; another `key` begins
    anew.
    """
    text = text.replace("\r\n", "\n")
    state: Mapping[str, Any] = st.session_state.get(key) or {}
    now, before = _typed(state, text, key), _text(state.get("before"))
    words = [_packed(word, language) for word in completions]
    found = {"before": before, "words": [_packed(w, language) for w in _looked_up(look_up, before)]} if before else None
    current = text if now is None else now
    drawn = _component()(
        key=key,
        data={
            "text": text, "now": now, "names": words, "version": sha256(repr(words).encode()).hexdigest()[:16],
            "found": found, "mistake": _told(find_mistake(current), current, language), "words": _words(language),
        },
        on_text_change=_nothing, on_before_change=_nothing, on_run_change=_nothing,
    )  # fmt: skip
    asked, ran = drawn.get("run"), f"{key}-ran"
    if isinstance(asked, Mapping) and asked.get("at") != st.session_state.get(ran):
        wanted = _text(asked.get("text")) or ""
        on_run(wanted)
        st.session_state[ran] = asked.get("at")
        return Edited(wanted, True)
    return Edited(now, False) if now is not None and now != text else None


@cache
def _component() -> Callable[..., Any]:
    """The component, registered once a process."""
    html, css, js = ((HERE / f"editor.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
    return st.components.v2.component("t2sql_editor", html=html, css=css, js=js)


def _nothing() -> None:
    """Streamlit keeps only what has a callback."""


def _typed(state: Mapping[str, Any], given: str, key: str) -> str | None:
    """What was typed over `given`, also before the editor was out of sight for a while; None where nothing was."""
    sent = state.get("text")
    if isinstance(sent, Mapping) and isinstance(sent.get("text"), str):
        st.session_state[f"{key}-typed"] = (sent.get("over"), _text(sent["text"]))
    over, typed = st.session_state.get(f"{key}-typed", (None, None))
    return typed if over == given else None


def _text(value: object) -> str | None:
    """What the browser sent, where it is a text; no longer than anybody types."""
    return value[-LONGEST_TEXT:] if isinstance(value, str) else None


def _looked_up(look_up: Callable[[str], Sequence[Completion]], before: str) -> Sequence[Completion]:
    """Values to offer; none while the database cannot be asked, which running the text will tell."""
    try:
        return look_up(before)
    except WarehouseError:
        return ()


def _packed(word: Completion, language: Language) -> list[Any]:
    """A word as the script takes it; the other language's name finds it too."""
    said, other = word.display.to(language), word.display.to("en" if language == "zh" else "zh")
    return [word.text, word.kind, said, other, word.meaning.to(language), list(word.also), word.of]


def _told(mistake: Mistake | None, text: str, language: Language) -> dict[str, Any] | None:
    if mistake is None:
        return None
    where = EDITOR["where"][language == "en"].format(line=mistake.line, column=mistake.column)
    return {
        "of": text, "start": mistake.start, "end": mistake.end, "where": where,
        "message": mistake.message.to(language), "hint": mistake.hint.to(language),
    }  # fmt: skip


def _words(language: Language) -> dict[str, Any]:
    def said(name: str) -> str:
        return EDITOR[name][language == "en"]

    keywords = sorted({part.lower() for word in KEYWORDS for part in word.split()})
    return {
        **{name: said(name) for name in ("name", "run", "keys", "options", "count")},
        "kinds": {kind: said(kind) for kind in KINDS}, "keywords": keywords,
    }  # fmt: skip
