"""Reports made for tests: results drawn from a seed, every figure of which a test can work out again."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from t2sql.evaluation.reports.report import CaseResult, MadeOf, Report

MADE_OF: dict[str, Any] = {
    "t2sql_version": "0.1.0",
    "cases": "bank_first.yml",
    "cases_sha256": "c" * 64,
    "llm": "qwen2.5-coder-1.5b",
    "llm_sha256": "a" * 64,
    "prompt_sha256": "b" * 64,
    "grammar_sha256": "d" * 64,
    "catalog_fingerprint": "e" * 64,
    "data_fingerprint": "f" * 64,
    "settings": {"row_limit": 100_000, "timeout_seconds": 30.0, "threads": 2},
    "clock": "2026-07-10",
    "principal": "hq",
    "seed": 7,
    "machine": "2 cores",
}
DRAWN_CATEGORIES = ("number", "ranking", "series", "比率", "share")
DRAWN_SQL = "SELECT branch, npl_ratio FROM bank WHERE month = '2025-12' ORDER BY npl_ratio DESC LIMIT 5"
DRAWN_PHYSICAL = (
    "SELECT\n  b.branch_name AS branch,\n  SUM(CASE WHEN s.risk_class IN ('次级', '可疑', '损失') THEN s.balance END)\n"
    "    / NULLIF(SUM(s.balance), 0) AS npl_ratio\nFROM loan_snapshot AS s\nLEFT JOIN branch AS b USING (branch_code)\n"
    "GROUP BY 1\nORDER BY 2 DESC NULLS LAST\nLIMIT 5"
)


def made_of(**changes: Any) -> MadeOf:
    """What a report was made of, with changes."""
    return MadeOf(**{**MADE_OF, **changes})


def result(name: str = "q1", **changes: Any) -> CaseResult:
    """A right answer, with changes; `outcome`, `is_right` and `reason` decide the flags."""
    known: dict[str, Any] = {
        "id": name, "question": f"question {name}", "language": "en", "category": "", "difficulty": "", "pair": "",
        "principal": "hq", "outcome": "answer", "route": "composed", "confidence": None, "is_right": True,
        "reason": "", "detail": "", "semantic_sql": "", "physical_sql": "", "gold": "", "told": "",
        "milliseconds": 50.0, "prompt_tokens": 0, "completion_tokens": 0,
    } | changes  # fmt: skip
    if known["reason"] and "is_right" not in changes:
        known["is_right"] = False
    known["is_flagged"] = known["outcome"] in ("clarification", "refusal")
    passed_over = ("SQL error", "time-out", "not asked")
    known["is_silent"] = not known["is_right"] and not known["is_flagged"] and known["reason"] not in passed_over
    return CaseResult(**known)


def wrong(name: str, reason: str = "wrong values", **changes: Any) -> CaseResult:
    """A silent error."""
    return result(name, reason=reason, **changes)


def refused(name: str, **changes: Any) -> CaseResult:
    """A flagged miss."""
    return result(name, outcome="refusal", route="refused", reason="refused although answerable", **changes)


def failed(name: str, reason: str = "time-out", **changes: Any) -> CaseResult:
    """A case that ended in a failure, or was not asked."""
    return result(name, outcome="failure", route="", reason=reason, **changes)


def report(results: Sequence[CaseResult], **changes: Any) -> Report:
    """A report over `results`, all of them asked now; changes are of MadeOf, or of the measures."""
    measures = {key: changes.pop(key) for key in ("wall_seconds", "cpu_seconds", "asked_now") if key in changes}
    asked = sum(r.reason != "not asked" for r in results)
    return Report(
        made_at=datetime(2026, 7, 10, 22, 30, tzinfo=UTC),
        made_of=made_of(**changes),
        results=list(results),
        **{"wall_seconds": 20.0, "cpu_seconds": 21.0, "asked_now": asked, **measures},
    )


def drawn(cases: int = 60, seed: int = 1, accuracy: float = 0.8) -> Report:
    """A report as they look: both languages in pairs, all routes, all ends."""
    draws = random.Random(seed)
    reasons = ("wrong period", "wrong filter", "wrong metric", "missing rows", "wrong unit or scale")
    results = []
    for i in range(cases):
        language = ("zh", "en")[i % 2]
        asked = (
            f"2025年12月第{i}个问题：各分行的不良贷款率是多少？"
            if language == "zh"
            else f"NPL ratio by branch, question {i}?"
        )
        is_generated = draws.random() < 0.5
        known: dict[str, Any] = {
            "question": asked, "language": language, "category": DRAWN_CATEGORIES[i % 5], "pair": f"p{i // 2}",
            "difficulty": ("easy", "medium", "hard")[i % 3], "semantic_sql": DRAWN_SQL, "physical_sql": DRAWN_PHYSICAL,
            "gold": DRAWN_PHYSICAL, "told": "2025年12月末按分行统计的不良贷款率，取最高的5个分行。",
            "milliseconds": draws.lognormvariate(6.5 if is_generated else 3.5, 0.6),
            "prompt_tokens": 80 if is_generated else 0, "completion_tokens": 30 if is_generated else 0,
            "route": "generated" if is_generated else "composed",
            "confidence": draws.betavariate(5, 1.5) if is_generated else None,
        }  # fmt: skip
        chance = draws.random()
        if chance < accuracy:
            results.append(result(f"q-{i:02}", **known))
        elif chance < accuracy + (1 - accuracy) / 2:
            results.append(wrong(f"q-{i:02}", draws.choice(reasons), detail="row 1: 0.0123, gold 0.0125", **known))
        elif chance < accuracy + (1 - accuracy) * 0.9:
            results.append(_refused(i, known))
        else:
            results.append(failed(f"q-{i:02}", **{k: v for k, v in known.items() if k not in ("route", "confidence")}))
    return report(results)


def _refused(i: int, known: dict[str, Any]) -> CaseResult:
    kept = {
        key: value for key, value in known.items() if key not in ("route", "confidence", "semantic_sql", "physical_sql")
    }
    return refused(f"q-{i:02}", **(kept | {"told": "不认识“普惠小微”。 → 可问：不良贷款率、贷款余额。"}))
