"""What a text limits the rows to, as conditions of semantic SQL with what each may mean, best first.

A value that stands in several fields gives an alternative each; a name that nobody listed is taken as it was written. Days
are absolute. A condition that is not said is never made.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from t2sql.fields.chinese import has_chinese
from t2sql.fields.chinese_fragments import compared, fragments, letters, opposites
from t2sql.fields.cues import RATIO
from t2sql.fields.hits import Hit, Words
from t2sql.fields.index import FieldIndex, Key
from t2sql.fields.linked import Alternative, Bound, Condition, Stretch, ValueFound
from t2sql.fields.literals import Literals
from t2sql.fields.month_columns import month_columns, within_months
from t2sql.fields.roles import (
    date_fields,
    flag_value,
    is_date,
    is_flag,
    is_said_in_chinese,
    is_technical,
    is_text,
    month_value,
    part_field,
    said_of_days,
    words_of_date,
    year_fields,
)
from t2sql.fields.words import split_name, stem
from t2sql.fields.writing import (
    bounded,
    equals,
    literal_for,
    qualified,
    within_days,
    within_numbers,
)

_CLAUSE = re.compile(r"[，。;；？?！!,]")
LOOSE = re.compile(r"\bilike\b|wildcard|partial match|case[- ]insensitiv|fuzzy|模糊", re.IGNORECASE)


def conditions_of(
    words: Words,
    hits: Sequence[Hit],
    every: Sequence[Hit],
    dataset: str,
    bounds: Sequence[Bound],
    stretches: Sequence[Stretch],
    index: FieldIndex,
    *,
    original: str = "",
    is_loose: bool = False,
) -> tuple[tuple[Condition, ...], tuple[ValueFound, ...]]:
    """Conditions in the order of the text, and the values that they name."""
    making = _Making(words, hits, every, dataset, index, original, is_loose)
    found = [*making.of_values(), *making.of_literals(), *making.of_flags()]
    found += [*making.of_bounds(bounds), *making.of_stretches(stretches)]
    if has_chinese(words.folded.text):
        found += [*fragments(words, hits, index), *compared(words, hits, index)]
        found += letters(words, hits, dataset, index)
        found += opposites(words, hits, dataset, index)
        found = _either_days(found, stretches)
    if RATIO.search(words.folded.text) or _CONTRARY.search(words.folded.text):
        found = [*_apart(found)]
    return tuple(sorted(found, key=lambda c: c.span.start)), tuple(making.values)


def _are_apart(stretches: Sequence[Stretch]) -> bool:
    """Whether no two stretches of days share a day."""
    ordered = sorted((s.first, s.last) for s in stretches if s.first and s.last)
    return all(last < first for (_a, last), (first, _b) in pairwise(ordered))


def _either_days(found: list[Condition], stretches: Sequence[Stretch]) -> list[Condition]:
    """2023年和2024年的: rows of either, where two stretches are said of one field."""
    spans = {s.span: s for s in stretches}
    days = [c for c in found if c.span in spans and spans[c.span].first and spans[c.span].last]
    names = {c.alternatives[0].sql.split(" ")[0] for c in days}
    if len(days) < 2 or len(names) > 1 or not _are_apart([spans[c.span] for c in days]):
        return found
    either = " OR ".join(f"({c.alternatives[0].sql})" for c in days)
    best = days[0].alternatives[0]
    merged = [replace(days[0], alternatives=(replace(best, sql=f"({either})"),))]
    return [
        *(c for c in found if c not in days),
        *merged,
        *(replace(c, alternatives=merged[0].alternatives) for c in days[1:]),
    ]


_CONTRARY = re.compile(r"\bratio\b|\bcompared? (?:to|with)\b|\bversus\b|\bvs\b|\bdifference between\b|占比|相比|之比")


def _apart(found: Sequence[Condition]) -> Iterator[Condition]:
    """Conditions on one field that a comparison sets against each other are no conditions of all rows."""
    names = [re.split(r" (?:NOT |IN |ILIKE |BETWEEN |[=<>])", c.alternatives[0].sql)[0] for c in found]
    for condition, name in zip(found, names, strict=True):
        is_whole = names.count(name) == 1 and " IN (" not in condition.alternatives[0].sql
        yield (
            condition
            if is_whole
            else replace(
                condition, alternatives=tuple(replace(a, sure=min(a.sure, 0.4)) for a in condition.alternatives)
            )
        )


_EXCEPT = re.compile(r"[”\"』」]?的?(?:以外|之外|除外)")
# 没有做手术: what a flag says, with the verb that Chinese says of it.
_UNDONE = re.compile(
    r"(?:没有?|未|不|无)(?:曾|经|有|被|需要?)?(?:做|进行|经过|办理|参加|参与|接受|开展|实施|发生|使用|购买|带|设|设置|提供|签订|签署)过?了?$"
)


class _Making(Literals):
    """Every kind of condition of one text."""

    # -- values that are stored ---------------------------------------------------------------------------------
    def of_values(self) -> Iterator[Condition]:
        """Stored values; those of one field together."""
        by_field: dict[tuple[Key, bool], list[Hit]] = {}
        for hit in self.hits:
            if hit.value is not None and not self._is_everywhere(hit):
                is_negated = self._is_negated(hit.start) or _EXCEPT.match(self.text, hit.end) is not None
                by_field.setdefault((hit.key, is_negated), []).append(hit)
        for (key, is_negated), found in by_field.items():
            for hit in found:
                self.values.append(
                    ValueFound(
                        self.words.folded.span(hit.start, hit.end), *key, str(hit.value), "exact", 1.0, is_negated
                    )
                )
            keys = [key, *self._other_keys(found, key)]
            keys = sorted(keys, key=lambda k: not self._is_said_of(found[0].start, k))
            alternatives = []
            for place, other in enumerate(keys):
                stored = [self._stored(hit, other) for hit in found]
                if None not in stored:
                    sure = 0.95 if place == 0 and len(keys) == 1 else 0.9 if place == 0 else 0.5
                    alternatives += self._is_one_of(other, [str(v) for v in stored], is_negated, sure)
            yield Condition(self.words.folded.span(found[0].start, found[-1].end), tuple(alternatives))

    def _is_everywhere(self, hit: Hit) -> bool:
        """全国各省市: no value, but each of them."""
        return hit.value == "全国" and self.text[hit.end : hit.end + 1] in ("各", "每")

    def _other_keys(self, found: list[Hit], key: Key) -> list[Key]:
        """Other fields that hold the same, of this dataset, of what it reaches, then of what reaches it."""
        first = found[0]
        same = [h for h in self.every if h.value is not None and (h.start, h.end) == (first.start, first.end)]
        reach = self.index.reach

        def far(other: Key) -> int:
            if other[0] == self.dataset:
                return 0
            return reach[self.dataset].get(other[0], 9)

        others = {h.key for h in same if h.key != key}
        usable = [k for k in others if far(k) < 9 or self.dataset in reach[k[0]]]
        return sorted(usable, key=lambda k: (far(k), k))[:4]

    def _is_said_of(self, start: int, key: Key) -> bool:
        """the state of California: the field is named right before its value."""
        return any(h.key == key and h.is_field and 0 < start - h.end <= 5 and h.sure >= 0.5 for h in self.every)

    def _stored(self, hit: Hit, key: Key) -> str | None:
        """The hit's words as `key` stores them."""
        if key == hit.key:
            return hit.value
        return next(
            (h.value for h in self.every if h.key == key and (h.start, h.end) == (hit.start, hit.end) and h.value), None
        )

    # -- yes or no ----------------------------------------------------------------------------------------------
    def of_flags(self) -> Iterator[Condition]:
        """A field of yes or no that the text says of the rows."""
        # 列出名称和是否上市: asked for, and no condition, wherever else it is said.
        asked = [h for h in self.hits if h.is_field and "是否" in self.text[max(0, h.start - 2) : h.start + 2]]
        seen: set[Key] = {h.key for h in asked}
        for hit in self.hits:
            if not hit.is_field or hit.sure < 0.7 or hit.key in seen:
                continue
            seen.add(hit.key)
            item = self.index.field(hit.key)
            if not is_flag(item):
                continue
            is_undone = _UNDONE.search(self.text[max(0, hit.start - 8) : hit.start]) is not None
            is_true = (
                not is_undone
                and not self._is_negated(hit.start)
                and self.text[hit.start - 1 : hit.start] not in ("不", "非", "无")
            )
            value = flag_value(item, self.index.stored.get(hit.key, ()), is_true=is_true)
            if not value:
                continue
            said = Alternative(equals(qualified(*hit.key), [literal_for(item, value)]), hit.key[0], 0.6)
            yield Condition(self.words.folded.span(hit.start, hit.end), (said,))

    # -- numbers and days ---------------------------------------------------------------------------------------
    def of_bounds(self, bounds: Sequence[Bound]) -> Iterator[Condition]:
        """Numbers beside a field."""
        for bound in bounds:
            if bound.field is not None:
                sql = bounded(qualified(*bound.field), bound.operator, bound.value, bound.upper)
                yield Condition(bound.span, (Alternative(sql, bound.field[0], 0.85),))

    def of_stretches(self, stretches: Sequence[Stretch]) -> Iterator[Condition]:
        """Days, in the field of days that they are said of."""
        for stretch in stretches:
            found = [self._of_days(key, stretch, sure) for key, sure in self._date_keys(stretch)]
            alternatives = tuple(a for a in found if a is not None)
            if alternatives:
                yield Condition(stretch.span, alternatives)

    def _date_keys(self, stretch: Stretch) -> list[tuple[Key, float]]:
        reach = self.index.reach[self.dataset]
        datasets = [self.dataset, *sorted(reach, key=lambda n: (reach[n], n))]
        at = next((i for i, start in enumerate(self.words.folded.starts) if start >= stretch.span.start), 0)
        found: dict[Key, float] = {}
        own_words = {stem(word) for name in datasets for word in split_name(name)}
        # The ship date of sales in 2025 is shown; it does not say which day of a sale lies in 2025.
        shown = [h.end for h in self._named_dates() if h.end <= at and re.match(r" of\b", self.text[h.end : at])]
        said = said_of_days(self.text[max(0, at - 48, *shown) : at], own_words)
        for name in datasets:
            for item in [
                *date_fields(self.index.catalog.datasets[name]),
                *year_fields(self.index.catalog.datasets[name]),
            ]:
                if (alike := said & words_of_date(item)) and not is_technical(item):
                    # The end of a contract is said by two words, its start by one of them.
                    found.setdefault((name, item.name), (0.89 if name == self.dataset else 0.84) + 0.01 * len(alike))
        for hit in self._named_dates():
            is_near = abs(self.words.folded.starts[hit.start] - stretch.span.start) <= 30
            if is_near and hit.end not in shown and not _CLAUSE.search(self.text[min(hit.end, at) : max(hit.end, at)]):
                found.setdefault(hit.key, 0.9)
        near = f"{self.text[max(0, at - 8) : at]} {self.text[self._end_of(stretch) :][:5]}"
        for name in datasets:
            for item in date_fields(self.index.catalog.datasets[name]):
                if is_said_in_chinese(item, near):
                    found.setdefault((name, item.name), 0.92 if name == self.dataset else 0.85)
        dates = date_fields(self.index.catalog.datasets[self.dataset])
        for place, item in enumerate(dates):
            found.setdefault((self.dataset, item.name), 0.9 if place == 0 and len(dates) == 1 else 0.75 - 0.1 * place)
        for item in year_fields(self.index.catalog.datasets[self.dataset]):
            found.setdefault((self.dataset, item.name), 0.88 if not dates else 0.5)
        for item, _form in () if dates else month_columns(self.index.catalog.datasets[self.dataset], self.index):
            found.setdefault((self.dataset, item.name), 0.9)
        for name in datasets[1:]:
            other = self.index.catalog.datasets[name]
            for item in [*date_fields(other)[:1], *year_fields(other)[:1]]:
                found.setdefault((name, item.name), 0.6 if not found else 0.3)
        plain = {key: sure for key, sure in found.items() if not is_technical(self.index.field(key))}
        return sorted((plain or found).items(), key=lambda pair: -pair[1])[:4]

    def _named_dates(self) -> list[Hit]:
        return [h for h in self.hits if h.is_field and h.sure >= 0.75 and is_date(self.index.field(h.key))]

    def _end_of(self, stretch: Stretch) -> int:
        ends = self.words.folded.ends
        return next((i + 1 for i, finish in enumerate(ends) if finish >= stretch.span.end), len(self.text))

    def _of_days(self, key: Key, stretch: Stretch, sure: float) -> Alternative | None:
        item, name = self.index.field(key), qualified(*key)
        if is_date(item):
            begin = stretch.first
            is_year_so_far = stretch.grain == "quarter" and begin is not None and (begin.month, begin.day) == (1, 1)
            if is_year_so_far and "报告期" in item.display.zh and stretch.last is not None:
                # 前三季度 of reports, each of which tells all of the year so far.
                begin = stretch.last.replace(day=1)
            return Alternative(within_days(name, begin, stretch.last), key[0], sure)
        forms = dict((f.name, form) for f, form in month_columns(self.index.catalog.datasets[key[0]], self.index))
        if key[1] in forms:
            sql = within_months(name, item, forms[key[1]], stretch)
            return Alternative(sql, key[0], sure) if sql else None
        # 年报: of the year, where only years are stored.
        is_report = stretch.grain == "quarter" and stretch.first is not None and stretch.first.month == 12
        if stretch.grain == "year" or is_report:
            first = stretch.first.year if stretch.first else None
            last = stretch.last.year if stretch.last else None
            return Alternative(within_numbers(name, first, last, is_text=is_text(item)), key[0], sure)
        months = part_field(self.index.catalog.datasets[key[0]], "month")
        if stretch.grain == "month" and months is not None and stretch.first and stretch.last:
            if (stretch.first.year, stretch.first.month) != (stretch.last.year, stretch.last.month):
                return None
            month_key = (key[0], months.name)
            stored = month_value(self.index, month_key, stretch.first.month) or str(stretch.first.month)
            month = equals(qualified(*month_key), [literal_for(months, stored)])
            year = within_numbers(name, stretch.first.year, stretch.first.year, is_text=is_text(item))
            return Alternative(f"{year} AND {month}", key[0], sure)
        return None
