"""A result with all that is told beside it: notes, explanation and picture."""

from __future__ import annotations

from dataclasses import replace

from t2sql.charts import addable, suggest_chart
from t2sql.explain import explain
from t2sql.flow import Answer, Context, Draft, Note, Plan, Question, Result, Tokens
from t2sql.policy import Narrowed
from t2sql.screening import notes_on
from t2sql.stopwatch import Stopwatch


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
    explanation = explain(plan, narrowed, question.language)
    plan = replace(plan, columns=result.columns)
    chart = suggest_chart(result.columns, result.rows, question.language, addable(plan, result, narrowed))
    tokens = draft.tokens or Tokens(0, 0, 0)
    return Answer(question, draft, plan, result, explanation, context, chart, clock.times(), tokens)
