"""Two names with a stroke between: "cost/income by branch" is the ratio that bears both, "loans/deposits" may be a list.

Costs alone are no figure beside income, so that cost/income says one thing. Never makes a ratio of two names that are both
figures of their own: that such a stroke says two things is told in `beyond`.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Sequence

from t2sql.grounding.names.paraphrases import Paraphrases
from t2sql.grounding.names.phrasing import canonical

Found = tuple[int, int, str, float]
_COST_INCOME = re.compile(
    r"\b(?P<en>(?:costs?|expenses?)(?: ?/ ?|-| to | vs )(?:income|revenues?))\b(?! ratio)|(?P<zh>(?:成本|费用)/(?:营业)?收入)(?!比)"
)


def with_strokes(text: str, hits: Sequence[Found], names: Paraphrases) -> list[Found]:
    """`hits` (start, end, metric, score) of a folded text, with cost/income as its ratio."""
    found = list(hits)
    made = names.saying(canonical(("opex", "revenue", "ratio")))
    for match in _COST_INCOME.finditer(text) if len(made) == 1 else ():
        inside = [h for h in found if h[0] < match.end() and match.start() < h[1]]
        if any(not (match.start() <= h[0] and h[1] <= match.end()) for h in inside):
            continue
        found = [h for h in found if h not in inside] + [(*match.span(), made[0], 1.0)]
    return found
