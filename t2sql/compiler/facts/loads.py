"""What is loaded, asked of the database: dates and rows of each dataset's loads, unfiltered, since a load calendar is
nobody's secret and must not move with rights.

Reads the load calendar where one is declared, else the days of the rows themselves.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from t2sql.catalog import Catalog, Dataset, Display
from t2sql.compiler.facts.sources import FactSource
from t2sql.compiler.trees import table
from t2sql.policy import Grant, Narrowed, Principal


def loads_query(catalog: Catalog, dataset: Dataset) -> tuple[exp.Select, Mapping[str, Grant]]:
    """SELECT as_of, load_rows of one dated dataset, oldest first, and what it must be let read."""
    everything = Narrowed(catalog, Principal("loads", (), Display("加载", "loads")), {}, (), {})
    calendar = dataset.load_calendar
    if calendar:
        names = (calendar.key_column, calendar.date_column, calendar.rows_column)
        read = exp.select(*map(exp.column, names)).from_(table(calendar.source))
        read = read.where(exp.column(calendar.key_column).eq(exp.Literal.string(calendar.key)))
        shown = (exp.column(calendar.date_column, "loads").as_("as_of"), exp.column(calendar.rows_column, "loads"))
        select = exp.select(shown[0], shown[1].as_("load_rows")).from_(read.subquery("loads"))
        return select.order_by("as_of"), {calendar.source: Grant(frozenset(names), frozenset())}
    fact = FactSource(everything, dataset)
    day = fact.time(dataset.time_dimension)
    select = exp.select(day.as_("as_of"), exp.Count(this=exp.Star()).as_("load_rows"))
    select = fact.attach(select, dataset.time_dimension, (), False)
    select = select.where(day.is_(exp.Null()).not_()).group_by(day.copy()).order_by("as_of")
    return select, _grants(select)


def _grants(select: exp.Select) -> Mapping[str, Grant]:
    """The columns of each source subquery, by table."""
    found: dict[str, set[str]] = {}
    for read in select.find_all(exp.Table):
        source = read.find_ancestor(exp.Select)
        assert source is not None
        # As definitions name it, without the quotes that a space asks for.
        name = ".".join(part.name for part in read.parts)
        found.setdefault(name, set()).update(c.name for c in source.find_all(exp.Column))
    return {name: Grant(frozenset(names), frozenset()) for name, names in found.items()}
