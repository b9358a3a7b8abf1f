"""The last reader of physical SQL: proves from the text alone that it reads only what was granted; makes `Certified`.

It trusts nothing about who wrote the SQL: the compiler, the llm or an attacker. What is not on a list is refused. The
SQL that runs is written anew from the tree that was proven, so no comment, quote or look-alike can be read one way here
and another way by the engine. It must never repair SQL, run it, or accept something because of where it came from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ErrorLevel, SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from t2sql.compiler.certify.allowed import check_node
from t2sql.compiler.certify.engine import ENGINES, Engine
from t2sql.compiler.certify.names import check_text, needs_quotes, refuse
from t2sql.compiler.certify.scope import Proof
from t2sql.compiler.certify.source import Sources, shape_of
from t2sql.flow import Certified
from t2sql.policy import Grant

DIALECTS = frozenset(ENGINES)
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
_OPENS = frozenset({TokenType.L_PAREN, TokenType.CASE})
_CLOSES = frozenset({TokenType.R_PAREN, TokenType.END})
_JOINS = frozenset({TokenType.JOIN, TokenType.ON})
_WATCHED = _NO_TOKENS | _OPENS | _CLOSES | _JOINS
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def certify(sql: str, grants: Mapping[str, Grant], *, dialect: str = "duckdb", row_limit: int) -> Certified:
    """`sql` proven to read only what `grants` (physical table -> Grant) lets through, at most `row_limit` + 1 rows.

    `dialect` is the engine that will run it, one of DIALECTS. Raises CertifyError naming the rule that is broken.
    Comments stay, layout does not.

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
    engine = ENGINES.get(dialect)
    if engine is None:
        raise refuse(f"Dialect {dialect!r} has no proof yet.")
    try:
        tree, names = _read(sql, engine)
        _check_limit(tree, row_limit)
        Proof(Sources(grants, engine)).root(tree)
        return Certified(_write(tree, names, sql, engine), dialect, row_limit)
    except RecursionError:
        raise refuse("The SQL is nested too deeply.") from None


def _read(sql: str, engine: Engine) -> tuple[exp.Expr, list[exp.Identifier]]:
    """The one SELECT that `sql` is, made of allowed parts only, with every name in it."""
    try:
        if len(sql.encode()) > MOST_BYTES:
            raise refuse(f"The SQL is longer than {MOST_BYTES:,} bytes.")
    except UnicodeEncodeError:
        raise refuse("The SQL is not valid Unicode.") from None
    if _CONTROL.search(sql):
        raise refuse("The SQL holds a control character.")
    engine.check(sql)
    try:
        dialect = _dialect(engine)
        tokens = dialect.tokenize(sql)
        _check_tokens(tokens)
        trees = dialect.parser(error_level=ErrorLevel.IMMEDIATE).parse(tokens, sql)
    except SqlglotError:
        raise refuse("The SQL cannot be read.") from None
    tree = trees[0]
    if len(trees) != 1 or not isinstance(tree, exp.Select | exp.SetOperation):
        raise refuse("Physical SQL must be one SELECT.")
    names = _check_tree(tree)
    engine.settle(names)
    return tree, names


@lru_cache(maxsize=len(ENGINES))
def _dialect(engine: Engine) -> Dialect:
    return Dialect.get_or_raise(engine.dialect)


def _check_tokens(tokens: list[Token]) -> None:
    """Refuse, before anything recursive reads it, what is no SELECT, nests too deeply, or joins twice before an ON."""
    if not tokens or tokens[0].token_type not in _STARTS:
        raise refuse("Physical SQL must be one SELECT.")
    waiting = [False]
    before = None
    for token in tokens:
        for comment in token.comments:
            _check_comment(comment)
        last, before = before, token.token_type
        kind = token.token_type
        if kind not in _WATCHED:
            continue
        if kind in _NO_TOKENS:
            raise refuse(f"{token.text!r} is not allowed.")
        if kind in _OPENS:
            waiting.append(False)
        elif kind in _CLOSES:
            if len(waiting) > 1:
                waiting.pop()
        elif kind is TokenType.JOIN and waiting[-1]:
            raise refuse("A join needs its ON.")
        else:
            waiting[-1] = kind is TokenType.JOIN and last is not TokenType.CROSS
        if len(waiting) > MOST_NESTING:
            raise refuse("The SQL is nested too deeply.")


def _check_comment(comment: str) -> None:
    check_text(comment.replace("\n", " ").replace("\t", " "), "comment")
    if "/*" in comment or "*/" in comment:
        raise refuse("A comment holds the mark of another comment.")
    if comment.startswith(("+", "!", "M!")):
        raise refuse("A comment that gives the engine a hint is not allowed.")


def _check_tree(tree: exp.Expr) -> list[exp.Identifier]:
    """Check every node once, level by level; returns the names."""
    names: list[exp.Identifier] = []
    level = [tree]
    for _ in range(MOST_DEPTH):
        below: list[exp.Expr] = []
        for node in level:
            if type(node) is exp.Identifier:
                names.append(node)
            elif type(node) is exp.With and node.parent is not tree:
                raise refuse("WITH may stand only at the top.")
            below += check_node(node)
        if not below:
            return names
        level = below
    raise refuse("The SQL is nested too deeply.")


def _check_limit(root: exp.Expr, row_limit: int) -> None:
    limit = root.args.get("limit")
    if limit is None or not 1 <= int(limit.expression.name) <= row_limit + 1:
        raise refuse(f"The SQL must end in a LIMIT between 1 and {row_limit + 1}.")


def _write(tree: exp.Expr, names: list[exp.Identifier], read: str, engine: Engine) -> str:
    """The text of `tree`, which was read from the text `read`; uses the tree up.

    Where the two texts are one, that text is proven already. Where not, the new one must read as the same tree.
    """
    for identifier in names:
        if (quoted := engine.always_quotes or needs_quotes(identifier.name)) is not bool(identifier.args.get("quoted")):
            identifier.set("quoted", quoted)
    try:
        dialect = _dialect(engine)
        text: str = dialect.generate(tree, copy=False, pretty=True, unsupported_level=ErrorLevel.RAISE)
    except SqlglotError:
        raise refuse("The SQL cannot be written for this engine.") from None
    if text != read and not _reads_same(text, read, engine):
        raise refuse("The SQL reads differently when written again.")
    return text


def _reads_same(text: str, other: str, engine: Engine) -> bool:
    return shape_of(_read(text, engine)[0], engine.fold) == shape_of(_read(other, engine)[0], engine.fold)
