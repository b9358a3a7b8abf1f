"""The words by which a question says what columns, order and rows it wants, in both languages. Rules alone, no reading."""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from typing import Literal

Kind = Literal["column", "count", "sum", "avg", "max", "min", "formula", "rank", "period", "any"]
"""What a column that is asked for shows."""

LIST = re.compile(
    r"\b(?:return|give me|give|show me|show|showing|list|output|provide|display|include)\b(?: back)?(?: only)?"
    r"(?: (?:the|their|its|his|her|a|each|all|both|as|every|distinct list of|unique list of))*\s+(?P<list>.+?)"
    r"(?=\s*(?:[.?!;:]\s|[.?!;:]?$)|,? (?:showing|including|displaying|ordered|sorted|(?:order|sort)(?:ing)?(?= (?:by|the|them|it|these|those|all|results?|rows?|from|in|alphabet|asc|desc))|starting|ranked|in (?:ascending|descending|order)|by doing|based on joining)\b|, (?:the )?(?:\w+est|most|least|best|worst)(?: [a-z]+){0,3} first\b)",
    re.IGNORECASE | re.DOTALL,
)
SPLIT = re.compile(
    r"\s*(?:,\s*(?:and |as well as )?\s*|\s+and\s+(?:the |their |its )?|\s*[，、；]\s*|\s+as well as\s+|\s+along with\s+|(?:以及|和|及|与))\s*"
)
CLAUSE = re.compile(
    r"\s+(?:for (?:each|every|all|those|these|the|\w+s (?:that|with|who|which))|of (?:all |the |those )?\w+s? (?:who|that|which|whose|with|have)|that (?:have|has|had|were|are|was|is)|who|whose|where|which|grouped|per|in each|in the (?:last|past)|in \d{4})\b.*$|\s+(?:of|from) (?:all|each|every|the|those)\b.*$|\s+split by.*$",
    re.IGNORECASE | re.DOTALL,
)
# What is told beside a list and is no column of it: (first day of the month), all kinds together.
BESIDE = re.compile(
    r"\s*\([^)]*\)|,\s*(?:all [^,]*\btogether|regardless\b[^,]*|whether\b[^,]*|including\b[^,]*|excluding\b[^,]*|even\b[^,]*)(?=,|\W*$)",
    re.IGNORECASE,
)
OPENING = re.compile(
    r"^(?:the|their|its|a|an|both|also|then|total list of|list of|distinct list of|distinct|back)\s+", re.IGNORECASE
)
FIGURES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("rank", re.compile(r"\brank(?:ing|ed)?\b|排名|名次", re.I)),
    (
        "formula",
        re.compile(
            r"\b(?:percentage|percent|ratio|proportion|share|rate|pct|change|increase|growth|difference)\b|\b(?:days|nights) (?:since|between|from|until|after|before|elapsed|taken|open|an?|the|it|they|he|she|that|each)\b|占比|比例|比率|百分比|变化|增减",
            re.I,
        ),
    ),
    ("avg", re.compile(r"\b(?:average|avg|mean)\b|平均|均值", re.I)),
    (
        "count",
        re.compile(
            r"\b(?:number of|count|counts|how many|num of|no\. of|# of|total number|unique \w+s|distinct \w+s)\b|数量|个数|多少个|多少家|几个|次数|条数|人数",
            re.I,
        ),
    ),
    ("max", re.compile(r"\b(?:max|maximum|highest|largest|greatest|latest|most recent)\b|最大|最高|最多", re.I)),
    ("min", re.compile(r"\b(?:min|minimum|lowest|smallest|earliest|first)\b|最小|最低|最少", re.I)),
    ("sum", re.compile(r"\b(?:total|totals|sum|overall|combined|revenue)\b|总和|合计|总计|总额", re.I)),
)
PERIOD = re.compile(
    r"^(?P<grain>year|quarter|month|week|day|date)s?(?: \(?as .*)?$|^(?P<zh>年份?|季度|月份?|周|日期)$", re.I
)
ZH_GRAINS = {
    "年": "year",
    "年份": "year",
    "季度": "quarter",
    "月": "month",
    "月份": "month",
    "周": "week",
    "日期": "day",
}
EACH_PERIOD = re.compile(
    r"\b(?:each|every|per|by) (?:calendar |of the (?:last|past|previous) \d+ )?(?:calendar )?(year|quarter|month|week|day)s?\b|\beach of the (?:last|past|previous) \d+ (?:calendar )?(year|quarter|month|week|day)s?\b|\b(yearly|annual|quarterly|monthly|weekly|daily)\b|每(?:个)?(年|季度|月|周|天|日)|按(年|季度|月|周|天|日)",
    re.I,
)
GRAIN_WORDS = {
    "yearly": "year",
    "annual": "year",
    "quarterly": "quarter",
    "monthly": "month",
    "weekly": "week",
    "daily": "day",
    "年": "year",
    "季度": "quarter",
    "月": "month",
    "周": "week",
    "天": "day",
    "日": "day",
}
TOP = re.compile(
    r"\b(?:top|first|best|bottom|last|lowest|highest|worst|least|most)\s+(\d+)\b|\b(\d+)\s+(?:\w+\s+){0,2}?(?:most|least|highest|lowest|largest|smallest|best|worst|latest|newest|oldest|longest|shortest)\b|前\s*(\d+)|后\s*(\d+)",
    re.I,
)
SPAN = re.compile(r"\s*(?:calendar |full |whole |complete |ISO )?(?:day|week|month|quarter|year|hour)s?\b", re.I)
SINGLE = re.compile(
    r"^(?:which|what|who)\b[^.?!]{0,60}?\b(?:has|have|had|with|is|was|did|made|received)\b[^.?!]{0,30}?\b(?:most|highest|largest|greatest|biggest|lowest|least|smallest|fewest|longest|shortest|oldest|youngest|newest|cheapest)\b|\b(?:of|for) the \w+ with the (?:most|highest|largest|greatest|lowest|least|smallest|fewest|longest|shortest)\b|最(?:多|高|大|少|低|小|长|短|新|早)的",
    re.I,
)
ORDER = re.compile(
    r"\b(?:order(?:ed|ing)?|sort(?:ed|ing)?|ascending|descending|alphabetical\w*|from (?:most|highest|lowest|least|largest|smallest))\b|排序|升序|降序|从(?:高|低|大|小|多|少)到",
    re.I,
)
FALLING = re.compile(
    r"\b(?:descending|from (?:the )?(?:most|highest|largest)|highest to lowest|most to least|highest first|largest first)\b|降序|从(?:高|大|多)到",
    re.I,
)
LOW = re.compile(
    r"\b(?:bottom|lowest|least|smallest|fewest|shortest|oldest|earliest|worst|cheapest|ascending|alphabetical\w*|from (?:lowest|least|smallest))\b|最(?:低|少|小|短|早)|升序|后\s*\d",
    re.I,
)
BY = re.compile(
    r"\b(?:top|bottom) \d+ .*?\b(?:by|in terms of|based on|with the (?:highest|lowest|most|largest|smallest)) (?P<key>.+?)(?=[.?!;,]|\bfor\b|\bin the\b|\bfrom\b|$)|\b(?:ordered|sorted|order|sort|ranked)(?: the results?)? by (?:the )?(?P<key2>.+?)(?=[.?!;]|\bfrom\b|\bin\b|$)|\bsorted by (?:the )?(?P<key3>.+?)(?= first|[.?!;]|$)",
    re.I,
)
DISTINCT = re.compile(r"\b(?:distinct|unique|different)\b|去重|不重复|有哪些|哪些", re.I)
COUNT_DISTINCT = re.compile(
    r"(?:number|count) of (?:distinct|unique|different)|(?:how many|total) (?:distinct|unique|different)|(?:distinct|unique|different) (?:count|number)|,? ?(?:and |the )?(?:number of )?(?:distinct|unique|different) \w+ (?:count|per)",
    re.I,
)
PLURAL = re.compile(r"^(?:which|what (?:are|were) the (?:different|names|types|list|kinds)?|what \w+s\b)", re.I)
COUNTED = re.compile(
    r"^\W*(?:how many|what (?:is|was|are|were) the (?:total )?(?:number|count)\b|count\b|(?:return|give|show|get|find) (?:me )?the (?:total )?(?:number|count)\b)|有多少(?:个|家|条|位|次|种|名)?|共有几",
    re.I,
)
FIGURE = re.compile(
    r"^\W*(?:what|calculate|compute|find|return|give|get|show)\b[^.?!]{0,30}?\b(?:average|avg|mean|total|sum|maximum|minimum|max|min|percentage|ratio|proportion)\b",
    re.I,
)
GROUPED = re.compile(
    r"\b(?:each|per|every|by|grouped|for all|split|breakdown|respectively)\b|每(?:个|家|位|年|月|季度|种)?|各|按|分别",
    re.I,
)
SUBJECT = re.compile(
    r"\b(?:top|bottom) \d+ (?:best[- ]selling |most \w+ |highest[- ]\w+ )?(?P<noun>.+?) (?:by|in terms of|based on|with|sorted|ordered|according)\b",
    re.I,
)
GENERIC = frozenset("amount value number total count".split())
BEFORE_LIST = re.compile(
    r"\b(?:what (?:is|was|are|were) the|how many|calculate)\b[^.?!]*\b(?:average|avg|mean|total|number of|maximum|minimum|how many)\b",
    re.I,
)
PART = re.compile(
    r"\b(?:out of|of (?:these|them|those|which)|percent\w*|proportion|ratio|share|rate)\b|占比|比例|其中", re.I
)
NUMBER_OF = re.compile(r"^(?:the )?(?:number|count) of ", re.I)
OF_THINGS = re.compile(r" (?:of|for) (?:the |all |each |every )?\w+$", re.I)
