"""The page of those who own the definitions: how right the answers are, what they cost, and what is not answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeAlias

import streamlit as st

from t2sql.errors import ConfigError
from t2sql.evaluation.reports.costs import Prices
from t2sql.flow import Tokens
from t2sql.journal.usage import Unanswered, UsedRoute
from t2sql.policy import Principal
from t2sql.reviewing.quality import ReportFile, Summary, Trend, list_reports, summarise, tell_cost, tell_share, trends
from t2sql.wording import visible
from ui.frame import Visit
from ui.parts.blocks import draw_figures, draw_grid, draw_line, draw_notice, draw_title
from ui.parts.clock import tell_moment
from ui.quality.charts import trend_chart, usage_chart
from ui.review.task import read_aside
from ui.words import Words

SPANS = (7, 30, 90)
MOST_LISTED = 12
MOST_TEXTS = 50
LONGEST_TEXT = 160
_Used: TypeAlias = tuple[tuple[UsedRoute, ...], tuple[UsedRoute, ...], tuple[Unanswered, ...]]


def draw(visit: Visit) -> None:
    """Evaluations first, then usage, then what was not answered."""
    words = visit.words
    draw_title(words("quality_reports"))
    _draw_reports(visit)
    draw_title(words("quality_usage"))
    days: int = st.segmented_control(
        words("quality_span"), SPANS, default=30, format_func=lambda days: words("quality_days", days=days),
        key="quality-days", required=True, label_visibility="collapsed",
    )  # fmt: skip
    since = datetime.now(UTC) - timedelta(days=days)
    used = read_aside("quality-usage-read", visit, partial(_read_usage, visit, since), days)
    if used is None:
        return
    spent, by_day, unanswered = used
    _draw_usage(visit, spent, by_day, since)
    draw_title(words("quality_unanswered"))
    _draw_unanswered(visit, unanswered)


def _draw_reports(visit: Visit) -> None:
    words, settings = visit.words, visit.desk.agent.settings
    prices, found, unread = Prices.of(settings), [], []
    for file in list_reports(visit.narrowed.principal, settings.eval_reports):
        try:
            found.append(_summary(str(file.path), file.changed_ns, visit.narrowed.principal, prices))
        except ConfigError:
            unread.append(file.path.parent.name)
    if unread:
        told = ", ".join(unread[:MOST_LISTED])
        draw_notice("warn", "", [words("quality_unread", count=len(unread), names=told)])
    known = trends(found)
    if not known:
        help_ = words("quality_no_reports_help", folder=settings.eval_reports.name)
        draw_notice("", words("quality_no_reports"), [help_])
        return
    chosen = known[0]
    if len(known) > 1:
        names = {one.cases: one for one in known}
        name = st.selectbox(words("quality_case_file"), list(names), key="quality-cases", format_func=visible)
        chosen = names.get(name, chosen)
    _draw_trend(chosen, words)


def _draw_trend(trend: Trend, words: Words) -> None:
    """The latest report in figures, then all of them over time."""
    latest, language = trend.summaries[-1], words.language
    draw_line(
        words("quality_made", at=tell_moment(latest.made_at), llm=latest.llm),
        trend.cases,
        is_quiet=True,
    )
    shares = (("accuracy", latest.accuracy), ("silent", latest.silent), ("asked_back", latest.asked_back))
    figures = []
    for name, share in shares:
        # 83.3% stands large, its interval and its numbers below.
        large, _, below = tell_share(share, language).replace("（", " (").replace("）", ")").partition(" ")
        figures.append((words(f"quality_{name}"), large, below.strip("()")))
    figures.append((words("quality_time"), f"{_seconds(latest.p50_ms)} / {_seconds(latest.p95_ms)} s", ""))
    draw_figures(figures)
    if latest.not_asked:
        draw_notice("warn", "", [words("quality_not_asked", count=f"{latest.not_asked:,}")])
    if told := tell_cost(latest.cost, language):
        draw_line(told, words("quality_cost"))
    if len(trend.summaries) < 2:
        return
    draw_line(words("quality_trend"), is_quiet=True)
    st.vega_lite_chart(spec=trend_chart(trend, words), width="stretch", key="quality-trend", alt=words("quality_trend"))
    if trend.has_changed:
        draw_line(words("quality_changed"), is_quiet=True)
    heads = [words(f"quality_{name}") for name in ("report", "when", "accuracy", "silent", "asked_back", "time")]
    draw_grid(heads, [_row(one, words) for one in reversed(trend.summaries[-MOST_LISTED:])])


def _row(one: Summary, words: Words) -> list[str]:
    shares = (tell_share(share, words.language) for share in (one.accuracy, one.silent, one.asked_back))
    return [one.name, tell_moment(one.made_at), *shares, f"{_seconds(one.p50_ms)} / {_seconds(one.p95_ms)} s"]


@st.cache_data(show_spinner=False, max_entries=500)
def _summary(path: str, changed_ns: int, _reviewer: Principal, _prices: Prices) -> Summary:
    """A report's figures, kept until its file changes."""
    from pathlib import Path

    return summarise(_reviewer, ReportFile(Path(path), changed_ns), _prices)


def _read_usage(visit: Visit, since: datetime) -> _Used:
    usage, reviewer = visit.desk.agent.journal.usage, visit.narrowed.principal
    return (
        usage.spent(reviewer, since),
        usage.routes(reviewer, since),
        usage.unanswered(reviewer, since, most=MOST_TEXTS),
    )


def _draw_usage(visit: Visit, spent: Sequence[UsedRoute], by_day: Sequence[UsedRoute], since: datetime) -> None:
    words = visit.words
    if not spent:
        draw_notice("", "", [words("quality_no_usage")])
        return
    whole = sum(one.questions for one in spent)
    draw_figures(
        [
            (words("quality_questions"), f"{whole:,}", ""),
            *(
                (words(f"quality_{name}"), f"{count / whole:.0%}", f"{count:,}")
                for name, count in (
                    ("answered", sum(one.answered for one in spent)), ("back", sum(one.asked_back for one in spent)),
                    ("refused", sum(one.refused for one in spent)), ("failed", sum(one.failed for one in spent)),
                    ("stopped", sum(one.stopped + one.unfinished for one in spent)),
                )
            ),
        ]
    )  # fmt: skip
    draw_line(words("quality_by_day"), is_quiet=True)
    spec = usage_chart(by_day, since.astimezone().date(), words)
    st.vega_lite_chart(spec=spec, width="stretch", key="quality-usage", alt=words("quality_by_day"))
    _draw_routes(spent, words)


def _draw_routes(spent: Sequence[UsedRoute], words: Words) -> None:
    names = ("route", "questions", "answered", "p50", "p95", "read", "cached", "written")
    rows = [
        [
            words(f"quality_route_{one.route}"), f"{one.questions:,}", f"{one.answered / one.questions:.0%}",
            _seconds(one.p50_ms), _seconds(one.p95_ms), *_told(one.tokens),
        ]
        for one in spent
    ]  # fmt: skip
    draw_grid([words(f"quality_{name}") for name in names], rows)


def _told(tokens: Tokens) -> list[str]:
    return [f"{count:,}" if count else "—" for count in (tokens.prompt, tokens.cached, tokens.completion)]


def _draw_unanswered(visit: Visit, found: Sequence[Unanswered]) -> None:
    words = visit.words
    if not found:
        draw_notice("", "", [words("quality_no_unanswered")])
        return
    heads = [words(f"quality_{name}") for name in ("text", "end", "how_often", "last")]
    rows = [
        [one.text[:LONGEST_TEXT], words(f"quality_end_{one.end}"), f"{one.times:,}", tell_moment(one.last)]
        for one in found
    ]
    draw_grid(heads, rows)


def _seconds(milliseconds: float | None) -> str:
    return "—" if milliseconds is None else f"{milliseconds / 1000:.1f}"
