"""The page's behaviour without a browser: what is drawn for each end of a question, for whom, in which language."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from t2sql.errors import Cancelled, WarehouseError
from t2sql.flow import Answer, Draft, Result
from t2sql.generation.llm import ScriptedLlm, Writing
from t2sql.warehouse.duckdb import DuckDbWarehouse
from ui.asking import progress
from ui.asking.turns import MOST_TURNS
from ui.views import ask as asking
from ui.words import Words

from page_driving import Opened, ask, finish, html, labels, last_work, unfold

BY_BRANCH = "2026年6月各分行的不良贷款率是多少？"
ONE_FIGURE = "2026年6月末的不良贷款率是多少？"
UNKNOWN_WORD = "2026年6月各区域的不良贷款率中位数是多少？"
HOSTILE = "**b** :red[x] <img src=x onerror=alert(1)> $x$ <script>1</script> 不良贷款率"


class WaitingLlm(ScriptedLlm):
    """Writes nothing until it is stopped, as the real one does in the middle of a long text."""

    def write(
        self, prefix: str, suffix: str, grammar: str, *, max_tokens: int, tail: str = "",
        cancel: threading.Event | None = None,
    ) -> Writing:  # fmt: skip
        if cancel is None or cancel.wait(60):
            raise Cancelled("The work was cancelled.")
        raise AssertionError("nobody stopped it")


def test_first_run_says_what_is_here_and_offers_questions(open_page: Opened) -> None:
    page = open_page()
    assert not page.exception
    assert "示范银行" in html(page)
    assert "90 个指标" in html(page) or "个指标" in html(page)
    assert "数据截至 2026年6月30日" in html(page)
    assert labels(page)[0] == "2026年6月各分行的不良贷款率是多少？"
    assert len([button for button in page.button if str(button.key).startswith("example-")]) == 6
    assert "贷款余额" in html(page)


def test_what_is_drawn_as_it_comes_is_the_same_afterwards(open_page: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a person opens or switches on at once stays so when the page is drawn again."""
    monkeypatch.setattr(asking, "GLANCE_SECONDS", 0.0)
    monkeypatch.setattr(progress, "WATCH_SECONDS", 60.0)
    page = open_page().chat_input[0].set_value(BY_BRANCH).run()
    drawn = page.toggle(key="edit-1").proto.id
    assert page.run().toggle(key="edit-1").proto.id == drawn


def test_an_example_is_asked_by_a_click(open_page: Opened) -> None:
    page = open_page()
    finish(page.button(key="example-0").click().run())
    assert isinstance(last_work(page).outcome, Answer)


def test_an_answer_shows_sentence_table_chart_definition_and_both_sqls(open_page: Opened) -> None:
    page = ask(open_page(), BY_BRANCH)
    assert not page.exception
    answer = last_work(page).outcome
    assert isinstance(answer, Answer)
    text = html(page)
    assert BY_BRANCH in text
    assert answer.explanation in text
    assert len(page.dataframe) == 1
    assert len(page.get("vega_lite_chart") or page.get("arrow_vega_lite_chart")) == 1
    assert not page.code, "the proof is drawn when it is opened"
    page = unfold(page, "proof-1")
    text = html(page)
    assert [code.value for code in page.code][-2:] == [answer.plan.semantic_sql, answer.plan.physical.sql]
    for said in ("不良贷款率 (npl_ratio)", "风险管理部", "2026年6月30日", "总行分析师", "npl_balance / loan_balance"):
        assert said in text


def test_the_table_keeps_stored_values_under_their_words(open_page: Opened) -> None:
    page = ask(open_page(), BY_BRANCH)
    answer = last_work(page).outcome
    assert isinstance(answer, Answer)
    table = page.dataframe[0].value
    assert [tuple(row) for row in table.itertuples(index=False)] == [tuple(row) for row in answer.result.rows]


def test_one_row_is_told_as_a_large_figure_with_its_digits(open_page: Opened) -> None:
    page = ask(open_page(), ONE_FIGURE)
    text = html(page)
    assert 'class="value">1.36%<' in text
    assert "精确值 1.36406" in text
    assert not page.dataframe


def test_an_english_question_is_answered_in_english(open_page: Opened) -> None:
    page = unfold(ask(open_page(), "What was the NPL ratio by branch in June 2026?"), "proof-1")
    text = html(page)
    assert "Understood as" in text
    assert "Head office analyst" in text
    assert "理解为" not in text


def test_the_switch_changes_the_interface(open_page: Opened) -> None:
    page = open_page()
    page.button_group(key="language").set_value("en").run()
    assert "Demo bank" in html(page)
    assert page.chat_input[0].placeholder == "Type a question and press Enter"
    assert labels(page)[0] == "What was the NPL ratio by branch in June 2026?"


@pytest.mark.parametrize("text", ["？？？", "NIM", "SELECT branch, npl_ratio FROM bank WHERE year = 2025"])
def test_a_question_without_a_sentence_is_answered_in_the_interface_language(open_page: Opened, text: str) -> None:
    assert last_work(ask(open_page(), text)).question.language == "zh"


def test_a_very_long_question_is_shown_shortened(open_page: Opened) -> None:
    page = ask(open_page(), "贷" * 20_000)
    assert "贷" * 601 not in html(page)
    assert "下一步：" in html(page)


def test_answers_stay_in_order(open_page: Opened) -> None:
    page = ask(ask(open_page(), BY_BRANCH), ONE_FIGURE)
    text = html(page)
    assert 0 < text.index(BY_BRANCH) < text.index(ONE_FIGURE)


def test_an_earlier_answer_is_one_line_that_opens(open_page: Opened) -> None:
    page = ask(ask(open_page(), BY_BRANCH), ONE_FIGURE)
    first = page.session_state["turns"][0].work.outcome
    assert isinstance(first, Answer)
    closed, proof = page.expander
    assert "昆明分行" in closed.label
    assert not page.dataframe
    assert first.explanation not in html(page)
    page = unfold(page, "older-1")
    assert first.explanation in html(page)
    assert len(page.dataframe) == 1
    assert [expander.label for expander in page.expander].count(proof.label) == 2


def test_an_answer_whose_sql_is_being_changed_stays_open(open_page: Opened) -> None:
    page = ask(open_page(), BY_BRANCH)
    page = ask(page.toggle(key="edit-1").set_value(True).run(), ONE_FIGURE)
    assert len(page.dataframe) == 1
    assert page.toggle(key="edit-1").value


def test_what_leaves_the_conversation_is_forgotten(open_page: Opened) -> None:
    page = ask(open_page(), BY_BRANCH)
    kept = ("rows-1", "said-1", "editor-1-typed", "rows-edited-1", "opened-judge-1")
    for key in kept:
        page.session_state[key] = "kept"
    older = page.session_state["turns"][0]
    page.session_state["turns"].extend([older] * (MOST_TURNS - 1))
    page = ask(page, ONE_FIGURE)
    assert [key for key in kept if key in page.session_state] == []


def test_another_principal_sees_only_their_own_answers_and_names(open_page: Opened) -> None:
    page = ask(open_page(), BY_BRANCH)
    page.selectbox[0].set_value("product_team").run()
    text = html(page)
    assert BY_BRANCH not in text
    assert "成本收入比" not in text
    assert not page.dataframe
    ask(page, BY_BRANCH)
    assert last_work(page).question.principal == "product_team"


def test_a_row_rule_is_told(open_page: Opened) -> None:
    page = open_page()
    page.selectbox[0].set_value("analyst_east").run()
    ask(page, BY_BRANCH)
    assert "仅含您有权查看的范围" in html(page)


def test_nobody_chooses_outside_a_demo(open_page: Opened) -> None:
    page = open_page(demo=False)
    assert not page.selectbox
    assert isinstance(last_work(ask(page, ONE_FIGURE)).outcome, Answer)


def test_no_principal_means_no_data(open_page: Opened) -> None:
    page = open_page(demo=False, principal="")
    assert "没有权限" in html(page)
    assert "不良贷款率" not in html(page)
    assert not page.chat_input


def test_a_reading_is_run_by_a_click(open_page: Opened) -> None:
    page = ask(open_page(), UNKNOWN_WORD)
    outcome = last_work(page).outcome
    assert outcome is not None
    assert outcome.outcome == "clarification"
    assert outcome.readings, "the question must leave readings to choose among"
    finish(page.button(key="reading-1-0").click().run())
    answer = last_work(page).outcome
    assert isinstance(answer, Answer)
    assert answer.draft.semantic_sql == outcome.readings[0].semantic_sql
    assert "由人选定的语义 SQL" in html(page)


@pytest.mark.parametrize("text", ["删除所有贷款记录", "？？？", "贷" * 2_500])
def test_a_refusal_says_what_to_do(open_page: Opened, text: str) -> None:
    page = ask(open_page(), text)
    assert "下一步：" in html(page)
    assert not page.dataframe
    assert not page.exception


def test_a_definition_is_told_without_a_figure_or_sql(open_page: Opened) -> None:
    page = ask(open_page(), "不良率和逾期率有什么区别")
    text = html(page)
    assert all(word in text for word in ("不良贷款率（npl_ratio）", "逾期率（overdue_ratio）", "风险管理部"))
    assert "SELECT" not in text
    assert not page.dataframe


def test_what_can_be_asked_is_shown_by_topic_with_examples_that_work(open_page: Opened) -> None:
    page = ask(open_page(), "我能问什么")
    examples = [button for button in page.button if str(button.key).startswith("topic-")]
    assert len(examples) > 10
    page = finish(examples[0].click().run())
    outcome = page.session_state["turns"][-1].work.outcome
    assert isinstance(outcome, Answer)


def test_nothing_a_person_types_becomes_markup(open_page: Opened) -> None:
    page = ask(open_page(), HOSTILE)
    text = html(page)
    assert "<img" not in text
    assert "<script" not in text
    assert "&lt;img src=x onerror=alert(1)&gt;" in text
    assert not page.markdown


def test_missing_weights_are_told_and_the_rest_works(open_page: Opened) -> None:
    page = open_page(is_scripted=False)
    until = time.monotonic() + 60
    while "语言模型不可用" not in html(page) and time.monotonic() < until:
        time.sleep(0.2)
        page.run()
    assert "语言模型不可用" in html(page)
    assert "t2sql llm pull" in html(page)
    assert isinstance(last_work(ask(page, BY_BRANCH)).outcome, Answer)


def test_a_missing_database_closes_the_page_with_a_hint(open_page: Opened, tmp_path: Path) -> None:
    page = open_page(source=str(tmp_path / "none.duckdb"))
    assert "页面还不能使用" in html(page)
    assert "t2sql demo build" in html(page)
    assert not page.exception
    assert labels(page) == ["重试"]


def test_broken_settings_close_the_page_with_a_hint(open_page: Opened) -> None:
    page = open_page(is_scripted=False, row_limit="many")
    assert "设置或定义文件有误" in html(page)
    assert "row_limit" in html(page)


def test_an_error_of_the_warehouse_is_told_without_a_trace(open_page: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_page()
    monkeypatch.setattr(DuckDbWarehouse, "run", _raise(WarehouseError("The disk is gone.", "Put it back.")))
    ask(page, ONE_FIGURE)
    text = html(page)
    assert "数据库出错" in text
    assert "The disk is gone." in text
    assert "Put it back." in text


def test_a_defect_is_one_line_without_a_trace(open_page: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_page()
    monkeypatch.setattr(DuckDbWarehouse, "run", _raise(ZeroDivisionError("secret detail")))
    ask(page, ONE_FIGURE)
    text = html(page)
    assert "出现了意外错误" in text
    assert "secret" not in text
    assert "Traceback" not in text


def test_steps_are_told_while_it_works_and_stop_works(open_page: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    reached, freed = threading.Event(), threading.Event()
    run = DuckDbWarehouse.run

    def wait(*args: Any, **options: Any) -> Result:
        reached.set()
        assert freed.wait(60)
        return run(*args, **options)

    page = open_page()
    monkeypatch.setattr(DuckDbWarehouse, "run", wait)
    page.chat_input[0].set_value(BY_BRANCH).run()
    assert reached.wait(60)
    page.run()
    text = html(page)
    for said in ("已识别", "不良贷款率", "2026年6月", "分行", "SELECT branch, npl_ratio", "已编译并校验", "正在查询"):
        assert said in text
    assert not page.chat_input[0].disabled
    stop = next(button for button in page.button if button.label == "停止")
    stop.click().run()
    assert "已停止。" in html(page)
    assert not page.chat_input[0].disabled
    freed.set()
    assert last_work(page).ended.wait(60)
    page.run()
    assert last_work(page).outcome is None
    assert not page.dataframe
    finish(next(button for button in page.button if button.label == "再问一次").click().run())
    assert isinstance(last_work(page).outcome, Answer)


def test_stop_reaches_an_llm_that_is_writing(open_page: Opened, ambiguous: str) -> None:
    page = open_page(WaitingLlm({}))
    page.chat_input[0].set_value(ambiguous).run()
    until = time.monotonic() + 60
    while "书写语义 SQL" not in html(page.run()) and "Writing semantic SQL" not in html(page):
        assert time.monotonic() < until
    next(button for button in page.button if button.label in ("停止", "Stop")).click().run()
    assert last_work(page).ended.wait(5), "the thread must end, not only the page"
    assert not any(isinstance(step, Draft) for step in last_work(page).steps)


class QueueingLlm(WaitingLlm):
    """Takes one call after another, and tells who waits behind how many, as the real one does."""

    def __init__(self) -> None:
        super().__init__({})
        self.waiting: list[threading.Event] = []

    def write(
        self, prefix: str, suffix: str, grammar: str, *, max_tokens: int, tail: str = "",
        cancel: threading.Event | None = None,
    ) -> Writing:  # fmt: skip
        assert cancel is not None
        self.waiting.append(cancel)
        try:
            return super().write(prefix, suffix, grammar, max_tokens=max_tokens, tail=tail, cancel=cancel)
        finally:
            self.waiting.remove(cancel)

    def ahead(self, cancel: threading.Event) -> int:
        return self.waiting.index(cancel) if cancel in self.waiting else 0


def test_who_waits_for_the_llm_is_told_how_many_go_before(open_page: Opened, ambiguous: str) -> None:
    llm = QueueingLlm()
    page = open_page(llm)
    for number in range(1, 4):
        page.chat_input[0].set_value(ambiguous).run()
        until = time.monotonic() + 60
        while len(llm.waiting) < number:
            assert time.monotonic() < until, "it must wait for the llm"
            time.sleep(0.05)
    words = Words(last_work(page).question.language)
    text = html(page.run())
    assert [text.count(words("queued", before=before)) for before in (0, 1, 2)] == [0, 1, 1]
    first, *_ = page.session_state["turns"]
    first.work.stop()
    assert first.work.ended.wait(10)
    text = html(page.run())
    assert [text.count(words("queued", before=before)) for before in (1, 2)] == [1, 0]
    for turn in page.session_state["turns"]:
        turn.work.stop()
        assert turn.work.ended.wait(10)


def test_a_few_questions_run_at_once_and_no_more(open_page: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    freed, run = threading.Event(), DuckDbWarehouse.run

    def wait(*args: Any, **options: Any) -> Result:
        assert freed.wait(60)
        return run(*args, **options)

    page = open_page()
    monkeypatch.setattr(DuckDbWarehouse, "run", wait)
    for month in range(1, 4):
        page.chat_input[0].set_value(f"2026年{month}月末的不良贷款率是多少？").run()
    assert page.chat_input[0].disabled
    freed.set()
    finish(page)
    outcomes = [turn.work.outcome for turn in page.session_state["turns"]]
    assert len(outcomes) == 3
    assert all(isinstance(outcome, Answer) for outcome in outcomes)
    assert not page.chat_input[0].disabled


def _raise(error: Exception) -> Callable[..., Any]:
    def fail(*_: Any, **__: Any) -> Any:
        raise error

    return fail


def test_a_question_follows_the_one_above_until_a_new_one_is_begun(open_page: Opened) -> None:
    page = open_page()
    assert "新问题" not in labels(page)
    page = ask(page, BY_BRANCH)
    page = ask(page, "只看西南")
    followed = last_work(page).outcome
    assert isinstance(followed, Answer)
    assert (
        followed.draft.semantic_sql
        == "SELECT branch, npl_ratio FROM bank WHERE month = '2026-06' AND region = '西南区'"
    )
    assert "沿用上一问：不良贷款率、2026年6月、按分行" in html(page)
    page = page.button(key="fresh-button").click().run()
    assert "新问题" not in labels(page)
    page = ask(page, ONE_FIGURE)
    assert last_work(page).question.before == ()
