"""A share whose part stands apart from its whole: "What proportion of card spend in Q2 was online?", "how much of their limit
on gold cards are customers using", "loans late by more than 90 days".

Only where the whole and the part make one ratio of the catalog; the share of a plain value stays a comparison.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Sequence

from t2sql.grounding.names.paraphrases import Paraphrases
from t2sql.grounding.names.phrasing import RATIOS, canonical
from t2sql.grounding.words.thesaurus import LIGHT, MEASURE, QUALITY

Found = tuple[int, int, str, float]
PARTLY = 1.0
_PART = re.compile(
    r"\b(?:(?:what|which|how (?:big|large|high) an?) (?:share|proportion|percentage|per ?cent|%|fraction|portion|part)|how much|to what extent) (?:of )?(?=[a-z])"
)
_AMOUNT = "how much"
IN_PERCENT = re.compile(r"\b(?:in|as an?|by) (?:per ?cent(?:age)?|%|share|proportion)(?![a-z])|\bpercentage-?wise\b")
_CLAUSE_END = re.compile(r"[;:.?!](?!\d)|, (?:and|but|plus) |\band (?:what|how|which)\b")
_IS = re.compile(
    r"\b(?:is|are|was|were|has been|have been|had been|did|do|does|took|take|takes|went|go|goes|came|come|comes|made|has|have|they|we|customers|clients|cardholders)\b"
)
_LATE = re.compile(
    r"(?P<gap>[^,.;?!]{0,24}?)\b(?P<days>(?:by |for |at )?(?:more than|over|beyond|exceeding|above|longer than|in excess of|greater than|>) ?(?:90|ninety|three|3)(?: |-)?(?:calendar )?(?:d|days?|months?)\b|(?:by |for )?90 ?\+ ?(?:d\b|days?\b)|(?:by |for )?90 days (?:or more|plus|and above|and over|or longer))"
)
_IS_ELSE = re.compile(r"\b(?:and|or|vs|versus|with|to|less|not)\b")
_DAYS_OF = re.compile(r"(?:90|ninety)\D*d|(?:three|3)\D*m")


def with_parts(text: str, hits: Sequence[Found], names: Paraphrases) -> list[Found]:
    """`hits` (start, end, metric, score) of a folded text, with each whole of which a part is asked as that ratio."""
    found = _long_overdue(text, list(hits), names)
    for asks in _PART.finditer(text):
        stop = _CLAUSE_END.search(text, asks.end())
        end = stop.start() if stop else len(text)
        inside = sorted(h for h in found if asks.end() <= h[0] and h[1] <= end)
        if not inside or any(h[0] <= asks.start() < h[1] for h in found):
            continue
        whole = inside[0]
        is_amount = asks[0].startswith(_AMOUNT) and not IN_PERCENT.search(text)
        place = _IS.search(text, whole[1], end)
        if not place or len(text[asks.end() : whole[0]].split()) > 4:
            continue
        made = _ratio(text, whole, place.end(), end, names, is_amount=is_amount)
        if made is None:
            continue
        name, (first, last) = made
        taken = [h for h in inside if (h[0] < last and first < h[1]) or h == whole]
        if len(inside) > len(taken):
            continue
        found = [h for h in found if h not in taken]
        found += [(asks.start(), whole[1], name, PARTLY), (first, last, name, PARTLY)]
        form = IN_PERCENT.search(text, last)
        found += [(*form.span(), name, PARTLY)] if form else []
    return found


def _ratio(
    text: str, whole: Found, start: int, end: int, names: Paraphrases, *, is_amount: bool
) -> tuple[str, tuple[int, int]] | None:
    """(ratio, where its part stands) for the words between two places; None where they make none, or several."""
    own = [
        frozenset(c for c in said if names.kind(c) != LIGHT and c not in RATIOS) for said in names.wholes_of(whole[2])
    ]
    tokens = [t for t in names.tokens(text) if start <= t.start and t.end <= end]
    fits: dict[str, tuple[int, int]] = {}
    for token in tokens:
        for said in token.said:
            part = frozenset(said)
            is_usage = "usage" in part or bool(part & {"coverage"})
            if not part or (is_amount and not is_usage) or any(names.kind(c) == LIGHT for c in part):
                continue
            if not all(names.kind(c) in (QUALITY, MEASURE) or c in ("fee", "npl") for c in part):
                continue
            for core in own:
                if not core:
                    continue
                for extra in ("ratio",), ():
                    called = names.saying(canonical((*core, *part, *extra)))
                    if len(called) == 1 and called[0] != whole[2] and names.is_ratio(called[0]):
                        fits.setdefault(called[0], (token.start, token.end))
    return next(iter(fits.items())) if len(fits) == 1 else None


def _long_overdue(text: str, found: list[Found], names: Paraphrases) -> list[Found]:
    """ "past due loans over 90 days": how late they are makes another metric of what is late."""
    for hit in list(found):
        late = _LATE.match(text, hit[1])
        if not late or not _DAYS_OF.search(late["days"]) or _IS_ELSE.search(late["gap"]):
            continue
        made = names.instead(hit[2], "overdue", "overdue_90")
        if len(made) == 1:
            found = [h for h in found if h != hit and (h[1] <= hit[0] or late.end() <= h[0])]
            found.append((hit[0], late.end() if not late["gap"].strip() else hit[1], made[0], PARTLY))
            if late["gap"].strip():
                found.append((late.start("days"), late.end(), made[0], PARTLY))
    return found
