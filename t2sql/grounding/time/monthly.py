"""A month's last day asked of a book that is stored monthly: the day is the month."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from t2sql.catalog import Catalog
from t2sql.flow import Period
from t2sql.grounding.time.calendars import Stretch, is_month_end
from t2sql.metric_names import datasets_of


def as_loaded(catalog: Catalog, period: Period, metrics: Iterable[str]) -> Period:
    """`period`, as its month where it is a month's last day and every dataset read is stored by month."""
    day = _day(period.first)
    if period.first != period.last or day is None or not is_month_end(day):
        return period
    facts = {dataset for name in metrics for dataset in datasets_of(catalog.metrics[name], catalog)}
    if not facts or any(catalog.datasets[fact].snapshot_grain != "month" for fact in facts):
        return period
    return replace(period, grain="month", first=period.first[:7], last=period.first[:7])


def _day(literal: str) -> Stretch | None:
    match = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", literal)
    return Stretch("day", int(match[1]), int(match[2]) * 100 + int(match[3])) if match else None
