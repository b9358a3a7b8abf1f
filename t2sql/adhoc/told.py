"""What a person's hints define: abbreviations with what they stand for, so that a question can be read in full words."""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

_DEFINED = re.compile(
    r"\b(?P<name>[A-Z][A-Z0-9]{1,11}(?: change)?)\s*(?:\((?P<long>[^)]{3,80})\))?\s*(?:=|:|：|is defined as|means|stands for)\s*(?P<text>.+?)"
    r"(?=(?:[.;。；]\s)|\n|\b[A-Z][A-Z0-9]{1,11}(?: \([^)]*\))?\s*[=:]|\bTo [a-z]+ |$)",
    re.DOTALL,
)
_FORMULA = re.compile(r"[/*×÷]|\s[-−+]\s|\bdivided by\b|\bminus\b|\bratio\b|\bpercent", re.IGNORECASE)
_MOST_WORDS = 14


def definitions_of(hints: str) -> dict[str, str]:
    """Abbreviation -> what the hints say it is; the first wins."""
    found: dict[str, str] = {}
    for match in _DEFINED.finditer(hints):
        text = " ".join(match["text"].split()).strip(" .;")
        if match["long"] and not _FORMULA.search(match["long"]):
            text = f"{match['long']} = {text}"
        found.setdefault(match["name"], text)
    return found


def is_formula(definition: str) -> bool:
    """Whether a definition calculates."""
    return _FORMULA.search(definition) is not None


def in_full(text: str, hints: str) -> str:
    """`text` with each abbreviation that the hints define in words written out; one that calculates stays."""
    for name, definition in definitions_of(hints).items():
        if is_formula(definition) or len(definition.split()) > _MOST_WORDS:
            continue
        words = definition.rpartition("= ")[2]
        text = re.sub(rf"(?<![\w]){re.escape(name)}(?![\w])", lambda _found, words=words: words, text)  # type: ignore[misc]
    return text
