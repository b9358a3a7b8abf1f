"""What MariaDB and MySQL read differently, one rule a difference, as in `dialect_rules`.

Weeks and days of a week are read off a date's format: the words for them differ, and EXTRACT counts weeks from Sunday.
"""

from __future__ import annotations

from sqlglot import exp

from t2sql.compiler.engines.dialect_rules import refuse

_DOUBLE = exp.DType.DOUBLE
_EXACT = exp.DataType.build("DECIMAL(65, 20)")
_TRUNCATED = {"YEAR": "%Y-01-01", "MONTH": "%Y-%m-01"}
_FORMATS = {"WEEK": "%v", "ISOYEAR": "%x", "DOW": "%w", "DOY": "%j"}


def truncate_by_format(root: exp.Expr) -> None:
    """There is no DATE_TRUNC: a date is written with its last parts fixed, and read again."""
    for truncated in list(root.find_all(exp.TimestampTrunc, exp.DateTrunc)):
        unit, day = truncated.args["unit"].name.upper(), truncated.this
        if unit in _TRUNCATED:
            made: exp.Expr = _as_date(_written(day, _TRUNCATED[unit]))
        elif unit == "QUARTER":
            months = exp.Mul(
                this=exp.paren(exp.Sub(this=_part("QUARTER", day), expression=_number(1)), copy=False),
                expression=_number(3),
            )
            made = _as_date(exp.Add(this=_as_date(_written(day, "%Y-01-01")), expression=_interval(months, "MONTH")))
        elif unit == "WEEK":
            made = _as_date(exp.Sub(this=day.copy(), expression=_interval(_days_since_monday(day), "DAY")))
        elif unit == "DAY":
            made = _as_date(day.copy())
        else:
            raise refuse("mysql", f"a date cut to its {unit.lower()}")
        truncated.replace(made)


def extract_by_format(root: exp.Expr) -> None:
    """Weeks are ISO weeks, and Sunday is day 0 of a week or, by ISO, day 7."""
    for extract in list(root.find_all(exp.Extract)):
        unit = extract.name.upper()
        if unit == "ISODOW":
            extract.replace(
                exp.paren(exp.Add(this=_days_since_monday(extract.expression), expression=_number(1)), copy=False)
            )
        elif unit in _FORMATS:
            extract.replace(exp.cast(_written(extract.expression, _FORMATS[unit]), exp.DType.BIGINT))


def round_exactly(root: exp.Expr) -> None:
    """A DOUBLE is rounded half to even; a decimal as everywhere."""
    for rounded in list(root.find_all(exp.Round)):
        rounded.set("this", exp.Cast(this=rounded.this.copy(), to=_EXACT.copy()))


def pass_over_missing(root: exp.Expr) -> None:
    """GREATEST and LEAST of a NULL are NULL, where DuckDB passes it over."""
    for extreme in list(root.find_all(exp.Greatest, exp.Least)):
        values = [extreme.this, *extreme.expressions]
        made = values[0].copy()
        for value in values[1:]:
            both = type(extreme)(this=made, expressions=[value.copy()])
            made = exp.Coalesce(this=both, expressions=[made.copy(), value.copy()])
        extreme.replace(made)


def filter_by_case(root: exp.Expr) -> None:
    """There is no FILTER: rows that do not count are NULL to the aggregate."""
    for filtered in list(root.find_all(exp.Filter)):
        aggregate, condition = filtered.this.copy(), filtered.expression.this
        holder = aggregate.this if isinstance(aggregate.this, exp.Distinct) else aggregate
        value = holder.expressions[0] if isinstance(holder, exp.Distinct) else holder.this
        if not isinstance(aggregate, exp.Sum | exp.Count | exp.Avg | exp.Min | exp.Max) or value is None:
            raise refuse("mysql", f"{filtered.sql('duckdb')!r}")
        kept = _number(1) if isinstance(value, exp.Star) else value.copy()
        value.replace(exp.Case(ifs=[exp.If(this=condition.copy(), true=kept)]))
        filtered.replace(aggregate)


def order_missing_last(root: exp.Expr) -> None:
    """There is no NULLS LAST, and sqlglot has no way around it in every window."""
    for window in root.find_all(exp.Window):
        order = window.args.get("order")
        for ordered in list(order.expressions) if order else []:
            if not ordered.args.get("desc") and not ordered.args.get("nulls_first"):
                is_missing = exp.Is(this=ordered.this.copy(), expression=exp.Null())
                ifs = [exp.If(this=is_missing, true=_number(1))]
                first = exp.Ordered(this=exp.Case(ifs=ifs, default=_number(0)), desc=False, nulls_first=True)
                ordered.set("nulls_first", True)
                ordered.replace([first, ordered.copy()])


def _days_since_monday(day: exp.Expr) -> exp.Expr:
    sunday_first = exp.cast(_written(day, "%w"), exp.DType.BIGINT)
    later = exp.paren(exp.Add(this=sunday_first, expression=_number(6)), copy=False)
    return exp.paren(exp.Mod(this=later, expression=_number(7)), copy=False)


def _written(day: exp.Expr, pattern: str) -> exp.Expr:
    return exp.TimeToStr(this=day.copy(), format=exp.Literal.string(pattern))


def _part(unit: str, day: exp.Expr) -> exp.Expr:
    return exp.Extract(this=exp.Var(this=unit), expression=day.copy())


def _interval(count: exp.Expr, unit: str) -> exp.Interval:
    return exp.Interval(this=exp.paren(count, copy=False), unit=exp.Var(this=unit))


def _as_date(value: exp.Expr) -> exp.Expr:
    return exp.cast(value, exp.DType.DATE)


def _number(value: int) -> exp.Expr:
    return exp.Literal.number(value)
