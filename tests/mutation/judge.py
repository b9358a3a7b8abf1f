"""Judges one, perhaps damaged, compiler by the case files: run in a process of its own, by `trial.py`.

    python judge.py FOLDER_HOLDING_T2SQL BASELINE DATABASE

Exit 0: every case gives what it should. Exit 1: one does not, and stdout names it. A case whose physical SQL is the
baseline's, letter for letter, needs no second run.
"""

from __future__ import annotations

import pickle
import re
import sys
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parent.parent


def verdict(case: dict[str, Any], known: dict[str, Any], compile_one: Any, connection: Any) -> str:
    """What is wrong with the compiler by this case; "" for nothing."""
    from t2sql.errors import QueryError

    from row_sets import difference

    try:
        plan = compile_one(case)
    except QueryError as error:
        return "" if "refused" in case and re.search(case["refused"], str(error)) else f"refused: {error.message}"
    if "refused" in case:
        return "not refused"
    guards = [guard.physical.sql for guard in plan.guards]
    if (plan.physical.sql, guards) == (known.get("sql"), known.get("guards")):
        return ""
    if any(connection.execute(sql).fetchall() for sql in guards):
        return "a guard stopped it"
    return difference(connection.execute(plan.physical.sql).fetchall(), known["rows"], case.get("ordered", False))


def main(folder: str, baseline: str, database: str) -> int:
    """Compile and compare every case, until one differs."""
    sys.path[:0] = [folder, str(TESTS)]
    import duckdb

    from t2sql.compiler import compile_sql
    from t2sql.ossie import read_catalog
    from t2sql.policy import Policies

    state = pickle.loads(Path(baseline).read_bytes())
    metrics = TESTS.parent / "metrics" / "bank"
    catalog = read_catalog(metrics)
    policies = Policies.read(metrics, catalog)
    rights: dict[str, Any] = {}

    def compile_one(case: dict[str, Any]) -> Any:
        name = case.get("as", "hq")
        if name not in rights:
            rights[name] = policies.narrow(catalog, policies.principal(name))
        return compile_sql(case["sql"], rights[name], state["loads"])

    with duckdb.connect(database, read_only=True, config={"threads": 2}) as connection:
        for case, known in state["cases"]:
            try:
                wrong = verdict(case, known, compile_one, connection)
            except Exception as error:  # a crash is a verdict too
                wrong = f"{type(error).__name__}: {error}"
            if wrong:
                print(f"{case['name']}: {wrong[:200]}")
                return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
