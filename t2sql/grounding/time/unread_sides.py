"""A word before a period that opens or closes a stretch, or takes a part of it, and that no rule has read: told back.

"from April", "up to March 2025" and "the first week of June" are other stretches than the period itself.
"""

# ruff: noqa: E501
# A pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Sequence

from t2sql.flow import Period, Span
from t2sql.grounding.time.against_now import bare_base
from t2sql.grounding.words.text import Folded

_SIDE = re.compile(
    r"\b(?:(?P<w>from|starting|beginning|commencing|each|every)(?: in| on| from)?|(?P<u>until|till|up to|through|thru)(?: and including)?)(?: the)?(?: end of)? $"
)
_PART = re.compile(
    r"\b(?P<w>(?:first|second|third|fourth|last|final|opening|closing|middle|early|mid|late|latter) (?:\w+ )?(?:week|weeks|weekend|fortnight|half|third|part|ten days|days))(?: of| in)(?: the)?(?: month of)? $"
)
_PART_ZH = re.compile(
    r"的?(?P<w>(?:第?[一二三四1-4]|最后一?|头一?|首)个?(?:周|星期)|[上下]半月|[前后]半(?:个?月|段)|[前后][一二两三五十\d]+[天日])(?!度)"
)
# An opening with nothing that says of what year, quarter or month; and one that is listed with its close.
_OPENING = re.compile(
    r"\b(?P<both>(?:start|beginning|opening|begin) (?:and|to|&|versus|vs) (?:the )?(?:end|close|closing))\b|(?P<start>\b(?:start|beginning|opening|begin) of (?:the |this |each |every )?(?:quarter|month|half|period)\b|(?<![\d年上下本个较比])(?:月初|季初|期初)(?!余额|数|以来|至今|到))"
)
_AND_THEN = re.compile(
    r"(?<=[,，。;；?？])\s*(?:去年|上年|前年|20\d\d年)(?:的)?呢|(?<=[,;?]) ?(?:and|what about|how about) (?:last year|20\d\d)\s*(?=\?|$)"
)
_RELATIVE = re.compile(r"^(?:the )?(?:last|this|previous|prior|current|past|next)\b")


def unread_sides(folded: Folded, periods: Sequence[Period], names: Sequence[Span] = ()) -> tuple[str, ...]:
    """The words, in the order of the periods; () where each period is the stretch that the words mean. What stands in
    `names` is a part of a name: the 比 of 拨贷比.
    """
    told: list[str] = [
        match[0].strip()
        for match in _OPENING.finditer(folded.text)
        if not any(
            p.span.start < folded.span(*match.span()).end
            and folded.span(*match.span()).start < p.span.end
            and match.lastgroup != "both"
            for p in periods
        )
    ]
    singles = [period for period in periods if not period.dimension]
    if any(period.grain != "year" for period in singles):
        # 今年上半年多少，去年呢: last year's half, or last year?
        told += [match[0].strip() for match in _AND_THEN.finditer(folded.text)]
    for period in singles:
        if period.first != period.last or period.grain not in ("month", "quarter", "half", "day"):
            continue
        start = next((at for at, place in enumerate(folded.starts) if place >= period.span.start), 0)
        end = next((at + 1 for at, place in enumerate(folded.ends) if place >= period.span.end), len(folded.text))
        before, said = folded.text[:start], folded.text[start:end]
        side = _SIDE.search(before)
        # Each quarter-end of several: the stretch is all of them.
        is_each = side and side["w"] in ("each", "every") and sum(p.span == period.span for p in singles) > 1
        if side and not is_each and not (side["w"] == "from" and (len(singles) > 1 or _RELATIVE.match(said))):
            told.append(side["w"] or side["u"])
        is_named = any(name.end == period.span.start for name in names)
        if len(singles) == 1 and not is_named and (base := bare_base(folded, period)):
            told.append(base)
        part = _PART.search(before) or (_PART_ZH.match(folded.text, end) if period.grain == "month" else None)
        if part and period.grain in ("month", "quarter"):
            told.append(part["w"])
    return tuple(dict.fromkeys(told))
