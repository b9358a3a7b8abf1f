"""How a metric reads time, in words: a balance or an amount, of which day, over which period, in which currency.

By template out of one narrowed catalog and the load calendars, never by the llm; it computes no period itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from t2sql.catalog import Catalog, Dataset, Language, Metric
from t2sql.definitions.terms import simple_datasets
from t2sql.flow import Loads
from t2sql.lineage import metric_lineage
from t2sql.metric_names import is_stock, made_of
from t2sql.wording import format_period, join, visible

Pairs = tuple[tuple[str, str], ...]
_DAY_COUNTS = {
    "act/365": ("按期内实际天数和一年 365 天年化", "by the days of the period, over years of 365 days"),
    "act/360": ("按期内实际天数和一年 360 天年化", "by the days of the period, over years of 360 days"),
    "act/act": ("按期内实际天数和当年实际天数年化", "by the days of the period, over the days of the year"),
}
_DEFAULTS = {
    "": ("最新一期", "the latest load"), "latest": ("最新一期", "the latest load"),
    "ytd": ("本年初至最新一期", "the year to the latest load"), "all": ("全部已装载的时间", "all that is loaded"),
}  # fmt: skip
_GRAINS = {
    "day": ("每日", "every day"), "week": ("每周", "every week"), "month": ("每月末", "every month-end"),
    "quarter": ("每季末", "every quarter-end"), "half": ("每半年末", "every half-year-end"),
    "year": ("每年末", "every year-end"),
}  # fmt: skip
_STARTS = {
    "": ("首次装载", "the first load"), "month": ("月初", "the start of the month"),
    "quarter": ("季初", "the start of the quarter"), "half": ("半年初", "the start of the half-year"),
    "year": ("年初", "the start of the year"),
}  # fmt: skip
_RATES = {
    "closing": ("外币按期末汇率折算为 {currency}", "Converted to {currency} at the closing rate"),
    "average": ("外币按当月平均汇率折算为 {currency}", "Converted to {currency} at the month's average rate"),
    "both": (
        "外币折算为 {currency}：余额用期末汇率，发生额用当月平均汇率",
        "Converted to {currency}: balances at the closing rate, amounts at the month's average rate",
    ),
}
_BALANCES = {
    "max": (
        "时点余额：取期末（期内最后一次装载），不可跨期相加",
        "Balance at a day: that of the period's last load, never added up over time",
    ),
    "opening": (
        "时点余额：取期初（上期最后一次装载），不可跨期相加",
        "Balance at a day: that of the last load before the period, never added up over time",
    ),
    "avg": (
        "时点余额：取期内各次装载的平均，不可跨期相加",
        "Balance: the mean over the loads of the period, never added up over time",
    ),
    "month_ends": (
        "时点余额：取期内各月末的平均，不可跨期相加",
        "Balance: the mean over the month-ends of the period, never added up over time",
    ),
}
_MADE = {
    "amounts": ("期间发生额：期内各笔相加，可跨期累加", "Amounts of a period, which add up over time"),
    "counts": (
        "期间统计：按整个期间的全部明细计算，不可跨期相加",
        "Taken over all rows of the period; periods do not add up",
    ),
    "amounts_made": ("由期间发生额计算", "Made of amounts of the period"),
    "balances_made": (
        "由时点余额计算，各部分按自己的口径取期末、期初或平均",
        "Made of balances; each part takes its own day, or mean, of the period",
    ),
    "closing_made": ("由期末的时点余额计算", "Made of balances at the period's end"),
    "both_made": (
        "由期间发生额和时点余额计算，各部分按自己的口径取数",
        "Made of amounts of the period and of balances, each read in its own way",
    ),
}
# A sum, or a count of rows: a count of different members does not add up.
_ADDS_UP = re.compile(r"\s*(?:SUM\s*\(|COUNT\s*\((?!\s*DISTINCT))", re.IGNORECASE)
_WINDOW = re.compile(r"(\d+)\s*(day|week|month|quarter|year)s?")
_UNITS = {"day": "天", "week": "周", "month": "个月", "quarter": "个季度", "year": "年"}


def tell_time(metric: Metric, catalog: Catalog, loads: Loads, language: Language) -> Pairs:
    """(label, text) of how it reads time and currency; what does not apply is left out."""
    zh = language == "zh"
    which = 0 if zh else 1
    pairs = [
        (("时间性质", "Kind"), _kind(metric, catalog, which)),
        (("装载", "Loaded"), _loaded(metric, catalog, loads, language)),
        (("未说时间时", "Without a time"), _default(metric, catalog, which)),
        (("年化", "Annualised"), _DAY_COUNTS[metric.day_count][which] if metric.day_count else ""),
        (("按哪个日期", "Dated by"), _dated(metric, catalog, language)),
        (("币种", "Currency"), _currency(metric, catalog, which)),
    ]
    return tuple((label[which], text) for label, text in pairs if text)


def _kind(metric: Metric, catalog: Catalog, which: int) -> str:
    """A balance at a day or an amount of a period, and which of its loads counts."""
    if not _is_dated(metric, catalog):
        return ("不分时间：按全部明细计算", "Not dated: over all rows")[which]
    if metric.type == "cumulative":
        return _span(metric, which)
    if metric.type == "simple":
        if is_stock(metric, catalog):
            return _BALANCES[_choice(metric)][which]
        return _MADE["amounts" if _ADDS_UP.match(metric.expression) else "counts"][which]
    parts = list(_simple(metric, catalog))
    balances = {_choice(one) for one in parts if is_stock(one, catalog)}
    if not balances:
        return _MADE["amounts_made"][which]
    if any(not is_stock(one, catalog) for one in parts):
        return _MADE["both_made"][which]
    return _MADE["closing_made" if balances == {"max"} else "balances_made"][which]


def _is_dated(metric: Metric, catalog: Catalog) -> bool:
    """Whether any of its rows has a date."""
    datasets = (catalog.datasets[name] for name in simple_datasets(metric, catalog))
    return bool(metric.time_dimension) or any(dataset.time_dimension for dataset in datasets)


def _default(metric: Metric, catalog: Catalog, which: int) -> str:
    """Which period a question means that says none."""
    if not _is_dated(metric, catalog):
        return ""
    if not metric.default_period and metric.type != "cumulative" and not is_stock(metric, catalog):
        return ("须说明时间，否则不能计算", "A time must be said")[which]
    return _DEFAULTS[metric.default_period][which]


def _choice(metric: Metric) -> str:
    if metric.window_choice == "avg" and metric.average_over == "month_ends":
        return "month_ends"
    return metric.window_choice


def _span(metric: Metric, which: int) -> str:
    if match := _WINDOW.fullmatch(metric.window):
        count, unit = match.groups()
        plural = "" if count == "1" else "s"
        return (
            f"累计：截至期末的最近 {count} {_UNITS[unit]}",
            f"Over the last {count} {unit}{plural} to the period's end",
        )[which]
    start = _STARTS[metric.grain_to_date][which]
    return f"累计：自{start}至期末" if which == 0 else f"From {start} to the period's end"


def _simple(metric: Metric, catalog: Catalog) -> Iterator[Metric]:
    """The simple metrics that it is made of, itself included."""
    for name in sorted({metric.name, *made_of(metric.name, catalog.metrics)}):
        if catalog.metrics[name].type == "simple":
            yield catalog.metrics[name]


def tell_load(dataset: Dataset, loads: Loads, language: Language) -> str:
    """How often a dataset is stored, and from when to when: every month-end, 31 January 2023 to 30 June 2026."""
    zh, days = language == "zh", loads.dates(dataset.name)
    often = _GRAINS[dataset.snapshot_grain][0 if zh else 1] if dataset.snapshot_grain else ""
    if not days:
        span = "尚未装载" if zh else "nothing yet"
    else:
        # Rows of a flow are dated by their own days: its first load says since which month there are some.
        start = days[0].isoformat() if dataset.snapshot_grain else f"{days[0]:%Y-%m}"
        first, last = format_period(start, language), format_period(days[-1].isoformat(), language)
        span = f"{first}至{last}" if zh else f"{first} to {last}"
    return span if not often else f"{often}，{span}" if zh else f"{often}, {span}"


def _loaded(metric: Metric, catalog: Catalog, loads: Loads, language: Language) -> str:
    """The loads of its facts, those that agree told once."""
    told: dict[str, list[str]] = {}
    for name in sorted(simple_datasets(metric, catalog)):
        dataset = catalog.datasets[name]
        if dataset.time_dimension:
            called = visible(dataset.display.to(language))
            told.setdefault(tell_load(dataset, loads, language), []).append(called)
    if len(told) == 1:
        return next(iter(told))
    mark, gap = ("：", "；") if language == "zh" else (": ", "; ")
    return gap.join(f"{join(names, language)}{mark}{text}" for text, names in told.items())


def _dated(metric: Metric, catalog: Catalog, language: Language) -> str:
    """The date that places its rows, where the metric chooses one or the facts have no snapshots."""
    found: dict[str, None] = {}
    for one in _simple(metric, catalog):
        for name in sorted(simple_datasets(one, catalog)):
            dataset = catalog.datasets[name]
            if dataset.time_dimension or one.time_dimension:
                found[visible(catalog.time_field(name, one.time_dimension).display.to(language))] = None
    return join(list(found), language)


def _currency(metric: Metric, catalog: Catalog, which: int) -> str:
    """Into what amounts are converted, and by which rate."""
    if catalog.rates is None:
        return ""
    lineage = metric_lineage(metric, catalog)
    kinds = {bool(catalog.datasets[a.source[1]].snapshot_grain) for a in lineage.arrows if a.part == "rates"}
    if not kinds:
        return ""
    told = _RATES["both" if len(kinds) > 1 else "closing" if True in kinds else "average"][which]
    return told.format(currency=visible(catalog.rates.reporting_currency))
