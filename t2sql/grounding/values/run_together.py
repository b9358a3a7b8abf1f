"""English values that run into one another without a joint: "excluding personal mortgages", "mass affluent customers".

Leaving out what is both is not leaving out each, and two words may name a kind that is neither: both are told.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

from t2sql.catalog import Catalog
from t2sql.flow import ValueMention
from t2sql.grounding.settling import offset
from t2sql.grounding.values.denials import LISTED
from t2sql.grounding.words.text import Folded

_LEAVES_OUT = re.compile(
    r"\b(?:exclud\w+|except(?: for)?|without|other than|apart from|aside from|leaving (?:out|aside)|bar|barring|less"
    r"|minus|net of|omitting|ignoring|everything but|all but|not (?:including|counting))(?: the| any| all| our)? $"
)
_WORDS = re.compile(r"[a-z]{4,}(?: [a-z]{4,})?")


_WHOLE = re.compile(
    r"(?: branch(?:es)?| region)?(?P<joint>,? (?:and|or|vs\.?|versus|next to|alongside|beside) |[和与及、]|以及)(?P<said>(?:for )?(?:the )?(?:whole|entire|total) bank|(?:the )?bank (?:as a whole|overall|total)|bank-?wide|the bank(?:'s (?:total|overall|own))?|全行)(?![a-z'])"
)

_SET_AGAINST = re.compile(
    r"\b(?:compared? (?:to|with)|versus|vs\.?|next to|alongside) (?P<said>(?:that of |those of )?the (?:whole |entire )?bank(?:'s)?(?: as a whole| overall| total)?)(?! (?:average|mean|wide))(?![a-z'])"
)
_BOTH = re.compile(r" (?:and|or|&) (?:the )?|[和或及与]|以及")


def joined_apart(folded: Folded, values: Iterable[ValueMention]) -> tuple[str, ...]:
    """ "SME and retail", a segment and a type of customer: two sorts joined are either of them, and a reading limits by both."""
    by_place: dict[tuple[int, int], list[ValueMention]] = {}
    for value in values:
        if not value.is_negated:
            place = (offset(folded, value.span.start), offset(folded, value.span.end))
            by_place.setdefault(place, []).append(value)
    found = []
    for first, second in itertools.pairwise(sorted(by_place)):
        one, other = ({v.dimension for v in by_place[place]} for place in (first, second))
        if _BOTH.fullmatch(folded.text[first[1] : second[0]]) and not one & other:
            found.append(folded.text[first[0] : second[1]])
    return tuple(dict.fromkeys(found))


def beside_whole(folded: Folded, values: Iterable[ValueMention]) -> tuple[str, ...]:
    """The whole bank in a list with its parts, "Shanghai, Beijing and the whole bank": no reading shows both."""
    ends = {offset(folded, value.span.end) for value in values if not value.is_negated}
    found = [match["said"] for end in sorted(ends) if (match := _WHOLE.match(folded.text, end))]
    found += [match["said"] for match in _SET_AGAINST.finditer(folded.text)] if ends else []
    return tuple(dict.fromkeys(found))


def run_together(catalog: Catalog, folded: Folded, values: Iterable[ValueMention]) -> tuple[str, ...]:
    """What was said of two values between which only a blank stands, where they cannot be taken one by one."""
    by_place: dict[tuple[int, int], list[ValueMention]] = {}
    for value in values:
        place = (offset(folded, value.span.start), offset(folded, value.span.end))
        by_place.setdefault(place, []).append(value)
    levels = {level for hierarchy in catalog.hierarchies for level in hierarchy.levels}
    found = []
    for first, second in itertools.pairwise(sorted(by_place)):
        if folded.text[first[1] : second[0]] != " ":
            continue
        one, other = by_place[first], by_place[second]
        is_out = any(v.is_negated for v in one) and bool(_LEAVES_OUT.search(folded.text[: first[0]]))
        is_both = is_out and not any(v.is_negated for v in other)
        said = (folded.text[slice(*first)], folded.text[slice(*second)])
        # Names of units and products are run together in a hurry; words for sorts are not.
        of_both = {v.dimension for v in one} & {v.dimension for v in other} - levels
        goes_on = any(LISTED.fullmatch(folded.text[second[1] : start]) for start, _ in by_place if start > second[1])
        if is_both or (of_both and not goes_on and all(_WORDS.fullmatch(word) for word in said)):
            found.append(folded.text[first[0] : second[1]])
    return tuple(dict.fromkeys(found))
