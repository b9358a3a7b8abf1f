"""That a text is one SELECT by its first word and has no second statement: a last look before a driver sends it.

`certify` has proven far more. This stands for what a driver itself would let through, should a text ever reach it
otherwise.
"""

from __future__ import annotations

from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import TokenType

from t2sql.errors import WarehouseError
from t2sql.warehouse.reading import DEFECT_HINT

_STARTS = frozenset({TokenType.SELECT, TokenType.WITH, TokenType.L_PAREN})
_NEVER = frozenset({TokenType.SEMICOLON, TokenType.INTO, TokenType.INSERT, TokenType.DELETE, TokenType.UPDATE})


def check_one_select(sql: str, dialect: str) -> None:
    """Raise WarehouseError where `sql` begins as no SELECT, holds a word that writes, or a second statement."""
    try:
        tokens = Dialect.get_or_raise(dialect).tokenize(sql)
    except SqlglotError:
        raise WarehouseError("Only one SELECT can run here.", DEFECT_HINT) from None
    kinds = {token.token_type for token in tokens}
    has_instruction = any(comment.startswith(("!", "M!", "+")) for token in tokens for comment in token.comments)
    if not tokens or tokens[0].token_type not in _STARTS or kinds & _NEVER or has_instruction:
        raise WarehouseError("Only one SELECT can run here.", DEFECT_HINT)
