"""What follows an answer: questions that change it, and those worth offering because they are seen to work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from t2sql.asking_back import AskingBack
from t2sql.conversation import continue_question, phrases
from t2sql.errors import CertifyError, QueryError
from t2sql.flow import Answer, Clarification, Context, Draft, Plan, Question, Refusal, Turn
from t2sql.grounding import Grounding
from t2sql.policy import Narrowed
from t2sql.screening import ask_back

MOST_OFFERED = 3


class FollowingUp:
    """Follow-ups for one narrowed catalog."""

    def __init__(
        self,
        narrowed: Narrowed,
        grounding: Grounding,
        last: date | None,
        compile_sql: Callable[[str], Plan],
        asking_back: AskingBack,
    ) -> None:
        """`last` is the latest loaded date; `compile_sql(semantic_sql)` raises QueryError."""
        self._catalog, self._grounding, self._last = narrowed.catalog, grounding, last
        self._compile, self._asking_back = compile_sql, asking_back

    def steps(
        self, question: Question, timings_ms: Mapping[str, float]
    ) -> tuple[Context, Draft] | tuple[Context, Clarification] | tuple[Refusal] | tuple[()]:
        """The steps of a question that changes the one before; () for one that stands alone."""
        try:
            found = continue_question(
                question, self._grounding, self._catalog, self._last, lambda sql: self._compile(sql).semantic_sql
            )
        except QueryError as error:
            return (Refusal(question, error.code, *error.told(question.language), timings_ms),)
        if found is None:
            return ()
        if not found.semantic_sql:
            options = self._asking_back.options(found.options, question)
            return found.context, ask_back(question, found.context, options, timings_ms)
        return found.context, Draft(found.semantic_sql, "composed", None, carried=found.carried)

    def offered(self, answer: Answer) -> tuple[str, ...]:
        """Texts that follow `answer` and are understood and compiled, each another query; at most three."""
        before = (*answer.question.before, Turn(answer.question.text, answer.draft.semantic_sql))
        known, found = {answer.plan.semantic_sql}, []
        for text in phrases(answer, self._catalog):
            steps = self.steps(replace(answer.question, text=text, before=before), {})
            if not steps or not isinstance(steps[-1], Draft):
                continue
            try:
                sql = self._compile(steps[-1].semantic_sql).semantic_sql
            except (QueryError, CertifyError):
                continue
            if sql not in known:
                known.add(sql)
                found.append(text)
            if len(found) == MOST_OFFERED:
                break
        return tuple(found)
