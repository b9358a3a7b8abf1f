"""The list of the catalog: in which order, what is found by which words, and only what may be seen."""

from __future__ import annotations

import pytest

from t2sql.catalog import Catalog
from t2sql.definitions import Shelf
from t2sql.policy import Policies


@pytest.fixture(scope="module")
def shelf(catalog: Catalog) -> Shelf:
    return Shelf(catalog)


def names(shelf: Shelf, text: str) -> list[str]:
    return [line.name for line in shelf.find(text)]


def test_everything_is_listed_once_by_kind(catalog: Catalog, shelf: Shelf) -> None:
    kinds = [line.kind for line in shelf.lines]
    assert kinds == ["metric"] * len(catalog.metrics) + ["dimension"] * len(catalog.dimensions) + ["topic"] * 13
    assert len({(line.kind, line.name) for line in shelf.lines}) == len(shelf.lines)
    topics = [line.topic for line in shelf.lines if line.kind == "metric"]
    assert len(list(dict.fromkeys(topics))) == sum(a != b for a, b in zip(["", *topics], topics, strict=False))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("不良贷款率", "npl_ratio"),
        ("npl_ratio", "npl_ratio"),
        ("NPL Ratio", "npl_ratio"),
        ("ｎｐｌ ratio", "npl_ratio"),
        ("不良貸款率", "npl_ratio"),
        ("不良率", "npl_ratio"),
        ("bad debt ratio", "npl_ratio"),
        ("区域", "region"),
        ("大区", "region"),
        ("手续费流水", "fees"),
        ("weighted average rate", "new_loan_rate"),
    ],
)
def test_names_are_found_however_they_are_written(shelf: Shelf, text: str, first: str) -> None:
    assert names(shelf, text)[0] == first


def test_every_word_must_be_held_and_definitions_count_after_names(shelf: Shelf) -> None:
    found = names(shelf, "不良 占比")
    assert "npl_ratio" in found
    assert "npl_balance" not in found
    told = shelf.find("风险管理部")
    assert {line.owner for line in told if line.kind == "metric"} == {"风险管理部"}
    found = names(shelf, "不良")
    assert found.index("npl_ratio") < found.index("risk_class")


def test_no_words_are_everything_and_nonsense_is_nothing_but_what_is_near(shelf: Shelf) -> None:
    assert shelf.find("  ") == shelf.lines
    assert shelf.find("qqqq") == ()
    assert "npl_ratio" in [line.name for line in shelf.nearest("不良率啊")]


def test_a_name_leads_to_its_line(shelf: Shelf) -> None:
    line = shelf.line("npl_ratio")
    assert line is not None
    assert (line.kind, line.topic, line.owner) == ("metric", "loans", "风险管理部")
    assert shelf.line("nothing_of_the_kind") is None


def test_what_is_hidden_is_not_found(catalog: Catalog, policies: Policies) -> None:
    shelf = Shelf(policies.narrow(catalog, policies.principal("product_team")).catalog)
    assert shelf.line("net_profit") is None
    assert shelf.line("customer_no") is None
    assert not {"net_profit", "roa", "cost_to_income"} & set(names(shelf, "利润"))
    assert not {"net_profit", "roa", "cost_to_income"} & {line.name for line in shelf.nearest("净利润")}
