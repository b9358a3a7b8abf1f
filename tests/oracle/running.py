"""How an example is held against the oracle, counted, and told when it fails."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import duckdb
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from oracle.asking import knobs
from oracle.composed import Composed
from oracle.questions import Question
from oracle.smaller import smaller
from oracle.verdict import judge
from oracle.warehouse import Warehouse, build

# Drawing is cheap here and judging is not; a failure is made smaller by `smaller`, which knows what a row is.
COMMON: dict[str, Any] = {
    "deadline": None,
    "database": None,
    "phases": [Phase.explicit, Phase.generate],
    "suppress_health_check": list(HealthCheck),
    "print_blob": True,
}
LEAST_ANSWERED = 0.6
"""Of the questions that the oracle can answer, the part that the product must answer too."""
LEAST_DECIDED = 0.35
"""Of all examples, the part that ends in equal rows; the rest is refused by both, or the decisions are silent on it."""
LEAST_WITH_ROWS = 0.6
"""Of the equal ones, the part that has any row."""


def run_examples(asked: Callable[[Any], st.SearchStrategy[Any]], examples: int, *, is_fixed: bool) -> Counter[str]:
    """Counts of how `examples` ended, each one fresh warehouse and one question drawn by `asked`."""
    counts: Counter[str] = Counter()
    with duckdb.connect() as connection:

        @settings(max_examples=examples, derandomize=is_fixed, **COMMON)
        @given(st.data())
        def run(data: st.DataObject) -> None:
            drawn = data.draw(knobs())
            hold(connection, build(drawn), data.draw(asked(drawn)), counts)

        run()
    return counts


def hold(
    connection: duckdb.DuckDBPyConnection, warehouse: Warehouse, question: Question | Composed, counts: Counter[str]
) -> None:
    """One warehouse and one question, held against each other."""
    verdict = judge(connection, warehouse, question)
    counts[verdict.outcome] += 1
    if verdict.outcome == "equal":
        counts["with rows" if verdict.rows else "without rows"] += 1
    elif verdict.outcome == "refused":
        counts[verdict.told.split(":")[0]] += 1
    if verdict.outcome != "differs":
        return
    kind = verdict.told.split(":")[0]

    def fails(tried: Warehouse, asked: Any) -> bool:
        found = judge(connection, tried, asked)
        return found.outcome == "differs" and (not kind.endswith("Exception") or found.told.startswith(kind))

    less, asked = smaller(warehouse, question, fails)
    rows = "\n".join(f"  {name}: {row}" for name, table in less.tables.items() for row in table if name != "rates")
    raise AssertionError(
        f"\n{asked.text()}  -- as {asked.principal}\n{judge(connection, less, asked).told}\n"
        f"recorded loads: {dict(less.recorded)}\n{rows}\n"
        f"As first met: {question.text()}\n{verdict.told}\nwarehouse: {warehouse.knobs}"
    )


def is_honest(counts: Counter[str]) -> None:
    """The run must not pass by refusing, nor by asking what nobody can answer, nor over empty tables."""
    print(dict(counts))
    asked = counts["equal"] + counts["refused"]
    assert counts["equal"] >= LEAST_ANSWERED * asked
    assert counts["equal"] >= LEAST_DECIDED * (asked + counts["undefined"] + counts["both refuse"])
    assert counts["with rows"] >= LEAST_WITH_ROWS * counts["equal"]
