"""Finds comparisons with nought that no number says: 净利润是负的, 亏损, "made a loss", "positive"."""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from typing import Literal

from t2sql.flow import Quantity
from t2sql.grounding.words.text import Folded

_SIGNS: tuple[tuple[Literal["<", ">", "="], re.Pattern[str]], ...] = (
    ("<", re.compile(r"[是为成]?负(?:的|数|值)(?!债)|[是为]负(?!债)|由正转负|转负|亏损的?(?!额|金额|多少|率)|亏钱的?|(?<!不)赔钱的?|\bnegative\b|\b(?:made|makes?|making|posted|reported|booked|had|with|at|ran) (?:a |an? \w+ )?loss(?:es)?\b(?! (?:provision|allowance|reserve))|\bloss[- ]making\b|\bin the red\b|\blost money\b|\bbelow zero\b", re.ASCII)),
    (">", re.compile(r"[是为成]正(?:的|数|值)?(?!常)|盈利的|\bpositive\b|\bprofitable\b|\bin the black\b|\babove zero\b", re.ASCII)),
    ("=", re.compile(r"(?<![不非等是为于])(?:是|为|等于)+(?:零|0(?![\d.,%]))(?![\d.])|\b(?:is|of|at|equals?|equal to|was|were|exactly) zero\b", re.ASCII)),
)  # fmt: skip


def find_signs(folded: Folded) -> list[Quantity]:
    """Comparisons with nought that no number says."""
    found = [
        Quantity(folded.span(*match.span()), "threshold", operator, 0.0)
        for operator, pattern in _SIGNS
        if (match := pattern.search(folded.text))
    ]
    # 是正还是负 asks which it is.
    return found if len({quantity.operator for quantity in found}) < 2 else []
