"""The check that no period is missing between two rows of a series, so that the row before is the period before."""

from __future__ import annotations

from sqlglot import exp

from t2sql.catalog import GRAINS
from t2sql.compiler.composing.additivity import key_name
from t2sql.compiler.composing.scope import Scope, Typed
from t2sql.compiler.relation import Check
from t2sql.compiler.words.spelling import as_written, own_columns
from t2sql.errors import NotComputable


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


_STEPS = {"day": (1, "DAY"), "week": (7, "DAY"), "month": (1, "MONTH"), "quarter": (3, "MONTH"), "half": (6, "MONTH")}


def step_check(scope: Scope, dated: Typed, parts: list[Typed], where: list[exp.Expr]) -> Check:
    """Finds a value of a date's grain after which the next row of its partition is not one step later.

    `dated`: the ordering column, first days of `dated.carried.step` or labels of years; `parts`: what partitions it.
    """
    step = dated.carried.step
    place = dated.tree.copy()
    onward: exp.Expr
    if dated.carried.column.type != "date":
        place, onward = exp.cast(place, exp.DType.INT), exp.Literal.number(1)
    else:
        count, unit = _STEPS.get(step, (1, "YEAR"))
        onward = exp.Interval(this=exp.Literal.string(str(count)), unit=exp.Var(this=unit))
    following = exp.Window(
        this=exp.Lead(this=place.copy()),
        partition_by=[p.tree.copy() for p in parts],
        order=exp.Order(expressions=[exp.Ordered(this=place.copy(), nulls_first=False)]),
        over="OVER",
    )
    series = exp.select(dated.tree.copy().as_("period"), place.as_("place"), following.as_("following"))
    series = scope.attach(series)
    for condition in where:
        series = series.where(condition.copy(), copy=False)
    next_one = exp.Add(this=exp.column("place", "series"), expression=onward)
    gap = exp.GT(this=exp.column("following", "series"), expression=next_one)
    query = exp.select(exp.column("period", "series")).from_(series.subquery("series")).where(gap).limit(1)
    return Check(
        query,
        "After {!r} there is a gap without rows, so the row beside it is not the next " + step + ".",
        "Ask for a stretch without gaps, or for the figures alone.",
        ("{!r} 之后有一段没有数据，所以相邻的行不是相邻的期间。", "请缩小到没有缺口的期间，或只问数值本身。"),
    )


def check_series(scope: Scope, node: exp.Window) -> None:
    """Rows beside each other are in the order of a period as it is, of a dimension, a day or a figure: what is made
    of a period hides which periods follow each other.
    """
    order = node.args.get("order")
    for item in order.expressions if order else []:
        inner = item.this.unnest()
        if isinstance(inner, exp.Column):
            _check_made(scope, node, inner)
            continue
        for column in own_columns(inner):
            carried = scope.column(column).carried
            if carried.periods or carried.column.kind == "period":
                period = carried.column.name
                raise NotComputable(
                    f"{as_written(node)!r} orders by {as_written(inner)!r}, which is made of {period!r}.",
                    f"Write ORDER BY {period}, so that missing periods are seen.",
                    zh=(f"窗口按 {as_written(inner)} 排序，它由 {period} 算出。", f"请写 ORDER BY {period}。"),
                )


def _check_made(scope: Scope, node: exp.Window, column: exp.Column) -> None:
    """A text, or beside periods a number, that a SELECT made may be a period in disguise."""
    carried = scope.column(column).carried
    is_period = carried.column.kind == "period" or carried.is_dated
    is_made = not carried.key and not carried.dimension and (not carried.column.metric or carried.column.function)
    is_series = any(key_name(key) in GRAINS for key in scope.keys)
    if is_series and is_made and not is_period and carried.column.type in ("integer", "number"):
        raise NotComputable(
            f"{as_written(node)!r} orders periods by {column.name!r}, a number that was made on the way.",
            "Order by the period itself, such as month, so that missing periods are seen.",
            zh=(f"窗口按 {column.name} 给期间排序，它是算出来的数。", "请按期间本身（例如 month）排序。"),
        )
    if carried.column.type == "text" and not is_period and not carried.dimension:
        raise NotComputable(
            f"{as_written(node)!r} orders by {column.name!r}, a text that was made on the way.",
            "Order by a period such as month, a dimension or a figure.",
            zh=(f"窗口按 {column.name} 排序，它是算出来的文本。", "请按期间（例如 month）、维度或指标排序。"),
        )
