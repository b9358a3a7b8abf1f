"""Lists of measures of one thing: 新发放贷款额、笔数和笔均, "new loans: count, amount and average size".

Each member is completed by the noun of the name beside it. A member that makes no name is left as it is, to be told
back elsewhere; a member that has a noun of its own (客户数) is its own name. Nothing is dropped but a bare heading.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from t2sql.grounding.names.paraphrases import Paraphrases
from t2sql.grounding.names.phrasing import canonical
from t2sql.grounding.words.lexicon import loosen
from t2sql.grounding.words.thesaurus import LIGHT, MEASURE, THING, Token

Found = tuple[int, int, str, float]
_JOINT = re.compile(
    r"\s*的?\s*(?:、|,|:|;|以及|及|和|与|并|加|\+|&| - | -|\band\b|\bwith\b|\bplus\b)\s*(?:and |with )?(?:其|它的?|相应的?|对应的?|the |their |its |also |both )*\s*"
)
# What may stand between a name and the list of its measures: where and when.
_WHERE = re.compile(r"(?:[^,:;、。?和与及]|\b(?!and\b)){0,40}?(?=\s?(?:[,:]| - | -))")
_AFTER = re.compile(
    r"\s*(?:$|[、,;:。.?!()+&-]|和|与|及|以及|并|各|分别|是|为|多少|有多少|情况|明细|都|呢|吧|\b(?:and|by|for|in|at|per|as|on|of|are|is|this|last|each|across|over|since|to|please)\b)"
)
_OF_WHOLE = re.compile(
    r"\s*(?:of (?:the |our |all |total )*(?:loan |card )?(?:book|spend|spending|purchases|lending|income|revenue|loans|total|deposits|whole|portfolio)\b)"
)
# A count of people is of itself; 户数 alone is of what was named.
_OWN_NOUN = re.compile(
    r"(?<!per )(?<!per)(?:客|顾|用户|储户|借款|customer|client|people|card|张|卡|网点|outlet|borrower|depositor)"
)
# A share is no rate of interest.
_SHARE = re.compile(r"share|proportion|percentage|占比|比例|比重")
_PARTS = frozenset(("net", "gross", "weighted", "average", "txn"))
_AMOUNTS = frozenset(("amount", "balance", "total"))


def with_lists(text: str, hits: Sequence[Found], names: Paraphrases) -> list[Found]:
    """`hits` (start, end, metric, score) of a folded text, and each member of a list of measures as the name it makes."""
    # A dash between blanks opens a list as a colon does; loosened, it would be lost.
    text = loosen(text.replace(" - ", " : "))
    tokens = names.tokens(text)
    found = sorted(hits)
    for head in sorted(hits):
        if head not in found or head[3] < 0.9 or sum(h[:2] == head[:2] for h in found) > 1:
            continue
        members = [*_forward(text, head, tokens, names), *_backward(text, head, tokens, names)]
        made: list[Found] = []
        for start, end, concepts in members:
            inside = [h for h in found if h[0] < end and start < h[1]]
            if any(h[0] < start or end < h[1] or h[:2] == head[:2] for h in inside):
                continue
            called = _completed(head[2], concepts, names)
            if _SHARE.match(text, start) and len(called) == 1 and all("rate" in w for w in names.wholes_of(called[0])):
                continue
            is_share = ";" in text[max(0, start - 2) : start] and all(c <= {"ratio"} for c in concepts)
            if len(called) == 1 and not is_share:
                found = [h for h in found if h not in inside]
                made.append((start, end, called[0], 1.0))
        if {m[2] for m in made} == {head[2]}:
            # "…, amount by branch" says no more than how the name is measured.
            continue
        found += made
        said = text[head[0] : head[1]]
        is_heading = bool(re.match(r"\s*(?::|-)", text[head[1] :]))
        is_again = head[2] in {m[2] for m in made}
        if is_again or (is_heading and made and not _says_amount(said, names)):
            found.remove(head)
    return list(dict.fromkeys(found))


def _forward(
    text: str, head: Found, tokens: Sequence[Token], names: Paraphrases
) -> Iterator[tuple[int, int, list[frozenset[str]]]]:
    """(start, end, what it may say) of each member after a name."""
    place = head[1]
    joint = _JOINT.match(text, place)
    if not joint and (where := _WHERE.match(text, place)):
        place = where.end()
        joint = _JOINT.match(text, place)
    own = names.concepts_of(head[2])
    while joint and (member := _member(text, joint.end(), tokens, names, own)):
        yield member
        joint = _JOINT.match(text, member[1])


def _backward(
    text: str, head: Found, tokens: Sequence[Token], names: Paraphrases
) -> Iterator[tuple[int, int, list[frozenset[str]]]]:
    """The same of members that stand before a name which begins with a measure: number, amount and average size of loans."""
    end = head[0]
    for token in reversed([t for t in tokens if t.end <= head[0] and text[t.start : t.end].isascii()]):
        member = _member(text, token.start, tokens, names)
        if not member or member[1] != token.end or not _JOINT.fullmatch(text[token.end : end]):
            return
        yield member
        end = token.start


def _member(
    text: str, start: int, tokens: Sequence[Token], names: Paraphrases, own: frozenset[str] = frozenset()
) -> tuple[int, int, list[frozenset[str]]] | None:
    """A run of words from `start` that say nothing but a measure, or of what: a name's `own` concepts again."""
    run: list[Token] = []
    for token in tokens:
        end = run[-1].end if run else start
        if token.start < end:
            continue
        if (
            text[end : token.start].strip(" 的")
            or (not run and token.start != start)
            or (not _is_measure(token, names) and not (run and any(set(said) <= own for said in token.said)))
        ):
            break
        run.append(token)
    is_each = any(said == ("per_outlet",) for token in run for said in token.said)
    if not run or is_each or _OWN_NOUN.search(text[start : run[-1].end]):
        return None
    end = run[-1].end
    if whole := _OF_WHOLE.match(text, end):
        end = whole.end()
    if not _AFTER.match(text, end):
        return None
    said = [frozenset(c for part in parts for c in part) for parts in itertools.product(*(t.said for t in run))]
    return start, end, said


def _is_measure(token: Token, names: Paraphrases) -> bool:
    return any(
        all(
            names.kind(c) in (LIGHT, MEASURE) or c in _PARTS or c == "usage" or (c == "customer" and "count" in said)
            for c in said
        )
        for said in token.said
    )


def _completed(name: str, said: Sequence[frozenset[str]], names: Paraphrases) -> tuple[str, ...]:
    """What a name's thing is called with another measure: the fullest of its names decides."""
    cores = {frozenset(c for c in whole if _is_core(c, names)) for whole in names.wholes_of(name)}
    if any("balance" in part for part in said):
        # What is drawn beside a limit is owed on the cards.
        cores = {core - {"limit"} | {"card"} if "limit" in core else core for core in cores}
    for core in sorted(cores, key=lambda c: (-len(c), sorted(c))):
        if not any(names.kind(c) == THING for c in core) and len(core) < 2:
            continue
        called = {n for part in said for n in names.saying(canonical(core | part))}
        if len(called) == 1:
            return tuple(called)
    return ()


def _is_core(concept: str, names: Paraphrases) -> bool:
    return names.kind(concept) not in (LIGHT, MEASURE) and concept not in _PARTS


def _says_amount(said: str, names: Paraphrases) -> bool:
    return any(_AMOUNTS & set(part) for token in names.tokens(said) for part in token.said)
