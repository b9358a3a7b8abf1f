"""The items of a board at work: a few at once, the others when those have ended. It draws nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from t2sql.journal import Board
from ui.asking.again import As, work_again
from ui.asking.work import Work
from ui.desk import Desk

MOST_AT_ONCE = 2


@dataclass(slots=True)
class BoardRun:
    """One refresh of a board, for one principal."""

    board: Board
    principal: str
    at: datetime
    works: dict[str, Work] = field(default_factory=dict)
    """Question id -> its work, begun or not."""
    begun: set[str] = field(default_factory=set)

    @classmethod
    def begin(cls, board: Board, desk: Desk, principal: str, former: BoardRun | None = None) -> BoardRun:
        """All items of a board; what the record does not know any more is left out. `former`: the run of this board as
        it was arranged before, whose items are not run again.
        """
        run = cls(board, principal, former.at if former else datetime.now(UTC))
        known = {(item.question_id, item.mode) for item in former.board.items} if former else set()
        for item in board.items:
            if former and (item.question_id, item.mode) in known and item.question_id in former.works:
                run.works[item.question_id] = former.works[item.question_id]
                run.begun |= former.begun & {item.question_id}
            elif past := desk.agent.journal.history.find(item.question_id):
                as_of: As = "today" if item.mode == "as of today" else "asked"
                run.works[item.question_id] = work_again(desk, principal, past, as_of, looks_ahead=False)
        run.advance(desk)
        return run

    def advance(self, desk: Desk) -> None:
        """Begin as many as may run at once."""
        running = sum(not self.works[name].is_over for name in self.begun)
        for name, work in self.works.items():
            if running >= MOST_AT_ONCE:
                return
            if name not in self.begun:
                self.begun.add(name)
                work.start(desk.agent)
                running += 1

    def stop(self) -> None:
        """End what runs, and begin nothing more."""
        for name, work in self.works.items():
            self.begun.add(name)
            work.stop()

    @property
    def done(self) -> int:
        """How many have ended."""
        return sum(work.is_over for work in self.works.values())

    @property
    def is_over(self) -> bool:
        """Whether nothing runs or waits any more."""
        return self.done == len(self.works)
