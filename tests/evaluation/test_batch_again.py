"""A batch that has ended: what failed is asked again and nothing else, and what is whole is left alone."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
from evaluation.test_batch_files import EVIL, MADE_OF, failed, keep, opened, record
from openpyxl import load_workbook

from t2sql import cli
from t2sql.cli_many import share_of
from t2sql.errors import QuestionError
from t2sql.evaluation.batch.answer_files import write_answers
from t2sql.evaluation.batch.finished import refuse_unfinished
from t2sql.evaluation.batch.intake import read_questions
from t2sql.evaluation.batch.record_files import FINISHED, RecordFile
from t2sql.evaluation.records import Asked

from batch_shop import QUESTIONS, ROOT, SLOW, build_big_shop, kept_lines, times_asked, write_jsonl
from needs import needs

ASKED_AT = ("--clock", "2026-07-10")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shop of its own, which the command finds."""
    folder = build_big_shop(tmp_path / "shop")
    monkeypatch.chdir(folder)
    return folder


def lines_of(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.slow
def test_what_failed_is_asked_again_and_nothing_else(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"id": "a", "question": QUESTIONS[0]}, {"id": "s", "question": SLOW}, {"id": "b", "question": QUESTIONS[1]}]
    questions = write_jsonl(shop / "q.jsonl", [*rows, {"id": "s2", "question": SLOW}])
    words = ["batch", str(questions), "--out", "a.jsonl", *ASKED_AT, "--timeout", "2"]
    assert cli.main(words) == 11
    said = capsys.readouterr().err
    assert "failed: s, s2" in said and "--resume" in said
    assert [one["failed"] for one in lines_of(shop / "a.jsonl")] == [False, True, False, True]
    assert cli.main(words) == 2 and "a.jsonl exists" in capsys.readouterr().err
    with duckdb.connect(str(shop / "shop.duckdb")) as connection:
        connection.execute("CREATE OR REPLACE VIEW endless AS SELECT 7 AS part FROM range(3)")
    assert cli.main([*words, "--resume"]) == 0
    said = capsys.readouterr().err
    assert "2 records kept from before: only what failed is asked again" in said and "1 asked" in said
    found = lines_of(shop / "a.jsonl")
    assert [(one["id"], one["failed"]) for one in found] == [("a", False), ("s", False), ("b", False), ("s2", False)]
    assert found[1]["rows"] == found[3]["rows"] == [[21]] and found[3]["duplicate_of"] == "s"
    assert times_asked(shop, QUESTIONS[0]) == 1 and not (shop / "a.jsonl.partial").exists()
    before = (shop / "a.jsonl").read_bytes()
    assert cli.main([*words, "--resume"]) == 0
    assert "whole already: nothing to do" in capsys.readouterr().err and (shop / "a.jsonl").read_bytes() == before


def test_failures_before_the_end_are_forgotten_by_who_goes_on(tmp_path: Path) -> None:
    with opened(tmp_path) as kept:
        keep(kept, record("a"), failed("b", "timeout"))
        kept.copy("c", "b")
        kept.finish()
    with opened(tmp_path, resume=True) as kept:
        assert kept.was_finished and [name in kept for name in "abc"] == [True, False, False]
        keep(kept, failed("b", "timeout"))
    # Killed while it asked again: what was asked again is final, as in any batch.
    with opened(tmp_path, resume=True) as kept:
        assert [name in kept for name in "abc"] == [True, True, False] and kept.told("b").is_failure
        assert kept.was_finished and not kept.damaged


def test_force_begins_anew_only_where_nothing_was_stopped(tmp_path: Path) -> None:
    def force() -> RecordFile:
        return RecordFile.open(tmp_path / "out.jsonl.partial", MADE_OF, is_forced=True)

    with opened(tmp_path) as kept:
        keep(kept, failed("a", "timeout"))
    with pytest.raises(QuestionError, match="begun and not finished"):
        force()
    with opened(tmp_path, resume=True) as kept:
        kept.finish()
    with force() as kept:
        assert len(kept) == 0
    assert FINISHED not in (tmp_path / "out.jsonl.partial").read_bytes()


def test_answers_that_a_stopped_batch_was_to_replace_stay(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    questions = write_jsonl(shop / "q.jsonl", [{"id": "a", "question": QUESTIONS[0]}])
    words = ["batch", str(questions), "--out", "a.jsonl", *ASKED_AT]
    assert cli.main(words) == 0
    header = json.dumps({"t2sql_records": 1, "made_of": {}}) + "\n"
    (shop / "a.jsonl.partial").write_text(header, encoding="utf-8")
    assert cli.main([*words, "--resume"]) == 2
    assert "begun with something else" in capsys.readouterr().err and lines_of(shop / "a.jsonl")[0]["id"] == "a"


def written(folder: Path, ending: str, *records: Any) -> Path:
    with RecordFile.open(folder / "kept", MADE_OF) as kept:
        keep(kept, *records)
        out = folder / f"out{ending}"
        write_answers([one["id"] for one in records], kept, out, language="zh")
    return out


ENDINGS = (".jsonl", ".csv", ".xlsx")
TEXTS = [*EVIL, "上海的收入", "a\x1bb", "'quoted'"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_whole_answers_are_known_by_every_question(ending: str, tmp_path: Path) -> None:
    out = written(tmp_path, ending, *(record(f"{i}", question=text) for i, text in enumerate(TEXTS)))
    asked = [Asked(f"{i}", text) for i, text in enumerate(TEXTS)]
    refuse_unfinished(out, tmp_path / "kept", asked)
    more = [*asked, Asked("more", "x")]
    with pytest.raises(QuestionError, match="no answer to 'more'"):
        refuse_unfinished(out, tmp_path / "kept", more)
    with pytest.raises(QuestionError, match="other questions: see '0'"):
        refuse_unfinished(out, tmp_path / "kept", [Asked("0", "another"), *asked[1:]])
    with pytest.raises(QuestionError, match="other questions: see '9'"):
        refuse_unfinished(out, tmp_path / "kept", asked[:-1])


@pytest.mark.parametrize("ending", ENDINGS)
def test_failures_whose_records_are_gone_are_named(ending: str, tmp_path: Path) -> None:
    names = [f"q{i}" for i in range(12)]
    out = written(tmp_path, ending, *(failed(name, "timeout") for name in names), record("right"))
    asked = [Asked(name, f"question {name}") for name in [*names, "right"]]
    with pytest.raises(QuestionError, match=r"failed there: q0, .*q9 and 2 more; .* is gone"):
        refuse_unfinished(out, tmp_path / "out.partial", asked)


@pytest.mark.parametrize(("ending", "content"), [(".jsonl", "nothing\n"), (".csv", "id,question\na,b\n")])
def test_a_file_of_something_else_is_not_taken_for_answers(ending: str, content: str, tmp_path: Path) -> None:
    out = tmp_path / f"out{ending}"
    out.write_text(content, encoding="utf-8")
    with pytest.raises(QuestionError, match="not as `t2sql batch` writes"):
        refuse_unfinished(out, tmp_path / "kept", [Asked("a", "b")])


GHOSTS = ("id", "question", "principal")


@pytest.mark.parametrize("name", ["ghost", "analyts"])
def test_an_unknown_principal_is_told_before_anything_is_asked(
    name: str, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (shop / "q.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([GHOSTS, *(("", f"question {i}", name) for i in range(25)), ("", "x", "analyst")])
    words = ["batch", "q.csv", "--out", "a.csv", *ASKED_AT]
    assert cli.main(words) == 2
    said = capsys.readouterr().err
    assert f"q.csv:2: no principal is called '{name}'" in said and "… and 5 more." in said
    assert ("Did you mean 'analyst'" in said) == (name == "analyts")
    assert not list(shop.glob("a.csv*"))


def test_whoever_asks_all_of_it_must_be_known(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    questions = write_jsonl(shop / "q.jsonl", [{"question": "x"}])
    assert cli.main(["batch", str(questions), "--out", "a.csv", "--as", "ghost"]) == 2
    said = capsys.readouterr().err
    assert "No principal is called 'ghost'" in said and "--as" in said and "q.jsonl" not in said


@pytest.mark.parametrize(("text", "share"), [("5%", 0.05), (" 0.05 ", 0.05), ("0", 0), ("100%", 1), ("1", 1)])
def test_the_share_that_may_fail_is_written_either_way(text: str, share: float) -> None:
    assert share_of("--max-failures", text) == pytest.approx(share)


@pytest.mark.parametrize("text", ["101%", "2", "half", "-1", "nan", ""])
def test_what_is_no_share_is_refused_as_other_wrong_usage(
    text: str, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = write_jsonl(shop / "q.jsonl", [{"question": "x"}])
    assert cli.main(["batch", str(questions), "--out", "a.csv", f"--max-failures={text}"]) == 2
    assert "0.05 or 5%" in capsys.readouterr().err


@pytest.mark.parametrize("llm", ["http://127.0.0.1:9", "qwen2.5-coder-0.5b"])
def test_an_llm_that_is_not_there_is_told_before_anything_is_asked(
    llm: str, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = write_jsonl(shop / "q.jsonl", [{"question": QUESTIONS[0]}])
    assert cli.main(["batch", str(questions), "--out", "a.csv", "--llm", llm]) == 4
    assert llm in capsys.readouterr().err and not list(shop.glob("a.csv*"))


FULL = """
mount -t tmpfs -o size=64k none out || exit 99
{t2sql} batch q.jsonl --out out/a.{ending} --clock 2026-07-10 2>first; echo $? >>codes
cp out/a.{ending}.partial kept; ls out >there
mount -o remount,size=4m out
{t2sql} batch q.jsonl --out out/a.{ending} --clock 2026-07-10 --resume 2>second; echo $? >>codes
cp out/a.{ending} whole.{ending}
"""


@pytest.mark.slow
def test_a_full_disk_is_told_and_loses_nothing(shop: Path) -> None:
    needs(shutil.which("unshare"), "unshare")
    tried = subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"], check=False, capture_output=True)
    needs(tried.returncode == 0, "rights to mount a disk of its own")
    write_jsonl(shop / "q.jsonl", [{"id": f"q{i}", "question": text} for i, text in enumerate(QUESTIONS)])
    (shop / "out").mkdir()
    script = FULL.format(t2sql=f"PYTHONPATH={ROOT} {sys.executable} -m t2sql.cli", ending="jsonl")
    done = subprocess.run(["unshare", "-rm", "bash", "-c", script], cwd=shop, check=False, timeout=300)
    assert done.returncode == 0
    first = (shop / "first").read_text(encoding="utf-8")
    assert (shop / "codes").read_text().split() == ["2", "0"], first
    assert "out/a.jsonl.partial: No space left on device" in first and "--resume" in first
    assert "defect" not in first and "Traceback" not in first
    finished = kept_lines(shop / "kept")
    assert 0 < finished < len(QUESTIONS) and (shop / "kept").read_bytes().endswith(b"\n")
    assert f"{finished} records kept from before" in (shop / "second").read_text(encoding="utf-8")
    assert [one["id"] for one in lines_of(shop / "whole.jsonl")] == [f"q{i}" for i in range(len(QUESTIONS))]


@pytest.mark.slow
def test_headers_are_in_the_language_of_who_asks(shop: Path) -> None:
    questions = write_jsonl(shop / "q.jsonl", [{"question": QUESTIONS[0]}, {"question": QUESTIONS[1]}])
    assert cli.main(["batch", str(questions), "--out", "a.xlsx", "--result-sheets", *ASKED_AT]) == 0
    book = load_workbook(shop / "a.xlsx")
    sheet = book["答案"]
    names = [cell.value for cell in sheet[1]]
    assert names[:2] == ["编号", "问题"] and names[-1] == "工作表"
    assert [one.text for one in read_questions(shop / "a.xlsx").asked] == QUESTIONS[:2]
    assert "销售收入（元）" in [cell.value for cell in book[sheet.cell(2, len(names)).value][1]]


def test_output_without_room_is_no_defect() -> None:
    command = f"PYTHONPATH={ROOT} {sys.executable} -m t2sql.cli eval --help >/dev/full"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2 and "No space left on device" in done.stderr
    assert "defect" not in done.stderr and "Exception ignored" not in done.stderr
