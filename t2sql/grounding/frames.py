"""The question less what only frames it: whom the figures are for, what is not meant, and the share of "kindly share".

Everything is blanked at its place, so that later findings still tell offsets of the text as asked.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from itertools import chain

from t2sql.catalog import Catalog
from t2sql.grounding.brackets import part, without_deductions, without_workings
from t2sql.grounding.contrasts import Contrasts, may_contrast
from t2sql.grounding.findings import spans_of
from t2sql.grounding.names.names import NameIndex
from t2sql.grounding.values.booked import without_plain_denied
from t2sql.grounding.values.values import ValueIndex
from t2sql.grounding.words.lead_ins import closings, lead_ins
from t2sql.grounding.words.purposes import purposes, without_purposes
from t2sql.grounding.words.sharing import sharing
from t2sql.grounding.words.text import Folded, without

# 最多的那家支行 is 最多的支行.
_THE_ONE = re.compile(
    r"(?<=最[高低大小多少好差快慢]的)[那这]一?[个家名位]|"
    r"(?<=最[高低大小多少好差快慢])[那这]一?[个家名位]"
)

# "1 being highest" tells how a rank is counted, as every rank here is.
_SCALE = re.compile(
    r"(?:[,;(]\s*|\bwith )(?:rank )?(?:1|one|first|#1|no\.? ?1|number (?:1|one))(?:st)? "
    r"(?:being|is|=|means?|meaning|for)(?: the)? (?:highest|largest|biggest|most|greatest)\)?"
    r"|[,;(]?\s*\b(?:counting|counted|starting|numbered) (?:down )?from the "
    r"(?:highest|largest|biggest|top)(?: down)?\b[,)]?"
    r"|[,;(]\s*第?[1一]名?(?:为|是|代表|表示)最[高大多]\)?"
)
_CLEARLY = 0.95
_GOES_ON = re.compile(r"\W*(?:and|plus|also|as well|together|along|with|by|per|of|for)\b")


class Frames:
    """Takes frames off questions, for one narrowed catalog."""

    def __init__(self, catalog: Catalog, names: NameIndex) -> None:
        self._catalog = catalog
        self._names = names
        self._contrasts = Contrasts(catalog, names)

    def without(self, folded: Folded, values: ValueIndex, dimensions: Collection[str]) -> Folded:
        """`folded` without frames. `values`: those that the reader may see, of `dimensions`."""
        folded = without_plain_denied(self._catalog, without(without(folded, _THE_ONE), _SCALE))
        for start, end in sharing(folded.text):
            folded = replace(folded, text=folded.text[:start] + " " * (end - start) + folded.text[end:])
        if may_contrast(folded):
            groups = (*self._names.find_dimensions(folded), *self._names.find_grains(folded))
            spelt = values.find(folded, dimensions, is_fuzzy=False)
            folded = self._contrasts.without(folded, self._names.find_metrics(folded), groups, spans_of(spelt))
        if "(" in folded.text:
            folded = without_workings(folded, self._names.find_metrics(folded), self._catalog)
        folded = without_deductions(folded, self._names, self._catalog)
        folded = self._without_talk(folded, values, dimensions)
        if not any(True for _ in purposes(folded)):
            return folded
        spelt = values.find(folded, dimensions, is_fuzzy=False)
        return without_purposes(folded, spans_of(self._names.find_metrics(folded)), spans_of(spelt))

    def _without_talk(self, folded: Folded, values: ValueIndex, dimensions: Collection[str]) -> Folded:
        """`folded` without what is said before and after a whole question. What holds a value of its own stays, and
        what holds a metric, unless the rest asks for another.
        """
        for start, end, is_asked in chain(lead_ins(folded.text), closings(folded.text)):
            if not folded.text[start:end].strip():
                continue
            said, rest = part(folded, range(start, end)), part(folded, (*range(start), *range(end, len(folded.text))))
            inside = {(v.dimension, v.value) for v in values.find(said, dimensions, is_fuzzy=False)}
            if inside and not inside <= {(v.dimension, v.value) for v in values.find(rest, dimensions, is_fuzzy=False)}:
                continue
            named = {m.name for m in self._names.find_metrics(said, is_fuzzy=False) if m.score >= _CLEARLY}
            others = {m.name for m in self._names.find_metrics(rest)}
            if not named <= others and (not others or start or _GOES_ON.match(folded.text, end)):
                continue
            if not is_asked and not others:
                continue
            folded = replace(folded, text=folded.text[:start] + " " * (end - start) + folded.text[end:])
        return folded
