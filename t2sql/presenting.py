"""A result with all that is told beside it: notes, explanation and picture."""

from __future__ import annotations

from dataclasses import replace

from t2sql.charts import addable, suggest_chart
from t2sql.explain import explain
from t2sql.fields.undated import is_undated
from t2sql.flow import Answer, Context, Draft, Note, Plan, Question, Result, Tokens
from t2sql.policy import Narrowed
from t2sql.screening import notes_on
from t2sql.stopwatch import Stopwatch

OF_FIELDS = Note(
    "of_fields",
    "结果取自数据表的字段，没有已签署的指标定义。",
    "This comes from fields as they are stored; no signed metric stands behind it.",
)


def answer_of(
    question: Question,
    draft: Draft,
    plan: Plan,
    result: Result,
    context: Context | None,
    narrowed: Narrowed,
    unknown: tuple[Note, ...],
    clock: Stopwatch,
) -> Answer:
    """The answer to `question`; `unknown`: notes on values in its conditions that are none."""
    plan = replace(plan, notes=notes_on(plan, result, unknown))
    if (
        draft.route in ("composed", "generated")
        and not plan.provenance
        and is_undated(plan.semantic_sql, narrowed.catalog)
    ):
        plan = replace(plan, notes=(*plan.notes, OF_FIELDS))
    explanation = explain(plan, narrowed, question.language)
    plan = replace(plan, columns=result.columns)
    chart = suggest_chart(result.columns, result.rows, question.language, addable(plan, result, narrowed))
    tokens = draft.tokens or Tokens(0, 0, 0)
    return Answer(question, draft, plan, result, explanation, context, chart, clock.times(), tokens)
