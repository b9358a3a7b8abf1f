"""Files of cases: what is read, and every mistake told at once with its line."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from t2sql.errors import ConfigError
from t2sql.evaluation.cases.files import askable, day_of, place, read_cases
from t2sql.evaluation.cases.nouns import Gold

from devsets import FOLDER, SETS, set_file
from needs import needs

EVALS = Path(__file__).parent.parent / "evals"


def written(folder: Path, text: str, name: str = "cases.yml") -> Path:
    """A file of cases."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "count", "golds"), [("bank_first", 60, 70), ("bank_dev", 120, 120), ("bad_inputs", 60, 0)]
)
def test_the_cases_that_stand_here_are_read(name: str, count: int, golds: int) -> None:
    file = read_cases(EVALS / f"{name}.yml")
    assert len(file.cases) == count
    assert sum(len(case.golds) for case in file.cases) >= golds
    assert len({case.asked.id for case in file.cases}) == count


def test_bank_first_keeps_its_clock_order_and_category() -> None:
    file = read_cases(EVALS / "bank_first.yml")
    case = next(case for case in file.cases if case.asked.id == "zh-24")
    assert (file.clock, case.is_ordered, case.category) == (date(2026, 7, 10), True, "ranking")
    assert "zh-24" in (EVALS / "bank_first.yml").read_text(encoding="utf-8").split("\n")[case.asked.line - 1]
    assert day_of(file, case, date(2030, 1, 1)) == date(2026, 7, 10)
    assert place(file, case).endswith(f"bank_first.yml:{case.asked.line}")


def test_bad_inputs_expect_what_they_say() -> None:
    by_id = {case.asked.id: case for case in read_cases(EVALS / "bad_inputs.yml").cases}
    assert by_id["bad_20"].expected == {"refusal"} and not by_id["bad_20"].golds
    assert by_id["bad_10"].expected == {"answer"}
    assert by_id["bad_10"].pair == by_id["bad_11"].pair == "6月末全行贷款余额是多少"


@pytest.mark.parametrize("name", SETS)
def test_public_sets_are_read(name: str) -> None:
    needs(FOLDER.is_dir(), "the public question sets in shared/devsets beside the checkout")
    file = read_cases(set_file(name))
    lines = [json.loads(line) for line in set_file(name).read_text(encoding="utf-8").splitlines()]
    assert len(file.cases) == len(lines)
    for case, line in zip(file.cases, lines, strict=True):
        assert (case.asked.id, case.asked.hints, case.tolerance) == (line["id"], line["evidence"], 1e-4)
        assert case.database is not None and case.database.is_file()
        assert case.clock == date(2026, 11, 18) and len(case.golds) == len(line["gold_sql"])
    stable = {line["id"] for line in lines if not line["unstable"]}
    assert {case.asked.id for case in askable(file)} == stable
    assert len(askable(file, unstable=True)) == len(lines)


EVERY_KEY = """
clock: 2026-07-10
tolerance: 0.001
database: bank.duckdb
cases:
- id: 1
  question: 各分行贷款余额
  language: zh
  category: by_dimension
  difficulty: 2
  principal: analyst_east
  hints: 余额折人民币
  conversation: talk
  pair: loans
  gold: [{sql: SELECT 1}, {semantic_sql: SELECT loan_balance FROM bank}, {rows: [[上海分行, 1.5], [null, 2026-01-01]]}]
  outcome: [answer, clarification]
  ordered: true
  tolerance: 0
  clock: 2026-01-01
  database: other.duckdb
  why: because
  draft: true
- {question: no id, as: hq, kind: number, check_sql: SELECT 2}
- {id: c, question: refused, outcome: refusal}
"""


def test_every_key_is_read(tmp_path: Path) -> None:
    file = read_cases(written(tmp_path, EVERY_KEY))
    one, two, three = file.cases
    assert (one.asked.id, one.asked.principal, one.asked.hints) == ("1", "analyst_east", "余额折人民币")
    assert (one.asked.conversation, one.asked.language, one.asked.line) == ("talk", "zh", 6)
    assert one.golds[:2] == (Gold("sql", "SELECT 1"), Gold("semantic_sql", "SELECT loan_balance FROM bank"))
    assert one.golds[2] == Gold("rows", rows=(("上海分行", 1.5), (None, date(2026, 1, 1))))
    assert one.expected == {"answer", "clarification"}
    assert (one.is_ordered, one.tolerance, one.difficulty, one.pair) == (True, 0, "2", "loans")
    assert (one.clock, one.database, one.is_draft) == (date(2026, 1, 1), tmp_path / "other.duckdb", True)
    assert (two.asked.id, two.asked.principal, two.category) == ("23", "hq", "number")
    assert (two.tolerance, two.database, two.clock) == (0.001, tmp_path / "bank.duckdb", None)
    assert three.expected == {"refusal"} and three.golds == ()
    assert [case.asked.id for case in askable(file)] == ["23", "c"]


def test_our_layout_in_lines(tmp_path: Path) -> None:
    line = {"id": "a", "question": "x", "gold": {"rows": [[1.25, "y"]]}, "ordered": True}
    file = read_cases(written(tmp_path, "\n" + json.dumps(line) + "\n", "cases.jsonl"))
    (case,) = file.cases
    assert (case.asked.line, case.golds[0].rows, case.is_ordered) == (2, ((Decimal("1.25"), "y"),), True)


WRONG = """
cases:
- {id: a, question: x, check_sql: SELECT 1}
- {id: a, question: x, check_sql: SELECT 1}
- {id: b, question: x, semantic_sqll: SELECT 1, outcome: refusal}
- {id: c, gold: {sql: SELECT 1}}
- {id: d, question: x}
- {id: e, question: x, kind: a, category: b, check_sql: SELECT 1}
- {id: f, question: x, principal: a, as: b, check_sql: SELECT 1}
- {id: g, question: x, gold: {sql: SELECT 1}, check_sql: SELECT 1}
- {id: h, question: x, check_sql: SELECT 1, outcome: refusal}
- {id: i, question: x, gold: {sql: SELECT 1, rows: [[1]]}}
- {id: j, question: x, gold: {rows: [[1], [1, 2]]}}
- {id: k, question: x, outcome: refuse}
- {id: l, question: x, check_sql: SELECT 1, tolerance: 2}
- {id: m, question: x, check_sql: SELECT 1, clock: soon}
- {id: n, question: x, check_sql: ""}
- not a case
- {id: p, question: x, check_sql: SELECT 1, language: fr}
"""
TOLD = {
    4: "the id 'a' stands at line 3", 5: "Did you mean 'semantic_sql'", 6: "question is missing", 7: "there is no gold",
    8: "kind and category", 9: "as and principal", 10: "short forms", 11: "an outcome without answer",
    12: "exactly one of", 13: "differ in width", 14: "'refuse' is none of", 15: "tolerance", 16: "clock",
    17: "check_sql is empty", 18: "keys with values", 19: "'fr' is none of",
}  # fmt: skip


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    path = written(tmp_path, WRONG)
    with pytest.raises(ConfigError) as raised:
        read_cases(path)
    lines = raised.value.message.split("\n")
    told = {int(line.removeprefix(f"{path}:").split(":")[0]): line for line in lines}
    assert told.keys() == TOLD.keys()
    for number, part in TOLD.items():
        assert part in told[number]
    assert raised.value.hint == "Correct these 16 places."


def test_twenty_mistakes_are_told(tmp_path: Path) -> None:
    path = written(tmp_path, "\n".join(json.dumps({"id": str(i)}) for i in range(50)), "cases.jsonl")
    with pytest.raises(ConfigError) as raised:
        read_cases(path)
    lines = raised.value.message.split("\n")
    assert len(lines) == 21 and "more" in lines[-1] and lines[0].startswith(f"{path}:1: ")


BROKEN = [
    ("cases.yml", "cases: [", "cases.yml:1"),
    ("cases.yml", "cases: 5", "must be a list"),
    ("cases.yml", "clock: 2026-01-01", "one list named cases"),
    ("cases.yml", "5", "a list of cases"),
    ("cases.yml", "[]", "no case"),
    ("cases.yml", "nonsense: 1\ncases: []", "unknown key 'nonsense'"),
    ("cases.jsonl", "{]", "cases.jsonl:1: not one JSON object"),
    ("cases.jsonl", "[1]", "cases.jsonl:1: not one JSON object"),
    ("cases.jsonl", '{"id": "a", "gold_sql": "SELECT 1"}', "db is missing"),
    ("cases.txt", "", "ends in .yml, .yaml or .jsonl"),
]


@pytest.mark.parametrize(("name", "text", "told"), BROKEN)
def test_a_broken_file_is_told(tmp_path: Path, name: str, text: str, told: str) -> None:
    with pytest.raises(ConfigError) as raised:
        read_cases(written(tmp_path, text, name))
    assert told in raised.value.message and raised.value.hint


@pytest.mark.parametrize("name", ["none.yml", "none.jsonl"])
def test_a_missing_file_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        read_cases(tmp_path / name)


def test_whole_numbers_are_exact_unless_a_larger_tolerance_is_asked_for(tmp_path: Path) -> None:
    case = "- {id: %s, question: x, check_sql: SELECT 1%s}\n"
    own = "".join(case % one for one in (("a", ""), ("b", ", tolerance: 0.01"), ("c", ", tolerance: 0")))
    file = read_cases(written(tmp_path, own))
    assert [one.exact_whole for one in file.cases] == [True, False, True]
    line = {"id": "q", "db": "d.duckdb", "question": "x", "gold_sql": "SELECT 1"}
    assert not read_cases(written(tmp_path, json.dumps(line), "set.jsonl")).cases[0].exact_whole


def test_hints_that_would_be_cut_are_a_mistake_of_our_own_files(tmp_path: Path) -> None:
    path = tmp_path / "cases.yml"
    path.write_text(f"- {{question: x, outcome: refusal, hints: {'长' * 4001}}}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"cases\.yml:1: the hints have 4,001 characters, of which 4000 are read"):
        read_cases(path)


def test_hints_of_a_public_set_that_are_read_in_part_are_told(tmp_path: Path) -> None:
    line = {"db": "x.duckdb", "question": "q", "gold_sql": "SELECT 1"}
    lines = [{**line, "id": "short", "evidence": "长" * 4000}, {**line, "id": "long", "evidence": "长" * 4001}]
    path = tmp_path / "set.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
    file = read_cases(path)
    assert len(file.cases) == 2
    assert file.told == (f"{path}: of the hints of 1 cases only the first 4000 characters are read: long.",)


def test_a_case_file_that_is_not_there_is_no_matter_of_settings(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file") as caught:
        read_cases(tmp_path / "none.yml")
    assert caught.value.hint == "Name a file of cases that is there."
