"""Small databases of many styles, built from relationships.yml without one declared key, and the links true in them."""

from __future__ import annotations

import random
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from ruamel.yaml import YAML

_SPECS = Path(__file__).parent / "onboarding" / "relationships.yml"
_NOT_COLUMNS = ("rows", "unique", "together")
Linked = tuple[str, tuple[str, ...], str, tuple[str, ...]]


@cache
def specs() -> dict[str, Any]:
    """The whole file."""
    read: dict[str, Any] = YAML(typ="safe").load(_SPECS.read_text(encoding="utf-8"))
    return read


def true_links(kind: str, name: str) -> set[Linked]:
    """(many, its columns, one, its columns) of a database of `kind` devsets or made."""
    found: set[Linked] = set()
    if kind == "devsets":
        for line in specs()[kind][name]:
            many, one = ((*side.split("."),) for side in line.split(" -> "))
            found.add((many[0], (many[1],), one[0], (one[1],)))
        return found
    for table, spec in specs()[kind][name].items():
        for column, said in spec.items():
            if column not in _NOT_COLUMNS and said.startswith("ref "):
                one, one_column = said.split()[1].split(".")
                found.add((table, (column,), one, (one_column,)))
        if together := spec.get("together"):
            found.add((table, tuple(together["columns"]), together["of"], tuple(together["as"])))
    return found


def build(name: str, path: Path, *, seed: int = 1, rows_of: float = 1.0) -> None:
    """Write the made database `name` as a DuckDB file. `rows_of`: of the rows said, for smaller ones."""
    draw = random.Random(f"{name} {seed}")
    tables = specs()["made"][name]
    made: dict[str, dict[str, list[Any]]] = {}
    # What is referred to comes first; a table that refers to itself, or round a circle, takes what is there.
    for table in _in_order(tables):
        made[table] = _table(table, tables[table], made, draw, rows_of, tables)
    with duckdb.connect(str(path)) as connection:
        for table, columns in made.items():
            connection.register("made", pa.table(columns))
            connection.execute(f'CREATE TABLE "{table}" AS SELECT * FROM made')
            connection.unregister("made")


def _in_order(tables: dict[str, Any]) -> list[str]:
    waits = {
        table: {
            said.split()[1].split(".")[0]
            for c, said in spec.items()
            if c not in _NOT_COLUMNS and said.startswith("ref ")
        }
        - {table}
        for table, spec in tables.items()
    }
    done: list[str] = []
    while len(done) < len(tables):
        ready = [t for t in tables if t not in done and waits[t] <= set(done)]
        done.append(ready[0] if ready else next(t for t in tables if t not in done))
    return done


def _keys_of(spec: dict[str, Any], column: str, rows: int) -> list[Any]:
    """The values of a key, known before its table is made."""
    said = spec[column].split()
    if said[0] == "serial":
        return list(range(1, rows + 1))
    if said[0] == "from":
        return list(range(int(said[1]), int(said[1]) + rows))
    assert said[0] == "code", said
    return [f"{said[1]}{place:04d}" for place in range(1, rows + 1)]


def _table(
    table: str,
    spec: dict[str, Any],
    made: dict[str, dict[str, list[Any]]],
    draw: random.Random,
    rows_of: float,
    tables: dict[str, Any],
) -> dict[str, list[Any]]:
    rows = max(int(spec["rows"] * rows_of), 3)
    columns: dict[str, list[Any]] = {}
    for column, text in spec.items():
        if column in _NOT_COLUMNS:
            continue
        said = text.split()
        match said[0]:
            case "serial" | "from" | "code":
                columns[column] = _keys_of(spec, column, rows)
            case "ref":
                one, name = said[1].split(".")
                there = _keys_of(tables[one], name, max(int(tables[one]["rows"] * rows_of), 3))
                columns[column] = [
                    None if said[-1] == "?" and draw.random() < 0.1 else draw.choice(there) for _ in range(rows)
                ]
            case "int":
                columns[column] = [draw.randint(int(said[1]), int(said[2])) for _ in range(rows)]
            case "money":
                columns[column] = [round(draw.uniform(1, 9999), 2) for _ in range(rows)]
            case "date":
                columns[column] = [date(2024, 1, 1) + timedelta(days=draw.randrange(700)) for _ in range(rows)]
            case "name":
                columns[column] = [f"{column} {place:04d}" for place in range(rows)]
            case "word":
                columns[column] = [f"w{draw.randrange(int(said[1]))}" for _ in range(rows)]
            case "text":
                columns[column] = [" ".join(f"t{draw.randrange(500)}" for _ in range(5)) for _ in range(rows)]
            case other:
                raise AssertionError(other)
    if together := spec.get("together"):
        there = made[together["of"]]
        for place in range(rows):
            row = draw.randrange(len(next(iter(there.values()))))
            for column, name in zip(together["columns"], together["as"], strict=True):
                columns[column][place] = there[name][row]
    if unique := spec.get("unique"):
        seen: set[tuple[Any, ...]] = set()
        kept = [
            p
            for p, key in enumerate(zip(*(columns[c] for c in unique), strict=True))
            if not (key in seen or seen.add(key))
        ]
        columns = {column: [values[p] for p in kept] for column, values in columns.items()}
    return columns
