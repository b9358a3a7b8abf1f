"""Words that ask to compare, not to name a period or a metric: 同比, 较年初, 占比, year-on-year, vs last month.

One table, read by `periods` (so that 去年同期 is not taken for a year) and by `names` (which turns a cue into a function of semantic SQL).
Never decides between a rate and a difference by itself: that needs the metric's unit.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

Family = Literal["year", "step", "year_start", "ytd", "prior_year", "prior", "share", "rank", "mean", "form"]
Form = Literal["rate", "difference", "either"]

_REL = r"(?:去年|上年度?|上一年度?|上个?月|上一个?月|上个?季度?|上一个?季度?|前一?个?月|前一?个?季度?|前一?年|上期|上周|昨[天日])"
_NOT_DATED = r"(?!\s*的?(?:\d|[一二三四五六七八九十]+(?:月|季)|[上下]半年|q\d|h\d|第))"
_MOVE = r"(?:往[上下高低]?[掉走涨跌降升]的?|[掉跌]的?|走[高低弱强]|回[落升]|下[滑跌行]|上[涨行]|变化|变动|增加|减少|增减|升降|上升|下降|提升|提高|增长|增|减|升|降|多|少|高|低|涨|跌)了?"
_DIFFERENCE = r"(?:变化|变动|升降|增减|增加|减少|增量|多增|少增|差额|净增)(?:额|量|值|数|情况|了?多少|幅度)?(?!率|百分)"
_RATE = r"(?:的)?(?:增速|增长率|增幅|增长幅度|变化率|变动率|降幅|涨幅|增长百分比|增长(?!额|量|了?多少[亿万元]))"
_THAN = r"(?:相?较于?|(?<!占)相?比于?|(?<!占)比较|相对于?|对比)"
_GROWTH = r"(?:growth(?: rate)?|rate of growth|growth %|% growth|% change|percent(?:age)? change)"
_CHANGE = r"(?:changes?|differences?|increases?|decreases?|deltas?|movements?|variances?|change amounts?)"
_VERSUS = r"(?:(?:compared? (?:to|with|against)|vs\.?|versus|than|relative to|against)(?: (?:what )?(?:it|they|we|that|those|there))?(?: (?:was|were|had|did|stood|is|are))?(?: back)?(?: (?:at|in|on|by|as at|as of))?)"
_MOVED = r"(?:growth|mov(?:ed|es?|ing)|chang\w+|declin\w+|gain\w*|climb\w*|shrunk|shrank|increas\w+|decreas\w+|grow\w*|grew|rise|risen|rose|fall\w*|fell|drop\w*|up|down|delta|movement|higher|lower|improv\w+|worsen\w+|expand\w*|contracted|widen\w*|narrow\w*|slipp?\w*|edg(?:ed|ing)|surg\w+|jump\w*|soar\w*|plung\w+|slump\w*|tumbl\w+|swell\w*|swollen|accelerat\w+|advanced|eas(?:ed|ing)|ticked|put on|shed|gone|went|added|lost)"
_PRIOR = r"(?:last|previous|prior|preceding)"
_SPAN = r"(?:(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2}) (?:months|quarters|weeks|days)|period|month|quarter|half|time|date|day|point|week|stage)"
_SAME_YEAR_AGO = rf"(?:the )?same {_SPAN}(?: (?:of|in|a))?(?: the)?(?: (?:{_PRIOR} year|year (?:ago|earlier|before|prior)|a year (?:ago|earlier|before)))"
_YEAR_AGO = rf"(?:{_SAME_YEAR_AGO}|this (?:time|point|date|day) (?:last year|a year ago|the year before)|(?:a|one) year (?:ago|earlier|before)|(?:the )?year (?:before|earlier)|(?:the )?{_PRIOR} year(?!'?s?[- ](?:end|q\d|h\d)))"
_SAME_ZH = r"(?:(?:去年|上年|上一年|前一年)(?:的)?(?:同期|同月|同季度?|同一?时[期点]|同一?[天日]|(?:这个?|那个?|这会儿?的?|同样)时[候点]|这会儿?|这一?[天日]|此[时刻]|今[天日]|这时)|一年前|1年前)"
_YOY = r"(?:year[- ](?:on|over)[- ]year|y[- ]?[o/][- ]?y|(?:yearly|annual)(?= (?:growth|change|increase|decrease|rise|fall)))"
_MOM = r"(?:month[- ](?:on|over|to)[- ]month|m[- ]?[o/][- ]?m)"
_QOQ = r"(?:quarter[- ](?:on|over|to)[- ]quarter|q[- ]?[o/][- ]?q|sequential)"
_START = rf"(?:the )?(?:start|beginning|begin) of (?:the |this )?year|year[- ]start|(?:the )?opening of the year|(?:1 january|january 1(?:st)?|1st (?:of )?january)(?! 20)|(?:the )?end of {_PRIOR} year|{_PRIOR} year[- ]end"

# Tried in this order; a later rule never claims what an earlier one has.
RULES: tuple[tuple[Family, Form, str, str], ...] = (
    ("year_start", "rate", "", rf"{_THAN}\s*(?:本年初|今年初|年初|上年末|去年末|上年底|去年底|上年年末|去年年末){_RATE}"),
    ("year_start", "either", "", rf"{_THAN}\s*(?:本年初|今年初|年初数?|上年末|去年末|上年底|去年底|上年年末|去年年末)(?!至今|以来)(?:{_MOVE}|{_DIFFERENCE})?"),
    ("year_start", "either", "", r"(?:与|和|同|跟)(?:年初|上年末|去年末|去年底)(?:相比|比较|对比|比)"),
    ("year_start", "rate", "", rf"{_GROWTH} (?:since|from|over|on|vs\.?|versus|against|compared (?:to|with)) (?:{_START})|(?:ytd|year[- ]to[- ]date) {_GROWTH}(?!.{{0,60}}\b{_YEAR_AGO})"),
    ("year_start", "difference", "", rf"{_CHANGE} (?:since|from|over|vs\.?|versus|against|compared (?:to|with)) (?:{_START})|(?:ytd|year[- ]to[- ]date) {_CHANGE}(?!.{{0,60}}\b{_YEAR_AGO})"),
    ("year_start", "either", "", rf"(?:{_VERSUS}|{_MOVED} (?:since|from|over|on)) (?:{_START})"),
    ("year", "difference", "", rf"(?:年?同比|[较比]{_SAME_ZH})的?{_DIFFERENCE}"),
    ("year", "rate", "", rf"(?:年?同比|[较比]{_SAME_ZH}){_RATE}"),
    ("year", "either", "", rf"(?:年)?同比(?:{_MOVE})?|{_THAN}\s*{_SAME_ZH}(?:{_MOVE})?|(?:与|和|同|跟)(?:{_SAME_ZH}|去年|上年|上一年)(?:相比|比较|对比|比)(?:的)?(?:{_MOVE})?"),
    ("year", "either", "", rf"{_THAN}\s*(?:去年|上年度?|上一年度?|前一年){_NOT_DATED}(?!末|底|初|年末|年底)(?:{_MOVE})?|年增长率|年增速"),
    ("year", "rate", "", rf"{_GROWTH} on the year\b(?! (?:before|earlier|ago))"),
    ("year", "difference", "", rf"{_CHANGE} on the year\b"),
    ("year", "either", "", rf"{_MOVED} on the year\b(?! (?:before|earlier|ago))"),
    ("step", "rate", "month", rf"{_GROWTH} on the month\b(?! (?:before|earlier|ago))"),
    ("step", "difference", "month", rf"{_CHANGE} on the month\b(?! (?:before|earlier|ago))"),
    ("step", "either", "month", rf"{_MOVED} on the month\b(?! (?:before|earlier|ago))"),
    ("step", "rate", "quarter", rf"{_GROWTH} on the quarter\b(?! (?:before|earlier|ago))"),
    ("step", "difference", "quarter", rf"{_CHANGE} on the quarter\b(?! (?:before|earlier|ago))"),
    ("step", "either", "quarter", rf"{_MOVED} on the quarter\b(?! (?:before|earlier|ago))"),
    ("year", "difference", "", rf"{_YOY} {_CHANGE}(?! (?:rate|%))|{_CHANGE} {_YOY}"),
    ("year", "rate", "", rf"{_YOY} (?:rates?|percentages?)\b|{_YOY} {_GROWTH}|{_GROWTH} {_YOY}"),
    ("year", "either", "", rf"{_YOY}(?! balance| average| rate)|{_VERSUS} {_YEAR_AGO}"),
    ("year", "either", "", rf"(?:{_MOVED}|{_CHANGE}) (?:from|on|over|since|versus|vs\.?|against|compared (?:to|with)) {_YEAR_AGO}"),
    ("prior_year", "either", "", rf"{_SAME_ZH}(?:值|数|水平|余额)?|{_SAME_YEAR_AGO}|(?:a|one) year (?:ago|earlier)|this time last year|\bthe year (?:before|earlier|prior)\b(?! last)|prior[- ]year (?:figure|value|level|period)s?"),
    ("step", "difference", "", rf"环比的?{_DIFFERENCE}"),
    ("step", "rate", "", rf"环比{_RATE}"),
    ("step", "either", "", rf"环比(?:{_MOVE})?"),
    ("step", "rate", "month", rf"{_MOM} {_GROWTH}|{_GROWTH} {_MOM}|月环比{_RATE}"),
    ("step", "difference", "month", rf"{_MOM} {_CHANGE}|{_CHANGE} {_MOM}"),
    ("step", "either", "month", rf"{_MOM}"),
    ("step", "rate", "quarter", rf"{_QOQ} {_GROWTH}|{_GROWTH} {_QOQ}"),
    ("step", "difference", "quarter", rf"{_QOQ} {_CHANGE}|{_CHANGE} {_QOQ}"),
    ("step", "either", "quarter", rf"{_QOQ}"),
    ("prior", "rate", "", rf"{_THAN}\s*{_REL}(?:末|底)?{_NOT_DATED}{_RATE}"),
    ("prior", "difference", "", rf"{_THAN}\s*{_REL}(?:末|底)?{_NOT_DATED}(?:{_MOVE}|{_DIFFERENCE})?|(?:与|和|同|跟){_REL}(?:末|底)?(?:相比|比较|对比|比)|较期初|比期初|较月初|比月初|较季初"),
    ("prior", "rate", "", rf"{_GROWTH} (?:from|on|over|since|vs\.?|versus|against|compared (?:to|with)) (?:the )?(?:end of )?(?:{_PRIOR}|the) (?:month|quarter|period|week|day)(?:[- ]end)?(?: before)?"),
    ("prior", "difference", "", rf"(?:{_VERSUS}|{_MOVED} (?:from|on|over|since)) (?:the )?(?:end of )?(?:{_PRIOR}|the) (?:month|quarter|period|week|day)(?:[- ]end)?(?: before)?"),
    ("ytd", "either", "", r"(?:本年度?|当年|全年|年初至今|年|今年)?累计(?:数|值|额|发生额)?(?!余额|拨备)|\b(?:(?:the|a|its) )?(?:running|cumulative|year-to-date) (?:total|sum|figure)s?(?: (?:for|of|over) (?:the|that|each) year)?\b|\bytd\b|year[- ]to[- ]date|cumulative(?:ly)?"),
    ("share", "either", "", r"\b(?:as )?percentages? only\b|\b(?:just|only) (?:the |as )?percentages?\b(?! (?:of|points?|change|growth))"),
    ("share", "either", "", r"\b(?:what|which|how much|the) (?:percentages?|percent|per cent|proportion|share|fraction|portion|%)(?: of (?:it|that|the total|the whole|them))?(?=,? (?:that |which )?(?:(?:does|do|did|is|are|was|were|has|have) )?[^,.;?]{0,30}\b(?:mak\w+ up|made up|account\w* for|represent\w*|constitut\w*|compris\w*)\b)"),
    ("share", "either", "", r"\b(?:as )?(?:(?<!\d )(?<!\d)(?:percent|per cent)|(?<!\d )(?<!\d)%|fraction|portion) of(?! ?points?\b)(?: the| our| all| total)*\b"),
    ("share", "either", "", r"(?:构成|结构|分布)?(?:占比|比例|比重)(?=\s*$)|(?<=\d)(?<!100) ?(?:%|per ?cent) of (?:the |our |all |all our |total |overall )*(?=[a-z])(?!(?:their|its|his|her|each|every|any|a|an|card limit|credit limit|limit)\b)|(?<![\d.])(?<!\d )% of (?:each|every|the (?:whole|book|portfolio))\b|(?:构成|结构)(?:比例?|占比)|\b(?:slices?|part|portion|chunk) of (?:the |our )?(?=\w)|(?<=\()(?:as )?(?:a )?percent(?:age)?s?(?=\))|占(?=[^,。;?!]{0,14}?(?:的|了)?(?:比例|比重|份额|百分比|百分之|多少|几成|多大))|(?<=[的里中内])(?:比例|比重|构成比)|\b(?:what|which) (?:percentage|proportion|percent|per cent|share|part|fraction|portion|%) of(?: the| our| all| total)?|(?:as )?an? (?:percentage|share|proportion|fraction|percent|per cent|%) of(?: the| our| all| total)*|percentage (?:split|breakdown|mix)|\bas (?:an? )?(?:percentages?|shares?|proportions?)\b(?! (?:of|points?))|\bin (?:per ?cent|percentages?|percentage terms|%)(?! (?:of|points?))|(?:所)?占比(?:例|重)?|占(?:全行|总体|总量|全部|总额|各项|整体|总|全部\S{0,8})?的?(?:比例|比重|份额|百分比)|占(?:全行|全部|总额|总量|各项)|份额|(?:market )?share of(?: the)?(?: total)?|\bshares?\b|proportion of|percentage of(?: the| our| all)?(?: total| whole| bank)?|% of total|contribution to"),
    ("rank", "either", "", r"排名|排?第几名?|位次|名次|排行|\brank(?:ing|ed|s)?\b"),
)  # fmt: skip
# "Change in X since the start of the year": the word of change may stand far before.
_SINCE_START = re.compile(
    rf"\b(?:(?:since|from|over|on|against|versus|vs\.?) (?:{_START})|(?:since|against|versus|vs\.?|relative to|compared (?:to|with)) (?:the )?year[- ]end)\b(?! (?:of )?(?:20|fy))"
)
# 年初以来增加了多少, 今年以来涨幅: the base is the last year-end where the thing is a balance.

_ON_YEAR_AGO = re.compile(rf"\b(?:from|on|over|since|against|versus|vs\.?) {_YEAR_AGO}")
_MOVING: tuple[Family, ...] = ("year", "step", "year_start", "prior")
# How a change is told, and no part of a whole: by what percentage, how many percent, in percentage terms.
_PERCENT = r"(?:per ?cent(?:age)?s?|%|pct)"
_AS_PERCENT = re.compile(
    rf"\b(?:by )?(?:what|how many|which|how much) {_PERCENT}(?! ?of\b)(?= (?:has|have|had|did|do|does|was|were|is|are|higher|lower|more|less|up|down|above|below|on|vs|over|since|from|against|change|growth|increase|decrease|rise|fall|drop|decline|total|loans?|deposits?|the|our|net)\b|[\s,;:?.]*$|[,;:?.])"
    rf"|\bby (?:what|how many|how much|which) {_PERCENT}(?!\w| ?points?\b)|百分之(?:几|多少)|[以按用]百分比(?:的?形式)?(?:列示|表示|展示|显示|列出|计算?)?|(?:\b(?:in|as)(?: an?| the)? |\b(?:both|and|or|plus|an?) (?:as |in )?(?:an? )?)(?:{_PERCENT}(?:age)?(?: terms)?|relative terms)(?![\w%]| ?(?:of|points?|share|split|mix|breakdown)\b)"
    rf"|\b(?:expressed|shown|stated|given|quoted) (?:in|as)(?: an?)? {_PERCENT}(?! ?(?:of|points?)\b)|(?<=\(){_PERCENT}(?=\))"
)
# That something moved, or is set against another time.
_MOVES_OR_COMPARES = re.compile(
    rf"\b(?:{_MOVED}|{_CHANGE}|compar\w+|versus|vs|next to|y[o/]y|q[o/]q|m[o/]m|year[- ](?:on|over)[- ]year|quarter[- ](?:on|over)[- ]quarter|month[- ](?:on|over)[- ]month)\b|[增减变升降涨跌掉][加少长化动升降幅速了]|[多少高低]了|同比|环比|[较比]\S{1, 8}[末初底期年月季度]"
)
# What makes up a whole is no part that went up.
_MAKES_UP = re.compile(r"\b(?:mak(?:e|es|ing)|made) up\b")
_PART_ZH = re.compile(r"占(?!比[率重]?[较比])|比重|份额")
MOVED = re.compile(
    r"(?:余额)?(?:也|却|均|都)?(?:同比|环比|[较比](?:年初|上[个年季月]|去年)|上升|增加|增长|下降|减少|回落|走[高低])"
    r"| (?:(?:are|is|was|were|went|going) )?(?:up|down|rose|fell|grew|rising|falling|growing|increased|decreased|dropped)\b(?! to\b)"
)
"""Behind a noun: loans up and the NPL ratio down. What moved is a figure of its own."""
_IS_HOW_MANY_TIMES = re.compile(
    r"(?<=\bis )how many times\b|(?<=\b(?:are|was) )how many times\b|(?<=\bwere )how many times\b"
)
# What grew faster grew by more for what it was.
_FASTER = re.compile(r"\b(?:faster|slower|fastest|slowest)\b|[长涨增跌降]得?更?[快慢](?!速)|更[快慢]|最[快慢]")
_RATE_APART = re.compile(
    r"(?:增|涨|降|跌|升)幅(?!度最)|增速|增长率|变动率|变化率|[增涨降跌掉升长]了?百分之(?:几|多少)|百分之(?:几|多少)|(?:%|\bpercent(?:age)?|\bper cent) (?:change|growth|increase|decrease)|\b(?:growth rate|rate of (?:growth|change)|(?:percent(?:age)?|per cent) (?:change|growth|increase|decrease)|in (?:percent|per cent|%)(?!\w| of| points?)|growth(?= ?$))"
)
_AMOUNT_APART = re.compile(
    r"多少(?:元|钱|万|亿|块)|(?:增加|减少|增|减|多|少|降|涨)了?多少(?!个?百分)|[增减]加?额|增量|\b(?:how much(?=.*\b(?:and|or) (?:by |in |at )?(?:what|how many|per ?cent|percentage|%))|how many(?! ?(?:per|%))|by how many(?! ?(?:per|%))|amount|in (?:yuan|rmb|cny|money|absolute))\b"
)
_IN_MONEY = re.compile(
    r"\bhow (?:much|many) (?:more|less|fewer)\b(?!.*\bper ?cent)|\bin (?:yuan|rmb|cny|money terms|absolute terms|absolute amounts?)\b|\b(?:yuan|rmb|cny|absolute) (?:change|difference|increase|amount of)"
)
_GROWS = re.compile(
    r"\b(?:by|the|in|of|on|and|fastest|slowest|highest|strongest|weakest) (?:\w+ )?growth\b|\bgrowth (?:rates? )?(?:in|of)\b"
)
_CHANGED = re.compile(rf"\b{_MOVED}\b")
# 平均每月, "on average … per month": the mean over the periods, told in one word or in two that stand apart.
_MEANS: tuple[tuple[str, str], ...] = (
    (
        "month",
        r"平均每个?月|每个?月平均|月平均|月均(?!余额|增|同比)|\b(?:average|mean) (?:per|each|every|a) month\b|\b(?:monthly|per month) (?:average|mean)\b|\b(?:average|mean) monthly\b",
    ),
    (
        "quarter",
        r"平均每个?季度?|每个?季度?平均|季平均|季均(?!余额|增|同比)|\b(?:average|mean) (?:per|each|every|a) quarter\b|\b(?:quarterly|per quarter) (?:average|mean)\b|\b(?:average|mean) quarterly\b",
    ),
    (
        "year",
        r"平均每年|每年平均|年平均|年均(?!余额|复合|增|同比)|\b(?:average|mean) (?:per|each|every|a) year\b|\b(?:yearly|annual|per year) (?:average|mean)\b|\b(?:average|mean) (?:yearly|annual)\b",
    ),
)
_ON_AVERAGE = re.compile(r"平均(?:下来|来看|来说)?|\bon average\b|\ban average of\b|\baverag(?:e|ed|ing)\b")
_PER_PERIOD = re.compile(r"每个?(?P<zh>月|季度?|年)|\b(?:per|each|every|a) (?P<en>month|quarter|year)\b")
_PERIOD_OF = {"月": "month", "季": "quarter", "年": "year"}
_EACH_PERIOD = re.compile(
    r"\b(?:monthly|quarterly|trend|(?:by|each|every|per) (?:month|quarter)|(?:month|quarter)[- ]by)\b"
)
_COMPILED: tuple[tuple[Family, Form, str, re.Pattern[str]], ...] = tuple(
    (f, w, g, re.compile(p, re.ASCII)) for f, w, g, p in RULES
)
_LATIN = re.compile(r"[a-z0-9]")


@dataclass(frozen=True, slots=True)
class Cue:
    """One comparison asked for: offsets into the folded text."""

    start: int
    end: int
    family: Family
    form: Form
    grain: str
    """"month", "quarter" or "year" when the word itself says it, else ""."""


def find_cues(text: str) -> tuple[Cue, ...]:
    """Comparison cues in a folded text, in order, none overlapping."""
    found: list[Cue] = []
    since = _SINCE_START.search(text)
    if since and _CHANGED.search(text[: since.start()] + text[since.end() :]) and not _EACH_PERIOD.search(text):
        is_growth = _GROWS.search(text) and not _AMOUNT_APART.search(text)
        found.append(Cue(*since.span(), "year_start", "rate" if is_growth else "either", ""))
    ago = _ON_YEAR_AGO.search(text)
    if ago and _CHANGED.search(text[: ago.start()]):
        found.append(Cue(*ago.span(), "year", "either", ""))
    found += _means(text)
    forms = _forms(text)
    for family, form, grain, pattern in _COMPILED:
        for match in pattern.finditer(text):
            start, end = match.span()
            taken = [*found, *forms] if family == "share" else found
            if start == end or _inside_word(text, start, end) or any(start < c.end and c.start < end for c in taken):
                continue
            found.append(Cue(start, end, family, form, grain))
    found = _with_rate(text, found)
    if _IN_MONEY.search(text) and not forms and not _RATE_APART.search(text):
        found = [replace(c, form="difference") if c.family in _MOVING and c.form == "either" else c for c in found]
    if _FASTER.search(text) and not _AMOUNT_APART.search(text):
        found = [replace(c, form="rate") if c.family in _MOVING and c.form == "either" else c for c in found]
    found += [form for form in forms if not any(form.start < cue.end and cue.start < form.end for cue in found)]
    return tuple(sorted(found, key=lambda cue: cue.start))


def outside_names(cues: Sequence[Cue], named: Sequence[tuple[int, int]]) -> list[Cue]:
    """`cues` without those of a mean whose word stands inside a name: the average loan balance per month."""
    is_named = any(c.family == "mean" and start <= c.start and c.end <= end for c in cues for start, end in named)
    return [cue for cue in cues if not (is_named and cue.family == "mean")]


def without_times(text: str) -> str:
    """`text` with "is how many times" blank at the same length: it multiplies, and counts nothing."""
    return _IS_HOW_MANY_TIMES.sub(lambda found: " " * len(found[0]), text)


def without_forms(text: str) -> str:
    """`text` with the words blanked that say how a change is told, at the same length: they name nothing."""
    for form in _forms(text):
        text = text[: form.start] + " " * (form.end - form.start) + text[form.end :]
    return text


def _forms(text: str) -> list[Cue]:
    """Words that a change is to be told in percent, which ask for no share: "by what percentage have deposits grown"."""
    said = list(_AS_PERCENT.finditer(text))
    left = text
    for match in said:
        left = left[: match.start()] + " " * len(match[0]) + left[match.end() :]
    left = _MAKES_UP.sub(lambda made: " " * len(made[0]), left)
    moved = _MOVES_OR_COMPARES.search(left) and not _PART_ZH.search(left)
    kept = said if moved else [m for m in said if m[0][0] in "以按用"]
    return [Cue(*m.span(), "form", "rate", "") for m in kept]


def _with_rate(text: str, found: list[Cue]) -> list[Cue]:
    """The comparison asked as a rate by a word that stands apart from it: 同比往下掉，掉了百分之几, "vs the start of the year, % change"."""
    moves = [cue for cue in found if cue.family in _MOVING]
    bases = [cue for cue in found if cue.family == "prior_year"]
    if bases and not moves and (told := _RATE_APART.search(text)):
        # 上年同期数及增速: the rate is over that same period.
        clear = all(told.end() <= cue.start or cue.end <= told.start() for cue in found)
        return [*found, Cue(*told.span(), "year", "rate", "")] if clear else found
    if len({(cue.family, cue.grain) for cue in moves}) != 1:
        return found
    apart = [*_RATE_APART.finditer(text), *_AS_PERCENT.finditer(text)]
    rates = [m for m in apart if all(m.end() <= cue.start or cue.end <= m.start() for cue in found)]
    if not rates:
        return found
    if _AMOUNT_APART.search(text):
        return found
    # 较上月 is a difference only where nothing says otherwise.
    loose = [cue for cue in moves if cue.form == "either" or cue.family == "prior"]
    kept = [replace(cue, form="rate") if cue in loose else cue for cue in found]
    return kept + [replace(moves[0], start=m.start(), end=m.end(), form="rate") for m in rates]


def _means(text: str) -> list[Cue]:
    """Cues of a mean over periods, with the period in `grain`."""
    for grain, pattern in _MEANS:
        if match := re.search(pattern, text):
            return [Cue(*match.span(), "mean", "either", grain)]
    said, per = _ON_AVERAGE.search(text), _PER_PERIOD.search(text)
    if not said or not per:
        return []
    grain = per["en"] or _PERIOD_OF[per["zh"][0]]
    return [Cue(*match.span(), "mean", "either", grain) for match in sorted((said, per), key=lambda m: m.start())]


def _inside_word(text: str, start: int, end: int) -> bool:
    before = start > 0 and _LATIN.match(text[start]) and text[start - 1].isascii() and text[start - 1].isalpha()
    after = end < len(text) and _LATIN.match(text[end - 1]) and text[end].isascii() and text[end].isalpha()
    return bool(before or after)
