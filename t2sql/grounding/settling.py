"""Settles what findings mean beside each other: a cue that another finding has used up, a currency that is only a unit,
two metrics whose ratio is itself defined. Adds nothing that the text does not say.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from t2sql.catalog import Catalog, Metric
from t2sql.flow import NameMention, Period, Quantity, Span, ValueMention
from t2sql.grounding.words.lexicon import loosen
from t2sql.grounding.words.text import Folded, fold
from t2sql.metric_names import datasets_of, is_stock

_WORST_OR_BEST = re.compile(r"最[好差优]|\b(?:best|worst|weakest|strongest)\b")
_RANK_NUMBER = re.compile(
    r"第几|名次|位次|几名|\b(?:what|which|whose) (?:is the |is its |is their )?rank|\brank (?:of|does|is)|\brank among|where .* rank"
)
_AS_UNIT = re.compile(
    r"(?:折合?|折算|换算|计价|转换|兑换?|等值)(?:成|为|至|到)?$|[\d万亿千百十几多]\s*$"
    r"|\b(?:million|billion|thousand|trillion|mn|bn|k|m|b)\s*$|(?:单位[是为:]?|以|用)$|[(（]\s*$"
)
_BEFORE_NUMBER = re.compile(r"\s*[\d.]|\s*(?:计|口径|元(?!存|贷)|million|billion|equivalent|terms)|[)）]")
_AS_VALUE = re.compile(
    r"(?:币种|货币|币别)(?:为|是|=|:)?\s*$|\bcurrency (?:is |= ?|of )?$|\bdenominated in $|(?:只看|仅|只算)$"
)
_NAMES_BOOK = re.compile(r"\s*(?:计价|denominated)")
LIST_GAP = re.compile(r"\s*(?:和|、|及|与|以及|或|,|/|and|or|vs\.?|versus|对比|,\s*and|&)\s*(?:the )?")
_PART_TOO = re.compile(
    r"[,，、;；:和及与]\s*(?P<part>其中的?)$|\b(?P<part_en>of which|and (?:of which|the part(?: of it)?|the portion|how much of (?:it|that|them|this|which)))(?: that)?(?: (?:is|are|was|were|held|in|on|as|from|to|with|by|made|lent))*(?: the)? $"
)
_TO_NOUN = re.compile(r"[\s-]*(?:的|计价的?)?\s*")


def settle_comparisons(
    text: str,
    comparisons: tuple[NameMention, ...],
    periods: tuple[Period, ...],
    quantities: tuple[Quantity, ...],
    metric: Metric | None,
) -> tuple[NameMention, ...]:
    """年累计 that made a cumulative period, and 排名 that only asks for an order, ask for nothing more; a percentage of a
    ratio is only how it is written.
    """
    is_number_asked = bool(_RANK_NUMBER.search(text)) and not any(q.kind == "limit" for q in quantities)
    is_ratio = bool(metric and metric.is_ratio_unit)
    return tuple(
        c
        for c in comparisons
        if not (
            c.name == "ytd"
            and any(
                p.is_cumulative
                or (_is_summed(text, c) and p.first != p.last)
                or (p.first.endswith("-H1") and _is_sum_of(text, c, p))
                for p in periods
            )
        )
        and not (c.name.startswith("mean_") and metric and metric.window_choice == "avg")
        and not (c.name == "rank" and not is_number_asked)
        and not (c.name == "share" and is_ratio and len(comparisons) == 1 and _is_form(text, c))
    )


def _is_summed(text: str, mention: NameMention) -> bool:
    """近12个月累计: no more than the sum over the months that were said."""
    return mention.span is not None and text[mention.span.start : mention.span.end] == "累计"


def _is_sum_of(text: str, mention: NameMention, period: Period) -> bool:
    """上半年累计: the sum over the half that it follows."""
    return bool(
        mention.span and mention.span.start <= period.span.end and text[period.span.end : mention.span.end] == "累计"
    )


def _is_form(text: str, mention: NameMention) -> bool:
    return bool(
        mention.span and re.search(r"per ?cent|%|percentage", text[mention.span.start : mention.span.end].lower())
    )


def direct(text: str, quantity: Quantity, metric: Metric | None) -> Quantity:
    """最差 of a metric where up is bad means the largest, best the smallest."""
    if quantity.kind in ("limit", "order") and metric and metric.direction == "down_is_good":
        said = fold(text[max(0, quantity.span.start - 1) : quantity.span.end]).text
        if _WORST_OR_BEST.search(said):
            return replace(quantity, descending=not quantity.descending)
    return quantity


def without_units(
    folded: Folded,
    catalog: Catalog,
    values: tuple[ValueMention, ...],
    nouns: Iterable[Span],
    groups: Iterable[str] = (),
) -> tuple[ValueMention, ...]:
    """折人民币, in RMB and CNY 3 billion say a unit; only 人民币存款 and "RMB deposits" name the reporting currency's book,
    and not where every currency is a row of its own (`groups`: dimensions grouped by).
    """
    home = catalog.rates.reporting_currency if catalog.rates else ""
    starts = {span.start for span in nouns}
    rows = set(groups)
    return tuple(
        v for v in values if v.value != home or (v.dimension not in rows and _names_book(folded, v, values, starts))
    )


def _names_book(folded: Folded, value: ValueMention, values: Sequence[ValueMention], nouns: set[int]) -> bool:
    text, start, end = folded.text, offset(folded, value.span.start), offset(folded, value.span.end)
    before, after = text[:start], text[end:]
    if _AS_VALUE.search(before) or _NAMES_BOOK.match(after):
        return True
    if _AS_UNIT.search(before) or _BEFORE_NUMBER.match(after):
        return False
    for other in values:
        if other.dimension == value.dimension and other.value != value.value:
            first, second = sorted((value.span, other.span), key=lambda s: s.start)
            if LIST_GAP.fullmatch(text[offset(folded, first.end) : offset(folded, second.start)]):
                return True
    gap = _TO_NOUN.match(after)
    following = end + (gap.end() if gap else 0)
    return following < len(folded.starts) and folded.starts[following] in nouns


# Asks only how many, of what is named elsewhere: 活跃客户数…变动多少户.
_COUNTER = re.compile(r"(?:一?共|总共|有|拢共)*(?:多少|几)[户个名位人张]|how many(?: of them)?")
_OF = re.compile(r"[^,.;，。；、]{0,24}?(?:\b(?:of|for|among|from|in|at|held by)\b|的)[^,.;，。；、]{0,24}")
_MONEY = re.compile(r"多少(?:钱|元|万|亿|金额)|\bhow much\b|\bamount of money\b")
_FOR = re.compile(r"(?:^|[,;:.] ?)(?:for|among|amongst|across) (?:our |the |all )?$")
_HOLDING = re.compile(r"\b(?:hold|holds|held|have|has|had|own|owns|owe|owes|keep|keeps|kept)\b.*$")
_COUNTS = re.compile(r"数|量|多少|几|\b(?:number|count|how many|total)\b")


def without_population(folded: Folded, named: tuple[NameMention, ...], catalog: Catalog) -> tuple[NameMention, ...]:
    """ "NPL ratio of real estate borrowers", 贷款客户的不良率: whom a metric is about, said by the name of their count.

    Where money is asked for (客户刷卡刷了多少钱) nobody asks how many they are; a mere counter (多少户) counts what is named.
    """
    counts = [m for m in named if catalog.metrics[m.name].unit == "count" and not _COUNTER.fullmatch(_said(folded, m))]
    if counts:
        named = tuple(m for m in named if not m.span or not _COUNTER.fullmatch(_said(folded, m)))
    if _MONEY.search(folded.text):
        named = tuple(
            m
            for m in named
            if catalog.metrics[m.name].unit != "count" or _COUNTS.search(_HOLDING.sub("", _said(folded, m)))
        )
    people = {
        m
        for m in named
        for other in named
        if m is not other
        and m.span
        and other.span
        and m.score == 1.0
        and catalog.metrics[m.name].unit == "count"
        and catalog.metrics[other.name].unit != "count"
        and not _COUNTS.search(_said(folded, m))
        and (
            (
                _OF.fullmatch(_between(folded, m.span, other.span))
                and (m.span.start > other.span.start) == _said(folded, m).isascii()
            )
            or _is_lead(folded, m.span, other.span)
        )
    }
    return tuple(m for m in named if m not in people)


def _is_lead(folded: Folded, people: Span, other: Span) -> bool:
    """ "For new customers, deposit balance": whom it is about, said first."""
    before = folded.text[: offset(folded, people.start)]
    return (
        people.end <= other.start
        and bool(_FOR.search(before))
        and bool(re.match(r",", _between(folded, people, other)))
    )


def qualifiers(
    folded: Folded, everybody: tuple[NameMention, ...], kept: tuple[NameMention, ...], catalog: Catalog
) -> tuple[str, ...]:
    """People that a metric was said to be about, where leaving them out would answer about others too: 活跃客户的存款."""
    asked = {dataset for m in kept for dataset in datasets_of(catalog.metrics[m.name], catalog)}
    told = []
    for mention in everybody:
        metric = catalog.metrics[mention.name]
        is_holder = mention.span is not None and bool(_HOLDING.search(_said(folded, mention)))
        is_all = datasets_of(metric, catalog) <= asked or (is_holder and _is_everybody(metric, catalog))
        harmless = not metric.filter and metric.type == "simple" and is_all
        if mention not in kept and mention.span and not harmless and metric.unit == "count":
            told.append(_said(folded, mention))
    return tuple(told)


def _is_everybody(metric: Metric, catalog: Catalog) -> bool:
    """Whether a count is of all there are, and not of those who hold one thing, or came or left."""
    own = datasets_of(metric, catalog)
    holds = any(
        m.unit == "CNY" and m.type == "simple" and datasets_of(m, catalog) == own for m in catalog.metrics.values()
    )
    return is_stock(metric, catalog) and not metric.filter and not holds


def parts_beside(folded: Folded, named: Iterable[NameMention], values: Iterable[ValueMention]) -> tuple[str, ...]:
    """其中 of 存款总额、其中定期, "of which" right before a value that follows a metric: the whole and its part are asked."""
    ends = [m.span.end for m in named if m.span]
    told = []
    for value in values:
        part = _PART_TOO.search(folded.text[: offset(folded, value.span.start)])
        if part and any(end <= folded.starts[part.start("part" if part["part"] else "part_en")] for end in ends):
            told.append(part["part"] or part["part_en"])
    return tuple(dict.fromkeys(told))


def _said(folded: Folded, mention: NameMention) -> str:
    assert mention.span
    return folded.text[offset(folded, mention.span.start) : offset(folded, mention.span.end)]


def _between(folded: Folded, one: Span, other: Span) -> str:
    first, second = sorted((one, other), key=lambda s: s.start)
    return folded.text[offset(folded, first.end) : offset(folded, second.start)]


def offset(folded: Folded, original: int) -> int:
    """Offset in the folded text of an offset in the original."""
    return next((i for i, start in enumerate(folded.starts) if start >= original), len(folded.starts))


def key(text: str) -> str:
    """Folded, with joiners as blanks."""
    return loosen(fold(text).text)


def without_spans(text: str, spans: list[Span]) -> str:
    """`text` with the spans blanked, for a search by meaning."""
    letters = list(text)
    for span in spans:
        letters[span.start : span.end] = " " * (span.end - span.start)
    return " ".join("".join(letters).split())


def masked(folded: Folded, spans: list[Span]) -> str:
    """The folded text with the spans blanked, offsets kept."""
    return "".join(
        " " if any(s.start <= start < s.end for s in spans) else letter
        for letter, start in zip(folded.text, folded.starts, strict=True)
    )
