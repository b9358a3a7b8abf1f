"""What an English question names and a draft over fields does not hold: days, numbers, values, fields and datasets."""

# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from sqlglot import exp

from t2sql.fields.hits import Hit, name_hits, words_of
from t2sql.fields.index import FieldIndex
from t2sql.fields.linked import Linked, Stretch
from t2sql.fields.weekdays import weekdays_chosen, weekdays_said
from t2sql.fields.words import split_name, stem
from t2sql.fields.writing import expression_of
from t2sql.paths import between

_LEAST = 0.8
_YEAR_LESS_A_DAY = 364
# A number that means something: not the decimals to round to, nor part of a word or a date.
_NUMBER = re.compile(r"(?<![\w.,:/'\"-])(\d+(?:\.\d+)?)(?![\w,:/'\"-]|\.\d)(?! (?:decimals?|digits?|places?)\b)")
_OR = re.compile(
    r"\bor\b(?! (?:more|less|fewer|later|earlier|after|before|longer|shorter|higher|lower|above|below|equal|not)\b)",
    re.IGNORECASE,
)
_TEXT = re.compile(r"'((?:[^']|'')*)'")
# Not those of an order, of periods, or of how something is written.
_COMPOUND = re.compile(
    r"(?<![\w'\"-])(?!(?:top|best|worst|most|least|highest|lowest|year|month|quarter|week|day|non|sub|per|case|e|re|co)-)"
    r"(?!\w+-(?:over|on|to|by|up|in|out|end|wise|insensitive|sensitive|selling|paid|rated)\b)[a-z]+-[a-z]+(?![\w'\"-])",
    re.IGNORECASE,
)
# Said of any column, or no column's name where they are verbs.
_PLAIN = frozenset(
    "name number date id time year month day count type total amount value title make made state list".split()
)


class Named:
    """One draft beside what its question names."""

    def __init__(self, linked: Linked, tree: exp.Expr, sql: str, index: FieldIndex) -> None:
        self.linked, self.tree, self.sql, self.index = linked, tree, sql, index
        self.text = linked.text

    def days(self) -> Iterator[str]:
        """Stretches of days of which neither end stands in the SQL."""
        for stretch in self.linked.stretches:
            ends = [day for day in (stretch.first, stretch.last and stretch.last + timedelta(days=1)) if day]
            is_told = any(day.isoformat() in self.sql for day in ends)
            is_year = any(str(day.year) in self.sql for day in ends) and self._holds_months(stretch)
            if not is_told and not is_year:
                yield self._said(stretch.span.start, stretch.span.end)
        apart = [s for s in self.linked.stretches if s.first and s.last]
        for one, other in pairwise(apart):
            # October against September: no row is of both.
            is_apart = one.last < other.first or other.last < one.first  # type: ignore[operator]
            if is_apart and self.tree.find(exp.Filter, exp.Or, exp.Case) is None:
                yield self._said(other.span.start, other.span.end)

    def _holds_months(self, stretch: Stretch) -> bool:
        """Whether the SQL names a month of a stretch of less than a year, where years and months stand in columns."""
        if stretch.first is None or stretch.last is None or (stretch.last - stretch.first).days >= _YEAR_LESS_A_DAY:
            return True
        words = {day.strftime("%B").lower() for day in (stretch.first, stretch.last)}
        numbers = {str(day.month) for day in (stretch.first, stretch.last)}
        literals = {str(n.this).lower().strip("%") for n in self.tree.find_all(exp.Literal)}
        said = {*literals, *(text[:3] for text in literals)}
        return bool(words & said or {word[:3] for word in words} & said or numbers & literals)

    def numbers(self) -> Iterator[str]:
        """Bounds whose number does not stand in the SQL."""
        literals = {float(n.this) for n in self.tree.find_all(exp.Literal) if not n.is_string}
        for bound in self.linked.bounds:
            near = {bound.value, bound.value / 100, bound.value - 1, bound.value + 1}
            if not near & literals:
                yield self._said(bound.span.start, bound.span.end)
        spans = [s.span for s in self.linked.stretches] + [c.span for c in self.linked.conditions]
        spans += [f.span for f in self.linked.fields] + [b.span for b in self.linked.bounds]
        for match in _NUMBER.finditer(self.text):
            inside = any(s.start < match.end() and match.start() < s.end for s in spans)
            if not inside and float(match[1]) not in literals and match[1] not in self.sql:
                yield match[0].strip()

    def either(self) -> Iterator[str]:
        """An "or" between conditions that all hold together."""
        match = _OR.search(self.text)
        inside = [c.span for c in self.linked.conditions] + [b.span for b in self.linked.bounds]
        is_inside = match is not None and any(s.start <= match.start() < s.end for s in inside)
        if match is not None and not is_inside and len(inside) > 1 and not self.tree.find(exp.Or, exp.In, exp.Filter):
            yield match[0]

    def values(self) -> Iterator[str]:
        """Conditions of which the SQL names no value, whatever field they may be of."""
        texts = " ".join(n.this.lower() for n in self.tree.find_all(exp.Literal))
        for condition in self.linked.conditions:
            told = [m[1] for a in condition.alternatives for m in _TEXT.finditer(a.sql)]
            if told and not any(t.strip("%").lower() in texts for t in told):
                yield self._said(condition.span.start, condition.span.end)

    def owners(self) -> Iterator[str]:
        """Texts looked for in the plain name of a thing that no word says: 'inc' in its name, of tenants' companies."""
        said = {stem(word) for word in re.findall(r"[a-z]+", self.text.lower())}
        # Quoted words are looked for wherever a name stands near: only a stored value says whose it is.
        known = {(v.dataset, v.field) for v in self.linked.values if v.how in ("exact", "alias")}
        for node in self.tree.find_all(exp.EQ, exp.Like, exp.ILike):
            column = node.this.find(exp.Column)
            if column is None or not column.table or not isinstance(node.expression, exp.Literal):
                continue
            words = {stem(part) for part in split_name(column.name)}
            owner = {stem(part) for part in split_name(column.table)}
            is_chosen = (column.table, column.name) in known
            if node.expression.is_string and words <= _PLAIN and owner.isdisjoint(said) and not is_chosen:
                yield node.sql("duckdb")

    def weekdays(self) -> Iterator[str]:
        """Days of the week that the SQL does not choose."""
        chosen = weekdays_chosen(self.tree)
        for condition in self.linked.conditions:
            wanted = weekdays_chosen(expression_of(condition.alternatives[0].sql))
            if not wanted <= chosen:
                yield condition.alternatives[0].sql
        if chosen and not weekdays_said(self.text) <= chosen:
            yield "weekday"

    def names(self) -> Iterator[str]:
        """Fields that the text names outright and the SQL uses nowhere, nor any of their name."""
        used = {column.name.lower() for column in self.tree.find_all(exp.Column)}
        tables = {table.name for table in self.tree.find_all(exp.Table)} | {
            c.table for c in self.tree.find_all(exp.Column)
        }
        # Rent due, of a column called amount due.
        parts = {stem(part) for name in used for part in split_name(name)}
        words = words_of(self.text)
        hits = [h for h in name_hits(words, self.index) if h.sure >= _LEAST and h.how != "described"]
        taken = self._taken()
        for start, end in {(h.start, h.end) for h in hits}:
            here = [h for h in hits if (h.start, h.end) == (start, end)]
            wider = [h for h in hits if h.start <= start and end <= h.end and (h.start, h.end) != (start, end)]
            span = words.folded.span(start, end)
            if wider or any(a <= span.start and span.end <= b for a, b in taken):
                continue
            if any(h.is_dataset for h in here) or not all(self._is_own_word(h) for h in here):
                continue
            # population density of a column called density: the first says of what.
            beside = [h for h in hits if h.start == end + 1 and h.key[1].lower() in used]
            is_said = any({*h.words} <= parts for h in here)
            is_used = is_said or any(h.key[1].lower() in used or (h.key[0] in tables and _is_key_like(h)) for h in here)
            if not is_used and not beside:
                yield self._said(span.start, span.end)

    def _is_own_word(self, hit: Hit) -> bool:
        """Whether a name is more than a plain word of asking (name, number, date)."""
        return not set(hit.words) <= _PLAIN

    def _taken(self) -> list[tuple[int, int]]:
        spans = [v.span for v in self.linked.values] + [s.span for s in self.linked.stretches]
        return [(s.start, s.end) for s in spans]

    def unknown(self) -> Iterator[str]:
        """Proper names that nothing explains: Gmail, Danish."""
        for word in self.linked.left:
            for match in re.finditer(rf"\b{re.escape(word)}\b", self.text, re.IGNORECASE):
                is_first = re.search(r"(?:^|[.?!:]\s*)\W*$", self.text[: match.start()]) is not None
                if match[0].istitle() and not is_first:
                    yield match[0]

    def compounds(self) -> Iterator[str]:
        """Words joined by a hyphen that nothing explains: one-off gifts, first-time donors."""
        found = self.linked
        spans = [f.span for f in found.fields] + [v.span for v in found.values] + [c.span for c in found.conditions]
        spans += [s.span for s in found.stretches] + [b.span for b in found.bounds] + [a.span for a in found.aggregates]
        spans += [d.span for d in found.named if d.span] + [g.span for g in found.groups]
        used = {part for column in self.tree.find_all(exp.Column) for part in split_name(column.name)}
        for match in _COMPOUND.finditer(self.text):
            is_told = any(s.start < match.end() and match.start() < s.end for s in spans)
            halves = {stem(half) for half in match[0].lower().split("-")}
            if not is_told and not halves & {stem(part) for part in used}:
                yield match[0]

    def tables(self) -> Iterator[str]:
        """Datasets that the text names outright and the SQL leaves aside, nor shows anything called so."""
        used = {c.table for c in self.tree.find_all(exp.Column)} | {t.name for t in self.tree.find_all(exp.Table)}
        table = self.tree.find(exp.Table)
        root = table.name if table is not None else ""
        # Rows that only join two things stand for either: written publications, of rows that say who wrote what.
        steps = [step for step in self.index.catalog.relationships if step.from_dataset == root]
        if len(steps) > 1 and len(self.index.catalog.datasets[root].fields) <= len(steps) + 1:
            used |= {step.to_dataset for step in steps}
        used |= {name for far in used for name in between(self.index.catalog, root, far)}
        columns = {stem(part) for c in self.tree.find_all(exp.Column) for part in split_name(c.name)}
        words = words_of(self.text)
        hits = [h for h in name_hits(words, self.index) if h.sure >= _LEAST]
        taken = self._taken()
        for hit in hits:
            span = words.folded.span(hit.start, hit.end)
            here = [h for h in hits if (h.start, h.end) == (hit.start, hit.end)]
            wider = any(
                h.start <= hit.start and hit.end <= h.end and h.end - h.start > hit.end - hit.start for h in hits
            )
            is_owner = self._said(span.start, span.end).endswith(("'s", "’s"))
            if is_owner or wider or not all(h.is_dataset and h.sure >= 0.95 for h in here) or {*hit.words} & columns:
                continue
            if not {h.key[0] for h in here} & used and not any(a <= span.start and span.end <= b for a, b in taken):
                yield self._said(span.start, span.end)

    def _said(self, start: int, end: int) -> str:
        return self.text[start:end].strip()


def _is_key_like(hit: Hit) -> bool:
    return stem(split_name(hit.key[1])[-1]) == "id"
