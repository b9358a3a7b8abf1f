"""Written forms that a banker derives from a value's aliases: mortgage-secured, backed by a pledge, platinum
cardholders, medium-sized firms.

Each comes from a word that an alias ends with or begins with; nothing here knows a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

# Companies by any name; people, who are counted by metrics of their own, are none of these.
_COMPANIES = (
    "companies", "company", "firms", "firm", "enterprises", "enterprise", "businesses", "business", "corporates",
    "corporations", "corporation", "players",
)  # fmt: skip
_PEOPLE = ("customers", "clients")
_TIERS = ("segment", "segments", "tier")
# One size of company, said in other words; only where a tier's own alias says the size.
_SIZES = (
    ("large", "big"),
    ("medium sized", "mid sized", "medium", "mid size", "medium size", "midsize", "midsized", "mid market"),
)
_ENDS_IN_COMPANY = re.compile(rf" (?:{'|'.join(_COMPANIES)})$")
_HOLDERS = ("cardholders", "cardholder", "card holders", "card holder", "cardmembers", "card members", "cardholding")
_ENDS_IN_CARD = re.compile(r" cards?$")
_ENDS_IN_CATEGORY = re.compile(r" (?:category|class|grade)$")
_CLASSED = (
    "classified as",
    "classed as",
    "graded as",
    "graded",
    "classified",
    "rated",
    "categorised as",
    "categorized as",
)
_LACKS = re.compile(r"(?:no|without|without any) (?:collateral|security)")
_SECURITIES = ("guarantee", "guarantees", "guarantor", "pledge", "mortgage", "security", "collateral")
_SECURED_BY = re.compile(r"(?:loans )?secured by (?P<by>[a-z]+)")
# guaranteed, pledged: the deed of what is given.
_GUARANTEED = re.compile(r"(?!un)(?P<by>[a-z]{4,}e)d")


def said_of_companies(aliases: Iterable[str]) -> bool:
    """Whether aliases (folded) end in a word for companies, so that what they name is a sort of them."""
    return any(_ENDS_IN_COMPANY.search(alias) for alias in aliases)


def said_of_people(aliases: Iterable[str]) -> bool:
    """Whether aliases (folded) end in customers or clients, who may be no companies."""
    return any(alias.endswith((" customers", " clients")) for alias in aliases)


def says_secured(aliases: Iterable[str]) -> bool:
    """Whether aliases (folded) say by what something is secured."""
    return any(_SECURED_BY.fullmatch(alias) for alias in aliases)


def _of_one_size(head: str) -> tuple[str, ...]:
    """A word for a size of company and its like: large and big."""
    return next((sizes for sizes in _SIZES if head in sizes), (head,))


def derived_forms(key: str, *, of_companies: bool, of_people: bool, of_security: bool) -> Iterator[str]:
    """Other ways to write an English alias `key` (folded and loosened). `of_companies`, `of_people`, `of_security`:
    what the aliases of its value or its dimension speak of.
    """
    if of_people and not key.endswith("s") and not _ENDS_IN_COMPANY.search(key):
        yield from (f"{key} {noun}" for noun in _PEOPLE)
    match = _ENDS_IN_COMPANY.search(key)
    head = key[: match.start()] if match else key
    for said in _of_one_size(head) if of_companies else (head,):
        if of_people and of_companies:
            yield from (
                f"{said} {noun} {people}" for noun in ("business", "corporate", "company") for people in _PEOPLE
            )
        if of_companies or match:
            yield from (f"{said} {noun}" for noun in _COMPANIES)
        if of_people and of_companies:
            yield from (f"{said} {noun}" for noun in (*_PEOPLE, *_TIERS) if said != head or noun in _TIERS)
            yield from (said,) if said.startswith(("mid ", "mids", "medium ")) else ()
    if key.endswith("cds"):
        yield key[:-1]
    if _LACKS.fullmatch(key):
        # No collateral or guarantee is no collateral, said twice.
        yield from (
            f"{key} {joint} {other}" for joint in ("or", "nor", "and", "and no", "or any") for other in _SECURITIES
        )
    if match := _ENDS_IN_CARD.search(key):
        yield from (f"{key[: match.start()]} {noun}" for noun in (*_HOLDERS, "ones", "one"))
    if match := _ENDS_IN_CATEGORY.search(key):
        yield from (f"{done} {key[: match.start()]}" for done in _CLASSED)
    if of_security:
        found = _SECURED_BY.fullmatch(key) or _GUARANTEED.fullmatch(key)
        for by in (found["by"],) if found else ():
            for done in ("secured", "backed"):
                yield from (f"{by} {done}", f"{by} {done} loans", f"{by} {done} lending")
                yield from (f"{done} {to} {by}" for to in ("by", "by a"))
                yield f"{done} by {by}s"
            yield f"secured against {by}"
