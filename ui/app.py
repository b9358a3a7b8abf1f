"""The page: `t2sql serve` runs this script once for each click. No business rule lives here; all goes through Agent.

Nothing slow runs here: questions and preparations have threads of their own, and fragments look at how far they are.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import StreamlitPage

from t2sql.errors import T2sqlError
from ui.asking.endings import draw_defect, draw_error
from ui.asking.work import LOG
from ui.desk import Desk, open_desk
from ui.frame import Visit, choose_language, end_visit, open_visit
from ui.parts.blocks import draw_notice, draw_style
from ui.views import PAGES, Page
from ui.words import Words

# A file: Streamlit would fetch an icon that is only named from outside.
ICON = Path(__file__).with_name("icon.svg")


def main() -> None:
    """Draw the page as it is now."""
    words = Words(choose_language())
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
    """The pages that this visitor may open, and the one that is open."""
    heading = st.container(key="heading")
    with heading:
        visit = open_visit(desk, words)
        browser = st.container(key="browser-script")
    pages = {page.name: _page(page, visit, browser) for page in PAGES if page.is_open_to(visit)}
    st.session_state["pages"] = pages
    st.navigation(list(pages.values()), position="top").run()


def _page(page: Page, visit: Visit, browser: DeltaGenerator) -> StreamlitPage:
    def draw() -> None:
        page.draw(visit)
        # Within the page: Streamlit knows a widget by it, and one drawn outside would be another, and anew, the next
        # time it is drawn inside.
        end_visit(visit, browser)

    title, is_first = visit.words(f"page_{page.name}"), page is PAGES[0]
    return st.Page(draw, title=title, icon=page.icon, url_path=page.name, default=is_first)


def _draw_closed(words: Words, error: T2sqlError | None) -> None:
    """The page when there is no agent to ask."""
    draw_notice("", words("closed"), [])
    if error:
        draw_error(error, words)
    else:
        draw_defect(words)
    st.button(words("retry"))


main()
