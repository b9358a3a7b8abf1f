"""What the values of a sample look like: counts, range, and a list where they are few.

A profile holds values of ordinary columns only; the caller leaves personal ones out before a row is read.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from t2sql.onboarding.introspect import FoundColumn
from t2sql.onboarding.survey import Profile

SAMPLED_ROWS = 10_000
LISTED_VALUES = 60
TEXT_CUT = 256
_SHOWN_CUT = 80
_LISTED_LENGTH = 64


def profile_of(column: FoundColumn, values: Sequence[Any], *, is_whole: bool) -> Profile:
    """The profile of `values`, one a row of the sample."""
    present = [value for value in values if value is not None]
    counts: Counter[Any] = Counter()
    if column.kind != "other":
        counts.update(present)
    listed = _listed(column, counts, len(present))
    least, greatest = _ends(column, counts)
    return Profile(
        sampled=len(values),
        is_whole=is_whole,
        nulls=len(values) - len(present),
        distinct=len(counts),
        least=least,
        greatest=greatest,
        values=listed,
        longest=max((len(value) for value in counts if isinstance(value, str)), default=0),
        is_complete_list=is_whole and bool(listed),
    )


def _listed(column: FoundColumn, counts: Counter[Any], present: int) -> tuple[tuple[str, int], ...]:
    """All values with their counts, where they look like a list that a person could learn."""
    if column.kind not in ("text", "integer", "boolean") or not counts or len(counts) > LISTED_VALUES:
        return ()
    if any(isinstance(value, str) and len(value) > _LISTED_LENGTH for value in counts):
        return ()
    # Few rows tell little: values that hardly repeat are names or texts, not a list.
    if len(counts) > max(12, present * 0.5) and column.kind != "boolean":
        return ()
    return tuple((shown(value), count) for value, count in sorted(counts.items(), key=lambda p: (-p[1], str(p[0]))))


def _ends(column: FoundColumn, counts: Counter[Any]) -> tuple[str | None, str | None]:
    if not counts or column.kind in ("other", "boolean"):
        return None, None
    # NaN has no place in an order.
    comparable = [value for value in counts if not (isinstance(value, float | Decimal) and value != value)]
    try:
        return shown(min(comparable)), shown(max(comparable))
    except (TypeError, ValueError):
        return None, None


def shown(value: Any) -> str:
    """A value as a profile writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)[:_SHOWN_CUT]
