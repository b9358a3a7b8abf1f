"""A small catalog as `t2sql init` drafts one: English shops and Chinese yearbooks, with no metric signed."""

# ruff: noqa: E501
# One case a line.
from __future__ import annotations

from pathlib import Path
from typing import Any

from t2sql.catalog import Catalog, Display
from t2sql.fields import FieldIndex, undated
from t2sql.ossie import catalog_of
from t2sql.policy import Narrowed, Principal

VALUES = {
    ("shop", "shop_name"): ("Corner Store", "Sunny Mart", "Harbour Deli"),
    ("shop", "state"): ("CA", "NY", "TX"),
    ("shop", "city"): ("San Diego", "New York", "Austin"),
    ("product", "product_name"): ("Green Tea", "Oat Milk", "Rye Bread"),
    ("product", "category"): ("drinks", "bakery"),
    ("city_budget", "province"): ("上海", "北京", "浙江"),
    ("city_budget", "report_period"): ("年度", "期末累计", "上年同期"),
    ("bank_sheet", "area"): ("全国", "省市"),
}


def _field(name: str, kind: str, zh: str = "", unit: str = "", **more: Any) -> dict[str, Any]:
    display = {"en": name.replace("_", " "), **({"zh": zh} if zh else {})}
    tree: dict[str, Any] = {"name": name, "expression": name, "t2sql": {"display": display, "type": kind}}
    if unit:
        tree["t2sql"]["unit"] = unit
    if kind in ("text", "date"):
        tree["dimension"] = {"is_time": True} if kind == "date" else {}
        tree["t2sql"]["flat_name"] = more.pop("flat", name)
    return {**tree, **more}


def _dataset(name: str, key: str, zh: str, *fields: dict[str, Any]) -> dict[str, Any]:
    display = {"en": name.replace("_", " "), **({"zh": zh} if zh else {})}
    for field in fields:
        if "flat_name" in field["t2sql"]:
            field["t2sql"]["flat_name"] = f"{name}_{field['name']}"
    return {"name": name, "source": name, "primary_key": [key], "fields": list(fields), "t2sql": {"display": display}}


def tree() -> dict[str, Any]:
    """The definitions as a file would hold them."""
    shop = _dataset(
        "shop", "shop_id", "",
        _field("shop_id", "integer"), _field("shop_name", "text"), _field("city", "text"), _field("state", "text"),
        _field("floor_area", "number"), _field("opened_on", "date"), _field("is_franchise", "boolean"),
    )  # fmt: skip
    product = _dataset(
        "product", "product_id", "",
        _field("product_id", "integer"), _field("product_name", "text"), _field("category", "text"),
        _field("list_price", "number"),
    )  # fmt: skip
    sale = _dataset(
        "sale", "sale_id", "",
        _field("sale_id", "integer"), _field("shop_id", "integer"), _field("product_id", "integer"),
        _field("sale_price", "number"), _field("sale_date", "date"), _field("shipped_on", "date"),
    )  # fmt: skip
    budget = _dataset(
        "city_budget", "id", "财政收支",
        _field("id", "integer", "序号"), _field("end_date", "date", "截止日期"), _field("province", "text", "省市"),
        _field("report_period", "text", "数据统计期间"), _field("local_revenue", "number", "地方财政收入(百万元)", "百万元"),
        _field("local_spending", "number", "地方财政支出(百万元)", "百万元"), _field("revenue_growth", "number", "收入同比增减"),
    )  # fmt: skip
    sheet = _dataset(
        "bank_sheet", "id", "商业银行资产负债表",
        _field("id", "integer", "序号"), _field("end_date", "date", "截止日期"), _field("area", "text", "统计区域"),
        _field("total_assets", "number", "总资产"), _field("other_assets", "number", "其他资产"),
        _field("money", "number", "货币(狭义货币M1)"), _field("quasi_money", "number", "准货币"),
        _field("ratio_floor", "number", "最低比率(%)"), _field("ratio_ceiling", "number", "最高比率(%)"),
    )  # fmt: skip
    links = [
        {"name": "sale_shop", "from": "sale", "to": "shop", "from_columns": ["shop_id"], "to_columns": ["shop_id"]},
        {"name": "sale_product", "from": "sale", "to": "product", "from_columns": ["product_id"], "to_columns": ["product_id"]},
    ]  # fmt: skip
    datasets = [shop, product, sale, budget, sheet]
    model = {"name": "drafted", "datasets": datasets, "relationships": links, "metrics": []}
    return {"version": "0.1.1", "semantic_model": [model]}


def catalog() -> Catalog:
    """The catalog."""
    return catalog_of(tree(), Path("model.yml"))


def index() -> FieldIndex:
    """Its index, with the values above."""
    return FieldIndex.build(catalog(), VALUES)


def narrowed() -> Narrowed:
    """What somebody who may see everything asks, its dates plain fields."""
    from t2sql.probing import grants_of

    plain = undated(catalog())
    return Narrowed(plain, Principal("all", (), Display("", "")), {}, (), grants_of(plain))
