"""Tables of labels, drafted as bridges: labels of a thing are asked of all that is about it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from t2sql import settings as settings_room
from t2sql.agent import Agent
from t2sql.fields.members import of_each
from t2sql.fields.readings import read_question
from t2sql.generation.llm import ScriptedLlm
from t2sql.onboarding.opening_readers import open_reader
from t2sql.onboarding.surveying import survey
from t2sql.warehouse.sources import parse_source

from shop import run_t2sql

TODAY = date(2026, 11, 18)
# A recipe of two dietary labels, one of none; the brand of a pan is called by its own name, and no label.
TABLES = """
CREATE TABLE recipe (recipe_id INTEGER PRIMARY KEY, title VARCHAR, minutes INTEGER);
CREATE TABLE review (review_id INTEGER PRIMARY KEY, recipe_id INTEGER REFERENCES recipe (recipe_id), stars INTEGER,
    written_on DATE);
CREATE TABLE diet (id INTEGER, recipe_id INTEGER REFERENCES recipe (recipe_id), diet_name VARCHAR);
CREATE TABLE pan (pan_id INTEGER, recipe_id INTEGER REFERENCES recipe (recipe_id), pan_name VARCHAR);
INSERT INTO recipe SELECT i, 'Dish ' || chr((64 + i)::INT), 10 * i FROM range(1, 9) t(i);
INSERT INTO review SELECT i, 1 + i % 8, 1 + i % 5, DATE '2026-01-01' + (5 * i)::INT FROM range(40) t(i);
INSERT INTO diet SELECT row_number() OVER (), i, d FROM range(1, 8) t(i), (VALUES ('vegan'), ('gluten free'), ('keto'))
    v(d) WHERE (i + length(d)) % 3 > 0;
INSERT INTO pan SELECT i, i, 'Pan ' || i FROM range(1, 9) t(i);
"""


@pytest.fixture(scope="module")
def cookbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the database, drafted into `metrics`."""
    folder = tmp_path_factory.mktemp("cookbook")
    with duckdb.connect(str(folder / "cookbook.duckdb")) as connection:
        connection.execute(TABLES)
    made = run_t2sql("init", "--source", "cookbook.duckdb", "--out", "metrics", folder=folder)
    assert made.returncode == 0, made.stdout + made.stderr
    return folder


@pytest.fixture(scope="module")
def agent(cookbook: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agent]:
    """An agent whose llm has nothing to say."""
    chosen = settings_room.load(cookbook / "metrics" / "t2sql.toml", environ={})
    kept = chosen.model_copy(update={"cache_dir": tmp_path_factory.mktemp("kept")})
    opened = Agent.open(kept, llm=lambda: ScriptedLlm({}))
    yield opened
    opened.close()


def rows_of(sql: str) -> list[tuple[object, ...]]:
    """Rows of plain SQL over the same tables, sorted."""
    with duckdb.connect() as connection:
        connection.execute(TABLES)
        return sorted(connection.execute(sql).fetchall(), key=repr)


def test_labels_are_told_from_names(cookbook: Path) -> None:
    with open_reader(parse_source(str(cookbook / "cookbook.duckdb"))) as reader:
        kinds = {table.name: table.kind.what for table in survey(reader).tables}
    assert kinds["diet"] == "labels"
    assert kinds["pan"] != "labels"
    assert kinds["recipe"] != "labels"
    assert "bridge: true" in (cookbook / "metrics" / "model.yml").read_text(encoding="utf-8")


# Each recipe's reviews stand in each of its diets' groups; a diet's condition keeps a review once.
PER_DIET = "SELECT d.diet_name, {} FROM review r JOIN diet d USING (recipe_id) GROUP BY 1"
OF_VEGAN = "SELECT {} FROM review r WHERE recipe_id IN (SELECT recipe_id FROM diet WHERE diet_name = 'vegan')"


@pytest.mark.parametrize(
    ("question", "gold"),
    [
        ("How many reviews are there for each diet?", PER_DIET.format("count(*)")),
        ("What is the average number of stars for each diet?", PER_DIET.format("avg(stars)")),
        ("How many reviews are there of recipes in the vegan diet?", OF_VEGAN.format("count(*)")),
        ("What is the average stars of vegan recipes?", OF_VEGAN.format("avg(stars)")),
        ("How many recipes are there in each diet?", "SELECT diet_name, count(*) FROM diet GROUP BY 1"),
    ],
)
def test_rows_are_asked_by_their_labels(agent: Agent, question: str, gold: str) -> None:
    index = agent.fields(agent.narrow("owner"))
    _, readings = read_question(question, "", index, TODAY)
    plan = agent.compile(of_each(readings[0].semantic_sql, index.catalog), today=TODAY)
    found = agent.warehouse.run(plan.physical, plan.columns, timeout_seconds=30)
    assert sorted(map(tuple, found.rows), key=repr) == rows_of(gold)
