"""Names in the place of a unit or after a word of grouping that nothing explains: 成大分行, the Key branch, by customer
name.

A stop word is harmless anywhere else; right before 分行, or right after "by", it is a name that the principal may not
see or
that does not exist, and passing it over would answer with a wider total.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterable

from t2sql.flow import Span
from t2sql.grounding.words.stop_words import content_before
from t2sql.grounding.words.text import Folded
from t2sql.grounding.words.verbs import common_verbs

_UNIT_ZH = re.compile(r"分行|支行|分理处|营业部|大区|片区")
# What people say right before a unit's kind without naming one.
_PLAIN_ZH = re.compile(
    r"(?:各个?家?|各级|各地|每一?个?家?|哪一?个?家?|哪些|哪几个?家?|什么|所有的?|全部的?|全体|全行|本行|我行|我们|咱们|下属|下辖|辖内|辖属|辖下|其他|其余|这些|那些|"
    r"这个|那个|该|某|本|按照?|分|逐个?|一级|二级|省级|直属|不同|两个?|几个?|[一二三四五六七八九十\d]+[个家]?|前[一二三四五六七八九十\d]+[个家名]?的?|"
    r"后[一二三四五六七八九十\d]+[个家名]?的?|的|个|家|和|与|及|或|在|对|由|从|向|把|看|问|查|列出|显示|比较|统计|属于|管理|归属|记账|最[高低大小多少好差快慢])$"
)
_UNIT_EN = re.compile(r"\b(?:sub-?branch|branch|outlet|region|province)\b")
_PLAIN_EN = frozenset(
    "a an the this that each every which what any all by per our your their its of for in at from to and or with home managing booking"
    " tier-1 single one top bottom best worst highest lowest largest smallest biggest strongest weakest same other another whole entire"
    " new old domestic foreign local main first last only whose every-single head across no bank's between".split()
)
_GROUP_EN = re.compile(r"\b(?:by|per|for each|for every|each|every|split by|broken down by|grouped by)\s+(?:the )?")
_GROUP_ZH = re.compile(r"按照?|各个?|每一?个")
_AFTER_GROUP_EN = re.compile(
    r"(?:how|what|which|side|end|year-?end|month-?end|quarter-?end|then|now|far|default|cent|se|itself|comparison|contrast|way|means|law|"
    r"[a-z]+ly\b|size|amount|value|rank|ranking|name|order|descending|ascending|and|\d)\b"
)
_AFTER_GROUP_ZH = re.compile(
    r"[项类种自有是为占多不时期期年月季日周照下位地级户笔人名家个张次列表格式顺序]|大小|高低|多少|排|占|如|金额|做|达|完成|实现|干|冲|升|跌|涨|贡献|降|升|从|由|(?:$|[^㐀-鿿])"
)
_GROUP_NOUN = re.compile(
    r"(?P<plain>单位)(?=[和与及、跟](?!金额|亿|万)|存款|贷款|客户)|"
    r"(?:各个?|按照?|分|每一?个?|逐个?|哪[个家些几])(?:家|个|级)?(?P<zh>机构|行(?![业为内员长])|条线|单位|部门|板块|团队|网点|经营单元|层级|渠道|等级|品种|档次?)|"
    r"\b(?:by|per|each|every|across|for each)(?: the| our)? (?P<en>units?|entit(?:y|ies)|departments?|teams?|offices?|officers?|managers?|divisions?|desks?|lines?|outlets?|locations?|places?|buckets?|bands?|tiers?|grades?|levels?|groups?)\b(?! of)"
)
# A branch's manager is no branch: who works there is another thing to group by.
_GROUP_PERSON = re.compile(
    r"\b(?:by|per|each|every|across)\b(?:(?! for | to | so )[^,.;:?!]){0,30}? (?P<person>(?:officer|manager|owner|executive|director|head|rep|representative|employee|salesperson|adviser|advisor|banker|teller)s?)\b(?! (?:want|need|ask|say|would|is|are|was|will|can))|"
    r"(?:按照?|各个?|每一?[个位名]?|分)[^,，。;；]{0,6}?(?P<zh>经理|主管|负责人|员工|柜员|信贷员|管户人)"
)
_ZH_RUN = re.compile(r"[㐀-鿿]+$")
_WORD_BEFORE = re.compile(r"([a-z][\w'-]*)\s+$")
_NAME_AFTER = re.compile(r"\s*([㐀-鿿]{2,4}|[a-z][\w'-]+(?: (?:name|number|id|type|date|code))?)")


def unknown_names(folded: Folded, original: str, claimed: Iterable[Span]) -> tuple[str, ...]:
    """Texts in the place of a name that stand in no `claimed` span, in order, each once."""
    spans = list(claimed)
    text = folded.text
    taken = [any(s.start <= start < s.end for s in spans) for start in folded.starts]
    found: list[tuple[int, str]] = []
    for match in _UNIT_ZH.finditer(text):
        found += _before_zh(text, taken, match.start())
    for match in _UNIT_EN.finditer(text):
        found += _before_en(text, taken, original, folded, match.start())
    for match in _GROUP_EN.finditer(text):
        found += _after(text, taken, match.end(), _AFTER_GROUP_EN)
    for match in _GROUP_ZH.finditer(text):
        if not taken[match.start()]:
            found += _after(text, taken, match.end(), _AFTER_GROUP_ZH)
    return tuple(dict.fromkeys(word for _start, word in sorted(found)))


def unknown_groups(folded: Folded, claimed: Iterable[Span]) -> tuple[str, ...]:
    """Nouns that many things are grouped by and that no dimension here is called: 各机构, 按条线, "by team"."""
    spans = list(claimed)
    found = []
    for match in _GROUP_NOUN.finditer(folded.text):
        group = next(name for name in ("plain", "zh", "en") if match[name])
        noun = folded.span(*match.span(group))
        if not any(s.start < noun.end and noun.start < s.end for s in spans):
            found.append(match[group])
    for match in _GROUP_PERSON.finditer(folded.text):
        group = "person" if match["person"] else "zh"
        noun = folded.span(*match.span(group))
        if not any(s.start < noun.end and noun.start < s.end for s in spans):
            found.append(match[group])
    return tuple(dict.fromkeys(found))


def _before_zh(text: str, taken: list[bool], end: int) -> list[tuple[int, str]]:
    start = end
    while start and not taken[start - 1] and _ZH_RUN.match(text[start - 1]):
        start -= 1
    run = content_before(text[start:end])
    return [] if not run or _PLAIN_ZH.search(run) else [(end - len(run), run)]


def _before_en(text: str, taken: list[bool], original: str, folded: Folded, end: int) -> list[tuple[int, str]]:
    match = _WORD_BEFORE.search(text[:end])
    if not match or taken[match.start(1)] or match[1] in _PLAIN_EN:
        return []
    first, begins = original[folded.starts[match.start(1)]], folded.starts[match.start(1)] == 0
    is_name = first.isupper() and not (begins and match[1] in common_verbs())
    return [(match.start(1), match[1])] if is_name else []


def _after(text: str, taken: list[bool], start: int, harmless: re.Pattern[str]) -> list[tuple[int, str]]:
    if start >= len(text) or taken[start] or harmless.match(text, start):
        return []
    match = _NAME_AFTER.match(text, start)
    if not match or any(taken[match.start(1) : match.end(1)]):
        return []
    following = match.end(1) + len(text[match.end(1) :]) - len(text[match.end(1) :].lstrip())
    if following < len(text) and taken[following]:
        # "per card product": the word only describes a name that is known.
        return []
    return [(match.start(1), match[1])]
