"""Words that nothing explains, taken for the dimension they are most like, or for how many rows; for offers only."""

from __future__ import annotations

import pytest
from grounded_words import ground, grounding_over

from t2sql.catalog import Catalog
from t2sql.grounding import Grounding

NAMED = (("branch", "厦门分行", "Xiamen branch"), ("region", "华东区", "East China"))


@pytest.fixture(scope="module")
def grounding(catalog: Catalog) -> Grounding:
    return grounding_over(catalog, NAMED, ("collateral",))


@pytest.mark.parametrize(
    ("text", "dimension"),
    [
        ("overdue balance frobbed by lateness buckets", "overdue_bucket"),
        ("loan balance, frobbed buckets", "overdue_bucket"),
    ],
)
def test_an_unknown_word_is_a_dimension_called_by_it(grounding: Grounding, text: str, dimension: str) -> None:
    context = ground(grounding, text)
    assert dimension not in {mention.name for mention in context.dimensions}
    assert dimension in {mention.name for mention in grounding.supposed(context).dimensions}


@pytest.mark.parametrize(
    ("text", "rows", "descending"),
    [
        ("overdue balance of the three largest zorp buckets", 3, True),
        ("overdue balance, frobbed buckets, least 2", 2, False),
    ],
)
def test_words_for_most_beside_it_say_how_many_rows(
    grounding: Grounding, text: str, rows: int, descending: bool
) -> None:
    context = grounding.supposed(ground(grounding, text))
    assert [(q.kind, q.value, q.descending) for q in context.quantities] == [("limit", rows, descending)]


@pytest.mark.parametrize("text", ["loan balance zorp", "贷款余额 zorp", "loan balance by branch"])
def test_nothing_is_supposed_of_words_like_nothing(grounding: Grounding, text: str) -> None:
    context = ground(grounding, text)
    assert grounding.supposed(context) is context
