"""What an English question over fields wants to see: its columns, figures, groups and order.

"Return X and Y" says the columns; else the subject does (which authors, the names of the lakes) and the figures asked of it.
Whatever cannot be read as one of a few plain shapes is told as unsure, for the llm reads it better. Never adds a column
that no word asks for, but for the name of what is listed.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from dataclasses import dataclass, field

from t2sql.fields.index import FieldIndex, Key
from t2sql.fields.linked import FieldFound, Function, Linked
from t2sql.fields.roles import is_flag, is_number, label_fields
from t2sql.fields.writing import qualified, quoted, select

_RETURN = re.compile(
    r"(?:^|[.?!;]\s+|, and |, )(?:please )?(?:return|give(?: me)?|show(?: me)?|provide|list|display|output|include|report|get|find)\b(?: me)?(?: both| only| back)?(?: the| their| its| a| all)?",
    re.IGNORECASE,
)
_ORDERED = re.compile(
    r"\b(?:order(?:ed|ing)?|sort(?:ed|ing)?|rank(?:ed)?)\b(?: the (?:results?|list|output|answer))?(?: alphabetically| by| in| from|$)|\b(?:starting|beginning) from\b|\bin (?:ascending|descending|alphabetical) order\b|\bfrom (?:the )?(?:highest|lowest|largest|smallest|longest|shortest|most|least|best|worst|oldest|newest)\b|\balphabetical(?:ly)?\b",
    re.IGNORECASE,
)
_UP = re.compile(
    r"\bascending|alphabetical|from (?:the )?(?:lowest|smallest|shortest|least|worst|oldest|earliest|fewest)\b",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"\bdescending|from (?:the )?(?:highest|largest|longest|most|best|newest|latest)\b|(?:highest|largest|longest|best|most recent) first",
    re.IGNORECASE,
)
_MOST = re.compile(
    r"\b(?:(?P<high>most(?! recent)|highest|largest|greatest|biggest|best(?![- ]selling)|longest|maximum)|(?P<low>least|lowest|smallest|fewest|shortest|worst|minimum))\b(?: (?:total |overall )?(?:number|count|amount) of| average| total)?",
    re.IGNORECASE,
)
_NO_TIME = r"(?! (?:calendar |full |whole )?(?:days?|weeks?|months?|quarters?|years?|hours?))"
_TOP = re.compile(
    rf"\b(?:top|first|best)\s+(?P<n>\d+|one|two|three|four|five|ten)\b{_NO_TIME}|\b(?:bottom|last|worst)\s+(?P<low>\d+|one|two|three|four|five|ten)\b{_NO_TIME}",
    re.IGNORECASE,
)
_BY = re.compile(r"\b(?:by|in terms of|based on) (?:the |their |its )?", re.IGNORECASE)
_COUNTS = frozenset(("count", "quantity", "qty"))
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10}
_HARD = re.compile(
    r"\bout of (?:these|those|which)|\bof (?:these|those|which)\b|\bratio\b|\bproportion\b|\bpercent\w*|\bshare of\b|\bboth\b.*\band\b|\bsame\b|\bcompared?\b|\bversus\b|\bdifference\b|\bchange\b|\bbetween\b.*\bdate|\bweekends?\b|\bwithin \d+ days\b|\bnever\b|\bwithout\b|\bhave not\b|\bhas not\b|\bno [a-z]+ records\b|\bnot (?:part|in|been)\b|\bas well as\b.*\bas\b|\bcumulative|\brunning\b|\bmedian\b|\bmode\b|\brank\b|\bdays? (?:between|before|after|from)\b|\b\d+ (?:days|months|weeks|years) (?:before|after)\b|\bmore than one\b|\bat least (?:one|two|\d+) [a-z]+s\b|\bfor each of the (?:last|past)\b|\bhow does\b|\bvary\b|\bper [a-z]+ (?:that|who)\b|\bexcept\b|\baverage number\b|\bcapacity\b|\bformula\b",
    re.IGNORECASE,
)
_LISTED = re.compile(r"^\W*(?:which|who|what|list|show|get|find|give|return|provide|display)\b", re.IGNORECASE)
_SINGULAR = re.compile(
    r"^\W*(?:which|what) \w+ (?:has|had|is|was|received|got)\b|^\W*who (?:is|was|has|had)\b|\bthe [a-z ]{0,20}?[a-z]+(?:[^s\s]) (?:with|that has|that have|which has|having) the\b|\bof the [a-z]+[^s\s] (?:with|that|which)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Shape:
    """A SELECT in the making."""

    columns: list[Key] = field(default_factory=list)
    figures: list[tuple[Function, Key | None]] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    sure: float = 1.0


def read_english(linked: Linked, index: FieldIndex) -> tuple[str, float]:
    """Semantic SQL and how plain its shape is; ("", 0) where nothing says what to show."""
    return _Reader(linked, index).read()


class _Reader:
    def __init__(self, linked: Linked, index: FieldIndex) -> None:
        self.linked, self.index, self.text = linked, index, linked.text
        self.dataset = linked.dataset
        reach = {self.dataset, *index.reach[self.dataset]}
        self.fields = [f for f in linked.fields if f.dataset in reach and f.score >= 0.5]
        ordered = _ORDERED.search(self.text)
        self.is_subject_only = False
        self.ordered_at = ordered.start() if ordered else len(self.text)

    def read(self) -> tuple[str, float]:
        """The SELECT, and how plain it is."""
        shape = self._shape()
        if not shape.columns and not shape.figures:
            return "", 0.0
        calls = list(dict.fromkeys(self._call(function, key) for function, key in shape.figures))
        order, limit, hidden = self._order(shape, calls)
        columns = [self._name(key) for key in shape.columns]
        groups: list[str] = []
        if calls or hidden:
            groups = list(dict.fromkeys([*shape.groups, *columns]))
            shown = [*(self._headed(g, shape) for g in groups), *calls]
        else:
            shown = list(dict.fromkeys(columns))
        conditions = [c.alternatives[0].sql for c in self.linked.conditions]
        is_distinct = self._is_distinct(shape, bool(calls or hidden))
        if limit and not order:
            shape.sure *= 0.3
        sql = select(
            shown,
            self.dataset,
            conditions,
            groups=groups,
            order=order,
            limit=limit,
            is_distinct=is_distinct,
            is_any=self.linked.is_any,
        )
        if (
            self.linked.groups
            and not calls
            and re.search(r"\btotal|\baverage|\bhow many|\bnumber of", self.text, re.IGNORECASE)
        ):
            shape.sure *= 0.4
        if order and not calls and not hidden and shape.columns and all(k[0] != self.dataset for k in shape.columns):
            shape.sure *= 0.7
        hard = 0.45 if _HARD.search(self.text) else 1.0
        return sql, shape.sure * hard

    # -- what is shown ------------------------------------------------------------------------------------------
    def _shape(self) -> _Shape:
        shape = _Shape()
        start = self._returned()
        limiting = self._limiting()
        figures = [a for a in self.linked.aggregates if not self._is_order_words(a.span.start)]
        if start and any(f.span.start >= start for f in self.fields):
            figures = [a for a in figures if a.span.end > start] or figures
            fields = [f for f in self.fields if start <= f.span.start < max(self.ordered_at, start + 1)] or self.fields
        else:
            fields = [
                f for f in self.fields if f.span.start < self.ordered_at and (f.span.start, f.field) not in limiting
            ]
        used = {a.field for a in figures if a.field}
        for aggregate in figures:
            shape.figures.append(self._figure(aggregate.function, aggregate.field))
        for mention in fields:
            key = (mention.dataset, mention.field)
            item = self.index.field(key)
            if key in used or is_flag(item) or self._is_measured_by(mention):
                continue
            if mention.how == "fuzzy" or mention.score < 0.7:
                shape.sure *= 0.9
            if self._sums(mention) and (shape.figures or self.linked.groups):
                shape.figures.append(("sum", key))
                continue
            if key not in shape.columns:
                shape.columns.append(key)
        for group in self.linked.groups:
            name = self._name((group.dataset, group.field))
            text = f"{group.grain}({name})" if group.grain else name
            if shape.figures:
                shape.groups.append(text)
            elif not group.grain and (group.dataset, group.field) not in shape.columns:
                shape.columns.insert(0, (group.dataset, group.field))
        if not start:
            self._with_subject(shape)
        shape.columns = self._own_ids(shape.columns)
        if shape.figures and shape.columns and any(is_number(self.index.field(k)) for k in shape.columns):
            shape.sure *= 0.7
        return shape

    def _own_ids(self, columns: list[Key]) -> list[Key]:
        """ "Their ID, first name and last name": the number of whom the names are."""
        owners = {key[0] for key in columns if not is_number(self.index.field(key))}
        owner = next(iter(owners), self.dataset)
        if len(owners) != 1 or owner == self.dataset:
            return columns
        keys = self.index.catalog.datasets[owner].primary_key
        own = next((f.name for f in self.index.catalog.datasets[owner].fields.values() if f.expression in keys), "")
        bare = [f for f in self.fields if self.text[f.span.start : f.span.end].lower() in ("id", "ids")]
        said = {(f.dataset, f.field) for f in bare}
        return [(owner, own) if own and key in said else key for key in columns]

    def _returned(self) -> int:
        """Where the list of what to return begins; 0 where it is the whole question."""
        found = [m.end() for m in _RETURN.finditer(self.text) if m.start() > 0]
        return found[-1] if found else 0

    def _limiting(self) -> set[tuple[int, str]]:
        found: set[tuple[int, str]] = set()
        for bound in self.linked.bounds:
            near = [f for f in self.fields if (f.dataset, f.field) == bound.field]
            before = [f for f in near if f.span.start <= bound.span.start]
            found |= {(f.span.start, f.field) for f in (before[-1:] or near[:1])}
        for condition in self.linked.conditions:
            for mention in self.fields:
                name = qualified(mention.dataset, mention.field)
                gap = condition.span.start - mention.span.end
                if name in condition.alternatives[0].sql and (
                    0 <= gap <= 30 or 0 <= mention.span.start - condition.span.end <= 12
                ):
                    found.add((mention.span.start, mention.field))
        return found

    def _is_order_words(self, at: int) -> bool:
        """Whether a superlative orders things: the lake with the largest area; ordered from highest."""
        if at >= self.ordered_at:
            return True
        match = next((m for m in _MOST.finditer(self.text) if m.start() <= at < m.end()), None)
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

    def _is_measured_by(self, mention: FieldFound) -> bool:
        """Whether a number stands only in the words of an order: with the highest rating."""
        key = (mention.dataset, mention.field)
        if not is_number(self.index.field(key)):
            return False
        said = [f for f in self.fields if (f.dataset, f.field) == key]
        before = self.text[max(0, mention.span.start - 28) : mention.span.start]
        is_ordered = (
            _MOST.search(before) is not None
            or re.search(r"\bby (?:the |their )?(?:total |average )?$", before) is not None
        )
        if not is_ordered:
            return False
        # "Which states have the highest density, from highest to lowest" wants to see it; one name does not.
        is_listed = self.ordered_at < len(self.text) and self._limit() == 0
        return not is_listed and len(said) == 1

    def _sums(self, mention: FieldFound) -> bool:
        said = self.text[max(0, mention.span.start - 12) : mention.span.end].lower()
        return "total" in said and is_number(self.index.field((mention.dataset, mention.field)))

    def _figure(self, function: Function, key: Key | None) -> tuple[Function, Key | None]:
        if function not in ("count", "count_distinct"):
            return function, key
        named = [d for d in self.linked.named if d.span is not None]
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

    def _with_subject(self, shape: _Shape) -> None:
        """The name of what is listed, where no column of its own is asked."""
        if shape.figures or not _LISTED.search(self.text):
            return
        first = next((d for d in self.linked.named if d.span is not None), None)
        if first is None or first.span is None:
            return
        opening = self.text[: first.span.start].lower()
        asks_field = any(f.span.start < first.span.start for f in self.fields if (f.dataset, f.field) in shape.columns)
        is_subject = re.fullmatch(
            r"\W*(?:which|who|what(?: are| is| were| was)?|list|show|get|find|give|return|provide|display)?(?: me)?(?: of)?(?: all)?(?: the)?(?: names? of(?: the| all)*)?(?: top \w+| \w+est| most \w+| best)?(?: \w+)? ?",
            opening,
        )
        if is_subject is None or asks_field:
            return
        labels = [(first.dataset, f.name) for f in label_fields(self.index.catalog.datasets[first.dataset])]
        if all(is_number(self.index.field(key)) for key in labels):
            shape.sure *= 0.5
        if any(key in shape.columns for key in labels):
            return
        self.is_subject_only = not re.search(r"\bnames? of|\btitles? of", opening)
        shape.columns[:0] = labels

    # -- order --------------------------------------------------------------------------------------------------
    def _limit(self) -> int:
        match = _TOP.search(self.text)
        if match:
            said = (match["n"] or match["low"]).lower()
            return _NUMBERS.get(said) or (int(said) if said.isdigit() else 0)
        if self.linked.order is not None and self.linked.order.limit > 1:
            return self.linked.order.limit
        return 0

    def _order(self, shape: _Shape, calls: list[str]) -> tuple[list[str], int, str]:
        """ORDER BY, LIMIT, and the figure that is ordered by and not shown, "" for none."""
        match = next(
            (m for m in _MOST.finditer(self.text) if m.start() < self.ordered_at and self._is_order_words(m.start())),
            None,
        )
        limit = self._limit()
        top = _TOP.search(self.text)
        by_said = _BY.search(self.text, top.end(), min(self.ordered_at, len(self.text))) if top else None
        if match is not None and by_said is not None and by_said.start() < match.start() + 200:
            match = None
        is_up = bool(_UP.search(self.text[self.ordered_at :])) and not _DOWN.search(self.text[self.ordered_at :])
        if match is not None:
            is_up = bool(match["low"])
            if not limit and (_SINGULAR.search(self.text) or not self._is_plural()):
                limit = 1
        elif self.ordered_at == len(self.text) and not limit:
            return [], 0, ""
        elif limit and self.ordered_at == len(self.text):
            is_up = bool((_TOP.search(self.text) or {"low": ""})["low"])
        by, hidden = self._ordered_by(shape, calls, match)
        if not by:
            return [], limit, ""
        descending = not is_up
        if not match and not limit and not _DOWN.search(self.text[self.ordered_at :]):
            descending = bool(calls) and not is_up
        ending = " DESC" if descending else ""
        if (
            match is not None
            and limit != 1
            and self.is_subject_only
            and not calls
            and not hidden
            and by not in map(self._name, shape.columns)
        ):
            # Lakes with the largest areas: what they are ordered by is seen beside them.
            shape.columns.append(self._key_of(by))
        also = (
            [c for c in calls if c != by]
            if by in calls and by_said and " and " in self.text[by_said.end() : by_said.end() + 60]
            else []
        )
        return [call + ending for call in (by, *also)], limit, hidden

    def _key_of(self, name: str) -> Key:
        return next((f.dataset, f.field) for f in self.fields if self._name((f.dataset, f.field)) == name)

    def _is_plural(self) -> bool:
        first = next((d.span for d in self.linked.named if d.span is not None), None)
        return first is not None and self.text[first.start : first.end].lower().endswith("s")

    def _ordered_by(self, shape: _Shape, calls: list[str], match: re.Match[str] | None) -> tuple[str, str]:
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

    def _is_distinct(self, shape: _Shape, has_figures: bool) -> bool:
        """Whether rows may repeat what is listed: it is no name of the rows themselves."""
        if has_figures or self.linked.order is not None and self.linked.order.limit:
            return False
        if re.search(r"\b(?:distinct|unique|different)\b", self.text, re.IGNORECASE):
            return True
        return bool(shape.columns) and all(key[0] != self.dataset for key in shape.columns)

    def _headed(self, name: str, shape: _Shape) -> str:
        """A group under a heading of its own, where its name alone means another dimension of the catalog."""
        flat = self.index.catalog.dimensions.get(name)
        if flat is None or (flat.dataset, flat.field) == (self.dataset, name):
            return name
        return f"{name} AS {quoted(f'{self.dataset}_{name}')}"

    # -- names --------------------------------------------------------------------------------------------------
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
        return "COUNT(*)" if key is None or function == "count" else calls[function].format(self._name(key))
