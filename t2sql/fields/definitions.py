"""Short names that a person's hints define: "ASP = Average Sale Price", "TSC (total sales count) = …".

Only plain words are read; a formula is for the llm. What a hint does not say is never made up.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

_DEFINED = re.compile(
    r"\b(?P<name>[A-Z][A-Z0-9]{1,11})\b(?: \((?P<words>[^)]{3,80})\))?\s*(?:=|:|\bmeans\b|\bis defined as\b|\brefers to\b)"
    r"\s*(?P<meaning>(?:(?!,? (?:and )?[A-Z][A-Z0-9]{1,11}(?: \([^)]{3,80}\))?\s*[=:])[^.\n;]){3,160})?"
)
_WORDS = re.compile(r"[A-Za-z][A-Za-z' -]{2,60}")
_ENDS = re.compile(
    r"\s+(?:without|by|using|during|within|over|for|from|in (?:a|the)|of (?:a|the)|calculated|defined|across)\b.*$"
)
_LEAVES_OUT = re.compile(
    r",? (?:(?:per|by) [a-z]+ )?(?P<rows>(?:over|of|for|among|across|counting|considering|in) (?:all |only )?(?:the )?[a-z ]+? (?:that|which|who|whose|with|where|not) [^=]*|(?:without|excluding|except|leaving out|ignoring|not counting|disregarding)\b[^,=]*)$",
    re.IGNORECASE,
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
        kept, apart = _apart(match["meaning"] or "")
        words = match["words"] or _ENDS.sub("", kept)
        if not _WORDS.fullmatch(words.strip()) or len(words.split()) > 6:
            continue
        written = re.sub(rf"\b{match['name']}\b", words.strip().lower(), text)
        if apart and written != text:
            end = re.search(r"[?.!\s]*$", written)
            assert end is not None
            written = f"{written[: end.start()]}, {apart}{end[0]}"
        text = written
    return text


def _apart(meaning: str) -> tuple[str, str]:
    """What a short name means, and which rows it leaves out: "average price of lots, leaving out free ones"."""
    found = _LEAVES_OUT.search(meaning)
    return (meaning[: found.start()].strip(), found["rows"].strip()) if found else (meaning.strip(), "")


def has_formula(text: str, hints: str) -> bool:
    """Whether a hint says more of a short name of `text` than plain words for it."""
    found = (m for m in _DEFINED.finditer(hints) if re.search(rf"\b{m['name']}\b", text))
    return any(
        (m["words"] and m["meaning"]) or re.search(r"[/*()]|divided|ratio|increase|change", m["meaning"] or "")
        for m in found
    )
