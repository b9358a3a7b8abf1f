"""One evaluation over a small shop: who asked, what may be compared, what a stopped run may go on with."""

from __future__ import annotations

import json
import threading
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from t2sql import cli
from t2sql.errors import Cancelled, QuestionError
from t2sql.evaluation.batch.asking import Asking
from t2sql.evaluation.cases.files import read_cases
from t2sql.evaluation.run import ANSWERS, Heard, Wanted, evaluate
from t2sql.opening import open_agent
from t2sql.warehouse.contents import contents_sha256

from batch_shop import SLOW, build_big_shop, no_llm, settings_of, times_asked, write_jsonl

CASES = """\
clock: 2026-07-10
cases:
- {id: a, question: 2024年1月上海的销售收入, semantic_sql: "SELECT revenue FROM shop WHERE month = '2024-01' AND city = '上海'"}
- {id: b, question: 2024年2月北京的销售收入, principal: analyst, semantic_sql: "SELECT revenue FROM shop WHERE month = '2024-02' AND city = '北京'"}
- {id: c, question: 2024年3月北京的销售收入, principal: stranger, outcome: refusal}
"""  # noqa: E501


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shop, with a second person in it, and three cases."""
    folder = build_big_shop(tmp_path)
    policies = folder / "metrics" / "shop" / "policies.yml"
    known = policies.read_text(encoding="utf-8").rstrip()
    policies.write_text(f"{known}\n  boss: {{roles: [everything]}}\n", encoding="utf-8")
    (folder / "cases.yml").write_text(CASES, encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


def report_of(folder: Path) -> Any:
    """report.json."""
    return json.loads((folder / "report.json").read_text(encoding="utf-8"))


@pytest.mark.slow
def test_whoever_asked_stands_in_the_report_and_another_baseline_is_refused_first(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["eval", "cases.yml", "--out", "mine", "--as", "boss"]) == 0, capsys.readouterr().err
    found = report_of(shop / "mine")
    assert found["made_of"]["principal"] == "boss" and found["asked_now"] == 3
    assert {r["id"]: r["is_right"] for r in found["results"]} == {"a": True, "b": True, "c": True}
    # The prompts on record are those of the whole file, whoever is drawn.
    assert cli.main(["eval", "cases.yml", "--out", "one", "--as", "boss", "--sample", "1", "--seed", "3"]) == 0
    one = report_of(shop / "one")
    assert len(one["results"]) == 1 and one["made_of"]["prompt_sha256"] == found["made_of"]["prompt_sha256"]
    # A stranger's case ends in its expected refusal, and stops nobody.
    again = ["eval", "cases.yml", "--out", "other", "--baseline", "mine/report.json", "--no-regression"]
    assert cli.main(again) == 3
    assert "principal" in capsys.readouterr().err
    assert not (shop / "other").exists()


@pytest.mark.slow
def test_where_an_answer_was_wanted_the_options_are_run_against_the_gold(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sql = "SELECT revenue FROM shop WHERE month = '2024-01' AND city = '上海'"
    lines = [
        {"id": name, "question": "2024年1月沪市的销售收入", "principal": "boss", "outcome": "clarification",
         "failed": False, "columns": [], "rows": [], "readings": [{"text": "x", "semantic_sql": offered}]}
        for name, offered in (("a", sql), ("b", sql.replace("上海", "北京")), ("c", "SELECT nothing FROM shop"))
    ]  # fmt: skip
    cases = "".join(f'- {{id: {name}, question: 2024年1月沪市的销售收入, semantic_sql: "{sql}"}}\n' for name in "abc")
    (shop / "offered.yml").write_text(f"clock: 2026-07-10\ncases:\n{cases}", encoding="utf-8")
    answers = shop / "given.jsonl"
    answers.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    ended = cli.main(["eval", "offered.yml", "--out", "offered", "--as", "boss", "--answers", str(answers)])
    said = capsys.readouterr()
    assert ended == 0, said.err
    found = {r["id"]: r["offers_right"] for r in report_of(shop / "offered")["results"]}
    assert found == {"a": True, "b": False, "c": False}
    assert "33.3%" in said.out and "the right reading offered" in said.out


@pytest.mark.slow
def test_a_report_that_is_whole_is_not_asked_again_and_its_gates_hold(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = CASES.replace("city = '北京'", "city = '上海'", 1)
    (shop / "cases.yml").write_text(wrong, encoding="utf-8")
    words = ["eval", "cases.yml", "--out", "mine"]
    assert cli.main(words) == 0
    before = (shop / "mine" / "report.json").read_bytes()
    assert sorted(path.name for path in (shop / "mine").iterdir()) == [
        "answers.jsonl", "junit.xml", "report.html", "report.json",
    ]  # fmt: skip
    assert cli.main(words) == 2 and "holds a report" in capsys.readouterr().err
    assert cli.main([*words, "--resume"]) == 0
    said = capsys.readouterr()
    assert "whole already: nothing was asked" in said.err and "66.7%" in said.out
    # Nothing passes a gate for being there already.
    assert cli.main([*words, "--resume", "--min-accuracy", "90%"]) == 12
    (shop / "cases.yml").write_text(CASES, encoding="utf-8")
    assert cli.main([*words, "--resume"]) == 2
    assert "made with something else: cases sha256" in capsys.readouterr().err
    assert (shop / "mine" / "report.json").read_bytes() == before
    assert times_asked(shop, "2024年1月上海的销售收入") == 1


@pytest.mark.slow
def test_failures_of_a_report_are_asked_again(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = CASES.replace("2024年3月北京的销售收入, principal: stranger, outcome: refusal", f"{SLOW}, outcome: answer")
    (shop / "cases.yml").write_text(text, encoding="utf-8")
    words = ["eval", "cases.yml", "--out", "mine", "--timeout", "2"]
    assert cli.main(words) == 0
    said = capsys.readouterr().err
    assert "failed: c" in said and "--resume" in said
    assert cli.main([*words, "--resume"]) == 0
    assert report_of(shop / "mine")["asked_now"] == 1
    assert times_asked(shop, "2024年1月上海的销售收入") == 1
    (shop / "mine" / f"{ANSWERS}.partial").unlink()
    assert cli.main([*words, "--resume"]) == 2
    assert "questions failed: c" in capsys.readouterr().err


def test_a_case_for_an_answer_is_asked_by_somebody_known(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = CASES.replace("id: a,", "id: a, principal: bos,")
    (shop / "cases.yml").write_text(text, encoding="utf-8")
    assert cli.main(["eval", "cases.yml", "--out", "mine"]) == 2
    said = capsys.readouterr().err
    assert "cases.yml:3: no principal is called 'bos'. Did you mean 'boss'?" in said and "stranger" not in said
    assert not (shop / "mine").exists()


def test_answers_of_a_file_need_no_llm(shop: Path) -> None:
    answers = [{"id": name, "sql": "SELECT 1"} for name in "abc"]
    write_jsonl(shop / "answers.jsonl", answers)
    words = ["eval", "cases.yml", "--out", "mine", "--answers", "answers.jsonl"]
    assert cli.main([*words, "--llm", "http://127.0.0.1:9"]) == 0
    assert cli.main([*words[:3], "other", "--llm", "http://127.0.0.1:9"]) == 4


def test_outside_a_demo_cases_choose_nobody(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = shop / "t2sql.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("demo = true", "demo = false"), encoding="utf-8")
    assert cli.main(["eval", "cases.yml", "--out", "mine"]) == 6
    assert "cases.yml:5: only a demo may choose who asks" in capsys.readouterr().err


@pytest.mark.slow
def test_a_stopped_run_goes_on_with_the_same_data_only(shop: Path) -> None:
    settings = settings_of(shop)
    how = Asking(settings, no_llm, date(2026, 7, 10), origin="evaluation")
    wanted = Wanted(read_cases(shop / "cases.yml"), how, shop, ("none", ""))
    stop = threading.Event()
    heard = Heard(lambda what, done, total: None, lambda tally: stop.set() if tally.done else None)
    with pytest.raises(Cancelled, match="stopped"):
        evaluate(wanted, lambda chosen: open_agent(chosen), heard, stop)
    assert (shop / f"{ANSWERS}.partial").exists()
    with duckdb.connect(str(settings.database)) as connection:
        connection.execute("UPDATE sale SET amount = amount * 3")
    resumed = Wanted(wanted.file, how, shop, ("none", ""), resume=True)
    with pytest.raises(QuestionError, match="data"):
        evaluate(resumed, lambda chosen: open_agent(chosen), heard, threading.Event())


@pytest.mark.parametrize(
    ("made", "changed"),
    [
        ("CREATE TABLE x AS SELECT 1 AS t, 10 AS v", "UPDATE x SET v = 99"),
        ("CREATE TABLE x AS SELECT 1 AS a; CREATE VIEW y AS FROM x", "CREATE OR REPLACE VIEW y AS SELECT 2 AS a"),
        ("CREATE TABLE x AS SELECT 1 AS a", "INSERT INTO x SELECT * FROM x"),
        ("CREATE TABLE x AS SELECT 1 AS a", "ALTER TABLE x RENAME a TO b"),
    ],
    ids=["a column named t", "a view", "a row twice", "a column's name"],
)  # fmt: skip
def test_other_contents_have_another_fingerprint(made: str, changed: str, tmp_path: Path) -> None:
    prints = []
    for statement in (made, "SELECT 1", changed):
        with duckdb.connect(str(tmp_path / "x.duckdb")) as connection:
            connection.execute(statement)
        prints.append(contents_sha256(tmp_path / "x.duckdb", memory_limit="1GB", timeout_seconds=30))
    assert prints[0] == prints[1] != prints[2]
