"""Dates kept as text or as numbers: in which form, whether in every row, and the SQL that makes dates of them.

The SQL is of forms that every engine runs; where one row would not fit it there is none, for a question must not fail
over a single bad value.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from t2sql.onboarding.introspect import FoundColumn
from t2sql.onboarding.survey import Guess, Kind, Reason

SURE = 0.95
MOST_DATES = 50_000
"""Different values that are looked through; dates of a century are fewer."""
_PACKED_DAY, _PACKED_MONTH, _ISO = "%Y%m%d", "%Y%m", "%Y-%m-%d"
_DAY_FIRST, _MONTH_FIRST = "%d/%m/%Y", "%m/%d/%Y"
_FORMATS = (
    _ISO,
    _PACKED_DAY,
    "%Y/%m/%d",
    "%Y-%m",
    _PACKED_MONTH,
    "%Y/%m",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M:%S.%f",
    "%Y-%m-%dT%H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y%m%d%H%M%S",
    _DAY_FIRST,
    _MONTH_FIRST,
    "%Y年%m月%d日",
    "%Y年%m月",
)
_PLACES: dict[str, tuple[int, int, int]] = {
    _PACKED_DAY: (1, 5, 7),
    "%Y/%m/%d": (1, 6, 9),
    "%Y-%m-%d %H:%M:%S": (1, 6, 9),
    "%Y-%m-%d %H:%M:%S.%f": (1, 6, 9),
    "%Y-%m-%dT%H:%M:%S": (1, 6, 9),
    "%Y/%m/%d %H:%M:%S": (1, 6, 9),
    "%Y%m%d%H%M%S": (1, 5, 7),
    _DAY_FIRST: (7, 4, 1),
    _MONTH_FIRST: (7, 1, 4),
    "%Y年%m月%d日": (1, 6, 9),
}
"""Form -> where year, month and day begin, every part with its leading zero."""
MARKS = ("", "0", "00000000", "0000-00-00")
"""What is written for no date."""
_OPEN_ENDS = frozenset({datetime.date(9999, 12, 31), datetime.date(2999, 12, 31)})
_DATED_NAME = ("date", "dt", "day", "time", "month", "period", "日期", "月份", "时间", "日", "rq", "sj", "yf")


def date_format_of(column: FoundColumn, values: Sequence[Any]) -> Guess | None:
    """The format of dates kept as text or whole numbers, when all of a sample's `values` fit one; None otherwise."""
    if column.kind not in ("text", "integer", "decimal"):
        return None
    # A few first: most columns are no dates, and that shows at once.
    few = _written(values[:50])
    forms = [form for form in _FORMATS if all(_fits(text, form) for text in few)]
    if not forms:
        return None
    texts = _written(values)
    if not texts:
        return None
    is_dated_name = any(word in column.name.lower() for word in _DATED_NAME)
    fitting = [form for form in forms if all(_fits(text, form) for text in texts)]
    for form in fitting:
        # Eight digits that are a day twenty times are no numbers; six that are a month may well be.
        if form in (_PACKED_DAY, _PACKED_MONTH) and not (is_dated_name or (form == _PACKED_DAY and len(texts) >= 20)):
            continue
        if form in (_DAY_FIRST, _MONTH_FIRST) and len(texts) < 20:
            continue
        is_ambiguous = form == _DAY_FIRST and _MONTH_FIRST in fitting
        is_sure = is_dated_name or form == _ISO or form in _PLACES
        score = 0.5 if is_ambiguous else SURE if is_sure else 0.8
        reason = Reason(f"样本中所有值都是 {form} 格式的日期。", f"Every value of the sample is a date written {form}.")
        return Guess(form, score, reason)
    return None


def marks_among(values: Iterable[Any], form: str) -> tuple[str, ...] | None:
    """What `values` hold for no date, where every other one can be made a date of; None where some cannot.

    Each different value is enough; None among them is passed over.

    >>> marks_among(["20240131", "", "20240229"], "%Y%m%d")
    ('',)
    >>> marks_among(["20240131", "unknown"], "%Y%m%d") is None
    True
    """
    texts = {str(value) for value in values if value is not None}
    marks = tuple(mark for mark in MARKS if mark in texts)
    texts -= set(marks)
    if form != _ISO and form not in _PLACES:
        return None
    return marks if all(_fits(text, form) and _is_cut_right(text, form) for text in texts) else None


def days_among(values: Iterable[Any], form: str) -> set[datetime.date]:
    """The days among `values`: dates, moments or, with a `form`, dates written so; marks for none are left out."""
    if not form:
        return {value.date() if isinstance(value, datetime.datetime) else value for value in values}
    return {datetime.datetime.strptime(text, form).date() for text in _written(values)}


def date_expression(physical: str, kind: Kind, form: str, marks: Sequence[str]) -> str:
    """SQL for the day that `physical`, a column as an expression, holds in `form`; NULL for what stands in `marks`.

    >>> date_expression("day", "integer", "%Y%m%d", ["0"]).split(" || ")[0]
    "CAST(SUBSTRING(NULLIF(CAST(day AS TEXT), '0'), 1, 4)"
    """
    import sqlglot
    from sqlglot import exp

    value: exp.Expr = sqlglot.parse_one(physical, read="duckdb")
    if kind != "text":
        value = exp.cast(value, "TEXT")
    for mark in marks:
        value = exp.Nullif(this=value, expression=exp.Literal.string(mark))
    if form != _ISO:
        year, month, day = (
            exp.Substring(this=value.copy(), start=exp.Literal.number(start), length=exp.Literal.number(length))
            for start, length in zip(_PLACES[form], (4, 2, 2), strict=True)
        )
        dash = exp.Literal.string("-")
        value = year
        for part in (dash, month, dash.copy(), day):
            value = exp.DPipe(this=value, expression=part, safe=True)
    return exp.cast(value, "DATE").sql("duckdb")


def _is_cut_right(text: str, form: str) -> bool:
    """Whether the parts that `date_expression` cuts out of `text` are its day; an ISO date is cast whole."""
    if form == _ISO:
        return text == text.strip()
    year, month, day = (text[at - 1 : at - 1 + many] for at, many in zip(_PLACES[form], (4, 2, 2), strict=True))
    read = datetime.datetime.strptime(text, form)
    return (year, month, day) == (f"{read.year:04}", f"{read.month:02}", f"{read.day:02}")


def _written(values: Iterable[Any]) -> set[str]:
    return {str(value).strip() for value in values if value is not None} - set(MARKS)


def _fits(text: str, form: str) -> bool:
    # strptime takes 1-digit months, so that 20231 would be a month too.
    if form in (_PACKED_DAY, _PACKED_MONTH) and len(text) != {_PACKED_DAY: 8, _PACKED_MONTH: 6}[form]:
        return False
    if form == "%Y%m%d%H%M%S" and len(text) != 14:
        return False
    try:
        found = datetime.datetime.strptime(text, form)
    except ValueError:
        return False
    return 1900 <= found.year <= 2100 or found.date() in _OPEN_ENDS
