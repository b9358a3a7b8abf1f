"""Words after a range that only say it once more: 从7月到次年6月这一年, "(12 months)", inclusive. Names no period of its own.

A length is taken only where it is the range's own; any other is left for whoever tells what was not understood.
"""

# ruff: noqa: E501
# A pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from t2sql.flow import Period, Span
from t2sql.grounding.numbers.numerals import read_integer
from t2sql.grounding.time.calendars import MONTHS_IN
from t2sql.grounding.time.pieces import N
from t2sql.grounding.time.windows import GRAINS
from t2sql.grounding.words.text import Folded

_ZH = r"[\s,、(]*(?:即|共计?|总共|前后|也就是|合计)?(?:这|那)?(?:整整?|完整的?)?(?P<n>{n}|半|整)个?(?:自然)?(?P<u>年|季度|月)(?:整|里面?|之?内|之?间|期间|时间|下来|以来|当中|中|的时间)?\)?(?!期|以|末|初|底|度|前|后|报|多|来?的?(?:贷款|存款))"
_EN = (
    r"[\s,(–—-]*(?:(?:that is|i\.e\.|ie|or|so|over|in|for|during|across|within|covering|being|all) ?,? ?)*"
    rf"(?P<d>(?:the|these|those|this|that|all) )?(?P<w>(?:full|whole|entire|complete|period of(?: the)?|one|a) )?(?P<n>{N}|half)?(?: full| whole| complete)?[ -]?(?:a )?"
    r"(?P<u>years?|quarters?|months?)(?: period| in all| altogether)?\)?(?!\w|[- ](?:on|over|to|by|ago|earlier|before|of|end|average|term|loans?|deposits?|old)\b)"
)
_LENGTHS = (re.compile(_ZH.replace("{n}", N), re.ASCII), re.compile(_EN, re.ASCII))
# Ranges take both their ends in any case.
_INCLUSIVE = re.compile(
    r"[\s,(]*(?:(?:both|all)? ?(?:ends?|months?|dates?|days?|quarters?|years?)? ?)?(?:inclusive(?:ly)?|included)(?: of both(?: ends| months| dates)?)?\)?(?!\s*(?:of|in)\b)"
    r"|[\s,(]*(?:首尾|两端|前后|起止月?|起止日?)?(?:均|都)?(?:包含|包括|含)(?:在内|首尾|两端|起止月?|首尾两?[月年端])\)?"
)


def with_lengths(folded: Folded, periods: Sequence[Period]) -> list[Period]:
    """The periods, each range with the words after it that say it again; a period found in those words is none."""
    kept: list[Period] = []
    again: list[Span] = []
    for period in periods:
        if any(span.start <= period.span.start < span.end for span in again):
            continue
        longer = _with_length(folded, period) if period.first != period.last else period
        again.append(Span(period.span.end, longer.span.end))
        kept.append(longer)
    return kept


def _with_length(folded: Folded, period: Period) -> Period:
    for _ in range(2):
        start = next((at + 1 for at, end in enumerate(folded.ends) if end >= period.span.end), len(folded.text))
        inclusive = _INCLUSIVE.match(folded.text, start)
        end = inclusive.end() if inclusive else _end_of_length(folded.text, start, period)
        if end is None:
            break
        period = replace(period, span=Span(period.span.start, folded.span(start, end).end))
    return period


def _end_of_length(text: str, start: int, period: Period) -> int | None:
    months = _months(period)
    for pattern in _LENGTHS:
        match = pattern.match(text, start)
        if match is None:
            continue
        said = match.groupdict()
        if not said["n"] and not (said.get("d") or said.get("w")):
            continue
        grain = GRAINS[match["u"][0]]
        count = 1 if not said["n"] or said["n"] == "整" else read_integer(said["n"]) or 0
        length = 6 if said["n"] in ("半", "half") and grain == "year" else count * MONTHS_IN[grain]
        if months and length == months:
            return match.end()
    return None


def _months(period: Period) -> int:
    """How many months a range of whole ones has, 0 for any other."""
    if period.grain not in MONTHS_IN:
        return 0
    step = MONTHS_IN[period.grain]
    return _index(period.last, step) - _index(period.first, step) + step


def _index(literal: str, step: int) -> int:
    year, _, part = literal.removeprefix("FY").partition("-")
    return int(year) * 12 + (int(part.lstrip("HQ") or 1) - 1) * step if part else int(year) * 12
