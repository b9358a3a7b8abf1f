"""Random warehouses and random semantic SQL: the product's rows against those of an oracle in plain Python.

One hypothesis example is one fresh warehouse and one question. The cells of a warehouse come from a drawn seed, the
knobs and the whole question are drawn. An example on which the decisions are silent, or in which both sides refuse,
checks nothing but that nothing breaks; they are counted, and the tests at the end say how many may be of that kind.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from oracle.asking import knobs, questions
from oracle.smaller import smaller
from oracle.verdict import Verdict, judge
from oracle.warehouse import Warehouse, build

# Drawing is cheap here and judging is not; a failure is made smaller by `smaller`, which knows what a row is.
COMMON: dict[str, Any] = {
    "deadline": None,
    "database": None,
    "phases": [Phase.generate],
    "suppress_health_check": list(HealthCheck),
    "print_blob": True,
}
LEAST_ANSWERED = 0.6
"""Of the questions that the oracle can answer, the part that the product must answer too."""


def check(data: st.DataObject, connection: duckdb.DuckDBPyConnection, counts: Counter[str]) -> None:
    """One warehouse and one question, held against each other."""
    drawn = data.draw(knobs())
    question = data.draw(questions(drawn))
    warehouse = build(drawn)
    verdict = judge(connection, warehouse, question)
    counts[verdict.outcome] += 1
    if verdict.outcome == "equal":
        counts["with rows" if verdict.rows else "without rows"] += 1
    assert verdict.outcome != "differs", _told(connection, warehouse, question, verdict)


def _told(connection: duckdb.DuckDBPyConnection, warehouse: Warehouse, question: Any, verdict: Verdict) -> str:
    """The counterexample as small as it gets, ready for test_counterexamples.py."""
    kind = verdict.told.split(":")[0]

    def fails(tried: Warehouse, asked: Any) -> bool:
        found = judge(connection, tried, asked)
        return found.outcome == "differs" and (not kind.endswith("Exception") or found.told.startswith(kind))

    warehouse, question = smaller(warehouse, question, fails)
    rows = "\n".join(f"  {name}: {row}" for name, table in warehouse.tables.items() for row in table if name != "rates")
    return (
        f"\n{question.text()}  -- as {question.principal}\n{judge(connection, warehouse, question).told}\n"
        f"recorded loads: {dict(warehouse.recorded)}\n{rows}\nAs first met: {verdict.told}"
    )


def _is_honest(counts: Counter[str]) -> None:
    """The run must not pass by refusing, nor by asking what nobody can answer, nor over empty tables."""
    print(dict(counts))
    asked = counts["equal"] + counts["refused"]
    assert counts["equal"] >= LEAST_ANSWERED * asked
    assert counts["equal"] >= 0.4 * (asked + counts["undefined"] + counts["both refuse"])
    assert counts["with rows"] >= 0.6 * counts["equal"]


def test_the_product_answers_as_the_oracle_does() -> None:
    """300 examples, the same in every run."""
    counts: Counter[str] = Counter()
    with duckdb.connect() as connection:

        @settings(max_examples=300, derandomize=True, **COMMON)
        @given(st.data())
        def run(data: st.DataObject) -> None:
            check(data, connection, counts)

        run()
    _is_honest(counts)


@pytest.mark.nightly
def test_the_product_answers_as_the_oracle_does_on_many_more() -> None:
    """2,000 examples, other ones in every run; the blob of a failure is printed, and plays it again."""
    counts: Counter[str] = Counter()
    with duckdb.connect() as connection:

        @settings(max_examples=2000, **COMMON)
        @given(st.data())
        def run(data: st.DataObject) -> None:
            check(data, connection, counts)

        run()
    _is_honest(counts)
