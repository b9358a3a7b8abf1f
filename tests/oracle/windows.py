"""Which days a number reads: now, one period back, a year before, since the start of the year (decisions 5 and 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from oracle.reading import Undefined
from oracle.shape import FACTS, Metric
from oracle.spans import MONTHS, Span, add_months, add_months_by_end, back, before, is_whole_months, month_last, span_of
from oracle.warehouse import Warehouse
from oracle.when import is_loaded, loads_in

SHIFTS = {"yoy": 12, "yoy_diff": 12, "prior_year": 12, "mom": 1, "mom_diff": 1, "qoq": 3, "qoq_diff": 3}


@dataclass(frozen=True, slots=True)
class At:
    """A period shown, and the way from it to the days that are read."""

    span: Span
    shift: str = ""
    """"", "prev", "year_start", or a number of months back."""
    is_to_date: bool = False


class Windows:
    """The days that each fact is read for. A tuple of dates for stocks, a Span for flows; None: not loaded."""

    def __init__(self, warehouse: Warehouse, facts: frozenset[str]) -> None:
        self._warehouse = warehouse
        self._stocks = sorted(f for f in facts if FACTS[f].is_stock)
        self._last = min((warehouse.loads(f)[-1] for f in facts if warehouse.loads(f)), default=date(1, 1, 1))
        """Facts that are asked together are all read up to the day that all of them are loaded for."""

    def _as_of(self, fact: str, span: Span, is_base: bool = True) -> date | None:
        """The latest load within `span` that all stocks of the question share."""
        own = loads_in(self._warehouse, fact, span)
        common = set(own).intersection(*(self._warehouse.loads(other) for other in self._stocks))
        if is_base and own and max(own) not in common:
            raise Undefined("a base that another fact is not loaded for")
        return max(common, default=None)

    def read(self, metric: Metric, at: At) -> tuple[date, ...] | Span | None:
        """The days of one simple metric."""
        fact = metric.fact
        if FACTS[fact].is_stock and not metric.is_average:
            if at.is_to_date:
                raise Undefined("a period-end stock to date")
            day = self._stock_day(fact, at)
            return None if day is None else (day,)
        span = self._moved(fact, at)
        if not is_loaded(self._warehouse, fact, span, True):
            return None
        return tuple(loads_in(self._warehouse, fact, span)) or None if metric.is_average else span

    def _stock_day(self, fact: str, at: At) -> date | None:
        now = self._as_of(fact, at.span, is_base=False)
        if not at.shift:
            return now
        if now is None:
            raise Undefined("a base of a period that is not loaded")
        if at.shift == "prev":
            if not at.span.grain:
                raise Undefined("one period back of an odd range")
            return self._as_of(fact, before(at.span))
        if at.shift == "year_start":
            return self._month_end(fact, date(now.year - 1, 12, 31))
        if at.span.grain in ("day", "week"):
            if at.span.grain == "week" or now.day > 28 or now == month_last(now):
                raise Undefined("a year or month before a week or a day at a month's end")
            return self._as_of(fact, span_of("day", add_months(now, -int(at.shift))))
        if now == self._warehouse.loads(fact)[-1] != month_last(now):
            raise Undefined("a daily stock in a month that is not over")
        if now != max(loads_in(self._warehouse, fact, span_of("month", now))):
            # Ruled: the range ends within the month, so its last day is no close and meets the same day.
            if now.day > 28:
                raise Undefined("a day past the end of a shorter month")
            return self._as_of(fact, span_of("day", add_months(now, -int(at.shift))))
        return self._as_of(fact, span_of("month", add_months(now.replace(day=1), -int(at.shift))))

    def _month_end(self, fact: str, day: date) -> date | None:
        """The close of the month of `day`; months align end to end."""
        found = self._as_of(fact, span_of("month", day))
        if found and found != month_last(day):
            raise Undefined("a year that is not loaded for its last day")
        return found

    def _moved(self, fact: str, at: At) -> Span:
        """Flows and averages: the same days of the base; of a period that is not over, as many as there are."""
        last = self._last
        span = at.span
        first = date(span.last.year, 1, 1) if at.is_to_date else span.first
        if at.is_to_date and span.first < first:
            raise Undefined("to date over two years")
        is_over = span.last <= last
        read = Span(first, span.last if is_over else max(last, first), "")
        if not at.shift:
            return read
        if at.shift == "year_start":
            raise Undefined("since the start of the year, of a flow")
        if at.shift == "prev":
            if not span.grain:
                raise Undefined("one period back of an odd range")
            if at.is_to_date:
                raise Undefined("one period back of a year to date")
            if span.grain in ("day", "week"):
                size = timedelta(days=7 if span.grain == "week" else 1)
                return Span(read.first - size, read.last - size)
        elif span.grain in ("day", "week"):
            raise Undefined("a year or month before a week or a day of a flow")
        months = MONTHS[span.grain] if at.shift == "prev" else int(at.shift)
        if not at.is_to_date and add_months(span.first, months) <= span.last:
            raise Undefined("the base overlaps the period")
        if is_over:
            if not is_whole_months(span):
                raise Undefined("a base of a range that cuts months")
            return back(read, months)
        monthly = FACTS[fact].kind.startswith("month")
        plain, by_end = add_months(last, -months), add_months_by_end(last, -months)
        if plain != by_end and not monthly:
            raise Undefined("the same days of a month with fewer or more")
        return Span(add_months(read.first, -months), by_end if monthly else plain)
