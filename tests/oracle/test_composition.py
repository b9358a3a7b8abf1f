"""Random SELECTs over random semantic SELECTs, and over datasets, against the oracle: decisions 1 and 10."""

from __future__ import annotations

from collections import Counter

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracle.asking import knobs
from oracle.composing import composed
from oracle.running import COMMON, hold, is_honest
from oracle.warehouse import build


def _run(examples: int, is_fixed: bool) -> Counter[str]:
    counts: Counter[str] = Counter()
    with duckdb.connect() as connection:

        @settings(max_examples=examples, derandomize=is_fixed, **COMMON)
        @given(st.data())
        def run(data: st.DataObject) -> None:
            drawn = data.draw(knobs())
            hold(connection, build(drawn), data.draw(composed(drawn)), counts)

        run()
    return counts


def test_what_is_composed_is_as_the_oracle_says() -> None:
    """100 examples, the same in every run: CTEs, set operations, windows, subqueries, arithmetic, rows, ad hoc."""
    is_honest(_run(100, is_fixed=True))


@pytest.mark.nightly
def test_what_is_composed_is_as_the_oracle_says_many_times_more() -> None:
    """1,000 examples, other ones in every run."""
    is_honest(_run(1000, is_fixed=False))
