"""Short names that a person's hints define: "ASP = Average Sale Price", "TSC (total sales count) = …".

Only plain words are read; a formula is for the llm. What a hint does not say is never made up.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

_DEFINED = re.compile(
    r"\b(?P<name>[A-Z][A-Z0-9]{1,11})\b(?: \((?P<words>[^)]{3,80})\))?\s*(?:=|:|\bmeans\b|\bis defined as\b|\brefers to\b)"
    r"\s*(?P<meaning>[^.\n;]{3,160})?"
)
_WORDS = re.compile(r"[A-Za-z][A-Za-z' -]{2,60}")
_ENDS = re.compile(
    r"\s+(?:without|by|using|during|within|over|for|from|in (?:a|the)|of (?:a|the)|calculated|defined|across)\b.*$"
)


def defined_in(hints: str, text: str) -> dict[str, str]:
    """Short name -> all that `hints` say of it, for those that stand in `text`."""
    found: dict[str, str] = {}
    for match in _DEFINED.finditer(hints):
        if re.search(rf"\b{match['name']}\b", text):
            found.setdefault(match["name"], f"{match['words'] or ''} {match['meaning'] or ''}".strip())
    return found


def spelt_out(text: str, hints: str) -> str:
    """`text` with its short names written out in plain words.

    >>> spelt_out("What is the ASP in 2023?", "ASP = Average Sale Price in a timeframe.")
    'What is the average sale price in 2023?'
    """
    for match in _DEFINED.finditer(hints):
        words = match["words"] or _ENDS.sub("", (match["meaning"] or "").strip())
        if _WORDS.fullmatch(words.strip()) and len(words.split()) <= 6:
            text = re.sub(rf"\b{match['name']}\b", words.strip().lower(), text)
    return text


def has_formula(text: str, hints: str) -> bool:
    """Whether a hint says more of a short name of `text` than plain words for it."""
    found = (m for m in _DEFINED.finditer(hints) if re.search(rf"\b{m['name']}\b", text))
    return any(
        (m["words"] and m["meaning"]) or re.search(r"[/*()]|divided|ratio|increase|change", m["meaning"] or "")
        for m in found
    )
