"""Chinese questions for groups that bounds choose: 平均总费用超过1万元的科室, 住院次数至少3次且总费用合计超过3万元的患者, 运单超过50单的
客户中平均运费最高的.

Every bound of a figure stands after grouping, every other one before. A figure is shown where it is said beside its bound.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

from t2sql.fields.chinese_groups import COUNTED, Grouped
from t2sql.fields.chinese_parts import Parts
from t2sql.fields.cues import LISTING
from t2sql.fields.index import Key
from t2sql.fields.linked import Aggregate, Bound, Order
from t2sql.fields.writing import bounded

_CALLS = {"avg": "AVG", "sum": "SUM", "max": "MAX", "min": "MIN"}
_AHEAD = re.compile(r"(?:(?P<avg>平均)(?:每\w)?|(?P<sum>累计|合计|总|总的)|(?P<max>最[高大])|(?P<min>最[低小]))的?$")
_BEHIND = re.compile(
    r"的?(?:(?P<avg>平均值?|均值)|(?P<sum>合计|总和|之和|总计|总额|总量|累计|加总)|(?P<max>最[高大]值|峰值)|(?P<min>最[低小]值))(?:都|均|也|要|需|应|在|为|是|达到?)*$"
)
_ALONE = re.compile(rf"{COUNTED}(?:都|均|在|为|是|达到?)*$")


class Chosen(Grouped):
    """Reads groups that bounds of figures choose."""

    def chosen_groups(self) -> Parts | None:
        """Groups with every bound of a figure after grouping; None where no figure is bounded."""
        calls = {b: self._bounded_call(b) for b in self.linked.bounds}
        chosen = [b for b, call in calls.items() if call]
        if not chosen:
            return None
        keys = self._keys_of(chosen)
        names = [self.name(key) for key in keys]
        names += [f"{g.grain}({self.name((g.dataset, g.field))})" for g in self.linked.groups if g.grain]
        if not names:
            self.unread()
            return None
        counted = self._counted(keys) if keys else "COUNT(*)"
        having = " AND ".join(
            bounded(counted if calls[b] == "COUNT" else calls[b], b.operator, b.value, b.upper) for b in chosen
        )
        taken = {b.span for b in chosen}
        rest = [c.alternatives[0].sql for c in self.conditions if c.span not in taken]
        free = [a for a in self.linked.aggregates if not any(self._is_used(a, b) for b in chosen)]
        order = self.linked.order
        if order is not None:
            free = [a for a in free if not self._is_of_order(a, order)]
        end = max(b.span.end for b in chosen)
        if any(a.function.startswith("count") and self._counts_groups(a, keys, end) for a in free):
            return Parts(names, rest, groups=names, having=having, is_counted=True, sure=0.8)
        by = self._by(order, counted) if order is not None else ""
        if order is not None and not by:
            self.unread()
            return None
        shown = [call for a in free if (call := self._call_of(a, counted))]
        if self._shows_count(end) and counted not in shown and "COUNT" in calls.values():
            shown.append(counted)
        return Parts(
            list(dict.fromkeys([*names, *shown])),
            rest,
            groups=names,
            having=having,
            order=[by + (" DESC" if order.descending else "")] if order is not None else [],
            limit=order.limit if order is not None else 0,
            sure=0.8,
        )

    def _bounded_call(self, bound: Bound) -> str:
        """What the bound is of: "COUNT", a call of a field, or "" for a field of each row."""
        if self._counts(bound) or (bound.field is None and _ALONE.search(self.text[: bound.span.start])):
            return "COUNT"
        if bound.field is None or not self.is_number(bound.field):
            return ""
        before = self.text[: bound.span.start]
        mentions = [
            f for f in self.linked.fields if (f.dataset, f.field) == bound.field and f.span.end <= bound.span.start
        ]
        behind = _BEHIND.search(before)
        if behind is None and mentions:
            gap = before[mentions[-1].span.end :]
            ahead = _AHEAD.search(before[: mentions[-1].span.start])
            match = ahead if ahead is not None and not re.search(r"[，,。；;]", gap) else None
        else:
            match = behind
        if match is None:
            return ""
        function = next(name for name, said in match.groupdict().items() if said)
        return f"{_CALLS[function]}({self.name(bound.field)})"

    def _keys_of(self, chosen: list[Bound]) -> list[Key]:
        """What the groups are: said by 各 or 每, or what stands behind the bounds, or whatever the rows have one of."""
        groups = [(g.dataset, g.field) for g in self.linked.groups if not g.grain]
        if groups:
            return self._as_listed(groups)
        if any(g.grain for g in self.linked.groups):
            return []
        last = max(chosen, key=lambda b: b.span.end)
        keys = self._grouping(self._end_of(last), is_bound=self._bounded_call(last) == "COUNT")
        return self._as_listed(keys) if keys else []

    def _is_used(self, aggregate: Aggregate, bound: Bound) -> bool:
        """Whether a figure's words only say what the bound is of."""
        gap = self.text[aggregate.span.end : bound.span.start]
        is_right_before = (
            aggregate.span.end <= bound.span.start and len(gap) <= 14 and not re.search(r"[，,。；;]", gap)
        )
        return is_right_before or (aggregate.span.start < self._end_of(bound) and bound.span.start < aggregate.span.end)

    def _is_of_order(self, aggregate: Aggregate, order: Order) -> bool:
        gap = self.text[aggregate.span.end : order.span.start]
        is_before = aggregate.span.end <= order.span.start and len(gap) <= 12 and not re.search(r"[，,。；;]", gap)
        return is_before or (aggregate.span.start < order.span.end and order.span.start < aggregate.span.end)

    def _by(self, order: Order, counted: str) -> str:
        """What the groups are ordered by; "" where no figure is said for it."""
        before = self.text[max(0, order.span.start - 12) : order.span.start]
        if re.search(rf"{COUNTED}[^，,。；;]*$", before) and not self.number_before(order.span.start):
            return counted
        said = [a for a in self.linked.aggregates if self._is_of_order(a, order) and a.function in ("sum", "avg")]
        said = said or [a for a in self.linked.aggregates if a.function in ("sum", "avg") and a.field == order.field]
        return self._call_of(said[-1], counted) if said else ""

    def _call_of(self, aggregate: Aggregate, counted: str) -> str:
        if aggregate.function.startswith("count"):
            return counted
        if aggregate.field is None or aggregate.function not in _CALLS:
            return ""
        return f"{_CALLS[aggregate.function]}({self.name(aggregate.field)})"

    def _said(self, aggregate: Aggregate) -> str:
        return self.text[aggregate.span.start : aggregate.span.end]

    def _counts_groups(self, aggregate: Aggregate, keys: list[Key], end: int) -> bool:
        """…的客户有多少个: how many groups there are."""
        if aggregate.span.start < end or not keys:
            return False
        between = self.text[end : aggregate.span.start]
        if LISTING.search(between) or re.search(r"[和与及、]$", between) or "次" in self._said(aggregate):
            return False
        tail = self.text[aggregate.span.end :]
        is_last = re.fullmatch(r"[^，,。；;]{0,6}[？?。]?", tail) is not None
        said = aggregate.field
        return is_last and (said is None or said[0] == keys[0][0]) and not self.linked.groups
