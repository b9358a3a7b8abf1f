"""`eval check`: what is wrong with cases although their file can be read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from t2sql.evaluation.cases.checks import Finding, check_cases
from t2sql.evaluation.cases.files import read_cases
from t2sql.evaluation.cases.golds import Golds

TODAY = date(2026, 7, 10)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A table of two rows."""
    path = tmp_path_factory.mktemp("checks") / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "CREATE TABLE sale AS SELECT * FROM (VALUES (1, 'x', 5), (2, 'y', 7)) AS t(id, kind, amount)"
        )
    yield path


def findings(folder: Path, database: Path, cases: str) -> list[Finding]:
    """What is found in cases given as YAML lines."""
    path = folder / "cases.yml"
    path.write_text(f"database: {database}\ncases:\n{cases}", encoding="utf-8")
    file = read_cases(path)
    with Golds(file, agent=None, today=TODAY) as golds:
        return check_cases(file, golds)


FAULTS = [
    ("fails", "check_sql: SELECT nothing FROM sale", "a gold fails: BinderException", True),
    ("no row", "check_sql: SELECT * FROM sale WHERE id > 9", "returns no row", True),
    ("only NULL and 0", "check_sql: 'SELECT NULL, 0, 0.0'", "nothing but NULL and 0", False),
    ("no row in literal rows", "gold: {rows: []}", "returns no row", True),
    (
        "golds of other numbers",
        "check_sql: [SELECT SUM(amount) FROM sale, SELECT SUM(id) FROM sale]",
        "gold 2 shares no",
        False,
    ),
    ("golds of other heights", "check_sql: [SELECT id FROM sale, SELECT 1]", "gold 2 shares no column", False),
    ("order without ORDER BY", "check_sql: SELECT id FROM sale, ordered: true", "has no ORDER BY", True),
    ("a pair of one", "check_sql: SELECT id FROM sale, pair: p", "has one member", False),
]


@pytest.mark.parametrize(("keys", "told", "is_error"), [pytest.param(*rest, id=name) for name, *rest in FAULTS])
def test_a_fault_is_found(tmp_path: Path, database: Path, keys: str, told: str, is_error: bool) -> None:
    good = "- {id: good, question: y, check_sql: SELECT kind FROM sale}\n"
    (found,) = findings(tmp_path, database, f"{good}- {{id: a, question: x, {keys}}}\n")
    assert told in found.text and (found.is_error, found.line, found.id) == (is_error, 4, "a")
    assert found.hint.endswith(".")


FINE = [
    ("a gold with a column more", "check_sql: ['SELECT kind FROM sale', 'SELECT kind, amount FROM sale']"),
    ("names for codes", "check_sql: ['SELECT id, amount FROM sale', 'SELECT kind, amount FROM sale']"),
    ("an order", "check_sql: SELECT id FROM sale ORDER BY id, ordered: true"),
    ("one row of several is zero", "check_sql: 'SELECT 0 UNION ALL SELECT 1'"),
    ("no answer is right", "outcome: refusal"),
    ("a draft", "check_sql: SELECT id FROM sale, draft: true"),
]


@pytest.mark.parametrize("keys", [pytest.param(keys, id=name) for name, keys in FINE])
def test_what_is_no_fault(tmp_path: Path, database: Path, keys: str) -> None:
    assert findings(tmp_path, database, f"- {{id: a, question: x, {keys}}}\n") == []


ONE = "check_sql: SELECT id FROM sale"
LONG = "What was the loan balance of the bank at the end of"
TWINS = [
    ("word for word", "各分行贷款余额", "各分行贷款余额", "", "is that of 'a' at line 3", True),
    ("but for width, case and points", "ABC 2025年？", "ａｂｃ２０２５年", "", "is that of 'a'", True),
    ("nearly", f"{LONG} June", f"{LONG} Jun", "", "nearly that of 'a'", False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "keys", "told", "is_error"), [pytest.param(*rest, id=name) for name, *rest in TWINS]
)
def test_a_question_asked_twice_is_found(
    tmp_path: Path, database: Path, first: str, second: str, keys: str, told: str, is_error: bool
) -> None:
    cases = f"- {{id: a, question: '{first}', {ONE}}}\n- {{id: b, question: '{second}', {ONE}{keys}}}\n"
    (found,) = findings(tmp_path, database, cases)
    assert told in found.text and (found.is_error, found.line) == (is_error, 4)


APART = [
    ("another year", "loan balance at the end of June 2025", "loan balance at the end of June 2024", ""),
    ("asked by others", "贷款余额", "贷款余额", ", principal: east"),
    ("with other hints", "贷款余额", "贷款余额", ", hints: 折人民币"),
    ("in a conversation", "按区域呢", "按区域呢", ", conversation: talk"),
]


@pytest.mark.parametrize(("first", "second", "keys"), [pytest.param(*rest, id=name) for name, *rest in APART])
def test_questions_that_are_not_the_same(tmp_path: Path, database: Path, first: str, second: str, keys: str) -> None:
    cases = f"- {{id: a, question: '{first}', {ONE}}}\n- {{id: b, question: '{second}', {ONE}{keys}}}\n"
    assert findings(tmp_path, database, cases) == []


def test_a_pair_may_ask_alike_and_must_have_one_gold(tmp_path: Path, database: Path) -> None:
    cases = (
        f"- {{id: a, question: 存款余额, pair: p, {ONE}}}\n"
        f"- {{id: b, question: 存款余额？, pair: p, {ONE}}}\n"
        "- {id: c, question: deposits, pair: p, check_sql: SELECT amount FROM sale}\n"
    )
    (found,) = findings(tmp_path, database, cases)
    assert found.id == "c" and found.is_error and "other rows than that of 'a'" in found.text


def test_findings_come_in_the_order_of_lines(tmp_path: Path, database: Path) -> None:
    cases = "".join(f"- {{id: c{i}, question: '{i} x', check_sql: SELECT nothing}}\n" for i in range(12))
    assert [found.line for found in findings(tmp_path, database, cases)] == list(range(3, 15))


def test_a_draft_may_wait_for_its_gold(tmp_path: Path, database: Path) -> None:
    draft = "- {id: a, question: how many, draft: true}\n- {id: b, question: who, draft: true, outcome: refusal}\n"
    found = findings(tmp_path, database, draft)
    assert [(one.id, one.is_error, one.text) for one in found] == [("a", False, "the draft has no gold.")]


def test_a_finding_ends_with_one_full_stop(tmp_path: Path, database: Path) -> None:
    (found,) = findings(tmp_path, database, "- {id: a, question: how many, check_sql: DELETE FROM sale}\n")
    assert found.text == "a gold fails: That is not one SELECT."
