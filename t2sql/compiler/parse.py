"""Text to one plain SELECT tree. Allows the shapes of semantic SQL and refuses the rest by name; knows no catalog."""

from __future__ import annotations

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from t2sql.errors import NotComputable, RefusedSyntax

MAX_CHARACTERS = 20_000
_HINT = "Write SELECT names FROM model WHERE conditions ORDER BY name LIMIT n."
_LATER = {
    exp.With: "WITH",
    exp.SetOperation: "UNION",
    exp.Subquery: "a subquery",
    exp.Window: "a window function",
    exp.Qualify: "QUALIFY",
    exp.Case: "CASE",
    exp.Join: "JOIN",
    exp.Distinct: "DISTINCT",
    exp.Offset: "OFFSET",
}
_ALLOWED = (
    exp.Select,
    exp.From,
    exp.Table,
    exp.TableAlias,
    exp.Identifier,
    exp.Column,
    exp.Alias,
    exp.Where,
    exp.Having,
    exp.Group,
    exp.Order,
    exp.Ordered,
    exp.Limit,
    exp.Literal,
    exp.And,
    exp.Or,
    exp.Not,
    exp.Paren,
    exp.EQ,
    exp.NEQ,
    exp.GT,
    exp.GTE,
    exp.LT,
    exp.LTE,
    exp.Between,
    exp.In,
    exp.Is,
    exp.Null,
    exp.Boolean,
    exp.Like,
    exp.ILike,
    exp.Neg,
    exp.Anonymous,
    exp.Func,
    exp.Cast,
    exp.DataType,
    exp.Tuple,
    exp.Add,
    exp.Sub,
    exp.Mul,
    exp.Div,
    exp.Var,
)


def parse(text: str) -> exp.Select:
    """The one SELECT in `text`, with no join, CTE, set operation or subquery. Raises RefusedSyntax or NotComputable."""
    if not text.strip():
        raise RefusedSyntax("There is no SQL.", _HINT)
    if len(text) > MAX_CHARACTERS:
        raise RefusedSyntax(f"The SQL is longer than {MAX_CHARACTERS} characters.", "Ask for less at once.")
    try:
        statements = [s for s in sqlglot.parse(text, read="duckdb") if s is not None]
    except SqlglotError as error:
        raise RefusedSyntax(f"Not valid SQL: {_first_line(error)}", _HINT) from None
    except RecursionError:
        raise RefusedSyntax("The SQL is nested too deeply.", _HINT) from None
    if len(statements) != 1:
        raise RefusedSyntax("Only one statement can run at a time.", "Remove everything after the first ';'.")
    root = statements[0]
    for node in root.walk():
        for kind, words in _LATER.items():
            if isinstance(node, kind):
                raise NotComputable(
                    f"Semantic SQL with {words} is not supported yet.",
                    "Ask for it in one plain SELECT, or in two questions.",
                )
        if not isinstance(node, _ALLOWED):
            raise RefusedSyntax(f"{node.key.upper()} is not part of semantic SQL.", _HINT)
    if not isinstance(root, exp.Select):
        raise RefusedSyntax(f"Only SELECT can be asked, not {root.key.upper()}.", _HINT)
    for key, value in root.args.items():
        if value and key not in (
            "expressions",
            "from_",
            "from",
            "where",
            "having",
            "group",
            "order",
            "limit",
            "kind",
            "hint",
        ):
            raise RefusedSyntax(f"{key.upper()} is not part of semantic SQL.", _HINT)
    return root


def _first_line(error: Exception) -> str:
    details = getattr(error, "errors", None)
    if details:
        first = details[0]
        return f"{first.get('description', 'syntax error')} at line {first.get('line')}, column {first.get('col')}."
    return str(error).split("\n")[0]
