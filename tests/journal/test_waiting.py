"""The journal under several writers: each waits for its turn, and nobody is told that the file is locked."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from t2sql.errors import ConfigError
from t2sql.flow import Question
from t2sql.journal import WAIT_SECONDS, Journal
from t2sql.journal.file import JournalFile

ROOT = Path(__file__).parents[2]
ASKED = Question("x", "hq", date(2026, 7, 10), "en")
WRITER = """
import sys
from datetime import date
from pathlib import Path
from t2sql.flow import Question, Refusal
from t2sql.journal import Journal

journal = Journal(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
for number in range(20):
    question = Question("x", "hq", date(2026, 7, 10), "en")
    journal.record(journal.open(), "hq", Refusal(question, "code", str(number), "", {}))
"""


def begin(path: Path, count: int) -> list[subprocess.Popen[str]]:
    """Processes that each write 20 entries once they are told to; all are ready."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(count)
    ]  # fmt: skip
    for one in started:
        assert one.stdout and one.stdout.readline() == "ready\n"
    return started


def tell(writers: list[subprocess.Popen[str]]) -> None:
    """Let them write, all at once."""
    for one in writers:
        assert one.stdin
        one.stdin.write("go\n")
        one.stdin.flush()


def ended(writers: list[subprocess.Popen[str]]) -> list[tuple[int, str]]:
    """Exit code and last words of each."""
    told = [one.communicate(timeout=60) for one in writers]
    return [(one.returncode, stderr) for one, (_, stderr) in zip(writers, told, strict=True)]


def count(path: Path) -> int:
    """Entries in the journal."""
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM entry").fetchone()[0])


def test_processes_that_begin_a_journal_at_once_all_write(tmp_path: Path) -> None:
    """The first of them changes the file's form; none may be told that it is locked."""
    path = tmp_path / "journal.sqlite"
    writers = begin(path, 6)
    tell(writers)
    assert ended(writers) == [(0, "")] * 6 and count(path) == 120


@pytest.mark.parametrize("is_begun", [True, False], ids=["written to before", "new"])
def test_two_processes_wait_while_a_third_holds_the_lock(tmp_path: Path, is_begun: bool) -> None:
    """A busy disk holds a writer for seconds; on a new file, even the change to a log beside it has to wait."""
    path = tmp_path / "journal.sqlite"
    if is_begun:
        journal = Journal(path)
        journal.record("first", "hq", ASKED)
        journal.close()
    writers = begin(path, 2)
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        tell(writers)
        time.sleep(2)
        assert [one.poll() for one in writers] == [None, None], "they wait"
        holder.execute("ROLLBACK")
    assert ended(writers) == [(0, "")] * 2 and count(path) == 40 + is_begun
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_who_waits_in_vain_is_told_and_the_next_one_writes(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    file = JournalFile(path, wait_seconds=0.1)
    with file.writing() as connection:
        connection.execute("INSERT INTO settled VALUES ('x', 'hq', '', 'seen', '')")
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(ConfigError, match="locked"), file.writing():
            pytest.fail("somebody else is writing")
        with file.reading() as reader:
            assert reader is not None, "who reads does not wait for who writes"
        holder.execute("ROLLBACK")
    with file.writing() as connection:
        assert connection.execute("SELECT count(*) FROM settled").fetchone() == (1,)
    file.close()
    assert WAIT_SECONDS >= 60


def test_an_error_takes_back_what_was_written_with_it(tmp_path: Path) -> None:
    file = JournalFile(tmp_path / "journal.sqlite")
    with pytest.raises(OSError, match="elsewhere"), file.writing() as connection:
        connection.execute("INSERT INTO settled VALUES ('x', 'hq', '', 'seen', '')")
        raise OSError("elsewhere")
    with file.reading("settled") as reader:
        assert reader and reader.execute("SELECT count(*) FROM settled").fetchone() == (0,)
    file.close()


def test_threads_of_one_process_write_in_turn(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    threads = [threading.Thread(target=lambda: [journal.record("x", "hq", ASKED) for _ in range(20)]) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    journal.close()
    assert count(tmp_path / "journal.sqlite") == 100


def test_the_files_beside_it_are_its_owners_too(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    journal.record("x", "hq", ASKED)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert set(modes.values()) == {0o600} and "journal.sqlite-wal" in modes
    journal.close()


def test_reading_never_begins_a_journal(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "cache" / "journal.sqlite")
    assert journal.history.search("hq") == () and journal.history.find("x") is None
    assert journal.kept.pins("hq") == () and journal.kept.boards("hq") == () and journal.judged.of("hq", ["x"]) == {}
    assert not (tmp_path / "cache").exists()
