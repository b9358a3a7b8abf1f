"""Random warehouses and random semantic SQL: the product's rows against those of an oracle in plain Python.

One hypothesis example is one fresh warehouse and one question. The cells of a warehouse come from a drawn seed; its
knobs and the whole question are drawn. An example on which the decisions are silent, or which both sides refuse, checks
only that nothing breaks: those are counted, and `is_honest` limits them.
"""

from __future__ import annotations

from collections import Counter

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracle.asking import knobs, questions
from oracle.running import COMMON, hold, is_honest
from oracle.warehouse import build


def _run(examples: int, is_fixed: bool) -> Counter[str]:
    counts: Counter[str] = Counter()
    with duckdb.connect() as connection:

        @settings(max_examples=examples, derandomize=is_fixed, **COMMON)
        @given(st.data())
        def run(data: st.DataObject) -> None:
            drawn = data.draw(knobs())
            hold(connection, build(drawn), data.draw(questions(drawn)), counts)

        run()
    return counts


def test_the_product_answers_as_the_oracle_does() -> None:
    """300 examples, the same in every run."""
    is_honest(_run(300, is_fixed=True))


@pytest.mark.nightly
def test_the_product_answers_as_the_oracle_does_on_many_more() -> None:
    """2,000 examples, other ones in every run; the blob of a failure is printed, and plays it again."""
    is_honest(_run(2000, is_fixed=False))
