"""The spine: from a question to its answer, one product at a time.

Every face (command line, page, batch) goes through `Agent.steps`. Rights narrow the catalog before anything reads it;
nothing runs that `certify` has not let through.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from t2sql.adhoc.answering import AdHoc, is_moot, is_unsigned, over_rows
from t2sql.asking_back import AskingBack
from t2sql.catalog import Language
from t2sql.compiler import compile_sql
from t2sql.conversation import edits_question, tell_begun_anew, without_reset
from t2sql.errors import AccessDenied, NotComputable, QueryError
from t2sql.fields.undated import is_undated
from t2sql.flow import (
    Answer,
    Clarification,
    Context,
    Definition,
    Draft,
    Loads,
    Outcome,
    Plan,
    Question,
    Refusal,
    Result,
    Step,
    Tokens,
    Turn,
)
from t2sql.following_up import FollowingUp
from t2sql.generation.drafting import Drafted, write_draft
from t2sql.installation import Installation
from t2sql.outline import headed
from t2sql.policy import Narrowed
from t2sql.presenting import answer_of
from t2sql.screening import is_nought, language_of, refuse_text
from t2sql.stopwatch import Stopwatch

MOST_REPAIRS = 2
MOST_TURNS = 6
"""Earlier turns that a question can follow."""


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
        before: Sequence[Turn] = (),
        repeats: str = "",
    ) -> Question:
        """A Question as the installation's default principal would ask it, with a name of its own. Raises AccessDenied
        for choosing one where settings forbid it.
        """
        if principal and principal != self.settings.principal and not self.settings.demo:
            raise AccessDenied(
                "Only a demo may choose who asks.", "Leave --as out, or set demo = true in a demo's t2sql.toml."
            )
        chosen: Language = language or (
            self.settings.language if self.settings.language != "auto" else language_of(text)
        )
        who = principal or self.settings.principal
        turns = tuple(before)[-MOST_TURNS:]
        return Question(text, who, today or date.today(), chosen, hints, turns, self.journal.open(), repeats)

    def ask(
        self, question: Question, *, semantic_sql: str | None = None, cancel: threading.Event | None = None
    ) -> Outcome:
        """The outcome of a question: the last of its steps."""
        *_, last = self.steps(question, semantic_sql=semantic_sql, cancel=cancel)
        assert isinstance(last, (Answer, Clarification, Definition, Refusal))
        return last

    def compile(
        self, semantic_sql: str, *, principal: str = "", today: date | None = None, language: Language = "en"
    ) -> Plan:
        """The plan for semantic SQL, not run. Raises QueryError."""
        question = self.question(semantic_sql, principal=principal, today=today, language=language)
        return self._compile(semantic_sql, self.narrow(question.principal), self.loads())

    def replayed(self, question: Question, *, cancel: threading.Event | None = None) -> Question:
        """The question with the turns before it understood anew, by its own clock; one that is not answered any more
        carries nothing.
        """
        before: tuple[Turn, ...] = ()
        for turn in question.before:
            again = replace(question, text=turn.text, before=before, id="", repeats=question.id, is_replayed=True)
            outcome = self.ask(again, cancel=cancel)
            before += (Turn(turn.text, outcome.draft.semantic_sql if isinstance(outcome, Answer) else ""),)
        return replace(question, before=before)

    def next_questions(self, answer: Answer) -> tuple[str, ...]:
        """Follow-ups of `answer` that can be answered, in its language; at most three."""
        return self._following_up(self.narrow(answer.question.principal), self.loads()).offered(answer)

    # -- the spine --------------------------------------------------------------------------------------------
    def steps(
        self, question: Question, *, semantic_sql: str | None = None, cancel: threading.Event | None = None
    ) -> Iterator[Step]:
        """Each product as it is made; the last is the Outcome. With `semantic_sql` that is run and nothing is written.

        A question that cannot be answered ends in a Refusal or Clarification; what the installation lacks raises
        T2sqlError.
        """
        record = question.id or self.journal.open()
        try:
            for step in self._steps(question, semantic_sql, cancel):
                # On record before anything else happens: a plan stands here before it runs.
                self.journal.record(record, question.principal, step)
                yield step
        except (Exception, GeneratorExit) as end:
            self.journal.record(record, question.principal, end)
            raise

    def _steps(self, question: Question, semantic_sql: str | None, cancel: threading.Event | None) -> Iterator[Step]:
        clock = Stopwatch()
        yield question
        narrowed = self.narrow(question.principal)
        loads = self.loads()
        context: Context | None = None
        drafted: Drafted | None = None
        if semantic_sql is not None:
            draft = Draft(semantic_sql, "written", None)
            yield draft
        else:
            refusal = refuse_text(question, clock.times(), narrowed.catalog)
            # 改成同比 changes the question before, not the data.
            by_fields = self._answers_by_fields(narrowed)
            refusal = None if by_fields and is_moot(refusal, narrowed, self.catalog) else refusal
            if refusal and not (question.before and edits_question(question.text)):
                yield refusal
                return
            with clock.measure("define"):
                defined = self.definitions(narrowed, loads).answer(question, clock.times())
            if defined and not (by_fields and isinstance(defined, Definition) and defined.topics):
                yield replace(defined, timings_ms=clock.times())
                return
            if question.before:
                with clock.measure("follow"):
                    followed = self._following_up(narrowed, loads).steps(question, clock.times())
                yield from followed
                if followed and not isinstance(followed[-1], Draft):
                    return
                if followed:
                    # A follow-up is not written anew by the llm: it would not know what was asked before.
                    yield from self._answer(question, narrowed, loads, None, followed[-1], clock, cancel)
                    return
            if refusal:
                yield refusal
                return
            said: Draft | Outcome | None
            said = self._over_fields(question, narrowed, loads, clock, cancel) if by_fields else None
            said = said or (defined and replace(defined, timings_ms=clock.times()))
            if said:
                yield said
                if isinstance(said, Draft):
                    yield from self._answer(question, narrowed, loads, None, said, clock, cancel)
                return
            asked = replace(question, text=without_reset(question.text))
            with clock.measure("ground"):
                context = self.grounding(narrowed).ground(asked, loads.last())
            yield context
            asking_back = self._asking_back(narrowed, loads)
            meant = asking_back.meant(question, context, clock.times())
            if isinstance(meant, Clarification):
                yield meant
                return
            context = meant
            with clock.measure("verify"):
                signed = self.verified(narrowed).find(context, lambda sql: self._compile(sql, narrowed, loads))
            if signed:
                yield signed
                yield from self._answer(question, narrowed, loads, context, signed, clock, cancel)
                return
            with clock.measure("write"):
                drafted = self._draft(context, narrowed, clock, cancel=cancel)
            if drafted is None or not drafted.is_sure(1.0 - self.settings.accepted_error):
                with clock.measure("ask back"):
                    said = asking_back.about(question, context, drafted, clock.times())
                used = drafted.draft.tokens if drafted else None
                yield replace(said, timings_ms=clock.times(), tokens=used or Tokens(0, 0, 0))
                return
            draft = replace(drafted.draft, carried=tell_begun_anew(question, drafted.draft.semantic_sql))
            yield draft
        yield from self._answer(question, narrowed, loads, context, draft, clock, cancel)

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
                if again is None or not again.is_sure(1.0 - self.settings.accepted_error):
                    with clock.measure("ask back"):
                        refusal = self._asking_back(narrowed, loads).instead_of(question, context, error, {})
                    yield replace(refusal, timings_ms=clock.times(), tokens=draft.tokens or Tokens(0, 0, 0))
                    return
                draft = again.draft
                yield draft
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

    def _answers_by_fields(self, narrowed: Narrowed) -> bool:
        """Whether questions go to fields: the settings allow it, and nothing signed can answer them."""
        return self.settings.ad_hoc and is_unsigned(narrowed) and not self.verified_entries

    def _over_fields(
        self, question: Question, narrowed: Narrowed, loads: Loads, clock: Stopwatch, cancel: threading.Event | None
    ) -> Draft | Clarification | Refusal | None:
        """What fields say where no metric does; None where none of them is named."""
        with clock.measure("write"):
            ad_hoc = AdHoc(narrowed, self.fields(narrowed), lambda sql: self._compile(sql, narrowed, loads), self.llm)
            said = ad_hoc.outcome(question, clock.times(), cancel)
        if isinstance(said, Draft):
            return replace(said, carried=tell_begun_anew(question, said.semantic_sql))
        return said and replace(said, timings_ms=clock.times())

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

    def _following_up(self, narrowed: Narrowed, loads: Loads) -> FollowingUp:
        return FollowingUp(
            narrowed, self.grounding(narrowed), loads.last(), lambda sql: self._compile(sql, narrowed, loads),
            self._asking_back(narrowed, loads),
        )  # fmt: skip

    def _asking_back(self, narrowed: Narrowed, loads: Loads) -> AskingBack:
        return AskingBack(narrowed, self.grounding(narrowed), lambda sql: self._compile(sql, narrowed, loads))
