"""What a draft that an llm wrote freely demands of rows and nobody said: a value, a day, a number, a state or a form.

The converse of `unmet`. What is invented makes a draft worth nothing.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import sqlglot
from sqlglot import exp

from t2sql.adhoc.slots import Slot
from t2sql.fields.index import FieldIndex
from t2sql.fields.weekdays import weekdays_chosen, weekdays_said
from t2sql.fields.words import split_name, stem
from t2sql.fields.writing import expression_of

_COMPARED = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Like, exp.ILike, exp.Between, exp.In)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NOW = re.compile(r"\b(?:today|now|current(?:ly)?|so far|to date|overdue|still|active|past|last|next|recent)\b", re.I)
_LACKS = re.compile(
    r"\b(?:no|not|never|none|without|except|excluding|exclude|excluded|other than|apart from|left|leave|leaving|still|open|unpaid|missing|empty|null|lack\w*|neither|nor|un[a-z]{4,}|in[a-z]{5,}|active|current\w*)\b|n['’]t\b",
    re.I,
)
_SENTENCE = re.compile(r"[^.;\n]+")
_EXCLUDES = re.compile(
    r"\b(?:neither|nor|not count\w*|never count\w*|not includ\w*|exclud\w*|leav\w+ out|except|apart from|ignor\w*|disregard\w*)\b",
    re.I,
)
_WITH_NONE = re.compile(r"\b(?:appear|shown?|listed|included?|returned?) (?:with|as) (?:an? )?(?:0|zero|none)\b", re.I)
_SAID = {w: n for n, w in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())}


def invented(text: str, hints: str, slots: Sequence[Slot], semantic_sql: str, index: FieldIndex) -> tuple[str, ...]:
    """What of `semantic_sql` stands neither in the question `text` nor in what of its `hints` is said of it; `slots` are
    the conditions that code found there.
    """
    tree = sqlglot.parse_one(semantic_sql, read="duckdb")
    return tuple(_Told(text, hints, slots, tree, index).invented())


def left_out(hints: str, semantic_sql: str, index: FieldIndex) -> tuple[str, ...]:
    """What the hints that are said of a question leave out, or want to see where there is none, and the SQL does not hold:
    a state by its stored word ("neither counts cancelled rentals"), things without rows.
    """
    tree = sqlglot.parse_one(semantic_sql, read="duckdb")
    written = semantic_sql.casefold()
    used = {column.table for column in tree.find_all(exp.Column)} | {table.name for table in tree.find_all(exp.Table)}
    found = []
    for sentence in _SENTENCE.findall(hints):
        if _EXCLUDES.search(sentence):
            words = set(re.findall(r"[a-z]+", sentence.casefold()))
            found += [v for word, key, v in index.few_words if word in words and key[0] in used and word not in written]
        if match := _WITH_NONE.search(sentence):
            found.append(match[0])
    return tuple(dict.fromkeys(found))


def holds_days(slots: Sequence[Slot], semantic_sql: str) -> bool:
    """Whether every day of the stretches of time that code found stands in the SQL."""
    return all(
        any(all(day in semantic_sql for day in _DAY.findall(text)) for text in slot.alternatives)
        for slot in slots
        if slot.is_certain
    )


def without_invented(text: str, hints: str, slots: Sequence[Slot], semantic_sql: str, index: FieldIndex) -> str:
    """`semantic_sql` less the conditions that nobody said: what was not asked for limits no row."""
    tree = sqlglot.parse_one(semantic_sql, read="duckdb")
    where = tree.args.get("where")
    if where is None:
        return semantic_sql
    parts, kept = _conjuncts(where.this), []
    for part in parts:
        alone = tree.copy()
        alone.set("where", exp.Where(this=part.copy()))
        for name in ("having", "order", "limit"):
            alone.set(name, None)
        alone.set("expressions", [exp.Star()])
        told = _Told(text, hints, slots, alone, index)
        # What was said and is not stored so was meant otherwise: leaving it out would answer something else.
        if not tuple(told.invented()) or told.names_something():
            kept.append(part)
    if len(kept) == len(parts):
        return semantic_sql
    tree.set("where", exp.Where(this=exp.and_(*kept)) if kept else None)
    return tree.sql("duckdb")


def _conjuncts(node: exp.Expr) -> list[exp.Expr]:
    inner = node.unnest()
    return [*_conjuncts(inner.this), *_conjuncts(inner.expression)] if isinstance(inner, exp.And) else [inner.copy()]


class _Told:
    def __init__(self, text: str, hints: str, slots: Sequence[Slot], tree: exp.Expr, index: FieldIndex) -> None:
        self.text, self.said, self.tree, self.index = text, f"{text} {hints}", tree, index
        self.slots = [text for slot in slots for text in slot.alternatives]
        self.given = " ".join(self.slots)
        numbers = {match.replace(",", "") for match in re.findall(r"\d[\d,]*(?:\.\d+)?", self.said)}
        words = {str(_SAID[word]) for word in re.findall(r"[a-z]+", self.said.lower()) if word in _SAID}
        self.numbers = {float(number) for number in numbers | words}

    def invented(self) -> Iterator[str]:
        """Each part that nobody said."""
        for node in self.tree.find_all(*_COMPARED):
            for literal in node.find_all(exp.Literal):
                if literal.find_ancestor(*_COMPARED) is node and not self._is_said(literal, node):
                    yield node.sql("duckdb")
        words = {stem(word) for word in re.findall(r"[a-z]+", self.said.lower())}
        for node in self.tree.find_all(exp.Boolean):
            column = node.parent.find(exp.Column) if node.parent is not None else None
            if column is not None and words.isdisjoint(stem(part) for part in split_name(column.name) if part != "is"):
                yield column.sql("duckdb")
        lacks = _LACKS.search(self.said) is not None
        for node in self.tree.find_all(exp.Is, exp.NEQ, exp.Not):
            is_filled = isinstance(node, exp.Not) and isinstance(node.this, exp.Is)
            is_inner = isinstance(node, exp.Is) and isinstance(node.parent, exp.Not)
            if not lacks and not is_filled and not is_inner and node.sql("duckdb") not in self.given:
                yield node.sql("duckdb")
        for node in self.tree.find_all(exp.Div):
            if node.this.sql() == node.expression.sql():
                yield node.sql("duckdb")

    def names_something(self) -> bool:
        """Whether a text that it looks for was said, stored or not."""
        said = self.said.casefold()
        texts = [n.name.strip("%").casefold() for n in self.tree.find_all(exp.Literal) if n.is_string]
        return any(text and not _DAY.match(text) and text in said for text in texts)

    def _is_said(self, literal: exp.Literal, node: exp.Expr) -> bool:
        value = literal.name
        column = node.find(exp.Column)
        if node.find(exp.DayOfWeekIso) is not None:
            days = weekdays_said(self.said) | {*self._weekdays_given()}
            return any(int(value) in chosen for chosen in days) if literal.is_int else False
        if any(f"'{value}'" in text and column is not None and column.name in text for text in self.slots):
            return True
        if not literal.is_string:
            if value in self.given:
                return True
            is_counted = value in ("0", "1") and node.find(exp.AggFunc) is not None
            is_computed = literal.find_ancestor(exp.Case, exp.Mul, exp.Div) is not None
            return is_counted or is_computed or float(value) in self.numbers
        if _DAY.match(value):
            return value[:10] in self.said or (
                literal.find_ancestor(exp.Cast) is not None and bool(_NOW.search(self.said))
            )
        return self._holds(value, node)

    def _weekdays_given(self) -> Iterator[frozenset[int]]:
        for text in self.slots:
            yield from weekdays_chosen(expression_of(text))

    def _holds(self, value: str, node: exp.Expr) -> bool:
        """Whether a text was said, and, where it must be equal, is stored."""
        bare = value.strip("%").casefold()
        if not bare:
            return False
        words = {stem(word) for word in re.findall(r"\w+", self.text.casefold())}
        is_said = (
            re.search(rf"(?<!\w){re.escape(bare)}(?!\w)", self.text.casefold()) is not None
            or {stem(part) for part in split_name(bare)} <= words
        )
        column = node.find(exp.Column)
        table = self.tree.find(exp.Table)
        if isinstance(node, (exp.Like, exp.ILike)) or column is None:
            return is_said
        owner = column.table or (table.name if table is not None else "")
        stored = self.index.stored.get((owner, column.name))
        if stored is None:
            # Of a column whose values are not known; one that another column is known to hold is that one's.
            return is_said and not any(value in values for values in self.index.stored.values())
        return is_said and value in stored
