"""Figures for each of the things that rows belong to: one group a thing, not one a name, and none for rows without one.

"How many players does each club have" counts two clubs of one name apart, and players of no club not at all. Changes
only SELECTs that group rows of one dataset by the names of another's things.
"""

from __future__ import annotations

import sqlglot
from sqlglot import exp

from t2sql.catalog import Catalog, Dataset
from t2sql.fields.roles import label_fields
from t2sql.paths import joins_between


def of_each(semantic_sql: str, catalog: Catalog) -> str:
    """`semantic_sql` with its things told apart by their keys.

    SELECT club.name, COUNT(*) FROM player GROUP BY club.name becomes a SELECT over one grouped by club.id, club.name;
    SELECT DISTINCT club.name FROM player leaves out players of no club.
    """
    tree = sqlglot.parse_one(semantic_sql, read="duckdb")
    if not isinstance(tree, exp.Select) or tree.args.get("from_") is None:
        return semantic_sql
    table = tree.args["from_"].this
    if not isinstance(table, exp.Table) or table.name not in catalog.datasets or tree.find(exp.Window):
        return semantic_sql
    items = [item.unalias() for item in tree.expressions]
    # A list of the things of rows: the different campaigns of gifts, of which some have none.
    is_list = bool(tree.args.get("distinct")) and not any(item.find(exp.AggFunc) for item in items)
    if not is_list and (tree.args.get("distinct") or not any(item.find(exp.AggFunc) for item in items)):
        return semantic_sql
    groups = [item for item in items if isinstance(item, exp.Column)]
    others = [g for g in groups if g.table and g.table != table.name]
    changed = False
    for name in dict.fromkeys(g.table for g in others):
        is_bridged = joins_between(catalog, table.name, name) is None
        # Behind a bridge there are dimensions and no keys: its labels are told by their words.
        key = next(g.name for g in others if g.table == name) if is_bridged else _key(catalog.datasets[name])
        if key:
            tree.where(exp.Not(this=exp.Is(this=exp.column(key, name), expression=exp.Null())), copy=False)
            changed = True
    is_plain = not is_list and all(isinstance(item, exp.Column) or item.find(exp.AggFunc) for item in items)
    apart = _told_by_name(others, catalog) if is_plain and len(others) == len(groups) else ""
    if apart and joins_between(catalog, table.name, apart) is None:
        apart = ""
    if apart:
        return _nested(tree, items, apart, _key(catalog.datasets[apart])).sql("duckdb")
    return tree.sql("duckdb") if changed else semantic_sql


def _key(dataset: Dataset) -> str:
    """The field that is a dataset's whole key; "" where there is none."""
    keys = [f.name for f in dataset.fields.values() if (f.expression,) == tuple(dataset.primary_key)]
    return keys[0] if keys else ""


def _told_by_name(groups: list[exp.Column], catalog: Catalog) -> str:
    """The one dataset whose things are grouped by a name that two may share; "" for none."""
    names = {g.table for g in groups}
    if len(names) != 1 or not groups:
        return ""
    dataset = catalog.datasets[names.pop()]
    labels = label_fields(dataset)
    shown = {g.name for g in groups}
    key = _key(dataset)
    is_unique = any((f.expression,) in dataset.unique_keys for f in labels)
    if not key or key in shown or is_unique or not {f.name for f in labels} <= shown:
        return ""
    return dataset.name


def _nested(tree: exp.Select, items: list[exp.Expr], dataset: str, key: str) -> exp.Select:
    """`tree` grouped by the key too, inside a SELECT that does not show it."""
    inner = tree.copy()
    shown = headings(items)
    named = [
        item.copy() if isinstance(item, exp.Column) else exp.alias_(item.copy(), name)
        for item, name in zip(items, shown, strict=True)
    ]
    column = exp.column(key, dataset)
    inner.set("expressions", [column, *named])
    groups = [column.copy(), *(item.copy() for item in items if isinstance(item, exp.Column))]
    inner.set("group", exp.Group(expressions=groups))
    made = {item.sql("duckdb"): name for item, name in zip(items, shown, strict=True)}
    order = inner.args.get("order")
    alias = exp.TableAlias(this=exp.to_identifier("each_one"))
    outer = exp.select(*(exp.column(name) for name in shown)).from_(exp.Subquery(this=inner, alias=alias))
    if order is None:
        return outer
    outside = []
    for one in order.expressions:
        what = one.this.sql("duckdb")
        place = int(what) - 1 if what.isdigit() else None
        name = shown[place] if place is not None and place < len(shown) else made.get(what, one.this.name)
        if place is not None and place < len(shown):
            one.set("this", items[place].copy())
        if name in shown:
            outside.append(exp.Ordered(this=exp.column(name), desc=one.args.get("desc")))
    if len(outside) == len(order.expressions):
        outer.set("order", exp.Order(expressions=outside))
    return outer


def headings(items: list[exp.Expr]) -> list[str]:
    """What each column is called: a group as itself, a figure by its function and field."""
    found: list[str] = []
    for place, item in enumerate(items, 1):
        columns = [column.name for column in item.find_all(exp.Column)]
        kind = item.key if isinstance(item, exp.AggFunc) else "figure"
        name = item.name if isinstance(item, exp.Column) else f"{kind}_{columns[0] if columns else 'rows'}"
        found.append(name if name not in found else f"{name}_{place}")
    return found
