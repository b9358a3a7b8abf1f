"""Words that change a number wherever they stand: what no finding has used of them is told back, never passed over.

A stop word may be ignored; a number, an ordinal, a sign, a comparison or a word of aggregation may not.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from t2sql.catalog import Catalog
from t2sql.flow import NameMention, Period, Span, ValueMention
from t2sql.grounding.numbers.numerals import EN_WORD, read_integer
from t2sql.grounding.time.periods import time_spans
from t2sql.grounding.words.overlaps import overlaps
from t2sql.grounding.words.stop_words import ENGLISH, is_plain
from t2sql.grounding.words.text import Folded
from t2sql.metric_names import is_stock

_COUNTER = r"(?:个|家|名|位|户|笔|倍|成|次|年|季度?|个?月|天|日|周)"
_NUMERAL = r"[一二两三四五六七八九十百千]{1,4}"
# Told even where a finding claims them: no rule here does what they ask.
_NEVER_DONE = re.compile(
    r"0{3,4}年|(?<!\d)0{1,2}月|第[零0](?!\d)|近[零0](?!\d)个?|\btop -\d+|逾期\S{0,3}?\d+天(?:以[内下]|之内)|年均增|复合增长|\bcagr\b|"
    r"(?:折|换)(?:合|算)?(?:成|为)?(?:美元|欧元|港[币元]|日元|英镑)|多少(?:美元|欧元|港[币元]|日元|英镑)|\bin (?:us )?dollars\b|(?:老|新|存量|潜在|既有)客户(?!数|号|名|户)|"
    r"每一?[个位]客户的?平均|(?:以|按|用)[万亿千百]+元?(?:为单位|计|显示|列示|展示)|单位[是为:：]?[万亿千百]|\binstead\b|"
    r"(?:不[只仅光止单]是?|不仅仅是?|不光是)(?![^。;；?？]*(?:也|还|而且|且|都|更|又))|\bnot (?:only|just|merely|simply|solely)\b(?![^.;?!]*\b(?:but|also|too|as well|and|plus)\b)|"
    r"\b(?:against|versus|vs\.?|compared (?:with|to)|relative to|behind|ahead of) (?:the |our |its |their )?(?:annual |full[- ]year |original |approved )?(?:plan|target|budget|goals?|forecast|expectations?|guidance)\b|"
    r"倒数第(?:[二三四五六七八九十]|[2-9]|\d{2})|连续(?:[一二两三四五六七八九十\d]+个?)?(?:季度|季|月|年|天|日|周|期)?(?:都|均)?(?:上升|下降|增长|增加|减少|上涨|下跌|为[正负]|亏损|盈利|[高低]于|超过)|"
    r"\b(?:lost|lose|loses|losing|gained|gains|added|adds|shed)\b[^,.]{0,30}\b(?:most|least)\b|"
    r"(?:发放|投放|放款)的?贷款(?:的|中的?)?(?:不良|逾期|拨备|余额|质量|关注)|"
    r"\b(?:ratio|balance|npls?|overdue)\b[^,.]{0,20}\bloans (?:granted|originated|issued|made|disbursed) (?:in|during)\b|"
    r"(?:[连]续|持续)\S{0,6}(?:个月|季度|年)\S{0,4}(?:上升|下降|增长|减少|走[高低])|"
    r"\b(?:months|quarters|years|weeks|days|periods) (?:in a row|running|straight)\b|\bconsecutive (?:months|quarters|years|periods) of\b|\bfor (?:\w+ )?consecutive\b|"
    r"(?:不是|并非|非|除了?|\bnot (?:the )?|\bexcept (?:for )?(?:the )?|\bother than (?:the )?|\bexcluding (?:the )?)(?:最[高低大小多少好差强弱快慢]|排?名?第一|(?:highest|lowest|largest|smallest|biggest|most|least|best|worst|top)\b)"
)
_UNUSED = re.compile(
    r"各[类种档](?!别|样)|倒数|第(?:[一二三四五六七八九十]+|\d+)(?!季|产业|三方)(?:名|位)?|"
    r"负的|负数|负值|为负|转负|转正|扭亏|亏损|盈利|中位数?|众数|标准差|方差|分位数?|四分位|百分位|极差|平均数?值?|均值|人均|每人|"
    r"最[高低大小多少好差优强弱快慢](?!限额|额度|授信)|每[户人笔](?!的)|户均|笔均|单户|单笔|加起来|加总|之和|总和|相加|累加|翻[一两三四]?[倍番]|腰斩|一半|过半|半数|大部分|大多数|多数|少数|绝大|持平|不变|(?<!有)没有|从未|从来|"
    r"高于|低于|大于|小于|多于|少于|超过|超出|超|不足|不到|至少|至多|最多为|不低于|不高于|以上|以下|高过|等于|比(?![较例重率值如]|一[下比])(?=[^,，。]{1,12}?(?:[多高大少低小好差]的|更))|介于|之间的|连续|"
    r"\b(?:median|mode|quartiles?|percentiles?|deciles?|standard deviation|variance|std|average|averages|mean|summed|adding|added|add up|adds up|cumulated|accumulated|"
    r"half|halved|double(?![- ]check)d?|doubling|tripled?|twice|thrice|negative|positive|unchanged|flat|majority|minority|zero|nil|none|never|"
    r"second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d+(?:st|nd|rd|th)|consecutive|consecutively|straight|loss|losses|profitable|"
    r"(?:more|less|fewer|greater|higher|lower|larger|smaller|bigger|better|worse) than|than|(?:interest[- ])?spreads?(?! (?:across|over|between|among|out|by|of)\b)|at least|at most|highest|lowest|largest|smallest|biggest|fewest|fastest|slowest|most(?! recent)|least|best|worst|per (?:customer|loan|branch|outlet|head|capita|account|card|transaction)\b(?!\s*\n)|exceed(?:s|ed|ing)?|above|below|under|no more than|no less than)\b"
)
_NUMBER = re.compile(
    rf"\d[\d,.]*(?:\s?[%‰万亿])?|(?<![第哪每某数这那另]){_NUMERAL}{_COUNTER}|\b(?:{EN_WORD})\b(?! by one)"
)
# What stands right before a period or a name is a part of it that was not understood: 一 of 一二季度.
_BROKEN_OFF = re.compile(rf"(?<![统唯之第同其专单万]){_NUMERAL}(?=\n)")
# A side of a period that nothing else has read, or only about when: after March 2025, 2024年以后, early 2025.
_SIDE = re.compile(
    r"\b(?:before|(?<!'m )(?<!\bam )(?<!'re )(?<!\bare )(?<!'s )(?<!\bis )after|prior to|(?:later|earlier) than|ahead of|beyond|early|late|around|circa)(?: the| in)?(?: end of)? ?(?=\n)|(?<=\n)(?:前后(?![两二三四])|左右|之[前后]|以[前后]|[前后](?=的|,|$|\n|发|新|开|到|办|投|产|累))"
)
_HARMLESS = re.compile(
    r"一[个家名位户笔次年季月天日周]|(?:19|20)\d\d|\bone\b|\bsingle\b|第一(?:步|个|行|列)|\d+[.、)]\s*$"
)
_SUM = re.compile(r"合计|总计|共计|加起来|总和|之和|\b(?:in all|summed|added up|combined|altogether|grand total)\b")
_DENIED_NAME = re.compile(
    r"(?:(?<![除无])非|(?<![要差是])不|(?<!有)没有?|未|无|不是|不属于|并非|\bnon[- ]?|\bnot |\bno |\bwithout (?:any )?|\bnever )$"
)
# "loans not NPLs" is no ratio of NPLs to loans.
_DENIES_WITHIN = re.compile(r"\b(?:not|never|without|excluding|except)\b|不是|而非")
_LISTED_BEFORE = re.compile(
    r"(?:^|[^㐀-鿿])(?P<name>[㐀-鿿]{2,4}|[a-z][a-z'-]+)\s*(?:和|、|与|及|以及|,|，|&|,? and|,? or)\s*(?:the )?$"
)
_LISTED_AFTER = re.compile(
    r"\s*(?:和|、|与|及|以及|&|,? and)\s*(?:the )?(?P<name>[㐀-鿿]{2,4}?(?=的|分行|支行|存|贷|不良|$)|[a-z][a-z'-]+)"
)
_EACH_KIND = re.compile(r"各[类种档]$")
_FROM_WHEN = re.compile(
    r"[初末底]|以来|至今(?!为止)|自|起|同期|\b(?:since|start|beginning|end|same|to[- ]date|ago|earlier|before|prior|previous|last)\b"
)
_PAST_YEAR = re.compile(r"(?:the )?(?:last|previous|prior|preceding) year")
_COUNTED_TIME = re.compile(rf"\d|[二两三四五六七八九十百]|\b(?:{EN_WORD})\b")
_ASKS = re.compile(r"多少|几[个家户笔名位张]|\bhow (?:much|many)\b|\bwhat (?:is|are|was|were)\b|是什么|\bwhat's\b")
_CLAUSE = re.compile(r"[,，;；。?？]|\band\b(?= (?:how|what))")


def untold(
    folded: Folded, claimed: Iterable[Span], counts: Iterable[int], *, is_dated: bool = False
) -> tuple[str, ...]:
    """What of `folded` changes a number and stands in no `claimed` span, in order, each once. `counts`: how many values or
    groups were named; 两家 beside two branches says nothing more. `is_dated`: a period limits when the things began or end.
    """
    spans = list(claimed)
    known = set(counts)
    letters = "".join(
        "\n" if any(s.start <= start < s.end for s in spans) else letter
        for letter, start in zip(folded.text, folded.starts, strict=True)
    )
    found = [
        (m.start(), m[0]) for m in _NEVER_DONE.finditer(folded.text) if not (is_dated and _is_dated(folded, m, spans))
    ]
    found += [(m.start(), m[0]) for m in _UNUSED.finditer(letters)]
    found += [(m.start(), m[0]) for m in _BROKEN_OFF.finditer(letters)]
    found += [(m.start(), m[0]) for m in _SIDE.finditer(letters)]
    for match in _NUMBER.finditer(letters):
        amount = re.match(rf"\d+|{_NUMERAL}|[a-z-]+", match[0])
        is_count = amount is not None and read_integer(amount[0]) in known
        if not is_count and not _HARMLESS.fullmatch(match[0]) and not _in_word(letters, *match.span()):
            found.append((match.start(), match[0]))
    kept = [
        (s, w) for s, w in found if not any(o != (s, w) and o[0] <= s and s + len(w) <= o[0] + len(o[1]) for o in found)
    ]
    return tuple(dict.fromkeys(word.strip() for _, word in sorted(kept)))


def _is_dated(folded: Folded, told: re.Match[str], spans: Iterable[Span]) -> bool:
    """Whether the 发放的 of 发放的贷款不良率, or "granted in", limits a date; after the first the noun stands free."""
    noun = told[0].find("贷款")
    if noun <= 0:
        last = folded.starts[told.end() - 1]
        return told[0].isascii() and any(s.start <= last < s.end for s in spans)
    start, end = folded.starts[told.start()], folded.starts[told.start() + noun]
    return any(s.start <= start < s.end <= end for s in spans)


def denied_names(folded: Folded, named: Iterable[NameMention | ValueMention]) -> tuple[str, ...]:
    """非不良贷款, "non-overdue loans", 无抵押贷款: what denies a name and is not understood as leaving it out."""
    found = []
    for mention in named:
        start = next((i for i, at in enumerate(folded.starts) if mention.span and at >= mention.span.start), 0)
        if denial := _DENIED_NAME.search(folded.text[:start]):
            found.append(denial[0].strip())
        if (
            isinstance(mention, NameMention)
            and mention.span
            and (inner := _DENIES_WITHIN.search(_said(folded, mention.span)))
        ):
            found.append(inner[0])
    return tuple(dict.fromkeys(found))


def beside_values(folded: Folded, values: Iterable[ValueMention], claimed: Iterable[Span]) -> tuple[str, ...]:
    """成都 of 成都和上海, where only 上海 is known: what is listed with a value is a name too."""
    spans = list(claimed)
    found = []
    for value in values:
        start = next((i for i, at in enumerate(folded.starts) if at >= value.span.start), len(folded.starts))
        end = next((i for i, at in enumerate(folded.starts) if at >= value.span.end), len(folded.starts))
        for match in (_LISTED_BEFORE.search(folded.text[:start]), _LISTED_AFTER.match(folded.text, end)):
            if match is None or match["name"] in ENGLISH or is_plain(match["name"]):
                continue
            span = folded.span(*match.span("name"))
            if not any(s.start < span.end and span.start < s.end for s in spans):
                found.append(match["name"])
    return tuple(dict.fromkeys(found))


def rates_of(folded: Folded, named: Iterable[NameMention], catalog: Catalog) -> tuple[str, ...]:
    """净利润率: 率 right after a name that is no ratio makes it another measure."""
    found = []
    for mention in named:
        end = next((i for i, at in enumerate(folded.starts) if mention.span and at >= mention.span.end), 0)
        if end and folded.text[end : end + 1] in ("率", "度") and not catalog.metrics[mention.name].is_ratio_unit:
            assert mention.span
            start = folded.starts.index(mention.span.start)
            found.append(folded.text[start : end + 1])
    return tuple(found)


def each_before(folded: Folded, name: Span) -> Span | None:
    """各类 right before a dimension's name, which it groups by."""
    start = next((i for i, at in enumerate(folded.starts) if at >= name.start), len(folded.starts))
    match = _EACH_KIND.search(folded.text[:start])
    return folded.span(*match.span()) if match else None


def timeless(folded: Folded, periods: Sequence[Period], today: date) -> list[Span]:
    """Words of time that name no period of their own (当月); one with a number that no period uses (两年期) is left out."""
    return [
        span
        for span in time_spans(folded, today)
        if any(overlaps(span, p.span) for p in periods) or not _COUNTED_TIME.search(_said(folded, span))
    ]


def unused_times(folded: Folded, used: Iterable[Span], today: date, periods: Iterable[Period] = ()) -> tuple[str, ...]:
    """Words that say from or up to when, and that no finding holds: "since the start of the year" beside another period.
    "Last year, from Q1 to Q2" says which year's parts the `periods` are.
    """
    kept = list(used)
    years = {p.first[:4] for p in periods if p.grain != "year"}
    words = (_said(folded, span) for span in time_spans(folded, today) if not any(overlaps(span, k) for k in kept))
    return tuple(
        word
        for word in words
        if _FROM_WHEN.search(word) and not (_PAST_YEAR.fullmatch(word) and str(today.year - 1) in years)
    )


def dated_again(folded: Folded, periods: Iterable[Period]) -> tuple[str, ...]:
    """ "Loans granted in May and what was outstanding at the end of May": a time that limits a date, and is said again as
    when the figure stands, which one reading of it leaves out.
    """
    told = []
    for period in periods:
        said = re.escape(_said(folded, period.span))
        again = re.compile(rf"\b(?:end of|end-|as at|as of) (?:the )?{said}\b|{said}[末底]")
        told += [match[0] for match in again.finditer(folded.text) if period.dimension and said]
    return tuple(told)


def _said(folded: Folded, span: Span) -> str:
    return "".join(c for c, start in zip(folded.text, folded.starts, strict=True) if span.start <= start < span.end)


def summed_up(
    folded: Folded,
    named: Iterable[NameMention],
    grains: Sequence[NameMention],
    periods: Sequence[Period],
    catalog: Catalog,
) -> tuple[str, ...]:
    """合计 beside each month, or over several periods of a balance: rows and their sum are two things, and a sum of balances
    is none.
    """
    stock = any(is_stock(catalog.metrics[m.name], catalog) for m in named)
    several = len(periods) > 1 or any(p.first != p.last for p in periods)
    if not grains and len(periods) < 2 and not (stock and several):
        return ()
    return tuple(dict.fromkeys(match[0] for match in _SUM.finditer(folded.text)))


def asked_clauses(folded: Folded) -> tuple[str, ...]:
    """The clauses of a question that each ask how much of something."""
    return tuple(clause.strip() for clause in _CLAUSE.split(folded.text) if _ASKS.search(clause))


def _in_word(text: str, start: int, end: int) -> bool:
    """Whether a number is part of a name written with letters (R3, Q1)."""
    return bool(start and text[start - 1].isascii() and (text[start - 1].isalnum() or text[start - 1] == "-")) or bool(
        end < len(text) and text[end - 1].isdigit() and text[end].isascii() and text[end].isalpha()
    )
