"""What `t2sql check` finds: one mistake at a time in whole definitions, and one flaw at a time in their data."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from t2sql import cli
from t2sql.check import check
from t2sql.findings import Finding
from t2sql.warehouse.duckdb import DuckDbWarehouse

MODEL = """\
version: 0.1.1
semantic_model:
- name: bank
  datasets:
  - name: branches
    source: branch
    primary_key: [branch_id]
    fields:
    - {name: region, expression: region_name, dimension: {}, t2sql: {is_enum: true, aliases: {华东区: [East]}}}
  - name: loans
    source: loan_snapshot
    primary_key: [snapshot_date, loan_id]
    fields:
    - {name: balance, expression: balance}
    - {name: snapshot_date, expression: snapshot_date}
    - {name: risk_class, expression: risk_class, dimension: {}}
    t2sql: {time_dimension: snapshot_date, snapshot_grain: month}
  relationships:
  - {name: loan_branch, from: loans, to: branches, from_columns: [branch_id], to_columns: [branch_id]}
  metrics:
  - {name: loan_balance, expression: SUM(loans.balance)}
  - {name: npl_balance, expression: SUM(loans.balance), t2sql: {filter: "loans.risk_class = '次级'"}}
  - {name: npl_ratio, t2sql: {type: ratio, numerator: npl_balance, denominator: loan_balance, unit: ratio}}
  - {name: good_balance, expression: loan_balance - npl_balance, t2sql: {type: derived}}
"""
POLICIES = """\
roles: {all: {}}
principals: {hq: {roles: [all]}}
"""
DATA = """
CREATE TABLE branch (branch_id INTEGER, region_name VARCHAR);
CREATE TABLE loan_snapshot (snapshot_date DATE, loan_id INTEGER, branch_id INTEGER, balance DECIMAL(18,2), risk_class VARCHAR);
INSERT INTO branch VALUES (1, '华东区'), (2, '华南区');
INSERT INTO loan_snapshot VALUES ('2024-12-31', 1, 1, 10.00, '正常'), ('2024-12-31', 2, 2, 20.00, '次级');
"""  # noqa: E501


def write(folder: Path, model: str = MODEL, policies: str = POLICIES) -> Path:
    (folder / "model.yml").write_text(model, encoding="utf-8")
    (folder / "policies.yml").write_text(policies, encoding="utf-8")
    return folder


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def test_whole_definitions_have_no_finding(tmp_path: Path) -> None:
    assert check(write(tmp_path)) == []


MISTAKES = [
    (
        "expression: region_name",
        "expression: region_name +",
        "branches.region: 'region_name +' is not an SQL expression",
    ),
    ("expression: region_name", "expression: MAX(region_name)", "a field is a value of one row"),
    ("expression: region_name", "expression: (SELECT 1)", "is not an SQL expression"),
    ("expression: region_name", "expression: branch.region_name", "stand without a table name"),
    ("SUM(loans.balance)}", "SUM(loans.balanse)}", "loans has no field 'balanse'. Did you mean 'balance'?"),
    ("SUM(loans.balance)}", "SUM(loan.balance)}", "unknown dataset 'loan'. Did you mean 'loans'?"),
    ("SUM(loans.balance)}", "SUM(balance)}", "names 'balance' without its dataset"),
    ("SUM(loans.balance)}", "loans.balance}", "does not aggregate"),
    ("SUM(loans.balance)}", "SUM(loans.balance}", "is not an SQL expression"),
    ("SUM(loans.balance)}", "SUM(AVG(loans.balance))}", "aggregates an aggregate"),
    ("SUM(loans.balance)}", "SUM(loans.snapshot_date)}", "adds up 'loans.snapshot_date', which is no number"),
    ("SUM(loans.balance)}", "DROP TABLE branch}", "is not an SQL expression"),
    ("loans.risk_class = '次级'", "loans.risk_class = ", "is not an SQL condition"),
    ("loans.risk_class = '次级'", "SUM(loans.balance) > 1", "a filter is about one row"),
    ("loans.risk_class = '次级'", "loans.risk = '次级'", "loans has no field 'risk'. Did you mean 'risk_class'?"),
    ("loan_balance - npl_balance", "loan_balance - npl", "names unknown metric 'npl'."),
    ("loan_balance - npl_balance", "loan_balance - good_balance", "'good_balance' stands on itself"),
    ("loan_balance - npl_balance", "SUM(loan_balance)", "is derived and aggregates"),
    ("time_dimension: snapshot_date", "time_dimension: snapshot_dat", "snapshot_dat"),
    ("{filter: ", "{time_dimension: opened_on, filter: ", "loans has no field 'opened_on'"),
    ("denominator: loan_balance", "denominator: loans", "unknown metric 'loans'"),
    ("unit: ratio", "unitt: ratio", "unknown key 'unitt'. Did you mean 'unit'?"),
]


@pytest.mark.parametrize(("old", "new", "text"), MISTAKES, ids=[text for _, _, text in MISTAKES])
def test_a_mistake_is_found_at_its_line(tmp_path: Path, old: str, new: str, text: str) -> None:
    model = MODEL.replace(old, new, 1)
    found = check(write(tmp_path, model))
    told = [finding for finding in found if text in finding.message]
    assert told, found
    assert told[0].level == "error" and told[0].hint
    assert told[0].place.startswith(str(tmp_path / "model.yml"))
    if "time_dimension: snapshot" not in old and "unit: ratio" not in old:
        assert told[0].place == f"{tmp_path / 'model.yml'}:{line_of(model, new)}"


def test_each_mistake_is_told_once(tmp_path: Path) -> None:
    found = check(write(tmp_path, MODEL.replace("SUM(loans.balance)}", "SUM(loans.balanse)}", 1)))
    assert len(found) == 1


@pytest.mark.parametrize(
    ("policies", "place", "text"),
    [
        (POLICIES.replace("[all]", "[al]"), "policies.yml:", "unknown role 'al'"),
        ("roles: [", "policies.yml", ""),
        ("roles: {none: {hide: {metrics: [loan_balance, npl_balance, npl_ratio, good_balance]}}}\n"
         "principals: {hq: {roles: [none]}}", "policies.yml", "'hq' may see no metric"),
    ],
)  # fmt: skip
def test_policies_are_checked_too(tmp_path: Path, policies: str, place: str, text: str) -> None:
    found = check(write(tmp_path, policies=policies))
    assert len(found) == 1 and text in found[0].message
    assert place in found[0].place


def test_a_missing_folder_is_one_finding(tmp_path: Path) -> None:
    found = check(tmp_path / "nowhere")
    assert [finding.level for finding in found] == ["error"]


def test_a_shared_synonym_is_a_warning(tmp_path: Path) -> None:
    model = MODEL.replace("{name: loan_balance,", "{name: loan_balance, ai_context: {synonyms: [余额]},")
    model = model.replace("{name: npl_balance,", "{name: npl_balance, ai_context: {synonyms: [余额]},")
    assert [(f.level, "'余额' names both" in f.message) for f in check(write(tmp_path, model))] == [("warning", True)]


def check_data(folder: Path, change: str = "", model: str = MODEL) -> list[Finding]:
    path = folder / "bank.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(DATA + change)
    with DuckDbWarehouse(path, memory_limit="500MB", threads=1) as warehouse:
        return check(write(folder, model), warehouse)


FLAWS = [
    ("", MODEL, "", ""),
    ("DROP TABLE branch", MODEL, "error", "dataset 'branches': table 'branch' cannot be read"),
    ("ALTER TABLE loan_snapshot DROP COLUMN balance", MODEL, "error", "table 'loan_snapshot' has no column 'balance'"),
    ("INSERT INTO branch VALUES (1, '华北区')", MODEL, "error", "key (branch_id) of dataset 'branches' is not unique"),
    ("INSERT INTO loan_snapshot VALUES ('2024-12-31', 3, 9, 1.00, '正常'), ('2024-12-31', 4, NULL, 1.00, '正常')",
     MODEL, "warning", "relationship 'loan_branch': 1 rows of 'loan_snapshot' point at no row of 'branch'"),
    ("", MODEL.replace("华东区: [East]", "华东: [East]"), "warning", "gives aliases to '华东', which no row holds"),
    ("", MODEL.replace("华东区: [East]", "\"x' OR '1'='1\": [East]"), "warning", "which no row holds"),
    ("", MODEL.replace("SUM(loans.balance)}", "SUM(loans.risk_class)}"), "error", "metric 'loan_balance': "),
]  # fmt: skip


@pytest.mark.parametrize(("change", "model", "level", "text"), FLAWS, ids=[text or "whole" for *_, text in FLAWS])
def test_data_that_contradict_are_found(tmp_path: Path, change: str, model: str, level: str, text: str) -> None:
    found = check_data(tmp_path, change, model)
    if not text:
        assert found == []
        return
    assert [finding for finding in found if finding.level == level and text in finding.message and finding.hint], found


def test_a_missing_database_is_one_finding(tmp_path: Path) -> None:
    with DuckDbWarehouse(tmp_path / "none.duckdb", memory_limit="500MB") as warehouse:
        found = check(write(tmp_path), warehouse)
    assert [(finding.level, finding.place) for finding in found] == [("error", "source")]


def test_the_command_prints_place_message_and_hint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t2sql.toml").write_text('metrics = "."', encoding="utf-8")
    write(tmp_path)
    assert cli.main(["check"]) == 0
    assert capsys.readouterr().out == ""
    model = MODEL.replace("SUM(loans.balance)}", "SUM(loans.balanse)}", 1)
    write(tmp_path, model)
    assert cli.main(["check", str(tmp_path)]) == 3
    out, err = capsys.readouterr()
    place = f"{tmp_path / 'model.yml'}:{line_of(model, 'balanse')}"
    assert out.startswith(f"{place}: error: metric 'loan_balance': loans has no field 'balanse'.")
    assert "\n  → Use names of its fields.\n" in out and "1 error, 0 warnings" in err


def test_the_demo_banks_definitions_are_whole() -> None:
    assert check(Path(__file__).parents[1] / "metrics" / "bank") == []
