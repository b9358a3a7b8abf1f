"""What raw or physical SQL asks for, as far as it can be read off the tree: measures, groups, conditions, days, cuts.

Evidence for naming a miss, never for calling an answer right or wrong: only results decide that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from t2sql.evaluation.cases.raw_sql import order_keys
from t2sql.evaluation.judging.leaves import Made, is_rate, outputs_of
from t2sql.evaluation.judging.spans import comparisons, day_of, number_of, part_of, read_days

LEAST_ROW_LIMIT = 100_000
"""A limit from here on is a safety, not a part of the question."""
COMPARED = (
    exp.EQ, exp.NEQ, exp.NullSafeEQ, exp.NullSafeNEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.In, exp.Between, exp.Like,
    exp.ILike,
)  # fmt: skip
OPPOSITE = {"=": "<>", "<>": "=", ">": "<=", "<=": ">", "<": ">=", ">=": "<", "like": "not like"}


@dataclass(frozen=True, slots=True)
class Profile:
    """One statement."""

    outputs: tuple[Made, ...]
    texts: frozenset[tuple[str, str]]
    """(sign, text) of every condition on a text."""
    measure_texts: frozenset[str]
    """Texts in conditions inside aggregates."""
    numbers: frozenset[tuple[str, float]]
    """(sign, number) of every condition on a number that is no date's part."""
    measure_numbers: frozenset[float]
    flags: frozenset[tuple[str, bool]]
    """Bare boolean columns in conditions, and what they must be."""
    span: tuple[date | None, date | None]
    """First and last day let through."""
    limit: int | None
    order: tuple[str, bool] | None
    """The first thing ordered by: its column, and whether the largest come first."""
    is_distinct: bool

    @property
    def keys(self) -> tuple[int, ...]:
        """Columns that no aggregate made, where some are made by one; () in a plain list."""
        return tuple(i for i, made in enumerate(self.outputs) if not made.is_measure) if self.has_measures else ()

    @property
    def has_measures(self) -> bool:
        """Whether anything is aggregated."""
        return any(made.is_measure for made in self.outputs)

    def measures(self) -> Iterable[Made]:
        """What is measured: aggregates, or in a plain list every column."""
        return [made for made in self.outputs if made.is_measure or not self.has_measures]


def read_profile(sql: str) -> Profile | None:
    """The profile of one SELECT; None for what cannot be read."""
    try:
        tree = sqlglot.parse_one(sql, read="duckdb")
    except (SqlglotError, RecursionError):
        return None
    return profile_of(tree) if isinstance(tree, exp.Query) else None


def profile_of(tree: exp.Query) -> Profile:
    """The profile of a statement whose clock is stopped."""
    texts: set[tuple[str, str]] = set()
    numbers: set[tuple[str, float]] = set()
    measure_texts: set[str] = set()
    measure_numbers: set[float] = set()
    for node in tree.find_all(*COMPARED):
        case = node.find_ancestor(exp.Case, exp.If, exp.Filter, exp.Select)
        whole = case.parent if isinstance(case, exp.If) and isinstance(case.parent, exp.Case) else case
        if isinstance(whole, (exp.Case, exp.If)) and is_rate(whole):
            continue
        is_inside = not isinstance(case, exp.Select)
        is_negated = isinstance(node.parent, exp.Not) or (
            isinstance(node.parent, exp.Paren) and isinstance(node.parent.parent, exp.Not)
        )
        for subject, plain_sign, value in comparisons(node):
            sign = OPPOSITE.get(plain_sign, plain_sign) if is_negated else plain_sign
            if part_of(subject) or day_of(value) is not None:
                continue
            if isinstance(value, exp.Literal) and value.is_string:
                texts.add((sign, value.name))
                if is_inside and "like" not in sign:
                    measure_texts.add(value.name)
            elif (number := number_of(value)) is not None:
                numbers.add((sign, number))
                if is_inside:
                    measure_numbers.add(number)
    subjects = _subjects(tree)
    texts |= {("=", text) for text in subjects}
    outputs = tuple(outputs_of(tree))
    return Profile(
        outputs,
        frozenset(texts),
        frozenset(measure_texts | subjects),
        frozenset(numbers),
        frozenset(measure_numbers),
        frozenset(_flags(tree)),
        read_days(tree).span(),
        _limit(tree),
        _order(tree, outputs),
        any(select.args.get("distinct") is not None for select in tree.find_all(exp.Select)),
    )


def _subjects(tree: exp.Expr) -> set[str]:
    """Texts of CASE x WHEN 'text' …, which compares without a sign."""
    return {
        branch.this.name
        for case in tree.find_all(exp.Case)
        if case.this is not None
        for branch in case.args["ifs"]
        if isinstance(branch.this, exp.Literal) and branch.this.is_string
    }


def _flags(tree: exp.Expr) -> Iterable[tuple[str, bool]]:
    for column in tree.find_all(exp.Column):
        above = column.parent
        is_true = not isinstance(above, exp.Not)
        above = above if is_true else above.parent if above else None
        if isinstance(above, (exp.Where, exp.Having, exp.And, exp.If, exp.Or)) and above.this is not None:
            is_condition = not isinstance(above, exp.If) or above.this in (column, column.parent)
            if is_condition:
                yield column.name.lower(), is_true


def _limit(tree: exp.Query) -> int | None:
    limit = tree.args.get("limit")
    number = number_of(limit.expression) if isinstance(limit, exp.Limit) and limit.expression else None
    return int(number) if number is not None and number < LEAST_ROW_LIMIT else None


def _order(tree: exp.Query, outputs: tuple[Made, ...]) -> tuple[str, bool] | None:
    order = tree.args.get("order")
    if order is None or not order.expressions:
        return None
    positions = order_keys(tree).positions
    first = order.expressions[0]
    is_shown = bool(positions) and 0 <= positions[0] < len(outputs)
    kind = "measure" if is_shown and outputs[positions[0]].is_measure else "column" if is_shown else first.this.sql()
    return kind, bool(first.args.get("desc"))
