"""Customers who came or left, by a verb apart from the noun; what was lent and is not yet paid back."""

from __future__ import annotations

import pytest

from t2sql.catalog import Catalog
from t2sql.grounding.names.names import NameIndex


@pytest.mark.parametrize(
    ("text", "metrics"),
    [
        (
            "how many customers did each region gain and how many did it lose in May",
            ["new_customers", "churned_customers"],
        ),
        ("how many customers did Shanghai branch win in May", ["new_customers"]),
        ("各大区新增了多少客户，又流失了多少", ["new_customers", "churned_customers"]),
        ("流失的呢", ["churned_customers"]),
        ("how many customers do we have", ["customers"]),
        # No name says both: the noun stays, and the verb is told elsewhere.
        ("how many wealth customers did we lose", ["wealth_customers"]),
        ("how many customers did not leave in May", ["customers"]),
        # A rate of leaving is no count of who left.
        ("各分行有多少客户，流失率多少", ["customers"]),
        # What was lent is a flow, what is left of it is a balance.
        ("of the loans originated in 2023, how much is still outstanding", ["loan_balance"]),
        ("2025年发放的贷款还有多少没还", ["loan_balance"]),
        ("loans originated in 2023", ["new_loans"]),
        # A slip of the same sound, whatever the letter means elsewhere.
        ("不量率超过2%的分行", ["npl_ratio"]),
    ],
)
def test_names_the_metric_that_a_verb_makes_of_a_noun(catalog: Catalog, text: str, metrics: list[str]) -> None:
    assert [mention.name for mention in NameIndex.build(catalog).find_metrics(text)] == metrics


@pytest.mark.parametrize(
    ("text", "dimensions"),
    [
        ("各类手续费的笔数", [("fee_type", 1.0)]),
        ("每种手续费的金额", [("fee_type", 1.0)]),
        ("各类产品的存款余额", [("product", 1.0)]),
        # 贷款分类 is a grade of risk and no kind of loan.
        ("各种贷款余额", []),
        ("by managing branch rather than booking branch", [("managing_branch", 1.0), ("branch", 0.6)]),
        ("按管理分行（不是记账行）统计", [("managing_branch", 1.0), ("branch", 0.6)]),
    ],
)
def test_groups_by_kinds_and_not_by_what_is_not_meant(
    catalog: Catalog, text: str, dimensions: list[tuple[str, float]]
) -> None:
    found = NameIndex.build(catalog).find_dimensions(text)
    assert [(mention.name, mention.score) for mention in found] == dimensions
