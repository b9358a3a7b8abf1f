"""What the reader must know about the days behind the numbers: what is not over, not loaded, thin, or read elsewhere.

Words only; it decides no window.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from t2sql.compiler.calendar.periods import MONTHS_IN, Period, month_end, periods_between
from t2sql.compiler.calendar.readings import ALL
from t2sql.compiler.facts.atoms import Atom
from t2sql.compiler.request import RATES, functions_of
from t2sql.flow import Load, Note

if TYPE_CHECKING:
    from t2sql.compiler.calendar.windows import Windows

FLAGGED_SHARE = 0.8
_UNITS = {"day": "天", "week": "周", "month": "个月", "quarter": "个季度", "year": "年"}
MOST_TOLD = 6


def notes_on_time(windows: Windows) -> list[Note]:
    """Notes in the order in which they matter."""
    return [
        *_unfinished(windows),
        *_common_date(windows),
        *_not_loaded(windows),
        *_gaps_in_averages(windows),
        *_thin_loads(windows),
        *_empty_growth(windows),
    ]


def few(labels: list[str]) -> list[str]:
    """The first labels, with a sign that there are more."""
    return labels if len(labels) <= MOST_TOLD else [*labels[: MOST_TOLD - 1], "…", labels[-1]]


def _unfinished(windows: Windows) -> Iterator[Note]:
    flows = any(not atom.is_point for atom in windows.atoms)
    through = windows.loaded_through
    for period in windows.periods:
        if not period.first <= through < period.last:
            continue
        if flows:
            yield Note(
                "unfinished",
                f"{period.label} 尚未结束，数据截至 {through}；比较取相同天数。",
                f"{period.label} is not finished; figures run to {through} and compare with the same span.",
            )
        elif period.grain in MONTHS_IN and month_end(through) < period.last:
            as_of = windows.as_of(period)
            yield Note(
                "as_of",
                f"{period.label} 取最近一期 {as_of} 的余额。",
                f"{period.label} shows balances as of {as_of}.",
            )


def _common_date(windows: Windows) -> Iterator[Note]:
    """Several stocks meet on one date, which for some of them is not the latest."""
    late: dict[str, None] = {}
    for period in windows.periods if len(windows.stocks) > 1 else ():
        as_of = windows.as_of(period)
        owns = [windows.calendars.own_as_of(n, period) for n in windows.stocks]
        if windows.is_default and period == windows.periods[-1]:
            owns += [windows.loads.dates(n)[-1] for n in windows.stocks]
        if as_of and any(own and own > as_of for own in owns):
            late[str(as_of)] = None
    if late:
        days = few(list(late))
        yield Note(
            "common_date",
            f"各项余额取共同的最近日期 {'、'.join(days)}，部分数据已加载到更晚的日期。",
            f"Balances are as of {', '.join(days)}, the latest date common to all; some are loaded for later days.",
        )


def _not_loaded(windows: Windows) -> Iterator[Note]:
    present = [a for a in windows.atoms if not a.reading.shift] or windows.atoms
    missing = [p for p in windows.periods if all(windows.of(a, p) is None for a in present)]
    # What is loaded and was not defined then is told as such.
    missing = [p for p in missing if not any((a, p) in windows.outside for a in present)]
    labels = few([p.label for p in missing])
    if missing:
        yield Note(
            "not_loaded",
            f"{'、'.join(labels)} 未加载数据（最近加载 {windows.loaded_through}）。",
            f"Not loaded: {', '.join(labels)} (last load {windows.loaded_through}).",
        )
    yield from _loaded_for_others(windows, present, set(missing))


def _loaded_for_others(windows: Windows, present: list[Atom], missing: set[Period]) -> Iterator[Note]:
    """Figures that are empty where others of the same period are not: they read further back, or have a gap."""
    lacking: dict[tuple[str, ...], dict[tuple[str, str], None]] = {}
    for atom in present:
        empty = (p for p in windows.periods if p not in missing and windows.of(atom, p) is None)
        labels = tuple(p.label for p in empty if (atom, p) not in windows.outside)
        if labels:
            lacking.setdefault(labels, {})[_read_as(atom)] = None
    for labels, names in lacking.items():
        periods = few(list(labels))
        yield Note(
            "not_loaded",
            f"{'、'.join(zh for zh, _en in names)}在 {'、'.join(periods)} 未全部加载，留空。",
            f"{', '.join(en for _zh, en in names)}: not wholly loaded for {', '.join(periods)}, so left empty.",
        )


def _read_as(atom: Atom) -> tuple[str, str]:
    """A metric's name with the window it is read over, in Chinese and English."""
    display, reading = atom.metric.display, atom.reading
    if reading.is_rolling and reading.since != ALL:
        number, unit = reading.since.split()
        return f"{display.zh}（近{number}{_UNITS[unit.removesuffix('s')]}）", f"{display.en} over {reading.since}"
    return display.zh, display.en


def _gaps_in_averages(windows: Windows) -> Iterator[Note]:
    """Whole months without a load inside an average: it is the mean of the loads there are."""
    missing: dict[Period, None] = {}
    for atom in windows.atoms:
        if atom.is_point or atom.dataset.snapshot_grain not in ("day", "week", "month"):
            continue
        for _period, window in windows.loaded(atom):
            for month in periods_between(window.first, window.last, "month"):
                is_inside = window.first <= month.first and month.last <= window.last
                if is_inside and not windows.calendars.count(atom.dataset.name, month.first, month.last):
                    missing[month] = None
    if missing:
        labels = few([p.label for p in sorted(missing)])
        yield Note(
            "gap",
            f"{'、'.join(labels)} 没有加载数据，平均数按已加载的日期计算。",
            f"Nothing is loaded for {', '.join(labels)}; averages are over the loads there are.",
        )


def _thin_loads(windows: Windows) -> Iterator[Note]:
    """Loads with under 80 % of the rows of the load before, among those read."""
    for name in windows.stocks:
        loads: tuple[Load, ...] = windows.loads.by_dataset.get(name, ())
        atoms = [a for a in windows.atoms if a.dataset.name == name]
        spans = {(w.first, w.last) for a in atoms for _p, w in windows.read(a)}
        for before, load in itertools.pairwise(loads):
            is_thin = bool(before.rows) and load.rows < FLAGGED_SHARE * before.rows
            if is_thin and any(first <= load.as_of <= last for first, last in spans):
                share = f"{load.rows / before.rows:.0%}"
                yield Note(
                    "thin_load",
                    f"{load.as_of} 的加载行数仅为上期的 {share}，数据可能不全。",
                    f"The load of {load.as_of} has only {share} of the rows before it.",
                )


def _empty_growth(windows: Windows) -> Iterator[Note]:
    """A rate needs a base above zero."""
    if any(set(RATES) & set(functions_of(measure)) for _key, measure in windows.request.measures):
        yield Note(
            "empty_growth",
            "基数为零或负数的，增速留空。",
            "Where the base is zero or negative, growth is left empty.",
        )
