"""Periods of different grains side by side: "NIM for 2025 and for H1 2026" is one row for each, as a UNION ALL.

No grain of a single SELECT shows both, so a year beside its own half would be cut up to fit the half.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from t2sql.figure_names import PERIOD_SHOWN
from t2sql.flow import Context, Period

_PLAIN = re.compile(r"SELECT (?!.* (?:ORDER BY|LIMIT|QUALIFY|UNION|OR) )")


def periods_apart(context: Context) -> list[Period]:
    """Single periods of more than one grain, each asked for itself, in the order of the text; [] for any other."""
    own = [p for p in context.periods if not p.dimension]
    if context.grains or context.comparisons or len({p.grain for p in own}) < 2:
        return []
    if any(p.first != p.last or p.is_cumulative or p.side for p in own):
        return []
    return sorted(own, key=lambda p: p.span.start)


def one_below_the_other(parts: Sequence[str], periods: Sequence[Period]) -> str:
    """One semantic SQL that gives each of `parts`, the figures of one period each, with its period; "" where one of
    them is no plain SELECT.
    """
    if len(parts) != len(periods) or not all(_PLAIN.match(part) for part in parts):
        return ""
    shown = [f"SELECT {p.grain} AS {PERIOD_SHOWN}, " for p in periods]
    return " UNION ALL ".join(_PLAIN.sub(head, part, count=1) for head, part in zip(shown, parts, strict=True))
