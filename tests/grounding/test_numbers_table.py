"""The table of quantities that was written without sight of the code, line by line."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from t2sql.catalog import Catalog
from t2sql.flow import Quantity
from t2sql.grounding.names.names import NameIndex
from t2sql.grounding.numbers.quantities import find_quantities
from t2sql.grounding.settling import direct

CASES = YAML(typ="safe").load(Path(__file__).with_name("tables").joinpath("numbers.yml"))["cases"]
# Lines held wrong or against the house plan, each with its reason.
EXCEPTIONS: dict[str, str] = {}


@pytest.fixture(scope="module")
def names(catalog: Catalog) -> NameIndex:
    """What the demo bank's metrics are called."""
    return NameIndex.build(catalog)


def told(quantity: Quantity) -> str:
    """A quantity in the table's form."""
    if quantity.kind == "order":
        return "order desc" if quantity.descending else "order asc"
    if quantity.kind == "limit":
        if quantity.operator == "=":
            return f"nth {quantity.value if quantity.descending else -quantity.value:g}"
        return f"{'top' if quantity.descending else 'bottom'} {quantity.value:g}"
    bounds = [format(bound, ".12g") for bound in (quantity.value, quantity.upper) if bound is not None]
    return " ".join(part for part in (quantity.operator, *bounds, quantity.unit) if part)


def _same(said: str, entry: str) -> bool:
    """Whether two tellings agree, numbers by value."""
    return any(_parts(said) == _parts(reading) for reading in entry.split("|"))


def _parts(told: str) -> list[str | float]:
    return [float(part) if part.lstrip("-")[:1].isdigit() else part for part in told.split()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_a_number_means_what_the_table_says(
    case: dict[str, object], catalog: Catalog, names: NameIndex, request: pytest.FixtureRequest
) -> None:
    text, expected = str(case["text"]), case["numbers"]
    assert isinstance(expected, list)
    if text in EXCEPTIONS:
        request.applymarker(pytest.mark.xfail(reason=EXCEPTIONS[text], strict=True))
    named = names.find_metrics(text, is_fuzzy=False)
    metric = catalog.metrics[named[0].name] if named else None
    found = [told(direct(text, quantity, metric)) for quantity in find_quantities(text)]
    assert len(found) == len(expected), found
    assert any(all(map(_same, order, expected)) for order in permutations(found)), found


def test_the_table_is_long_enough_and_few_of_its_lines_are_excepted() -> None:
    assert len(CASES) >= 100
    assert len(EXCEPTIONS) <= 0.03 * len(CASES)
    assert set(EXCEPTIONS) <= {case["text"] for case in CASES}
