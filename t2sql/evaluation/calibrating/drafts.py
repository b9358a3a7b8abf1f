"""The draft of each case, whether it is answered today or asked back, with what spoke for and against it.

A draft is right when its rows are a gold's. A draft for a question that no number answers is wrong, whatever it says.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from t2sql.agent import Agent
from t2sql.errors import AccessDenied, CertifyError, QueryError
from t2sql.evaluation.cases.files import askable, day_of
from t2sql.evaluation.cases.golds import Golds
from t2sql.evaluation.cases.nouns import Case, CaseFile
from t2sql.evaluation.judging.comparing import same_rows
from t2sql.flow import Context, Question
from t2sql.generation.confidence import Evidence
from t2sql.generation.drafting import Drafted, write_draft
from t2sql.screening import refuse_text


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
        self._agent, self._file, self._golds = agent, file, golds
        known = hashlib.sha256(f"{agent.catalog.fingerprint}|{agent.warehouse.version()}|{file.sha256}".encode())
        self._path = work / f"right_{known.hexdigest()[:20]}.json"
        self._known: dict[str, bool | None] = (
            json.loads(self._path.read_text(encoding="utf-8")) if self._path.is_file() else {}
        )

    def of(self, case: Case, semantic_sql: str) -> bool | None:
        """None for what cannot be computed."""
        key = f"{case.asked.id}|{semantic_sql}"
        if key not in self._known:
            self._known[key] = self._found(case, semantic_sql)
        return self._known[key]

    def keep(self) -> None:
        """Write what is known to disk."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps(self._known, ensure_ascii=False), encoding="utf-8")

    def _found(self, case: Case, semantic_sql: str) -> bool | None:
        agent = self._agent
        try:
            plan = agent.compile(semantic_sql, principal=case.asked.principal or agent.settings.principal)
            if any(agent.warehouse.rows(g.physical, timeout_seconds=30) for g in plan.guards):
                return None
            result = agent.warehouse.run(plan.physical, plan.columns, timeout_seconds=60)
        except (QueryError, CertifyError):
            return None
        runs = [run for run in self._golds.run(case) if run.error is None]
        return any(
            same_rows(result.rows, len(result.columns), run.rows, run.width, case.tolerance, run.ties,
                      exact_whole=case.exact_whole)
            for run in runs
        )  # fmt: skip


def is_measurable(case: Case) -> bool:
    """Whether one can tell a right draft of it from a wrong one, and it stands alone."""
    return not case.asked.conversation and (bool(case.golds) or "answer" not in case.expected)


def contexts(agent: Agent, file: CaseFile, today: date) -> Iterator[tuple[Case, Question, Context]]:
    """The cases that come as far as a draft: what is refused or defined by its text alone has none."""
    loads = agent.loads()
    for case in askable(file):
        if not is_measurable(case):
            continue
        asked, day = case.asked, day_of(file, case, today)
        try:
            question = agent.question(asked.text, principal=asked.principal, today=day, hints=asked.hints)
            narrowed = agent.narrow(question.principal)
        except AccessDenied:
            continue
        if refuse_text(question, {}, narrowed.catalog) or agent.definitions(narrowed, loads).answer(question, {}):
            continue
        yield case, question, agent.grounding(narrowed).ground(question, loads.last())


def draft_cases(
    agent: Agent, file: CaseFile, golds: Golds, *, variant: str, today: date, work: Path
) -> list[DraftedCase]:
    """The draft of each case that comes to one. Raises GenerationError, LlmUnavailable."""
    right = Rightness(agent, file, golds, work)
    found = []
    for case, question, context in contexts(agent, file, today):
        catalog = agent.narrow(question.principal).catalog
        drafted = write_draft(context, catalog, agent.llm)
        if drafted is not None:
            found.append(_row(case, file, variant, drafted, right))
    right.keep()
    return found


def _row(case: Case, file: CaseFile, variant: str, drafted: Drafted, right: Rightness) -> DraftedCase:
    sql = drafted.draft.semantic_sql
    return DraftedCase(
        id=case.asked.id,
        group=f"{file.path.name}:{case.pair or case.asked.id}",
        question=case.asked.text,
        variant=variant,
        category=case.category,
        semantic_sql=sql,
        evidence=drafted.evidence,
        is_right=right.of(case, sql),
        is_ruled_out=not drafted.is_sure(0.0),
    )


def without_repeats(rows: list[DraftedCase]) -> list[DraftedCase]:
    """Each draft once: what a variant changes nothing about counts as the first one's."""
    seen: dict[str, DraftedCase] = {}
    for row in rows:
        key = json.dumps([row.group, row.id, row.semantic_sql, asdict(row.evidence)], sort_keys=True)
        seen.setdefault(key, row)
    return list(seen.values())


