"""Notes on a result: why there is no figure where there is none, and which of the plan's notes bear on its rows."""

from __future__ import annotations

from t2sql.flow import Note, Plan, Result
from t2sql.outline import is_expression, items, outline

GROWTH_RATES = ("yoy", "mom", "qoq", "vs_year_start")

NOTHING_FOUND = Note(
    "nothing_found",
    "该期间没有符合条件的记录：条件可能过窄，或机构当时已撤并、产品当时未发生业务。",
    "No row fits these conditions in that period: they may be too narrow, or the unit was closed or merged by then.",
)

NO_FIGURE = Note(
    "no_figure",
    "这里没有可显示的数字：所需的某个期间没有数据，或指标当时尚无口径。",
    "There is no figure to show: a period that it needs holds nothing, or the metric was not defined then.",
)


def is_empty(result: Result) -> bool:
    """Whether a result holds no figure at all."""
    metrics = [i for i, column in enumerate(result.columns) if column.kind == "metric"]
    return not result.rows or (bool(metrics) and all(row[i] is None for row in result.rows for i in metrics))


def is_nought(result: Result) -> bool:
    """Whether a result has no row, or every figure of it is 0 or missing."""
    metrics = [i for i, column in enumerate(result.columns) if column.kind == "metric"]
    return not result.rows or (bool(metrics) and all(not row[i] for row in result.rows for i in metrics))


def notes_on(plan: Plan, result: Result, unknown: tuple[Note, ...] = ()) -> tuple[Note, ...]:
    """What the plan tells, as far as it bears on these rows, and why there is no figure where there is none.

    `unknown`: notes of values that nobody has, which say more than that nothing was found.
    """
    kept = [note for note in plan.notes if note.code != "empty_growth" or _may_lack_growth(plan, result)]
    if is_empty(result) and not unknown:
        kept.append(NOTHING_FOUND if plan.understood.conditions else NO_FIGURE)
    return (*kept, *unknown)


def _may_lack_growth(plan: Plan, result: Result) -> bool:
    """Whether a growth rate is missing among the rows, or a calculation such as COALESCE may hide that it is."""
    shown = items(outline(plan.semantic_sql), len(result.columns))
    growth = [i for i, column in enumerate(result.columns) if column.function in GROWTH_RATES]
    if shown is None or any(is_expression(shown[i].unalias()) for i in growth):
        return True
    return any(row[i] is None for row in result.rows for i in growth)
