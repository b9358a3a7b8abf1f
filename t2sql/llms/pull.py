"""Fetches known weights: sources in order, resumed where the last try stopped, hashed before they get their name.

All sources give the same file, so any source may finish what another began.
Never leaves an unproven file under its final name, nor anything else but a start that the next try goes on from.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from t2sql.errors import LlmUnavailable
from t2sql.llms import store
from t2sql.llms.failures import DiskFull, NotGguf, PullRunning, SourceUnreachable, Truncated, WrongHash
from t2sql.llms.gguf import MAGIC
from t2sql.llms.known import KNOWN, KnownLlm
from t2sql.llms.sources import CutOff, Source, SourceFailed, clear, sources_for
from t2sql.settings import Settings

TRIES_WITHOUT_PROGRESS = 3
PAUSE_SECONDS = 1.0


class Reporter(Protocol):
    """Who is told how a pull goes on."""

    def advance(self, label: str, done_bytes: int, total_bytes: int) -> None:
        """`label` is the source; bytes count from the file's start, earlier tries included."""

    def note(self, text: str) -> None:
        """One sentence: a source was passed over, a start was found."""


class Silence:
    """A reporter that says nothing."""

    def advance(self, label: str, done_bytes: int, total_bytes: int) -> None:
        """Say nothing."""

    def note(self, text: str) -> None:
        """Say nothing."""


def pull(
    name: str,
    settings: Settings,
    *,
    reporter: Reporter | None = None,
    known: store.Known = KNOWN,
    sources: Sequence[Source] | None = None,
    pause_seconds: float = PAUSE_SECONDS,
) -> store.Weights:
    """Fetch the weights called `name` unless they are here and whole.

    Raises UnknownLlm, DiskFull, SourceUnreachable, Truncated, NotGguf, WrongHash or PullRunning.
    After WrongHash nothing stays; after the others a start may stay, and the error says so.
    """
    try:
        return store.find(name, settings, known=known)
    except LlmUnavailable:
        if name not in known:
            raise
    llm, report = known[name], reporter or Silence()
    order = sources_for(llm, settings.llm_source) if sources is None else sources
    partial = store.partial_path(name, settings)
    scratch = settings.llm_dir / f"{name}.scratch"
    try:
        settings.llm_dir.mkdir(parents=True, exist_ok=True)
        with _locked(partial, name) as file:
            clear(scratch)
            scratch.mkdir()
            try:
                label = _Pull(llm, settings, file, scratch, report, pause_seconds).run(order)
            finally:
                clear(scratch)
            path = store.weights_path(name, settings)
            partial.replace(path)
    except OSError as error:
        raise store.disk_error(error, settings.llm_dir) from None
    store.write_record(path, store.record_of(llm, label))
    return store.Weights(path, llm.sha256, name)


class _Pull:
    """One run over the sources, writing into one open partial file."""

    def __init__(
        self, llm: KnownLlm, settings: Settings, file: BinaryIO, scratch: Path, report: Reporter, pause_seconds: float
    ) -> None:
        self._llm = llm
        self._settings = settings
        self._file = file
        self._scratch = scratch
        self._report = report
        self._pause_seconds = pause_seconds
        self._digest = hashlib.sha256()
        self._done = 0

    def run(self, sources: Sequence[Source]) -> str:
        """Fetch until the file is whole and proven; return the label of the source that finished it."""
        self._read_start()
        failures: list[tuple[str, LlmUnavailable]] = []
        for source in sources:
            try:
                self._fetch_from(source)
                self._prove(source.label)
                return source.label
            except (NotGguf, Truncated, SourceUnreachable) as error:
                failures.append((source.label, error))
                self._report.note(f"{source.label}: {error.message}")
        raise self._told(failures)

    def _read_start(self) -> None:
        """Hash what an earlier try left, so that the rest can follow."""
        self._file.seek(0)
        while self._done <= self._llm.size_bytes and (chunk := self._file.read(1 << 20)):
            self._digest.update(chunk)
            self._done += len(chunk)
        if self._done > self._llm.size_bytes:
            self._start_again()
        if self._done:
            self._report.note(f"Going on after {self._done:,} of {self._llm.size_bytes:,} bytes.")

    def _fetch_from(self, source: Source) -> None:
        """Take bytes from one source, trying again while each try brings some."""
        need = self._llm.size_bytes - self._done + source.spare_bytes(self._llm)
        store.check_disk(self._scratch, need, self._settings.min_free_bytes)
        fruitless = 0
        while self._done < self._llm.size_bytes:
            before = self._done
            try:
                self._append(source)
                if self._done < self._llm.size_bytes:
                    missing = f"has only {self._done:,} of {self._llm.size_bytes:,} bytes"
                    raise Truncated(missing, "Put the whole file there.")
            except CutOff as error:
                fruitless = 0 if self._done > before else fruitless + 1
                if fruitless >= TRIES_WITHOUT_PROGRESS:
                    raise SourceUnreachable(f"broke off {fruitless} times: {error}") from None
                time.sleep(self._pause_seconds)
            except SourceFailed as error:
                raise SourceUnreachable(str(error)) from None

    def _append(self, source: Source) -> None:
        """Write what the source yields from here on; never more than the file may have."""
        done = self._done
        chunks = source.read(self._llm, done, self._scratch, lambda more: self._advance(source.label, more))
        for chunk in chunks:
            if self._done == 0 and not chunk.startswith(MAGIC):
                raise NotGguf(
                    "answers with something that is no GGUF file", "Look at what it answers, such as a log-in page."
                )
            if self._done + len(chunk) > self._llm.size_bytes:
                self._start_again()
                raise _wrong_hash(source.label, "is longer than the file that was asked for")
            self._file.write(chunk)
            self._digest.update(chunk)
            self._done += len(chunk)
            self._advance(source.label, 0)

    def _advance(self, label: str, more: int) -> None:
        self._report.advance(label, min(self._done + more, self._llm.size_bytes), self._llm.size_bytes)

    def _prove(self, label: str) -> None:
        """The sha256 must be the known one before the file gets its name."""
        self._file.flush()
        os.fsync(self._file.fileno())
        if self._digest.hexdigest() != self._llm.sha256:
            self._start_again()
            raise _wrong_hash(label, "does not have the sha256 that was asked for")

    def _start_again(self) -> None:
        self._file.seek(0)
        self._file.truncate()
        self._digest, self._done = hashlib.sha256(), 0

    def _told(self, failures: list[tuple[str, LlmUnavailable]]) -> LlmUnavailable:
        """One error for all sources: the kind of the first that was reached, else SourceUnreachable."""
        reached = next((error for _, error in failures if not isinstance(error, SourceUnreachable)), None)
        reasons = "\n".join(f"  {label}: {error.message}" for label, error in failures)
        kept = f" {self._done:,} bytes are kept; the next pull goes on from there." if self._done else ""
        hint = (
            "Check the network or pip's index or mirror, or set T2SQL_LLM_SOURCE to a folder or address that has "
            f"{self._llm.file!r}, or run `t2sql llm import FILE --name {self._llm.name}`."
        )
        is_full = any("no space left" in error.message for _, error in failures)
        kind = DiskFull if is_full else type(reached or failures[0][1])
        return kind(f"No source gave the weights of {self._llm.name!r}.{kept}\n{reasons}", hint)


def _wrong_hash(label: str, what: str) -> WrongHash:
    return WrongHash(
        f"What {label} gave {what}; nothing of it is kept.",
        "Run the pull again; if it happens again, do not use that source.",
    )


@contextmanager
def _locked(partial: Path, name: str) -> Iterator[BinaryIO]:
    """The partial file, open for reading and writing, held by this process alone."""
    with partial.open("a+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PullRunning(f"Another pull of {name!r} is running.", "Wait until it ends.") from None
        if not partial.exists() or os.fstat(file.fileno()).st_ino != partial.stat().st_ino:
            raise PullRunning(f"Another pull of {name!r} has just ended.", "Run the pull again.")
        try:
            yield file
        finally:
            file.flush()
            # An empty start is no start.
            if partial.exists() and partial.stat().st_size == 0:
                partial.unlink()
