"""Records of batches made for tests: every key that a batch writes, and values that a spreadsheet would run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from t2sql.evaluation.batch.record_files import RecordFile
from t2sql.evaluation.batch.recording import line_of, told
from t2sql.evaluation.records import Record

MADE_OF = {"clock": "2026-07-10", "principal": "hq"}
COLUMNS = [
    {"name": "branch", "type": "text", "unit": "", "metric": ""},
    {"name": "day", "type": "date", "unit": "", "metric": ""},
    {"name": "loan_balance", "type": "number", "unit": "CNY", "metric": "loan_balance"},
]


def record(name: str, **keys: Any) -> Record:
    """A record with every key, as batch writes them."""
    empty = {
        "id": name, "question": f"question {name}", "outcome": "answer", "route": "composed", "confidence": 1.0,
        "semantic_sql": "SELECT 1", "physical_sql": "SELECT 1", "dialect": "duckdb", "columns": COLUMNS, "rows": [],
        "truncated": False, "explanation": "e", "provenance": [], "notes": [], "timings_ms": {"total": 1.5},
        "tokens": {"prompt": 0, "cached": 0, "completion": 0}, "error": None, "principal": "hq", "language": "en",
        "conversation": "", "hints": "", "failed": False, "readings": [], "headings": [], "duplicate_of": None,
    }  # fmt: skip
    return {**empty, **keys}


def failed(name: str, code: str) -> Record:
    """A question that ended in an error."""
    error = {"code": code, "message": "m", "hint": "h"}
    return record(name, outcome="refusal", route="refused", failed=True, error=error)


def keep(kept: RecordFile, *records: Mapping[str, Any]) -> None:
    """Keep them as a batch does."""
    for one in records:
        kept.keep(line_of(one), told(one))


def opened(path: Path, *, resume: bool = False, **other: str) -> RecordFile:
    """A file of records in the folder `path`."""
    return RecordFile.open(path / "out.jsonl.partial", MADE_OF | other, resume=resume)


EVIL = ['=HYPERLINK("http://x")', "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1"]
