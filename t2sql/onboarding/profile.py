"""What the values of a sample look like: counts, range, a list where they are few, and dates that hide in text.

A profile holds values of ordinary columns only; the caller leaves personal ones out before a row is read.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from t2sql.onboarding.introspect import FoundColumn
from t2sql.onboarding.survey import Guess, Profile, Reason

SAMPLED_ROWS = 10_000
LISTED_VALUES = 60
TEXT_CUT = 256
_SHOWN_CUT = 80
_LISTED_LENGTH = 64
_FORMATS = (
    "%Y-%m-%d",
    "%Y%m%d",
    "%Y/%m/%d",
    "%Y-%m",
    "%Y%m",
    "%Y/%m",
    "%Y-%m-%d %H:%M:%S",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%Y年%m月%d日",
    "%Y年%m月",
)
_DATED_NAME = ("date", "dt", "day", "time", "month", "period", "日期", "月份", "时间", "日", "rq", "sj", "yf")


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


def date_format_of(column: FoundColumn, values: Sequence[Any]) -> Guess | None:
    """The format of dates kept as text or integers, when all of a sample's `values` fit one; None otherwise."""
    if column.kind not in ("text", "integer"):
        return None
    # A few first: most columns are no dates, and that shows at once.
    few = {str(value).strip() for value in values[:50] if value is not None} - {""}
    forms = [form for form in _FORMATS if all(_fits(text, form) for text in few)]
    if not forms:
        return None
    texts = {str(value).strip() for value in values if value is not None} - {""}
    if not texts:
        return None
    is_dated_name = any(word in column.name.lower() for word in _DATED_NAME)
    for form in forms:
        if form in ("%Y%m%d", "%Y%m") and not (is_dated_name or (form == "%Y%m%d" and len(texts) >= 20)):
            continue
        if form in ("%d/%m/%Y", "%m/%d/%Y") and len(texts) < 20:
            continue
        if all(_fits(text, form) for text in texts):
            score = 0.95 if is_dated_name else 0.8
            reason = Reason(
                f"样本中所有值都是 {form} 格式的日期。", f"Every value of the sample is a date written {form}."
            )
            return Guess(form, score, reason)
    return None


def _fits(text: str, form: str) -> bool:
    # strptime takes 1-digit months, so that 20231 would be a month too.
    if form in ("%Y%m%d", "%Y%m") and len(text) != {"%Y%m%d": 8, "%Y%m": 6}[form]:
        return False
    try:
        found = datetime.datetime.strptime(text, form)
    except ValueError:
        return False
    return 1900 <= found.year <= 2100 or (form == "%Y-%m-%d" and found.year == 9999)


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
