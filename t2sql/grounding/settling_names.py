"""Which of the metric names that were found a question asks for: names said by half or around a value, whom a metric is
about, what was granted against what stands.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

from t2sql.catalog import Catalog
from t2sql.grounding.beside import NamesBesideValues
from t2sql.grounding.findings import Findings, spans_of
from t2sql.grounding.names.about import (
    held_by_people,
    people_first,
    without_kinds,
    without_period_words,
    without_rates,
    without_whom,
)
from t2sql.grounding.names.bare_kinds import with_bare_kinds
from t2sql.grounding.names.conditions import as_conditions
from t2sql.grounding.names.names import NameIndex
from t2sql.grounding.names.shortened import ShortNames
from t2sql.grounding.numbers.counted import LOANS_MADE, counts_of, granted, granting_words, standing
from t2sql.grounding.other_things import of_other_things, shared_kind
from t2sql.grounding.settling import masked, parts_beside, qualifiers, without_population
from t2sql.grounding.time.dated import without_own
from t2sql.grounding.time.monthly import asks_days, at_days
from t2sql.grounding.values.misplaced import contradicting, torn_pairs_of_kinds
from t2sql.grounding.values.values import ValueIndex
from t2sql.grounding.words.overlaps import clear_of, not_inside_longer, outside, overlaps
from t2sql.metric_names import is_stock

# Words that ask for what was lent or paid back, and not for a balance.
_GIVEN = re.compile(
    r"[放发批贷投]了|[放投贷]得(?=最|更|较|比|多|少|怎)|[放贷发投]出|放[贷款]|发放|投放|收回|还了|还款|\b(?:disburs|originat|grant|repaid|repay|lend|lent)\w*|\b(?:issued?|made?|made) (?=\s|(?:new )?loans)|\b(?:put|puts|putting|pushed|pay|pays|paid|paying|give|gives|gave|given|giving|hand|hands|handed|handing|dole|doled) out\b"
    r"|\bdid (?:we|the bank|our bank|they|you|[a-z]+ branch|it) (?:give|advance|extend|write|underwrite|book|make|issue|do|sell)\b(?! (?:off|down|up|on|back|from|per)\b)"
)
_HOW_OFTEN = re.compile(r"(?:多少|几)[笔张]")
HOW_MANY = re.compile(r"多少[笔户张家个]|几[笔户张家个]|\bhow many\b(?! times\b)|\bnumber of\b|\bcount of\b|笔数|户数")
"""Words that count."""


class SettlingNames:
    """Settles the names of findings, for one narrowed catalog."""

    def __init__(self, catalog: Catalog, names: NameIndex, short: ShortNames, beside: NamesBesideValues) -> None:
        self._catalog, self._names, self._short, self._beside = catalog, names, short, beside
        self._dimensions = frozenset(catalog.dimensions)

    def settle(self, found: Findings, known: ValueIndex) -> None:
        """Names said by half or around a value, whom a metric is about, and what was granted against what stands."""
        folded, values = found.folded, found.values
        forms = [(value.span, self._beside.forms(value)) for value in values]
        halves, of_others = self._short.find(folded, found.claimed, forms, found.named)
        named = found.named + halves
        named = not_inside_longer(named, found.dimensions) or named
        wider = self._short.across(folded, values)
        named = (*(m for m in named if not any(overlaps(m.span, w.span) for w in wider)), *wider)
        found.dimensions = outside(found.dimensions, wider)
        named, limits = as_conditions(folded, named, self._catalog, self._names)
        found.values = values = (*clear_of(values, limits), *limits)
        named = without_period_words(folded, named, found.periods, self._names)
        named = without_rates(folded, named, self._catalog, self._names)
        named = held_by_people(folded, named, self._catalog, self._names)
        named = without_kinds(folded, named, found.dimensions, self._catalog)
        named = without_whom(folded, named, found.said, self._catalog, self._names)
        everybody = named
        named = without_population(folded, named, self._catalog)
        found.qualified = (*of_others, *qualifiers(folded, everybody, named, self._catalog))
        found.qualified += parts_beside(folded, named, values)
        # 2023年发放的贷款余额: the words of a date that limits a balance ask for no flow.
        of_date = found.claimed if found.dates.spans else []
        stands = () if found.periods else standing(folded, named, self._names)
        if stands:
            named = stands
        elif LOANS_MADE.search(folded.text) or _GIVEN.search(masked(folded, [*spans_of(named), *of_date])):
            flows = tuple(m for m in named if not is_stock(self._catalog.metrics[m.name], self._catalog))
            given = () if flows else granted(folded, named, self._names)
            named = flows or given
            found.claimed += granting_words(folded) if given else []
        else:
            named = people_first(folded, self._beside.counted(folded, named, values), self._catalog, self._names)
        if _HOW_OFTEN.search(folded.text) and not any(is_counted(self._catalog, m.name) for m in named):
            named = counts_of(folded, named, self._names)
        asks_flow = _GIVEN.search(folded.text) or HOW_MANY.search(folded.text)
        if not named:
            from_values = () if asks_flow else self._beside.from_values(values)
            of_values = {value.dimension for value in values}
            is_ranked = any(q.kind in ("limit", "order") for q in found.quantities)
            groups = [d for d in found.dimensions if is_ranked or d.score == 1.0 or d.name in of_values]
            held = spans_of((*found.periods, *found.quantities, *groups, *found.grains))
            named = self._short.attributes(folded, found.cues) or self._beside.scattered(folded, values, groups, held)
            named = named or from_values or self._beside.kinds_of_cost(values)
        found.named = at_days(self._catalog, named, asks_days(found.grains, found.periods))
        found.misplaced += torn_pairs_of_kinds(self._catalog, folded, named, found.dimensions)
        found.misplaced += contradicting(self._catalog, folded, named, found.values)
        found.misplaced += of_other_things(folded, named, found.values, self._names, self._beside)
        found.misplaced += shared_kind(folded, named)
        found.periods = without_own(found.periods, named, self._catalog)
        metrics = [mention.name for mention in found.named]
        found.dimensions, found.unclear = with_bare_kinds(folded, self._catalog, metrics, found.dimensions)
        found.claim(named, found.dimensions)
        people = known.find_names(folded, self._dimensions, found.claimed)
        found.values += people
        found.claim(people)


def is_counted(catalog: Catalog, name: str) -> bool:
    """Whether it is a metric that counts things."""
    metric = catalog.metrics.get(name)
    return metric is not None and metric.unit == "count"
