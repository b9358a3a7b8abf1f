"""Currency rates as one fact needs them: the CTEs that hold them, and the check that none is missing.

A stock converts at the last rate on or before its date, a flow at its month's average; a missing rate refuses.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sqlglot import exp

from t2sql.catalog import Catalog
from t2sql.compiler.facts.metrics import wrap
from t2sql.compiler.relation import Check
from t2sql.compiler.trees import joined, table
from t2sql.policy import Narrowed

if TYPE_CHECKING:
    from t2sql.compiler.facts.sources import FactSource

LAST_DAY = "9999-12-31"


def rates_name(is_stock: bool) -> str:
    """The CTE that holds rates for stocks, or for flows."""
    return "rates_at_close" if is_stock else "rates_on_average"


def rates_query(narrowed: Narrowed, is_stock: bool) -> exp.Select:
    """currency, rate and its days: valid_from..valid_until (excluded) for a stock, month for a flow."""
    rates = narrowed.catalog.rates
    assert rates is not None
    value = rates.period_end_column if is_stock else rates.average_column
    day, currency = exp.column(rates.date_column, "read"), exp.column(rates.currency_column, "read")
    read = (
        exp.select(*(exp.column(c) for c in sorted({rates.date_column, rates.currency_column, value})))
        .from_(table(rates.source), copy=False)
        .subquery("read", copy=False)
    )
    rate = exp.column(value, "read")
    if not is_stock:
        # One rate a month and currency, however often rates are recorded: else an amount would count several times.
        mean = exp.cast(exp.Avg(this=rate), "DECIMAL(18, 8)")
        select = exp.select(currency.as_("currency"), mean.as_("rate"), month_of(day).as_("month"))
        return select.from_(read, copy=False).group_by(currency.copy(), month_of(day), copy=False)
    select = exp.select(currency.as_("currency"), rate.as_("rate")).from_(read, copy=False)
    following = exp.Window(
        this=exp.Lead(this=day.copy()),
        partition_by=[currency.copy()],
        order=exp.Order(expressions=[exp.Ordered(this=day.copy(), nulls_first=False)]),
    )
    until = exp.Coalesce(this=following, expressions=[exp.cast(exp.Literal.string(LAST_DAY), "DATE")])
    return select.select(day.as_("valid_from"), until.as_("valid_until"))


def month_of(day: exp.Expr) -> exp.Expr:
    """The first day of a date's month."""
    return exp.func("DATE_TRUNC", exp.Literal.string("month"), day.copy(), dialect="duckdb")


def in_reporting_currency(catalog: Catalog, amount: exp.Expr, currency: exp.Expr, alias: str) -> exp.Expr:
    """`amount` times 1 where it is in the reporting currency, else times the rate under `alias`.

    A factor keeps the digits of the amount; a CASE over amounts would cut those of the product to its narrower side.
    """
    assert catalog.rates is not None
    home = exp.EQ(this=currency, expression=exp.Literal.string(catalog.rates.reporting_currency))
    one = exp.If(this=home, true=exp.Literal.number(1))
    return exp.Mul(this=wrap(amount), expression=exp.Case(ifs=[one], default=exp.column("rate", alias)))


def join_rates(select: exp.Select, alias: str, currency: exp.Expr, day: exp.Expr, is_stock: bool) -> exp.Select:
    """`select` with the rates of `currency` on `day` under `alias`; their columns are NULL where there is none."""
    matches: list[exp.Expr] = [exp.column("currency", alias).eq(currency)]
    if is_stock:
        matches += [
            exp.GTE(this=day, expression=exp.column("valid_from", alias)),
            exp.LT(this=day.copy(), expression=exp.column("valid_until", alias)),
        ]
    else:
        matches.append(exp.column("month", alias).eq(month_of(day)))
    return joined(select, table(rates_name(is_stock), alias), exp.and_(*matches, copy=False), "LEFT")


def missing_rates(
    fact: FactSource, select: exp.Select, currencies: Mapping[str, exp.Expr] | None = None
) -> list[Check]:
    """Checks that find one currency without a rate among the rows that `select` reads, for every currency field.

    `currencies`: rate alias -> the column that holds its currency, where it is not the fact's own.
    """
    rates = fact.catalog.rates
    found: list[Check] = []
    for alias, field in fact.rates_needed.items():
        assert rates is not None
        currency = (currencies or {}).get(alias) or fact.own(fact.dataset.fields[field].expression)
        query = bare(select, [currency.as_("currency")])
        missing = exp.column("rate", alias).is_(exp.Null())
        home = currency.copy().eq(exp.Literal.string(rates.reporting_currency))
        # A row without a currency has no rate either.
        foreign = exp.Not(this=exp.Coalesce(this=home, expressions=[exp.false()]))
        found.append(
            Check(
                without_idle_joins(query.where(missing, foreign, copy=False)).limit(1, copy=False),
                "There is no rate for currency {!r} on a day that is needed, so amounts cannot be converted.",
                "Load the missing rate, or ask for other currencies.",
            )
        )
    return found


def bare(select: exp.Select, expressions: list[exp.Expr]) -> exp.Select:
    """`expressions` over the FROM, JOINs and WHERE of `select`."""
    query = exp.Select(expressions=expressions)
    for part in ("from_", "where"):
        query.set(part, select.args[part].copy() if select.args.get(part) else None)
    query.set("joins", [join.copy() for join in select.args.get("joins") or []])
    return query


def without_idle_joins(query: exp.Select) -> exp.Select:
    """`query` less the LEFT JOINs that no name comes from: each met at most one row, so none changes which rows are."""
    joins = list(query.args.get("joins") or [])
    for join in reversed(joins[:]):
        rest = [*query.expressions, query.args.get("where"), query.args.get("group")]
        rest += [other for other in joins if other is not join]
        used = {c.table for part in rest if part is not None for c in part.find_all(exp.Column)}
        if join.side == "LEFT" and join.alias_or_name not in used:
            joins.remove(join)
    query.set("joins", joins)
    return query
