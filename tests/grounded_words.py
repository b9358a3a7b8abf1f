"""A grounding of the demo bank's catalog over a few values, for tests of what words say: no database, no index."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from t2sql.catalog import Catalog
from t2sql.flow import Context, Question
from t2sql.grounding import Grounding, NameIndex, ValueEntry, ValueIndex
from t2sql.reading.leftovers import leftovers
from t2sql.reading.readings import readings

TODAY, LAST_LOAD = date(2026, 7, 10), date(2026, 6, 30)


def grounding_over(catalog: Catalog, named: Iterable[tuple[str, str, str]], coded: Iterable[str]) -> Grounding:
    """`named`: (dimension, value, another name); `coded`: dimensions whose values stand in the catalog."""
    entries = [ValueEntry(dimension, value, (alias,)) for dimension, value, alias in named]
    for name in coded:
        aliases = catalog.field_of(catalog.dimensions[name]).aliases
        entries += [ValueEntry(name, value, tuple(others)) for value, others in aliases.items()]
    return Grounding(catalog, ValueIndex.build(entries), NameIndex.build(catalog), lambda text: [])


def ground(grounding: Grounding, text: str) -> Context:
    """What a question of the clock's day mentions."""
    return grounding.ground(Question(text, "hq", TODAY, "zh"), LAST_LOAD)


def assert_read(grounding: Grounding, catalog: Catalog, line: str) -> None:
    """`line`: "question | its likeliest reading, SELECT and FROM left out"; nothing of the question is left."""
    text, _, expected = line.partition(" | ")
    context = ground(grounding, text)
    assert context.ungrounded == ()
    first = readings(context, catalog)[0].semantic_sql
    assert first.removeprefix("SELECT ").replace(f" FROM {catalog.name}", "") == expected
    assert leftovers(context, first, catalog) == ()


def assert_told(grounding: Grounding, catalog: Catalog, text: str) -> None:
    """Grounding or every reading leaves something of the question, so that it is never answered as it stands."""
    context = ground(grounding, text)
    found = readings(context, catalog)
    assert context.ungrounded or all(leftovers(context, one.semantic_sql, catalog) for one in found)
