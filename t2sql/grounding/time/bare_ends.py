"""月末, 季末, year-end and the like with no period beside them: the latest such end."""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from t2sql.catalog import Grain
from t2sql.grounding.time.calendars import MONTHS_IN, Clock, Stretch, month_stretch

_NOT_GROUPED = r"(?<![各每历逐按较比年月季上下个去本分\d一二三四五六七八九十])"
_ENDS: tuple[tuple[Grain, re.Pattern[str]], ...] = (
    ("year", re.compile(rf"{_NOT_GROUPED}(?:年末|年底|年终)(?!奖|考核)|\b(?:at |as of |at the )?(?<!each )(?<!every )(?<!by )(?<!per )year[- ]end\b", re.ASCII)),
    ("quarter", re.compile(rf"{_NOT_GROUPED}(?:季末|季度末)|\b(?:at |as of |at the )?(?<!each )(?<!every )(?<!by )(?<!per )quarter[- ]end\b", re.ASCII)),
    ("month", re.compile(rf"{_NOT_GROUPED}(?:月末|月底)|\b(?:at |as of |at the )?(?<!each )(?<!every )(?<!by )(?<!per )month[- ]end\b", re.ASCII)),
)  # fmt: skip


def bare_ends(text: str, taken: Sequence[tuple[int, int]], clock: Clock) -> Iterator[tuple[int, int, Stretch]]:
    """(start, end, month) of each end that no other finding has."""
    for grain, pattern in _ENDS:
        for match in pattern.finditer(text):
            if all(match.end() <= start or end <= match.start() for start, end in taken):
                length = MONTHS_IN[grain]
                over = clock.month(1).months()[0] if grain == "year" else clock.last_month()
                yield *match.span(), month_stretch((over + 1) // length * length - 1)
