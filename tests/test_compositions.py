"""Several SELECTs in words, and headings of columns: each condition with its own part, each name as AS gave it."""

from __future__ import annotations

import pytest

from t2sql.catalog import Catalog, Display
from t2sql.explain import explain
from t2sql.flow import Certified, Column, Plan, Understood
from t2sql.outline import headed
from t2sql.policy import Narrowed, Principal

BRANCH = Column("branch", "dimension", "text", "", "", "", "分行", "branch")
NPL = Column("npl_ratio", "metric", "number", "ratio", "npl_ratio", "", "不良贷款率", "NPL ratio")
MONEY = Column("loan_balance", "metric", "number", "CNY", "loan_balance", "", "贷款余额", "loan balance")


def named(column: Column, name: str) -> Column:
    return Column(name, column.kind, column.type, column.unit, column.metric, "", column.label_zh, column.label_en)


def plan(sql: str, *columns: Column, **understood: object) -> Plan:
    values = {"periods": ("2025-12",), "as_of": ("2025-12-31",), "conditions": (), "order": "", "limit": None}
    told = Understood(**(values | {"is_default_period": False} | understood))  # type: ignore[arg-type]
    return Plan(sql, Certified("SELECT 1", "duckdb", 10), columns, (), (), (), told)


def said(made: Plan, catalog: Catalog) -> tuple[str, str]:
    narrowed = Narrowed(catalog, Principal("hq", ("all",), Display("总行", "Head office")), {}, (), {})
    return explain(made, narrowed, "zh"), explain(made, narrowed, "en")


COMPOSED = [
    pytest.param(
        "SELECT branch FROM bank WHERE branch <> '总行' EXCEPT"
        " SELECT branch FROM bank WHERE month = '2025-12' AND npl_ratio < 0.015",
        "第一部分有而第二部分没有的行；第一部分：分行，限分行不为“总行”；"
        "第二部分：分行，限月为2025年12月且不良贷款率低于1.5%",
        "rows of the first part that are not in the second part; the first part: branch where branch is not “总行”; "
        "the second part: branch where month is December 2025 and NPL ratio below 1.5%",
        id="EXCEPT",
    ),
    pytest.param(
        "SELECT branch FROM bank INTERSECT SELECT branch FROM bank WHERE branch <> 'x'",
        "第一部分和第二部分都有的行；第一部分：分行；第二部分：分行，限分行不为“x”",
        "rows that are in both the first part and the second part; the first part: branch; "
        "the second part: branch where branch is not “x”",
        id="INTERSECT",
    ),
    pytest.param(
        "SELECT branch FROM bank UNION SELECT branch FROM bank UNION SELECT region FROM bank ORDER BY branch LIMIT 1",
        "第一部分、第二部分和第三部分合在一起的行（重复的行只留一次），按分行升序排列，取前 1 行；"
        "第一部分：分行；第二部分：分行；第三部分：区域",
        "rows of the first part, the second part and the third part together (equal rows kept once), "
        "ordered by branch (ascending), first row only; the first part: branch; the second part: branch; "
        "the third part: region",
        id="a run of UNION",
    ),
    pytest.param(
        "WITH t AS (SELECT branch, npl_ratio AS q FROM bank WHERE year = '2025')"
        " SELECT * FROM t WHERE q > 0.01 ORDER BY q DESC LIMIT 2 OFFSET 1",
        "取自t的所有列，限q高于0.01，按q降序排列，跳过 1 行，取前 2 行；t：分行和q（不良贷款率），限年为2025年",
        "all columns from t where q above 0.01, ordered by q (descending), skipping 1 row, first 2 rows; "
        "t: branch and q (NPL ratio) where year is 2025",
        id="WITH",
    ),
    pytest.param(
        "WITH a AS (SELECT branch, loan_balance FROM bank WHERE month = '2025-12'),"
        " b AS (SELECT branch, loan_balance FROM bank WHERE month = '2024-12')"
        " SELECT a.branch, a.loan_balance, b.loan_balance AS before FROM a LEFT JOIN b ON a.branch = b.branch",
        "取自a，左连接b（a的分行为b的分行）的a的分行、a的贷款余额和before（b的贷款余额）；"
        "a：分行和贷款余额，限月为2025年12月；b：分行和贷款余额，限月为2024年12月",
        "branch of a, loan balance of a and before (loan balance of b) from a left-joined with b "
        "(branch of a is branch of b); a: branch and loan balance where month is December 2025; "
        "b: branch and loan balance where month is December 2024",
        id="JOIN",
    ),
    pytest.param(
        "SELECT region, AVG(npl_ratio) AS mean FROM (SELECT region, branch, npl_ratio FROM bank) AS t GROUP BY region",
        "取自t的区域和mean（AVG(npl_ratio)），按区域分组；t：区域、分行和不良贷款率",
        "region and mean (AVG(npl_ratio)) from t, grouped by region; t: region, branch and NPL ratio",
        id="subquery in FROM",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "zh", "en"), COMPOSED)
def test_each_condition_is_told_with_its_part(catalog: Catalog, sql: str, zh: str, en: str) -> None:
    made = plan(sql, BRANCH, conditions=("never told as one of the whole",))
    assert said(made, catalog) == (
        f"几个查询的组合：{zh}；涉及期间：2025年12月（数据截至2025-12-31）。",
        f"Several SELECTs combined: {en}; periods read: December 2025 (as of 2025-12-31).",
    )


def test_a_subquery_in_a_condition_stays_in_that_condition(catalog: Catalog) -> None:
    inner = "branch IN (SELECT branch FROM bank WHERE month = '2024-12' AND npl_ratio > 0.015)"
    zh, en = said(plan(f"SELECT branch, loan_balance FROM bank WHERE month = '2025-12' AND {inner}", BRANCH), catalog)
    assert f"分行和贷款余额，限月为2025年12月且{inner}；" in zh
    assert f"branch and loan balance where month is December 2025 and {inner};" in en


PLAIN = [
    (
        "SELECT branch, npl_ratio AS q FROM bank", (BRANCH, named(NPL, "q")),
        "按分行统计的q（不良贷款率）", "q (NPL ratio) by branch",
    ),
    (
        "SELECT branch, SUM(loan_balance) OVER (ORDER BY branch) AS running FROM bank",
        (BRANCH, named(MONEY, "running")),
        "按分行统计的running（SUM(贷款余额) OVER (ORDER BY 分行)）",
        "running (SUM(loan balance) OVER (ORDER BY branch)) by branch",
    ),
    (
        "SELECT branch AS b, loan_balance FROM bank", (named(BRANCH, "b"), MONEY),
        "按b（分行）统计的贷款余额", "Loan balance by b (branch)",
    ),
    (
        "SELECT loan_balance / 10000 FROM bank", (named(MONEY, "loan_balance / 10000"),),
        "的贷款余额 / 10000", "Loan balance / 10000",
    ),
    (
        "SELECT CASE WHEN npl_ratio < 0.02 THEN 'low npl_ratio' END AS level, loan_balance FROM bank",
        (named(BRANCH, "level"), MONEY),
        "的level（CASE WHEN 不良贷款率 < 0.02 THEN 'low npl_ratio' END）和贷款余额",
        "level (CASE WHEN NPL ratio < 0.02 THEN 'low npl_ratio' END) and loan balance",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "columns", "zh", "en"), PLAIN)
def test_a_column_named_by_as_is_told_by_that_name(
    catalog: Catalog, sql: str, columns: tuple[Column, ...], zh: str, en: str
) -> None:
    assert said(plan(sql, *columns), catalog) == (
        f"2025年12月（数据截至2025-12-31）{zh}。",
        f"{en} for December 2025 (as of 2025-12-31).",
    )


@pytest.mark.parametrize(
    ("sql", "columns", "zh"),
    [
        ("SELECT branch, npl_ratio FROM bank", (BRANCH, NPL), ["分行", "不良贷款率"]),
        ("SELECT branch AS b, npl_ratio AS q FROM bank", (named(BRANCH, "b"), named(NPL, "q")), ["b", "q"]),
        ("SELECT COALESCE(yoy(npl_ratio), 0) FROM bank", (named(NPL, "c"),), ["c"]),
        ("SELECT branch, npl_ratio FROM bank UNION ALL SELECT region, npl_ratio FROM bank", (BRANCH, NPL),
         ["分行 / 区域", "不良贷款率"]),
        ("SELECT * FROM bank", (BRANCH,), ["分行"]),
        ("not SQL (", (BRANCH,), ["分行"]),
    ],
)  # fmt: skip
def test_a_table_is_headed_by_the_names_that_as_gives(
    catalog: Catalog, sql: str, columns: tuple[Column, ...], zh: list[str]
) -> None:
    assert [column.label_zh for column in headed(plan(sql, *columns), catalog)] == zh


COUNTED = "WITH counted AS (SELECT branch, npl_ratio FROM bank WHERE npl_ratio > 0.02) SELECT COUNT(*) AS count_of_branch FROM counted"  # noqa: E501
LISTED = "WITH listed AS (SELECT branch, loan_balance FROM bank ORDER BY loan_balance DESC LIMIT 3) SELECT SUM(loan_balance) AS total_loan_balance FROM listed"  # noqa: E501
CHANGE = "WITH earlier AS (SELECT loan_balance FROM bank WHERE month = '2023-12'), later AS (SELECT loan_balance FROM bank WHERE month = '2025-12') SELECT later.loan_balance - earlier.loan_balance AS change_of_loan_balance FROM later CROSS JOIN earlier"  # noqa: E501
APART = "SELECT year AS period_shown, npl_ratio FROM bank WHERE year = '2025' UNION ALL SELECT half AS period_shown, npl_ratio FROM bank WHERE half = '2026-H1'"  # noqa: E501
MADE = [
    pytest.param(
        COUNTED, "count_of_branch", "分行个数", "branch count",
        "分行个数，即以下各行的行数：分行和不良贷款率，限不良贷款率高于2%",
        "Branch count: the number of these rows, branch and NPL ratio where NPL ratio above 2%", id="counted",
    ),
    pytest.param(
        LISTED, "total_loan_balance", "贷款余额合计", "loan balance, total",
        "贷款余额合计，即以下各行之和：分行和贷款余额，按贷款余额从高到低排列，取前 3 行",
        "Loan balance, total: the sum of these rows, branch and loan balance, ordered by loan balance (highest first), first 3 rows",  # noqa: E501
        id="listed",
    ),
    pytest.param(
        CHANGE, "change_of_loan_balance", "贷款余额变化", "Change of loan balance",
        "贷款余额变化：贷款余额，限月为2025年12月，减去贷款余额，限月为2023年12月",
        "Change of loan balance: loan balance where month is December 2025, less loan balance where month is December 2023",  # noqa: E501
        id="change",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "name", "head_zh", "head_en", "zh", "en"), MADE)
def test_a_figure_that_a_reading_makes_is_headed_and_told_in_words(
    catalog: Catalog, sql: str, name: str, head_zh: str, head_en: str, zh: str, en: str
) -> None:
    made = plan(sql, named(MONEY, name))
    [column] = headed(made, catalog)
    assert (column.label_zh, column.label_en) == (head_zh, head_en)
    told_zh, told_en = said(made, catalog)
    assert told_zh.startswith(zh + "；") and told_en.startswith(en + ";")


def test_periods_one_below_the_other_are_headed_and_told_in_words(catalog: Catalog) -> None:
    year = Column("period_shown", "period", "text", "", "", "", "年", "year")
    made = plan(APART, year, NPL)
    first = headed(made, catalog)[0]
    assert (first.label_zh, first.label_en) == ("期间", "Period")
    told_zh, told_en = said(made, catalog)
    assert told_zh.startswith("每个期间各一行：不良贷款率，限年为2025年；不良贷款率，限半年为2026年上半年；")
    assert told_en.startswith(
        "One row for each period: NPL ratio where year is 2025; NPL ratio where half-year is H1 2026;"
    )


def test_a_difference_is_headed_by_its_metrics_names(catalog: Catalog) -> None:
    [column] = headed(
        plan("SELECT deposit_balance - loan_balance FROM bank", named(MONEY, "deposit_balance - loan_balance")), catalog
    )
    assert (column.label_zh, column.label_en) == ("存款余额 - 贷款余额", "deposit balance - loan balance")


def test_a_name_that_somebody_wrote_stays(catalog: Catalog) -> None:
    [column] = headed(
        plan(
            "SELECT SUM(loan_balance) AS total_x FROM (SELECT branch, loan_balance FROM bank) AS t",
            named(MONEY, "total_x"),
        ),
        catalog,
    )
    assert column.label_zh == "total_x"
