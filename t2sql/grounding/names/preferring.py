"""Names said word for word beside the same or others said in other words: which of them keeps a stretch.

Adds no name; scores tell how sure a name in other words is.
"""

from __future__ import annotations

from collections.abc import Iterable

from t2sql.grounding.names.paraphrases import Paraphrase

# Said in other words: as good as the name where several words agree, a little less where one does.
SEVERAL_WORDS, ONE_WORD, TWO_MEANINGS = 1.0, 0.96, 0.8


def with_other_words(
    hits: list[tuple[int, int, str, float]], others: Iterable[Paraphrase]
) -> list[tuple[int, int, str, float]]:
    """`hits` with what is said in other words: a longer stretch that holds a name replaces it."""
    kept = list(hits)
    for other in others:
        rivals = [h for h in kept if h[0] < other.end and other.start < h[1]]
        is_longer = all(
            other.start <= h[0] and h[1] <= other.end and h[1] - h[0] < other.end - other.start for h in rivals
        )
        if not is_longer:
            continue
        score = TWO_MEANINGS if len(other.names) > 1 else SEVERAL_WORDS if other.is_several else ONE_WORD
        kept = [h for h in kept if h not in rivals] + [(other.start, other.end, name, score) for name in other.names]
    return kept
