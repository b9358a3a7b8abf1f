"""The check that no period is missing between two rows of a series, so that the row before is the period before."""

from __future__ import annotations

from sqlglot import exp

from t2sql.compiler.composing.scope import Scope, Typed
from t2sql.compiler.relation import Check


def gap_check(scope: Scope, period: Typed, parts: list[Typed], where: list[exp.Expr]) -> Check:
    """Finds a period after which the next row of its partition is not the next period.

    `period`: the ordering column, whose `periods` are in calendar order; `parts`: what partitions the series.
    """
    rows = [
        exp.Tuple(expressions=[exp.Literal.string(label), exp.Literal.number(place)])
        for place, label in enumerate(period.carried.periods)
    ]
    alias = exp.TableAlias(
        this=exp.to_identifier("calendar"), columns=[exp.to_identifier("label"), exp.to_identifier("place")]
    )
    place = exp.column("place", "calendar")
    following = exp.Window(
        this=exp.Lead(this=place.copy()),
        partition_by=[p.tree.copy() for p in parts],
        order=exp.Order(expressions=[exp.Ordered(this=place.copy(), nulls_first=False)]),
        over="OVER",
    )
    series = exp.select(period.tree.copy().as_("period"), place.as_("place"), following.as_("following"))
    series = scope.attach(series).join(
        exp.Values(expressions=rows, alias=alias), on=period.tree.copy().eq(exp.column("label", "calendar")), copy=False
    )
    for condition in where:
        series = series.where(condition.copy(), copy=False)
    step = exp.Add(this=exp.column("place", "series"), expression=exp.Literal.number(1))
    gap = exp.GT(this=exp.column("following", "series"), expression=step)
    query = exp.select(exp.column("period", "series")).from_(series.subquery("series")).where(gap).limit(1)
    return Check(
        query,
        "The period after {!r} is missing in some groups, so the row beside it is not the next period.",
        "Use prev(metric) or prior_year(metric), which read the calendar, or keep to groups without gaps.",
        (
            "有的分组在 {!r} 之后缺一期，所以相邻的行不是相邻的期间。",
            "请改用 prev(指标) 或 prior_year(指标)，它们按日历取数。",
        ),
    )
