"""Definition text (expressions, filters, row filters) to trees, parsed once for all requests."""

from __future__ import annotations

from functools import lru_cache

import sqlglot
from sqlglot import exp


def parsed(text: str) -> exp.Expr:
    """A definition's SQL as a tree of the caller's own."""
    return _parsed(text).copy()


@lru_cache(maxsize=20_000)
def columns_named(text: str) -> tuple[tuple[str, str], ...]:
    """(qualifier, name) of each column in a definition's SQL, in order, each once; qualifier "" for a bare name."""
    return tuple(dict.fromkeys((column.table, column.name) for column in _parsed(text).find_all(exp.Column)))


@lru_cache(maxsize=20_000)
def _parsed(text: str) -> exp.Expr:
    tree: exp.Expr = sqlglot.parse_one(text, read="duckdb")
    return tree
