"""Pieces of semantic SQL as text: names, literals and comparisons. The compiler reads and checks them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import sqlglot
from sqlglot import exp

from t2sql.catalog import Field

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*", re.ASCII)


def expression_of(text: str) -> exp.Expr:
    """A condition or figure as a tree; one that begins with a table called copy or set is no command."""
    return sqlglot.parse_one(text, read="duckdb", into=exp.Condition)


def asked_of(tree: exp.Expr) -> list[exp.Expr]:
    """What a SELECT's WHERE asks of all rows, part by part."""
    where = tree.args.get("where")
    if where is None:
        return []
    return [*where.this.flatten()] if isinstance(where.this, exp.And) else [where.this]


def quoted(name: str) -> str:
    """A name as an identifier, in quotes where it needs them."""
    return name if _PLAIN.fullmatch(name) else '"' + name.replace('"', '""') + '"'


def qualified(dataset: str, field: str) -> str:
    """dataset.field"""
    return f"{quoted(dataset)}.{quoted(field)}"


def text_literal(value: str) -> str:
    """A text in single quotes."""
    return "'" + value.replace("'", "''") + "'"


def number_literal(value: float) -> str:
    """A number without needless decimals."""
    return str(int(value)) if value == int(value) else repr(value)


def literal_for(item: Field, value: str) -> str:
    """A stored value as the field's type wants it."""
    is_number = item.type in ("integer", "number") and re.fullmatch(r"-?\d+(\.\d+)?", value)
    if item.type == "boolean":
        return "TRUE" if value.lower() in ("true", "1", "t", "yes") else "FALSE"
    return value if is_number else text_literal(value)


def equals(name: str, values: Sequence[str], *, is_negated: bool = False) -> str:
    """`name` is one of `values`, which are literals; or none of them."""
    if len(values) == 1:
        return f"{name} {'<>' if is_negated else '='} {values[0]}"
    return f"{name} {'NOT IN' if is_negated else 'IN'} ({', '.join(values)})"


def resembles(name: str, pattern: str, *, is_negated: bool = False) -> str:
    """`name` is written like `pattern`, whatever the case."""
    return f"{name} {'NOT ILIKE' if is_negated else 'ILIKE'} {text_literal(pattern)}"


def within_days(name: str, first: date | None, last: date | None) -> str:
    """A date, or a moment, from the first day to the end of the last."""
    parts = [f"{name} >= '{first.isoformat()}'"] if first else []
    if last:
        parts.append(f"{name} < '{(last + timedelta(days=1)).isoformat()}'")
    return " AND ".join(parts)


def within_numbers(name: str, first: int | None, last: int | None, *, is_text: bool = False) -> str:
    """A number from the first to the last, both included; `is_text`: stored as text."""
    low, high = (text_literal(str(n)) if is_text else str(n) for n in (first, last))
    if first is not None and first == last:
        return f"{name} = {low}"
    parts = [f"{name} >= {low}"] if first is not None else []
    if last is not None:
        parts.append(f"{name} <= {high}")
    return " AND ".join(parts)


def bounded(name: str, operator: str, value: float, upper: float | None) -> str:
    """A number compared with a field."""
    if operator == "between" and upper is not None:
        return f"{name} BETWEEN {number_literal(value)} AND {number_literal(upper)}"
    return f"{name} {operator} {number_literal(value)}"


def select(
    columns: Sequence[str],
    dataset: str,
    conditions: Iterable[str] = (),
    *,
    groups: Sequence[str] = (),
    having: str = "",
    qualify: str = "",
    order: Sequence[str] = (),
    limit: int = 0,
    is_distinct: bool = False,
    is_any: bool = False,
) -> str:
    """One SELECT over the rows of a dataset."""
    text = f"SELECT {'DISTINCT ' if is_distinct else ''}{', '.join(columns)} FROM {quoted(dataset)}"
    found = [*dict.fromkeys(conditions)]
    if found:
        text += " WHERE " + (" OR " if is_any else " AND ").join(found)
    if groups:
        text += f" GROUP BY {', '.join(groups)}"
    if having:
        text += f" HAVING {having}"
    if qualify:
        text += f" QUALIFY {qualify}"
    if order:
        text += f" ORDER BY {', '.join(order)}"
    return text + (f" LIMIT {limit}" if limit else "")
