"""Physical SQL for each engine, rendered from the one physical tree: the compiler thinks in DuckDB alone.

`dialect_rules` puts right what an engine reads differently and sqlglot does not; what an engine cannot say is refused.
Nothing here may change what is asked, or repair a tree that the compiler built wrong.
"""

from __future__ import annotations

from collections.abc import Mapping

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, UnsupportedError

from t2sql.compiler.engines.dialect_rules import (
    Rule,
    average_as_double,
    check_formats,
    check_forms,
    check_long_names,
    check_marks,
    check_positions,
    divide_as_double,
    extract_parts,
    huge_as_decimal,
    keep_backslashes,
    name_units_for_spark,
    refuse,
    round_half_up,
    round_to_whole,
    select_order_keys,
    truncate_to_dates,
    type_missing_columns,
)
from t2sql.compiler.engines.mysql_rules import (
    extract_by_format,
    filter_by_case,
    order_missing_last,
    pass_over_missing,
    round_exactly,
    truncate_by_format,
)
from t2sql.compiler.engines.untested_rules import (
    name_units_for_oracle,
    short_text,
    truncate_dates_by_name,
    values_as_selects,
)
from t2sql.errors import CertifyError
from t2sql.flow import Certified

EXECUTED = ("duckdb", "postgres", "spark", "mysql")
"""Engines on which every case file runs in tests."""
RENDERED = ("oracle", "trino", "hive")
"""Engines that get text which sqlglot reads back, and that no test has run."""


def write_sql(tree: exp.Expr, dialect: str) -> str:
    """`tree`, built for DuckDB, as text for `dialect`. Raises NotComputable for what that engine cannot say.

    >>> tree = sqlglot.parse_one("SELECT AVG(rate) AS user FROM fx WHERE code LIKE 'U%'", read="duckdb")
    >>> print(write_sql(tree, "postgres"))
    SELECT
      AVG(CAST("rate" AS DOUBLE PRECISION)) AS "user"
    FROM "fx"
    WHERE
      "code" LIKE 'U%'
    """
    if dialect == "duckdb":
        return tree.sql(dialect, pretty=True)
    holder = exp.Paren(this=tree.copy())
    for rule in RULES.get(dialect) or _rules(dialect):
        rule(holder)
    made: exp.Expr = holder.this
    try:
        # In quotes no name is a keyword; certify takes off those that are not needed.
        return made.sql(dialect, pretty=True, identify=dialect in EXECUTED, unsupported_level=ErrorLevel.RAISE)
    except UnsupportedError as error:
        raise refuse(dialect, str(error)) from None


def transpile(certified: Certified, dialect: str) -> str:
    """SQL that was proven for DuckDB, as text for an engine that no test has run. Raises NotComputable.

    Text only: there is no proof of it, so only a warehouse that is marked untested runs it.
    """
    if certified.dialect != "duckdb" or dialect in EXECUTED:
        message = f"SQL certified for {certified.dialect!r} is not rendered for {dialect!r}."
        raise CertifyError(message, "Compile for duckdb, and render for an engine without a proof.")
    return write_sql(sqlglot.parse_one(certified.sql, read="duckdb"), dialect)


_EVERYWHERE: tuple[Rule, ...] = (average_as_double, huge_as_decimal, truncate_to_dates, extract_parts)


def _rules(dialect: str, *others: Rule) -> tuple[Rule, ...]:
    # sqlglot turns QUALIFY into a subquery, and leaves the LIMIT inside it.
    return (*_EVERYWHERE, check_formats(dialect), check_positions(dialect), check_forms(dialect, exp.Qualify), *others)


RULES: Mapping[str, tuple[Rule, ...]] = {
    "postgres": _rules(
        "postgres",
        round_half_up,
        keep_backslashes("postgres"),
        type_missing_columns,
        check_long_names,
        check_forms("postgres", exp.TryCast, exp.DateFromParts),
    ),
    "spark": _rules(
        "spark",
        divide_as_double,
        round_to_whole,
        name_units_for_spark,
        keep_backslashes("spark"),
        select_order_keys,
        check_marks,
    ),
    "mysql": _rules(
        "mysql",
        divide_as_double,
        truncate_by_format,
        extract_by_format,
        round_exactly,
        pass_over_missing,
        filter_by_case,
        keep_backslashes("mysql"),
        order_missing_last,
        check_forms("mysql", exp.TryCast, exp.DateFromParts, exp.Median, exp.PercentileCont),
    ),
    "oracle": _rules("oracle", truncate_dates_by_name, name_units_for_oracle, type_missing_columns, short_text),
    "trino": _rules("trino"),
    "hive": _rules("hive", divide_as_double, round_to_whole, keep_backslashes("hive"), values_as_selects),
}
"""Engine -> its rules, in order."""
