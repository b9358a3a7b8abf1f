"""Runs the golds of cases, and plain SQL predictions in the same way.

Raw SQL runs on a locked, read-only connection with the clock stopped at the case's day; semantic SQL compiles as the
case's principal. A gold that fails says where it stands; it never counts as an empty result.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from t2sql.agent import Agent
from t2sql.documents import failure_document
from t2sql.errors import Cancelled, ConfigError, QueryError, T2sqlError, WarehouseError
from t2sql.evaluation.batch.recording import record_of
from t2sql.evaluation.cases.files import day_of, place
from t2sql.evaluation.cases.nouns import Case, CaseFile, Gold
from t2sql.evaluation.cases.raw_sql import OrderKeys, key_values, order_keys, read_raw
from t2sql.evaluation.judging.cells import comparable
from t2sql.evaluation.records import Record
from t2sql.screening import language_of
from t2sql.warehouse.raw_duckdb import RawDuckDb, RawRows

TIMEOUT_SECONDS = 60.0
ROW_LIMIT = 200_000


@dataclass(frozen=True, slots=True)
class GoldRun:
    """What one gold gave."""

    gold: Gold
    rows: tuple[tuple[Any, ...], ...] = ()
    width: int = 0
    """Columns, 0 where the gold failed."""
    sql: str = ""
    """The physical SQL that ran, the clock stopped; "" for literal rows."""
    semantic_sql: str = ""
    """As the compiler writes it back; "" unless the gold is semantic SQL."""
    metrics: frozenset[str] = frozenset()
    """Names of the metrics that semantic SQL reads."""
    as_of: frozenset[str] = frozenset()
    """The days that semantic SQL reads, as provenance tells them."""
    ties: tuple[int, ...] = ()
    """For an ordered case: per row the number of its place; rows with equal order keys share one."""
    error: T2sqlError | None = None
    """Why there are no rows, with file and line; None where it ran."""

    @property
    def text(self) -> str:
        """The gold as SQL, "" where it is literal rows."""
        return self.gold.text


class Golds:
    """Runs golds of one file. A context: it keeps databases open. Safe to use from several threads."""

    def __init__(
        self,
        file: CaseFile,
        *,
        agent: Agent | None,
        today: date,
        source: Path | None = None,
        memory_limit: str = "2GB",
        threads: int | None = None,
        timeout_seconds: float = TIMEOUT_SECONDS,
        row_limit: int = ROW_LIMIT,
    ) -> None:
        """`agent`: compiles and runs semantic SQL; None where no gold needs it. `source`: the DuckDB file of raw SQL
        where a case names none. `memory_limit`, `threads`: those of whatever else has that file open in this process.
        """
        self.file = file
        self._agent, self._today, self._source = agent, today, source
        self._memory_limit, self._threads = memory_limit, threads
        self._timeout_seconds, self._row_limit = timeout_seconds, row_limit
        self._open: dict[Path, RawDuckDb] = {}
        self._turn = threading.Lock()

    def __enter__(self) -> Golds:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let every database go."""
        with self._turn:
            for opened in self._open.values():
                opened.close()
            self._open.clear()

    def run(self, case: Case, *, cancel: threading.Event | None = None) -> tuple[GoldRun, ...]:
        """What each gold of the case gives, in their order. Raises Cancelled; any other error stands in its GoldRun."""
        return tuple(self._run(case, gold, cancel) for gold in case.golds)

    def offered(self, case: Case, semantic_sql: str, *, cancel: threading.Event | None = None) -> GoldRun:
        """What a reading that was offered for the case would give. Raises Cancelled; any other error stands in it."""
        return self._run(case, Gold("semantic_sql", semantic_sql), cancel)

    def record_of(self, case: Case, sql: str, *, cancel: threading.Event | None = None) -> Record:
        """A plain SQL prediction run over the case's database, as the record of an answer or of a failure; "" is the
        failure "no SQL".
        """
        if not sql.strip():
            return prediction_record(case, "", RawRows((), 0), QueryError("no SQL", "Write one SELECT."))
        return prediction_record(case, sql, *self._tried(case, sql, cancel))

    def _tried(self, case: Case, sql: str, cancel: threading.Event | None) -> tuple[RawRows, T2sqlError | None]:
        try:
            raw = read_raw(sql, day_of(self.file, case, self._today))
            return self._rows(case, raw.text, cancel), None
        except Cancelled:
            raise
        except T2sqlError as error:
            return RawRows((), 0), error

    def _run(self, case: Case, gold: Gold, cancel: threading.Event | None) -> GoldRun:
        try:
            if gold.kind == "rows":
                width = len(gold.rows[0]) if gold.rows else 0
                return GoldRun(gold, gold.rows, width, ties=_strict(gold.rows) if case.is_ordered else ())
            run = self._raw if gold.kind == "sql" else self._semantic
            return run(case, gold, cancel)
        except Cancelled:
            raise
        except T2sqlError as error:
            where = f"{place(self.file, case)}: the gold of {case.asked.id!r} fails: "
            return GoldRun(gold, error=ConfigError(where + error.message, error.hint or "Correct the gold."))

    def _raw(self, case: Case, gold: Gold, cancel: threading.Event | None) -> GoldRun:
        raw = read_raw(gold.text, day_of(self.file, case, self._today))
        ties: tuple[int, ...] = ()
        if case.is_ordered:
            keys = order_keys(raw.tree)
            if keys.keyed and (found := self._keyed(case, keys, cancel)):
                return GoldRun(gold, *found[0], sql=raw.text, ties=found[1])
        rows = self._rows(case, raw.text, cancel)
        if case.is_ordered:
            ties = _ties(rows.rows, () if keys.keyed else keys.positions)
        return GoldRun(gold, rows.rows, rows.width, raw.text, ties=ties)

    def _keyed(
        self, case: Case, keys: OrderKeys, cancel: threading.Event | None
    ) -> tuple[tuple[tuple[tuple[Any, ...], ...], int], tuple[int, ...]] | None:
        """Rows and places of a gold ordered by what it does not show; None where the keys cannot be shown."""
        hidden = sum(position < 0 for position in keys.positions)
        try:
            wider = self._rows(case, keys.keyed, cancel)
        except WarehouseError:
            return None
        width = wider.width - hidden
        return (tuple(row[:width] for row in wider.rows), width), _ties(wider.rows, keys.positions)

    def _semantic(self, case: Case, gold: Gold, cancel: threading.Event | None) -> GoldRun:
        if self._agent is None:
            raise QueryError("Semantic SQL needs an installation.", "Name one with --metrics and --source.")
        if case.database is not None:
            raise QueryError("Semantic SQL runs over the installation's own source.", "Leave `database` out.")
        agent, day = self._agent, day_of(self.file, case, self._today)
        plan = agent.compile(gold.text, principal=case.asked.principal, today=day)
        for guard in plan.guards:
            if found := agent.warehouse.rows(guard.physical, timeout_seconds=self._timeout_seconds, cancel=cancel):
                raise QueryError(guard.message.format(found[0][0]), guard.hint)
        result = agent.warehouse.run(plan.physical, plan.columns, timeout_seconds=self._timeout_seconds, cancel=cancel)
        if result.truncated:
            raise QueryError("The row limit cuts the result.", "Raise `row_limit` in the settings, or ask for less.")
        ties = _ties(result.rows, _semantic_positions(plan.semantic_sql)) if case.is_ordered else ()
        return GoldRun(
            gold, result.rows, len(result.columns), plan.physical.sql, plan.semantic_sql,
            frozenset(p.metric for p in plan.provenance), frozenset(p.as_of for p in plan.provenance), ties,
        )  # fmt: skip

    def _rows(self, case: Case, sql: str, cancel: threading.Event | None) -> RawRows:
        database = case.database or self._source
        if database is None:
            raise QueryError("Raw SQL needs a database.", "Name one: `database` in the case, or --source.")
        with self._turn:
            if database not in self._open:
                self._open[database] = RawDuckDb(database, memory_limit=self._memory_limit, threads=self._threads)
            opened = self._open[database]
        return opened.run(sql, timeout_seconds=self._timeout_seconds, row_limit=self._row_limit, cancel=cancel)


def prediction_record(case: Case, sql: str, rows: RawRows, error: T2sqlError | None) -> Record:
    """A prediction under the keys of any record."""
    document = dict(failure_document(case.asked.text, error or T2sqlError("")))
    if error is None:
        columns = [{"name": str(i), "type": "", "unit": "", "metric": ""} for i in range(1, rows.width + 1)]
        document |= {"outcome": "answer", "route": None, "columns": columns, "rows": rows.rows, "error": None}
    document |= {"physical_sql": sql, "dialect": "duckdb"}
    language = case.asked.language or language_of(case.asked.text)
    return record_of(case.asked, document, language, case.asked.principal, failed=error is not None)


def _semantic_positions(semantic_sql: str) -> tuple[int, ...]:
    """Columns that semantic SQL orders by; () where it orders by what it does not show."""
    try:
        tree = sqlglot.parse_one(semantic_sql, read="duckdb")
    except SqlglotError:
        return ()
    keys = order_keys(tree) if isinstance(tree, exp.Query) else OrderKeys((), "")
    return () if keys.keyed else keys.positions


def _ties(rows: Sequence[Sequence[Any]], positions: Sequence[int]) -> tuple[int, ...]:
    """Places of rows: those with equal keys share one; each row its own where no key is known."""
    if not positions:
        return _strict(rows)
    places: list[int] = []
    before: tuple[Any, ...] | None = None
    for key in key_values(rows, positions):
        values = tuple(comparable(value) for value in key)
        places.append((places[-1] if places else 0) + (before is not None and values != before))
        before = values
    return tuple(places)


def _strict(rows: Sequence[Sequence[Any]]) -> tuple[int, ...]:
    return tuple(range(len(rows)))
