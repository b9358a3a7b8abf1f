"""What the words of a question also name, beside what was taken of them; for offers only."""

from __future__ import annotations

import pytest
from grounded_words import ground, grounding_over

from t2sql.catalog import Catalog
from t2sql.grounding import Grounding

NAMED = (
    ("branch", "厦门分行", "Xiamen branch"),
    ("branch", "深圳分行", "Shenzhen branch"),
    ("region", "华东区", "East China"),
)


@pytest.fixture(scope="module")
def grounding(catalog: Catalog) -> Grounding:
    return grounding_over(catalog, NAMED, ("product", "segment", "merchant_category"))


@pytest.mark.parametrize(
    ("text", "dimension", "value"),
    [
        ("深分今年放了几笔贷款", "branch", "深圳分行"),
        ("Platinum or zorp: limit usage of cards", "product", "白金卡"),
        ("card spend on dinning in 2025", "merchant_category", "餐饮"),
    ],
)
def test_an_unknown_word_is_a_value_shortened_or_misprinted_so(
    grounding: Grounding, text: str, dimension: str, value: str
) -> None:
    context = ground(grounding, text)
    assert value not in {v.value for v in context.values}
    assert (dimension, value) in {(v.dimension, v.value) for v in grounding.besides(context).values}


def test_a_value_that_is_taken_is_none_besides(grounding: Grounding) -> None:
    context = ground(grounding, "zorp of Xiamen branch deposits")
    assert [v.value for v in context.values] == ["厦门分行"]
    assert not grounding.besides(context).values


def test_a_value_that_a_metric_took_is_one_besides(grounding: Grounding) -> None:
    context = ground(grounding, "户均存款和财富客户，6月末")
    assert "wealth_customers" in {m.name for m in context.metrics}
    assert "财富" in {v.value for v in grounding.besides(context).values}


def test_a_member_whose_sibling_is_named_is_no_metric(grounding: Grounding) -> None:
    context = ground(grounding, "私行客户户均存款比财富客户高多少？6月末")
    assert [m.name for m in context.metrics if m.span] == ["deposit_per_customer"]
    assert {v.value for v in context.values} == {"私行", "财富"}


def test_a_grain_that_was_not_taken_is_one_besides(grounding: Grounding) -> None:
    context = ground(grounding, "how much new lending is there on average per month this year")
    assert not context.grains
    assert [g.name for g in grounding.besides(context).grains] == ["month"]
