"""What names, comments and types say of a column: tables of cases in columns.yml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from t2sql.onboarding.date_texts import date_format_of
from t2sql.onboarding.introspect import FoundColumn, FoundTable, kind_of
from t2sql.onboarding.name_parts import column_parts, is_short_for, table_stem
from t2sql.onboarding.personal import personal_by_name, personal_by_values
from t2sql.onboarding.profile import profile_of
from t2sql.onboarding.roles import role_of
from t2sql.onboarding.units import unit_of

CASES: dict[str, Any] = YAML(typ="safe").load((Path(__file__).parent / "columns.yml").read_text(encoding="utf-8"))


def _column(name: str, kind: str = "VARCHAR", comment: str = "") -> FoundColumn:
    return FoundColumn(name, kind, kind_of(kind), True, comment)


def _said(case: dict[str, str]) -> FoundColumn:
    kind, name = case["column"].split()
    return _column(name, kind, case.get("comment", ""))


def _table(name: str, *columns: FoundColumn) -> FoundTable:
    return FoundTable("", name, False, "", 100, columns)


@pytest.mark.parametrize(
    ("table", "case"), [(table, case) for table, cases in CASES["roles"].items() for case in cases], ids=str
)
def test_role(table: str, case: dict[str, str]) -> None:
    found = role_of(
        _said(case),
        None,
        table=table,
        is_key=False,
        is_link=False,
        is_dated_text=False,
        has_time=True,
        is_lookup=False,
    )
    assert found.what == case["role"]
    assert found.reason.zh and found.reason.en


@pytest.mark.parametrize("case", CASES["personal"], ids=str)
def test_personal_by_name(case: dict[str, str]) -> None:
    column = _column(case["column"], case.get("type", "VARCHAR"), case.get("comment", ""))
    others = (_column("c_one"), _column("c_two")) if case["column"].startswith("c_") else ()
    found = personal_by_name(_table(case["table"], column, *others), column)
    assert (found.what if found else "") == case["kind"]


@pytest.mark.parametrize("case", CASES["units"], ids=str)
def test_unit(case: dict[str, str]) -> None:
    found = unit_of(_said(case))
    assert (found.what if found else "") == case["unit"]


@pytest.mark.parametrize("case", CASES["parts"], ids=str)
def test_name_parts(case: dict[str, str]) -> None:
    parts = column_parts(case["name"])
    assert (" ".join(parts.head), parts.ending) == (case["head"], case["ending"])


@pytest.mark.parametrize("case", CASES["stems"], ids=str)
def test_table_stem(case: dict[str, str]) -> None:
    assert " ".join(table_stem(case["name"])) == case["stem"]


@pytest.mark.parametrize(
    ("short", "long", "is_one"),
    [
        ("doc", "doctor", True),
        ("dept", "department", True),
        ("acct", "account", True),
        ("txn", "transaction", True),
        ("cust", "customer", True),
        ("car", "customer", False),
        ("sale", "salary", False),
        ("or", "order", False),
        ("date", "department", False),
    ],
)
def test_short_forms(short: str, long: str, is_one: bool) -> None:
    assert is_short_for(short, long) is is_one


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([f"person{i}@bank.example" for i in range(9)], "email"),
        ([f"1391234567{i}" for i in range(9)], "phone"),
        ([f"(555)-123-456{i}" for i in range(9)], "phone"),
        ([f"555-123-456{i}" for i in range(9)], "phone"),
        ([f"11010519491231{i:03}X" for i in range(9)], "identity"),
        ([f"word {i}" for i in range(9)], ""),
        (["one@bank.example"], "email"),
        (["one@bank.example", "none"], ""),
    ],
)
def test_personal_by_values(values: list[str], kind: str) -> None:
    found = personal_by_values(_column("c1"), values)
    assert (found.what if found else "") == kind
    assert found is None or not any(value in repr(found) for value in values)


@pytest.mark.parametrize(
    ("name", "kind", "values", "form"),
    [
        ("start_dt", "VARCHAR", ["2024-01-31", None, "2023-02-28"], "%Y-%m-%d"),
        ("stat_month", "INTEGER", [202401, 202312], "%Y%m"),
        ("data_date", "INTEGER", [20240131, 20231231], "%Y%m%d"),
        ("amount", "INTEGER", [202401, 202312], ""),
        ("stat_month", "INTEGER", [202413], ""),
        ("period", "VARCHAR", ["2024-01", "2024-02"], "%Y-%m"),
        ("日期", "VARCHAR", ["2024年1月3日"], "%Y年%m月%d日"),
        ("note_date", "VARCHAR", ["soon", "2024-01-31"], ""),
        ("empty_date", "VARCHAR", [None, ""], ""),
    ],
)
def test_dates_in_other_types(name: str, kind: str, values: list[Any], form: str) -> None:
    found = date_format_of(_column(name, kind), values)
    assert (found.what if found else "") == form


def test_a_profile_counts_nulls_and_values() -> None:
    found = profile_of(_column("status"), ["a", "b", "a", None], is_whole=True)
    assert (found.sampled, found.nulls, found.distinct, found.values) == (4, 1, 2, (("a", 2), ("b", 1)))
    assert (found.least, found.greatest, found.is_complete_list) == ("a", "b", True)


def test_a_profile_of_nothing() -> None:
    found = profile_of(_column("status"), [], is_whole=True)
    assert (found.sampled, found.distinct, found.least, found.values) == (0, 0, None, ())


def test_a_profile_cuts_long_texts() -> None:
    found = profile_of(_column("note"), ["x" * 256] * 3, is_whole=True)
    assert found.least is not None and len(found.least) == 80 and found.values == ()


def test_not_a_number_has_no_place_in_a_range() -> None:
    found = profile_of(_column("rate", "DOUBLE"), [1.5, float("nan"), 0.5], is_whole=True)
    assert (found.least, found.greatest) == ("0.5", "1.5")
