"""The balance at a date, asked beside its own mean over the period: 日均存款多少，时点又是多少, "average loans and the closing
balance".

Only where one mean is named, and the catalog has the balance that it is the mean of; anything else is told elsewhere.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

from t2sql.catalog import Catalog
from t2sql.flow import NameMention
from t2sql.grounding.words.overlaps import overlaps
from t2sql.grounding.words.text import Folded

_FIGURE = r"(?:balances?|figures?|amounts?|totals?|levels?|positions?|numbers?)"
_END = r"(?:(?:period|year|quarter|month|half)[- ]?end|end[- ](?:of[- ](?:the )?)?(?:period|year|quarter|month|half))"
_AT_A_DATE = re.compile(
    rf"\b(?:the |its |their )?(?:closing|ending|final|spot|point[- ]in[- ]time|{_END}) {_FIGURE}\b"
    rf"|\b(?:the|its|their) (?:actual )?{_FIGURE} (?:at|on|as at|as of) (?:the )?(?:close|{_END})\b"
    r"|(?:期末|年末|季度?末|月末)(?:时点)?(?:余额|数值?|值|金额)|时点(?:余额|数值?|值|金额|(?=(?:又|则|呢|各|分别)?[是有为]?多少|$|[,，。?？、和与及]))"
)


# What is said not to be meant.
_DENIED = re.compile(r"(?:不是|并非|而非|不要|不看|\bnot|\brather than|\binstead of|\bno)\s*(?:the |its )?$")


def with_closing(folded: Folded, said: tuple[NameMention, ...], catalog: Catalog) -> tuple[NameMention, ...]:
    """`said`, with the balance that the one mean among them is of where words ask for it too."""
    means = {m.name for m in said if catalog.metrics[m.name].window_choice == "avg"}
    if len(means) != 1 or any(m.name not in means for m in said):
        return said
    mean = catalog.metrics[means.pop()]
    plain = [
        m.name
        for m in catalog.metrics.values()
        if m.type == mean.type
        and m.window_choice == "max"
        and (m.expression, m.filter) == (mean.expression, mean.filter)
    ]
    if len(plain) != 1:
        return said
    found = [
        NameMention(span, "metric", plain[0], 1.0)
        for match in _AT_A_DATE.finditer(folded.text)
        if not _DENIED.search(folded.text[: match.start()])
        and not any(overlaps(m.span, span := folded.span(*match.span())) for m in said)
    ]
    return (*said, *found[:1])
