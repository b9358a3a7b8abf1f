"""Formulas as a person's hints write them: which names they define, their parts and signs, what they are added up over.

Nothing here knows a field; what the words mean is read in formulas.py.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_GIVEN = re.compile(
    r"(?:^|[.;:,]\s+|\n|\band\s+|(?<=\s)(?=[A-Z]{2}))(?:the |an? )?(?P<name>[A-Z][A-Z0-9]{1,11}(?: change)?|[A-Za-z][a-z_]*(?: [a-z_]+){0,3})(?: \((?P<long>[^)]{3,80})\))?\s*=\s*(?P<text>[^;\n=]+?)(?=\.(?:\s|$)|;|\n|$|, [a-z ]{2,30} = | [A-Z][A-Z0-9]{1,11}(?: \([^)]*\))? ?=)"
)
_TOKEN = re.compile(
    r"\s*(?P<op>[()+*/×÷−]|\s-\s|-(?=[\s(])|\bdivided by\b|\bminus\b|\bplus\b|\btimes\b|\bmultiplied by\b)|\s*(?P<words>[^()+*/×÷−]+?)(?=\s-\s|\s*[()+*/×÷−]|\s+(?:divided by|minus|plus|times|multiplied by)\b|$)",
    re.IGNORECASE,
)
_SAME = {"×": "*", "÷": "/", "−": "-", "divided by": "/", "minus": "-", "plus": "+", "times": "*", "multiplied by": "*"}
CALLS = (
    ("SUM", r"(?:the )?(?:sum|total|overall|total sum|aggregate)(?: of)?(?: the| all)? "),
    ("AVG", r"(?:the )?(?:average|avg|mean)(?: of)?(?: the| all)? "),
    ("COUNT", r"(?:the )?(?:total |overall )?(?:number|count) of (?:the |all )?"),
    ("MAX", r"(?:the )?(?:maximum|highest|latest|max) "),
    ("MIN", r"(?:the )?(?:minimum|lowest|earliest|min) "),
)
LEADING = re.compile(r"^(?:(?:the|an?|all|their|its|this|that) )+", re.IGNORECASE)
TRAILING = re.compile(
    r"\s*,.*$|\s+(?:in days|in hours|as an? [a-z]+|per [a-z]+|for (?:each|every|the|all|that|a)\b.*|over (?:all|the)\b.*|of (?:the|that|this|each|a|its) [a-z ]+|within .*|during .*|in (?:a|the|that|each)\b.*|where .*|by .*|consumed.*|received.*|made.*)$",
    re.IGNORECASE,
)
FURTHER = re.compile(r"\b(?:whose|that|which|who|not|without|after|before|with|where|having)\b", re.IGNORECASE)
ALL = re.compile(r"^(?:total|all|overall)\b", re.IGNORECASE)
_ADDED = re.compile(
    r"\s*(?:the )?(?P<kind>sum|total|average|avg|mean) of (?:the |all )?(?P<inner>[^=]+?)(?: (?:over|across) (?:all )?(?:the )?(?P<rows>[a-z][a-z _-]+?))?\s*",
    re.IGNORECASE,
)
_ZERO = re.compile(
    r"\b(?:an? |the )?(?:missing|empty|null|absent|unknown) (?P<what>[a-z][a-z _]*?) (?:counts?|is counted|is treated|is taken|are treated|are counted|means?) (?:as )?(?:0|zero|none|no [a-z]+)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Added:
    """What each row has, added up or averaged: "sum of kg * price over the lines of shipped orders"."""

    call: str
    """SUM or AVG."""
    inner: str
    rows: str
    """The rows that it is over, as said; "" for all."""


def given_in(hints: str) -> dict[str, str]:
    """Name -> the formula that hints give for it, as written; the first wins."""
    found: dict[str, str] = {}
    for match in _GIVEN.finditer(hints):
        found.setdefault(match["name"].strip(), match["text"].strip(" .;"))
    return found


def added_in(said: str) -> Added | None:
    """A formula of rows under one sum or mean; None for any other."""
    match = _ADDED.fullmatch(said)
    if match is None:
        return None
    inner = re.sub(r"^([\w ]+) and ([\w ]+)$", r"\1 + \2", match["inner"])
    if not re.search(r"[*×+/÷−]|\s-\s", inner):
        return None
    call = "SUM" if match["kind"].lower() in ("sum", "total") else "AVG"
    return Added(call, inner, match["rows"] or "")


def zeros_in(hints: str) -> tuple[str, ...]:
    """What counts as 0 where it is not filled in, as said: "a missing discount counts as 0"."""
    return tuple(match["what"] for match in _ZERO.finditer(hints))


def writings_of(said: str) -> Iterator[str]:
    """The formula in what hints say: all of it, or what stands before or after a comma."""
    yield said
    first, comma, rest = said.partition(", ")
    if comma:
        yield first
        yield rest


def tokens_of(said: str) -> Iterator[str]:
    for match in _TOKEN.finditer(said):
        token = (match["op"] or match["words"] or "").strip()
        if token:
            yield _SAME.get(token.lower(), token)
