"""What a sentence says of a state, as a condition: "it has no end date or its end date is on or after today".

English only. A part that cannot be read leaves the whole unread.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from t2sql.fields.hits import Hit, name_hits, words_of
from t2sql.fields.index import FieldIndex
from t2sql.fields.linked import Linked
from t2sql.fields.roles import date_fields, is_date, said_of_days, words_of_date
from t2sql.fields.writing import qualified

_NO = r"(?:no|without|lacks?)(?: an?| any)?"
_EMPTY = re.compile(
    rf"(?:(?:it|they|that|which|who|still) )*(?:has|have|had|with)? ?{_NO} (?P<a>.+)|(?:(?:its|their|the|whose|where) )*(?P<b>.+?) (?:is|are) (?:still |left )?(?:empty|null|blank|missing|not set|unset|unknown|not filled(?: in)?)",
    re.IGNORECASE,
)
_FILLED = re.compile(
    r"(?:(?:it|they|that|which|who) )*(?:has|have|with) (?:an? )?(?P<a>.+)|(?:(?:its|their|the|whose|where) )*(?P<b>.+?) (?:is|are) (?:not (?:empty|null|blank|missing)|set|filled(?: in)?|known)",
    re.IGNORECASE,
)
_TODAY = r"(?:today|(?:the )?current (?:date|day)|now|today['’]s date)"
_BY_TODAY = re.compile(
    rf"(?:(?:it|they|its|their|the|whose|where|has|have|with|an?) )*(?P<a>.*?) ?(?:(?:is|are|lies|falls) )?(?P<how>on or after|not before|>=|on or later than|later than|after|>|on or before|not after|<=|before|<) {_TODAY}",
    re.IGNORECASE,
)
_UNDONE = re.compile(
    r"(?:[a-z]+ )*?(?:was|were|is|are|has|have|had)(?: not|n['’]t| never)(?: yet)?(?: been)? (?P<deed>[a-z]+)(?: yet)?",
    re.IGNORECASE,
)
_HOW = r"(?P<how>on or after|not before|no earlier than|on or before|not after|no later than|not later than|later than|earlier than|after|before|by)"
_BY_DATE = re.compile(
    rf"(?:(?:it|they|its|their|the) )*(?:(?:was|were|is|are|has been|have been) (?P<deed>[a-z]+) |(?P<a>.+?) (?:is|are|lies|was|were) ){_HOW} (?:the |its |their )*(?P<b>[\w -]+)",
    re.IGNORECASE,
)
_SIGNS = {
    "on or after": ">=",
    "not before": ">=",
    "on or later than": ">=",
    "later than": ">",
    "after": ">",
    "no earlier than": ">=",
    "on or before": "<=",
    "not after": "<=",
    "no later than": "<=",
    "not later than": "<=",
    "by": "<=",
    "earlier than": "<",
    "before": "<",
}
# The left_on date, the phone column: what kind of thing a field is.
_ITS_KIND = re.compile(r" (?:date|day|value|field|column|entry)$", re.IGNORECASE)


class Meaning:
    """Reads what is said of the rows of a dataset."""

    def __init__(self, index: FieldIndex, today: date, limits: Callable[[str], Linked]) -> None:
        """`limits(words)` links a few words by themselves."""
        self.index, self.today, self.limits = index, today, limits

    def sql(self, what: str, dataset: str) -> str:
        """A definition as a condition; "" where a part of it is not read."""
        found = []
        last = ""
        for either in re.split(r",? or (?!after\b|before\b|later\b|earlier\b)", what.strip()):
            atoms = []
            for part in re.split(r",? and (?=it\b|its\b|has\b|have\b|no\b|is\b|the\b)", either):
                sql, last = self._atom(part.strip(" ,"), dataset, last)
                atoms.append(sql)
            if not all(atoms):
                return ""
            found.append(" AND ".join(atoms))
        return found[0] if len(found) == 1 else "(" + " OR ".join(found) + ")"

    def _atom(self, part: str, dataset: str, last: str) -> tuple[str, str]:
        """One condition and its field, which the next one may leave unsaid; "" for none."""
        by_today = _BY_TODAY.fullmatch(part)
        if by_today is not None:
            field = self._field(by_today["a"], dataset) if by_today["a"] else last
            sign = _SIGNS.get(by_today["how"].lower(), by_today["how"])
            is_of_days = bool(field) and is_date(self.index.field((dataset, field)))
            day = self.today.isoformat()
            return (f"{qualified(dataset, field)} {sign} '{day}'", field) if is_of_days else ("", "")
        if (compared := self._compared(part, dataset)) is not None:
            return compared
        undone = _UNDONE.fullmatch(part)
        if undone is not None:
            deed = said_of_days(undone["deed"])
            days = date_fields(self.index.catalog.datasets[dataset])
            found = [item.name for item in days if not item.name.endswith("_exact") and words_of_date(item) & deed]
            return (f"{qualified(dataset, found[0])} IS NULL", found[0]) if len(found) == 1 else ("", "")
        for pattern, wanted in ((_EMPTY, "{} IS NULL"), (_FILLED, "NOT {} IS NULL")):
            match = pattern.fullmatch(part)
            field = self._field(match["a"] or match["b"], dataset) if match else ""
            if field:
                return wanted.format(qualified(dataset, field)), field
        linked = self.limits(re.sub(r"^(?:with|whose|where|that have|have|has|it|its) ", "", part))
        known = [c.alternatives[0] for c in linked.conditions]
        if len(known) == 1 and known[0].dataset == dataset and not linked.left and not linked.bounds:
            return known[0].sql, ""
        return "", ""

    def _compared(self, part: str, dataset: str) -> tuple[str, str] | None:
        """It was delivered after promised_on: one day of a row by another, in whole days; None for no such words."""
        match = _BY_DATE.fullmatch(part)
        other = self._field(match["b"], dataset) if match else ""
        if match is None or not other or not is_date(self.index.field((dataset, other))):
            return None
        deed = said_of_days(match["deed"]) if match["deed"] else frozenset()
        days = [
            item.name for item in date_fields(self.index.catalog.datasets[dataset]) if not item.name.endswith("_exact")
        ]
        done = [name for name in days if words_of_date(self.index.field((dataset, name))) & deed]
        own = done if match["deed"] else [self._field(match["a"], dataset)]
        if len(own) != 1 or own[0] not in days or own[0] == other:
            return None
        gap = f"{qualified(dataset, own[0])} - {qualified(dataset, other)}"
        return f"{gap} {_SIGNS[match['how'].lower()]} 0", own[0]

    def _field(self, words: str, dataset: str) -> str:
        """The field of `dataset` that words name whole; "" for none."""
        for said in dict.fromkeys((words, _ITS_KIND.sub("", words))):
            content = [t for t in words_of(said).names if t.is_content]
            hits: list[Hit] = [
                h
                for h in name_hits(words_of(said), self.index)
                if h.is_field and h.key[0] == dataset and h.sure >= 0.75 and len(h.words) == len(content)
            ]
            if hits:
                return max(hits, key=lambda h: h.sure).key[1]
        return ""
