"""The review page without a browser: the queue, one item, and every deed, for reviewers alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from review_shop import TODAY, VERIFIED, asked, corrected, open_review_shop, reviewer
from streamlit.testing.v1 import AppTest

import ui.desk
from t2sql.agent import Agent
from t2sql.evaluation.cases.files import read_cases
from t2sql.flow import Answer, Draft
from t2sql.reviewing.saving import put_forward
from t2sql.verified import read_verified

from page_driving import html, labels

BY_CITY = "2025年各城市的销售笔数"
RIGHT = "SELECT city, orders FROM shop WHERE year = '2025' AND city <> '北京'"
HOSTILE = "**b** <img src=x onerror=alert(1)> 的销售笔数"
Open = Callable[..., AppTest]


def draw_review(language: str, principal: str) -> None:
    """The page's script, for one visitor."""
    from ui.desk import open_desk
    from ui.frame import Visit
    from ui.views import review
    from ui.words import Words

    desk = open_desk()
    review.draw(Visit(desk, Words(language), desk.narrow(principal)))  # type: ignore[arg-type]


def look(language: str = "zh", principal: str = "owner") -> AppTest:
    """The page once everything that runs has ended."""
    page = AppTest.from_function(draw_review, default_timeout=60, args=(language, principal))
    return settle(page.run())


def settle(page: AppTest, seconds: float = 60) -> AppTest:
    """Run the page, as its fragments do, until nothing is worked on."""
    until = time.monotonic() + seconds
    while is_busy(page):
        while is_busy(page):
            assert time.monotonic() < until, "it did not end"
            time.sleep(0.1)
        page.run()
    return page.run()


def is_busy(page: AppTest) -> bool:
    works = []
    if "review-queue" in page.session_state:
        works.append(page.session_state["review-queue"].task)
    if "review-item" in page.session_state:
        item = page.session_state["review-item"]
        works += [item.first, item.second, item.again, item.task]
    return any(work is not None and not work.is_over for work in works)


def press(page: AppTest, label: str) -> AppTest:
    (button,) = (one for one in page.button if one.label.replace("\\", "") == label)
    return settle(button.click().run())


def two_sign(agent: Agent, folder: Path, cache: Path) -> None:
    """From now on two must approve."""
    two = open_review_shop(folder, cache, approvals_needed=2)
    agent.settings = two.settings
    two.close()


def test_an_empty_queue_says_what_comes_here(agent: Agent) -> None:
    page = look()
    assert not page.exception
    assert "没有待复核的内容" in html(page)
    assert "近 30 天更正采纳率" in html(page)
    assert "Nothing waits for review" in html(look("en"))


def test_an_item_shows_who_asked_both_results_and_the_difference(agent: Agent) -> None:
    corrected(agent, BY_CITY, RIGHT)
    told = html(page := look())
    assert not page.exception
    for words in ("分析师", "原回答", "更正", "差异", "少了 1 行", "按哪天理解"):
        assert words in told, words
    assert "更正 1" in str(page.get("button_group")[0].proto)
    assert [code.value for code in page.code][-1].startswith("SELECT city, orders")


def test_a_correction_is_tested_then_signed_and_answers(agent: Agent) -> None:
    corrected(agent, BY_CITY, RIGHT)
    page = look()
    assert "接受并写入核定问题" not in labels(page), "first the test"
    page = press(page, "测试")
    assert "测试通过" in html(page) and "orders-city" in html(page)
    page = press(page, "接受并写入核定问题")
    assert "已写入核定问题" in html(page) and "没有待复核的内容" in html(page)
    outcome = agent.ask(agent.question(BY_CITY, principal="analyst", today=TODAY))
    assert isinstance(outcome, Answer)
    assert outcome.draft.route == "verified"
    assert "100%" in html(look())


def test_what_fails_its_test_is_told_and_nothing_is_written(agent: Agent) -> None:
    corrected(agent, BY_CITY, "SELECT city, revenue FROM shop WHERE year = '2025'")
    page = press(look(), "测试")
    assert "测试没有通过" in html(page) and "语义 SQL 里却没有" in html(page)
    assert "接受并写入核定问题" not in labels(page)
    assert (agent.settings.metrics / "verified.yml").read_text(encoding="utf-8") == VERIFIED


def test_a_correction_is_declined_with_a_note(agent: Agent) -> None:
    past, _ = corrected(agent, BY_CITY, RIGHT)
    page = look("en")
    page.text_input[0].set_value("not so")
    page = press(page, "Decline")
    assert "Declined." in html(page) and "Nothing waits for review" in html(page)
    assert agent.journal.judged.of("analyst", [past.id])[past.id].note == "not so"


def test_a_question_goes_to_the_eval_set_and_stays_in_the_queue(agent: Agent) -> None:
    corrected(agent, BY_CITY, RIGHT)
    page = press(look(), "送评测集")
    assert "已写入评测集：reviewed-1" in html(page)
    assert [case.asked.text for case in read_cases(agent.settings.review_cases).cases] == [BY_CITY]


def test_a_synonym_is_added_from_the_item(agent: Agent) -> None:
    asked(agent, "2025年各城市的成交量")
    page = look()
    page.selectbox[0].set_value("orders")
    (word,) = (one for one in page.text_input if one.label == "大家说的词")
    word.set_value("成交量")
    page = press(page, "添加")
    assert "已加同义词“成交量”" in html(page), html(page)
    outcome = agent.ask(agent.question("2025年各城市的成交量", principal="analyst", today=TODAY))
    assert isinstance(outcome, Answer)


def test_two_people_sign_where_settings_say_so(tmp_path: Path, cache: Path, agent: Agent) -> None:
    two_sign(agent, tmp_path, cache)
    corrected(agent, BY_CITY, RIGHT)
    page = press(press(look(), "测试"), "接受并写入核定问题")
    assert "已记录您的批准" in html(page)
    assert "负责人 已批准一次" in html(look(principal="second"))
    page = press(press(look(principal="second"), "测试"), "接受并写入核定问题")
    assert "已写入核定问题" in html(page)
    assert read_verified(agent.settings.metrics)[-1].verified_by.startswith("负责人、复核人")


@pytest.mark.parametrize("is_judged", [True, False])
def test_where_two_must_sign_what_nobody_put_forward_is_put_forward(
    tmp_path: Path, cache: Path, agent: Agent, is_judged: bool
) -> None:
    two_sign(agent, tmp_path, cache)
    past = asked(agent, BY_CITY)
    if is_judged:
        agent.journal.judged.give("analyst", past.id, "wrong", reason="wording")
    else:
        agent.journal.record(past.id, "analyst", Draft(past.drafted, "generated", 0.4))
    page = press(look(), "测试")
    assert "接受并写入核定问题" not in labels(page), "it would be refused"
    assert "由另外两人复核" in html(page) and "您批准后还要另一人" not in html(page)
    page = press(page, "作为我的更正提交复核")
    assert "已作为您的更正进入队列" in html(page), html(page)
    waiting = agent.journal.review.queue(reviewer(agent).principal)[0]
    assert waiting.judgement and (waiting.kind, waiting.judgement.principal) == ("correction", "owner")


def test_who_cannot_approve_is_told_so_and_gets_no_button(tmp_path: Path, cache: Path, agent: Agent) -> None:
    two_sign(agent, tmp_path, cache)
    put_forward(agent, reviewer(agent), asked(agent, BY_CITY), RIGHT)
    page = press(look(), "测试")
    assert "须由另外两人批准" in html(page) and "接受并写入核定问题" not in labels(page)
    page = press(look(principal="second"), "测试")
    assert "您批准后还要另一人" in html(page)
    press(page, "接受并写入核定问题")
    page = press(look(principal="second"), "测试")
    assert "您已批准过" in html(page) and "接受并写入核定问题" not in labels(page)
    page = press(look(principal="third"), "测试")
    assert "您批准后还要另一人" not in html(page), "this one is the last"
    assert "已写入核定问题" in html(press(page, "接受并写入核定问题"))


def test_what_nobody_looks_at_any_more_is_stopped_and_forgotten(agent: Agent) -> None:
    corrected(agent, BY_CITY, RIGHT)
    corrected(agent, "2024年各城市的销售笔数", RIGHT.replace("2025", "2024"))
    page = look()
    item = page.session_state["review-item"]
    works = [item.first, item.second]
    item.run(RIGHT)
    item.ask_again()
    works += [item.second, item.again]
    item.run(RIGHT)
    item.ask_again()
    works += [item.second, item.again]
    assert [work.cancel.is_set() for work in works] == [False, True, True, True, False, False]
    page.session_state[f"review-editor-{item.key}-typed"] = ("", "SELECT")
    page = settle(page)
    other = next(b for b in page.button if (b.key or "").startswith("review-open-") and item.key not in str(b.key))
    page = settle(other.click().run())
    assert not page.exception
    assert page.session_state["review-item"] is not item
    assert all(work.cancel.is_set() for work in works)
    assert f"review-editor-{item.key}-typed" not in page.session_state
    for one in agent.journal.review.queue(reviewer(agent).principal):
        assert one.judgement
        agent.journal.review.decide(reviewer(agent).principal, one.judgement, accept=False)
    page.button(key="review-refresh").click().run()
    assert "review-item" not in settle(page).session_state, "nothing is open where nothing waits"


def test_notes_and_cut_rows_are_told_with_the_figures(tmp_path: Path, cache: Path, agent: Agent) -> None:
    corrected(agent, BY_CITY, RIGHT)
    assert "已截断" not in html(look())
    cut = open_review_shop(tmp_path, cache, row_limit=1)
    agent.settings = cut.settings
    cut.close()
    assert "结果超过 1 行，已截断" in html(look())


def test_hostile_words_stay_words(agent: Agent) -> None:
    asked(agent, HOSTILE)
    told = html(page := look())
    assert not page.exception
    assert "<img" not in told and "&lt;img" in told
    shown = [button.label.replace("\\*", "").replace("\\<", "") for button in page.button]
    assert all("*" not in label and "<" not in label for label in shown), "escaped in labels"


def test_nobody_else_gets_the_page(agent: Agent) -> None:
    from ui.frame import Visit
    from ui.views import review
    from ui.words import Words

    corrected(agent, BY_CITY, RIGHT)
    desk = ui.desk.open_desk()
    for name, is_open in (("owner", True), ("analyst", False)):
        assert review.is_reviewer(Visit(desk, Words("zh"), desk.narrow(name))) is is_open
    page = AppTest.from_function(draw_review, default_timeout=60, args=("zh", "analyst")).run()
    assert page.exception, "drawn for somebody else it tells nothing"
    assert BY_CITY not in html(page)
    assert reviewer(agent).principal.may == {"review"}
