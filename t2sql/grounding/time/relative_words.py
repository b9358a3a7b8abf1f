"""Words that count from today: last month, 去年, 上季度, this year, last fiscal year, yesterday."""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

from datetime import timedelta

from t2sql.grounding.time.calendars import Stretch, day_stretch
from t2sql.grounding.time.pieces import LAST, Reader, Rule, relative

# Not 线上月均, 以上年龄, 以前年度, 当前年化.
_UP = r"(?<![线以之网柜带附加补配])上"
_DOWN = r"(?<![线以之网柜])下"
_FISCAL = r"(?:fiscal|financial)"


def _year(back: int) -> Reader:
    return relative(lambda clock: Stretch("year", clock.today.year - back))


def _fiscal(back: int) -> Reader:
    return relative(lambda clock: clock.fiscal_year(back))


# fmt: off
RULES: tuple[Rule, ...] = (
    # Years.
    (rf"{_UP}一?个?财(?:政)?年度?|去年财年|\b(?:the )?{LAST} {_FISCAL}(?: year)?\b|\blast fy\b", _fiscal(1)),
    (rf"[本今]财(?:政)?年度?|当前财年|\b(?:the )?(?:this|current) {_FISCAL}(?: year)?\b|\bthis fy\b", _fiscal(0)),
    (r"(?<![今去上本前次同每当\d年〇零一二三四五六七八九十两半])年(?=初(?!至今|以来|起|到现在|到目前))", _year(0)),
    (r"(?<=start of the )year\b(?!-)|(?<=beginning of the )year\b(?!-)|(?<=begin of the )year\b(?!-)|(?<=opening of the )year\b(?!-)", _year(0)),
    (r"大前年", _year(3)),
    (r"(?<![以之当目从])前年(?!度|化|龄|限)|\b(?:the )?year before last\b", _year(2)),
    (rf"去年(?:度)?(?:全年)?|{_UP}一?个?年度?(?!初)(?:全年)?|{_UP}年度?(?:全年)?|\b{LAST} (?:calendar )?year\b", _year(1)),
    (r"(?:今年度?|本年度?|(?<![月季度末底年日号])(?<![月季度末底年日号][,，])这一年)(?:全年)?|\b(?:this|current) (?:calendar )?year\b", _year(0)),
    (r"(?<=\bthis year and )(?:the )?last\b(?! \w)|(?<=\bthis year or )last\b(?! \w)|(?<=\bthis year vs )last\b(?! \w)|(?<=\bthis year versus )last\b(?! \w)|(?<=\bthis year against )last\b(?! \w)", _year(1)),
    (r"明年|\bnext year\b", _year(-1)),
    (r"当年", relative(lambda c: Stretch("year", c.today.year), only_alone=True)),
    # Months.
    (rf"{_UP}上个?月|\bmonth before last\b", relative(lambda c: c.month(2))),
    (rf"{_UP}个?月份?|{_UP}一个?月|前一个?月|\b{LAST} month\b(?! of (?:the year|last year|this year|20|19|fy))", relative(lambda c: c.month(1))),
    (r"本月份?|这个?月|\b(?:this|current) month\b", relative(lambda c: c.month())),
    (rf"{_DOWN}个?月|\bnext month\b", relative(lambda c: c.month(-1))),
    (r"当月", relative(lambda c: c.month(), only_alone=True)),
    # The one just over.
    (r"\b(?:the )?month (?:that )?(?:has |is |'s )?just (?:ended|gone(?: by)?|closed|finished|past)\b|\b(?:the )?(?:last|latest) (?:full|completed?) (?:calendar )?month\b|刚(?:刚)?(?:过去|结束)的?(?:一个)?月", relative(lambda c: c.month(1))),
    (r"\b(?:the )?quarter (?:that )?(?:has |is |'s )?just (?:ended|gone(?: by)?|closed|finished|past)\b|\b(?:the )?(?:last|latest) (?:full|completed?) (?:calendar )?quarter\b|刚(?:刚)?(?:过去|结束)的?(?:一个)?季度?", relative(lambda c: c.quarter(1))),
    (r"\b(?:the )?half(?:[- ]year)? (?:that )?(?:has |is |'s )?just (?:ended|gone(?: by)?|closed|finished|past)\b|\b(?:the )?(?:last|latest) (?:full|completed?) half(?:[- ]year)?\b|刚(?:刚)?(?:过去|结束)的?(?:一个)?半年", relative(lambda c: c.half(1))),
    (r"\b(?:the )?year (?:that )?(?:has |is |'s )?just (?:ended|gone(?: by)?|closed|finished|past)\b|\b(?:the )?(?:last|latest) (?:full|completed?) (?:calendar )?year\b", _year(1)),
    (r"\b(?:at )?the turn of the year\b", relative(lambda c: Stretch("month", c.today.year - 1, 12))),
    # Quarters and halves.
    (rf"{_UP}上个?季度?|\bquarter before last\b", relative(lambda c: c.quarter(2))),
    (rf"{_UP}一?个?季度?|前一个?季度?|\b{LAST} quarter\b(?! of (?:the year|last year|this year|20|19|fy))", relative(lambda c: c.quarter(1))),
    (r"本季度?|这个?季度?|\b(?:this|current) quarter\b", relative(lambda c: c.quarter())),
    (rf"{_DOWN}个?季度?(?!节)|\bnext quarter\b", relative(lambda c: c.quarter(-1))),
    (r"当季度?", relative(lambda c: c.quarter(), only_alone=True)),
    (rf"{_UP}个半年|\b{LAST} half(?:[- ]year)?\b(?! of (?:the year|last year|this year|20|19|fy))", relative(lambda c: c.half(1))),
    # Weeks and days.
    (rf"{_UP}上个?(?:周|星期)|\bweek before last\b", relative(lambda c: c.week(2))),
    (rf"{_UP}一?个?(?:周|星期)(?![一二三四五六日天])|\b{LAST} week\b", relative(lambda c: c.week(1))),
    (r"本周|这个?(?:周|星期)|\b(?:this|current) week\b", relative(lambda c: c.week())),
    (r"昨天|昨日|\byesterday\b", relative(lambda c: day_stretch(c.today - timedelta(days=1)))),
    (r"前天|前日|\bday before yesterday\b", relative(lambda c: day_stretch(c.today - timedelta(days=2)))),
    (r"今天|今日|\btoday\b", relative(lambda c: day_stretch(c.today))),
)
# fmt: on
