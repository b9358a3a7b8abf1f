"""How the installation is used: how many questions end how, how long they take, what the llm reads and writes, and what
is asked and not answered.

It tells words of other people's questions: only to those who review. No figure of an answer is here.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from t2sql.flow import Tokens
from t2sql.journal.askings import Asking, End, read_askings, require_review
from t2sql.journal.entries import plain
from t2sql.journal.file import JournalFile
from t2sql.policy import Principal

_UNANSWERED: tuple[End, ...] = ("asked_back", "refused", "failed")


@dataclass(frozen=True, slots=True)
class UsedRoute:
    """The questions of one day, or of a span of days, that went one way."""

    day: date
    route: str
    """As `flow.Route`; "definition" out of the catalog, "" where nothing was drafted."""
    questions: int
    answered: int
    asked_back: int
    refused: int
    failed: int
    stopped: int
    unfinished: int
    p50_ms: float | None
    """Half of those that came to an outcome took no longer; None without one."""
    p95_ms: float | None
    tokens: Tokens


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Words that were asked and not answered."""

    text: str
    """As asked last."""
    end: End
    """Of the last asking."""
    times: int
    last: datetime


class Usage:
    """Figures of the whole installation, for those who review."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file

    def routes(
        self, reviewer: Principal, since: datetime | None, until: datetime | None = None, zone: tzinfo | None = None
    ) -> tuple[UsedRoute, ...]:
        """By day and route in [since, until), aware, the latest day first, its busiest route first.

        `zone`: whose days; None for this machine's. Raises AccessDenied.
        """
        groups: dict[tuple[date, str], list[Asking]] = defaultdict(list)
        for asking in self._read(reviewer, since, until):
            groups[asking.at.astimezone(zone).date(), asking.route].append(asking)
        used = [_used(day, route, askings) for (day, route), askings in groups.items()]
        return tuple(sorted(used, key=lambda one: (-one.day.toordinal(), -one.questions, one.route)))

    def spent(
        self, reviewer: Principal, since: datetime | None, until: datetime | None = None, zone: tzinfo | None = None
    ) -> tuple[UsedRoute, ...]:
        """By route over the whole of [since, until), the busiest first; the day is that of its last question.

        Raises AccessDenied.
        """
        groups: dict[str, list[Asking]] = defaultdict(list)
        for asking in self._read(reviewer, since, until):
            groups[asking.route].append(asking)
        used = [_used(askings[-1].at.astimezone(zone).date(), route, askings) for route, askings in groups.items()]
        return tuple(sorted(used, key=lambda one: (-one.questions, one.route)))

    def unanswered(
        self, reviewer: Principal, since: datetime | None, until: datetime | None = None, most: int = 50
    ) -> tuple[Unanswered, ...]:
        """What was asked back, refused or failed in [since, until), the most often first. Raises AccessDenied."""
        groups: dict[str, list[Asking]] = defaultdict(list)
        for asking in self._read(reviewer, since, until):
            # What somebody wrote as SQL says nothing of the words that are not understood.
            if asking.end in _UNANSWERED and asking.route != "written":
                groups[plain(asking.text)].append(asking)
        found = [Unanswered(last.text, last.end, len(all_), last.at) for all_ in groups.values() if (last := all_[-1])]
        return tuple(sorted(found, key=lambda one: (-one.times, -one.last.timestamp()))[: max(most, 0)])

    def _read(self, reviewer: Principal, since: datetime | None, until: datetime | None) -> list[Asking]:
        require_review(reviewer)
        with self._file.reading() as connection:
            return read_askings(connection, since, until) if connection else []


def _used(day: date, route: str, askings: Sequence[Asking]) -> UsedRoute:
    ends = [asking.end for asking in askings]
    spent = sorted(asking.milliseconds for asking in askings if asking.milliseconds is not None)
    tokens = [asking.tokens for asking in askings]
    return UsedRoute(
        day,
        route,
        len(askings),
        ends.count("answered"),
        ends.count("asked_back"),
        ends.count("refused"),
        ends.count("failed"),
        ends.count("stopped"),
        ends.count("unfinished"),
        _percentile(spent, 0.5),
        _percentile(spent, 0.95),
        Tokens(sum(t.prompt for t in tokens), sum(t.cached for t in tokens), sum(t.completion for t in tokens)),
    )


def _percentile(ordered: Sequence[float], share: float) -> float | None:
    """The smallest figure that `share` of them do not pass; None without any."""
    return ordered[math.ceil(share * len(ordered)) - 1] if ordered else None
