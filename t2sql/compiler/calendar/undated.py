"""Metrics over rows that have no date: the whole dataset, whatever the period, and never a period of it.

Knows only what is refused and told; what is read is decided in `windows`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from t2sql.catalog import Dataset
from t2sql.compiler.calendar.periods import Period
from t2sql.compiler.facts.atoms import Atom
from t2sql.compiler.request import Request
from t2sql.errors import NotComputable
from t2sql.flow import Note

if TYPE_CHECKING:
    from t2sql.compiler.calendar.windows import Windows

ALWAYS = Period(date(1900, 1, 1), date(2999, 12, 31), "day", "")


def check_undated(request: Request, atoms: Iterable[Atom], undated: Iterable[Dataset]) -> None:
    """Raises NotComputable for a grain, a period or a comparison: skipped for one metric, it would be wrong for all."""
    is_compared = any(a.reading.shift or a.reading.since or a.reading.stand for a in atoms)
    if request.grain is None and request.spans is None and not is_compared:
        return
    names = sorted(dataset.name for dataset in undated)
    displays = "、".join(dataset.display.zh for dataset in undated)
    raise NotComputable(
        f"Rows of {' and '.join(map(repr, names))} have no date, so they have no figure for a period.",
        "Leave out the period, the grain and the comparison, or ask for metrics that are dated.",
        zh=(f"{displays}没有日期，不能按期间统计或比较。", "请去掉期间和比较，或改问有日期的指标。"),
    )


def notes_on_undated(windows: Windows) -> Iterator[Note]:
    """Says beside dated figures that the others are of all rows."""
    if windows.undated and windows.datasets:
        zh = "、".join(dataset.display.zh for dataset in windows.undated.values())
        en = ", ".join(dataset.display.en for dataset in windows.undated.values())
        yield Note(
            "undated",
            f"{zh}没有日期，按全部数据统计，与期间无关。",
            f"{en}: rows have no date, so all of them count, whatever the period.",
        )
