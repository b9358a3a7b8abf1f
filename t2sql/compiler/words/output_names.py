"""Names that AS gives: none may be a name of the catalog that means something else."""

from __future__ import annotations

from sqlglot import exp

from t2sql.catalog import GRAINS, Catalog
from t2sql.compiler.composing.projection import Item
from t2sql.compiler.words.clauses import inner_of
from t2sql.errors import RefusedSyntax


def check_names(select: exp.Select, items: tuple[Item, ...], catalog: Catalog) -> None:
    """Raises RefusedSyntax where an alias is taken. `items`: the columns of `select`, in order."""
    for item, source in zip(items, select.expressions, strict=True):
        inner = inner_of(source)
        is_itself = isinstance(inner, exp.Column) and inner.name.lower() == item.name.lower()
        taken = item.name.lower() in (*catalog.metrics, *catalog.dimensions, *GRAINS)
        if item.is_named and taken and not is_itself:
            raise RefusedSyntax(
                f"{item.name!r} already means something else, so it cannot name a column.",
                "Choose another name after AS, or none.",
            )
