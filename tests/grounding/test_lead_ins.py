"""What is said before and after a whole question goes; what may choose or name a kind stays and is told."""

from __future__ import annotations

import pytest
from grounded_words import ground, grounding_over

from t2sql.catalog import Catalog
from t2sql.grounding import Grounding
from t2sql.grounding.words.lead_ins import closings, lead_ins
from t2sql.grounding.words.text import fold

NAMED = (
    ("branch", "杭州分行", "Hangzhou Branch"),
    ("segment", "小微", "SME"),
    ("customer_type", "对公", "corporate"),
    ("product", "个人住房贷款", "mortgages"),
)


@pytest.fixture(scope="module")
def grounding(catalog: Catalog) -> Grounding:
    return grounding_over(catalog, NAMED, ())


@pytest.mark.parametrize(
    ("text", "metric"),
    [
        ("Pricing committee prep: net profit by branch", "net_profit"),
        ("For the deposits monthly: NPL ratio by branch", "npl_ratio"),
        ("Our credit policy refresh is under way. NPL ratio by industry, please.", "npl_ratio"),
        ("Budget season again - operating expense by branch", "operating_expense"),
        ("Asked by the regulator: NPL ratio by branch", "npl_ratio"),
        ("Strictly confidential - net profit by branch", "net_profit"),
        ("NPL ratio by branch, the CEO is asking", "npl_ratio"),
        ("NPL ratio by branch; she is presenting it tomorrow", "npl_ratio"),
        ("NPL ratio by branch, to be used in the marketing newsletter", "npl_ratio"),
        ("Net profit by branch. One number is fine.", "net_profit"),
        ("Quick one for the CFO’s pack – NPL ratio by branch", "npl_ratio"),
        ("I've got the pricing committee at two, so NPL ratio by branch please", "npl_ratio"),
        ("Prepping the cards steering committee: NPL ratio by branch", "npl_ratio"),
        ("NPL ratio by branch, please don't mix them", "npl_ratio"),
        ("各分行不良率，督导组想对着看", "npl_ratio"),
        ("各分行存款余额，战略部做对标", "deposit_balance"),
        ("各分行存款余额，绩效考核取数", "deposit_balance"),
    ],
)
def test_what_frames_a_whole_question_is_passed_over(grounding: Grounding, text: str, metric: str) -> None:
    context = ground(grounding, text)
    assert [m.name for m in context.metrics] == [metric]
    assert context.ungrounded == ()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("I look after farmers - deposit balance by branch", "farmers"),
        ("Corporate desk here - deposits by branch", "corporate"),
        ("Deposits by branch on the corporate side", "corporate"),
        ("Tech startups: loan balance by branch", "startups"),
        ("For the unicorn clients, loan balance by branch", "unicorn"),
        ("Deposit balance by branch, it's for farmers", "farmers"),
        ("Customers by branch; percentages are enough", "enough"),
        ("My book is dairy - loan balance by branch", "dairy"),
        ("Funding for vineyards: new loans by branch", "vineyards"),
        ("For the Silk Route project, new loans by branch", "silk"),
        ("Labour Holiday: card spend by branch", "labour"),
        ("Newly built factories: deposit balance by branch", "factories"),
        ("Vineyards review: loan balance by branch", "vineyards"),
        ("For the vineyards committee, loan balance by branch", "vineyards"),
        ("Loan balance by branch for the dairy desk", "dairy"),
        ("Loan balance by branch for the forestry strategy", "forestry"),
        ("Loan balance by branch, our forestry team is asking", "forestry"),
        ("各分行贷款余额，主要看光伏", "光伏"),
        ("各分行贷款余额，盯着造船", "造船"),
    ],
)
def test_what_may_choose_or_say_a_form_is_told(grounding: Grounding, text: str, word: str) -> None:
    assert word in " ".join(ground(grounding, text).ungrounded)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Hangzhou Branch review on Friday: NPL ratio by product", "杭州分行"),
        ("For the SME monthly - NPL ratio by region", "小微"),
        ("For the mortgages weekly: overdue balance by branch", "个人住房贷款"),
    ],
)
def test_a_value_in_a_lead_in_limits_and_the_round_of_a_paper_is_no_grain(
    grounding: Grounding, text: str, value: str
) -> None:
    context = ground(grounding, text)
    assert [v.value for v in context.values] == [value]
    assert context.grains == ()


@pytest.mark.parametrize(
    "text",
    [
        "Monthly deposit balance by branch",
        "deposits at the end of June",
        "Loans by branch, top 5",
        "NPL ratio by branch, quarterly",
        "fee income, we report it quarterly",
        "Budget: operating expense by branch",
        "Year-end pack: loans by branch",
        "各分行不良率，要看前三",
    ],
)
def test_a_plain_question_has_no_frame(text: str) -> None:
    folded = fold(text).text
    assert not [*lead_ins(folded), *closings(folded)]


@pytest.mark.parametrize(
    ("text", "metrics"),
    [
        ("Fee income in 2025, gross of fee expense", ["fee_income"]),
        ("Interest income by month, before interest expense", ["interest_income"]),
        ("Net fee income, that is after deducting fee expense, 2025", ["net_fee_income"]),
        ("2025年手续费收入，先不扣手续费支出", ["fee_income"]),
        ("利息收入，还没减利息支出的，2025年", ["interest_income"]),
        ("fee income and fee expense 2025", ["fee_income", "fee_expense"]),
        ("贷款客户数，不是笔数", ["loan_customers"]),
        ("Loan interest received in June, not what was accrued", ["loan_interest_received"]),
    ],
)
def test_a_working_adds_none_of_its_parts(grounding: Grounding, text: str, metrics: list[str]) -> None:
    context = ground(grounding, text)
    assert [m.name for m in context.metrics] == metrics
    assert context.ungrounded == ()


@pytest.mark.parametrize("text", ["fee income before tax 2025", "loan balance before NPLs"])
def test_a_deduction_that_no_metric_makes_is_told(grounding: Grounding, text: str) -> None:
    assert "before" in ground(grounding, text).ungrounded
