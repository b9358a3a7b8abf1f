"""Names of dimensions misprinted right after a word that groups by them: "by brnach", "which kind of colateral".

One letter wrong in a word of six or more, of one dimension only; a word that English or banking knows is no misprint.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from t2sql.grounding.words.lexicon import Hit, Lexicon
from t2sql.grounding.words.stop_words import ENGLISH

_GROUPED = re.compile(
    r"\b(?:by|per|each|every|across|which|what)(?: (?:kinds?|types?) of| the)? (?P<said>[a-z]{5,})\b"
    # No more of a longer name may follow: "by custmer type".
    r"(?=\s*(?:$|[,.;:?!)]|(?:in|at|for|of|and|or|with|as|on|this|last|next|has|have|had|is|are|was|were|did|do|does|by|from|to|over|since|please|pls|ranked|sorted|only|end)\b))"
)
_LEAST = 6


def misprinted_groups(
    text: str, names: Lexicon[str], crowded: Collection[str], is_known: Callable[[str], bool]
) -> Iterator[Hit[str]]:
    """Misprinted names of a folded text. `names`: of dimensions; `crowded`: those of too many members to group by;
    `is_known(word)`: whether it says something.
    """
    from rapidfuzz.distance import OSA

    for match in _GROUPED.finditer(text):
        said = match["said"]
        if said in ENGLISH or is_known(said):
            continue
        near = {
            name
            for name in names
            if len(name) >= _LEAST and name[0] == said[0] and OSA.distance(name, said, score_cutoff=1) == 1
        }
        called = {names.get(name) for name in near}
        if len(called) == 1 and not set(crowded) & set(*called):
            yield Hit(*match.span("said"), min(near), *called)
