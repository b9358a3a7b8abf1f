"""When, of whom, and under which conditions: what stands before a headline's figure.

Read from the plan; nothing is left out that makes the figure another one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from t2sql.catalog import Language
from t2sql.flow import Column, Plan
from t2sql.metric_names import is_stock, made_of
from t2sql.phrases import Phrases
from t2sql.policy import Narrowed
from t2sql.wording import PERIOD, format_period, format_periods, join, visible

LONGEST_CONDITIONS = 60
UNFINISHED = "unfinished"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Setting:
    """One plan's circumstances in one language."""

    def __init__(self, plan: Plan, narrowed: Narrowed, language: Language) -> None:
        self.plan, self.narrowed, self.language = plan, narrowed, language
        self._phrases = Phrases({c.name.lower(): c for c in plan.columns}, narrowed.catalog, language)

    def say(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    @property
    def is_unfinished(self) -> bool:
        """Whether a period shown is not over yet."""
        return any(note.code == UNFINISHED for note in self.plan.notes)

    def is_open(self, period: str) -> bool:
        """Whether one of the periods shown is not over yet: figures run out before its last day."""
        if not self.is_unfinished:
            return False
        last = _last_day(period)
        through: str = max((day for item in self.plan.provenance for day in _DAY.findall(item.as_of)), default="")
        if last is None or not through:
            return self.plan.understood.periods[-1:] == (period,)
        return through < last.isoformat()

    def is_at_close(self, column: Column) -> bool:
        """Whether a figure is a balance, or a ratio of balances, read at the end of its period."""
        catalog = self.narrowed.catalog
        metric = catalog.metrics.get(column.metric)
        if metric is None or not is_stock(metric, catalog):
            return False
        parts = [catalog.metrics[name] for name in {metric.name, *made_of(metric.name, catalog.metrics)}]
        return all(part.window_choice == "max" for part in parts if part.type == "simple") and all(
            part.type != "cumulative" for part in parts
        )

    def when(self, column: Column) -> str:
        """The period of the whole answer: 2026年6月末, At the end of June 2026; "" where nothing is dated."""
        periods = self.plan.understood.periods
        if not periods:
            return ""
        if len(periods) > 1:
            said = format_periods(periods, self.language)
            return self.say(said, f"in {said}" if " to " not in said else f"from {said}")
        return self.at(periods[0], column, is_alone=True)

    def at(self, period: str, column: Column, *, is_alone: bool = False) -> str:
        """One period, in a sentence; `is_alone`: the only one told, so that it says itself where it is not over."""
        said = format_period(_by_months(period), self.language)
        if self.is_at_close(column):
            last = _last_day(period)
            if read := self._read_before_close(period):
                day = format_period(read, self.language)
                return self.say(f"截至{day}", f"as of {day}")
            if last and period != last.isoformat():
                return self.say(f"{said}末", f"at the end of {said}")
        if is_alone and self.is_open(period):
            return self.say(f"{said}以来（未结束）", f"so far in {said}")
        if _last_day(period) and period == str(_last_day(period)):
            return self.say(said, f"on {said}")
        return self.say(said, f"from {said}" if " to " in said else f"in {said}")

    def _read_before_close(self, period: str) -> str:
        """The day that balances of the last period are of, where it is not the period's last; "" elsewhere."""
        periods, last = self.plan.understood.periods, _last_day(period)
        known = [day for day in self.plan.understood.as_of if ".." not in day]
        if last is None or not known or periods[-1:] != (period,) or (len(periods) == 1 and len(known) > 1):
            return ""
        before = _last_day(periods[-2]) if len(periods) > 1 else None
        is_inside = len(periods) == 1 or (before is not None and known[-1] > before.isoformat())
        return known[-1] if is_inside and known[-1] < last.isoformat() else ""

    def who(self, values: Sequence[str] = ()) -> str:
        """Members that the rows are of: those in the row, and those that conditions name one of; "" for none."""
        named = [visible(value) for value in (*values, *(v for v, _text in self._conditions() if v))]
        return "·".join(dict.fromkeys(named))

    def otherwise(self) -> str:
        """Conditions that are no plain names, and that rights cut the rows; "" where every row counts."""
        told = [self._phrases.condition(text) for value, text in self._conditions() if not value]
        said = join(told, self.language, self.say("且", "and"))
        if len(said) > LONGEST_CONDITIONS * (1 if self.language == "zh" else 2):
            said = self.say("所列条件", "the conditions asked")
        parts = [self.say(f"限{said}", f"where {said}")] if said else []
        read = {dataset for item in self.plan.provenance for dataset in item.datasets}
        predicates = self.narrowed.predicates
        if predicates and (not read or read & set(predicates)):
            parts.append(self.say("仅含您有权查看的范围", "of what you may see"))
        inside = self.say("，", ", ").join(parts)
        return self.say(f"（{inside}）", f" ({inside})") if inside else ""

    def _conditions(self) -> list[tuple[str, str]]:
        """(member named, "") or ("", condition as semantic SQL) for each condition."""
        return [(_member(text, self.narrowed), text) for text in self.plan.understood.conditions]


def order_of(plan: Plan, columns: Sequence[Column]) -> tuple[int, bool] | None:
    """Place of the figure that the rows are ordered by, and whether the largest come first; None for other orders."""
    import sqlglot
    from sqlglot import exp

    if not plan.understood.order.strip():
        return None
    try:
        tree = sqlglot.parse_one(f"SELECT 1 ORDER BY {plan.understood.order}", read="duckdb")
    except sqlglot.ParseError:
        return None
    first = next(tree.find_all(exp.Ordered), None)
    if first is None:
        return None
    written = first.this.sql("duckdb", normalize_functions="lower").replace('"', "").lower()
    for place, column in enumerate(columns):
        if column.kind == "metric" and written in (column.name.lower(), f"{column.function}_{column.metric}".lower()):
            return place, bool(first.args.get("desc"))
    return None


def _member(condition: str, narrowed: Narrowed) -> str:
    """The text in a condition `dimension = 'text'`; "" for every other condition."""
    import sqlglot
    from sqlglot import exp

    try:
        node: Any = sqlglot.parse_one(condition, read="duckdb")
    except sqlglot.ParseError:
        return ""
    if not isinstance(node, exp.EQ) or not isinstance(node.this, exp.Column):
        return ""
    literal = node.expression
    is_name = isinstance(literal, exp.Literal) and literal.is_string and not literal.this.isdigit()
    is_text = is_name and not PERIOD.fullmatch(literal.this)
    return str(literal.this) if is_text and node.this.name.lower() in narrowed.catalog.dimensions else ""


def _by_months(period: str) -> str:
    """A range of days that is a range of whole months as such; any other text as it is."""
    first, dots, last = period.partition("..")
    begins, ends = PERIOD.fullmatch(first), PERIOD.fullmatch(last)
    if not dots or not begins or not ends or begins[7] != "01" or not ends[7] or _last_day(last[:7]) != _last_day(last):
        return period
    return f"{first[:7]}..{last[:7]}" if first[:7] != last[:7] else first[:7]


def _last_day(period: str) -> date | None:
    """The last day of a period literal or range; None for fiscal years and other text."""
    found = PERIOD.fullmatch(period.rpartition("..")[2])
    if found is None or found[1]:
        return None
    _fiscal, year, quarter, half, week, month, day = found.groups()
    try:
        if week:
            return date.fromisocalendar(int(year), int(week), 7)
        if day:
            return date(int(year), int(month), int(day))
        last = int(month or 0) or int(quarter or 0) * 3 or int(half or 0) * 6 or 12
        return date(int(year) + last // 12, last % 12 + 1, 1) - timedelta(days=1)
    except ValueError:
        return None
