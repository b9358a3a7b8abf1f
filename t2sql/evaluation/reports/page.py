"""A report, and the difference of two, as one HTML file that opens offline.

It asks nothing of any network: pictures stand inside, and its own content policy forbids everything but its one style
sheet and its one script, by their hashes. Questions, values and SQL are hostile text: they are escaped here and read
nowhere as markup.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from t2sql.evaluation.reports.costs import cost_line
from t2sql.evaluation.reports.diff import Difference, side_by_side
from t2sql.evaluation.reports.figures import Figures
from t2sql.evaluation.reports.page_words import ZH
from t2sql.evaluation.reports.pictures import draw_coverage, draw_groups, draw_latency, draw_reliability
from t2sql.evaluation.reports.proportions import percent
from t2sql.evaluation.reports.report import CaseResult, Report
from t2sql.wording import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from t2sql.evaluation.reports.gates import GateResult

MOST_DRAWN = 1_000
"""Cases up to which a page draws those out of sight too, so that a picture of the whole page has them."""
FOLDER = Path(__file__).parent / "templates"
Status = Literal["silent error", "flagged miss", "failed", "not asked", "right"]
LOOKS: dict[Status, str] = {
    "silent error": "silent",
    "flagged miss": "flagged",
    "failed": "failed",
    "not asked": "skipped",
    "right": "right",
}
"""Each status's class in page.css, in the order of the page: what a person must see first stands first."""


@dataclass(frozen=True, slots=True)
class ShownCase:
    """One case as the page lists it."""

    result: CaseResult
    status: Status
    look: str


def report_page(report: Report, figures: Figures, gates: Sequence[GateResult] = ()) -> str:
    """A report as HTML: headline and gates, what it was measured with, tables and pictures, then every case: the misses
    first, and what the machine asked beside the cases last.
    """
    order = list(LOOKS)
    cases = [ShownCase(r, status_of(r), LOOKS[status_of(r)]) for r in report.results]
    cases.sort(key=lambda case: (bool(case.result.twin), order.index(case.status)))
    return _fill(
        "report.html.j2",
        report=report,
        figures=figures,
        gates=gates,
        cost=cost_line(figures.cost),
        cases=cases,
        most_drawn=MOST_DRAWN,
        statuses=[status for status in order if any(case.status == status for case in cases)],
        reasons=[misses.reason for misses in figures.misses if misses.reason],
        pictures={name: Markup(svg) for name, svg in _pictures(report, figures).items()},
    )


def difference_page(difference: Difference) -> str:
    """What changed between two reports as HTML, with both SQLs of each changed question side by side."""
    return _fill("difference.html.j2", difference=difference)


def status_of(result: CaseResult) -> Status:
    """How a case ended, in the page's words."""
    if result.is_right:
        return "right"
    if result.reason == "not asked":
        return "not asked"
    if result.is_silent:
        return "silent error"
    return "flagged miss" if result.is_flagged else "failed"


def _pictures(report: Report, figures: Figures) -> dict[str, str]:
    waits: dict[str, list[float]] = {}
    for result in sorted(report.results, key=lambda r: (not r.route, r.route)):
        if result.outcome != "failure" and not result.twin:
            waits.setdefault(result.route, []).append(result.milliseconds)
    return {
        "category": draw_groups(figures.groups["category"]),
        "reliability": draw_reliability(figures.calibration),
        "coverage": draw_coverage(figures.coverage),
        "latency": draw_latency(waits),
    }


def _fill(template: str, **values: Any) -> str:
    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, finalize=_legible, trim_blocks=True
    )
    environment.filters |= {
        "zh": lambda words: ZH[words],
        "percent": percent,
        "range": _range,
        "points": _points,
        "points_range": lambda interval: f"{_points(interval[0])} … {_points(interval[1])}" if interval else "—",
        "count": lambda number: f"{number:,}",
        "seconds": lambda value: f"{value:,.1f} s",
        "moment": lambda moment: _moment(moment),
    }
    environment.globals |= {"side_by_side": side_by_side, "status": status_of, "look": lambda r: LOOKS[status_of(r)]}
    style, script = ((FOLDER / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    return environment.get_template(template).render(
        style=Markup(style),
        script=Markup(script),
        style_hash=_digest(style),
        script_hash=_digest(script),
        **values,
    )


def _legible(value: Any) -> Any:
    """Text from data with control and direction-changing characters written out; markup of the page as it is."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    # Nearly every text is printable, and telling so is much faster than looking at each character.
    return value if value.replace("\n", "").isprintable() else visible(value, keep_newlines=True)


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _range(interval: tuple[float, float]) -> str:
    return f"{percent(interval[0])[:-1]}–{percent(interval[1])}"


def _points(value: float | None) -> str:
    """A difference of shares, in percentage points."""
    return "—" if value is None else f"{value * 100:+.1f} pp"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S %Z}".strip()
