"""What a person keeps of own questions: pins, and boards of them. Names of askings only; never a row of a result.

Each person keeps own questions and sees own pins and boards. Whoever opens another's link asks it anew, and keeps that.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from t2sql.errors import NotKept
from t2sql.journal.entries import plain
from t2sql.journal.file import JournalFile

MOST_PINS, MOST_BOARDS, MOST_ITEMS = 200, 20, 30
LONGEST_NAME = 60
Mode = Literal["as asked", "as of today"]
"""Whether a question is run again with the dates it had, or with its words as they mean today."""

_IS_OWN = """
SELECT 1 FROM entry WHERE question_id = ? AND kind = 'question' AND principal = ?
    AND json_extract(body, '$.origin') IS NULL AND json_extract(body, '$.replays') IS NULL
"""
_PINS = "SELECT question_id FROM pin WHERE principal = ? ORDER BY id DESC"
_BOARDS = "SELECT id, name FROM board WHERE principal = ? ORDER BY place"
_ITEMS = """
SELECT item.board_id, item.question_id, item.mode FROM item JOIN board ON board.id = item.board_id
WHERE board.principal = ? ORDER BY item.place
"""


@dataclass(frozen=True, slots=True)
class Item:
    """One question on a board."""

    question_id: str
    mode: Mode


@dataclass(frozen=True, slots=True)
class Board:
    """Questions of one person that are looked at together, in an order of the person's own."""

    id: str
    name: str
    items: tuple[Item, ...]


class Kept:
    """Pins and boards. Every call names the person, and reaches nothing of another's."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file

    def pins(self, principal: str) -> tuple[str, ...]:
        """Ids of the askings that the person has pinned, the latest pin first."""
        with self._file.reading("pin") as connection:
            return tuple(row[0] for row in connection.execute(_PINS, (principal,))) if connection else ()

    def pin(self, principal: str, question_id: str) -> None:
        """Keep it where it is found again; a second time changes nothing. Raises NotKept."""
        with self._file.writing() as connection:
            require_own(connection, principal, question_id)
            count = connection.execute("SELECT count(*) FROM pin WHERE principal = ?", (principal,)).fetchone()[0]
            had = connection.execute(
                "SELECT 1 FROM pin WHERE principal = ? AND question_id = ?", (principal, question_id)
            ).fetchone()
            if not had and count >= MOST_PINS:
                raise NotKept(
                    f"{MOST_PINS} questions are pinned, and no more can be.",
                    "Unpin one first.",
                    zh=(f"最多置顶 {MOST_PINS} 个问题。", "请先取消一个置顶。"),
                )
            connection.execute(
                "INSERT OR IGNORE INTO pin (principal, question_id) VALUES (?, ?)", (principal, question_id)
            )

    def unpin(self, principal: str, question_id: str) -> None:
        """Keep it no longer; what is not pinned stays so."""
        with self._file.writing() as connection:
            connection.execute("DELETE FROM pin WHERE principal = ? AND question_id = ?", (principal, question_id))

    def boards(self, principal: str) -> tuple[Board, ...]:
        """The person's boards in the order they were added, each with its items in order."""
        with self._file.reading("item") as connection:
            if connection is None:
                return ()
            boards = connection.execute(_BOARDS, (principal,)).fetchall()
            items = connection.execute(_ITEMS, (principal,)).fetchall()
        return tuple(
            Board(board_id, name, tuple(Item(asked, mode) for on, asked, mode in items if on == board_id))
            for board_id, name in boards
        )

    def add_board(self, principal: str, name: str) -> Board:
        """A new board, empty. Raises NotKept."""
        with self._file.writing() as connection:
            if len(connection.execute(_BOARDS, (principal,)).fetchall()) >= MOST_BOARDS:
                raise NotKept(
                    f"There are {MOST_BOARDS} boards, and there can be no more.",
                    "Remove one first.",
                    zh=(f"最多建 {MOST_BOARDS} 个看板。", "请先删除一个看板。"),
                )
            board = Board(uuid.uuid4().hex, _free_name(connection, principal, name), ())
            connection.execute(
                "INSERT INTO board (id, principal, name) VALUES (?, ?, ?)", (board.id, principal, board.name)
            )
        return board

    def rename_board(self, principal: str, board_id: str, name: str) -> None:
        """Call the board something else. Raises NotKept."""
        with self._board(principal, board_id) as connection:
            name = _free_name(connection, principal, name, but=board_id)
            connection.execute("UPDATE board SET name = ? WHERE id = ?", (name, board_id))

    def remove_board(self, principal: str, board_id: str) -> None:
        """Take the board away with what is on it; the questions stay in the history. Raises NotKept."""
        with self._board(principal, board_id) as connection:
            connection.execute("DELETE FROM item WHERE board_id = ?", (board_id,))
            connection.execute("DELETE FROM board WHERE id = ?", (board_id,))

    def put(self, principal: str, board_id: str, question_id: str, mode: Mode = "as of today") -> None:
        """Put a question at the end of a board; one that is there keeps its place, with this mode. Raises NotKept."""
        with self._board(principal, board_id) as connection:
            require_own(connection, principal, question_id)
            order = _order(connection, board_id)
            if question_id not in order and len(order) >= MOST_ITEMS:
                raise NotKept(
                    f"{MOST_ITEMS} questions are on this board, and no more fit.",
                    "Take one off, or put it on another board.",
                    zh=(f"一个看板最多放 {MOST_ITEMS} 个问题。", "请先移走一个，或放到另一个看板。"),
                )
            connection.execute(
                "INSERT INTO item (board_id, question_id, mode, place) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (board_id, question_id) DO UPDATE SET mode = excluded.mode",
                (board_id, question_id, mode, len(order)),
            )

    def take(self, principal: str, board_id: str, question_id: str) -> None:
        """Take a question off a board; what is not on it stays so. Raises NotKept."""
        with self._board(principal, board_id) as connection:
            connection.execute("DELETE FROM item WHERE board_id = ? AND question_id = ?", (board_id, question_id))
            _arrange(connection, board_id, _order(connection, board_id))

    def move(self, principal: str, board_id: str, question_id: str, place: int) -> None:
        """Move a question to `place` on its board, 0 for the first; past the end is the end. Raises NotKept."""
        with self._board(principal, board_id) as connection:
            order = _order(connection, board_id)
            if question_id not in order:
                raise _unknown()
            order.remove(question_id)
            order.insert(max(place, 0), question_id)
            _arrange(connection, board_id, order)

    @contextmanager
    def _board(self, principal: str, board_id: str) -> Iterator[sqlite3.Connection]:
        """A transaction over a board of the person's own."""
        with self._file.writing() as connection:
            if board_id not in [row[0] for row in connection.execute(_BOARDS, (principal,))]:
                raise NotKept(
                    "You have no such board.", "Choose one of yours.", zh=("您没有这个看板。", "请选择自己的看板。")
                )
            yield connection


def require_own(connection: sqlite3.Connection, principal: str, question_id: str) -> None:
    """Raise NotKept unless `principal` asked it as a person; in the same words whether another did or nobody."""
    if not principal or not connection.execute(_IS_OWN, (question_id, principal)).fetchone():
        raise _unknown()


def _unknown() -> NotKept:
    return NotKept(
        "You have asked no such question.",
        "Ask it first, then keep it.",
        zh=("您没有问过这个问题。", "请先提问，再保存。"),
    )


def _free_name(connection: sqlite3.Connection, principal: str, name: str, but: str = "") -> str:
    """`name` without blanks around it. Raises NotKept where it is none, too long, or that of another board."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise NotKept(
            f"{name[:LONGEST_NAME]!r} cannot be the name of a board.",
            f"Give it 1 to {LONGEST_NAME} characters.",
            zh=("看板名称不合要求。", f"请用 1 至 {LONGEST_NAME} 个字符。"),
        )
    others = [had for board_id, had in connection.execute(_BOARDS, (principal,)) if board_id != but]
    if plain(name) in map(plain, others):
        raise NotKept(
            f"There is a board called {name!r}.",
            "Choose another name.",
            zh=(f"已有名为“{name}”的看板。", "请换一个名称。"),
        )
    return name


def _order(connection: sqlite3.Connection, board_id: str) -> list[str]:
    rows = connection.execute("SELECT question_id FROM item WHERE board_id = ? ORDER BY place", (board_id,))
    return [row[0] for row in rows]


def _arrange(connection: sqlite3.Connection, board_id: str, order: list[str]) -> None:
    connection.executemany(
        "UPDATE item SET place = ? WHERE board_id = ? AND question_id = ?",
        [(place, board_id, question_id) for place, question_id in enumerate(order)],
    )
