"""Groups made of dimensions (`CASE WHEN branch IN (…) THEN '东' ELSE '其他' END`), checked for what may stand in them.

Values are written as stored, so that a fact can compute the group from its own sources.
"""

from __future__ import annotations

from typing import Literal

from sqlglot import exp

from t2sql.compiler.request import Computed
from t2sql.compiler.words.conditions import call_of, check_condition, counted_days, stored_values
from t2sql.compiler.words.spelling import as_written
from t2sql.compiler.words.vocabulary import Vocabulary
from t2sql.compiler.words.weekdays import check_date, is_weekday
from t2sql.errors import NotComputable, RefusedSyntax

_TEXTS = (exp.Upper, exp.Lower, exp.Trim, exp.Substring, exp.Left, exp.Right, exp.Concat, exp.DPipe)


def computed_group(name: str, node: exp.Expr, words: Vocabulary) -> Computed:
    """The group `node`, an expression over dimensions. Raises RefusedSyntax or NotComputable for what cannot be one."""
    types = _check(node, words)
    if len(types) > 1:
        raise NotComputable(f"{as_written(node)!r} mixes texts and numbers.", "Give values of one kind.")
    kind: Literal["text", "integer", "number"] = "text"
    if types == {"number"}:
        kind = "integer" if all(n.is_int for n in node.find_all(exp.Literal) if not n.is_string) else "number"
    holder = exp.Paren(this=node.copy())
    for case in holder.find_all(exp.If):
        case.set("this", counted_days(stored_values(case.this, words.catalog), words.catalog))
    for chosen in [*holder.find_all(exp.Case)]:
        if chosen.args.get("this"):
            chosen.replace(stored_values(_searched(chosen), words.catalog))
    inner: exp.Expr = holder.this
    return Computed(name, inner, kind)


def _check(node: exp.Expr, words: Vocabulary) -> set[str]:
    """Types of the values that `node` may have."""
    if isinstance(node, exp.Paren):
        return _check(node.this, words)
    if isinstance(node, exp.Column):
        words.dimension(node)
        return {"text"}
    if is_weekday(node):
        check_date(node, words.catalog.field_of(words.dimension(node.this)))
        return {"number"}
    if isinstance(node, exp.Literal):
        return {"text" if node.is_string else "number"}
    if isinstance(node, exp.Null):
        return set()
    if isinstance(node, (exp.Case, exp.If)):
        ifs = [node] if isinstance(node, exp.If) else node.args["ifs"]
        default = node.args.get("false") if isinstance(node, exp.If) else node.args.get("default")
        if isinstance(node, exp.Case) and node.args.get("this"):
            looked_at = node.this.unnest()
            types = _check(looked_at, words)
            for one in ifs:
                if isinstance(looked_at, exp.Column):
                    _check_condition(exp.EQ(this=looked_at.copy(), expression=one.this.copy()), words)
                elif _check(one.this, words) - types:
                    raise NotComputable(f"{as_written(node)!r} mixes texts and numbers.", "Compare values of one kind.")
        else:
            for one in ifs:
                _check_condition(one.this, words)
        values = [one.args["true"] for one in ifs] + ([default] if default is not None else [])
        return {t for value in values for t in _check(value, words)}
    if isinstance(node, exp.Coalesce):
        return {t for part in (node.this, *node.expressions) for t in _check(part, words)}
    if isinstance(node, _TEXTS):
        parts = [*node.iter_expressions()]
        for part in parts:
            if not isinstance(part, (exp.Literal, exp.Neg)):
                _check(part, words)
        return {"text"}
    name = call_of(node)[0]
    raise RefusedSyntax(
        f"{as_written(node)!r} cannot be a group.",
        "Group by a dimension, CASE, or one of UPPER, LOWER, TRIM, SUBSTRING, LEFT, RIGHT, CONCAT, ISODOW."
        + (f" {name} is not among them." if name else ""),
    )


def _check_condition(node: exp.Expr, words: Vocabulary) -> None:
    for column in node.find_all(exp.Column):
        words.dimension(column)
    check_condition(node, words.catalog)


def _searched(case: exp.Case) -> exp.Case:
    """CASE d WHEN 'x' … as CASE WHEN d = 'x' …"""
    ifs = [
        exp.If(this=exp.EQ(this=case.this.copy(), expression=one.this.copy()), true=one.args["true"].copy())
        for one in case.args["ifs"]
    ]
    return exp.Case(ifs=ifs, default=case.args.get("default"))
