"""Days that a person's hints count by a field of their own: "next 90 days = contract_end from today on", "the year is that of
shipped_at".
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import exp

from t2sql.fields.index import FieldIndex
from t2sql.fields.roles import is_date

_SENTENCE = re.compile(r"[^.;\n]+(?:\.\d[^.;\n]*)*")
_COUNTED = re.compile(
    r"^\W*(?P<said>[A-Za-z0-9 ,]{3,40}?)\s*=(?P<meaning>.*(?:CURRENT_DATE|\btoday\b).*)$", re.IGNORECASE | re.DOTALL
)
_THAT_OF = re.compile(r"\b(?P<said>year|quarter|month|week|day|date|period)s? (?:is|are) (?:that|those|the (?:year|quarter|month|week|day|date)s?) of (?:the )?(?P<meaning>[\w.]+)", re.IGNORECASE)  # fmt: skip


def hinted_days(text: str, hints: str, tree: exp.Expr, index: FieldIndex) -> Iterator[str]:
    """Phrases of `text` whose days `hints` count by a field that `tree` does not use."""
    used = {column.name.lower() for column in tree.find_all(exp.Column)}
    for sentence in _SENTENCE.findall(hints):
        match = _COUNTED.match(sentence) or _THAT_OF.search(sentence)
        if match is None or not _is_said(match["said"], text, by_year=match.re is _THAT_OF):
            continue
        named = {word.lower() for word in re.findall(r"[A-Za-z]\w*_\w+", match["meaning"])}
        dates = {f.name.lower() for d in index.catalog.datasets.values() for f in d.fields.values() if is_date(f)}
        wanted = named & dates
        if wanted and wanted.isdisjoint(name.removesuffix("_exact") for name in used):
            yield match["said"].strip()


def _is_said(said: str, text: str, *, by_year: bool) -> bool:
    """Whether a phrase stands in the text; a year also stands there as a number."""
    is_year = by_year and said.lower() == "year" and re.search(r"\b(?:19|20)\d\d\b", text) is not None
    return is_year or said.strip().lower() in text.lower()
