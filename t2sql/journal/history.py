"""Past questions: a person's own, to search and to run again, and one of anybody's by its link.

Nothing of a result is here. Whoever opens a link sees the words of the question, and runs it under rights of their own.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from t2sql.journal.entries import Past, as_json, plain, read_pasts
from t2sql.journal.file import JournalFile
from t2sql.journal.kept import Kept

_AT_ONCE = 100
_LONGEST_ID = 64
# Another's question that somebody opened by its link is new to that person; an own one that ran again is not.
_OWN = """
WITH own AS (
    SELECT id, question_id, body FROM entry
    WHERE kind = 'question' AND principal = ? AND json_extract(body, '$.origin') IS NULL
        AND json_extract(body, '$.replays') IS NULL
)
SELECT question_id, body FROM own
WHERE json_extract(body, '$.repeats') IS NULL OR json_extract(body, '$.repeats') NOT IN (SELECT question_id FROM own)
ORDER BY id DESC
"""
_THESE = """
SELECT question_id, body FROM entry
WHERE kind = 'question' AND principal = ? AND question_id IN (SELECT value FROM json_each(?)) ORDER BY id DESC
"""


class History:
    """What was asked. `search` reaches own questions only; `find` takes a link for the right to see the question."""

    def __init__(self, file: JournalFile, kept: Kept) -> None:
        self._file, self._kept = file, kept

    def search(
        self,
        principal: str,
        words: str = "",
        *,
        only_pinned: bool = False,
        most: int = 50,
        older_than: str | None = None,
        every_asking: bool = False,
    ) -> tuple[Past, ...]:
        """Own questions, the latest asking first, whose text holds each of `words`, as written but for case and width.

        What was asked several times stands once, as it was asked last; so does what differs in nothing but blanks. The
        same words after other questions, with other notes, or run with SQL of one's own are another question. What a
        pin, board or link ran again is no new asking. `every_asking` tells each; `older_than`: the id of the last one
        seen, for the next page.
        """
        pins = self._kept.pins(principal)
        if not principal or (only_pinned and not pins):
            return ()
        with self._file.reading() as connection:
            if connection is None:
                return ()
            pinned = {_sense(past): past.id for past in read_pasts(connection, reversed(pins))}
            if only_pinned:
                rows = connection.execute(_THESE, (principal, as_json(pins)))
            else:
                rows = connection.execute(_OWN, (principal,))
            found = _holding(connection, rows, plain(words).split())
            if not (only_pinned or every_asking):
                found = _once(found)
            if older_than is not None:
                found = _after(found, older_than)
            return tuple(replace(past, pinned=pinned.get(_sense(past), "")) for past in islice(found, max(most, 0)))

    def pin_of(self, principal: str, question_id: str) -> str:
        """The own asking that is pinned for the question of this one, itself or the same asked before; "" for none."""
        pins = self._kept.pins(principal)
        if question_id in pins:
            return question_id
        with self._file.reading() as connection:
            asked = next(read_pasts(connection, [question_id]), None) if connection else None
            if connection is None or asked is None or asked.principal != principal:
                return ""
            return next((past.id for past in read_pasts(connection, pins) if _sense(past) == _sense(asked)), "")

    def find(self, question_id: str) -> Past | None:
        """What anybody asked under this id, which is as good as the right to see it; None for what no person asked."""
        if not question_id or len(question_id) > _LONGEST_ID:
            return None
        with self._file.reading() as connection:
            return next(read_pasts(connection, [question_id]), None) if connection else None


def _holding(connection: sqlite3.Connection, rows: Iterable[tuple[str, str]], words: Sequence[str]) -> Iterator[Past]:
    """The askings among (id, body) rows whose text holds all words, in the order given, read a few at a time."""

    def holds(body: str) -> bool:
        text = plain(json.loads(body)["text"])
        return all(word in text for word in words)

    fitting = (question_id for question_id, body in rows if holds(body))
    while some := list(islice(fitting, _AT_ONCE)):
        yield from read_pasts(connection, some)


def _sense(past: Past) -> tuple[object, ...]:
    """Equal for askings that a person takes for one question."""
    written = past.drafted if past.route == "written" else ""
    return plain(past.text), past.hints, past.before, written


def _once(pasts: Iterator[Past]) -> Iterator[Past]:
    seen: set[tuple[object, ...]] = set()
    for past in pasts:
        if (sense := _sense(past)) not in seen:
            seen.add(sense)
            yield past


def _after(pasts: Iterator[Past], question_id: str) -> Iterator[Past]:
    for past in pasts:
        if past.id == question_id:
            yield from pasts
