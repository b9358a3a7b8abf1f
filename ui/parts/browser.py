"""What only the browser can do: it remembers the language, tells it to screen readers, and listens for keys.

One small script of our own, sent with the page; it fetches nothing and gets no text of a person or of data.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from t2sql.catalog import Language

SCRIPT = Path(__file__).with_name("browser.js")
COOKIE = "t2sql_language"


def remembered_language() -> Language | None:
    """The language chosen on an earlier visit of this browser; None for none."""
    found = st.context.cookies.get(COOKIE)
    return "zh" if found == "zh" else "en" if found == "en" else None


def draw_browser_script(language: Language, answered: int) -> None:
    """Put the script on the page; it takes no room. `answered`: number of the newest answer, shown from its top."""
    _component()(key="browser", data={"language": language, "answered": answered})


@cache
def _component() -> Any:
    return st.components.v2.component("t2sql_browser", js=SCRIPT.read_text(encoding="utf-8"))
