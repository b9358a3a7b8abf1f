"""The verdict on one record: its outcome first, then its rows against every gold, then the reason for a miss.

Only results make an answer right. A case whose golds all failed is never judged: that is the case's fault.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from t2sql.errors import ConfigError
from t2sql.evaluation.cases.golds import GoldRun
from t2sql.evaluation.cases.nouns import Case
from t2sql.evaluation.judging.comparing import same_rows
from t2sql.evaluation.judging.reasons import Miss, Written, find_miss
from t2sql.evaluation.judging.row_evidence import Shown
from t2sql.evaluation.judging.verdicts import Reason, Verdict
from t2sql.evaluation.records import Record

TIME_OUT = "timeout"
NOT_ASKED = frozenset(
    {"cancelled", "worker_died", "llm_unavailable", "host_unfit", "config", "retrieval", "access_denied"}
)
"""Codes of errors after which nothing can be said about the question."""


def judge(record: Record | None, case: Case, golds: Sequence[GoldRun]) -> Verdict:
    """The verdict on what came of a case; None is a question that has no record.

    Raises ConfigError when the case needs a gold and none of its golds ran.
    """
    ran = [gold for gold in golds if gold.error is None]
    if golds and not ran:
        error = golds[0].error
        assert error is not None
        raise ConfigError(error.message, error.hint)
    gold = ran[0].text if ran else ""
    if record is None:
        return _wrong(case, "not asked", "there is no record of it", gold)
    if record.get("failed"):
        return _failed(case, record, gold)
    outcome = record["outcome"]
    is_flagged = outcome != "answer"
    if outcome not in case.expected:
        return _wrong(case, _other_end(outcome, case), _told(record), gold, is_flagged=is_flagged)
    if is_flagged or not ran:
        return Verdict(case.asked.id, True, "", "", is_flagged, gold)
    return _compared(record, case, ran)


def _compared(record: Record, case: Case, golds: Sequence[GoldRun]) -> Verdict:
    """An answer against every gold; the one it is nearest to gives the reason."""
    rows, width = record["rows"], len(record["columns"])
    for gold in golds:
        if same_rows(rows, width, gold.rows, gold.width, case.tolerance, gold.ties):
            return Verdict(case.asked.id, True, "", "", False, gold.text)
    mine = _written(record)
    misses = [find_miss(mine, _gold(gold), case.tolerance, is_ordered=case.is_ordered) for gold in golds]
    nearest: Miss = min(misses, key=lambda miss: miss.distance)
    detail = nearest.detail + ("; the row limit cut the answer" if record["truncated"] else "")
    return _wrong(case, nearest.reason, detail, golds[misses.index(nearest)].text)


def _failed(case: Case, record: Record, gold: str) -> Verdict:
    """A record that ended in an error: a clock, the SQL, or what is not the question's fault."""
    code = (record.get("error") or {}).get("code", "")
    reason: Reason = "time-out" if code == TIME_OUT else "not asked" if code in NOT_ASKED else "SQL error"
    return _wrong(case, reason, _told(record), gold)


def _other_end(outcome: str, case: Case) -> Reason:
    """The reason for an outcome that is none of the right ones."""
    if outcome == "answer":
        return "answered although it should refuse"
    if "answer" in case.expected:
        return "refused although answerable"
    return "asked back instead of refusing" if outcome == "clarification" else "refused instead of asking back"


def _told(record: Record) -> str:
    """What the record says of itself, in one line."""
    error: dict[str, Any] = record.get("error") or {}
    text = str(error.get("message") or record.get("semantic_sql") or record.get("physical_sql") or "")
    line = " ".join(text.split())
    return f"{record['outcome']}: {line[:200]}{'…' if len(line) > 200 else ''}"


def _written(record: Record) -> Written:
    sources = record.get("provenance") or ()
    return Written(
        Shown(record["rows"], len(record["columns"])),
        record.get("physical_sql") or "",
        record.get("semantic_sql") or "",
        frozenset(source["metric"] for source in sources),
        frozenset(source["as_of"] for source in sources),
    )


def _gold(gold: GoldRun) -> Written:
    return Written(Shown(gold.rows, gold.width), gold.sql, gold.semantic_sql, gold.metrics, gold.as_of)


def _wrong(case: Case, reason: Reason, detail: str, gold: str, *, is_flagged: bool = False) -> Verdict:
    return Verdict(case.asked.id, False, reason, detail, is_flagged, gold)
