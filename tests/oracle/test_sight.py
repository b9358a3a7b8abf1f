"""The oracle is not blind: with a fault put into it, a few hundred examples must end in a difference."""

from __future__ import annotations

from collections import Counter
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracle import figures, reading, spans, windows
from oracle.asking import knobs, questions
from oracle.brute import Brute
from oracle.questions import Compare
from oracle.running import COMMON
from oracle.verdict import judge
from oracle.warehouse import build

_HOLDS = reading.holds
_MONTHS_BACK = spans.back


def _loses_nulls(condition: Any, value: Any) -> bool:
    """<> and NOT IN as SQL has them, with its third outcome."""
    negated = isinstance(condition, Compare) and condition.operator in ("<>", "NOT IN", "NOT LIKE")
    return bool(_HOLDS(condition, value)) and not (negated and value(condition.name) is None)


FAULTS: dict[str, tuple[Any, str, Any]] = {
    "the row filter is not there": (reading, "ZONES", dict.fromkeys(reading.ZONES)),
    "<> loses rows without a value": (figures, "holds", _loses_nulls),
    "a year is eleven months": (windows, "SHIFTS", {**windows.SHIFTS, "yoy": 11, "yoy_diff": 11, "prior_year": 11}),
    "a base ends a month early": (windows, "back", lambda span, months: _MONTHS_BACK(span, months + 1)),
    "a stock is read at its first load": (windows, "max", lambda days, default=None: min(days, default=default)),
    "conditions reach the whole of a share": (figures, "without", lambda where, over: where),
    "a share of a group that is not there is empty": (figures.Figures, "_share", lambda *_: None),
    "a condition on a metric is forgotten": (Brute, "_is_kept", lambda *_: True),
    "rows come as they like": (Brute, "_ordered", lambda self, rows: rows[::-1]),
    "an amount is not converted": (figures.Figures, "_amount", lambda self, metric, row: row[metric.field]),
}


@pytest.mark.nightly
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_oracle_is_seen(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """At most 400 examples."""
    monkeypatch.setattr(*FAULTS[fault], raising=False)
    found: Counter[str] = Counter()
    with duckdb.connect() as connection:

        @settings(max_examples=400, derandomize=True, **COMMON)
        @given(st.data())
        def run(data: st.DataObject) -> None:
            drawn = data.draw(knobs())
            question = data.draw(questions(drawn))
            if not found["differs"]:
                found[judge(connection, build(drawn), question).outcome] += 1

        run()
    assert found["differs"], found
