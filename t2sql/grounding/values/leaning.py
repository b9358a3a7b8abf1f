"""Values that lean into a metric's or a dimension's name: which of the two the shared letters belong to."""

from __future__ import annotations

from t2sql.flow import NameMention, Span, ValueMention
from t2sql.grounding.words.overlaps import covers, overlaps


def cuts(value: Span, name: Span | None) -> bool:
    """Whether a value takes more of a metric's name than its beginning, or is mostly that name (类手续费)."""
    if not overlaps(value, name) or name is None:
        return False
    is_led = value.start < name.start and value.end < name.end
    return not is_led or 2 * (value.end - name.start) > value.end - value.start


def uncued(values: tuple[ValueMention, ...], dimensions: tuple[NameMention, ...]) -> tuple[ValueMention, ...]:
    """Values that hold no grouping inside them: in "by loan product" the last word groups."""
    cued = [d.span for d in dimensions if d.score == 1.0]
    return tuple(v for v in values if not any(covers(v.span, span) and v.span != span for span in cued))
