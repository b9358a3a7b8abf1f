"""Semantic SQL without the period that nobody asked for.

A correction is kept as the compiler writes it back, with the default period stated. Signed so, a question that names no
period would answer for that one for ever.
"""

from __future__ import annotations

from collections.abc import Callable

import sqlglot
from sqlglot import exp

from t2sql.errors import CertifyError, QueryError
from t2sql.flow import Plan
from t2sql.verified.spots import period_spots


def without_default_period(semantic_sql: str, compiles: Callable[[str], Plan], fiscal_year_start: int) -> str:
    """The same without its time conditions, where it then compiles to the very same; else as it is.

    `compiles` raises QueryError for what cannot be asked.
    """
    try:
        tree = sqlglot.parse_one(semantic_sql, read="duckdb")
        spots = {id(node) for spot in period_spots(tree, fiscal_year_start) for node in spot.nodes}
        if not spots or not isinstance(tree, exp.Select):
            return semantic_sql
        where = tree.args.get("where")
        parts = list(where.this.flatten() if isinstance(where.this, exp.And) else [where.this]) if where else []
        kept = [part for part in parts if id(part.unnest()) not in spots]
        if len(kept) == len(parts):
            return semantic_sql
        tree.set("where", exp.Where(this=exp.and_(*kept)) if kept else None)
        undated = tree.sql("duckdb", normalize_functions=False)
        is_same = compiles(undated).semantic_sql == compiles(semantic_sql).semantic_sql
    except (sqlglot.errors.SqlglotError, QueryError, CertifyError):
        return semantic_sql
    return undated if is_same else semantic_sql
