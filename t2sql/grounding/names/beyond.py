"""Words that make another measure of a name than the name's own: the *yield* on loans, *written-off* loans, 核销的贷款.

Each is common banking for a figure of its own. Where no name of the catalog says it, it is told, wherever it stands.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterable

from t2sql.flow import Span
from t2sql.grounding.words.text import Folded

_BEYOND = re.compile(
    r"\byields?\b(?! to\b)|\b(?:written|wrote|writing|write|charged|charge|charging)[ -](?:offs?|downs?)\b|\b(?:write|charge)-?offs?\b|\b(?:restructured|rescheduled|renegotiated|securiti[sz]ed|forborne|forbearance|evergreened)\b"
    r"|\b(?:interest|lending|deposit|loan|rate|credit|pricing) spreads?\b|\b(?:undrawn|unused|unutili[sz]ed|uncommitted|available|headroom)\b(?=.{0,24}\b(?:limits?|lines?|commitments?|facilit|credit))"
    r"|\b(?:accrued|unearned|deferred|suspended)\b|\b(?:prepaid|prepayments?|early repayments?)\b|\b(?:rolled over|rollovers?|roll-?overs?|renewed|renewals?)\b|\b(?:approved|approvals?|rejected|declined|turned down)\b(?= (?:loans?|mortgages?|applications?|cards?|credit|rates?))|\b(?:loans?|mortgages?|cards?) (?:approved|rejected|turned down)\b"
    r"|\bspreads? (?:on|between|over (?:the )?(?:lpr|shibor|benchmark|policy|cost|deposits?|funding))\b|\breturns? (?:on|from)\b|毛利|(?:营业|经营|税前|拨备前|拨前)利润|利润总额"
    r"|(?:(?<=deposits )|(?<=deposit )|(?<=funds ))(?:raised|taken(?: in)?|gathered|brought in|mobili[sz]ed|won|added|placed|booked)\b(?= (?:in|during|this|last|over|since|for|by|so far)\b)"
    r"|\b(?:after|net of) (?:all |the |our |any )?(?:costs?|expenses?|tax(?:es)?)\b|核销|重组贷款|展期|续贷|(?:存贷|利率)?利差(?!收入)|生成率|未使用额度|剩余额度|可用额度|未动用"
)


def beyond(folded: Folded, claimed: Iterable[Span]) -> tuple[str, ...]:
    """Such words of a question that no finding holds."""
    spans = list(claimed)
    return tuple(
        dict.fromkeys(
            match[0]
            for match in _BEYOND.finditer(folded.text)
            if not all(
                any(s.start <= folded.starts[at] < s.end for s in spans) for at in (match.start(), match.end() - 1)
            )
        )
    )
