"""Prefix states on disk: whole or not at all, few, and private to their owner."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import numpy as np
import pytest

from t2sql.generation.prefix_state import PrefixStates

DATA = np.arange(1000, dtype=np.uint8)


def test_comes_back_as_it_was(tmp_path: Path) -> None:
    states = PrefixStates(tmp_path / "new")
    states.save("a", DATA)
    loaded = states.load("a")
    assert loaded is not None and np.array_equal(loaded, DATA)
    assert states.load("b") is None


@pytest.mark.parametrize("ruin", ["cut", "flip", "empty", "renamed", "header"])
def test_a_file_that_is_not_whole_or_not_ours_is_no_state_and_goes(tmp_path: Path, ruin: str) -> None:
    states = PrefixStates(tmp_path)
    states.save("a", DATA)
    path = tmp_path / "a.kv"
    content = path.read_bytes()
    ruined = {
        "cut": content[:-1],
        "flip": content[:500] + bytes([content[500] ^ 1]) + content[501:],
        "empty": b"",
        "header": b"x" + content[1:],
        "renamed": content,
    }
    name = "b" if ruin == "renamed" else "a"
    (tmp_path / f"{name}.kv").write_bytes(ruined[ruin])
    assert states.load(name) is None
    assert not (tmp_path / f"{name}.kv").exists()


def test_the_longest_unused_goes_first(tmp_path: Path) -> None:
    states = PrefixStates(tmp_path, limit=3)
    for age, name in enumerate("cba"):
        states.save(name, DATA)
        os.utime(tmp_path / f"{name}.kv", (1000 + age, 1000 + age))
    assert states.load("c") is not None  # the oldest file, but now the last used
    states.save("d", DATA)
    assert {path.stem for path in tmp_path.glob("*.kv")} == {"a", "c", "d"}


def test_only_the_owner_may_read_it_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    states = PrefixStates(tmp_path / "states")
    states.save("a", DATA)
    assert stat.S_IMODE((tmp_path / "states" / "a.kv").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "states").stat().st_mode) == 0o700
    assert [path.name for path in (tmp_path / "states").iterdir()] == ["a.kv"]


def test_a_dead_process_leaves_nothing_for_long(tmp_path: Path) -> None:
    left, running = tmp_path / "left.part", tmp_path / "running.part"
    left.write_bytes(b"x")
    os.utime(left, (1000, 1000))
    running.write_bytes(b"x")
    PrefixStates(tmp_path).save("a", DATA)
    assert not left.exists() and running.exists()


def test_a_folder_that_cannot_be_written_is_not_an_error(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("in the way")
    PrefixStates(tmp_path / "file").save("a", DATA)
    assert "was not saved" in caplog.text
    assert PrefixStates(tmp_path / "file").load("a") is None


def test_every_part_of_the_identity_is_in_the_name(tmp_path: Path) -> None:
    states = PrefixStates(tmp_path)
    names = {
        states.name(identity, tokens)
        for identity in (("llm", "build"), ("llm", "other"), ("llmbuild", ""), ("llm", "build", ""))
        for tokens in ([1, 23], [12, 3], [1, 2, 3])
    }
    assert len(names) == 12
