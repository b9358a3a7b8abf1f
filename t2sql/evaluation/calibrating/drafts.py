"""The draft of each case, whether it is answered today or asked back, with what spoke for and against it.

A draft is right when its rows are a gold's. A draft for a question that no number answers is wrong, whatever it says.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from t2sql.agent import Agent
from t2sql.asking_back import AskingBack
from t2sql.catalog import Catalog
from t2sql.compiler import compile_sql
from t2sql.errors import AccessDenied, CertifyError, QueryError, UnknownName
from t2sql.evaluation.cases.files import askable, day_of
from t2sql.evaluation.cases.golds import Golds
from t2sql.evaluation.cases.nouns import Case, CaseFile
from t2sql.evaluation.judging.comparing import same_rows
from t2sql.flow import Clarification, Context
from t2sql.generation.confidence import Evidence
from t2sql.generation.drafting import write_draft
from t2sql.generation.llm import Llm
from t2sql.screening import refuse_text

SECONDS = 60.0
"""Longest time one draft may run."""
BARELY = 1e-9


@dataclass(frozen=True, slots=True)
class DraftedCase:
    """One draft of one case."""

    id: str
    group: str
    """Cases with the same text here ask the same thing."""
    question: str
    variant: str
    category: str
    semantic_sql: str
    evidence: Evidence
    is_right: bool | None
    """None: it cannot be computed, so it is never shown."""
    is_ruled_out: bool
    """A rule holds it back, however likely it is."""


class Rightness:
    """Whether semantic SQL is right for a case, kept on disk: golds and drafts run once."""

    def __init__(self, agent: Agent, file: CaseFile, golds: Golds, work: Path) -> None:
        """`agent`: whose definitions and rights the drafts are compiled by."""
        self._agent, self._golds = agent, golds
        known = hashlib.sha256(f"{agent.catalog.fingerprint}|{agent.warehouse.version()}|{file.sha256}".encode())
        self._path = work / f"right_{known.hexdigest()[:20]}.json"
        self._known: dict[str, bool | None] = (
            json.loads(self._path.read_text(encoding="utf-8")) if self._path.is_file() else {}
        )

    def of(self, case: Case, semantic_sql: str, other: Agent | None = None) -> bool | None:
        """None for what cannot be computed. `other`: whose definitions tell what the agent's own do not name."""
        key = f"{case.asked.id}|{semantic_sql}"
        if key not in self._known:
            try:
                self._known[key] = self._found(case, semantic_sql, self._agent)
            except UnknownName:
                self._known[key] = self._by_other(case, semantic_sql, other)
        return self._known[key]

    def keep(self) -> None:
        """Write what is known to disk."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps(self._known, ensure_ascii=False), encoding="utf-8")

    def _by_other(self, case: Case, semantic_sql: str, other: Agent | None) -> bool | None:
        try:
            return None if other is None else self._found(case, semantic_sql, other)
        except UnknownName:
            return None

    def _found(self, case: Case, semantic_sql: str, agent: Agent) -> bool | None:
        try:
            plan = agent.compile(semantic_sql, principal=case.asked.principal or agent.settings.principal)
            if any(agent.warehouse.rows(guard.physical, timeout_seconds=SECONDS) for guard in plan.guards):
                return None
            result = agent.warehouse.run(plan.physical, plan.columns, timeout_seconds=SECONDS)
        except UnknownName:
            raise
        except (QueryError, CertifyError):
            return None
        rows, width = result.rows, len(result.columns)
        return any(
            same_rows(rows, width, gold.rows, gold.width, case.tolerance, gold.ties, exact_whole=case.exact_whole)
            for gold in self._golds.run(case)
            if gold.error is None
        )


def is_measurable(case: Case) -> bool:
    """Whether one can tell a right draft of it from a wrong one, and it stands alone."""
    return not case.asked.conversation and (bool(case.golds) or "answer" not in case.expected)


@dataclass(frozen=True, slots=True)
class Grounded:
    """A case that comes as far as a draft, and what was understood of it."""

    case: Case
    context: Context
    catalog: Catalog
    """As its principal may know it."""


def ground_cases(agent: Agent, file: CaseFile, today: date) -> Iterator[Grounded]:
    """What is understood of each case that comes to a draft."""
    for case in askable(file):
        if is_measurable(case) and (found := ground_case(agent, case, day_of(file, case, today))):
            yield found


def ground_case(agent: Agent, case: Case, day: date) -> Grounded | None:
    """What is understood of one case; None for what is refused or defined by its text alone, or asked back because a
    name is borne by several things.
    """
    asked, loads = case.asked, agent.loads()
    try:
        question = agent.question(asked.text, principal=asked.principal, today=day, hints=asked.hints)
        narrowed = agent.narrow(question.principal)
    except AccessDenied:
        return None
    if refuse_text(question, {}, narrowed.catalog) or agent.definitions(narrowed, loads).answer(question, {}):
        return None
    grounding = agent.grounding(narrowed)
    asking_back = AskingBack(narrowed, grounding, lambda sql: compile_sql(sql, narrowed, loads))
    meant = asking_back.meant(question, grounding.ground(question, loads.last()), {})
    return None if isinstance(meant, Clarification) else Grounded(case, meant, narrowed.catalog)


def draft_case(
    found: Grounded, variant: str, llm: Callable[[], Llm], right: Rightness, agent: Agent
) -> DraftedCase | None:
    """The draft of one case, written however unlikely it is; None where nothing can be read. The llm is not asked for
    what a rule holds back whatever it says. `agent`: whose context it is. Raises GenerationError, LlmUnavailable.
    """
    drafted = write_draft(found.context, found.catalog, llm, least=BARELY)
    if drafted is None:
        return None
    case, sql = found.case, drafted.draft.semantic_sql
    return DraftedCase(
        id=case.asked.id,
        group=case.pair or case.asked.id,
        question=case.asked.text,
        variant=variant,
        category=case.category,
        semantic_sql=sql,
        evidence=drafted.evidence,
        is_right=right.of(case, sql, agent),
        is_ruled_out=drafted.is_ruled_out,
    )


def without_repeats(rows: Iterable[DraftedCase]) -> list[DraftedCase]:
    """Each draft once: what a variant changes nothing about counts as the first one's."""
    found: dict[str, DraftedCase] = {}
    for row in rows:
        key = json.dumps([row.group, row.id, row.semantic_sql, asdict(row.evidence)], sort_keys=True)
        found.setdefault(key, row)
    return list(found.values())
