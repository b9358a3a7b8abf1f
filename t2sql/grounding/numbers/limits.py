"""Finds how many rows are wanted, and from which end: 前五, top 5, 哪个分行最高, 第二大, "second lowest", 五大行业.

Never takes a count of months or a bound on a number for a count of rows.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

from t2sql.flow import Quantity, Span
from t2sql.grounding.numbers.numerals import EN_WORD, read_integer
from t2sql.grounding.numbers.orders import directions, is_directed
from t2sql.grounding.words.text import Folded

_N = rf"(?P<n>\d{{1,3}}|[一二两三四五六七八九十]{{1,3}}|(?:{EN_WORD}))"
_HIGH = r"最[高大多好强优快猛牛狠旺重沉厚贵]|最厉害|最突出|最拔尖|居首|领先"
_LOW = r"最[低小少差弱慢薄轻]|最便宜|垫底"
_EN_HIGH = r"most expensive|most costly|heaviest|costliest|priciest|dearest|thickest|highest|largest|biggest|greatest|(?<!at )most(?! recent)|best|strongest|steepest|sharpest|fattest|busiest|fastest(?:[- ]growing)?"
_EN_LOW = r"quietest|poorest|leanest|least expensive|least costly|cheapest|lightest|scantiest|lowest|smallest|(?<!at )least|fewest|worst|weakest|thinnest|slimmest|slowest(?:[- ]growing)?"
_COUNTED = r"(?:名|个|位|家|大|强|户|笔|条|支|项|种|只)"
_NOT_TIME = r"(?![\s-]*(?:个?季|个?月|年|天|周|日|期|半年|%|‰|万|亿|quarters?|months?|years?|weeks?|days?|percent))"
# "the five branches with the", "three products whose balance is the": whose rows are counted before the superlative.
_ROWS = r"(?!(?:percent|per cent|basis|of|in|to|and|or|million|billion|thousand|days?|weeks?|months?|quarters?|years?)\b)(?:[a-z-]+ ){0,2}[a-z-]+s"
_WHOSE = r"(?:with|having|that have|that had|which have|whose [a-z]+(?: [a-z]+){0,2} (?:is|are|was|were)) the"
# (largest first, pattern); a pattern without n means one.
_LIMITS: tuple[tuple[bool, str], ...] = (
    (True, rf"(?<![目之以此提先当])前\s*{_N}(?!\d){_NOT_TIME}{_COUNTED}?{_NOT_TIME}"),
    (True, rf"\btop[- ]?{_N}\b{_NOT_TIME}|\btop{_N.replace('<n>', '<k>')}\b"),
    (False, rf"(?:后|倒数|末|最后)\s*{_N}(?!\d){_NOT_TIME}{_COUNTED}|倒数\s*{_N.replace('<n>', '<k>')}(?!\d)"),
    (False, rf"\b(?:bottom|last)[- ]?{_N}\b{_NOT_TIME}"),
    (True, rf"(?:{_HIGH})的?\s*(?:前)?{_N}(?!\d){_NOT_TIME}{_COUNTED}"),
    (False, rf"(?:{_LOW})的?\s*(?:前|后)?{_N}(?!\d){_NOT_TIME}{_COUNTED}"),
    (True, rf"\b(?:{_EN_HIGH})[- ]{_N}\b{_NOT_TIME}|\b{_N.replace('<n>', '<k>')} (?:{_EN_HIGH})\b"),
    (False, rf"\b(?:{_EN_LOW})[- ]{_N}\b{_NOT_TIME}|\b{_N.replace('<n>', '<k>')} (?:{_EN_LOW})\b"),
    (True, rf"\b{_N} {_ROWS} {_WHOSE} (?:{_EN_HIGH})\b"),
    (False, rf"\b{_N} {_ROWS} {_WHOSE} (?:{_EN_LOW})\b"),
    (True, rf"\b(?:top|{_EN_HIGH})[- ]{_N}(?= (?:months|quarters|years)\b)|(?:{_HIGH})的?(?:前)?{_N.replace('<n>', '<k>')}个?(?=(?:月|季度?|年)(?!期))"),
    (False, rf"\b(?:bottom|{_EN_LOW})[- ]{_N}(?= (?:months|quarters|years)\b)|(?:{_LOW})的?(?:前)?{_N.replace('<n>', '<k>')}个?(?=(?:月|季度?|年)(?!期))"),
    (True, rf"\bfirst {_N}\b(?= (?:branches|regions|products|industries|customers|segments|outlets|sub))"),
)  # fmt: skip
# 五大行业: the number and the noun, with no word of first or most between.
_GREAT = rf"(?<![第前后最\d.一二三四五六七八九十]){_N}大(?=行业|客户|存款|贷款|借款|分行|支行|网点|产品|商户|对公|个人)"
_COMPILED_LIMITS = tuple(
    (descending, re.compile(pattern, re.ASCII)) for descending, pattern in (*_LIMITS, (True, _GREAT))
)
_ASKED_N = re.compile(
    rf"\bwhich (?P<k>\d{{1,3}}|(?:{EN_WORD}))\b{_NOT_TIME}(?! ?(?:%|per ?cent|of the (?:two|three)))|(?:哪|which |what |(?<![a-z\d])the |list |show |give me )\s*{_N}(?!\d){_NOT_TIME}\s?(?:{_COUNTED}|branches|regions|products|industries|customers|segments|sub-?branches|outlets)",
    re.ASCII,
)
# 5个不良率最高的分行, "three branches with the lowest deposits": a count of the rows, said before the superlative.
_COUNT_BEFORE = re.compile(
    rf"(?<![第前后每各几\d.,年月季超过满足于到达至有])(?P<n>\d{{1,3}}|[一二两三四五六七八九十]{{1,3}})(?!个?(?:百分点|基点|bp|季|月|年|交易日|工作日|自然))(?:个|家|名|位|大|种|类|只|条)(?!均|月|季)"
    rf"|(?<!than )(?<!least )(?<!most )(?<!over )(?<!exactly )\b{_N.replace('<n>', '<k>')} (?:\w+ )?(?:branches|regions|products|industries|customers|segments|sub-?branches|outlets|cities|provinces|currencies|channels)\b",
    re.ASCII,
)
_ORDINALS = "second third fourth fifth sixth seventh eighth ninth tenth".split()
_NTH = rf"(?P<n>\d{{1,3}}(?:st|nd|rd|th)|{'|'.join(_ORDINALS)})"
_PLACE = r"[二三四五六七八九十]{1,3}|[2-9]|\d{2,3}"
# 第二大, 排名第三, "the second largest": one row of a rank, counted from the top.
_FROM_TOP = re.compile(
    rf"(?<!倒数)(?:排(?:名|行|在)?|位列|位居|居|列)?第(?P<z>{_PLACE})(?:[名位]?最?[高大多好强])|(?<!倒数)(?:排(?:名|行|在)?|位列|位居|居)第(?P<y>{_PLACE})(?:[名位])?|(?<!倒数)第(?P<w>{_PLACE})名(?!最?[低小少差弱])"
    rf"|\b{_NTH}[- ](?:{_EN_HIGH})\b|\brank(?:s|ed|ing)? (?:at )?(?:number |no\.? ?)?{_NTH.replace('<n>', '<k>')}\b"
    rf"|\b(?:comes?|came|coming|is|was|sits?|stands?|lies|finish(?:es|ed)?|placed)(?: in)?(?: the)? {_NTH.replace('<n>', '<j>')}(?: place| position| spot)?(?= (?:in|on|by|for|for its|among|after|behind)\b|$|[,.?;])|\b(?:in|takes?|took|holds?) {_NTH.replace('<n>', '<i>')} (?:place|position|spot)\b|\b(?P<h>runner)s?[- ]?up\b|\b(?:number|no\.?|#) ?(?P<g>two|three|four|five|[2-9])(?= (?:in|on|by|for|branch|region|outlet|product|industry)\b|$|[,.?;])",
    re.ASCII,
)
# 倒数第二, 第三低, "the second lowest", third from the bottom: counted from the other end.
_FROM_BOTTOM = re.compile(
    rf"(?:排(?:名|行|在)?)?倒数第(?P<z>{_PLACE})[名位个家]?|第(?P<y>{_PLACE})[名位]?最?[低小少差弱]"
    rf"|\b{_NTH}[- ](?:{_EN_LOW})\b|\b{_NTH.replace('<n>', '<k>')}[- ](?:from (?:the )?bottom|(?:to )?last)\b",
    re.ASCII,
)
_SUPERLATIVE_HIGH = re.compile(
    rf"{_HIGH}|排名?第一|第一名|排在第一|(?<!倒数)第一(?:[大高多]|的(?!个|步)|$)|\b(?:{_EN_HIGH})\b|\brank(?:s|ed)? (?:first|no\.? ?1|number one)\b|\b(?:peak|record)(?= (?:month|quarter|year|day|week)\b)|\bpeaked\b|\b(?:leads?|tops?|heads?)(?= (?:each|every) )|\bpeak(?=\s*(?:\?|$|,|in\b|during\b|last\b|this\b|over\b|between\b))|\btop (?=month\b|quarter\b|year\b|branch\b|region\b|product\b|industry\b|customer\b|segment\b)",
    re.ASCII,
)
_SUPERLATIVE_LOW = re.compile(
    rf"{_LOW}|倒数第一|最后一名|\bbottom(?= (?:month|quarter|year|day|week)\b)|\b(?:{_EN_LOW})\b", re.ASCII
)
_MANY = re.compile(
    r"哪些|哪几|\b(?:which|what) (?:\w+ )?(?:branches|regions|products|industries|customers|segments|outlets|sub-?branches|units|currencies|channels|months|quarters|years)\b",
    re.ASCII,
)
_NO_LIMIT = re.compile(
    r"最[高大低小多少]\s*(?:到|至|值|额|限额|授信|为|不)|从最|历史最|(?:highest|largest|lowest|smallest) to |to (?:highest|largest|lowest|smallest)|sort\w* |order(?:ed)? ",
    re.ASCII,
)

_FIRST = re.compile(r"\s*first\b")

Found = tuple[int, int, Quantity]


def find_limits(folded: Folded) -> list[Found]:
    """(start, end, limit) of each stretch of the folded text that says a limit; the same limit may be said in two."""
    return _ordinals(folded) or _first_or_last(folded)


def number_spans(folded: Folded) -> list[Span]:
    """Where the words stand that a limit is made of: its count, and the superlative beside it (最低的前三名)."""
    found = find_limits(folded)
    spans = [folded.span(start, end) for start, end, _ in found]
    if not any(p.search(folded.text[a:b]) for a, b, _ in found for p in (_SUPERLATIVE_LOW, _SUPERLATIVE_HIGH)):
        for pattern in {_SUPERLATIVE_HIGH if q.descending else _SUPERLATIVE_LOW for _, _, q in found}:
            spans += [folded.span(*match.span()) for match in [pattern.search(folded.text)] if match]
    # "smallest first" beside "the five branches with the smallest" says nothing more.
    limits = {q.descending for _, _, q in found if q.kind == "limit"}
    spans += [folded.span(*match.span()) for match, descending in directions(folded.text) if descending in limits]
    return spans


def _ordinals(folded: Folded) -> list[Found]:
    """第二大, "third highest", 倒数第二: a limit with operator "=", one place of the rank from its end."""
    for pattern, descending in ((_FROM_BOTTOM, False), (_FROM_TOP, True)):
        match = pattern.search(folded.text)
        if match is None:
            continue
        said = next(group for group in match.groups() if group)
        said = "second" if said == "runner" else said
        place = _ORDINALS.index(said) + 2 if said in _ORDINALS else read_integer(re.sub(r"(?:st|nd|rd|th)$", "", said))
        if place and place > 1:
            span = folded.span(*match.span())
            placed = Quantity(span, "limit", "=", float(place), unit="count", descending=descending)
            return [(*match.span(), placed)]
    return []


def _first_or_last(folded: Folded) -> list[Found]:
    text = folded.text
    found: list[Found] = []
    is_low = bool(_SUPERLATIVE_LOW.search(text)) and not re.search(rf"{_HIGH}|\b(?:{_EN_HIGH})\b", text)
    for descending, pattern in _COMPILED_LIMITS:
        descending = descending and not is_low
        for match in pattern.finditer(text):
            groups = match.groupdict()
            count = read_integer(groups.get("n") or groups.get("k") or "")
            # "Best one first" puts them in order, and wants no single one.
            if _FIRST.match(text, match.end()):
                continue
            if count and all(match.end() <= start or end <= match.start() for start, end, _ in found):
                span = folded.span(*match.span())
                found.append(
                    (*match.span(), Quantity(span, "limit", "", float(count), unit="count", descending=descending))
                )
    if found or _NO_LIMIT.search(text) or is_directed(text):
        return found
    low = _SUPERLATIVE_LOW.search(text)
    high = _SUPERLATIVE_HIGH.search(text)
    for superlative, descending in ((low, False), (high, True)):
        if superlative is None or re.match(
            r"\s*(?!20\d\d年?(?!\d))(?:\d|[一二两三四五六七八九十])", text[superlative.end() :]
        ):
            continue
        asked = _ASKED_N.search(text) or _COUNT_BEFORE.search(text)
        if asked is None and _MANY.search(text):
            span = folded.span(*superlative.span())
            return [(*superlative.span(), Quantity(span, "order", "", 0.0, descending=descending))]
        count = read_integer(_said_count(asked)) if asked else 1
        quantity = Quantity(
            folded.span(*superlative.span()), "limit", "", float(count or 1), unit="count", descending=descending
        )
        found.append((*superlative.span(), quantity))
        if asked:
            found.append((*asked.span(), quantity))
        break
    return found


def _said_count(match: re.Match[str]) -> str:
    groups = match.groupdict()
    return groups.get("n") or groups.get("k") or ""
