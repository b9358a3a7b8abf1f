"""How single cells leave the house: text that no spreadsheet runs, and the number format of each unit.

Figures stay as stored; only how they are shown has a format.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from t2sql.catalog import Language
from t2sql.flow import Column
from t2sql.wording import CURRENCY, POINTS, RATIO, label, visible

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
GENERAL = "General"
Cell = str | int | float | Decimal | bool | None


def csv_text(value: Cell) -> str:
    """A cell of CSV: every digit, true or false, nothing for None, and no text that starts a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return guarded(value) if isinstance(value, str) else str(value)


def guarded(text: str) -> str:
    """`text` with an apostrophe before it where a spreadsheet would run it."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def plain_cell(value: Any) -> Cell:
    """A result's value without control characters; dates as ISO text, numbers and truth as they are."""
    if value is None or isinstance(value, bool | int | float | Decimal):
        return value
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return visible(value.isoformat() if isinstance(value, date) else str(value), keep_newlines=True)


def title(column: Column, language: Language) -> str:
    """A column's name, with a capital in English: 贷款余额, Loan balance."""
    name = label(column, language)
    return name[:1].upper() + name[1:]


def heading(column: Column, language: Language) -> str:
    """A column's name with what the stored number alone does not say: 贷款余额（元）, Loan balance (CNY)."""
    return title(column, language) + unit_word(column.unit, language)


def number_format(unit: str, *, is_whole: bool, is_metric: bool) -> str:
    """How a spreadsheet shows the numbers of a column, by its unit: money, counts, shares, points."""
    if unit == RATIO:
        return "0.00%"
    if unit == POINTS:
        return "+0.00%;-0.00%;0.00%"
    if unit == CURRENCY or unit.startswith(CURRENCY + "/"):
        return "#,##0.00"
    if unit == "count" or (is_metric and is_whole):
        return "#,##0" if is_whole else "#,##0.##"
    return "#,##0.00" if is_metric else GENERAL


def unit_word(unit: str, language: Language) -> str:
    """What a header says of the unit, where the number alone does not: "（元）", " (pp)"."""
    base, per = unit.partition("/")[::2]
    told = {POINTS: ("个百分点", "pp"), CURRENCY: ("元", CURRENCY)}.get(base)
    if told is None:
        return ""
    words = told[language != "zh"] + (f"/{visible(per)}" if per else "")
    return f"（{words}）" if language == "zh" else f" ({words})"
