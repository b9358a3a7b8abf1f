"""Keys that a draft over fields compares though they tell different things apart: customers whose id stands among the
ids of parcels.

Two columns tell the same thing where a relationship of the catalog links them, over one step or several. Columns that
are no keys are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from t2sql.catalog import Catalog

Place = tuple[str, str]
"""(dataset, field)."""


def unrelated(tree: exp.Expr, catalog: Catalog) -> Iterator[str]:
    """The IN (SELECT …) of `tree` whose two sides are keys of different things."""
    linked = _linked(catalog)
    keys = {place for group in linked for place in group}
    for node in tree.find_all(exp.In):
        query = node.args.get("query")
        select = query.this if isinstance(query, exp.Subquery) else query
        if not isinstance(select, exp.Select) or len(select.expressions) != 1:
            continue
        sides = (_place(node.this, node, catalog), _place(select.expressions[0], select, catalog))
        one, other = sides
        if one is None or other is None or one == other or not (one in keys and other in keys):
            continue
        if not any(one in group and other in group for group in linked):
            yield node.sql("duckdb")


def _place(item: exp.Expr, inside: exp.Expr, catalog: Catalog) -> Place | None:
    """The field that an expression is, by the rows of the SELECT that it stands in; None for what is no field."""
    column = item.unalias()
    column = column.expressions[0] if isinstance(column, exp.Distinct) and column.expressions else column
    select = inside if isinstance(inside, exp.Select) else inside.find_ancestor(exp.Select)
    source = select.args.get("from_") if isinstance(select, exp.Select) else None
    if not isinstance(column, exp.Column) or source is None or not isinstance(source.this, exp.Table):
        return None
    owner = catalog.datasets.get(column.table or source.this.name)
    return (owner.name, column.name) if owner is not None and column.name in owner.fields else None


def _linked(catalog: Catalog) -> list[set[Place]]:
    """Groups of fields that tell the same things apart."""
    groups: list[set[Place]] = []
    for dataset in catalog.datasets.values():
        for item in dataset.fields.values():
            if item.expression in dataset.primary_key:
                groups.append({(dataset.name, item.name)})
    for step in catalog.relationships:
        for near, far in zip(step.from_columns, step.to_columns, strict=True):
            ends = {*_fields(catalog, step.from_dataset, near), *_fields(catalog, step.to_dataset, far)}
            met = [group for group in groups if group & ends]
            groups = [group for group in groups if not group & ends] + [ends.union(*met)]
    return groups


def _fields(catalog: Catalog, dataset: str, column: str) -> Iterator[Place]:
    found = catalog.datasets[dataset].fields.values()
    return ((dataset, item.name) for item in found if column in (item.expression, item.name))
