"""The mean of one thing, asked with the thing in words of its own: "on average how big was each new loan we granted",
平均一个网点有多少存款, "how much does the average depositor keep with us".

Only where the catalog has the ratio of the amount to the count of just that thing; any other mean is told elsewhere.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterator

from t2sql.catalog import Catalog, Metric
from t2sql.flow import NameMention, Span
from t2sql.grounding.settling import offset
from t2sql.grounding.words.text import Folded

_THINGS = {
    "网点": (r"(?:sub-?branch(?:es)?|outlets?|branch outlets?)", "网点"),
    "户": (
        r"(?:customers?|clients?|depositors?|borrowers?|savers?|households?)",
        "(?:贷款|存款|借款|零售)?(?:客户|储户|户)",
    ),
    "笔": (
        r"(?:(?:new |individual |single |card )?(?:loans?|mortgages?|disbursements?|purchases?|transactions?|swipes?|tickets?))",
        "(?:新发放?的?|新放的?)?(?:贷款|交易|消费)",
    ),
}
_ONE_ZH = r"(?:平均(?:下来|算下来|来看|而言|每|一|到)*(?:个|家|户|位|笔)?|(?:每|一)(?:个|家|户|位|笔)(?=.{0,10}平均)|单(?:个|户|笔)平均)"
_ON_AVERAGE = r"(?:on average|an average of|average|typically)"
_MEANS = {
    unit: re.compile(
        rf"{_ONE_ZH}(?P<zh>{zh})(?:上|里|手上|手里|名下)?(?:平均)?(?:有|是|能?揽|能?吸收|放|贷|存|欠|刷|花)?了?(?=多少|.{{0,8}}(?:多少|多大|几))"
        rf"|\b{_ON_AVERAGE},? (?:how (?:big|large|much|high|many)) (?:was|is|were|are|does|do|did|has|have)?\s*(?:each|every|a|an|one|the)?(?: individual| single)? ?(?P<one>{en})\b(?: that)?(?: we| the bank)?(?: (?:granted|lent|made|gave|disbursed|originated|issued|booked|wrote))?"
        rf"|\bhow (?:big|large|much|high) (?:on average )?(?:was|is|were|are|does|do|did|has|have) (?:the |an |our )?(?:average|typical|mean) (?P<two>{en})\b(?: that)?(?: we| the bank)?(?: (?:granted|lent|made|gave|disbursed|originated|issued|booked|wrote))?"
        rf"|\bhow (?:big|large|high) (?:was|is|were|are) (?:each|every|an?|one|the) (?P<three>{en})\b(?: that)?(?: we| the bank)?(?: (?:granted|lent|made|gave|disbursed|originated|issued|booked|wrote))?(?=[^;?]*\b(?:on average|averaging)\b)"
    )
    for unit, (en, zh) in _THINGS.items()
}
_TAIL = re.compile(r"[^,;.?!]*?\b(?P<mean>on average|on avg)\b")


def as_means(folded: Folded, said: tuple[NameMention, ...], catalog: Catalog) -> tuple[NameMention, ...]:
    """`said`, with an amount that is asked of one such thing as the ratio of the two."""
    for unit, pattern in _MEANS.items():
        match = pattern.search(folded.text)
        if match is None or any(catalog.metrics[m.name].denominator for m in said):
            continue
        made = [(m, ratio) for m in said if m.span for ratio in _ratios(m, unit, catalog)]
        if len(made) != 1:
            continue
        amount, ratio = made[0]
        assert amount.span
        first = NameMention(folded.span(*match.span()), "metric", ratio.name, 1.0)
        others = [m for m in said if m is not amount and not (m.span and _meet(m.span, first.span))]
        apart = () if _meet(amount.span, first.span) else (NameMention(amount.span, "metric", ratio.name, 1.0),)
        whole = first if apart else NameMention(_joined(first.span, amount.span), "metric", ratio.name, 1.0)
        tail = (
            _TAIL.match(folded.text, offset(folded, whole.span.end))
            if whole.span and "average" not in match[0]
            else None
        )
        after = (NameMention(folded.span(*tail.span("mean")), "metric", ratio.name, 1.0),) if tail else ()
        others = [m for m in others if catalog.metrics[m.name].unit != "count"]
        return (*others, whole, *apart, *after)
    return said


def _ratios(mention: NameMention, unit: str, catalog: Catalog) -> Iterator[Metric]:
    return (m for m in catalog.metrics.values() if m.numerator == mention.name and (m.unit or "").endswith(f"/{unit}"))


def _meet(one: Span, other: Span | None) -> bool:
    return other is not None and one.start < other.end and other.start < one.end


def _joined(one: Span | None, other: Span) -> Span:
    return Span(min(one.start, other.start), max(one.end, other.end)) if one else other
