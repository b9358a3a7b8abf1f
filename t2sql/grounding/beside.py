"""Metrics and values that share words: 个人住房贷款余额 is a product and a metric, 小微贷款的不良率 no loan balance.

Settles which of them keeps a stretch; adds no name that the text, or a value's own name, does not hold.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from t2sql.catalog import Catalog, Dimension, Metric
from t2sql.flow import NameMention, Span, ValueMention
from t2sql.grounding.names.comparisons import MOVED
from t2sql.grounding.names.conditions import is_whole_of
from t2sql.grounding.names.names import NameIndex
from t2sql.grounding.numbers.counted import BOUNDED, holders, number_of_loans, whole_name
from t2sql.grounding.settling import key, offset
from t2sql.grounding.words.lexicon import loosen
from t2sql.grounding.words.overlaps import covers, not_inside_longer, outside, overlaps
from t2sql.grounding.words.text import Folded
from t2sql.metric_names import datasets_of, is_stock, made_of

_TAIL = 24
# What customers hold, and are counted by.
_HELD = ("loan", "deposit", "wealth")
_FROM_VALUE, _SCATTERED = 0.9, 0.96
# A noun that is asked for itself, and not what another metric is about: 又透支了多少.
_ASKED = re.compile(r"(?:了|又|各|共|是|有)*多少(?:钱|元|个|户|笔|张)?(?:$|[\s,.;?!呢啊])")
# What is asked of a thing, and never the thing that another metric is about.
_MEASURES = frozenset(
    "share shares ratio rate proportion percentage 占比 比例 比重 比率 笔均 户均 余额 金额 总额 笔数 户数 张数 balance balances amount amounts".split()
)
_LISTED = re.compile(
    r"\s*(?:和|、|及|与|以及|/|,|and|&|vs\.?|versus|,\s*and)\s*(?:the )?"
    r"|,?\s*and(?: how much(?: (?:is|was|do we have|have we))?)?(?: in)? (?:the )?"
)


class NamesBesideValues:
    """Metric names and values of one narrowed catalog, where both claim the same words."""

    def __init__(self, catalog: Catalog, names: NameIndex) -> None:
        self._catalog, self._names = catalog, names

    def forms(self, value: ValueMention) -> tuple[str, ...]:
        """How a value is called: as stored, and by every alias."""
        aliases = self._catalog.field_of(self._catalog.dimensions[value.dimension]).aliases
        return tuple(key(form) for form in (value.value, *aliases.get(value.value, ())))

    def from_values(self, values: tuple[ValueMention, ...]) -> tuple[NameMention, ...]:
        """小微企业贷款有多少, "mortgages at year end": what a value is called ends with the name of a metric."""
        found: dict[str, NameMention] = {}
        for value in values:
            for form in self.forms(value):
                for mention in self._names.find_metrics(form, is_fuzzy=False):
                    if (
                        mention.span
                        and mention.span.start > 0
                        and mention.span.end == len(form)
                        and self._catalog.metrics[mention.name].unit != "count"
                    ):
                        found.setdefault(mention.name, NameMention(value.span, "metric", mention.name, _FROM_VALUE))
        found = found or self._of_dimensions(values)
        return tuple(found.values()) if len(found) == 1 else ()

    def _of_dimensions(self, values: tuple[ValueMention, ...]) -> dict[str, NameMention]:
        """活期有多少: what the kinds of a dimension are kinds of, by its own name (存款期限类型)."""
        found: dict[str, NameMention] = {}
        for value in values:
            display = self._catalog.dimensions[value.dimension].display
            for written in (display.zh, display.en):
                for name in self._names.measured_by(key(written)):
                    if self._catalog.metrics[name].unit != "count":
                        found.setdefault(name, NameMention(value.span, "metric", name, _FROM_VALUE))
        return found

    def kinds_of_cost(self, values: tuple[ValueMention, ...]) -> tuple[NameMention, ...]:
        """员工费用, "staff expense": an account that is a kind of cost is measured by what running the bank costs."""
        kinds = [v for v in values if any(self._names.says_only(form, "opex_kind") for form in self.forms(v))]
        called = self._names.metrics_saying("opex") if kinds else ()
        return (NameMention(kinds[0].span, "metric", called[0], _FROM_VALUE),) if len(called) == 1 else ()

    def counted(
        self, folded: Folded, named: tuple[NameMention, ...], values: tuple[ValueMention, ...]
    ) -> tuple[NameMention, ...]:
        """ "How many mortgages", "how many customers have a mortgage": loans counted, and customers by what they hold."""
        things = [
            (whole_name(folded, v.span, self.forms(v)), c)
            for v in values
            for c in self._names.concepts_of_value(self.forms(v), ())
        ]
        if not any(self._catalog.metrics[m.name].unit == "count" for m in named):
            loans = [span for span, thing in things if thing == "loan"]
            named = number_of_loans(folded, named, loans, [v.span for v in values], self._names)
        return holders(folded, named, [t for t in things if t[1] in _HELD], self._names)

    def scattered(
        self, folded: Folded, values: Iterable[ValueMention], groups: Iterable[NameMention], taken: Sequence[Span]
    ) -> tuple[NameMention, ...]:
        """白金卡上半年刷了多少: a metric whose words stand around values, groups and the stretches `taken`."""
        told = []
        for group in groups:
            display = self._catalog.dimensions[group.name].display
            said = self._names.concepts_of_value((), (key(display.zh), key(display.en)))
            told += [(group.span, said)] if group.span else []
        for value in values:
            dimension = self._catalog.dimensions[value.dimension]
            written = (key(dimension.display.zh), key(dimension.display.en))
            told.append((value.span, self._names.concepts_of_value(self.forms(value), written)))
        name, spans = self._names.find_scattered(folded, taken, told)
        return tuple(NameMention(span, "metric", name, _SCATTERED) for span in spans)

    def without_bare(self, folded: Folded, named: tuple[NameMention, ...]) -> tuple[NameMention, ...]:
        """小微贷款的不良率, NPL ratio of retail loans: a bare noun beside a whole name is no metric.

        A noun joined to the other name (贷款和存款余额) stays one.
        """
        whole = [m for m in named if not self._is_bare(m, folded)]
        if not whole:
            return named
        ends = [(offset(folded, m.span.start), offset(folded, m.span.end), m.name) for m in named if m.span]
        pairs = [(a, b) for a in ends for b in ends if _LISTED.fullmatch(folded.text[a[1] : b[0]])]
        joined = {name for pair in pairs for _, _, name in pair}
        # 贷款利息收入: a Chinese noun that touches a name is what the name is about.
        touching = {a[2] for a in ends for b in ends if a[1] == b[0] and not folded.text[a[0] : a[1]].isascii()}
        own = (BOUNDED, _ASKED, MOVED)
        joined |= {name for _, end, name in ends if any(pattern.match(folded.text[end:]) for pattern in own)}
        joined |= {a[2] for a in ends for b in ends if a[1] < b[0] and is_whole_of(folded.text, a[0], a[1], b[0])}
        kept = [m for m in named if m in whole or m.name in joined or not self._is_part(m.name, whole)]
        return tuple(m for m in kept if m in whole or m.name not in touching or m.name in joined)

    def _is_part(self, bare: str, whole: list[NameMention]) -> bool:
        """Whether one of the metrics `whole` is made of `bare`, or of the same rows: loans beside their NPL ratio."""
        metrics = self._catalog.metrics
        own = datasets_of(metrics[bare], self._catalog)
        return any(
            bare in made_of(m.name, metrics)
            or self._names.is_of(m.name, bare)
            or (
                metrics[m.name].unit != "count"
                and is_stock(metrics[bare], self._catalog)
                and own & datasets_of(metrics[m.name], self._catalog)
            )
            for m in whole
        )

    def _is_bare(self, mention: NameMention, folded: Folded) -> bool:
        """Whether it was called by only a part of its display name: 贷款 for 贷款余额, loans for loan balance."""
        assert mention.span
        text = folded.text[offset(folded, mention.span.start) : offset(folded, mention.span.end)]
        display = self._catalog.metrics[mention.name].display
        if text in _MEASURES or not text.isascii():
            return text not in _MEASURES and len(text) <= 2 and text != key(display.zh) and text in key(display.zh)
        words = [word.rstrip("s") for word in loosen(text).split()]
        whole = [word.rstrip("s") for word in key(display.en).split()]
        return len(words) == 1 and len(whole) > 1 and words[0] in whole

    def settled(
        self, folded: Folded, named: tuple[NameMention, ...], values: tuple[ValueMention, ...]
    ) -> tuple[tuple[NameMention, ...], tuple[ValueMention, ...]]:
        """Longest span wins; a metric that only leans into a value (个人住房贷款余额) stands beside it."""
        named = self._without_listed(folded, named, values)
        values = outside(values, [mention for mention in named if mention.score == 1.0])
        misprints = [m for m in named if m.score < 1.0]
        values = tuple(v for v in values if not any(covers(m.span, v.span) and m.span != v.span for m in misprints))
        named = tuple(m for m in named if m.score == 1.0 or not any(overlaps(v.span, m.span) for v in values))
        inside = [
            m
            for m in named
            if m.score == 1.0 and any(v.span.end == m.span.end and covers(v.span, m.span) for v in values if m.span)
        ]
        named = self._without_value_words(folded, not_inside_longer(named, values), values)
        leaning = self._leaning(folded, values, named)
        # SME deposits are deposits; the balance of a mortgage balance is no NPL's that follows.
        inner = [(lean, m) for lean in leaning for m in named if lean.span != m.span and covers(lean.span, m.span)]
        whole = [pair for pair in inner if pair[1].name in self._names.metrics_called(_said(folded, pair[1]))]
        leaning = tuple(lean for lean in leaning if not any(lean is pair[0] for pair in whole))
        named = tuple(m for m in named if not any(m is pair[1] for pair in inner if pair not in whole))
        if not named and not leaning:
            # 小微企业贷款有多少: the value's own last word is all that names a metric.
            leaning = tuple(replace(mention, score=_FROM_VALUE) for mention in inside)
        # A value that the metric's own name says already is no condition: 存款 beside deposit_balance.
        said = {name for m in (*named, *leaning) if m.score == 1.0 for name in _names_of(self._catalog.metrics[m.name])}
        # One of the several that a metric counts (质押 of 抵质押贷款) limits it all the same.
        counted = [self._catalog.metrics[m.name].filter or "" for m in (*named, *leaning)]
        kept = tuple(
            v
            for v in values
            if not (self._is_line_word(folded, v) and any(key(v.value) in name for name in said))
            or any(f"'{v.value}'" in condition for condition in counted)
        )
        return (*named, *leaning), kept

    def _without_value_words(
        self, folded: Folded, named: tuple[NameMention, ...], values: tuple[ValueMention, ...]
    ) -> tuple[NameMention, ...]:
        """ "Floating rate lending" is lending, and no lending rate: the value's last word is no part of the name."""
        kept: list[NameMention] = []
        for mention in named:
            torn = [
                v for v in values if mention.span and v.span.start < mention.span.start < v.span.end < mention.span.end
            ]
            tail = (
                folded.text[offset(folded, torn[0].span.end) : offset(folded, mention.span.end)]
                if torn and mention.span
                else ""
            )
            found = self._names.find_metrics(tail, is_fuzzy=True) if tail.isascii() and tail.strip() else ()
            own = [m for m in found if m.span and m.span.end == len(tail)]
            for other in own:
                assert mention.span and other.span
                place = folded.span(
                    offset(folded, torn[0].span.end) + other.span.start, offset(folded, mention.span.end)
                )
                kept.append(replace(other, span=place))
            kept += [] if own else [mention]
        return tuple(kept)

    def _without_listed(
        self, folded: Folded, named: tuple[NameMention, ...], values: tuple[ValueMention, ...]
    ) -> tuple[NameMention, ...]:
        """私行和财富客户: what is listed with a value and begins with another of its dimension is no metric."""
        listed = [
            m
            for m in named
            for v in values
            for other in values
            if m.span
            and v.span.start == m.span.start
            and v.span.end < m.span.end
            and other.dimension == v.dimension
            and other.value != v.value
            and self._catalog.metrics[m.name].unit == "count"
            and _LISTED.fullmatch(folded.text[offset(folded, other.span.end) : offset(folded, v.span.start)])
        ]
        return tuple(m for m in named if m not in listed)

    def without_own(self, values: tuple[ValueMention, ...], named: tuple[NameMention, ...]) -> tuple[ValueMention, ...]:
        """Secured loans (mortgage or pledge): values that say all of a metric's own filter again limit nothing."""
        filters = [
            self._catalog.metrics[part].filter
            for mention in named
            for part in (mention.name, *made_of(mention.name, self._catalog.metrics))
        ]
        said: dict[str, set[str]] = {}
        for value in values:
            said.setdefault(value.dimension, set()).add(value.value)
        own = {
            dimension
            for dimension, members in said.items()
            for text in filters
            if text and members == _members(text, self._catalog.dimensions[dimension].field)
        }
        # 抵质押类贷款余额及占比: what stands right before another metric limits that one.
        free = [m for m in named if m.span and not self._catalog.metrics[m.name].filter]
        kept = {v.dimension for v in values for m in free if m.span and v.span.end == m.span.start}
        return tuple(v for v in values if v.dimension not in own or v.dimension in kept or v.is_negated)

    def _is_line_word(self, folded: Folded, value: ValueMention) -> bool:
        """Whether a value is said bare, not as an answer to its own dimension's name (产品线为存款)."""
        dimension = self._catalog.dimensions[value.dimension]
        return len(value.value) <= 2 and not any(
            key(name) in folded.text for name in (dimension.display.zh, dimension.display.en)
        )

    def _leaning(
        self, folded: Folded, values: tuple[ValueMention, ...], named: tuple[NameMention, ...]
    ) -> tuple[NameMention, ...]:
        """房贷余额 is 个人住房贷款 + 余额, and 贷款余额 a metric: names that begin inside the value's stored form."""
        found: list[NameMention] = []
        for value in values:
            tail = folded.text[offset(folded, value.span.end) :][:_TAIL]
            if not tail.strip() or any(m.span and m.span.start <= value.span.end < m.span.end for m in named):
                continue
            dimension = self._catalog.dimensions[value.dimension]
            for written in (value.value, *self._catalog.field_of(dimension).aliases.get(value.value, ())):
                if mention := self._across(key(written), tail):
                    end = value.span.end + mention[1]
                    found.append(NameMention(Span(value.span.start, end), "metric", mention[0], 1.0))
                    break
        return tuple(found)

    def _across(self, stored: str, tail: str) -> tuple[str, int] | None:
        """(metric, letters of `tail`) whose name begins inside `stored` and ends in `tail`."""
        for mention in self._names.find_metrics(stored + tail, is_fuzzy=False):
            if mention.span and mention.span.start < len(stored) < mention.span.end:
                return mention.name, mention.span.end - len(stored)
        return None


def _members(condition: str, field: str) -> set[str]:
    """The literals that a filter compares a field with; none where the field is not in it."""
    found = re.search(rf"\b{re.escape(field)}\b\s*(?:=|IN)\s*(\([^)]*\)|'[^']*')", condition, re.IGNORECASE)
    return set(re.findall(r"'([^']*)'", found[1])) if found else set()


def _said(folded: Folded, mention: NameMention) -> str:
    return folded.text[offset(folded, mention.span.start) : offset(folded, mention.span.end)] if mention.span else ""


def _names_of(thing: Metric | Dimension) -> set[str]:
    return {key(name) for name in (thing.name, thing.display.zh, thing.display.en, *thing.synonyms)}
