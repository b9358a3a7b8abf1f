"""Days asked of a book that is stored monthly: a month's last day is the month, whole months in days are months."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from t2sql.catalog import Catalog
from t2sql.flow import NameMention, Period
from t2sql.grounding.time.calendars import Stretch, is_month_end
from t2sql.grounding.words.overlaps import overlaps
from t2sql.metric_names import datasets_of

_START = re.compile(r"初|\b(?:start|beginning|opening)\b")


def as_loaded(catalog: Catalog, period: Period, metrics: Iterable[str], text: str = "") -> Period:
    """`period` as its month where it is a month's last day, or as months where it is whole ones, if every dataset is
    stored by month.

    `text`: the question; its 年初 of an opening balance is the year that it opens.
    """
    metrics = tuple(metrics)
    if metrics and all(catalog.metrics[name].window_choice == "opening" for name in metrics):
        return _opened(period, text[period.span.start : period.span.end].lower())
    if period.grain == "month" and period.first != period.last and metrics:
        # 滚动12个月 of what is itself a sum over twelve months: read at the last of them.
        length = (int(period.last[:4]) - int(period.first[:4])) * 12 + int(period.last[5:]) - int(period.first[5:]) + 1
        if all(_months_of(catalog.metrics[name].window) == length for name in metrics):
            return replace(period, first=period.last, is_cumulative=False)
    first, last = _day(period.first), _day(period.last)
    read = [catalog.datasets[d] for name in metrics for d in datasets_of(catalog.metrics[name], catalog)]
    facts = [dataset for dataset in read if dataset.time_dimension]
    if first is None or last is None or not facts or not is_month_end(last):
        return period
    if first != last:
        is_opened = is_month_end(first) and all(f.snapshot_grain for f in facts)
        is_whole = (first.index % 100 == 1 or is_opened) and all(
            (f.row_grain or f.snapshot_grain) == "month" for f in facts
        )
    else:
        is_whole = all(fact.snapshot_grain == "month" for fact in facts)
    return replace(period, grain="month", first=period.first[:7], last=period.last[:7]) if is_whole else period


def _months_of(window: str) -> int:
    """Months of a metric's window; 0 for none."""
    found = re.fullmatch(r"(\d+)\s*(month|year)s?", window)
    return int(found[1]) * (12 if found[2] == "year" else 1) if found else 0


def _opened(period: Period, said: str) -> Period:
    """The year or month whose start was said; what it opens with is the close of the one before."""
    if period.grain != "month" or period.first != period.last or not _START.search(said):
        return period
    year, month = int(period.first[:4]), int(period.first[5:])
    if month == 12 and not re.search(r"月|month|jan", said):
        return replace(period, grain="year", first=f"{year + 1}", last=f"{year + 1}")
    year, month = year + month // 12, month % 12 + 1
    return replace(period, first=f"{year}-{month:02d}", last=f"{year}-{month:02d}")


def _day(literal: str) -> Stretch | None:
    match = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", literal)
    return Stretch("day", int(match[1]), int(match[2]) * 100 + int(match[3])) if match else None


def daily_rows(
    catalog: Catalog, grains: Sequence[NameMention], named: Sequence[NameMention], periods: Sequence[Period]
) -> tuple[NameMention, ...]:
    """Grains said inside the name of a balance that is stored daily: 6月逐日存款余额 is a row a day, 日均 is none."""
    daily = [m for m in named if m.span and _is_daily(catalog, m.name)]
    longer = any(period.grain not in ("day", "week") or period.first != period.last for period in periods)
    return tuple(g for g in grains if g.name == "day" and longer and any(overlaps(g.span, m.span) for m in daily))


def at_days(catalog: Catalog, named: Sequence[NameMention], is_daily: bool) -> tuple[NameMention, ...]:
    """`named`; where days are asked, a balance that is stored by month as the same of a daily book."""
    return tuple(replace(m, name=_daily_twin(catalog, m.name) or m.name) if is_daily else m for m in named)


def asks_days(grains: Sequence[NameMention], periods: Sequence[Period]) -> bool:
    """Whether rows by day are asked, or a day that closes no month."""
    days = [d for p in periods if not p.dimension and p.first == p.last and (d := _day(p.first))]
    return any(g.name == "day" for g in grains) or any(not is_month_end(day) for day in days)


def _is_daily(catalog: Catalog, name: str) -> bool:
    metric = catalog.metrics[name]
    grains = {catalog.datasets[d].snapshot_grain for d in datasets_of(metric, catalog)}
    return grains == {"day"} and metric.window_choice != "avg"


def _daily_twin(catalog: Catalog, name: str) -> str:
    """The metric of a daily book called as a monthly one with 每日 before it; "" where there is none, or several."""
    metric = catalog.metrics[name]
    facts = datasets_of(metric, catalog)
    if not facts or any(catalog.datasets[fact].snapshot_grain != "month" for fact in facts):
        return ""
    called = {prefix + said for said in (metric.display.zh, *metric.synonyms) for prefix in ("每日", "日终", "日")}
    twins = [
        other.name
        for other in catalog.metrics.values()
        if _is_daily(catalog, other.name) and called & {other.display.zh, *other.synonyms}
    ]
    return twins[0] if len(twins) == 1 else ""
