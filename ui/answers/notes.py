"""What must be known about the figures of an answer, wherever they are shown."""

from __future__ import annotations

from ui.answers.shown import Shown
from ui.parts.blocks import draw_notice


def draw_notes(shown: Shown) -> None:
    """What must be known about the figures: that rows were cut, and the compiler's notes."""
    answer, words = shown.answer, shown.words
    if answer.result.truncated:
        draw_notice("warn", "", [words("truncated", limit=f"{answer.plan.physical.row_limit:,}")])
    colon = "：" if shown.language == "zh" else ": "
    for note in answer.plan.notes:
        draw_notice("warn", "", [f"{words('note')}{colon}{note.zh if shown.language == 'zh' else note.en}"])
