"""The table of time expressions that was written without sight of the code, line by line."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from t2sql.flow import Period
from t2sql.grounding.names.comparisons import find_cues
from t2sql.grounding.time.grain_words import find_grain_words
from t2sql.grounding.time.periods import find_periods
from t2sql.grounding.words.text import fold

TABLE = YAML(typ="safe").load(Path(__file__).with_name("tables").joinpath("time.yml"))
TODAY = date.fromisoformat(str(TABLE["clock"]))
LOADED = date.fromisoformat(str(TABLE["last_loaded"]))
# What the table calls a comparison -> the families of cues that ask for it.
FAMILIES = {"yoy": {"year", "prior_year"}, "step": {"step"}, "year_start": {"year_start"}, "prior": {"prior"}}
# Lines held wrong or against the house plan, each with its reason.
EXCEPTIONS: dict[str, str] = {}

Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Case:
    """One line of the table."""

    text: str
    periods: tuple[str, ...]
    compare: tuple[str, ...] = ()
    base: str = ""
    cumulative: str = "False"
    grain: str = ""
    fiscal_start: int = 1
    why: str = ""


def _case(line: dict[str, Any]) -> Case:
    return Case(
        **{
            **line,
            "periods": tuple(map(str, line["periods"])),
            "compare": tuple(line.get("compare", ())),
            "cumulative": str(line.get("cumulative", False)),
        }
    )


CASES = [_case(line) for line in TABLE["cases"]]


def days(literal: str, fiscal_start: int) -> Days:
    """First and last day of '2024', 'FY2024-Q2', '2024-W07', '2024-02' or '2024-02-29'."""
    if match := re.fullmatch(r"(\d{4})-W(\d{2})", literal):
        monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
        return monday, monday + timedelta(days=6)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", literal):
        return date.fromisoformat(literal), date.fromisoformat(literal)
    match = re.fullmatch(r"(FY)?(\d{4})(?:-([HQ]?)(\d+))?", literal)
    assert match, literal
    length = {"": 1, "H": 6, "Q": 3, None: 12}[match[3]]
    first = int(match[2]) * 12 + (int(match[4] or 1) - 1) * length
    if match[1] and fiscal_start > 1:
        first -= 13 - fiscal_start
    last = first + length - 1
    return date(first // 12, first % 12 + 1, 1), date(
        last // 12, last % 12 + 1, monthrange(last // 12, last % 12 + 1)[1]
    )


def _readings(entry: str, fiscal_start: int) -> set[Days]:
    """The equally good readings of one entry, as first and last days."""
    ends = [reading.split("..") for reading in entry.split("|")]
    return {(days(e[0], fiscal_start)[0], days(e[-1], fiscal_start)[1]) for e in ends}


def _days_of(period: Period, fiscal_start: int) -> Days:
    return days(period.first, fiscal_start)[0], days(period.last, fiscal_start)[1]


def _is_matching(found: list[Days], expected: list[set[Days]]) -> bool:
    """Whether every found stretch is a reading of its own of an expected entry, and none is left."""
    if not expected:
        return not found
    return any(
        days in expected[0] and _is_matching(found[:i] + found[i + 1 :], expected[1:]) for i, days in enumerate(found)
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.text)
def test_a_phrase_means_what_the_table_says(case: Case, request: pytest.FixtureRequest) -> None:
    if case.text in EXCEPTIONS:
        request.applymarker(pytest.mark.xfail(reason=EXCEPTIONS[case.text], strict=True))
    text = fold(case.text).text
    periods = find_periods(case.text, TODAY, LOADED, case.fiscal_start)
    families = {cue.family for cue in find_cues(text)}
    found = [_days_of(period, case.fiscal_start) for period in periods]
    is_cumulative = any(period.is_cumulative for period in periods)
    if "ytd" in families and len(periods) == 1 and not is_cumulative:
        # A single period with ytd() is the year up to it.
        found, is_cumulative = [(found[0][0].replace(month=1, day=1), found[0][1])], True
    expected = [_readings(entry, case.fiscal_start) for entry in case.periods]
    based = [*expected, _readings(case.base, case.fiscal_start)] if case.base else expected
    assert _is_matching(found, expected) or _is_matching(found, based), periods
    if case.cumulative != "any":
        assert is_cumulative == (case.cumulative == "True")
    assert {word.grain for word in find_grain_words(text)} == ({case.grain} - {""})
    # A base kept among the periods is compared by the two figures, and needs no function.
    wanted = [] if case.base and _is_matching(found, based) else case.compare
    known = {family for families in FAMILIES.values() for family in families}
    asked = families & known
    for entry in wanted:
        assert any(FAMILIES[reading] & asked for reading in entry.split("|")), asked
    side_by_side = {"prior"} if len(case.periods) > 1 or case.base else set()
    assert asked <= {f for e in case.compare for r in e.split("|") for f in FAMILIES[r]} | side_by_side, asked


def test_the_table_is_long_enough_and_few_of_its_lines_are_excepted() -> None:
    assert len(CASES) >= 250
    assert len(EXCEPTIONS) <= 0.03 * len(CASES)
    assert set(EXCEPTIONS) <= {case.text for case in CASES}
