"""What is asked to be told in: 多少户 is a count, 百分之多少 a ratio, 多少钱 an amount. A reading in another unit is no answer."""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

from t2sql.catalog import Catalog
from t2sql.flow import Span

_RATES = re.compile(r"\b(?:yoy|mom|qoq|vs_year_start|share)\(")
_ASKED: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ratio", re.compile(r"百分之(?:多少|几)|[占]?几成|占(?:了)?多(?:少|大)(?=比|份|$|[?？。])|多[大少高]的?(?:比例|比重|占比|比率)|\bwhat (?:percentage|percent|per cent|proportion|fraction)\b|\bby what percent\b", re.IGNORECASE)),
    ("count", re.compile(r"(?<![哪前后这那近每第])(?:多少|几)(?:户|笔|张|家|人(?!民)|位|名)|\b(?:number|count) of\b(?! (?:days|months|quarters|years|times))|\bhow many\b(?! (?:percent|basis|points|bps|yuan|rmb|million|billion|times))", re.IGNORECASE)),
    ("CNY", re.compile(r"多少(?:钱|元|万元|亿元|万亿|亿|块)")),
)  # fmt: skip


def other_units(text: str, semantic_sql: str, catalog: Catalog) -> list[Span]:
    """Words that ask for a unit which nothing shown by `semantic_sql` has."""
    shown = semantic_sql.removeprefix("SELECT ").split(" FROM ", 1)[0]
    units = {m.unit for m in catalog.metrics.values() if re.search(rf"\b{re.escape(m.name)}\b", shown)}
    if not units:
        return []
    if " / " in shown:
        units.add("ratio")
    if "COUNT(*)" in semantic_sql:
        units.add("count")
    if _RATES.search(shown):
        units.add("ratio")
    return [
        Span(*match.span())
        for unit, pattern in _ASKED
        if unit not in units and not (unit == "CNY" and any("CNY" in u for u in units))
        for match in pattern.finditer(text)
    ]
