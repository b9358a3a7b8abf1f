"""What the searchable fields hold, read from the warehouse under the rights of one principal.

Every list is compiled and certified like a question: a value in a row that the principal may not see is in none.
"""

from __future__ import annotations

from collections.abc import Iterator

from t2sql.catalog import Dimension
from t2sql.compiler import compile_values
from t2sql.flow import Note
from t2sql.grounding import ValueEntry
from t2sql.grounding.values.places import PLACES
from t2sql.grounding.values.register import NameRegister, written_names
from t2sql.policy import Narrowed
from t2sql.unknown_values import asked_values, unknown_value
from t2sql.warehouse import Warehouse

LIST_SECONDS = 30.0


class StoredValues:
    """Values of one warehouse. Safe to use from several threads."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse

    def entries(self, narrowed: Narrowed) -> Iterator[ValueEntry]:
        """Searchable values of the plain dimensions, with their aliases, out of the rows the principal may see."""
        places = {d.dataset for d in narrowed.catalog.dimensions.values() if d.name in PLACES}
        for dimension in narrowed.catalog.dimensions.values():
            item = narrowed.catalog.field_of(dimension)
            if dimension.role or item.is_time or not item.searchable:
                continue
            for value, names in self.of(narrowed, dimension).items():
                yield ValueEntry(dimension.name, value, names, dimension.dataset in places)

    def registers(self, narrowed: Narrowed) -> dict[str, NameRegister]:
        """Dimension -> its very many names, where they are looked up so, out of the rows the principal may see."""
        found = {}
        for dimension in narrowed.catalog.dimensions.values():
            if narrowed.catalog.field_of(dimension).is_registered and not dimension.role:
                listed = compile_values(narrowed, dimension, is_counted=True, dialect=self.warehouse.dialect)
                rows = self.warehouse.rows(listed, timeout_seconds=LIST_SECONDS)
                shared = {str(row[0]) for row in rows if row[0] is not None and row[-1] > 1}
                found[dimension.name] = NameRegister(written_names(rows), shared)
        return found

    def of(self, narrowed: Narrowed, dimension: Dimension) -> dict[str, tuple[str, ...]]:
        """Value -> its aliases, out of the rows the principal may see. Raises WarehouseError."""
        item = narrowed.catalog.field_of(dimension)
        found: dict[str, dict[str, None]] = {}
        listed = compile_values(narrowed, dimension, dialect=self.warehouse.dialect)
        for value, *aliases in self.warehouse.rows(listed, timeout_seconds=LIST_SECONDS):
            if value is not None:
                names = found.setdefault(str(value), {})
                names.update(dict.fromkeys(str(a) for a in aliases if a is not None))
        return {value: (*names, *item.aliases.get(value, ())) for value, names in found.items()}

    def unknown(self, semantic_sql: str, narrowed: Narrowed) -> tuple[Note, ...]:
        """Values in the conditions that are none, among the rows the principal may see. Raises WarehouseError."""
        catalog = narrowed.catalog
        notes = []
        for name, asked in asked_values(semantic_sql, catalog).items():
            dimension = catalog.dimensions[name]
            item = catalog.field_of(dimension)
            # What is not searchable is personal or too much to read.
            if item.searchable and not item.is_time:
                notes.append(unknown_value(name, asked, self.of(narrowed, dimension), catalog))
        return tuple(note for note in notes if note is not None)
