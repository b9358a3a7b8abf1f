"""What columns a question asks for: its “Return …, … and …” list taken apart, and what order and how many rows.

Code reads how many columns there are and of what kind; which field is meant is left to the llm where several fit. What
cannot be read is told as unknown, never guessed.
"""

# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Sequence

from t2sql.adhoc.figures import counts_of, is_amount, is_measured, is_moment
from t2sql.adhoc.shape import Asked, Shape
from t2sql.adhoc.told import definitions_of, in_full, is_formula
from t2sql.adhoc.wanted_words import (
    BEFORE_LIST,
    BESIDE,
    BY,
    CLAUSE,
    COUNT_DISTINCT,
    COUNTED,
    DISTINCT,
    EACH_PERIOD,
    FALLING,
    FIGURE,
    FIGURES,
    GENERIC,
    GRAIN_WORDS,
    GROUPED,
    LIST,
    LOW,
    NUMBER_OF,
    OF_THINGS,
    OPENING,
    ORDER,
    PART,
    PERIOD,
    PLURAL,
    SINGLE,
    SPAN,
    SPLIT,
    SUBJECT,
    TOP,
    ZH_GRAINS,
    Kind,
)
from t2sql.catalog import Dataset, Field
from t2sql.fields.beside.every import EVERY_ASKED
from t2sql.fields.hits import Hit, name_hits, words_of
from t2sql.fields.index import FieldIndex

MOST_COLUMNS = 9


def shape_of(text: str, hints: str, index: FieldIndex) -> Shape:
    """What the words of `text` say of its columns, order and rows."""
    # Branches without any copy are more rows, and no more columns.
    return _Reading(" ".join(EVERY_ASKED.sub(" ", text).split()), hints, index).shape()


class _Reading:
    def __init__(self, text: str, hints: str, index: FieldIndex) -> None:
        self.text, self.index = text, index
        self.defined = definitions_of(hints)
        self.full = in_full(text, hints)
        named = [definition for name, definition in self.defined.items() if re.search(rf"\b{re.escape(name)}\b", text)]
        self.formulas = [definition for definition in named if is_formula(definition)]

    def shape(self) -> Shape:
        text, columns = self.text, self._columns()
        is_grouped = GROUPED.search(text) is not None
        one: Kind | None = None
        if not columns and not is_grouped:
            one = "count" if COUNTED.search(self.full) else self._one_kind()
        limits = (int(n) for m in TOP.finditer(text) if not SPAN.match(text, m.end()) for n in m.groups() if n)
        # A year before "had the most" is no number of rows.
        limit = next((n for n in limits if not 1900 <= n <= 2100), 0)
        if SINGLE.search(text) and not limit and one is None and not _all_figures(columns):
            limit = 1
        is_ordered = bool(limit) or ORDER.search(text) is not None
        rising = LOW.search(text) is not None and FALLING.search(text) is None
        part = re.search(r"\bout of (?:these|them|those)\b|\bof (?:these|them|those)\b|其中", text, re.I)
        return Shape(
            columns,
            self._periods(columns),
            self._distinct(is_ordered),
            is_ordered,
            bool(limit),
            self._keys(columns),
            limit,
            rising if is_ordered else None,
            one,
            bool(self.formulas) or PART.search(text) is not None or any(c.kind == "formula" for c in columns),
            any(
                re.search(r"\b(?:avg|average|mean)\b", f, re.I) and not re.search(r"\b(?:total|sum)\b", f, re.I)
                for f in self.formulas
            ),
            any(re.search(r"100|percent|%|百分", t, re.I) for t in (*self.formulas, text)),
            part.start() if part else -1,
        )

    # -- columns ------------------------------------------------------------------------------------------------
    def _columns(self) -> tuple[Asked, ...]:
        found: list[str] = []
        for match in LIST.finditer(self.text):
            phrases = [
                p for p in (_cut(part) for part in SPLIT.split(CLAUSE.sub("", BESIDE.sub("", match["list"])))) if p
            ]
            is_list = (
                len(phrases) > 1 or match.start() > 0 or (len(phrases) == 1 and self.asked(phrases[0]).kind == "column")
            )
            if phrases and len(phrases) <= MOST_COLUMNS and is_list:
                # A later list says what is to be shown of what the first one speaks of; "also return" adds to it.
                also = re.search(r"\balso\s*$", self.text[: match.start()], re.I)
                found = [*found, *phrases] if also else phrases
        found = [part for phrase in _spread(found) for part in self._parts(phrase)]
        found = list(dict.fromkeys(found))
        columns = tuple(self.asked(phrase) for phrase in found)
        if columns and all(c.kind == "column" for c in columns) and len(columns) == 1 and BEFORE_LIST.search(self.text):
            return ()
        columns = self._totalled(columns, found)
        if not columns or all(c.kind == "any" for c in columns) or len(columns) > MOST_COLUMNS:
            return ()
        return columns

    def _parts(self, phrase: str) -> list[str]:
        """top 5 states by total revenue: the states, which the list after it may not name again."""
        match = SUBJECT.match(phrase)
        return [match["noun"]] if match else [phrase]

    def _totalled(self, columns: tuple[Asked, ...], phrases: Sequence[str]) -> tuple[Asked, ...]:
        """A field that is itself called total, beside other figures, is added up for each group."""
        if not any(c.kind in ("count", "sum", "avg", "max", "min") for c in columns):
            return columns
        found = []
        for column, phrase in zip(columns, phrases, strict=True):
            kind = next((k for k, p in FIGURES if k in ("avg", "sum") and p.search(phrase)), None)
            made = self._figures(kind, phrase) if kind and column.kind == "column" else ()
            found.append(Asked(kind, made) if kind and made else column)
        return tuple(found)

    def asked(self, phrase: str) -> Asked:
        """What one phrase of a list asks for."""
        phrase = phrase.replace("_", " ") if " " not in phrase and not self._exact(phrase) else phrase
        definition = self.defined.get(phrase.strip(), "")
        if definition:
            if is_formula(definition) and not FIGURES[0][1].search(definition):
                return Asked("formula", ())
            phrase = definition.rpartition("= ")[2]
        # Of "number of orders" no column called number is left.
        bare = phrase if NUMBER_OF.match(phrase) else OF_THINGS.sub("", phrase)
        exact = self._exact(bare) or self._exact(phrase) or self._numbered(phrase)
        period = PERIOD.match(phrase)
        if period and not exact:
            grain = (period["grain"] or ZH_GRAINS.get(period["zh"] or "", "day")).lower().replace("date", "day")
            return Asked("period", (grain,))
        if exact and not definition:
            return Asked("column", exact)
        for kind, pattern in FIGURES:
            if pattern.search(phrase):
                return Asked(kind, self._figures(kind, phrase))
        near = self._near(phrase)
        return Asked("column", near) if near else Asked("any", ())

    def _numbered(self, phrase: str) -> tuple[str, ...]:
        """number of pages: a field of numbers that is called so, and no count of rows."""
        of_what = NUMBER_OF.sub("", phrase)
        named = self._exact(of_what) if of_what != phrase else ()
        return tuple(name for name in named if is_amount(*self._place(name)))

    def _place(self, name: str) -> tuple[Dataset, Field]:
        dataset, _, item = name.partition(".")
        return self.index.catalog.datasets[dataset], self.index.field((dataset, item))

    def _hits(self, phrase: str) -> list[Hit]:
        return [hit for hit in name_hits(words_of(phrase), self.index) if hit.is_field]

    def _exact(self, phrase: str) -> tuple[str, ...]:
        """Fields that the whole phrase names."""
        size = len(" ".join(t.text for t in words_of(phrase).names if t.is_content))
        best: dict[str, float] = {}
        for hit in self._hits(phrase):
            if hit.sure >= 0.65 and len(" ".join(hit.words)) >= 0.75 * size:
                name = f"{hit.key[0]}.{hit.key[1]}"
                best[name] = max(best.get(name, 0.0), hit.sure)
        top = max(best.values(), default=0.0)
        return tuple(sorted((n for n in best if best[n] >= top - 0.2), key=lambda n: -best[n]))

    def _near(self, phrase: str) -> tuple[str, ...]:
        """Fields that part of the phrase names."""
        hits = self._hits(phrase)
        longest = max((len(h.words) for h in hits), default=0)
        return tuple(dict.fromkeys(f"{h.key[0]}.{h.key[1]}" for h in hits if len(h.words) == longest))

    def _figures(self, kind: Kind, phrase: str) -> tuple[str, ...]:
        """The figures of one kind that a phrase may mean."""
        catalog = self.index.catalog
        if kind == "count":
            is_distinct = re.search(r"\b(?:distinct|unique|different)\b|去重", phrase, re.I) is not None
            return counts_of(catalog, is_distinct=is_distinct)
        if kind in ("rank", "formula"):
            return ()
        fits = is_amount if kind in ("avg", "sum") else is_measured
        named = [h for h in self._hits(phrase) if h.sure >= 0.5]
        fields = [h for h in named if fits(catalog.datasets[h.key[0]], self.index.field(h.key))]
        if kind in ("max", "min") and not fields:
            fields = [h for h in named if is_moment(catalog.datasets[h.key[0]], self.index.field(h.key))]
        longest = max((len(h.words) for h in fields), default=0)
        keys = dict.fromkeys(h.key for h in fields if len(h.words) == longest)
        is_told = longest > 1 or any(not GENERIC & {*h.words} for h in fields if len(h.words) == longest)
        if keys and is_told:
            return tuple(f"{kind.upper()}({d}.{f})" for d, f in keys)
        return ()

    def _one_kind(self) -> Kind | None:
        """The kind of the one figure that is asked, where the words open with it."""
        if self.formulas:
            return "formula"
        if not FIGURE.search(self.full) and not self.defined:
            return None
        opening = self.full[:90]
        return (
            next((kind for kind, pattern in FIGURES if pattern.search(opening)), None)
            if FIGURE.search(self.full)
            else None
        )

    def _periods(self, columns: Sequence[Asked]) -> tuple[str, ...]:
        if any(c.kind == "period" for c in columns):
            return ()
        found = [next(g for g in m.groups() if g).lower() for m in EACH_PERIOD.finditer(self.full)]
        grains = dict.fromkeys(GRAIN_WORDS.get(word, word) for word in found)
        return tuple(grains)[:1]

    # -- order --------------------------------------------------------------------------------------------------
    def _distinct(self, is_ordered: bool) -> bool | None:
        if DISTINCT.search(COUNT_DISTINCT.sub("", self.text)):
            return True
        return None if PLURAL.search(self.text) and not is_ordered else False

    def _keys(self, columns: Sequence[Asked]) -> tuple[int, ...]:
        """The columns that the words after "by" mean; () where one of them is not clear."""
        match = BY.search(self.text)
        if match is None or not columns:
            return ()
        found = []
        for phrase in SPLIT.split(next(g for g in match.groups() if g)):
            key = self.asked(_cut(phrase))
            alike = [
                n
                for n, c in enumerate(columns, 1)
                if c.kind == key.kind and (key.kind != "column" or set(c.texts) & set(key.texts))
            ]
            if key.kind in ("avg", "sum", "max", "min") and len(alike) > 1 and key.texts:
                alike = [n for n in alike if set(columns[n - 1].texts) & set(key.texts)]
            if len(alike) != 1:
                return ()
            found.append(alike[0])
        return tuple(dict.fromkeys(found))


def _all_figures(columns: Sequence[Asked]) -> bool:
    """Whether every column is a figure, so that there are no groups to order."""
    return bool(columns) and all(c.kind not in ("column", "period", "any") for c in columns)


def _cut(phrase: str) -> str:
    phrase = phrase.strip(" .,?!:;()")
    return OPENING.sub("", OPENING.sub("", phrase)).strip()


def _spread(phrases: Sequence[str]) -> list[str]:
    """first and last name as first name, last name; drug's id and name as drug's id, drug's name."""
    found = list(phrases)
    for place in range(len(found) - 1):
        words, after = found[place].split(), found[place + 1].split()
        if (
            len(words) == 1
            and len(after) == 2
            and words[0].lower() in ("first", "start", "minimum", "max", "min", "maximum", "starting", "opening")
        ):
            found[place] = f"{words[0]} {after[1]}"
        elif len(words) == 2 and len(after) == 1 and words[0].lower().endswith(("'s", "’s")):
            found[place + 1] = f"{words[0]} {after[0]}"
    return found
