"""What kind of value an expression has (text, number, date, boolean), so that what an engine would refuse, or cast in
silence, is refused in plain words first.

Knows no catalog: who asks says what a column holds. Never guesses; "" stands for what nobody said, and fits anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlglot import exp

from t2sql.compiler.calendar.time_conditions import COMPARE
from t2sql.compiler.words.spelling import as_written
from t2sql.compiler.words.weekdays import check_weekday, is_weekday
from t2sql.errors import NotComputable, RefusedSyntax

_TEXTS = (exp.Upper, exp.Lower, exp.Trim, exp.Substring, exp.Left, exp.Right, exp.Concat, exp.DPipe)
_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg, exp.Abs, exp.Round)
_ZH = {"text": "文本", "number": "数字", "date": "日期", "boolean": "真假值"}
ColumnKind = Callable[[exp.Column], str]


def kind_of(node: exp.Expr, of_column: ColumnKind) -> str:
    """text, number, date or boolean; "" where it is not known.

    Raises NotComputable or RefusedSyntax where kinds mix.
    """
    if isinstance(node, exp.Paren):
        return kind_of(node.this, of_column)
    if isinstance(node, exp.Column):
        return of_column(node)
    if isinstance(node, exp.Literal):
        return "text" if node.is_string else "number"
    if isinstance(node, (exp.And, exp.Or, exp.Not)):
        for side in (node.this, node.args.get("expression")):
            if isinstance(side, exp.Expr):
                check_boolean(side, of_column)
        return "boolean"
    if isinstance(node, (exp.Boolean, *COMPARE, exp.Between, exp.In, exp.Is, exp.Like, exp.ILike)):
        _check_condition(node, of_column)
        return "boolean"
    if isinstance(node, (exp.Case, exp.If)):
        return _chosen(node, of_column)
    if isinstance(node, (exp.Coalesce, exp.Nullif)):
        rest = [node.expression] if isinstance(node, exp.Nullif) else node.expressions
        return _one(node, [kind_of(part, of_column) for part in (node.this, *rest)])
    if isinstance(node, _TEXTS):
        return "text"
    if isinstance(node, _ARITHMETIC):
        return _calculated(node, of_column)
    if isinstance(node, exp.Cast):
        return "date" if node.is_type("date") else "text" if node.is_type("text", "varchar") else ""
    return ""


def check_boolean(node: exp.Expr, of_column: ColumnKind) -> None:
    """Refuse what is neither true nor false where a condition stands."""
    if kind_of(node, of_column) not in ("boolean", ""):
        raise RefusedSyntax(
            f"{as_written(node)!r} alone is not a condition.",
            "Compare a name with a value.",
            zh=(f"{as_written(node)} 本身不是条件。", "请把名称与取值比较。"),
        )


def _check_condition(node: exp.Expr, of_column: ColumnKind) -> None:
    if isinstance(node, exp.Boolean):
        return
    if is_weekday(node.this):
        check_weekday(node, lambda column: of_column(column) in ("date", ""))
        return
    if isinstance(node, exp.Is):
        kind = kind_of(node.this, of_column)
        if isinstance(node.expression, exp.Boolean) and kind not in ("boolean", ""):
            raise _mixed(node, {kind, "boolean"})
        return
    if isinstance(node, exp.Between):
        parts = [node.this, node.args["low"], node.args["high"]]
    elif isinstance(node, exp.In):
        parts = [node.this, *node.expressions]
    else:
        parts = [node.this, node.expression]
    kinds = {kind_of(part, of_column) for part in parts} - {""}
    if isinstance(node, (exp.Like, exp.ILike)):
        kinds |= {"text"}
    elif kinds == {"date", "text"}:
        return
    if len(kinds) > 1 or (kinds == {"boolean"} and isinstance(node, exp.In) and node.args.get("query")):
        raise _mixed(node, kinds | ({"text"} if len(kinds) == 1 else set()))


def _chosen(node: exp.Case | exp.If, of_column: ColumnKind) -> str:
    ifs = [node] if isinstance(node, exp.If) else node.args["ifs"]
    other = node.args.get("false") if isinstance(node, exp.If) else node.args.get("default")
    looked_at = node.args.get("this") if isinstance(node, exp.Case) else None
    for one in ifs:
        if looked_at is None:
            check_boolean(one.this, of_column)
        else:
            _check_condition(exp.EQ(this=looked_at.copy(), expression=one.this.copy()), of_column)
    values = [one.args["true"] for one in ifs] + ([other] if other is not None else [])
    return _one(node, [kind_of(value, of_column) for value in values])


def _calculated(node: exp.Expr, of_column: ColumnKind) -> str:
    parts = [part for key in ("this", "expression") if isinstance(part := node.args.get(key), exp.Expr)]
    kinds = [kind_of(part, of_column) for part in parts]
    for part, kind in zip(parts, kinds, strict=True):
        if kind in ("text", "boolean"):
            raise NotComputable(
                f"{as_written(node)!r} calculates with {as_written(part)!r}, which is no number.",
                "Calculate with metrics and numbers.",
                zh=(f"{as_written(node)} 中的 {as_written(part)} 不是数字。", "请只用数字计算。"),
            )
    if isinstance(node, exp.Sub) and kinds == ["date", "date"]:
        return "number"
    return "" if "date" in kinds else "number"


def _one(node: exp.Expr, kinds: Iterable[str]) -> str:
    known = set(kinds) - {""}
    if len(known) > 1:
        raise NotComputable(
            f"{as_written(node)!r} mixes {' and '.join(sorted(known))}.",
            "Give values of one kind.",
            zh=(f"{as_written(node)} 混用了{'和'.join(_ZH[k] for k in sorted(known))}。", "请给出同一种取值。"),
        )
    return next(iter(known), "")


def _mixed(node: exp.Expr, kinds: set[str]) -> NotComputable:
    told = sorted(kinds)
    hint = "Compare numbers with numbers and names with names; a text stands in single quotes."
    return NotComputable(
        f"{as_written(node)!r} compares {' with '.join(f'a {kind}' for kind in told)}.",
        hint,
        zh=(
            f"{as_written(node)} 比较的是{'和'.join(_ZH[k] for k in told)}。",
            "请将数字与数字、名称与名称比较；文本写在单引号中。",
        ),
    )
