"""Questions about definitions: which names they are about, what is told of them, and that nothing hidden is."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from t2sql.agent import Agent
from t2sql.catalog import Catalog
from t2sql.compiler import compile_sql
from t2sql.definitions import Definitions, nearest_metrics, tell_term, tell_topic
from t2sql.definitions.formulas import tell_formula
from t2sql.flow import Definition, Loads, Question, Refusal
from t2sql.generation.llm import ScriptedLlm
from t2sql.policy import Narrowed, Policies
from t2sql.screening import language_of
from t2sql.settings import Settings

TODAY = date(2026, 7, 10)
TABLE: list[dict[str, Any]] = YAML(typ="safe").load(Path(__file__).with_name("table.yml"))
CASES = Path(__file__).parent.parent / "evals" / "definitions.yml"


def question(text: str, principal: str = "hq") -> Question:
    """A question in its own language."""
    return Question(text, principal, TODAY, language_of(text))


@pytest.fixture(scope="module")
def definitions(head_office: Narrowed) -> Definitions:
    """Head office's, whose examples are all let through."""
    return Definitions(head_office.catalog, date(2026, 6, 30), lambda sql: True)


def _asked(found: Definition | Refusal | None) -> dict[str, Any]:
    """What came of a question, in the words of the table."""
    if found is None:
        return {"figure": True}
    if isinstance(found, Refusal):
        return {"refused": found.text}
    return {"topics": True} if found.topics else {"names": [term.name for term in found.terms]}


@pytest.mark.parametrize("case", TABLE, ids=[case["q"] for case in TABLE])
def test_a_question_is_about_these_names(case: dict[str, Any], definitions: Definitions) -> None:
    found = _asked(definitions.answer(question(case["q"]), {}))
    if "refused" in case:
        assert case["refused"] in found["refused"].lower()
    else:
        assert found == {key: value for key, value in case.items() if key != "q"}


def test_the_questions_of_others_are_understood(definitions: Definitions) -> None:
    wrong = []
    for case in YAML(typ="safe").load(CASES)["cases"]:
        found = _asked(definitions.answer(question(case["question"]), {}))
        if case.get("topics"):
            is_right = found == {"topics": True}
        elif "definition" in case:
            is_right = sorted(found.get("names", [])) == sorted(case["definition"])
        else:
            is_right = found == {"figure": True}
        if not is_right:
            wrong.append((case["question"], found))
    assert wrong == []


def test_the_sentence_answers_what_was_asked(definitions: Definitions) -> None:
    told = {
        "谁负责不良率": "风险管理部负责，现行版本 1 自 2023-01-01 起生效",
        "预警贷款的口径什么时候变过": "有 2 个版本",
        "预警贷款口径变过没有": "版本 2，自 2025-01-01 起生效（逾期1至90天）",
        "不良率口径变过吗": "口径没有变更过",
        "拨备覆盖率怎么算": "贷款损失准备余额 ÷ 不良贷款余额",
        "户均AUM的单位是什么": "CNY/户",
        "五级分类有哪几类": "正常、关注、次级、可疑、损失",
        "Who owns NIM?": "is owned by 资产负债部",
        "How do you annualise NIM?": "× 365 ÷ days of the period",
        "What dimensions can I split NIM by?": "can be split by region, branch",
        "When did the early-warning definition change?": "version 2, in force since 2025-01-01 (1 to 90 days past due)",
        "How is the NPL balance calculated?": "where risk class is “次级”, “可疑” or “损失”",
    }
    for text, part in told.items():
        found = definitions.answer(question(text), {})
        assert isinstance(found, Definition), text
        assert part in found.text, (text, found.text)


def test_two_names_stand_side_by_side_with_all_that_is_known(definitions: Definitions) -> None:
    found = definitions.answer(question("逾期率和不良率有啥区别"), {})
    assert isinstance(found, Definition)
    for term in found.terms:
        pairs = dict(tell_term(term, "zh"))
        wanted = {"定义", "公式", "单位", "责任部门", "版本", "依据", "数据集", "可按以下维度拆分", "也叫", "相近指标"}
        assert wanted <= pairs.keys()


def test_every_metric_and_dimension_can_be_told_in_both_languages(
    head_office: Narrowed, definitions: Definitions
) -> None:
    catalog = head_office.catalog
    for metric in catalog.metrics.values():
        formula = tell_formula(metric, catalog)
        assert formula.zh and formula.en
        assert language_of(formula.zh) == "zh"
        for text, language in ((f"{metric.display.zh}的口径是什么", "zh"), (f"Define {metric.display.en}", "en")):
            found = definitions.answer(question(text), {})
            assert isinstance(found, Definition), text
            assert metric.name in [term.name for term in found.terms], text
            assert all(label and value for term in found.terms for label, value in tell_term(term, language))


@pytest.mark.parametrize(
    "text", ["净利润怎么算", "成本收入比谁负责", "How is net profit calculated?", "净利润和不良率的区别"]
)
def test_what_is_hidden_is_as_unknown_as_what_nobody_defined(text: str, catalog: Catalog, policies: Policies) -> None:
    team = policies.narrow(catalog, policies.principal("product_team")).catalog
    found = Definitions(team, date(2026, 6, 30), lambda sql: True).answer(question(text, "product_team"), {})
    told = repr(found.terms if isinstance(found, Definition) else (found.hint if found else ""))
    assert "net_profit" not in told and "cost_to_income" not in told
    assert "净利润" not in told and "成本收入比" not in told and "net profit" not in told


def test_what_can_be_asked_is_only_what_may_be_seen(catalog: Catalog, policies: Policies) -> None:
    team = policies.narrow(catalog, policies.principal("product_team")).catalog
    topics = Definitions(team, date(2026, 6, 30), lambda sql: True).topics("zh")
    named = {metric.name for topic in topics for metric in topic.metrics}
    assert named == set(team.metrics)
    assert {split.name for topic in topics for split in topic.splits} <= set(team.dimensions)
    assert "net_profit" not in named


def test_a_topic_is_narrowed_to_the_word_that_was_said(definitions: Definitions) -> None:
    found = definitions.answer(question("风险管理部负责哪些指标"), {})
    assert isinstance(found, Definition)
    names = {metric.name for topic in found.topics for metric in topic.metrics}
    assert "npl_ratio" in names and "nim" not in names
    cards = definitions.answer(question("Which credit card metrics do you have?"), {})
    assert isinstance(cards, Definition)
    assert "npl_ratio" not in {metric.name for topic in cards.topics for metric in topic.metrics}
    assert "card_balance" in {metric.name for topic in cards.topics for metric in topic.metrics}


def test_examples_that_do_not_compile_are_not_shown(head_office: Narrowed) -> None:
    none = Definitions(head_office.catalog, date(2026, 6, 30), lambda sql: False)
    assert all(topic.examples == () for topic in none.topics("en"))
    assert all(topic.metrics for topic in none.topics("en"))
    empty = Definitions(head_office.catalog, None, lambda sql: True)
    assert all(topic.examples == () for topic in empty.topics("en"))


def test_examples_are_looked_for_once(head_office: Narrowed) -> None:
    asked: list[str] = []
    made = Definitions(head_office.catalog, date(2026, 6, 30), lambda sql: not asked.append(sql))
    made.topics("zh")
    first = len(asked)
    made.topics("zh")
    assert first > 0
    assert len(asked) == first


def test_the_splits_told_are_those_that_compile(head_office: Narrowed, loads: Loads, definitions: Definitions) -> None:
    found = definitions.answer(question("存款余额能按哪些维度拆"), {})
    assert isinstance(found, Definition)
    for split in found.terms[0].splits:
        sql = f"SELECT {split.name}, deposit_balance FROM bank WHERE month = '2026-05'"
        assert compile_sql(sql, head_office, loads).columns


def test_the_nearest_are_found_by_letters_then_by_meaning(head_office: Narrowed) -> None:
    catalog = head_office.catalog
    assert nearest_metrics("不良贷款比例率", catalog)[0] == "npl_ratio"
    assert nearest_metrics("zzz", catalog) == ()
    found = nearest_metrics("zzz", catalog, lambda text: [("hidden", 0.9), ("nim", 0.8)])
    assert found == ("nim",)


@pytest.fixture(scope="module")
def agent(settings: Settings, locked_bank: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """An agent whose llm must not be asked."""
    folder = tmp_path_factory.mktemp("defined")
    chosen = settings.model_copy(
        update={"source": str(locked_bank), "memory_limit": "2GB", "cache_dir": folder, "demo": True}
    )
    opened = Agent.open(chosen, llm=lambda: ScriptedLlm({}))
    yield opened
    opened.close()


def test_an_agent_tells_a_definition_without_sql_llm_or_grounding(agent: Agent) -> None:
    steps = list(agent.steps(agent.question("拨备覆盖率怎么算的", today=TODAY)))
    assert [type(step).__name__ for step in steps] == ["Question", "Definition"]
    found = steps[-1]
    assert isinstance(found, Definition)
    assert found.timings_ms["total"] > 0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_example_is_answered_when_it_is_asked_in_words(agent: Agent, language: str) -> None:
    narrowed = agent.narrow("hq")
    wrong = []
    for topic in agent.definitions(narrowed, agent.loads()).topics("zh" if language == "zh" else "en"):
        assert tell_topic(topic, "zh" if language == "zh" else "en")
        assert topic.examples
        for example in topic.examples:
            drafts = [s for s in agent.steps(agent.question(example.text, today=TODAY)) if type(s).__name__ == "Draft"]
            if [draft.semantic_sql for draft in drafts] != [example.semantic_sql]:
                wrong.append((example.text, [draft.semantic_sql for draft in drafts]))
    assert wrong == []
