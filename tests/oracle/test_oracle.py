"""Random warehouses and random semantic SQL: the product's rows against those of an oracle in plain Python.

One hypothesis example is one fresh warehouse and one question. The cells of a warehouse come from a drawn seed; its
knobs and the whole question are drawn. An example on which the decisions are silent, or which both sides refuse, checks
only that nothing breaks: those are counted, and `is_honest` limits them.
"""

from __future__ import annotations

import pytest

from oracle.asking import questions
from oracle.running import is_honest, run_examples


def test_the_product_answers_as_the_oracle_does() -> None:
    """300 examples, the same in every run."""
    is_honest(run_examples(questions, 300, is_fixed=True))


@pytest.mark.nightly
def test_the_product_answers_as_the_oracle_does_on_many_more() -> None:
    """2,000 examples, other ones in every run; the blob of a failure is printed, and plays it again."""
    is_honest(run_examples(questions, 2000, is_fixed=False))
