"""certify refuses each attack of refused.sql; each line of accepted.sql passes and runs the same afterwards."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from sqlglot import parse_one

from t2sql.compiler.certify import certify
from t2sql.errors import CertifyError
from t2sql.policy import Grant

HERE = Path(__file__).parent
ROW_LIMIT = 100
EAST = "branch_id IN (SELECT branch_id FROM branch WHERE region_name IN ('华东区'))"
EAST_BRANCH = "region_name IN ('华东区')"
GRANTS = {
    "loan_snapshot": Grant(
        frozenset(
            {
                "snapshot_date",
                "loan_id",
                "branch_id",
                "product_id",
                "customer_id",
                "balance",
                "risk_class",
                "overdue_days",
            }
        ),
        frozenset({EAST}),
    ),
    "branch": Grant(frozenset({"branch_id", "branch_name"}), frozenset({EAST_BRANCH})),
    "product": Grant(frozenset({"product_id", "product_name", "product_line"}), frozenset()),
    "customer": Grant(frozenset({"customer_id", "customer_name", "segment"}), frozenset()),
}
BANK = """
CREATE TABLE branch (branch_id INTEGER, branch_name VARCHAR, region_name VARCHAR);
CREATE TABLE product (product_id INTEGER, product_name VARCHAR, product_line VARCHAR);
CREATE TABLE customer (customer_id BIGINT, customer_name VARCHAR, segment VARCHAR, id_no VARCHAR, phone VARCHAR);
CREATE TABLE loan_snapshot (snapshot_date DATE, loan_id BIGINT, branch_id INTEGER, product_id INTEGER,
    customer_id BIGINT, balance DECIMAL(18, 2), risk_class VARCHAR, overdue_days INTEGER);
CREATE TABLE deposit_snapshot (customer_id BIGINT, balance DECIMAL(18, 2));
INSERT INTO branch VALUES (1, '上海分行', '华东区'), (2, '广州分行', '华南区'), (3, '总行本部', NULL);
INSERT INTO product VALUES (1, '个人住房贷款', '贷款'), (2, '流动资金贷款', '贷款');
INSERT INTO customer VALUES (1, '甲', '私行', '310000190001010001', '13800000000'),
    (2, '乙', NULL, '440000190001010002', '13900000000');
INSERT INTO loan_snapshot VALUES
    ('2024-12-31', 1, 1, 1, 1, 100.00, '正常', 0), ('2024-12-31', 2, 1, 2, 2, 50.00, '次级', 120),
    ('2024-12-31', 3, 2, 1, 2, 900.00, '损失', 400), ('2024-12-31', 4, 3, 1, 2, 7.00, '正常', NULL);
INSERT INTO deposit_snapshot VALUES (1, 10.00);
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a case file."""

    category: str
    raw: str
    sql: str


def lines_of(name: str) -> list[Line]:
    """The cases of a file, with {east} and {east_branch} filled in."""
    category = raw = ""
    found = []
    for text in (HERE / name).read_text(encoding="utf-8").split("\n"):
        if text.startswith("-- category: "):
            category = text.removeprefix("-- category: ")
        elif text.startswith("-- raw: "):
            raw = text.removeprefix("-- raw: ")
        elif text and not text.startswith("-- "):
            found.append(Line(category, raw, text.replace("{east}", EAST).replace("{east_branch}", EAST_BRANCH)))
    return found


REFUSED = lines_of("refused.sql")
ACCEPTED = lines_of("accepted.sql")


@pytest.fixture
def bank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> duckdb.DuckDBPyConnection:
    """The small bank as its owner sees it, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    connection = duckdb.connect(
        ":memory:", config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    )
    connection.execute(BANK)
    return connection


@pytest.mark.parametrize("line", REFUSED, ids=lambda line: line.sql[:70])
def test_refuses(line: Line) -> None:
    with pytest.raises(CertifyError) as caught:
        certify(line.sql, GRANTS, row_limit=ROW_LIMIT)
    assert caught.value.message.endswith(".") and caught.value.hint


@pytest.mark.parametrize("line", [line for line in REFUSED if line.raw == "runs"], ids=lambda line: line.sql[:70])
def test_attack_is_no_typo(line: Line, bank: duckdb.DuckDBPyConnection) -> None:
    bank.execute(line.sql)
    assert bank.description is not None


@pytest.mark.parametrize("line", [line for line in REFUSED if line.raw == "parses"], ids=lambda line: line.sql[:70])
def test_attack_can_be_read(line: Line, bank: duckdb.DuckDBPyConnection) -> None:
    assert bank.extract_statements(line.sql)


@pytest.mark.parametrize("line", ACCEPTED, ids=lambda line: line.sql[:70])
def test_accepts_and_means_the_same(line: Line, bank: duckdb.DuckDBPyConnection) -> None:
    certified = certify(line.sql, GRANTS, row_limit=ROW_LIMIT)
    assert (certified.dialect, certified.row_limit) == ("duckdb", ROW_LIMIT)
    asked = bank.execute(line.sql)
    names = [column[0] for column in asked.description]
    rows = sorted(map(repr, asked.fetchall()))
    run = bank.execute(certified.sql)
    assert [column[0].lower() for column in run.description] == [name.lower() for name in names]
    assert sorted(map(repr, run.fetchall())) == rows


@pytest.mark.parametrize("line", ACCEPTED, ids=lambda line: line.sql[:70])
def test_certified_sql_is_certified_unchanged(line: Line) -> None:
    once = certify(line.sql, GRANTS, row_limit=ROW_LIMIT)
    assert certify(once.sql, GRANTS, row_limit=ROW_LIMIT) == once


def test_the_case_files_are_large_enough() -> None:
    assert len({line.sql for line in REFUSED}) >= 120 and len({line.sql for line in ACCEPTED}) >= 50


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
        certify("SELECT 1 AS x LIMIT 1", GRANTS, dialect="postgres", row_limit=ROW_LIMIT)


def test_keeps_comments_and_quotes_what_engines_could_read_differently() -> None:
    text = certify('SELECT 1 AS "user", 2 AS x /* npl_ratio v1 */ LIMIT 1', {}, row_limit=1).sql
    assert '"user"' in text and "/* npl_ratio v1 */" in text and '"x"' not in text
    assert parse_one(text, read="duckdb")
