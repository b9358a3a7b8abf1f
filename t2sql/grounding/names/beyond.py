"""Words that make another measure of a name than the name's own: the *yield* on loans, *written-off* loans, 核销的贷款.

Each is common banking for a figure of its own. Where no name of the catalog says it, it is told, wherever it stands.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from t2sql.catalog import Catalog
from t2sql.flow import NameMention, Span
from t2sql.grounding.settling import offset
from t2sql.grounding.words.text import Folded

_BEYOND = re.compile(
    r"\byields?\b(?! to\b)|\b(?:written|wrote|writing|write|charged|charge|charging)[ -](?:offs?|downs?)\b|\b(?:write|charge)-?offs?\b|\b(?:restructured|rescheduled|renegotiated|securiti[sz]ed|forborne|forbearance|evergreened)\b"
    r"|\b(?:interest|lending|deposit|loan|rate|credit|pricing) spreads?\b|\b(?:undrawn|unused|unutili[sz]ed|uncommitted|available|headroom)\b(?=.{0,24}\b(?:limits?|lines?|commitments?|facilit|credit))"
    r"|\b(?:accrued|unearned|deferred|suspended)\b|\b(?:prepaid|prepayments?|early repayments?)\b|\b(?:rolled over|rollovers?|roll-?overs?|renewed|renewals?)\b|\b(?:approved|approvals?|rejected|declined|turned down)\b(?= (?:loans?|mortgages?|applications?|cards?|credit|rates?))|\b(?:loans?|mortgages?|cards?) (?:approved|rejected|turned down)\b"
    r"|核销|重组贷款|展期|续贷|(?:存贷|利率)?利差(?!收入)|生成率|未使用额度|剩余额度|可用额度|未动用"
)

_SHARE_OF = re.compile(
    r"\b(?:share|proportion|percentage|per ?cent|%|fraction|portion|part) of (?:the |our |all |total )*$"
)
_IS_PART = re.compile(r"\b(?:is|are|was|were)\b")
_PER_BRANCH = re.compile(r"\bper (?:sub-? ?)?branch$|每一?个(?:网点|支行|分行)|^每家?(?:支行|分行)")
_MEAN = re.compile(
    r"\b(?:average|averages|averaged|avg|mean|highest|lowest|most|least|best|worst|top|bottom|largest|smallest|rank\w*|whole bank|bank-?wide|overall)\b|平均|均|最"
)


def beyond(folded: Folded, claimed: Iterable[Span]) -> tuple[str, ...]:
    """Such words of a question that no finding holds."""
    spans = list(claimed)
    return tuple(
        dict.fromkeys(
            match[0]
            for match in _BEYOND.finditer(folded.text)
            if not any(s.start <= folded.starts[match.start()] < s.end for s in spans)
        )
    )


def two_ways(
    folded: Folded, named: Sequence[NameMention], dimensions: Sequence[NameMention], catalog: Catalog
) -> tuple[str, ...]:
    """Stretches that say two things in equal right: "deposits per branch" is a mean and a row each, loans/deposits a list
    and a ratio.
    """
    told = []
    placed = sorted((m for m in named if m.span), key=lambda m: m.span.start if m.span else 0)
    for mention in placed:
        assert mention.span
        said = folded.text[offset(folded, mention.span.start) : offset(folded, mention.span.end)]
        per = _PER_BRANCH.search(said)
        share = _SHARE_OF.search(folded.text[: offset(folded, mention.span.start)])
        if share and _IS_PART.search(said) and not catalog.metrics[mention.name].is_ratio_unit:
            # Deposits in Shanghai that are time deposits: a whole and its part, run together to one name.
            told.append(share[0].strip())
        if per and catalog.metrics[mention.name].denominator and not dimensions and not _MEAN.search(folded.text):
            told.append(per[0])
    for one, other in pairwise(placed):
        assert one.span and other.span
        start, end = offset(folded, one.span.end), offset(folded, other.span.start)
        is_ratio = any((m.numerator, m.denominator) == (one.name, other.name) for m in catalog.metrics.values())
        if is_ratio and folded.text[start:end] == "/" and not any(m.name not in (one.name, other.name) for m in placed):
            told.append(folded.text[offset(folded, one.span.start) : offset(folded, other.span.end)])
    return tuple(told)
