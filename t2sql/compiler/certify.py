"""The last reader of physical SQL: proves from the text alone that it reads only what was granted; makes `Certified`.

It trusts nothing about who wrote the SQL: the compiler, the llm or an attacker. What is not on a list is refused. The
SQL that runs is written anew from the tree that was proven, so no comment, quote or look-alike can be read one way here
and another way by the engine. It must never repair SQL, run it, or accept something because of where it came from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from t2sql.compiler.certify_allowed import check_node, check_text, needs_quotes, refuse
from t2sql.compiler.certify_scope import Proof
from t2sql.compiler.certify_source import Sources, shape_of
from t2sql.flow import Certified
from t2sql.policy import Grant

DIALECTS = frozenset({"duckdb"})
MOST_BYTES = 200_000
MOST_NESTING = 64
MOST_DEPTH = 200

# Nothing on the list of forms is written with these, and sqlglot reads some of them at length.
_NO_TOKENS = frozenset(
    {
        TokenType.L_BRACKET,
        TokenType.L_BRACE,
        TokenType.ARROW,
        TokenType.FARROW,
        TokenType.PARAMETER,
        TokenType.PLACEHOLDER,
    }
)
_STARTS = frozenset({TokenType.SELECT, TokenType.WITH, TokenType.L_PAREN})


def certify(sql: str, grants: Mapping[str, Grant], *, dialect: str = "duckdb", row_limit: int) -> Certified:
    """`sql` proven to read only what `grants` (physical table -> Grant) lets through, at most `row_limit` + 1 rows.

    Raises CertifyError naming the rule that is broken. Comments stay, layout does not.

    >>> grants = {"product": Grant(frozenset({"product_name"}), frozenset())}
    >>> written = "select s.product_name from (select product_name from product) as s limit 5"
    >>> print(certify(written, grants, row_limit=9).sql)
    SELECT
      s.product_name
    FROM (
      SELECT
        product_name
      FROM product
    ) AS s
    LIMIT 5
    >>> certify("DROP TABLE product", grants, row_limit=9)
    Traceback (most recent call last):
    t2sql.errors.CertifyError: Physical SQL must be one SELECT.
      → Report this SQL with the question that led to it: the compiler should not have written it.
    """
    if dialect not in DIALECTS:
        raise refuse(f"Dialect {dialect!r} has no proof yet.")
    try:
        tree = _read(sql, dialect)
        for node in tree.walk():
            check_node(node)
            _check_with(node, tree)
        _check_limit(tree, row_limit)
        Proof(Sources(grants)).root(tree)
        return Certified(_write(tree, dialect), dialect, row_limit)
    except RecursionError:
        raise refuse("The SQL is nested too deeply.") from None


def _read(sql: str, dialect: str) -> exp.Expr:
    try:
        if len(sql.encode()) > MOST_BYTES:
            raise refuse(f"The SQL is longer than {MOST_BYTES:,} bytes.")
    except UnicodeEncodeError:
        raise refuse("The SQL is not valid Unicode.") from None
    if any((ord(c) < 32 and c not in "\n\t\r") or ord(c) == 127 for c in sql):
        raise refuse("The SQL holds a control character.")
    try:
        _check_tokens(sqlglot.tokenize(sql, read=dialect))
        trees = sqlglot.parse(sql, read=dialect, error_level=ErrorLevel.IMMEDIATE)
    except SqlglotError:
        raise refuse("The SQL cannot be read.") from None
    if len(trees) != 1 or not isinstance(trees[0], exp.Select | exp.SetOperation):
        raise refuse("Physical SQL must be one SELECT.")
    _check_depth(trees[0])
    return trees[0]


def _check_tokens(tokens: Iterable[Token]) -> None:
    """Refuse, before anything recursive reads it, what is no SELECT, nests too deeply, or joins twice before an ON."""
    tokens = list(tokens)
    if not tokens or tokens[0].token_type not in _STARTS:
        raise refuse("Physical SQL must be one SELECT.")
    waiting = [False]
    for token in tokens:
        kind = token.token_type
        for comment in token.comments:
            check_text(comment.replace("\n", " ").replace("\t", " "), "comment")
            if "/*" in comment or "*/" in comment:
                raise refuse("A comment holds the mark of another comment.")
        if kind in _NO_TOKENS:
            raise refuse(f"{token.text!r} is not allowed.")
        if kind in (TokenType.L_PAREN, TokenType.CASE):
            waiting.append(False)
        elif kind in (TokenType.R_PAREN, TokenType.END) and len(waiting) > 1:
            waiting.pop()
        elif kind is TokenType.JOIN and waiting[-1]:
            raise refuse("A join needs its ON.")
        elif kind in (TokenType.JOIN, TokenType.ON):
            waiting[-1] = kind is TokenType.JOIN
        if len(waiting) > MOST_NESTING:
            raise refuse("The SQL is nested too deeply.")


def _check_depth(tree: exp.Expr) -> None:
    level = [tree]
    for _ in range(MOST_DEPTH):
        level = [child for node in level for child in node.iter_expressions()]
        if not level:
            return
    raise refuse("The SQL is nested too deeply.")


def _check_with(node: exp.Expr, root: exp.Expr) -> None:
    if isinstance(node, exp.With) and node.parent is not root:
        raise refuse("WITH may stand only at the top.")


def _check_limit(root: exp.Expr, row_limit: int) -> None:
    limit = root.args.get("limit")
    if limit is None or not 1 <= int(limit.expression.name) <= row_limit + 1:
        raise refuse(f"The SQL must end in a LIMIT between 1 and {row_limit + 1}.")


def _write(tree: exp.Expr, dialect: str) -> str:
    before = shape_of(tree)
    for identifier in tree.find_all(exp.Identifier):
        identifier.set("quoted", needs_quotes(identifier.name))
    try:
        text = tree.sql(dialect, pretty=True, unsupported_level=ErrorLevel.RAISE)
    except SqlglotError:
        raise refuse("The SQL cannot be written for this engine.") from None
    if shape_of(_read(text, dialect)) != before:
        raise refuse("The SQL reads differently when written again.")
    return text
