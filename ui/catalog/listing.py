"""The list of the catalog: a box to find names in, and one grid, however many names there are."""

from __future__ import annotations

from collections.abc import Container, Sequence

import pandas as pd
import streamlit as st

from t2sql.definitions import Listed, Shelf
from t2sql.definitions.shelf import KINDS, Kind
from t2sql.policy import Narrowed
from t2sql.wording import visible
from ui.frame import Visit
from ui.parts.blocks import draw_notice, draw_pairs
from ui.parts.plain import to_label
from ui.words import Words

HEIGHT = 560
ROW_HEIGHT = 35
NAME_WIDTH, KIND_WIDTH, TOPIC_WIDTH = 190, 76, 130
LONGEST_SEARCH = 200


def shelf_of(narrowed: Narrowed) -> Shelf:
    """The list of one narrowed catalog, made once for all who may know the same."""
    return _shelf(narrowed.fingerprint, narrowed)


@st.cache_resource(show_spinner=False, max_entries=50)
def _shelf(fingerprint: str, _narrowed: Narrowed) -> Shelf:
    return Shelf(_narrowed.catalog)


def opened() -> str:
    """The name of the entry that is open, as the address has it; "" for none."""
    return str(st.query_params.get("name", ""))


def open_entry(name: str) -> None:
    """Open an entry; "" closes it. The address then leads to it."""
    if name:
        st.query_params["name"] = name
    else:
        st.query_params.pop("name", None)


def draw_list(shelf: Shelf, visit: Visit) -> None:
    """The box, the kinds and the grid."""
    words = visit.words
    text = st.text_input(
        words("catalog_search"), key="catalog-search", placeholder=words("catalog_search_hint"),
        max_chars=LONGEST_SEARCH, icon=":material/search:",
    )  # fmt: skip
    found = shelf.find(text)
    kind = _draw_kinds(found, words)
    shown = [line for line in found if kind in ("", line.kind)]
    if shown:
        _draw_grid(shown, shelf, words)
    else:
        draw_notice("", words("catalog_none", text=text), [words("catalog_none_help")])
        draw_names(words("catalog_near"), [(n.name, n.display.to(words.language)) for n in shelf.nearest(text)], "near")


def _draw_kinds(found: Sequence[Listed], words: Words) -> Kind | str:
    """How many of each kind were found; returns the kind that is wanted, "" for all."""
    counts = {kind: sum(line.kind == kind for line in found) for kind in KINDS}
    labels = {"": words("catalog_all", count=len(found))}
    labels |= {kind: words("catalog_some", kind=words(f"kinds_{kind}"), count=count) for kind, count in counts.items()}
    chosen = st.segmented_control(
        words("catalog_kinds"), list(labels), format_func=lambda kind: labels[kind], default="", required=True,
        key=f"catalog-kind-{words.language}", label_visibility="collapsed",
    )  # fmt: skip
    return chosen or ""


def _draw_grid(shown: Sequence[Listed], shelf: Shelf, words: Words) -> None:
    language = words.language
    topics = {line.name: line.display.to(language) for line in shelf.lines if line.kind == "topic"}
    name, kind, topic = words("catalog_name"), words("catalog_kind"), words("catalog_topic")
    table = pd.DataFrame(
        {
            name: [visible(line.display.to(language)) for line in shown],
            kind: [words(f"kind_{line.kind}") for line in shown],
            topic: [visible(topics.get(line.topic, "")) for line in shown],
        }
    )
    # What is chosen is a place in the list: another list is another grid.
    key = f"catalog-grid-{hash((language, tuple(line.name for line in shown)))}"

    def choose() -> None:
        cells = st.session_state[key].selection.cells
        if cells:
            open_entry(shown[cells[0][0]].name)

    st.dataframe(
        table, key=key, hide_index=True, on_select=choose, selection_mode="single-cell", width="stretch",
        height=min(HEIGHT, ROW_HEIGHT * (len(shown) + 1) + 3), row_height=ROW_HEIGHT,
        column_config={
            name: st.column_config.TextColumn(width=NAME_WIDTH), kind: st.column_config.TextColumn(width=KIND_WIDTH),
            topic: st.column_config.TextColumn(width=TOPIC_WIDTH),
        },
    )  # fmt: skip


def draw_names(title: str, names: Sequence[tuple[str, str]], key: str) -> None:
    """Names to click, which open their entries; nothing for none. `names`: (name, what people call it)."""
    if not names:
        return
    called = dict(names)
    widget = f"names-{key}"

    def choose() -> None:
        chosen = st.session_state[widget]
        st.session_state[widget] = None
        if chosen:
            open_entry(chosen)

    st.pills(title, list(called), format_func=lambda name: to_label(called[name]), key=widget, on_change=choose)


def draw_topics(shelf: Shelf, words: Words, only: Container[str] | None = None) -> None:
    """The topics with their metrics, or with those in `only`."""
    stop = "、" if words.language == "zh" else ", "
    called: dict[str, list[str]] = {}
    for line in shelf.lines:
        if line.kind == "metric" and (only is None or line.name in only):
            called.setdefault(line.topic, []).append(line.display.to(words.language))
    topics = (line for line in shelf.lines if line.kind == "topic")
    draw_pairs((topic.display.to(words.language), stop.join(called.get(topic.name, ()))) for topic in topics)
