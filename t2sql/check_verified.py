"""The checked questions of verified.yml under `t2sql check`: whether they are whole, and which the database breaks.

Mends nothing, and decides nothing about the definitions themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from t2sql.catalog import Catalog, Display
from t2sql.check_source import values_of
from t2sql.errors import ConfigError, WarehouseError
from t2sql.findings import Finding, finding_of
from t2sql.policy import Narrowed, Policies, Principal
from t2sql.policy_shapes import PoliciesShape, Role
from t2sql.verified import FILE_NAME, check_entries, read_verified

if TYPE_CHECKING:
    from t2sql.warehouse import Warehouse


def verified_findings(
    folder: Path, catalog: Catalog, warehouse: Warehouse | None, timeout_seconds: float
) -> Iterator[Finding]:
    """Every checked question, over the values of the data where there are any."""
    try:
        entries = read_verified(folder)
        whole = _seeing_all(catalog)
        values = values_of(whole, warehouse, timeout_seconds) if warehouse and entries else None
        for error in check_entries(entries, whole, values):
            yield finding_of(error, folder / FILE_NAME)
    except WarehouseError as error:
        yield Finding("source", "error", error.message, error.hint)
    except ConfigError as error:
        yield finding_of(error, folder / FILE_NAME)


def no_longer_answered(folder: Path, catalog: Catalog, rest: Catalog) -> Iterator[Finding]:
    """The checked questions that stand on what the database no longer bears."""
    try:
        entries = read_verified(folder)
    except ConfigError:
        return
    wrong = {error.message for error in check_entries(entries, _seeing_all(catalog))}
    for error in check_entries(entries, _seeing_all(rest)):
        if error.message not in wrong:
            found = finding_of(error, folder / FILE_NAME)
            yield Finding(found.place, "error", f"since the database changed, {found.message}", found.hint)


def _seeing_all(catalog: Catalog) -> Narrowed:
    everything = Policies(PoliciesShape(roles={"check": Role()}))
    return everything.narrow(catalog, Principal("check", ("check",), Display("检查", "check")))
