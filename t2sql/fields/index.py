"""What one narrowed catalog calls its datasets, fields and values, made once and looked up by every question.

Holds only what the caller hands it, which is what the principal may see. Never opens a database.
"""

# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from t2sql.catalog import Catalog, Field
from t2sql.fields.chinese import has_chinese
from t2sql.fields.entities import endings, endings_of_tables, names_of_things, owners, short_names
from t2sql.fields.forms import dataset_forms, field_forms, name_form, prefixes_of
from t2sql.fields.linked import How
from t2sql.fields.places import state_names
from t2sql.fields.words import form

Key = tuple[str, str]
"""(dataset, field); the field is "" for the dataset itself."""
_MOST_VALUE_WORDS = 12
_FEW = 12
# Endings that say what kind of name a column is; people say the rest.
_PLACE = re.compile(r"(?:省|市|自治区|壮族自治区|回族自治区|维吾尔自治区|特别行政区)$")


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
        self.bridged = _bridged(catalog, _reached(catalog))
        """Dataset -> tables of labels over a declared bridge, with how far: their labels can be asked of its rows."""
        self.reach = {name: {**self.bridged[name], **far} for name, far in _reached(catalog).items()}
        """Dataset -> datasets whose names can be asked of its rows, with how many steps away."""
        self.stored = {key: tuple(found) for key, found in values.items()}
        prefixes = prefixes_of(catalog)
        for dataset in catalog.datasets.values():
            for name, sure in dataset_forms(dataset, prefixes):
                self._add(name, Target((dataset.name, ""), "exact" if sure >= 0.85 else "part", sure))
            for item in dataset.fields.values():
                if item.is_named:
                    for name, sure, how in field_forms(item, dataset, prefixes):
                        self._add(name, Target((dataset.name, item.name), how, sure))
        self.things = frozenset(owners(catalog))
        """What the rows of datasets are called, as their keys tell it: 发行人."""
        for said, key, sure in names_of_things(catalog):
            words = name_form(said)
            if not key[1]:
                # 发行人 says the thing, not the column of its codes.
                self.names[words] = [t for t in self.names[words] if not t.key[1] or t.how == "exact"]
            self._add(words, Target(key, "exact", sure))
        for said, key, sure in short_names(catalog):
            self._add(name_form(said), Target(key, "exact" if said not in ("亏损", "盈利") else "described", sure))
        for said, key, sure in (*endings(catalog), *endings_of_tables(catalog)):
            self._add(name_form(said), Target(key, "part", sure))
        listed = _listed(catalog)
        self.stored = {**listed, **self.stored}
        for key, stored in self.stored.items():
            self._add_values(key, stored)
        self.longest_value = max(map(len, self.values), default=1)
        self.few = frozenset(key for key, stored in self.stored.items() if len(stored) <= _FEW)
        """Fields of few values, which plain words may name (buy, sell, open)."""
        self.few_words = {
            (value.lower(), key, value)
            for key in self.few
            for value in self.stored[key]
            if value.isalpha() and value.isascii()
        }
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

    def is_reached(self, dataset: str, key: Key) -> bool:
        """Whether rows of `dataset` have what a key names: over a bridge, dimensions alone."""
        if key[0] not in self.bridged[dataset]:
            return key[0] == dataset or key[0] in self.reach[dataset]
        if not key[1]:
            return True
        found = self.catalog.dimensions.get(self.field(key).dimension_name)
        return found is not None and (found.dataset, found.field) == key

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
            for said in (value, *item.aliases.get(value, ())):
                if said.startswith("未") and len(said) > 2 and has_chinese(said):
                    spoken_as.setdefault(f"没{said[1:]}", True)
                    spoken_as.setdefault(f"没有{said[1:]}", True)
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


def _listed(catalog: Catalog) -> dict[Key, tuple[str, ...]]:
    """The values that the definitions themselves list: members of enums, and what has another name (1-正常)."""
    fields = [f for d in catalog.datasets.values() for f in d.fields.values() if f.is_named]
    found = {(f.dataset, f.name): tuple(dict.fromkeys((*f.members, *f.aliases))) for f in fields}
    return {key: stored for key, stored in found.items() if stored}


def _reached(catalog: Catalog) -> dict[str, dict[str, int]]:
    """Dataset -> datasets that each of its rows has at most one row of, with how many steps away."""
    steps: dict[str, set[str]] = defaultdict(set)
    for relationship in catalog.relationships:
        if not relationship.role and not relationship.broken:
            # A role's fields have names of their own; without it a name would not say which way is meant.
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


def _bridged(catalog: Catalog, reached: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    """Dataset -> the labels that hang on its rows or on what they reach; not where two bridges lead there.

    Behind a table of pairs lie things with keys, which are asked from the pairs themselves.
    """
    ends = Counter(step.from_dataset for step in catalog.relationships if step.is_bridge)
    found: dict[str, dict[str, int]] = {}
    for start, near in reached.items():
        ways: dict[str, list[int]] = defaultdict(list)
        for step in catalog.relationships:
            is_served = step.to_dataset == start or step.to_dataset in near
            if step.is_bridge and not step.broken and ends[step.from_dataset] == 1 and is_served:
                ways[step.from_dataset].append(near.get(step.to_dataset, 0) + 1)
        found[start] = {n: far[0] for n, far in ways.items() if len(far) == 1 and n != start and n not in near}
    return found
