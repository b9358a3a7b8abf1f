"""Words to the reader that are also words of banking: "thanks in advance", and the verb "share": "kindly share the NPLs", "can you share with us …", "Share last year's profit".

Before a noun it names a part of a whole, so it is a verb only where somebody is asked to do it, and never before "of", "by"
or "in".
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterator

_ASKED = r"(?:\b(?:please|pls|plz|kindly)(?: (?:also|just|help(?: to)?|can you))?,? |\b(?:can|could|would|will|may|cld|wld) (?:you|u|ya|we|i|someone|anyone|somebody|they) (?:please |pls |kindly |also |just |help (?:to )?)?|\b(?:need|want|like|asked|have|help|able|happy|glad|grateful if you|appreciate if you|mind) (?:you |u |me |us |them |him |her |someone )?(?:to |could |can )?|\b(?:let me|let us|help me|to) )"
_TO_WHOM = r"(?: (?:with|to) (?:me|us|him|her|them|the [a-z]+|my [a-z]+|our [a-z]+)| me| us)?"
_NO_PART = r"(?! ?(?:of|by|in|as|for|per|price|prices|capital|held|split|mix|and|or|,|\.|;|\?|$))"
_VERB = re.compile(
    rf"{_ASKED}(?P<verb>share{_TO_WHOM})(?![a-z]){_NO_PART}|"
    rf"(?:^|[.;!?:] ?|\b(?:hi|hello|dear|team|all|sir|madam),? )(?P<opens>share{_TO_WHOM})(?= (?:the|me|us|with|your|our|a|an|all|latest|last|this|these|those|current|total|details?|data|figures?|numbers?)\b)|"
    rf"\b(?P<thanks>(?:thanks|thank you|thx|tks|many thanks|cheers)(?: so much| very much| a lot)? in advance)\b|"
    rf"\b(?P<shared>(?:be|get it|have it|have them) shared)\b|{_ASKED}(?P<with>shar(?:e|ing) (?:with|to) (?:me|us|him|her|them|the team|my team))\b"
)


def sharing(text: str) -> Iterator[tuple[int, int]]:
    """Where a folded text asks somebody to share something, or thanks in advance."""
    for match in _VERB.finditer(text):
        if match.lastgroup:
            yield match.span(match.lastgroup)
