"""certify refuses each attack of refused.sql; each line of accepted.sql passes and runs the same afterwards."""

from __future__ import annotations

import time
from pathlib import Path

import duckdb
import pytest
from sqlglot import parse_one

from t2sql.compiler.certify import DIALECTS, certify
from t2sql.errors import CertifyError
from t2sql.policy import Grant

from sql_lines import ACCEPTED, DOTTED, EAST, EAST_BRANCH, GRANTS, REFUSED, ROW_LIMIT, TABLES, Line

CATEGORIES = (
    "writing CTEs",
    "SELECT INTO and CREATE AS",
    "stacked statements",
    "commands",
    "files and the network",
    "table functions",
    "system catalogs",
    "secrets and environment",
    "sleeping and locking",
    "dialect tricks",
    "row-filter escapes",
    "resource bombs",
)
DUCKDB_REFUSED = [line for line in REFUSED if line.engine == "duckdb"]


@pytest.fixture
def bank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> duckdb.DuckDBPyConnection:
    """The small bank as its owner sees it, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    connection = duckdb.connect(
        ":memory:", config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    )
    connection.execute(TABLES + DOTTED)
    Path("held.csv").write_text("a,b\n1,2\n")
    Path("held.json").write_text('[{"a": 1}]')
    connection.execute("COPY (SELECT 1 AS a) TO 'held.parquet'")
    return connection


@pytest.fixture(scope="module")
def whole_bank() -> duckdb.DuckDBPyConnection:
    """The small bank for those who only read."""
    connection = duckdb.connect(":memory:")
    connection.execute(TABLES + DOTTED)
    return connection


@pytest.mark.parametrize("line", REFUSED, ids=str)
def test_refuses(line: Line) -> None:
    with pytest.raises(CertifyError) as caught:
        certify(line.sql, GRANTS, dialect=line.engine, row_limit=ROW_LIMIT)
    assert caught.value.message.endswith(".") and caught.value.hint


@pytest.mark.parametrize("line", [line for line in DUCKDB_REFUSED if not line.cannot_run], ids=str)
def test_attack_is_no_typo(line: Line, bank: duckdb.DuckDBPyConnection) -> None:
    bank.execute(line.sql)
    assert bank.description is not None


CANNOT_RUN = [line for line in DUCKDB_REFUSED if line.cannot_run and "network" not in line.cannot_run]


@pytest.mark.parametrize("line", CANNOT_RUN, ids=str)
def test_attack_that_cannot_run_does_not(line: Line, bank: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(duckdb.Error):
        bank.execute(line.sql)


@pytest.mark.parametrize("line", ACCEPTED, ids=str)
def test_accepts_and_means_the_same(line: Line, whole_bank: duckdb.DuckDBPyConnection) -> None:
    certified = certify(line.sql, GRANTS, row_limit=ROW_LIMIT)
    assert (certified.dialect, certified.row_limit) == ("duckdb", ROW_LIMIT)
    asked = whole_bank.execute(line.sql)
    names = [column[0] for column in asked.description]
    rows = sorted(map(repr, asked.fetchall()))
    run = whole_bank.execute(certified.sql)
    assert [column[0].lower() for column in run.description] == [name.lower() for name in names]
    assert sorted(map(repr, run.fetchall())) == rows


@pytest.mark.parametrize("line", ACCEPTED, ids=str)
def test_certified_sql_is_certified_unchanged(line: Line) -> None:
    once = certify(line.sql, GRANTS, row_limit=ROW_LIMIT)
    assert certify(once.sql, GRANTS, row_limit=ROW_LIMIT) == once


@pytest.mark.parametrize("category", CATEGORIES)
def test_ten_attacks_of_each_category_run(category: str) -> None:
    assert len({(x.engine, x.sql) for x in REFUSED if x.category == category and not x.cannot_run}) >= 10


def test_the_case_files_are_large_enough() -> None:
    assert len({line.sql for line in REFUSED}) >= 200 and len({line.sql for line in ACCEPTED}) >= 100
    assert {line.engine for line in REFUSED} == DIALECTS


def test_row_filter_keeps_other_regions_out(bank: duckdb.DuckDBPyConnection) -> None:
    certified = certify(
        f"SELECT SUM(l.balance) AS x FROM (SELECT balance FROM loan_snapshot WHERE {EAST}) AS l LIMIT 1",
        GRANTS,
        row_limit=1,
    )
    assert [float(value) for (value,) in bank.execute(certified.sql).fetchall()] == [150.0]


SOURCE = f"SELECT l.balance FROM (SELECT balance FROM loan_snapshot WHERE {EAST}) AS l LIMIT 5"


@pytest.mark.parametrize(
    ("grants", "rule"),
    [
        ({}, "neither granted"),
        ({**GRANTS, "loan_snapshot": Grant(frozenset({"branch_id"}), frozenset({EAST}))}, "not granted"),
        (
            {**GRANTS, "loan_snapshot": Grant(frozenset({"balance"}), frozenset({EAST_BRANCH}))},
            "without its row filter",
        ),
    ],
)
def test_says_which_rule(grants: dict[str, Grant], rule: str) -> None:
    with pytest.raises(CertifyError, match=rule):
        certify(SOURCE, grants, row_limit=ROW_LIMIT)


@pytest.mark.parametrize(
    ("predicates", "where"),
    [
        ({EAST, "branch_id = 2"}, "branch_id = 2"),
        ({f"({EAST}) OR (branch_id = 2)"}, f"(({EAST}) OR branch_id = 2)"),
        ({"branch_id = 2 AND product_id = 1"}, "product_id = 1 AND balance > 0 AND branch_id = 2"),
    ],
)
def test_any_one_granted_predicate_will_do(predicates: set[str], where: str) -> None:
    grants = {"loan_snapshot": Grant(frozenset({"balance", "branch_id"}), frozenset(predicates))}
    assert certify(
        f"SELECT l.balance FROM (SELECT balance FROM loan_snapshot WHERE {where}) AS l LIMIT 5", grants, row_limit=5
    )


def test_half_a_predicate_will_not_do() -> None:
    grants = {
        "loan_snapshot": Grant(frozenset({"balance", "branch_id"}), frozenset({"branch_id = 2 AND product_id = 1"}))
    }
    with pytest.raises(CertifyError, match="row filter"):
        certify(
            "SELECT l.balance FROM (SELECT balance FROM loan_snapshot WHERE branch_id = 2) AS l LIMIT 5",
            grants,
            row_limit=5,
        )


def test_a_qualified_table_needs_a_qualified_grant() -> None:
    grants = {"dw.loan": Grant(frozenset({"balance"}), frozenset())}
    assert certify("SELECT l.balance FROM (SELECT balance FROM dw.loan) AS l LIMIT 5", grants, row_limit=5)
    for table in ("loan", "other.loan", "x.dw.loan"):
        with pytest.raises(CertifyError, match="neither granted"):
            certify(f"SELECT l.balance FROM (SELECT balance FROM {table}) AS l LIMIT 5", grants, row_limit=5)


@pytest.mark.parametrize(
    "sql",
    [
        "",
        " ",
        "-- only a comment",
        ";",
        "SELECT",
        "SELECT 'open LIMIT 1",
        "SELECT 1 /* open LIMIT 1",
        "SELECT 1\x00 LIMIT 1",
        "SELECT 'a\x00b' AS x LIMIT 1",
        "SELECT 'a\x1b[2Jb' AS x LIMIT 1",
        "SELECT '\ud800' AS x LIMIT 1",
        "SELECT 1 AS x /* \u202e */ LIMIT 1",
        "SELECT '" + "x" * 300_000 + "' AS x LIMIT 1",
        "SELECT " + "(" * 5_000 + "1" + ")" * 5_000 + " AS x LIMIT 1",
        "SELECT " + "NOT " * 5_000 + "TRUE AS x LIMIT 1",
        "SELECT " + "- " * 5_000 + "1 AS x LIMIT 1",
        "SELECT 1" + " + 1" * 5_000 + " AS x LIMIT 1",
        "SELECT 1" + "::INT" * 5_000 + " AS x LIMIT 1",
        "SELECT 1 AS x" + " UNION ALL SELECT 1" * 5_000 + " LIMIT 1",
        "SELECT " + "CASE WHEN TRUE THEN " * 500 + "1" + " END" * 500 + " AS x LIMIT 1",
        "SELECT 1 FROM t " + "JOIN t " * 2_000 + "LIMIT 1",
        "SELECT 1 FROM " + "LATERAL " * 2_000 + "t LIMIT 1",
        "SELECT " + "INTERVAL " * 5_000 + "1 DAY LIMIT 1",
        "FROM " * 5_000 + "t",
        "WITH " + ", ".join(f"c{i} AS (SELECT 1 AS x)" for i in range(5_000)),
    ],
    ids=lambda sql: ascii(sql[:30]),
)
def test_broken_and_bloated_text_is_refused_quickly(sql: str) -> None:
    began = time.monotonic()
    with pytest.raises(CertifyError):
        certify(sql, GRANTS, row_limit=ROW_LIMIT)
    assert time.monotonic() - began < 5


def test_refuses_a_dialect_without_a_proof() -> None:
    with pytest.raises(CertifyError, match="no proof"):
        certify("SELECT 1 AS x LIMIT 1", GRANTS, dialect="oracle", row_limit=ROW_LIMIT)


def test_keeps_comments_and_quotes_what_engines_could_read_differently() -> None:
    text = certify('SELECT 1 AS "user", 2 AS x /* npl_ratio v1 */ LIMIT 1', {}, row_limit=1).sql
    assert '"user"' in text and "/* npl_ratio v1 */" in text and '"x"' not in text
    assert parse_one(text, read="duckdb")
