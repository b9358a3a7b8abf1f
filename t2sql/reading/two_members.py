"""One member's figure over another's, or less it: 上海分行的贷款余额是北京分行的几倍, "how much higher is … than …".

Each side is read for itself, as a question of one member; both must come out as the same plain figure. Two members of
one dimension, one metric and no other comparison: everything else is read elsewhere.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from t2sql.figure_names import GAP, MULTIPLE
from t2sql.flow import Context, ValueMention

_TIMES = re.compile(r"[几多][少]?倍|\bhow many times\b", re.IGNORECASE)
_HOW_FAR = re.compile(
    r"(?P<more>[高多大长]|(?P<less>[低少小短]))(?:出|了)?(?:多少|几(?!倍))|\bhow (?:much|many|far) (?:more|higher|larger|greater|bigger|above|(?P<fewer>less|lower|smaller|fewer|below))\b|\bby how much\b[^?]*\bexceed(?:s|ed)?\b",
    re.IGNORECASE,
)
_THAN = re.compile(r"\bthan\b|\bexceed(?:s|ed)?\b|[比较]|高于|低于|大于|超过", re.IGNORECASE)
_FIGURE = re.compile(r"SELECT (?P<metric>\w+) FROM (?P<rest>.+ WHERE .+)")


def two_members(context: Context, read: Callable[[Context], str]) -> str:
    """Semantic SQL of one member's figure against the other's; "" where the text asks for no such thing. `read` gives the
    semantic SQL of a context.
    """
    sides = _sides(context)
    if sides is None:
        return ""
    sign, one, other = sides
    parts = [_FIGURE.fullmatch(read(replace(context, values=(member,)))) for member in (one, other)]
    first, second = parts
    if first is None or second is None or first["metric"] != second["metric"] or " ORDER BY " in first["rest"]:
        return ""
    metric, name = first["metric"], MULTIPLE if sign == "/" else GAP
    return f"SELECT {metric} {sign} (SELECT {metric} FROM {second['rest']}) AS {name} FROM {first['rest']}"


def _sides(context: Context) -> tuple[str, ValueMention, ValueMention] | None:
    """The sign, and the member before and behind it; None where the text compares no two members so."""
    text = context.question.text
    named = {m.name for m in context.metrics if m.span}
    two = sorted(context.values, key=lambda v: v.span.start)
    is_plain = not (context.comparisons or context.grains or context.quantities) and len(named) == 1
    if not is_plain or len(two) != 2 or len({v.dimension for v in two}) != 1 or any(v.is_negated for v in two):
        return None
    if any(d.name != two[0].dimension for d in context.dimensions):
        return None
    times, far = _TIMES.search(text), _HOW_FAR.search(text)
    first, second = two
    between = text[first.span.end : second.span.start]
    if times is not None and not text[times.start()].isascii():
        # A是B的几倍
        return ("/", first, second) if times.start() > second.span.end and not _THAN.search(between) else None
    if times is not None:
        is_base_first = times.start() < first.span.start and not _THAN.search(between)
        return ("/", second, first) if is_base_first else ("/", first, second)
    if far is None or not _THAN.search(between):
        return None
    return ("-", second, first) if far["less"] or far["fewer"] else ("-", first, second)
