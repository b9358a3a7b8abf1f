"""A SELECT of rows that computes (CASE, arithmetic, windows, QUALIFY, DISTINCT), or counts rows chosen by many others,
as one SELECT around another: the inner one takes rows by name, the outer one computes over them.
"""

from __future__ import annotations

from sqlglot import exp

from t2sql.catalog import Catalog
from t2sql.compiler.calendar.time_conditions import grain_name
from t2sql.compiler.rows.ad_hoc import aggregates
from t2sql.compiler.rows.field_names import FieldNames, dataset_named, named_fields
from t2sql.compiler.words.clauses import inner_of, order_of
from t2sql.compiler.words.conditions import grain_call
from t2sql.compiler.words.spelling import as_written, heading, own_columns, own_nodes, table_of


def layered(select: exp.Select, catalog: Catalog) -> exp.Select | None:
    """`select` FROM a dataset as two; None where it only takes rows, or aggregates them by their own values alone."""
    table = table_of(select)
    dataset = dataset_named(catalog, table.name) if table is not None else None
    if table is None or dataset is None:
        return None
    if next(aggregates(select), None) is not None:
        if not _looks_at_many(select, FieldNames(catalog, dataset, table.alias)):
            return None
    elif select.args.get("group") or _is_plain(select):
        return None
    inner = exp.Select()
    inner.set("from_", select.args["from_"].copy())
    if select.args.get("where"):
        inner.set("where", select.args["where"].copy())
    outer = select.copy()
    outer.set("where", None)
    _Split(outer, inner).move()
    if not inner.expressions:
        # Rows are counted, whatever they show.
        first = next((item.name for item in named_fields(dataset)), "")
        inner.select(exp.column(exp.to_identifier(first, quoted=True)), copy=False)
    alias = exp.TableAlias(this=exp.to_identifier(table.alias or table.name))
    outer.set("from_", exp.From(this=exp.Subquery(this=inner, alias=alias)))
    return outer


def _is_plain(select: exp.Select) -> bool:
    items = [inner_of(item) for item in select.expressions]
    order = [item.this for item in order_of(select) if not isinstance(item.this, exp.Literal)]
    return all(_is_taken(item) for item in (*items, *order)) and not any(
        select.args.get(clause) for clause in ("qualify", "distinct")
    )


def _looks_at_many(select: exp.Select, names: FieldNames) -> bool:
    """Whether rows are chosen by many rows of another dataset, so that they must be chosen before they are counted."""
    where = select.args.get("where")
    columns = own_columns(where.this) if where else []
    return any(not grain_name(column) and names.read(column).many for column in columns)


def _is_taken(node: exp.Expr) -> bool:
    """A name, *, or a date by a grain: what the inner SELECT can take."""
    if isinstance(node, (exp.Column, exp.Star)):
        return True
    name, column, _is_first_day = grain_call(node)
    return column is not None and bool(name) and grain_name(exp.column(name)) is not None


class _Split:
    """Moves what is taken from rows out of the outer SELECT, and leaves its name there."""

    def __init__(self, outer: exp.Select, inner: exp.Select) -> None:
        self.outer, self.inner = outer, inner
        self.taken: dict[str, str] = {}
        """What is taken, as written in small letters -> its name in the inner SELECT."""
        self.headings = {i.alias.lower() for i in outer.expressions if isinstance(i, exp.Alias)}

    def move(self) -> None:
        """Raises nothing: names that mean nothing are refused where the inner SELECT is read."""
        for item in [*self.outer.expressions]:
            node = inner_of(item)
            if isinstance(node.this if isinstance(node, exp.Column) else node, exp.Star):
                self.inner.select(node.copy(), copy=False)
                continue
            if not isinstance(item, exp.Alias) and item.find(exp.Column) is not None:
                title = item.name if isinstance(item, exp.Column) else heading(item)
                item.replace(exp.alias_(item.copy(), exp.to_identifier(title, quoted=True)))
        is_aggregated = next(aggregates(self.outer), None) is not None
        if is_aggregated and not self.outer.args.get("group"):
            groups = [inner_of(i).copy() for i in self.outer.expressions if i.find(exp.AggFunc) is None]
            self.outer.set("group", exp.Group(expressions=groups) if groups else None)
        for item in [*self.outer.expressions]:
            self._take(item, set())
        for clause in ("group", "having", "qualify", "order"):
            if self.outer.args.get(clause):
                self._take(self.outer.args[clause], self.headings)

    def _take(self, node: exp.Expr, headings: set[str]) -> None:
        found = [n for n in own_nodes(node) if _is_taken(n) and not isinstance(n, exp.Star)]
        inside = {id(c) for n in found if not isinstance(n, exp.Column) for c in n.find_all(exp.Column)}
        for part in found:
            is_name = isinstance(part, exp.Column)
            if id(part) in inside or (is_name and isinstance(part.this, exp.Star)):
                continue
            if is_name and not part.args.get("table") and part.name.lower() in headings:
                continue
            part.replace(exp.column(exp.to_identifier(self._name(part))))

    def _name(self, part: exp.Expr) -> str:
        text = as_written(part).lower()
        if text not in self.taken:
            plain = part.name if isinstance(part, exp.Column) else text
            name, number = plain, 1
            while name.lower() in (n.lower() for n in self.taken.values()):
                number += 1
                name = f"{plain}_{number}"
            self.taken[text] = name
            self.inner.select(exp.alias_(part.copy(), exp.to_identifier(name, quoted=True)), copy=False)
        return self.taken[text]
