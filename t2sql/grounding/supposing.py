"""A context in which words that nothing explains are taken for what they are most like: dimensions to show by, and how
many rows.

For questions back only: what is supposed is offered, and never answered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from t2sql.catalog import Catalog, Dimension
from t2sql.flow import Context, NameMention, Quantity, Span
from t2sql.grounding.numbers.numerals import EN_NUMBER, ZH_NUMBER, read_integer
from t2sql.grounding.words.text import fold, plural

_LEAST_LETTERS = 4
_LEAST_CHINESE = 2
_MOST_SHARING = 3
"""A word that more dimensions than this are called by tells none of them."""
_WORD = re.compile(r"[a-z]{3,}")
_MOST = re.compile(
    r"最[^的\s，,]{1,4}|前(?=[\d一二三四五六七八九十])|后(?=[\d一二三四五六七八九十])|"
    r"\b(?:top|bottom|most|least|best|worst|highest|lowest|largest|biggest|smallest|leads?|leading)\b"
)
_FEW = re.compile(r"最(?:低|少|小|差|轻)|后|\b(?:bottom|least|lowest|smallest)\b")
_COUNTED = re.compile(rf"(?:(?P<zh>\d+|{ZH_NUMBER})\s*(?:大|名|位|个|家|户|笔|条|种))|(?P<en>\d+|{EN_NUMBER})(?![\d%])")


def supposed(context: Context, catalog: Catalog) -> Context:
    """`context` with what its unexplained words may mean; itself where they are like nothing."""
    dimensions = tuple(_dimensions(context, catalog))
    shown = replace(context, dimensions=(*context.dimensions, *dimensions))
    limit = _limit(shown)
    return replace(shown, quantities=(*shown.quantities, *limit)) if dimensions or limit else context


def _dimensions(context: Context, catalog: Catalog) -> Iterator[NameMention]:
    taken = {d.name for d in context.dimensions} | {v.dimension for v in context.values}
    folded = fold(context.question.text)
    for phrase in dict.fromkeys([*context.ungrounded, *(doubt.word for doubt in context.doubts)]):
        place = folded.text.find(phrase.lower())
        scored = [(_shared(d, phrase), d) for d in catalog.dimensions.values() if not d.role]
        most = max((score for score, _ in scored), default=0)
        like = [d for score, d in scored if score == most]
        if most == 0 or len(like) > _MOST_SHARING or place < 0 or any(d.name in taken for d in like):
            continue
        # The shortest name is the plainest: a class is the risk class before the risk class at origination.
        found = min(like, key=lambda d: (len(d.display.en), d.name))
        taken.add(found.name)
        yield NameMention(folded.span(place, place + len(phrase)), "dimension", found.name, 0.5)


def _shared(dimension: Dimension, phrase: str) -> int:
    """How much of one name of the dimension `phrase` holds: words, or letters of Chinese from two on."""
    names = (dimension.display.zh, dimension.display.en, *dimension.synonyms)
    if not phrase.isascii():
        return max(len(name) if name in phrase else len(phrase) if phrase in name else 0 for name in names) * (
            len(phrase) >= _LEAST_CHINESE
        )
    words = {word for word in _WORD.findall(phrase.lower()) if len(word) >= _LEAST_LETTERS}
    own = ({form for word in _WORD.findall(name.lower()) for form in (word, plural(word))} for name in names)
    return max(len(words & forms) for forms in own)


def _limit(context: Context) -> tuple[Quantity, ...]:
    """How many rows, where words say most or least of something that is shown in rows, and no number was read so."""
    most = _MOST.search(fold(context.question.text).text)
    if most is None or not context.dimensions or any(q.kind in ("limit", "order") for q in context.quantities):
        return ()
    folded = fold(context.question.text)
    numbers = [read_integer(match["zh"] or match["en"]) for match in _COUNTED.finditer(folded.text)]
    rows = next((number for number in numbers if number and number <= 100), 1)
    span = folded.span(most.start(), most.end())
    return (Quantity(Span(span.start, span.end), "limit", "", rows, descending=not _FEW.match(most[0])),)
