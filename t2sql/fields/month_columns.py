"""Columns that hold whole months as they are written: '2026-09', 202609. Days that a text limits are laid on them.

Known by the stored values, or by what the comment says (年月(YYYYMM)). Never looks at data itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from t2sql.catalog import Dataset, Field
from t2sql.fields.index import FieldIndex
from t2sql.fields.linked import Stretch
from t2sql.fields.roles import is_date, is_number
from t2sql.fields.writing import text_literal

_DASHED, _PLAIN = re.compile(r"(?:19|20)\d\d-(?:0\d|1[0-2])"), re.compile(r"(?:19|20)\d\d(?:0\d|1[0-2])")
_TOLD = re.compile(r"\(?YYYY(?P<dash>-?)MM\)?$", re.IGNORECASE)


def month_columns(dataset: Dataset, index: FieldIndex) -> list[tuple[Field, str]]:
    """The columns of months, each with how it writes them for `strftime`."""
    found = []
    for item in dataset.fields.values():
        form = "" if is_date(item) or not item.is_named else _form(index.stored.get((dataset.name, item.name), ()))
        told = _TOLD.search(f"{item.display.zh} {item.description}".strip().rstrip("()（）"))
        if not form and told is not None:
            form = "%Y-%m" if told["dash"] else "%Y%m"
        if form:
            found.append((item, form))
    return found


def within_months(name: str, item: Field, form: str, stretch: Stretch) -> str:
    """`stretch` laid on a column of months; "" where it begins or ends inside a month."""
    begins = stretch.first is None or stretch.first.day == 1
    if not begins or (stretch.grain in ("day", "week") and stretch.last is not None):
        return ""
    low, high = (
        (day.strftime(form) if is_number(item) else text_literal(day.strftime(form))) if day is not None else ""
        for day in (stretch.first, stretch.last)
    )
    if low == high:
        return f"{name} = {low}"
    return " AND ".join([*([f"{name} >= {low}"] if low else []), *([f"{name} <= {high}"] if high else [])])


def _form(stored: Sequence[str]) -> str:
    if not stored:
        return ""
    for pattern, form in ((_DASHED, "%Y-%m"), (_PLAIN, "%Y%m")):
        if all(pattern.fullmatch(value) for value in stored):
            return form
    return ""
