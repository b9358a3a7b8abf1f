"""Grounded periods as a time condition of semantic SQL, at a grain that the SELECT can show."""

# ruff: noqa: E501
# A pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from t2sql.catalog import GRAINS, Catalog, Grain, Metric
from t2sql.flow import Context, Period
from t2sql.metric_names import is_stock

_QUARTER_END = re.compile(r"季度?末|\bquarter[- ]ends?\b", re.IGNORECASE)
_YEAR_END = re.compile(
    r"年末|年底|年终|\bye[ '-]?(?:20)?\d\d\b|\byear[- ]ends?\b|\bend of (?:the year |20)|\bends? of \d{4}",
    re.IGNORECASE,
)
_STEPS = {"mom": 1, "qoq": 3}
_STEP_GRAINS: dict[str, Grain] = {"mom": "month", "qoq": "quarter"}
_AGAINST = re.compile(r"[比较]|\b(?:vs|versus|over|against|compared|than|on|from)\b", re.IGNORECASE)
_SIDE_BY_SIDE = re.compile(r"[和与及、]|\band\b", re.IGNORECASE)
_ROLLING = re.compile(
    r"(?:近|最近|过去|前|这)[^年]*[季月]|\b(?:last|past|previous|recent)\b.*\b(?:months|quarters)\b", re.IGNORECASE
)
# A flow counted back in quarters or years is a course, in months one sum.
_ROLLING_COURSE = re.compile(
    r"(?:近|过去|这)\D*(?P<n>[\d二两三四五六七八九十]+)个?(?P<zh>季|年)|\b(?:last|past|previous|preceding|trailing|recent)\s+(?P<k>\S+)\s+(?:full |calendar |complete )?(?P<en>quarters|years)\b",
    re.IGNORECASE,
)
_YEARS = re.compile(r"\d{2,4}")
_SUMMED = re.compile(
    r"合计|一共|总共|共计|总计|总额|总量|总数|总和|累计|[合加并]起来|[多少]多?少|[有是]几|几[个户笔]|平均|均|"
    r"\b(?:total\w*|together|altogether|in all|sum|summed|combined|cumulative\w*|aggregate\w*|how (?:much|many)|overall|average\w*|mean|trailing|rolling)\b",
    re.IGNORECASE,
)
_MONTHS: dict[str, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}


@dataclass(frozen=True, slots=True)
class TimeCondition:
    """A condition, and the grain that it forces into the SELECT."""

    sql: str
    grain: str | None = None
    is_cumulative: bool = False


def time_condition(periods: Sequence[Period], grain: str | None, *, are_stocks: bool = False) -> TimeCondition:
    """One condition for all periods of a question; separate periods force their grain into the SELECT. `are_stocks`: what a
    coarser period shows is its end.
    """
    if not periods:
        return TimeCondition("")
    cumulative = any(p.is_cumulative for p in periods)
    if len(periods) == 1:
        period = coarsen(periods[0], grain, are_stocks=are_stocks)
        kind, first, last = period
        if first == last:
            return TimeCondition(f"{kind} = '{first}'", None, cumulative)
        return TimeCondition(f"{kind} BETWEEN '{first}' AND '{last}'", None, cumulative)
    grains = {p.grain for p in periods}
    if len(grains) == 1 and all(p.first == p.last for p in periods):
        kind = periods[0].grain
        if kind in _MONTHS and grain in _MONTHS and _MONTHS[grain] > _MONTHS[kind]:
            grain = None
        literals = ", ".join(f"'{literal}'" for literal in dict.fromkeys(p.first for p in periods))
        if len(set(p.first for p in periods)) == 1:
            return TimeCondition(f"{kind} = '{periods[0].first}'", None, cumulative)
        return TimeCondition(f"{kind} IN ({literals})", grain or kind, cumulative)
    finest = min((p.grain for p in periods), key=GRAINS.index)
    parts = [
        f"{p.grain} BETWEEN '{p.first}' AND '{p.last}'" if p.first != p.last else f"{p.grain} = '{p.first}'"
        for p in periods
    ]
    return TimeCondition(f"({' OR '.join(parts)})", grain or finest, cumulative)


def rolling_grain(context: Context, metric: Metric, catalog: Catalog) -> str | None:
    """最近5个月的不良率, "net profit for the last eight quarters": several periods back that are shown by each, though
    no grain is said. A flow is, by quarter or year, where neither a total nor a group is asked; None otherwise.
    """
    if len(context.periods) != 1:
        return None
    period = context.periods[0]
    if period.dimension or period.first == period.last or period.is_cumulative or metric.window_choice == "avg":
        return None
    text = context.question.text
    said = text[period.span.start : period.span.end]
    for name in (m.span for m in context.metrics if m.span and _SUMMED.search(catalog.metrics[m.name].display.en)):
        # The total of "total assets" sums nothing up.
        text = text[: name.start] + " " * (name.end - name.start) + text[name.end :]
    if is_stock(metric, catalog) and period.grain in _MONTHS and not _SUMMED.search(text):
        # Balances from one date to another are shown at each, and not at the last alone.
        return "year" if _YEAR_END.search(text) else "quarter" if _QUARTER_END.search(text) else period.grain
    if metric.is_ratio_unit or is_stock(metric, catalog):
        if period.grain == "year" and not _SUMMED.search(text):
            return "year"
        if (
            metric.is_ratio_unit
            and not is_stock(metric, catalog)
            and (years := _ROLLING_COURSE.search(said))
            and (years["zh"] or years["en"])[0] in "年y"
        ):
            # 最近三年ROE: a rate of a year is shown by year, and never over three.
            return "year" if not _SUMMED.search(text) else None
        if not _ROLLING.search(said):
            return None
        return "quarter" if re.search(r"季|quarter", said, re.IGNORECASE) else period.grain
    course = _ROLLING_COURSE.search(said)
    is_years = period.grain == "year" and len(_YEARS.findall(said)) > 1
    listed = len({value.dimension for value in context.values}) < len({value.span for value in context.values})
    is_plain = not (context.dimensions or listed or context.quantities or _SUMMED.search(text))
    if not is_plain or not (course or is_years):
        return None
    if course is None:
        return "year"
    return "quarter" if (course["zh"] or course["en"])[0] in "季qQ" else "year"


def step_grain(context: Context) -> Grain | None:
    """The step of a change from month to month or quarter to quarter over a longer period: each step is shown."""
    steps = {
        _STEP_GRAINS[c.name.removesuffix("_diff")]
        for c in context.comparisons
        if c.name.removesuffix("_diff") in _STEP_GRAINS
    }
    own = [p for p in context.periods if not p.dimension]
    if len(steps) != 1 or len(own) != 1 or own[0].is_cumulative:
        return None
    (step,) = steps
    is_longer = own[0].first != own[0].last or _MONTHS.get(own[0].grain, 0) > _MONTHS[step]
    return step if is_longer else None


def date_condition(period: Period) -> str:
    """The condition on a date that `period` limits: 明年到期 is year(matures_on) = '2027'."""
    part = f"{period.grain}({period.dimension})"
    if period.side:
        ends = {
            "before": f"< '{period.first}'",
            "after": f"> '{period.last}'",
            "from": f">= '{period.first}'",
            "to": f"<= '{period.last}'",
        }
        return f"{part} {ends[period.side]}"
    if period.first == period.last:
        return f"{part} = '{period.first}'"
    return f"{part} BETWEEN '{period.first}' AND '{period.last}'"


def date_conditions(periods: Sequence[Period]) -> list[str]:
    """The conditions on all dates that `periods` limit; several single periods of one date are one list."""
    made: dict[tuple[str, str], list[Period]] = {}
    for period in periods:
        if period.dimension:
            made.setdefault((period.dimension, period.grain), []).append(period)
    found: list[str] = []
    for (dimension, grain), same in made.items():
        if len(same) > 1 and all(p.first == p.last and not p.side for p in same):
            literals = ", ".join(f"'{literal}'" for literal in sorted({p.first for p in same}))
            found.append(f"{grain}({dimension}) IN ({literals})")
        else:
            found += [date_condition(period) for period in same]
    return found


def without_base(periods: Sequence[Period], functions: Sequence[str], text: str) -> list[Period]:
    """二季度环比一季度: the first of two periods, where the second is the base of the comparison asked."""
    stems = {name.removesuffix("_diff") for name in functions}
    steps = {12 for stem in stems if stem == "yoy"} | {_STEPS[s] for s in stems if s in _STEPS}
    if len(periods) != 2 or not steps or any(p.first != p.last or p.grain not in _MONTHS for p in periods):
        return list(periods)
    said, base = sorted(periods, key=lambda p: p.span.start)
    apart = _first_month(said.grain, said.first) - _first_month(base.grain, base.first)
    between = text[said.span.end : base.span.start]
    is_set_against = _AGAINST.search(between) and not _SIDE_BY_SIDE.search(between)
    return [said] if said.grain == base.grain and apart in steps and is_set_against else list(periods)


def at_ends(periods: Sequence[Period], text: str) -> list[Period]:
    """Several quarter-ends or year-ends as what they close: a balance of 2024 is that at its end."""
    singles = [p for p in periods if p.grain == "month" and p.first == p.last]
    if len(singles) < 2 or len(singles) < len(periods):
        return list(periods)
    said = text[min(p.span.start for p in singles) :]
    months = {int(p.first[5:]) for p in singles}
    grain: Grain = "year" if months == {12} and _YEAR_END.search(said) else "quarter"
    if grain == "quarter" and not (_QUARTER_END.search(said) and all(month % 3 == 0 for month in months)):
        return list(periods)
    closed = [_literal(grain, _first_month("month", p.first)) for p in singles]
    return [replace(p, grain=grain, first=end, last=end) for p, end in zip(singles, closed, strict=True)]


def whole_units(period: Period, grain: str | None) -> Period:
    """近三年 shown by year is the last three years that are over: counted back from now, put on the bounds
    of a coarser grain that it is a multiple of.
    """
    if grain not in _MONTHS or period.grain not in _MONTHS or _MONTHS[grain] <= _MONTHS[period.grain]:
        return period
    size = _MONTHS[grain]
    first = _first_month(period.grain, period.first)
    after = _first_month(period.grain, period.last) + _MONTHS[period.grain]
    if (after - first) % size or not after % size:
        return period
    back = after % size
    coarse: Grain = cast(Grain, grain)
    return replace(period, grain=coarse, first=_literal(grain, first - back), last=_literal(grain, after - back - size))


def coarsen(period: Period, grain: str | None, *, are_stocks: bool = False) -> tuple[str, str, str]:
    """(grain, first, last) at the SELECT's grain where the period is whole at it, or holds the ends of what is shown of
    balances (`are_stocks`): quarter-ends since the end of 2024. As it is otherwise.
    """
    plain = (period.grain, period.first, period.last)
    if grain not in _MONTHS or period.grain not in _MONTHS or _MONTHS[grain] <= _MONTHS[period.grain]:
        return plain
    size = _MONTHS[grain]
    first, last = (
        _first_month(period.grain, period.first),
        _first_month(period.grain, period.last) + _MONTHS[period.grain] - 1,
    )
    if are_stocks and period.first != period.last:
        first, last = first - first % size, last - (last + 1) % size
        if last < first:
            return plain
    if first % size or (last + 1) % size:
        return plain
    return grain, _literal(grain, first), _literal(grain, last - size + 1)


def _first_month(grain: str, literal: str) -> int:
    """Months since year 0 of the period's first month."""
    match = re.fullmatch(r"(\d{4})(?:-[HQ]?(\d+))?", literal)
    assert match, literal
    return int(match[1]) * 12 + (int(match[2] or 1) - 1) * _MONTHS[grain]


def _literal(grain: str, month: int) -> str:
    year, index = divmod(month, 12)
    number = index // _MONTHS[grain] + 1
    return {
        "month": f"{year:04d}-{number:02d}",
        "quarter": f"{year:04d}-Q{number}",
        "half": f"{year:04d}-H{number}",
        "year": f"{year:04d}",
    }[grain]
