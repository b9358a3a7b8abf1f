"""Figures rounded as a question asks: "rounded to 2 decimal places", 保留两位小数. Counts and days stay as they are."""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

import sqlglot
from sqlglot import exp

_DIGITS = {
    word: digits
    for digits, words in enumerate(("no zero 零", "one a 一", "two 两 二", "three 三", "four 四", "five 五", "six 六"))
    for word in words.split()
}
_NUMBER = r"(?P<{}>\d|" + "|".join(_DIGITS) + ")"
_SAID = re.compile(
    rf"\bround(?:ed|ing)?(?: off| up| it| them| the results?| the figures?| values?)* (?:to|at) (?:the nearest )?(?:(?P<whole>whole number|integer|full number|unit)|{_NUMBER.format('en')}[- ](?:decimals?|digits?|places?|d\.?p\.?))"
    rf"|\bto (?:the nearest (?P<near>whole number|integer)|{_NUMBER.format('plain')} (?:decimals?(?: places?| digits?)?))\b"
    rf"|(?:保留|精确到|四舍五入到|取)(?:到|至)?(?:小数点后)?{_NUMBER.format('zh')}位(?:小数)?",
    re.IGNORECASE,
)


def digits_said(text: str) -> int | None:
    """Decimal places that `text` asks for; None where it asks for no rounding."""
    match = _SAID.search(text)
    if match is None:
        return None
    if match["whole"] or match["near"]:
        return 0
    said = (match["en"] or match["plain"] or match["zh"]).lower()
    return int(said) if said.isdigit() else _DIGITS[said]


def rounded(semantic_sql: str, text: str) -> str:
    """`semantic_sql` with its averages, totals and calculated figures rounded as `text` says."""
    digits = digits_said(text)
    tree = sqlglot.parse_one(semantic_sql, read="duckdb") if digits is not None else None
    if digits is None or not isinstance(tree, exp.Select):
        return semantic_sql
    source = tree.args["from_"].this if tree.args.get("from_") else None
    inner = source.this if isinstance(source, exp.Subquery) else None
    made = {item.alias: item.unalias() for item in inner.expressions} if isinstance(inner, exp.Select) else {}
    for item in [*tree.expressions]:
        figure = item.unalias()
        is_made = isinstance(figure, exp.Column) and figure.name in made and _is_broken(made[figure.name])
        if is_made or _is_broken(figure):
            figure.replace(exp.Round(this=figure.copy(), decimals=exp.Literal.number(digits)))
    return tree.sql("duckdb")


def _is_broken(figure: exp.Expr) -> bool:
    """Whether a figure may have decimals of its own making."""
    if isinstance(figure, exp.Round) or figure.find(exp.Round, exp.Rank):
        return False
    return isinstance(figure.unnest(), (exp.Binary, exp.Window)) or figure.find(exp.Avg, exp.Sum, exp.Div) is not None
