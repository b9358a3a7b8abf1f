"""Writes a random warehouse as an installation would hold it: tables in DuckDB, definitions and rights as YAML."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from oracle.shape import FACTS, LOOKUP_DIMENSIONS, LOOKUPS, METRICS, ROLE_FIELDS, ZONE_ALIASES, Metric
from oracle.warehouse import Knobs, Warehouse

TYPES = {"amount": "DECIMAL(18, 2)", "row_count": "INTEGER", "spot": "DECIMAL(12, 4)", "mean": "DECIMAL(12, 4)"}
COLUMNS = {
    "units": ("unit_id", "unit", "zone", "city"),
    "clients": ("client_id", "kind", "grade", "home_id"),
    "items": ("item_id", "line"),
    "books": (
        "book_id",
        "as_of",
        "unit_id",
        "manager_id",
        "client_id",
        "item_id",
        "ccy",
        "risk",
        "grade_then",
        "amount",
    ),
    "days": ("day_id", "as_of", "unit_id", "item_id", "amount"),
    "moves": ("move_id", "moved_on", "unit_id", "client_id", "channel", "amount"),
    "calls": ("call_id", "called_on", "unit_id", "client_id", "item_id", "ccy", "amount"),
    "ledger": ("entry_id", "month_end", "unit_id", "account", "amount"),
    "rates": ("rated_on", "code", "spot", "mean"),
    "loads": ("table_name", "loaded_on", "row_count"),
}
DATES = {"as_of", "moved_on", "called_on", "month_end", "rated_on", "loaded_on"}
ROLES = {"all": None, "north": ["north"], "two": ["north", "south"]}


def fill(connection: duckdb.DuckDBPyConnection, warehouse: Warehouse) -> None:
    """Make and fill every table, in place of those of the warehouse before."""
    tables = dict(warehouse.tables)
    tables["loads"] = [
        {"table_name": fact, "loaded_on": day, "row_count": 10}
        for fact, days in warehouse.recorded.items()
        for day in days
    ]
    for name, columns in COLUMNS.items():
        typed = ", ".join(f"{column} {_type(column)}" for column in columns)
        connection.execute(f"CREATE OR REPLACE TABLE raw_{name} ({typed})")
        if tables[name]:
            rows = ", ".join(f"({', '.join(_literal(row[c]) for c in columns)})" for row in tables[name])
            connection.execute(f"INSERT INTO raw_{name} VALUES {rows}")


def _type(column: str) -> str:
    if column in DATES:
        return "DATE"
    return TYPES.get(column, "INTEGER" if column.endswith("_id") else "VARCHAR")


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    return f"DATE '{value}'" if isinstance(value, date) else f"'{value}'" if isinstance(value, str) else str(value)


def write(folder: Path, knobs: Knobs) -> Path:
    """Write model.yml and policies.yml for warehouses of these knobs. JSON is YAML too, and is read faster."""
    model = {
        "name": "small",
        "datasets": [_looked_up(name) for name in LOOKUPS] + [_fact(name, knobs) for name in FACTS],
        "relationships": _relationships(),
        "metrics": [_metric(metric, index) for index, metric in enumerate(METRICS.values())],
        "t2sql": {
            "rates": {
                "source": "raw_rates",
                "date_column": "rated_on",
                "currency_column": "code",
                "period_end_column": "spot",
                "average_column": "mean",
                "reporting_currency": "CNY",
            }
        },
    }
    rule = {"dimension": "zone", "through": {"clients": "home_zone"}, "open": ["items"]}
    policies = {
        "roles": {name: {"rows": {**rule, "values": zones}} if zones else {} for name, zones in ROLES.items()},
        "principals": {name: {"roles": [name]} for name in ROLES},
    }
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in (
        ("model.yml", {"version": "0.1.1", "semantic_model": [model]}),
        ("policies.yml", policies),
    ):
        (folder / file).write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    return folder


def _display(text: str) -> dict[str, str]:
    return {"zh": f"{text}之数", "en": text.replace("_", " ")}


def _field(name: str, dimension: bool, **extension: Any) -> dict[str, Any]:
    shape: dict[str, Any] = {"name": name, "expression": name, "t2sql": {"display": _display(name), **extension}}
    return {**shape, "dimension": {}} if dimension else shape


def _looked_up(name: str) -> dict[str, Any]:
    fields = []
    for dimension in LOOKUP_DIMENSIONS[name]:
        aliases = {value: [alias] for value, alias in ZONE_ALIASES.items()} if dimension == "zone" else {}
        fields.append(_field(dimension, True, is_enum=True, aliases=aliases))
    return {"name": name, "source": f"raw_{name}", "primary_key": [LOOKUPS[name]], "fields": fields}


def _fact(name: str, knobs: Knobs) -> dict[str, Any]:
    fact = FACTS[name]
    fields = [
        _field(f, False, **({"currency_field": "ccy"} if f == "amount" and "ccy" in fact.fields else {}))
        for f in fact.fields
    ]
    for column, dimension in fact.own:
        conforms = {"conforms_to": "grade"} if dimension == "grade_then" else {}
        fields.append(_field(column, True, is_enum=True, **conforms))
    extension: dict[str, Any] = {"time_dimension": fact.dated_by, "display": _display(name)}
    if fact.is_stock:
        extension["snapshot_grain"] = "month" if fact.kind == "month_stock" else "day"
    if fact.kind == "month_flow":
        extension["row_grain"] = "month"
    if name in knobs.calendars:
        extension["load_calendar"] = {
            "source": "raw_loads",
            "key_column": "table_name",
            "key": name,
            "date_column": "loaded_on",
            "rows_column": "row_count",
        }
    return {"name": name, "source": f"raw_{name}", "primary_key": [fact.key], "fields": fields, "t2sql": extension}


def _relationships() -> list[Mapping[str, Any]]:
    links = [(fact.name, column, table, role) for fact in FACTS.values() for column, table, role in fact.links]
    found = []
    for source, column, table, role in [*links, ("clients", "home_id", "units", "home")]:
        named = {"role": role, "display": _display(role), "fields": list(ROLE_FIELDS[role])} if role else {}
        found.append(
            {
                "name": f"{source}_{column}",
                "from": source,
                "to": table,
                "from_columns": [column],
                "to_columns": [LOOKUPS[table]],
                "t2sql": named,
            }
        )
    return found


def _metric(metric: Metric, index: int) -> dict[str, Any]:
    extension: dict[str, Any] = {"unit": metric.unit, "display": _display(f"{metric.name}_{index}")}
    if metric.default:
        extension["default_period"] = metric.default
    if metric.kind == "ratio":
        extension |= {"type": "ratio", "numerator": metric.parts[0], "denominator": metric.parts[1]}
        return {"name": metric.name, "t2sql": extension}
    if metric.kind == "derived":
        terms = "".join(f"{' + ' if s > 0 else ' - '}{p}" for s, p in zip(metric.signs, metric.parts, strict=True))
        return {"name": metric.name, "expression": terms[3:], "t2sql": {**extension, "type": "derived"}}
    if metric.is_average:
        extension["window_choice"] = "avg"
    if metric.where:
        extension["filter"] = _condition(metric)
    inner = f"{metric.fact}.{metric.field}"
    distinct = metric.aggregate == "COUNT DISTINCT"
    expression = f"COUNT(DISTINCT {inner})" if distinct else f"{metric.aggregate}({inner})"
    return {"name": metric.name, "expression": expression, "t2sql": extension}


def _condition(metric: Metric) -> str:
    assert metric.where is not None
    name, operator, values = metric.where
    qualified = name if "." in name else f"{metric.fact}.{name}"
    listed = ", ".join(_literal(value) for value in values)
    return f"{qualified} {operator} ({listed})" if operator == "IN" else f"{qualified} {operator} {listed}"
