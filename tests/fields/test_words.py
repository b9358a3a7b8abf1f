"""Words of names and texts are compared in one form."""

# ruff: noqa: E501
# One case a line.
from __future__ import annotations

import pytest

from t2sql.fields.chinese import bare_name, dataset_names, names_of, normal
from t2sql.fields.definitions import spelt_out
from t2sql.fields.places import state_names
from t2sql.fields.words import form, split_name, spoken, stem


@pytest.mark.parametrize(
    ("word", "expected"),
    [("salespersons", "salesperson"), ("cities", "city"), ("boxes", "box"), ("businesses", "business"), ("status", "status"),
     ("diagnoses", "diagnosis"), ("author's", "author"), ("IDs".lower(), "id"), ("gas", "gas"), ("people", "person")],
)  # fmt: skip
def test_a_word_loses_its_ending(word: str, expected: str) -> None:
    assert stem(word) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("ed_ExportImport", ("ed", "export", "import")), ("tot_drug_amt", ("tot", "drug", "amt")),
     ("GDPPerCapita", ("gdp", "per", "capita")), ("day7Score", ("day", "7", "score"))],
)  # fmt: skip
def test_a_name_is_taken_apart(name: str, expected: tuple[str, ...]) -> None:
    assert split_name(name) == expected


def test_shortened_words_are_written_out() -> None:
    assert spoken(("tot", "drug", "amt")) == ("total", "drug", "amount")


def test_marks_and_particles_are_no_words() -> None:
    assert form("我国的 GDP（现价）") == ("我", "国", "gdp", "现", "价")


@pytest.mark.parametrize(
    ("comment", "expected"),
    [("社会消费品零售总额(百万元)", ["社会消费品零售总额"]), ("货币(狭义货币M1)", ["货币", "狭义货币M1"]),
     ("(一)境内贷款", ["境内贷款"]), ("单位存款/企业存款", ["单位存款", "企业存款", "单位存款企业存款"])],
)  # fmt: skip
def test_a_comment_gives_the_names_of_a_column(comment: str, expected: list[str]) -> None:
    assert [name for name, sure in names_of(comment) if sure >= 0.9] == expected


def test_units_and_numbering_are_no_part_of_a_name() -> None:
    assert bare_name("(二)境外贷款(亿元)") == "境外贷款"


def test_a_table_is_also_called_without_its_kind() -> None:
    assert "货币与银行" in [name for name, _sure in dataset_names("中国货币与银行概览")]


def test_one_word_stands_for_several_and_keeps_its_place() -> None:
    text, places = normal("进口总金额多少")
    assert text == "进口额多少"
    assert places[2] == (2, 5)
    assert places[3] == (5, 6)


def test_codes_of_states_are_known_by_name_where_a_column_holds_codes() -> None:
    assert state_names(("CA", "NY", "TX"))["CA"] == "California"
    assert state_names(("in", "or", "Blue", "Green", "Red")) == {}


@pytest.mark.parametrize(
    ("text", "hints", "expected"),
    [("What is the ASP in 2023?", "ASP = Average Sale Price.", "What is the average sale price in 2023?"),
     ("What is the TSC?", "TSC (total sales count) = number of rows", "What is the total sales count?"),
     ("What is the GPM?", "GPM = (revenue - cost) / cost", "What is the GPM?"),
     ("What is the ASP?", "", "What is the ASP?")],
)  # fmt: skip
def test_a_hint_writes_a_short_name_out(text: str, hints: str, expected: str) -> None:
    assert spelt_out(text, hints) == expected
