"""Versions of definitions: each period takes the one in force on its last day, and the answer says when two meet.

Decides by dates alone; how a version's number is computed is the arithmetic's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from t2sql.catalog import Language, Metric, Version
from t2sql.compiler.calendar.readings import Reading, Within
from t2sql.compiler.calendar.undated import ALWAYS
from t2sql.errors import NotComputable
from t2sql.flow import Note
from t2sql.wording import in_language

if TYPE_CHECKING:
    from t2sql.compiler.calendar.windows import Windows
    from t2sql.compiler.facts.atoms import Atom


def within(metric: Metric, version: Version, reading: Reading) -> Reading | None:
    """`reading`, for the periods in which `version` is in force; None where no period can be."""
    slug = "v" + re.sub(r"[^0-9a-z]+", "_", version.version.lower())
    # What is made of other metrics gives them its own dates, so its name tells them apart.
    word = slug if metric.type == "simple" else f"{metric.name}_{slug}"
    found = Within(version.effective_from, version.effective_to, word, (metric.name,))
    if outer := reading.within:
        first, last = max(found.first, outer.first), min(found.last, outer.last)
        found = Within(first, last, f"{outer.word}_{word}", (*outer.of, metric.name))
    return replace(reading, within=found) if found.first <= found.last else None


def drop_absent(tree: exp.Expr) -> None:
    """Take versions that no period needs out of COALESCE(version, version …), in place."""
    for node in [*tree.find_all(exp.Coalesce)]:
        parts = [node.this, *node.expressions]
        present = [part for part in parts if not _is_null(part)]
        if len(present) == len(parts):
            continue
        kept = present or parts[:1]
        node.replace(exp.Coalesce(this=kept[0], expressions=kept[1:]) if len(kept) > 1 else kept[0])


def _is_null(node: exp.Expr) -> bool:
    return isinstance(node.this if isinstance(node, exp.Cast) else node, exp.Null)


def versions_used(metric: Metric, atoms: Iterable[Atom], windows: Windows) -> tuple[Version, ...]:
    """The versions of `metric` that a number of the answer, or its base, was taken by. `atoms`: what it stands on."""
    ends = {w.last for atom in atoms for _period, w in windows.loaded(atom)}
    return tuple(v for v in metric.versions if any(v.effective_from <= day <= v.effective_to for day in ends))


def refuse_undefined(windows: Windows) -> None:
    """Raises NotComputable where what is asked is loaded, and was not defined then."""
    for atom, _period in sorted(windows.outside, key=lambda pair: (pair[0].key, pair[1])):
        limit = atom.reading.within
        assert limit is not None
        spans = {(w.first, w.last) for a in windows.atoms if (w := a.reading.within) and w.of[0] == limit.of[0]}
        told = ", ".join(f"{first}..{last}" if last != ALWAYS.last else f"{first} on" for first, last in sorted(spans))
        raise NotComputable(
            f"{limit.of[0]!r} is not defined for {', '.join(p.label for p in windows.periods)}.",
            f"Ask for a period that ends in {told}.",
            zh=(f"指标 {limit.of[0]} 在所问期间没有定义。", f"请改问截止日在 {told} 之内的期间。"),
        )


def notes_on_versions(metrics: Iterable[Metric], atoms: Iterable[Atom], windows: Windows) -> Iterator[Note]:
    """For each metric with versions: when two meet, when one no longer in force was taken, and where there is none."""
    every = list(atoms)
    for metric in metrics:
        own = [a for a in every if a.reading.within and metric.name in a.reading.within.of]
        used = versions_used(metric, own, windows)
        if len(used) > 1:
            yield _met(metric, used)
        elif used and used[0] is not metric.versions[-1]:
            yield _then(metric, used[0])
        missing = [p.label for p in windows.periods if any((a, p) in windows.outside for a in own)]
        missing = [label for label in missing if label not in _covered(own, windows)]
        if missing and used:
            yield Note(
                "not_defined",
                f"{metric.display.zh}在 {'、'.join(missing)} 没有生效的口径，不出数。",
                f"No version of {metric.display.en} is in force for {', '.join(missing)}, so there is no figure.",
            )


def _covered(atoms: Iterable[Atom], windows: Windows) -> set[str]:
    return {p.label for atom in atoms for p, _w in windows.loaded(atom)}


def _met(metric: Metric, used: tuple[Version, ...]) -> Note:
    zh = "；".join(
        f"{f'{v.effective_from} 起' if i else '此前'}按版本 {v.version}{_noted(v, 'zh', '（', '）')}"
        for i, v in enumerate(used)
    )
    en = "; ".join(
        f"version {v.version} {f'from {v.effective_from}' if i else 'before'}{_noted(v, 'en', ' (', ')')}"
        for i, v in enumerate(used)
    )
    return Note(
        "versions_met",
        f"{metric.display.zh}的口径有变更：{zh}。前后不可直接比较。",
        f"The definition of {metric.display.en} changed: {en}. The figures are not of one kind.",
    )


def _noted(version: Version, language: Language, before: str, after: str) -> str:
    text = in_language(version.note, language).rstrip("。.")
    return f"{before}{text}{after}" if text else ""


def _then(metric: Metric, version: Version) -> Note:
    return Note(
        "version_then",
        f"{metric.display.zh}按当时的口径（版本 {version.version}，至 {version.effective_to}）计算。",
        f"{metric.display.en} is as it was defined then (version {version.version}, until {version.effective_to}).",
    )
