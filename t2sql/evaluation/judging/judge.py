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
NO_RIGHTS = "access_denied"
SQL_ERRORS = frozenset({"warehouse", "certify", "query", "refused_syntax", "unknown_name", "not_computable"})
"""Codes of errors that the answer's own SQL ended in."""
OWN_FAILURES = frozenset({"generation", "defect", "worker_died"})
"""Codes of errors that this question brought about. After any other nothing was measured: access_denied,
llm_unavailable, config, host_unfit, retrieval, cancelled, warehouse_unavailable.
"""
REASONS: dict[str, Reason] = {
    TIME_OUT: "time-out",
    **{code: "SQL error" for code in SQL_ERRORS},
    **{code: "failed" for code in OWN_FAILURES},
}


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
    if outcome == "refusal" and "refusal" not in case.expected and _code(record) == NO_RIGHTS:
        return _wrong(case, "not asked", _told(record), gold)
    is_flagged = outcome != "answer"
    if outcome not in case.expected:
        return _wrong(case, _other_end(outcome, case), _told(record), gold, is_flagged=is_flagged)
    if outcome == "definition" and case.expected == {"definition"} and (differs := _defines_other(record, case)):
        return _wrong(case, "wrong definition", differs, gold, is_flagged=is_flagged)
    if is_flagged or not ran:
        return Verdict(case.asked.id, True, "", "", is_flagged, gold)
    return _compared(record, case, ran)


def _compared(record: Record, case: Case, golds: Sequence[GoldRun]) -> Verdict:
    """An answer against every gold; the one it is nearest to gives the reason."""
    rows, width = record["rows"], len(record["columns"])
    for gold in golds:
        if _matches(rows, width, gold, case):
            return Verdict(case.asked.id, True, "", "", False, gold.text)
    mine = _written(record)
    misses = [
        find_miss(mine, _gold(gold), case.tolerance, is_ordered=case.is_ordered, exact_whole=case.exact_whole)
        for gold in golds
    ]
    nearest: Miss = min(misses, key=lambda miss: miss.distance)
    detail = nearest.detail + ("; the row limit cut the answer" if record.get("truncated") else "")
    return _wrong(case, nearest.reason, detail, golds[misses.index(nearest)].text)


def is_same(found: GoldRun, gold: GoldRun, case: Case) -> bool:
    """Whether what was run gives the rows of a gold; neither where one of them failed."""
    return found.error is None and gold.error is None and _matches(found.rows, found.width, gold, case)


def _matches(rows: Sequence[Sequence[Any]], width: int, gold: GoldRun, case: Case) -> bool:
    return same_rows(rows, width, gold.rows, gold.width, case.tolerance, gold.ties, exact_whole=case.exact_whole)


def _failed(case: Case, record: Record, gold: str) -> Verdict:
    """A record that ended in an error: a clock, the SQL, the program, or what is not the question's fault."""
    return _wrong(case, REASONS.get(_code(record), "not asked"), _told(record), gold)


def _code(record: Record) -> str:
    return str((record.get("error") or {}).get("code", ""))


def _other_end(outcome: str, case: Case) -> Reason:
    """The reason for an outcome that is none of the right ones."""
    if case.expected == {"definition"}:
        return "not defined"
    if outcome == "definition":
        return "defined instead of answering"
    if outcome == "answer":
        return "answered although it should refuse"
    if "answer" in case.expected:
        return "refused although answerable"
    return "asked back instead of refusing" if outcome == "clarification" else "refused instead of asking back"


def _defines_other(record: Record, case: Case) -> str:
    """How the names that a definition shows differ from those of the case; "" where they are the same."""
    shown = {str(one["name"]) for one in record.get("definitions") or ()}
    if shown == case.defined and (shown or record.get("topics")):
        return ""
    said = [", ".join(sorted(names)) or "what can be asked" for names in (shown, case.defined)]
    return f"shows {said[0]}; meant is {said[1]}"


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
