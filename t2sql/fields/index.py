"""What one narrowed catalog calls its datasets, fields and values, made once and looked up by every question.

Holds only what the caller hands it, which is what the principal may see. Never opens a database.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from t2sql.catalog import Catalog, Dataset, Field
from t2sql.fields.chinese import dataset_names, has_chinese, names_of, normal
from t2sql.fields.linked import How
from t2sql.fields.places import state_names
from t2sql.fields.words import form, split_name, spoken, stem
from t2sql.grounding.words.stop_words import ENGLISH
from t2sql.grounding.words.text import fold

Key = tuple[str, str]
"""(dataset, field); the field is "" for the dataset itself."""
_MOST_VALUE_WORDS = 12
# Endings that say what kind of name a column is; people say the rest.
_KINDS = frozenset("id name number code type count key title date time amount value flag year no num".split())
_UNITS = frozenset(
    "kg g mg cm mm m km usd eur gbp cny rmb pct percent percentage lbs lb hrs hr hours days mins sec secs yrs".split()
)
_MONEY = frozenset("price amount amt total value revenue".split())
_SOLD = frozenset("sale order transaction invoice booking purchase".split())
_OPENING = frozenset("is has was are".split())
_PLACE = re.compile(r"(?:省|市|自治区|壮族自治区|回族自治区|维吾尔自治区|特别行政区)$")
_BEFORE_OF = re.compile(
    r"^(?:the |a |an |unique |actual |total )*([a-z][a-z -]{2,40}?)(?: (?:of|for|in|to|on|at|by|that|which|when|where|was|is)\b|[.,(;]|$)"
)


@dataclass(frozen=True, slots=True)
class Target:
    """What a name means."""

    key: Key
    how: How
    sure: float


@dataclass(frozen=True, slots=True)
class ValueTarget:
    """A value that a text may name."""

    key: Key
    value: str
    is_alias: bool


class FieldIndex:
    """Names and values of one catalog."""

    def __init__(self, catalog: Catalog, values: Mapping[Key, Collection[str]]) -> None:
        self.catalog = catalog
        self.names: dict[tuple[str, ...], list[Target]] = defaultdict(list)
        self.longest_name = 1
        self.values: dict[tuple[str, ...], list[ValueTarget]] = defaultdict(list)
        self.value_words: dict[str, list[tuple[tuple[str, ...], Key]]] = defaultdict(list)
        self.reach = _reached(catalog)
        self.stored = {key: tuple(found) for key, found in values.items()}
        prefixes = _prefixes(catalog)
        for dataset in catalog.datasets.values():
            for name, sure in _dataset_forms(dataset, prefixes):
                self._add(name, Target((dataset.name, ""), "exact" if sure >= 0.85 else "part", sure))
            for item in dataset.fields.values():
                if item.is_named:
                    for name, sure, how in _field_forms(item, dataset, prefixes):
                        self._add(name, Target((dataset.name, item.name), how, sure))
        for key, stored in values.items():
            self._add_values(key, stored)
        self.longest_value = max(map(len, self.values), default=1)
        self.own_names: dict[str, list[tuple[tuple[str, ...], Target]]] = defaultdict(list)
        """Dataset -> the names of itself and of its fields."""
        self.beginnings: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        """How a Latin word of a name begins -> the name, and the word."""
        for words, targets in self.names.items():
            for target in targets:
                self.own_names[target.key[0]].append((words, target))
            for word in words[:2] if len(words) <= 2 else ():
                if len(word) >= 4 and word.isascii():
                    self.beginnings[word[:2]].append((words, word))

    @classmethod
    def build(cls, catalog: Catalog, values: Mapping[Key, Collection[str]]) -> FieldIndex:
        """Index a narrowed catalog; `values`: stored texts of its searchable fields."""
        return cls(catalog, values)

    def field(self, key: Key) -> Field:
        """The field that a key names."""
        return self.catalog.datasets[key[0]].fields[key[1]]

    def names_of(self, dataset: str) -> Iterator[tuple[tuple[str, ...], Target]]:
        """Whole names of a dataset's own fields."""
        return ((words, t) for words, t in self.own_names.get(dataset, ()) if t.key[1] and t.sure >= 0.8)

    def _add(self, words: tuple[str, ...], target: Target) -> None:
        if not words or (len(words) == 1 and len(words[0]) < 2):
            return
        found = self.names[words]
        known = next((t for t in found if t.key == target.key), None)
        if known is not None and known.sure >= target.sure:
            return
        if known is not None:
            found.remove(known)
        found.append(target)
        self.longest_name = max(self.longest_name, len(words))

    def _add_values(self, key: Key, stored: Collection[str]) -> None:
        item = self.field(key)
        states = state_names(stored)
        for value in stored:
            spoken_as = {value: False, **{alias: True for alias in item.aliases.get(value, ())}}
            if value in states:
                spoken_as[states[value]] = True
            if has_chinese(value) and (short := _PLACE.sub("", value)) != value and len(short) > 1:
                spoken_as.setdefault(short, True)
            for text, is_alias in spoken_as.items():
                words = form(text)
                if not words or len(words) > _MOST_VALUE_WORDS:
                    continue
                self.values[words].append(ValueTarget(key, value, is_alias))
                for word in set(words):
                    if len(word) > 1 and not has_chinese(word):
                        self.value_words[word].append((words, key))


def name_form(text: str) -> tuple[str, ...]:
    """A name as it is looked up: folded, one word for several."""
    return form(normal(fold(text).text)[0])


def _prefixes(catalog: Catalog) -> frozenset[str]:
    """First words that a third of the tables' names share: they say nothing (ed_, tbl_, dim_)."""
    firsts = Counter(split_name(name)[0] for name in catalog.datasets if len(split_name(name)) > 1)
    few = max(3, len(catalog.datasets) // 2)
    return frozenset(word for word, count in firsts.items() if count >= few and word not in catalog.datasets) | {
        "tbl",
        "dim",
        "fact",
        "fct",
        "t",
        "tb",
        "sbl",
    }


def _dataset_forms(dataset: Dataset, prefixes: frozenset[str]) -> Iterator[tuple[tuple[str, ...], float]]:
    words = _own_words(dataset, prefixes)
    yield name_form(" ".join(words)), 1.0
    yield name_form(" ".join(spoken(words))), 1.0
    if not has_chinese(dataset.display.en):
        yield name_form(dataset.display.en), 1.0
    if has_chinese(dataset.display.zh):
        for name, sure in dataset_names(dataset.display.zh):
            yield name_form(name), sure
    if len(words) > 1:
        for word in (words[-1], words[0]):
            if len(word) > 3 and word not in _KINDS:
                yield name_form(word), 0.5


def _own_words(dataset: Dataset, prefixes: frozenset[str]) -> tuple[str, ...]:
    words = split_name(dataset.name)
    return words[1:] if len(words) > 1 and words[0] in prefixes else words


def _field_forms(
    item: Field, dataset: Dataset, prefixes: frozenset[str]
) -> Iterator[tuple[tuple[str, ...], float, How]]:
    owner = tuple(stem(word) for word in spoken(_own_words(dataset, prefixes)))
    for text in dict.fromkeys((item.display.zh, *item.synonyms, item.description.partition(" / ")[0])):
        if has_chinese(text):
            is_name = text != item.description.partition(" / ")[0] or len(text) <= 20
            for name, sure in names_of(text) if is_name else ():
                yield name_form(name), sure, "exact" if sure >= 0.9 else "part"
    written = split_name(item.name)
    if len(written) > 1 and written[0] == stem(split_name(dataset.name)[-1]):
        yield name_form(" ".join(written[1:])), 0.85, "exact"
    said = [written, spoken(written), split_name(item.expression) if item.expression.isidentifier() else written]
    said += [tuple(fold(item.display.en).text.split())] if not has_chinese(item.display.en) else []
    for words in dict.fromkeys(said):
        yield from _english_forms(tuple(w for w in words if w), owner, item)
    for text in item.synonyms:
        if not has_chinese(text):
            words = name_form(text)
            yield words, 1.0 if len(words) <= 3 else 0.9, "exact"
            if "of" in words[1:] and words[: words.index("of")] and words[0] not in ENGLISH:
                yield (
                    words[: words.index("of")],
                    0.75 if words.index("of") > 1 or words[0] not in _KINDS else 0.5,
                    "part",
                )
    if written[-1] in _MONEY and owner and stem(written[0]) in (*owner, "total", "amount", "price"):
        for word in ("amount", "revenue", "value", "price", "total"):
            yield (*owner, word), 0.8, "part"
        if owner[-1] in _SOLD:
            yield ("revenue",), 0.8, "part"
    match = _BEFORE_OF.match(fold(item.description).text) if item.description.isascii() else None
    if match:
        described = tuple(w for w in name_form(match[1]) if w not in ENGLISH)
        if described and len(described) <= 3:
            yield described, 0.55, "described"


def _english_forms(
    words: tuple[str, ...], owner: tuple[str, ...], item: Field
) -> Iterator[tuple[tuple[str, ...], float, How]]:
    whole = name_form(" ".join(words))
    if not whole:
        return
    yield whole, 0.7 if whole in (("id",), ("name",)) else 1.0, "exact"
    if owner:
        yield (*owner, *whole), 1.0, "exact"
    bare = whole
    if len(whole) > len(owner) and whole[: len(owner)] == owner:
        bare = whole[len(owner) :]
        yield bare, 0.85, "exact"
    elif len(whole) > 1 and owner and (whole[0] in (owner[-1], owner[0]) or owner[-1].startswith(whole[0])):
        bare = whole[1:]
        yield bare, 0.85, "exact"
    if bare[0] in _OPENING and len(bare) > 1:
        yield bare[1:], 0.8, "exact"
        if bare[1] == "in" and len(bare) > 2:
            yield bare[2:], 0.6, "part"
    if len(whole) > 1:
        if whole[-1] in _UNITS:
            yield whole[:-1], 0.95, "exact"
            whole = whole[:-1]
        if whole[-1] in _KINDS and not set(whole[:-1]) <= {*owner, *ENGLISH}:
            sure = 0.5 if whole[-1] in ("id", "key") else 0.8
            yield whole[:-1], sure, "part"
            if whole[-1] in ("number", "count", "num"):
                yield ("number", "of", *whole[:-1]), 1.0, "exact"
        if whole[-1] not in _KINDS | ENGLISH and whole[-1] not in owner:
            yield whole[-1:], 0.6, "part"
        if whole[0] in ("total", "average") and len(whole) > 2:
            yield whole[1:], 0.8, "part"


def _reached(catalog: Catalog) -> dict[str, dict[str, int]]:
    """Dataset -> datasets that each of its rows has at most one row of, with how many steps away."""
    steps: dict[str, set[str]] = defaultdict(set)
    for relationship in catalog.relationships:
        steps[relationship.from_dataset].add(relationship.to_dataset)
    found: dict[str, dict[str, int]] = {}
    for start in catalog.datasets:
        seen = {start: 0}
        frontier = [start]
        while frontier:
            onward = [n for name in frontier for n in steps[name] if n not in seen]
            for name in onward:
                seen.setdefault(name, seen[frontier[0]] + 1)
            frontier = list(dict.fromkeys(onward))
        found[start] = {name: far for name, far in seen.items() if far}
    return found
