"""The one form in which finished SQL may read a physical table, and how two conditions are told to be the same.

`SELECT column [AS name], … FROM table [WHERE condition AND …]`: nothing else can stand beside a row filter, so nothing
can reach around it. Nothing here may accept a table, a column or a predicate that no grant names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from sqlglot import exp, parse_one

from t2sql.compiler.certify_allowed import fold, refuse
from t2sql.policy import Grant

Shape: TypeAlias = tuple[object, ...]

# Row predicates are written by `policy` in this dialect, whatever the warehouse speaks.
PREDICATE_DIALECT = "duckdb"
QUERIES = (exp.Select, exp.SetOperation, exp.Subquery, exp.Values)


class Sources:
    """Grants made ready to compare with: names folded, predicates as shapes."""

    def __init__(self, grants: Mapping[str, Grant]) -> None:
        self._columns: dict[str, frozenset[str]] = {}
        self._predicates: dict[str, list[list[Shape]]] = {}
        self._predicate_columns: dict[str, frozenset[str]] = {}
        names: set[str] = set()
        for table, grant in grants.items():
            name = fold(table)
            trees = [parse_one(text, read=PREDICATE_DIALECT) for text in sorted(grant.predicates)]
            self._columns[name] = frozenset(fold(column) for column in grant.columns)
            self._predicates[name] = [[shape_of(part) for part in conjuncts(tree)] for tree in trees]
            self._predicate_columns[name] = frozenset(fold(c.name) for tree in trees for c in tree.find_all(exp.Column))
            names |= {name} | {table_name(found) for tree in trees for found in tree.find_all(exp.Table)}
        self.names = frozenset(names) | {name.rsplit(".", 1)[-1] for name in names}
        """Every physical name that a CTE must not take: granted tables, and tables that predicates read."""

    def __contains__(self, table: str) -> bool:
        return table in self._columns

    def outputs(self, select: exp.Select, table: exp.Table) -> tuple[str, ...]:
        """Names that the source subquery `select` over `table` hands out.

        Raises CertifyError when it is not in the one allowed form.
        """
        name = table_name(table)
        filled = {part for part, value in select.args.items() if value not in (None, False, [])}
        if not filled <= {"expressions", "from_", "where"} or table.args.get("alias"):
            raise refuse(
                f"Table {name!r} may be read only as SELECT columns FROM {name} WHERE …, and nothing else there."
            )
        granted = self._columns[name]
        outputs: list[str] = []
        for item in select.expressions:
            column = item.this if isinstance(item, exp.Alias) else item
            if not isinstance(column, exp.Column) or column.args.get("table"):
                raise refuse(f"The subquery that reads {name!r} may select only plain columns.")
            if fold(column.name) not in granted:
                raise refuse(f"Column {column.name!r} of {name!r} is not granted.")
            output = fold(item.alias_or_name)
            # DuckDB lets WHERE see an alias; one that took the name of another column could bend the predicate.
            if output != fold(column.name) and output in granted | self._predicate_columns[name]:
                raise refuse(f"Alias {output!r} takes the name of another column of {name!r}.")
            outputs.append(output)
        self._check_where(select.args.get("where"), name)
        return tuple(outputs)

    def _check_where(self, where: exp.Where | None, name: str) -> None:
        parts = [(shape_of(part), part) for part in conjuncts(where.this)] if where else []
        shapes = [shape for shape, _ in parts]
        wanted = self._predicates[name]
        proven = next((predicate for predicate in wanted if all(shape in shapes for shape in predicate)), None)
        if wanted and proven is None:
            raise refuse(f"Table {name!r} is read without its row filter.")
        for shape, part in parts:
            if proven and shape in proven:
                continue
            for node in part.walk():
                if isinstance(node, (*QUERIES, exp.Table)):
                    raise refuse(f"A condition on {name!r} beside its row filter may hold no subquery.")
                is_column = isinstance(node, exp.Column)
                if is_column and (node.args.get("table") or fold(node.name) not in self._columns[name]):
                    raise refuse(f"Column {node.sql(PREDICATE_DIALECT)!r} in a condition on {name!r} is not granted.")
                if isinstance(node, exp.AggFunc | exp.Window):
                    raise refuse(f"A condition on {name!r} may hold no aggregate.")


def table_name(table: exp.Table) -> str:
    """The folded name of `table` as written, with its schema where it has one."""
    if not isinstance(table.this, exp.Identifier):
        raise refuse("A table function may not be read.")
    return ".".join(fold(part.name) for part in (table.args.get("catalog"), table.args.get("db"), table.this) if part)


def conjuncts(condition: exp.Expr) -> Iterator[exp.Expr]:
    """The parts of `condition` that must all hold, parentheses taken off, in order."""
    stack = [condition]
    while stack:
        node = stack.pop()
        if isinstance(node, exp.Paren):
            stack.append(node.this)
        elif isinstance(node, exp.And):
            stack += [node.expression, node.this]
        else:
            yield node


def shape_of(node: exp.Expr) -> Shape:
    """`node` as nested tuples without parentheses, quotes and the case of names; equal when trees mean the same."""
    while isinstance(node, exp.Paren) or _only_wraps(node):
        node = node.this
    if isinstance(node, exp.Identifier):
        return ("Identifier", fold(node.name))
    parts: list[object] = [type(node).__name__]
    for key in sorted(node.args):
        value = node.args[key]
        if isinstance(value, list):
            value = tuple(shape_of(v) if isinstance(v, exp.Expr) else v for v in value) or None
        elif isinstance(value, exp.Expr):
            value = shape_of(value)
        # A part left out and a part said to be false are the same, save in the literal FALSE itself.
        if value is not None and (value is not False or isinstance(node, exp.Boolean)):
            parts.append((key, value))
    return tuple(parts)


def _only_wraps(node: exp.Expr) -> bool:
    return isinstance(node, exp.Subquery) and not node.args.get("alias") and isinstance(node.this, QUERIES)
