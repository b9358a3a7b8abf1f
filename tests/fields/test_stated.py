"""States that hints define and rows that are left out, as conditions; and things counted where numbers tell them apart."""

# ruff: noqa: E501
# One case a line.
from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from drafted_catalog import VALUES, index, tree

from t2sql.fields import FieldIndex, read_question, undated
from t2sql.fields.linking import link
from t2sql.ossie import catalog_of

TODAY = date(2026, 11, 18)
INDEX = index()
OPEN = "sale.shipped_on IS NULL"


@pytest.mark.parametrize(
    ("text", "hints", "wanted"),
    [
        ("How many open sales are there?", "A sale is open if it has no shipped date", [OPEN]),
        ("How many open sales are there?", "A sale is open as long as shipped_on is empty", [OPEN]),
        ("How many open sales are there?", "A sale is open if it was never shipped", [OPEN]),
        ("How many open sales are there?", "Open sales have no shipped date", [OPEN]),
        ("How many open sales are there?", "An open sale has no shipped_on date", [OPEN]),
        ("How many sales are still open?", "A sale is open while it has no shipped_on date", [OPEN]),
        ("How many open sales are there?", "A sale is open if it has no shipped date or its shipped date is on or after today",
         [f"({OPEN} OR sale.shipped_on >= '2026-11-18')"]),
        ("How many late sales were there?", "A sale is late if it was shipped after the sale date", ["sale.shipped_on - sale.sale_date > 0"]),
        ("How many prompt sales were there?", "A sale is prompt when its shipped date is not later than the sale_date", ["sale.shipped_on - sale.sale_date <= 0"]),
        ("How many shipped sales are there?", "", ["NOT sale.shipped_on IS NULL"]),
        ("How many opened shops are there?", "", ["NOT shop.opened_on IS NULL"]),
        ("How many closed shops are there?", "", []),
        ("How many products are there?", "Bakery products never count", ["product.category <> 'bakery'"]),
        ("How many products are there?", "Do not count bakery products", ["product.category <> 'bakery'"]),
        ("How many products are there, leaving out bakery products?", "", ["product.category <> 'bakery'"]),
        ("How many shops are there?", "Bakery products never count", []),
        ("What is the NP?", "NP = number of products. Neither NP nor LP counts bakery products", ["product.category <> 'bakery'"]),
        ("How many products are there?", "NP = number of products. Neither NP nor LP counts bakery products", []),
        ("How many products are there?", "NP = number of products, bakery products not counted", []),
        ("What is the NP of products?", "NP = number of products, bakery products not counted", ["product.category <> 'bakery'"]),
        ("How many sales are there?", "A sale is open if it has no shipped date", []),
        ("How many open sales are there?", "A sale is open if it feels like it", []),
        ("How many products are there?", "Do not count too fast", []),
    ],
)  # fmt: skip
def test_a_state_and_what_is_left_out_are_conditions(text: str, hints: str, wanted: list[str]) -> None:
    assert [c.alternatives[0].sql for c in link(text, hints, INDEX, TODAY).conditions] == wanted


def test_a_state_is_taken_out_of_what_is_counted() -> None:
    _linked, found = read_question(
        "How many open sales are there?", "A sale is open if it has no shipped date", INDEX, TODAY
    )
    assert found[0].semantic_sql == f"SELECT COUNT(*) FROM sale WHERE {OPEN}"
    assert found[0].sure >= 0.9


def _numbered() -> FieldIndex:
    """The index with shops that have contracts, told apart by a number."""
    told = tree()
    model = told["semantic_model"][0]
    sale = next(d for d in model["datasets"] if d["name"] == "sale")
    fields = [{**f, "t2sql": {**f["t2sql"]}} for f in sale["fields"]]
    for field in fields:
        if "flat_name" in field["t2sql"]:
            field["t2sql"]["flat_name"] = f"contract_{field['name']}"
    fields[0] = {**fields[0], "name": "contract_no", "expression": "contract_no"}
    display = {"en": "contract no"}
    fields[0]["t2sql"] = {**fields[0]["t2sql"], "display": display}
    made = {**sale, "name": "contract", "source": "contract", "primary_key": ["contract_no"], "fields": fields}
    made["t2sql"] = {**sale["t2sql"], "display": {"en": "contract"}}
    model["datasets"].append(made)
    model["relationships"].append(
        {"name": "contract_shop", "from": "contract", "to": "shop", "from_columns": ["shop_id"], "to_columns": ["shop_id"]}
    )  # fmt: skip
    return FieldIndex.build(undated(catalog_of(told, Path("model.yml"))), VALUES)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("What is the number of contracts by city?", "SELECT shop.city, COUNT(*) FROM contract GROUP BY shop.city"),
        ("Top 2 cities by number of contracts. Return the city and the number of contracts.",
         "SELECT shop.city, COUNT(*) FROM contract GROUP BY shop.city ORDER BY COUNT(*) DESC LIMIT 2"),
        ("List the contract numbers of the shops in Texas", "SELECT contract_no FROM contract WHERE shop.state = 'TX'"),
    ],
)  # fmt: skip
def test_a_number_of_things_counts_them(text: str, wanted: str) -> None:
    assert read_question(text, "", _numbered(), TODAY)[1][0].semantic_sql == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("How many sales were shipped in 2025?", "sale.shipped_on >= '2025-01-01' AND sale.shipped_on < '2026-01-01'"),
        ("Show the ship date of sales in 2025", "sale.sale_date >= '2025-01-01' AND sale.sale_date < '2026-01-01'"),
    ],
)
def test_a_verb_says_which_day_is_meant(text: str, wanted: str) -> None:
    assert [c.alternatives[0].sql for c in link(text, "", INDEX, TODAY).conditions] == [wanted]
