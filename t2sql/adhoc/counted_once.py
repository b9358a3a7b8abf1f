"""Things counted once, where a draft counts the rows that point to them: patients treated, and not their treatments."""

from __future__ import annotations

import re

import sqlglot
from sqlglot import exp

from t2sql.fields.hits import name_hits, words_of
from t2sql.fields.index import FieldIndex
from t2sql.fields.roles import label_fields

_COUNTED = re.compile(
    r"\b(?:how many|numbers? of|count of"
    r"|(?:more than|fewer than|less than|at least|at most|exactly|over) (?:\d+|one|two|three|four|five|ten))"
    r"(?: (?:different|distinct|unique|other|of the|the|all))* (?P<noun>[a-z]+(?: [a-z]+)?)",
    re.IGNORECASE,
)


def counted_once(semantic_sql: str, text: str, index: FieldIndex) -> str:
    """`semantic_sql` with COUNT(key) as COUNT(DISTINCT key) where `text` counts the things that the key points to."""
    tree = sqlglot.parse_one(semantic_sql, read="duckdb")
    calls = _pointing(tree, text, index)
    for call in calls:
        call.set("this", exp.Distinct(expressions=[call.this.copy()]))
    return tree.sql("duckdb") if calls else semantic_sql


def counted_for(tree: exp.Expr, text: str, index: FieldIndex) -> tuple[str, ...]:
    """COUNT(key) where `text` counts the things that the key points to, of which some may have no row here."""
    return tuple(call.sql("duckdb") for call in _pointing(tree, text, index))


def _pointing(tree: exp.Expr, text: str, index: FieldIndex) -> list[exp.Count]:
    table = tree.find(exp.Table)
    root = table.name if table is not None else ""
    if root not in index.catalog.datasets:
        return []
    fields = {f.name: f.expression for f in index.catalog.datasets[root].fields.values()}
    ways = {way.from_columns: way.to_dataset for way in index.catalog.relationships if way.from_dataset == root}
    asked: set[str] = set()
    for match in _COUNTED.finditer(text):
        hits = name_hits(words_of(match["noun"]), index)
        asked |= {hit.key[0] for hit in hits if hit.is_dataset and hit.sure >= 0.8 and hit.start == 0}
    asked -= _listed(tree, index)
    calls = [call for call in tree.find_all(exp.Count) if isinstance(call.this, exp.Column)]
    own = [call for call in calls if call.this.table in ("", root)]
    return [call for call in own if ways.get((fields.get(call.this.name, ""),)) in asked - {root}]


def _listed(tree: exp.Expr, index: FieldIndex) -> set[str]:
    """Datasets whose things are listed one by one: customers, with the number of each one's orders."""
    found: set[str] = set()
    for select in tree.find_all(exp.Select):
        for column in (c for item in select.expressions for c in item.find_all(exp.Column)):
            dataset = index.catalog.datasets.get(column.table)
            item = dataset.fields.get(column.name) if dataset else None
            if dataset and item and (item in label_fields(dataset) or item.expression in dataset.primary_key):
                found.add(dataset.name)
    return found
