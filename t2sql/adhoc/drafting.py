"""A draft for a question that no signed metric answers: read by code where every word is explained, else written by the
llm under the question's own conditions and shape.

Every draft handed out compiles. Never runs anything, and never sees what the narrowed catalog lacks.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import sqlglot
from sqlglot import exp

from t2sql.adhoc.accounted import is_as_asked, keeps_negation, loses_limit, weighed
from t2sql.adhoc.asked import shape_of
from t2sql.adhoc.told import in_full
from t2sql.adhoc.writing import Written, write_over_fields
from t2sql.errors import GenerationError, QueryError
from t2sql.fields.chinese import has_chinese
from t2sql.fields.index import FieldIndex
from t2sql.fields.linked import Linked
from t2sql.fields.linking import link
from t2sql.fields.readings import FieldReading, read_question
from t2sql.flow import Draft, Plan, Question, Tokens
from t2sql.generation.llm import Llm

PLAIN = 0.8
"""A reading this sure needs no llm."""
PLAIN_CHINESE = 0.4
"""The same of Chinese, which an llm of this size reads worse than code does."""
OTHER_COLUMNS = 0.8
"""What is left of a reading's sureness where the question lists another number of columns."""
LEAST_READ = 0.6
"""A reading less sure than this is asked back where the llm has failed."""
LEAST_WRITTEN = 0.12
"""What the llm wrote with less probability than this is asked back: nearly all of it is wrong."""
MOST_REPAIRS = 2


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft, and whether it may be answered; else it is asked back."""

    draft: Draft
    is_sure: bool


class OverFields:
    """Drafts over the fields of one narrowed catalog."""

    def __init__(self, index: FieldIndex, compiles: Callable[[str], Plan], llm: Callable[[], Llm]) -> None:
        """`compiles` raises QueryError for what is no semantic SQL over the index's catalog."""
        self._index, self._compiles, self._llm = index, compiles, llm

    def draft(self, question: Question, cancel: threading.Event | None = None) -> Drafted | None:
        """The draft for `question`, by its own clock; None where nothing of it names a field.

        Raises QueryError where each try is refused, GenerationError, LlmUnavailable, Cancelled.
        """
        text, hints = question.text, question.hints
        linked, readings = read_question(text, hints, self._index, question.today)
        if not linked.datasets:
            return None
        shape = shape_of(text, hints, self._index)
        weighed_by = (_by_columns(reading, len(shape.columns)) for reading in readings)
        read = next(self._compiled(sorted(weighed_by, key=lambda reading: -reading.sure)), None)
        is_cut = loses_limit(text, linked.left, [d.span.start for d in linked.named if d.span is not None])
        sure = (read.confidence or 0.0) if read and not is_cut and _is_kept(text, read) else 0.0
        if read and sure >= (PLAIN_CHINESE if has_chinese(text) else PLAIN):
            return Drafted(read, True)
        in_words = in_full(text, hints)
        if in_words != text:
            linked = link(in_words, hints, self._index, question.today)
        try:
            written = self._written(linked, hints, cancel)
        except (QueryError, GenerationError):
            if read is None:
                raise
            return Drafted(read, sure >= LEAST_READ)
        # A server may tell no probabilities.
        likely = 1.0 if written.confidence is None else written.confidence
        if is_cut or not _is_kept(text, written):
            likely = 0.0
        if likely < LEAST_WRITTEN and read and sure >= LEAST_READ:
            return Drafted(read, True)
        return Drafted(written, likely >= LEAST_WRITTEN)

    def _compiled(self, readings: Iterable[FieldReading]) -> Iterator[Draft]:
        for reading in readings:
            if self._error(reading.semantic_sql) is None:
                yield Draft(reading.semantic_sql, "composed", reading.sure)

    def _written(self, linked: Linked, hints: str, cancel: threading.Event | None) -> Draft:
        complaint, error = "", None
        for _ in range(MOST_REPAIRS + 1):
            try:
                written = write_over_fields(linked, hints, self._index, self._llm, complaint=complaint, cancel=cancel)
            except QueryError as caught:
                error = caught
            else:
                error = self._error(written.semantic_sql)
                if error is None:
                    return _draft(written, linked.left)
            if complaint == error.message:
                break
            complaint = error.message
        assert error is not None
        raise error

    def _error(self, semantic_sql: str) -> QueryError | None:
        try:
            self._compiles(semantic_sql)
        except QueryError as error:
            return error
        return None


def _is_kept(text: str, draft: Draft) -> bool:
    """Whether a draft holds what the words say of it."""
    return keeps_negation(text, draft.semantic_sql) and is_as_asked(text, draft.semantic_sql)


def _by_columns(reading: FieldReading, count: int) -> FieldReading:
    """`reading`, less sure where it shows another number of columns than the question lists; 0 where it lists none."""
    tree = sqlglot.parse_one(reading.semantic_sql, read="duckdb")
    fits = not count or (isinstance(tree, exp.Select) and len(tree.expressions) == count)
    return reading if fits else replace(reading, sure=reading.sure * OTHER_COLUMNS)


def _draft(written: Written, left: Sequence[str]) -> Draft:
    writing = written.writing
    tokens = Tokens(writing.prompt_tokens, writing.cached_tokens, writing.completion_tokens)
    return Draft(written.semantic_sql, "generated", weighed(written.probability, left), tokens)
