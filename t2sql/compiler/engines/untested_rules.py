"""What Oracle and Hive read differently, by their manuals: no test has run these rules on an engine.

As in `dialect_rules`, each rule changes the nodes below `root`.
"""

from __future__ import annotations

from sqlglot import exp

_ORACLE_UNITS = {"QUARTER": "Q", "WEEK": "IW", "DAY": "DD"}


def truncate_dates_by_name(root: exp.Expr) -> None:
    """Oracle's own words for the units of TRUNC."""
    for truncated in list(root.find_all(exp.TimestampTrunc)):
        unit = exp.Literal.string(truncated.args["unit"].name.upper())
        named: exp.Expr = exp.DateTrunc(this=truncated.this.copy(), unit=unit)  # type: ignore[no-untyped-call]
        truncated.replace(named)


def name_units_for_oracle(root: exp.Expr) -> None:
    """Oracle truncates to Q, IW and DD; its DAY is the first day of a week."""
    for truncated in root.find_all(exp.DateTrunc):
        unit = truncated.args["unit"].name
        truncated.set("unit", exp.Literal.string(_ORACLE_UNITS.get(unit, unit)))


def values_as_selects(root: exp.Expr) -> None:
    """Hive takes no list of rows in FROM."""
    for values in list(root.find_all(exp.Values)):
        alias = values.args["alias"]
        rows: list[exp.Expr] = [
            exp.select(*(exp.alias_(v.copy(), c.copy()) for v, c in zip(row.expressions, alias.columns, strict=True)))
            for row in values.expressions
        ]
        made = rows[0]
        for row in rows[1:]:
            made = exp.Union(this=made, expression=row, distinct=False)
        values.replace(exp.Subquery(this=made, alias=exp.TableAlias(this=alias.this.copy())))


def short_text(root: exp.Expr) -> None:
    """Oracle's text without a length can be neither compared nor grouped."""
    for cast in root.find_all(exp.Cast):
        if cast.to.this in (exp.DType.TEXT, exp.DType.VARCHAR):
            cast.set("to", exp.DataType.build("VARCHAR(4000)"))
