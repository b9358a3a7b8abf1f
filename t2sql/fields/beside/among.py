"""A part of what is counted, beside the whole: "how many tickets were raised each month, and how many of those were urgent".

The whole is read without its part; the part is the same count under the conditions that its own words say. A part whose
words say no condition, or more than conditions, is not read.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp

from t2sql.fields.index import FieldIndex
from t2sql.fields.linked import Linked
from t2sql.fields.linking import link
from t2sql.fields.writing import expression_of

if TYPE_CHECKING:
    from t2sql.fields.readings import FieldReading

_THOSE = r"(?:those|these|them|which)"
_OF_THOSE = re.compile(
    rf"(?:,? and|[.;,?!]) (?:out )?(?:of {_THOSE},? how many (?:of {_THOSE} )?|how many of {_THOSE} |how many (?=[^.?!;]*\bof {_THOSE}\b))(?P<what>[^.?!;]+)",
    re.IGNORECASE,
)
_IN_TOTAL = re.compile(
    r"(?<=in total),? and (?P<what>(?:on|in|for|from|with|by|at) [^,.?!;]+?)(?= (?:in|for|per|of) (?:each|every)\b| per\b|[,.?!;]|$)",
    re.IGNORECASE,
)
# What is to be shown, said again behind the question.
_RETURN = re.compile(r"(?<=[.?!]) (?:Return|Show|Give|List)\b[^.?!]+[.?!]?\s*$", re.IGNORECASE)


def read_part(
    text: str,
    hints: str,
    whole: Linked,
    index: FieldIndex,
    today: date,
    read: Callable[[str], tuple[Linked, tuple[FieldReading, ...]]],
) -> tuple[Linked, tuple[FieldReading, ...]] | None:
    """`text` as it is linked `whole`, and its readings with a part of what is counted beside it.

    None where none is asked for, or where its words say more than conditions. `read` reads the rest.
    """
    said = part_said(text)
    if said is None:
        return None
    without, words = said
    rest, found = read(_RETURN.sub(lambda told: " " * len(told[0]), without))
    if not rest.datasets:
        return None
    counted = index.catalog.datasets[rest.dataset]
    part = link(f"{counted.display.en} {words}", hints, index, today, needs=frozenset((counted.name,)))
    conditions = [condition.alternatives[0] for condition in part.conditions]
    reach = {counted.name, *index.reach[counted.name]}
    if part.left or part.is_any or not conditions or not {c.dataset for c in conditions} <= reach:
        return None
    made = ((reading, with_part(reading.semantic_sql, [c.sql for c in conditions], words)) for reading in found)
    readings = tuple(replace(reading, semantic_sql=sql) for reading, sql in made if sql)
    return (replace(whole, left=rest.left), readings) if readings else None


def part_said(text: str) -> tuple[str, str] | None:
    """`text` without the part of what it counts, as blanks, and the words of the part; None where it says none."""
    for pattern in (_OF_THOSE, _IN_TOTAL):
        match = pattern.search(text)
        if match is not None and re.search(r"\bhow many\b|\bnumber of\b", text[: match.start()], re.IGNORECASE):
            said = re.sub(rf"\bof {_THOSE}\b", "", match["what"]).strip()
            return text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :], said
    return None


def with_part(semantic_sql: str, conditions: Sequence[str], name: str) -> str:
    """A SELECT of one count with the same count under `conditions` behind it as `name`; "" for any other SELECT."""
    tree = sqlglot.parse_one(semantic_sql, read="duckdb")
    if not isinstance(tree, exp.Select) or tree.find(exp.Window, exp.Subquery, exp.Filter) or tree.args.get("limit"):
        return ""
    figures = [item for item in tree.expressions if item.find(exp.AggFunc)]
    if len(figures) != 1 or not isinstance(figures[0], exp.Count) or tree.expressions[-1] is not figures[0]:
        return ""
    chosen = exp.and_(*(expression_of(condition) for condition in conditions))
    for week in [*tree.find_all(exp.Week)]:
        week.replace(exp.TimestampTrunc(this=week.this.copy(), unit=exp.Var(this="WEEK")))
    part = exp.Filter(this=figures[0].copy(), expression=exp.Where(this=chosen))
    tree.append("expressions", exp.alias_(part, name, quoted=True))
    return tree.sql("duckdb")
