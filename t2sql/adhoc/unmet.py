"""What an English question says and a draft over fields does not hold: days, numbers, values, fields, and words that want
a form of their own (ratio, weekends, both … and …).

What is unmet makes a draft unsure: it is asked back, not answered. Says nothing of how a draft should read instead.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterator

import sqlglot
from sqlglot import exp

from t2sql.adhoc.contrary import contrary, impossible, multiplied, of_unnamed
from t2sql.adhoc.counted_once import counted_for
from t2sql.adhoc.hinted_days import hinted_days
from t2sql.adhoc.misdated import misdated
from t2sql.adhoc.told import definitions_of
from t2sql.adhoc.unmet_names import Named
from t2sql.adhoc.unrelated import unrelated
from t2sql.adhoc.wanted_forms import FORMS, compares, divides
from t2sql.fields import chinese_contrary
from t2sql.fields.chinese import has_chinese
from t2sql.fields.formula_words import given_in
from t2sql.fields.hits import name_hits, words_of
from t2sql.fields.index import FieldIndex
from t2sql.fields.linked import Linked
from t2sql.fields.roles import is_number
from t2sql.fields.stated import states_in
from t2sql.fields.words import split_name, stem

# The oldest and the youngest stand at either end, by what they are told by.
_HIGH = re.compile(
    r"\b(?:highest|largest|biggest|greatest|longest|top \d+)\b|(?<!at )\bmost\b(?! recent)|\bdescending\b",
    re.IGNORECASE,
)
_LOW = re.compile(
    r"\b(?:lowest|smallest|fewest|shortest|bottom \d+|worst|earliest|ascending|alphabetical\w*)\b|(?<!at )\bleast\b",
    re.IGNORECASE,
)
_FIRST_OF_EACH = re.compile(
    r"\b(?:each|every)\b[^.?!]*\b(?:highest|most|largest|best|lowest|least|fewest)\b|\b(?:highest|most|largest|best(?:[- ]selling)?|lowest|least|fewest)\b[^.?!,]*\b(?:each|every)\b",
    re.IGNORECASE,
)
_MONTH = re.compile(
    r"\b(?:january|february|march(?= \d)|april|june|july|august|september|october|november|december)\b", re.IGNORECASE
)
_HOW_MANY = re.compile(r"\bhow many\b|\bnumber of\b|\bcount\b", re.IGNORECASE)
_NOT_AFTER = re.compile(r"\b(?:not after|not later than|no later than|on or before)\b", re.IGNORECASE)
_RATIO = re.compile(r"\bratio\b|\bproportion\b|\bpercentage\b", re.IGNORECASE)


def unmet(linked: Linked, hints: str, semantic_sql: str, index: FieldIndex) -> tuple[str, ...]:
    """Stretches of `linked`'s text that `semantic_sql` does not hold, in no order; of Chinese, which is read apart, only
    those that it turns into something else.
    """
    tree = sqlglot.parse_one(semantic_sql, read="duckdb")
    if has_chinese(linked.text):
        return (*chinese_contrary.contrary(linked, hints, tree, index), *multiplied(tree, index.catalog))
    held = _Held(linked, tree, semantic_sql, index)
    told = [
        *held.days(),
        *held.numbers(),
        *held.either(),
        *held.values(),
        *held.owners(),
        *held.weekdays(),
        *held.names(),
        *held.forms(),
        *held.formulas(hints),
        *held.states(hints),
        *held.months(),
        *held.rows(),
        *held.figures(hints),
        *held.ways(),
        *held.unknown(),
        *held.compounds(),
        *held.tables(),
        *held.sides(),
        *held.ends(),
        *held.firsts(),
        *contrary(linked.text, hints, tree),
        *multiplied(tree, index.catalog),
        *of_unnamed(tree, {d.dataset for d in linked.named if d.span is not None}, index.catalog),
        *impossible(tree),
        *unrelated(tree, index.catalog),
        *hinted_days(linked.text, hints, tree, index),
        *misdated(linked, tree, index),
    ]
    return tuple(dict.fromkeys(told))


def values_lost(linked: Linked, semantic_sql: str, index: FieldIndex) -> bool:
    """Whether a condition of `linked` names a value that `semantic_sql` does not."""
    tree = sqlglot.parse_one(semantic_sql, read="duckdb")
    return next(Named(linked, tree, semantic_sql, index).values(), None) is not None


class _Held(Named):
    """And what its words want."""

    def forms(self) -> Iterator[str]:
        """Words that want a form which the SQL has not."""
        text = self.text
        for pattern, holds in FORMS:
            match = next((m for m in pattern.finditer(text) if not self._is_named(m)), None)
            if match is not None and not holds(self.tree):
                yield match[0]

    def _is_named(self, match: re.Match[str]) -> bool:
        """Whether words stand inside the name of a field: highest in highest point."""
        return any(
            f.span.start <= match.start() and match.end() <= f.span.end and f.how == "exact" for f in self.linked.fields
        )

    def formulas(self, hints: str) -> Iterator[str]:
        """Names that the hints define by a formula whose signs and figures the SQL has not."""
        given = {**given_in(hints), **definitions_of(hints)}
        short = [n for n in given if n.isupper() and re.search(rf"(?<!\w){re.escape(n)}(?!\w)", self.text)]
        items = self.tree.expressions if isinstance(self.tree, exp.Select) else []
        inner = [i for select in self.tree.find_all(exp.Select) for i in select.expressions]
        if (
            len(short) > 1
            and len([i for i in inner if i.find(exp.AggFunc, exp.Window, exp.Div)]) < len(short)
            and items
        ):
            yield short[-1]
        for name, definition in given.items():
            flags = 0 if name.isupper() else re.IGNORECASE
            if not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", self.text, flags):
                continue
            # A total over a number is an average.
            is_mean = re.search(r"/ (?:the )?(?:total )?(?:number|count)\b", definition) and self.tree.find(exp.Avg)
            is_divided = re.search(r"/|\bdivided by\b|\bratio\b", definition)
            lacks = (
                (is_divided and not (divides(self.tree) or is_mean))
                or (re.search(r"\s[-−]\s|\bminus\b|\bchange\b|\bincrease\b", definition) and not compares(self.tree))
                or (
                    re.match(r"(?:the )?(?:sum|total)\b", definition)
                    and not self.tree.find(exp.Sum, exp.Count, exp.Avg)
                )
                or (re.match(r"(?:the )?(?:sum)\b", definition) and not self.tree.find(exp.Sum, exp.Avg))
                or (_NOT_AFTER.search(definition) and self._is_later())
                or (re.search(r"\bnull\b", definition) and not self.tree.find(exp.Null))
            )
            if lacks:
                yield name

    def _is_later(self) -> bool:
        """Whether a column is compared with another as what comes after it, and never as what comes before."""
        pairs = [n for n in self.tree.find_all(exp.GT, exp.GTE, exp.LT, exp.LTE) if n.find(exp.Literal) is None]
        return any(isinstance(n, (exp.GT, exp.GTE)) for n in pairs) and not any(
            isinstance(n, (exp.LT, exp.LTE)) for n in pairs
        )

    def sides(self) -> Iterator[str]:
        """A ratio whose sides are not kept apart: both conditions on every row, or things counted that have rows only."""
        match = _RATIO.search(self.text)
        if match is None or self.tree.find(exp.Div) is None:
            return
        middle = self.text.find(" to ", match.end())
        starts = [c.span.start for c in self.linked.conditions if c.span.start > match.start()]
        is_of_both = middle > 0 and min(starts, default=middle) < middle < max(starts, default=middle)
        if is_of_both and self.tree.find(exp.Filter) is None:
            yield match[0]
        table = self.tree.find(exp.Table)
        root = table.name if table is not None else ""
        for count in self.tree.find_all(exp.Count):
            is_far = any(c.table and c.table != root for c in count.find_all(exp.Column))
            if isinstance(count.this, exp.Distinct) and is_far and count.find_ancestor(exp.Div) is not None:
                yield match[0]

    def ways(self) -> Iterator[str]:
        """Datasets to which rows point in several roles, where the SQL takes another way: the depot of a parcel's courier
        for that of its origin.
        """
        used = {c.table for c in self.tree.find_all(exp.Column)} | {t.name for t in self.tree.find_all(exp.Table)}
        steps = self.index.catalog.relationships
        straight = {(step.from_dataset, step.to_dataset) for step in steps if not step.role}
        for step in steps:
            ends = (step.from_dataset, step.to_dataset)
            if step.role and ends not in straight and {*ends} <= used:
                yield step.to_dataset

    def rows(self) -> Iterator[str]:
        """Figures that would count a thing once for each of its rows, and orders by a number that only tells things apart."""
        table = self.tree.find(exp.Table)
        root = table.name if table is not None else ""
        named = {c.table or root for c in self._groups()} | {root}
        calls = [*self.tree.find_all(exp.Sum, exp.Avg)]
        is_of_rows = any(c.table in ("", root) for call in calls for c in call.find_all(exp.Column))
        for call in calls if not is_of_rows else ():
            far = {c.table for c in call.find_all(exp.Column) if c.table}
            if len(far) == 1 and far.isdisjoint(named) and len(named) == 1 and not call.find_ancestor(exp.Subquery):
                yield call.sql("duckdb")
        # A number that only tells things apart has no sum and no bound: what was asked for is not there to be seen.
        measured = (exp.Ordered, exp.Max, exp.Min, exp.Sum, exp.Avg, exp.GT, exp.GTE, exp.LT, exp.LTE)
        for node in self.tree.find_all(*measured):
            column = node.this
            if isinstance(column, exp.Column) and self._is_key(column, root):
                yield node.sql("duckdb")

    def months(self) -> Iterator[str]:
        """Months by name, where the SQL names none, neither so nor within a day."""
        named = [*_MONTH.finditer(self.text)]
        written = self.tree.sql("duckdb").casefold()
        if named and not re.search(r"\d{4}-\d{2}|\bmonth\b|_month\b", written) and not _MONTH.search(written):
            yield named[0][0]

    def states(self, hints: str) -> Iterator[str]:
        """States that the hints define and neither a condition nor a field of the SQL is of: late, if delivered after …;
        and things that they count, where only rows that point to them are counted.
        """
        columns = {column.name for column in self.tree.find_all(exp.Column)}
        for state, what in states_in(hints, self.index):
            match = re.search(rf"(?<![\w-]){re.escape(state)}(?![\w-])", self.text, re.IGNORECASE)
            named = {hit.key[1] for hit in name_hits(words_of(what), self.index) if hit.is_field and hit.sure >= 0.75}
            if match is not None and not named & columns:
                yield match[0]
        told = [said for name, said in definitions_of(hints).items() if re.search(rf"\b{re.escape(name)}\b", self.text)]
        # Costs over the number of machines: those without a repair are machines too.
        yield from counted_for(self.tree, ". ".join(told), self.index)

    def figures(self, hints: str) -> Iterator[str]:
        """Figures of fields that no word names: what was asked for is not here, or not to be seen by who asks."""
        said = {stem(word) for word in re.findall(r"[a-z]+", f"{self.text} {hints}".lower())}
        counted = {"count", "number"} if _HOW_MANY.search(self.text) else set()
        linked = {(f.dataset, f.field) for f in self.linked.fields}
        implied = {a.field for a in self.linked.aggregates if a.function == "sum"}
        table = self.tree.find(exp.Table)
        for call in self.tree.find_all(exp.Sum, exp.Avg, exp.Max, exp.Min):
            column = call.this
            if not isinstance(column, exp.Column):
                continue
            owner = column.table or (table.name if table is not None else "")
            dataset = self.index.catalog.datasets.get(owner)
            item = dataset.fields.get(column.name) if dataset else None
            words = {stem(word) for word in split_name(column.name)}
            if isinstance(call, exp.Sum) and (owner, column.name) in implied:
                continue
            if item and is_number(item) and (owner, item.name) not in linked and words.isdisjoint(said | counted):
                yield call.sql("duckdb")

    def ends(self) -> Iterator[str]:
        """An order that begins at the other end than the words do."""
        order = self.tree.args.get("order") if isinstance(self.tree, exp.Select) else None
        high, low = _HIGH.search(self.text), _LOW.search(self.text)
        if order is None or (high is None) == (low is None) or re.search(r"\b(?:sort|order|rank)", self.text):
            return
        is_down = bool(order.expressions[0].args.get("desc"))
        match = high or low
        if match is not None and is_down != (high is not None):
            yield match[0]

    def firsts(self) -> Iterator[str]:
        """The first of each, where the SQL shows them all, or one."""
        match = _FIRST_OF_EACH.search(self.text)
        groups = self._groups()
        if match is not None and len(groups) > 1 and self.tree.find(exp.AggFunc) and not self.tree.find(exp.Window):
            owners = {(column.table, column.name) for column in groups}
            if len(owners) > 1 and not all(name.endswith("name") for _table, name in owners):
                yield match[0]

    def _groups(self) -> list[exp.Column]:
        items = self.tree.expressions if isinstance(self.tree, exp.Select) else []
        return [item for item in items if isinstance(item, exp.Column)]

    def _is_key(self, column: exp.Column, root: str) -> bool:
        dataset = self.index.catalog.datasets.get(column.table or root)
        item = dataset.fields.get(column.name) if dataset else None
        said = re.search(r"\b(?:by|of)\b[^.]{0,40}\bids?\b|\bids?\b[^.]{0,20}\border", self.text, re.IGNORECASE)
        return (
            item is not None
            and dataset is not None
            and is_number(item)
            and (item.expression in dataset.primary_key or split_name(item.name)[-1] == "id")
            and not said
        )
