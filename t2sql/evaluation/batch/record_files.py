"""Records kept on disk as they finish, so that a batch killed at any moment goes on where it stood.

One JSON line a record, each on the disk before the next question counts as asked; the first line says what decides
the answers, so that answers of two kinds never meet in one file. Memory holds places of records, never records.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from t2sql.errors import (
    ConfigError,
    HostUnfit,
    LlmUnavailable,
    QuestionError,
    RetrievalError,
    T2sqlError,
    WarehouseUnavailable,
)
from t2sql.evaluation.batch.recording import Told, line_of, told
from t2sql.evaluation.records import Record

FORMAT = 1
FINISHED = b'{"finished": true}\n'
"""Ends the records of a batch that has ended: what failed before this line is asked again by who goes on."""
_LACKING: tuple[type[T2sqlError], ...] = (WarehouseUnavailable, LlmUnavailable, HostUnfit, RetrievalError, ConfigError)
ASKED_AGAIN = {kind.code: kind for kind in _LACKING}
"""Failures by what the installation lacked: no finished answers, so that going on asks them again."""


class RecordFile:
    """The records of one batch so far, by id. One process at a time; its threads take turns outside."""

    def __init__(self, path: Path, file: IO[bytes], made_of: Mapping[str, str]) -> None:
        """Use `open`."""
        self.path, self._file = path, file
        self.made_of = made_of
        """What decides the answers, by name."""
        self.damaged: list[int] = []
        """Lines that could not be read; their questions are asked again."""
        self.was_finished = False
        """Whether these are the records of a batch that had ended before; only its failures are not there."""
        self._places: dict[str, tuple[int, int]] = {}
        self._told: dict[str, Told] = {}
        self._originals: dict[str, str] = {}

    @classmethod
    def open(
        cls, path: Path, made_of: Mapping[str, str], *, resume: bool = False, is_forced: bool = False
    ) -> RecordFile:
        """Begin a file at `path`, or with `resume` go on with the one that stands there, if any. `is_forced` begins
        anew where it is that of a batch that has ended, never where one was stopped.

        Raises QuestionError: another process has it; one stands there and `resume` is not asked; it was begun with
        something else that decides answers; it cannot be written.
        """
        try:
            file = _locked(path)
        except OSError as error:
            raise QuestionError(f"{path}: {error.strerror or error}.", "Name a folder that can be written.") from None
        kept = cls(path, file, dict(made_of))
        try:
            is_begun = file.readline().endswith(b"\n")
            if not is_begun or (is_forced and not resume and _is_finished(file)):
                # Nothing yet, killed within the first line, or not wanted any more.
                os.ftruncate(file.fileno(), 0)
                kept._write(line_of({"t2sql_records": FORMAT, "made_of": dict(made_of)}))
            elif not resume:
                raise QuestionError(
                    f"{path} stands there: a batch was begun and not finished.",
                    "Give --resume to go on with it, or delete the file to begin anew.",
                )
            else:
                kept._read(made_of)
        except BaseException:
            file.close()
            raise
        return kept

    def __enter__(self) -> RecordFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __contains__(self, name: object) -> bool:
        return name in self._told

    def __len__(self) -> int:
        return len(self._told)

    def close(self) -> None:
        """Let the file go; it stays."""
        self._file.close()

    def finish(self) -> None:
        """Say that all is asked; the file stays, so that its failures can be asked again. Raises QuestionError."""
        self._write(FINISHED)

    def discard(self) -> None:
        """Delete the file, when its records stand elsewhere."""
        self.path.unlink(missing_ok=True)
        self.close()

    def told(self, name: str) -> Told:
        """What is counted of the record `name`. Raises KeyError."""
        return self._told[name]

    def keep(self, line: bytes, said: Told) -> None:
        """A finished record, as `line_of` gives it; on the disk when this returns. Raises QuestionError."""
        place = self._write(line)
        self._places[said.id], self._told[said.id] = place, said
        self._originals.pop(said.id, None)

    def copy(self, name: str, original: str) -> None:
        """The record `name` is that of `original`, under its own id; only that is written down."""
        self._places[name] = self._write(line_of({"id": name, "duplicate_of": original}))
        self._point(name, original)

    def line(self, name: str) -> bytes:
        """The record `name` as one line of JSON, ended. Raises KeyError."""
        return line_of(self.record(name)) if name in self._originals else self._raw(name)

    def record(self, name: str) -> Record:
        """The record `name`, decimals exact. Raises KeyError."""
        own = _parsed(self._raw(name))
        return {**_parsed(self._raw(self._originals[name])), **own} if name in self._originals else own

    def _raw(self, name: str) -> bytes:
        offset, length = self._places[name]
        return os.pread(self._file.fileno(), length, offset)

    def _point(self, name: str, original: str) -> None:
        of = self._told[original]
        self._originals[name] = original
        self._told[name] = Told(name, of.outcome, of.route, of.code, of.message)

    def _write(self, line: bytes) -> tuple[int, int]:
        number = self._file.fileno()
        offset = os.fstat(number).st_size
        try:
            # Past Python's buffer: what found no room must not be tried again when the file is closed.
            done = 0
            while done < len(line):
                done += os.pwrite(number, line[done:], offset + done)
            os.fsync(number)
        except OSError as error:
            with suppress(OSError):
                os.ftruncate(number, offset)
            raise QuestionError(
                f"{self.path}: {error.strerror or error}.", "Make room on the disk, then go on with --resume."
            ) from None
        return offset, len(line)

    def _read(self, made_of: Mapping[str, str]) -> None:
        """Find every whole record; cut off a last line that was never finished."""
        number = 1
        for number, (offset, line) in enumerate(self._lines(), start=1):
            is_whole = line.endswith(b"\n")
            try:
                found = _parsed(line) if is_whole else {}
            except (ValueError, RecursionError):
                found = {}
            if number == 1:
                self._check(found, made_of)
            elif not is_whole:
                os.ftruncate(self._file.fileno(), offset)
            elif line == FINISHED:
                self._forget_failures()
            else:
                self._place(found, offset, len(line), number)

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        self._file.seek(0)
        offset = 0
        while line := self._file.readline():
            yield offset, line
            offset += len(line)

    def _place(self, found: Mapping[str, Any], offset: int, length: int, number: int) -> None:
        try:
            name = str(found["id"])
            if "outcome" not in found:
                original = str(found["duplicate_of"])
                if original in self._told:
                    self._point(name, original)
                    self._places[name] = (offset, length)
                return
            said = told(found)
        except (KeyError, TypeError, AttributeError):
            self.damaged.append(number)
            return
        if said.is_failure and said.code in ASKED_AGAIN:
            return
        self._places[name], self._told[name] = (offset, length), said
        self._originals.pop(name, None)

    def _forget_failures(self) -> None:
        self.was_finished = True
        for name in [name for name, said in self._told.items() if said.is_failure]:
            del self._told[name], self._places[name]
            self._originals.pop(name, None)

    def _check(self, header: Mapping[str, Any], made_of: Mapping[str, str]) -> None:
        before = header.get("made_of")
        if header.get("t2sql_records") != FORMAT or not isinstance(before, Mapping):
            raise QuestionError(
                f"{self.path}: its first line is not that of a batch of this version.", "Delete it to begin anew."
            )
        other = [name for name in {**before, **made_of} if before.get(name) != made_of.get(name)]
        if other:
            named = "; ".join(f"{name}: then {before.get(name)!r}, now {made_of.get(name)!r}" for name in other)
            raise QuestionError(
                f"{self.path} was begun with something else that decides answers: {named}.",
                "Ask with the same again, or delete the file to begin anew.",
            )


def header_of(path: Path) -> Mapping[str, str] | None:
    """What the batch at `path` was begun with; None where there is no file, or none of ours."""
    try:
        with path.open("rb") as file:
            found = _parsed(file.readline()).get("made_of")
    except (OSError, ValueError, AttributeError):
        return None
    return found if isinstance(found, Mapping) else None


def _is_finished(file: IO[bytes]) -> bool:
    """Whether nothing was asked after the batch of this file had ended."""
    size = os.fstat(file.fileno()).st_size
    return os.pread(file.fileno(), len(FINISHED), max(0, size - len(FINISHED))) == FINISHED


def _locked(path: Path) -> IO[bytes]:
    """The file at `path`, made if missing, for this process alone."""
    while True:
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise QuestionError(
                f"{path} is being written by another process.", "Wait for it, or give another --out."
            ) from None
        # Between opening and locking the one before may have finished and deleted it.
        if path.exists() and os.fstat(file.fileno()).st_ino == path.stat().st_ino:
            return file
        file.close()


def _parsed(line: bytes) -> dict[str, Any]:
    """A line with its decimals exact."""
    found = json.loads(line, parse_float=Decimal)
    if not isinstance(found, dict):
        raise ValueError("no JSON object")
    return found
