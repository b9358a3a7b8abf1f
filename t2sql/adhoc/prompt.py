"""The words before the llm's SELECT over fields: task and fields first, which do not change, then the question.

The prefix is the same for every question of one narrowed catalog, so that it is read once and kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from t2sql.adhoc.slots import Slot
from t2sql.catalog import Catalog, Dataset, Field
from t2sql.compiler.words.field_kinds import kind_of_field

MOST_PREFIX_FIELDS = 90
"""A larger catalog gives the fields of the likeliest datasets beside each question instead."""
MOST_HINTS = 6
MOST_HINT_CHARACTERS = 700
TAIL = "<|im_end|>\n<|im_start|>assistant\n"
_TASK = """You write one SELECT for a question. Write columns as table.column. There is no JOIN and no GROUP \
BY: tables are joined and rows grouped by the columns without an aggregate by themselves. Give exactly the columns \
that are asked for, no more. Conditions are given; they limit every row."""
_EXAMPLES = """Q: Top 3 regions by number of orders. Return region, number of orders and total amount.
A: SELECT customers.region, COUNT(*), SUM(orders.amount) FROM orders ORDER BY COUNT(*) DESC LIMIT 3
Q: How many distinct customers bought each year?
A: SELECT year(orders.order_date), COUNT(DISTINCT orders.customer_id) FROM orders
Q: What is the name of the cheapest product?
A: SELECT products.name FROM products ORDER BY products.price ASC LIMIT 1
Q: What is the CR? Hint: CR = (total amount - total cost) / total amount * 100
A: SELECT (SUM(orders.amount) - SUM(orders.cost)) / SUM(orders.amount) * 100 FROM orders
Q: Which cities do customers live in? Return the distinct cities.
A: SELECT DISTINCT customers.city FROM customers"""
_SENTENCE = re.compile(r"(?<=[.;。；])\s+|\n+|(?=\b[A-Z][A-Z0-9]{1,}(?: \([^)]*\))? ?=)|(?=\bTo [a-z]+ )")
_ACRONYM = re.compile(r"\b[A-Z][A-Z0-9]{1,}\b")
_WORD = re.compile(r"[a-z]{4,}|[\u4e00-\u9fff]{2}")


def build_prefix(catalog: Catalog) -> str:
    """Chat opening, task, and the fields of every dataset where they are not too many."""
    lines = ["<|im_start|>system", _TASK]
    if is_small(catalog):
        lines += ["Tables:", *(_line(dataset) for dataset in catalog.datasets.values())]
    return "\n".join([*lines, _EXAMPLES]) + "<|im_end|>\n<|im_start|>user\n"


def is_small(catalog: Catalog) -> bool:
    """Whether all fields stand in the prefix."""
    return sum(len(d.fields) for d in catalog.datasets.values()) <= MOST_PREFIX_FIELDS


def build_suffix(
    text: str, hints: str, catalog: Catalog, datasets: Sequence[str], slots: Sequence[Slot], complaint: str = ""
) -> str:
    """The question with what belongs to it: hints, conditions, and the tables to choose among."""
    lines = []
    if not is_small(catalog):
        lines += ["Tables:", *(_line(catalog.datasets[name]) for name in datasets)]
    lines.append("Q: " + " ".join(text.split()))
    if told := relevant(text, hints):
        lines.append("Hint: " + told)
    if slots:
        lines.append("Conditions: " + " AND ".join(slot.alternatives[0] for slot in slots))
    if complaint:
        lines.append("Not this: " + complaint[:200])
    return "\n".join(lines)


def relevant(text: str, hints: str) -> str:
    """The sentences of the hints that speak of the question: by its abbreviations first, then by its words."""
    parts = [part.strip() for part in _SENTENCE.split(hints) if part and part.strip()]
    names, words = set(_ACRONYM.findall(text)), set(_WORD.findall(text.lower()))
    ranked = []
    for place, part in enumerate(parts):
        known = set(_ACRONYM.findall(part)) & names
        score = 10 * len(known) + len(words & set(_WORD.findall(part.lower())))
        if score >= 2:
            ranked.append((-score, place, part))
    if any(-score >= 10 for score, _p, _t in ranked):
        ranked = [one for one in ranked if -one[0] >= 4]
    chosen = sorted(sorted(ranked)[:MOST_HINTS], key=lambda one: one[1])
    return " ".join(part for _s, _p, part in chosen)[:MOST_HINT_CHARACTERS]


def _line(dataset: Dataset) -> str:
    return f"{dataset.name}: " + ", ".join(_told(f) for f in dataset.fields.values() if f.is_named)


def _told(item: Field) -> str:
    kind = kind_of_field(item)
    mark = {"date": " date", "boolean": " boolean"}.get(kind, "")
    zh = item.display.zh
    return f"{item.name}{mark}" + (f" {zh}" if zh and zh != item.display.en and zh != item.name else "")
