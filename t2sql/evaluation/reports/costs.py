"""What questions cost: waiting, tokens, processor seconds, and money by the settings' prices.

Prices are the installation's own; without them there is no line about money. Nothing here may guess a price.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from t2sql.evaluation.reports.report import CaseResult, Report
from t2sql.settings import Settings

POINTS = (50, 90, 95, 99)


@dataclass(frozen=True, slots=True)
class Prices:
    """What an hour costs; 0 means that nobody said."""

    cpu_hour: float = 0.0
    person_hour: float = 0.0
    person_minutes: float = 30.0
    """Minutes that a person takes for one question."""
    currency: str = "CNY"

    @classmethod
    def of(cls, settings: Settings) -> Prices:
        """The prices that the settings give."""
        return cls(
            settings.price_cpu_hour,
            settings.price_person_hour,
            settings.person_minutes,
            settings.currency,
        )


@dataclass(frozen=True, slots=True)
class Percentiles:
    """The 50th, 90th, 95th and 99th of some questions, each the figure of a real question: the nearest rank."""

    questions: int
    p50: float
    p90: float
    p95: float
    p99: float

    @property
    def values(self) -> tuple[float, float, float, float]:
        """In the order of their names."""
        return self.p50, self.p90, self.p95, self.p99


@dataclass(frozen=True, slots=True)
class Effort:
    """Waiting and tokens of the questions of one route that did not fail; "" is all of them."""

    route: str
    milliseconds: Percentiles
    prompt_tokens: Percentiles
    completion_tokens: Percentiles


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor seconds and money a question."""

    questions: int
    """Asked in this run, twins among them: neither kept from before nor copies of one asked."""
    cpu_seconds: float | None
    """A question; None when it was not measured: the run asked nothing, or the answers came from a file."""
    machine_money: float | None
    """A question, in `currency`; None without a price or without seconds to put it on."""
    person_money: float | None
    """A question; None without a price."""
    prices: Prices

    def __str__(self) -> str:
        """One line: seconds a question, and their price beside a person's."""
        return cost_line(self)


def percentiles(values: Sequence[float]) -> Percentiles | None:
    """None of nothing."""
    if not values:
        return None
    found = np.percentile(np.array(values, dtype=np.float64), POINTS, method="inverted_cdf")
    return Percentiles(len(values), *(float(value) for value in found))


def find_efforts(results: Sequence[CaseResult]) -> tuple[Effort, ...]:
    """All questions that ended in an outcome, then those of each route.

    Failures are left out: a time-out's wait is the limit, and an error's short wait would look like speed.
    """
    ended = [r for r in results if r.outcome != "failure"]
    efforts = [_effort("", ended), *(_effort(route, ended) for route in sorted({r.route for r in ended} - {""}))]
    return tuple(effort for effort in efforts if effort)


def _effort(route: str, ended: Sequence[CaseResult]) -> Effort | None:
    chosen = [r for r in ended if route in ("", r.route)]
    waited = percentiles([r.milliseconds for r in chosen])
    read = percentiles([r.prompt_tokens for r in chosen])
    written = percentiles([r.completion_tokens for r in chosen])
    return Effort(route, waited, read, written) if waited and read and written else None


def find_cost(report: Report, prices: Prices) -> Cost:
    """Seconds of the run shared out among the questions that it asked, and what they cost by `prices`."""
    asked = report.asked_now
    cpu = report.cpu_seconds / asked if asked and report.cpu_seconds else None
    machine = cpu * prices.cpu_hour / 3600 if cpu and prices.cpu_hour else None
    person = prices.person_hour * prices.person_minutes / 60 if prices.person_hour else None
    return Cost(asked, cpu, machine, person, prices)


def cost_line(cost: Cost) -> str:
    """The line that lets an owner weigh the machine against people."""
    prices, line = cost.prices, "Processor seconds were not measured"
    if cost.cpu_seconds is not None:
        line = f"{_short(cost.cpu_seconds)} CPU-seconds a question"
    if cost.machine_money is not None:
        line += (
            f": {_short(cost.machine_money)} {prices.currency} at {prices.cpu_hour:,.2f} {prices.currency} a CPU-hour"
        )
    if cost.person_money is not None:
        line += (
            f"; a person: {_short(cost.person_money)} {prices.currency} at {_short(prices.person_hour)} an hour"
            f" and {_short(prices.person_minutes)} minutes"
        )
    return line + "."


def _short(value: float) -> str:
    """Two significant digits under one, two decimals above, no trailing zeros."""
    if value == 0 or abs(value) >= 1:
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    return f"{float(f'{value:.2g}'):.10f}".rstrip("0")
