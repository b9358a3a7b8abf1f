"""What of the definitions the database no longer bears, told to those who may know the names."""

from __future__ import annotations

from ui.frame import Visit
from ui.parts.blocks import draw_notice


def draw_drift(visit: Visit) -> None:
    """What is switched off and why; nothing where all is as it was. Who keeps the definitions is told what to do."""
    words, notes = visit.words, visit.desk.drift_notes(visit.principal)
    if notes:
        told = [note.zh if words.language == "zh" else note.en for note in notes]
        help_too = [words("drift_help")] if "review" in visit.narrowed.principal.may else []
        draw_notice("warn", words("drift"), [*told, *help_too])
