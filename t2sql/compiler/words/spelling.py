"""Names as the catalog writes them: SQL does not tell upper from lower case, and may prefix a name with its model.

Runs once, after parsing. Changes spelling only: what it does not know stays as written, for `names` to refuse.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlglot import exp

from t2sql.catalog import GRAINS, Catalog
from t2sql.errors import RefusedSyntax

MOST_SHOWN = 120
MOST_NAME_BYTES = 63
TOLD = "told"
"""Mark of a node that stands for something: what the person wrote there."""


def check_names_differ(names: Iterable[str]) -> None:
    """Raises RefusedSyntax for two columns of one name."""
    folded = [name.lower() for name in names]
    if len(set(folded)) < len(folded):
        raise RefusedSyntax(
            "A column is selected twice.", "Remove the repeated column, or give it another name with AS."
        )


def as_written(node: exp.Expr) -> str:
    """An expression for an error's words: semantic SQL, cut where it is long."""
    if any(TOLD in (n._meta or ()) for n in node.walk()):
        holder = exp.Paren(this=node.copy())
        for part in [n for n in holder.walk() if TOLD in (n._meta or ())]:
            part.replace(exp.Var(this=part.meta[TOLD]))
        node = holder.this
    text = node.sql("duckdb", normalize_functions="lower")
    return text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + " …"


def heading(node: exp.Expr) -> str:
    """The name of a column without AS: its text, cut to what every engine takes for a name (PostgreSQL: 63 bytes)."""
    text = as_written(node)
    if len(text.encode()) <= MOST_NAME_BYTES:
        return text
    return text.encode()[: MOST_NAME_BYTES - len("…".encode())].decode(errors="ignore") + "…"


def spell(tree: exp.Expr, catalog: Catalog) -> exp.Expr:
    """A copy of `tree` in which every SELECT from the model has known names in the catalog's case, unquoted and without
    the model's prefix; an alias of one name in WHERE, HAVING or GROUP BY becomes what it stands for.
    """
    tree = tree.copy()
    selects = []
    for node in tree.walk():
        node.pop_comments()
        if isinstance(node, exp.Select):
            selects.append(node)
    known = {name.lower(): name for name in (*GRAINS, *catalog.dimensions, *catalog.metrics)}
    for select in selects:
        table = table_of(select)
        if table is not None and table.name.lower() == catalog.name.lower():
            _spell(select, table, known, catalog.name)
    return tree


def table_of(select: exp.Select) -> exp.Table | None:
    """The plain table that a SELECT reads; None for anything else."""
    clause = select.args.get("from_")
    table = clause.this if clause else None
    is_plain = isinstance(table, exp.Table) and isinstance(table.this, exp.Identifier) and not table.args.get("db")
    return table if is_plain else None


def own_nodes(node: exp.Expr) -> Iterator[exp.Expr]:
    """The nodes of one SELECT or expression, those of its subqueries left out (the subquery itself is in)."""
    return node.walk(prune=lambda n: isinstance(n, (exp.Subquery, exp.Exists)))


def own_columns(node: exp.Expr) -> list[exp.Column]:
    """The columns that an expression names itself, not in its subqueries."""
    return [n for n in own_nodes(node) if isinstance(n, exp.Column)]


def _spell(select: exp.Select, table: exp.Table, known: dict[str, str], model: str) -> None:
    prefixes = {model.lower(), table.alias.lower()} - {""}
    table.set("this", exp.to_identifier(model))
    table.set("alias", None)
    for column in _of(select):
        if column.table.lower() in prefixes and not column.args.get("db"):
            column.set("table", None)
        if not column.table and column.name.lower() in known:
            column.set("this", exp.to_identifier(known[column.name.lower()]))
    aliases = {i.alias.lower(): i.this for i in select.expressions if isinstance(i, exp.Alias) and _is_name(i.this)}
    if not aliases:
        return
    for clause in (select.args.get(key) for key in ("where", "having", "group")):
        for column in own_columns(clause) if clause else []:
            if not column.table and column.name.lower() in aliases and column.name.lower() not in known:
                column.replace(aliases[column.name.lower()].copy())


def _of(select: exp.Select) -> list[exp.Column]:
    """Columns of this SELECT: neither of its CTEs nor of its subqueries."""
    parts = ("expressions", "where", "having", "group", "order", "qualify", "distinct")
    clauses = [select.args.get(part) for part in parts]
    nodes = [n for c in clauses for n in (c if isinstance(c, list) else [c]) if isinstance(n, exp.Expr)]
    return [column for node in nodes for column in own_columns(node)]


def _is_name(node: exp.Expr) -> bool:
    """A name or a call of names, which may stand in a condition as it is."""
    if isinstance(node, (exp.Column, exp.Anonymous, exp.AggFunc)):
        return True
    return isinstance(node, exp.Func) and node.sql_name().lower() in GRAINS
