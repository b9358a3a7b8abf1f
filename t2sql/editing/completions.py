"""What can be written next in semantic SQL: names, functions, loaded periods, and values of a dimension after its `=`.

Knows only the narrowed catalog and the values that the caller read for the same principal, so that what a person may
not see is never offered.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from t2sql.catalog import GRAINS, Catalog, Dimension, Display, Grain
from t2sql.editing.reading import Word, read_words
from t2sql.editing.vocabulary import FUNCTIONS, GRAIN_MEANINGS, KEYWORDS
from t2sql.flow import Loads
from t2sql.policy import Narrowed
from t2sql.wording import GRAIN_WORDS, format_period, in_language, visible

Kind = Literal["metric", "dimension", "grain", "function", "keyword", "model", "value", "period"]
Values: TypeAlias = Callable[[Dimension], Mapping[str, Sequence[str]]]
"""Dimension -> value with its other names, out of the rows that the same principal may see."""
MOST_OFFERED = 50
LONGEST_MEANING = 160
_COMPARES = frozenset(("=", "<>", "!=", "<", ">", "<=", ">=", "LIKE", "ILIKE", "BETWEEN"))


@dataclass(frozen=True, slots=True)
class Completion:
    """One word that can be written."""

    text: str
    """As semantic SQL writes it; a value without its quotes."""
    kind: Kind
    display: Display
    meaning: Display
    """One line, or empty."""
    also: tuple[str, ...] = ()
    """Other names that find it."""
    of: str = ""
    """The dimension or grain that a value or period is of; "" for names."""


class KnownValues:
    """`Values` read once for each dimension, and again when the data change. For one narrowed catalog."""

    def __init__(self, read: Values, version: Callable[[], str]) -> None:
        """`read` raises WarehouseError; `version` tells the data's version, "" where it is not known."""
        self._read, self._version = read, version
        self._known: dict[str, tuple[str, Mapping[str, Sequence[str]]]] = {}

    def __call__(self, dimension: Dimension) -> Mapping[str, Sequence[str]]:
        """Value -> other names, out of the rows that the principal may see. Raises WarehouseError."""
        version = self._version()
        read_at, found = self._known.get(dimension.name, ("", {}))
        if not version or read_at != version:
            found = self._read(dimension)
            self._known[dimension.name] = (version, found)
        return found


def complete(narrowed: Narrowed, loads: Loads, values: Values, before: str | None = None) -> tuple[Completion, ...]:
    """What can be written: every name and loaded period, or with the text `before` the cursor what fits there, best
    first, at most 50.

    Values are looked up only where a dimension is compared. Raises WarehouseError there.
    """
    catalog = narrowed.catalog
    if before is None:
        return (*_names(catalog), *_periods(catalog, loads))
    words, quote = read_words(before)
    if quote is not None:
        name, grain = compared(words) if before[quote] == "'" else ("", "")
        begun = before[quote + 1 :].replace("''", "'")
        if grain in GRAINS:
            return _best(_periods(catalog, loads, grain), begun, is_ordered=True)
        return _best(_values(catalog, name, values), begun, is_ordered=False) if name and not grain else ()
    is_begun = bool(words) and words[-1].kind == "word" and words[-1].end == len(before)
    begun = words[-1].text if is_begun else ""
    earlier = words[:-1] if is_begun else words
    is_source = bool(earlier) and earlier[-1].text.upper() in ("FROM", "JOIN")
    fitting = (word for word in _names(catalog) if (word.kind == "model") == is_source)
    return _best(fitting, begun, is_ordered=False) if begun or is_source else ()


def compared(words: Sequence[Word]) -> tuple[str, str]:
    """What the value that follows `words` is compared with: a dimension's name and "", or the name and its grain.

    ("", "") where nothing is compared. A grain alone is its own name: month = '.
    """
    rest = list(words)
    if rest and rest[-1].text in (",", "("):
        while len(rest) > 1 and rest[-1].text == "," and rest[-2].is_value:
            del rest[-2:]
        if len(rest) < 2 or rest[-1].text != "(" or rest[-2].text.upper() != "IN":
            return "", ""
        del rest[-2:]
    elif len(rest) > 2 and rest[-1].text.upper() == "AND" and rest[-3].text.upper() == "BETWEEN" and rest[-2].is_value:
        del rest[-3:]
    elif rest and rest[-1].text.upper() in _COMPARES:
        rest.pop()
    else:
        return "", ""
    if rest and rest[-1].text.upper() == "NOT":
        rest.pop()
    if len(rest) > 3 and rest[-1].text == ")" and rest[-3].text == "(":
        return rest[-2].value.lower(), rest[-4].value.lower()
    name = rest[-1].value.lower() if rest and rest[-1].is_name else ""
    return name, name if name in GRAINS else ""


def _names(catalog: Catalog) -> Iterator[Completion]:
    for metric in catalog.metrics.values():
        yield Completion(metric.name, "metric", metric.display, _line(metric.description), metric.synonyms)
    for dimension in catalog.dimensions.values():
        meaning = _line(catalog.field_of(dimension).description)
        yield Completion(dimension.name, "dimension", dimension.display, meaning, dimension.synonyms)
    for grain in GRAINS:
        yield Completion(grain, "grain", Display(*GRAIN_WORDS[grain]), GRAIN_MEANINGS[grain])
    for name, (display, meaning) in FUNCTIONS.items():
        yield Completion(name, "function", display, meaning)
    yield Completion(catalog.name, "model", catalog.display, Display("全部指标和维度", "All metrics and dimensions"))
    for dataset in catalog.datasets.values():
        if dataset.name != catalog.name:
            yield Completion(dataset.name, "model", dataset.display, _line(dataset.description))
    for word in KEYWORDS:
        yield Completion(word, "keyword", Display("", ""), Display("", ""))


def _values(catalog: Catalog, name: str, values: Values) -> Iterator[Completion]:
    """Values of a dimension, where its values may be listed at all."""
    dimension = catalog.dimensions.get(name)
    if dimension is None:
        return
    item = catalog.field_of(dimension)
    if not item.searchable or not item.is_named or item.is_time:
        return
    for value, names in values(dimension).items():
        other = tuple(n for n in names if n != value)
        english = next((n for n in other if n.isascii()), value)
        yield Completion(value, "value", Display(visible(value), visible(english)), Display("", ""), other, name)


def _periods(catalog: Catalog, loads: Loads, only: Grain | None = None) -> Iterator[Completion]:
    """Literals of the periods that something is loaded for, the latest first, a grain at a time; at most 50 of each
    unless only one grain is asked.
    """
    days = sorted({day for name in catalog.datasets for day in loads.dates(name)}, reverse=True)
    for grain in GRAINS if only is None else (only,):
        literals = list(dict.fromkeys(_literal(day, grain) for day in days))
        for literal in literals if only else literals[:MOST_OFFERED]:
            said = Display(format_period(literal, "zh"), format_period(literal, "en"))
            yield Completion(literal, "period", said, Display("", ""), of=grain)


def _literal(day: date, grain: Grain) -> str:
    """The period of `grain` that `day` lies in, as semantic SQL writes it."""
    iso = day.isocalendar()
    return {
        "day": day.isoformat(),
        "week": f"{iso.year}-W{iso.week:02}",
        "month": f"{day:%Y-%m}",
        "quarter": f"{day.year}-Q{(day.month + 2) // 3}",
        "half": f"{day.year}-H{1 if day.month < 7 else 2}",
        "year": f"{day.year}",
    }[grain]


def _best(words: Iterable[Completion], begun: str, *, is_ordered: bool) -> tuple[Completion, ...]:
    """Those of `words` that `begun` may become: by how they begin, then by a part of them, in their order."""
    wanted = _fold(begun)
    ranked = [(rank, place, word) for place, word in enumerate(words) if (rank := _rank(word, wanted)) is not None]
    ranked.sort(key=lambda found: (0 if is_ordered else found[0], found[1]))
    return tuple(word for _, _, word in ranked[:MOST_OFFERED])


def _rank(word: Completion, wanted: str) -> int | None:
    """How well a word fits what was begun, 0 best; None where it does not."""
    if not wanted:
        return 0
    written = _fold(word.text)
    shown = [_fold(word.display.zh), _fold(word.display.en)]
    if written.startswith(wanted):
        return 0
    if any(name.startswith(wanted) for name in shown):
        return 1
    if any(part.startswith(wanted) for part in written.split("_")):
        return 2
    if word.kind == "keyword":
        return None
    if any(wanted in name for name in (written, *shown)):
        return 3
    if any(_fold(name).startswith(wanted) for name in word.also):
        return 4
    return 5 if any(wanted in _fold(name) for name in word.also) else None


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _line(text: str) -> Display:
    """A description, "中文 / English", as one short line in each language."""
    whole = visible(" ".join(text.split()))
    return Display(_cut(in_language(whole, "zh")), _cut(in_language(whole, "en")))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_MEANING else text[: LONGEST_MEANING - 1] + "…"
