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
COMPUTES = re.compile(
    r"[/*×÷+−]|\s-\s|\b(?:divided by|minus|plus|times)\b|\b(?:sum|total|average|avg|mean|number|count) of\b",
    re.IGNORECASE,
)
"""What a formula has and a remark has not."""
LEFT_OUT = re.compile(
    r"\b(?:not|never|without|exclud\w*|except|leav\w+ out|ignor\w*|disregard\w*|neither|no)\b", re.IGNORECASE
)
"""What a remark leaves out is a condition of its own."""
_DIVIDED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:the )?ratio (?:of|between) (?P<a>.+?) (?:to|and) (?P<b>.+)",
        r"(?P<a>.+?),? (?:as|expressed as|in) an? (?P<kind>percentage|percent|share|proportion|fraction) of (?P<b>.+)",
    )
)
_ROWS = r"(?:only )?(?P<rows>[a-z][a-z _-]{2,40}?) only"
_ONLY = re.compile(
    rf"(?P<formula>.+?),? (?:over|for|across|among|counting|considering) {_ROWS}|(?P<alone>[^,]+), {_ROWS.replace('rows', 'these')}",
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


def divided(said: str) -> str:
    """A ratio that is said in words with its sign: "a as a percentage of b" as "a / b * 100"."""
    for pattern in _DIVIDED:
        match = pattern.fullmatch(said)
        if match is not None:
            times = " * 100" if "percent" in (match.groupdict().get("kind") or "").lower() else ""
            return f"{match['a']} / {match['b']}{times}"
    return said


def writings_of(said: str) -> Iterator[tuple[str, str]]:
    """The formula in what hints say, and the remark beside it: "sum of a / sum of b", "closed claims only".

    A name before a formula is no remark: "payment volume, the sum of amounts". What computes nothing is no formula.
    """
    _name, colon, after = said.partition(": ")
    said = after if colon and COMPUTES.search(after) else said
    only = _ONLY.fullmatch(said)
    if only is not None:
        yield only["formula"] or only["alone"], only["rows"] or only["these"]
        return
    first, comma, rest = said.partition(", ")
    if not comma:
        yield said, ""
    elif COMPUTES.search(first):
        yield first, rest
    elif COMPUTES.search(rest):
        yield rest, ""


def tokens_of(said: str) -> Iterator[str]:
    for match in _TOKEN.finditer(said):
        token = (match["op"] or match["words"] or "").strip()
        if token:
            yield _SAME.get(token.lower(), token)
