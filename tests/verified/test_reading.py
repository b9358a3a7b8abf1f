"""verified.yml: mistakes are told with file and line, and what is broken is never used."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from t2sql.catalog import Catalog, Display
from t2sql.errors import ConfigError
from t2sql.policy import Narrowed, Policies, Principal
from t2sql.policy_shapes import PoliciesShape, Role
from t2sql.verified import check_entries, note_of, read_verified, verified_fingerprint

METRICS = Path(__file__).parent.parent.parent / "metrics" / "bank"
BY_BRANCH = "SELECT branch, loan_balance FROM bank WHERE month = '2025-12'"
ENTRY = """\
- id: {id}
  question: {{{question}}}
  semantic_sql: {sql}
  verified_by: 计划财务部 / Finance
  verified_on: 2026-07-01
"""


def write(folder: Path, *entries: tuple[str, str], ids: tuple[str, ...] = ("a", "b", "c")) -> Path:
    """A folder with a verified.yml of (question, semantic SQL); one entry is five lines, the first begins on line 2."""
    texts = [ENTRY.format(id=i, question=q, sql=s) for i, (q, s) in zip(ids, entries, strict=False)]
    (folder / "verified.yml").write_text("verified:\n" + "".join(texts), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def whole(catalog: Catalog) -> Narrowed:
    """The catalog without limits of rights."""
    everything = Policies(PoliciesShape(roles={"all": Role()}))
    return everything.narrow(catalog, Principal("all", ("all",), Display("全部", "all")))


def told(folder: Path, whole: Narrowed) -> list[str]:
    """What the check says."""
    return [error.message for error in check_entries(read_verified(folder), whole)]


def test_no_file_is_no_entry(tmp_path: Path) -> None:
    """An installation need not have any."""
    assert read_verified(tmp_path) == ()


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("verified:\n" + ENTRY.format(id="a", question="en: x", sql="SELECT a") + "  by: F\n", 7, "unknown key 'by'"),
        ("verified:\n- id: a\n  question: {en: x}\n  semantic_sql: SELECT a\n  verified_by: F\n", 2, "verified_on"),
        ("verified:\n- id: a\n  question: {fr: x}\n", 3, "question"),
        ("verified: 3\n", 1, "list"),
        ("verified:\n- id: a b\n", 2, "id"),
    ],
)
def test_a_wrong_shape_is_told_with_its_line(tmp_path: Path, text: str, line: int, problem: str) -> None:
    """As in model.yml and policies.yml."""
    (tmp_path / "verified.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_verified(tmp_path)
    assert f"verified.yml:{line}:" in caught.value.message
    assert problem in caught.value.message


def test_an_id_stands_once(tmp_path: Path) -> None:
    """A note names the entry by its id."""
    write(tmp_path, ("en: loans by branch", BY_BRANCH), ("en: deposits by branch", BY_BRANCH), ids=("a", "a"))
    with pytest.raises(ConfigError, match=r"verified\.yml:7: id 'a' is there twice"):
        read_verified(tmp_path)


BROKEN = [
    ("en: loan balance by branch at the end of 2024", BY_BRANCH, "period 2024-12"),
    ("en: loan balance by branch", BY_BRANCH, "names the period '2025-12', and the question names none"),
    ("en: top 3 branches by loan balance at the end of 2025", BY_BRANCH + " LIMIT 5", "number 3 is neither LIMIT"),
    (
        "en: branches with an NPL ratio above 3% at the end of 2025",
        "SELECT branch, npl_ratio FROM bank WHERE month = '2025-12' AND npl_ratio > 0.02",
        "bound > 0.03 is no comparison",
    ),
    (
        "en: branches with an NPL ratio above 2% at the end of 2025",
        "SELECT branch, npl_ratio FROM bank WHERE month = '2025-12' AND npl_ratio >= 0.02",
        "bound > 0.02 is no comparison",
    ),
    ("zh: 2025年末小微的贷款余额", "SELECT loan_balance FROM bank WHERE month = '2025-12'", "is no condition"),
    ("zh: 2025年末各分行的存款余额", BY_BRANCH, "names 'deposit_balance', and the semantic SQL does not"),
    ("zh: 2025年末各分行的贷款余额", "SELECT branch, loan_balans FROM bank WHERE month = '2025-12'", "loan_balans"),
    ("zh: 2025年末各分行的贷款余额", "'SELECT branch FROM FROM bank'", "FROM"),
]


@pytest.mark.parametrize(("question", "sql", "problem"), BROKEN)
def test_a_slot_without_its_place_is_told(
    tmp_path: Path, whole: Narrowed, question: str, sql: str, problem: str
) -> None:
    """With file and line of the entry, once."""
    found = told(write(tmp_path, (question, sql)), whole)
    assert len(found) == 1
    assert "verified.yml:2: verified question 'a'" in found[0]
    assert problem in found[0]


def test_two_that_answer_otherwise_are_told(tmp_path: Path, whole: Narrowed) -> None:
    """The same words, another period, and another semantic SQL: neither could be used."""
    other = "SELECT branch, loan_balance FROM bank WHERE month = '2024-12' ORDER BY loan_balance DESC"
    write(tmp_path, ("zh: 2025年末各分行的贷款余额", BY_BRANCH), ("zh: 2024年末各分行的贷款余额", other))
    assert ["'b' asks what 'a' asks" in text for text in told(tmp_path, whole)] == [True]


def test_what_is_signed_is_part_of_the_identity(tmp_path: Path) -> None:
    """Other semantic SQL is another installation; another place in the file is the same."""
    one = read_verified(write(tmp_path, ("zh: 各分行的贷款余额", BY_BRANCH)))
    moved = tuple(replace(entry, place=replace(entry.place, line=99)) for entry in one)
    other = tuple(replace(entry, semantic_sql="SELECT npl_ratio FROM bank") for entry in one)
    assert verified_fingerprint(one) == verified_fingerprint(moved)
    assert len({verified_fingerprint(some) for some in (one, other, ())}) == 3


def test_the_note_names_the_office_and_the_day() -> None:
    """In both languages."""
    entry = replace(read_verified(METRICS)[0], verified_by="计划财务部 / Finance", verified_on=date(2026, 7, 1))
    note = note_of(entry)
    assert note.code == "verified"
    assert all(part in text for text in (note.zh, note.en) for part in ("Finance", "2026-07-01", entry.id))
