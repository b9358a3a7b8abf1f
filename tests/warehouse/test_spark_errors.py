"""Errors of Spark by their marks: what each kind is told as, and that nothing of what Spark quotes is in it."""

from __future__ import annotations

import pytest

from t2sql.errors import WarehouseUnavailable
from t2sql.warehouse.spark_errors import mapped

SECRET = "Zhang San 6222"


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("java.lang.OutOfMemoryError: Java heap space", "needs more memory"),
        ("Lost task 0.0 in stage 39.0 (TID 39): TaskResultLost (result lost from block manager)", "needs more memory"),
        ("Total size of serialized results is bigger than spark.driver.maxResultSize", "needs more memory"),
        ("java.io.IOException: No space left on device", "needs more memory"),
        ("[CAST_INVALID_INPUT] The value cannot be cast", "does not fit the formula"),
    ],
)
def test_what_spark_says_is_told_in_our_words(told: str, words: str) -> None:
    error = mapped(Exception(f"{told} ({SECRET})"))
    assert words in error.message and SECRET not in str(error) and not isinstance(error, WarehouseUnavailable)


@pytest.mark.parametrize("told", ["Connection refused", "Answer from Java side is empty", "StatusCode.UNAVAILABLE"])
def test_a_spark_that_is_gone_is_unavailable(told: str) -> None:
    error = mapped(Exception(f"{told} ({SECRET})"))
    assert isinstance(error, WarehouseUnavailable) and SECRET not in str(error)
