"""What an English question over fields wants to see: its columns, figures, groups and order.

"Return X and Y" says the columns; else the subject does (which authors, the names of the lakes) and the figures asked of it.
Whatever cannot be read as one of a few plain shapes is told as unsure, for the llm reads it better. Never adds a column
that no word asks for, but for the name of what is listed.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

from t2sql.fields.english_order import MOST, Ordered, Shape
from t2sql.fields.english_words import HARD, KEY, KEY_SAID, NUMBER_TOO, OF_VALUE, RETURN
from t2sql.fields.index import FieldIndex, Key
from t2sql.fields.linked import FieldFound, Linked
from t2sql.fields.roles import adds_up, is_flag, is_member, is_number, label_fields
from t2sql.fields.writing import bounded, qualified, quoted, select
from t2sql.flow import Span

_EACH = re.compile(r"\b(?:each|every)\b", re.IGNORECASE)
_FIRST_OF = re.compile(
    r"\b(?:highest|most(?! recent)|largest|greatest|biggest|best(?:[- ]selling)?|top|(?P<low>lowest|least|smallest|fewest|worst))\b",
    re.IGNORECASE,
)
_OF_FIGURES = re.compile(r"\b(?:averag\w*|mean|totals?|sum|combined)\b[^.;,?]*$", re.IGNORECASE)
_LISTED = re.compile(r"^\W*(?:which|who|what|list|show|get|find|give|return|provide|display)\b", re.IGNORECASE)


def read_english(linked: Linked, index: FieldIndex) -> tuple[str, float]:
    """Semantic SQL and how plain its shape is; ("", 0) where nothing says what to show."""
    return _Reader(linked, index).read()


def asked_figure(linked: Linked, index: FieldIndex) -> str:
    """What a few words name, as a SELECT FROM the linked dataset shows it: "total sales"; "" for none or several."""
    return _Reader(linked, index).figure() if linked.datasets else ""


class _Reader(Ordered):
    """Reads one question."""

    def figure(self) -> str:
        """The one figure or field."""
        shape = self._shape()
        is_total = re.search(r"\b(?:total|sum)\b", self.text, re.IGNORECASE) is not None
        columns = [f"SUM({self._name(key)})" if is_total else self._name(key) for key in shape.columns]
        named = list(dict.fromkeys([*(self._call(function, key) for function, key in shape.figures), *columns]))
        return named[0] if len(named) == 1 else ""

    def read(self) -> tuple[str, float]:
        """The SELECT, and how plain it is."""
        shape = self._shape()
        if not shape.columns and not shape.figures:
            return "", 0.0
        calls = list(dict.fromkeys(self._call(function, key) for function, key in shape.figures))
        order, limit, hidden = self._order(shape, calls)
        if hidden and not calls and NUMBER_TOO.search(self.text[self._returned() :]):
            # Which rep …? Return the name and the number.
            calls.append(hidden)
            hidden = ""
        columns = [self._name(key) for key in shape.columns]
        groups: list[str] = []
        if calls or hidden:
            groups = list(dict.fromkeys([*shape.groups, *columns]))
            shown = [*(self._headed(g, shape) for g in groups), *calls]
        else:
            shown = list(dict.fromkeys(columns))
        bounding = self._bounding(shape, calls) if groups else {}
        conditions = [c.alternatives[0].sql for c in self.linked.conditions if c.span not in bounding]
        is_distinct = self._is_distinct(shape, bool(calls or hidden))
        first = self._first_of_each(groups or shown, calls, order)
        if first:
            order, limit = [], 0
            # The highest total amount: of one row, or of all of each.
            shape.sure *= 0.7 if first.find("MAX(") > 0 and re.search(r"\btotal\b", self.text, re.IGNORECASE) else 1.0
        if limit and not order:
            shape.sure *= 0.3
        sql = select(
            shown,
            self.dataset,
            conditions,
            groups=groups,
            having=" AND ".join(bounding.values()),
            order=order,
            limit=limit,
            is_distinct=is_distinct,
            is_any=self.linked.is_any,
            qualify=first,
        )
        if (
            self.linked.groups
            and not calls
            and re.search(r"\btotal|\baverage|\bhow many|\bnumber of", self.text, re.IGNORECASE)
        ):
            shape.sure *= 0.4
        if order and not calls and not hidden and shape.columns and all(k[0] != self.dataset for k in shape.columns):
            shape.sure *= 0.7
        is_made = any(function == "made" for function, _key in shape.figures)
        text = (
            re.sub(r"\baverage number\b", " ", self.text, flags=re.IGNORECASE) if self._averages(shape) else self.text
        )
        hard = 0.45 if HARD.search(text) and not is_made else 1.0
        return sql, shape.sure * hard

    # -- what is shown ------------------------------------------------------------------------------------------
    def _shape(self) -> Shape:
        shape = Shape()
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
        means = {a.field for a in figures if a.function == "avg"}
        for aggregate in figures:
            figure = self._figure(aggregate.function, aggregate.field)
            # The average number of pages: one figure, though two words ask for one.
            if figure[0] != "sum" or figure[1] not in means or aggregate.function != "count":
                shape.figures.append(figure)
        for mention in fields:
            key = (mention.dataset, mention.field)
            item = self.index.field(key)
            if key in used or is_flag(item) or self._is_measured_by(mention):
                continue
            if mention.how == "fuzzy" or mention.score < 0.7:
                shape.sure *= 0.9
            if self._is_half_a_key(mention):
                shape.sure *= 0.5
            if self._sums(mention) and (shape.figures or self.linked.groups):
                shape.figures.append(("sum", key))
                continue
            if key not in shape.columns:
                shape.columns.append(key)
        self._add_up(shape)
        for group in self.linked.groups:
            name = self._name((group.dataset, group.field))
            told = [f for f in self.linked.fields if (f.dataset, f.field) == (group.dataset, group.field)]
            is_vague = bool(told) and not group.grain and all(f.score < 0.5 or self._is_half_a_key(f) for f in told)
            # By month, of a column called rent_month: one of them is meant.
            if is_vague or (group.grain and any(group.grain in key[1].split("_") for key in shape.columns)):
                shape.sure *= 0.5
            text = f"{group.grain}({name})" if group.grain else name
            if shape.figures:
                shape.groups.append(text)
            elif not group.grain and (group.dataset, group.field) not in shape.columns:
                shape.columns.insert(0, (group.dataset, group.field))
        if not start:
            self._with_subject(shape)
        shape.columns = self._own_ids(shape.columns)
        numbers = [k for k in shape.columns if is_number(self.index.field(k)) and not is_member(k[1])]
        if shape.figures and numbers:
            shape.sure *= 0.7
        return shape

    def _add_up(self, shape: Shape) -> None:
        """The roasted kilograms per day: one number and a period, which many rows share."""
        numbers = [key for key in shape.columns if adds_up(self.index.field(key))]
        if shape.figures or len(numbers) != 1 or not any(group.grain for group in self.linked.groups):
            return
        shape.columns.remove(numbers[0])
        shape.figures.append(("sum", numbers[0]))
        shape.sure *= 0.85

    def _first_of_each(self, columns: list[str], calls: list[str], order: list[str]) -> str:
        """The window of "for each country, which hotel has the highest score"; "" where no first of each is asked."""
        each = [self._name((g.dataset, g.field)) for g in self.linked.groups if not g.grain]
        said = _FIRST_OF.search(self.text[: self.ordered_at])
        if not each or said is None or not _EACH.search(self.text) or not set(columns) - set(each):
            return ""
        near = [f for f in self.fields if 0 <= f.span.start - said.end() <= 30]
        numbers = [(f.dataset, f.field) for f in near if is_number(self.index.field((f.dataset, f.field)))]
        what = calls[0] if calls else self._name(numbers[0]) if numbers else ""
        by = order[0] if order else f"{what}{'' if said['low'] else ' DESC'}" if what else ""
        return f"RANK() OVER (PARTITION BY {', '.join(each)} ORDER BY {by}) <= {self._limit() or 1}" if by else ""

    def _bounding(self, shape: Shape, calls: list[str]) -> dict[Span, str]:
        """Bounds of figures, not of rows: goalkeepers who average more than 10 saves."""
        found: dict[Span, str] = {}
        for bound in self.linked.bounds:
            before = self.text[max(0, bound.span.start - 40) : bound.span.start]
            if bound.field is None or not _OF_FIGURES.search(before):
                continue
            asked = [a for a in self.linked.aggregates if a.field == bound.field and a.function in ("sum", "avg")]
            call = next((self._call(a.function, a.field) for a in asked), "")
            if call in calls:
                found[bound.span] = bounded(call, bound.operator, bound.value, bound.upper)
        return found

    def _averages(self, shape: Shape) -> bool:
        """Whether the one figure is the mean of a field."""
        return [function for function, _key in shape.figures] == ["avg"]

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
        found = [m.end() for m in RETURN.finditer(self.text) if m.start() > 0]
        return found[-1] if found else 0

    def _limiting(self) -> set[tuple[int, str]]:
        found: set[tuple[int, str]] = set()
        for bound in self.linked.bounds:
            near = [f for f in self.fields if (f.dataset, f.field) == bound.field]
            before = [f for f in near if f.span.start <= bound.span.start]
            found |= {(f.span.start, f.field) for f in (before[-1:] or near[:1])}
        for condition in self.linked.conditions:
            if "(SELECT " in condition.alternatives[0].sql:
                continue
            for mention in self.fields:
                name = qualified(mention.dataset, mention.field)
                gap = condition.span.start - mention.span.end
                said = self.text[mention.span.start : mention.span.end].lower()
                if 0 <= gap <= 3 and said in ("id", "ids", "no", "number", "code", "name"):
                    # The shop with ID 'x1': whose it is the condition tells.
                    found.add((mention.span.start, mention.field))
                after = self.text[condition.span.end : mention.span.start]
                is_after = mention.span.start >= condition.span.end and OF_VALUE.fullmatch(after) is not None
                if name in condition.alternatives[0].sql and (0 <= gap <= 30 or is_after):
                    found.add((mention.span.start, mention.field))
        return found

    def _is_measured_by(self, mention: FieldFound) -> bool:
        """Whether a number stands only in the words of an order: with the highest rating."""
        key = (mention.dataset, mention.field)
        if not is_number(self.index.field(key)):
            return False
        said = [f for f in self.fields if (f.dataset, f.field) == key]
        before = self.text[max(0, mention.span.start - 28) : mention.span.start]
        is_ordered = (
            MOST.search(before) is not None
            or re.search(r"\bby (?:the |their )?(?:total |average )?$", before) is not None
        )
        if not is_ordered:
            return False
        # "Which states have the highest density, from highest to lowest" wants to see it; one name does not.
        is_listed = self.ordered_at < len(self.text) and self._limit() == 0
        return not is_listed and len(said) == 1

    def _is_half_a_key(self, mention: FieldFound) -> bool:
        """The origin city is no origin_depot_id."""
        said = self.text[mention.span.start : mention.span.end]
        return mention.how != "exact" and KEY.search(mention.field) is not None and not KEY_SAID.search(said)

    def _sums(self, mention: FieldFound) -> bool:
        said = self.text[max(0, mention.span.start - 12) : mention.span.end].lower()
        return "total" in said and is_number(self.index.field((mention.dataset, mention.field)))

    def _with_subject(self, shape: Shape) -> None:
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

    def _is_distinct(self, shape: Shape, has_figures: bool) -> bool:
        """Whether rows may repeat what is listed: it is no name of the rows themselves."""
        if has_figures or (self.linked.order is not None and self.linked.order.limit):
            return False
        if re.search(r"\b(?:distinct|unique|different)\b", self.text, re.IGNORECASE):
            return True
        return bool(shape.columns) and all(key[0] != self.dataset for key in shape.columns)

    def _headed(self, name: str, shape: Shape) -> str:
        """A group under a heading of its own, where its name alone means another dimension of the catalog."""
        flat = self.index.catalog.dimensions.get(name)
        if flat is None or (flat.dataset, flat.field) == (self.dataset, name):
            return name
        return f"{name} AS {quoted(f'{self.dataset}_{name}')}"
