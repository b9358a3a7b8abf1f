"""What is said to the reader and not about the figures: "Hope you are well", "when you get a chance", "needed by COB", "to 2 dp".

Blanked like purposes; a stretch that holds a metric or a value stays.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

_START = r"(?:^|[,;:.!?(]|[—–]| - |\bhi\b|\bhello\b|\bdear [a-z]+\b)\s*"
_END = r"(?=\s*(?:[,;:.!?)]|[—–]| - |$|\bso\b|\bbut\b))"
_CLAUSES = (
    # Hope you had a good weekend, trust all is well
    r"(?:i |we |just |really )?(?:hope|trust|hoping) (?:you|all|this|that|everyone|everything|things|your)\b[^,.;:!?()\d]{0,50}?",
    r"(?:just )?(?:out of|from) (?:pure |sheer |idle )?(?:curiosity|interest)",
    r"to settle (?:an?|the|our|this) [a-z]+",
    r"asking (?:for|on behalf of) (?:a|my|the|our) (?:friend|colleague|boss|manager|director|teammate|counterpart|client)s?(?: in [a-z]+)?",
    r"(?:i |we |much |would |i'd |we'd |really |greatly )*appreciate(?:d)? (?:a|an|your|any|the|some) [a-z ]{0,24}?(?:turnaround|reply|replies|response|help|assistance|feedback|support|input|answer)",
    r"(?:(?:my|our|the) [a-z]+ )?(?:needs?|wants?|must have|is waiting for) (?:it|this|them|these|that) (?:in|within) (?:the next )?(?:\d{1,2}|an?|one|two|three|five|ten|fifteen|twenty|thirty|half an) (?:minutes?|mins?|hours?)",
    r"(?:sorry|apologies) (?:for|to|about) [^,.;:!?()\d]{1,40}?",
    r"(?:needed|required|wanted|due|deadline(?: is)?|i need (?:it|this)|we need (?:it|this)|need (?:it|this)) by (?:cob|eod|noon|midday|lunch(?:time)?|tonight|close(?: of (?:business|play))?|end of (?:day|business|play)|\d{1,2}(?::\d\d)? ?(?:am|pm)?|today|tomorrow)(?: today| tomorrow| tonight)?",
    r"(?:just |quickly )?(?:double[- ]?|cross[- ]?|re-?)?(?:check|verify|validat|reconcil|confirm|tick|prov)(?:ing|ying|e|y)? (?:my|our|some|a few|these|those|the|his|her) (?:own )?(?:numbers?|figures?|notes?|work|workings|maths?|sums|totals?|sheets?|slides?)",
)
_ANYWHERE = (
    r"when(?:ever|)? (?:you|u) (?:get|have|find|can|are|'re) ?(?:a|the|some|any)? ?(?:chance|sec|second|minute|min|moment|time|free|able|get to it)",
    r"(?:round(?:ed|ing)?|shown|show|display(?:ed)?|correct)? ?(?:it |them |these |figures )?(?:to|with|in|at) (?:\d|one|two|three|four|zero|no) (?:decimal places?|decimal points?|decimals?|dps?|d\.p\.)(?: only)?",
    r"(?:no|without|drop the|skip the) decimals?(?: needed| places?| required| please)?",
    r"(?:by|before) (?:cob|eod|noon|midday|lunch(?:time)?|close of (?:business|play)|end of (?:business|play))(?: (?:today|tomorrow))?",
    r"round(?:ed|ing)? to (?:the )?(?:nearest )?(?:integer|whole number|whole numbers)",
)
COURTESIES = (
    re.compile(rf"{_START}(?P<asker>{'|'.join(_CLAUSES)}){_END}"),
    re.compile(rf"\b(?P<asker>{'|'.join(_ANYWHERE)})\b"),
)
"""Each with the group "asker" for the stretch."""
QUICK_COURTESY = re.compile(
    r"\b(?:hop(?:e|ing)|trust|curiosity|interest|settle|asking|appreciated?|sorry|apologies|needed|required|wanted|due|deadline|needs?|wants?|must|waiting|check\w*|verify\w*|validat\w*|reconcil\w*|confirm\w*|when\w*|decimals?|dps?|d\.p\.|cob|eod|noon|midday|lunch\w*|close|end|round\w*)\b"
)
