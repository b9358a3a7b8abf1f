"""Which dataset's rows a SELECT over fields is about, and the SELECT as one FROM it.

The llm names fields as `dataset.field` and joins nothing. Here its text becomes semantic SQL over one dataset that
reaches the others many-to-one, so that no row is counted twice; conditions on datasets that lie elsewhere choose rows
by their keys. Never adds a column or a condition.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from t2sql.adhoc.figures import key_of
from t2sql.catalog import Catalog
from t2sql.compiler.words.spelling import own_columns, own_nodes
from t2sql.errors import NotComputable, RefusedSyntax
from t2sql.paths import is_reached, joins_between


def rooted(text: str, catalog: Catalog) -> str:
    """The SELECT `text` over qualified fields as semantic SQL FROM one dataset. Raises QueryError."""
    try:
        tree = sqlglot.parse_one(text, read="duckdb")
    except SqlglotError:
        raise RefusedSyntax("Not valid SQL.", "Write one SELECT.") from None
    if not isinstance(tree, exp.Select):
        raise RefusedSyntax("Only one SELECT can be asked.", "Write one SELECT.")
    return _Rooting(tree, catalog).done().sql("duckdb")


class _Rooting:
    """One SELECT on its way to one dataset."""

    def __init__(self, tree: exp.Select, catalog: Catalog) -> None:
        self.tree, self.catalog = tree, catalog
        self.table: str = tree.args["from_"].this.name
        where = tree.args.get("where")
        self.conditions = [*_conjuncts(where.this)] if where else []
        tree.set("where", None)
        tree.set("group", None)

    def done(self) -> exp.Select:
        root = self._root(_named(self.tree))
        kept: list[exp.Expr] = []
        elsewhere: list[exp.Expr] = []
        for condition in self.conditions:
            is_near = all(self._has(root, column) for column in _named(condition))
            (kept if is_near else elsewhere).append(condition)
        kept += self._chosen(root, elsewhere)
        for condition in kept:
            self.tree.where(condition, copy=False)
        self.tree.set("from_", exp.From(this=exp.to_table(root)))
        self._count_things(root)
        for column in own_columns(self.tree):
            if column.table == root:
                column.set("table", None)
        return self._layered()

    def _count_things(self, root: str) -> None:
        """COUNT of what stands for a row: of the root, its rows; of another dataset, each of its rows once."""
        for count in [node for node in own_nodes(self.tree) if isinstance(node, exp.Count)]:
            column = count.this
            if not isinstance(column, exp.Column) or column.table not in self.catalog.datasets:
                continue
            dataset = self.catalog.datasets[column.table]
            if column.name != key_of(dataset):
                continue
            is_key = (dataset.fields[column.name].expression,) == tuple(dataset.primary_key)
            if column.table == root and not is_key:
                # Without a key of one field, the first field stands for the row, and may be empty.
                count.set("this", exp.Star())
            elif column.table != root and is_key:
                count.set("this", exp.Distinct(expressions=[column.copy()]))

    def _has(self, start: str, column: exp.Column) -> bool:
        """Whether rows of `start` have what a column names: many-to-one, or a dimension over a bridge."""
        if joins_between(self.catalog, start, column.table) is not None:
            return True
        wanted = (column.table, column.name, "")
        found = next((d for d in self.catalog.dimensions.values() if (d.dataset, d.field, d.role) == wanted), None)
        return found is not None and is_reached(self.catalog, start, found)

    def _root(self, shown: Sequence[exp.Column]) -> str:
        """The dataset named FROM where it has all that is shown, else the nearest one that does."""
        if all(self._has(self.table, column) for column in shown):
            return self.table
        named = {column.table for column in shown}
        wanted = {*named, self.table}
        found: str | None = self._nearest(wanted) or self._nearest(named)
        if found is None:
            known = sorted(named & self.catalog.datasets.keys())
            over = (name for name in known if all(self._has(name, column) for column in shown))
            found = next(over, None)
        if found is None:
            raise NotComputable(
                f"No dataset has all of {', '.join(sorted(wanted))}.",
                "Ask for fields of datasets that belong together.",
            )
        return found

    def _nearest(self, wanted: Iterable[str]) -> str | None:
        """The dataset with the shortest ways to all of `wanted`."""
        best: tuple[int, str] | None = None
        for name in self.catalog.datasets:
            ways = [joins_between(self.catalog, name, other) for other in wanted]
            if all(way is not None for way in ways):
                length = sum(len(way) for way in ways if way is not None)
                if best is None or length < best[0]:
                    best = (length, name)
        return best[1] if best else None

    def _chosen(self, root: str, conditions: Sequence[exp.Expr]) -> list[exp.Expr]:
        """Conditions on datasets that rows of `root` do not reach, as a list of keys: one for each dataset between."""
        groups: dict[str, list[exp.Expr]] = {}
        for condition in conditions:
            between = self._nearest({root, *_datasets(condition)})
            if between is None:
                raise NotComputable(
                    f"Nothing joins {root!r} with {', '.join(_datasets(condition))}.", "Leave that condition out."
                )
            groups.setdefault(between, []).append(condition)
        return [self._by_key(root, between, found) for between, found in groups.items()]

    def _by_key(self, root: str, between: str, conditions: Sequence[exp.Expr]) -> exp.Expr:
        way = joins_between(self.catalog, between, root)
        assert way is not None
        key = self._field(root, way[-1].to_columns)
        # Asked at the last dataset before the root, whose own column holds the key.
        holder = way[-1].from_dataset
        inner = exp.select(exp.column(self._field(holder, way[-1].from_columns), holder)).from_(exp.to_table(between))
        for condition in conditions:
            inner.where(condition.copy(), copy=False)
        for column in own_columns(inner):
            if column.table == between:
                column.set("table", None)
        return exp.In(this=exp.column(key, root), query=exp.Subquery(this=inner))

    def _field(self, dataset: str, columns: Sequence[str]) -> str:
        """The field that holds the one physical column of a key."""
        found = [f.name for f in self.catalog.datasets[dataset].fields.values() if f.expression == columns[0]]
        if len(columns) != 1 or not found:
            raise NotComputable(f"The key of {dataset!r} is no single field.", "Ask about its own fields alone.")
        return found[0]

    def _layered(self) -> exp.Select:
        """Windows over aggregates as a SELECT around the one that aggregates."""
        if not self.tree.find(exp.Window) or not self.tree.find(exp.AggFunc):
            return self.tree
        inner, outer = self.tree, exp.Select()
        items = [item.unalias() for item in inner.expressions]
        named = [exp.alias_(item.copy(), f"c{n}") for n, item in enumerate(items, 1) if not item.find(exp.Window)]
        names = {alias.this.sql("duckdb"): alias.alias for alias in named}
        columns = [_renamed(item, names) for item in items]
        outer.set("expressions", columns)
        order = inner.args.get("order")
        if order is not None:
            outer.set("order", _renamed(order, names))
            inner.set("order", None)
        if inner.args.get("limit") is not None:
            outer.set("limit", inner.args["limit"].copy())
            inner.set("limit", None)
        inner.set("expressions", named)
        return outer.from_(exp.Subquery(this=inner, alias=exp.TableAlias(this=exp.to_identifier("t"))))


def _renamed(node: exp.Expr, names: dict[str, str]) -> exp.Expr:
    """A copy of `node` in which each expression of `names` is its name."""
    holder = exp.Paren(this=node.copy())
    for part in [*holder.walk()]:
        name = names.get(part.sql("duckdb")) if part is not holder else None
        if name and part.parent is not None:
            part.replace(exp.column(name))
    renamed: exp.Expr = holder.this
    return renamed


def _conjuncts(node: exp.Expr) -> list[exp.Expr]:
    inner = node.unnest()
    return [*_conjuncts(inner.this), *_conjuncts(inner.expression)] if isinstance(inner, exp.And) else [inner.copy()]


def _named(node: exp.Expr) -> list[exp.Column]:
    """The columns of datasets that an expression names itself."""
    return [column for column in own_columns(node) if column.table]


def _datasets(node: exp.Expr) -> tuple[str, ...]:
    """Datasets that an expression names itself, in order."""
    return tuple(dict.fromkeys(column.table for column in own_columns(node) if column.table))
