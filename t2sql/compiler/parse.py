"""Text to one plain SELECT tree. Allows the shapes of semantic SQL and refuses the rest by name; knows no catalog."""

from __future__ import annotations

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from t2sql.errors import NotComputable, RefusedSyntax

MAX_CHARACTERS = 20_000
MAX_DEPTH = 80
_HINT = "Write SELECT names FROM model WHERE conditions ORDER BY name LIMIT n."
_PLAIN = "Ask for it in one plain SELECT, or in two questions."
# Decided, and not built yet: what stands in for it today.
_LATER: dict[type[exp.Expr], tuple[str, str]] = {
    exp.With: ("WITH", _PLAIN),
    exp.SetOperation: ("UNION, INTERSECT or EXCEPT", "Ask in two questions, or name both values with IN."),
    exp.Join: ("JOIN", "Leave it out: names reach their tables by themselves."),
    exp.Subquery: ("a subquery", _PLAIN),
    exp.Exists: ("a subquery", _PLAIN),
    exp.Window: ("a window function", "Use rank, share, prev or ytd, which are functions of semantic SQL."),
    exp.Qualify: ("QUALIFY", "Write the condition on rank in HAVING, or order and LIMIT."),
    exp.Case: ("CASE", "Group by a dimension that makes the distinction, or ask with a condition."),
    exp.If: ("IF", "Group by a dimension that makes the distinction, or ask with a condition."),
    exp.Distinct: ("DISTINCT", "Leave it out: dimensions alone are distinct, and counts are metrics of their own."),
    exp.Offset: ("OFFSET", "Use LIMIT alone."),
}
_REFUSED: dict[type[exp.Expr], tuple[str, str]] = {
    exp.LimitOptions: ("LIMIT with PERCENT or TIES", "Write LIMIT 10."),
    exp.Fetch: ("FETCH", "Write LIMIT 10."),
    exp.SimilarTo: ("SIMILAR TO", "Use LIKE with % and _."),
    exp.RegexpLike: ("A regular expression", "Use LIKE with % and _."),
    exp.NullSafeNEQ: ("IS DISTINCT FROM", "Use <>, which keeps rows without a value."),
    exp.NullSafeEQ: ("IS NOT DISTINCT FROM", "Use =, or IS NULL."),
    exp.Tuple: ("A list in parentheses", "Compare one name at a time."),
    exp.Interval: ("INTERVAL", "Write periods as literals, such as month >= '2025-01'."),
    exp.Rollup: ("ROLLUP", "Ask for the parts and the total in two questions."),
    exp.Cube: ("CUBE", "Ask for the parts and the total in two questions."),
    exp.GroupingSets: ("GROUPING SETS", "Ask for the parts and the total in two questions."),
    exp.Lock: ("FOR UPDATE", "Leave it out: nothing can be changed."),
    exp.Into: ("INTO", "Leave it out: nothing can be written."),
    exp.TableSample: ("A sample", "Leave it out: figures are never estimated."),
    exp.Escape: ("ESCAPE", "Use LIKE with % and _ alone."),
    exp.Any: ("ANY", "Use IN with a list of values."),
    exp.Array: ("A list in brackets", "Use IN with a list of values."),
    exp.Parameter: ("A parameter", "Write the value itself."),
    exp.Placeholder: ("A parameter", "Write the value itself."),
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
    exp.Add,
    exp.Sub,
    exp.Mul,
    exp.Div,
    exp.Var,
    exp.Star,
)


def parse(text: str) -> exp.Select:
    """The one SELECT in `text`, with no join, CTE, set operation or subquery. Raises RefusedSyntax or NotComputable."""
    if not text.strip():
        raise RefusedSyntax("There is no SQL.", _HINT)
    if len(text) > MAX_CHARACTERS:
        raise RefusedSyntax(f"The SQL is longer than {MAX_CHARACTERS} characters.", "Ask for less at once.")
    try:
        parsed = sqlglot.parse(text, read="duckdb")
        statements = [s for s in parsed if s is not None and not isinstance(s, exp.Semicolon)]
    except SqlglotError as error:
        raise RefusedSyntax(f"Not valid SQL: {_first_line(error)}", _HINT) from None
    except RecursionError:
        raise nested_too_deeply() from None
    if len(statements) != 1:
        raise RefusedSyntax("Only one statement can run at a time.", "Remove everything after the first ';'.")
    root = statements[0]
    if isinstance(root, (exp.SetOperation, exp.Subquery)):
        raise _later(root)
    if not isinstance(root, exp.Select):
        kind = "that statement" if isinstance(root, (exp.Column, exp.Command)) else root.key.upper()
        raise RefusedSyntax(f"Only SELECT can be asked, not {kind}.", _HINT)
    level: list[exp.Expr] = [root]
    for _ in range(MAX_DEPTH):
        level = [child for node in level for child in node.iter_expressions()]
    if level:
        raise nested_too_deeply()
    unbuilt = next(root.find_all(*_LATER), None)
    if unbuilt is not None:
        raise _later(unbuilt)
    for node in root.walk():
        words, hint = _REFUSED.get(type(node), (node.key.upper(), _HINT))
        if type(node) in _REFUSED or not isinstance(node, _ALLOWED):
            raise RefusedSyntax(f"{words} is not part of semantic SQL.", hint)
    for key, value in root.args.items():
        if value and key not in ("expressions", "from_", "from", "where", "having", "group", "order", "limit"):
            raise RefusedSyntax(f"{key.upper()} is not part of semantic SQL.", _HINT)
    return root


def nested_too_deeply() -> RefusedSyntax:
    """What to raise where Python's stack ends."""
    return RefusedSyntax("The SQL is nested too deeply.", "Use IN with a list for many values, and fewer brackets.")


def _later(node: exp.Expr) -> NotComputable:
    words, hint = next(told for kind, told in _LATER.items() if isinstance(node, kind))
    return NotComputable(f"Semantic SQL with {words} is not supported yet.", hint)


def _first_line(error: Exception) -> str:
    details = getattr(error, "errors", None)
    if details:
        first = details[0]
        told = str(first.get("description") or "syntax error")
        told = "something is missing" if "missing for <class" in told else told
        return f"{told} at line {first.get('line')}, column {first.get('col')}."
    return str(error).split("\n")[0]
