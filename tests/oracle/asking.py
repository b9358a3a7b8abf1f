"""Hypothesis strategies: random warehouses, and random semantic SQL that a person could write over them."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from oracle.questions import Both, Compare, Condition, Exceeds, Measure, Not, Order, Question, When
from oracle.shape import FACTS, METRICS, dimensions_of, facts_of, simple_parts, values_of
from oracle.spans import add_months, month_last, spans
from oracle.warehouse import Knobs

PERCENT = st.sampled_from([0, 10, 30])
SHIFTED = "yoy yoy_diff mom mom_diff qoq qoq_diff prev prev_diff prior_year vs_year_start vs_year_start_diff".split()


@st.composite
def knobs(draw: Any) -> Knobs:
    """A warehouse of 4 to 15 months."""
    calendars = draw(st.sampled_from([frozenset(FACTS), frozenset({"books", "moves", "ledger"}), frozenset()]))
    return Knobs(
        seed=draw(st.integers(0, 2**32 - 1)),
        first=draw(st.sampled_from([date(2023, 2, 1), date(2023, 11, 1), date(2024, 1, 1)])),
        months=draw(st.sampled_from([4, 14, 15])),
        rows=draw(st.sampled_from([3, 6, 9])),
        null_keys=draw(PERCENT),
        orphans=draw(PERCENT),
        null_values=draw(PERCENT),
        null_amounts=draw(PERCENT),
        gaps=draw(st.sampled_from([0, 0, 10, 30])),
        empties=draw(PERCENT),
        calendars=calendars,
        currencies=draw(st.booleans()),
        rate_gaps=draw(st.sampled_from([0, 0, 20])),
        last_day=draw(st.sampled_from([31, 31, 31, 17])),
    )


@st.composite
def _measure(draw: Any, metric: str, dimensions: tuple[str, ...], grain: str) -> Measure:
    parts = simple_parts(metric)
    stock = all(FACTS[p.fact].is_stock and not p.is_average for p in parts)
    flow = all(not FACTS[p.fact].is_stock or p.is_average for p in parts)
    adds = METRICS[metric].kind != "ratio" and all(p.aggregate in ("SUM", "COUNT") for p in parts)
    known = ["", "", ""]
    if grain not in ("day", "week"):
        known += (
            SHIFTED[:9] if not grain or grain == "month" else ["yoy", "yoy_diff", "prev", "prev_diff", "prior_year"]
        )
        known += SHIFTED[9:] if stock else []
    else:
        known += ["prev", "prev_diff"]
    if flow and grain not in ("day", "week"):
        known += ["ytd", "ytd", "yoy ytd", "yoy_diff ytd", "prior_year ytd"]
    shares: list[tuple[str, ...]] = []
    if adds and dimensions:
        known += ["share", "share", "yoy_diff share"]
        shares = [(), *((d,) for d in dimensions)]
    if dimensions:
        known += ["rank", "rank yoy", "rank prev_diff"] + ["rank share"] * adds
    functions = tuple(draw(st.sampled_from(known)).split())
    over = draw(st.sampled_from(shares)) if "share" in functions else ()
    return Measure(metric, functions, over)


def _literals(grain: str, knobs: Knobs) -> list[str]:
    last = month_last(add_months(knobs.first, knobs.months - 1))
    first = max(knobs.first, add_months(last.replace(day=1), -1)) if grain in ("day", "week") else knobs.first
    return [span.label for span in spans(grain, first, last)]


@st.composite
def whens(draw: Any, grain: str, knobs: Knobs, is_daily: bool) -> tuple[When, ...]:
    """Time conditions of every form; mostly ones that leave a period."""
    if grain:
        fitting = {
            "day": ["day", "month"],
            "week": ["week"],
            "month": ["month", "quarter", "half", "year"],
            "quarter": ["quarter", "half", "year"],
            "half": ["half", "year"],
            "year": ["year"],
        }[grain]
    else:
        fitting = ["month", "month", "month", "quarter", "half", "year"] + ["day", "week"] * is_daily
    on = draw(st.sampled_from(fitting))
    form = draw(st.sampled_from(["=", "=", "=", "IN", "BETWEEN", ">=", ">", "<=", "<", "two"] + ["coarse"] * 2))
    if form == "coarse" and on in ("month", "quarter", "half"):
        coarse = draw(
            st.sampled_from({"month": ["quarter", "half", "year"], "quarter": ["half", "year"], "half": ["year"]}[on])
        )
        return (When(on, "=", (draw(st.sampled_from(_literals(coarse, knobs))),)),)
    literals = _literals(on, knobs)
    one = st.sampled_from(literals)
    if form in ("BETWEEN", "two"):
        low, high = sorted([draw(one), draw(one)])
        if form == "two":
            return (When(on, ">=", (low,)), When(on, "<=", (high,)))
        return (When(on, "BETWEEN", (low, high)),)
    if form == "IN":
        if not grain:
            start = draw(st.integers(0, len(literals) - 1))
            return (When(on, "IN", tuple(literals[start : start + 2])),)
        return (When(on, "IN", tuple(draw(st.lists(one, min_size=1, max_size=3, unique=True)))),)
    return (When(on, "=" if form == "coarse" else form, (draw(one),)),)


@st.composite
def _compare(draw: Any, name: str) -> Condition:
    values = values_of(name)
    one = st.sampled_from(values)
    operator = draw(
        st.sampled_from(["=", "=", "<>", "IN", "NOT IN", "LIKE", "NOT LIKE", "BETWEEN", "IS NULL", "IS NOT NULL"])
    )
    if operator in ("IN", "NOT IN"):
        return Compare(name, operator, tuple(draw(st.lists(one, min_size=1, max_size=2, unique=True))))
    if operator.endswith("LIKE"):
        value = draw(one)
        return Compare(
            name, operator, (draw(st.sampled_from([f"{value[:1]}%", f"%{value[-1:]}", f"_{value[1:]}", value])),)
        )
    if operator == "BETWEEN":
        return Compare(name, operator, tuple(sorted([draw(one), draw(one)])))
    if operator.startswith("IS"):
        return Compare(name, operator)
    if name == "zone" and draw(st.integers(0, 4)) == 0:
        return Compare(name, operator, ("up there",))
    return Compare(name, operator, (draw(one),))


@st.composite
def rows_where(draw: Any, names: tuple[str, ...]) -> Condition:
    """A condition on one or two dimensions."""
    if not names:
        raise AssertionError("no dimension")
    one = st.sampled_from(names).flatmap(_compare)
    form = draw(st.sampled_from(["one", "one", "one", "not", "or", "and", "not or"]))
    if form == "one":
        return draw(one)
    if form == "not":
        return Not(draw(one))
    both = Both("AND" if form == "and" else "OR", (draw(one), draw(one)))
    return Not(both) if form == "not or" else both


@st.composite
def _groups_where(draw: Any, measures: tuple[Measure, ...], dimensions: tuple[str, ...]) -> Condition:
    """A condition on a metric, alone or in an OR with a grouped dimension."""
    measure = draw(st.sampled_from(measures))
    number = draw(st.sampled_from([0, 1, 2, 3, 0.5, 5, 10, -1]))
    other = draw(st.sampled_from([None, None, None, *measures]))
    found: Condition = Exceeds(measure, draw(st.sampled_from([">", ">=", "<", "<=", "=", "<>"])), number, other)
    form = draw(st.sampled_from(["one", "one", "not", "or"]))
    if form == "not":
        return Not(found)
    if form == "or" and dimensions:
        return Both("OR", (found, draw(st.sampled_from(dimensions).flatmap(_compare))))
    return found


@st.composite
def questions(draw: Any, knobs: Knobs, is_inner: bool = False) -> Question:
    """One flat semantic SELECT. Inner: without functions, so that what is built on it stays in sight."""
    pool = sorted(METRICS)
    if is_inner and draw(st.integers(0, 3)):
        pool = [name for name in pool if not any(p.where for p in simple_parts(name))]
    first = draw(st.sampled_from(pool))
    metrics = [first]
    near = [m for m in pool if facts_of(m) == facts_of(first)]
    for reach in draw(st.lists(st.sampled_from(["near", "near", "any"]), max_size=2)):
        metrics.append(draw(st.sampled_from(near if reach == "near" else pool)))
    facts = frozenset().union(*(facts_of(m) for m in metrics))
    shared = tuple(sorted(frozenset.intersection(*(dimensions_of(f) for f in facts))))
    dimensions = tuple(draw(st.lists(st.sampled_from(shared), max_size=2, unique=True)))
    is_daily = all(FACTS[f].kind in ("day_stock", "flow") for f in facts)
    grains = ["", "", "month", "month", "quarter", "half", "year"] + ["day", "week"] * is_daily
    grain = draw(st.sampled_from(grains))
    shown = [Measure(m) if is_inner else draw(_measure(m, dimensions, grain)) for m in metrics]
    measures = tuple(dict.fromkeys(shown))
    keys = (*((grain,) if grain else ()), *dimensions)
    columns = tuple(draw(st.permutations([*keys, *measures])))
    when = draw(whens(grain, knobs, is_daily)) if draw(st.integers(0, 5)) else ()
    where: list[Condition] = draw(st.lists(rows_where(shared), max_size=2)) if draw(st.integers(0, 2)) == 0 else []
    having: list[Condition] = []
    if keys and draw(st.integers(0, 3)) == 0:
        (where if draw(st.booleans()) else having).append(draw(_groups_where(measures, dimensions)))
    orders: tuple[Order, ...] = ()
    if keys and draw(st.booleans()):
        sortable: list[Any] = [*columns]
        if draw(st.integers(0, 4)) == 0:
            sortable.append(Measure(draw(st.sampled_from(near))))
        chosen = draw(st.lists(st.sampled_from(sortable), min_size=1, max_size=2, unique=True))
        orders = tuple(Order(by, draw(st.booleans())) for by in chosen)
    limit = draw(st.one_of(st.none(), st.integers(1, 4))) if orders else None
    return Question(
        columns,
        when,
        tuple(where),
        tuple(having),
        orders,
        limit,
        draw(st.booleans()),
        draw(st.sampled_from(["all", "all", "all", "north", "two"])),
    )
