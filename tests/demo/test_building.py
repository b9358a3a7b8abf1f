"""Building the demo bank: the same everywhere, whole or not at all, and each failure a clear error."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from t2sql.demo import build_bank, fingerprints
from t2sql.demo.tables import TABLES
from t2sql.errors import ConfigError, WarehouseError, WarehouseUnavailable

TINY = 0.02
FROZEN = Path(__file__).parent / "fingerprints.json"


def test_schema_seed_and_rows_are_frozen(demo_bank: Path) -> None:
    assert fingerprints(demo_bank) == json.loads(FROZEN.read_text(encoding="utf-8"))


def test_same_seed_gives_same_rows_and_another_seed_others(tmp_path: Path) -> None:
    build_bank(tmp_path / "a.duckdb", scale=TINY, seed=7)
    build_bank(tmp_path / "b.duckdb", scale=TINY, seed=7)
    build_bank(tmp_path / "c.duckdb", scale=TINY, seed=8)
    first, second, other = (fingerprints(tmp_path / f"{name}.duckdb") for name in "abc")
    assert first == second
    same = {name for name in first if first[name] == other[name]}
    assert same == {"branch", "product", "currency", "gl_account"}


def test_progress_names_every_table_and_ends_at_one(tmp_path: Path) -> None:
    seen: list[tuple[str, float]] = []
    build_bank(tmp_path / "bank.duckdb", scale=TINY, progress=lambda what, share: seen.append((what, share)))
    assert {what for what, _ in seen} == {table.name for table in TABLES}
    assert [share for _, share in seen] == sorted(share for _, share in seen)
    assert seen[-1][1] == 1.0


def test_failed_build_keeps_the_existing_file_and_leaves_nothing(tmp_path: Path) -> None:
    bank = tmp_path / "bank.duckdb"
    bank.write_bytes(b"the bank of yesterday")

    def stop(what: str, _share: float) -> None:
        if what == "loan":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_bank(bank, scale=TINY, progress=stop)
    assert bank.read_bytes() == b"the bank of yesterday"
    assert [path.name for path in tmp_path.iterdir()] == ["bank.duckdb"]


def test_full_disk_is_refused_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage(NamedTuple):
        total: int
        used: int
        free: int

    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(10, 0, 10_000_000))
    with pytest.raises(WarehouseError, match=r"needs 450 MB .* 10 MB are free") as caught:
        build_bank(tmp_path / "bank.duckdb")
    assert "--scale" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_folder_that_is_a_file_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(WarehouseError, match="could not be written") as caught:
        build_bank(tmp_path / "file" / "bank.duckdb", scale=TINY)
    assert caught.value.hint


def test_two_builds_at_once_are_refused(tmp_path: Path) -> None:
    partial = tmp_path / "bank.duckdb.partial"
    code = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1]); c.execute('CREATE TABLE t (a INT)'); "
        "print('on', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(partial)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None and other.stdin is not None
        assert other.stdout.readline().strip() == "on"
        with pytest.raises(WarehouseError, match="Another process"):
            build_bank(tmp_path / "bank.duckdb", scale=TINY)
        assert partial.exists()
        other.stdin.write("\n")


@pytest.mark.parametrize("scale", [0.0, -1.0, 0.001, 1000.0, float("nan")])
def test_scale_out_of_range_is_refused(tmp_path: Path, scale: float) -> None:
    with pytest.raises(ConfigError, match="scale"):
        build_bank(tmp_path / "bank.duckdb", scale=scale)


@pytest.mark.parametrize("content", [None, b"no database", b""])
def test_fingerprints_of_no_bank_are_an_error(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "bank.duckdb").write_bytes(content)
    with pytest.raises(WarehouseUnavailable) as caught:
        fingerprints(tmp_path / "bank.duckdb")
    assert "t2sql demo build" in caught.value.hint
