"""A small catalog of bonds as `t2sql init` drafts one: Chinese comments, codes for everything, no metric signed."""

# ruff: noqa: E501
# One case a line.
from __future__ import annotations

from pathlib import Path
from typing import Any

from t2sql.catalog import Catalog, Display
from t2sql.fields import FieldIndex, undated
from t2sql.ossie import catalog_of
from t2sql.policy import Narrowed, Principal
from t2sql.probing import grants_of

VALUES = {
    ("issuer", "full_name"): ("万科企业股份有限公司", "华能国际电力股份有限公司", "招商银行股份有限公司"),
    ("issuer", "short_name"): ("万科", "华能国际", "招商银行"),
    ("issuer", "industry"): ("房地产", "电力", "银行"),
    ("issuer", "nature"): ("国有企业", "民营企业"),
    ("bond", "bond_name"): ("21万科01", "22华能02"),
    ("bond", "market"): ("上海证券交易所", "银行间债券市场"),
    ("rating", "grade"): ("AAA", "AA+"),
    ("rating", "agency"): ("中诚信国际", "联合资信"),
    ("staff", "person"): ("张伟", "王芳"),
}


def _field(
    name: str, kind: str, zh: str, unit: str = "", aliases: dict[str, list[str]] | None = None
) -> dict[str, Any]:
    said: dict[str, Any] = {
        "display": {"en": name.replace("_", " "), "zh": zh.partition("：")[0].partition("(")[0]},
        "type": kind,
    }
    if unit:
        said["unit"] = unit
    if aliases:
        said |= {"aliases": aliases, "is_enum": True}
    tree: dict[str, Any] = {"name": name, "expression": name, "description": zh, "t2sql": said}
    if kind in ("text", "date") or aliases:
        tree["dimension"] = {"is_time": True} if kind == "date" else {}
    return tree


def _dataset(name: str, keys: list[str], zh: str, *fields: dict[str, Any]) -> dict[str, Any]:
    for field in fields:
        if "dimension" in field:
            field["t2sql"]["flat_name"] = f"{name}_{field['name']}"
    display = {"en": name, "zh": zh}
    return {"name": name, "source": name, "primary_key": keys, "fields": list(fields), "t2sql": {"display": display}}


def tree() -> dict[str, Any]:
    """The definitions as a file would hold them."""
    issuer = _dataset(
        "issuer", ["issuer_code"], "债券发行人基本资料",
        _field("issuer_code", "integer", "发行人编码"), _field("full_name", "text", "中文名称"), _field("short_name", "text", "中文简称"),
        _field("industry", "text", "所属行业"), _field("nature", "text", "企业性质"),
        _field("capital", "number", "注册资本(万元)", "万元"), _field("employees", "integer", "员工人数"), _field("founded_on", "date", "成立日期"),
    )  # fmt: skip
    bond = _dataset(
        "bond", ["inner_code"], "债券基本信息",
        _field("inner_code", "integer", "债券内部编码"), _field("bond_name", "text", "债券简称"), _field("issuer_code", "integer", "发行人编码"),
        _field("kind", "integer", "债券类型：1-金融债，2-企业债，3-公司债", "", {"1": ["金融债"], "2": ["企业债"], "3": ["公司债"]}),
        _field("issued_on", "date", "发行日期"), _field("matures_on", "date", "到期日"), _field("term", "integer", "债券期限(年)", "年"),
        _field("coupon", "number", "票面利率(%)", "%"), _field("size", "number", "发行规模(亿元)", "亿元"),
        _field("has_option", "integer", "是否含权：1-是，0-否", "", {"1": ["是"], "0": ["否"]}), _field("market", "text", "交易市场"),
    )  # fmt: skip
    quote = _dataset(
        "quote", ["inner_code", "traded_on"], "债券日行情",
        _field("inner_code", "integer", "债券内部编码"), _field("traded_on", "date", "交易日"), _field("close", "number", "收盘价(元)", "元"),
        _field("open", "number", "开盘价(元)", "元"), _field("turnover", "number", "成交金额(万元)", "万元"),
    )  # fmt: skip
    rating = _dataset(
        "rating", ["inner_code", "rated_on"], "债券信用评级",
        _field("inner_code", "integer", "债券内部编码"), _field("rated_on", "date", "评级日期"), _field("grade", "text", "信用评级"),
        _field("agency", "text", "评级机构"),
    )  # fmt: skip
    finance = _dataset(
        "finance", ["issuer_code", "reported_on"], "发行人主要财务指标",
        _field("issuer_code", "integer", "发行人编码"), _field("reported_on", "date", "报告期"), _field("revenue", "number", "营业收入(元)", "元"),
        _field("profit", "number", "净利润(元)", "元"),
    )  # fmt: skip
    staff = _dataset(
        "staff", ["issuer_code", "person"], "发行人高管",
        _field("issuer_code", "integer", "发行人编码"), _field("person", "text", "姓名"), _field("place", "integer", "排名"),
        _field("gender", "integer", "性别：1-男，2-女", "", {"1": ["男"], "2": ["女"]}), _field("left_on", "date", "离任日期"),
    )  # fmt: skip
    to_issuer = {"to": "issuer", "from_columns": ["issuer_code"], "to_columns": ["issuer_code"]}
    to_bond = {"to": "bond", "from_columns": ["inner_code"], "to_columns": ["inner_code"]}
    links = [{"name": f"{name}_issuer", "from": name, **to_issuer} for name in ("bond", "finance", "staff")]
    links += [{"name": f"{name}_bond", "from": name, **to_bond} for name in ("quote", "rating")]
    model = {
        "name": "bonds",
        "datasets": [issuer, bond, quote, rating, finance, staff],
        "relationships": links,
        "metrics": [],
    }
    return {"version": "0.1.1", "semantic_model": [model]}


def catalog() -> Catalog:
    """The catalog."""
    return catalog_of(tree(), Path("model.yml"))


def index() -> FieldIndex:
    """Its index, with the values above."""
    return FieldIndex.build(catalog(), VALUES)


def narrowed() -> Narrowed:
    """What somebody who may see everything asks, its dates plain fields."""
    plain = undated(catalog())
    return Narrowed(plain, Principal("all", (), Display("", "")), {}, (), grants_of(plain))
