"""The spine: from a question to its answer, one product at a time.

Every face (command line, page, batch) goes through `Agent.steps`. Rights narrow the catalog before anything reads it;
nothing runs that
`certify` has not let through.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date

from t2sql.catalog import Language
from t2sql.charts import suggest_chart
from t2sql.compiler import compile_sql
from t2sql.errors import AccessDenied, CertifyError, NotComputable, QueryError, T2sqlError
from t2sql.explain import explain
from t2sql.flow import (
    Answer,
    Clarification,
    Context,
    Draft,
    Loads,
    Outcome,
    Plan,
    Question,
    Reading,
    Refusal,
    Result,
    Step,
    Tokens,
)
from t2sql.generation.drafting import Drafted, write_draft
from t2sql.installation import Installation
from t2sql.outline import headed
from t2sql.policy import Narrowed
from t2sql.reading.leftovers import leftovers
from t2sql.reading.nearby import near_metrics
from t2sql.reading.readings import Reading as Possible
from t2sql.reading.readings import exact_metrics, readings
from t2sql.screening import (
    ask_back,
    is_nought,
    language_of,
    name_options,
    notes_on,
    offer_instead,
    refuse_off_topic,
    refuse_text,
)

MOST_REPAIRS = 2
MOST_OPTIONS = 3


@dataclass(slots=True)
class _Clock:
    """Milliseconds spent in each step of one question."""

    spent: dict[str, float] = field(default_factory=dict)
    began: float = field(default_factory=time.perf_counter)

    @contextmanager
    def measure(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self.spent[name] = self.spent.get(name, 0.0) + (time.perf_counter() - started) * 1000

    def times(self) -> dict[str, float]:
        return {**self.spent, "total": (time.perf_counter() - self.began) * 1000}


class Agent(Installation):
    """An installation that answers. Safe to use from several threads; one llm call runs at a time."""

    def question(
        self,
        text: str,
        *,
        principal: str = "",
        language: Language | None = None,
        today: date | None = None,
        hints: str = "",
    ) -> Question:
        """A Question as the installation's default principal would ask it. Raises AccessDenied for choosing one where
        settings forbid it.
        """
        if principal and principal != self.settings.principal and not self.settings.demo:
            raise AccessDenied(
                "Only a demo may choose who asks.", "Leave --as out, or set demo = true in a demo's t2sql.toml."
            )
        chosen: Language = language or (
            self.settings.language if self.settings.language != "auto" else language_of(text)
        )
        return Question(text, principal or self.settings.principal, today or date.today(), chosen, hints)

    def ask(
        self, question: Question, *, semantic_sql: str | None = None, cancel: threading.Event | None = None
    ) -> Outcome:
        """The outcome of a question: the last of its steps."""
        *_, last = self.steps(question, semantic_sql=semantic_sql, cancel=cancel)
        assert isinstance(last, (Answer, Clarification, Refusal))
        return last

    def compile(
        self, semantic_sql: str, *, principal: str = "", today: date | None = None, language: Language = "en"
    ) -> Plan:
        """The plan for semantic SQL, not run. Raises QueryError."""
        question = self.question(semantic_sql, principal=principal, today=today, language=language)
        return self._compile(semantic_sql, self.narrow(question.principal), self.loads())

    # -- the spine --------------------------------------------------------------------------------------------
    def steps(
        self, question: Question, *, semantic_sql: str | None = None, cancel: threading.Event | None = None
    ) -> Iterator[Step]:
        """Each product as it is made; the last is the Outcome. With `semantic_sql` that is run and nothing is written.

        A question that cannot be answered ends in a Refusal or Clarification; what the installation lacks raises
        T2sqlError.
        """
        record = self.journal.open()
        try:
            for step in self._steps(question, semantic_sql, cancel):
                # On record before anything else happens: a plan stands here before it runs.
                self.journal.record(record, question.principal, step)
                yield step
        except (T2sqlError, GeneratorExit) as end:
            self.journal.record(record, question.principal, end)
            raise

    def _steps(self, question: Question, semantic_sql: str | None, cancel: threading.Event | None) -> Iterator[Step]:
        clock = _Clock()
        yield question
        narrowed = self.narrow(question.principal)
        loads = self.loads()
        context: Context | None = None
        drafted: Drafted | None = None
        if semantic_sql is not None:
            draft = Draft(semantic_sql, "written", None)
            yield draft
        else:
            refusal = refuse_text(question, clock.times())
            if refusal:
                yield refusal
                return
            with clock.measure("ground"):
                context = self.grounding(narrowed).ground(question, loads.last())
            yield context
            if context.ungrounded and (possible := readings(context, narrowed.catalog)):
                likely = self.grounding(narrowed).completed(context)
                possible = [r for one in likely for r in readings(one, narrowed.catalog)]
                options = self._options(possible, narrowed, loads, question.language)
                yield ask_back(question, context, options, clock.times())
                return
            with clock.measure("write"):
                drafted = self._draft(context, narrowed, clock, cancel=cancel)
            if drafted is None:
                yield refuse_off_topic(question, narrowed.catalog, clock.times(), context)
                return
            if drafted.leftovers:
                context = replace(context, ungrounded=drafted.leftovers)
                yield ask_back(question, context, (), clock.times())
                return
            draft = drafted.draft
            yield draft
        yield from self._answer(question, narrowed, loads, context, draft, clock, cancel)

    def _answer(
        self,
        question: Question,
        narrowed: Narrowed,
        loads: Loads,
        context: Context | None,
        draft: Draft,
        clock: _Clock,
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
                if context is not None and len(tried) <= MOST_REPAIRS:
                    with clock.measure("write"):
                        again = self._draft(
                            context, narrowed, clock, without=frozenset(tried), complaint=error.message, cancel=cancel
                        )
                if again is None or again.leftovers:
                    options = self._stand_ins(context, narrowed, loads, question.language) if context else ()
                    if context and options and isinstance(error, NotComputable):
                        yield offer_instead(question, context, error, options, clock.times())
                        return
                    yield Refusal(
                        question,
                        error.code,
                        *error.told(question.language),
                        clock.times(),
                        context,
                        draft.tokens or Tokens(0, 0, 0),
                    )
                    return
                draft = again.draft
                yield draft
        columns = headed(plan, narrowed.catalog)
        result = replace(result, columns=columns)
        yield result
        unknown = self.unknown_values(plan.semantic_sql, narrowed) if is_nought(result) else ()
        plan = replace(plan, notes=notes_on(plan, result, unknown))
        explanation = explain(plan, narrowed, question.language)
        plan = replace(plan, columns=columns)
        chart = suggest_chart(result.columns, result.rows, question.language)
        yield Answer(
            question, draft, plan, result, explanation, context, chart, clock.times(), draft.tokens or Tokens(0, 0, 0)
        )

    def _draft(
        self,
        context: Context,
        narrowed: Narrowed,
        clock: _Clock,
        *,
        without: frozenset[str] = frozenset(),
        complaint: str = "",
        cancel: threading.Event | None = None,
    ) -> Drafted | None:
        drafted = write_draft(context, narrowed.catalog, self.llm, without=without, complaint=complaint, cancel=cancel)
        if drafted and drafted.writing:
            clock.spent["llm_first_token"] = drafted.writing.first_token_ms
            clock.spent["llm_decode"] = drafted.writing.decode_ms
        return drafted

    def _compile(self, semantic_sql: str, narrowed: Narrowed, loads: Loads) -> Plan:
        return compile_sql(semantic_sql, narrowed, loads, row_limit=self.settings.row_limit)

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

    def _stand_ins(self, context: Context, narrowed: Narrowed, loads: Loads, language: Language) -> tuple[Reading, ...]:
        """Readings by a metric called alike, where the only one named cannot be shown as asked."""
        named = exact_metrics(context)
        if len(named) != 1:
            return ()
        possible = [
            reading
            for near in near_metrics(named[0].name, narrowed.catalog)
            for reading in readings(context, narrowed.catalog, pool=[near])
            if not leftovers(context, reading.semantic_sql, narrowed.catalog)
        ]
        return self._options(possible, narrowed, loads, language)

    def _options(
        self, possible: Sequence[Possible], narrowed: Narrowed, loads: Loads, language: Language
    ) -> tuple[Reading, ...]:
        """Up to three readings that compile, the likeliest first, in words; no two alike."""
        texts: dict[str, str] = {}
        for reading in possible:
            try:
                said = explain(self._compile(reading.semantic_sql, narrowed, loads), narrowed, language)
            except (QueryError, CertifyError):
                continue
            if said not in texts.values():
                texts[reading.semantic_sql] = said
            if len(texts) == MOST_OPTIONS:
                break
        return name_options(list(texts), lambda sql: texts[sql])
