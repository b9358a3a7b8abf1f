"""Parts of an answer: exact figures in the headline, big tables, filters, Stop after the answer, steps of a link."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from t2sql.flow import Answer, Context, Draft, Plan, Question, Result, Understood
from ui.answers.answer import exact_parts
from ui.answers.tables import Filter, Prepared, column_settings
from ui.asking.ahead import Ahead
from ui.asking.progress import tell_steps
from ui.asking.work import Work
from ui.words import Words

from made_answers import column

BRANCH = column("branch", "dimension")
MONEY = column("loan_balance", "metric", "CNY")
POINTS = column("change", "metric", "points", "yoy_diff")


def result(rows: Any, *columns: Any) -> Result:
    return Result(columns or (BRANCH, MONEY), tuple(rows), False, 1.0)


def test_a_figure_of_the_headline_tells_every_digit() -> None:
    rows = [("甲", 1_170_000_001.99), ("乙", 300_000_000.0)]
    parts = exact_parts("最高是甲 11.70 亿元。", result(rows), "zh")
    assert [text for text, exact in parts if exact] == ["11.70 亿元"]
    assert "1,170,000,001.99" in parts[1][1]
    assert "".join(text for text, _ in parts) == "最高是甲 11.70 亿元。"


def test_a_figure_that_two_rows_share_tells_no_digits() -> None:
    rows = [("甲", 1_170_000_001.99), ("乙", 1_170_000_333.33)]
    assert exact_parts("最高是甲 11.70 亿元。", result(rows), "zh") == [("最高是甲 11.70 亿元。", "")]


def test_a_figure_inside_another_is_not_marked() -> None:
    rows = [("甲", 1_170_000_001.99), ("乙", 1_170_000_333.33), ("丙", 170_000_000.33)]
    assert all(not exact for _, exact in exact_parts("最高是甲 11.70 亿元。", result(rows), "zh"))


def test_of_very_many_rows_nothing_is_marked() -> None:
    rows = [(str(number), 100_000_000.0 + number) for number in range(3_000)]
    assert all(not exact for _, exact in exact_parts("最高是 1.00 亿元。", result(rows), "zh"))


def test_very_many_rows_keep_points_and_units() -> None:
    prepared = Prepared(result([("甲", -0.000417), ("乙", None)], BRANCH, POINTS), "zh")
    frame = prepared.frame(range(2))
    assert frame["1"].iloc[0] == pytest.approx(-0.0417)
    assert frame["1"].isna().iloc[1]
    settings = column_settings((BRANCH, MONEY, POINTS), "zh", is_worded=False)
    assert "元" in settings["1"]["label"]
    assert "百分点" in settings["2"]["label"]


def test_a_filter_keeps_rows_by_text_and_by_member() -> None:
    prepared = Prepared(result([("上海分行", 1.0), ("北京分行", 2.0), (None, 3.0)]), "zh")
    assert list(prepared.passing(Filter("上海"))) == [0]
    assert list(prepared.passing(Filter(members={0: frozenset({"北京分行", "（空）"})}))) == [1, 2]
    assert list(prepared.passing(Filter(members={0: frozenset()}))) == [0, 1, 2]
    assert prepared.members[0] == ["上海分行", "北京分行", "（空）"]


class SlowToLookAhead:
    """An agent whose answer is there at once and whose follow-ups take until they are let go."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.go = threading.Event()
        self.looks = threading.Event()

    def steps(self, question: Question, **_: Any) -> Iterator[Any]:
        yield question
        yield self.answer

    def next_questions(self, answer: Answer) -> tuple[str, ...]:
        self.looks.set()
        self.go.wait(30)
        return ("换成同比",)


def answered() -> tuple[Work, SlowToLookAhead]:
    """A question, not begun, and who answers it."""
    question = Question("各分行贷款余额", "hq", date(2026, 7, 10), "zh")
    plan = Plan("SELECT 1", None, (), (), (), (), Understood((), (), (), "", None, False))  # type: ignore[arg-type]
    answer = Answer(question, Draft("", "composed", None), plan, result([]), "", None, None, {})
    return Work(question, None), SlowToLookAhead(answer)


def test_an_answer_is_there_before_its_follow_ups_and_stop_leaves_it() -> None:
    work, agent = answered()
    work.start(agent, Ahead(agent))  # type: ignore[arg-type]
    assert agent.looks.wait(10)
    assert work.is_over
    work.stop()
    assert work.outcome is agent.answer
    assert not work.is_cancelled
    assert work.next_questions is None
    agent.go.set()
    assert work.wait_next(10)
    assert work.next_questions == ("换成同比",)


def test_follow_ups_wait_while_somebody_waits_for_an_answer_and_are_left_where_nobody_looks() -> None:
    work, agent = answered()
    agent.go.set()
    ahead = Ahead(agent)  # type: ignore[arg-type]
    with ahead.asking():
        work.start(agent, ahead)  # type: ignore[arg-type]
        assert work.ended.wait(10)
        assert not agent.looks.is_set()
        # Another question has followed meanwhile.
        work.looks_ahead = False
    assert work.wait_next(10)
    assert work.next_questions == ()
    assert not agent.looks.is_set()


def test_semantic_sql_is_not_told_before_it_has_compiled(catalog: Any) -> None:
    question = Question("x", "product_team", date(2026, 7, 10), "zh")
    context = Context(question, (), (), (), (), (), (), (), ())
    draft = Draft("SELECT cost_to_income FROM bank", "written", None)
    told, _ = tell_steps((question, context, draft), catalog, Words("zh"))
    assert all("cost_to_income" not in part for _, _, part in told)
