"""The demo bank's calendar: months counted from 2023-01, which is 0. It must never look at today's date."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from t2sql.demo.draws import Ints

Dates = npt.NDArray[np.datetime64]

COUNT = 42
MERGER = 20
WEST_WORSENS = 17
BUSINESS_RECOVERS = 26
_FIRST = np.datetime64("2023-01", "M")


def month_end(month: int | Ints) -> Dates:
    """Last day of each month number, as dates."""
    return month_start(np.asarray(month, dtype=np.int64) + 1) - np.timedelta64(1, "D")


def month_start(month: int | Ints) -> Dates:
    """First day of each month number, as dates."""
    first: Dates = (_FIRST + np.asarray(month, dtype=np.int64).astype("timedelta64[M]")).astype("datetime64[D]")
    return first


def month_of(dates: Dates) -> Ints:
    """Month number of each date."""
    since: Ints = (dates.astype("datetime64[M]") - _FIRST).astype(np.int64)
    return since


def day_in(month: int | Ints, uniform: npt.NDArray[np.float64]) -> Dates:
    """A day inside each month, chosen by a value in [0, 1)."""
    start = month_start(month)
    days = (month_end(month) - start).astype(np.int64) + 1
    days_in: Dates = start + np.floor(uniform * days).astype(np.int64).astype("timedelta64[D]")
    return days_in


def add_months(dates: Dates, months: Ints) -> Dates:
    """The same day some months later, or that month's last day."""
    target = month_of(dates) + months
    day = (dates - month_start(month_of(dates))).astype(np.int64)
    moved: Dates = np.minimum(month_start(target) + day.astype("timedelta64[D]"), month_end(target))
    return moved


def day_number(date: Dates) -> Ints:
    """Days since 1970-01-01."""
    return date.astype("datetime64[D]").astype(np.int64)
