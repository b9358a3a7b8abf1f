"""What the demo bank sells, and its currencies with their rates."""

from __future__ import annotations

import numpy as np

from t2sql.demo import months
from t2sql.demo.draws import Draws, Floats, Ints
from t2sql.demo.writing import Coded, Columns, words

# 编号, 名称, English, 类型, 活期
_PRODUCTS: dict[str, tuple[tuple[int, str, str, str, bool | None], ...]] = {
    "贷款": (
        (101, "个人住房贷款", "Residential Mortgage", "个人贷款", None),
        (102, "个人消费贷款", "Personal Consumer Loan", "个人贷款", None),
        (103, "个人经营贷款", "Personal Business Loan", "个人贷款", None),
        (104, "小微企业贷款", "Small Business Loan", "公司贷款", None),
        (105, "流动资金贷款", "Working Capital Loan", "公司贷款", None),
        (106, "固定资产贷款", "Fixed Asset Loan", "公司贷款", None),
        (107, "贸易融资", "Trade Finance", "公司贷款", None),
        (108, "票据贴现", "Bill Discounting", "票据", None),
    ),
    "存款": (
        (201, "个人活期存款", "Retail Demand Deposit", "个人存款", True),
        (202, "个人定期存款", "Retail Time Deposit", "个人存款", False),
        (203, "大额存单", "Certificate of Deposit", "个人存款", False),
        (204, "单位活期存款", "Corporate Demand Deposit", "公司存款", True),
        (205, "单位定期存款", "Corporate Time Deposit", "公司存款", False),
        (206, "单位通知存款", "Corporate Call Deposit", "公司存款", False),
        (207, "结构性存款", "Structured Deposit", "公司存款", False),
    ),
    "信用卡": (
        (301, "普卡", "Classic Card", "信用卡", None),
        (302, "金卡", "Gold Card", "信用卡", None),
        (303, "白金卡", "Platinum Card", "信用卡", None),
        (304, "钻石卡", "Diamond Card", "信用卡", None),
    ),
    "理财": (
        (401, "现金管理类理财", "Cash Management Product", "理财", None),
        (402, "固定收益类理财", "Fixed Income Product", "理财", None),
        (403, "混合类理财", "Mixed Product", "理财", None),
        (404, "权益类理财", "Equity Product", "理财", None),
    ),
    "代销": (
        (501, "代销基金", "Agency Fund", "代销", None),
        (502, "代销保险", "Agency Insurance", "代销", None),
    ),
}
CURRENCIES = ("CNY", "USD", "EUR", "HKD", "JPY", "GBP")
_CURRENCY_NAMES = (
    ("人民币", "Chinese Yuan"),
    ("美元", "US Dollar"),
    ("欧元", "Euro"),
    ("港元", "Hong Kong Dollar"),
    ("日元", "Japanese Yen"),
    ("英镑", "Pound Sterling"),
)
# Half-year anchors from 2022-12 to 2026-06, in millionths of a yuan; JPY for one yen.
_ANCHORS = {
    "USD": (6_964_600, 7_225_800, 7_082_700, 7_126_800, 7_188_400, 7_158_600, 7_050_000, 6_980_000),
    "EUR": (7_422_900, 7_877_100, 7_859_200, 7_661_700, 7_525_700, 8_402_400, 8_250_000, 8_180_000),
    "HKD": (893_300, 921_980, 906_220, 912_680, 926_040, 911_950, 903_000, 893_500),
    "JPY": (52_358, 50_094, 50_213, 44_738, 46_233, 49_594, 47_200, 46_500),
    "GBP": (8_394_100, 9_143_200, 9_041_100, 9_043_000, 9_076_500, 9_830_000, 9_520_000, 9_410_000),
}
_PER_ONE = 1_000_000


def product_columns() -> Columns:
    """The 25 products."""
    rows = [
        (id_, f"P{id_}", zh, en, line, type_, demand)
        for line, products in _PRODUCTS.items()
        for id_, zh, en, type_, demand in products
    ]
    heads = (
        "product_id",
        "product_code",
        "product_name",
        "product_name_en",
        "product_line",
        "product_type",
        "is_demand",
    )
    return {head: words([row[k] for row in rows]) for k, head in enumerate(heads)}


def product_ids(line: str) -> Ints:
    """Ids of one product line, in the order that the other modules count them."""
    return np.array([product[0] for product in _PRODUCTS[line]], dtype=np.int64)


def currency_columns() -> Columns:
    """The six currencies."""
    return {
        "currency_code": words(CURRENCIES),
        "currency_name": words([zh for zh, _ in _CURRENCY_NAMES]),
        "currency_name_en": words([en for _, en in _CURRENCY_NAMES]),
    }


def make_rates(draws: Draws) -> tuple[Ints, Ints]:
    """Month-end and monthly average rates in millionths, as [month + 1, currency]; row 0 is 2022-12-31."""
    count = months.COUNT + 1
    ends = np.full((count, len(CURRENCIES)), _PER_ONE, dtype=np.int64)
    averages = ends.copy()
    for position, code in enumerate(CURRENCIES[1:], start=1):
        noise = draws.between(-50, 50, count)
        anchors = np.array(_ANCHORS[code], dtype=np.int64)
        k = np.arange(count)
        left, step = k // 6, k % 6
        right = np.minimum(left + 1, len(anchors) - 1)
        straight = (anchors[left] * (6 - step) + anchors[right] * step) // 6
        ends[:, position] = straight + np.where(step == 0, 0, straight * noise // 10_000)
        before = np.concatenate([ends[:1, position], ends[:-1, position]])
        averages[:, position] = (before + ends[:, position]) // 2
    return ends, averages


def rate_columns(ends: Ints, averages: Ints) -> Columns:
    """fx_rate rows, a month-end and currency each."""
    count = len(ends)
    return {
        "rate_date": np.repeat(months.month_end(np.arange(count) - 1), len(CURRENCIES)),
        "currency_code": Coded(np.tile(np.arange(len(CURRENCIES)), count), CURRENCIES),
        "rate_to_cny": ends.reshape(-1),
        "avg_rate_to_cny": averages.reshape(-1),
    }


def to_cny(units: Ints, rates: Ints) -> Ints:
    """Cents of any currency in cents of CNY, rates in millionths."""
    return units // _PER_ONE * rates + units % _PER_ONE * rates // _PER_ONE


def from_cny(cents: Floats, rates: Ints) -> Ints:
    """Cents of CNY in whole cents of a currency, rates in millionths."""
    return np.floor(cents * float(_PER_ONE) / rates.astype(np.float64)).astype(np.int64)
