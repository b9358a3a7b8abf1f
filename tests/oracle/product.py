"""The product's side: what `compile_sql` makes of a text, run on the random warehouse."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from t2sql.compiler import compile_loads, compile_sql
from t2sql.errors import QueryError
from t2sql.flow import Load, Loads
from t2sql.ossie import read_catalog
from t2sql.policy import Narrowed, Policies

from oracle.files import ROLES, fill, write
from oracle.warehouse import Knobs, Warehouse

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Refused:
    """A QueryError or a guard that fired, in one line."""

    kind: str
    message: str


@cache
def narrowed_by_principal(calendars: frozenset[str]) -> tuple[Any, Mapping[str, Narrowed]]:
    """The catalog and what each principal may know of it. Definitions differ only by which facts record their loads."""
    from datetime import date

    with tempfile.TemporaryDirectory() as name:
        knobs = Knobs(0, date(2024, 1, 1), 1, 1, 0, 0, 0, 0, 0, 0, calendars, False, 0, 31)
        folder = write(Path(name), knobs)
        catalog = read_catalog(folder)
        policies = Policies.read(folder, catalog)
        return catalog, {role: policies.narrow(catalog, policies.principal(role)) for role in ROLES}


class Product:
    """One random warehouse in memory, and the compiler over it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, warehouse: Warehouse) -> None:
        self._connection = connection
        fill(connection, warehouse)
        catalog, self._narrowed = narrowed_by_principal(warehouse.knobs.calendars)
        found = {name: connection.execute(c.sql).fetchall() for name, c in compile_loads(catalog).items()}
        self._loads = Loads({name: tuple(Load(*row) for row in rows) for name, rows in found.items()})

    def ask(self, text: str, principal: str = "all") -> Rows | Refused:
        """The rows of the semantic SQL `text`, or why there are none. Anything but a QueryError is raised: a defect."""
        try:
            plan = compile_sql(text, self._narrowed[principal], self._loads)
        except QueryError as error:
            return Refused(type(error).__name__, error.message)
        for guard in plan.guards:
            found = self._connection.execute(guard.physical.sql).fetchall()
            if found:
                return Refused("Guard", guard.message.replace("{}", str(found[0][0])))
        return self._connection.execute(plan.physical.sql).fetchall()

    def physical(self, text: str, principal: str = "all") -> str:
        """The physical SQL, for whoever reads a counterexample."""
        return compile_sql(text, self._narrowed[principal], self._loads).physical.sql
