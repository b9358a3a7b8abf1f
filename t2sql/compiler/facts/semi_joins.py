"""Conditions across a to-many relationship: `key IN (SELECT key FROM (source) … WHERE …)`, so that no row multiplies.

A condition there means "has at least one such row". Its opposite could mean two things (one that differs, or none at
all), so forms that deny are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from t2sql.catalog import Dataset
from t2sql.compiler.words.spelling import as_written
from t2sql.errors import NotComputable
from t2sql.flow import Note
from t2sql.paths import joins_between

if TYPE_CHECKING:
    from t2sql.compiler.calendar.windows import Window
    from t2sql.compiler.facts.sources import FactSource


def check_positive(condition: exp.Expr) -> None:
    """Raise NotComputable where a condition on one of many rows denies."""
    denied = condition.find(exp.Not, exp.NEQ, exp.Is) or next(
        (n for n in condition.find_all(exp.Like, exp.ILike) if n.args.get("negate")), None
    )
    if denied is not None:
        text = as_written(condition)
        raise NotComputable(
            f"{text!r} is about one of many rows, so its opposite is not clear: one row that differs, or none at all.",
            "Say what a row must be, with =, IN, LIKE, BETWEEN or a comparison; leave rows out with NOT IN (SELECT …).",
            zh=(
                f"条件 {text} 针对多行中的一行，否定的含义不明确：是“有一行不是”，还是“没有一行是”。",
                "请用肯定的条件，或用 NOT IN (SELECT …) 排除。",
            ),
        )


def mixed_condition(condition: exp.Expr) -> NotComputable:
    """That one condition joins rows of different kinds with OR."""
    text = as_written(condition)
    return NotComputable(
        f"{text!r} mixes a row's own values with those of its many members.",
        "Split it into conditions joined by AND, or ask in two questions.",
        zh=(f"条件 {text} 混用了本行的值和一对多成员的值。", "请拆成用 AND 连接的条件，或分成两个问题。"),
    )


def has_row(fact: FactSource, rows: FactSource, conditions: list[exp.Expr], windows: tuple[Window, ...]) -> exp.Expr:
    """That a row of `fact` has one of `rows`, many-to-one behind it, that meets all of `conditions`."""
    path = joins_between(fact.catalog, rows.dataset.name, fact.dataset.name)
    assert path
    keys = rows.keys_at(path)
    select = rows.attach(exp.select(*keys), rows.dataset.time_dimension, windows, bool(rows.dataset.snapshot_grain))
    for condition in conditions:
        select = select.where(condition, copy=False)
    here = fact.columns(path[-1].to_columns)
    key = here[0] if len(here) == 1 else exp.Tuple(expressions=here)
    return exp.In(this=key, query=exp.Subquery(this=select))


def some_row_note(dataset: Dataset, many: Dataset, windows: list[Window]) -> Note:
    """That one of many rows is enough, and of when."""
    days = [str(d) for w in windows for d in (w.first, w.last)]
    first, last = (min(days), max(days)) if days else ("", "")
    zh_when = f"（{first if first == last else f'{first} 至 {last}'}）" if days else ""
    en_when = f" ({first if first == last else f'{first} to {last}'})" if days else ""
    return Note(
        "some_row",
        f"列出至少有一行{many.display.zh}{zh_when}符合条件的{dataset.display.zh}，每行只列一次。",
        f"Each row of {dataset.display.en} that has at least one such row of {many.display.en}{en_when} stands once.",
    )
