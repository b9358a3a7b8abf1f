"""What a date is set against where no other is said: 存款比3月末多了多少 is the latest figure less that of March.

Only a date at which a figure stands has such a latest one; a month's turnover is left to be asked back.
"""

# ruff: noqa: E501
# A pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from t2sql.flow import Period
from t2sql.grounding.time.calendars import Clock
from t2sql.grounding.words.text import Folded

_BASE = re.compile(
    r"(?P<w>(?:相?(?<!拨贷)(?<!存贷)(?<!成本收入)(?<![占同环])比|相?较)于?|对比)$|\b(?P<e>than|compared (?:to|with|against)|versus|vs\.?|against|relative to)(?: (?:it|they|we|that))?(?: (?:was|were|had|stood|did))?(?: back)?(?: (?:at|on|in|as at|as of))?(?: the)?(?: end(?: of)?)? $"
)
# 和3月末相比: the comparing word stands after it.
_JOINED_BEFORE = re.compile(r"(?:和|与|跟|同)$")
_COMPARED_AFTER = re.compile(r"的?(?P<w>相?比(?:较|起来)?|对比)(?![例重率值])")
_NOW = r"(?:现在|目前|当前|如今|眼下|最新)|\b(?:now|today|currently|at present|the latest|latest)\b"
_WITH = r"(?:,? ?\b(?:and|versus|vs\.?|against|compared (?:to|with))\b|[,、和与跟及同比&]|对比|以及)"
_THEN_NOW = re.compile(rf"\s*{_WITH}\s*(?:as of |at |the |到)?(?:{_NOW})")
_NOW_THEN = re.compile(
    rf"(?:{_NOW})\s*{_WITH}\s*(?:that |those )?(?:at |in |as at |as of |on |of |the |end of |end )*$"
)
_BOTH = re.compile(r"[相对]比|比较|^(?:compared|vs|versus)|^比$")
_MORE = re.compile(
    r"[多少高低涨跌增减升降变]|\b(?:more|less|fewer|higher|lower|bigger|larger|smaller|better|worse|up|down|change\w*|differ\w*|grown?|grew|increase\w*|decrease\w*|risen|fallen|gone|compare\w*)\b"
)
_AT_END = re.compile(r"[末底日号]|\bend\b|[- ]end\b|\d{1,2}(?:st|nd|rd|th)?\s*[a-z]{3}|^\d{4}-\d\d-\d\d$")


def with_now(folded: Folded, periods: Sequence[Period], clock: Clock) -> list[Period]:
    """The periods, with the latest month beside a month-end that is only a base."""
    if len(periods) > 1 and _is_listed_with_now(folded, periods[-1]) and all(p.grain == "month" for p in periods):
        latest = clock.latest_month().literal()
        return [*periods, replace(periods[-1], first=latest, last=latest)] if periods[-1].first < latest else [*periods]
    if len(periods) != 1:
        return list(periods)
    base = periods[0]
    compared, is_listed = bare_base(folded, base), _is_listed_with_now(folded, base)
    if not compared and not is_listed:
        return [base]
    latest = clock.latest_month().literal()
    at = base.first[:7] if base.grain in ("month", "day") else ""
    before = folded.text[: _place(folded, base.span.start)]
    said = before[-12:].split(" ")[-3:]
    words = folded.text[_place(folded, base.span.start) : _place(folded, base.span.end)]
    is_end = is_listed or bool(_AT_END.search(words)) or "end" in said or "at" in said
    if (
        not at
        or not is_end
        or at >= latest
        or not (is_listed or _is_both(folded, base, compared) or _MORE.search(folded.text))
    ):
        return [base]
    base = replace(base, grain="month", first=at, last=at)
    return [replace(base, first=latest, last=latest), base]


def _is_listed_with_now(folded: Folded, base: Period) -> bool:
    """ "at year-end and now", 现在和年初: what is now stands beside the period."""
    if base.first != base.last:
        return False
    before, after = folded.text[: _place(folded, base.span.start)], folded.text[_end(folded, base.span.end) :]
    return bool(_THEN_NOW.match(after) or _NOW_THEN.search(before))


def _is_both(folded: Folded, base: Period, compared: str) -> bool:
    """Whether the words alone ask for both figures: "vs end March", 和3月末比; 比3月末 asks how much more."""
    is_after = bool(_JOINED_BEFORE.search(folded.text[: _place(folded, base.span.start)]))
    return bool(_BOTH.search(compared)) and (compared != "比" or is_after)


def bare_base(folded: Folded, period: Period) -> str:
    """The comparing word right before the period, "" where none stands there or the period is a range."""
    if period.first != period.last:
        return ""
    before = folded.text[: _place(folded, period.span.start)]
    found = _BASE.search(before)
    if found:
        return found["w"] or found["e"]
    after = _COMPARED_AFTER.match(folded.text, _end(folded, period.span.end))
    return after["w"] if after and _JOINED_BEFORE.search(before) else ""


def _end(folded: Folded, at: int) -> int:
    """The place right after the last letter that ends by `at`."""
    ends = [place for place, end in enumerate(folded.ends) if end <= at]
    return ends[-1] + 1 if ends else 0


def _place(folded: Folded, at: int) -> int:
    return next((i for i, start in enumerate(folded.starts) if start >= at), len(folded.text))
