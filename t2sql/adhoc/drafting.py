"""A draft for a question that no signed metric answers: read by code where every word is explained, else written by the
llm under the question's own conditions and shape.

Every draft handed out compiles. Never runs anything, and never sees what the narrowed catalog lacks.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import sqlglot
from sqlglot import exp

from t2sql.adhoc.accounted import is_as_asked, keeps_negation, loses_formula, loses_limit, weighed
from t2sql.adhoc.alike import is_alike
from t2sql.adhoc.asked import shape_of
from t2sql.adhoc.counted_once import counted_once
from t2sql.adhoc.invented import holds_days, invented, left_out, without_invented
from t2sql.adhoc.prompt import relevant
from t2sql.adhoc.second import write_second
from t2sql.adhoc.slots import slots_of
from t2sql.adhoc.told import in_full
from t2sql.adhoc.unmet import unmet, values_lost
from t2sql.adhoc.writing import MOST_DATASETS, Written, write_over_fields
from t2sql.errors import GenerationError, QueryError
from t2sql.fields.chinese import has_chinese
from t2sql.fields.chinese_kept import kept, without_names
from t2sql.fields.index import FieldIndex
from t2sql.fields.linked import Linked
from t2sql.fields.linking import link
from t2sql.fields.members import of_each
from t2sql.fields.readings import FieldReading, read_question
from t2sql.fields.rounding import rounded
from t2sql.flow import Draft, Plan, Question, Tokens
from t2sql.generation.llm import Llm

PLAIN = 0.8
"""A reading this sure needs no llm."""
PLAIN_CHINESE = 0.4
"""The same of Chinese, which an llm of this size reads worse than code does."""
UNMET = 0.75
"""What is left of a reading's sureness where something of the question is not in it."""
OTHER_COLUMNS = 0.79
"""What is left of a reading's sureness where the question lists another number of columns."""
LEAST_READ = 0.6
"""A reading less sure than this is asked back where the llm has failed."""
LEAST_WRITTEN = 0.12
"""What the llm wrote with less probability than this is asked back: nearly all of it is wrong."""
ALONE_WRITTEN = 0.5
"""What the llm wrote with less probability than this is asked back where no second draft says the same."""
SURE_WRITTEN = 0.8
"""What the llm wrote with this probability needs no second draft."""
MOST_REPAIRS = 2
_ONE = re.compile(r"\W*what (?:is|was) the\b", re.IGNORECASE)
_SEVERAL = re.compile(r"\b(?:each|every|per|by|and|return|list|show|top \d+)\b", re.IGNORECASE)
_FOR_EACH = re.compile(r"\W*(?:for|by|per|in) (?:each|every)\b", re.IGNORECASE)


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
        linked, readings = read_question(question.text, question.hints, self._index, question.today)
        if not linked.datasets:
            return None
        first, failure = None, None
        try:
            first = self._first(question, linked, readings, cancel)
        except (QueryError, GenerationError) as error:
            failure = error
        if not has_chinese(question.text) and not (first and _is_certain(first)):
            second = self._second(question, cancel)
            if second and loses_formula(linked, second.draft.semantic_sql):
                second = Drafted(second.draft, False)
            is_same = second and first and is_alike(first.draft.semantic_sql, second.draft.semantic_sql)
            if second and second.is_sure:
                return Drafted(first.draft, True) if first and is_same else second
            if first and (is_same or (first.draft.confidence or 0.0) < ALONE_WRITTEN):
                first = Drafted(first.draft, False)
        if failure:
            raise failure
        return first

    def _first(
        self, question: Question, linked: Linked, readings: Sequence[FieldReading], cancel: threading.Event | None
    ) -> Drafted:
        """By what code understood: a reading, or what the llm fills in."""
        text, hints = question.text, question.hints
        shape = shape_of(text, hints, self._index)
        weighed_by = (_by_columns(reading, shape.listed, text) for reading in readings)
        read = next(self._compiled(sorted(weighed_by, key=lambda reading: -reading.sure), text), None)
        is_cut = loses_limit(text, linked.left, [d.span.start for d in linked.named if d.span is not None])
        # 员工人数 of a column so called asks for no count.
        said = without_names(linked, text) if has_chinese(text) else text
        sure = (read.confidence or 0.0) if read and not is_cut and _is_kept(said, read) else 0.0
        is_whole = read is not None and not unmet(linked, hints, read.semantic_sql, self._index)
        sure *= 1.0 if is_whole else 0.0 if has_chinese(text) else UNMET
        if read and sure >= (PLAIN_CHINESE if has_chinese(text) else PLAIN):
            return Drafted(read, True)
        if read and not has_chinese(text):
            count = shape.listed or (1 if shape.is_one_figure else 0)
            is_whole = is_whole and _fits(read.semantic_sql, count, text)
        computed = linked
        in_words, linked = self._in_full(question, linked)
        try:
            written = self._written(linked, in_words, hints, cancel)
        except (QueryError, GenerationError):
            if read is None:
                raise
            return Drafted(read, is_whole and sure >= LEAST_READ)
        # A server may tell no probabilities.
        likely = 1.0 if written.confidence is None else written.confidence
        is_lost = not _is_kept(said, written) or loses_formula(computed, written.semantic_sql)
        if is_cut or is_lost or unmet(linked, hints, written.semantic_sql, self._index):
            likely = 0.0
        elif read and is_alike(read.semantic_sql, written.semantic_sql):
            # Two that know nothing of each other say the same.
            likely = max(likely, sure, LEAST_WRITTEN)
        if has_chinese(text):
            # A small llm loses more of Chinese than code does: it is heard where nothing is lost, or both agree.
            is_same = read is not None and is_alike(read.semantic_sql, written.semantic_sql)
            # Both may lose the same: two that agree hold no more than one does.
            is_held = kept(linked, written.semantic_sql, self._index) >= 1.0 and (is_same or not linked.left)
            return Drafted(written, True) if is_held and likely >= LEAST_WRITTEN else Drafted(read or written, False)
        if likely < LEAST_WRITTEN and read and is_whole and sure >= LEAST_READ:
            return Drafted(read, True)
        return Drafted(written, likely >= LEAST_WRITTEN)

    def _second(self, question: Question, cancel: threading.Event | None) -> Drafted | None:
        """A draft that knows nothing of the first, sure where it loses and invents nothing; None for none."""
        in_words, linked = self._in_full(question, None)
        slots = slots_of(linked, self._index)
        datasets = [d.dataset for d in linked.datasets[:MOST_DATASETS]]
        try:
            sql, writing = write_second(
                in_words, question.hints, slots, self._index.catalog, datasets, self._llm, question.today, cancel
            )
        except (QueryError, GenerationError):
            return None
        told = relevant(in_words, question.hints)
        sql = without_invented(in_words, told, slots, sql, self._index)
        draft = _draft(Written(sql, writing.text, None, writing), self._finished(sql, question.text), linked.left)
        shape = shape_of(question.text, question.hints, self._index)
        is_one = shape.is_one_figure or (_ONE.match(question.text) and not _SEVERAL.search(question.text))
        count = shape.listed or (1 if is_one else 0)
        is_held = (
            self._error(draft.semantic_sql) is None
            and _is_kept(question.text, draft)
            and (_fits(sql, count, question.text) or (_SEVERAL.search(question.text) and _fits(sql, count + 1, "")))
            and not unmet(linked, question.hints, sql, self._index)
            # What hints leave out of a short name is told of the name, which is written out in `in_words`.
            and not values_lost(link(question.text, question.hints, self._index, question.today), sql, self._index)
            and not invented(in_words, told, slots, sql, self._index)
            and holds_days(slots, sql)
            and not left_out(f"{told}. {_after(told, question.hints)}", sql, self._index)
        )
        return Drafted(draft, bool(is_held))

    def _in_full(self, question: Question, linked: Linked | None) -> tuple[str, Linked]:
        """The question with the hints' short names written out, and what links to it."""
        in_words = in_full(question.text, question.hints)
        if linked is None or in_words != question.text:
            linked = link(in_words, question.hints, self._index, question.today)
        return in_words, linked

    def _compiled(self, readings: Iterable[FieldReading], text: str) -> Iterator[Draft]:
        for reading in readings:
            if self._error(reading.semantic_sql) is None:
                yield Draft(self._finished(reading.semantic_sql, text), "composed", reading.sure)

    def _finished(self, semantic_sql: str, text: str) -> str:
        """`semantic_sql` with things of one name told apart and figures rounded as `text` says, where that compiles."""
        told = semantic_sql
        if not has_chinese(text):
            told = of_each(counted_once(semantic_sql, text, self._index), self._index.catalog)
        forms = dict.fromkeys((rounded(told, text), told))
        return next((form for form in forms if self._error(form) is None), semantic_sql)

    def _written(self, linked: Linked, text: str, hints: str, cancel: threading.Event | None) -> Draft:
        complaint, error = "", None
        for _ in range(MOST_REPAIRS + 1):
            try:
                written = write_over_fields(
                    linked, hints, self._index, self._llm, text=text, complaint=complaint, cancel=cancel
                )
            except QueryError as caught:
                error = caught
            else:
                error = self._error(written.semantic_sql)
                if error is None:
                    return _draft(written, self._finished(written.semantic_sql, text), linked.left)
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


def _is_certain(first: Drafted) -> bool:
    """Whether no second draft is needed."""
    likely = first.draft.confidence
    return first.is_sure and (first.draft.route == "composed" or likely is None or likely >= SURE_WRITTEN)


def _after(told: str, hints: str) -> str:
    """The sentence of `hints` that goes on after what is `told` of the question, where it defines nothing itself."""
    last = told[-30:]
    place = hints.find(last) if last else -1
    following = hints[place + len(last) :].lstrip(" .\n") if place >= 0 else ""
    sentence = re.split(r"[.\n]", following, maxsplit=1)[0]
    return "" if "=" in sentence else sentence


def _is_kept(text: str, draft: Draft) -> bool:
    """Whether a draft holds what the words say of it."""
    return keeps_negation(text, draft.semantic_sql) and is_as_asked(text, draft.semantic_sql)


def _by_columns(reading: FieldReading, count: int, text: str) -> FieldReading:
    """`reading`, less sure where it shows another number of columns than the question lists; 0 where it lists none."""
    return reading if _fits(reading.semantic_sql, count, text) else replace(reading, sure=reading.sure * OTHER_COLUMNS)


def _fits(semantic_sql: str, count: int, text: str) -> bool:
    """Whether a SELECT shows `count` columns, any number where that is 0. "For every publisher, give the share" shows
    the group beside what is listed.
    """
    tree = sqlglot.parse_one(semantic_sql, read="duckdb")
    more = {count + 1} if _FOR_EACH.match(text) else set()
    return not count or (isinstance(tree, exp.Select) and len(tree.expressions) in {count, *more})


def _draft(written: Written, semantic_sql: str, left: Sequence[str]) -> Draft:
    writing = written.writing
    tokens = Tokens(writing.prompt_tokens, writing.cached_tokens, writing.completion_tokens)
    return Draft(semantic_sql, "generated", weighed(written.probability, left), tokens)
