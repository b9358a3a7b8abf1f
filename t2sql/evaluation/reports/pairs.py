"""Paired checks: the same question in Chinese and English, in other words, with full-width digits.

Cases with the same `pair` text form a set; a twin, which the machine asked, belongs to its original. A set counts once
however many members it has, so that the sets of a share are independent of each other.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from t2sql.evaluation.reports.proportions import Share, mcnemar
from t2sql.evaluation.reports.report import CaseResult

Members = Sequence[CaseResult]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far the members of sets end alike."""

    agree: Share
    """Sets whose members have one outcome and are all right or all wrong."""
    same_rightness: Share
    """Sets whose members are all right or all wrong, whatever the outcome: one may refuse and another err."""
    all_right: Share
    disagreeing: tuple[tuple[str, ...], ...]
    """Ids of the members of each set that does not agree."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """The paired checks of a report."""

    across_languages: Agreement
    """The first Chinese case of a set beside its first English one."""
    rephrased: Agreement
    """Cases of a set in one language; a set counts once for each language with two of them."""
    full_width: Agreement
    """A case beside its twin with full-width digits."""
    only_zh: int
    """Sets whose Chinese case alone was right."""
    only_en: int
    p: float
    """McNemar's exact test between the languages: how likely so lopsided a split is by chance."""
    alone: int
    """Cases with a `pair` text that nothing else has."""


def find_pairs(results: Members) -> Pairs | None:
    """None where no case names a pair and none has a twin."""
    sets: dict[str, list[CaseResult]] = defaultdict(list)
    for result in results:
        if result.pair and not result.twin:
            sets[result.pair].append(result)
    twins = _with_twins(results)
    if not sets and not twins:
        return None
    across: list[Members] = []
    rephrased: list[Members] = []
    only_zh = only_en = 0
    for members in sets.values():
        by_language = {m.language: [n for n in members if n.language == m.language] for m in members}
        rephrased += [same for same in by_language.values() if len(same) > 1]
        if "zh" in by_language and "en" in by_language:
            zh, en = by_language["zh"][0], by_language["en"][0]
            across.append((zh, en))
            only_zh += zh.is_right and not en.is_right
            only_en += en.is_right and not zh.is_right
    alone = sum(len(members) == 1 for members in sets.values())
    return Pairs(
        _agreement(across),
        _agreement(rephrased),
        _agreement(twins),
        only_zh,
        only_en,
        mcnemar(only_zh, only_en),
        alone,
    )


def _with_twins(results: Members) -> list[Members]:
    """Each case that has twins, with them: those whose text is the same once folded."""
    originals = {(r.language, _folded(r)): r for r in reversed(results) if not r.twin}
    found: dict[str, list[CaseResult]] = {}
    for result in results:
        if result.twin and (original := originals.get((result.language, _folded(result)))):
            found.setdefault(original.id, [original]).append(result)
    return list(found.values())


def _folded(result: CaseResult) -> str:
    return unicodedata.normalize("NFKC", result.question)


def _agreement(sets: Sequence[Members]) -> Agreement:
    def share(test: Callable[[Members], bool]) -> Share:
        return Share(sum(test(members) for members in sets), len(sets))

    apart = tuple(tuple(m.id for m in members) for members in sets if not _agrees(members))
    all_right = share(lambda members: all(m.is_right for m in members))
    return Agreement(share(_agrees), share(_is_one_rightness), all_right, apart)


def _agrees(members: Members) -> bool:
    return _is_one_rightness(members) and len({m.outcome for m in members}) == 1


def _is_one_rightness(members: Members) -> bool:
    return len({m.is_right for m in members}) == 1
