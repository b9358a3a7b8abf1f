"""Whether a Chinese text asks to see the day of the rows: 时间, 每年; and not where a day only chooses or orders them."""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

from t2sql.fields.cues import MOMENT, YEARLY
from t2sql.fields.index import FieldIndex, Key
from t2sql.fields.linked import Linked
from t2sql.fields.roles import date_fields, is_date

# 从业时间最长, 成立日期在2015年以后: days that order or choose, and are not asked for. What is blank was a stretch.
_MEASURED_MOMENT = re.compile(
    r"(?:时间|日期|年份)(?:的|是)?(?=最[早晚长短新近久])|(?:时间|日期|年份)(?:[是为在于从自介早晚超过处:：]*)(?=  )"
)


def with_moment(linked: Linked, text: str, keys: list[Key], index: FieldIndex, has_figures: bool) -> list[Key]:
    """The date, where the text asks for it in so many words (时间, 每年), first."""
    dates = date_fields(index.catalog.datasets[linked.dataset])
    if not dates or has_figures:
        return keys
    key = (linked.dataset, dates[0].name)
    if any(is_date(index.field(k)) for k in keys):
        return keys
    asks = MOMENT.search(_MEASURED_MOMENT.sub(" ", without_values(linked))) or YEARLY.search(text)
    return [key, *keys] if asks and keys else [key] if asks and not keys else keys


def without_values(linked: Linked) -> str:
    """The text with its values blanked: "月份" may be one."""
    letters = list(linked.text.lower())
    for span in [*(v.span for v in linked.values), *(s.span for s in linked.stretches)]:
        letters[span.start : span.end] = " " * (span.end - span.start)
    return "".join(letters)
