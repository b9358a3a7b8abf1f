"""The page's own words, in Chinese and English: constants, and nothing that comes from data or the agent.

One module a page; a key stands in one of them.
"""

from __future__ import annotations

from collections.abc import Mapping

from t2sql.catalog import Language
from ui.words.asking import ASKING
from ui.words.catalog import CATALOG
from ui.words.frame import FRAME
from ui.words.guide import GUIDE
from ui.words.keeping import KEEPING
from ui.words.reviewing import REVIEWING

WORDS: Mapping[str, tuple[str, str]] = {**FRAME, **CATALOG, **GUIDE, **KEEPING, **ASKING, **REVIEWING}
"""Key -> the words in Chinese and English; {names} are filled in."""


class Words:
    """The page's words in one language."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language

    def __call__(self, key: str, **values: object) -> str:
        """The words under `key`, filled in with `values`."""
        text = WORDS[key][0 if self.language == "zh" else 1]
        return text.format(**values) if values else text

    def error(self, code: str) -> str:
        """A heading for an error or refusal of `code`."""
        return self(f"error_{code}") if f"error_{code}" in WORDS else self("failed")
