"""A catalog crowded with metrics of similar names: a bank's own has hundreds, and what is meant must still be found."""

from __future__ import annotations

import shutil
from pathlib import Path

# name | Chinese | English | what it is computed like
METRICS = """
npl_formation_amount | 不良贷款生成额 | NPL formation amount | money
npl_formation_rate | 不良贷款生成率 | NPL formation rate | ratio
npl_recovery_rate | 不良贷款清收率 | NPL recovery rate | ratio
npl_write_off_amount | 不良贷款核销额 | NPL write-off amount | money
overdue_30_balance | 逾期30天以上贷款余额 | loans overdue more than 30 days | money
overdue_60_balance | 逾期60天以上贷款余额 | loans overdue more than 60 days | money
overdue_90_ratio | 逾期90天以上贷款占比 | 90+ days overdue loan ratio | ratio
first_payment_default_rate | 首期逾期率 | first-payment default rate | ratio
loan_balance_target | 贷款余额目标 | loan balance target | money
loan_plan_ratio | 贷款计划完成率 | loan plan completion ratio | ratio
restructured_loan_balance | 重组贷款余额 | restructured loan balance | money
green_loan_balance | 绿色贷款余额 | green loan balance | money
inclusive_loan_balance | 普惠贷款余额 | inclusive loan balance | money
renewed_loans | 续贷金额 | renewed loans | money
committed_loans | 贷款承诺余额 | undrawn loan commitments | money
deposit_cost_rate | 存款付息率 | deposit cost rate | ratio
deposits_withdrawn | 存款支取额 | deposits withdrawn | money
margin_deposit_balance | 保证金存款余额 | margin deposit balance | money
interbank_deposit_balance | 同业存款余额 | interbank deposit balance | money
deposit_quarterly_avg | 季均存款余额 | quarterly average deposit balance | money
provision_shortfall | 拨备缺口 | provision shortfall | money
stressed_provision_coverage | 压力拨备覆盖率 | stressed provision coverage | ratio
risk_adjusted_margin | 风险调整后净息差 | risk-adjusted net interest margin | ratio
earning_asset_yield | 生息资产收益率 | yield on earning assets | ratio
liability_cost_rate | 付息负债成本率 | cost of interest-bearing liabilities | ratio
operating_profit | 营业利润 | operating profit | money
card_instalment_balance | 信用卡分期余额 | card instalment balance | money
card_overdue_ratio | 信用卡逾期率 | card overdue ratio | ratio
card_cash_advances | 信用卡取现额 | card cash advances | money
dormant_customers | 睡眠客户数 | dormant customers | count
returning_customers | 回流客户数 | returning customers | count
fees_waived | 减免手续费金额 | fees waived | money
"""
_LIKE = {
    "money": ("        expression: SUM(loans.balance)\n", "unit: CNY"),
    "count": ("        expression: COUNT(DISTINCT loans.customer_id)\n", "unit: count"),
    "ratio": ("", "type: ratio, numerator: npl_balance, denominator: loan_balance, unit: ratio"),
}


def names() -> frozenset[str]:
    """What is added."""
    return frozenset(line.split(" | ")[0] for line in METRICS.strip().splitlines())


def crowded(definitions: Path, folder: Path) -> Path:
    """A copy of the folder `definitions` in `folder`, with the metrics above added to its model."""
    copy = folder / "crowded"
    shutil.copytree(definitions, copy)
    model = copy / "model.yml"
    text = model.read_text(encoding="utf-8").rstrip("\n") + "\n"
    for line in METRICS.strip().splitlines():
        name, zh, en, like = line.split(" | ")
        expression, keys = _LIKE[like]
        text += f"      - name: {name}\n{expression}        description: {zh}。 / {en}.\n"
        text += f"        t2sql: {{{keys}, display: {{zh: {zh}, en: {en}}}, owner: 计划财务部, reference: internal,"
        text += " effective_from: '2023-01-01', version: '1'}\n"
    model.write_text(text, encoding="utf-8")
    return copy
