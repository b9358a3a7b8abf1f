"""Names as the catalog writes them: SQL does not tell upper from lower case, and may prefix a name with its model.

Runs once, after parsing. Changes spelling only: what it does not know stays as written, for `names` to refuse.
"""

from __future__ import annotations

from sqlglot import exp

from t2sql.catalog import GRAINS, Catalog

MOST_SHOWN = 120


def as_written(node: exp.Expr) -> str:
    """An expression for an error's words: semantic SQL, cut where it is long."""
    text = node.sql("duckdb", normalize_functions="lower")
    return text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + " …"


def spell(tree: exp.Select, catalog: Catalog) -> exp.Select:
    """A copy of `tree` with known names in the catalog's case, unquoted and without the model's prefix; an alias in
    WHERE, HAVING or GROUP BY becomes what it stands for.
    """
    tree = tree.copy()
    known = {name.lower(): name for name in (*GRAINS, *catalog.dimensions, *catalog.metrics)}
    prefixes = {catalog.name.lower()}
    for node in tree.walk():
        node.pop_comments()
    for table in tree.find_all(exp.Table):
        if table.name.lower() == catalog.name.lower() and isinstance(table.this, exp.Identifier):
            table.set("this", exp.to_identifier(catalog.name))
            prefixes.add(table.alias.lower())
            table.set("alias", None)
    for column in [*tree.find_all(exp.Column)]:
        if column.table.lower() in prefixes and not column.args.get("db"):
            column.set("table", None)
        if not column.table and column.name.lower() in known:
            column.set("this", exp.to_identifier(known[column.name.lower()]))
    aliases = {i.alias.lower(): i.this for i in tree.expressions if isinstance(i, exp.Alias)}
    for clause in (tree.args.get(key) for key in ("where", "having", "group")):
        for column in [*clause.find_all(exp.Column)] if clause else []:
            if not column.table and column.name.lower() in aliases and column.name.lower() not in known:
                column.replace(aliases[column.name.lower()].copy())
    return tree
