"""A draft for a question that no signed metric answers: read by code where every word is explained, else written by the
llm under the question's own conditions and shape.

Every draft handed out compiles. Never runs anything, and never sees what the narrowed catalog lacks.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator

import sqlglot
from sqlglot import exp

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
LIKELY = 0.4
"""A reading of Chinese this sure is better than what an llm of this size writes."""
UNLIKELY = 0.1
"""What the llm wrote with less probability than this is worse than any reading."""
MOST_REPAIRS = 2


class OverFields:
    """Drafts over the fields of one narrowed catalog."""

    def __init__(self, index: FieldIndex, compiles: Callable[[str], Plan], llm: Callable[[], Llm]) -> None:
        """`compiles` raises QueryError for what is no semantic SQL over the index's catalog."""
        self._index, self._compiles, self._llm = index, compiles, llm

    def draft(self, question: Question, cancel: threading.Event | None = None) -> Draft | None:
        """The draft for `question`, by its own clock; None where nothing of it names a field.

        Raises QueryError where each try is refused, LlmUnavailable, Cancelled.
        """
        linked, readings = read_question(question.text, question.hints, self._index, question.today)
        if not linked.datasets:
            return None
        shape = shape_of(question.text, question.hints, self._index)
        read = next(self._compiled(r for r in readings if _has_columns(r, len(shape.columns))), None)
        least = LIKELY if has_chinese(question.text) else PLAIN
        if read and read.confidence is not None and read.confidence >= least:
            return read
        in_words = in_full(question.text, question.hints)
        if in_words != question.text:
            linked = link(in_words, question.hints, self._index, question.today)
        try:
            written = self._written(linked, question.hints, cancel)
        except (QueryError, GenerationError):
            if read is None:
                raise
            return read
        # A server may tell no probabilities.
        is_surer = read is not None and written.confidence is not None and written.confidence < UNLIKELY
        return read if is_surer else written

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
                    return _draft(written)
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


def _has_columns(reading: FieldReading, count: int) -> bool:
    """Whether a reading shows as many columns as the question lists; 0 where it lists none."""
    tree = sqlglot.parse_one(reading.semantic_sql, read="duckdb")
    return not count or (isinstance(tree, exp.Select) and len(tree.expressions) == count)


def _draft(written: Written) -> Draft:
    writing = written.writing
    tokens = Tokens(writing.prompt_tokens, writing.cached_tokens, writing.completion_tokens)
    return Draft(written.semantic_sql, "generated", written.probability, tokens)
