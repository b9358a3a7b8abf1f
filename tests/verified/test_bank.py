"""The demo bank's own checked questions: whole, used for their own words, and right by SQL over the raw tables."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from t2sql.agent import Agent
from t2sql.flow import Certified
from t2sql.verified import Entry, VerifiedQuestions, read_verified

from row_sets import difference

METRICS = Path(__file__).parent.parent.parent / "metrics" / "bank"
ENTRIES = read_verified(METRICS)
CLOCK = date(2026, 7, 15)
LOANS = """SELECT b.region_name AS r, b.tier1_name AS n, SUM(l.balance * f.rate_to_cny) AS v FROM loan_snapshot l
JOIN fx_rate f ON f.currency_code = l.currency_code AND f.rate_date = l.snapshot_date
LEFT JOIN branch b ON b.branch_id = l.branch_id WHERE l.snapshot_date = DATE '2025-12-31' GROUP BY 1, 2"""
FEES = """SELECT strftime(f.txn_date, '%Y-%m') AS m, SUM(f.amount) AS v FROM fee_transaction f
LEFT JOIN branch b USING (branch_id) WHERE year(f.txn_date) = 2025 AND b.tier1_name = '上海分行' GROUP BY 1"""
GOLDS = {
    "top-branches-by-loans": f"""WITH t AS ({LOANS}) SELECT r, n, v FROM t AS a WHERE n IS NOT NULL
        AND (SELECT COUNT(*) FROM t AS x WHERE x.r IS NOT DISTINCT FROM a.r AND x.n IS NOT NULL AND x.v > a.v) < 2""",
    "share-of-largest-branches": f"""WITH t AS ({LOANS}) SELECT (SELECT SUM(v) FROM (SELECT v FROM t WHERE n IS NOT NULL
        ORDER BY v DESC LIMIT 5))::DOUBLE / (SELECT SUM(v) FROM t)""",
    "branches-within-region": f"""WITH t AS ({LOANS}) SELECT r, n, v, v::DOUBLE / (SELECT SUM(x.v) FROM t AS x
        WHERE x.r IS NOT DISTINCT FROM a.r) FROM t AS a""",
    "running-fees": f"WITH t AS ({FEES}) SELECT m, v, (SELECT SUM(x.v) FROM t AS x WHERE x.m <= a.m) FROM t AS a",
}


def test_there_are_enough_in_both_languages() -> None:
    """Some twenty that a bank would sign."""
    texts = [text for entry in ENTRIES for text in entry.questions]
    assert len(ENTRIES) >= 20
    assert sum(not text.isascii() for text in texts) >= 10
    assert sum(text.isascii() for text in texts) >= 20


def test_each_answers_its_own_words(agent: Agent) -> None:
    """As it was signed, with figures in it."""
    narrowed, loads = agent.narrow("hq"), agent.loads()
    grounding = agent.grounding(narrowed)
    signed = VerifiedQuestions(ENTRIES, narrowed.catalog, grounding)
    missed = []
    for entry in ENTRIES:
        for text in entry.questions:
            context = grounding.ground(agent.question(text, today=CLOCK), loads.last(), by_meaning=False)
            draft = signed.find(context, lambda sql: agent.compile(sql, today=CLOCK))
            if draft is None or draft.verified is None or entry.id not in draft.verified.en:
                missed.append(text)
    assert missed == []


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_each_runs(agent: Agent, entry: Entry) -> None:
    """With rows, unless nobody is so (loans up while deposits are down)."""
    plan = agent.compile(entry.semantic_sql, today=CLOCK)
    for guard in plan.guards:
        assert agent.warehouse.rows(guard.physical, timeout_seconds=60) == []
    rows = agent.warehouse.rows(plan.physical, timeout_seconds=60)
    assert rows or entry.id == "loans-up-deposits-down"


@pytest.mark.parametrize("name", GOLDS)
def test_right_by_raw_tables(agent: Agent, name: str) -> None:
    """A second, hand-written way to the same rows."""
    entry = next(entry for entry in ENTRIES if entry.id == name)
    rows = agent.warehouse.rows(agent.compile(entry.semantic_sql, today=CLOCK).physical, timeout_seconds=60)
    gold = agent.warehouse.rows(Certified(GOLDS[name], "duckdb", 100_000), timeout_seconds=60)
    assert gold
    assert not difference(list(rows), list(gold), False)
