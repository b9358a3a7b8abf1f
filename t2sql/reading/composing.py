"""One way to take a question's names, composed into semantic SQL: the readings that differ in a metric, a value or an order.

Every name and literal comes from the Context; nothing is invented here, and nothing is judged.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from t2sql.catalog import Catalog, Metric
from t2sql.figure_names import average_of
from t2sql.flow import Context, NameMention, Period, Span, ValueMention
from t2sql.metric_names import is_stock, made_of
from t2sql.reading.bounds import Bounds, quote
from t2sql.reading.changes import change_between, far_dates, split_range
from t2sql.reading.combined import add_up, asks_total, between_dates, exceeding, quotient
from t2sql.reading.groups import groups_of
from t2sql.reading.means import mean_grain, mean_sql
from t2sql.reading.measured_against import shown_metrics
from t2sql.reading.measures import JOINED, Measures
from t2sql.reading.movement import movement, unnamed
from t2sql.reading.per_group import first_of_each, outer_group
from t2sql.reading.rows import asks_rank, roles_asked, told_apart
from t2sql.reading.time_conditions import (
    TimeCondition,
    at_ends,
    date_conditions,
    rolling_grain,
    step_grain,
    time_condition,
    whole_units,
    without_base,
)

_SIDE_BY_SIDE = re.compile(
    rf"^\s*(?:{JOINED.pattern})|(?:{JOINED.pattern})\s*(?:also |then )?(?:the |its |their |其)?\s*$", re.IGNORECASE
)
_ONLY_OF = re.compile(
    r"\s*(?:of|for|in|on|from|的|里|中)\s*(?:the |our |all )?(?:[a-z]+ (?:and for [a-z]+ )?){0,3}", re.IGNORECASE
)
_COMMA = re.compile(r"\s*(?:gross|in all|alone|itself)?\s*[,，]\s*(?:the )?", re.IGNORECASE)
_COUNTS_BACK = re.compile(r"近|过去|前|这|\b(?:last|past|previous|trailing|recent)\b", re.IGNORECASE)
_MONTH_ENDS = re.compile(r"(?:the |each |every |all )?month[- ]ends?|[各每]?个?月末")


@dataclass(frozen=True, slots=True)
class Reading:
    """One semantic SQL that the question may mean, in the parts it is made of."""

    semantic_sql: str
    metrics: tuple[str, ...]
    """Names of the metrics selected."""
    rank: int = 0
    """0 for what the text says first of all; 1 for what it may say when that cannot be computed."""


def exact_metrics(context: Context) -> list[NameMention]:
    """Metrics named in words, also misprinted ones, in the order of the text, each once."""
    exact = [m for m in context.metrics if m.span]
    ordered = sorted(exact, key=lambda m: (m.span.start, m.span.end) if m.span else (0, 0))
    return list({m.name: m for m in ordered}.values())


class Composer:
    """The readings of one context, by the metrics that it names or by a pool to choose among."""

    def __init__(self, context: Context, catalog: Catalog, pool: Sequence[str] | None) -> None:
        self.context, self.catalog = context, catalog
        self.text = context.question.text
        named = exact_metrics(context)
        self.exact = [] if pool is not None else [m.name for m in named if m.name in catalog.metrics]
        self.spans = {m.name: m.span for m in named}
        self.pool = [n for n in (pool or self.exact or self._alike()) if n in catalog.metrics]
        self.bounds = Bounds(context, catalog, self.spans)
        self.change = self._change()
        self.far = None if self.change else far_dates(self._own_periods(), self.text, self._taken(), self._metrics())
        self.ranks_one = asks_rank(context)
        self.roles = roles_asked(context, catalog)
        self.measures = Measures(context, catalog, self.spans, self.change, ranks_one=self.ranks_one)

    def _alike(self) -> list[str]:
        """Metrics found by meaning, no ratio among them where a share is asked: a ratio has none."""
        names = [m.name for m in self.context.metrics if m.name in self.catalog.metrics]
        if any(c.name == "share" for c in self.context.comparisons):
            return [name for name in names if not self.catalog.metrics[name].is_ratio_unit] or names
        return names

    def compose(self) -> Iterator[Reading]:
        if not self.pool:
            return
        for rank, values in self._value_choices():
            is_bounded = bool(self.bounds.limit or self.bounds.thresholds)
            groups = groups_of(self.context, values, self.roles, is_bounded=is_bounded, ranks_one=self.ranks_one)
            groups += [v.dimension for v in values if v.is_shared and not v.is_negated and v.dimension not in groups]
            grain = next((g.name for g in self.context.grains if not self._is_own_grain(g)), None)
            at = self.change[1] if self.change else None
            own = [p for p in self.context.periods if not p.dimension]
            own = without_base(own, [c.name for c in self.context.comparisons], unnamed(self.context))
            own = at_ends(own, self.text) if self._are_stocks() else own
            periods = [at] if at else [] if self.context.grains else split_range(own, self.text)
            grain = grain or self._rolling_grain()
            time = time_condition(
                periods or [self._trailing(p, grain) for p in own], grain, are_stocks=self._are_stocks()
            )
            grain = time.grain or grain
            where = [time.sql] * bool(time.sql) + self._value_conditions(values)
            where += date_conditions(self.context.periods)
            for other, metrics in self._metric_choices():
                yield from self._with_metrics(max(rank, other), metrics, groups, grain, where, values, time)

    def _is_own_grain(self, grain: NameMention) -> bool:
        """A mean of month-ends asks for no row a month where the metric itself is that mean."""
        said = self.text[grain.span.start : grain.span.end].lower() if grain.span else ""
        means = [self.catalog.metrics[name].window_choice == "avg" for name in self.exact]
        return bool(means) and all(means) and grain.name == "month" and bool(_MONTH_ENDS.fullmatch(said))

    def _are_stocks(self) -> bool:
        return all(is_stock(self.catalog.metrics[name], self.catalog) for name in self.exact or self.pool[:1])

    def _rolling_grain(self) -> str | None:
        """The grain by which several periods back are shown though nobody said it."""
        if self.change or not self.pool:
            return None
        if self.context.comparisons:
            return step_grain(self.context)
        return rolling_grain(self.context, self.catalog.metrics[self.pool[0]], self.catalog)

    def _trailing(self, period: Period, grain: str | None) -> Period:
        """A period that counts back from now, as whole units of the grain shown."""
        said = self.text[period.span.start : period.span.end]
        return whole_units(period, grain) if _COUNTS_BACK.search(said) else period

    def _change(self) -> tuple[str, Period | None] | None:
        """The change asked between two periods, where no comparison is named and no grain is shown."""
        context = self.context
        if context.grains or any(c.name not in ("prev_diff", "ytd", "share") for c in context.comparisons):
            return None
        if quotient(context, self.exact, self.catalog):
            # 百分之几 of what another figure is, and not by which it moved.
            return None
        if any(c.name == "prev_diff" for c in context.comparisons) and len(self._own_periods()) == 1:
            return None
        moves = movement(context, self.catalog) is not None
        return change_between(self._own_periods(), self.text, self._taken(), self._metrics(), self.catalog, moves=moves)

    def _own_periods(self) -> list[Period]:
        """Periods of the metrics' own time."""
        return [p for p in self.context.periods if not p.dimension]

    def _taken(self) -> list[Span]:
        return [s for s in self.spans.values() if s] + [v.span for v in self.context.values]

    def _metrics(self) -> list[Metric]:
        return [self.catalog.metrics[n] for n in self.exact or self.pool[:1]]

    # -- dimensions and values --------------------------------------------------------------------------------
    def _value_choices(self) -> Iterator[tuple[int, tuple[ValueMention, ...]]]:
        """(rank, one mention a span): a word that is a value of two dimensions is of the one that the text names, else of
        the one that fits best; words that may be of the same two go together.
        """
        spans: dict[tuple[int, int], list[ValueMention]] = {}
        for value in self.context.values:
            spans.setdefault((value.span.start, value.span.end), []).append(value)
        kinds = list(dict.fromkeys(tuple(v.dimension for v in mentions) for mentions in spans.values()))
        named = {d.name for d in self.context.dimensions}
        options = [sorted(dict.fromkeys(kind), key=lambda d: d not in named) for kind in kinds]
        for rank, choice in enumerate(itertools.product(*options)):
            chosen = dict(zip(kinds, choice, strict=True))
            picked = []
            for mentions in spans.values():
                dimension = chosen[tuple(v.dimension for v in mentions)]
                same = [v for v in mentions if v.dimension == dimension]
                # 中长期 is an alias of two values, and means both; a short form of two names is the first.
                picked += same if all(v.score == 1.0 for v in same) else same[:1]
            yield min(rank, 1), tuple(replace(v, dimension=self.roles.get(v.dimension, v.dimension)) for v in picked)

    def _value_conditions(self, values: tuple[ValueMention, ...]) -> list[str]:
        conditions = []
        for dimension, negated in dict.fromkeys((v.dimension, v.is_negated) for v in values):
            named = list(dict.fromkeys(v.value for v in values if (v.dimension, v.is_negated) == (dimension, negated)))
            if len(named) == 1:
                conditions.append(f"{dimension} {'<>' if negated else '='} {quote(named[0])}")
            else:
                conditions.append(f"{dimension} {'NOT IN' if negated else 'IN'} ({', '.join(map(quote, named))})")
        return conditions

    # -- metrics ----------------------------------------------------------------------------------------------
    def _metric_choices(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """(rank, metrics that the SELECT may show)."""
        if len(self.exact) > 1:
            if self.bounds.thresholds or self.bounds.limit:
                yield from shown_metrics(self.context, self.catalog, self.exact, self.bounds)
            elif self._are_joined():
                yield 0, tuple(self.exact)
            else:
                yield 0, tuple(n for n in self.exact if not self._is_part(n))
            return
        yield from ((0, (name,)) for name in self.pool)

    def _is_part(self, name: str) -> bool:
        """ "average ticket of card transactions": what another named metric is made of, and is only said to be of."""
        span = self.spans[name]
        for whole in self.exact:
            other = self.spans[whole]
            if span and other and name in made_of(whole, self.catalog.metrics):
                first, second = sorted((span, other), key=lambda s: s.start)
                if _ONLY_OF.fullmatch(self.text[first.end : second.start]):
                    return True
        return False

    def _are_joined(self) -> bool:
        """Whether each two neighbours among the named metrics are listed side by side. A comma alone between two only
        parts a clause, in a longer list it joins.
        """
        spans = [self.spans[name] for name in self.exact]
        between = [self.text[a.end : b.start] for a, b in itertools.pairwise(spans) if a and b]
        joined = [bool(_SIDE_BY_SIDE.search(words)) or not words.strip() for words in between]
        is_list = any(joined) or len(joined) > 1
        return all(
            is_joined or (is_list and _COMMA.fullmatch(words)) for is_joined, words in zip(joined, between, strict=True)
        )

    def _with_metrics(
        self,
        rank: int,
        metrics: tuple[str, ...],
        groups: list[str],
        grain: str | None,
        where: list[str],
        values: tuple[ValueMention, ...],
        time: TimeCondition,
    ) -> Iterator[Reading]:
        if self.far and len(metrics) == 1 and not self.context.comparisons and not self.bounds.thresholds:
            conditions = [part for part in where if part != time.sql]
            yield Reading(between_dates(self.catalog.name, metrics[0], groups, conditions, self.far), metrics, rank)
            return
        if (groups or grain) and (bound := exceeding(self.context, metrics, self.catalog)):
            where = [*where, bound]
        for shown in self.measures.of(metrics, groups, values, is_cumulative=time.is_cumulative):
            measures = list(dict.fromkeys([*shown, *(m for n in self.exact for m in [n]), *metrics]))
            for other, conditions in self.bounds.conditions(measures, shown, time.sql):
                for order in self.bounds.orders(shown, measures, bool(groups or grain)):
                    if mean := mean_grain(self.context):
                        yield Reading(
                            self._mean(mean, metrics, groups, [*where, *conditions], order), metrics, max(rank, other)
                        )
                        continue
                    clause = f" WHERE {' AND '.join([*where, *conditions])}" if where or conditions else ""
                    columns = ", ".join([*([grain] if grain else []), *told_apart(groups, self.catalog), *shown])
                    outer = outer_group(self.context, groups, self.bounds.limit)
                    last = first_of_each(outer, order) if outer else order
                    sql = f"SELECT {columns} FROM {self.catalog.name}{clause}{last}"
                    is_summable = shown == metrics or shown[0].startswith("share(")
                    if " LIMIT " in last and len(shown) == 1 and is_summable and self._is_added_up():
                        sql = add_up(sql, shown[0])
                    yield Reading(sql, metrics, max(rank, other))

    def _is_added_up(self) -> bool:
        return self.bounds.limit is not None and asks_total(self.context, self.bounds.limit)

    def _mean(self, grain: str, metrics: tuple[str, ...], groups: list[str], where: list[str], order: str) -> str:
        """A mean over periods; a ratio has none, so it is left out and told back."""
        shown = [name for name in metrics if not self.catalog.metrics[name].is_ratio_unit]
        for name in shown:
            order = re.sub(rf"\b{name}\b", average_of(name), order)
        return mean_sql(self.catalog.name, grain, told_apart(groups, self.catalog), shown or metrics, where) + order
