"""Words that ask for one row a day, month, quarter or year: 每月, 逐季, 走势, monthly, by quarter, trend. Finds words only."""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from dataclasses import dataclass

from t2sql.catalog import Grain

_EACH = r"(?:每一?个?|逐个?|各个?|历|分|按照?|哪一?个?|哪几个?|哪些)"
_AFTER_YEAR = r"(?:(?<=年)|(?<=年的)|(?<=年度)|(?<=年度的)|(?<=年各))(?:全部|这)?"
_OVER = r"(?:走势|趋势|变化|变动|数据|序列|对比|明细|曲线|情况|统计|汇总|分布|推移)"
# 上年末变化 and 6月末情况 name an end; 季末走势 and 月末数据 ask for each.
_EACH_OVER = r"(?<![上去前今本较比\d〇零一二三四五六七八九十])"
# 各年一季度 asks for a quarter of each year, which is no row a year.
_PART = r"的?(?:第?[一二三四1-4]个?季|[上下]半年|\d{1,2}月|[一二三四五六七八九十]{1,2}月|q[1-4])"
_BY = r"\b(?:by|per|each|every|for each|which|what|broken down by|grouped by|split by)"
# The best month, 最高的三个月: which of them is asked, so they are rows.
_RANKED = r"\b(?:best|worst|strongest|weakest|highest|lowest|biggest|largest|smallest|busiest|quietest|slowest|leanest|poorest|record|peak|top|bottom)(?:[- ](?:performing|earning|selling|grossing|spending|lending|ever))?(?: (?:\d{1,2}|two|three|four|five|six))?(?: (?:calendar|single))?"
_RANKED_ZH = r"最[高低大小多少好差旺强弱](?:的|那)?(?:前)?(?:[一二两三四五六\d]{1,2}个?|那?个)?"
# Each of the last N: a row for each.
_EACH_OF = r"\b(?:each|every one|all) of(?= (?:the |these |our )?(?:last|past|previous|prior|preceding|latest|most recent) (?:\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|twelve)(?: full| calendar| complete)?"
# "the months of 2025 in which it was above 10 million": which of them is asked.
_IN_WHICH = r"(?= (?:(?:of|in|during) (?:the )?(?:20\d\d|fy ?\d+|last year|this year|(?:h[12]|q[1-4])(?: 20\d\d)?) )?(?:in which|when|where|during which|for which)\b)"
_RULES: tuple[tuple[Grain, float, str], ...] = (
    ("half", 1.0, rf"\b(?:both|two) halves\b|{_EACH}半年度?|(?<![上下])半年度{_OVER}|\bhalf[- ]year[- ]?ends\b|\bhalf[- ]?year[- ]?wise\b|\bhalf[- ]yearly\b|\bsemi[- ]?annual(?:ly)?\b|{_BY} half(?:[- ]year)?\b"),
    ("day", 1.0, rf"一[天日]一[天日]|(?<![今明昨后前当每])天天(?!气|候)|\bday after day\b|(?:每一?|逐|各|按|分)[日天](?!均)|日度{_OVER}?|(?<!average )(?<!avg )(?<!mean )\bdaily\b(?! (?:average|avg|mean|balance average))|{_BY} day\b|\bday[- ]by[- ]day\b|\bday[- ]?wise\b"),
    ("week", 1.0, rf"一个?(?:周|星期)一个?(?:周|星期)|\bweek after week\b|(?:每一?个?|逐|各|按|分)(?:周|星期)|周度{_OVER}?|\bweekly\b|{_BY} week\b|\bweek[- ]by[- ]week\b"),
    ("quarter", 1.0, rf"一个?季度?一?个?季度?(?!度)|{_AFTER_YEAR}[四4]个季度?(?:末|底)?|(?:\b(?:all|each of|every one of)(?: the)? |(?<=the ))four quarters\b|\bquarter after quarter\b|{_EACH}(?:季度?末|季度?)(?!节)|{_EACH_OVER}季度?末?{_OVER}|\bquarterly\b(?! average)|{_BY} quarter(?:[- ]end)?\b|\bquarter[- ]by[- ]quarter\b|\bquarter[- ]ends\b|\bquarter[- ]end (?:figures|numbers|positions|levels|series|balances|readings)\b(?= (?:for|in|of|over|during|since|from))|\bquarter[- ]?wise\b|{_RANKED} quarters?\b(?![- ]end)|{_RANKED_ZH}季度?(?!节|末)|{_EACH_OF} quarters\b)|\bquarters{_IN_WHICH}|\b(?:which|what) quarters\b"),
    ("month", 1.0, rf"一个月一?个月|{_AFTER_YEAR}(?:十二|12)个月(?:末|底)?(?!期|以|的?滚动)|\b(?:all|each of|every one of)(?: the)? (?:twelve|12) months\b|\bmonth after month\b|{_EACH}(?:月末|月底|月份|月)(?!均)|月度{_OVER}?|{_EACH_OVER}月末{_OVER}|月月|\bmonthly\b(?! (?:average|avg|mean))|{_BY} month(?:[- ]end)?\b|\bmonth[- ]by[- ]month\b|(?<!mean of )(?<!average of )(?<!mean of the )(?<!average of the )\bmonth[- ]ends\b|\bmonth[- ]end (?:figures|numbers|positions|levels|series|balances|readings)\b(?= (?:for|in|of|over|during|since|from))|\bmonth[- ]?wise\b|{_RANKED} months?\b(?![- ]end)|{_RANKED_ZH}月份?(?!期|末|均)|{_EACH_OF} months\b)|\bmonths{_IN_WHICH}|\b(?:which|what) months\b"),
    ("year", 1.0, rf"一年一年|\byear after year\b|{_EACH}(?:年末|年底|年度|年(?!{_PART}))(?!化|初|均)|{_EACH_OVER}年[度末]{_OVER}|(?<![近\d上去前今一二三四五六七八九十两])年年(?![末初底中度])|\byearly\b(?! (?:average|growth|change))|\bannually\b|\bannual (?:trend|totals?|figures?|series|breakdown)\b|{_BY} year(?:[- ]end)?\b|\byear[- ]by[- ]year\b|\byear[- ]ends\b|\byear[- ]end (?:figures|numbers|positions|levels|series|balances|readings)\b(?= (?:for|in|of|over|during|since|from))|\byear[- ]end(?= (?:of |for )?20\d\d ?(?:to|through|until|-|–) ?20\d\d)|\byear[- ]?wise\b|{_RANKED} years?\b(?![- ](?:end|old|to|on))|{_RANKED_ZH}年份?(?!度?末|期|底|初|龄)|{_EACH_OF} years\b)|\bannual\b(?=[^.;?]{{1,40}}\b(?:last|past|previous) \w+ (?:full |calendar )?years\b)"),
    ("month", 0.8, r"走势|趋势|曲线|时间序列|随时间|演变|历史变化|怎么变化的|\btrends?\b|\btrending\b|\bover time\b|\btime series\b|\bevol(?:ution|ve[ds]?)\b"),
)  # fmt: skip
_COUNT = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3}|two|three|four|five|six|seven|eight|nine|ten|twelve)"
_QUARTER = r"(?:q[1-4]|[1-4]q)[ '’/-]*(?:20)?\d\d|20\d\d[ -]?q[1-4]|(?:20)?\d\d年?的?第?[一二三四1-4]q?季度?"
# A trend over quarters is told by quarter.
_OVER_QUARTERS = re.compile(
    rf"(?:近|过去|前)\s*{_COUNT}个?季度|\b(?:last|past|previous|preceding|trailing|recent|latest) {_COUNT} (?:full |complete |calendar )?quarters\b"
    rf"|(?:{_QUARTER})\s*(?:-|–|—|~|至|到|to|through|until)\s*(?:the )?(?:end of )?(?:{_QUARTER})",
    re.ASCII,
)
_COMPILED = tuple((grain, score, re.compile(pattern, re.ASCII)) for grain, score, pattern in _RULES)
_LIST = re.compile(
    r"(?:按照?|分)\S{1,10}?(?:和|、|及|与|以及)(?P<zh>月份?|季度?|年度?|日|周)|\bby [\w -]{2,40}?(?:,|,? and) (?P<en>month|quarter|year|week|day)\b"
)
_GRAINS: dict[str, Grain] = {
    "月": "month",
    "季": "quarter",
    "年": "year",
    "日": "day",
    "周": "week",
    "m": "month",
    "q": "quarter",
    "y": "year",
    "d": "day",
    "w": "week",
}


@dataclass(frozen=True, slots=True)
class GrainWord:
    """A grain asked as grouping; offsets into the folded text."""

    start: int
    end: int
    grain: Grain
    score: float
    """0.8 when only a trend was asked, which is monthly unless said."""


def find_grain_words(text: str) -> tuple[GrainWord, ...]:
    """Grain words of a folded text, in order; a mere trend counts only when no grain is said."""
    found: list[GrainWord] = []
    for grain, score, pattern in _COMPILED:
        if score < 1 and found:
            continue
        for match in pattern.finditer(text):
            if all(match.end() <= word.start or word.end <= match.start() for word in found):
                if score < 1 and _OVER_QUARTERS.search(text):
                    grain = "quarter"
                found.append(GrainWord(*match.span(), grain, score))
    for match in _LIST.finditer(text):
        group = "zh" if match["zh"] else "en"
        grain = _GRAINS[match[group][0]]
        if all(word.grain != grain for word in found):
            found = [word for word in found if word.score == 1]
            found.append(GrainWord(*match.span(group), grain, 1.0))
    return tuple(sorted(found, key=lambda word: word.start))
