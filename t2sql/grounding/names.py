"""Finds the catalog's own names in a question: metrics, dimensions, grains, comparisons, as asked in either language.

Built from a narrowed catalog, so it cannot find what the principal may not know. Decides nothing about meaning beyond names and cues.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterable

from t2sql.catalog import Catalog, Dimension, Grain, Metric
from t2sql.flow import NameMention
from t2sql.grounding.comparisons import Cue, find_cues
from t2sql.grounding.grain_words import find_grain_words
from t2sql.grounding.lexicon import Lexicon, loosen
from t2sql.grounding.text import Folded, fold, is_cjk, plural

CUED, MENTIONED = 1.0, 0.6
_N = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3}|two|three|four|five|six|seven|eight|nine|ten|twenty)"
_COUNT = r"(?:个|家|名|大|位|种|类|条|项|款)?"
_CUE_BEFORE = re.compile(
    rf"(?:各个?|各家|各类|各种|各大|每一?个?|每[家类种款位名]|按照?|分|逐个?|不同|所有|全部|哪一?[个家类种款位]|哪些|哪几?{_COUNT}|哪{_N}{_COUNT}|什么|(?:前|后|倒数){_N}{_COUNT}的?"
    rf"|(?:最[高低大小多少好差强弱快慢]|以上|以下|以内|之间|排名第一|(?:超过|大于|高于|低于|小于|不足|不低于|不超过|至少)[\d一二三四五六七八九十百千万亿.%元点分之户笔bp个]{{1,14}})的?(?:前|后)?(?:{_N}{_COUNT})?的?"
    rf"|(?:超过|大于|高于|多于|低于|小于|少于|不足|不低于|不超过)[^,。;的]{{1,12}}的(?:{_N}{_COUNT})?"
    rf"|(?:增长|下降|上升|增加|减少|升高|恶化)(?:最[快慢多少大小])?的(?:{_N}{_COUNT})?"
    rf"|\b(?:by|per|each|every|across|for each|which|what|among|between|compare|comparing|different|all|individual|split by|grouped by|list of)(?: the| all)?(?: {_N})? "
    rf"|\b(?:top|bottom|highest|lowest|largest|smallest|biggest|best|worst|weakest|strongest|leading|first|last)[ -](?:{_N} )?|\b{_N} (?:highest|lowest|largest|smallest|biggest|best|worst)[ -])$"
)
_CUE_AFTER = re.compile(
    r"(?:别|维度|排名|排行|排序|分布|构成|结构|明细|对比|之间|间的)|[ -]?(?:wise|level|breakdown|ranking|split|distribution|mix)\b"
    r"|s? (?:with|whose|where|having|had|has|have|that|ranked|saw|showed) "
)
_JOINED = re.compile(r"\s*(?:和|、|及|与|以及|,|and|&|,\s*and|x|×|/|\+|then by)\s*(?:by |各个?|每个?|按|the )?\s*")
_NOT_CUE = re.compile(r"(?:by|per) $")
_RATE_WORDS = re.compile(r"增速|增长率|增幅|幅度|变化率|变动率|百分比|rate|%|percent")
_AMOUNT_WORDS = re.compile(
    r"(?:增加|减少|变化|变动|多增|少增|增减|升降|多|少|高|低)了?(?:多少|几|额|量)|净增|变化|变动|增减|增加|减少|多|少|how much|by how many"
)
_WORD = re.compile(r"[a-z0-9][a-z0-9']*")
_RISE_ZH = re.compile(r"增长|增速|增幅|涨|growth|grow|grew")


class NameIndex:
    """Names of one catalog, folded."""

    def __init__(self, metrics: Lexicon[str], dimensions: Lexicon[str]) -> None:
        self._metrics = metrics
        self._dimensions = dimensions

    @classmethod
    def build(cls, catalog: Catalog) -> NameIndex:
        """Index names, displays and synonyms of every metric and dimension of `catalog`."""
        return cls(
            Lexicon(_entries(catalog.metrics.values())),
            Lexicon(_entries(catalog.dimensions.values())),
        )

    def find_metrics(self, text: str | Folded, *, is_fuzzy: bool = True) -> tuple[NameMention, ...]:
        """Metrics named in `text`, in its order: 1.0 for the very words, less for a near miss."""
        folded = fold(text)
        hits = [(h.start, h.end, name, 1.0) for h in self._metrics.longest_hits(folded.text) for name in h.things]
        if is_fuzzy:
            near = _near(self._metrics, folded.text, [(start, end) for start, end, _, _ in hits])
            hits = [h for h in hits if not any(start <= h[0] and h[1] <= end for start, end, _, _ in near)] + near
        return tuple(
            NameMention(folded.span(start, end), "metric", name, score) for start, end, name, score in sorted(hits)
        )

    def metrics_called(self, text: str) -> tuple[str, ...]:
        """Metrics whose name, display or synonym is exactly `text`."""
        return self._metrics.get(loosen(" ".join(fold(text).text.split())))

    def find_dimensions(self, text: str | Folded) -> tuple[NameMention, ...]:
        """Dimensions named in `text`: 1.0 where it groups by them (各分行, by branch), 0.6 for a mere mention."""
        folded = fold(text)
        loose = loosen(folded.text)
        found: list[tuple[int, int, str, float]] = []
        is_cued, last_end = False, -1
        for hit in self._dimensions.longest_hits(folded.text):
            joined = last_end >= 0 and _JOINED.fullmatch(loose[last_end : hit.start])
            is_cued = bool(
                _CUE_BEFORE.search(loose[: hit.start]) or _CUE_AFTER.match(loose, hit.end) or (joined and is_cued)
            )
            found += [(hit.start, hit.end, name, CUED if is_cued else MENTIONED) for name in hit.things]
            last_end = hit.end
        return tuple(
            NameMention(folded.span(start, end), "dimension", name, score) for start, end, name, score in found
        )

    def find_grains(self, text: str | Folded) -> tuple[NameMention, ...]:
        """Grains asked as grouping; 0.8 for a month that only a trend implies."""
        folded = fold(text)
        return tuple(
            NameMention(folded.span(w.start, w.end), "grain", w.grain, w.score) for w in find_grain_words(folded.text)
        )

    def find_comparisons(
        self, text: str | Folded, *, is_ratio: bool = False, grain: Grain | None = None
    ) -> tuple[NameMention, ...]:
        """Functions of semantic SQL asked for. `is_ratio`: the metric's unit is a ratio, whose change is told in points.

        `grain`: the asked grain, which decides what 环比 is one step of.
        """
        folded = fold(text)
        found: dict[str, NameMention] = {}
        for cue in find_cues(folded.text):
            name = _function(cue, folded.text, is_ratio, grain)
            found.setdefault(name, NameMention(folded.span(cue.start, cue.end), "comparison", name, 1.0))
        return tuple(found.values())


def _entries(things: Iterable[Metric | Dimension]) -> Iterable[tuple[str, str]]:
    for thing in things:
        for written in dict.fromkeys((thing.name, thing.display.zh, thing.display.en, *thing.synonyms)):
            yield written, thing.name
            if written.isascii() and written and written[-1].isalpha():
                yield plural(written), thing.name


def _function(cue: Cue, text: str, is_ratio: bool, grain: Grain | None) -> str:
    """The function that a cue asks for, by the metric's unit and the asked grain."""
    if cue.family in ("ytd", "share", "rank", "prior_year"):
        return cue.family
    words = text[cue.start : cue.end + 6]
    is_rate = bool(_RATE_WORDS.search(words)) if is_ratio else cue.form == "rate"
    is_difference = not is_rate and (is_ratio or cue.form == "difference")
    if not is_rate and not is_difference:
        asks_amount = bool(_AMOUNT_WORDS.search(words)) and not _RISE_ZH.search(words)
        is_difference = asks_amount or (cue.family == "year_start" and not _RISE_ZH.search(words))
    if cue.family == "year":
        return "yoy_diff" if is_difference else "yoy"
    if cue.family == "year_start":
        return "vs_year_start_diff" if is_difference else "vs_year_start"
    step = _step(cue, words, grain)
    if cue.family == "prior" and not is_rate and not _RISE_ZH.search(words):
        is_difference = True
    if not is_difference:
        return {"month": "mom", "quarter": "qoq"}.get(step or grain or "month", "prev_diff")
    return {"month": "mom_diff", "quarter": "qoq_diff"}.get(step, "prev_diff")


def _step(cue: Cue, words: str, grain: Grain | None) -> str:
    """ "month" or "quarter" when the words say the step themselves."""
    if cue.grain:
        return cue.grain
    if cue.family != "prior":
        return ""
    said = (
        "month"
        if re.search(r"月|month", words[: cue.end - cue.start])
        else "quarter"
        if re.search(r"季|quarter", words[: cue.end - cue.start])
        else ""
    )
    return "" if said == grain else said


def _near(lexicon: Lexicon[str], text: str, taken: list[tuple[int, int]]) -> list[tuple[int, int, str, float]]:
    """Near misses in what exact names leave over: one letter of five or more Chinese ones, or one in an English word of five."""
    loose = loosen(text)
    words = [(match.start(), match.end(), match[0]) for match in _WORD.finditer(loose)]
    has_chinese = any(is_cjk(letter) for letter in loose)
    found: list[tuple[float, int, int, str]] = []
    for key in lexicon:
        is_chinese = any(is_cjk(letter) for letter in key)
        if is_chinese and not has_chinese:
            continue
        near = _near_chinese(key, loose) if is_chinese else _near_words(key.split(), words)
        if near and all(near[1] <= start or end <= near[0] or _may_cover(near, (start, end)) for start, end in taken):
            score = 0.9 * (1 - near[2] / len(key))
            found.extend((score, near[0], near[1], name) for name in lexicon.get(key))
    kept: list[tuple[int, int, str, float]] = []
    for score, start, end, name in sorted(found, key=lambda f: (-f[0], f[1] - f[2], f[1])):
        if all(end <= s or e <= start for s, e, _, _ in kept):
            kept.append((start, end, name, score))
    return kept


def _may_cover(near: tuple[int, int, int], exact: tuple[int, int]) -> bool:
    """NPL in NPL rato, 不良 in 不良贷佘余额: a short name inside a long one that is misprinted elsewhere."""
    return near[0] <= exact[0] and exact[1] <= near[1] and exact[1] - exact[0] <= (near[1] - near[0]) // 2


def _near_chinese(key: str, text: str) -> tuple[int, int, int] | None:
    """(start, end, edits) of the best place for a Chinese name, if it is near enough."""
    from rapidfuzz import fuzz
    from rapidfuzz.distance import Levenshtein

    if len(key) < 5:
        return None
    near = fuzz.partial_ratio_alignment(key, text, score_cutoff=75)
    if near is None:
        return None
    edits = Levenshtein.distance(key, text[near.dest_start : near.dest_end])
    return (near.dest_start, near.dest_end, edits) if 0 < edits <= (1 if len(key) < 8 else 2) else None


def _near_words(key: list[str], words: list[tuple[int, int, str]]) -> tuple[int, int, int] | None:
    """(start, end, edits) where the text has the key's words, each nearly."""
    from rapidfuzz.distance import Levenshtein

    for first in range(len(words) - len(key) + 1):
        total = 0
        for word, (_, _, said) in zip(key, words[first:], strict=False):
            allowed = 0 if len(word) < 5 or word[0] != said[0] else 1 if len(word) < 11 else 2
            edits = Levenshtein.distance(word, said, score_cutoff=allowed)
            if edits > allowed or said == plural(word) or word == plural(said):
                total = -1
                break
            total += edits
        if total > 0:
            return words[first][0], words[first + len(key) - 1][1], total
    return None
