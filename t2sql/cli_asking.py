"""Commands that ask: ask, sql, compile. Steps to stderr as they come, the outcome to stdout, an exit code for each end.

Like cli.py it holds no business rule, and imports what a command needs inside the command.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from t2sql.errors import AccessDenied, Cancelled, QueryError, QuestionError, T2sqlError

if TYPE_CHECKING:
    from t2sql.agent import Agent
    from t2sql.catalog import Language
    from t2sql.cli_speech import Speech
    from t2sql.flow import Outcome, Step
    from t2sql.settings import Settings

USAGE, CLARIFICATION, REFUSAL = 2, 9, 10
REFUSED_QUESTION = {QuestionError.code: QuestionError.exit_code, AccessDenied.code: AccessDenied.exit_code}
"""Codes of refusals that end as their errors do."""
LONGEST_INPUT = 1_000_000

app = typer.Typer(rich_markup_mode=None)

Text = Annotated[str, typer.Argument(help="The text; - reads it from standard input.")]
AsPrincipal = Annotated[
    str, typer.Option("--as", metavar="PRINCIPAL", help="Who asks; only where settings say demo = true.")
]
Today = Annotated[
    datetime | None,
    typer.Option("--today", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The day that 'this month' counts from."),
]
InLanguage = Annotated[
    Literal["zh", "en"] | None, typer.Option("--language", help="Language of the answer; by default the question's.")
]
TimeLimit = Annotated[
    float | None, typer.Option("--timeout", min=0.1, max=3600, help="Seconds that the physical SQL may run.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object instead of text.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="The rows as CSV.")]
Continue = Annotated[
    bool,
    typer.Option("--continue", "-c", help='Follow your question before: "and 2024?", 按产品拆开, "same for deposits".'),
]
Hints = Annotated[
    str, typer.Option("--hints", help="What else the question needs: a definition, a formula, a note.", metavar="TEXT")
]
Exact = Annotated[bool, typer.Option("--exact", help="Every stored digit instead of rounded figures.")]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person typed, read and checked."""

    text: str
    semantic_sql: str | None
    """Semantic SQL to run as it is; None lets the agent write it."""
    settings: Settings
    principal: str
    today: date
    language: Language | None
    """None: the question's own."""
    hints: str = ""
    """What the person adds to the question."""


@app.command()
def ask(
    question: Text,
    as_json: AsJson = False,
    principal: AsPrincipal = "",
    today: Today = None,
    language: InLanguage = None,
    timeout: TimeLimit = None,
    exact: Exact = False,
    is_continued: Continue = False,
    hints: Hints = "",
) -> int:
    """Answer a question, with its proof.

    Prints the table, the question as understood, definitions, both SQLs and timings; while it works, its steps.

    \b
    Example: t2sql ask "Which five branches had the largest deposit balance at the end of 2025?" --json
    """
    text = _read(question)
    with _told(text, as_json):
        asked = replace(_asked(text, None, principal, today, language, timeout), hints=_read(hints))
        outcome = _follow(asked, is_continued=is_continued)
    return _print(outcome, as_json=as_json, is_exact=exact)


@app.command()
def sql(
    semantic_sql: Text,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    principal: AsPrincipal = "",
    today: Today = None,
    language: InLanguage = None,
    timeout: TimeLimit = None,
    exact: Exact = False,
) -> int:
    """Run semantic SQL; no llm takes part.

    \b
    Example: t2sql sql "SELECT branch, npl_ratio FROM bank WHERE month = '2025-12'" --csv
    """
    if as_json and as_csv:
        raise typer.BadParameter("--json and --csv exclude each other.")
    text = _read(semantic_sql)
    with _told(text, as_json):
        outcome = _follow(_asked(text, text, principal, today, language, timeout))
    code = _print(outcome, as_json=as_json, as_csv=as_csv, is_exact=exact)
    # A person who writes semantic SQL gets its mistakes as usage; a question that cannot be answered is refused.
    return USAGE if code == REFUSAL else code


@app.command("compile")
def compile_command(
    semantic_sql: Text,
    as_json: AsJson = False,
    principal: AsPrincipal = "",
    today: Today = None,
    language: InLanguage = None,
) -> int:
    """Show the physical SQL, certified, not run.

    The explanation goes to stderr, so that the SQL can be piped.

    \b
    Example: t2sql compile "SELECT branch, npl_ratio FROM bank WHERE month = '2025-12'"
    """
    from t2sql import cli_answers, cli_speech, documents, explain
    from t2sql.screening import language_of

    asked = _asked(_read(semantic_sql), None, principal, today, language, None)
    spoken = asked.language or language_of(asked.text)
    with cli_speech.Speech(spoken) as speech, closing(_open(asked.settings, speech)) as agent:
        _tell_drift(agent, asked.principal, speech)
        try:
            plan = agent.compile(asked.text, principal=asked.principal, today=asked.today, language=spoken)
        except QueryError as error:
            # The same kind of error, in the language of the semantic SQL.
            raise type(error)(*error.told(spoken)) from None
        narrowed = agent.narrow(asked.principal)
    told = explain.explain(plan, narrowed, spoken)
    if as_json:
        documents.write_json({**documents.plan_keys(plan), "explanation": told}, sys.stdout)
        return 0
    cli_answers.print_plain_sql(plan.physical.sql)
    for line in (told, *(note.zh if spoken == "zh" else note.en for note in plan.notes)):
        speech.say(line)
    return 0


@contextmanager
def _told(text: str, as_json: bool) -> Iterator[None]:
    """With --json an error is a document too, before it goes its way."""
    from t2sql import documents

    try:
        yield
    except T2sqlError as error:
        if as_json:
            documents.write_json(documents.failure_document(text, error), sys.stdout)
        raise


def _asked(
    text: str, semantic_sql: str | None, principal: str, today: datetime | None, language: Language | None,
    timeout: float | None,
) -> Asked:  # fmt: skip
    """Options and settings together. Raises AccessDenied for --as outside a demo."""
    from t2sql import settings

    chosen = settings.load()
    if timeout is not None:
        chosen = chosen.model_copy(update={"timeout_seconds": timeout})
    if principal and not chosen.demo:
        raise AccessDenied(
            "--as works only in a demo.", "Leave --as out, or set demo = true where the data is made up."
        )
    spoken = language or (None if chosen.language == "auto" else chosen.language)
    day = today.date() if today else date.today()
    return Asked(text, semantic_sql, chosen, principal or chosen.principal, day, spoken)


def _follow(asked: Asked, *, is_continued: bool = False) -> Outcome:
    """The agent's last step; those before it are told as they come. `is_continued`: it may follow earlier ones."""
    from t2sql import cli_speech
    from t2sql.agent import MOST_TURNS

    with cli_speech.Speech() as speech, closing(_open(asked.settings, speech)) as agent:
        before = agent.journal.turns(asked.principal, MOST_TURNS) if is_continued else ()
        question = agent.question(
            asked.text, principal=asked.principal, language=asked.language, today=asked.today, before=before,
            hints=asked.hints,
        )  # fmt: skip
        speech.language = question.language
        _tell_drift(agent, asked.principal, speech)
        step: Step = question
        with cli_speech.cancelling() as cancel:
            for step in agent.steps(question, semantic_sql=asked.semantic_sql, cancel=cancel):
                speech.step(step)
            if cancel.is_set():
                raise Cancelled("Cancelled.")
    return cast("Outcome", step)


def _print(outcome: Outcome, *, as_json: bool, is_exact: bool, as_csv: bool = False) -> int:
    """The outcome where it belongs, and its exit code."""
    from t2sql import cli_answers, documents
    from t2sql.cli_speech import tell

    if as_json:
        documents.write_json(documents.outcome_document(outcome), sys.stdout)
    if outcome.outcome == "answer":
        if as_csv:
            cli_answers.write_csv(outcome.result, sys.stdout)
        elif not as_json:
            cli_answers.print_answer(outcome, is_exact=is_exact)
        return 0
    if outcome.outcome == "definition":
        if not as_json:
            cli_answers.print_definition(outcome)
        return 0
    if outcome.outcome == "clarification":
        tell(cli_answers.tell_clarification(outcome))
        return CLARIFICATION
    tell(cli_answers.tell_refusal(outcome))
    return REFUSED_QUESTION.get(outcome.code, REFUSAL)


def _read(text: str) -> str:
    """The argument, or standard input for "-". Raises QuestionError for what is not text or far too long."""
    if text == "-":
        raw = sys.stdin.buffer.read(LONGEST_INPUT + 1)
        if len(raw) > LONGEST_INPUT:
            raise QuestionError(f"Standard input is longer than {LONGEST_INPUT:,} bytes.", "Give a shorter text.")
        text = raw.decode("utf-8", "surrogateescape")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise QuestionError("The text is not UTF-8.", "Save or type it as UTF-8.") from None
    return text


def _open(settings: Settings, speech: Speech) -> Agent:
    from t2sql.opening import open_agent

    return open_agent(settings, progress=speech.progress)


def _tell_drift(agent: Agent, principal: str, speech: Speech) -> None:
    """What is switched off because the database has changed."""
    for note in agent.drift_notes_for(principal):
        speech.say(f"! {note.zh if speech.language == 'zh' else note.en}")
