"""A correction put to the test before anybody signs it: it must compile, run, agree with what is signed already, and be
what the question is answered by when it is asked again.

Nothing is written here. Whoever cannot review cannot try: what others asked is told by it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlglot
from sqlglot import exp

from t2sql.agent import Agent
from t2sql.catalog import GRAINS, Catalog, Place
from t2sql.check_source import values_of
from t2sql.editing.comparing import compare_results
from t2sql.errors import CertifyError, ConfigError, NotKept, QueryError
from t2sql.flow import Answer, Plan, Question
from t2sql.journal import Past
from t2sql.journal.askings import require_review
from t2sql.policy import Narrowed
from t2sql.reviewing.chinese import unfit
from t2sql.reviewing.files import digest_of
from t2sql.reviewing.undated import without_default_period
from t2sql.screening import language_of
from t2sql.verified import FILE_NAME, Entry, check_entries, note_of, read_template, read_verified
from t2sql.verified.refilling import refill
from t2sql.verified.templates import Template
from t2sql.verified.wording import said_in

VALUES_SECONDS = 30.0
MOST_WORDS = 6
_LITTLE = frozenset("a an the of in on at for as is are was were what how which by to and each show me our".split())


@dataclass(frozen=True, slots=True)
class Tested:
    """A correction that stood every test, as it would be signed."""

    past: Past
    """The question, as its person asked it."""
    given: str
    """Semantic SQL as it was handed in."""
    entry: Entry
    """As it will stand in verified.yml, by who tests it; its place is none."""
    answer: Answer
    """The question asked again by its own clock, under the reviewer's rights."""
    checked: int
    """Checked questions that it was set beside."""
    file_sha256: str
    """Of verified.yml as it was then; "" where there was none."""
    unsaid: tuple[str, ...]
    """Conditions and limits, as SQL, that the question does not say: for a person to look at."""


def try_correction(agent: Agent, reviewer: Narrowed, past: Past, semantic_sql: str, today: date) -> Tested:
    """Whether `semantic_sql` can be signed as what `past` asks. Takes seconds.

    Raises AccessDenied for who may not review, NotKept for what fails a test, WarehouseError.
    """
    require_review(reviewer.principal)
    _refuse_unmatched(past)
    question = asked_again(agent, reviewer, past)
    folder = agent.settings.metrics
    digest, entries = digest_of(folder / FILE_NAME), read_verified(folder)
    sql = undated(agent, reviewer, past, semantic_sql.strip())
    first = _ran(agent, question, sql)
    entry = _entry(agent, reviewer, past, sql, today, [one.id for one in entries])
    _refuse_mistakes(agent, reviewer, entries, entry)
    again = _asked(agent, question, entries, entry, first)
    template = read_template(entry, entry.questions[0], reviewer.catalog, agent.grounding(reviewer))
    return Tested(past, semantic_sql, entry, again, len(entries), digest, unsaid_in(template))


def asked_again(agent: Agent, reviewer: Narrowed, past: Past) -> Question:
    """What was asked, by its own clock, as the reviewer's: nobody asked it anew. Raises AccessDenied."""
    require_review(reviewer.principal)
    question = agent.question(
        past.text, principal=reviewer.principal.name, language=past.language, today=past.today, hints=past.hints,
        before=past.before, repeats=past.id,
    )  # fmt: skip
    return replace(question, is_replayed=True)


def _refuse_unmatched(past: Past) -> None:
    if past.before:
        raise NotKept(
            "It follows another question, and a verified question stands alone.",
            "Ask it in full, and correct that answer; or send it on as seen.",
            zh=("这是承接上文的追问，核定问题必须能单独成立。", "请完整提问后再更正，或标为已阅。"),
        )
    if past.hints:
        raise NotKept(
            "A hint was given with it, and a question with a hint is never matched to a verified one.",
            "Ask it without the hint, and correct that answer.",
            zh=("提问时附了提示，带提示的问题不会匹配核定问题。", "请去掉提示重新提问，再更正。"),
        )


def undated(agent: Agent, reviewer: Narrowed, past: Past, semantic_sql: str) -> str:
    """Semantic SQL without the default period, where what `past` asks names none either."""
    said = said_in(agent.grounding(reviewer).ground(Question(past.text, "", past.today, language_of(past.text)), None))
    if said.periods:
        return semantic_sql

    def compiles(text: str) -> Plan:
        return agent.compile(text, principal=reviewer.principal.name)

    return without_default_period(semantic_sql, compiles, reviewer.catalog.fiscal_year_start)


def _ran(agent: Agent, question: Question, semantic_sql: str) -> Answer:
    """What the correction gives. Raises NotKept where it gives none."""
    try:
        agent.compile(semantic_sql, principal=question.principal, today=question.today)
    except (QueryError, CertifyError) as error:
        raise unfit(error) from error
    outcome = agent.ask(question, semantic_sql=semantic_sql)
    if isinstance(outcome, Answer):
        return outcome
    told = outcome.text
    raise NotKept(f"It cannot be run: {told}", "Edit the semantic SQL.", zh=(f"无法运行：{told}", "请编辑语义 SQL。"))


def _entry(agent: Agent, reviewer: Narrowed, past: Past, sql: str, today: date, taken: Sequence[str]) -> Entry:
    """The entry, its own relative periods by `today`, which is the day it is signed. Raises NotKept."""
    catalog, grounding = reviewer.catalog, agent.grounding(reviewer)
    signs = signature([(reviewer.principal.display.zh, reviewer.principal.display.en)])
    text = " ".join(past.text.split())
    name = fresh_id(text, sql, catalog, taken)
    entry = Entry(name, (text,), sql, signs, today, "", Place("", 0))
    try:
        read_template(entry, text, catalog, grounding)
        return entry
    except ConfigError as error:
        if past.today == today:
            raise unfit(error) from error
    try:
        # 上月 was another month when it was asked: the semantic SQL is moved to what the words mean today.
        template = read_template(replace(entry, verified_on=past.today), text, catalog, grounding)
        now = said_in(grounding.ground(Question(text, "", today, language_of(text)), None))
        moved = refill(template, now, catalog.fiscal_year_start)
        if moved is None:
            raise ConfigError("The period that the question means cannot be moved to today.")
        entry = replace(entry, semantic_sql=moved)
        read_template(entry, text, catalog, grounding)
    except ConfigError as error:
        raise unfit(error) from error
    return entry


def _refuse_mistakes(agent: Agent, reviewer: Narrowed, entries: Sequence[Entry], entry: Entry) -> None:
    """Raises NotKept for what `check` would tell of the entry beside the others."""
    values = values_of(reviewer, agent.warehouse, VALUES_SECONDS)
    for error in check_entries([*_likely(agent, reviewer, entries, entry), entry], reviewer, values):
        if f"verified question {entry.id!r}" in error.message:
            raise unfit(error)


def _likely(agent: Agent, reviewer: Narrowed, entries: Sequence[Entry], entry: Entry) -> list[Entry]:
    """Those that may say the same: their semantic SQL has a metric that the question names, or none at all."""
    catalog, text = reviewer.catalog, entry.questions[0]
    context = agent.grounding(reviewer).ground(Question(text, "", entry.verified_on, language_of(text)), None)
    asked = {mention.name for mention in context.metrics} | set(_names(entry.semantic_sql, catalog))

    def is_likely(other: Entry) -> bool:
        metrics = set(_names(other.semantic_sql, catalog)) & set(catalog.metrics)
        return not metrics or bool(metrics & asked)

    return [other for other in entries if is_likely(other)]


def _asked(agent: Agent, question: Question, entries: Sequence[Entry], entry: Entry, first: Answer) -> Answer:
    """The question asked again as if the entry were signed. Raises NotKept unless that answers, with the same rows."""
    signed = agent.with_verified(entries).ask(question)
    if isinstance(signed, Answer) and signed.draft.route == "verified":
        raise NotKept(
            "It is answered by a verified question already.",
            "Decline it with a note, or correct that entry in verified.yml.",
            zh=("它已由核定问题回答。", "请附说明退回，或在 verified.yml 中改正该条目。"),
        )
    outcome = agent.with_verified([*entries, entry]).ask(question)
    if not isinstance(outcome, Answer):
        raise NotKept(
            f"Asked again, it does not come to a verified answer: {outcome.text}",
            "Word the question so that nothing of it is left open, or add a synonym first.",
            zh=(f"再次提问时仍没有走核定路径：{outcome.text}", "请先加同义词，或把问题问得更明确。"),
        )
    if outcome.draft.route != "verified" or outcome.draft.verified != note_of(entry):
        raise NotKept(
            "Asked again, it is not answered by this verified question.",
            "Leave out words that say nothing, or add a synonym for those that nothing explains.",
            zh=("再次提问时没有用到这条核定问题。", "请为不认识的词加同义词，或简化问法。"),
        )
    if not compare_results(first.result, outcome.result).is_same:
        raise NotKept(
            "Asked again, it gives other rows than the correction.",
            "Edit the semantic SQL; look at its periods first.",
            zh=("再次提问得到的结果与更正不同。", "请编辑语义 SQL，先检查期间。"),
        )
    return outcome


def unsaid_in(template: Template) -> tuple[str, ...]:
    """Conditions and limits that hold for everybody who asks so: neither a slot of the question, nor time."""
    filled = {place for value in template.values for place in value.nodes}
    filled |= {place for number in (*template.limits, *template.thresholds) for place, _, _ in number.nodes}
    found: dict[str, None] = {}
    for place, node in enumerate(template.tree.walk()):
        fixed = node.find_ancestor(exp.Limit, exp.Predicate) if isinstance(node, exp.Literal) else None
        if fixed is not None and place not in filled and not any(c.name in GRAINS for c in fixed.find_all(exp.Column)):
            found[fixed.sql("duckdb", normalize_functions=False).strip()] = None
    return tuple(found)


def signature(names: Sequence[tuple[str, str]]) -> str:
    """Who signed, in both languages: 指标负责人 / Definitions owner."""
    zh, en = "、".join(dict.fromkeys(name for name, _ in names)), ", ".join(dict.fromkeys(name for _, name in names))
    return zh if zh == en else f"{zh} / {en}"


def fresh_id(text: str, semantic_sql: str, catalog: Catalog, taken: Sequence[str]) -> str:
    """A name for the entry, of the question's words or, where those are Chinese, of the names it asks for."""
    words = [word for word in re.findall(r"[a-z0-9]+", text.lower()) if word not in _LITTLE]
    if language_of(text) == "zh":
        words = [name.replace("_", "-") for name in _names(semantic_sql, catalog)]
    name = "-".join(words[:MOST_WORDS]) or "question"
    free = (f"{name}-{number}" if number > 1 else name for number in range(1, len(taken) + 2))
    return next(one for one in free if one not in taken)


def _names(semantic_sql: str, catalog: Catalog) -> list[str]:
    """Metrics, then dimensions, in the order written."""
    try:
        tree = sqlglot.parse_one(semantic_sql, read="duckdb")
    except sqlglot.errors.SqlglotError:
        return []
    found = dict.fromkeys(column.name for column in tree.find_all(exp.Column))
    return [n for n in found if n in catalog.metrics] + [n for n in found if n in catalog.dimensions]
