"""Finds dimension values in a question: 华东, 小微, Shanghai, 陆家嘴支行, also mistyped.

Holds values as stored with their aliases and answers with substrings of the question, longest first; near misses by character bigrams, then
rapidfuzz over a few hundred candidates. Never sees a database: the caller hands only entries that the principal may see. Nothing is embedded.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from t2sql.flow import Span, ValueMention
from t2sql.grounding.words.lexicon import Lexicon, loosen
from t2sql.grounding.words.text import Folded, fold, is_cjk, on_word_edges, plural

EXACT, SHORT = 1.0, 0.9
# A unit's kind, which people leave out: 上海 for 上海分行, East China for East China Region.
_ENDINGS = re.compile(r"(?:分行|支行|区|大区|省|市)$| (?:branch|sub branch|subbranch|region|province|city)$")
_NOUNS = re.compile(r"(?:客户|贷款|存款|余额|业务)$")
_DENIED_BEFORE = re.compile(
    r"(?:除了?|除去|除开|不要|不看|别看|不计|别算|不统计|撇开|抛开|不含|不包括|不包含|剔除|排除|扣除|去掉|去除|非|不是|不算|without|excluding|exclud\w*|except(?: for)?|other than|apart from|leav(?:e|ing) out|omit\w*|ignor\w*|minus|skip\w*|drop(?:ping)?|without counting|not(?: in| from| including)?|non|<>|!=|outside(?: of)?|ex)[ -]?(?:the |掉)?\s*$"
)
_DENIED_AFTER = re.compile(
    r"\s*(?:之外|以外|除外|不算|不计|不看|不要|不统计|excluded\b|left out\b|aside\b|not included\b)"
)
_LISTED = re.compile(r"\s*(?:和|、|及|与|以及|或|或者|,|and|or|nor|,\s*and|,\s*or|/)\s*(?:the )?\s*")
_FUZZY_POOL = 300
_COMMON_BIGRAM = 3000
_LATIN_RUN = re.compile(r"[a-z][a-z']*(?: [a-z][a-z']*){0,3}")
_CJK_RUN = re.compile(r"[㐀-鿿]{3,}")


@dataclass(frozen=True, slots=True)
class ValueEntry:
    """One value of one dimension."""

    dimension: str
    value: str
    """As stored."""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Target:
    dimension: str
    value: str
    score: float


_Found = tuple[int, int, list[_Target]]


class ValueIndex:
    """Values of all searchable dimensions, looked up by what people write."""

    def __init__(self, lexicon: Lexicon[_Target]) -> None:
        self._lexicon = lexicon
        self._keys: list[str] = []
        self._bigrams: dict[str, list[int]] = {}
        for key in lexicon:
            if len(key) >= (3 if is_cjk(key[0]) else 5):
                number = len(self._keys)
                self._keys.append(key)
                for bigram in {key[i : i + 2] for i in range(len(key) - 1)}:
                    self._bigrams.setdefault(bigram, []).append(number)

    @classmethod
    def build(cls, entries: Iterable[ValueEntry]) -> ValueIndex:
        """Index values, aliases and the short forms of unit names."""
        return cls(Lexicon(_written(entries)))

    def __len__(self) -> int:
        return len(self._lexicon)

    def find(
        self,
        text: str | Folded,
        allowed_dimensions: Collection[str],
        skip: Collection[Span] = (),
        *,
        is_fuzzy: bool = True,
    ) -> tuple[ValueMention, ...]:
        """Values named in `text`, in its order; spans in `skip` are left alone.

        One word that is a value of two dimensions gives a mention of each. Score 1.0 for the value or an alias, 0.9 for a unit's name without
        its kind, less for a near miss.
        """
        folded = fold(text)
        blocked = [(span.start, span.end) for span in skip]
        hits: list[_Found] = []
        for hit in sorted(self._lexicon.all_hits(folded.text), key=lambda h: (h.start - h.end, h.start)):
            targets = [target for target in hit.things if target.dimension in allowed_dimensions]
            span = folded.span(hit.start, hit.end)
            is_free = all(hit.end <= start or end <= hit.start for start, end, _ in hits)
            if targets and is_free and all(span.end <= start or end <= span.start for start, end in blocked):
                hits.append((hit.start, hit.end, _best(targets)))
        if is_fuzzy:
            hits += self._near(folded, allowed_dimensions, hits, blocked)
        return _mentions(folded, _of_one_kind(folded.text, sorted(hits, key=lambda hit: hit[0])))

    def nearest(self, said: str, dimension: str, most: int, least: float = 50.0) -> tuple[str, ...]:
        """Values of `dimension` called most like `said`, the likest first; () when none is at all alike."""
        from rapidfuzz import fuzz

        best: dict[str, float] = {}
        wanted = loosen(fold(said).text)
        for key in self._lexicon:
            for target in self._lexicon.get(key):
                if target.dimension == dimension and is_cjk(key[0]) == is_cjk(wanted[0]):
                    score = fuzz.ratio(wanted, _ENDINGS.sub("", key))
                    best[target.value] = max(best.get(target.value, 0.0), score)
        ordered = sorted((v for v in best if best[v] >= least), key=lambda v: (-best[v], v))
        return tuple(ordered[:most])

    def _near(
        self, folded: Folded, allowed: Collection[str], hits: list[_Found], blocked: list[tuple[int, int]]
    ) -> list[_Found]:
        """Mistyped values in the stretches that nothing has claimed."""
        from rapidfuzz import fuzz

        text = loosen(folded.text)
        found: list[_Found] = []
        for pattern in (_CJK_RUN, _LATIN_RUN):
            for run in pattern.finditer(text):
                best: tuple[float, int, int, str] | None = None
                for number in self._candidates(run[0]):
                    key = self._keys[number]
                    placed = _placed(fuzz.partial_ratio_alignment(key, run[0], score_cutoff=70), key, text, run.start())
                    if placed and (best is None or placed[0] > best[0]):
                        targets = [t for t in self._lexicon.get(key) if t.dimension in allowed]
                        span = folded.span(placed[1], placed[2])
                        is_clear = all(placed[2] <= s or e <= placed[1] for s, e, _ in (*hits, *found))
                        if targets and is_clear and all(span.end <= s or e <= span.start for s, e in blocked):
                            best = (*placed, key)
                if best:
                    targets = [t for t in self._lexicon.get(best[3]) if t.dimension in allowed]
                    found.append(
                        (
                            best[1],
                            best[2],
                            [_Target(t.dimension, t.value, round(best[0] * t.score, 3)) for t in targets],
                        )
                    )
        return found

    def _candidates(self, run: str) -> list[int]:
        """Keys that share the most bigrams with `run`, rare bigrams only."""
        counts: Counter[int] = Counter()
        for bigram in {run[i : i + 2] for i in range(len(run) - 1)}:
            numbers = self._bigrams.get(bigram, ())
            if len(numbers) <= _COMMON_BIGRAM:
                counts.update(numbers)
        return [number for number, _ in counts.most_common(_FUZZY_POOL)]


def _placed(near: object, key: str, text: str, offset: int) -> tuple[float, int, int] | None:
    """(score, start, end) of a near miss if it is near enough: one letter of three to five Chinese ones, a fifth of an English name.

    A unit's kind does not count: 西藏分行 is no misprint of 西安分行.
    """
    from rapidfuzz.distance import OSA

    if near is None:
        return None
    start, end = offset + near.dest_start, offset + near.dest_end  # type: ignore[attr-defined]
    is_chinese = is_cjk(key[0])
    if not is_chinese:
        while start > 0 and text[start - 1].isascii() and text[start - 1].isalnum():
            start -= 1
        while end < len(text) and text[end].isascii() and text[end].isalnum():
            end += 1
        start += len(text[start:end]) - len(text[start:end].lstrip())
        end = start + len(text[start:end].rstrip())
    said = text[start:end]
    stem, said_stem = _ENDINGS.sub("", key), _ENDINGS.sub("", said)
    shortest = (3 if stem != key else 4) if is_chinese else 5
    if key[len(stem) :] != said[len(said_stem) :] or len(_NOUNS.sub("", stem)) < shortest:
        return None
    edits = OSA.distance(stem, said_stem)
    allowed = (1 if len(stem) < 6 else 2) if is_chinese else max(1, len(stem) // 5)
    if not 0 < edits <= allowed or (not is_chinese and stem[0] != said_stem[:1]) or not on_word_edges(text, start, end):
        return None
    return (1 - edits / max(len(key), end - start)) * 0.95, start, end


def _written(entries: Iterable[ValueEntry]) -> Iterable[tuple[str, _Target]]:
    for entry in entries:
        exact = _Target(entry.dimension, entry.value, EXACT)
        short: _Target | None = None
        for written in (entry.value, *entry.aliases):
            yield written, exact
            loose = loosen(" ".join(fold(written).text.split()))
            stem = _ENDINGS.sub("", loose)
            if stem != loose and written.isascii():
                yield plural(written), exact
            if stem != loose and len(stem) >= 2:
                short = short or _Target(entry.dimension, entry.value, SHORT)
                yield stem, short


def _best(targets: list[_Target]) -> list[_Target]:
    """One target a dimension and value; within a dimension a full name hides other units' short forms."""
    top: dict[str, float] = {}
    for target in targets:
        top[target.dimension] = max(top.get(target.dimension, 0.0), target.score)
    kept = (target for target in targets if target.score == top[target.dimension])
    return sorted(dict.fromkeys(kept), key=lambda target: -target.score)


def _of_one_kind(text: str, hits: list[_Found]) -> list[_Found]:
    """上海、杭州、南京分行: what the list's last member says of its kind holds for all."""
    kept = list(hits)
    for index in range(len(hits) - 2, -1, -1):
        (start, end, targets), (next_start, _, following) = kept[index], kept[index + 1]
        if _LISTED.fullmatch(text[end:next_start]):
            kinds = {target.dimension for target in following}
            kept[index] = (start, end, [t for t in targets if t.dimension in kinds] or targets)
    return kept


def _mentions(folded: Folded, hits: list[_Found]) -> tuple[ValueMention, ...]:
    mentions: list[ValueMention] = []
    is_denied, last_end = False, -1
    text = folded.text
    for index, (start, end, targets) in enumerate(hits):
        is_listed = last_end >= 0 and bool(_LISTED.fullmatch(text[last_end:start]))
        is_denied = (
            bool(_DENIED_BEFORE.search(text[:start])) or (is_listed and is_denied) or _denied_after(text, hits, index)
        )
        mentions += [ValueMention(folded.span(start, end), t.dimension, t.value, t.score, is_denied) for t in targets]
        last_end = end
    return tuple(mentions)


def _denied_after(text: str, hits: list[_Found], index: int) -> bool:
    """华东、华南除外: the word after the list's last member counts for all."""
    while index + 1 < len(hits) and _LISTED.fullmatch(text[hits[index][1] : hits[index + 1][0]]):
        index += 1
    return bool(_DENIED_AFTER.match(text, hits[index][1]))
