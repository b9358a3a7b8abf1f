"""A question without the letters that only look like words of a name: an abbreviation's dot, by what rate, "how secured".

Blanks such letters out and never moves any, so that every place in the text stays.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

from t2sql.grounding.names.comparisons import without_forms

# How a figure is worked out, which its definition says: 按年利率算的年化利息.
_MANNER = re.compile(r"按[年月日]?利率(?:计?算|测算|折算)(?:出来)?的?")
# dep. balances: an abbreviation's dot ends no sentence.
_DOTTED = re.compile(r"(?<=\bbal)\.|(?<=\bdep)\.|(?<=\bcorp)\.|(?<=\bavg)\.|(?<=\bamt)\.|(?<=\bcust)\.")
# Asks how, of all of them: "How are the loans secured?"
_HOW_SECURED = re.compile(
    r"\bhow (?:are|is|were|was) (?:the |our |its )?(?:[a-z]+ ){1,3}(?P<how>secured|collaterali[sz]ed)\b"
)


# By what rate a figure grew is no rate of it.
_BY_WHAT = re.compile(
    r"\b(?:by|at) what (?:growth )?(?:rate|pace|speed)\b(?= (?:did|do|does|has|have|was|were|is|are)\b)"
)

# Who is left out has not left.
_LEFT_OUT = re.compile(r"\b(?:leaving|leave|leaves|left) (?:out|aside)\b")


def as_read(text: str) -> str:
    """A folded text in which other words for names are looked for; of the same length."""
    said = _HOW_SECURED.sub(lambda m: m[0][: m.start("how") - m.start()] + " " * len(m["how"]), without_forms(text))
    for pattern in (_BY_WHAT, _LEFT_OUT, _MANNER):
        said = pattern.sub(lambda m: " " * len(m[0]), said)
    return _DOTTED.sub(" ", said)
