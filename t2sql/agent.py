"""The spine: from a question to its answer, one product at a time.

Every face (command line, page, batch) goes through `Agent.steps`. Rights narrow the catalog before anything reads it;
nothing runs that `certify` has not let through.
"""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from datetime import date

from t2sql.adhoc.answering import AdHoc, is_moot, is_unsigned, may_be_rows, means_signed
from t2sql.catalog import Language
from t2sql.computing import Computing
from t2sql.conversation import edits_question, tell_begun_anew, without_reset
from t2sql.errors import AccessDenied
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
    Step,
    Turn,
)
from t2sql.following_up import FollowingUp
from t2sql.policy import Narrowed
from t2sql.screening import language_of, refuse_text
from t2sql.stopwatch import Stopwatch

MOST_TURNS = 6
"""Earlier turns that a question can follow."""


class Agent(Computing):
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
        understood: tuple[Draft, Context | None] | None
        if semantic_sql is not None:
            understood = Draft(semantic_sql, "written", None), None
            yield understood[0]
        else:
            understood = yield from self._understood(question, narrowed, loads, clock, cancel)
        if understood:
            draft, context = understood
            yield from self._answer(question, narrowed, loads, context, draft, clock, cancel)

    def _understood(
        self, question: Question, narrowed: Narrowed, loads: Loads, clock: Stopwatch, cancel: threading.Event | None
    ) -> Generator[Step, None, tuple[Draft, Context | None] | None]:
        """The draft to compute, and the context by which the llm may repair it; None where the last step is what is
        said instead.
        """
        # With nothing signed every question goes to fields; else what no signed metric answers.
        ad_hoc, only_fields = self.settings.ad_hoc, self.settings.ad_hoc and self._is_unsigned(narrowed)
        refusal = refuse_text(question, clock.times(), narrowed.catalog)
        outside = refusal if ad_hoc and is_moot(refusal, narrowed, self.catalog) else None
        refusal = None if outside else refusal
        # 改成同比 changes the question before, not the data.
        if refusal and not (question.before and edits_question(question.text)):
            yield refusal
            return None
        with clock.measure("define"):
            defined = self.definitions(narrowed, loads).answer(question, clock.times())
        if defined and not (only_fields and may_be_rows(question, defined)):
            yield replace(defined, timings_ms=clock.times())
            return None
        if question.before:
            with clock.measure("follow"):
                followed = self._following_up(narrowed, loads).steps(question, clock.times())
            yield from followed
            if followed:
                # A follow-up is not written anew by the llm: it would not know what was asked before.
                return (followed[-1], None) if isinstance(followed[-1], Draft) else None
        if refusal:
            yield refusal
            return None
        if only_fields or outside:
            over_fields = self._over_fields(question, narrowed, loads, clock, cancel)
            if isinstance(over_fields, Draft):
                yield over_fields
                return over_fields, None
            if said := over_fields or defined if only_fields else outside:
                yield replace(said, timings_ms=clock.times())
                return None
        return (yield from self._over_metrics(question, narrowed, loads, clock, cancel))

    def _over_metrics(
        self, question: Question, narrowed: Narrowed, loads: Loads, clock: Stopwatch, cancel: threading.Event | None
    ) -> Generator[Step, None, tuple[Draft, Context | None] | None]:
        asked = replace(question, text=without_reset(question.text))
        with clock.measure("ground"):
            context = self.grounding(narrowed).ground(asked, loads.last())
        yield context
        asking_back = self._asking_back(narrowed, loads)
        meant = asking_back.meant(question, context, clock.times())
        if isinstance(meant, Clarification):
            yield meant
            return None
        context = meant
        with clock.measure("verify"):
            signed = self.verified(narrowed).find(context, lambda sql: self._compile(sql, narrowed, loads))
        if signed:
            yield signed
            return signed, context
        with clock.measure("write"):
            drafted = self._draft(context, narrowed, clock, cancel=cancel)
        is_sure = drafted is not None and self._is_sure(drafted)
        in_fields: Draft | Clarification | Refusal | None = None
        if self.settings.ad_hoc and not means_signed(context, drafted if is_sure else None, narrowed.catalog):
            in_fields = self._over_fields(question, narrowed, loads, clock, cancel)
            if isinstance(in_fields, Draft):
                yield in_fields
                return in_fields, None
        if drafted is not None and is_sure:
            draft = replace(drafted.draft, carried=tell_begun_anew(question, drafted.draft.semantic_sql))
            yield draft
            return draft, context
        said: Clarification | Refusal
        with clock.measure("ask back"):
            said = asking_back.about(question, context, drafted, clock.times())
        if isinstance(said, Refusal) and isinstance(in_fields, Clarification):
            said = in_fields
        used = drafted.draft.tokens if drafted else None
        yield replace(said, timings_ms=clock.times(), tokens=used or said.tokens)
        return None

    def _is_unsigned(self, narrowed: Narrowed) -> bool:
        return is_unsigned(narrowed) and not self.verified_entries

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

    def _following_up(self, narrowed: Narrowed, loads: Loads) -> FollowingUp:
        return FollowingUp(
            narrowed, self.grounding(narrowed), loads.last(), lambda sql: self._compile(sql, narrowed, loads),
            self._asking_back(narrowed, loads),
        )  # fmt: skip
