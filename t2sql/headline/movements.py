"""Changes in words: up 0.12 pp from a year earlier, 较上年同期下降 0.12 个百分点.

Words for a figure that is there already, or for the step between two rows; it knows no catalog.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from t2sql.catalog import Language
from t2sql.flow import Column
from t2sql.wording import POINTS, RATIO, format_number, format_value, is_signed

AGO: dict[str, tuple[str, str]] = {
    "yoy": ("同比", "year on year"),
    "yoy_diff": ("较上年同期", "from a year earlier"),
    "mom": ("较上月", "from the month before"),
    "mom_diff": ("较上月", "from the month before"),
    "qoq": ("较上季度", "from the quarter before"),
    "qoq_diff": ("较上季度", "from the quarter before"),
    "prev_diff": ("较上期", "from the period before"),
    "vs_year_start": ("较年初", "since the start of the year"),
    "vs_year_start_diff": ("较年初", "since the start of the year"),
}
"""Function that compares -> with what."""
EARLIER: dict[str, tuple[str, str]] = {
    "prev": ("上期", "in the period before"),
    "prior_year": ("上年同期", "a year earlier"),
}
"""Function that shows an earlier figure -> which."""
_DIGIT = re.compile("[1-9]")


def tell_movement(value: Any, column: Column, of_unit: str, language: Language, rate: str = "") -> str:
    """A comparison's figure in words; `of_unit` is the unit of the metric that it compares.

    `rate`: the same change as a rate, in words, put beside it; "" for none.
    """
    zh, en = AGO[column.function]
    if value is None:
        return f"{zh}的变化无法得出" if language == "zh" else f"the change {en} is not available"
    said = format_number(abs(value), column.unit, language, is_integer=column.type == "integer")
    if rate and _DIGIT.search(said):
        said += f"（{rate}）" if language == "zh" else f" ({rate})"
    if not _DIGIT.search(said):
        is_same = value == 0
        if language == "zh":
            return f"{zh}{'持平' if is_same else '基本持平'}"
        return f"{'' if is_same else 'almost '}unchanged {en}"
    is_up = value > 0
    if language == "en":
        relative = " in relative terms" if column.unit == RATIO and of_unit == RATIO else ""
        return f"{'up' if is_up else 'down'} {said} {en}{relative}"
    relative = "相对" if column.unit == RATIO and of_unit == RATIO else ""
    return f"{zh}{relative}{_verb(column.unit, is_up)} {said}"


def tell_step(before: Any, after: Any, column: Column, language: Language) -> str:
    """How one figure differs from an earlier one; "" for figures that are changes themselves, and for none."""
    if is_signed(column) or after == before:
        return ""
    if column.unit in (RATIO, POINTS):
        return _said(after - before, POINTS, language)
    if before > 0 and after >= 0:
        growth = Decimal(str(after)) / Decimal(str(before)) - 1
        return _said(growth, RATIO, language)
    return _said(after - before, column.unit, language)


def tell_figure(value: Any, column: Column, language: Language) -> str:
    """A figure in words; a missing one is told as such, never as nought."""
    if value is None:
        return "暂无数据" if language == "zh" else "not available"
    return format_value(value, column, language)


def _said(difference: Any, unit: str, language: Language) -> str:
    said = format_number(abs(difference), unit, language)
    if not _DIGIT.search(said):
        return "基本持平" if language == "zh" else "almost unchanged"
    if language == "zh":
        return f"{_verb(unit, difference > 0)} {said}"
    return f"{'up' if difference > 0 else 'down'} {said}"


def _verb(unit: str, is_up: bool) -> str:
    if unit == POINTS:
        return "上升" if is_up else "下降"
    if unit == RATIO:
        return "增长" if is_up else "下降"
    return "增加" if is_up else "减少"
