"""Whether a draft over fields holds what the question says: a "no" that is lost turns an answer into its opposite."""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import sqlglot
from sqlglot import exp

from t2sql.fields.beside.every import EVERY_ASKED
from t2sql.fields.linked import Linked
from t2sql.fields.words import split_name
from t2sql.fields.writing import expression_of

_NO = re.compile(
    r"\b(?:no|not|never|without|none|neither|nor|nothing|nobody|cannot|exclud\w*|except|excluding|other than"
    r"|outside|apart from|aside from|rather than|excl|\w+n['’]t)\b"
    r"|不在|不属|不为|以外|之外|没有|不是|不含|不包括|除了|未|从未",
    re.IGNORECASE,
)
_NO_CONDITION = re.compile(
    r"\bnot including (?:the current|this|today)\b|\bexclud\w* (?:the |today|this )?current\b|\bnot including\b"
    r"|\b(?:leav\w+ out|omit\w*|skip\w*|exclud\w*) (?:(?:those|the ones|any|all) )?(?:with|that have|having) none\b"
    r"|\bnot only\b|\bif not\b|\bno(?:t)? (?:later|earlier|more|less|fewer) than\b|\bno matter\b"
    r"|不(?:足|到|少于|多于|低于|高于)|有没有|能不能|是不是"
    r"|\bexcluding (?:the |this )?(?:current|today)\b",
    re.IGNORECASE,
)
_LIMITING = re.compile(
    r"\b(?:in|from|at|with|under|within|near|called|named)\s+(?:the\s+)?$|[在由从](?:了)?$", re.IGNORECASE
)
# Which rows come first, or what their things did, limits none of them.
_SUPERLATIVE = re.compile(r"[a-z]+est|most|least", re.IGNORECASE)
_VERB = re.compile(r"[a-z]+(?:ed|en|wn|ld|ght)", re.IGNORECASE)
_UNDONE = re.compile(r"un[a-z]+ed$|unpaid$|unsold$|unsent$", re.IGNORECASE)
_BEFORE_VERB = re.compile(r"\b(?:have|has|had|was|were|been|is|are|who|that|which)(?: \w+ly)? $", re.IGNORECASE)
_OPENS = re.compile(r"(?:^|[，,。；;、\s])$")
_FIGURE = re.compile(r"[客笔户人件条]数(?!据)|总数(?=是多少|有多少|$|？)", re.IGNORECASE)
_TOP = re.compile(r"\b(?:top|bottom) \d+\b|前\s*\d+", re.IGNORECASE)
_SECOND = re.compile(
    r"\b(?:second|2nd|third|3rd)[- ](?:highest|lowest|largest|smallest|most|least|best|biggest)\b|第[二三](?:大|小|高|低|多|少)",
    re.IGNORECASE,
)
_NEGATIVE = (exp.Not, exp.NEQ, exp.Except)
_FACTORS = (1.0, 0.8, 0.3)
"""What is left of a probability by how many words nothing explains."""


def keeps_negation(text: str, semantic_sql: str) -> bool:
    """Whether a question that leaves something out is answered by SQL that does."""
    tree = sqlglot.parse_one(semantic_sql, read="duckdb")
    if any(join.side == "LEFT" for join in tree.find_all(exp.Join)):
        # Branches without any copy are there, with 0.
        text = EVERY_ASKED.sub(" ", text)
    if not _NO.search(_NO_CONDITION.sub(" ", text)):
        return True
    # Rows that lead nowhere are left out of any join; that says no "not" of the question's.
    for joined in [*tree.find_all(exp.Not)]:
        if _is_of_join(joined, tree):
            joined.replace(exp.true())
    is_false = any(not node.this for node in tree.find_all(exp.Boolean))
    is_zero = any(literal.this == "0" for node in tree.find_all(exp.EQ) for literal in node.find_all(exp.Literal))
    return tree.find(*_NEGATIVE) is not None or is_false or is_zero or tree.find(exp.Null) is not None


def _is_of_join(node: exp.Not, tree: exp.Expr) -> bool:
    """NOT arena.arena_id IS NULL, FROM club or what chose of its rows first."""
    inner = node.this.unnest()
    column = inner.this if isinstance(inner, exp.Is) and isinstance(inner.expression, exp.Null) else None
    source = tree.find(exp.Table)
    is_nested = tree.find(exp.Subquery) is not None
    return (
        isinstance(column, exp.Column)
        and (is_nested or column.table not in ("", source.name if source is not None else ""))
        and split_name(column.name)[-1] in ("id", "no", "key", "code", "number")
    )


def loses_limit(text: str, left: Sequence[str], datasets: Iterable[int]) -> bool:
    """Whether a word that nothing explains limits the rows, so that an answer would be of all of them: customers in
    Atlantis, overdue orders, 苏州的客户. `datasets`: where the text names datasets.
    """
    starts = frozenset(datasets)
    for word in left:
        if _SUPERLATIVE.fullmatch(word):
            continue
        if _UNDONE.fullmatch(word):
            # Tickets that are still unresolved are not all of them.
            return True
        for match in re.finditer(re.escape(word), text, re.IGNORECASE):
            before, after = text[: match.start()], text[match.end() :]
            if _VERB.fullmatch(word) and _BEFORE_VERB.search(before):
                continue
            is_place = after.startswith("的") and _OPENS.search(before) is not None
            if _LIMITING.search(before) or is_place or (word.isascii() and match.end() + 1 in starts):
                return True
    return False


def is_as_asked(text: str, semantic_sql: str) -> bool:
    """Whether SQL has the form that the words want: a figure where one is named, and no first place for a second."""
    tree = sqlglot.parse_one(semantic_sql, read="duckdb")
    if _FIGURE.search(text) and tree.find(exp.AggFunc) is None:
        return False
    items = tree.expressions if isinstance(tree, exp.Select) else []
    only_figures = bool(items) and all(item.find(exp.AggFunc) and not item.find(exp.Window) for item in items)
    if only_figures and (limit := tree.args.get("limit")) is not None:
        return limit.expression.name == "1" and not _TOP.search(text) and not _SECOND.search(text)
    return not _SECOND.search(text)


def weighed(probability: float | None, left: Sequence[str]) -> float | None:
    """`probability` by the words of the question that nothing explains; None where the llm tells none."""
    if probability is None:
        return None
    return probability * _FACTORS[min(len(left), len(_FACTORS) - 1)]


def loses_formula(linked: Linked, semantic_sql: str) -> bool:
    """Whether a formula that code read from the hints is not computed, or without what it says of its rows."""
    made = [a.field[1] for a in linked.aggregates if a.function == "made" and a.field]
    if not made:
        return False
    held = {_plain(node) for node in sqlglot.parse_one(semantic_sql, read="duckdb").walk()}
    for formula in made:
        tree = expression_of(formula)
        parts: list[exp.Expr] = [*tree.find_all(exp.Filter)] or [tree]
        for part in parts:
            chosen = part.expression.this.flatten() if isinstance(part, exp.Filter) else ()
            if not {_plain(part.this if isinstance(part, exp.Filter) else part), *map(_plain, chosen)} <= held:
                return True
    return False


def _plain(node: exp.Expr) -> str:
    """An expression with its columns bare of their tables."""
    bare = node.unnest().copy()
    for column in bare.find_all(exp.Column):
        column.set("table", None)
    return bare.sql("duckdb").lower()
