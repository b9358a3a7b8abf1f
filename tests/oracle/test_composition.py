"""Random SELECTs over random semantic SELECTs, and over datasets, against the oracle: decisions 1 and 10."""

from __future__ import annotations

import pytest

from oracle.composing import composed
from oracle.running import is_honest, run_examples


def test_what_is_composed_is_as_the_oracle_says() -> None:
    """100 examples, the same in every run: CTEs, set operations, windows, subqueries, arithmetic, rows, ad hoc."""
    is_honest(run_examples(composed, 100, is_fixed=True))


@pytest.mark.nightly
def test_what_is_composed_is_as_the_oracle_says_many_times_more() -> None:
    """1,000 examples, other ones in every run."""
    is_honest(run_examples(composed, 1000, is_fixed=False))
