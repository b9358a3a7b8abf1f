"""What engines read differently, one rule a difference: each changes the nodes below `root`, which is never one itself.

But for lists of rows that meet, a rule looks at a node and its children alone, so that a row filter comes out the same
by itself and inside a larger tree. Where DuckDB's meaning cannot be kept, a rule refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from sqlglot import exp

from t2sql.errors import NotComputable

Rule: TypeAlias = Callable[[exp.Expr], None]

_POSTGRES_NAME_BYTES = 63
_DOUBLE = exp.DType.DOUBLE
_WHOLE = (exp.DType.TINYINT, exp.DType.SMALLINT, exp.DType.INT, exp.DType.BIGINT)
_NUMBERS = (exp.Sum, exp.Count, exp.Avg, exp.Add, exp.Sub, exp.Mul, exp.Div)
_UNIT_OF: Mapping[type[exp.Expr], str] = {
    exp.Year: "YEAR",
    exp.Quarter: "QUARTER",
    exp.Month: "MONTH",
    exp.Week: "WEEK",
    exp.WeekOfYear: "WEEK",
    exp.Day: "DAY",
    exp.DayOfYear: "DOY",
    exp.DayOfWeek: "DOW",
    exp.DayOfWeekIso: "ISODOW",
}
_SPARK_UNITS = {"ISODOW": "DAYOFWEEK_ISO", "ISOYEAR": "YEAROFWEEK", "DOW": "DAYOFWEEK"}
_PLAIN_FORMATS = ("%Y", "%m", "%d")


def refuse(dialect: str, what: str) -> NotComputable:
    """The error for what `dialect` cannot say."""
    return NotComputable(
        f"This cannot be computed on {dialect}: {what.rstrip('.')}.",
        "Ask in a simpler form, or change the definition that needs it.",
        zh=(f"{dialect} 数据库无法执行所需的计算。", "请换一种更简单的问法，或修改相关定义。"),
    )


# -- numbers ------------------------------------------------------------------------------------------------------
def divide_as_double(root: exp.Expr) -> None:
    """Spark divides decimals to six places and more; DuckDB divides as DOUBLE."""
    for division in list(root.find_all(exp.Div)):
        if not division.args.get("typed") and not _is_cast(division.this, _DOUBLE):
            division.set("this", exp.cast(division.this.copy(), _DOUBLE))


def average_as_double(root: exp.Expr) -> None:
    """A decimal's average is a decimal elsewhere, of as many places as each engine likes; in DuckDB it is a DOUBLE."""
    for average in list(root.find_all(exp.Avg)):
        holder = average.this if isinstance(average.this, exp.Distinct) else average
        value = holder.expressions[0] if isinstance(holder, exp.Distinct) else holder.this
        if not _is_cast(value, _DOUBLE):
            value.replace(exp.cast(value.copy(), _DOUBLE))


def round_half_up(root: exp.Expr) -> None:
    """PostgreSQL rounds a DOUBLE half to even, and not at all to a number of places."""
    for rounded in list(root.find_all(exp.Round)):
        rounded.set("this", exp.cast(rounded.this.copy(), exp.DType.DECIMAL))


def round_to_whole(root: exp.Expr) -> None:
    """Spark cuts the places off where DuckDB rounds."""
    for cast in list(root.find_all(exp.Cast)):
        if cast.to.this in _WHOLE:
            rounded = cast.copy()
            rounded.set("to", exp.DataType.build("DECIMAL(38, 0)"))
            cast.set("this", rounded)


def huge_as_decimal(root: exp.Expr) -> None:
    """DuckDB alone has whole numbers of 128 bits."""
    for kind in list(root.find_all(exp.DataType)):
        if kind.this == exp.DType.INT128:
            kind.replace(exp.DataType.build("DECIMAL(38, 0)"))


# -- dates --------------------------------------------------------------------------------------------------------
def truncate_to_dates(root: exp.Expr) -> None:
    """DATE_TRUNC gives a moment in the session's time zone; only whole days are meant."""
    for truncated in list(root.find_all(exp.TimestampTrunc, exp.DateTrunc)):
        if not _is_cast(truncated.parent, exp.DType.DATE):
            truncated.replace(exp.cast(truncated.copy(), exp.DType.DATE))


def extract_parts(root: exp.Expr) -> None:
    """QUARTER(d), ISODOW(d) and their like, as EXTRACT."""
    for part in list(root.find_all(*_UNIT_OF)):
        day = part.this.this if isinstance(part.this, exp.TsOrDsToDate) else part.this
        part.replace(exp.Extract(this=exp.Var(this=_UNIT_OF[type(part)]), expression=day.copy()))


def name_units_for_spark(root: exp.Expr) -> None:
    """Spark has other names for ISO units, and counts the days of a week from one."""
    for extract in list(root.find_all(exp.Extract)):
        unit = extract.name.upper()
        if unit not in _SPARK_UNITS:
            continue
        extract.set("this", exp.Var(this=_SPARK_UNITS[unit]))
        if unit == "DOW":
            extract.replace(exp.paren(exp.Sub(this=extract.copy(), expression=exp.Literal.number(1)), copy=False))


def check_formats(dialect: str) -> Rule:
    """Year, month and day are written alike everywhere; other parts of a date's format are not."""

    def rule(root: exp.Expr) -> None:
        for written in root.find_all(exp.TimeToStr):
            text = str(written.args["format"].name)
            for part in _PLAIN_FORMATS:
                text = text.replace(part, "")
            if "%" in text or any(character.isalpha() for character in text):
                raise refuse(dialect, f"the date format {written.args['format'].name!r}")

    return rule


# -- text ---------------------------------------------------------------------------------------------------------
def keep_backslashes(dialect: str) -> Rule:
    """A backslash in a LIKE pattern is itself in DuckDB, and takes the next character's meaning away elsewhere."""

    def rule(root: exp.Expr) -> None:
        for like in list(root.find_all(exp.Like, exp.ILike)):
            if isinstance(like.parent, exp.Escape):
                continue
            pattern = like.expression
            if not isinstance(pattern, exp.Literal):
                raise refuse(dialect, "a LIKE pattern that is no literal")
            like.set("expression", exp.Literal.string(pattern.name.replace("\\", "\\\\")))

    return rule


def check_positions(dialect: str) -> Rule:
    """Places before the first character mean something else on every engine."""

    def rule(root: exp.Expr) -> None:
        for cut in root.find_all(exp.Substring, exp.Left, exp.Right):
            is_part = isinstance(cut, exp.Substring)
            places = [cut.args.get("start"), cut.args.get("length")] if is_part else [cut.expression]
            least = 1 if is_part else 0
            for place in places:
                if place is not None and not (_is_whole(place) and int(place.name) >= least):
                    raise refuse(dialect, f"a part of a text from {place.sql('duckdb')!r}")
                least = 0

    return rule


# -- rows that meet -----------------------------------------------------------------------------------------------
def type_missing_columns(root: exp.Expr) -> None:
    """In a UNION of three, two columns of bare NULL become text, which then meets no number."""
    for union in list(root.find_all(exp.Union)):
        if isinstance(union.parent, exp.Union):
            continue
        arms = [arm for arm in _arms(union) if isinstance(arm, exp.Select)]
        for column in zip(*(arm.expressions for arm in arms), strict=False):
            filled = [(arm, item) for arm, item in zip(arms, column, strict=True) if not _is_null(item)]
            if filled:
                for item in column:
                    if _is_null(item):
                        item.unalias().replace(_null_like(*filled[0], root))


def select_order_keys(root: exp.Expr) -> None:
    """Spark sorts by no expression that holds a subquery: its keys are selected first, and sorted by from outside."""
    for select in list(root.find_all(exp.Select)):
        order = select.args.get("order")
        if order is None or not any(key.find(exp.Select) for key in order.expressions):
            continue
        within = select.copy()
        outside = exp.select(*(exp.column(item.alias_or_name, "unsorted") for item in select.selects))
        for kept in ("with_", "order", "limit", "offset"):
            outside.set(kept, within.args.get(kept))
            within.set(kept, None)
        for number, key in enumerate(outside.args["order"].expressions, start=1):
            within.select(exp.alias_(key.this, f"sort_key_{number}"), copy=False)
            key.set("this", exp.column(f"sort_key_{number}", "unsorted"))
        select.replace(outside.from_(within.subquery("unsorted")))


# -- names and what has no other form -----------------------------------------------------------------------------
def check_long_names(root: exp.Expr) -> None:
    """PostgreSQL cuts a name after 63 bytes, without an error, and two names may become one."""
    for identifier in root.find_all(exp.Identifier):
        if len(identifier.name.encode()) > _POSTGRES_NAME_BYTES:
            raise refuse("postgres", f"the name {identifier.name!r} is longer than {_POSTGRES_NAME_BYTES} bytes")


def check_marks(root: exp.Expr) -> None:
    """Spark puts a variable's value wherever "${" stands, in a literal too."""
    for node in root.find_all(exp.Literal, exp.Identifier):
        if "${" in node.name:
            raise refuse("spark", f"{node.name!r} holds '${{', which Spark fills in")


def check_forms(dialect: str, *kinds: type[exp.Expr]) -> Rule:
    """Refuse forms that sqlglot writes for `dialect` although the engine has no such thing."""

    def rule(root: exp.Expr) -> None:
        for node in root.find_all(*kinds):
            raise refuse(dialect, f"{node.sql('duckdb')!r}")

    return rule


def _arms(union: exp.Expr) -> Iterator[exp.Expr]:
    if isinstance(union, exp.Union):
        yield from _arms(union.this)
        yield from _arms(union.expression)
    else:
        yield union


def _null_like(arm: exp.Select, item: exp.Expr, root: exp.Expr) -> exp.Expr:
    """NULL of the type that `item` has in `arm`: a number where its CTE computes one, else read from no row of it."""
    column = item.unalias()
    tables = [*arm.find_all(exp.Table)]
    if isinstance(column, exp.Column) and len(tables) == 1:
        ctes = (cte for cte in root.find_all(exp.CTE) if cte.alias == tables[0].name)
        made = next((s.unalias() for cte in ctes for s in cte.this.selects if s.alias_or_name == column.name), None)
        if not (isinstance(made, _NUMBERS) or _is_cast(made, _DOUBLE, *_WHOLE)):
            none = exp.select(exp.column(column.name)).from_(tables[0].name).where(exp.false())
            return none.subquery()
    return exp.cast(exp.Null(), exp.DType.DECIMAL)


def _is_null(item: exp.Expr) -> bool:
    return isinstance(item.unalias(), exp.Null)


def _is_cast(node: exp.Expr | None, *kinds: exp.DType) -> bool:
    return isinstance(node, exp.Cast) and node.to.this in kinds


def _is_whole(node: exp.Expr) -> bool:
    return isinstance(node, exp.Literal) and not node.is_string and node.name.isdecimal()
