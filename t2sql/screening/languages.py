"""Which language a text is in, and whether it is one that is served: Chinese and English. Decides nothing else."""

# ruff: noqa: E501
# A word list reads better in long lines.
from __future__ import annotations

import re

from t2sql.catalog import Language

_OTHER_SCRIPT = re.compile(
    r"[\u0370-\u03ff\u0400-\u052f\u0590-\u06ff\u0900-\u0e7f\u10a0-\u10ff\u1100-\u11ff\u3040-\u30ff\uac00-\ud7af]"
)
_ACCENTED = re.compile(r"[à-öø-ÿœšžğşłńěřů]")
_OTHER_WORDS = frozenset(
    "quel quelle quels quelles était etait sont les des une du au aux fin juin combien pour avec dans der das den dem"
    " ist sind wie viel hoch für und von im zum zur wieviel el los las del cuál cual cuanto cuánto es fue por para con en"
    " il della quanto qual foi são o dos das era".split()
)
_LATIN_WORD = re.compile(r"[a-zà-öø-ÿœ']+")
_CJK = re.compile(r"[㐀-鿿豈-﫿]")


def language_of(text: str) -> Language:
    """zh when the text holds a Chinese character."""
    return "zh" if _CJK.search(text) else "en"


def is_served(text: str) -> bool:
    """Whether a text is Chinese or English, as far as its script and its commonest words tell."""
    if _OTHER_SCRIPT.search(text):
        return False
    if _CJK.search(text):
        return True
    words = _LATIN_WORD.findall(text.lower())
    foreign = sum(word.strip("'") in _OTHER_WORDS or bool(_ACCENTED.search(word)) for word in words)
    return foreign < 2 or foreign * 4 < len(words)
