"""Two declarative pictures: shares of reports over time with their intervals, and questions by day and route.

Fields bear names of this module alone, since Vega-Lite writes names into expressions; what is said stands in the data.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from t2sql.charts import CONFIG, SCHEMA
from t2sql.evaluation.reports.proportions import Share
from t2sql.journal.usage import UsedRoute
from t2sql.reviewing.quality import Trend, tell_share
from ui.parts.clock import tell_moment
from ui.words import Words

HEIGHT = 320


def trend_chart(trend: Trend, words: Words) -> dict[str, Any]:
    """Right and silent shares of one case file's reports, each with its interval."""
    records = []
    for number, one in enumerate(trend.summaries):
        for name, share in ((words("quality_accuracy"), one.accuracy), (words("quality_silent"), one.silent)):
            if share.value is None or share.interval is None:
                continue
            # Two reports of one minute stand side by side all the same.
            told = {"name": one.name, "when": tell_moment(one.made_at), "told": tell_share(share, words.language)}
            records.append({"n": number + 1, "kind": name, **told, **_spread(share)})
    across = {
        "field": "n", "type": "ordinal", "title": words("quality_when"),
        "axis": {"labelAngle": 0, "labelExpr": _labels(trend), "labelOverlap": True},
    }  # fmt: skip
    colour = {"field": "kind", "type": "nominal", "title": None, "legend": {"orient": "top"}}
    tips = [
        {"field": "name", "title": words("quality_report")}, {"field": "when", "title": words("quality_when")},
        {"field": "kind", "title": " "}, {"field": "told", "title": words("quality_share")},
    ]  # fmt: skip
    up = {
        "field": "value", "type": "quantitative", "title": None, "axis": {"format": ".0%"}, "scale": {"domain": [0, 1]}
    }  # fmt: skip
    return {
        **_head(), "data": {"values": records},
        "layer": [
            {
                "mark": {"type": "rule", "strokeWidth": 8, "opacity": 0.35},
                "encoding": {
                    "x": across, "y": {**up, "field": "low"}, "y2": {"field": "high"}, "color": colour, "tooltip": tips,
                },
            },
            {
                "mark": {"type": "line", "point": {"filled": True, "size": 60}},
                "encoding": {"x": across, "y": up, "color": colour, "tooltip": tips},
            },
        ],
    }  # fmt: skip


def usage_chart(used: Sequence[UsedRoute], first: date, words: Words) -> dict[str, Any]:
    """Questions by day from `first` on, stacked by route; a day without one has its place."""
    day, route, questions = words("quality_day"), words("quality_route"), words("quality_questions")
    records = [
        {"day": one.day.isoformat(), "route": words(f"quality_route_{one.route}"), "questions": one.questions}
        for one in used
    ]
    last = max([first, *(one.day for one in used)])
    days = [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]
    across = {
        "field": "day", "type": "ordinal", "title": None, "scale": {"domain": days},
        "axis": {"labelOverlap": True, "labelAngle": 0, "labelExpr": "slice(datum.value, 5)"},
    }  # fmt: skip
    whole = {"format": "d", "tickMinStep": 1}
    return {
        **_head(), "data": {"values": records}, "mark": {"type": "bar"},
        "encoding": {
            "x": across,
            "y": {"field": "questions", "type": "quantitative", "title": None, "axis": whole},
            "color": {"field": "route", "type": "nominal", "title": None, "legend": {"orient": "top"}},
            "tooltip": [
                {"field": "day", "title": day}, {"field": "route", "title": route},
                {"field": "questions", "title": questions, "format": ",d"},
            ],
        },
    }  # fmt: skip


def _head() -> dict[str, Any]:
    return {"$schema": SCHEMA, "width": "container", "height": HEIGHT, "config": dict(CONFIG)}


def _spread(share: Share) -> dict[str, float | None]:
    low, high = share.interval or (None, None)
    return {"value": share.value, "low": low, "high": high}


def _labels(trend: Trend) -> str:
    """Days under the marks, as an expression made of digits alone."""
    days = ",".join(f"'{one.made_at:%m-%d}'" for one in trend.summaries)
    return f"[{days}][datum.value - 1]"
