"""Which question is asked next, and by whom: turns of conversations, questions asked twice, and those under suspicion.

It starts nothing and keeps no record; a worker here is only something that can be told from another.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from t2sql.evaluation.records import Asked

Place = object
"""Where a question is asked."""


@dataclass(slots=True, eq=False)
class Turn:
    """One question on its way."""

    number: int
    asked: Asked
    today: date
    attempts: int = 0
    sent_at: float = 0.0
    """When it was last sent, on the monotonic clock."""
    home: Place | None = None
    """Where it must be asked, because what came before it in its conversation was."""


class Queue:
    """Questions not yet asked, in the file's order."""

    def __init__(
        self, asked: Sequence[Asked], today: date, clocks: Mapping[str, date], principal: str, kept: Container[str] = ()
    ) -> None:
        """`clocks`: id -> the day its question counts from, where it is another than `today`; `kept`: ids that have
        their record.
        """
        self._ready: deque[Turn] = deque()
        self._suspects: deque[Turn] = deque()
        self._later: dict[str, deque[Turn]] = {}
        self._copies: dict[str, list[str]] = {}
        self.original_of: dict[str, str] = {}
        """Id of a question asked before in the same words, by the same person, for the same day -> id of the first."""
        first: dict[tuple[object, ...], str] = {}
        self.waiting_copies: list[str] = []
        """Ids of such questions whose first has its record from before, but they have none."""
        for number, one in enumerate(asked):
            day = clocks.get(one.id, today)
            key = (one.text, one.principal or principal, one.hints, one.language, day)
            if not one.conversation and first.setdefault(key, one.id) != one.id:
                self.original_of[one.id] = first[key]
                if one.id not in kept:
                    copies = self.waiting_copies if first[key] in kept else self._copies.setdefault(first[key], [])
                    copies.append(one.id)
                continue
            if one.id in kept:
                continue
            turn = Turn(number, one, day)
            if not one.conversation:
                self._ready.append(turn)
            elif one.conversation in self._later:
                self._later[one.conversation].append(turn)
            else:
                self._later[one.conversation] = deque()
                self._ready.append(turn)

    def __len__(self) -> int:
        return len(self._ready) + len(self._suspects) + sum(map(len, self._later.values()))

    def next(self, place: Place, *, is_idle: bool) -> Turn | None:
        """What `place` asks next; None while there is nothing for it. A suspect goes only where nothing else is
        asked.
        """
        if is_idle and self._suspects:
            return self._suspects.popleft()
        for index, turn in enumerate(self._ready):
            if turn.home is None or turn.home is place:
                del self._ready[index]
                return turn
        return None

    def ended(self, turn: Turn, place: Place | None) -> Iterator[str]:
        """`turn` has its record: ids that have the same now. The next of its conversation is asked at `place`."""
        if turn.asked.conversation and self._later[turn.asked.conversation]:
            follower = self._later[turn.asked.conversation].popleft()
            follower.home = place
            self._ready.appendleft(follower)
        yield from self._copies.get(turn.asked.id, ())

    def again(self, turn: Turn) -> None:
        """`turn` was at a place that has gone: it is asked again, alone, since it may have been the cause."""
        turn.home = None
        self._suspects.append(turn)

    def forget(self, place: Place) -> None:
        """`place` has gone: what waited for it is asked anywhere."""
        for turn in self._ready:
            if turn.home is place:
                turn.home = None
