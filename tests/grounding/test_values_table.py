"""The table of dimension values that was written without sight of the code, line by line, on the demo bank."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from t2sql.agent import Agent
from t2sql.flow import Answer, Certified, Clarification, Context
from t2sql.opening import open_agent
from t2sql.settings import Settings

TABLE = YAML(typ="safe").load(Path(__file__).with_name("tables").joinpath("values.yml"))
TODAY = date(2026, 7, 10)
# Lines held wrong or against the house plan, each with its reason.
EXCEPTIONS: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Case:
    """One line of the table."""

    text: str
    values: tuple[str, ...] = ()
    either: tuple[tuple[str, ...], ...] = ()
    why: str = ""


def _case(line: dict[str, Any]) -> Case:
    return Case(
        **{**line, "values": tuple(line.get("values", ())), "either": tuple(map(tuple, line.get("either", ())))}
    )


CASES = [_case(line) for line in TABLE["cases"]]


@pytest.fixture(scope="module")
def agent(settings: Settings, locked_bank: Path) -> Iterator[Agent]:
    """The product over the demo bank; no llm is asked."""
    opened = open_agent(settings.model_copy(update={"source": str(locked_bank), "memory_limit": "2GB"}))
    yield opened
    opened.close()


def grounded(agent: Agent, text: str, principal: str = "hq") -> Context:
    """What `text` mentions, for a principal."""
    grounding = agent.grounding(agent.narrow(principal))
    question = agent.question(text, principal=principal, today=TODAY)
    return grounding.ground(question, agent.loads().last(), by_meaning=False)


def told(context: Context) -> dict[tuple[int, int], set[str]]:
    """Span -> what it may mean, as the table writes it."""
    found: dict[tuple[int, int], set[str]] = {}
    for value in context.values:
        entry = f"{value.dimension}{'!=' if value.is_negated else '='}{value.value}"
        found.setdefault((value.span.start, value.span.end), set()).add(entry)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.text)
def test_a_text_names_the_values_that_the_table_says(agent: Agent, case: Case, request: pytest.FixtureRequest) -> None:
    if case.text in EXCEPTIONS:
        request.applymarker(pytest.mark.xfail(reason=EXCEPTIONS[case.text], strict=True))
    found = told(grounded(agent, case.text))
    if case.either:
        # Every reading stands at one place of the text, and nothing else is found.
        assert list(found.values()) == [{entry for reading in case.either for entry in reading}]
    else:
        assert all(len(meant) == 1 for meant in found.values()), found
        assert sorted(entry for meant in found.values() for entry in meant) == sorted(case.values)


def test_the_table_is_long_enough_and_few_of_its_lines_are_excepted() -> None:
    assert len(CASES) >= 150
    assert len(EXCEPTIONS) <= 0.03 * len(CASES)
    assert set(EXCEPTIONS) <= {case.text for case in CASES}


NAMED = ["陆家嘴置业有限公司的贷款余额", "致雅丰的贷款余额", "客户C10000004的贷款余额", "陆家嘴贷款余额"]


@pytest.mark.parametrize("text", NAMED)
def test_who_may_not_see_customers_gets_no_hit_on_their_names(agent: Agent, text: str) -> None:
    assert any(value.dimension.startswith("customer_n") for value in grounded(agent, text).values)
    context = grounded(agent, text, "product_team")
    assert not any(value.dimension.startswith("customer_n") for value in context.values)


def test_a_customer_of_another_region_is_as_unknown_as_one_that_does_not_exist(agent: Agent) -> None:
    own, other = only_in(agent, "华东区"), only_in(agent, "华南区")
    assert [v.value for v in grounded(agent, f"{own}的贷款余额", "analyst_east").values] == [own]
    assert [v.value for v in grounded(agent, f"{other}的贷款余额", "hq").values] == [other]
    seen = grounded(agent, f"{other}的贷款余额", "analyst_east")
    unknown = grounded(agent, f"甲乙丙{other[3:]}的贷款余额", "analyst_east")
    assert [v.value for v in seen.values] == [v.value for v in unknown.values]
    assert seen.ungrounded[0].replace(other[:3], "甲乙丙") == unknown.ungrounded[0]


EVERYDAY = """
我们公司各分行存款余额 |
本公司各产品贷款余额 |
请重点关注不良率高的分行 |
不良率恢复正常了吗 |
公司贷款余额 | product_type=公司贷款
人民币存款余额 | currency=CNY
正常贷款余额 | risk_class=正常
出行消费额 | merchant_category=出行
card spend, online only | channel=线上
is the online bank's deposit balance right |
"""


@pytest.mark.parametrize("line", EVERYDAY.strip().splitlines())
def test_an_everyday_word_is_a_value_only_where_it_says_a_sort(agent: Agent, line: str) -> None:
    text, _, expected = line.partition(" |")
    found = told(grounded(agent, text))
    assert [entry for meant in found.values() for entry in meant] == expected.split()


TWO_THINGS = [
    ("陆家嘴贷款余额", {"sub_branch = '陆家嘴支行'", "customer_name = '陆家嘴置业有限公司'"}),
    ("小微贷款余额", {"segment = '小微'", "product = '小微企业贷款'"}),
]


@pytest.mark.parametrize(("text", "conditions"), TWO_THINGS)
def test_a_name_of_two_things_is_asked_back_with_both(agent: Agent, text: str, conditions: set[str]) -> None:
    outcome = agent.ask(agent.question(text, today=TODAY))
    assert isinstance(outcome, Clarification)
    assert {reading.semantic_sql.split(" WHERE ")[1] for reading in outcome.readings} == conditions


def test_who_may_not_see_customers_is_not_asked_back_about_one(agent: Agent) -> None:
    outcome = agent.ask(agent.question("陆家嘴贷款余额", principal="product_team", today=TODAY))
    assert isinstance(outcome, Answer)
    assert "置业" not in str(outcome)


def test_what_only_one_of_two_things_has_is_no_question(agent: Agent) -> None:
    outcome = agent.ask(agent.question("陆家嘴净利润", today=TODAY))
    assert isinstance(outcome, Answer)
    assert "sub_branch = '陆家嘴支行'" in outcome.plan.semantic_sql


def test_people_of_one_name_are_told_apart(agent: Agent) -> None:
    outcome = agent.ask(agent.question("王一勇的存款余额", today=TODAY))
    assert isinstance(outcome, Answer)
    assert len(outcome.result.rows) > 1
    assert outcome.result.columns[0].name == "customer_no"


def only_in(agent: Agent, region: str) -> str:
    """A company that banks in one region alone."""
    sql = (
        "SELECT customer_name FROM customer JOIN branch ON branch_id = home_branch_id WHERE customer_type = '对公' "
        f"GROUP BY customer_name HAVING min(region_name) = '{region}' AND max(region_name) = '{region}' ORDER BY 1"
    )
    return str(agent.warehouse.rows(Certified(sql, "duckdb", 100_000), timeout_seconds=30)[0][0])
