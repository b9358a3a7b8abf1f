"""Plain SQL that an llm wrote over tables, as semantic SQL over fields: its joins are taken away, for the compiler to
write again.

A join that is no relationship of the catalog, a table or column that its reader may not see and whatever cannot be said
in semantic SQL is refused. Never adds a column, a condition or a literal.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from t2sql.adhoc.days import tell_days
from t2sql.adhoc.rooting import rooted
from t2sql.catalog import Catalog, Dataset
from t2sql.errors import NotComputable, RefusedSyntax, UnknownName
from t2sql.fields.words import split_name
from t2sql.paths import is_crossed, joins_between

_KEY_WORDS = ("id", "no", "key", "code", "number")
_NO_PLACE = "Write one SELECT over the tables that are told."


def unjoined(text: str, catalog: Catalog, today: date) -> str:
    """The plain SELECT `text` as semantic SQL FROM one dataset. Raises QueryError."""
    tree = _parsed(text)
    try:
        tell_days(tree, today)
        for cast in tree.find_all(exp.Cast):
            if cast.is_type(exp.DType.FLOAT):
                # REAL has seven digits; figures are divided and compared with all of theirs.
                cast.set("to", exp.DataType.build("DOUBLE"))
        found = _select(tree, catalog)
        sqlglot.parse_one(found, read="duckdb")
    except (SqlglotError, AttributeError, KeyError, TypeError, ValueError):
        # What an llm writes has every shape that a parser lets through.
        raise RefusedSyntax("Cannot be read as semantic SQL.", "Write one plain SELECT.") from None
    return found


def _parsed(text: str) -> exp.Expr:
    for dialect in ("duckdb", "mysql"):
        try:
            return sqlglot.parse_one(text, read=dialect)
        except SqlglotError:
            continue
    raise RefusedSyntax("Not valid SQL.", "Write one SELECT.")


def _select(tree: exp.Expr, catalog: Catalog) -> str:
    if not isinstance(tree, exp.Select) or tree.args.get("with_"):
        raise RefusedSyntax("Only one SELECT can be asked.", _NO_PLACE)
    for inner in [*_inner(tree)]:
        inner.replace(sqlglot.parse_one(_select(inner, catalog), read="duckdb"))
    return _Tables(tree, catalog).done()


def _inner(tree: exp.Select) -> Iterator[exp.Select]:
    """The SELECTs that stand in conditions of `tree`, the outermost of them."""
    for node in tree.find_all(exp.Select):
        if node is not tree and node.parent_select is tree:
            yield node


class _Tables:
    """One SELECT and the tables that it joins."""

    def __init__(self, tree: exp.Select, catalog: Catalog) -> None:
        self.tree, self.catalog = tree, catalog
        self.datasets: dict[str, Dataset] = {}
        """By the name under which the SELECT knows them."""
        self.conditions: list[exp.Expr] = []

    def done(self) -> str:
        """As semantic SQL."""
        source = self.tree.args.get("from_")
        if source is None:
            raise RefusedSyntax("It reads no table.", _NO_PLACE)
        joins = self.tree.args.get("joins") or []
        for table in (source.this, *(join.this for join in joins)):
            self._take(table)
        for join in joins:
            self._loosen(join)
        self._qualify()
        for join in joins:
            self._check(join)
        self._refuse_absence(joins)
        root = self._root()
        self.tree.set("joins", None)
        self.tree.set("from_", exp.From(this=exp.to_table(root.name)))
        for condition in self.conditions:
            self.tree.where(condition, copy=False)
        self._bare()
        used = {column.table for column in self._own()} | {root.name}
        found = rooted(self.tree.sql("duckdb"), self.catalog)
        self._refuse_unused(used, found)
        return found

    def _root(self) -> Dataset:
        """Whose rows COUNT(*) counts: of what is joined, the one that reaches all others; without it, the first."""
        joined = [*self.datasets.values()]
        if not any(isinstance(count.this, exp.Star) for count in self.tree.find_all(exp.Count)):
            return joined[0]
        root = next((d for d in joined if all(self._reaches(d.name, other.name) for other in joined)), None)
        if root is None:
            # Over a bridge a row is counted once in each group of its members, as their join counts it.
            asked = {column.table for column in self._own()}
            root = next((d for d in joined if all(self._meets(d.name, other.name, asked) for other in joined)), None)
        if root is None:
            raise NotComputable("Rows of two tables would multiply each other.", "Count what one of them holds.")
        return root

    def _reaches(self, start: str, target: str) -> bool:
        return joins_between(self.catalog, start, target) is not None

    def _meets(self, start: str, target: str, asked: set[str]) -> bool:
        is_over_bridge = target in asked and is_crossed(self.catalog, start, target)
        return self._reaches(start, target) or is_over_bridge

    def _refuse_absence(self, joins: list[exp.Join]) -> None:
        """What an outer join lacks is no condition on rows that are there."""
        outer = {self.datasets[join.this.alias_or_name].name for join in joins if join.side}
        for found in self.tree.find_all(exp.Is):
            if isinstance(found.this, exp.Column) and found.this.table in outer:
                raise NotComputable("An outer join looks for what is missing.", "Write NOT IN with a SELECT of keys.")

    def _refuse_unused(self, used: set[str], found: str) -> None:
        """A table that was joined for its rows alone, and that nothing asks for any more, would be lost."""
        asked = {table.name for table in sqlglot.parse_one(found, read="duckdb").find_all(exp.Table)}
        for dataset in self.datasets.values():
            is_kept = dataset.name in used | asked or any(self._reaches(name, dataset.name) for name in used)
            if not is_kept:
                raise NotComputable(f"{dataset.name!r} is joined for nothing.", "Write IN with a SELECT of keys.")

    def _take(self, table: exp.Expr) -> None:
        if not isinstance(table, exp.Table):
            raise RefusedSyntax("A SELECT in FROM cannot be read.", _NO_PLACE)
        found = next((d for d in self.catalog.datasets.values() if table.name in (d.source, d.name)), None)
        if found is None:
            raise UnknownName(f"Unknown table {table.name!r}.", _NO_PLACE)
        if found in self.datasets.values():
            raise NotComputable(f"{found.name!r} stands there twice.", "Ask about one of them.")
        self.datasets[table.alias_or_name] = found

    def _own(self) -> list[exp.Column]:
        return [column for column in self.tree.find_all(exp.Column) if column.parent_select is self.tree]

    def _qualify(self) -> None:
        aliases = {item.alias for item in self.tree.expressions if isinstance(item, exp.Alias)}
        for column in self._own():
            if column.name in aliases and not column.table:
                continue
            dataset, field = self._owner(column)
            column.replace(exp.column(field, dataset.name))

    def _owner(self, column: exp.Column) -> tuple[Dataset, str]:
        """Whose column it is: of the table that it names, else of the only one that has it, joined or not."""
        said = [self.datasets[column.table]] if column.table in self.datasets else []
        for among in (said, self.datasets.values(), self.catalog.datasets.values()):
            named = [(dataset, field) for dataset in among if (field := _field(dataset, column.name))]
            if len(named) == 1:
                return named[0]
        raise UnknownName(f"Unknown column {column.sql()!r}.", _NO_PLACE)

    def _loosen(self, join: exp.Join) -> None:
        """Take away the keys of a join that its tables do not have, or that lead nowhere: which way two tables are
        joined is the catalog's.
        """
        if join.args.get("using") or join.args.get("on") is None:
            raise NotComputable("A join names no columns.", "Write ON.")
        parts = _conjuncts(join.args["on"])
        kept = [part for part in parts if not self._is_loose(part)]
        join.set("on", exp.and_(*kept) if kept else None)

    def _is_loose(self, part: exp.Expr) -> bool:
        if not isinstance(part, exp.EQ):
            return False
        ends = [end for end in (part.this, part.expression) if isinstance(end, exp.Column)]
        owners = [self.datasets.get(end.table) for end in ends]
        if len(ends) != 2 or None in owners or ends[0].table == ends[1].table:
            return False
        one, other = (owner for owner in owners if owner)
        fields = [_field(owner, end.name) for owner, end in zip((one, other), ends, strict=True)]
        is_known = all(fields) and self._is_related(*_sorted((one.name, fields[0]), (other.name, fields[1])))
        is_key = all(not name or split_name(name)[-1] in _KEY_WORDS for name in fields)
        ways = (joins_between(self.catalog, *pair) for pair in ((one.name, other.name), (other.name, one.name)))
        return not is_known and is_key and any(way is not None for way in ways)

    def _check(self, join: exp.Join) -> None:
        """Its columns are those of a relationship; what else it demands becomes a condition."""
        if join.args.get("on") is None:
            return
        pairs: dict[tuple[str, str], set[tuple[str, str]]] = {}
        for part in _conjuncts(join.args["on"]):
            ends = [end for end in (part.this, part.args.get("expression")) if isinstance(end, exp.Column)]
            if isinstance(part, exp.EQ) and len({end.table for end in ends}) == 2:
                (a, x), (b, y) = sorted((end.table, end.name) for end in ends)
                pairs.setdefault((a, b), set()).add((x, y))
            elif join.side:
                # Of rows that have none, it says nothing: as a condition it would leave them out.
                raise NotComputable("A condition stands in an outer join.", "Put it into WHERE.")
            else:
                self.conditions.append(part)
        if not pairs or not all(self._is_related(*tables, columns) for tables, columns in pairs.items()):
            raise NotComputable("A join is no relationship of the catalog.", "Join tables by their keys.")

    def _is_related(self, first: str, second: str, columns: set[tuple[str, str]]) -> bool:
        for step in self.catalog.relationships:
            if {step.from_dataset, step.to_dataset} != {first, second} or step.role or step.broken:
                continue
            ends = (step.from_columns, step.to_columns)
            mine, others = ends if step.from_dataset == first else ends[::-1]
            datasets = self.catalog.datasets[first], self.catalog.datasets[second]
            if {(_field(datasets[0], x), _field(datasets[1], y)) for x, y in zip(mine, others, strict=True)} == columns:
                return True
        return False

    def _bare(self) -> None:
        """Names of columns become what they name; groups are those that are shown."""
        named = {item.alias: item.this for item in self.tree.expressions if isinstance(item, exp.Alias)}
        self.tree.set("expressions", [item.unalias() for item in self.tree.expressions])
        group = self.tree.args.get("group")
        shown = {item.sql() for item in self.tree.expressions}
        for part in ("order", "having"):
            clause = self.tree.args.get(part)
            for column in [*clause.find_all(exp.Column)] if clause else []:
                if not column.table and column.name in named:
                    column.replace(named[column.name].copy())
        figures = [item for item in self.tree.expressions if item.find(exp.AggFunc)]
        plain = [item for item in self.tree.expressions if not item.find(exp.AggFunc)]
        if group and not figures:
            self.tree.set("distinct", exp.Distinct())
        if figures and plain and not group:
            raise NotComputable("Columns and figures stand side by side without a group.", "Write GROUP BY.")
        for item in group.expressions if group else []:
            is_number = isinstance(item, exp.Literal)
            is_key = isinstance(item, exp.Column) and item.table and self._is_key(item)
            if not (is_number or is_key or item.sql() in shown or (not item.table and item.name in named)):
                raise NotComputable("A group is not shown.", "Show what it groups by.")

    def _is_key(self, column: exp.Column) -> bool:
        # A key that its rows point with stands for the thing as well as the thing's own.
        dataset = self.catalog.datasets[column.table]
        item = dataset.fields.get(column.name)
        return item is not None and (
            (item.expression,) == tuple(dataset.primary_key) or split_name(item.name)[-1] in _KEY_WORDS
        )


def _sorted(*ends: tuple[str, str]) -> tuple[str, str, set[tuple[str, str]]]:
    (first, x), (second, y) = sorted(ends)
    return first, second, {(x, y)}


def _field(dataset: Dataset, column: str) -> str:
    """The field of a physical column; "" for none."""
    wanted = column.lower()
    return next(
        (f.name for f in dataset.fields.values() if f.is_named and wanted in (f.expression.lower(), f.name.lower())), ""
    )


def _conjuncts(node: exp.Expr) -> list[exp.Expr]:
    inner = node.unnest()
    return [*_conjuncts(inner.this), *_conjuncts(inner.expression)] if isinstance(inner, exp.And) else [inner.copy()]
