"""The pieces under the follow-ups: cues taken out of a text, slots read and written, steps in time."""

from __future__ import annotations

import pytest

from t2sql.catalog import Catalog
from t2sql.conversation.cues import Shift, edits_question, is_reset, stripped, without_reset
from t2sql.conversation.parsing import read_slots
from t2sql.conversation.slots import NOWHERE, write
from t2sql.conversation.times import course, shifted
from t2sql.flow import Period


@pytest.mark.parametrize(
    ("text", "left", "kinds"),
    [
        ("那去年呢？", "去年", {"opening"}),
        ("换成同比", "同比", {"other"}),
        ("再分区域看看", "分区域看看", {"more"}),
        ("只看上海", "上海", {"only"}),
        ("去掉零售", "不含零售", {"without"}),
        ("按产品拆开", "按产品", {"split"}),
        ("改成按季度", "按季度", {"other"}),
        ("全行呢", "", {"total"}),
        ("同样看存款", "存款", {"same"}),
        ("画成柱状图", "", set()),
        ("This is 那2024年呢", "this is 那2024年", set()),
        ("and the bottom five?", "the bottom five", {"and"}),
        ("what about 2024?", "2024", {"opening"}),
        ("same for deposits", "deposits", {"same"}),
        ("by industry instead", "by industry", {"other"}),
        ("as a share of the total", "as a share of the total", set()),
    ],
)
def test_cues_are_taken_out(text: str, left: str, kinds: set[str]) -> None:
    found, cues = stripped(text)
    assert (found, set(cues.kinds)) == (left, kinds)


@pytest.mark.parametrize(
    ("text", "shift"),
    [
        ("那上一年呢", Shift("year", -1)),
        ("再往前一个季度", Shift("quarter", -1)),
        ("the quarter before", Shift("quarter", -1)),
        ("previous month please", Shift("month", -1)),
        ("下一个月呢", Shift("month", 1)),
        ("the following year", Shift("year", 1)),
        ("去年同期呢", Shift("year", -1)),
        ("same period last year", Shift("year", -1)),
        ("上一期", Shift("period", -1)),
        ("较上一年变化", None),
        ("去年呢", None),
        ("下半年呢", None),
        ("change from the year before", None),
    ],
)
def test_steps_in_time(text: str, shift: Shift | None) -> None:
    assert stripped(text)[1].shift == shift


@pytest.mark.parametrize(
    ("text", "is_new", "left"),
    [
        ("新问题：2025年末存款", True, "2025年末存款"),
        ("New question", True, ""),
        ("新问题2025年末存款", True, "2025年末存款"),
        ("新问题贷款余额", False, "新问题贷款余额"),
        ("不良率是新问题吗", False, "不良率是新问题吗"),
        ("new questions asked", False, "new questions asked"),
    ],
)
def test_new_questions(text: str, is_new: bool, left: str) -> None:
    assert (is_reset(text), without_reset(text)) == (is_new, left)


def test_words_of_change_about_the_question_are_told_from_those_about_data() -> None:
    assert all(map(edits_question, ("改成同比", "修改为按分行", "清空条件", "把时间改成2024年末", "change it to 2024")))
    about_data = ("把上海的不良率改成2%", "删除上海分行", "update the loans to 5%", "清空数据表", "delete the records")
    assert not any(map(edits_question, about_data))


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT branch, loan_balance FROM bank ORDER BY loan_balance DESC LIMIT 5",
        "SELECT month, rank(yoy(deposit_balance)) FROM bank WHERE month BETWEEN '2025-01' AND '2025-06'",
        "SELECT share(loan_balance, region) FROM bank WHERE (month = '2025-01' OR year = '2024') AND city <> '上海'",
        "SELECT month, npl_ratio FROM bank WHERE month IN ('2024-12', '2025-12') AND NOT city IN ('上海', '北京')",
        "SELECT branch, npl_ratio FROM bank WHERE half = '2025-H1' AND npl_ratio BETWEEN 0.01 AND 0.02",
        "SELECT branch, npl_ratio FROM bank WHERE customer_name = 'a''b' AND matures_on > '2025-01-01'",
    ],
)
def test_slots_are_written_as_they_were_read(catalog: Catalog, sql: str) -> None:
    slots = read_slots(sql, catalog)
    assert slots is not None
    again = read_slots(write(slots, catalog), catalog)
    assert again is not None and write(again, catalog) == write(slots, catalog)
    if " OR " not in sql:
        assert write(slots, catalog) == sql


def test_a_range_of_two_bounds_is_one_period(catalog: Catalog) -> None:
    slots = read_slots("SELECT npl_ratio FROM bank WHERE month >= '2025-01' AND month <= '2025-06'", catalog)
    assert slots and slots.periods == (Period(NOWHERE, "month", "2025-01", "2025-06"),) and not slots.times


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT nothing_known FROM bank",
        "SELECT npl_ratio AS x FROM bank",
        "SELECT npl_ratio FROM loans",
        "WITH a AS (SELECT branch, npl_ratio FROM bank) SELECT branch FROM a",
        "SELECT branch, npl_ratio FROM bank QUALIFY rank() OVER (ORDER BY npl_ratio) = 1",
        "SELECT DISTINCT branch, npl_ratio FROM bank",
        "SELECT branch FROM bank",
        "not SQL at all (",
    ],
)
def test_other_shapes_have_no_slots(catalog: Catalog, sql: str) -> None:
    assert read_slots(sql, catalog) is None


def period(literal: str, last: str = "") -> Period:
    """A period of the grain that its literal says."""
    tail = literal.removeprefix("FY")[4:]
    grain = "year" if not tail else {"Q": "quarter", "H": "half", "W": "week"}.get(tail[1], "")
    return Period(NOWHERE, grain or ("day" if len(tail) > 3 else "month"), literal, last or literal)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "shift", "is_stock", "after"),
    [
        (period("2025-12"), Shift("year", -1), True, "2024-12"),
        (period("2025-01"), Shift("month", -1), True, "2024-12"),
        (period("2026-05"), Shift("quarter", -1), True, "2026-03"),
        (period("2026-05"), Shift("quarter", -1), False, "2026-Q1"),
        (period("2026-Q1"), Shift("quarter", -1), False, "2025-Q4"),
        (period("2025"), Shift("quarter", -1), False, "2024-Q4"),
        (period("2025-H1"), Shift("period", -1), False, "2024-H2"),
        (period("2025-01", "2025-06"), Shift("period", -1), False, "2024-07..2024-12"),
        (period("2025-01", "2025-06"), Shift("year", -1), False, "2024-01..2024-06"),
        (period("2024-02-29"), Shift("year", 1), True, "2025-02-28"),
        (period("2025-12-31"), Shift("month", -1), True, "2025-11-30"),
        (period("2025-03-01"), Shift("day", -1), True, "2025-02-28"),
        (period("2026-W01"), Shift("week", -1), False, "2025-W52"),
        (period("FY2025-Q1"), Shift("year", -1), False, "FY2024-Q1"),
        (period("FY2025-Q1"), Shift("month", -1), False, ""),
    ],
)
def test_a_step_from_a_period(before: Period, shift: Shift, is_stock: bool, after: str) -> None:
    found = shifted([before], shift, is_stock=is_stock)
    told = [p.first if p.first == p.last else f"{p.first}..{p.last}" for p in found]
    assert (told[0] if told else "") == after


@pytest.mark.parametrize(
    ("before", "grain", "first", "last"),
    [
        (period("2025-12"), "month", "2025-01", "2025-12"),
        (period("2025-12"), "quarter", "2025-Q1", "2025-Q4"),
        (period("2026-Q1"), "month", "2026-Q1", "2026-Q1"),
        (period("2025"), "month", "2025", "2025"),
        (period("2025-06-30"), "month", "2024-07", "2025-06"),
    ],
)
def test_a_course_of_time_from_a_point(before: Period, grain: str, first: str, last: str) -> None:
    found = course([before], grain)[0]  # type: ignore[arg-type]
    assert (found.first, found.last) == (first, last)
