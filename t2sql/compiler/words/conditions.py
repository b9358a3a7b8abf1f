"""Conditions in pieces: conjuncts, calls, and values as stored. Trees only; names are resolved elsewhere.

Conditions have two outcomes here, never SQL's third: what is unknown is not equal, so `<>`, NOT IN and NOT keep NULLs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from sqlglot import exp

from t2sql.catalog import Catalog, Field
from t2sql.compiler.calendar.time_conditions import COMPARE
from t2sql.compiler.facts.metrics import divide
from t2sql.compiler.words.day_counts import is_day_count, with_day_counts
from t2sql.compiler.words.field_kinds import is_text, kind_of_field
from t2sql.compiler.words.kinds import kind_of
from t2sql.compiler.words.spelling import as_written, own_columns, own_nodes
from t2sql.compiler.words.weekdays import check_weekday, is_weekday
from t2sql.errors import NotComputable, RefusedSyntax

CONDITIONS = (*COMPARE, exp.Between, exp.In, exp.Is, exp.Like, exp.ILike)
_SHAPES = (exp.And, exp.Or, exp.Not, exp.Paren, exp.Boolean, exp.Column, exp.Identifier, exp.Literal, exp.Null)
_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg)
NO_MEASURES: Mapping[str, str] = {}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)


def stored_values(node: exp.Expr, catalog: Catalog) -> exp.Expr:
    """Aliases of enumerated values become the values as stored; a number compared with a dimension becomes text."""
    for literal in [n for n in own_nodes(node) if isinstance(n, exp.Literal)]:
        holder = literal.find_ancestor(*COMPARE, exp.In)
        column = next(iter(own_columns(holder)), None) if holder else None
        is_made = column is not None and (is_weekday(column.parent) or isinstance(column.parent, exp.Sub))
        if column is None or column.name not in catalog.dimensions or is_made:
            continue
        if not literal.is_string:
            # A field that is no dimension may hold numbers; a dimension's values are texts, or codes written so.
            item = catalog.field_of(catalog.dimensions[column.name])
            known = {name for value, names in item.aliases.items() for name in (value, *names)}
            if item.is_dimension and not _holds_numbers(item) and (not is_text(item) or literal.this in known):
                literal.replace(exp.Literal.string(literal.this))
            continue
        item = catalog.field_of(catalog.dimensions[column.name])
        folded = literal.this.strip().lower()
        named = (v for v, names in item.aliases.items() if folded in (n.lower() for n in (v, *names)))
        stored = literal.this if literal.this in item.aliases else next(named, None)
        if stored is not None:
            is_code = _holds_numbers(item) and _NUMBER.fullmatch(stored)
            literal.replace(exp.Literal.number(stored) if is_code else exp.Literal.string(stored))
    return node


def _holds_numbers(item: Field) -> bool:
    """Whether a dimension's values are numbers: codes (1-yes, 0-no) in a column of integers."""
    return item.type in ("integer", "number")


def counts_days(node: exp.Expr, catalog: Catalog) -> bool:
    """Whether a node is the difference of two dates of the catalog."""
    return is_day_count(node, lambda column: _kind(column, catalog))


def counted_days(node: exp.Expr, catalog: Catalog) -> exp.Expr:
    """A condition that was checked, with its differences of dates as counts of days."""
    return with_day_counts(node, lambda column: _kind(column, catalog))


def check_condition(node: exp.Expr, catalog: Catalog, measures: Mapping[str, str] = NO_MEASURES) -> None:
    """Refuse what would fail in the database, or quietly choose nothing: functions, sums of texts, `= NULL`, a bare
    name, a date that is none. `measures`: columns that hold figures, with what kind of value they are.
    """
    for part in own_nodes(node):
        if isinstance(part, exp.Subquery) and isinstance(part.parent, exp.In):
            continue
        if isinstance(part, exp.Cast) and part.is_type("date") and isinstance(part.this, exp.Literal):
            continue
        if is_weekday(part) and isinstance(part.parent, CONDITIONS):
            continue
        if not isinstance(part, (*CONDITIONS, *_SHAPES, *_ARITHMETIC, exp.DataType)):
            raise NotComputable(f"Conditions cannot use {as_written(part)!r}.", "Compare a name with a value.")
        if isinstance(part, CONDITIONS):
            _check_comparison(part, catalog, measures)
        elif isinstance(part, (exp.Column, exp.Literal, exp.Boolean, exp.Null)) and not part.find_ancestor(*CONDITIONS):
            raise RefusedSyntax(f"{as_written(part)!r} alone is not a condition.", "Compare a name with a value.")


def _check_comparison(part: exp.Expr, catalog: Catalog, measures: Mapping[str, str]) -> None:
    text = as_written(part)
    columns = own_columns(part)
    if not columns:
        raise RefusedSyntax(f"{text!r} says nothing about the figures.", "Leave it out, or name a dimension or metric.")
    if part.find(exp.Null) and not isinstance(part, exp.Is):
        raise RefusedSyntax(f"{text!r} is never true: nothing equals NULL.", "Write IS NULL or IS NOT NULL.")
    if any(is_weekday(column.parent) for column in columns):
        check_weekday(part, lambda column: column.name in catalog.dimensions and _is_time(column, catalog))
        return
    if any(counts_days(node, catalog) for node in part.find_all(exp.Sub)):
        _check_day_count(part, text, catalog)
        return
    strings = [literal for literal in part.find_all(exp.Literal) if literal.is_string]
    kinds = {measures.get(c.name, "") for c in columns}
    if kinds & {"date", "text"}:
        kind_of(part, lambda column: measures.get(column.name, "") or _kind(column, catalog))
        if "date" in kinds and not all(_is_day(literal.this) for literal in strings):
            raise NotComputable(f"{text!r} does not compare with days.", "Write a day, as '2026-01-31'.")
        return
    if any(c.name in measures for c in columns):
        if strings or isinstance(part, (exp.Like, exp.ILike)):
            raise NotComputable(f"{text!r} compares a number with text.", "Write the number without quotes, as 0.05.")
        if not all(c.name in measures for c in columns):
            raise NotComputable(f"{text!r} compares a number with a dimension.", "Compare metrics with numbers.")
        kind_of(part, lambda column: "number")
        return
    is_like = isinstance(part, (exp.Like, exp.ILike))
    if (strings or is_like) and any(_is_number(c, catalog) for c in columns):
        raise NotComputable(f"{text!r} compares a number with text.", "Write the number without quotes, as 1000000.")
    if any(isinstance(n, _ARITHMETIC) and not _is_negative_number(n) for n in part.walk()):
        raise NotComputable(f"{text!r} calculates with a dimension.", "Compare the dimension with a value.")
    dated = [c for c in columns if c.name in catalog.dimensions and _is_time(c, catalog)]
    if not dated or isinstance(part, exp.Is):
        kind_of(part, lambda column: _kind(column, catalog))
        return
    if isinstance(part, (exp.Like, exp.ILike)) or any(
        not _is_day(literal.this) for literal in part.find_all(exp.Literal)
    ):
        name = dated[0].name
        raise NotComputable(
            f"{name!r} is a date; {text!r} does not compare it with days.",
            f"Write {name} >= '2026-01-01', or month({name}) = '2026-01'.",
        )


def _check_day_count(part: exp.Expr, text: str, catalog: Catalog) -> None:
    """Days between dates are compared with whole numbers, or with other such days."""

    others = (n for n in part.walk() if isinstance(n, _ARITHMETIC) and not _is_negative_number(n))
    if not all(counts_days(n, catalog) for n in others):
        raise NotComputable(f"{text!r} calculates with a dimension.", "Compare the dimension with a value.")
    kind_of(part, lambda column: _kind(column, catalog))


def _is_negative_number(node: exp.Expr) -> bool:
    return isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal) and not node.this.is_string


def _is_time(column: exp.Column, catalog: Catalog) -> bool:
    item = catalog.field_of(catalog.dimensions[column.name])
    return item.is_time or item.type == "date"


def _is_number(column: exp.Column, catalog: Catalog) -> bool:
    """Whether a column is a field of numbers, as far as the definitions say."""
    found = catalog.dimensions.get(column.name)
    item = catalog.field_of(found) if found is not None else None
    return item is not None and (bool(item.currency_field) or item.type in ("integer", "number"))


def _kind(column: exp.Column, catalog: Catalog) -> str:
    found = catalog.dimensions.get(column.name)
    return kind_of_field(catalog.field_of(found)) if found is not None else ""


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


def keep_unknown(condition: exp.Expr) -> exp.Expr:
    """`condition` with two outcomes: `d <> x` and any NOT also keep rows whose d is NULL.

    >>> import sqlglot
    >>> keep_unknown(sqlglot.parse_one("NOT d IN ('x')", read="duckdb")).sql("duckdb")
    "NOT COALESCE(d IN ('x'), FALSE)"
    >>> keep_unknown(sqlglot.parse_one("d <> 'x'", read="duckdb")).sql("duckdb")
    "(d <> 'x' OR d IS NULL)"
    """
    holder = exp.Paren(this=condition.copy())
    for unlike in [*holder.find_all(exp.Like, exp.ILike)]:
        if unlike.args.get("negate"):
            like = unlike.copy()
            like.set("negate", None)
            unlike.replace(exp.Not(this=like))
    for unequal in [*holder.find_all(exp.NEQ)]:
        nulls = [side.copy().is_(exp.Null()) for side in (unequal.left, unequal.right) if side.find(exp.Column)]
        unequal.replace(exp.paren(exp.or_(unequal.copy(), *nulls), copy=False))
    for chosen in [*holder.find_all(exp.In)]:
        chosen.replace(missing_meets_missing(chosen))
    for negated in [*holder.find_all(exp.Not)]:
        if not isinstance(negated.this, exp.Is):
            negated.set("this", exp.Coalesce(this=negated.this, expressions=[exp.false()]))
    inner: exp.Expr = holder.this
    return inner


def divided(condition: exp.Expr) -> exp.Expr:
    """Divisions of measures as everywhere: DOUBLE, and NULL where the denominator is 0."""
    holder = exp.Paren(this=condition)
    for division in [*holder.find_all(exp.Div)]:
        if not division.args.get("typed"):
            division.replace(divide(division.this.copy(), division.expression.copy()))
    inner: exp.Expr = holder.this
    return inner


def missing_meets_missing(node: exp.In) -> exp.Expr:
    """`x IN (SELECT s.c FROM s)` where a missing x is in a list that holds a missing value, as where facts meet."""
    query = node.args.get("query")
    select = query.this if isinstance(query, exp.Subquery) else None
    if not isinstance(select, exp.Select) or {k for k, v in select.args.items() if v} != {"expressions", "from_"}:
        return node
    column, table = select.expressions[0], select.args["from_"].this
    if not isinstance(column, exp.Column) or not isinstance(table, exp.Table):
        return node
    missing = exp.select(exp.Count(this=exp.Star())).from_(table.copy()).where(column.copy().is_(exp.Null()))
    some = exp.GT(this=missing.subquery(copy=False), expression=exp.Literal.number(0))
    both = exp.and_(node.this.copy().is_(exp.Null()), some, copy=False)
    return exp.paren(exp.or_(node.copy(), exp.paren(both, copy=False), copy=False), copy=False)


def call_of(node: exp.Expr) -> tuple[str, list[exp.Expr]]:
    """(lower-case name, arguments) of a function call; ("", []) for anything else."""
    if isinstance(node, exp.Anonymous):
        return str(node.this).lower(), list(node.expressions)
    if isinstance(node, exp.Func) and not isinstance(node, (exp.Connector, exp.Cast)):
        arguments = [a for a in (node.args.get("this"), *node.args.get("expressions", [])) if isinstance(a, exp.Expr)]
        return node.sql_name().lower(), arguments
    return "", []


def grain_call(node: exp.Expr) -> tuple[str, exp.Column | None, bool]:
    """(function, its one column, whether the first day is meant) of month(day) or DATE_TRUNC('month', day); ("", None,
    False) for anything else.
    """
    if isinstance(node, (exp.TimestampTrunc, exp.DateTrunc)) and isinstance(node.this, exp.Column):
        unit = node.args.get("unit")
        return (unit.name.lower() if unit is not None else ""), node.this, True
    name, arguments = call_of(node)
    column = arguments[0] if len(arguments) == 1 and isinstance(arguments[0], exp.Column) else None
    return name, column, False


def conjuncts(node: exp.Expr) -> list[exp.Expr]:
    """The parts of a condition that AND joins."""
    if isinstance(node, exp.Paren):
        return conjuncts(node.this) if isinstance(node.this, exp.And) else [node]
    if isinstance(node, exp.And):
        return [part for side in node.flatten() for part in conjuncts(side)]
    return [node]
