"""How well relationships are inferred, and how long a large survey takes.

    python benchmarks/onboarding.py            # right, found and true links of many databases, keys hidden
    python benchmarks/onboarding.py --large    # 300 tables, 6,000 columns in PostgreSQL, stopped and resumed

tests/onboarding holds the first figures; the second has no test, for a machine's speed is no property of the code.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

TABLES, ROWS = 300, 5000
_THINGS = (
    "customer account loan deposit card branch product employee order payment invoice contract policy claim fund bond"
    " trade quote risk limit collateral guarantee rating report channel campaign ticket case asset device".split()
)
_PARTS = "main detail daily event ref link audit plan stat version".split()


def main() -> None:
    """Print the figures that were asked for."""
    if "--large" in sys.argv:
        _large()
    else:
        _links()


def _links() -> None:
    from linked_figures import figures_of, specs

    total = [0, 0, 0]
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("devsets", "made"):
            for name in specs()[kind]:
                figures = figures_of(kind, name, Path(folder))
                right, found, true = len(figures.right), len(figures.found), len(figures.true)
                print(f"{kind:8} {name:22} right {right:3}  found {found:3}  true {true:3}  {figures.seconds:5.1f} s")
                for link in sorted(figures.found - figures.true):
                    print(f"         wrong:  {link}")
                for link in sorted(figures.true - figures.found):
                    print(f"         missed: {link}")
                total = [old + new for old, new in zip(total, (right, found, true), strict=True)]
    right, found, true = total
    print(f"precision {right / max(found, 1):.3f}  recall {right / max(true, 1):.3f}  ({right} of {found}, of {true})")


def _large() -> None:
    import psycopg

    from t2sql.errors import Cancelled
    from t2sql.onboarding.opening_readers import open_reader
    from t2sql.onboarding.surveying import survey
    from t2sql.warehouse.sources import parse_source

    from servers import OWNER, running_postgres, scratch_database

    with running_postgres() as server, scratch_database(server, "large") as address:
        with psycopg.connect(address, autocommit=True) as connection:
            columns = sum(_fill(connection, place) for place in range(TABLES))
        said = dict(part.split("=", 1) for part in address.split())
        source = parse_source(f"postgresql://{OWNER}@/large?host={said['host']}")
        cancel = threading.Event()

        def stop_midway(what: str, share: float) -> None:
            if share > 0.4:
                cancel.set()

        with open_reader(source) as reader, tempfile.TemporaryDirectory() as kept:
            began = time.monotonic()
            whole = survey(reader)
            took = time.monotonic() - began
            print(f"{TABLES} tables, {columns} columns, {ROWS} rows each: {took:.0f} s, {len(whole.links)} links")
            try:
                survey(reader, progress=stop_midway, cancel=cancel, kept=Path(kept))
            except Cancelled:
                began = time.monotonic()
                again = survey(reader, kept=Path(kept))
                print(f"stopped midway and resumed: {time.monotonic() - began:.0f} s more, equal: {again == whole}")


def _fill(connection: Any, place: int) -> int:
    """Make one table; gives its number of columns."""
    name = f"{_THINGS[place % len(_THINGS)]}_{_PARTS[place // len(_THINGS)]}"
    columns, values = [f"{name}_id bigint"], ["g"]
    for step in range(3):
        columns.append(f"{_THINGS[(place * 7 + step * 11 + 1) % len(_THINGS)]}_id bigint")
        values.append(f"1 + (g * {step + 3}) % {ROWS}")
    for step in range(16):
        column, value = (
            (f"amount_{step} numeric(14, 2)", f"(g * {step + 7} % 10007) / 7.0"),
            (f"status_{step} varchar(20)", f"'S' || g % {step + 3}"),
            (f"date_{step} date", "date '2020-01-01' + (g % 1500)::int"),
            (f"note_{step} text", "'note ' || g || ' of something longer than a word'"),
            (f"count_{step} int", f"g % {100 + step}"),
        )[step % 5]
        columns.append(column)
        values.append(value)
    connection.execute(f"CREATE TABLE {name} ({', '.join(columns)})")
    connection.execute(f"INSERT INTO {name} SELECT {', '.join(values)} FROM generate_series(1, {ROWS}) g")
    connection.execute(f"ANALYZE {name}")
    return len(columns)


if __name__ == "__main__":
    main()
