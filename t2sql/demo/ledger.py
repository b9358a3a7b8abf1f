"""The general ledger: what each unit earned and spent. It must never disagree with the books it is made from.

Units book loans, deposits, cards and fees; the head office's own book holds bonds, wholesale funding and most equity.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from t2sql.demo import months
from t2sql.demo.branches import WEST, Network
from t2sql.demo.draws import Draws, Floats, Ints
from t2sql.demo.writing import Coded, Columns, words

_ACCOUNTS = (
    ("6011", "个人贷款利息收入", "Interest Income on Retail Loans", "利息收入"),
    ("6012", "公司贷款利息收入", "Interest Income on Corporate Loans", "利息收入"),
    ("6013", "票据贴现利息收入", "Interest Income on Discounted Bills", "利息收入"),
    ("6014", "信用卡利息收入", "Interest Income on Credit Cards", "利息收入"),
    ("6015", "债券及同业利息收入", "Interest Income on Bonds and Interbank", "利息收入"),
    ("6411", "活期存款利息支出", "Interest Expense on Demand Deposits", "利息支出"),
    ("6412", "定期存款利息支出", "Interest Expense on Time Deposits", "利息支出"),
    ("6413", "同业及债券利息支出", "Interest Expense on Wholesale Funding", "利息支出"),
    ("6021", "结算手续费收入", "Settlement Fee Income", "手续费收入"),
    ("6022", "银行卡手续费收入", "Bank Card Fee Income", "手续费收入"),
    ("6023", "代理理财手续费收入", "Agency and Wealth Fee Income", "手续费收入"),
    ("6024", "托管手续费收入", "Custody Fee Income", "手续费收入"),
    ("6025", "担保承诺手续费收入", "Guarantee and Commitment Fee Income", "手续费收入"),
    ("6026", "投行咨询手续费收入", "Advisory Fee Income", "手续费收入"),
    ("6421", "手续费支出", "Fee Expense", "手续费支出"),
    ("6111", "投资收益", "Investment Income", "投资收益"),
    ("6601", "员工费用", "Staff Expense", "业务及管理费"),
    ("6602", "业务费用", "General Expense", "业务及管理费"),
    ("6603", "折旧与摊销", "Depreciation and Amortisation", "业务及管理费"),
    ("6701", "贷款减值损失", "Loan Impairment", "资产减值损失"),
    ("6702", "其他减值损失", "Other Impairment", "资产减值损失"),
    ("6403", "税金及附加", "Taxes and Surcharges", "税金"),
    ("6801", "所得税费用", "Income Tax", "税金"),
    ("6301", "营业外净收入", "Non-operating Income, Net", "营业外净收入"),
)
_ITEMS = ("总资产", "生息资产", "付息负债", "净资产")
_CARD_YIELD = 0.055
_DAYS_A_YEAR = 365.0


@dataclass(frozen=True, slots=True)
class Business:
    """What the ledger is made from, all in cents of CNY as [month, outlet]."""

    loans: Ints
    loan_interest: tuple[Ints, Ints, Ints]
    """A year's interest on loans that still pay: retail, corporate, bills."""
    bad_loans: Ints
    deposits: Ints
    demand_interest: Ints
    """A year's interest on demand deposits."""
    time_interest: Ints
    cards: Ints
    fees: Ints
    """As [month, outlet, fee type]."""


def account_columns() -> Columns:
    """Rows of gl_account."""
    heads = ("account_code", "account_name", "account_name_en", "account_group")
    return {head: words([row[k] for row in _ACCOUNTS]) for k, head in enumerate(heads)}


def balances(business: Business, network: Network) -> Ints:
    """Cents as [month, outlet, item]."""
    own = business.loans + business.cards
    items = np.zeros((*own.shape, len(_ITEMS)), dtype=np.int64)
    items[..., 1] = own
    items[..., 0] = own * 1015 // 1000
    items[..., 2] = business.deposits
    items[..., 3] = own * 65 // 1000
    loans, deposits = own.sum(axis=1), business.deposits.sum(axis=1)
    wholesale = deposits * 14 // 100
    equity = (deposits + wholesale) * 84 // 1000
    earning = (deposits + wholesale + equity) * 965 // 1000
    office = network.head_office
    items[:, office, 1] = earning - loans
    items[:, office, 0] = deposits + wholesale + equity - items[..., 0].sum(axis=1)
    items[:, office, 2] = wholesale
    items[:, office, 3] = equity - items[..., 3].sum(axis=1)
    return items


def flows(draws: Draws, business: Business, network: Network) -> Ints:
    """Cents as [month, outlet, account], income and expense both positive."""
    index = {row[0]: k for k, row in enumerate(_ACCOUNTS)}
    shape = business.loans.shape
    made = np.zeros((*shape, len(_ACCOUNTS)), dtype=np.int64)
    month = np.arange(months.COUNT)
    days = (months.month_end(month) - months.month_end(month - 1)).astype(np.int64).astype(np.float64)[:, None]
    part = days / _DAYS_A_YEAR
    for code, yearly in zip(("6011", "6012", "6013"), business.loan_interest, strict=True):
        made[..., index[code]] = np.floor(yearly * part)
    made[..., index["6014"]] = np.floor(business.cards * _CARD_YIELD * part)
    made[..., index["6411"]] = np.floor(business.demand_interest * part)
    made[..., index["6412"]] = np.floor(business.time_interest * part)
    first_fee = index["6021"]
    made[..., first_fee : first_fee + business.fees.shape[2]] = business.fees
    _book_head_office(made, index, balances(business, network), part, network)
    fees = business.fees.sum(axis=2)
    made[..., index["6421"]] = fees * 9 // 100
    operating = _operating_income(made, index)
    _book_costs(draws, made, index, operating, business, network)
    return made


def _book_head_office(made: Ints, index: dict[str, int], items: Ints, part: Floats, network: Network) -> None:
    office, month = network.head_office, np.arange(months.COUNT)
    bond_yield = 0.0268 - 0.00011 * month
    made[:, office, index["6015"]] = np.floor(items[:, office, 1] * bond_yield * part[:, 0])
    made[:, office, index["6413"]] = np.floor(items[:, office, 2] * (0.0238 - 0.00013 * month) * part[:, 0])
    made[:, office, index["6111"]] = np.floor(items[:, office, 1] * (0.0042 + 0.0008 * (month % 3)) * part[:, 0])


def _operating_income(made: Ints, index: dict[str, int]) -> Ints:
    income = [made[..., index[row[0]]] for row in _ACCOUNTS if row[3] in ("利息收入", "手续费收入", "投资收益")]
    expense = [made[..., index[row[0]]] for row in _ACCOUNTS if row[3] in ("利息支出", "手续费支出")]
    return np.asarray(sum(income) - sum(expense))


def _book_costs(
    draws: Draws, made: Ints, index: dict[str, int], operating: Ints, business: Business, network: Network
) -> None:
    month = np.arange(months.COUNT)
    outlets = operating.shape[1]
    region = np.append(network.region_of_city, -1)[network.city]
    season = np.array([0.92, 0.94, 0.98, 0.96, 0.98, 1.0, 0.98, 0.98, 1.0, 0.99, 1.03, 1.16])[month % 12][:, None]
    thrift = 0.30 + 0.05 * draws.uniform(outlets)[None, :]
    base = np.maximum(operating, 0)
    cost = base * thrift * season * (1.0 - 0.001 * month)[:, None]
    for code, share in (("6601", 0.60), ("6602", 0.28), ("6603", 0.12)):
        made[..., index[code]] = np.floor(cost * share)
    bad_share = business.bad_loans / np.maximum(business.loans, 1)
    worry = np.clip(0.24 + 3.0 * bad_share, 0.24, 0.42) * (1.0 + 0.10 * (month % 3 == 2)[:, None])
    worry = np.where(region == WEST, worry * 1.05, worry)
    made[..., index["6701"]] = np.floor(base * np.minimum(worry, 0.46) * (business.loans > 0))
    office = network.head_office
    made[:, office, index["6702"]] = np.floor(base[:, office] * 0.12)
    made[..., index["6403"]] = np.floor(base * 0.012)
    spent = [made[..., index[code]] for code in ("6601", "6602", "6603", "6701", "6702", "6403")]
    made[..., index["6301"]] = np.floor(base * 0.002 * draws.uniform(operating.size).reshape(operating.shape))
    profit = np.maximum(base - sum(spent), 0)
    made[..., index["6801"]] = np.floor(profit * 0.16)


def monthly_columns(made: Ints, network: Network) -> Columns:
    """Rows of gl_monthly, without the empty ones."""
    month, outlet, account = np.nonzero(made)
    return {
        "month_end": months.month_end(month.astype(np.int64)),
        "branch_id": network.branch_id[outlet],
        "account_code": Coded(account.astype(np.int64), tuple(row[0] for row in _ACCOUNTS)),
        "amount": made[month, outlet, account],
    }


def balance_columns(items: Ints, network: Network) -> Columns:
    """Rows of gl_balance, without the empty ones."""
    month, outlet, item = np.nonzero(items)
    return {
        "month_end": months.month_end(month.astype(np.int64)),
        "branch_id": network.branch_id[outlet],
        "item": Coded(item.astype(np.int64), _ITEMS),
        "balance": items[month, outlet, item],
    }
