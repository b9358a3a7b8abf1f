"""Numbers, periods and plans in words, as tables of what is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from t2sql.catalog import Catalog, Display
from t2sql.explain import describe, explain
from t2sql.flow import Certified, Column, Plan, Provenance, Understood
from t2sql.ossie import read_catalog
from t2sql.policy import Narrowed, Principal
from t2sql.wording import format_period, format_periods, format_threshold, format_value, visible

MODEL = """
version: 0.1.1
semantic_model:
- name: bank
  datasets:
  - name: loans
    source: loan_snapshot
    primary_key: [loan_id]
    fields:
    - {name: balance, expression: balance}
    - {name: snapshot_date, expression: snapshot_date}
    - {name: branch, expression: tier1_name, dimension: {}, t2sql: {display: {zh: 分行, en: branch}}}
    - {name: region, expression: region_name, dimension: {}, t2sql: {display: {zh: 区域, en: region}}}
    - {name: segment, expression: segment, dimension: {}, t2sql: {display: {zh: 客群, en: segment}}}
    - {name: matures_on, expression: matures_on, dimension: {is_time: true}, t2sql: {display: {zh: 到期日, en: maturity date}}}
    t2sql: {time_dimension: snapshot_date, snapshot_grain: month}
  metrics:
  - {name: loan_balance, expression: SUM(loans.balance), t2sql: {display: {zh: 贷款余额, en: loan balance}}}
  - name: npl_ratio
    t2sql: {type: ratio, numerator: loan_balance, denominator: loan_balance, unit: ratio, display: {zh: 不良贷款率, en: NPL ratio}}
"""  # noqa: E501


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    folder = tmp_path_factory.mktemp("metrics")
    (folder / "model.yml").write_text(MODEL, encoding="utf-8")
    return read_catalog(folder)


def column(name: str, kind: Any = "metric", unit: str = "", zh: str = "", en: str = "", **more: Any) -> Column:
    kinds = {"metric": "number", "dimension": "text", "period": "text"}
    values = {"type": kinds[kind], "metric": name if kind == "metric" else "", "function": ""} | more
    return Column(name=name, kind=kind, unit=unit, label_zh=zh, label_en=en, **values)


BRANCH = column("branch", "dimension", zh="分行", en="branch")
MONTH = column("month", "period", zh="月份", en="month")
NPL = column("npl_ratio", unit="ratio", zh="不良贷款率", en="NPL ratio")
NPL_CHANGE = column(
    "npl_change", unit="points", zh="不良贷款率同比变化", en="NPL ratio, year-on-year change", function="yoy_diff"
)
MONEY = column("loan_balance", unit="CNY", zh="贷款余额", en="loan balance")
COUNT = column("customers", unit="count", type="integer")
GROWTH = column("g", unit="ratio", function="yoy")
TODAY = Certified("SELECT 1", "duckdb", 10)


def plan(columns: tuple[Column, ...], **understood: Any) -> Plan:
    values: dict[str, Any] = {"periods": (), "as_of": (), "conditions": (), "order": "", "limit": None}
    told = Understood(**(values | {"is_default_period": False} | understood))
    source = Provenance("npl_ratio", "", "", ("loans",), (), "", "", "", "")
    return Plan("", TODAY, columns, (source,), (), (), told)


def narrowed(catalog: Catalog, *, is_limited: bool = False) -> Narrowed:
    predicates = {"loans": "region_name IN ('华东区')"} if is_limited else {}
    rules = (("region", ("华东区",)),) if is_limited else ()
    return Narrowed(catalog, Principal("hq", ("all",), Display("总行", "Head office")), predicates, rules, {})


@pytest.mark.parametrize(
    ("value", "of", "zh", "en", "exact_zh"),
    [
        (Decimal("1234567890.12"), MONEY, "12.35 亿元", "CNY 1.23 bn", "1,234,567,890.12 元"),
        (Decimal("99999999.60"), MONEY, "1.00 亿元", "CNY 100.00 M", "99,999,999.6 元"),
        (Decimal("999999.999"), MONEY, "100.00 万元", "CNY 1.00 M", "999,999.999 元"),
        (Decimal("-56789"), MONEY, "-5.68 万元", "CNY -56.79 K", "-56,789 元"),
        (Decimal("12.3"), MONEY, "12.30 元", "CNY 12.30", "12.3 元"),
        (0, MONEY, "0.00 元", "CNY 0.00", "0 元"),
        (0.012345, NPL, "1.23%", "1.23%", "1.2345%"),
        (1, NPL, "100.00%", "100.00%", "100%"),
        (0.0012, NPL_CHANGE, "+0.12 个百分点", "+0.12 pp", "+0.12 个百分点"),
        (-0.0012, NPL_CHANGE, "-0.12 个百分点", "-0.12 pp", "-0.12 个百分点"),
        (-0.000001, NPL_CHANGE, "0.00 个百分点", "0.00 pp", "-0.0001 个百分点"),
        (0.053, GROWTH, "+5.30%", "+5.30%", "+5.3%"),
        (50000, COUNT, "50,000", "50,000", "50,000"),
        (2345678, COUNT, "234.57 万", "2.35 M", "2,345,678"),
        (Decimal("12.5"), replace(COUNT, type="number"), "12.50", "12.50", "12.5"),
        (Decimal("123456.7"), replace(MONEY, unit="CNY/户"), "12.35 万元/户", "CNY 123.46 K/户", "123,456.7 元/户"),
        (float("nan"), NPL, "—", "—", "—"),
        (None, NPL, "—", "—", "—"),
        (None, BRANCH, "（空）", "(none)", "（空）"),
        (True, BRANCH, "是", "yes", "是"),
        (date(2024, 12, 31), BRANCH, "2024-12-31", "2024-12-31", "2024-12-31"),
        ("上海分行\x1b[2J", BRANCH, "上海分行\\x1b[2J", "上海分行\\x1b[2J", "上海分行\\x1b[2J"),
        (2024, BRANCH, "2024", "2024", "2024"),
    ],
)
def test_a_cell_in_words(value: Any, of: Column, zh: str, en: str, exact_zh: str) -> None:
    said = [format_value(value, of, "zh"), format_value(value, of, "en"), format_value(value, of, "zh", exact=True)]
    assert said == [zh, en, exact_zh]


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (Decimal("50000000"), "CNY", "5,000 万元", "CNY 50 M"),
        (Decimal("0.03125"), "ratio", "3.125%", "3.125%"),
        (Decimal("123456789"), "CNY", "1.23456789 亿元", "CNY 123.456789 M"),
        (Decimal("0.001"), "points", "0.1 个百分点", "0.1 pp"),
        (Decimal("100"), "count", "100", "100"),
    ],
)
def test_a_threshold_loses_no_digit(value: Decimal, unit: str, zh: str, en: str) -> None:
    assert [format_threshold(value, unit, "zh"), format_threshold(value, unit, "en")] == [zh, en]


@pytest.mark.parametrize(
    ("label", "zh", "en"),
    [
        ("2024", "2024年", "2024"),
        ("2024-H1", "2024年上半年", "H1 2024"),
        ("2024-Q2", "2024年第二季度", "Q2 2024"),
        ("2024-W07", "2024年第7周", "week 7 of 2024"),
        ("2024-12", "2024年12月", "December 2024"),
        ("2024-12-31", "2024年12月31日", "31 December 2024"),
        ("FY2024-Q2", "2024财年第二季度", "Q2 FY2024"),
        ("2024-01..2024-06", "2024年1月至2024年6月", "January 2024 to June 2024"),
        ("2024-13", "2024-13", "2024-13"),
        ("上海", "上海", "上海"),
    ],
)
def test_a_period_in_words(label: str, zh: str, en: str) -> None:
    assert [format_period(label, "zh"), format_period(label, "en")] == [zh, en]


@pytest.mark.parametrize(
    ("labels", "zh", "en"),
    [
        (["2024-11", "2024-12", "2025-01"], "2024年11月至2025年1月", "November 2024 to January 2025"),
        (["2024-Q3", "2024-Q4", "2025-Q1"], "2024年第三季度至2025年第一季度", "Q3 2024 to Q1 2025"),
        (["2023", "2024", "2025"], "2023年至2025年", "2023 to 2025"),
        (
            ["2024-12-30", "2024-12-31", "2025-01-01"],
            "2024年12月30日至2025年1月1日",
            "30 December 2024 to 1 January 2025",
        ),
        (["2024-W52", "2025-W01", "2025-W02"], "2024年第52周至2025年第2周", "week 52 of 2024 to week 2 of 2025"),
        (["2023-12", "2024-12"], "2023年12月和2024年12月", "December 2023 and December 2024"),
        (["2021", "2023", "2025"], "2021年、2023年和2025年", "2021, 2023 and 2025"),
        (
            ["2011", "2013", "2015", "2017", "2019"],
            "2011年、2013年、2015年、2017年等 5 期",
            "2011, 2013, 2015, 2017 and 1 more",
        ),
    ],
)
def test_periods_in_words(labels: list[str], zh: str, en: str) -> None:
    assert [format_periods(labels, "zh"), format_periods(labels, "en")] == [zh, en]


DECEMBER = {"periods": ("2024-12",), "as_of": ("2024-12-31",)}


@pytest.mark.parametrize(
    ("columns", "understood", "zh", "en"),
    [
        (
            (BRANCH, NPL, NPL_CHANGE),
            DECEMBER | {"conditions": ("segment = '小微'",), "order": "npl_ratio DESC", "limit": 5},
            "2024年12月（数据截至2024-12-31）按分行统计的不良贷款率和不良贷款率同比变化，"
            "限客群为“小微”，按不良贷款率从高到低排列，取前 5 行。",
            "NPL ratio and year-on-year change of NPL ratio by branch for December 2024 (as of 2024-12-31), "
            "where segment is “小微”, ordered by NPL ratio (highest first), first 5 rows.",
        ),
        (
            (MONTH, MONEY),
            {"periods": ("2024-01", "2024-02", "2024-03"), "as_of": ("2024-01-31", "2024-02-29", "2024-03-31")},
            "2024年1月至2024年3月（各期数据日期2024-01-31至2024-03-31）按月统计的贷款余额。",
            "Loan balance by month for January 2024 to March 2024 (dated 2024-01-31 to 2024-03-31).",
        ),
        (
            (MONEY,),
            {"periods": ("2026-06",), "as_of": ("2026-06-30",), "is_default_period": True},
            "2026年6月（问题未指明时间，取默认期间；数据截至2026-06-30）的贷款余额。",
            "Loan balance for June 2026 (no period was asked, so the default one; as of 2026-06-30).",
        ),
        ((BRANCH,), {}, "列出分行。", "List of branch."),
        (
            (MONEY,),
            {"periods": ("2024",), "as_of": ("2024-01-01..2024-12-31",)},
            "2024年（数据期间2024-01-01至2024-12-31）的贷款余额。",
            "Loan balance for 2024 (dated 2024-01-01 to 2024-12-31).",
        ),
    ],
)
def test_a_plan_is_one_sentence(
    catalog: Catalog, columns: tuple[Column, ...], understood: dict[str, Any], zh: str, en: str
) -> None:
    made = plan(columns, **understood)
    assert [explain(made, narrowed(catalog), "zh"), explain(made, narrowed(catalog), "en")] == [zh, en]


@pytest.mark.parametrize(
    ("condition", "zh", "en"),
    [
        ("segment <> '小微'", "客群不为“小微”", "segment is not “小微”"),
        ("segment IN ('小微', '中型')", "客群为“小微”或“中型”", "segment is “小微” or “中型”"),
        ("NOT segment IN ('小微', '中型')", "客群不为“小微”或“中型”", "segment is not “小微” or “中型”"),
        ("segment IS NULL", "客群为空", "segment is missing"),
        ("NOT segment IS NULL", "客群不为空", "segment is not missing"),
        ("segment LIKE '小%'", "客群符合“小%”", "segment like “小%”"),
        ("npl_ratio > 0.03", "不良贷款率高于3%", "NPL ratio above 3%"),
        ("loan_balance >= 50000000", "贷款余额不低于5,000 万元", "loan balance at least CNY 50 M"),
        (
            "yoy_diff(npl_ratio) > 0.001",
            "不良贷款率同比变化高于0.1 个百分点",
            "year-on-year change of NPL ratio above 0.1 pp",
        ),
        (
            "yoy_diff_npl_ratio > 0.001",
            "不良贷款率同比变化高于0.1 个百分点",
            "year-on-year change of NPL ratio above 0.1 pp",
        ),
        ("share_branch_loan_balance > 0.1", "贷款余额占比高于10%", "share of loan balance above 10%"),
        (
            "rank_yoy_loan_balance <= 3",
            "贷款余额同比增速排名不高于3",
            "rank by year-on-year growth of loan balance at most 3",
        ),
        ("yoy(loan_balance) < -0.1", "贷款余额同比增速低于-10%", "year-on-year growth of loan balance below -10%"),
        ("share(loan_balance, branch) >= 0.2", "贷款余额占比不低于20%", "share of loan balance at least 20%"),
        ("rank(loan_balance) <= 3", "贷款余额排名不高于3", "rank by loan balance at most 3"),
        (
            "loan_balance BETWEEN 10000 AND 20000",
            "贷款余额在1 万元至2 万元之间",
            "loan balance between CNY 10 K and CNY 20 K",
        ),
        (
            "(branch = '上海分行' OR branch = '杭州分行') AND segment = '小微'",
            "（分行为“上海分行”或分行为“杭州分行”）且客群为“小微”",
            "(branch is “上海分行” or branch is “杭州分行”) and segment is “小微”",
        ),
        ("month(matures_on) = '2025-06'", "到期日月为2025年6月", "maturity date month is June 2025"),
        ("segment = '2024'", "客群为“2024”", "segment is “2024”"),
        ("branch = '\x1b[2J'", "分行为“\\x1b[2J”", "branch is “\\x1b[2J”"),
        ("no ( sense", "no ( sense", "no ( sense"),
    ],
)
def test_a_condition_in_words(catalog: Catalog, condition: str, zh: str, en: str) -> None:
    made = plan((BRANCH, MONEY), conditions=(condition,))
    assert f"，限{zh}。" in explain(made, narrowed(catalog), "zh")
    assert f", where {en}." in explain(made, narrowed(catalog), "en")


@pytest.mark.parametrize(
    ("order", "limit", "zh", "en"),
    [
        ("npl_ratio", None, "按不良贷款率从低到高排列", "ordered by NPL ratio (lowest first)"),
        ("npl_ratio DESC, branch", 1, "按不良贷款率从高到低、分行升序排列，取前 1 行",
         "ordered by NPL ratio (highest first) then branch (ascending), first row only"),
        ("yoy(loan_balance) DESC NULLS LAST", None, "按贷款余额同比增速从高到低排列",
         "ordered by year-on-year growth of loan balance (highest first)"),
        ("", 10, "取前 10 行", "first 10 rows"),
    ],
)  # fmt: skip
def test_an_order_in_words(catalog: Catalog, order: str, limit: int | None, zh: str, en: str) -> None:
    made = plan((BRANCH, NPL), order=order, limit=limit)
    assert explain(made, narrowed(catalog), "zh") == f"按分行统计的不良贷款率，{zh}。"
    assert explain(made, narrowed(catalog), "en") == f"NPL ratio by branch, {en}."


@pytest.mark.parametrize(
    ("limit", "zh", "en"),
    [
        (None, "按不良贷款率从高到低排列，跳过前 3 行", "ordered by NPL ratio (highest first), skipping the first 3"),
        (1, "按不良贷款率从高到低排列，跳过前 3 行，取其后 1 行",
         "ordered by NPL ratio (highest first), skipping the first 3, the next row only"),
        (5, "按不良贷款率从高到低排列，跳过前 3 行，取其后 5 行",
         "ordered by NPL ratio (highest first), skipping the first 3, the next 5 rows"),
    ],
)  # fmt: skip
def test_rows_left_out_are_told(catalog: Catalog, limit: int | None, zh: str, en: str) -> None:
    made = plan((BRANCH, NPL), order="npl_ratio DESC", limit=limit, offset=3)
    assert explain(made, narrowed(catalog), "zh") == f"按分行统计的不良贷款率，{zh}。"
    assert explain(made, narrowed(catalog), "en") == f"NPL ratio by branch, {en}."


def test_a_cut_by_rights_is_said_only_where_it_cuts(catalog: Catalog) -> None:
    made = plan((BRANCH, NPL))
    assert explain(made, narrowed(catalog, is_limited=True), "zh").endswith(
        "，仅含您有权查看的范围（区域为“华东区”）。"
    )
    assert explain(made, narrowed(catalog, is_limited=True), "en").endswith(", of what you may see (region: “华东区”).")
    elsewhere = replace(made, provenance=(replace(made.provenance[0], datasets=("products",)),))
    assert "您有权" not in explain(elsewhere, narrowed(catalog, is_limited=True), "zh")


def test_a_hidden_dimension_of_a_row_rule_is_not_named(catalog: Catalog) -> None:
    limited = narrowed(replace(catalog, dimensions={}), is_limited=True)
    assert explain(plan((BRANCH, NPL)), limited, "en").endswith(", of what you may see.")


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("贷款余额。 / Loan balance.", "贷款余额。", "Loan balance."),
        ("a / b", "a / b", "a / b"),
        ("不良 / 全部", "不良 / 全部", "不良 / 全部"),
        ("只有中文", "只有中文", "只有中文"),
    ],
)
def test_a_definition_in_two_languages_is_halved(text: str, zh: str, en: str) -> None:
    source = Provenance("m", text, "", (), (), "", "", "", "")
    assert describe(source, "zh", "指标") == ("指标：指标 (m)", f"定义：{zh}")
    assert describe(source, "en") == ("Metric: m", f"Definition: {en}")


def test_a_definition_leaves_out_what_is_empty() -> None:
    full = Provenance("npl_ratio", "不良\n占比", "a / b", ("loans",), ("x = 1",), "2024-12-31", "风险部", "1", "指引")
    assert describe(full, "zh") == (
        *("指标：npl_ratio", "定义：不良 占比", "公式：a / b", "数据集：loans", "口径条件：x = 1"),
        *("数据日期：2024年12月31日", "依据：指引", "责任部门：风险部", "版本：1"),
    )
    # Each metric has its own conditions: no row meets all of them at once.
    several = replace(full, filters=("x = 1", "x = 2"))
    assert "口径条件：x = 1；x = 2" in describe(several, "zh") and "Conditions: x = 1; x = 2" in describe(several, "en")
    assert describe(replace(full, filters=(), owner="", version="", reference="", as_of=""), "en") == (
        *("Metric: npl_ratio", "Definition: 不良 占比", "Formula: a / b", "Datasets: loans"),
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain 文字", "plain 文字"),
        ("a\x00b\x1b]0;x\x07", "a\\x00b\\x1b]0;x\\x07"),
        ("\x9b31m", "\\x9b31m"),
        ("a\u202eb", "a\\u202eb"),
        ("\ud800", "\\ud800"),
        ("a\nb", "a\\nb"),
    ],
)
def test_no_control_character_is_shown_raw(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_newlines_stay_where_asked() -> None:
    assert visible("a\n\tb\x1b", keep_newlines=True) == "a\n\tb\\x1b"
