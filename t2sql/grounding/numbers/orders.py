"""Finds an order asked for without a number: 从高到低, 排名, largest first, ranked by. Never a limit, never a rank number."""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterator

from t2sql.flow import Quantity
from t2sql.grounding.words.text import Folded

_HIGH = r"(?:highest|largest|biggest|greatest|most|best|strongest|steepest|sharpest|fattest|richest|thickest|dearest|fastest)"
_LOW = r"(?:lowest|smallest|least|fewest|worst|weakest|slowest|thinnest|slimmest|leanest|poorest|cheapest)"
_DOWN = re.compile(
    r"[从由自]?[高大多好强]到[低小少差弱]|[从由自][高大多][往至][低小少]|降序|倒序|最?[高大多好强]的?都?[排放摆列]?在?最?(?:前面?|上面|上头|顶上)|"
    rf"\b(?:in )?(?:a )?descending(?: order)?\b|\bdesc\b|\b{_HIGH}(?:(?: ones?)?[- ]first|(?: ones?)? (?:on (?:the )?top|at (?:the )?top))\b|"
    rf"\b(?:from )?(?:the )?{_HIGH} to (?:the )?{_LOW}\b|\b(?:from )?(?:high|large) to (?:low|small)\b",
    re.ASCII,
)
_UP = re.compile(
    r"[从由自]?[低小少差弱]到[高大多好强]|[从由自][低小少][往至][高大多]|升序|正序|最?[低小少差弱]的?都?[排放摆列]?在?最?(?:前面?|上面|上头|顶上)|"
    rf"\b(?:in )?(?:an )?ascending(?: order)?\b|\basc\b|\b{_LOW}(?:(?: ones?)?[- ]first|(?: ones?)? (?:on (?:the )?top|at (?:the )?top))\b|"
    rf"\b(?:from )?(?:the )?{_LOW} to (?:the )?{_HIGH}\b|\b(?:from )?(?:low|small) to (?:high|large)\b",
    re.ASCII,
)
_ANY = re.compile(
    r"排名(?!第|前|后|靠)|排行榜?|排序|排列|排个[名序]|排一下|排一排|"
    r"\brank(?:ed|ing|ings|s)?\b(?! (?:first|last|no|number|of|among|is|does))|\bsort(?:ed)?\b|\border(?:ed)? by\b|\bleague table\b",
    re.ASCII,
)
DIRECTED = (_DOWN, _UP)


def find_order(folded: Folded) -> Quantity | None:
    """The order that a text asks for; a direction said anywhere counts before a mere 排名. None when it asks for none."""
    text = folded.text
    for pattern, descending in ((_DOWN, True), (_UP, False), (_ANY, True)):
        if match := pattern.search(text):
            return Quantity(folded.span(*match.span()), "order", "", 0.0, descending=descending)
    return None


def directions(text: str) -> Iterator[tuple[re.Match[str], bool]]:
    """Where a folded text says which end of an order comes first, and whether that is the largest."""
    for pattern, descending in ((_DOWN, True), (_UP, False)):
        for match in pattern.finditer(text):
            yield match, descending


def is_directed(text: str) -> bool:
    """Whether a folded text says which end of an order comes first."""
    return any(pattern.search(text) for pattern in DIRECTED)
