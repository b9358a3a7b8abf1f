"""What may be put together to a whole: the same that the compiler lets have a share."""

from __future__ import annotations

import pytest

from t2sql.catalog import Catalog
from t2sql.charts import addable, adds_up
from t2sql.errors import NotComputable
from t2sql.flow import Loads
from t2sql.policy import Narrowed

from made_answers import planned, with_rows


def test_a_metric_adds_up_where_the_compiler_gives_it_a_share(
    catalog: Catalog, head_office: Narrowed, loads: Loads
) -> None:
    said, compiled = {}, {}
    for name, metric in catalog.metrics.items():
        said[name] = adds_up(metric, catalog)
        period = "month = '2026-06'"
        try:
            planned(f"SELECT region, share({name}) FROM bank WHERE {period}", head_office, loads)
            compiled[name] = True
        except NotComputable as error:
            # What has no region has no share by region either; that says nothing of sums.
            if "region" in error.message and "share" not in error.message:
                said.pop(name)
                continue
            compiled[name] = False
    assert len(said) > 60 and any(said.values()) and not all(said.values())
    assert said == compiled


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT region, loan_balance, npl_ratio FROM bank", {"loan_balance"}),
        ("SELECT region, loan_customers FROM bank", set()),
        ("SELECT region, loan_balance FROM bank ORDER BY loan_balance DESC LIMIT 3", set()),
        ("SELECT region, loan_balance FROM bank WHERE npl_ratio > 0.01", set()),
        ("SELECT region, loan_balance FROM bank HAVING loan_balance > 1", set()),
        ("SELECT region, loan_balance FROM bank WHERE region <> '总行'", {"loan_balance"}),
        ("SELECT region, loan_balance FROM bank QUALIFY rank() OVER (ORDER BY loan_balance DESC) < 3", set()),
        ("SELECT region, SUM(loan_balance) AS x FROM (SELECT region, branch, loan_balance FROM bank) GROUP BY region",
         set()),
        ("SELECT region, operating_income FROM bank WHERE year = '2025'", {"operating_income"}),
    ],
)  # fmt: skip
def test_only_whole_rows_of_sums_are_addable(sql: str, expected: set[str], head_office: Narrowed, loads: Loads) -> None:
    plan = planned(sql, head_office, loads)
    rows = [("华东区", *[1] * (len(plan.columns) - 1)), ("华南区", *[1] * (len(plan.columns) - 1))]
    assert addable(plan, with_rows(plan, rows), head_office) == expected
    assert addable(plan, with_rows(plan, rows, truncated=True), head_office) == frozenset()
