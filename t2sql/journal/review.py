"""Review: what waits for those who own the definitions, and their decisions.

It tells words of other people's questions, so every call takes the reviewer and refuses anybody else. It decides
nothing by itself, tries no correction and changes no definition: whoever saves an accepted one has tested it before.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from t2sql.errors import NotKept
from t2sql.journal.askings import Asking, read_askings, require_review
from t2sql.journal.entries import Past, moment, now, plain, read_pasts
from t2sql.journal.file import JournalFile
from t2sql.journal.judged import READ_JUDGEMENTS, Judgement, State, judgement_of
from t2sql.policy import Principal

Kind = Literal["correction", "wrong", "asked_back", "refused", "unsure"]
Done = Literal["verified", "synonym", "case", "seen"]
"""What was done about a question: a checked question, a synonym, a case of the evaluation, or nothing was needed."""
UNSURE_UNDER = 0.6
UNKNOWN_NAMES = frozenset({"no_metric", "unknown_name"})
"""Codes of refusals for a name that nothing here has."""
_WAITING = READ_JUDGEMENTS + (
    "WHERE verdict = 'wrong' AND state IN ('open', 'approved_once') ORDER BY semantic_sql = '', at, judgement.id"
)
_ONE = READ_JUDGEMENTS + "WHERE judgement.id = ?"
_DECIDE = "UPDATE judgement SET state = ?, decided_by = ?, decided_at = ?, note = ? WHERE id = ?"
_APPROVE = "INSERT OR IGNORE INTO approval (judgement_id, principal, at, note) VALUES (?, ?, ?, ?)"
_SETTLE = """
INSERT INTO settled VALUES (?, ?, ?, ?, ?) ON CONFLICT (asked) DO UPDATE SET principal = excluded.principal,
    at = excluded.at, done = excluded.done, note = excluded.note
"""
_COUNTS = """
SELECT verdict, semantic_sql <> '', state, count(*) FROM judgement
WHERE at >= ? AND (? = '' OR at < ?) GROUP BY 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to look at."""

    kind: Kind
    past: Past
    """The question judged, or the last asking that did not go well."""
    judgement: Judgement | None
    """What a person said of it; None for a question that nobody judged."""
    times: int
    """How often it did not go well; 1 for a judgement."""
    principals: tuple[str, ...]
    """Who asked, sorted."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What became of what people said of answers."""

    right: int
    wrong: int
    """With and without a correction."""
    corrections: int
    accepted: int
    """Of the corrections."""
    declined: int
    """Of the corrections; the rest of them is open."""

    @property
    def rate(self) -> float | None:
        """Share of the decided corrections that was accepted, 0 to 1; None while none is decided."""
        decided = self.accepted + self.declined
        return self.accepted / decided if decided else None


class Review:
    """The queue and its decisions. Every call raises AccessDenied for who may not review."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file

    def queue(
        self,
        reviewer: Principal,
        *,
        since: datetime | None = None,
        unsure_under: float = UNSURE_UNDER,
        most: int = 100,
    ) -> tuple[Waiting, ...]:
        """Open corrections, then other answers called wrong, each the oldest first; then questions that were asked
        back, refused for a name nobody knows, or answered with a confidence under `unsure_under`, the most often first.

        A question stands once. It is gone when it was asked again and went well, or when `settle` said so, until it
        goes wrong again. `since`: of the questions nobody judged, those asked from then on; aware.
        """
        require_review(reviewer)
        judged: list[Waiting] = []
        settled: dict[str, str] = {}
        with self._file.reading("settled") as connection:
            if connection:
                judged = list(_judged(connection))
                settled = dict(connection.execute("SELECT asked, at FROM settled"))
        # What somebody said of the same words stands for them.
        known = {plain(waiting.past.text) for waiting in judged}
        with self._file.reading() as connection:
            if connection is None:
                return ()
            unwell = _unwell(read_askings(connection, since, None), settled, known, unsure_under)
            room = max(most - len(judged), 0)
            return (*judged[: max(most, 0)], *_asked(connection, unwell[:room], unsure_under))

    def find(self, reviewer: Principal, judgement_id: str) -> Judgement | None:
        """One judgement as it is now; None where there is none. Raises AccessDenied."""
        require_review(reviewer)
        with self._file.reading("judgement") as connection:
            return _find(connection, judgement_id) if connection else None

    def foresee(self, reviewer: Principal, judgement: Judgement, approvals_needed: Literal[1, 2] = 1) -> State:
        """What approving it now would make of it: "accepted", or "approved_once" where a second person must follow.

        For testing a correction before it is saved. Raises as `decide` does.
        """
        require_review(reviewer)
        with self._file.reading("judgement") as connection:
            return _approved(reviewer, _same(connection, judgement), approvals_needed)

    def decide(
        self,
        reviewer: Principal,
        judgement: Judgement,
        *,
        accept: bool,
        note: str = "",
        approvals_needed: Literal[1, 2] = 1,
        save: Callable[[Judgement], None] | None = None,
    ) -> Judgement:
        """Approve or decline what was looked at; the judgement as it is then.

        With `approvals_needed` 2 a correction is accepted when two have approved it, neither of them who made it; one
        who declines is enough. `save` is called with what is accepted, before that is on record: when it raises,
        nothing is decided. It must be quick and wait for nothing, for nobody is answered meanwhile.

        Raises AccessDenied, and NotKept for what has changed since, is decided, or was approved by the same person.
        """
        require_review(reviewer)
        at = now()
        with self._file.writing() as connection:
            found = _same(connection, judgement)
            state: State = _approved(reviewer, found, approvals_needed) if accept else "declined"
            if accept:
                connection.execute(_APPROVE, (found.id, reviewer.name, at, note.strip()))
            is_last = state in ("accepted", "declined")
            ended = (reviewer.name, at, note.strip()) if is_last else ("", "", "")
            connection.execute(_DECIDE, (state, *ended, found.id))
            decided = judgement_of(connection.execute(_ONE, (found.id,)).fetchone())
            if state == "accepted":
                done: Done = "verified" if found.semantic_sql else "seen"
                for past in read_pasts(connection, [found.question_id]):
                    connection.execute(_SETTLE, (plain(past.text), reviewer.name, at, done, note.strip()))
                if save:
                    save(decided)
        return decided

    def settle(self, reviewer: Principal, text: str, done: Done, note: str = "") -> None:
        """Take a question that nobody judged out of the queue, until it goes wrong again. Raises AccessDenied."""
        require_review(reviewer)
        with self._file.writing() as connection:
            connection.execute(_SETTLE, (plain(text), reviewer.name, now(), done, note.strip()))

    def acceptance(
        self, reviewer: Principal, since: datetime | None = None, until: datetime | None = None
    ) -> Acceptance:
        """What became of what was said in [since, until), aware. Raises AccessDenied."""
        require_review(reviewer)
        end = moment(until)
        with self._file.reading("judgement") as connection:
            rows = connection.execute(_COUNTS, (moment(since), end, end)).fetchall() if connection else []

        def count(*, verdict: str = "wrong", is_correction: bool = False, state: str = "") -> int:
            return sum(
                times
                for said, corrects, was, times in rows
                if said == verdict and (corrects or not is_correction) and state in ("", was)
            )

        return Acceptance(
            right=count(verdict="right"),
            wrong=count(),
            corrections=count(is_correction=True),
            accepted=count(is_correction=True, state="accepted"),
            declined=count(is_correction=True, state="declined"),
        )


def _judged(connection: sqlite3.Connection) -> Iterator[Waiting]:
    """Open judgements of wrong answers, corrections first."""
    found = [judgement_of(row) for row in connection.execute(_WAITING)]
    pasts = {past.id: past for past in read_pasts(connection, {one.question_id for one in found})}
    for one in found:
        if past := pasts.get(one.question_id):
            yield Waiting("correction" if one.semantic_sql else "wrong", past, one, 1, (past.principal,))


def _unwell(
    askings: Iterable[Asking], settled: Mapping[str, str], known: Collection[str], unsure_under: float
) -> list[list[Asking]]:
    """The askings of each question that does not go well, in the order asked; the most often asked question first."""
    groups: dict[str, list[Asking]] = defaultdict(list)
    last: dict[str, dict[str, Asking]] = defaultdict(dict)
    for asking in askings:
        asked = plain(asking.text)
        if asked in known or asking.route == "written" or moment(asking.at) <= settled.get(asked, ""):
            continue
        if kind := _kind(asking, unsure_under):
            groups[asked].append(asking)
        if kind or asking.end == "answered":
            last[asked][asking.principal] = asking
    # Who may see less may be refused what others are answered: it went well when it does for all who asked.
    open_ones = [
        group for asked, group in groups.items() if any(_kind(one, unsure_under) for one in last[asked].values())
    ]
    return sorted(open_ones, key=lambda group: (-len(group), -group[-1].at.timestamp()))


def _kind(asking: Asking, unsure_under: float) -> Literal["asked_back", "refused", "unsure", ""]:
    """Why the asking did not go well; "" where it did, or where the words are not to blame."""
    if asking.end == "asked_back":
        return "asked_back"
    if asking.end == "refused":
        return "refused" if asking.code in UNKNOWN_NAMES else ""
    is_unsure = asking.end == "answered" and asking.confidence is not None and asking.confidence < unsure_under
    return "unsure" if is_unsure else ""


def _asked(connection: sqlite3.Connection, groups: list[list[Asking]], unsure_under: float) -> Iterator[Waiting]:
    pasts = {past.id: past for past in read_pasts(connection, [group[-1].id for group in groups])}
    for group in groups:
        last = group[-1]
        kind = _kind(last, unsure_under)
        if kind and last.id in pasts:
            yield Waiting(kind, pasts[last.id], None, len(group), tuple(sorted({one.principal for one in group})))


def _find(connection: sqlite3.Connection, judgement_id: str) -> Judgement | None:
    row = connection.execute(_ONE, (judgement_id,)).fetchone()
    return judgement_of(row) if row else None


def _same(connection: sqlite3.Connection | None, seen: Judgement) -> Judgement:
    """`seen`, when it is on record as it was seen and open. Raises NotKept: nobody decides what was not looked at."""
    found = _find(connection, seen.id) if connection else None
    if found != seen or found.is_decided or found.verdict == "right":
        raise NotKept(
            "This was changed or decided since you looked at it.",
            "Look at it again.",
            zh=("您查看之后，这条反馈已修改或已有结论。", "请重新查看。"),
        )
    return found


def _approved(reviewer: Principal, judgement: Judgement, approvals_needed: int) -> State:
    """The state that one more approval makes. Raises NotKept for who may not give it."""
    is_correction = bool(judgement.semantic_sql)
    needed = approvals_needed if is_correction else 1
    others = set(judgement.approved_by) - ({judgement.principal} if needed > 1 else set())
    if needed > 1 and reviewer.name == judgement.principal:
        raise NotKept(
            "It takes two other people to approve your correction.",
            "Leave it to them.",
            zh=("您自己提交的更正须由另外两人批准。", "请等待他人复核。"),
        )
    if reviewer.name in others and len(others) < needed:
        raise NotKept(
            "You have approved this; it takes a second person.",
            "Leave it to somebody else who reviews.",
            zh=("您已批准过，还须另一人批准。", "请等待另一位复核人。"),
        )
    return "accepted" if len(others | {reviewer.name}) >= needed else "approved_once"
