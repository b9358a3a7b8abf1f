"""What columns a question asks for: its “Return …, … and …” list taken apart, and what order and how many rows.

Code reads how many columns there are and of what kind; which field is meant is left to the llm where several fit. What
cannot be read is told as unknown, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from t2sql.adhoc.figures import counts_of, is_amount, is_measured, is_moment
from t2sql.catalog import Catalog
from t2sql.fields.hits import name_hits, words_of
from t2sql.fields.index import FieldIndex

Kind = Literal["column", "count", "sum", "avg", "max", "min", "share", "rank", "period", "figure", "any"]
_LIST = re.compile(
    r"\b(?:return|give me|give|show me|show|showing|list|output|provide|display|include)\b(?: back)?(?: only)?"
    r"(?: (?:the|their|its|his|her|a|each|all|both|as))*\s+(?P<list>.+?)"
    r"(?=\s*(?:[.?!;:]\s|[.?!;:]?$)|,? (?:ordered|sorted|order(?:ing)?|sort(?:ing)?|starting|ranked|in (?:ascending|descending|order))\b)",
    re.IGNORECASE | re.DOTALL,
)
_SPLIT = re.compile(r"\s*(?:,\s*(?:and|as well as)?\s+|\s+and\s+(?:the |their |its )?|\s*[，、；]\s*|\s+as well as\s+|(?:以及|和|及|与))\s*")
_TAIL = re.compile(
    r"\s+(?:for (?:each|every|all|the|that|those|these)|of (?:each|every|all|the|those|these|doctors|patients)|per|by|in each|whose|who|that|which|where|when|from|with|based on|across)\b.*$",
    re.IGNORECASE,
)
_FIGURES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("rank", re.compile(r"\brank(?:ing)?\b|排名|名次", re.I)),
    ("share", re.compile(r"\b(?:percentage|percent|ratio|proportion|share|rate|pct)\b|占比|比例|比率|百分比", re.I)),
    ("avg", re.compile(r"\b(?:average|avg|mean)\b|平均|均值", re.I)),
    ("count", re.compile(r"\b(?:number of|count|counts|how many|num of|no\. of|# of|total number|unique \w+s|distinct \w+s)\b|数量|个数|多少个|多少家|几个|次数|条数|人数", re.I)),
    ("max", re.compile(r"\b(?:max|maximum|highest|largest|greatest|latest|most recent)\b|最大|最高|最多", re.I)),
    ("min", re.compile(r"\b(?:min|minimum|lowest|smallest|earliest|first)\b|最小|最低|最少", re.I)),
    ("sum", re.compile(r"\b(?:total|sum|overall|combined|revenue)\b|总和|合计|总计|总额", re.I)),
)
_PERIOD = re.compile(r"^(?:the )?(?P<grain>year|quarter|month|week|day|date)s?\b(?: \(?as .*)?$|^(?P<zh>年份?|季度|月份?|周|日期)$", re.I)
_ZH_GRAINS = {"年": "year", "年份": "year", "季度": "quarter", "月": "month", "月份": "month", "周": "week", "日期": "day"}
_TOP = re.compile(r"\b(?:top|first|best|bottom|last|lowest|highest|worst|least|most)\s+(\d+)\b|\b(\d+)\s+(?:\w+\s+){0,2}?(?:most|least|highest|lowest|largest|smallest|best|worst|latest|newest|oldest|longest|shortest)\b|前\s*(\d+)|后\s*(\d+)", re.I)
_SINGLE = re.compile(
    r"\b(?:which|what|who|name of|the)\b.{0,80}?\b(?:most|highest|largest|greatest|biggest|lowest|least|smallest|fewest|longest|shortest|oldest|youngest|newest|best|worst|latest|earliest|cheapest|fastest|slowest)\b|最(?:多|高|大|少|低|小|长|短|新|早)的",
    re.I,
)
_ORDER = re.compile(r"\b(?:order(?:ed|ing)?|sort(?:ed|ing)?|rank(?:ed)?|ascending|descending|alphabetical\w*|from (?:most|highest|lowest|least))\b|排序|升序|降序|从(?:高|低|大|小|多|少)到", re.I)
_LOW = re.compile(r"\b(?:bottom|lowest|least|smallest|fewest|shortest|oldest|earliest|worst|cheapest|ascending|alphabetical\w*)\b|最(?:低|少|小|短|早)|升序|后\s*\d", re.I)
_DISTINCT = re.compile(r"\b(?:distinct|unique|different)\b|去重|不重复|有哪些|哪些", re.I)
_PLURAL = re.compile(r"^(?:which|what (?:are|were) the (?:different|names|types|list|kinds)?|what \w+s\b)", re.I)
_COUNTED = re.compile(r"^\W*(?:how many|what (?:is|was|are|were) the (?:total )?(?:number|count)\b|count\b|(?:return|give|show|get|find) (?:me )?the (?:total )?(?:number|count)\b)|有多少(?:个|家|条|位|次|种|名)?|共有几", re.I)
_SPAN = re.compile(r"\s*(?:calendar |full |whole |complete |ISO )?(?:day|week|month|quarter|year|hour)s?\b", re.I)
_COUNT_DISTINCT = re.compile(r"(?:number|count) of (?:distinct|unique|different)|(?:how many|total) (?:distinct|unique|different)|(?:distinct|unique) (?:count|number)", re.I)
_PART = re.compile(r"\b(?:out of|of (?:these|them|those|which)|percent\w*|proportion|ratio|share|rate)\b|占比|比例|其中", re.I)
_CLAUSE = re.compile(r"\s+(?:for (?:each|every|all|those|\w+s that|\w+s with)|of (?:patients|customers|\w+s) who|that (?:have|has|had|were|are)|who|whose|where|which)\b.*$", re.I)
_GROUPED = re.compile(r"\b(?:each|per|every|by|grouped|for all|split|breakdown)\b|每(?:个|家|位|年|月|季度|种)?|各|按|分别", re.I)


@dataclass(frozen=True, slots=True)
class Asked:
    """One column that is asked for."""

    kind: Kind
    texts: tuple[str, ...]
    """What it may be, as SQL over `dataset.field`; () where every field and figure may be meant."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The SELECT that a question asks for, as far as its words say."""

    columns: tuple[Asked, ...]
    """In order; () where the question does not list them."""
    is_distinct: bool | None
    """None: the llm may choose."""
    may_order: bool
    must_order: bool
    limit: int
    """0: none."""
    is_ascending: bool | None
    """None: not said."""
    is_one_figure: bool
    """One figure over all rows, without groups."""
    may_filter: bool
    """Whether figures may be over part of the rows alone: a share, or some of those counted."""


def shape_of(text: str, hints: str, index: FieldIndex) -> Shape:
    """What the words of `text` say of its columns, order and rows."""
    plain = " ".join(text.split())
    columns = _listed(plain, hints, index)
    one_figure = bool(_COUNTED.search(plain)) and not _GROUPED.search(plain) and not columns
    limit = next((int(n) for m in _TOP.finditer(plain) if not _SPAN.match(plain, m.end()) for n in m.groups() if n), 0)
    if _SINGLE.search(plain) and not limit and not _all_figures(columns) and not one_figure:
        limit = 1
    is_ordered = bool(limit) or bool(_ORDER.search(plain))
    distinct: bool | None = False
    if _DISTINCT.search(_COUNT_DISTINCT.sub("", plain)):
        distinct = True
    elif _PLURAL.search(plain) and not is_ordered:
        distinct = None
    return Shape(
        columns,
        distinct,
        is_ordered,
        bool(limit),
        limit,
        bool(_LOW.search(plain)) if is_ordered else None,
        one_figure,
        bool(_PART.search(plain + " " + hints)),
    )


def _all_figures(columns: Sequence[Asked]) -> bool:
    """Whether every column is a figure, so that there are no groups to order."""
    return bool(columns) and all(c.kind not in ("column", "period", "any") for c in columns)


def _listed(text: str, hints: str, index: FieldIndex) -> tuple[Asked, ...]:
    found = [m for m in _LIST.finditer(text)]
    if not found:
        return ()
    # The last list is what is to be shown; an opening “List the …” gives way to a “Return …” that follows.
    phrases = [p for p in (_cut(part) for part in _SPLIT.split(_CLAUSE.sub("", found[-1]["list"]))) if p]
    if not phrases or len(phrases) > 9:
        return ()
    columns = tuple(_asked(phrase, phrases, hints, index) for phrase in phrases)
    if all(c.kind == "any" for c in columns):
        return ()
    return columns


def _cut(phrase: str) -> str:
    phrase = phrase.strip(" .,?!:;")
    shorter = _TAIL.sub("", phrase)
    return re.sub(r"^(?:the|their|its|a|an|both|also|then|total list of|list of|distinct list of|distinct)\s+", "", shorter or phrase, flags=re.I).strip()


def _asked(phrase: str, phrases: Sequence[str], hints: str, index: FieldIndex) -> Asked:
    catalog = index.catalog
    period = _PERIOD.match(phrase)
    if period and not _exact_fields(phrase, index):
        grain = (period["grain"] or _ZH_GRAINS.get(period["zh"] or "", "day")).lower().replace("date", "day")
        return Asked("period", (grain,))
    exact = _exact_fields(phrase, index)
    if exact:
        return Asked("column", exact)
    for kind, pattern in _FIGURES:
        if pattern.search(phrase):
            return Asked(kind, _figure_texts(kind, phrase, index))
    if re.fullmatch(r"[A-Z][A-Z0-9]{1,9}", phrase):
        # An abbreviation that a hint defines is a figure.
        return Asked("figure", ()) if re.search(rf"\b{re.escape(phrase)}\b", hints) else Asked("any", ())
    near = _near_fields(phrase, index)
    return Asked("column", near) if near else Asked("any", ())


def _exact_fields(phrase: str, index: FieldIndex) -> tuple[str, ...]:
    """Fields that the whole phrase names."""
    words = words_of(phrase)
    hits = [h for h in name_hits(words, index) if h.is_field and h.sure >= 0.65]
    whole = [h for h in hits if len(" ".join(h.words)) >= 0.75 * len(" ".join(t.text for t in words.names if t.is_content))]
    best: dict[str, float] = {}
    for hit in whole:
        best[f"{hit.key[0]}.{hit.key[1]}"] = max(best.get(f"{hit.key[0]}.{hit.key[1]}", 0.0), hit.sure)
    return tuple(sorted(best, key=lambda name: -best[name]))


def _near_fields(phrase: str, index: FieldIndex) -> tuple[str, ...]:
    """Fields that part of the phrase names."""
    hits = [h for h in name_hits(words_of(phrase), index) if h.is_field]
    longest = max((len(h.words) for h in hits), default=0)
    return tuple(dict.fromkeys(f"{h.key[0]}.{h.key[1]}" for h in hits if len(h.words) == longest))


def _figure_texts(kind: Kind, phrase: str, index: FieldIndex) -> tuple[str, ...]:
    """The figures of one kind that a phrase may mean."""
    catalog = index.catalog
    if kind == "count":
        return counts_of(catalog, is_distinct=bool(re.search(r"\b(?:distinct|unique|different)\b|去重", phrase, re.I)))
    if kind in ("rank", "share"):
        return ()
    fits = {"avg": is_amount, "sum": is_amount}.get(kind, is_measured)
    named = [h for h in name_hits(words_of(phrase), index) if h.is_field]
    keys = dict.fromkeys(h.key for h in sorted(named, key=lambda h: -len(h.words) - h.sure))
    fields = [key for key in keys if fits(catalog.datasets[key[0]], index.field(key))]
    texts = [f"{kind.upper()}({d}.{f})" for d, f in fields]
    if kind in ("max", "min") and not texts:
        texts = [f"{kind.upper()}({d}.{f})" for d, f in keys if is_moment(catalog.datasets[d], index.field((d, f)))]
    if len({len(h.words) for h in named if h.key in fields}) and texts and max(len(h.words) for h in named if h.key in fields) > 1:
        longest = max(len(h.words) for h in named if h.key in fields)
        texts = [f"{kind.upper()}({d}.{f})" for d, f in dict.fromkeys(h.key for h in named if h.key in fields and len(h.words) == longest)]
    elif kind in ("sum", "avg") or not texts:
        texts = []
    if kind == "sum" and not texts:
        every = [f"SUM({d.name}.{f.name})" for d in catalog.datasets.values() for f in d.fields.values() if f.is_named and is_amount(d, f)]
        return tuple([*every, *counts_of(catalog, is_distinct=False)])
    if not texts and kind != "sum":
        return tuple(
            f"{kind.upper()}({d.name}.{f.name})"
            for d in catalog.datasets.values()
            for f in d.fields.values()
            if f.is_named and (fits(d, f) or (kind in ("max", "min") and is_moment(d, f)))
        )
    return tuple(texts)
