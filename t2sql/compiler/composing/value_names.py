"""Other names of a dimension's values (`Shanghai Branch`), looked up for conditions on columns of relations.

Inside a fact the other names stand beside the value; outside only the value is left, so they are read once more, under
the same row filter.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from t2sql.catalog import Dimension
from t2sql.compiler.facts.sources import FactSource
from t2sql.compiler.relation import Names, Relation
from t2sql.policy import Narrowed


class ValueNames:
    """One CTE of (value, other names) a dimension, made when it is needed."""

    def __init__(self, narrowed: Narrowed, names: Names) -> None:
        self.narrowed, self.names = narrowed, names
        self.made: dict[str, Relation] = {}
        """By CTE name."""
        self._of: dict[str, str] = {}

    def having(self, name: str, values: Sequence[exp.Expr]) -> exp.Subquery | None:
        """The stored values that are also called one of `values`; None where the dimension has no other names."""
        dimension = self.narrowed.catalog.dimensions.get(name)
        if dimension is None:
            return None
        item = self.narrowed.catalog.field_of(dimension)
        if not item.alias_expressions or all(v.this in item.aliases for v in values):
            return None
        table = self._of.get(name) or self._make(name, dimension)
        named = [
            exp.In(this=exp.column(f"name_{i}", table), expressions=[v.copy() for v in values])
            for i in range(len(item.alias_expressions))
        ]
        return exp.select(exp.column("value", table)).from_(table).where(exp.or_(*named)).subquery(copy=False)

    def _make(self, name: str, dimension: Dimension) -> str:
        catalog = self.narrowed.catalog
        item = catalog.field_of(dimension)
        fact = FactSource(self.narrowed, catalog.datasets[dimension.dataset])
        columns = [fact.own(item.expression).as_("value")]
        columns += [fact.own(text).as_(f"name_{i}") for i, text in enumerate(item.alias_expressions)]
        select = fact.attach(exp.select(*columns), "", (), False)
        select = select.group_by(*(c.this.copy() for c in columns))
        table = self._of[name] = self.names.new(f"names_of_{name}")
        self.made[table] = Relation(((table, select),), select, (), frozenset())
        return table
