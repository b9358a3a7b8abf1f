"""Values named otherwise than stored (`branch = 'Shanghai Branch'`): conditions that also look at a value's other
names.

Trees only. A dimension whose other names stand in columns is compared with each of them; values listed in the catalog
are
known and were replaced before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from sqlglot import exp

from t2sql.catalog import Catalog, Dimension
from t2sql.compiler.request import Computed, Group


def by_any_name(
    condition: exp.Expr,
    dimensions: Mapping[str, Group],
    catalog: Catalog,
    others: Callable[[Dimension], list[exp.Expr]],
) -> exp.Expr:
    """`d = 'x'` as d or any other name of it = 'x', unless 'x' is known to be stored so."""
    holder = exp.Paren(this=condition.copy())
    for part, dimension in _parts(holder, dimensions, catalog):
        parts = [part.copy()]
        for name in others(dimension):
            other = part.copy()
            next(iter(other.find_all(exp.Column))).replace(name.copy())
            parts.append(other)
        if len(parts) > 1:
            join = exp.and_ if isinstance(part, exp.NEQ) else exp.or_
            part.replace(exp.paren(join(*parts), copy=False))
    inner: exp.Expr = holder.this
    return inner


def carried_names(
    conditions: Iterable[exp.Expr], dimensions: Mapping[str, Group], catalog: Catalog
) -> dict[str, list[str]]:
    """Dimension -> names of the columns that must travel beside it, for conditions that come after facts meet."""
    found: dict[str, list[str]] = {}
    for condition in conditions:
        for _part, dimension in _parts(exp.Paren(this=condition.copy()), dimensions, catalog):
            texts = catalog.field_of(dimension).alias_expressions
            if texts and not dimension.grain:
                found[dimension.name] = [f"{dimension.name}__name_{i}" for i in range(len(texts))]
    return found


def _parts(holder: exp.Expr, dimensions: Mapping[str, Group], catalog: Catalog) -> list[tuple[exp.Expr, Dimension]]:
    """Comparisons of one dimension with values that are not known to be stored so."""
    found: list[tuple[exp.Expr, Dimension]] = []
    for part in [*holder.find_all(exp.EQ, exp.NEQ, exp.In)]:
        columns = [*part.find_all(exp.Column)]
        if len(columns) != 1 or columns[0].name not in dimensions:
            continue
        dimension = dimensions[columns[0].name]
        if isinstance(dimension, Computed):
            continue
        stored = catalog.field_of(dimension).aliases
        if not all(literal.this in stored for literal in part.find_all(exp.Literal)):
            found.append((part, dimension))
    return found
