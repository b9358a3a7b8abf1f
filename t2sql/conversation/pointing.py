"""Words of a follow-up that point at what was shown before: its rows, the rest of them, one more to set beside them.

Only recognises; what is done with it stands in the edits. Nothing here knows a catalog.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

_NOUNS_ZH = r"(?:分行|支行|机构|网点|区域|地区|大区|行业|产品|客群|客户|渠道|城市|省份|卡种|商户|类别|类型|行)"
_NOUNS_EN = r"(?:sub-?branch|branch|outlet|region|area|product|segment|industr(?:y|ies)|sector|customer|client|channel|cit(?:y|ies)|province|categor(?:y|ies)|type|one|group|bucket)(?:e?s)?"
SUBJECT = re.compile(
    rf"它们?(?:各自)?的?|他们(?:各自)?的?|(?<![与任极尤如])其(?![中他它余实次所间])的?(?=[\u4e00-\u9fff])|该(?:家|个|户|类|项|位)?{_NOUNS_ZH}的?|[这那]一?[家户位](?:{_NOUNS_ZH})?的?|[这那]一?[个类项种]{_NOUNS_ZH}的?|[这那](?:边|里|儿)的?|"
    rf"\b(?:its|they)\b|(?:(?<=\bdid )|(?<=\bdoes )|(?<=\bhas )|(?<=\bhad )|(?<=\bwas ))it\b|\b(?:that|this|the same) {_NOUNS_EN}(?:'s?)?(?= |$|\?)",
    re.IGNORECASE,
)
"""它, 该行, 这家, "its", "did they": the rows shown before."""
OTHERS = re.compile(
    rf"(?:那|和|与)?(?:其[他它余]|别的|剩下|余下|剩余)(?:的)?(?:[几各]?[家个])?(?={_NOUNS_ZH}|[的呢吗?？,，\s]|$)(?:的)?|"
    rf"\b(?:all |all the |the )?(?:others?(?! than)|rest|remaining|remainder)(?: ones?)?\b(?=(?: (?:of (?:the|them) )?{_NOUNS_EN})?[\s?.!]*$)",
    re.IGNORECASE,
)
"""其他…呢, "the others": everything but what was chosen."""
_VERB_ZH = r"(?:来|重新|进行)?(?:排序|排列|排个序|排一下|排一排|排名|排)"
_WAY_ZH = r"(?:[从由]?[高大多]到[低小少]|[从由]?[低小少]到[高大多]|升序|降序|倒序|正序)"
_SORTED_ZH = re.compile(
    rf"(?:请)?(?:再|改)?(?:按|依|以|根据)(?:照)?(?P<key>[^,，。按]{{0,12}}?)(?:(?P<way>{_WAY_ZH}){_VERB_ZH}?|{_VERB_ZH})(?:一下|吧|看看?)?$"
)
_SORTED_EN = re.compile(
    r"\b(?:re)?(?:sort|order|arrange|rank)(?:ed|ing)?(?: (?:it|them|this|these|the (?:list|table|rows|result|results)))?(?: in)?(?: (?:a|de)scending order)? by (?:the )?(?P<key>[a-z' -]{2,40}?)(?=,|$|\?|\.| (?:asc|desc|from|in|high|low|large|small|big)|,? (?:highest|lowest|largest|smallest|biggest|best|worst)(?: first)?)"
)
_NAMES = re.compile(
    r"(?:[\u4e00-\u9fff]{0,4})?(?:名称?|名字|首字母|字母|拼音|笔画)(?:顺序|次序)?|(?:[a-z-]+ )?names?|alphabet|(?:in )?alphabetical(?:ly)?(?: order)?"
)
_ALPHABETICAL = re.compile(
    r"\b(?:(?:sort|order|arrange|list)(?:ed|ing)? )?(?:(?:it|them|this|these) )?(?:in )?alphabetical(?:ly)?(?: order)?\b"
)
AGAINST = re.compile(
    r"(?:较|(?<!占)比|相比起?|相对于?|对比)\s*$|\b(?:compar(?:e|ed|ing)(?: (?:it|that|this|them|these|those))?(?: (?:to|with|against))?|versus|vs\.?|against|relative to|alongside|next to|beside|side by side with)\s*(?:the )?(?:end of |(?:end|year-end) )?$",
    re.IGNORECASE,
)
"""What stands before something to compare with: 和…比, "compare with"."""
_AFTER_ZH = re.compile(
    r"^(?:年?末|时|那边|那个|那家|分行|支行|区|的|情况|水平|数据?)*\s*(?:相?比一?下?|对比一?下?|比较|做个?(?:对比|比较)|放(?:在)?一起)"
)
_MUCH = re.compile(
    r"[多少高低大小差]了?多少|多[几出]|相差|差额|差多少|减去?|\b(?:how much|minus|less|more than|higher|lower|difference|gap|exceed)\b",
    re.IGNORECASE,
)
PART_OF = re.compile(
    r"占(?:到|了|比|据)?\s*(?:整个|全)?$|\b(?:share|part|proportion|percentage|percent|fraction|slice|%)(?: is (?:it|that|this))? (?:of|in|within)\s*(?:the )?(?:whole |total )?$|\bof\s*(?:the )?(?:whole |total )?$",
    re.IGNORECASE,
)
"""What stands before the whole that a share is of: 占…, "share of"."""
_CONTRAST = re.compile(
    r"(?:而|,|，)?(?:不是|而非|不再|不要再?|不用|别|取代|代替|替代)(?:按照?|用|分(?!行|支|公司))(?P<zh>[^,，。按]{1,8}?)(?:了|来看?|看|的)?(?=[,，。]|$|改|按|而是)|\b(?:rather than|instead of|not|and not|in place of)(?: split)? (?:by|per)(?: the)? (?P<en>[a-z -]{3,24}?)(?=,|$|\?|\.| but\b)|不按(?P<zh2>[^,，。按]{1,8}?)(?:[,，]\s*|而是?)(?=按|改|换)",
    re.IGNORECASE,
)
_GRAINS = re.compile(r"[日周月季年天]|\b(?:dai|week|month|quarter|year|annual|day)", re.IGNORECASE)
_PLACES = {"second": 2, "third": 3, "fourth": 4, "fifth": 5, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "2": 2, "3": 3, "4": 4, "5": 5}  # fmt: skip
_PLACE = re.compile(
    r"^(?:那么?|排)?(?:排名|排在|位居)?第(?P<zh>[二三四五2345])(?:名|位|家|大|高)?(?:的?是谁|的?是哪[家个]?\S{0,3}|是|的|呢|怎么样)*\s*[?？]?\s*$|"
    r"\b(?:(?:who|which(?: one)?|what)(?:'s| is| was| comes?| came| ranks?| ranked)?(?: in)? (?:the )?|(?:and |the |in )+)?(?P<en>second|third|fourth|fifth|[2345](?:nd|rd|th))(?: (?:place|one|placed|ranked))?[\s?.!]*$|\b(?:the )?runner[- ]up\b",
    re.IGNORECASE,
)
_RESIZED = re.compile(
    r"^(?:那么?|再)?(?:换成|改成|改为|扩[大展]?[到成]|变成|要|看|列)(?:前)?(?P<zh>[一二三四五六七八九十\d]{1,3})[个家名条位行]$|\b(?:make (?:it|that)|change (?:it|that) to|show|extend(?: it| that)? to|give me) (?:the )?(?:top )?(?P<en>\d{1,2}|three|five|ten|fifteen|twenty)(?: instead)?[\s?.!]*$",
    re.IGNORECASE,
)


def sort_key(text: str) -> tuple[str, str] | None:
    """What a text sorts by ("" for the names, else its words), and the text without it; None where it does not say."""
    if found := _ALPHABETICAL.search(text):
        return "", f"{text[: found.start()]} {text[found.end() :]}"
    if (found := _SORTED_ZH.search(text)) and found["key"].strip():
        key, left = found["key"].strip(" 的"), f"{text[: found.start()]} {found['way'] or ''}"
    elif (found := _SORTED_EN.search(text)) and found["key"].strip():
        key, left = found["key"].strip(), f"{text[: found.start()]} {text[found.end() :]}"
    else:
        return None
    return ("" if _NAMES.fullmatch(key) else key), left


def without_contrast(text: str) -> tuple[str, bool, bool]:
    """`text` without "rather than by month", whether it said so, and whether what goes is a grain of time."""
    found = _CONTRAST.search(text)
    if not found:
        return text, False, False
    gone = found["zh"] or found["en"] or found["zh2"] or ""
    return text[: found.start()] + " " + text[found.end() :], True, bool(_GRAINS.search(gone))


def place_asked(text: str) -> int | None:
    """2 of "who is second?" and 第二名是谁; None where no place alone is asked."""
    found = _PLACE.search(text)
    if not found:
        return None
    return _PLACES.get((found["zh"] or found["en"] or "second").lower())


def size_asked(text: str) -> str:
    """The number of "make it ten", as it is written; ""."""
    found = _RESIZED.search(text)
    return (found["zh"] or found["en"] or "") if found else ""


def is_against(text: str, start: int, end: int) -> bool:
    """Whether what stands at [start, end) is set beside what was asked before, to compare."""
    return bool(AGAINST.search(text[:start])) or bool(
        _AFTER_ZH.search(text[end:]) and re.search(r"[和与跟同比]\s*$", text[:start])
    )


def is_whole(text: str, start: int, end: int) -> bool:
    """Whether what stands at [start, end) is the whole that a share is of: 占华东多少, "of East China"."""
    within = re.search(r"在\s*$", text[:start]) and re.match(r"区?(?:里|内|中|当中)?占", text[end:])
    return bool(PART_OF.search(text[:start])) or bool(within)


def asks_how_much(text: str) -> bool:
    """Whether one figure less another is asked: 高多少, "by how much"."""
    return bool(_MUCH.search(text))


LISTED = re.compile(
    r"(?:具体|分别|都|各自)*(?:是|有)?(?:哪几?[些个家户位]+|谁)(?:分行|支行|机构|客户|区域|行业|产品)?|(?:列|给|看|要)?(?:出|一下|我|下)?(?:具体)?(?:名单|清单|明细)|"
    r"\b(?:which (?:ones?|are they|branches|regions|outlets|sub-branches|customers)|who are they|list (?:them|those)|show (?:me )?(?:them|the list|those)|(?:the )?names?)\b(?: are (?:they|those))?",
    re.IGNORECASE,
)
"""具体是哪些, "which ones": the list behind a count."""
AVERAGE = re.compile(
    r"(?<![日月年季天户笔人])平均(?![余存贷利收成])|均值|中位数?|\b(?:average|mean|median)\b(?! (?:balance|daily|rate|ticket|size))",
    re.IGNORECASE,
)
"""平均呢: over the rows that are shown, or over time? It is asked back."""
FIRST_ONE = re.compile(
    r"^(?:那么?)?(?:排名?|位列)?第一(?:名|位|家|大)?的?(?:那[家个]|分行|支行|区域|行业|客户|产品)?的(?=\S)|"
    r"\b(?:the )?(?:top|first|number one|leading|largest|biggest|highest|worst|best|lowest|smallest)(?: (?:one|branch|region|outlet|sub-branch|product|segment|industry|customer))?'s\b",
    re.IGNORECASE,
)
"""第一名的…, "the top one's": the first row shown before."""
MOVED = re.compile(
    r"上升|下降|上涨|下跌|上行|下行|回升|回落|增长了|增加了|减少了|涨了|跌了|改善|恶化|变[好坏差]了?|[多少高低]了(?!解)|变化|变动|"
    r"\b(?:improv\w+|worsen\w*|deteriorat\w+|grow(?:n|ing|th)?|grew|ris(?:e|en|ing)|rose|fall(?:en|ing)?|fell|drop(?:ped|ping)|declin\w+|increas\w+|decreas\w+|chang(?:ed|ing)|better or worse|up or down|gone (?:up|down)|going (?:up|down))\b",
    re.IGNORECASE,
)
"""Words of a change, with or without how much."""
GROWTH = re.compile(r"(?:growth|change|increase)(?: rate)?|增速|增长率?|增幅|变化|变动|升降", re.IGNORECASE)
