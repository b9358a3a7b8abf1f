"""SQL that turns a Chinese question into something else is told; SQL that holds it is not."""

# ruff: noqa: E501
# One case a line.
from __future__ import annotations

from datetime import date

import pytest
from bond_catalog import index

from t2sql.adhoc.unmet import unmet
from t2sql.fields.linking import link

TODAY = date(2026, 11, 18)
INDEX = index()
TURNED = [
    ("只有公司债的发行人有多少家", "SELECT COUNT(DISTINCT issuer_code) FROM bond WHERE bond.kind = 3", ""),
    ("既发行过公司债又发行过企业债的发行人", "SELECT issuer.full_name FROM bond WHERE bond.kind IN (2, 3)", ""),
    ("公司债的平均票面利率比企业债高多少", "SELECT AVG(coupon) FROM bond WHERE bond.kind IN (2, 3)", ""),
    ("2024年和2025年发行规模对比", "SELECT size FROM bond", ""),
    ("40岁以下的高管有多少人", "SELECT COUNT(*) FROM staff WHERE staff.gender <= 40", ""),
    ("票面利率超过行业平均水平的债券", "SELECT bond_name FROM bond QUALIFY coupon > AVG(coupon) OVER ()", ""),
    ("平均每个发行人的发行规模", "SELECT issuer.full_name, AVG(size) FROM bond GROUP BY issuer.full_name", ""),
    ("债券存续超过10年的简称", "SELECT bond_name FROM bond WHERE bond.coupon > 10", ""),
    ("各行业的净利率", "SELECT issuer.industry, SUM(profit) FROM finance GROUP BY issuer.industry", "净利率=净利润/营业收入"),
    ("大盘债券的平均票面利率", "SELECT AVG(coupon) FROM bond", "大盘指发行规模大于50"),
]  # fmt: skip
HELD = [
    ("只有公司债的发行人有多少家", "SELECT COUNT(*) FROM issuer WHERE issuer_code NOT IN (SELECT issuer_code FROM bond WHERE kind <> 3)", ""),
    ("票面利率超过平均水平的债券", "SELECT bond_name FROM bond QUALIFY coupon > AVG(coupon) OVER ()", ""),
    ("公司债的平均票面利率比企业债高多少", "SELECT AVG(coupon) FILTER (WHERE kind = 3) - AVG(coupon) FILTER (WHERE kind = 2) AS apart FROM bond", ""),
    ("票面利率超过5%的债券简称", "SELECT bond_name FROM bond WHERE bond.coupon > 5", ""),
    ("各行业的净利率", "SELECT issuer.industry, SUM(profit) / SUM(revenue) AS part FROM finance GROUP BY issuer.industry", "净利率=净利润/营业收入"),
    ("大盘债券的平均票面利率", "SELECT AVG(coupon) FROM bond WHERE bond.size > 50", "大盘指发行规模大于50"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sql", "hints"), TURNED)
def test_what_says_another_thing_is_told(text: str, sql: str, hints: str) -> None:
    assert unmet(link(text, hints, INDEX, TODAY), hints, sql, INDEX)


@pytest.mark.parametrize(("text", "sql", "hints"), HELD)
def test_what_holds_the_question_is_not(text: str, sql: str, hints: str) -> None:
    assert not unmet(link(text, hints, INDEX, TODAY), hints, sql, INDEX)
