"""Whether a draft over fields holds what the question says: a "no" that is lost turns an answer into its opposite."""

from __future__ import annotations

import re
from collections.abc import Sequence

import sqlglot
from sqlglot import exp

_NO = re.compile(
    r"\b(?:no|not|never|without|none|neither|nor|cannot|exclud\w*|except|excluding|other than|\w+n['’]t)\b"
    r"|没有|不是|不含|不包括|除了|未|从未|非(?!常)",
    re.IGNORECASE,
)
_NO_CONDITION = re.compile(
    r"\bnot including (?:the current|this|today)\b|\bexclud\w* (?:the |today|this )?current\b|\bnot including\b"
    r"|\bnot only\b|\bif not\b|\bno(?:t)? (?:later|earlier|more|less|fewer) than\b|\bno matter\b"
    r"|不(?:足|到|少于|多于|低于|高于)"
    r"|\bexcluding (?:the |this )?(?:current|today)\b",
    re.IGNORECASE,
)
_NEGATIVE = (exp.Not, exp.NEQ, exp.Except)
_FACTORS = (1.0, 0.8, 0.3)
"""What is left of a probability by how many words nothing explains."""


def keeps_negation(text: str, semantic_sql: str) -> bool:
    """Whether a question that leaves something out is answered by SQL that does."""
    if not _NO.search(_NO_CONDITION.sub(" ", text)):
        return True
    tree = sqlglot.parse_one(semantic_sql, read="duckdb")
    is_false = any(not node.this for node in tree.find_all(exp.Boolean))
    is_zero = any(literal.this == "0" for node in tree.find_all(exp.EQ) for literal in node.find_all(exp.Literal))
    return tree.find(*_NEGATIVE) is not None or is_false or is_zero or tree.find(exp.Null) is not None


def weighed(probability: float | None, left: Sequence[str]) -> float | None:
    """`probability` by the words of the question that nothing explains; None where the llm tells none."""
    if probability is None:
        return None
    return probability * _FACTORS[min(len(left), len(_FACTORS) - 1)]
