"""What is refused by its text alone, and what is not: words of change, forecast, advice, other banks and persons."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from t2sql.catalog import Catalog
from t2sql.flow import Question, Refusal
from t2sql.policy import Narrowed, Policies
from t2sql.screening import language_of, refuse_text

HERE = Path(__file__).parent
EVALS = HERE.parent / "evals"
HONEST = (HERE / "honest.txt").read_text(encoding="utf-8").splitlines()
REFUSED = [line.split("\t") for line in (HERE / "refused.txt").read_text(encoding="utf-8").splitlines()]
CASE_FILES = ("bank_first", "bank_dev", "bank_tune", "definitions")


def ask(text: str, catalog: Catalog) -> Refusal | None:
    """What the text alone is refused with."""
    return refuse_text(Question(text, "hq", date(2026, 7, 10), language_of(text)), {}, catalog)


@pytest.mark.parametrize("text", HONEST)
def test_an_honest_question_passes(text: str, head_office: Narrowed) -> None:
    assert ask(text, head_office.catalog) is None


@pytest.mark.parametrize(("code", "text"), REFUSED)
def test_what_no_figure_answers_is_refused(code: str, text: str, head_office: Narrowed) -> None:
    refusal = ask(text, head_office.catalog)
    assert refusal is not None
    assert refusal.code == code
    assert refusal.text
    assert refusal.hint
    assert language_of(refusal.text) == language_of(text)


def test_there_are_a_hundred_of_each() -> None:
    assert len(set(HONEST)) >= 100
    assert len({text for _, text in REFUSED}) >= 100


@pytest.mark.parametrize("name", CASE_FILES)
def test_every_answerable_question_of_a_case_file_passes(name: str, catalog: Catalog, policies: Policies) -> None:
    tree = YAML(typ="safe").load(EVALS / f"{name}.yml")
    refused = []
    for case in tree if isinstance(tree, list) else tree.get("cases") or tree["questions"]:
        outcome = case.get("outcome") or "answer"
        if "refusal" in ([outcome] if isinstance(outcome, str) else outcome):
            continue
        who = policies.principal(case.get("principal") or case.get("as") or "hq")
        if ask(case["question"], policies.narrow(catalog, who).catalog):
            refused.append(case["question"])
    assert refused == []


@pytest.mark.parametrize("text", ["按性别看看客户数", "Customers by gender", "女性客户有多少"])
def test_who_may_see_a_personal_attribute_may_ask_for_it(text: str, catalog: Catalog, policies: Policies) -> None:
    seen = {who: policies.narrow(catalog, policies.principal(who)).catalog for who in ("hq", "product_team")}
    assert ask(text, seen["hq"]) is None
    refusal = ask(text, seen["product_team"])
    assert refusal is not None
    assert refusal.code == "personal"


def test_what_is_hidden_exempts_nothing_and_is_not_named(catalog: Catalog, policies: Policies) -> None:
    team = policies.narrow(catalog, policies.principal("product_team")).catalog
    hidden = ask("list the gender of each customer", team)
    unknown = ask("list the passports of each customer", team)
    assert hidden is not None and unknown is not None
    assert (hidden.code, hidden.text, hidden.hint) == (unknown.code, unknown.text, unknown.hint)


def test_a_name_of_the_catalog_refuses_nothing(head_office: Narrowed) -> None:
    from dataclasses import replace

    from t2sql.catalog import Display

    catalog = head_office.catalog
    metric = replace(catalog.metrics["loan_balance"], name="share_price", display=Display("股价", "share price"))
    wider = replace(catalog, metrics={**catalog.metrics, "share_price": metric})
    assert ask("今天股价多少", catalog) is not None
    assert ask("今天股价多少", wider) is None
    assert ask("What was the share price in June?", wider) is None
