"""Words of a Chinese question that want a form of SQL of their own, which a reading may lack: 每家…最高的, 首次, 同类平均,
each year's, a rate of which only the amount is known, totals of what happened.

One reading at a time, beside its text. Tells only what is lacking, never how it should read.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from sqlglot import exp

from t2sql.fields.chinese import bare_name
from t2sql.fields.chinese_parts import is_event
from t2sql.fields.index import FieldIndex
from t2sql.fields.linked import Linked
from t2sql.fields.roles import is_number

_EACH = re.compile(r"每(?!股|份|人|百|十|千|手|张|单位)一?[个家只位名支种类]?|各(?!项|自|方)[个家种类]?")
_FIRST = re.compile(r"首次|首[个笔条]|第一[次笔条]|最早一?[次笔条]|初次")
_LIKE = re.compile(
    r"(?:同类|同(?:一?|种|个)?(?:类型|类别|行业|省|城市|地区|部门|科室|级别|等级|品种|公司|期|月|年|岗位))[一-鿿]{0,8}?(?:平均|均值|中位)"
)
_RATE = re.compile(r"率(?!先|领|性)")
_TOTAL = re.compile(r"总[额量数]|总金额|累计")
_BOTH_KINDS = re.compile(r"[和与及、]非")
_COUNT_LISTED = re.compile(r"[和与及、][一-鿿]{1,8}(?<!总)数量?[。？?]?$")
_EACH_KIND = re.compile(r"各[类种](?=[一-鿿])")
_PLACE = re.compile(
    r"(?:并|和|及|以及|、|，)[^，,。；;]{0,8}(?:排名|名次|位次)(?!第|前|后|最|靠|\d)[^，,。；;]{0,3}(?:$|[。？?])"
)


def wanted(linked: Linked, tree: exp.Expr, index: FieldIndex, open_: str) -> Iterator[str]:
    """Stretches of the text that want what `tree` has not; `open_`: the text with what names explain blanked."""
    reading = _Reading(linked, tree, index, open_)
    yield from reading.each()
    yield from reading.groups()
    yield from reading.words()
    yield from reading.periods()
    yield from reading.names()
    yield from reading.unknown()


class _Reading:
    def __init__(self, linked: Linked, tree: exp.Expr, index: FieldIndex, open_: str) -> None:
        self.linked, self.tree, self.index, self.open_ = linked, tree, index, open_
        self.text = linked.text.lower()
        self.is_split = tree.find(exp.Group, exp.Window) is not None or " DISTINCT " in tree.sql()
        self.shown = tree.expressions if isinstance(tree, exp.Select) else []
        self.is_event = is_event(linked.dataset, index) if linked.dataset else False

    def each(self) -> Iterator[str]:
        """The first of each, where the SQL tells the first of all; what happened to each, one by one and not added up."""
        match = _EACH.search(self.open_)
        if match is None or self.is_split:
            return
        if self.tree.args.get("limit") is not None:
            yield match[0]
        others = [g for g in self.linked.groups if g.dataset != self.linked.dataset and not g.grain]
        rows = [i for i in self.shown if isinstance(i, exp.Column) and self._is_amount(i)]
        if self.is_event and others and rows:
            yield match[0]

    def groups(self) -> Iterator[str]:
        """An amount that rows are grouped by, though nobody says by it: a figure was lost."""
        grouped = self.tree.args.get("group")
        said = {g.field for g in self.linked.groups}
        for column in grouped.expressions if isinstance(grouped, exp.Group) else ():
            is_amount = isinstance(column, exp.Column) and self._is_amount(column)
            if is_amount and column.name not in said:
                yield column.name
        order = self.linked.order
        at = self.text[order.span.start : order.span.end] if order is not None else ""
        if re.search(r"第[二两三四五六七八九\d]", at) and self.tree.args.get("limit") is not None:
            yield at

    def words(self) -> Iterator[str]:
        """首次, 同类平均, 和非手术患者, 给出排名."""
        is_rising = any(not ordered.args.get("desc") for ordered in self.tree.find_all(exp.Ordered))
        if (match := _FIRST.search(self.open_)) and not is_rising and not self.tree.find(exp.Min):
            yield match[0]
        if match := _LIKE.search(self.text):
            windows = [*self.tree.find_all(exp.Window)]
            if not windows or any(not w.args.get("partition_by") for w in windows):
                yield match[0]
        if (match := _BOTH_KINDS.search(self.open_)) and not self.is_split and not self.tree.find(exp.Filter):
            yield match[0]
        counts = [item for item in self.shown if item.find(exp.Count, exp.Sum) or self._is_number(item)]
        if (match := _COUNT_LISTED.search(self.text)) and not counts:
            yield match[0]
        if (match := _EACH_KIND.search(self.text)) and len([g for g in self.linked.groups if not g.grain]) > 1:
            yield match[0]
        if (match := _PLACE.search(self.open_)) and "RANK" not in self.tree.sql().upper():
            yield match[0]

    def periods(self) -> Iterator[str]:
        """Each year's, where the SQL tells of all; two years beside each other, added up."""
        limit = self.tree.args.get("limit")
        written = self.tree.sql(dialect="duckdb").lower()
        for group in self.linked.groups:
            if group.grain and limit is not None and f"{group.grain}(" not in written:
                yield self.text[group.span.start : group.span.end]
        days = [s for s in self.linked.stretches if s.first is not None and s.last is not None]
        ordered = sorted(days, key=lambda s: s.span.start)
        for one, other in pairwise(ordered):
            between = self.text[one.span.end : other.span.start]
            is_told = any(f"{g}(" in written for g in ("year", "quarter", "month")) or "filter" in written
            # 近两年（2025年和2026年）: one stretch, told twice.
            is_told = is_told or re.search(r"[（(]", self.text[max(0, one.span.start - 1) : one.span.end]) is not None
            if re.search(r"比|较", between) and not self.tree.find(exp.Filter, exp.Sub, exp.Window):
                yield self.text[one.span.start : other.span.end]
            if re.fullmatch(r"[和与及、]", between) and self.tree.find(exp.Group) and not is_told:
                yield self.text[one.span.start : other.span.end]

    def unknown(self) -> Iterator[str]:
        """各行业的营业利润率, where nothing is called so: what is asked for is not here."""
        for word in self.linked.left:
            if re.search(rf"{re.escape(word)}[了过](?:多少|几)", self.open_):
                # 撤销了多少个网点: what was done to them.
                yield word
            end = rf"的{re.escape(word)}(?:\s|分别|各|是|有|为|多少|情况|如何|怎么样|呢|吗|啊)*[？?。！!]?$"
            if len(word) >= 3 and re.search(end, self.open_.strip()):
                yield word

    def names(self) -> Iterator[str]:
        """净利润率 where only 净利润 is known; 罚款总额 where each fine is told."""
        for found in self.linked.fields:
            item = self.index.field((found.dataset, found.field))
            said = self.text[found.span.start : found.span.end]
            if not is_number(item) or found.score < 0.6:
                continue
            is_inside = any(f.span.start <= found.span.end < f.span.end for f in self.linked.fields)
            if _RATE.match(self.text, found.span.end) and not is_inside and not self.tree.find(exp.Div):
                yield said + "率"
            is_total = (
                _TOTAL.search(said)
                and "总" not in bare_name(item.display.zh)
                and "累计" not in bare_name(item.display.zh)
            )
            if is_total and self.is_event and not self.tree.find(exp.Sum, exp.Count):
                yield said

    def _is_number(self, item: exp.Expr) -> bool:
        fields = [f for d in self.index.catalog.datasets.values() for f in d.fields.values() if f.name == item.name]
        return any(is_number(f) for f in fields)

    def _is_amount(self, column: exp.Column) -> bool:
        dataset = self.index.catalog.datasets.get(self.linked.dataset)
        item = dataset.fields.get(column.name) if dataset is not None and column.table in ("", dataset.name) else None
        return (
            item is not None
            and is_number(item)
            and not item.is_enum
            and not item.aliases
            and item.name not in _keys(dataset)
        )


def _keys(dataset: object) -> tuple[str, ...]:
    return tuple(getattr(dataset, "primary_key", ()))
