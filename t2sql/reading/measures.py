"""What a reading shows of its metrics: themselves, a comparison of them, or both (余额及同比)."""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from t2sql.catalog import Catalog, Metric
from t2sql.figure_names import year_start_of
from t2sql.flow import Context, NameMention, Period, Span, ValueMention
from t2sql.reading.asks import asks_beside
from t2sql.reading.changes import asks_both, asks_change, base_beside, function_of, says_rate
from t2sql.reading.combined import arithmetic, net_of, quotient
from t2sql.reading.movement import movement
from t2sql.reading.shares import part_dimension

JOINED = re.compile(
    r"及其?|以及|和|与|跟|并|、|&|[附带]上?|\b(?:and|with|plus|as well as|along with|together with)\b", re.IGNORECASE
)
# What stands right before a comparison that is asked beside the value itself: 余额和占比, "together with its change".
_BESIDE = re.compile(
    r"(?:及其?|以及|和|与|并|、|(?:以及)?跟|[附带]上?|连(?:同|带)?|外加|另附|还有|\b(?:and|with|plus|as well as|along with|together with|alongside)\b)"
    r"\s*(?:its?|the|their|其|的)?\s*(?:(?:each|every|per) [a-z]+(?:'s)? |[a-z]+ ){0,1}$",
    re.IGNORECASE,
)
_VALUE = re.compile(
    r"(?:余额|金额|数额|规模|总额|总量|数值|绝对[值额]|值|数量|\b(?:balances?|amounts?|levels?|values?|figures?|numbers?|totals?|volumes?))"
    r"\s*(?:及其?|以及|和|与|并|、|&|\b(?:and|with|plus|as well as|along with)\b)\s*(?:its?|the|their|其)?\s*$",
    re.IGNORECASE,
)
_BEFORE_VALUE = re.compile(
    r"^\s*(?:及其?|以及|和|与|并|、|&|\b(?:and|with|plus|as well as)\b)\s*(?:its?|the|their|其)?\s*"
    r"(?:余额|金额|数额|规模|总额|绝对[值额]|\b(?:balances?|amounts?|levels?|values?|figures?)\b)",
    re.IGNORECASE,
)
# What a figure is set against, with no word of how it moved: both are looked at.
_SET_AGAINST = re.compile(
    r"(?:(?:and )?(?:vs\.?|versus|against|compared? (?:to|with|against)|alongside|next to)\b|[较比与和同跟](?!比)|相[比较]).*",
    re.IGNORECASE | re.DOTALL,
)
_AND_ALSO = re.compile(rf"{JOINED.pattern}|[，；]", re.IGNORECASE)
_REACH = 24
# The value itself, and how it changed: "impairment for 2025 and how it grew", 余额及较上年的变化.
_AND_CHANGE = re.compile(
    r"\b(?:and|with|plus|along with|as well as|together with|alongside)\s+(?:how|its|the|their|by how much)?\s*(?:\w+ ){0,2}?(?:gr[eo]w\w*|chang\w+|increas\w+|rise|rose|declin\w+|f[ea]ll\w*|mov\w+|differ\w+|compar\w+)\b"
    r"|(?:及其?|以及|和|并)\s*其?(?:[比较与][^,，。]{1,10}?)?的?(?:增长|变化|变动|增减|增速|增幅|增加|减少|升降)",
    re.IGNORECASE,
)
_JOINER = re.compile(rf"\s*,?\s*(?:{JOINED.pattern})?\s*(?:the |its )?", re.IGNORECASE)
# 现在多少？比年初多了多少: the value is asked in a clause of its own.
_ASKED_FIRST = re.compile(r"(?:多少|几)[^,，。;；?？]{0,3}[,，。;；?？]|\?\s")
_WITH_RATE = frozenset(("yoy", "qoq", "mom", "vs_year_start"))


def _base(stem: str, name: str) -> str:
    """The figure that a change of this stem counts from."""
    if stem == "vs_year_start":
        # No function shows the year's opening: it is the figure less its change.
        return f"{name} - vs_year_start_diff({name}) AS {year_start_of(name)}"
    return f"{'prior_year' if stem == 'yoy' else 'prev'}({name})"


class Measures:
    """Measures of one question's readings."""

    def __init__(
        self,
        context: Context,
        catalog: Catalog,
        spans: Mapping[str, Span | None],
        change: tuple[str, Period | None] | None,
        *,
        ranks_one: bool,
    ) -> None:
        """`change`: the change asked between two periods, as `changes.change_between` tells it."""
        self.context, self.catalog, self.spans = context, catalog, spans
        self.text = context.question.text
        self._change, self._ranks_one = change, ranks_one

    def of(
        self, metrics: Sequence[str], groups: Sequence[str], values: Sequence[ValueMention], *, is_cumulative: bool
    ) -> Iterator[tuple[str, ...]]:
        """Measures that the SELECT may show, the likeliest first."""
        if self._change and (nested := self._change_of_share(self.context.comparisons, metrics, groups, values)):
            yield nested
            return
        if self._change:
            stem = self._change[0]
            changes = [call for m in metrics for call in self._changed(stem, self.catalog.metrics[m])]
            beside = base_beside(self.context.periods, self.text)
            moves = movement(self.context, self.catalog)
            is_beside = (
                beside
                or asks_beside(self.text, changes=1 + asks_both(self.text))
                or (not moves and _AND_CHANGE.search(self._without_values()))
            )
            own = list(metrics) if is_beside else []
            if beside:
                own += [_base(stem, m) for m in metrics]
                changes = (
                    changes
                    if says_rate(self.text)
                    or asks_beside(self.text, changes=1 + asks_both(self.text))
                    or _AND_CHANGE.search(self.text)
                    else []
                )
            yield tuple(dict.fromkeys([*own, *changes]))
            return
        functions = [c for c in self.context.comparisons if not (c.name == "ytd" and is_cumulative)]
        if nested := self._change_of_share(functions, metrics, groups, values):
            yield nested
            return
        if any(c.name.removesuffix("_diff") in ("mom", "qoq") for c in functions):
            functions = [c for c in functions if c.name != "prev_diff"]
        is_plain = all(c.name == "share" for c in functions)
        if is_plain and (expression := quotient(self.context, metrics, self.catalog)):
            yield (expression,)
            return
        if not functions and (expression := arithmetic(self.context, metrics, self.catalog)):
            yield (expression,)
            return
        if not functions and (net := net_of(self.context, metrics, self.catalog)):
            yield net
            return
        if not functions:
            ranks = self._ranks_one and not self.context.grains
            yield tuple(m for n in metrics for m in (n, f"rank({n})")) if ranks else tuple(metrics)
            return
        shown: list[str] = []
        for name in metrics:
            metric = self.catalog.metrics[name]
            fitting = [f for f in functions if not self._is_its_own(f, metric) and self._is_about(f, name, metrics)]
            calls = list(dict.fromkeys(c for f in fitting for c in self._calls(f, metric, groups, values)))
            keeps_value = not calls or any(self._is_beside(name, f, functions) for f in fitting)
            shown += [name, *calls] if keeps_value else calls
        yield tuple(dict.fromkeys(shown))

    def _change_of_share(
        self,
        functions: Sequence[NameMention],
        metrics: Sequence[str],
        groups: Sequence[str],
        values: Sequence[ValueMention],
    ) -> tuple[str, ...]:
        """How each share moved, where one phrase says both: "its share of deposits changed since year end", 占比较年初变化."""
        shares = [f for f in functions if f.name == "share"]
        moves = [f for f in functions if f.name.removesuffix("_diff") in (*_WITH_RATE, "prev", "prior_year")]
        if len(shares) != 1 or len(metrics) != 1 or len(moves) != (not self._change) or not shares[0].span:
            return ()
        share, spans = shares[0].span, [m.span for m in moves if m.span]
        if spans:
            first, second = sorted((share, spans[0]), key=lambda s: s.start)
            is_then = moves[0].name == "prior_year"
            if not is_then and _AND_ALSO.search(self.text[first.end : second.start]):
                return ()
        stem = self._change[0] if self._change else moves[0].name.removesuffix("_diff")
        part = self._call(shares[0], self.catalog.metrics[metrics[0]], groups, values)
        is_beside = stem == "prior_year" or any(self._is_set_against(self.text[s.start : s.end]) for s in spans)
        change = f"{stem.replace('prior_year', 'yoy')}_diff({part})"
        return (part, change) if is_beside else (change,)

    def _without_values(self) -> str:
        """The text with blanks for values: "Shenzhen and Guangzhou grew" joins no growth to a figure."""
        letters = list(self.text)
        for value in self.context.values:
            letters[value.span.start : value.span.end] = "\x00" * (value.span.end - value.span.start)
        return "".join(letters)

    def _listed_values(self) -> list[str]:
        """The stretches of the text from the first to the last value of a dimension."""
        found = []
        for dimension in {value.dimension for value in self.context.values}:
            spans = [value.span for value in self.context.values if value.dimension == dimension]
            found.append(self.text[min(s.start for s in spans) : max(s.end for s in spans)])
        return found

    def _is_its_own(self, function: NameMention, metric: Metric) -> bool:
        """Whether 占比 is only said of a metric that is a ratio already: "online share of card spend"."""
        return function.name == "share" and metric.is_ratio_unit

    def _is_about(self, function: NameMention, name: str, metrics: Sequence[str]) -> bool:
        """Whether a comparison is of this metric too: of those before it, AUM同比增速及户均AUM, or where it leads, of all."""
        spans = {n: span for n in metrics if (span := self.spans.get(n))}
        return name not in spans or any(
            not (before := {n for n, span in spans.items() if span.end <= place}) or name in before
            for place in self._said_again(function)
        )

    def _said_again(self, function: NameMention) -> list[int]:
        """Where the words of a comparison stand, which may be said of one metric after the other."""
        said = self.text[function.span.start : function.span.end] if function.span else ""
        return [match.start() for match in re.finditer(re.escape(said), self.text)] if said else [0]

    def _calls(
        self, function: NameMention, metric: Metric, groups: Sequence[str], values: Sequence[ValueMention]
    ) -> tuple[str, ...]:
        """The comparison of a metric; its difference and its rate where both are asked: 增加多少，增幅多少."""
        stem = function.name.removesuffix("_diff")
        if stem in _WITH_RATE and not metric.is_ratio_unit and asks_both(self.text):
            return f"{stem}_diff({metric.name})", f"{stem}({metric.name})"
        return (self._call(function, metric, groups, values),)

    def _changed(self, stem: str, metric: Metric) -> tuple[str, ...]:
        """The change between two periods, as difference, rate or both."""
        if stem in _WITH_RATE and not metric.is_ratio_unit and asks_both(self.text):
            return f"{stem}_diff({metric.name})", f"{stem}({metric.name})"
        in_percent = any(q.kind == "threshold" and q.unit == "ratio" for q in self.context.quantities)
        return (f"{function_of(stem, self.text, metric, is_bounded_in_percent=in_percent)}({metric.name})",)

    def _call(
        self, function: NameMention, metric: Metric, groups: Sequence[str], values: Sequence[ValueMention]
    ) -> str:
        if function.name == "share":
            named = [d for d in self.context.dimensions if d.name in groups]
            part = part_dimension(function, self.text, values, named, groups, self.catalog)
            return f"share({metric.name}, {part})" if part else f"share({metric.name})"
        others = [self.catalog.metrics[name] for name in self.spans if name in self.catalog.metrics]
        if function.name in _WITH_RATE and metric.is_ratio_unit and not all(m.is_ratio_unit for m in others):
            # Loans up and NPL ratio down on the year: the ratio in points, whatever the other is told in.
            return f"{function.name}_diff({metric.name})"
        return f"{function.name}({metric.name})"

    def _is_set_against(self, said: str) -> bool:
        """Deposits now vs. a year ago, 存款与去年同期相比: nothing asks how far it moved."""
        text = self.text
        for span in (*(s for s in self.spans.values() if s), *(v.span for v in self.context.values)):
            text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
        is_bounded = any(q.kind == "threshold" for q in self.context.quantities)
        return bool(_SET_AGAINST.fullmatch(said)) and not is_bounded and not asks_change(text) and not says_rate(text)

    def _is_beside(self, name: str, function: NameMention, others: Sequence[NameMention]) -> bool:
        """Whether value and comparison are both asked: 余额及同比, balance and its growth. One that only joins another
        comparison (环比和同比) asks what that one asks.
        """
        if function.name in ("rank", "prior_year", "prev"):
            return True
        span = self.spans.get(name)
        if span is None or function.span is None:
            return False
        places = self._said_again(function)
        if len(places) > 1 and (behind := [place for place in places if place >= span.end]):
            # 存款同比和不良率同比: the word that stands behind this metric is said of it.
            function = replace(function, span=Span(behind[0], behind[0] + function.span.end - function.span.start))
            if not self.text[span.end : behind[0]].strip(" 的'’s"):
                return False
        assert function.span
        if asks_beside(self.text, changes=1 + asks_both(self.text)) and (
            function.name == "share" or span.end <= function.span.end
        ):
            return True
        before, after = self.text[: function.span.start], self.text[function.span.end :]
        said = self.text[function.span.start : function.span.end]
        again = [self.text[: m.start()] for m in re.finditer(re.escape(said), self.text)]
        if self._is_set_against(said):
            return True
        if any(_VALUE.search(words) for words in (before, *again)) or _BEFORE_VALUE.match(after):
            return True
        for other in others:
            joins = other.span and other.span.end <= function.span.start
            if joins and other.span and _JOINER.fullmatch(self.text[other.span.end : function.span.start]):
                return self._is_beside(name, other, ())
        if span.end <= function.span.start and _ASKED_FIRST.search(self.text[span.end : function.span.start]):
            return True
        named = [s for s in self.spans.values() if s and s.end <= function.span.start]
        # Loans and deposits on a year ago: the words after the "and" are a name, and no comparison of one.
        apart = (
            before[: max(s.start for s in named)] + "\x00" + before[max(s.end for s in named) :] if named else before
        )
        if span.end <= function.span.start and _BESIDE.search(apart):
            return True
        ends = [s.end for s in self.spans.values() if s and s.end <= function.span.start]
        nearest = max(ends, default=span.end) if span.end <= function.span.start else span.end
        first, second = sorted([(span.start, nearest), (function.span.start, function.span.end)])
        if function.span.end <= span.start:
            # Growth of loans and deposits: what is listed is grown.
            starts = [s.start for s in self.spans.values() if s and s.start >= function.span.end]
            second = (min(starts, default=span.start), span.end)
        between = self.text[first[1] : second[0]]
        for phrase in self._listed_values():
            # 房地产业和建筑业各占多少: the 和 lists values.
            between = between.replace(phrase, "")
        return len(between) <= _REACH and bool(JOINED.search(between))
