"""The one form in which finished SQL may read a physical table, and how two conditions are told to be the same.

`SELECT column [AS name], … FROM table [WHERE condition AND …]`: nothing else can stand beside a row filter, so nothing
can reach around it. Nothing here may accept a table, a column or a predicate that no grant names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from sqlglot import exp, parse_one
from sqlglot.errors import ErrorLevel

from t2sql.compiler.certify.allowed import parts_of
from t2sql.compiler.certify.engine import ENGINES, Engine
from t2sql.compiler.certify.names import refuse
from t2sql.policy import Grant

Shape: TypeAlias = tuple[object, ...]
Fold: TypeAlias = Callable[[str], str]

# Row predicates are written by `policy` in this dialect, whatever the warehouse speaks.
PREDICATE_DIALECT = "duckdb"
QUERIES = (exp.Select, exp.SetOperation, exp.Subquery, exp.Values)
_SOURCE_PARTS = frozenset({"expressions", "from_", "where"})


@dataclass(frozen=True, slots=True)
class _Prepared:
    """One grant made ready to compare with: names folded, predicates as shapes."""

    name: str
    columns: frozenset[str]
    predicates: tuple[tuple[Shape, ...], ...]
    """For each predicate the shapes of its parts, which must all stand in the subquery."""
    predicate_columns: frozenset[str]
    names: frozenset[str]
    """The table and the tables that its predicates read."""


@lru_cache(maxsize=4_096)
def _prepare(table: str, grant: Grant, dialect: str) -> _Prepared:
    engine = ENGINES[dialect]
    fold = engine.fold
    name = fold(table)
    trees = [_predicate(text, engine) for text in sorted(grant.predicates)]
    return _Prepared(
        name=name,
        columns=frozenset(fold(column) for column in grant.columns),
        predicates=tuple(tuple(shape_of(part, fold) for part in conjuncts(tree)) for tree in trees),
        predicate_columns=frozenset(fold(c.name) for tree in trees for c in tree.find_all(exp.Column)),
        names=frozenset({name} | {table_name(t, fold) for tree in trees for t in tree.find_all(exp.Table)}),
    )


def _predicate(text: str, engine: Engine) -> exp.Expr:
    """A row predicate as it reads in SQL for `engine`, where its names, like those of a grant, are as spelled."""
    tree = parse_one(text, read=PREDICATE_DIALECT)
    if engine.dialect != PREDICATE_DIALECT:
        there = tree.sql(engine.dialect, identify=True, unsupported_level=ErrorLevel.RAISE)
        tree = parse_one(there, read=engine.dialect)
    engine.settle(tree.find_all(exp.Identifier))
    return tree


class Sources:
    """What may be read, table by table, on one engine."""

    def __init__(self, grants: Mapping[str, Grant], engine: Engine) -> None:
        self.fold = engine.fold
        prepared = [_prepare(table, grant, engine.dialect) for table, grant in grants.items()]
        self._granted = {one.name: one for one in prepared}
        if len(self._granted) != len(prepared):
            raise refuse("Two grants name one table.")
        names = frozenset(name for one in prepared for name in one.names)
        self.names = names | {name.rsplit(".", 1)[-1] for name in names}
        """Every physical name that a CTE must not take: granted tables, and tables that predicates read."""

    def __contains__(self, table: str) -> bool:
        return table in self._granted

    def outputs(self, select: exp.Select, table: exp.Table) -> tuple[str, ...]:
        """Names that the source subquery `select` over `table` hands out.

        Raises CertifyError when it is not in the one allowed form.
        """
        fold = self.fold
        granted = self._granted[table_name(table, fold)]
        name = granted.name
        if any(value for part, value in select.args.items() if part not in _SOURCE_PARTS) or table.args.get("alias"):
            raise refuse(
                f"Table {name!r} may be read only as SELECT columns FROM {name} WHERE …, and nothing else there."
            )
        outputs: list[str] = []
        for item in select.expressions:
            column = item.this if isinstance(item, exp.Alias) else item
            if not isinstance(column, exp.Column) or column.args.get("table"):
                raise refuse(f"The subquery that reads {name!r} may select only plain columns.")
            read = fold(column.name)
            if read not in granted.columns:
                raise refuse(f"Column {column.name!r} of {name!r} is not granted.")
            output = fold(item.alias_or_name)
            # DuckDB lets WHERE see an alias; one that took the name of another column could bend the predicate.
            if output != read and (output in granted.columns or output in granted.predicate_columns):
                raise refuse(f"Alias {output!r} takes the name of another column of {name!r}.")
            outputs.append(output)
        self._check_where(select.args.get("where"), granted)
        return tuple(outputs)

    def _check_where(self, where: exp.Where | None, granted: _Prepared) -> None:
        name = granted.name
        others = list(conjuncts(where.this)) if where else []
        if granted.predicates:
            shapes = [shape_of(part, self.fold) for part in others]
            proven = next((p for p in granted.predicates if all(shape in shapes for shape in p)), None)
            if proven is None:
                raise refuse(f"Table {name!r} is read without its row filter.")
            others = [part for part, shape in zip(others, shapes, strict=True) if shape not in proven]
        while others:
            node = others.pop()
            if isinstance(node, (*QUERIES, exp.Table)):
                raise refuse(f"A condition on {name!r} beside its row filter may hold no subquery.")
            if isinstance(node, exp.Column):
                if node.args.get("table") or self.fold(node.name) not in granted.columns:
                    raise refuse(f"Column {node.sql(PREDICATE_DIALECT)!r} in a condition on {name!r} is not granted.")
                continue
            if isinstance(node, exp.AggFunc | exp.Window):
                raise refuse(f"A condition on {name!r} may hold no aggregate.")
            others += parts_of(node)


def table_name(table: exp.Table, fold: Fold) -> str:
    """The folded name of `table` as written, with its schema where it has one."""
    if not isinstance(table.this, exp.Identifier):
        raise refuse("A table function may not be read.")
    parts = [part.name for part in (table.args.get("catalog"), table.args.get("db"), table.this) if part]
    if any("." in part for part in parts):
        raise refuse("A table's name may hold no dot of its own.")
    return fold(".".join(parts))


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


def shape_of(node: exp.Expr, fold: Fold) -> Shape:
    """`node` as nested tuples without parentheses, quotes and the case of names; equal when trees mean the same."""
    while isinstance(node, exp.Paren) or _only_wraps(node):
        node = node.this
    if isinstance(node, exp.Identifier):
        return ("Identifier", fold(node.name))
    parts: list[object] = [type(node).__name__]
    for key in sorted(node.args):
        value = node.args[key]
        if isinstance(value, list):
            value = tuple(shape_of(v, fold) if isinstance(v, exp.Expr) else v for v in value) or None
        elif isinstance(value, exp.Expr):
            value = shape_of(value, fold)
        # A part left out and a part said to be false are the same, save in the literal FALSE itself.
        if value is not None and (value is not False or isinstance(node, exp.Boolean)):
            parts.append((key, value))
    return tuple(parts)


def _only_wraps(node: exp.Expr) -> bool:
    return isinstance(node, exp.Subquery) and not node.args.get("alias") and isinstance(node.this, QUERIES)
