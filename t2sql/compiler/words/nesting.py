"""What a comparison, a year to date or a share may stand on: every legal pair, and the words for the others.

Knows metrics and how they are read; builds no SQL.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlglot import exp

from t2sql.catalog import Catalog, Metric
from t2sql.compiler.definitions import columns_named, parsed
from t2sql.compiler.request import DIFFERENCES, EARLIER, RATES, Compared, Measure, MetricRef
from t2sql.errors import NotComputable

OVER_TO_DATE = ("yoy", "yoy_diff", "prior_year")
YEAR_START = ("vs_year_start", "vs_year_start_diff")


@dataclass(frozen=True, slots=True)
class Parts:
    """What one metric is finally made of."""

    simple: tuple[Metric, ...]
    """Simple metrics, each once."""
    cumulative: tuple[Metric, ...]
    """Cumulative metrics passed on the way, itself among them."""
    points: tuple[Metric, ...]
    """The simple ones that are balances at the close of a period, or of the one before."""


def check_comparison(function: str, of: Measure, parts: Parts) -> None:
    """Raises NotComputable where `function` over what stands under it would mean nothing."""
    if function == "rank" and isinstance(of, Compared) and of.function == "rank":
        raise NotComputable(
            "A rank of a rank has no meaning.",
            "Rank the metric itself.",
            zh=("排名不能再排名。", "请直接对指标排名。"),
        )
    if function == "ytd":
        _check_ytd(parts)
    elif function in YEAR_START:
        _check_year_start(function, parts)
    elif function in (*RATES, *DIFFERENCES, *EARLIER):
        _check_to_date(function, parts)


def check_share(of: Measure, additive: Iterable[tuple[Metric, bool]], catalog: Catalog) -> None:
    """A share needs parts that sum to the whole. `additive`: simple metrics, and whether each is a sum."""
    for metric, is_additive in additive:
        if not is_additive:
            raise NotComputable(
                f"{metric.name!r} does not add up to a whole, so it has no share.",
                "Ask for the share of an amount or a count.",
                zh=(f"{metric.display.zh}不能相加，没有占比。", "请问金额或笔数的占比。"),
            )
    if not isinstance(of, MetricRef) or not is_sum(of.metric, catalog):
        raise NotComputable(
            "A ratio has no share.",
            "Ask for the share of an amount or a count.",
            zh=("比率没有占比。", "请问金额或笔数的占比。"),
        )


def is_sum(metric: Metric, catalog: Catalog) -> bool:
    """Whether a metric is a sum of sums: simple, summed up over time, or derived with + and - alone."""
    if metric.type in ("simple", "ratio"):
        return metric.type == "simple"
    tree = parsed(metric.expression)
    return all(isinstance(n, (exp.Add, exp.Sub, exp.Paren, exp.Column, exp.Identifier)) for n in tree.walk()) and all(
        is_sum(catalog.metrics[name], catalog) for _table, name in columns_named(metric.expression)
    )


def _check_ytd(parts: Parts) -> None:
    for metric in parts.cumulative:
        raise NotComputable(
            f"{metric.name!r} sums up over time already; its year to date has no agreed meaning.",
            "Ask for the metric itself.",
            zh=(f"{metric.display.zh}本身就是累计值，不能再按年累计。", "请直接问该指标。"),
        )
    for metric in parts.points:
        raise NotComputable(
            f"{metric.name!r} is a balance at period end; it does not add up over a year.",
            "Ask for it at one date, or for its average.",
            zh=(f"{metric.display.zh}是时点余额，不能按年累计。", "请问某一时点的余额，或问平均余额。"),
        )


def _check_year_start(function: str, parts: Parts) -> None:
    closing = [m for m in parts.points if m.window_choice == "max"]
    for metric in [*parts.cumulative, *(m for m in parts.simple if m not in closing)]:
        raise NotComputable(
            f"{function} compares period-end balances with the last year-end; {metric.name!r} is not one.",
            "Use yoy, or ytd for a running total.",
            zh=(f"“较年初”比较的是时点余额，{metric.display.zh}不是时点余额。", "请问同比，或问年初至今累计。"),
        )


def _check_to_date(function: str, parts: Parts) -> None:
    for metric in parts.cumulative:
        if metric.grain_to_date and function not in OVER_TO_DATE:
            raise NotComputable(
                f"{function} of {metric.name!r} has no agreed meaning: it starts anew each {metric.grain_to_date}.",
                f"Use {', '.join(OVER_TO_DATE)} of it, or {function} of {metric.expression!r}.",
                zh=(f"{metric.display.zh}每期重新累计，不能与上一期相比。", "请问同比，或问当期发生额的环比。"),
            )
