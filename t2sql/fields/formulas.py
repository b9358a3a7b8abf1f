"""Formulas that a person's hints give for names of the question: "ADR = sum of total_amount / sum of nights; nights =
check_out - check_in", read into SQL over fields.

Every name in a formula must be a field, a count of known rows or another name that the hints define; one that is not
leaves the formula unread. Never guesses an operator.
"""

# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from t2sql.fields.formula_parts import Formula, Part, filtered, joined
from t2sql.fields.formula_words import (
    ALL,
    CALLS,
    COMPUTES,
    FURTHER,
    LEADING,
    LEFT_OUT,
    TRAILING,
    added_in,
    divided,
    given_in,
    tokens_of,
    writings_of,
    zeros_in,
)
from t2sql.fields.hits import Hit, name_hits, words_of
from t2sql.fields.index import FieldIndex
from t2sql.fields.linked import Linked
from t2sql.fields.roles import is_date, is_number
from t2sql.fields.writing import qualified
from t2sql.flow import Span


def formulas_of(
    text: str, hints: str, linked: Linked, index: FieldIndex, limits: Callable[[str], Linked]
) -> tuple[Formula, ...]:
    """The formulas of `hints` whose names stand in `text` and that can be read whole, in the text's order.

    `limits(words)` links a few words by themselves (cancelled bookings).
    """
    given = given_in(hints)
    reader = _Reader(given, zeros_in(hints), linked, index, limits)
    found: list[Formula] = []
    for name, said in given.items():
        flags = 0 if name.isupper() else re.IGNORECASE
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, flags):
            part = reader.read(said)
            if part is not None and not part.is_literal:
                found.append(Formula(Span(*match.span()), part.sql, part.is_figure, part.datasets))
    return tuple(sorted(found, key=lambda f: f.span.start))


class _Reader:
    def __init__(
        self,
        given: dict[str, str],
        zeros: Sequence[str],
        linked: Linked,
        index: FieldIndex,
        limits: Callable[[str], Linked],
    ) -> None:
        self.given = {name.lower(): said for name, said in given.items()}
        self.linked, self.index, self.limits = linked, index, limits
        self.zeros = {hit.key for said in zeros for hit in name_hits(words_of(said), index) if hit.is_field}
        self.depth = 0
        self.tokens: list[str] = []
        self.at = 0

    def read(self, said: str) -> Part | None:
        """A formula, whole; None for what is none, or has a name that nothing explains."""
        said = divided(said)
        if not COMPUTES.search(said) or self.depth > 3:
            return None
        kept = self.tokens, self.at
        self.depth += 1
        try:
            for written, remark in writings_of(said):
                part = self._added(written) or self._computed(said, written)
                if part is not None:
                    return self._of_rows(part, remark)
            return None
        finally:
            self.depth -= 1
            self.tokens, self.at = kept

    def _computed(self, said: str, written: str) -> Part | None:
        self.tokens, self.at = [*tokens_of(written)], 0
        part = self._sum()
        return self._averaged(said, written, part) if part is not None and self.at == len(self.tokens) else None

    def _of_rows(self, part: Part, remark: str) -> Part | None:
        """`part` over the rows that a remark tells: "completed bookings only"; None where that is not understood.

        What a remark leaves out is read with the question, as a condition.
        """
        if not remark or LEFT_OUT.search(remark):
            return part
        chosen = self._chosen(re.sub(r"\bonly\b", " ", remark).strip())
        if chosen is None:
            # In days, rounded: a remark of how it is told.
            linked = self.limits(remark)
            return None if linked.conditions or linked.bounds or linked.stretches or linked.named else part
        if not chosen:
            return part
        return filtered(part, chosen)

    def _added(self, said: str) -> Part | None:
        """sum of kg * price over the lines of shipped orders: what each row has, added up over some of the rows."""
        added = added_in(said)
        if added is None:
            return None
        self.tokens, self.at = [*tokens_of(added.inner)], 0
        part = self._sum()
        if part is None or part.is_figure or part.is_literal or self.at < len(self.tokens):
            return None
        chosen = self._chosen(added.rows) if added.rows else ""
        if chosen is None:
            return None
        over = f" FILTER (WHERE {chosen})" if chosen else ""
        return Part(f"{added.call}({part.sql}){over}", True, part.datasets)

    def _chosen(self, rows: str) -> str | None:
        """The conditions that words set on rows, "" for none; None where they say what is not read."""
        linked = self.limits(rows)
        if linked.left or linked.bounds or linked.stretches or not linked.named:
            return None
        return " AND ".join(c.alternatives[0].sql for c in linked.conditions)

    def _averaged(self, said: str, written: str, part: Part) -> Part:
        """average lead time in days, check_in - booked_on: the mean of what each row has."""
        before = said[: said.find(written)] if written in said else ""
        if not part.is_figure and re.match(r"\s*(?:the )?(?:average|mean|avg)\b", before, re.IGNORECASE):
            return Part(f"AVG({part.sql})", True, part.datasets)
        return part

    def _next(self, *wanted: str) -> str:
        if self.at < len(self.tokens) and self.tokens[self.at] in wanted:
            self.at += 1
            return self.tokens[self.at - 1]
        return ""

    def _sum(self) -> Part | None:
        return self._chain(self._product, "+", "-")

    def _product(self) -> Part | None:
        return self._chain(self._factor, "*", "/")

    def _chain(self, inner: Callable[[], Part | None], *signs: str) -> Part | None:
        left = inner()
        while left is not None and (sign := self._next(*signs)):
            right = inner()
            left = joined(left, sign, right) if right is not None else None
        return left

    def _factor(self) -> Part | None:
        if self._next("("):
            inside = self._sum()
            return (
                Part(f"({inside.sql})", inside.is_figure, inside.datasets, inside.is_literal)
                if inside and self._next(")")
                else None
            )
        if self.at >= len(self.tokens) or self.tokens[self.at] in "()+-*/":
            return None
        words = self.tokens[self.at]
        self.at += 1
        call = re.fullmatch(r"(sum|avg|average|count|max|min)", words, re.IGNORECASE)
        if call and self._next("("):
            inside = self._sum()
            name = {"average": "AVG"}.get(call[1].lower(), call[1].upper())
            return Part(f"{name}({inside.sql})", True, inside.datasets) if inside and self._next(")") else None
        return self._named(words.strip())

    # -- names --------------------------------------------------------------------------------------------------
    def _named(self, words: str) -> Part | None:
        if re.fullmatch(r"\d+(?:\.\d+)?%?", words):
            number = words.rstrip("%")
            return Part(number, False, frozenset(), True)
        plain = LEADING.sub("", words)
        for call, pattern in CALLS:
            match = re.match(pattern, plain, re.IGNORECASE)
            if match is None:
                continue
            rest = plain[match.end() :].strip()
            if call == "COUNT":
                return self._count(rest)
            inside = self._field(rest) or self._defined(rest)
            of_some = (self._of_some(call, plain) or self._of_some(call, rest)) if inside is None else None
            if of_some is not None:
                return of_some
            if inside is not None and not inside.is_figure:
                return Part(f"{call}({inside.sql})", True, inside.datasets)
            whole = self._field(plain)
            if whole is not None:
                return Part(f"SUM({whole.sql})", True, whole.datasets) if call == "SUM" else whole
            if inside is not None:
                return inside
            return self._count(rest) if call == "SUM" and not match[0].startswith("sum") else None
        return self._defined(plain) or self._field(plain) or self._count(plain)

    def _of_some(self, call: str, words: str) -> Part | None:
        """total_amount of completed bookings: a figure over some of the rows."""
        what, of, rows = words.partition(" of ")
        inside = self._field(what) if of else None
        linked = self.limits(rows) if inside else None
        if (
            inside is None
            or linked is None
            or linked.left
            or linked.bounds
            or linked.stretches
            or not linked.conditions
        ):
            return None
        chosen = " AND ".join(c.alternatives[0].sql for c in linked.conditions)
        return Part(f"{call}({inside.sql}) FILTER (WHERE {chosen})", True, inside.datasets)

    def _defined(self, words: str) -> Part | None:
        """Another name that the hints define."""
        short = TRAILING.sub("", words).lower()
        said = self.given.get(words.lower()) or self.given.get(short)
        part = self.read(said) if said else None
        return Part(f"({part.sql})", part.is_figure, part.datasets) if part else None

    def _field(self, words: str) -> Part | None:
        """A field of numbers or days that the words name whole."""
        for said in dict.fromkeys((words, TRAILING.sub("", words))):
            near = self._nearest(said.replace(".", " "), said)
            if near is not None:
                sql = qualified(*near.key)
                written = f"COALESCE({sql}, 0)" if near.key in self.zeros else sql
                return Part(written, False, frozenset((near.key[0],)))
        return None

    def _nearest(self, said: str, written: str) -> Hit | None:
        words = [t for t in words_of(said).names if t.is_content]
        root = self.linked.dataset
        reach = self.index.reach.get(root, {})
        owner = written.partition(".")[0].lower() if "." in written else ""
        found = []
        for hit in name_hits(words_of(said), self.index):
            item = self.index.field(hit.key) if hit.is_field else None
            if item is None or not (is_number(item) or is_date(item)) or hit.sure < 0.6:
                continue
            if len(hit.words) < len(words) - bool(owner):
                continue
            if owner and hit.key[0].lower() != owner:
                continue
            far = 0 if hit.key[0] == root else reach.get(hit.key[0], 9)
            found.append((far, -hit.sure, hit.key, hit))
        best = sorted(found, key=lambda one: one[:3])
        return best[0][3] if best else None

    def _count(self, words: str) -> Part | None:
        """Rows that a few words name: all bookings, cancelled bookings, invoices with a late fee above 0."""
        further = FURTHER.search(words)
        if further and further[0].lower() not in ("with", "whose", "having"):
            return None
        words = TRAILING.sub("", ALL.sub("", words)).strip()
        tables = [h for h in name_hits(words_of(words), self.index) if h.is_dataset and h.sure >= 0.5]
        if len(tables) != 1:
            # A word that ends the names of several says none of them.
            tables = [h for h in tables if h.sure >= 0.8]
        if not tables:
            return None
        linked = self.limits(words)
        said = " ".join(c.alternatives[0].sql for c in linked.conditions)
        others = [f for f in linked.fields if qualified(f.dataset, f.field) not in said]
        is_bounded = bool(linked.bounds) and all(b.field is not None for b in linked.bounds)
        is_with = bool(linked.conditions) and not linked.bounds
        if (
            linked.left
            or linked.stretches
            or others
            or (bool(linked.bounds or further) and not (is_bounded or is_with))
        ):
            return None
        name = tables[-1].key[0]
        root = self.linked.dataset
        inside = " AND ".join(c.alternatives[0].sql for c in linked.conditions)
        chosen = f" FILTER (WHERE {inside})" if inside else ""
        if name == root:
            return Part(f"COUNT(*){chosen}", True, frozenset((root,)))
        # Things that have rows here are not all of them.
        return None
