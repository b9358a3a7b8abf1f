"""The grammar that the llm writes under: exactly the readings of this question, in llguidance's Lark dialect."""

from __future__ import annotations

import json
from collections.abc import Sequence


def build_grammar(texts: Sequence[str]) -> str:
    """A Lark grammar that accepts each of `texts` and nothing else. What they share is forced, so the llm only
    chooses where they differ.
    """
    alternatives = "\n     | ".join(json.dumps(text, ensure_ascii=False) for text in texts)
    return f"start: {alternatives}\n"
