"""Words that ask for a figure, a group, an order or members, in both languages. Finds them; what they are of is settled
where the fields are known.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from dataclasses import dataclass

from t2sql.fields.linked import Function
from t2sql.grounding.words.text import Folded


@dataclass(frozen=True, slots=True)
class FigureCue:
    """Words that ask for a figure over rows."""

    start: int
    end: int
    function: Function
    looks: str
    """Where the field stands: "after", "before", or "" for rows."""


_FIGURES: tuple[tuple[Function, str, str], ...] = (
    ("count_distinct", "after", r"\b(?:how many|(?:total |the )?(?:number|count) of) (?:different|distinct|unique)\b|有?多少(?:个|种|家|类)?不同的?|\bdistinct (?:number|count) of\b"),
    ("count", "after", r"\bhow many\b|\b(?:total |the |overall )*(?:number|count)s? of\b|\b(?:total )?(?:[a-z]+s? )?counts?\b|多少(?:[个家条笔位名只支种类次项人款期份张户起辆台座艘所宗例批]|单(?!位))(?!民币)|(?<!哪)几(?:[个家条笔位名只支种类次项款辆台座艘所宗例批]|单(?!位))|数量有多少|(?:的|总)?(?:数量|个数|家数|次数|只数|支数|笔数|人数|条数|数目|记录数|人次数?)(?![单据均])|(?<=[一-鿿])总数(?![单据])"),
    ("avg", "after", r"\b(?:on )?(?:average|avg|mean)\b|平均(?:值|数|每\w)?|均值"),
    ("sum", "after", r"\b(?:total|sum of|combined|overall|cumulative|aggregate)\b(?! (?:number|count)\b)|求和|总和|之和|总计|合计(?!数)|加总|(?:总共|一共)(?!有?(?:多少|几)[家个只名位支种条次款项人户])"),
    ("max", "before", r"最大值|最高值|峰值|最[大高](?:的)?(?:是|为)?(?:多少|几)|(?:的)?最[大高](?:和|与|、)?(?=最[小低])|最多(?:是|为)?多少"),
    ("min", "before", r"最小值|最低值|谷值|最[小低](?:的)?(?:是|为)?(?:多少|几)|最少(?:是|为)?多少"),
    ("max", "after", r"\b(?:maximum|max|highest|largest|biggest|greatest|latest|most recent)\b|最[大高]"),
    ("min", "after", r"\b(?:minimum|min|lowest|smallest|(?<!at )least|earliest)\b|最[小低]"),
)  # fmt: skip
_COMPILED = tuple((function, looks, re.compile(pattern)) for function, looks, pattern in _FIGURES)
_BOTH_ENDS = re.compile(r"最(?P<a>[大小高低])(?:值)?(?:和|与|、|及)?最?(?P<b>[大小高低])值?")
GROUPED = re.compile(
    r"\b(?:by|per|for each|in each|of each|each|every|for every|across|across (?:the )?different|grouped by|group by|broken down by|at each|on each|from each|to each)\b(?: of)?(?: the| different| individual| unique| single)*\s*"
    r"|各(?:个|种|类|家)?(?!项|自|存款|种存款)|每个?一?(?:个|家|条|位|名|类|种)?|按照?|不同的?|分(?=省|行业|地区|年|月|季)|以"
)
DISTINCT = re.compile(r"\b(?:distinct|unique|different)\b|不重复|去重|有哪些|哪几[种类个家]|[是为]哪些|哪些|不同的?")
WHICH = re.compile(r"\b(?:which|what are the|what|list|who|find)\b|哪些|哪几|哪个|哪家|名单")
ANY = re.compile(r"\bor\b|或者?")
NEGATED = re.compile(
    r"(?:\b(?:not|no|never|without|isn['’]t|aren['’]t|wasn['’]t|weren['’]t|didn['’]t|don['’]t|doesn['’]t|except(?: for)?|excluding|other than|outside(?: of)?|apart from|aside from|rather than|excl[.]?|non|no longer|none|un)\b[- ]?(?:\w+ ){0,2}$)|(?:不是|非|除了?|不含|不包括|没有?|未|不属于|不在|不为|不属)$"
)
RATIO = re.compile(r"\b(?:ratio|proportion|percentage|percent|share|fraction) of\b|占比|比例是|百分比")
YEARLY = re.compile(
    r"每年|每天|每日|逐日|每个?月|每个?季度|每个交易日|各年|逐年|每一年|每个年度|by year|per year|each year|every year|over the years"
)
MOMENT = re.compile(r"时间|日期|年份|哪[一些几]?年|哪[个些几]?月|什么时候|何时|哪天|截止日|月份(?![”\"])")
LATEST = re.compile(
    r"最近的?一个?(?:交易日|报告期|统计期|公告日|披露日|[次期条笔])|最近(?:的)?(?:交易日|报告期)|最新(?:的)?(?:一个?(?:交易日|报告期|[次期条笔])|交易日|报告期)?|最后一个?(?:交易日|报告期|[次期条笔])|\b(?:most recent|latest|newest)\b"
)
EARLIEST = re.compile(r"最早的?(?:一[次期条])?|第一[次期条]|\b(?:earliest|oldest|first)\b")
LISTING = re.compile(
    r"列出|列一下|展示|显示|提供|给出|请?提取|找出|带上|保留|看一下|罗列|返回|输出|主要列|\b(?:return|show|give|list|display|provide|include|including|report)\b"
)
COUNTED_BEFORE = re.compile(r"数量|个数|家数|人数|次数|笔数|条数")


def figure_cues(folded: Folded) -> list[FigureCue]:
    """Cues of figures in a folded text, the longest at each place."""
    found: list[FigureCue] = []
    for match in _BOTH_ENDS.finditer(folded.text):
        for name in ("a", "b"):
            function: Function = "max" if match[name] in "大高" else "min"
            found.append(FigureCue(match.start(), match.end(), function, "both"))
    for function, looks, pattern in _COMPILED:
        for match in pattern.finditer(folded.text):
            if all(match.end() <= cue.start or match.start() >= cue.end for cue in found):
                found.append(FigureCue(match.start(), match.end(), function, looks))
    return sorted(found, key=lambda cue: (cue.start, cue.function))
