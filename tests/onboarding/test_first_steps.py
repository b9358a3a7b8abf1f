"""What a data engineer meets first: a slip in an address, a view that fails, a folder that cannot be made."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from t2sql import cli
from t2sql.ossie import read_catalog

SALES = """
CREATE TABLE sale (id INTEGER PRIMARY KEY, state VARCHAR, amount DECIMAL(18, 2) NOT NULL);
INSERT INTO sale SELECT i, 'open', i FROM range(300) AS r(i);
CREATE VIEW piece AS SELECT id, CAST(state AS INTEGER) AS broken FROM sale;
CREATE VIEW whole AS SELECT CAST(state AS INTEGER) AS broken FROM sale;
"""


@pytest.fixture
def sales(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database with two views that fail, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    with duckdb.connect(str(tmp_path / "sales.duckdb")) as connection:
        connection.execute(SALES)
    return tmp_path / "sales.duckdb"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("postgres//db/bank", "neither a file nor an address"),
        ("postgresql:db/bank", "neither a file nor an address"),
        ("jdbc:postgresql://db/bank", "without jdbc:"),
        ("postgresq://db/bank", "Did you mean 'postgresql'"),
        ("postgresql://ann:s3/cret@db/bank", "In a password write"),
        ("postgresql://ann:s3cret@127.0.0.1:1/bank", "Check host and port"),
        ("spark://local/data/lake", "Draft from the folder itself: --source /data/lake"),
        ("sc://db:15002", "Draft from a copy"),
        ("nothing.duckdb", "does not exist"),
        ("", "No database is named"),
    ],
)
def test_a_slip_is_told_with_its_cure(
    source: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """And leaves nothing behind, nor tells a password."""
    monkeypatch.chdir(tmp_path)
    assert cli.main(["init", "--out", "drafted", *(["--source", source] if source else [])]) in (3, 8)
    said = capfd.readouterr().err
    assert told in said and "s3" not in said and "defect" not in said
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made(sales: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["init", "--source", str(sales), "--out", f"{sales}/drafted"]) == 3
    said = capfd.readouterr().err
    assert "cannot be written to" in said and "--out" in said


def test_what_cannot_be_read_is_told_and_left_out(sales: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """So that the first check of a fresh draft finds nothing to mend; it needs no settings but the draft's own."""
    assert cli.main(["init", "--source", str(sales), "--out", "new draft"]) == 0
    said = capfd.readouterr().err
    assert "'main.whole' could not be read" in said and "'main.piece.broken' could not be read" in said
    assert "t2sql check 'new draft'" in said
    catalog = read_catalog(Path("new draft"))
    assert set(catalog.datasets) == {"sale", "piece"} and set(catalog.datasets["piece"].fields) == {"id"}
    assert cli.main(["check", "new draft", "--source"]) == 0
    assert "nothing to mend" in capfd.readouterr().err


def test_what_was_drafted_stays_while_it_cannot_be_read(sales: Path) -> None:
    """It may be read again tomorrow, and people may have worked on it."""
    with duckdb.connect(str(sales)) as connection:
        connection.execute("CREATE OR REPLACE VIEW whole AS SELECT state AS broken FROM sale")
    assert cli.main(["init", "--source", str(sales), "--out", "drafted"]) == 0
    assert set(read_catalog(Path("drafted")).datasets) == {"sale", "piece", "whole"}
    with duckdb.connect(str(sales)) as connection:
        connection.execute(
            "CREATE OR REPLACE VIEW whole AS SELECT CAST(CAST(state AS INTEGER) AS VARCHAR) AS broken FROM sale"
        )
    assert cli.main(["init", "--source", str(sales), "--out", "drafted"]) == 0
    assert set(read_catalog(Path("drafted")).datasets) == {"sale", "piece", "whole"}
    assert "broken" in read_catalog(Path("drafted")).datasets["whole"].fields
