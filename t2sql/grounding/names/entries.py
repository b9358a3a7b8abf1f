"""Every way that the names of a catalog are written: plural, with a blank for a slash, two run together.

Adds no name of another meaning: whatever is yielded is called so by the catalog, or the same in other letters.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

from t2sql.catalog import Dimension, Metric
from t2sql.grounding.words.text import is_cjk, plural


def entries_of(things: Iterable[Metric | Dimension]) -> Iterable[tuple[str, str]]:
    for thing in things:
        for written in dict.fromkeys((thing.name, thing.display.zh, thing.display.en, *thing.synonyms)):
            yield written, thing.name
            if "/" in written and isinstance(thing, Metric):
                yield from ((said, thing.name) for said in _slashed(written))
            if written.isascii() and written and written[-1].isalpha():
                yield plural(written), thing.name
                if isinstance(thing, Metric) and (thing.filter or thing.numerator) and written.endswith(" loans"):
                    yield written.removesuffix("loans") + "lending", thing.name


def _slashed(written: str) -> tuple[str, str]:
    """C/I ratio is read with a blank for the slash, and is called C/I as well."""
    blank = written.replace("/", " ")
    return blank, blank.removesuffix(" ratio")


def contractions(entries: Sequence[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """存贷款余额 names both 存款余额 and 贷款余额: two names that differ in their first letter alone."""
    known = {written for written, _ in entries}
    tails: dict[str, dict[str, str]] = {}
    for written, name in entries:
        if len(written) > 1 and is_cjk(written[0]) and is_cjk(written[1]):
            tails.setdefault(written[1:], {})[written[0]] = name
    for tail, heads in tails.items():
        for one, other in itertools.permutations(heads, 2):
            if one + other + tail not in known:
                yield from ((one + other + tail, heads[head]) for head in (one, other))
