"""Clauses that only say which of two near things is not meant: "past-due loans, not the NPLs", 贷款户数，不是笔数, "(not the average)".

Blanked before anything is looked for, where the clause denies nothing but another metric, a form or a way of measuring,
and another metric is asked. What may be left out stays: a value, a period, and a metric that is a part of the one asked
("deposits, not time deposits").
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Protocol

from t2sql.catalog import Catalog, Metric
from t2sql.flow import NameMention, Span
from t2sql.grounding.words.overlaps import covers, overlaps
from t2sql.grounding.words.text import Folded
from t2sql.grounding.words.weighing import qualifies
from t2sql.metric_names import datasets_of, is_stock, made_of, names_used

_OPENS_EN = r"(?:(?:and|but|so|also|please|pls|note|i\.?e\.?|that is|i mean|(?:it|this|that|which)(?:'s| is)|(?:these|they|those|which)(?: are|'re)),? )*"
_WE = r"(?:i|we|he|she|they)"
_AFTER = r"(?:asking (?:for|about)|looking (?:for|at)|after|interested in|talking about|concerned with|chasing)"
_DENIES_EN = rf"(?:not(?: to be confused with| {_AFTER})?|{_WE}(?:'m| am|'re| are|'s| is) not {_AFTER}|{_WE} (?:do not|don't|did not|didn't|does not|doesn't) (?:want|need|mean|ask for|require)|no)(?! (?:only|just|merely|simply|necessarily|more|less|later|need|idea)\b)"
_UNGROUPED = r"(?:no need (?:to|for)(?: an?| the)?|(?:please )?(?:do not|don't|never)|without)(?= (?:an? |any |the )?(?:split|break|cut|group|drill|broken)[a-z]*\b)"
_IN_PLACE_OF = r"(?:instead of|rather than|as opposed to|in place of|as distinct from|and (?:definitely )?not|not to be confused with|not(?= (?:by|per|broken|split)\b))"
_DENIES_ZH = r"(?:(?:我们?|这里|此处|注意|并|也|可|而)*(?:(?:想|要|问)的?)?(?:并?不是|并非|而非)(?:(?:想|要)?(?:问|看|说|指|讲|要))?|(?:我们?)?(?:不要|不看|不问|没问|不需要|不用看?|不想看|不是要|别给我?|不指))"
_START = re.compile(
    rf"(?:(?:^|[,;.(:!?。]|[—–]| - )\s*(?P<en>{_OPENS_EN}(?:{_DENIES_EN}|{_UNGROUPED}|instead of|rather than)) |(?<=[a-z0-9]) (?P<joined>{_IN_PLACE_OF}) |(?:^|[,;.(:!?。]|[—–]+| - )\s*(?P<zh>{_DENIES_ZH})|(?<=[㐀-鿿])(?P<zh_joined>而不是|而非))"
)
_END = re.compile(
    r"\s*(?:[,;:)!?。]|\.(?!\d)|[—–]| - |$|(?:please|pls|thanks|thx|ty|ok|okay|ah|lah|but|just|here|this time|show|give|let|can|could|i|we|what|how)\b|吧|哦|啊|呀|哈)"
)
# After "rather than the ratio" the clause that was broken off goes on.
_GOES_ON = re.compile(r"\s*(?:by|per|across|(?:for|of|in) (?:each|every|all))\b")
_AT = re.compile(r"\s*(?:at|in|for|of) (?:the |our )?")
_FILLER = re.compile(
    r"\s+|(?:the|a|an|any|our|their|its|that|those|these|or|nor|of|for|on|in|at|to|as|from|figures?|total|totals?|ones?|kind|thing|measure|metric|version|definition|basis|again|itself|themselves|how many|number|(?:just )?what(?:'s| is| was| has been| had been| we| they)?|which (?:is|was|were|are)|was|were|been|being|has|have|simply|merely|booked|recorded|counted)\b|(?:的|那个|那种|这个|数据?|口径|指标|值|总|它|里)"
)
_AVERAGE = re.compile(
    r"(?:(?:daily|monthly|yearly|annual|quarterly|period|simple|weighted) )?(?:average|averages|mean|avg)\b|日均|月均|年均|均值|平均数?"
)
_CLOSING = re.compile(
    r"(?:closing|(?:period|month|quarter|year|day)[- ]end|end[- ]of[- ](?:period|month|quarter|year|day)|point[- ]in[- ]time|snapshot|spot)\b|期末|时点|月末|季末|年末"
)
_BALANCE = re.compile(r"(?:balances?|outstandings?|stock)\b|余额|存量")
_AMOUNT = re.compile(r"(?:amounts?|values?|volumes?|sums?|money|rmb|yuan|how much)\b|金额|数额|多少钱")
_COUNT = re.compile(r"(?:count|counts|headcount|tally|numbers)\b|笔数|户数|个数|件数|张数|数量|人数")
# What is counted: 户数 is no 笔数.
_COUNTED = {"笔数": "笔", "件数": "笔件", "户数": "户人", "人数": "户人", "张数": "张"}
_RATE = re.compile(r"(?:rates?|ratios?|percentages?|shares?|proportions?|%)(?![a-z])|比例|比率|占比|百分比|比值")
_GROUPED = re.compile(r"(?:(?:broken|split|cut|shown|given|listed)(?: down| out| up)? )?(?:by|per) $|(?:按|分)$")
_STEP = re.compile(
    r"(?:split(?:s|ting)?|break(?:s|ing|downs?)?|broken|cut(?:s|ting)?|group(?:ed|ing)?|drill(?:ed|ing)?|down|out|into|it|them|up|by|per)\b|[按分]"
)
# "not covered by provisions" leaves things out.
_DONE_BY = re.compile(
    r"(?!(?:broken|split|cut|grouped|drilled|shown|listed|given)\b)[a-z]+(?:ed|en|wn|de|ut|ld|id|nt)\s+(?:by|with|for|from|against|under|to|on|at|in|through)\b"
)
_WORD = re.compile(r"[a-z][a-z'-]+|[㐀-鿿]{2}")
_SHARE = re.compile(r"\b(?:share|proportion|percent\w*|%)|占比|比例|比重")
# From here on a definition tells what the metric is not.
_UNLIKE = re.compile(r"\b(?:unlike|not|rather than|without|excluding)\b|不同|不含|不是")
_HOW_MUCH = re.compile(r"\bhow much\b|多少钱|金额")
_HOW_MANY = re.compile(r"\bhow many\b|多少[笔户个张]|几[笔户个张]")
_PEOPLE = re.compile(r"(?:card ?holders?|customers?|clients?|borrowers?|depositors?|people|persons?|holders?)\b")
# Said of a figure and never of the things counted.
_OF_MONEY = frozenset(("gross", "net"))
_STEM = 5
_FILTER = re.compile(r"(?P<field>\w+\.\w+)\s*(?P<sign>[<>]=?|=|<>|!=|\b\w+)?")
_RANGES = ("<", ">", "<=", ">=")


class Names(Protocol):
    """What the names of one catalog say."""

    def explains(self, word: str, found: Iterable[str]) -> bool: ...


class Contrasts:
    """Finds contrasts in questions, for one narrowed catalog."""

    def __init__(self, catalog: Catalog, names: Names) -> None:
        self._catalog = catalog
        self._names = names
        self._definitions = {m.name: m.description.lower() for m in catalog.metrics.values()}

    def without(
        self,
        folded: Folded,
        named: Sequence[NameMention],
        groups: Sequence[NameMention],
        values: Iterable[Span],
    ) -> Folded:
        """`folded` of the same length with its contrasts blank. `named`: metrics found in it; `groups`: dimensions and
        grains; `values`: where values stand, none of which a contrast may hold.
        """
        limits = list(values)
        text = folded.text
        letters = list(text)
        for start, after in _starts(text):
            starts = {span.start for span in limits} if text[start : start + 1] == " " else None
            read = self._denied(folded, after, named, groups, starts)
            if read is None:
                continue
            end, metrics, ways, grouped = read
            whole = folded.span(start, end)
            kept = {m.name for m in named if m.span and not overlaps(m.span, whole)}
            inner = [m for m in named if m.name in metrics and overlaps(m.span, whole)]
            # 手续费收入 of 手续费净收入 is an account too.
            used = {part for name in kept for part in made_of(name, self._catalog.metrics)}
            if any(overlaps(s, whole) and not any(_within(s, m, used) for m in inner) for s in limits):
                continue
            outside = text[:start] + " " + text[end:]
            others = {g.name for g in groups if not overlaps(g.span, whole)}
            if not kept and metrics and self._is_otherwise_asked(metrics, outside):
                letters[start:end] = " " * (end - start)
            # The loans of an overdue ratio are no figure of their own beside it.
            own = kept - used or kept
            is_other = kept and not kept & metrics and not any(self._is_part(d, k) for d in metrics for k in own)
            if is_other and not others & grouped and all(self._is_unlike(w, kept, outside) for w in ways):
                letters[start:end] = " " * (end - start)
        return replace(folded, text="".join(letters))

    def _denied(
        self,
        folded: Folded,
        at: int,
        named: Sequence[NameMention],
        groups: Sequence[NameMention],
        joined: Collection[int] | None,
    ) -> tuple[int, set[str], list[str], set[str]] | None:
        """(end, metrics, other words, groups) of what is denied from `at` on; None where it may be more than that. `joined`:
        where values begin, for a contrast in the midst of a clause; None for a clause of its own.
        """
        text, place = folded.text, at
        metrics: set[str] = set()
        words: list[str] = []
        grouped: set[str] = set()
        while place < len(text):
            if (metrics or words or grouped) and (_END.match(text, place) or self._goes_on(folded, place, joined)):
                return place, metrics, words, grouped
            start = folded.starts[place]
            here = [m for m in named if m.span and m.span.start == start]
            group = next((g for g in groups if g.span and g.span.start <= start < g.span.end), None)
            if _DONE_BY.match(text, place):
                return None
            if here:
                longest = max(m.span.end for m in here if m.span)
                metrics |= {m.name for m in here if m.span and m.span.end == longest}
                place = _end(folded, longest)
            elif filler := _FILLER.match(text, place):
                place = filler.end()
            elif way := next((m for p in _WAYS if (m := p.match(text, place))), None):
                words.append(way[0])
                place = way.end()
            elif group and group.span and (_GROUPED.search(text[:place]) or group.span.start < start):
                grouped.add(group.name)
                place = _end(folded, group.span.end)
            elif step := _STEP.match(text, place):
                place = step.end()
            elif (word := _WORD.match(text, place)) and self._is_said_of_metrics(word[0]):
                if qualifies(word[0]) and word[0] not in _OF_MONEY:
                    return None
                words.append(word[0])
                place = word.end()
            else:
                return None
        return (place, metrics, words, grouped) if metrics or words or grouped else None

    def _goes_on(self, folded: Folded, place: int, joined: Collection[int] | None) -> bool:
        """Whether the clause that was broken off goes on: "rather than the ratio by branch", "… at Hangzhou branch"."""
        if joined is None:
            return False
        at_value = _AT.match(folded.text, place)
        is_value = at_value is not None and folded.starts[at_value.end() - 1] + 1 in joined
        return is_value or bool(_GOES_ON.match(folded.text, place))

    def _is_said_of_metrics(self, word: str) -> bool:
        """Whether some metric is called by a word, or its definition says it."""
        if any(self._names.explains(word, [name]) for name in self._definitions):
            return True
        return len(word) >= _STEM and any(word[:_STEM] in said for said in self._definitions.values())

    def _is_part(self, denied: str, kept: str) -> bool:
        """Whether one metric only counts a part of what another counts (NPLs of loans, active customers of customers), or is
        added to it or taken off it: AUM without the deposits, profit without the tax.
        """
        metrics = self._catalog.metrics
        one, other = metrics[denied], metrics[kept]
        is_ratio = bool(other.numerator) or other.is_ratio_unit
        parts = made_of(kept, metrics)
        if denied in parts or (not is_ratio and any(metrics[p].expression == one.expression for p in parts)):
            is_whole = is_ratio and denied in names_used(other, metrics)[0]
            return not is_whole and not re.match(rf"\s*{denied}\s*-", other.expression)
        if (
            one.is_ratio_unit
            or other.is_ratio_unit
            or not (datasets_of(one, self._catalog) & datasets_of(other, self._catalog))
        ):
            return False
        own, others = self._limits(denied), self._limits(kept)
        return bool(own) and (not others or bool({f for f, n in own if n} & {f for f, n in others if n}))

    def _limits(self, name: str) -> set[tuple[str, bool]]:
        """(field, whether by more or less) of what a metric counts only; a loan that nothing is owed on limits nothing."""
        metrics = self._catalog.metrics
        filters = [metrics[m].filter for m in (name, *made_of(name, metrics))]
        found = {(match["field"], match["sign"] in _RANGES) for text in filters for match in _FILTER.finditer(text)}
        measured = {m.expression for m in metrics.values()}
        return {(field, is_range) for field, is_range in found if f"SUM({field})" not in measured}

    def _is_otherwise_asked(self, denied: Iterable[str], outside: str) -> bool:
        """Whether "how much" is asked and only counts are denied, or "how many" and none is."""
        counts = {self._catalog.metrics[name].unit == "count" for name in denied}
        much, many = (bool(p.search(outside)) for p in (_HOW_MUCH, _HOW_MANY))
        return much != many and counts == {much}

    def _counts(self, metric: Metric, word: str) -> bool:
        """Whether a count may be called by a word for a count: 贷款客户数 is no 笔数."""
        said = " ".join((metric.display.zh, *metric.synonyms))
        own = _COUNTED.get(word)
        return own is None or any(letter in said for letter in own) or not any(c in said for c in "户人笔张")

    def _is_unlike(self, word: str, kept: Iterable[str], outside: str) -> bool:
        """Whether every metric that is kept is measured in another way than `word` says."""
        metrics = [self._catalog.metrics[name] for name in kept]
        averaged = [m.window_choice == "avg" or self._names.explains("average", [m.name]) for m in metrics]
        stocks = [is_stock(m, self._catalog) for m in metrics]
        counts = [m.unit == "count" for m in metrics]
        if _AVERAGE.fullmatch(word):
            return not any(averaged) and not _AVERAGE.search(outside)
        if _CLOSING.fullmatch(word):
            return all(a or not s for a, s in zip(averaged, stocks, strict=True))
        if _BALANCE.fullmatch(word):
            return all(
                a or c or not s or m.is_ratio_unit for a, c, s, m in zip(averaged, counts, stocks, metrics, strict=True)
            )
        if _AMOUNT.fullmatch(word):
            return all(c or m.is_ratio_unit for c, m in zip(counts, metrics, strict=True))
        if _PEOPLE.fullmatch(word):
            return all(c and not self._counts(m, "户数") for c, m in zip(counts, metrics, strict=True))
        if _COUNT.fullmatch(word):
            return not any(c and self._counts(m, word) for c, m in zip(counts, metrics, strict=True))
        if _RATE.fullmatch(word):
            return not any(m.is_ratio_unit for m in metrics) and not _SHARE.search(outside)
        own = [_UNLIKE.split(said)[0] for m in metrics for said in self._definitions[m.name].split(" / ")]
        is_own = any(self._names.explains(word, [m.name]) for m in metrics)
        return not is_own and not any(word.removesuffix("s")[:_STEM] in said for said in own)


_WAYS = (_AVERAGE, _CLOSING, _BALANCE, _AMOUNT, _COUNT, _RATE, _PEOPLE)


def may_contrast(folded: Folded) -> bool:
    """Whether a text holds a word that may open a contrast."""
    return _START.search(folded.text) is not None


def _starts(text: str) -> Iterator[tuple[int, int]]:
    """(start of the clause, where what it denies begins)."""
    for match in _START.finditer(text):
        group = match.lastgroup or ""
        start = match.start(group)
        yield (start - 1 if group == "joined" else start), match.end()


def _within(inner: Span, name: NameMention, used: Collection[str]) -> bool:
    return covers(name.span, inner) and (name.span != inner or name.name in used)


def _end(folded: Folded, original: int) -> int:
    return next(chain((i for i, at in enumerate(folded.starts) if at >= original), (len(folded.starts),)))
