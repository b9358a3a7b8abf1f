"""Over which groups a figure may be summed again, and the refusal where it may not.

The one place that knows what adds up. Whatever it does not know adds up over nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlglot import exp

from t2sql.catalog import AD_HOC, GRAINS, Catalog, Metric
from t2sql.compiler.definitions import parsed
from t2sql.compiler.relation import Carried
from t2sql.compiler.request import DIFFERENCES, EARLIER, Compared, Measure, MetricRef, functions_of
from t2sql.errors import NotComputable

Why = tuple[str, str]
"""A reason in Chinese and English."""
RATIO: Why = ("比率", "a ratio")
DISTINCT: Why = ("去重计数", "a count of distinct things")
AVERAGE: Why = ("平均值", "an average")
EXTREME: Why = ("最大或最小值", "a smallest or largest value")
STOCK: Why = ("时点余额", "a balance at period end")
CHANGED: Why = ("口径有变更的指标", "a metric whose definition has changed")
CUMULATIVE: Why = ("累计值", "a running total")
COMPARED: Why = ("比较值", "a comparison")
CALCULATED: Why = ("计算值", "the result of a calculation")
REPEATED: Why = ("因连接而重复", "repeated by the join")
SEVERAL: Why = ("来自几个 SELECT", "put together from several SELECTs")
ROW: Why = ("明细行的值", "a value of single rows")
RANK: Why = ("排名", "a rank")
WINDOWED: Why = ("窗口函数的值", "a value over several rows")


ARM = "the arm of the UNION"
"""The key that tells the arms of a UNION ALL apart; no column shows it."""
ARM_ZH = "UNION 的各部分"


def sums_of(
    measure: Measure, dimensions: Collection[str], grain: str | None, catalog: Catalog
) -> tuple[frozenset[str], Why]:
    """Keys (`dimensions` and `grain`) that a SUM of the measure may do without, and why not the others."""
    if isinstance(measure, MetricRef):
        over_groups, over_time, why = _of_metric(measure.metric, catalog)
        keys = set(dimensions) if over_groups else set()
        return frozenset(keys | ({grain} if grain and over_groups and over_time else set())), why
    inner = functions_of(measure)
    if measure.function == "rank":
        return frozenset(), RANK
    if measure.function == "share":
        return frozenset(measure.dimensions or dimensions) & frozenset(dimensions), RATIO
    if measure.function in (*DIFFERENCES, *EARLIER, "ytd") and "share" not in inner and "rank" not in inner:
        over_groups, _over_time, why = _of_metric(_root(measure).metric, catalog)
        return frozenset(dimensions) if over_groups else frozenset(), COMPARED if over_groups else why
    return frozenset(), RATIO


def _root(measure: Measure) -> MetricRef:
    while isinstance(measure, Compared):
        measure = measure.of
    return measure


def _of_metric(metric: Metric, catalog: Catalog) -> tuple[bool, bool, Why]:
    """(adds up over dimensions, over time as well, why not)."""
    if metric.type == "ratio":
        return False, False, RATIO
    if metric.type == "derived":
        tree = parsed(metric.expression)
        if not all(isinstance(n, (exp.Add, exp.Sub, exp.Paren, exp.Column, exp.Identifier)) for n in tree.walk()):
            return False, False, CALCULATED
        parts = [_of_metric(catalog.metrics[c.name], catalog) for c in tree.find_all(exp.Column)]
        worst = min(parts, key=lambda part: part[:2])
        return all(p[0] for p in parts), all(p[1] for p in parts), worst[2]
    if metric.type == "cumulative":
        inner = _of_metric(catalog.metrics[metric.expression], catalog)
        return inner[0], False, inner[2] if not inner[0] else CUMULATIVE
    aggregate = parsed(metric.expression)
    if isinstance(aggregate, exp.Count) and isinstance(aggregate.this, exp.Distinct):
        return False, False, DISTINCT
    if not isinstance(aggregate, (exp.Sum, exp.Count)):
        return False, False, AVERAGE if isinstance(aggregate, (exp.Avg, exp.Median)) else EXTREME
    column = aggregate.find(exp.Column)
    dataset = catalog.datasets.get(metric.dataset or (column.table if column else ""))
    if dataset is None:
        return False, False, CALCULATED
    if metric.versions:
        return True, False, CHANGED
    if not dataset.snapshot_grain:
        return True, True, CALCULATED
    return True, False, AVERAGE if metric.window_choice == "avg" else STOCK


def key_name(key: str) -> str:
    """A key as people call it."""
    return key.rsplit(".", 1)[-1]


def check_sum(column: Carried, name: str, dropped: Iterable[str], kept: Iterable[str], catalog: Catalog) -> None:
    """Refuse a SUM of `column` over the keys `dropped` where it does not add up."""
    lost = sorted({key_name(k) for k in set(dropped) - column.sums})
    if not lost:
        return
    zh, en = column.why if column.why[1] else CALCULATED
    if column.sums and not set(lost) & set(GRAINS):
        # It adds up over something, and what is lost is no time: the key came in around it.
        zh, en = SEVERAL
    over, over_zh = ", ".join(lost), "、".join(ARM_ZH if name == ARM else name for name in lost)
    groups = ", ".join([*sorted({key_name(k) for k in kept}), column.column.metric])
    metric = column.column.metric
    hint, hint_zh = (
        f"Leave the SUM out, or sum it only where {over} stays apart.",
        f"请不要求和，或保留 {over_zh} 分组。",
    )
    known = catalog.metrics.get(metric)
    if known is not None and known.version != AD_HOC:
        asked = f"SELECT {groups} FROM {catalog.name}"
        hint = f"Ask for the metric itself at the coarser group, as {asked}, under the same WHERE."
        hint_zh = f"请直接按更粗的分组查询指标本身：{asked}，条件不变。"
    raise NotComputable(
        f"{name!r} is {en}; it does not add up over {over}.",
        hint,
        zh=(f"{name} 是{zh}，不能按 {over_zh} 相加。", hint_zh),
    )
