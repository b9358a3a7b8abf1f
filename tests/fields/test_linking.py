"""What a question says of a drafted catalog: fields, values, numbers and days, each where it stands."""

from __future__ import annotations

from datetime import date

import pytest
from drafted_catalog import VALUES, catalog, index

from t2sql.fields import FieldIndex, Linked, link

TODAY = date(2026, 11, 18)
INDEX = index()


def linked(text: str, hints: str = "") -> Linked:
    """One question linked."""
    return link(text, hints, INDEX, TODAY)


@pytest.mark.parametrize(
    ("text", "dataset", "fields"),
    [
        ("地方财政收入和支出分别是多少", "city_budget", ["local_revenue", "local_spending"]),
        ("最高和最低比率是多少", "bank_sheet", ["ratio_ceiling", "ratio_floor"]),
        ("货币和准货币分别是多少", "bank_sheet", ["money", "quasi_money"]),
        ("商业银行资产负债表中的其他资产", "bank_sheet", ["other_assets"]),
        ("财政地方收入是多少", "city_budget", ["local_revenue"]),
        ("What is the average sale price of each product?", "sale", ["sale_price"]),
        ("shop name and floor area of every shop", "shop", ["shop_name", "floor_area"]),
        ("list prices of the products", "product", ["list_price"]),
    ],
)
def test_fields_of_the_dataset_that_explains_most(text: str, dataset: str, fields: list[str]) -> None:
    found = linked(text)
    assert found.dataset == dataset
    assert [f.field for f in found.fields] == fields


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("北京市的地方财政收入", ["city_budget.province = '北京'"]),
        ('上海"期末累计"的地方财政收入', ["city_budget.province = '上海'", "city_budget.report_period = '期末累计'"]),
        ("北京和上海的地方财政收入", ["city_budget.province IN ('北京', '上海')"]),
        ("总资产超过5千万的其他资产", ["bank_sheet.total_assets > 50000000"]),
        ("地方财政收入大于1亿元的省市", ["city_budget.local_revenue > 100"]),
        ("2010年以前的地方财政收入", ["city_budget.end_date < '2010-01-01'"]),
        ("How many sales were there in California?", ["shop.state = 'CA'"]),
        ("Sales of green tea", ["product.product_name = 'Green Tea'"]),
        ("shops with a floor area over 1,200", ["shop.floor_area > 1200"]),
        ("sales shipped in 2024", ["sale.shipped_on >= '2024-01-01' AND sale.shipped_on < '2025-01-01'"]),
        ("sales sold in 2024", ["sale.sale_date >= '2024-01-01' AND sale.sale_date < '2025-01-01'"]),
        ("shops with a floor area of 15, by name", ["shop.floor_area = 15"]),
        ("shops with a floor area of 15 or more", ["shop.floor_area >= 15"]),
        ("the ship date of sales in 2024", ["sale.sale_date >= '2024-01-01' AND sale.sale_date < '2025-01-01'"]),
        ("sales with a shipping date in 2024", ["sale.shipped_on >= '2024-01-01' AND sale.shipped_on < '2025-01-01'"]),
        ("shops whose name starts with 'Cor'", ["shop.shop_name ILIKE 'Cor%'"]),
        ("franchise shops", ["shop.is_franchise = TRUE"]),
        ("shops that are not a franchise", ["shop.is_franchise = FALSE"]),
        ("shops not in New York", ["shop.city <> 'New York'"]),
    ],
)
def test_conditions_as_semantic_sql(text: str, conditions: list[str]) -> None:
    assert [c.alternatives[0].sql for c in linked(text).conditions] == conditions


def test_a_value_of_two_fields_gives_both_the_one_named_before_it_first() -> None:
    found = linked("shops in the state of New York").conditions[0]
    assert [a.sql for a in found.alternatives] == ["shop.state = 'NY'", "shop.city = 'New York'"]
    assert found.alternatives[0].sure >= found.alternatives[1].sure


def test_hints_that_ask_for_wildcards_loosen_values() -> None:
    found = linked("shops in Austin", "Match strings case-insensitively using ILIKE with wildcards.").conditions[0]
    assert [a.sql for a in found.alternatives] == ["shop.city ILIKE '%Austin%'", "shop.city = 'Austin'"]


def test_a_name_that_nobody_listed_is_taken_as_written_and_less_sure() -> None:
    found = linked('the floor area of the shop named "Blue Door"').conditions[0]
    assert found.alternatives[0].sql == "shop.shop_name = 'Blue Door'"
    assert found.sure < 0.7


def test_conditions_set_against_each_other_are_no_conditions_of_all_rows() -> None:
    found = linked("the ratio of sales in California to sales in Texas")
    assert all(c.sure < 0.5 for c in found.conditions)


def test_a_count_of_things_bounds_no_column() -> None:
    found = linked("shops with at least 3 products")
    assert not found.bounds
    assert "HAVING COUNT(DISTINCT product" in found.conditions[0].alternatives[0].sql
    assert [b.field for b in linked("at least 3 products").bounds] == [None]


def test_words_that_nothing_explains_are_told() -> None:
    assert linked("the wibble of each shop").left == ("wibble",)
    assert linked("请问上海的地方财政收入是多少，谢谢").left == ()


def test_spans_are_of_the_text_as_asked() -> None:
    text = "请问，上海的 地方财政收入 是多少"
    found = linked(text)
    assert [text[f.span.start : f.span.end] for f in found.fields] == ["地方财政收入"]
    assert [text[v.span.start : v.span.end] for v in found.values] == ["上海"]


def test_a_text_about_nothing_here_links_nothing() -> None:
    found = linked("Will it rain tomorrow?")
    assert (found.datasets, found.fields, found.conditions) == ((), (), ())


def test_what_the_catalog_lacks_is_never_found() -> None:
    whole = catalog()
    narrowed = FieldIndex.build(whole, {k: v for k, v in VALUES.items() if k != ("shop", "city")})
    found = link("shops in Austin", "", narrowed, TODAY)
    assert all("city" not in a.sql for c in found.conditions for a in c.alternatives)


def test_names_of_other_datasets_are_kept_apart() -> None:
    found = linked("商业银行资产负债表中的总资产，按截止日期列出")
    assert {f.dataset for f in found.fields} == {"bank_sheet"}
    assert any(f.dataset == "city_budget" for f in found.others)
