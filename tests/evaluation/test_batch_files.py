"""Records kept on disk, and files of answers: nothing lost, nothing rounded, no formula, one record in memory."""

from __future__ import annotations

import csv
import datetime
import gc
import json
import resource
import sys
import tracemalloc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from made_records import EVIL, MADE_OF, failed, keep, opened, record
from openpyxl import load_workbook

from t2sql.errors import QuestionError
from t2sql.evaluation.batch.answer_fields import FIELDS
from t2sql.evaluation.batch.answer_files import refuse_out, write_answers
from t2sql.evaluation.batch.intake import read_questions
from t2sql.evaluation.batch.record_files import RecordFile, header_of


def test_a_record_is_on_the_disk_when_it_is_kept(tmp_path: Path) -> None:
    with opened(tmp_path) as kept:
        keep(kept, record("a", rows=[["x", "2025-12-31", Decimal("12345678901234567890.120")]]))
        lines = (tmp_path / "out.jsonl.partial").read_text(encoding="utf-8").splitlines()
    assert json.loads(lines[0])["made_of"] == MADE_OF == header_of(tmp_path / "out.jsonl.partial")
    assert "12345678901234567890.120" in lines[1]
    assert (tmp_path / "out.jsonl.partial").stat().st_mode & 0o077 == 0


def test_what_was_finished_is_read_again(tmp_path: Path) -> None:
    with opened(tmp_path) as kept:
        keep(kept, record("a"), failed("b", "timeout"))
        kept.copy("c", "a")
    with opened(tmp_path, resume=True) as kept:
        assert [name in kept for name in "abcd"] == [True, True, True, False]
        assert kept.record("c") == {**kept.record("a"), "id": "c", "duplicate_of": "a"}
        assert (kept.told("b").is_failure, kept.told("b").code, kept.told("c").outcome) == (True, "timeout", "answer")


@pytest.mark.parametrize("cut", [1, 5, 200])
def test_a_torn_last_line_is_dropped(cut: int, tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl.partial"
    with opened(tmp_path) as kept:
        keep(kept, record("a"), record("b"))
    path.write_bytes(path.read_bytes()[:-cut])
    with opened(tmp_path, resume=True) as kept:
        assert ("a" in kept, "b" in kept) == (True, False)
        keep(kept, record("b", explanation="again"))
    with opened(tmp_path, resume=True) as kept:
        assert kept.record("b")["explanation"] == "again" and not kept.damaged


def test_torn_within_the_first_line_it_begins_anew(tmp_path: Path) -> None:
    (tmp_path / "out.jsonl.partial").write_bytes(b'{"t2sql_rec')
    with opened(tmp_path) as kept:
        assert len(kept) == 0
    assert header_of(tmp_path / "out.jsonl.partial") == MADE_OF


def test_a_damaged_line_costs_only_its_question(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl.partial"
    with opened(tmp_path) as kept:
        keep(kept, record("a"), record("b"), record("c"))
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:2], lines[2][:40] + b"\n", lines[3]]))
    with opened(tmp_path, resume=True) as kept:
        assert ("a" in kept, "b" in kept, "c" in kept, kept.damaged) == (True, False, True, [3])


def test_failures_for_want_of_something_are_asked_again(tmp_path: Path) -> None:
    with opened(tmp_path) as kept:
        keep(kept, failed("a", "warehouse_unavailable"), failed("b", "warehouse"), failed("c", "llm_unavailable"))
        kept.copy("d", "a")
    with opened(tmp_path, resume=True) as kept:
        assert [name in kept for name in "abcd"] == [False, True, False, False]


def test_one_that_stands_there_is_refused_with_both_cures(tmp_path: Path) -> None:
    opened(tmp_path).close()
    with pytest.raises(QuestionError, match="begun and not finished") as caught:
        opened(tmp_path)
    assert "--resume" in caught.value.hint and "delete" in caught.value.hint


def test_another_clock_is_refused_by_name(tmp_path: Path) -> None:
    opened(tmp_path).close()
    with pytest.raises(QuestionError, match="clock: then '2026-07-10', now '2026-07-11'"):
        opened(tmp_path, resume=True, clock="2026-07-11")


def test_a_second_process_is_refused(tmp_path: Path) -> None:
    with opened(tmp_path), pytest.raises(QuestionError, match="being written by another process"):
        opened(tmp_path, resume=True)
    opened(tmp_path, resume=True).close()


def written(tmp_path: Path, ending: str, *records: Mapping[str, Any], **keys: Any) -> tuple[Path, tuple[str, ...]]:
    out = tmp_path / f"out{ending}"
    with RecordFile.open(tmp_path / f"{out.name}.partial", MADE_OF) as kept:
        keep(kept, *records)
        done = write_answers([one["id"] for one in records], kept, out, **keys)
    assert not out.with_name(out.name + ".writing").exists()
    return out, done.told


def test_jsonl_is_exact_and_in_order(tmp_path: Path) -> None:
    rows = [["上海\x1b", "2025-12-31", Decimal("12345678901234567890.120")], [None, None, Decimal("0.10")]]
    out = tmp_path / "out.jsonl"
    with opened(tmp_path) as kept:
        keep(kept, record("b"), record("a", rows=rows))
        kept.copy("c", "a")
        write_answers(["a", "b", "c"], kept, out)
    found = [json.loads(line, parse_float=Decimal) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(one["id"], one["duplicate_of"]) for one in found] == [("a", None), ("b", None), ("c", "a")]
    assert found[0]["rows"] == found[2]["rows"] == rows
    assert "\x1b" not in out.read_text(encoding="utf-8")
    assert set(found[0]) == set(found[2]) == set(record("x"))


def test_csv_has_every_digit_and_no_formula(tmp_path: Path) -> None:
    figure = record("n", rows=[["x", "2025-12-31", Decimal("-12345678901234567890.120")]])
    evil = [record(f"e{i}", question=text, hints=text) for i, text in enumerate(EVIL)]
    out, _ = written(tmp_path, ".csv", figure, *evil)
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [field.name for field in FIELDS]
    assert rows[0]["value"] == "-12345678901234567890.120" and rows[0]["failed"] == "false"
    for row, text in zip(rows[1:], EVIL, strict=True):
        shown = "\\r=1" if text.startswith("\r") else "'" + text
        assert row["question"] == row["hints"] == shown


def test_xlsx_is_typed_and_has_no_formula(tmp_path: Path) -> None:
    rows = [["=1+1", "2025-12-31", Decimal("1234567.89")], ["\x0b_x000D_", None, 6222021234567890123]]
    evil = [record(f"e{i}", question=text) for i, text in enumerate(EVIL)]
    answer = record("a/b:c*d?[e]" + "长" * 40, rows=rows)
    out, said = written(
        tmp_path, ".xlsx", answer, *evil, record("History"), record("A/b:c*d?[e]" + "长" * 40), result_sheets=True
    )
    book = load_workbook(out)
    assert all(cell.data_type != "f" for sheet in book for line in sheet.iter_rows() for cell in line)
    answers = list(book["answers"].values)
    assert [line[1] for line in answers[2:-2]] == [text.replace("\r", "\\r") for text in EVIL]
    names = [line[-1] for line in answers[1:]]
    assert len({name.casefold() for name in names}) == len(names) == len(book.sheetnames) - 1
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names) and "History" not in names
    cells = list(book[names[0]].values)
    assert cells[1] == ("=1+1", datetime.datetime(2025, 12, 31), 1234567.89)
    assert cells[2][2] == "6222021234567890123"
    assert any("more than 15 digits" in line for line in said)


def test_xlsx_cuts_aloud(tmp_path: Path) -> None:
    out, said = written(tmp_path, ".xlsx", record("a", explanation="长" * 40_000))
    cell = load_workbook(out)["answers"].cell(2, 11).value
    assert isinstance(cell, str) and len(cell) == 32_767 and cell.endswith("[cut: 40,000 characters in all]")
    assert said == ("1 cells longer than 32,767 characters were cut; JSON Lines holds them whole.",)


UNITS = [
    ("CNY", "number", "m", "#,##0.00", "figure（元）"),
    ("ratio", "number", "m", "0.00%", "figure"),
    ("points", "number", "m", "+0.00%;-0.00%;0.00%", "figure（个百分点）"),
    ("count", "integer", "m", "#,##0", "figure"),
    ("CNY/户", "number", "m", "#,##0.00", "figure（元/户）"),
    ("", "integer", "", "General", "figure"),
]


@pytest.mark.parametrize(("unit", "kind", "metric", "shown_as", "head"), UNITS, ids=[row[0] for row in UNITS])
def test_a_workbook_shows_numbers_by_their_unit(
    unit: str, kind: str, metric: str, shown_as: str, head: str, tmp_path: Path
) -> None:
    column = {"name": "f", "type": kind, "unit": unit, "metric": metric}
    answer = record("a", columns=[column], rows=[[7]], headings=["figure"], language="zh")
    out, _ = written(tmp_path, ".xlsx", answer, result_sheets=True, language="zh")
    book = load_workbook(out)
    assert (book["a"]["A1"].value, book["a"]["A2"].number_format, book["a"]["A2"].value) == (head, shown_as, 7)
    names = [cell.value for cell in book["答案"][1]]
    value = book["答案"].cell(2, names.index("数值") + 1)
    assert (value.value, value.number_format) == (7, shown_as)


def test_a_workbook_is_laid_out_to_be_read(tmp_path: Path) -> None:
    answer = record("it's", rows=[["长" * 15, "2025-12-31", 1], ["b", None, 2]])
    out, _ = written(tmp_path, ".xlsx", answer, failed("b", "timeout"), result_sheets=True)
    book = load_workbook(out)
    answers, result = book["answers"], book["it's"]
    names = [cell.value for cell in answers[1]]
    assert answers.freeze_panes == result.freeze_panes == "A2"
    assert (
        answers.auto_filter.ref == f"A1:{answers.cell(3, len(names)).coordinate}" and result.auto_filter.ref == "A1:C3"
    )
    link, none = answers.cell(2, len(names)), answers.cell(3, len(names))
    assert link.value == "it's" and link.hyperlink.location == "'it''s'!A1" and none.hyperlink is None
    widths = {
        name: answers.column_dimensions[answers.cell(1, i).column_letter].width for i, name in enumerate(names, 1)
    }
    assert widths["question"] > 3 * widths["id"]
    assert result.column_dimensions["A"].width >= 30 > result.column_dimensions["C"].width


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """No file of this process may grow beyond `size` bytes: the operating system refuses, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_record_without_room_is_told_once_and_leaves_no_half(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl.partial"
    with pytest.raises(QuestionError, match=r"out\.jsonl\.partial: File too large") as caught, opened(tmp_path) as kept:
        keep(kept, record("a"))
        size = path.stat().st_size
        with files_up_to(size + 100):
            keep(kept, record("b"))
    assert "--resume" in caught.value.hint and path.stat().st_size == size
    with opened(tmp_path, resume=True) as kept:
        assert ("a" in kept, "b" in kept, kept.damaged) == (True, False, [])


@pytest.mark.parametrize("ending", [".jsonl", ".csv", ".xlsx"])
def test_answers_without_room_are_told_and_kept(ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    caught_by_nobody: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", caught_by_nobody.append)
    out = tmp_path / f"out{ending}"
    rows = [[f"{number * 7919 % 10_007}", None, number] for number in range(3_000)]
    with opened(tmp_path) as kept:
        keep(kept, record("a", rows=rows))
        with files_up_to(3_000), pytest.raises(QuestionError, match="File too large") as caught:
            write_answers(["a"], kept, out, result_sheets=ending == ".xlsx")
        assert out.name in caught.value.message and "no answer is lost" in caught.value.hint
        assert not out.exists() and not out.with_name(out.name + ".writing").exists()
        assert write_answers(["a"], kept, out).path.exists()
    # A workbook that was given up says nothing more when it is forgotten.
    gc.collect()
    assert not caught_by_nobody


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_answers_can_be_asked_again(ending: str, tmp_path: Path) -> None:
    out, _ = written(tmp_path, ending, record("a", hints="h", conversation="c"), record("b", language="zh"))
    intake = read_questions(out)
    assert [(a.id, a.text, a.principal, a.hints, a.conversation, a.language) for a in intake.asked] == [
        ("a", "question a", "hq", "h", "c", "en"),
        ("b", "question b", "hq", "", "", "zh"),
    ]
    assert "not used: 'outcome', 'failed'" in intake.told[0]


@pytest.mark.parametrize("ending", [".jsonl", ".csv", ".xlsx"])
def test_memory_holds_one_record(ending: str, tmp_path: Path) -> None:
    def peak(records: int) -> int:
        folder = tmp_path / str(records)
        folder.mkdir()
        rows = [["branch", "2025-12-31", Decimal("1.25")]] * 1_000
        with RecordFile.open(folder / "partial", MADE_OF) as kept:
            for number in range(records):
                keep(kept, record(str(number), rows=rows))
        with RecordFile.open(folder / "partial", MADE_OF, resume=True) as kept:
            tracemalloc.start()
            write_answers(map(str, range(records)), kept, folder / f"out{ending}")
            most = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return most

    peak(1)
    assert peak(12) < 1.5 * peak(2)


REFUSED = [
    ("out.txt", {}, "files of answers end in"),
    ("none/out.csv", {}, "there is no folder"),
    ("in.csv", {"is_forced": True}, "holds the questions"),
    ("there.csv", {}, "exists"),
    ("folder.csv", {"is_forced": True}, "exists"),
    ("out.csv", {"result_sheets": True}, "only an XLSX file has sheets"),
    ("out.xlsx", {"questions": 1_048_576}, "1,048,575 answers"),
]


@pytest.mark.parametrize(("name", "keys", "message"), REFUSED, ids=[row[0] + row[2] for row in REFUSED])
def test_a_place_is_refused_before_any_work(name: str, keys: dict[str, Any], message: str, tmp_path: Path) -> None:
    for file in ("in.csv", "there.csv"):
        (tmp_path / file).write_text("question\nx\n", encoding="utf-8")
    (tmp_path / "folder.csv").mkdir()
    asked: dict[str, Any] = {"questions": 1, "is_forced": False, "result_sheets": False} | keys
    with pytest.raises(QuestionError, match=message):
        refuse_out(tmp_path / name, tmp_path / "in.csv", **asked)


def test_what_stood_there_stays_when_writing_fails(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("before", encoding="utf-8")
    with opened(tmp_path) as kept, pytest.raises(KeyError):
        write_answers(["nobody"], kept, out)
    assert out.read_text(encoding="utf-8") == "before" and len(list(tmp_path.iterdir())) == 2
