"""Metrics whose words stand apart, with a value or a period between: 白金卡上半年刷了多少.

Only for a text that names no metric elsewhere. Every word that says something must be used, and what is missing must be
what a value is called or is a kind of (白金卡 is a card, 结算 a type of fee); two metrics that fit as well are none.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Sequence

from t2sql.grounding.names.paraphrases import Paraphrases
from t2sql.grounding.names.phrasing import canonical
from t2sql.grounding.words.lexicon import loosen
from t2sql.grounding.words.thesaurus import LIGHT, MEASURE, QUALITY, THING, Token

Stretch = tuple[int, int]
MOST_TOKENS = 6
_DISBURSED = re.compile(r"\b(?:disburs|originat|drawdown)|放款|投放")
_PER = re.compile(r"\b(?:per|it) $|每[一张]?$")
# Said of every value, so that none is told by it.
_OF_NO_VALUE = frozenset(
    ("segment", "product", "type", "name", "branch", "region", "province", "city", "customer", "date")
)
# What customers spend with is said of these; a branch spends as well.
_OF_CARDS = frozenset(("spend", "card", "txn", "merchant", "online"))
_LENT = {"new": "disbursal"}


def find_scattered(
    text: str, taken: Sequence[Stretch], values: Sequence[tuple[int, int, frozenset[str]]], names: Paraphrases
) -> tuple[str, tuple[Stretch, ...]]:
    """(metric, where its words stand) of a folded text; ("", ()) where none or several fit. `taken`: stretches that say
    when, how many or by what; `values`: where each stands and what it may add, see `concepts_of_value`.
    """
    text = loosen(text)
    held = [*taken, *((start, end) for start, end, _ in values)]
    own = [t for t in names.tokens(text) if all(t.end <= start or end <= t.start for start, end in held)]
    known = frozenset().union(*(concepts for _, _, concepts in values))
    if not own or len(own) > MOST_TOKENS:
        return "", ()
    if any(_PER.search(text[: t.start]) and _is_thing(t, names) for t in own):
        # Transactions per card are no transactions.
        return "", ()
    many = {t for t in own if text[t.start : t.end].endswith("transactions")}
    if any(("amount",) in t.said for t in own):
        known |= {"count"} if many else set()
        many = set()
    known |= _unsaid(text, own, known, names)
    fits: dict[str, int] = {}
    # "The rate on new mortgages": new loans are those that were lent.
    loans = [start for start, _, concepts in values if "loan" in concepts]
    fresh = {t for t in own if any(t.end + 1 == start for start in loans)}
    known |= {"average", "weighted"} if fresh else frozenset()
    # Transactions without a word for their value are counted.
    own_said = {t: [*t.said, ("txn", "count")] if t in many else t.said for t in own}
    meanings = [[tuple(_LENT.get(c, c) for c in s) for s in own_said[t]] if t in fresh else own_said[t] for t in own]
    for said in itertools.islice(itertools.product(*meanings), 48):
        concepts = canonical(concept for part in said for concept in part)
        if not any(_tells(concept, names) for concept in concepts):
            continue
        for fewer in _without_people(concepts):
            for name, more in names.saying_at_least(fewer, known).items():
                fits[name] = min(more, fits.get(name, more))
    closest = [name for name, more in fits.items() if more == min(fits.values())]
    return (closest[0], tuple((t.start, t.end) for t in own)) if len(closest) == 1 else ("", ())


def _unsaid(text: str, own: Iterable[Token], known: Collection[str], names: Paraphrases) -> frozenset[str]:
    """What goes without saying of a deed that names nothing: what was spent is an amount, what was disbursed is the one
    thing that is.
    """
    said = {concept for t in own for part in t.said for concept in part}
    unsaid = {"amount"} if "spend" in said and not _OF_CARDS.isdisjoint(known) else set()
    if "disbursal" in said and _DISBURSED.search(text):
        things = [
            names.things_of(name) for name in names.of_concept("disbursal", ("loan", "card", "deposit", "wealth"))
        ]
        unsaid |= things[0] if things and all(t == things[0] for t in things) else set()
    return frozenset(unsaid)


def concepts_of_value(forms: Iterable[str], dimension: Iterable[str], names: Paraphrases) -> frozenset[str]:
    """What a value adds: what it is, by the last word of its name (白金卡: card), and what its dimension is of."""
    found: set[str] = set()
    for form in forms:
        found |= _said([t for t in names.tokens(form) if t.start > 0 and t.end == len(loosen(form))])
    for written in dimension:
        found |= _said(names.tokens(written))
    return frozenset(c for c in found - _OF_NO_VALUE if names.kind(c) in (THING, QUALITY))


def _said(tokens: Collection[Token]) -> set[str]:
    return {concept for token in tokens for said in token.said for concept in said}


def _is_thing(token: Token, names: Paraphrases) -> bool:
    return any(names.kind(concept) == THING for said in token.said for concept in said)


def _tells(concept: str, names: Paraphrases) -> bool:
    """Whether a concept is more than how much: a balance alone may be of anything."""
    return names.kind(concept) not in (LIGHT, MEASURE) or concept in ("count", "per_customer", "per_txn")


def _without_people(concepts: frozenset[str]) -> list[frozenset[str]]:
    """What customers did is a sum of money, unless they are counted: 客户存的美元."""
    if "customer" in concepts and len(concepts) == 2 and "count" not in concepts:
        return [concepts - {"customer"}]
    return [concepts]
