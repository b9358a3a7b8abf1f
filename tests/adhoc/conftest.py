"""A lending library, drafted by `t2sql init` with no hand edit, and an agent over it that may answer over fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb
import pytest

from t2sql import settings as settings_room
from t2sql.agent import Agent
from t2sql.fields.index import FieldIndex
from t2sql.generation.llm import ScriptedLlm

from adhoc_opening import Opening
from shop import run_t2sql

TABLES = """
CREATE TABLE members (
    member_id INTEGER PRIMARY KEY, first_name VARCHAR, last_name VARCHAR, town VARCHAR, joined_on DATE
);
CREATE TABLE books (book_id INTEGER PRIMARY KEY, title VARCHAR, genre VARCHAR, pages INTEGER, price DECIMAL(8, 2));
CREATE TABLE loans (
    loan_id INTEGER PRIMARY KEY, member_id INTEGER REFERENCES members (member_id),
    book_id INTEGER REFERENCES books (book_id), lent_on DATE, returned_on DATE, fine DECIMAL(8, 2)
);
INSERT INTO members VALUES (1, 'Ada', 'Holt', 'Leeds', '2023-02-01'), (2, 'Ben', 'Marsh', 'York', '2024-05-07'),
    (3, 'Cleo', 'Nash', 'York', '2025-01-15'), (4, 'Dov', 'Ortiz', 'Hull', '2025-11-02');
INSERT INTO books VALUES (10, 'Tides', 'science', 310, 18.50), (11, 'Granite', 'science', 220, 12.00),
    (12, 'Lanterns', 'poetry', 90, 9.90), (13, 'Harbours', 'travel', 260, 15.00);
INSERT INTO loans VALUES (100, 1, 10, '2026-09-01', '2026-09-20', 0), (101, 1, 12, '2026-10-05', '2026-11-01', 2.50),
    (102, 2, 10, '2026-10-20', NULL, 0), (103, 2, 11, '2026-11-03', NULL, 1.50),
    (104, 3, 13, '2026-11-10', '2026-11-12', 0), (105, 3, 10, '2025-12-24', '2026-01-30', 4.00);
"""


@pytest.fixture(scope="session")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The drafted folder."""
    folder = tmp_path_factory.mktemp("library")
    with duckdb.connect(str(folder / "library.duckdb")) as connection:
        connection.execute(TABLES)
    made = run_t2sql("init", "--source", "library.duckdb", "--out", "metrics", folder=folder)
    assert made.returncode == 0, made.stdout + made.stderr
    return folder / "metrics"


@pytest.fixture
def open_library(drafted: Path, tmp_path: Path) -> Iterator[Opening]:
    """An agent whose llm writes what is scripted for a question."""
    opened: list[Agent] = []

    def made(answers: Mapping[str, str]) -> Agent:
        chosen = settings_room.load(drafted / "t2sql.toml", environ={}).model_copy(update={"cache_dir": tmp_path})
        opened.append(Agent.open(chosen, llm=lambda: ScriptedLlm(answers)))
        return opened[-1]

    yield made
    for agent in opened:
        agent.close()


@pytest.fixture
def index(open_library: Opening) -> FieldIndex:
    """Fields and values of the library, as its owner may see them."""
    agent = open_library({})
    return agent.fields(agent.narrow("owner"))
