"""From a draft to its answer: compile, run, tell; and what the llm repairs on the way.

Nothing runs that `certify` has not let through.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

from t2sql.adhoc.answering import over_rows, unsure
from t2sql.adhoc.repeated import is_repeated
from t2sql.asking_back import AskingBack
from t2sql.compiler import compile_sql
from t2sql.errors import NotComputable, QueryError
from t2sql.fields.undated import is_undated
from t2sql.flow import Context, Draft, Loads, Plan, Question, Result, Step, Tokens
from t2sql.generation.drafting import Drafted, write_draft
from t2sql.installation import Installation
from t2sql.outline import headed
from t2sql.policy import Narrowed
from t2sql.presenting import answer_of
from t2sql.screening import is_nought
from t2sql.stopwatch import Stopwatch

MOST_REPAIRS = 2


class Computing(Installation):
    """An installation that computes what was drafted."""

    def _answer(
        self,
        question: Question,
        narrowed: Narrowed,
        loads: Loads,
        context: Context | None,
        draft: Draft,
        clock: Stopwatch,
        cancel: threading.Event | None,
    ) -> Iterator[Step]:
        """Compile (with repairs where the llm wrote), check, run, explain."""
        tried: set[str] = set()
        while True:
            try:
                with clock.measure("compile"):
                    plan = self._compile(draft.semantic_sql, narrowed, loads)
                yield plan
                with clock.measure("run"):
                    result = self._run(plan, cancel)
                break
            except QueryError as error:
                tried.add(draft.semantic_sql)
                again = None
                # What was signed is not written anew: it is that answer or none.
                if context is not None and draft.route != "verified" and len(tried) <= MOST_REPAIRS:
                    with clock.measure("write"):
                        again = self._draft(
                            context, narrowed, clock, without=frozenset(tried), complaint=error.message, cancel=cancel
                        )
                if again is None or not self._is_sure(again):
                    with clock.measure("ask back"):
                        refusal = self._asking_back(narrowed, loads).instead_of(question, context, error, {})
                    yield replace(refusal, timings_ms=clock.times(), tokens=draft.tokens or Tokens(0, 0, 0))
                    return
                draft = again.draft
                yield draft
        is_over_fields = self.settings.ad_hoc and context is None and draft.route != "written"
        if is_over_fields and is_repeated(question.text, result):
            yield unsure(question, draft, plan, narrowed, clock.times())
            return
        result = replace(result, columns=headed(plan, narrowed.catalog))
        yield result
        unknown = self.stored.unknown(plan.semantic_sql, narrowed) if is_nought(result) else ()
        yield answer_of(question, draft, plan, result, context, narrowed, unknown, clock)

    def _draft(
        self,
        context: Context,
        narrowed: Narrowed,
        clock: Stopwatch,
        *,
        without: frozenset[str] = frozenset(),
        complaint: str = "",
        cancel: threading.Event | None = None,
    ) -> Drafted | None:
        drafted = write_draft(
            context, narrowed.catalog, self.llm, least=1.0 - self.settings.accepted_error,
            calibration=self.calibration, without=without, complaint=complaint, cancel=cancel,
        )  # fmt: skip
        if drafted and drafted.writing:
            clock.spent["llm_first_token"] = drafted.writing.first_token_ms
            clock.spent["llm_decode"] = drafted.writing.decode_ms
        return drafted

    def _compile(self, semantic_sql: str, narrowed: Narrowed, loads: Loads) -> Plan:
        if self.settings.ad_hoc and is_undated(semantic_sql, narrowed.catalog):
            narrowed = over_rows(narrowed)
        return compile_sql(
            semantic_sql, narrowed, loads, row_limit=self.settings.row_limit, dialect=self.warehouse.dialect
        )

    def _run(self, plan: Plan, cancel: threading.Event | None) -> Result:
        for guard in plan.guards:
            rows = self.warehouse.rows(guard.physical, timeout_seconds=self.settings.timeout_seconds, cancel=cancel)
            if rows:
                found = rows[0][0]
                zh = (guard.zh[0].format(found), guard.zh[1]) if guard.zh else None
                raise NotComputable(guard.message.format(found), guard.hint, zh=zh)
        return self.warehouse.run(
            plan.physical, plan.columns, timeout_seconds=self.settings.timeout_seconds, cancel=cancel
        )

    def _asking_back(self, narrowed: Narrowed, loads: Loads) -> AskingBack:
        return AskingBack(narrowed, self.grounding(narrowed), lambda sql: self._compile(sql, narrowed, loads))

    def _is_sure(self, drafted: Drafted) -> bool:
        return drafted.is_sure(1.0 - self.settings.accepted_error)
