"""Which end of what order an English question asks for, and how many rows: the top 3 by total revenue, the longest river.

A superlative of a thing orders rows; one of a figure is a figure. Never limits rows where no word does.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from dataclasses import dataclass, field

from t2sql.fields.english_words import ADJECTIVES
from t2sql.fields.index import FieldIndex, Key
from t2sql.fields.linked import Function, Linked
from t2sql.fields.roles import adds_up, is_date, is_flag, is_member, is_number
from t2sql.fields.words import split_name, spoken
from t2sql.fields.writing import qualified, quoted

_ORDERED = re.compile(
    r"\b(?:highest|largest|biggest|longest|lowest|smallest|shortest|earliest|latest|newest|oldest|best|worst|most|fewest|least)(?: [a-z]+)? first\b|\b(?:order(?:ed|ing)?|sort(?:ed|ing)?|rank(?:ed)?)\b(?: the (?:results?|list|output|answer))?(?: alphabetically| by| in| from|$)|\b(?:starting|beginning) from\b|\bin (?:ascending|descending|alphabetical) order\b|\bfrom (?:the )?(?:highest|lowest|largest|smallest|longest|shortest|most|least|best|worst|oldest|newest)\b|\balphabetical(?:ly)?\b",
    re.IGNORECASE,
)
_UP = re.compile(
    r"\b(?:lowest|smallest|shortest|earliest|oldest|worst|fewest|least)(?: [a-z]+)? first\b|\bascending|alphabetical|from (?:the )?(?:lowest|smallest|shortest|least|worst|oldest|earliest|fewest)\b",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"\bdescending|from (?:the )?(?:highest|largest|longest|most|best|newest|latest)\b|(?:highest|largest|biggest|longest|best|most|latest|newest)(?: [a-z]+){0,2} first",
    re.IGNORECASE,
)
MOST = re.compile(
    r"\b(?:(?P<high>most(?! recent)|highest|largest|greatest|biggest|best(?![- ]selling)|longest|maximum)|(?P<low>least|lowest|smallest|fewest|shortest|worst|minimum))\b(?: (?:total |overall )?(?:number|count|amount) of| average| total)?",
    re.IGNORECASE,
)
_NO_TIME = r"(?! (?:calendar |full |whole )?(?:days?|weeks?|months?|quarters?|years?|hours?))"
_COUNTED = r"(?P<first>\d+|two|three|four|five|ten) (?:top|best|biggest|largest|highest|greatest|longest|oldest|newest|youngest|latest|cheapest|most (?!recent|of))"
_TOP = re.compile(
    rf"\b{_COUNTED}|\b(?:top|first|best)\s+(?P<n>\d+|one|two|three|four|five|ten)\b{_NO_TIME}|\b(?:bottom|last|worst)\s+(?P<low>\d+|one|two|three|four|five|ten)\b{_NO_TIME}",
    re.IGNORECASE,
)
_BY = re.compile(r"\b(?:by|in terms of|based on) (?:the |their |its )?", re.IGNORECASE)
_COUNTS = frozenset(("count", "quantity", "qty"))
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10}
_FROM_END_TO_END = re.compile(r"[a-z, ]{0,30}\bfrom (?:the )?[a-z]+est to (?:the )?[a-z]+est\b", re.IGNORECASE)
_SINGULAR = re.compile(
    r"^\W*(?:which|what) \w+ (?:has|had|is|was|received|got)\b|^\W*(?:which|what) [a-z]+[^s\W] (?:[a-z]+ ){1,2}the (?:most|fewest|least|highest|lowest|largest|smallest|biggest)\b|^\W*(?:which|what) [a-z]+[^s\W]['’]s\b|^\W*who (?:is|was|has|had)\b|\bthe [a-z ]{0,20}?[a-z]+(?:[^s\s]) (?:with|that has|that have|which has|having) the\b|\bof the [a-z]+[^s\s] (?:with|that|which)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Shape:
    """A SELECT in the making."""

    columns: list[Key] = field(default_factory=list)
    figures: list[tuple[Function, Key | None]] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    sure: float = 1.0


class Ordered:
    """One question, with what it orders by."""

    def __init__(self, linked: Linked, index: FieldIndex) -> None:
        self.linked, self.index, self.text = linked, index, linked.text
        self.dataset = linked.dataset
        reach = {self.dataset, *index.reach[self.dataset]}
        self.fields = [f for f in linked.fields if f.dataset in reach and f.score >= 0.5]
        ordered = _ORDERED.search(self.text)
        self.is_subject_only = False
        self.ordered_at = ordered.start() if ordered else len(self.text)

    def _is_order_words(self, at: int) -> bool:
        """Whether a superlative orders things: the lake with the largest area; ordered from highest."""
        if at >= self.ordered_at:
            return True
        match = next((m for m in MOST.finditer(self.text) if m.start() <= at < m.end()), None)
        if match is None:
            return False
        at = match.start()
        before = self.text[:at].lower()
        is_of_thing = (
            re.search(r"(?:with|has|have|had|having|received|of|got|in terms of|by|for) (?:the )?$", before) is not None
        )
        is_which = re.match(r"\W*(?:which|who|what are the|list)\b", before) is not None
        has_groups = bool(self.linked.groups)
        return not has_groups and (is_of_thing or is_which)

    def _figure(self, function: Function, key: Key | None) -> tuple[Function, Key | None]:
        if function not in ("count", "count_distinct"):
            return function, key
        named = [d for d in self.linked.named if d.span is not None]
        if function == "count" and key is not None and key[1] and key[0] == self.dataset and self._is_amount(key):
            # The number of seats, where seats is a column.
            return "sum", key
        if key is not None and not key[1]:
            counts = [
                f for f in self.index.catalog.datasets[key[0]].fields.values() if f.name in _COUNTS and is_number(f)
            ]
            if key[0] == self.dataset and counts and function == "count":
                # A table of daily counts is summed, not counted.
                return "sum", (key[0], counts[0].name)
            if key[0] == self.dataset:
                return "count", None
            keys = self.index.catalog.datasets[key[0]].primary_key
            own = next(
                (f.name for f in self.index.catalog.datasets[key[0]].fields.values() if f.expression in keys), ""
            )
            return ("count_distinct", (key[0], own)) if own else ("count", None)
        if (
            key is not None
            and function == "count"
            and named
            and key[0] == self.dataset
            and not is_number(self.index.field(key))
        ):
            return "count", None
        return (function, key) if function == "count_distinct" and key else ("count", None)

    def _is_amount(self, key: Key) -> bool:
        item = self.index.field(key)
        is_key = item.expression in self.index.catalog.datasets[key[0]].primary_key or key[1].endswith("id")
        return is_number(item) and not is_key and not is_member(key[1]) and not is_flag(item)

    def _limit(self) -> int:
        match = _TOP.search(self.text)
        if match:
            said = (match["n"] or match["low"] or match["first"]).lower()
            return _NUMBERS.get(said) or (int(said) if said.isdigit() else 0)
        if self.linked.order is not None and self.linked.order.limit > 1:
            return self.linked.order.limit
        return 0

    def _order(self, shape: Shape, calls: list[str]) -> tuple[list[str], int, str]:
        """ORDER BY, LIMIT, and the figure that is ordered by and not shown, "" for none."""
        match = next(
            (m for m in MOST.finditer(self.text) if m.start() < self.ordered_at and self._is_order_words(m.start())),
            None,
        )
        limit = self._limit()
        top = _TOP.search(self.text)
        by_said = _BY.search(self.text, top.end(), min(self.ordered_at, len(self.text))) if top else None
        if match is not None and by_said is not None and by_said.start() < match.start() + 200:
            match = None
        is_told = _FROM_END_TO_END.match(self.text[self.ordered_at :]) is not None
        is_up = bool(_UP.search(self.text[self.ordered_at :])) and not _DOWN.search(self.text[self.ordered_at :])
        if match is not None:
            is_up = bool(match["low"])
            if not limit and (_SINGULAR.search(self.text) or not self._is_plural()):
                limit = 1
        elif (is_told or self.ordered_at == len(self.text)) and not calls and (told := self._by_adjective()):
            is_one = _SINGULAR.search(self.text) is not None or not self._is_plural()
            key, is_down = told
            if is_told and self.is_subject_only and key not in shape.columns:
                # Rivers from longest to shortest: how long is seen beside them.
                shape.columns.append(key)
            return [self._name(key) + (" DESC" if is_down else "")], limit or (1 if is_one else 0), ""
        elif self.ordered_at == len(self.text) and not limit:
            return [], 0, ""
        elif limit and self.ordered_at == len(self.text):
            is_up = bool((_TOP.search(self.text) or {"low": ""})["low"])
        by, hidden = self._ordered_by(shape, calls, match)
        if not by and match is not None and not calls and (told := self._by_adjective()):
            # The longest rivers, of a column called length.
            if limit != 1 and self.is_subject_only and told[0] not in shape.columns:
                shape.columns.append(told[0])
            return [self._name(told[0]) + (" DESC" if told[1] else "")], limit, ""
        if not by:
            return [], limit, ""
        descending = not is_up
        if not match and not limit and not _DOWN.search(self.text[self.ordered_at :]):
            descending = bool(calls) and not is_up
        ending = " DESC" if descending else ""
        if limit != 1 and self.is_subject_only and not calls and by not in map(self._name, shape.columns):
            # Lakes with the largest areas: what they are ordered by is seen beside them.
            if hidden.startswith("COUNT"):
                calls.append(hidden)
                hidden = ""
            elif not hidden and (match is not None or is_number(self.index.field(self._key_of(by)))):
                shape.columns.append(self._key_of(by))
        also = (
            [c for c in calls if c != by]
            if by in calls and by_said and " and " in self.text[by_said.end() : by_said.end() + 60]
            else []
        )
        return [call + ending for call in (by, *also)], limit, hidden

    def _by_adjective(self) -> tuple[Key, bool] | None:
        """What an adjective tells by itself is ordered by, and whether downwards: the oldest club, the five cheapest
        rooms; None for none.
        """
        fields = [f for f in self.index.catalog.datasets[self.dataset].fields.values() if f.is_named]
        for pattern, words, is_down in ADJECTIVES:
            found = [f for f in fields if words & {*spoken(split_name(f.name))} and (is_number(f) or is_date(f))]
            if len(found) == 1 and pattern.search(self.text):
                return (self.dataset, found[0].name), is_down
        return None

    def _key_of(self, name: str) -> Key:
        return next((f.dataset, f.field) for f in self.fields if self._name((f.dataset, f.field)) == name)

    def _is_plural(self) -> bool:
        first = next((d.span for d in self.linked.named if d.span is not None), None)
        return first is not None and self.text[first.start : first.end].lower().endswith("s")

    def _ordered_by(self, shape: Shape, calls: list[str], match: re.Match[str] | None) -> tuple[str, str]:
        """What orders the rows, and the same again where no column shows it."""
        top = _TOP.search(self.text)
        if match is not None:
            start = match.start()
        else:
            by = _BY.search(self.text, top.end() if top and self.ordered_at == len(self.text) else self.ordered_at)
            start = by.end() if by else max(self.ordered_at, 0)
        near = self.text[start : start + 60].lower()
        after = [f for f in self.fields if f.span.end > start + 1 and f.span.start - start <= 60]
        tables = [
            d for d in self.linked.named if d.span is not None and start < d.span.end and d.span.start - start <= 40
        ]
        first_field = after[0].span.start if after else 10**6
        first_table = tables[0].span.start if tables and tables[0].span else 10**6
        is_count = (
            re.match(
                r"(?:the |their |its |total |highest |most |largest |lowest |least |fewest |greatest |overall )*(?:number of|count of)\b",
                near,
            )
            is not None
        )
        is_most = match is not None and match[0].lower().split()[0] in ("most", "fewest", "least")
        if (
            (is_count or is_most)
            and first_table < first_field
            and (is_count or first_table - start <= len(match[0]) + 1 if match else True)
        ):
            call = self._call(*self._figure("count", (tables[0].dataset, "")))
            return call, "" if call in calls else call
        if after:
            key = (after[0].dataset, after[0].field)
            name = self._name(key)
            if is_count and (not is_number(self.index.field(key)) or key[1].endswith("id")):
                call = f"COUNT(DISTINCT {name})"
                return call, "" if call in calls else call
            shown = next((c for c in calls if f"({name})" in c), "")
            if shown:
                return shown, ""
            of_others = [k for k in shape.columns if k != key]
            if is_most and key[0] == self.dataset and of_others and all(k[0] != self.dataset for k in of_others):
                # The supplier that delivered the most kilograms: of all its lots, and not in one of them.
                if not adds_up(self.index.field(key)):
                    shape.sure *= 0.5
                    return name, ""
                call = f"SUM({name})"
                if key in shape.columns:
                    shape.columns.remove(key)
                    calls.append(call)
                return call, "" if call in calls else call
            function = "AVG" if "average" in near[:24] or "avg" in near[:24] else "SUM" if "total" in near[:24] else ""
            is_own = key[0] == self.dataset
            if function and is_own and is_number(self.index.field(key)):
                call = f"{function}({name})"
                return call, call
            if calls:
                return calls[0], ""
            return (name, "") if is_number(self.index.field(key)) or match is None else ("", "")
        if calls:
            return calls[0], ""
        numbers = [k for k in shape.columns if is_number(self.index.field(k))]
        if numbers:
            return self._name(numbers[0]), ""
        return (self._name(shape.columns[0]), "") if shape.columns and match is None and top is None else ("", "")

    def _name(self, key: Key) -> str:
        return quoted(key[1]) if key[0] == self.dataset else qualified(*key)

    def _call(self, function: Function, key: Key | None) -> str:
        calls = {
            "sum": "SUM({})",
            "avg": "AVG({})",
            "max": "MAX({})",
            "min": "MIN({})",
            "count_distinct": "COUNT(DISTINCT {})",
        }
        if function == "made" and key is not None:
            return key[1]
        return "COUNT(*)" if key is None or function == "count" else calls[function].format(self._name(key))
