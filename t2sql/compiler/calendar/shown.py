"""Which periods a request shows: those asked, or the default ones, as far as anything is loaded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from t2sql.catalog import GRAINS
from t2sql.compiler.calendar.calendars import Calendars
from t2sql.compiler.calendar.periods import Period, month_end, period_of, periods_between, whole_period
from t2sql.compiler.facts.atoms import Atom
from t2sql.compiler.request import Request
from t2sql.errors import NotComputable

MOST_PERIODS = 2_000


def shown_periods(
    request: Request, atoms: Sequence[Atom], calendars: Calendars, fiscal_year_start: int
) -> tuple[Period, ...]:
    """The periods, in the order asked. Raises NotComputable where none is loaded or none can be chosen."""
    grain = request.grain
    # What is loaded later has no figure in the first periods; it must not cut them off for the others.
    earliest = min((calendars.loaded_from(n) for n in calendars.datasets), default=date.min)
    through = calendars.loaded_through
    if request.spans is None:
        if grain:
            return _each(periods_between(earliest, through, grain), grain)
        return (_default_period(atoms, calendars),)
    spans = [
        (max(a, earliest) if a.year == 1900 else a, min(b, through) if b.year == 2999 else b) for a, b in request.spans
    ]
    spans = [(a, b) for a, b in spans if a <= b]
    if not spans:
        raise NotComputable(
            f"Nothing is loaded for that time; the last load is {through}.",
            "Ask for an earlier period.",
            zh=(f"该期间没有加载数据，最近一次加载到 {through}。", "请改问更早的期间。"),
        )
    if grain:
        return _each((p for a, b in spans for p in periods_between(a, b, grain)), grain)
    if len(spans) > 1:
        raise NotComputable(
            "Separate periods cannot be one number.",
            f"Add {request.literal_grain or 'month'} to SELECT to see each, or ask for one range.",
            zh=("不相连的期间不能合成一个数。", "请按期间分别列出，或改问一段连续的时间。"),
        )
    first, last = spans[0]
    whole = whole_period(first, last, fiscal_year_start)
    return (whole or Period(first, last, request.literal_grain or "day", f"{first}..{last}"),)


def check_grain(request: Request, calendars: Calendars) -> None:
    """A grain finer than a snapshot, or than rows that stand for whole periods, has no figures of its own."""
    grain = request.grain or request.literal_grain
    for name, dataset in calendars.datasets.items():
        finest = dataset.row_grain or dataset.snapshot_grain
        if grain is None or finest is None or GRAINS.index(grain) >= GRAINS.index(finest):
            continue
        if grain in ("day", "week") or request.grain or dataset.row_grain:
            raise NotComputable(
                f"{name!r} is stored by {finest}; there is no figure by {grain}.",
                f"Ask by {finest} or coarser.",
                zh=(f"{dataset.display.zh}的数据粒度不够细，没有更短期间的数。", "请按月或更长的期间来问。"),
            )


def _each(periods: Iterable[Period], grain: str) -> tuple[Period, ...]:
    shown = tuple(dict.fromkeys(periods))
    if len(shown) > MOST_PERIODS:
        raise NotComputable(
            f"That is {len(shown)} periods of a {grain}.",
            "Ask for fewer, or by a coarser grain.",
            zh=(f"共有 {len(shown)} 个期间，太多了。", "请缩短时间范围，或改用更长的期间。"),
        )
    return shown


def _default_period(atoms: Sequence[Atom], calendars: Calendars) -> Period:
    """Stocks alone: the latest as-of date. With a flow: what the flows' default_period says."""
    through = calendars.loaded_through
    flows = [a for a in atoms if a.dataset.name not in calendars.stocks]
    wishes = {_wish(a) for a in atoms if not a.is_point}
    wishes -= {"latest"}
    if "" in wishes and any(_wish(a) == "" for a in flows):
        names = ", ".join(sorted({a.metric.name for a in flows if _wish(a) == ""}))
        raise NotComputable(
            f"{names} adds up over time, and no period was asked.",
            "Say a period, such as year = '2025'.",
            zh=(f"{names} 是按期间累计的指标，问题没有说明期间。", "请加上期间，例如 2025 年。"),
        )
    if "ytd" in wishes:
        year = period_of(through, "year")
        return whole_period(year.first, through) or Period(year.first, through, "month", f"{year.first}..{through}")
    if "all" in wishes:
        first_loaded = max(calendars.loaded_from(name) for name in calendars.datasets)
        return Period(first_loaded, through, "month", f"{first_loaded}..{through}")
    common = [day for day in calendars.common if day <= month_end(through)]
    if not common and calendars.stocks:
        raise NotComputable(
            "These datasets were never loaded for the same day.",
            "Ask for them in two questions.",
            zh=("这些数据集没有同一天的加载。", "请分成两个问题来问。"),
        )
    return period_of(common[-1] if common else through, calendars.coarsest_snapshot())


def _wish(atom: Atom) -> str:
    """A window that ends with the period has a figure for the latest one, whatever its parts ask for."""
    if atom.reading.since not in ("", "year"):
        return "latest"
    return atom.metric.default_period or ("latest" if atom.reading.since else "")
