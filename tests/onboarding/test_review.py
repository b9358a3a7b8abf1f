"""Going through the guesses of a drafted catalog: what is decided stays decided, and nothing broken is ever saved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from ruamel.yaml import YAML

from t2sql import cli
from t2sql.check import check
from t2sql.errors import ConfigError
from t2sql.onboarding.initiating import initiate
from t2sql.onboarding.review import Guessed, Review, go_through
from t2sql.warehouse.sources import parse_source

TABLES = """
CREATE TABLE customers (id INTEGER, full_name VARCHAR, city VARCHAR);
CREATE TABLE orders (id INTEGER, customer_id INTEGER, amount DECIMAL(18, 2), ordered_on DATE);
INSERT INTO customers SELECT i, 'name ' || i, 'city ' || (i % 7) FROM range(1, 301) t(i);
INSERT INTO orders SELECT i, 1 + i % 300, i * 1.5, DATE '2025-01-01' + (i % 300)::INT FROM range(1, 901) t(i);
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A drafted catalog whose keys and relationships are all guesses."""
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        connection.execute(TABLES)
    return drafted(tmp_path)


def drafted(tmp_path: Path) -> Path:
    """`t2sql init` over the shop."""
    initiate(parse_source(str(tmp_path / "shop.duckdb")), tmp_path / "catalog", settings={})
    return tmp_path / "catalog"


def saying(*answers: str) -> tuple[Callable[[Guessed, int], str], list[Guessed]]:
    """Gives the answers one after the other, then stops; and what was asked."""
    asked: list[Guessed] = []
    waiting = iter(answers)

    def ask(guessed: Guessed, _waiting: int) -> str:
        asked.append(guessed)
        return next(waiting, "q")

    return ask, asked


def model(folder: Path) -> Any:
    """The one semantic model in a folder."""
    return YAML(typ="safe").load((folder / "model.yml").read_text(encoding="utf-8"))["semantic_model"][0]


def of_kind(folder: Path, kind: str) -> list[Guessed]:
    """The guesses of one kind that wait."""
    return [guessed for guessed in Review(folder).guesses() if guessed.kind == kind]


def test_a_review_can_stop_anywhere_and_go_on(folder: Path) -> None:
    before = len(Review(folder).guesses())
    ask, asked = saying("", "a")
    assert go_through(Review(folder), ask, print) == before - 2
    again, asked_again = saying()
    go_through(Review(folder), again, print)
    assert asked_again[0] == asked[2], "it goes on where it stopped"
    assert all(guessed.zh and guessed.en and guessed.shown for guessed in asked)


def test_all_of_a_kind_are_accepted_at_once(folder: Path) -> None:
    ask, _asked = saying("A", "A", "A", "A")
    assert go_through(Review(folder), ask, print) == 0
    text = (folder / "model.yml").read_text(encoding="utf-8")
    assert "guess:" not in text and "version: draft" not in text
    assert [f for f in check(folder) if f.level == "error"] == []


def test_what_is_dropped_takes_what_stands_on_it_and_stays_gone(folder: Path, tmp_path: Path) -> None:
    link = of_kind(folder, "relationship")[0]
    metric = next(g for g in of_kind(folder, "metric") if g.name == "total_amount")
    person = next(g for g in of_kind(folder, "field") if g.name == "customers.full_name")
    review = Review(folder)
    assert review.drop(link) == () and review.drop(metric) == () and review.drop(person) == ()
    drafted(tmp_path)
    found = model(folder)
    assert not found.get("relationships")
    assert "total_amount" not in [m["name"] for m in found["metrics"]]
    assert "full_name" not in [f["name"] for f in found["datasets"][0]["fields"]]
    dataset = next(g for g in Review(folder).guesses() if g.key == ("dataset", "orders"))
    along = Review(folder).drop(dataset)
    assert "order_count" in along and "average_amount" in along


def test_what_is_changed_is_as_the_person_says(folder: Path, tmp_path: Path) -> None:
    ask, asked = saying("zh=顾客", "s")
    go_through(Review(folder), ask, print)
    assert asked[0].key == ("dataset", "customers")
    review = Review(folder)
    review.change(next(g for g in review.guesses() if g.name == "customers.full_name"), "sensitivity", "")
    drafted(tmp_path)
    customers = model(folder)["datasets"][0]
    assert customers["t2sql"]["display"]["zh"] == "顾客"
    name = next(f for f in customers["fields"] if f["name"] == "full_name")["t2sql"]
    assert "sensitivity" not in name and "guess" not in name


def test_a_change_that_breaks_the_catalog_is_refused_and_undone(folder: Path) -> None:
    before = (folder / "model.yml").read_bytes()
    told: list[str] = []
    metric = of_kind(folder, "metric")[0]
    review = Review(folder)
    for key, value in (
        ("expression", "SUM(orders.nothing)"),
        ("expression", "SUM("),
        ("expression", ""),
        ("zh", ""),
        ("owner", "me"),
    ):
        with pytest.raises(ConfigError):
            review.change(metric, key, value)
    ask, _asked = saying("nonsense", "time_dimension=nothing")
    go_through(review, ask, told.append)
    assert len(told) == 2 and "'nothing'" in told[1]
    assert (folder / "model.yml").read_bytes() == before


def test_without_a_terminal_it_says_so(folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["init", "--out", str(folder), "--review"]) == 3
    assert "no terminal here" in capfd.readouterr().err
    assert cli.main(["init", "--out", str(tmp_path / "none"), "--review"]) == 3
    assert "no drafted catalog" in capfd.readouterr().err
