"""Golds as they run: locked, one SELECT, the clock stopped, ties told, and every fault with its place."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from t2sql.agent import Agent
from t2sql.errors import Cancelled, ConfigError, RefusedSyntax
from t2sql.evaluation.cases.files import read_cases
from t2sql.evaluation.cases.golds import GoldRun, Golds
from t2sql.evaluation.cases.raw_sql import read_raw
from t2sql.settings import Settings

TODAY = date(2030, 1, 1)
DAY = date(2026, 11, 18)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six sales, two of them alike in amount."""
    path = tmp_path_factory.mktemp("golds") / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE sale (id INTEGER, sold_on DATE, amount DECIMAL(10, 2))")
        connection.execute(
            "INSERT INTO sale VALUES (1, '2026-11-18', 5), (2, '2026-11-17', 9), (3, '2026-11-18', 9),"
            " (4, '2025-11-18', 2), (5, NULL, NULL), (6, '2026-10-01', 1)"
        )
    return path


Runner = Callable[..., tuple[GoldRun, ...]]


@pytest.fixture
def run(database: Path, tmp_path: Path) -> Iterator[Runner]:
    """Runs the golds of one case, written with the keys of a case file."""
    opened: list[Golds] = []

    def one(text: str, today: date = TODAY, **known: Any) -> tuple[GoldRun, ...]:
        path = tmp_path / "cases.yml"
        path.write_text(f"clock: {DAY}\ndatabase: {database}\ncases:\n- {{id: a, question: x, {text}}}\n")
        file = read_cases(path)
        opened.append(Golds(file, agent=None, today=today, **known))
        return opened[-1].run(file.cases[0])

    yield one
    for golds in opened:
        golds.close()


def test_rows_come_as_the_engine_gives_them(run: Runner) -> None:
    (gold,) = run("check_sql: 'SELECT id, sold_on FROM sale WHERE id = 1;'")
    assert (gold.rows, gold.width, gold.error) == (((1, DAY),), 2, None)


def test_no_row_still_has_columns(run: Runner) -> None:
    (gold,) = run("check_sql: SELECT id FROM sale WHERE false")
    assert (gold.rows, gold.width) == ((), 1)


def test_literal_rows(run: Runner) -> None:
    (gold,) = run("gold: {rows: [[1, a], [2, null]]}")
    assert (gold.rows, gold.width, gold.sql) == (((1, "a"), (2, None)), 2, "")


CLOCKS = [
    ("current_date", DAY), ("CURRENT_DATE()", DAY), ("today()", DAY), ("year(today())", 2026),
    ("now()", datetime(2026, 11, 18, 12)), ("current_timestamp", datetime(2026, 11, 18, 12)),
    ("get_current_timestamp()", datetime(2026, 11, 18, 12)), ("transaction_timestamp()", datetime(2026, 11, 18, 12)),
    ("localtimestamp", datetime(2026, 11, 18, 12)), ("current_localtimestamp()", datetime(2026, 11, 18, 12)),
    ("date_diff('day', DATE '2026-11-01', current_date)", 17),
    ("age(TIMESTAMP '2026-11-17')::VARCHAR", "1 day"),
    ("'today() and current_date'", "today() and current_date"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "value"), CLOCKS)
def test_the_clock_stands_still(run: Runner, expression: str, value: Any) -> None:
    quoted = expression.replace("'", "''")
    (gold,) = run(f"check_sql: 'SELECT {quoted} -- today()'")
    assert gold.error is None and gold.rows == ((value,),)


def test_a_case_has_a_clock_of_its_own_and_else_todays(run: Runner, database: Path, tmp_path: Path) -> None:
    assert run("check_sql: SELECT today(), clock: 2025-01-02")[0].rows == ((date(2025, 1, 2),),)
    path = tmp_path / "plain.yml"
    path.write_text(f"database: {database}\ncases: [{{id: a, question: x, check_sql: SELECT today()}}]")
    file = read_cases(path)
    with Golds(file, agent=None, today=TODAY) as golds:
        assert golds.run(file.cases[0])[0].rows == ((TODAY,),)


def test_a_column_called_like_the_clock_is_a_column(run: Runner) -> None:
    (gold,) = run("""check_sql: 'SELECT t."current_date", "today" FROM (SELECT 1 AS "current_date", 2 AS "today") t'""")
    assert gold.rows == ((1, 2),)


def test_sql_without_a_clock_runs_as_it_was_written() -> None:
    text = "select /* mine */ 1 where 'a' <> 'today()'"
    assert read_raw(f" {text} ;\n", DAY).text == text


REFUSED = [
    ("SELECT 1; SELECT 2", "not one SELECT"), ("DELETE FROM sale", "not one SELECT"),
    ("CREATE TABLE t (a INTEGER)", "not one SELECT"), ("COPY sale TO ''x''", "not one SELECT"),
    ("PRAGMA version", "not one SELECT"), ("SELEC 1", "cannot be read"), ("SELECT (", "cannot be read"),
    ("ATTACH ''x''", "not one SELECT"), ("SELECT * FROM nowhere", "CatalogException"),
    ("SELECT nothing FROM sale", "BinderException"), ("SELECT * FROM read_csv(''/etc/passwd'')", "PermissionException"),
    ("SELECT * FROM ''/etc/passwd''", "CatalogException"),
    ("WITH t AS (DELETE FROM sale RETURNING *) SELECT * FROM t", ""),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "told"), REFUSED)
def test_only_a_select_runs(run: Runner, database: Path, sql: str, told: str) -> None:
    (gold,) = run(f"check_sql: '{sql}'")
    assert isinstance(gold.error, ConfigError) and told in gold.error.message
    assert "cases.yml:4: the gold of 'a' fails: " in gold.error.message and gold.error.hint
    assert run("check_sql: SELECT COUNT(*) FROM sale")[0].rows == ((6,),)


def test_a_gold_that_runs_too_long_is_stopped(run: Runner) -> None:
    (gold,) = run(
        "check_sql: 'SELECT SUM(a.range * b.range) FROM range(1000000) a, range(1000000) b'", timeout_seconds=0.3
    )
    assert gold.error is not None and "longer than 0.3 s" in gold.error.message


def test_a_gold_with_too_many_rows_is_an_error(run: Runner) -> None:
    (gold,) = run("check_sql: SELECT * FROM range(11)", row_limit=10)
    assert gold.error is not None and "More than 10 rows" in gold.error.message
    assert run("check_sql: SELECT * FROM range(10)", row_limit=10)[0].error is None


def test_a_person_can_stop(database: Path, tmp_path: Path) -> None:
    path = tmp_path / "cases.yml"
    path.write_text(f"database: {database}\ncases: [{{id: a, question: x, check_sql: SELECT 1}}]")
    file, cancel = read_cases(path), threading.Event()
    cancel.set()
    slow = "SELECT SUM(a.range * b.range) FROM range(1000000) a, range(1000000) b"
    with Golds(file, agent=None, today=TODAY) as golds, pytest.raises(Cancelled):
        golds.record_of(file.cases[0], slow, cancel=cancel)


TIES = [
    ("SELECT id, amount FROM sale WHERE id < 5 ORDER BY amount DESC", (0, 0, 1, 2)),
    ("SELECT id, amount FROM sale WHERE id < 5 ORDER BY 2 DESC, 1", (0, 1, 2, 3)),
    ("SELECT id AS n FROM sale WHERE id < 5 ORDER BY n", (0, 1, 2, 3)),
    ("SELECT id FROM sale WHERE id < 5 ORDER BY amount DESC", (0, 0, 1, 2)),
    ("SELECT id FROM sale WHERE id < 5 ORDER BY amount DESC LIMIT 3", (0, 0, 1)),
    ("SELECT sold_on, COUNT(*) FROM sale WHERE id < 5 GROUP BY 1 ORDER BY SUM(amount) DESC", (0, 1, 2)),
    ("SELECT sold_on, COUNT(*) FROM sale WHERE id < 5 GROUP BY 1 ORDER BY COUNT(*)", (0, 0, 1)),
    ("SELECT DISTINCT amount FROM sale WHERE id < 5 ORDER BY amount", (0, 1, 2)),
    ("SELECT DISTINCT sold_on FROM sale WHERE id < 5 ORDER BY id", (0, 1, 2)),
    ("SELECT id, 1 AS one FROM sale WHERE id < 3 UNION ALL SELECT 7, 1 ORDER BY one", (0, 0, 0)),
    ("SELECT id, 1 AS one FROM sale WHERE id < 3", (0, 1)),
    ("SELECT * FROM sale WHERE id < 5 ORDER BY amount DESC", (0, 0, 1, 2)),
    ("SELECT sold_on, COUNT(*) FROM sale WHERE id < 5 GROUP BY ALL ORDER BY SUM(amount)", (0, 1, 2)),
]


@pytest.mark.parametrize(("sql", "ties"), TIES)
def test_rows_with_equal_order_keys_share_a_place(run: Runner, sql: str, ties: tuple[int, ...]) -> None:
    (gold,) = run(f"check_sql: '{sql}', ordered: true")
    assert gold.error is None and gold.ties == ties
    assert gold.width == (3 if "*" in sql[:9] else 1 if "," not in sql.split(" FROM")[0] else 2)
    assert run(f"check_sql: '{sql}'")[0].ties == ()


def test_semantic_golds_need_an_installation(run: Runner) -> None:
    (gold,) = run("semantic_sql: SELECT loan_balance FROM bank")
    assert gold.error is not None and "needs an installation" in gold.error.message


# -- over the demo bank --------------------------------------------------------------------------------------------
def no_llm() -> Any:
    """Nothing here is written by an llm."""
    raise AssertionError("no llm takes part")


@pytest.fixture(scope="module")
def agent(settings: Settings, locked_bank: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agent]:
    """The demo bank with its definitions, and a cache folder of its own."""
    own = {"source": str(locked_bank), "memory_limit": "2GB", "cache_dir": tmp_path_factory.mktemp("cache")}
    opened = Agent.open(settings.model_copy(update=own), llm=no_llm)
    yield opened
    opened.close()


SEMANTIC = """
clock: 2026-07-10
cases:
- {id: all, question: x, semantic_sql: "SELECT SUM(loan_balance) FROM (SELECT region, loan_balance FROM bank)"}
- {id: east, question: x, as: analyst_east, semantic_sql: "SELECT region, loan_balance FROM bank"}
- {id: top, question: x, ordered: true, semantic_sql: "SELECT region, aum FROM bank ORDER BY aum DESC LIMIT 3"}
- {id: unknown, question: x, semantic_sql: SELECT nothing_known FROM bank}
- {id: nobody, question: x, as: nobody, semantic_sql: SELECT loan_balance FROM bank}
- {id: raw, question: x, check_sql: SELECT COUNT(*) > 0 FROM loan_snapshot}
"""


def test_semantic_golds_run_as_their_principal(agent: Agent, locked_bank: Path, tmp_path: Path) -> None:
    path = tmp_path / "cases.yml"
    path.write_text(SEMANTIC, encoding="utf-8")
    file = read_cases(path)
    with Golds(file, agent=agent, today=TODAY, source=locked_bank) as golds:
        ran = {case.asked.id: golds.run(case)[0] for case in file.cases}
    assert ran["all"].error is None and len(ran["all"].rows) == 1
    assert [row[0] for row in ran["east"].rows] == ["华东区"]
    assert ran["top"].ties == (0, 1, 2) and ran["top"].metrics >= {"aum"} and ran["top"].as_of
    assert ran["top"].semantic_sql.endswith("LIMIT 3") and "wealth_holding" in ran["top"].sql
    unknown, nobody = ran["unknown"].error, ran["nobody"].error
    assert unknown and "cases.yml:7: the gold of 'unknown' fails" in unknown.message
    assert nobody and "cases.yml:8" in nobody.message
    assert ran["raw"].rows == ((True,),)
    assert not agent.settings.journal_file.exists(), "golds are nobody's questions"


def test_two_statements_are_refused_before_they_reach_the_engine() -> None:
    with pytest.raises(RefusedSyntax, match="not one SELECT"):
        read_raw("SELECT 1; DROP TABLE sale", DAY)
