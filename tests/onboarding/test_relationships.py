"""Inferred relationships against true ones, declared keys hidden: precision, recall, and never a wrong direction."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from devsets import FOLDER
from linked_figures import Figures, figures_of, made, specs, surveyed

LEAST_PRECISION, LEAST_RECALL = 0.95, 0.9
MADE = tuple(specs()["made"])
DEVSETS = tuple(specs()["devsets"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the made databases of this module lie."""
    return tmp_path_factory.mktemp("made")


def _hold(figures: list[Figures]) -> None:
    right = sum(len(one.right) for one in figures)
    wrong = [link for one in figures for link in sorted(one.found - one.true)]
    missed = [link for one in figures for link in sorted(one.true - one.found)]
    assert right / (right + len(wrong)) >= LEAST_PRECISION, wrong
    assert right / (right + len(missed)) >= LEAST_RECALL, missed


def test_the_public_sets() -> None:
    _hold([figures_of("devsets", name, FOLDER) for name in DEVSETS])


def test_tpch_with_its_keys_hidden(folder: Path) -> None:
    _hold([figures_of("made", "tpch", folder)])


@pytest.mark.parametrize("rows_of", [1.0, 0.1])
def test_databases_of_other_styles(folder: Path, rows_of: float) -> None:
    _hold([figures_of("made", name, folder, rows_of=rows_of) for name in MADE])


@pytest.mark.parametrize("name", MADE)
def test_the_one_side_is_unique_over_all_rows(folder: Path, name: str) -> None:
    path = made(name, folder)
    links = surveyed(path).links
    with duckdb.connect(str(path), read_only=True) as connection:
        for link in links:
            columns = ", ".join(f'"{column}"' for column in link.one_columns)
            table = link.one.removeprefix("main.")
            found = connection.execute(f'SELECT count(*), count(DISTINCT ({columns})) FROM "{table}"').fetchone()
            assert found is not None and found[0] == found[1], link


def test_numbers_from_1_upwards_never_link_by_their_values(folder: Path) -> None:
    assert figures_of("made", "nothing_related", folder).found == set()


def test_few_rows_only_propose(folder: Path) -> None:
    links = surveyed(made("sakila", folder, rows_of=0.05)).links
    assert links and all(link.is_proposal for link in links)


def test_every_link_says_why_in_both_languages(folder: Path) -> None:
    links = surveyed(made("hr", folder)).links
    assert all(link.reason.zh and link.reason.en and 0 < link.score < 1 for link in links)


def test_two_ways_to_one_table_have_roles(folder: Path) -> None:
    links = [link for link in surveyed(made("star", folder)).links if link.one == "main.dim_date"]
    roles = {link.many_columns[0]: link.role for link in links if link.many == "main.fact_sales"}
    assert roles == {"order_date_key": "order", "ship_date_key": "ship"}
    assert [link.role for link in links if link.many == "main.fact_inventory"] == [""]


def test_a_table_that_leads_to_itself_has_a_role(folder: Path) -> None:
    found = [link for link in surveyed(made("hr", folder)).links if link.many == link.one]
    assert [(link.many_columns, link.role) for link in found] == [(("mgr_id",), "mgr")]


def test_declared_keys_are_taken_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "declared.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "CREATE TABLE a (x INTEGER PRIMARY KEY); CREATE TABLE b (p INTEGER REFERENCES a (x), q INTEGER)"
        )
    (link,) = surveyed(path, use_declared=True).links
    assert (link.many, link.many_columns, link.one, link.one_columns) == ("main.b", ("p",), "main.a", ("x",))
    assert (link.is_declared, link.is_proposal, link.score) == (True, False, 1.0)
    assert surveyed(path).links == ()


def test_a_column_with_strange_values_does_not_link(tmp_path: Path) -> None:
    path = tmp_path / "strange.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE customers AS SELECT i AS customer_id FROM range(1, 401) t(i)")
        connection.execute(
            "CREATE TABLE visits AS SELECT i AS visit_id, 100000 + i AS customer_id FROM range(900) t(i)"
        )
    assert surveyed(path).links == ()
