"""Past questions, pins, boards and links: found, run again and refreshed under the reader's rights."""

from __future__ import annotations

import time

from streamlit.testing.v1 import AppTest

from t2sql.flow import Answer

from page_driving import Opened, ask, finish, html, labels, last_work, unfold, visit

BY_BRANCH = "2026年6月各分行的不良贷款率是多少？"
HOSTILE = "**b** <img src=x onerror=alert(1)> 不良贷款率"


def press(page: AppTest, key: str) -> AppTest:
    return page.button(key=key).click().run()


def last_id(page: AppTest) -> str:
    return last_work(page).question.id


def choose(page: AppTest, principal: str) -> AppTest:
    return page.selectbox(key="principal-zh").set_value(principal).run()


def settle(page: AppTest, seconds: float = 60) -> AppTest:
    """Run the page until its board has been refreshed."""
    until = time.monotonic() + seconds
    while page.get("progress"):
        assert time.monotonic() < until, "the board was not refreshed"
        time.sleep(0.2)
        page.run()
    return page


def test_the_history_lists_own_questions_and_searches_them(open_page: Opened) -> None:
    page = ask(ask(open_page(), BY_BRANCH), "2025年末存款余额")
    page = visit(page, "history")
    assert not page.exception
    assert html(page).index("2025年末存款余额") < html(page).index(BY_BRANCH), "the latest first"
    page = page.text_input(key="history-words").set_value("不良").run()
    assert BY_BRANCH in html(page)
    assert "2025年末存款余额" not in html(page)
    page = page.text_input(key="history-words").set_value("没有这样的问题").run()
    assert "没有符合的问题" in html(page)


def test_another_principals_questions_are_not_in_the_history(open_page: Opened) -> None:
    page = ask(open_page(), "2026年6月末的拨备覆盖率")
    page = visit(choose(page, "analyst_east"), "history")
    assert "拨备覆盖率" not in html(page)


def test_a_past_question_runs_again_as_it_was_asked(open_page: Opened) -> None:
    page = ask(open_page(), BY_BRANCH)
    first = last_work(page).outcome
    assert isinstance(first, Answer)
    page = press(visit(page, "history"), f"asked-{last_id(page)}")
    page = finish(visit(page, "ask") if not page.chat_input else page)
    again = last_work(page).outcome
    assert isinstance(again, Answer)
    assert again.draft.route == "written"
    assert again.plan.semantic_sql == first.plan.semantic_sql
    assert again.result.rows == first.result.rows


def test_a_pinned_question_is_found_among_the_pinned(open_page: Opened) -> None:
    page = ask(ask(open_page(), BY_BRANCH), "2025年末存款余额")
    name = last_id(page)
    number = len(page.session_state["turns"])
    page = press(unfold(page, f"keep-{number}"), f"pin-{number}")
    page = visit(page, "history")
    page = page.toggle(key="history-pinned").set_value(True).run()
    assert "2025年末存款余额" in html(page)
    assert BY_BRANCH not in html(page)
    page = press(page, f"keep-{name}")
    assert "2025年末存款余额" not in html(page)


def test_a_board_shows_its_answers_and_refreshes_them(open_page: Opened) -> None:
    page = ask(open_page(), BY_BRANCH)
    name = last_id(page)
    page = unfold(page, "keep-1")
    page.text_input(key="board-name-1").set_value("晨会")
    page = page.button(key="FormSubmitter:board-1-放到看板").click().run()
    assert not page.exception
    page = settle(visit(page, "boards"))
    assert "晨会" in [str(option) for option in page.selectbox(key="board-open").options]
    assert BY_BRANCH in html(page)
    assert page.get("vega_lite_chart") or page.get("arrow_vega_lite_chart")
    page = settle(press(page, f"mode-{name}"))
    assert "当时的日期" in html(page)
    page = press(page, f"off-{name}")
    assert "看板是空的" in html(page)


def test_a_board_is_its_owners(open_page: Opened) -> None:
    page = ask(open_page(), BY_BRANCH)
    page = unfold(page, "keep-1")
    page.text_input(key="board-name-1").set_value("只给总行看")
    page = page.button(key="FormSubmitter:board-1-放到看板").click().run()
    page = visit(choose(page, "analyst_east"), "boards")
    assert "还没有看板" in html(page)


def test_a_link_runs_under_the_readers_rights(open_page: Opened) -> None:
    page = ask(open_page(), BY_BRANCH)
    whole = last_work(page).outcome
    assert isinstance(whole, Answer)
    page = choose(page, "analyst_east")
    page.query_params["answer"] = whole.question.id
    page = finish(page.run())
    part = last_work(page).outcome
    assert isinstance(part, Answer)
    assert part.question.principal == "analyst_east"
    assert 0 < len(part.result.rows) < len(whole.result.rows)
    assert "仅含您有权查看的范围" in html(page)


def test_a_link_as_of_today_understands_the_words_anew(open_page: Opened) -> None:
    page = ask(open_page(), "2026年6月各分行贷款余额")
    page = ask(page, "换成同比")
    followed = last_work(page).outcome
    assert isinstance(followed, Answer)
    page.query_params["answer"] = followed.question.id
    page.query_params["as"] = "today"
    page = finish(page.run())
    again = last_work(page).outcome
    assert isinstance(again, Answer)
    assert again.draft.route == "composed"
    assert again.plan.semantic_sql == followed.plan.semantic_sql


def test_a_broken_link_says_so_and_the_page_works(open_page: Opened) -> None:
    page = open_page()
    page.query_params["answer"] = "0" * 32
    page = page.run()
    assert "没有这个链接" in html(page)
    assert isinstance(last_work(ask(page, BY_BRANCH)).outcome, Answer)


def test_what_a_person_typed_stays_text_in_the_history(open_page: Opened) -> None:
    page = visit(ask(open_page(), HOSTILE), "history")
    assert "&lt;img" in html(page)
    assert "<img" not in html(page)
    assert not any("<img" in label for label in labels(page))
