"""Words of English questions over fields: where a list begins, what asks for more than lists and counts, names of keys."""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

RETURN = re.compile(
    r"(?:^|[.?!;]\s+|, and |, )(?:please )?(?:return|give(?: me)?|show(?: me)?|provide|list|display|output|include|report|get|find)\b(?: me)?(?: both| only| back)?(?: the| their| its| a| all)?",
    re.IGNORECASE,
)
HARD = re.compile(
    r"\bout of (?:these|those|which)|\bof (?:these|those|which)\b|\bratio\b|\bproportion\b|\bpercent\w*|\bshare of\b|\bboth\b.*\band\b|\bsame\b|\bcompared?\b|\bversus\b|\bdifference\b|\bchange\b|\bbetween\b.*\bdate|\bweekends?\b|\bwithin \d+ days\b|\bnever\b|\bwithout\b|\bhave not\b|\bhas not\b|\bno [a-z]+ records\b|\bnot (?:part|in|been)\b|\bas well as\b.*\bas\b|\bcumulative|\brunning\b|\bmedian\b|\bmode\b|\brank\b|\bdays? (?:between|before|after|from)\b|\b\d+ (?:days|months|weeks|years) (?:before|after)\b|\bmore than one\b|\bat least (?:one|two|\d+) [a-z]+s\b|\bfor each of the (?:last|past)\b|\bhow does\b|\bvary\b|\bper [a-z]+ (?:that|who)\b|\bexcept\b|\baverage number\b|\bformula\b",
    re.IGNORECASE,
)
KEY = re.compile(r"_(?:id|no|key|code|number)$")
KEY_SAID = re.compile(r"\b(?:ids?|no|keys?|codes?|numbers?)\b", re.IGNORECASE)
NUMBER_TOO = re.compile(
    r"(?:,|\band\b) (?:the |their |its |how )?(?:numbers?|counts?|many)(?: of (?:them|these|such|those)| there (?:are|were|is))?\s*(?:[.?!]|$)",
    re.IGNORECASE,
)
# The drinks category; not "drinks, with their category".
OF_VALUE = re.compile(r"(?: (?:(?!and|with|by|per|of\b)[a-z]+ )?)?", re.IGNORECASE)
# Adjectives that tell by themselves what orders: words of the field's name, and whether the largest comes first.
ADJECTIVES = tuple(
    (re.compile(rf"\b(?:{pattern})\b(?! than\b)", re.IGNORECASE), frozenset(words.split()), is_down)
    for pattern, words, is_down in (
        ("oldest", "birth born founded established built opened founding foundation", False),
        ("youngest|newest", "birth born founded established built opened founding foundation", True),
        ("oldest", "age", True),
        ("youngest", "age", False),
        ("cheapest|least expensive", "price cost fee rate fare", False),
        ("priciest|(?:most )?expensive|costliest", "price cost fee rate fare", True),
        ("heaviest", "weight", True),
        ("lightest", "weight", False),
        ("tallest", "height", True),
        ("longest", "length duration pages minutes", True),
        ("shortest", "length duration pages minutes height", False),
    )
)


ORDERING = re.compile(r"(?:old|young|new|cheap|pric|cost|heav|light|tall|long|short)i?est", re.IGNORECASE)
"""Such an adjective, which an order by its field explains."""
