"""Chinese questions for what changed between two stretches of days: 2025年营业收入比2024年增加了多少, 三季度末规模较二季度末下降的基金,
同比增长率最高的行业.

A figure is added up in each stretch and set beside the other; rows of other days take no part. Where the base is missing
nothing is told of a thing.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from dataclasses import dataclass, replace

from t2sql.fields.chinese_groups import Grouped
from t2sql.fields.chinese_parts import Parts
from t2sql.fields.index import Key
from t2sql.fields.linked import Bound, Stretch
from t2sql.fields.writing import bounded, within_days
from t2sql.flow import Span

_BESIDE = re.compile(r"比|较|相比|相较|对比|到|至")
_UP = r"增长|增加|上升|上涨|提高|提升|扩大|多|高|涨"
_DOWN = r"减少|下降|下跌|降低|下滑|回落|少|低|跌"
_MOVE = re.compile(rf"(?P<up>{_UP})|(?P<down>{_DOWN})|(?P<both>变化|变动|增减|差)")
_RATE = re.compile(r"(?:率|幅度?|比例|百分之|百分比|了?%|百分点)")
_HOW_MUCH = re.compile(r"(?:了)?(?:多少|几)(?!家|个|只|名|位|条|次|支|户)|(?:额|量|值|率|幅度?|情况)")
_DAYS = re.compile(r'^\(?\(?(?P<name>[\w".]+) >= ')
_NO_SUM = re.compile(r"率|价|均|占比|比例|比重|倍|指数|净值|年龄|温|期限|天数")
_STOCK = re.compile(r"余额|规模|存量|资产|负债|净值|期末|月末|年末|户数|人数|持仓|库存|保有|在册|数量$")


@dataclass(frozen=True, slots=True)
class _Move:
    span: Span
    is_up: bool | None
    """None for a change either way."""
    is_rate: bool
    is_asked: bool
    """How much it is, and not only that it is."""


class Moved(Grouped):
    """Reads a change between two stretches that the text names."""

    def moved(self) -> Parts | None:
        """The change; None where the text names no two stretches with a word of change."""
        stretches = sorted(self.linked.stretches, key=lambda s: s.span.start)
        if len(stretches) != 2 or any(s.first is None or s.last is None for s in stretches):
            return None
        move = self._move(stretches)
        if move is None or self.linked.is_any:
            return None
        figure = self._figure(stretches)
        day = self._day(stretches)
        whole = [self._whole(s, day, figure) for s in stretches]
        if not figure or not day or not all(whole):
            self.unread()
            return None
        spans = {s.span for s in stretches}
        later, earlier = sorted([s for s in whole if s], key=lambda s: s.first or s.last or 0, reverse=True)
        now, then = (f"{figure} FILTER (WHERE {within_days(day, s.first, s.last)})" for s in (later, earlier))
        apart = f"{now} - {then}"
        rate = f"({apart}) / {then}"
        call = rate if move.is_rate else apart
        if move.is_asked and move.is_up is False and not move.is_rate:
            # 下降了多少: how far down.
            call = f"{then} - {now}"
        keys = self._keys(move)
        names = [self.name(k) for k in keys]
        bounds = [b for b in self.linked.bounds if 0 <= b.span.start - move.span.end <= 6]
        taken = spans | {b.span for b in bounds}
        rest = [c.alternatives[0].sql for c in self.conditions if not any(_meet(c.span, span) for span in taken)]
        order = self.linked.order
        read = [move.span, *spans, *(b.span for b in bounds), *self._beside(stretches)]
        having = ""
        if bounds:
            having = self._bounded(bounds[0], rate, call, move)
        elif move.is_up is not None and not move.is_asked and order is None:
            having = f"{apart} {'>' if move.is_up else '<'} 0"
        if having or (order is not None and order.limit):
            if not names:
                return None
            counts = [
                a for a in self.linked.aggregates if a.function.startswith("count") and a.span.start > move.span.end
            ]
            shown = [*names, *([f"{call} AS change"] if move.is_asked and not counts else [])]
            by = []
            if order is not None:
                by = [
                    (rate if move.is_rate else apart if move.is_up is not False else f"{then} - {now}")
                    + (" DESC" if order.descending else "")
                ]
            return Parts(
                shown, rest, groups=names, having=having, order=by, limit=order.limit if order else 0,
                is_counted=bool(counts), sure=0.7, read=read,
            )  # fmt: skip
        if not move.is_asked:
            return None
        by = [f"{call}{' DESC' if order.descending else ''}"] if order is not None else []
        return Parts([*names, f"{call} AS change"], rest, groups=names, order=by, sure=0.7, read=read)

    def _move(self, stretches: list[Stretch]) -> _Move | None:
        """The word of change, where 比 or 较 stands between or before the stretches."""
        first, second = stretches
        between = self.text[first.span.end : second.span.start]
        after = self.text[second.span.end :]
        if not _BESIDE.search(between) and not re.match(r"(?:末|底)?(?:相比|相较|对比)", after):
            return None
        match = next((m for m in _MOVE.finditer(self.text, second.span.end) if not self._is_inside(m)), None)
        if match is None:
            return None
        tail = self.text[match.end() : match.end() + 6]
        is_rate = re.match(r"的?(?:率|幅|比例|了?百分之|百分比)", tail) is not None
        is_asked = is_rate or re.match(r"的?(?:了)?(?:多少|几(?!家|个))|的?(?:额|量|值|情况)", tail) is not None
        is_asked = is_asked or match["both"] is not None
        is_up = None if match["both"] else bool(match["up"])
        end = match.end() + (
            re.match(r"(?:的?了?(?:率|幅度?|多少|额|量|值|情况|比例|百分之几)*)", tail) or match
        ).end() * bool(tail)
        return _Move(Span(match.start(), min(end, len(self.text))), is_up, is_rate, is_asked)

    def _is_inside(self, match: re.Match[str]) -> bool:
        """Whether the word is a piece of a column's whole name."""
        exact = [f.span for f in self.linked.fields if f.how == "exact"]
        return any(s.start <= match.start() < s.end for s in exact)

    def _figure(self, stretches: list[Stretch]) -> str:
        """What is set beside itself: a field added up, a mean, or how many there are."""
        numbers = [f for f in self.linked.fields if self.is_figure((f.dataset, f.field)) and f.score >= 0.75]
        numbers = [f for f in numbers if f.span.start < stretches[1].span.start or f.how == "exact"]
        keys = list(dict.fromkeys((f.dataset, f.field) for f in numbers))
        functions = {a.function for a in self.linked.aggregates if a.function in ("sum", "avg")}
        if len(keys) == 1 and keys[0][0] == self.dataset:
            if functions == {"avg"}:
                return f"AVG({self.name(keys[0])})"
            name = self.index.field(keys[0]).display.zh
            is_single = not self.is_event
            if _NO_SUM.search(name) and not is_single:
                return ""
            return f"SUM({self.name(keys[0])})" if not _NO_SUM.search(name) else f"AVG({self.name(keys[0])})"
        return "COUNT(*)" if not keys and self.is_count else ""

    def _whole(self, stretch: Stretch, day: str, figure: str) -> Stretch | None:
        """The days whose rows add up to the figure: the year's own report of several so far; None where they do not."""
        first, last = stretch.first, stretch.last
        if self.is_event or first is None or last is None or (last - first).days <= 31:
            return stretch
        item = self.index.catalog.datasets[self.dataset].fields.get(day.split(".")[-1].strip('"'))
        if item is not None and "报告期" in item.display.zh:
            return replace(stretch, first=last.replace(day=1))
        names = [self.index.field((f.dataset, f.field)).display.zh for f in self.linked.fields]
        return None if any(_STOCK.search(name) for name in names) else stretch

    def _day(self, stretches: list[Stretch]) -> str:
        for condition in self.conditions:
            match = _DAYS.match(condition.alternatives[0].sql)
            if match and any(_meet(condition.span, s.span) for s in stretches):
                return match["name"]
        return ""

    def _keys(self, move: _Move) -> list[Key]:
        """Of what each change is: 各 or 每, or the things that the text ends with; none for one figure of all."""
        groups = [(g.dataset, g.field) for g in self.linked.groups if not g.grain]
        if groups:
            return self._as_listed(groups)
        named = {(v.dataset, v.field) for v in self.linked.values}
        told = [d for d in self.linked.named if d.span is not None and d.span.start >= move.span.end]
        told = [d for d in told if not any(key[0] == d.dataset for key in named)]
        labels = [key for d in told[:1] for key in self.labels(d.dataset)]
        if labels:
            return self._as_listed(labels)
        members = [
            (f.dataset, f.field)
            for f in self.linked.fields
            if f.span.start >= move.span.end
            and self.index.field((f.dataset, f.field)).is_dimension
            and not self.is_number((f.dataset, f.field))
        ]
        return members[:1]

    def _bounded(self, bound: Bound, rate: str, call: str, move: _Move) -> str:
        is_part = re.search(r"%|％|百分之", self.text[bound.span.start : bound.span.end + 1]) is not None
        value = round(bound.value / 100, 9) if is_part else bound.value
        side = rate if is_part else call
        operator = bound.operator
        if move.is_up is False:
            value, operator = -value, {">": "<", ">=": "<=", "<": ">", "<=": ">="}.get(operator, operator)  # type: ignore[assignment]
            side = rate if is_part else call
        return bounded(f"({side})", operator, value, None)

    def _beside(self, stretches: list[Stretch]) -> list[Span]:
        first, second = stretches
        between = _BESIDE.search(self.text, first.span.end, second.span.start)
        return [Span(between.start(), between.end())] if between else []


def _meet(a: Span, b: Span) -> bool:
    return a.start < b.end and b.start < a.end
