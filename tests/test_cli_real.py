"""The command line over a real catalog, compiler and DuckDB file, without an llm: semantic SQL in, numbers out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from t2sql import cli

MODEL = """\
version: 0.1.1
semantic_model:
- name: bank
  datasets:
  - name: branches
    source: branch
    primary_key: [branch_id]
    fields:
    - {name: region, expression: region_name, dimension: {}, t2sql: {display: {zh: 区域, en: region}}}
  - name: loans
    source: loan_snapshot
    primary_key: [snapshot_date, loan_id]
    fields:
    - {name: balance, expression: balance}
    - {name: cost, expression: cost, t2sql: {sensitivity: cost}}
    - {name: snapshot_date, expression: snapshot_date}
    t2sql: {time_dimension: snapshot_date, snapshot_grain: month}
  relationships:
  - {name: loan_branch, from: loans, to: branches, from_columns: [branch_id], to_columns: [branch_id]}
  metrics:
  - {name: loan_balance, expression: SUM(loans.balance), t2sql: {display: {zh: 贷款余额, en: loan balance}}}
  - {name: loan_cost, expression: SUM(loans.cost), t2sql: {sensitivity: cost}}
"""
POLICIES = """\
roles:
  all: {}
  east: {rows: {dimension: region, values: [华东区]}, hide: {sensitivity: [cost]}}
principals:
  hq: {roles: [all]}
  analyst_east: {roles: [east]}
"""
DATA = """
CREATE TABLE branch (branch_id INTEGER, region_name VARCHAR);
CREATE TABLE loan_snapshot (snapshot_date DATE, loan_id INTEGER, branch_id INTEGER, balance DECIMAL(18,2), cost INTEGER);
INSERT INTO branch VALUES (1, '华东区'), (2, '华南区');
INSERT INTO loan_snapshot VALUES ('2024-12-31', 1, 1, 12.34, 1), ('2024-12-31', 2, 2, 20.00, 2);
"""  # noqa: E501
BY_REGION = "SELECT region, loan_balance FROM bank WHERE month = '2024-12'"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def bank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with definitions, rights, data and settings, where the command runs."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model.yml").write_text(MODEL, encoding="utf-8")
    (tmp_path / "policies.yml").write_text(POLICIES, encoding="utf-8")
    text = 'metrics = "."\nsource = "bank.duckdb"\ndemo = true\nprincipal = "hq"\ncache_dir = "cache"\n'
    (tmp_path / "t2sql.toml").write_text(text, encoding="utf-8")
    with duckdb.connect(str(tmp_path / "bank.duckdb")) as connection:
        connection.execute(DATA)
    return tmp_path


@pytest.fixture
def run(bank: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: str) -> tuple[int, str, str]:
        code = cli.main(arguments)
        return (code, *capsys.readouterr())

    return call


def document(out: str) -> Any:
    return json.loads(out, parse_float=Decimal)


def test_semantic_sql_gives_exact_numbers_and_their_proof(run: Run) -> None:
    code, out, _ = run("sql", BY_REGION, "--json", "--language", "en")
    answer = document(out)
    assert (code, answer["outcome"], answer["route"]) == (0, "answer", "written")
    assert answer["rows"] == [["华东区", Decimal("12.34")], ["华南区", Decimal("20.00")]]
    assert answer["columns"][1] == {"name": "loan_balance", "type": "number", "unit": "CNY", "metric": "loan_balance"}
    assert answer["explanation"] == "Loan balance by region for December 2024 (as of 2024-12-31)."
    assert answer["provenance"][0]["as_of"] == "2024-12-31" and answer["dialect"] == "duckdb"


def test_rows_and_names_are_cut_to_the_principals_rights(run: Run) -> None:
    code, out, _ = run("sql", BY_REGION, "--csv", "--as", "analyst_east")
    assert (code, out) == (0, "region,loan_balance\n华东区,12.34\n")
    code, out, err = run("sql", "SELECT loan_cost FROM bank WHERE month = '2024-12'", "--as", "analyst_east")
    assert (code, out) == (2, "") and "Unknown" in err
    _, out, _ = run("metrics", "list", "--json", "--as", "analyst_east")
    listed = document(out)
    assert [entry["name"] for entry in listed] == ["loan_balance", "region", "branches", "loans"]
    assert [field["name"] for field in listed[3]["fields"]] == ["balance", "snapshot_date"]
    _, out, _ = run("metrics", "list", "--as", "analyst_east")
    assert "balance, snapshot_date" in out and "cost" not in out


def test_a_value_that_nobody_has_is_told_as_such(run: Run) -> None:
    code, out, _ = run("sql", BY_REGION + " AND region = '火星区'", "--json")
    answer = document(out)
    assert (code, answer["rows"], [note["code"] for note in answer["notes"]]) == (0, [], ["unknown_value"])
    assert "“火星区”不是区域的已知取值" in answer["notes"][0]["zh"]
    # What a principal may not see is not known to them either.
    _, out, _ = run("sql", BY_REGION + " AND region = '华南区'", "--json", "--as", "analyst_east")
    assert [note["code"] for note in document(out)["notes"]] == ["unknown_value"]
    _, out, _ = run(
        "sql", "SELECT region, loan_balance FROM bank WHERE month = '2024-12' AND loan_balance > 99", "--json"
    )
    assert [note["code"] for note in document(out)["notes"]] == ["nothing_found"]


def test_a_table_is_headed_by_the_name_that_as_gives(run: Run) -> None:
    sql = "SELECT region, loan_balance AS held FROM bank WHERE month = '2024-12'"
    code, out, _ = run("sql", sql, "--language", "en")
    assert code == 0 and out.split()[:2] == ["region", "held"]
    assert "Understood as: held (loan balance) by region" in out and "Metric: loan_balance" in out


def test_compile_gives_sql_that_the_database_runs(run: Run, bank: Path) -> None:
    code, out, err = run("compile", BY_REGION)
    assert code == 0 and "Loan balance by region" in err
    with duckdb.connect(str(bank / "bank.duckdb"), read_only=True) as connection:
        assert connection.execute(out).fetchall() == [("华东区", Decimal("12.34")), ("华南区", Decimal("20.00"))]


def test_compile_speaks_the_language_of_what_it_reads(run: Run) -> None:
    code, out, err = run("compile", BY_REGION + " AND region = '华东区'")
    assert code == 0 and "按区域统计的贷款余额" in err and out.startswith("WITH")


ENDS: list[tuple[str, Callable[[Path], Any], list[str], int, str]] = [
    ("unknown metric", lambda _: None, ["sql", "SELECT loan_balanc FROM bank"], 2, "Did you mean 'loan_balance'?"),
    ("no SQL", lambda _: None, ["sql", "no sql at all"], 2, ""),
    ("a writing statement", lambda _: None, ["sql", "DELETE FROM loan_snapshot"], 2, ""),
    ("a physical table", lambda _: None, ["sql", "SELECT * FROM loan_snapshot"], 2, ""),
    ("unknown principal", lambda _: None, ["sql", BY_REGION, "--as", "mallory"], 6, ""),
    ("no database", lambda f: (f / "bank.duckdb").unlink(), ["sql", BY_REGION], 8, "t2sql demo build"),
    ("a damaged database", lambda f: (f / "bank.duckdb").write_bytes(b"x" * 9999), ["sql", BY_REGION], 8, ""),
    ("broken YAML", lambda f: (f / "model.yml").write_bytes(b"version: ["), ["sql", BY_REGION], 3, "model.yml:1"),
    ("no definitions", lambda f: (f / "model.yml").unlink(), ["ask", "x"], 3, "model.yml"),
    ("a file for a folder", lambda _: None, ["metrics", "export", "--metrics", "model.yml"], 3, "Name the folder"),
    ("a file for the definitions", lambda f: (f / "t2sql.toml").write_text("metrics = 'model.yml'\nprincipal = 'hq'"),
     ["metrics", "list"], 3, "Name the folder that holds model.yml"),
    ("a folder to import", lambda _: None, ["metrics", "import", ".", "--out", "x"], 3, "a folder, not a file"),
    ("no file to import", lambda _: None, ["metrics", "import", "none", "--out", "x"], 3, "strict Ossie"),
    ("no policies", lambda f: (f / "policies.yml").unlink(), ["sql", BY_REGION], 3, "policies.yml"),
    ("nobody", lambda f: (f / "t2sql.toml").write_bytes(b"metrics = '.'\nsource = 'bank.duckdb'"),
     ["sql", BY_REGION], 6, ""),
    ("an empty question", lambda _: None, ["ask", ""], 2, ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "spoil", "arguments", "code", "text"), ENDS, ids=[end[0] for end in ENDS])
def test_what_cannot_be_answered_ends_with_a_hint(
    run: Run, bank: Path, name: str, spoil: Callable[[Path], Any], arguments: list[str], code: int, text: str
) -> None:
    spoil(bank)
    got, out, err = run(*arguments)
    assert (got, out) == (code, ""), err
    assert text in err and "→" in err and "Traceback" not in err


def test_nothing_changes_the_database(run: Run, bank: Path) -> None:
    before = hashlib.sha256((bank / "bank.duckdb").read_bytes()).hexdigest()
    for text in (BY_REGION, "DROP TABLE branch", "SELECT 1; DELETE FROM branch", "COPY branch TO 'x.csv'"):
        run("sql", text)
    run("check", "--source")
    assert hashlib.sha256((bank / "bank.duckdb").read_bytes()).hexdigest() == before
    assert not (bank / "x.csv").exists()


def test_the_demo_bank_is_built_once(run: Run, bank: Path) -> None:
    (bank / "cache" / "demo").mkdir(parents=True)
    (bank / "cache" / "demo" / "bank.duckdb").write_bytes(b"stays")
    code, out, err = run("demo", "build")
    assert (code, out.strip()) == (0, str(bank / "cache" / "demo" / "bank.duckdb"))
    assert "--force" in err and Path(out.strip()).read_bytes() == b"stays"
