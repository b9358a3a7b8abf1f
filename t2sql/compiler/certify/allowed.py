"""What finished physical SQL may be made of: node classes, the parts of each that may be filled, types, units, names.

An allow-list fails closed: what sqlglot learns to parse tomorrow is refused until a line is added here.
Nothing here may read a grant or a scope; that is the business of `certify`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeGuard

from sqlglot import exp

from t2sql.compiler.certify.names import check_text, refuse

MOST_PAD = 64

_NUMBER = re.compile(r"[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?|\.[0-9]+([eE][+-]?[0-9]+)?", re.ASCII)

# YEAROFWEEK and DAYOFWEEK_ISO: the ISO units as Spark calls them.
UNITS = frozenset("YEAR QUARTER MONTH WEEK DAY ISOYEAR ISODOW DOW DOY YEAROFWEEK DAYOFWEEK_ISO".split())

TYPES = frozenset(
    {
        exp.DType.BOOLEAN,
        exp.DType.TINYINT,
        exp.DType.SMALLINT,
        exp.DType.INT,
        exp.DType.BIGINT,
        exp.DType.INT128,
        exp.DType.DECIMAL,
        exp.DType.FLOAT,
        exp.DType.DOUBLE,
        exp.DType.DATE,
        exp.DType.TIMESTAMP,
        exp.DType.TIMESTAMPNTZ,
        exp.DType.VARCHAR,
        exp.DType.TEXT,
        # How MariaDB casts to a text of any length.
        exp.DType.CHAR,
    }
)

_ONE = ("this",)
_TWO = ("this", "expression")
_SELECT = (
    *("expressions", "from_", "joins", "where", "group", "having", "qualify", "order", "limit", "offset", "distinct"),
    "with_",
)
_SET_OPERATION = ("this", "expression", "distinct", "order", "limit", "offset", "with_")

# Node class -> the arguments that may be filled; any other is refused (INTO, locks, SAMPLE, OFFSET, DISTINCT ON …).
_STRUCTURE: dict[type[exp.Expr], tuple[str, ...]] = {
    exp.Select: _SELECT,
    exp.Union: _SET_OPERATION,
    exp.Intersect: _SET_OPERATION,
    exp.Except: _SET_OPERATION,
    exp.Subquery: ("this", "alias"),
    exp.Values: ("expressions", "alias"),
    exp.With: ("expressions",),
    exp.CTE: ("this", "alias", "materialized"),
    exp.From: _ONE,
    exp.Join: ("this", "on", "side", "kind"),
    exp.Table: ("this", "db", "catalog", "alias"),
    exp.TableAlias: ("this", "columns"),
    exp.Where: _ONE,
    exp.Having: _ONE,
    exp.Qualify: _ONE,
    exp.Group: ("expressions",),
    exp.Order: ("expressions",),
    exp.Ordered: ("this", "desc", "nulls_first"),
    exp.Limit: ("expression",),
    exp.Offset: ("expression",),
    exp.Distinct: ("expressions",),
    exp.Column: ("this", "table"),
    exp.Identifier: ("this", "quoted"),
    exp.Alias: ("this", "alias"),
    exp.Tuple: ("expressions",),
    exp.Paren: _ONE,
    exp.Star: (),
    exp.Var: _ONE,
    exp.Literal: ("this", "is_string"),
    exp.Boolean: _ONE,
    exp.Null: (),
    exp.Interval: ("this", "unit"),
    exp.DataType: ("this", "expressions"),
    exp.DataTypeParam: _ONE,
    exp.Window: ("this", "partition_by", "order", "spec", "over"),
    exp.WindowSpec: ("kind", "start", "start_side", "end", "end_side"),
    exp.Filter: _TWO,
}

_OPERATORS: dict[type[exp.Expr], tuple[str, ...]] = {
    exp.And: _TWO,
    exp.Or: _TWO,
    exp.Not: _ONE,
    exp.Neg: _ONE,
    exp.EQ: _TWO,
    exp.NEQ: _TWO,
    exp.GT: _TWO,
    exp.GTE: _TWO,
    exp.LT: _TWO,
    exp.LTE: _TWO,
    exp.NullSafeEQ: _TWO,
    exp.NullSafeNEQ: _TWO,
    exp.Is: _TWO,
    exp.In: ("this", "expressions", "query"),
    exp.Between: ("this", "low", "high"),
    exp.Like: ("this", "expression", "negate"),
    exp.ILike: ("this", "expression", "negate"),
    exp.Escape: _TWO,
    exp.Add: _TWO,
    exp.Sub: _TWO,
    exp.Mul: _TWO,
    exp.Div: ("this", "expression", "typed", "safe"),
    exp.IntDiv: _TWO,
    exp.Mod: _TWO,
    exp.DPipe: ("this", "expression", "safe"),
    exp.Exists: _ONE,
    exp.Case: ("this", "ifs", "default"),
    exp.If: ("this", "true", "false"),
}

_FUNCTIONS: dict[type[exp.Expr], tuple[str, ...]] = {
    exp.Sum: _ONE,
    exp.Count: ("this", "big_int"),
    exp.Avg: _ONE,
    exp.Min: _ONE,
    exp.Max: _ONE,
    exp.Median: _ONE,
    exp.PercentileCont: _ONE,
    exp.WithinGroup: _TWO,
    exp.Rank: (),
    exp.DenseRank: (),
    exp.RowNumber: (),
    exp.Ntile: _ONE,
    exp.Lag: ("this", "offset", "default"),
    exp.Lead: ("this", "offset", "default"),
    exp.FirstValue: _ONE,
    exp.LastValue: _ONE,
    exp.Coalesce: ("this", "expressions"),
    exp.Nullif: _TWO,
    exp.Greatest: ("this", "expressions", "ignore_nulls"),
    exp.Least: ("this", "expressions", "ignore_nulls"),
    exp.Cast: ("this", "to"),
    exp.TryCast: ("this", "to", "safe"),
    exp.Round: ("this", "decimals"),
    exp.Abs: _ONE,
    exp.Floor: _ONE,
    exp.Ceil: _ONE,
    exp.Sign: _ONE,
    exp.TimestampTrunc: ("this", "unit"),
    exp.DateTrunc: ("this", "unit"),
    exp.Extract: _TWO,
    exp.Year: _ONE,
    exp.Quarter: _ONE,
    exp.Month: _ONE,
    exp.Week: _ONE,
    exp.Day: _ONE,
    exp.DayOfWeekIso: _ONE,
    exp.LastDay: _ONE,
    exp.DateDiff: ("this", "expression", "unit", "date_part_boundary"),
    exp.DateFromParts: ("year", "month", "day"),
    exp.TimeToStr: ("this", "format"),
    # What sqlglot reads around a date that MariaDB formats; it stands for no text of its own.
    exp.TsOrDsToTimestamp: _ONE,
    exp.Pad: ("this", "expression", "fill_pattern", "is_left"),
    exp.Concat: ("expressions", "safe", "coalesce"),
    exp.Lower: _ONE,
    exp.Upper: _ONE,
    exp.Trim: ("this", "expression", "position"),
    exp.Length: _ONE,
    exp.Substring: ("this", "start", "length"),
    exp.Left: _TWO,
    exp.Right: _TWO,
}

ALLOWED: dict[type[exp.Expr], frozenset[str]] = {
    kind: frozenset(parts) for table in (_STRUCTURE, _OPERATORS, _FUNCTIONS) for kind, parts in table.items()
}


def check_node(node: exp.Expr) -> list[exp.Expr]:
    """The nodes that stand directly in `node`.

    Raises CertifyError when `node` is not on the list, fills a part that is not, or holds a value out of bounds.
    """
    kind = type(node)
    parts = ALLOWED.get(kind)
    if parts is None:
        raise refuse(f"{name_of(node)} is not on the list of allowed forms.")
    below: list[exp.Expr] = []
    for part, value in node.args.items():
        if value is None or value is False:
            continue
        if type(value) is list:
            if not value:
                continue
            below += [one for one in value if isinstance(one, exp.Expr)]
        elif isinstance(value, exp.Expr):
            below.append(value)
        if part not in parts:
            raise refuse(f"{part.rstrip('_').upper()!r} is not allowed in {kind.__name__}.")
    check = _VALUES.get(kind)
    if check is not None:
        check(node)
    return below


def parts_of(node: exp.Expr) -> list[exp.Expr]:
    """The nodes that stand directly in `node`."""
    below: list[exp.Expr] = []
    for value in node.args.values():
        if type(value) is list:
            below += [one for one in value if isinstance(one, exp.Expr)]
        elif isinstance(value, exp.Expr):
            below.append(value)
    return below


def _check_star(node: exp.Expr) -> None:
    if not isinstance(node.parent, exp.Count):
        raise refuse("A star may stand only in COUNT(*).")


def _check_count(node: exp.Expr) -> None:
    if node.args.get("this") is None:
        raise refuse("COUNT needs an argument.")


def _check_identifier(node: exp.Expr) -> None:
    check_text(node.name, "name")


def _check_type(node: exp.Expr) -> None:
    if node.this not in TYPES:
        raise refuse(f"Type {node.sql('duckdb')!r} is not on the list of allowed types.")


def _check_number(node: exp.Expr) -> None:
    if not node.args.get("is_string") and not _NUMBER.fullmatch(node.name):
        raise refuse(f"The number {node.name!r} is not written as engines agree on.")


def _check_word(node: exp.Expr) -> None:
    # A bare word means something only as a unit of time; elsewhere (ORDER BY ALL, COLLATE) it is an instruction.
    is_unit = isinstance(node.parent, exp.Interval | exp.Extract | exp.TimestampTrunc | exp.DateTrunc | exp.DateDiff)
    if not is_unit or node.name.upper() not in UNITS:
        raise refuse(f"The bare word {node.name!r} is not a unit of time.")


def _check_limit(node: exp.Expr) -> None:
    if not _is_whole_number(node.args.get("expression")):
        raise refuse(f"{type(node).__name__.upper()} must be a whole number.")


def _check_buckets(node: exp.Expr) -> None:
    if not isinstance(node.this, exp.Literal) or node.this.is_string:
        raise refuse(f"{type(node).__name__} needs a plain number.")


def _check_pad(node: exp.Expr) -> None:
    length = node.args.get("expression")
    if not (_is_whole_number(length) and int(length.name) <= MOST_PAD):
        raise refuse(f"The length of a padded text must be a whole number up to {MOST_PAD}.")


def _check_format(node: exp.Expr) -> None:
    if not isinstance(node.args.get("format"), exp.Literal):
        raise refuse("The format of a date must be a literal.")


def _check_join(node: exp.Expr) -> None:
    side, kind = (str(node.args.get(part) or "").upper() for part in ("side", "kind"))
    if side not in ("", "LEFT") or kind not in ("", "INNER", "OUTER", "CROSS"):
        words = " ".join(word for word in (side, kind) if word)
        raise refuse(f"A {words} join is not allowed; INNER, LEFT and CROSS are.")


_VALUES: dict[type[exp.Expr], Callable[[exp.Expr], None]] = {
    exp.Star: _check_star,
    exp.Count: _check_count,
    exp.Identifier: _check_identifier,
    exp.DataType: _check_type,
    exp.Literal: _check_number,
    exp.Var: _check_word,
    exp.Limit: _check_limit,
    exp.Offset: _check_limit,
    exp.Ntile: _check_buckets,
    exp.PercentileCont: _check_buckets,
    exp.Pad: _check_pad,
    exp.TimeToStr: _check_format,
    exp.Join: _check_join,
}


def _is_whole_number(node: object) -> TypeGuard[exp.Literal]:
    return isinstance(node, exp.Literal) and not node.is_string and node.name.isascii() and node.name.isdecimal()


def name_of(node: exp.Expr) -> str:
    """A name for `node` in a message: the function's own when it is an unknown one."""
    return f"Function {node.name!r}" if isinstance(node, exp.Anonymous) else type(node).__name__
