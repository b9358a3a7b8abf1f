"""A word that is a balance and what is put to it: 一季度拨备, "provisions for Q2", is the allowance held or the charge of the time.

Told only where the word is no whole name of either, both are metrics, and a time is said that is no date. Takes nothing away.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from t2sql.catalog import Catalog
from t2sql.flow import NameMention, Period
from t2sql.grounding.settling import key, offset
from t2sql.grounding.words.text import Folded
from t2sql.metric_names import is_stock

_CHARGE = r"(?:计提|expenses?|charges?|charged)"
_AT_DATE = re.compile(
    r"[末底]|\bend\b|\bas (?:at|of)\b|\d[-/.]\d{1,2}[-/.]\d|日|\b\d{1,2}(?:st|nd|rd|th)?\b.*\b[a-z]{3}"
)
_HELD = re.compile(
    r"余额|存量|覆盖|\b(?:held|balance|stand|stands|stood|outstanding|against|coverage|cover|ratio|stock|book)\b|[高低最多少]\S{0,4}(?:分行|支行|区域)"
)


def told_charges(
    folded: Folded, named: Iterable[NameMention], periods: Sequence[Period], catalog: Catalog
) -> tuple[str, ...]:
    """The words of `named` that may be what is held or what was put to it in the `periods`."""
    own = [p for p in periods if not p.dimension]
    if not own or _HELD.search(folded.text):
        return ()
    if any(p.grain == "day" or _AT_DATE.search(_said(folded, p)) for p in own):
        return ()
    told = []
    for mention in named:
        metric = catalog.metrics[mention.name]
        if mention.span is None or mention.score >= 1.0 or not is_stock(metric, catalog):
            continue
        word = folded.text[offset(folded, mention.span.start) : offset(folded, mention.span.end)].strip()
        stem = re.escape(word.removesuffix("s"))
        charged = re.compile(rf"{_CHARGE}{stem}s?|{stem}s?\s?{_CHARGE}")
        if any(
            charged.fullmatch(key(name))
            for other in catalog.metrics.values()
            if not is_stock(other, catalog)
            for name in (other.display.zh, other.display.en, *other.synonyms)
        ):
            told.append(word)
    return tuple(told)


def _said(folded: Folded, period: Period) -> str:
    start, end = offset(folded, period.span.start), offset(folded, period.span.end)
    return folded.text[max(0, start - 7) : end]
