"""Years and days that a draft takes from the wrong place: cars sold in 2025 by the year they were built, and a year
less a moment, which is no number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import exp

from t2sql.fields.index import FieldIndex
from t2sql.fields.linked import Linked
from t2sql.fields.roles import date_fields, is_date, is_number, said_of_days, words_of_date

_OF_YEAR = re.compile(r"(?P<dataset>\w+)\.(?P<field>\w+) (?:=|>=|<=|>|<|BETWEEN) '?(?:19|20)\d\d'?(?!-)")
_DEED = re.compile(
    r"\b(?P<deed>[a-z]+(?:ed|old|ought|aid|ent|ade))(?: (?:in|during|since|before|after|from))? $", re.IGNORECASE
)


def misdated(linked: Linked, tree: exp.Expr, index: FieldIndex) -> Iterator[str]:
    """Stretches of the question whose deed has a date elsewhere, and differences of days and numbers."""
    for condition in linked.conditions:
        of_year = _OF_YEAR.match(condition.alternatives[0].sql)
        said = re.sub(r"(?:in|during|since|before|after|from) $", "", linked.text[: condition.span.start])
        deed = _DEED.search(said)
        if of_year is None or deed is None:
            continue
        words = said_of_days(deed["deed"].lower())
        dated = {
            dataset.name
            for dataset in index.catalog.datasets.values()
            for item in date_fields(dataset)
            if words_of_date(item) & words
        }
        if dated and of_year["dataset"] not in dated:
            yield linked.text[deed.start("deed") : condition.span.end]
    table = tree.find(exp.Table)
    for node in tree.find_all(exp.Sub):
        kinds = {kind for side in (node.left, node.right) if (kind := _kind(side, table.name if table else "", index))}
        if len(kinds) > 1:
            yield node.sql("duckdb")


def _kind(node: exp.Expr, root: str, index: FieldIndex) -> str:
    dataset = index.catalog.datasets.get(node.table or root) if isinstance(node, exp.Column) else None
    item = dataset.fields.get(node.name) if dataset else None
    return "" if item is None else "date" if is_date(item) else "number" if is_number(item) else ""
