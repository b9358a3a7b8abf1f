"""Text to one SELECT, or several joined by a set operation, as a tree. Allows the shapes of semantic SQL and refuses
the rest by name; knows no catalog.
"""

from __future__ import annotations

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from t2sql.compiler.words.shapes import check_shape
from t2sql.errors import RefusedSyntax

MAX_CHARACTERS = 20_000
MAX_DEPTH = 80
_HINT = "Write SELECT names FROM model WHERE conditions ORDER BY name LIMIT n."
_REFUSED: dict[type[exp.Expr], tuple[str, str]] = {
    exp.LimitOptions: ("LIMIT with PERCENT or TIES", "Write LIMIT 10."),
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
    exp.PropertyEQ: ("A list in braces", "Use IN with a list of values."),
    exp.Struct: ("A list in braces", "Use IN with a list of values."),
    exp.Bracket: ("A place in brackets", "Name a metric or a dimension."),
}
_ALLOWED = (
    exp.Select,
    exp.SetOperation,
    exp.Subquery,
    exp.With,
    exp.CTE,
    exp.Join,
    exp.Window,
    exp.WindowSpec,
    exp.Qualify,
    exp.Distinct,
    exp.Offset,
    exp.Filter,
    exp.DPipe,
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


_STATEMENTS = (exp.Drop, exp.Alter, exp.Set, exp.Pragma, exp.Use, exp.Attach, exp.Detach, exp.Describe, exp.Copy)
_CLAUSES = frozenset(
    "expressions from_ from joins where having group order limit offset distinct qualify with_ with".split()
)
_SET_CLAUSES = frozenset("this expression distinct order limit offset with_ with".split())
_MOST_SELECTS = 100


def parse(text: str) -> exp.Select | exp.SetOperation:
    """The one statement in `text`. Raises RefusedSyntax."""
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
    if not statements:
        raise RefusedSyntax("There is no SQL.", _HINT)
    if len(statements) != 1:
        raise RefusedSyntax("Only one statement can run at a time.", "Remove everything after the first ';'.")
    root = unwrapped(statements[0])
    if not isinstance(root, (exp.Select, exp.SetOperation)):
        kind = root.key.upper() if isinstance(root, (exp.DDL, exp.DML, *_STATEMENTS)) else "that statement"
        raise RefusedSyntax(f"Only SELECT can be asked, not {kind}.", _HINT)
    level: list[exp.Expr] = [root]
    for _ in range(MAX_DEPTH):
        level = [child for node in level for child in node.iter_expressions()]
    if level:
        raise nested_too_deeply()
    _check(root)
    return root


def unwrapped(node: exp.Expr) -> exp.Expr:
    """A SELECT without the brackets around it, where they say nothing more."""
    while isinstance(node, exp.Subquery) and {k for k, v in node.args.items() if v} == {"this"}:
        node = node.this
    return node


def _check(root: exp.Expr) -> None:
    queries: list[exp.Expr] = []
    for node in [*root.walk()]:
        if isinstance(node, exp.Fetch):
            _check_fetch(node)
            continue
        if isinstance(node, exp.LimitOptions) and isinstance(node.parent, exp.Fetch):
            continue
        words, hint = _REFUSED.get(type(node), (node.key.upper(), _HINT))
        if type(node) in _REFUSED or not isinstance(node, _ALLOWED):
            raise RefusedSyntax(f"{words} is not part of semantic SQL.", hint)
        check_shape(node)
        if isinstance(node, (exp.Select, exp.SetOperation)):
            queries.append(node)
        elif isinstance(node, exp.With):
            _check_with(node, root)
        elif isinstance(node, exp.Distinct) and node.args.get("on"):
            raise RefusedSyntax(
                "DISTINCT ON is not part of semantic SQL.", "Choose rows with QUALIFY ROW_NUMBER() OVER (…) = 1."
            )
    for query in queries:
        allowed = _CLAUSES if isinstance(query, exp.Select) else _SET_CLAUSES
        unknown = next((key for key, value in query.args.items() if value and key not in allowed), None)
        if unknown:
            raise RefusedSyntax(f"{unknown.upper().replace('_', ' ')} is not part of semantic SQL.", _HINT)
    if len(queries) > _MOST_SELECTS:
        raise RefusedSyntax(f"There are more than {_MOST_SELECTS} SELECTs.", "Ask for less at once.")


def _check_with(node: exp.With, root: exp.Expr) -> None:
    if node.args.get("recursive"):
        raise RefusedSyntax("WITH RECURSIVE is not part of semantic SQL.", "Write WITH, and nothing that reads itself.")
    if node.parent is not root:
        raise RefusedSyntax("WITH may stand only at the top.", "Move every WITH before the first SELECT.")


def _check_fetch(node: exp.Fetch) -> None:
    options = node.args.get("limit_options")
    if options and (options.args.get("percent") or options.args.get("with_ties")):
        raise RefusedSyntax("LIMIT with PERCENT or TIES is not part of semantic SQL.", "Write LIMIT 10.")
    node.replace(exp.Limit(expression=node.args.get("count") or exp.Literal.number(1)))


def nested_too_deeply() -> RefusedSyntax:
    """What to raise where Python's stack ends."""
    return RefusedSyntax("The SQL is nested too deeply.", "Use IN with a list for many values, and fewer brackets.")


def _first_line(error: Exception) -> str:
    details = getattr(error, "errors", None)
    if details:
        first = details[0]
        told = str(first.get("description") or "syntax error")
        told = "something is missing" if "missing for <class" in told else told
        return f"{told} at line {first.get('line')}, column {first.get('col')}."
    return str(error).split("\n")[0]
