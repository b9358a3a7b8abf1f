"""The page of the catalog: find what can be asked, and read what it means, where it comes from and how to ask it."""

from __future__ import annotations

import streamlit as st

from t2sql.definitions import Shelf
from ui.catalog.drift import draw_drift
from ui.catalog.entry import draw_entry
from ui.catalog.listing import draw_list, draw_names, draw_topics, opened, shelf_of
from ui.frame import Visit
from ui.parts.blocks import draw_line, draw_notice, draw_title


def draw(visit: Visit) -> None:
    """The list, and beside it the entry that the address names, or an overview."""
    shelf = shelf_of(visit.narrowed)
    name = opened()
    draw_drift(visit)
    # Where they stand one below the other, an open entry stands first.
    with st.container(key="catalog-open" if name else "catalog"):
        listed, shown = st.columns([2, 3], gap="large")
        with listed:
            draw_list(shelf, visit)
        with shown:
            line = shelf.line(name)
            if line is not None:
                draw_entry(line, shelf, visit)
            else:
                if name:
                    _draw_unknown(name, shelf, visit)
                _draw_overview(shelf, visit)


def _draw_unknown(name: str, shelf: Shelf, visit: Visit) -> None:
    """A name that is not here, or not for this person: the same words for both."""
    words = visit.words
    draw_notice("warn", words("catalog_unknown", name=name[:60]), [words("catalog_unknown_help")])
    near = [(line.name, line.display.to(words.language)) for line in shelf.nearest(name)]
    draw_names(words("catalog_near"), near, "unknown")


def _draw_overview(shelf: Shelf, visit: Visit) -> None:
    """The topics with their metrics."""
    draw_title(visit.words("kinds_topic"))
    draw_line(visit.words("catalog_choose"), is_quiet=True)
    draw_topics(shelf, visit.words)
