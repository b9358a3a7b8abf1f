"""Files of questions as spreadsheets and programs write them: what is read, and what is refused with line and cure."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from t2sql.errors import QuestionError
from t2sql.evaluation.batch.intake import read_questions
from t2sql.evaluation.records import Asked

TWO = (Asked("a", "存款余额", line=2), Asked("b", "NPL ratio", "east", "bad / all", "c1", "en", 3))


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def workbook(path: Path, *rows: list[Any], title: str = "问题") -> Path:
    book = Workbook()
    assert book.active is not None
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


HEADER = "id,question,principal,hints,conversation,language\n"
ROWS = HEADER + "a,存款余额,,,,\nb,NPL ratio,east,bad / all,c1,EN\n"
SAME = {
    "plain": ROWS.encode(),
    "with a byte-order mark": b"\xef\xbb\xbf" + ROWS.encode(),
    "GB18030": ROWS.encode("gb18030"),
    "Windows lines": ROWS.replace("\n", "\r\n").encode(),
    "semicolons": ROWS.replace(",", ";").encode(),
    "tabs": ROWS.replace(",", "\t").encode(),
    "quoted": ROWS.replace("NPL ratio", '"NPL ratio"').encode(),
    "capitals and other names": ROWS.replace("hints", "Evidence").replace("question", "QUESTION").encode(),
    "Chinese headers": ROWS.replace(HEADER, "编号,问题,用户,提示,会话,语言\n").encode(),
    "another order": (
        "language,hints,question,conversation,id,principal\n,,存款余额,,a,\nen,bad / all,NPL ratio,c1,b,east\n"
    ).encode(),
    "empty lines at the end": (ROWS + "\n,,,,,\n").encode(),
}


@pytest.mark.parametrize("name", SAME)
def test_csv_in_all_its_dresses(name: str, tmp_path: Path) -> None:
    intake = read_questions(write(tmp_path / "q.csv", SAME[name]))
    assert intake.asked == TWO
    assert [("GB18030" in line) for line in intake.told] == ([True] if name == "GB18030" else [])


def test_jsonl_and_xlsx_read_alike(tmp_path: Path) -> None:
    rows = [
        {"id": "a", "question": "存款余额"},
        {"ID": "b", "question": "NPL ratio", "principal": "east", "evidence": "bad / all", "conversation": "c1"},
    ]
    rows[1]["language"] = "en"
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    lines = read_questions(write(tmp_path / "q.jsonl", "\ufeff" + "\n" + text)).asked
    header = HEADER.strip().split(",")
    cells = [["a", "存款余额"], ["b", "NPL ratio", "east", "bad / all", "c1", "en"]]
    assert lines == TWO == read_questions(workbook(tmp_path / "q.xlsx", header, *cells)).asked


def test_a_line_without_an_id_has_its_number(tmp_path: Path) -> None:
    asked = read_questions(write(tmp_path / "q.csv", 'question\n"a\nb"\nc\n')).asked
    assert [(one.id, one.text, one.line) for one in asked] == [("2", "a\nb", 2), ("4", "c", 4)]


def test_cells_of_a_sheet_are_text(tmp_path: Path) -> None:
    path = workbook(tmp_path / "q.xlsx", ["id", "question", "hints"], [7.0, 2025, date(2025, 12, 31)])
    assert read_questions(path).asked == (Asked("7", "2025", hints="2025-12-31", line=2),)


def test_unknown_columns_are_told_and_kept_out(tmp_path: Path) -> None:
    intake = read_questions(write(tmp_path / "q.csv", "question,owner,branch\nx,me,1\n"))
    assert intake.told == (f"{tmp_path / 'q.csv'}: not used: 'owner', 'branch'.",)


def test_a_sheet_can_be_chosen(tmp_path: Path) -> None:
    book = Workbook()
    for title, text in (("one", "x"), ("two", "y")):
        sheet = book.create_sheet(title)
        sheet.append(["question"])
        sheet.append([text])
    del book["Sheet"]
    book.save(tmp_path / "q.xlsx")
    first = read_questions(tmp_path / "q.xlsx")
    assert first.asked[0].text == "x" and "reading sheet 'one' of 2" in first.told[0]
    assert read_questions(tmp_path / "q.xlsx", sheet="two").asked[0].text == "y"
    with pytest.raises(QuestionError, match="no sheet 'three'") as caught:
        read_questions(tmp_path / "q.xlsx", sheet="three")
    assert caught.value.hint == "Its sheets: 'one', 'two'."


REFUSED: list[tuple[str, str | bytes, str, str]] = [
    ("q.csv", "", "there is no question in it", "one question a line"),
    ("q.csv", "question\n", "there is no question in it", "one question a line"),
    ("q.csv", "存款余额\n贷款余额\n", "q.csv:1: no column is called 'question'; there are: '存款余额'", "first row"),
    ("q.csv", "id,question\na,x\nb, \n", "q.csv:3: the question is empty", "Mend"),
    ("q.csv", "id,question\na,x\nb,y\na,z\n", "q.csv:4: id 'a' stands in line 2 too", "Mend"),
    ("q.csv", "question,language\nx,fr\n", "q.csv:2: language 'fr' is not served", "Mend"),
    ("q.csv", "question\nBranches, by region\n", "q.csv:2: there are 2 cells, but 1 headers; put text that", "Mend"),
    ("q.csv", 'question\nx\n"y\n', "q.csv:3: this is not CSV", "Close every quote"),
    ("q.csv", "question,Question\nx,y\n", "q.csv:1: two columns are called 'Question'", "Rename"),
    ("q.csv", "question,hints,evidence\nx,y,z\n", "q.csv:2: 'hints' stands in two columns", "Mend"),
    ("q.csv", "question\nx".encode("utf-16"), "this is UTF-16", "CSV UTF-8"),
    ("q.csv", b"question\n\xff\xff\xff\n", "q.csv:2: this is neither UTF-8 nor GB18030", "CSV UTF-8"),
    (
        "q.jsonl",
        '{"question": "x"}\n{"question": \n',
        "q.jsonl:2: this is not JSON (Expecting value at character 13); write one JSON object",
        "Mend",
    ),
    ("q.jsonl", '["x"]\n', 'q.jsonl:1: this is no JSON object; write {"question"', "Mend"),
    ("q.jsonl", '{"text": "x"}\n', "q.jsonl:1: there is no 'question'", "Mend"),
    ("q.jsonl", '{"question": ["x"]}\n', "q.jsonl:1: 'question' is not text", "Mend"),
    ("q.jsonl", '{"question": "\\ud800"}\n', "q.jsonl:1: 'question' holds half a character", "Mend"),
    ("q.jsonl", '{"question": "x", "id": "a\\u0000"}\n', "q.jsonl:1: the id is too long or holds control", "Mend"),
    ("q.jsonl", "[" * 100_000, "q.jsonl:1: this is not JSON; write one JSON object", "Mend"),
    ("q.jsonl", b"\xb4\xe6\n", "q.jsonl:1: this is not UTF-8; save the file as UTF-8", "Mend"),
    (
        "q.jsonl",
        json.dumps({"question": "x", "hints": "a  " * 2001}),
        "q.jsonl:1: the hints have 4,001 characters, of which 4000 are read; shorten them to 4000",
        "Mend",
    ),
    ("q.xlsx", "no zip", "it is not an XLSX file", "Open it in a spreadsheet"),
    ("q.xlsx", b"\xd0\xcf\x11\xe0rest", "locked by a password", "without a password"),
    ("q.txt", "x", "files of questions end in .jsonl, .csv, .xlsx", "Save it as one of these"),
]


@pytest.mark.parametrize(("name", "content", "message", "hint"), REFUSED, ids=[row[2] for row in REFUSED])
def test_refused_with_line_and_cure(name: str, content: str | bytes, message: str, hint: str, tmp_path: Path) -> None:
    with pytest.raises(QuestionError) as caught:
        read_questions(write(tmp_path / name, content))
    assert message in caught.value.message and hint in caught.value.hint


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    with pytest.raises(QuestionError) as caught:
        read_questions(write(tmp_path / "q.csv", "id,question\n" + "a,\n" * 30))
    lines = caught.value.message.splitlines()
    assert len(lines) == 21 and ":2: " in lines[0] and ":21: " in lines[-2] and lines[-1] == "… and 10 more."


def test_mistakes_of_every_kind_are_told_together(tmp_path: Path) -> None:
    lines = ['{"question": ', '["x"]', '{"text": "x"}', "", '{"question": "x", "language": "fr"}', '{"question": "x"}']
    with pytest.raises(QuestionError) as caught:
        read_questions(write(tmp_path / "q.jsonl", "\n".join(lines).encode() + b"\n\xb4\xe6\n"))
    told = [line.removeprefix(f"{tmp_path / 'q.jsonl'}:").split(":")[0] for line in caught.value.message.splitlines()]
    assert told == ["1", "2", "3", "5", "7"]


def test_what_ends_the_reading_is_told_with_what_was_wrong_before(tmp_path: Path) -> None:
    with pytest.raises(QuestionError) as caught:
        read_questions(write(tmp_path / "q.csv", 'question,language\nx,fr\ny,z,w\n"open\n'))
    assert [line.split("q.csv:")[1][:2] for line in caught.value.message.splitlines()] == ["2:", "3:", "4:"]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_the_line_that_names_the_separator_is_no_header(separator: str, tmp_path: Path) -> None:
    text = f"SEP={separator}\r\nid{separator}question\r\na{separator}x\r\nb{separator}\r\n"
    with pytest.raises(QuestionError, match=r"q\.csv:4: the question is empty"):
        read_questions(write(tmp_path / "q.csv", text))
    whole = write(tmp_path / "q.csv", text.rsplit("b", 1)[0])
    assert read_questions(whole).asked == (Asked("a", "x", line=3),)


def test_a_missing_file_and_a_damaged_sheet(tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match="No such file"):
        read_questions(tmp_path / "none.csv")
    whole = workbook(tmp_path / "whole.xlsx", ["question"], ["x"])
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(tmp_path / "q.xlsx", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content[: len(content) // 2] if "sheet1" in name else content)
    with pytest.raises(QuestionError, match="damaged"):
        read_questions(tmp_path / "q.xlsx")


def test_only_xlsx_has_sheets(tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match="only an XLSX file has sheets"):
        read_questions(write(tmp_path / "q.csv", "question\nx\n"), sheet="a")


def formula_book(path: Path, cell: str) -> Path:
    """A workbook whose second row is a question and, as its hint, the formula `cell`."""
    workbook(path.with_name("plain.xlsx"), ["question", "hints", "owner"], ["x", "HINT", "=1+1"])
    with zipfile.ZipFile(path.with_name("plain.xlsx")) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name).decode("utf-8")
            if name == "xl/worksheets/sheet1.xml":
                content, number = re.subn(r'<c r="B2"[^>]*>.*?</c>', cell, content)
                assert number == 1
            new.writestr(name, content)
    return path


@pytest.mark.parametrize("content", ["<f>A1</f><v></v>", "<f>A1</f>", '<f t="shared" si="0"/><v/>'])
def test_a_formula_that_nobody_computed_is_told_as_one(content: str, tmp_path: Path) -> None:
    path = formula_book(tmp_path / "q.xlsx", f'<c r="B2">{content}</c>')
    with pytest.raises(QuestionError, match=r"q\.xlsx:2: 'hints' is a formula whose result is not in the file"):
        read_questions(path)


@pytest.mark.parametrize(
    ("cell", "hints"),
    [
        ('<c r="B2"><f>3+4</f><v>7</v></c>', "7"),
        ('<c r="B2" t="str"><f>A1</f><v>bad loans</v></c>', "bad loans"),
        ('<c r="B2" t="str"><f>IF(A1="","",A1)</f><v></v></c>', ""),
    ],
    ids=["a number", "a text", "the empty text"],
)
def test_the_result_of_a_formula_is_read(cell: str, hints: str, tmp_path: Path) -> None:
    intake = read_questions(formula_book(tmp_path / "q.xlsx", cell))
    # The formula of a column that means nothing here was never computed either, and nobody minds.
    assert intake.asked == (Asked("2", "x", hints=hints, line=2),)
    assert intake.told == (f"{tmp_path / 'q.xlsx'}: not used: 'owner'.",)
