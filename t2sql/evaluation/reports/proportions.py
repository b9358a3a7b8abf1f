"""Shares of small numbers, and how far they can be trusted: intervals, a paired test, a paired difference.

A share never travels without the numbers that it was made of. Nothing here may print a percentage of nothing: a share
of no cases has no value and no interval.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.stats import binomtest

LEVEL = 0.95
NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    count: int
    of: int

    @property
    def value(self) -> float | None:
        """Between 0 and 1; None for a share of nothing."""
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where the true share lies with 95 % confidence: Wilson's score interval, without continuity correction.

        Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927) 209-212.
        """
        if not self.of:
            return None
        found = binomtest(self.count, self.of).proportion_ci(confidence_level=LEVEL, method="wilson")
        return float(found.low), float(found.high)

    def __str__(self) -> str:
        """The share, its interval and its numbers: 83.3% (71.7–90.8%, 50 of 60)."""
        if self.value is None or self.interval is None:
            return NOTHING
        low, high = self.interval
        return f"{percent(self.value)} ({percent(low)[:-1]}–{percent(high)}, {self.count:,} of {self.of:,})"


def percent(value: float | None) -> str:
    """A share of one as a percentage with one decimal; never 100.0% or 0.0% for what is not quite so.

    >>> percent(0.99996), percent(1.0), percent(None)
    ('>99.9%', '100.0%', '—')
    """
    if value is None or not math.isfinite(value):
        return NOTHING
    if 0.9995 <= value < 1:
        return ">99.9%"
    if 0 < value < 0.0005:
        return "<0.1%"
    return f"{value:.1%}"


def mcnemar(better: int, worse: int) -> float:
    """How likely so lopsided a change is by chance alone: McNemar's exact test, two-sided; 1 when nothing changed.

    `better` and `worse` count the questions whose rightness changed. Source: Q. McNemar, Psychometrika 12 (1947)
    153-157, with the binomial distribution in place of its approximation.
    """
    changed = better + worse
    return float(binomtest(better, changed, 0.5).pvalue) if changed else 1.0


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """Two shares of the same questions, and how much the second is above the first."""

    both: int
    """Right before and after."""
    worse: int
    """Right before only."""
    better: int
    """Right after only."""
    neither: int

    @property
    def of(self) -> int:
        """Questions compared."""
        return self.both + self.worse + self.better + self.neither

    @property
    def before(self) -> Share:
        """Right before."""
        return Share(self.both + self.worse, self.of)

    @property
    def after(self) -> Share:
        """Right after."""
        return Share(self.both + self.better, self.of)

    @property
    def value(self) -> float | None:
        """After less before, as a share of one; None where nothing was compared."""
        return (self.better - self.worse) / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where the true difference lies with 95 % confidence: Newcombe's score interval for paired data.

        Method 10 of R. G. Newcombe, Statistics in Medicine 17 (1998) 2635-2650: Wilson's limits of both shares, put
        together with their correlation, which is corrected for continuity.
        """
        first, second = self.before.interval, self.after.interval
        if first is None or second is None or self.before.value is None or self.after.value is None:
            return None
        low_1, high_1 = self.before.value - first[0], first[1] - self.before.value
        low_2, high_2 = self.after.value - second[0], second[1] - self.after.value
        phi, change = self._correlation(), self.after.value - self.before.value
        below = math.sqrt(max(0.0, low_2**2 - 2 * phi * low_2 * high_1 + high_1**2))
        above = math.sqrt(max(0.0, high_2**2 - 2 * phi * high_2 * low_1 + low_1**2))
        return change - below, change + above

    def _correlation(self) -> float:
        product = (
            (self.both + self.worse)
            * (self.better + self.neither)
            * (self.both + self.better)
            * (self.worse + self.neither)
        )
        if not product:
            return 0.0
        together = float(self.both * self.neither - self.worse * self.better)
        if together > 0:
            together = max(together - self.of / 2, 0.0)
        return together / math.sqrt(product)

    @property
    def p(self) -> float:
        """McNemar's exact p of the change."""
        return mcnemar(self.better, self.worse)
