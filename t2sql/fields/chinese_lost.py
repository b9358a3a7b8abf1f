"""What a reading of a Chinese question lost of its pairs, things, units and ways: each of them is asked back.

Where words join two of which one is not understood, half a question would be answered; where rows reach a thing by a
way that nobody said, another's would. Tells only that, never mends it.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterator

import sqlglot
from sqlglot import exp

from t2sql.fields.chinese import bare_name
from t2sql.fields.chinese_said import JOIN, Said
from t2sql.fields.entities import thing_of
from t2sql.fields.index import FieldIndex
from t2sql.fields.linked import Linked
from t2sql.fields.roles import is_number

_PLAIN = re.compile(
    r"(?:数据|记录|情况|信息|[指标数]{1,2}值|[金总数]额|合计|总[和计量数]|[个次家只人笔条]数|累计|数量|明细|名单|列表|结果|多少|哪些|相关|其他|全部|所有|分别|对应|所属|它们|他们|各自|其|有|是|还|的|在|也|都|并)+"
)
_AFTER_JOIN = re.compile(rf"{JOIN}(?P<said>[一-鿿]{{2,8}})(?=$|[，,。；;？?!！])")
_SETS_BESIDE = re.compile(
    r"相比|对比|相较|较(?=去年|上年|前年|上月|上季|同期)|分别|各(?:是|有|为|自)|[谁哪][个家只一]?更"
)
_UNITS = (
    ("天", re.compile(r"天|日(?!元)")), ("年", re.compile(r"周?年|岁")), ("月", re.compile(r"个?月")), ("时", re.compile(r"小时|分钟|秒")),
    ("元", re.compile(r"[十百千]?[万亿]?(?:元|美元|港元|人民币|块|欧元|英镑)")), ("重", re.compile(r"吨|千克|公斤|克|kg")), ("长", re.compile(r"公里|千米|米|km")),
    ("率", re.compile(r"%|％|个?百分点|个?基点|bp")), ("人", re.compile(r"人|户|名|位")), ("件", re.compile(r"件|份|股|手|台|辆|张|只|次|笔|单|条|家|个")),
)  # fmt: skip
_TOLD_UNIT = re.compile(r"[(（:：](?:单位[:：]?)?(?P<unit>[^()（）:：，,]{1,8})[)）]?$")


def lost(linked: Linked, semantic_sql: str, index: FieldIndex, open_: str) -> Iterator[str]:
    """Stretches of the text that `semantic_sql` does not hold; `open_`: the text with what names explain blanked."""
    tree = sqlglot.parse_one(semantic_sql, read="duckdb")
    reading = _Reading(linked, semantic_sql, tree, index, open_)
    yield from reading.words()
    yield from reading.joined()
    yield from reading.beside_things()
    yield from reading.several()
    yield from reading.unused()
    yield from reading.events()
    yield from reading.units()
    yield from reading.ways()
    yield from reading.latest()


class _Reading(Said):
    """One reading beside its question."""

    def joined(self) -> Iterator[str]:
        """A word that 和 joins to one that is understood, and that nothing explains: half of what is asked."""
        for word in self.linked.left:
            said = re.escape(word)
            if re.search(rf"{JOIN}{said}|{said}{JOIN}", self.open_) and not _PLAIN.fullmatch(word):
                yield word
        for match in _AFTER_JOIN.finditer(self.open_):
            start, end = match.span("said")
            if not _PLAIN.fullmatch(match["said"]) and not self._is_explained(start, end):
                yield match["said"]

    def _is_explained(self, start: int, end: int) -> bool:
        spans = [f.span for f in self.linked.fields] + [a.span for a in self.linked.aggregates]
        spans += [g.span for g in self.linked.groups] + [c.span for c in self.linked.conditions]
        spans += [o.span for o in (self.linked.order, self.linked.latest) if o is not None]
        return any(s.start < end and start < s.end for s in spans)

    def beside_things(self) -> Iterator[str]:
        """基金经理王小明的: a word right behind a thing that nothing explains says which of them is meant."""
        names = [d.display.zh for d in self.index.catalog.datasets.values()]
        for thing in self.linked.named:
            rest = self.open_[thing.span.end :] if thing.span is not None else ""
            for word in self.linked.left:
                is_name = len(word) <= 4 and not any(word in name for name in names)
                if is_name and re.match(rf"{re.escape(word)}(?:的|旗下|名下|所|管理|负责|担任)", rest):
                    yield word

    def several(self) -> Iterator[str]:
        """Two that are set beside each other, where the SQL tells one figure of both, or not which is which."""
        match = _SETS_BESIDE.search(self.open_)
        named = [v for v in self.linked.values if not v.is_negated]
        keys = {(v.dataset, v.field) for v in named if len({w.value for w in named if w.field == v.field}) > 1}
        is_mean = self.tree.find(exp.Avg) is not None and not re.search(r"总|一共|合计|共", self.open_)
        for key in keys if match is not None or is_mean else ():
            # Rows of things that are named one by one are told as they were asked for.
            is_name = bare_name(self.index.field(key).display.zh).endswith(("名称", "简称", "全称", "姓名", "缩写"))
            if (is_mean or not is_name) and not self._is_shown(key[1]) and self.tree.find(exp.Filter) is None:
                yield match[0] if match is not None else "平均"
        is_told = len(self.shown) > 1 or self.tree.find(exp.Group, exp.Window) is not None or " - " in self.sql
        if match is not None and not is_told and not keys and "或" not in self.open_:
            yield match[0]

    def _is_shown(self, name: str) -> bool:
        return any(c.name == name for item in self.shown for c in item.find_all(exp.Column))

    def unused(self) -> Iterator[str]:
        """A figure that is named outright and stands nowhere in the SQL: 营业收入同比下降的公司数量."""
        for found in self.linked.fields:
            key = (found.dataset, found.field)
            is_sure = found.how == "exact" and found.score >= 0.9 and is_number(self.index.field(key))
            names = {name for _table, name in self.columns}
            others = [f for f in self.linked.fields if f.span.start < found.span.end and found.span.start < f.span.end]
            is_said = any(v.span.start < found.span.end and found.span.start < v.span.end for v in self.linked.values)
            if is_sure and not is_said and not any(f.field in names for f in others):
                yield self.text[found.span.start : found.span.end]

    def events(self) -> Iterator[str]:
        """优品的运费是多少: one thing's figure, of which the SQL would list many."""
        root = self.index.catalog.datasets.get(self.linked.dataset)
        far = {v.dataset for v in self.linked.values if not v.is_negated} - {self.linked.dataset}
        is_plain = not self.tree.find(exp.AggFunc, exp.Order, exp.Window) and not self.linked.stretches
        numbers = [i for i in self.shown if isinstance(i, exp.Column) and (f := self._field(i)) and is_number(f)]
        asks = re.search(r"[是有各]多少|多少钱", self.open_)
        if asks and root is not None and far and is_plain and numbers and len(numbers) == len(self.shown):
            steps = [r for r in self.index.catalog.relationships if r.from_dataset == root.name]
            pointing = {column for step in steps for column in step.from_columns}
            if len(root.primary_key) == 1 and root.primary_key[0] not in pointing:
                yield asks[0]

    def units(self) -> Iterator[str]:
        """A number of days that bounds a column of money."""
        for bound in self.linked.bounds if " HAVING " not in self.sql else ():
            item = self.index.field(bound.field) if bound.field is not None else None
            told = _TOLD_UNIT.search(item.description.strip()) if item is not None else None
            column = _kind(item.unit or (told["unit"] if told else "")) if item is not None else ""
            said = self.text[bound.span.start : bound.span.end + 3]
            number = re.search(r"[\d一二两三四五六七八九十][十百千万亿]*(?P<unit>[^\d\s十百千万亿]{1,3})", said)
            spoken = _kind(number["unit"]) if number is not None else ""
            # Pieces and people are counted in many words.
            if column and spoken and column != spoken and not {column, spoken} <= {"人", "件"}:
                yield said

    def ways(self) -> Iterator[str]:
        """The way to a thing that the rows point to in several roles (始发网点, 目的网点), or by another thing's way."""
        root = self.index.catalog.datasets.get(self.linked.dataset)
        for name in {table for table, _name in self.columns if table != self.linked.dataset}:
            other = self.index.catalog.datasets.get(name)
            if root is None or other is None or name not in self.index.reach[root.name]:
                continue
            steps = [r for r in self.index.catalog.relationships if (r.from_dataset, r.to_dataset) == (root.name, name)]
            things = {t for f in other.fields.values() if f.expression in other.primary_key and (t := thing_of(f))}
            own = [f for f in root.fields.values() if any(thing_of(f).endswith(t) for t in things)]
            is_told = any(thing_of(f) in self.text for f in own if thing_of(f) not in things)
            if (len(steps) != 1 and own and not is_told) or (not steps and own):
                yield name

    def latest(self) -> Iterator[str]:
        """最近一个交易日, where the SQL shows every day."""
        latest = self.linked.latest
        if latest is None or latest.field is None:
            return
        day = latest.field[1]
        ends = [*self.tree.find_all(exp.Ordered, exp.Max)]
        if not any(column.name == day for end in ends for column in end.find_all(exp.Column)):
            yield self.text[latest.span.start : latest.span.end]


def _kind(unit: str) -> str:
    """What sort of thing a unit counts: 元 of 亿元; "" where it is none of those known."""
    return next((kind for kind, pattern in _UNITS if pattern.match(unit)), "")
