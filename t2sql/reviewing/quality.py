"""What the Quality page tells of reports: each in a few figures, with how far they can be trusted, and over time.

Read from the files that `t2sql eval` wrote; figures are computed from results, never believed. For reviewers alone:
reports hold questions and values.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from t2sql.catalog import Language
from t2sql.errors import ConfigError
from t2sql.evaluation.reports.costs import Cost, Prices, find_cost, find_efforts
from t2sql.evaluation.reports.figures import counted
from t2sql.evaluation.reports.files import read_report
from t2sql.evaluation.reports.proportions import NOTHING, Share, percent
from t2sql.evaluation.reports.report import is_asked_back
from t2sql.journal.askings import require_review
from t2sql.policy import Principal

MOST_REPORTS = 60
FILE = "report.json"


@dataclass(frozen=True, slots=True)
class ReportFile:
    """One file that may hold a report."""

    path: Path
    changed_ns: int
    """When it was written, as the file system tells it."""


@dataclass(frozen=True, slots=True)
class Summary:
    """One report in a few figures."""

    name: str
    """Of its folder."""
    made_at: datetime
    cases: str
    """Name of the cases' file."""
    cases_sha256: str
    llm: str
    version: str
    accuracy: Share
    silent: Share
    """Wrong answers that looked right, of all cases."""
    asked_back: Share
    """Asked back or refused, of the cases that have an answer."""
    not_asked: int
    p50_ms: float | None
    p95_ms: float | None
    cost: Cost


@dataclass(frozen=True, slots=True)
class Trend:
    """Reports of one case file, the oldest first."""

    cases: str
    summaries: tuple[Summary, ...]

    @property
    def has_changed(self) -> bool:
        """Whether the case file changed in between, so that two shares are not of the same questions."""
        return len({one.cases_sha256 for one in self.summaries}) > 1


def list_reports(reviewer: Principal, folder: Path, most: int = MOST_REPORTS) -> tuple[ReportFile, ...]:
    """The files called report.json in `folder` and in the folders in it, the latest written first; at most `most`.

    Raises AccessDenied for who may not review.
    """
    require_review(reviewer)
    found = []
    for path in (*folder.glob(FILE), *folder.glob(f"*/{FILE}"), *folder.glob(f"*/*/{FILE}")):
        try:
            found.append(ReportFile(path, path.stat().st_mtime_ns))
        except OSError:
            continue
    return tuple(sorted(found, key=lambda one: (-one.changed_ns, str(one.path)))[:most])


def summarise(reviewer: Principal, file: ReportFile, prices: Prices) -> Summary:
    """One report in a few figures. Raises AccessDenied, and ConfigError for a file that is no report."""
    require_review(reviewer)
    try:
        report = read_report(file.path)
    except OSError as error:
        raise ConfigError(f"{file.path.name} cannot be read.", "Give its folder back.") from error
    results = counted(report)
    efforts = [effort for effort in find_efforts(results) if not effort.route]
    return Summary(
        file.path.parent.name,
        report.made_at,
        report.made_of.cases,
        report.made_of.cases_sha256,
        report.made_of.llm,
        report.made_of.t2sql_version,
        Share(sum(r.is_right for r in results), len(results)),
        Share(sum(r.is_silent for r in results), len(results)),
        Share(sum(is_asked_back(r) for r in results), sum(r.wants_answer for r in results)),
        sum(r.reason == "not asked" for r in results),
        efforts[0].milliseconds.p50 if efforts else None,
        efforts[0].milliseconds.p95 if efforts else None,
        find_cost(report, prices),
    )


def trends(summaries: Iterable[Summary]) -> tuple[Trend, ...]:
    """By case file, that of the latest report first."""
    groups: dict[str, list[Summary]] = {}
    for one in sorted(summaries, key=lambda one: one.made_at, reverse=True):
        groups.setdefault(one.cases, []).append(one)
    return tuple(Trend(name, tuple(reversed(members))) for name, members in groups.items())


def tell_share(share: Share, language: Language) -> str:
    """83.3% (71.7–90.8%, 50 of 60), in either language; a dash for a share of nothing."""
    if share.value is None or share.interval is None:
        return NOTHING
    if language == "en":
        return str(share)
    low, high = share.interval
    return f"{percent(share.value)}（{percent(low)[:-1]}–{percent(high)}，{share.of:,} 题中 {share.count:,} 题）"


def tell_cost(cost: Cost, language: Language) -> str:
    """Processor seconds a question and what they cost by the settings' prices, beside a person's; "" where nothing was
    measured.
    """
    if cost.cpu_seconds is None:
        return ""
    if language == "en":
        return str(cost)
    prices = cost.prices
    told = f"每题 {_short(cost.cpu_seconds)} CPU 秒"
    if cost.machine_money is not None:
        told += f"，合 {_short(cost.machine_money)} {prices.currency}（CPU 每小时 {prices.cpu_hour:,.2f}）"
    if cost.person_money is not None:
        told += f"；人工每题 {_short(cost.person_money)} {prices.currency}（{prices.person_minutes:g} 分钟）"
    return told + "。"


def _short(value: float) -> str:
    """Two significant digits under one, two decimals above."""
    if abs(value) >= 1 or not value:
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    return f"{float(f'{value:.2g}'):.10f}".rstrip("0")
