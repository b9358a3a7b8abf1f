"""The mean of a measure over the periods asked: 平均每月放款, "how much per month on average". Never of a ratio."""

from __future__ import annotations

from collections.abc import Sequence

from t2sql.figure_names import average_of
from t2sql.flow import Context

_MEAN = "mean_"


def mean_grain(context: Context) -> str:
    """The grain whose periods are averaged, "" where none is asked."""
    return next((c.name.removeprefix(_MEAN) for c in context.comparisons if c.name.startswith(_MEAN)), "")


def mean_sql(source: str, grain: str, groups: Sequence[str], metrics: Sequence[str], where: Sequence[str]) -> str:
    """Semantic SQL of the mean of `metrics` over the periods of `grain`, for each of `groups`."""
    clause = f" WHERE {' AND '.join(where)}" if where else ""
    inner = f"SELECT {', '.join([grain, *groups, *metrics])} FROM {source}{clause}"
    shown = ", ".join([*groups, *(f"AVG({name}) AS {average_of(name)}" for name in metrics)])
    grouped = f" GROUP BY {', '.join(groups)}" if groups else ""
    return f"SELECT {shown} FROM ({inner}) AS each_{grain}{grouped}"
