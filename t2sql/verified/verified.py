"""Checked questions for one reader: a question that says the same as one of them gets its semantic SQL, slots refilled.

Never fuzzy: a word more or less is another question. Nothing an entry names that the reader may not see reaches him:
for him the entry is not there.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlglot import exp

from t2sql.catalog import Catalog, Language
from t2sql.errors import CertifyError, ConfigError, QueryError
from t2sql.flow import Context, Draft, Note, Question
from t2sql.grounding import Grounding, ValueEntry
from t2sql.grounding.words.text import fold, is_cjk
from t2sql.verified.entries import Entry
from t2sql.verified.refilling import refill
from t2sql.verified.spots import fixed_values
from t2sql.verified.templates import Template, parsed, template_of
from t2sql.verified.values import MoreValues
from t2sql.verified.wording import Said, said_in

_KINDS = (
    "metric ",
    "dimension ",
    "each dimension ",
    "grain ",
    "comparison ",
    "threshold ",
    "limit ",
    "order ",
    "period",
)


@dataclass(slots=True)
class _Wording:
    """One wording of an entry, grounded when it is first likely to be meant."""

    entry: Entry
    text: str
    folded: str
    metrics: frozenset[str]
    """Names of metrics in the semantic SQL."""
    template: Template | None = None
    is_read: bool = field(default=False)


class VerifiedQuestions:
    """The checked questions that one narrowed catalog can answer. Safe to use from several threads."""

    def __init__(self, entries: Sequence[Entry], catalog: Catalog, grounding: Grounding) -> None:
        """`grounding` is that of the reader's own questions, over the same `catalog`."""
        self._catalog, self._grounding = catalog, grounding
        self._turn = threading.Lock()
        self._by_key: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Template]] = {}
        self._unread = [wording for entry in entries for wording in _wordings(entry, catalog)]

    def find(self, context: Context, compiles: Callable[[str], object]) -> Draft | None:
        """The draft for `context` by the checked question that says the same; None when there is none.

        `compiles(semantic_sql)` raises QueryError where the reader cannot ask that.
        """
        question = context.question
        if question.hints:
            # What a person added may change what is meant.
            return None
        said = said_in(context)
        with self._turn:
            self._read_likely(said)
        found: dict[str, Entry] = {}
        for template in self._by_key.get(said.key, ()):
            sql = refill(template, said, self._catalog.fiscal_year_start)
            if sql is not None and self._sees(template) and _is_compiled(sql, compiles):
                found.setdefault(sql, template.entry)
        if len(found) != 1:
            return None
        ((sql, entry),) = found.items()
        return Draft(sql, "verified", 1.0, verified=note_of(entry))

    def _read_likely(self, said: Said) -> None:
        """Ground the wordings that may say what was `said`: they hold its words, and ask for one of its metrics."""
        names = [t.removeprefix("metric ").split("|") for t in said.key[1] if t.startswith("metric ")]
        metrics = {name for some in names for name in some}
        words = [t for t in said.key[1] if not t.startswith(_KINDS)]
        if not metrics and not words:
            return
        later = []
        for wording in self._unread:
            asks_it = not metrics or bool(wording.metrics & metrics)
            is_likely = asks_it and all(word in wording.folded for word in words)
            if not is_likely:
                later.append(wording)
                continue
            try:
                template = read_template(wording.entry, wording.text, self._catalog, self._grounding)
            except ConfigError:
                # Told by `t2sql check`; a broken one is never used.
                continue
            self._by_key.setdefault(template.said.key, []).append(template)
        self._unread = later

    def _sees(self, template: Template) -> bool:
        """Whether every value that the semantic SQL keeps is one that the reader may see."""
        return all(
            self._catalog.field_of(self._catalog.dimensions[name]).is_enum
            or not self._catalog.field_of(self._catalog.dimensions[name]).searchable
            or any(
                m.value == value
                for m in self._grounding.values.find(value, [_plain(name, self._catalog)], is_fuzzy=False)
            )
            for name, value in template.constants
        )


def read_template(entry: Entry, text: str, catalog: Catalog, grounding: Grounding) -> Template:
    """One wording of an entry as a template, its own relative periods by the day it was signed. Raises ConfigError."""
    tree = parsed(entry)
    known = grounding.with_values(MoreValues(grounding.values, _own_values(tree, catalog)))
    language: Language = "zh" if any(is_cjk(c) for c in text) else "en"
    context = known.ground(Question(text, "", entry.verified_on, language), None)
    return template_of(entry, tree, said_in(context), catalog)


def note_of(entry: Entry) -> Note:
    """Who signed it, and when, in both languages."""
    day: date = entry.verified_on
    more_zh, more_en = (f"（{entry.note}）", f" ({entry.note})") if entry.note else ("", "")
    return Note(
        "verified",
        f"已核定的问题 {entry.id}：{entry.verified_by}，{day.isoformat()}{more_zh}",
        f"Verified question {entry.id}: {entry.verified_by}, {day.isoformat()}{more_en}",
    )


def _wordings(entry: Entry, catalog: Catalog) -> list[_Wording]:
    names = {part for part in _split(entry.semantic_sql)} & set(catalog.metrics)
    return [_Wording(entry, text, fold(text).text, frozenset(names)) for text in entry.questions]


def _split(sql: str) -> list[str]:
    """Words of a text of SQL; enough to know which metrics may be in it."""
    return "".join(c if c.isalnum() or c == "_" else " " for c in sql).split()


def _own_values(tree: exp.Expr, catalog: Catalog) -> list[ValueEntry]:
    """Values of the semantic SQL itself, so that a reader who may not see them can still ask with his own."""
    return [
        ValueEntry(_plain(name, catalog), value, catalog.field_of(catalog.dimensions[name]).aliases.get(value, ()))
        for name, value in sorted(fixed_values(tree, catalog))
    ]


def _plain(name: str, catalog: Catalog) -> str:
    """The dimension of the same field that has no role; values are indexed under that."""
    asked = catalog.dimensions[name]
    same = (
        d.name for d in catalog.dimensions.values() if (d.dataset, d.field, d.role) == (asked.dataset, asked.field, "")
    )
    return next(same, name)


def _is_compiled(sql: str, compiles: Callable[[str], object]) -> bool:
    try:
        compiles(sql)
    except (QueryError, CertifyError):
        return False
    return True
