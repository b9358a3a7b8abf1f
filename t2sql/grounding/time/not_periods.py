"""Words of time that mean no period: terms of loans (1-3年期), groupings (各年末), "as of today", amounts that look like years.

They claim their letters first, so that no later rule reads a year or a month in them.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

from t2sql.grounding.time.pieces import EN_MONTH, ZH_YEAR, N, Rule, none

_AMOUNT = (
    r"(?:%|‰|万|亿|千|百|元|块|笔|户|个|家|人|张|件|名|条|位|倍|bps?\b|k\b|m\b|mn\b|bn\b|b\b|million|billion|thousand|trillion|yuan|rmb|cny|usd|eur|hkd"
    r"|dollars?|days?\b|basis)"
)

_HOLIDAY_ZH = r"(?:国庆节?|春节|五一|劳动节|元旦|中秋节?|清明节?|端午节?|双节|十一(?=长假|假期|小长假|黄金周))(?:长假|假期|小长假|黄金周|假日|期间|放假)*"
_HOLIDAY_EN = r"(?:national day|golden week|spring festival|chinese new year|labou?r day|may day|mid-autumn|dragon boat|new year's day|christmas|easter)(?: golden week| festival| holidays?| break| week| period)*"

# fmt: off
RULES: tuple[Rule, ...] = (
    # Terms: of one year to three, 5年期, 期限12个月, two-year.
    (rf"(?<![\d.])\d{{1,2}}\s*(?:-|~|至|到)\s*\d{{1,2}}\s*(?:年|years?)(?!末|底|\s*\d{{1,2}}月)|(?<![\d.〇零]){N}年(?:期|以[内上下]|及以[上下]|左右)|{N}个?月(?:期(?![间末])|以[内上下]|及以[上下])|期限\S{{0,3}}?(?<!\d)(?!\d{{3}}){N}个?[年月]", none),
    # 一个月一个月, 一季一季, and all quarters of a year: each of them.
    (r"一(?P<u>个月|个?季度?|年|天|日|周|个?星期)一?(?P=u)(?!度|期)|(?:(?<=年)|(?<=年的)|(?<=年度)|(?<=年度的)|(?<=年各))(?:全部|这)?(?:[四4]个季度?(?:末|底)?|(?:十二|12)个月(?:末|底)?(?!期|以|的?滚动))|\b(?:all|each of|every one of)(?: the)? (?:four quarters|twelve months|12 months)\b|(?<=the )four quarters(?= of\b)|\bboth halves\b|\btwo halves\b", none),
    (r"(?:各|每|历|逐|按|分)个?(?:年末|年底|年度|年|月末|月底|月份|月|季末|季度末|季度|季)", none),
    (rf"\bas on date\b|(?:截至|截止|到|as of|as at|as on|until|till)\s*(?:今天|今日|today|目前|当前|现在|now)(?!\s*(?:今年|本年))|(?:{ZH_YEAR})\s*{_AMOUNT}", none),
    # A holiday whose days are written out beside it.
    (rf"{_HOLIDAY_ZH}(?=\s*[(,]?\s*(?:即|也就是|指)?(?:20\d\d年)?(?:\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月)", none),
    (rf"(?:\b(?:over|during|in|for|on) )?(?:\bthe )?\b{_HOLIDAY_EN}(?=\s*[(,]?\s*(?:i\.e\.?,? |that is,? |from )?(?:\d{{1,2}}\b|{EN_MONTH} \d))", none),
    # What only sounds like a time: the first half of the list, a quarter of all deposits.
    (r"\b(?:first|second|last) (?:half|quarter|third)[- ]of[- ](?:the |all |our )(?!year|fiscal|calendar|20|19|last|this)", none),
    (r"\b(?:first|second|last)-(?:half|quarter)-of-\w+(?:-\w+)?", none),
)
# fmt: on
