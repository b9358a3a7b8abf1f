"""Which values are left out: 除上海分行外, 非房地产业, 华东、华南除外, everything but trade finance, 总行那行不要.

A word of leaving out holds for the whole list that it stands before or after. One that no value uses is told: passing it
over would count what was to be left out. Spans and text only.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from t2sql.flow import Span, ValueMention
from t2sql.grounding.words.text import Folded

# Verbs that leave out what follows them, or what 把 puts before them.
_VERBS_ZH = r"(?:不(?:要|看|计|算|含|包括|包含|统计|纳入|考虑|列|放|带)|[别甭勿]再?(?:[看算要含计放带列管给]|包括|统计)|(?:不用|不必|无需|不需要?|用不着)再?(?:[看算含计放带列管给]|包括|统计)|撇[开掉去]|抛[开掉去]|剔[除掉去]|排除|扣[除掉去]|刨[除掉去]|去[掉除]|除[去掉开]|拿掉|[删减]掉|略[去过]|忽略|省去|跳过|不?免去|摘[掉除出])"
_FILL_EN = r"(?:(?:the|any|those|these|that|which|who|are|is|was|were|ones?|in|from|at|of|by|to|for|with|on|including|counting|our|its|their|being|belonging|based|booked|recorded|carried|held|anything|everything|(?:classified|classed|graded|rated|categori[sz]ed|marked|flagged)(?: (?:as|in|under))?) )*"
_BEFORE = re.compile(
    rf"(?P<word>{_VERBS_ZH}|除了?|除却|(?<!是)非|(?<!是)不是|不(?:属于?|在|由|归|位于|(?:记账?|挂账?|入账?|放)(?:在|于))|而非|(?<![a-z])(?:without|excluding|exclud\w*|except(?:ing)?(?: for)?|other than|apart from|aside from|besides|save for|bar(?:ring)?|net of|(?:every(?:thing|one|body|where)?|all|any(?:thing|where)?|nothing|nowhere|rest) but|but (?:not|no|without)|leav(?:e|ing) (?:out|off|aside)|tak(?:e|ing) out|strip(?:ping)? out|forget(?:ting)?|omit\w*|ignor\w*|minus|less(?! than)|skip\w*|drop(?:ping)?|without counting|not|(?:is|are|was|were|do|does|did)n'?t(?: (?:include|count|show|want|need))?|with no|non|outside(?: of)?|ex)|<>|!=)"
    rf"(?:[ -]{_FILL_EN}|[了掉去出]?(?:其中|里面?|属于|来自|位于|包括)?的?\s*|\s+)$"
)
_OF_THEM = r"(?:(?:那|这|一)?[家行个块部分项类档组笔条]{0,2}|[这那]?(?:[一二两三四五六七八九几]|\d{1,2})[家个类种项者地](?:分行|支行|大?区|行业|产品|客群|币种|机构|客户|城市|省份?)?|们)的?"
_KINDS_EN = r"(?:(?:segment|branch|region|sector|industry|customer|client|one|loan|card|product|line|part|bit)s? )?"
_AFTER = re.compile(
    rf"\s*[的类]?{_OF_THEM}\s*"
    rf"(?:之外|以外|除外|外(?=[，,、的]|其[余他]|各|所有)|都?先?{_VERBS_ZH}了?(?:出去|掉|吧|在内|进[来去]|就行)?(?:之后|以后|后|(?=$|[，,。;；.!?？)）\s再]|的话)))"
    rf"|\s*{_KINDS_EN}(?:(?:is|are|being|to be|should be) )?"
    r"(?:excluded|left (?:out|aside|off)|set aside|aside|apart|not included|not counted|taken out|removed|omitted|dropped|stripped out|ignored|exempted?)\b"
)
# 把总行去掉: what the verb is done to stands before it.
_OBJECT = re.compile(r"(?:把|将)\s*$")
_DONE = re.compile(rf"\s*(?:的|类)?(?:{_OF_THEM})?\s*都?先?{_VERBS_ZH}(?:出去|在内|掉|了)?(?:之后|以后|后)?")
# Leave head office out: the verb stands before the list, what goes with it after.
_PARTED = re.compile(
    r"\b(?:leav(?:e|ing)|tak(?:e|ing)|strip(?:ping)?|carv(?:e|ing)|rul(?:e|ing)|keep(?:ing)?|filter(?:ing)?|cut(?:ting)?)(?: (?:the|all|any|our|those|these))?\s+$"
)
_OUT = re.compile(rf"\s*{_KINDS_EN}(?:out|aside)\b")
# What ends a leaving out that began before the value: 除上海外, 剔除票据后, other than the mass ones.
_CLOSES = re.compile(rf"\s*(?:的|类)?{_OF_THEM}\s*(?:之外|以外|除外|之后|以后|后(?!端)|外(?!币|汇|资))")
_ONE_BY_ONE = re.compile(r"\b(?:each )?(?:separately|individually|respectively|side by side)\b")
_COUNTS_OFF = re.compile(
    r"(?:那|这|一)[档类块级款种项组]的?|[类档款级](?![型别户])|的?(?:这|那)?[两二三四五六七八九几][档类级款种块项头边](?:的)?| ones\b"
)
# Rated R1, graded A: the word says which sort of value follows.
_CLASSED = re.compile(r"\b(?:rated|graded|classed|classified|categori[sz]ed)(?: as| at| in| under)? $")
LISTED = re.compile(
    r"\s*(?:和|、|及|与|以及|或|或者|,|，|and|or|nor|,\s*and|,\s*or|/|vs\.?|versus|against|对比|对|&)\s*(?:the )?\s*"
)
# Words that leave something out wherever they stand.
_LEAVES_OUT = re.compile(
    rf"(?<![删清移扣解免])除(?!此|上述|权|草|了解|以|于|数|法)|以外|之外|除外|(?:剔|扣|刨|排)除(?!率)|{_VERBS_ZH}(?=的|$|[,，。;；?？])|不含|不包括|扣掉|去掉|刨去|\bexclud\w+\b|\bexcept(?!ion)\w*\b|\bother than\b|\b(?:apart|aside) from\b|\bleav(?:e|ing) (?:out|aside)\b|\bwithout\b|\bskip\w*\b|\bomit\w*\b|\bbarring\b|\b(?:everything|everyone|everywhere|anything|all) but\b|\bbut (?:not|no)\b|\bnot (?:in|including|counting|from)\b|\b(?:taken|left|stripped) out\b|\b(?:leav(?:e|ing)|tak(?:e|ing)|strip(?:ping)?|carv(?:e|ing)|rul(?:e|ing)|keep(?:ing)?)\b[^.,;?]{1, 40}?\b(?:out|aside)\b(?! of)|\bignor(?:e|ing)\b|\b(?:elsewhere|somewhere else|someone else)\b|(?:由|归|在|被)(?:其他|其它|别的|另外的?)(?:分行|支行|机构|行|区域)"
)


def are_listed(text: str, end: int, start: int) -> bool:
    """Whether only a list's joint stands between one member's end and the next one's start."""
    return bool(LISTED.fullmatch(text[end:start]))


def denied(text: str, places: Sequence[tuple[int, int]]) -> list[bool]:
    """For each of `places` (start, end), in order: whether the text leaves it out."""
    return [bool(words) for words in _denials(text, places)]


def denying_words(folded: Folded, values: Iterable[ValueMention]) -> list[Span]:
    """The words that leave out those of `values` that are left out, both those before and those after."""
    spans = sorted({(v.span.start, v.span.end) for v in values})
    at = {original: i for i, original in reversed(list(enumerate(folded.starts)))}
    places = [(at[start], _end(folded, end)) for start, end in spans if start in at]
    return [folded.span(*word) for words in _denials(folded.text, places) for word in words if word[0] < word[1]]


def counting_words(folded: Folded, values: Iterable[ValueMention]) -> list[Span]:
    """Words that only count off the value before them: 那档 of 1-30天那档, 类 of 结算类手续费, separately of several."""
    mentions = tuple(values)
    found = []
    for end in sorted({_end(folded, v.span.end) for v in mentions}):
        if match := _COUNTS_OFF.match(folded.text, end):
            found.append(folded.span(*match.span()))
    for start in sorted({_end(folded, v.span.start) for v in mentions}):
        if match := _CLASSED.search(folded.text[:start]):
            found.append(folded.span(*match.span()))
    if len({v.value for v in mentions}) > 1:
        found += [folded.span(*match.span()) for match in _ONE_BY_ONE.finditer(folded.text)]
    return found


def unused_denials(folded: Folded, used: Iterable[Span]) -> tuple[str, ...]:
    """Words that leave something out and stand in none of `used`, in order, each once."""
    spans = list(used)
    found = []
    for match in _LEAVES_OUT.finditer(folded.text):
        place = folded.span(*match.span())
        if not any(s.start < place.end and place.start < s.end for s in spans):
            found.append(match[0])
    return tuple(dict.fromkeys(found))


def _denials(text: str, places: Sequence[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """For each of `places`: where the words stand that leave it out; none where it is meant."""
    found: list[list[tuple[int, int]]] = []
    for index, (start, end) in enumerate(places):
        words: list[tuple[int, int]] = []
        if before := _BEFORE.search(text[:start]):
            words.append((before.start("word"), start))
            if closing := _CLOSES.match(text, end):
                words.append((end, closing.end()))
        elif index > 0 and found[-1] and are_listed(text, places[index - 1][1], start):
            words.append((start, start) if not (closing := _CLOSES.match(text, end)) else (end, closing.end()))
        elif after := _denied_after(text, places, index):
            words.append(after)
        found.append(words)
    return found


def _denied_after(text: str, places: Sequence[tuple[int, int]], index: int) -> tuple[int, int] | None:
    """华东、华南除外: the word after the list's last member counts for all."""
    first = index
    while first and are_listed(text, places[first - 1][1], places[first][0]):
        first -= 1
    while index + 1 < len(places) and are_listed(text, places[index][1], places[index + 1][0]):
        index += 1
    end = places[index][1]
    before = text[: places[first][0]]
    match = _DONE.match(text, end) if _OBJECT.search(before) else None
    match = match or (_OUT.match(text, end) if _PARTED.search(before) else None)
    match = match or _AFTER.match(text, end)
    if match is None or any(match.end() == start for start, _ in places):
        # 上海分行不含房地产业: the word belongs to what follows it.
        return None
    return end, match.end()


def _end(folded: Folded, original: int) -> int:
    return next((i for i, start in enumerate(folded.starts) if start >= original), len(folded.starts))
