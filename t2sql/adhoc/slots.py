"""Conditions that the question states, as choices: the llm may say which field is meant, never that a condition is not.

Every literal comes from the question, a hint or the data.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from t2sql.catalog import Catalog
from t2sql.fields.index import FieldIndex
from t2sql.fields.linked import Condition, Linked
from t2sql.fields.words import split_name, spoken
from t2sql.fields.writing import qualified
from t2sql.paths import joins_between

_NEVER_IN = " NOT IN "
CERTAIN = 0.5
_MOST_ALTERNATIVES = 5
_FAR = 0.2
_NEVER = re.compile(
    r"\b(?:no|not|never|without|haven't|hasn't|have not|has not|didn't|don't|lack(?:s|ing)?|zero)\b[^.,;?!]{0,40}$|(?:没有|未|从未|无)[^，。；？！]{0,12}$",
    re.IGNORECASE,
)
_DID = re.compile(
    r"\b(?:who|that|which) (?:have|has|had)(?: \w+){0,2} (?:an? |any |at least one )?(?:\w+ )?$", re.IGNORECASE
)
_DEED = re.compile(
    r"\b(?:never|not|yet|been|n['’]t|has|have|had|ever)\s+(?:been\s+|yet\s+|ever\s+)?([a-z]+(?:ed|ld|id|ght|nt|de|ne|en))\b",
    re.I,
)
_IRREGULAR = {"sold": "sale", "bought": "purchase", "paid": "payment", "lent": "loan", "spent": "spending"}
_SOME = re.compile(
    r"\b(?:who|that|which) (?:have|has|had|were|was|made|placed|received)\b[^.,;?!]{0,40}$|\b(?:having|with at least (?:one|a|1))\b[^.,;?!]{0,20}$|(?:有过|发生过|有)[^，。；？！]{0,12}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Slot:
    """One condition that the question states."""

    alternatives: tuple[str, ...]
    """SQL over `dataset.field`, likeliest first."""
    is_certain: bool = True
    """Whether it must stand in the SQL; else the llm may leave it out."""
    start: int = 0
    """Where the text says it."""
    many: str = ""
    """The dataset whose rows it wants or wants none of; "" for a condition on values."""


def slots_of(linked: Linked, index: FieldIndex) -> tuple[Slot, ...]:
    """The conditions of a question, the certain ones first."""
    stated = [*{slot.alternatives: slot for slot in _stated(linked)}.values()]
    stated, lacking = _within(stated, [slot for slot in _existing(linked, index) if _NEVER_IN in slot.alternatives[0]])
    told = " ".join(text for slot in stated for text in slot.alternatives)
    some = [slot for slot in _existing(linked, index) if _NEVER_IN not in slot.alternatives[0]]
    existing = [*lacking, *(slot for slot in some if f"{slot.many}." not in told)]
    return tuple(sorted([*stated, *existing], key=lambda slot: not slot.is_certain))


def _within(stated: list[Slot], lacking: list[Slot]) -> tuple[list[Slot], list[Slot]]:
    """Conditions on what is lacking go into its list: no orders in 2024 is not no orders, and orders in 2024."""
    kept, made = [*stated], []
    for slot in lacking:
        inside = [one for one in kept if all(text.startswith(f"{slot.many}.") for text in one.alternatives)]
        kept = [one for one in kept if one not in inside]
        conditions = " AND ".join(one.alternatives[0] for one in inside)
        texts = tuple(f"{text[:-1]} WHERE {conditions})" if conditions else text for text in slot.alternatives)
        made.append(replace(slot, alternatives=texts))
    return kept, made


def _stated(linked: Linked) -> Iterator[Slot]:
    conditions = linked.conditions
    if linked.is_any and len(conditions) > 1:
        yield Slot(("(" + " OR ".join(c.alternatives[0].sql for c in conditions) + ")",))
        return
    for condition in conditions:
        yield Slot(_texts(condition), condition.sure >= CERTAIN, condition.span.start)


def _texts(condition: Condition) -> tuple[str, ...]:
    """What a condition may mean; what is far less likely than the best is no choice for an llm of this size."""
    near = [a for a in condition.alternatives if a.sure >= condition.sure - _FAR]
    return tuple(dict.fromkeys(a.sql for a in near))[:_MOST_ALTERNATIVES]


def _existing(linked: Linked, index: FieldIndex) -> Iterator[Slot]:
    """That rows have, or lack, rows of a dataset that points at them: customers without orders."""
    catalog = index.catalog
    named = [d.dataset for d in linked.datasets if d.span is not None]
    spans = {d.dataset: d.span.start for d in linked.datasets if d.span is not None}
    spans.update({name: place for name, place in _done(linked.text, catalog) if name not in spans})
    for many, start in spans.items():
        before = linked.text[:start]
        is_lacking = _NEVER.search(before) is not None
        if not is_lacking and not _SOME.search(before):
            continue
        texts = [text for one in named if one != many and (text := _having(one, many, is_lacking, catalog))]
        if texts:
            is_certain = is_lacking or _DID.search(before) is not None
            yield Slot(tuple(texts), is_certain, start, many)


def _done(text: str, catalog: Catalog) -> Iterator[tuple[str, int]]:
    """Datasets whose rows a deed tells (never sold, has not ordered), and where it stands."""
    for match in _DEED.finditer(text):
        deed = _IRREGULAR.get(match[1].lower(), match[1].lower())
        for name in catalog.datasets:
            if any(_is_of(word, deed) for word in spoken(split_name(name))):
                yield name, match.start(1)


def _is_of(noun: str, deed: str) -> bool:
    """Whether a deed (ordered, treated) is what a noun (order, treatment) names."""
    shared = next((n for n, (a, b) in enumerate(zip(noun, deed, strict=False)) if a != b), min(len(noun), len(deed)))
    return shared >= max(4, len(deed) - 3)


def _having(one: str, many: str, is_lacking: bool, catalog: Catalog) -> str:
    """`one`'s key in the keys that rows of `many` point at; "" where none points there straight."""
    way = joins_between(catalog, many, one)
    if not way or len(way[0].from_columns) != 1:
        return ""
    last = way[-1]
    key = _field(catalog, one, last.to_columns[0])
    pointing = _field(catalog, last.from_dataset, last.from_columns[0])
    if not key or not pointing:
        return ""
    word = "NOT IN" if is_lacking else "IN"
    inner = qualified(last.from_dataset, pointing)
    return f"{qualified(one, key)} {word} (SELECT {inner} FROM {many})"


def _field(catalog: Catalog, dataset: str, column: str) -> str:
    return next((f.name for f in catalog.datasets[dataset].fields.values() if f.expression == column), "")
