"""What columns a question asks for: its “Return …, … and …” list taken apart, and what order and how many rows.

Code reads how many columns there are and of what kind; which field is meant is left to the llm where several fit. What
cannot be read is told as unknown, never guessed.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from t2sql.adhoc.figures import counts_of, is_amount, is_measured, is_moment
from t2sql.adhoc.told import definitions_of, in_full, is_formula
from t2sql.fields.hits import Hit, name_hits, words_of
from t2sql.fields.index import FieldIndex

Kind = Literal["column", "count", "sum", "avg", "max", "min", "formula", "rank", "period", "any"]
MOST_COLUMNS = 9
_LIST = re.compile(
    r"\b(?:return|give me|give|show me|show|showing|list|output|provide|display|include)\b(?: back)?(?: only)?"
    r"(?: (?:the|their|its|his|her|a|each|all|both|as|every|distinct list of|unique list of))*\s+(?P<list>.+?)"
    r"(?=\s*(?:[.?!;:]\s|[.?!;:]?$)|,? (?:showing|including|displaying|ordered|sorted|order(?:ing)?|sort(?:ing)?|starting|ranked|in (?:ascending|descending|order)|by doing|based on joining)\b)",
    re.IGNORECASE | re.DOTALL,
)
_SPLIT = re.compile(r"\s*(?:,\s*(?:and |as well as )?\s*|\s+and\s+(?:the |their |its )?|\s*[，、；]\s*|\s+as well as\s+|\s+along with\s+|(?:以及|和|及|与))\s*")
_CLAUSE = re.compile(
    r"\s+(?:for (?:each|every|all|those|these|the|\w+s (?:that|with|who|which))|of (?:all |the |those )?\w+s? (?:who|that|which|whose|with|have)|that (?:have|has|had|were|are|was|is)|who|whose|where|which|grouped|per|in each|in the (?:last|past)|in \d{4})\b.*$|\s+(?:of|from) (?:all|each|every|the|those)\b.*$|\s+split by.*$",
    re.IGNORECASE | re.DOTALL,
)
_OPENING = re.compile(r"^(?:the|their|its|a|an|both|also|then|total list of|list of|distinct list of|distinct|back)\s+", re.IGNORECASE)
_FIGURES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("rank", re.compile(r"\brank(?:ing|ed)?\b|排名|名次", re.I)),
    ("formula", re.compile(r"\b(?:percentage|percent|ratio|proportion|share|rate|pct|change|increase|growth|difference)\b|占比|比例|比率|百分比|变化|增减", re.I)),
    ("avg", re.compile(r"\b(?:average|avg|mean)\b|平均|均值", re.I)),
    ("count", re.compile(r"\b(?:number of|count|counts|how many|num of|no\. of|# of|total number|unique \w+s|distinct \w+s)\b|数量|个数|多少个|多少家|几个|次数|条数|人数", re.I)),
    ("max", re.compile(r"\b(?:max|maximum|highest|largest|greatest|latest|most recent)\b|最大|最高|最多", re.I)),
    ("min", re.compile(r"\b(?:min|minimum|lowest|smallest|earliest|first)\b|最小|最低|最少", re.I)),
    ("sum", re.compile(r"\b(?:total|totals|sum|overall|combined|revenue)\b|总和|合计|总计|总额", re.I)),
)
_PERIOD = re.compile(r"^(?P<grain>year|quarter|month|week|day|date)s?(?: \(?as .*)?$|^(?P<zh>年份?|季度|月份?|周|日期)$", re.I)
_ZH_GRAINS = {"年": "year", "年份": "year", "季度": "quarter", "月": "month", "月份": "month", "周": "week", "日期": "day"}
_EACH_PERIOD = re.compile(r"\b(?:each|every|per|by) (?:calendar |of the (?:last|past|previous) \d+ )?(?:calendar )?(year|quarter|month|week|day)s?\b|\beach of the (?:last|past|previous) \d+ (?:calendar )?(year|quarter|month|week|day)s?\b|\b(yearly|annual|quarterly|monthly|weekly|daily)\b|每(?:个)?(年|季度|月|周|天|日)|按(年|季度|月|周|天|日)", re.I)
_GRAIN_WORDS = {"yearly": "year", "annual": "year", "quarterly": "quarter", "monthly": "month", "weekly": "week", "daily": "day", "年": "year", "季度": "quarter", "月": "month", "周": "week", "天": "day", "日": "day"}
_TOP = re.compile(r"\b(?:top|first|best|bottom|last|lowest|highest|worst|least|most)\s+(\d+)\b|\b(\d+)\s+(?:\w+\s+){0,2}?(?:most|least|highest|lowest|largest|smallest|best|worst|latest|newest|oldest|longest|shortest)\b|前\s*(\d+)|后\s*(\d+)", re.I)
_SPAN = re.compile(r"\s*(?:calendar |full |whole |complete |ISO )?(?:day|week|month|quarter|year|hour)s?\b", re.I)
_SINGLE = re.compile(
    r"^(?:which|what|who)\b[^.?!]{0,60}?\b(?:has|have|had|with|is|was|did|made|received)\b[^.?!]{0,30}?\b(?:most|highest|largest|greatest|biggest|lowest|least|smallest|fewest|longest|shortest|oldest|youngest|newest|cheapest)\b|\b(?:of|for) the \w+ with the (?:most|highest|largest|greatest|lowest|least|smallest|fewest|longest|shortest)\b|最(?:多|高|大|少|低|小|长|短|新|早)的",
    re.I,
)
_ORDER = re.compile(r"\b(?:order(?:ed|ing)?|sort(?:ed|ing)?|ascending|descending|alphabetical\w*|from (?:most|highest|lowest|least|largest|smallest))\b|排序|升序|降序|从(?:高|低|大|小|多|少)到", re.I)
_FALLING = re.compile(r"\b(?:descending|from (?:the )?(?:most|highest|largest)|highest to lowest|most to least|highest first|largest first)\b|降序|从(?:高|大|多)到", re.I)
_LOW = re.compile(r"\b(?:bottom|lowest|least|smallest|fewest|shortest|oldest|earliest|worst|cheapest|ascending|alphabetical\w*|from (?:lowest|least|smallest))\b|最(?:低|少|小|短|早)|升序|后\s*\d", re.I)
_BY = re.compile(r"\b(?:top|bottom) \d+ .*?\b(?:by|in terms of|based on|with the (?:highest|lowest|most|largest|smallest)) (?P<key>.+?)(?=[.?!;,]|\bfor\b|\bin the\b|\bfrom\b|$)|\b(?:ordered|sorted|order|sort|ranked)(?: the results?)? by (?:the )?(?P<key2>.+?)(?=[.?!;]|\bfrom\b|\bin\b|$)|\bsorted by (?:the )?(?P<key3>.+?)(?= first|[.?!;]|$)", re.I)
_DISTINCT = re.compile(r"\b(?:distinct|unique|different)\b|去重|不重复|有哪些|哪些", re.I)
_COUNT_DISTINCT = re.compile(r"(?:number|count) of (?:distinct|unique|different)|(?:how many|total) (?:distinct|unique|different)|(?:distinct|unique|different) (?:count|number)|,? ?(?:and |the )?(?:number of )?(?:distinct|unique|different) \w+ (?:count|per)", re.I)
_PLURAL = re.compile(r"^(?:which|what (?:are|were) the (?:different|names|types|list|kinds)?|what \w+s\b)", re.I)
_COUNTED = re.compile(r"^\W*(?:how many|what (?:is|was|are|were) the (?:total )?(?:number|count)\b|count\b|(?:return|give|show|get|find) (?:me )?the (?:total )?(?:number|count)\b)|有多少(?:个|家|条|位|次|种|名)?|共有几", re.I)
_FIGURE = re.compile(r"^\W*(?:what|calculate|compute|find|return|give|get|show)\b[^.?!]{0,30}?\b(?:average|avg|mean|total|sum|maximum|minimum|max|min|percentage|ratio|proportion)\b", re.I)
_GROUPED = re.compile(r"\b(?:each|per|every|by|grouped|for all|split|breakdown|respectively)\b|每(?:个|家|位|年|月|季度|种)?|各|按|分别", re.I)
_SUBJECT = re.compile(r"\b(?:top|bottom) \d+ (?:best[- ]selling |most \w+ |highest[- ]\w+ )?(?P<noun>.+?) (?:by|in terms of|based on|with|sorted|ordered|according)\b", re.I)
_GENERIC = frozenset("amount value number total count price cost".split())
_BEFORE_LIST = re.compile(r"\b(?:what (?:is|was|are|were) the|how many|calculate)\b[^.?!]*\b(?:average|avg|mean|total|number of|maximum|minimum|how many)\b", re.I)
_PART = re.compile(r"\b(?:out of|of (?:these|them|those|which)|percent\w*|proportion|ratio|share|rate)\b|占比|比例|其中", re.I)


@dataclass(frozen=True, slots=True)
class Asked:
    """One column that is asked for."""

    kind: Kind
    texts: tuple[str, ...]
    """What it may be, as SQL over `dataset.field`; a grain for a period; () where every figure of its kind may be
    meant.
    """


@dataclass(frozen=True, slots=True)
class Shape:
    """The SELECT that a question asks for, as far as its words say."""

    columns: tuple[Asked, ...]
    """In order; () where the question does not list them."""
    periods: tuple[str, ...]
    """Grains that it groups by, where its columns do not hold them."""
    is_distinct: bool | None
    """None: the llm may choose."""
    may_order: bool
    must_order: bool
    keys: tuple[int, ...]
    """Columns, from 1, that it is ordered by; () where that is not clear."""
    limit: int
    """0: none."""
    is_ascending: bool | None
    """None: not said."""
    is_one_figure: Kind | None
    """One figure over all rows, without groups, and of which kind."""
    may_calculate: bool
    """Whether figures may be calculated with: a formula, a share, a difference."""
    means_alone: bool
    """Whether the formula takes means, and no totals."""
    part_from: int
    """Where in the text what follows is about part of the rows alone ("out of these, …"); -1 for nowhere."""


def shape_of(text: str, hints: str, index: FieldIndex) -> Shape:
    """What the words of `text` say of its columns, order and rows."""
    return _Reading(" ".join(text.split()), hints, index).shape()


class _Reading:
    def __init__(self, text: str, hints: str, index: FieldIndex) -> None:
        self.text, self.index = text, index
        self.defined = definitions_of(hints)
        self.full = in_full(text, hints)
        named = [definition for name, definition in self.defined.items() if re.search(rf"\b{re.escape(name)}\b", text)]
        self.formulas = [definition for definition in named if is_formula(definition)]

    def shape(self) -> Shape:
        text, columns = self.text, self._columns()
        is_grouped = _GROUPED.search(text) is not None
        one: Kind | None = None
        if not columns and not is_grouped:
            one = "count" if _COUNTED.search(self.full) else self._one_kind()
        limit = next((int(n) for m in _TOP.finditer(text) if not _SPAN.match(text, m.end()) for n in m.groups() if n), 0)
        if _SINGLE.search(text) and not limit and one is None and not _all_figures(columns):
            limit = 1
        is_ordered = bool(limit) or _ORDER.search(text) is not None
        rising = _LOW.search(text) is not None and _FALLING.search(text) is None
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
            bool(self.formulas) or _PART.search(text) is not None or any(c.kind == "formula" for c in columns),
            any(re.search(r"\b(?:avg|average|mean)\b", f, re.I) and not re.search(r"\b(?:total|sum)\b", f, re.I) for f in self.formulas),
            part.start() if part else -1,
        )

    # -- columns ------------------------------------------------------------------------------------------------
    def _columns(self) -> tuple[Asked, ...]:
        found: list[str] = []
        for match in _LIST.finditer(self.text):
            phrases = [p for p in (_cut(part) for part in _SPLIT.split(_CLAUSE.sub("", match["list"]))) if p]
            is_list = len(phrases) > 1 or match.start() > 0 or (len(phrases) == 1 and self.asked(phrases[0]).kind == "column")
            if phrases and len(phrases) <= MOST_COLUMNS and is_list:
                # A later list says what is to be shown of what the first one speaks of; "also return" adds to it.
                also = re.search(r"\balso\s*$", self.text[: match.start()], re.I)
                found = [*found, *phrases] if also else phrases
        found = [part for phrase in _spread(found) for part in self._parts(phrase)]
        columns = tuple(self.asked(phrase) for phrase in found)
        if columns and all(c.kind == "column" for c in columns) and len(columns) == 1 and _BEFORE_LIST.search(self.text):
            return ()
        columns = self._totalled(columns, found)
        if not columns or all(c.kind == "any" for c in columns) or len(columns) > MOST_COLUMNS:
            return ()
        return tuple(dict.fromkeys(columns))

    def _parts(self, phrase: str) -> list[str]:
        """top 5 states by total revenue: the states, which the list after it may not name again."""
        match = _SUBJECT.match(phrase)
        return [match["noun"]] if match else [phrase]

    def _totalled(self, columns: tuple[Asked, ...], phrases: Sequence[str]) -> tuple[Asked, ...]:
        """A field that is itself called total, beside other figures, is added up for each group."""
        if not any(c.kind in ("count", "sum", "avg", "max", "min") for c in columns):
            return columns
        found = []
        for column, phrase in zip(columns, phrases, strict=True):
            kind = next((k for k, p in _FIGURES if k in ("avg", "sum") and p.search(phrase)), None)
            made = self._figures(kind, phrase) if kind and column.kind == "column" else ()
            found.append(Asked(kind, made) if kind and made else column)
        return tuple(found)

    def asked(self, phrase: str) -> Asked:
        """What one phrase of a list asks for."""
        phrase = phrase.replace("_", " ") if " " not in phrase and not self._exact(phrase) else phrase
        definition = self.defined.get(phrase.strip(), "")
        if definition:
            if is_formula(definition) and not _FIGURES[0][1].search(definition):
                return Asked("formula", ())
            phrase = definition.rpartition("= ")[2]
        exact = self._exact(phrase)
        period = _PERIOD.match(phrase)
        if period and not exact:
            grain = (period["grain"] or _ZH_GRAINS.get(period["zh"] or "", "day")).lower().replace("date", "day")
            return Asked("period", (grain,))
        if exact and not definition:
            return Asked("column", exact)
        for kind, pattern in _FIGURES:
            if pattern.search(phrase):
                return Asked(kind, self._figures(kind, phrase))
        near = self._near(phrase)
        return Asked("column", near) if near else Asked("any", ())

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
        is_told = longest > 1 or any(not _GENERIC & {*h.words} for h in fields if len(h.words) == longest)
        if keys and is_told:
            return tuple(f"{kind.upper()}({d}.{f})" for d, f in keys)
        return ()

    def _one_kind(self) -> Kind | None:
        """The kind of the one figure that is asked, where the words open with it."""
        if self.formulas:
            return "formula"
        if not _FIGURE.search(self.full) and not self.defined:
            return None
        opening = self.full[:90]
        return next((kind for kind, pattern in _FIGURES if pattern.search(opening)), None) if _FIGURE.search(self.full) else None

    def _periods(self, columns: Sequence[Asked]) -> tuple[str, ...]:
        if any(c.kind == "period" for c in columns):
            return ()
        found = [next(g for g in m.groups() if g).lower() for m in _EACH_PERIOD.finditer(self.full)]
        grains = dict.fromkeys(_GRAIN_WORDS.get(word, word) for word in found)
        return tuple(grains)[:1]

    # -- order --------------------------------------------------------------------------------------------------
    def _distinct(self, is_ordered: bool) -> bool | None:
        if _DISTINCT.search(_COUNT_DISTINCT.sub("", self.text)):
            return True
        return None if _PLURAL.search(self.text) and not is_ordered else False

    def _keys(self, columns: Sequence[Asked]) -> tuple[int, ...]:
        """The columns that the words after "by" mean; () where one of them is not clear."""
        match = _BY.search(self.text)
        if match is None or not columns:
            return ()
        found = []
        for phrase in _SPLIT.split(next(g for g in match.groups() if g)):
            key = self.asked(_cut(phrase))
            alike = [n for n, c in enumerate(columns, 1) if c.kind == key.kind and (key.kind != "column" or set(c.texts) & set(key.texts))]
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
    return _OPENING.sub("", _OPENING.sub("", phrase)).strip()


def _spread(phrases: Sequence[str]) -> list[str]:
    """first and last name as first name, last name; drug's id and name as drug's id, drug's name."""
    found = list(phrases)
    for place in range(len(found) - 1):
        words, after = found[place].split(), found[place + 1].split()
        if len(words) == 1 and len(after) == 2 and words[0].lower() in ("first", "start", "minimum", "max", "min", "maximum", "starting", "opening"):
            found[place] = f"{words[0]} {after[1]}"
        elif len(words) == 2 and len(after) == 1 and words[0].lower().endswith(("'s", "’s")):
            found[place + 1] = f"{words[0]} {after[0]}"
    return found
