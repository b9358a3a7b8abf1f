"""Chinese questions over tables of codes: things by their names, ranks of groups, what is absent, shares, reports."""

# ruff: noqa: E501
# One case a line.
from __future__ import annotations

from datetime import date

import pytest
from bond_catalog import index, narrowed

from t2sql.compiler import compile_sql
from t2sql.fields import read_question
from t2sql.flow import Loads

TODAY = date(2026, 11, 18)
INDEX = index()
NARROWED = narrowed()
READ = [
    # Things are told by the names that their own table has for them, never by codes.
    ("万科发行了多少只债券", "SELECT COUNT(*) FROM bond WHERE issuer.short_name = '万科'"),
    ("有多少只债券", "SELECT COUNT(*) FROM bond"),
    ("2025年发行的公司债的总发行规模是多少", "SELECT SUM(size) FROM bond WHERE bond.issued_on >= '2025-01-01' AND bond.issued_on < '2026-01-01' AND bond.kind = 3"),
    ("票面利率超过5%的含权债券有哪些，列出债券简称和到期日", "SELECT bond_name, matures_on FROM bond WHERE bond.coupon > 5 AND bond.has_option = 1"),
    ("不含权债券的平均票面利率", "SELECT AVG(coupon) FROM bond WHERE bond.has_option = 0"),
    ("注册资本在100亿元以上的国有企业有哪些", "SELECT full_name FROM issuer WHERE issuer.capital >= 1000000 AND issuer.nature = '国有企业'"),
    ("员工人数在500人以上的发行人简称", "SELECT short_name FROM issuer WHERE issuer.employees >= 500"),
    ("各行业的发行人有多少家", "SELECT industry, COUNT(*) FROM issuer GROUP BY industry"),
    ("各债券类型的债券数量分别是多少", "SELECT kind, COUNT(*) FROM bond GROUP BY kind"),
    ("每个发行人的债券的平均发行规模", "SELECT issuer.full_name, AVG(size) FROM bond GROUP BY issuer.full_name"),
    ("有哪些交易市场", "SELECT DISTINCT market FROM bond"),
    ("评级机构都有哪几家", "SELECT DISTINCT agency FROM rating"),
    ("各种企业性质的发行人分别有多少家", "SELECT nature, COUNT(*) FROM issuer GROUP BY nature"),
    ("每个发行人的简称和债券的平均票面利率", "SELECT issuer.short_name, AVG(coupon) FROM bond GROUP BY issuer.short_name"),
    ("哪些发行人的债券票面利率高于6%，列出发行人编码", "SELECT issuer_code FROM bond WHERE bond.coupon > 6"),
    ("女高管有多少人", "SELECT COUNT(*) FROM staff WHERE staff.gender = 2"),
    # Groups in the order of a count or a sum.
    ("哪个发行人发行的债券最多", "SELECT issuer.full_name FROM bond GROUP BY issuer.full_name ORDER BY COUNT(*) DESC LIMIT 1"),
    ("2026年10月成交金额合计最高的3只债券的简称及成交金额合计",
     "SELECT bond.bond_name, SUM(turnover) FROM quote WHERE quote.traded_on >= '2026-10-01' AND quote.traded_on < '2026-11-01' GROUP BY bond.bond_name ORDER BY SUM(turnover) DESC LIMIT 3"),
    ("发行过10只以上债券的发行人有哪些", "SELECT issuer.full_name FROM bond GROUP BY issuer.full_name HAVING COUNT(*) > 10"),
    ("平均票面利率最高的交易市场", "SELECT market FROM bond GROUP BY market ORDER BY AVG(coupon) DESC LIMIT 1"),
    ("评级次数超过3次的债券简称", "SELECT bond.bond_name FROM rating GROUP BY bond.bond_name HAVING COUNT(*) > 3"),
    ("每个行业中注册资本最高的发行人",
     "SELECT industry, full_name FROM issuer QUALIFY RANK() OVER (PARTITION BY industry ORDER BY capital DESC) <= 1"),
    ("2025年年报各行业的营业收入总额",
     "SELECT issuer.industry, SUM(revenue) FROM finance WHERE finance.reported_on >= '2025-12-01' AND finance.reported_on < '2026-01-01' GROUP BY issuer.industry"),
    # Groups that bounds of figures choose, also of several.
    ("平均票面利率超过5%的发行人简称", "SELECT issuer.short_name FROM bond GROUP BY issuer.short_name HAVING AVG(coupon) > 5"),
    ("债券数量超过3只且发行规模合计超过100亿元的发行人有多少家",
     "SELECT COUNT(*) FROM (SELECT issuer.full_name FROM bond GROUP BY issuer.full_name HAVING COUNT(*) > 3 AND SUM(size) > 100)"),
    ("各债券类型的平均票面利率，只看债券数量不少于5只的债券类型", "SELECT kind, AVG(coupon) FROM bond GROUP BY kind HAVING COUNT(*) >= 5"),
    ("发行债券超过5只的发行人中，平均票面利率最高的是哪个",
     "SELECT issuer.full_name FROM bond GROUP BY issuer.full_name HAVING COUNT(*) > 5 ORDER BY AVG(coupon) DESC LIMIT 1"),
    # What changed, the first and the last of each, a place, and the mean of those alike.
    ("2025年营业收入比2024年增长的发行人简称",
     "SELECT issuer.short_name FROM finance GROUP BY issuer.short_name HAVING SUM(revenue) FILTER (WHERE finance.reported_on >= '2025-12-01' AND finance.reported_on < '2026-01-01') - SUM(revenue) FILTER (WHERE finance.reported_on >= '2024-12-01' AND finance.reported_on < '2025-01-01') > 0"),
    ("万科2025年净利润比2024年增加了多少",
     "SELECT SUM(profit) FILTER (WHERE finance.reported_on >= '2025-12-01' AND finance.reported_on < '2026-01-01') - SUM(profit) FILTER (WHERE finance.reported_on >= '2024-12-01' AND finance.reported_on < '2025-01-01') AS change FROM finance WHERE issuer.short_name = '万科'"),
    ("每只债券最近一次评级的评级机构", "SELECT bond.bond_name, agency FROM rating QUALIFY RANK() OVER (PARTITION BY inner_code ORDER BY rated_on DESC) = 1"),
    ("每个发行人首次发行债券的日期", "SELECT issuer.full_name, MIN(issued_on) FROM bond GROUP BY issuer.full_name"),
    ("发行规模排名第二的债券简称", "SELECT bond_name FROM bond QUALIFY RANK() OVER (ORDER BY size DESC) = 2"),
    ("各发行人的发行规模", "SELECT issuer.full_name, SUM(size) FROM bond GROUP BY issuer.full_name"),
    ("发行规模高于同行业平均发行规模的债券简称", "SELECT bond_name FROM bond QUALIFY size > AVG(size) OVER (PARTITION BY issuer.industry)"),
    ("2025年前三季度净利润最高的发行人简称",
     "SELECT issuer.short_name FROM finance WHERE finance.reported_on >= '2025-09-01' AND finance.reported_on < '2025-10-01' ORDER BY profit DESC LIMIT 1"),
    ("收盘价最高的债券属于哪个发行人", "SELECT issuer.full_name FROM quote ORDER BY close DESC LIMIT 1"),
    # What is not there.
    ("哪些发行人没有发行过债券", "SELECT full_name FROM issuer WHERE issuer_code NOT IN (SELECT issuer_code FROM bond)"),
    ("没有披露发行规模的债券有几只", "SELECT COUNT(*) FROM bond WHERE size IS NULL"),
    ("现任高管的姓名", "SELECT person FROM staff WHERE left_on IS NULL"),
    # Shares, means and differences.
    ("含权债券占全部债券的比例是多少", "SELECT COUNT(*) FILTER (WHERE bond.has_option = 1) / COUNT(*) AS part FROM bond"),
    ("票面利率高于平均值的债券简称", "SELECT bond_name FROM bond QUALIFY coupon > AVG(coupon) OVER ()"),
    ("收盘价减开盘价最大的3条行情记录的债券简称和交易日", "SELECT bond.bond_name, traded_on FROM quote ORDER BY close - open DESC LIMIT 3"),
    ("各行业的净利差，净利差=营业收入-净利润，按净利差降序",
     'SELECT issuer.industry, SUM(revenue) - SUM(profit) AS "净利差" FROM finance GROUP BY issuer.industry ORDER BY SUM(revenue) - SUM(profit) DESC'),
    ("各行业净利润占营业收入的比例", "SELECT issuer.industry, SUM(profit) / SUM(revenue) AS part FROM finance GROUP BY issuer.industry"),
    ("21万科01的收盘价与开盘价之差", "SELECT close - open AS difference FROM quote WHERE bond.bond_name = '21万科01'"),
    ("21万科01在2026年10月的最高收盘价和最低收盘价",
     "SELECT MAX(close), MIN(close) FROM quote WHERE bond.bond_name = '21万科01' AND quote.traded_on >= '2026-10-01' AND quote.traded_on < '2026-11-01'"),
    ("收盘价高于开盘价的债券有多少只", "SELECT COUNT(DISTINCT bond.inner_code) FROM quote WHERE quote.close > quote.open"),
    # Days: reports, the days that are said of what happens, the latest of many.
    ("2025年三季报净利润为负的发行人简称",
     "SELECT issuer.short_name FROM finance WHERE finance.reported_on >= '2025-09-01' AND finance.reported_on < '2025-10-01' AND finance.profit < 0"),
    ("2027年到期的债券有多少只", "SELECT COUNT(*) FROM bond WHERE bond.matures_on >= '2027-01-01' AND bond.matures_on < '2028-01-01'"),
    ("成立日期在2010年以前的发行人简称", "SELECT short_name FROM issuer WHERE issuer.founded_on < '2010-01-01'"),
    ("2024年和2025年发行的债券分别有多少只",
     "SELECT year(issued_on), COUNT(*) FROM bond WHERE ((bond.issued_on >= '2024-01-01' AND bond.issued_on < '2025-01-01') OR (bond.issued_on >= '2025-01-01' AND bond.issued_on < '2026-01-01')) GROUP BY year(issued_on)"),
    ("最新一期净利润排名前十的发行人的中文简称和净利润",
     "SELECT profit, issuer.short_name FROM finance QUALIFY RANK() OVER (ORDER BY reported_on DESC) = 1 ORDER BY profit DESC LIMIT 10"),
    ("最近一个交易日成交金额超过500万元的债券简称和收盘价",
     "SELECT bond.bond_name, close FROM quote QUALIFY RANK() OVER (ORDER BY traded_on DESC) = 1 AND quote.turnover > 500"),
    ("每家发行人以最近一期为准，净利润为负的发行人简称",
     "SELECT issuer.short_name FROM finance QUALIFY RANK() OVER (PARTITION BY issuer_code ORDER BY reported_on DESC) = 1 AND finance.profit < 0"),
    ("近两年（2024年和2025年）发行的债券数量",
     "SELECT COUNT(*) FROM bond WHERE ((bond.issued_on >= '2024-01-01' AND bond.issued_on < '2025-01-01') OR (bond.issued_on >= '2025-01-01' AND bond.issued_on < '2026-01-01'))"),
    ("最新一期万科的营业收入", "SELECT revenue FROM finance WHERE issuer.short_name = '万科' ORDER BY reported_on DESC LIMIT 1"),
    ("成立最早的5家发行人的简称", "SELECT short_name FROM issuer ORDER BY founded_on LIMIT 5"),
    ("期限最长的是哪只债券", "SELECT bond_name FROM bond ORDER BY term DESC LIMIT 1"),
    ("5年期债券的平均发行规模", "SELECT AVG(size) FROM bond WHERE bond.term = 5"),
    # Parts of names, places that are stored.
    ("简称中含有地铁的债券有哪些", "SELECT bond_name FROM bond WHERE bond.bond_name ILIKE '%地铁%'"),
    ("排名第一的高管的姓名", "SELECT person FROM staff WHERE staff.place = 1"),
    # Things that an order chooses, by their names; what is joined to them beside.
    ("注册资本最高的三家发行人", "SELECT full_name FROM issuer ORDER BY capital DESC LIMIT 3"),
    ("注册资本前三的发行人及其所属行业", "SELECT full_name, industry FROM issuer ORDER BY capital DESC LIMIT 3"),
    ("发行规模最大的5期债券的票面利率", "SELECT coupon FROM bond ORDER BY size DESC LIMIT 5"),
    ("收盘价低于开盘价的债券和交易日", "SELECT bond.bond_name, traded_on FROM quote WHERE quote.close < quote.open"),
    # How many things, in whatever words.
    ("上海证券交易所的债券有多少", "SELECT COUNT(*) FROM bond WHERE bond.market = '上海证券交易所'"),
    ("2025年发行的债券数", "SELECT COUNT(*) FROM bond WHERE bond.issued_on >= '2025-01-01' AND bond.issued_on < '2026-01-01'"),
    ("各交易市场的债券数和平均票面利率", "SELECT market, COUNT(*), AVG(coupon) FROM bond GROUP BY market"),
    ("各类型债券的平均票面利率", "SELECT kind, AVG(coupon) FROM bond GROUP BY kind"),
    # What is not, and what is equal to one number or letter.
    ("没有设置含权的债券有几只", "SELECT COUNT(*) FROM bond WHERE bond.has_option = 0"),
    ("还没离任的高管姓名", "SELECT person FROM staff WHERE left_on IS NULL"),
    ("已经离任的高管有多少人", "SELECT COUNT(*) FROM staff WHERE left_on IS NOT NULL"),
    ("房地产以外的发行人有多少家", "SELECT COUNT(*) FROM issuer WHERE issuer.industry <> '房地产'"),
    ("票面利率等于5%的债券有几只", "SELECT COUNT(*) FROM bond WHERE bond.coupon = 5"),
    ("信用评级为AAA的债券简称", "SELECT bond.bond_name FROM rating WHERE rating.grade = 'AAA'"),
    ("成立日期早于2010年的发行人简称", "SELECT short_name FROM issuer WHERE issuer.founded_on < '2010-01-01'"),
    ("2025年年报各行业净利润占营业收入的比例",
     "SELECT issuer.industry, SUM(profit) / SUM(revenue) AS part FROM finance WHERE finance.reported_on >= '2025-12-01' AND finance.reported_on < '2026-01-01' GROUP BY issuer.industry"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sql"), READ)
def test_a_question_is_read_and_compiles(text: str, sql: str) -> None:
    _linked, found = read_question(text, "", INDEX, TODAY)
    assert found[0].semantic_sql == sql
    assert found[0].sure >= 0.4
    assert compile_sql(sql, NARROWED, Loads({})).physical.sql


@pytest.mark.parametrize(
    "text",
    [
        "发行规模的中位数",
        "各行业债券的票面利率同比变化",
        "发行规模是票面利率的几倍",
        "连续三年净利润为正的发行人有哪些",
        "第7批的发行规模",
        "债券数量最多的",
        "万科和招商银行哪家的注册资本更高",
        "房地产行业的发行人有几家，分别是哪些",
        "收盘价高于开盘价的70%的债券",
        "万科的信用代码",
        "成立满十年的发行人有几家",
        "发行规模和回售规模分别是多少",
        "票面利率和换手率最高的债券",
        "公司债和企业债的平均票面利率",
        "债券期限超过300天的债券有几只",
        "收盘价与成交金额合计超过500的债券简称",
        "净利润连续为正的发行人简称",
        "收盘价上涨的债券简称",
        "万科和招商银行哪家的注册资本多",
        "B级发行人有几家",
        "发行人王小明的注册资本",
        "国有企业的净利润累计",
        "营业收入同比下降的发行人数量",
        "各行业的营业利润率",
        "2024年和2025年各行业的营业收入合计",
        "每年发行债券最多的发行人",
        "首次评级的评级机构",
    ],
)
def test_what_a_reading_loses_makes_it_unsure(text: str) -> None:
    _linked, found = read_question(text, "", INDEX, TODAY)
    assert all(reading.sure < 0.4 for reading in found)


@pytest.mark.parametrize(
    ("condition", "physical"),
    [
        ("kind = 3", "kind = 3"),
        ("kind = '公司债'", "kind = 3"),
        ("kind IN (2, 3)", "kind IN (2, 3)"),
        ("has_option <> '是'", "has_option <> 1"),
    ],
)
def test_codes_in_a_column_of_numbers_are_compared_as_numbers(condition: str, physical: str) -> None:
    sql = compile_sql(f"SELECT bond_name FROM bond WHERE {condition}", NARROWED, Loads({})).physical.sql
    assert physical in " ".join(sql.split())
