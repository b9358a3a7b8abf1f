"""A reading of a Chinese question that says another thing than its words: 只有 read as one of the values, 10天 laid on a
number that names somebody, a group's mean taken over all, a hint's formula left out.

Each is asked back. Nothing is mended here.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import exp

from t2sql.catalog import Field
from t2sql.fields.entities import CODE
from t2sql.fields.index import FieldIndex
from t2sql.fields.linked import Linked

_ONLY = re.compile(r"(?:只|仅)有(?=[一-鿿])|(?:只|仅)(?=[买卖做用开含属办购持])")
_BOTH = re.compile(r"既.{1,12}?[又也]|同时.{0,3}(?:有|包含|拥有|购买|持有)")
_APART = re.compile(
    r"比.{1,16}?[高低多少大长贵快重]多少|相差|差多少|差距|(?:增加|减少|增长|下降|上升|提高|降低|多|少|高|低)了?多少(?![个家条笔位名只次人天年])"
)
_BESIDE = re.compile(r"对比|相比|比较(?!好|多|高|大|快)")
_AGE = re.compile(r"\d+(?:周)?岁|年龄|年纪|年[长轻幼](?=的|者)|最年[长轻]")
_AGE_NAME = re.compile(r"年龄|出生|生日|岁|age|birth|born", re.IGNORECASE)
_LASTS = re.compile(
    r"(?:超过|大于|多于|不足|少于|小于|不到|满|至少|高于|低于|以上|达到?)\s*(?P<number>\d+)\s*(?:多|余)?(?:天|日|小时|分钟|周|个月|年)(?!\d|末|初|底|度|级|代|后|前)"
)
_LASTS_NAME = re.compile(
    r"天|日数|时长|期限|年限|月数|周数|小时|分钟|工龄|账龄|days|hours|months|years|term|duration", re.IGNORECASE
)
_OF_GROUP = re.compile(r"(?:超过|高于|低于|大于|小于|达到)(?:所在|其|本|该|同)?(?P<group>[一-鿿]{2,6}?)(?:内|的)?平均")
_MEAN_OF_EACH = re.compile(r"平均每一?[个位家名只笔次人]")
_TIMES = re.compile(r"人次")
_DAY = re.compile(r"(?:日期|时间|日|时)$")
_DEFINED = re.compile(
    r"(?P<name>[一-鿿A-Za-z][一-鿿A-Za-z0-9]{1,11})(?:\s*[=＝:：]\s*|(?:是指|指的是|指|等于|定义为|表示|即)\s*)(?P<meaning>[^。；;\n]{2,120})"
)
_FIGURES = re.compile(r"\d{4}-\d{2}-\d{2}|\d+(?:\.\d+)?")


def contrary(linked: Linked, hints: str, tree: exp.Expr, index: FieldIndex) -> Iterator[str]:
    """Stretches of the text of `linked` that `tree` turns into something else, or leaves out."""
    reading = _Reading(linked, tree, index)
    yield from reading.sets()
    yield from reading.bounds()
    yield from reading.means()
    yield from reading.days()
    yield from reading.hinted(hints)


class _Reading:
    def __init__(self, linked: Linked, tree: exp.Expr, index: FieldIndex) -> None:
        self.linked, self.tree, self.index, self.text = linked, tree, index, linked.text
        self.bound = [node for kind in (exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between) for node in tree.find_all(kind)]

    def sets(self) -> Iterator[str]:
        """Things that have this and no other, both of two, or the difference of two."""
        is_counted = self.tree.find(exp.Having, exp.Intersect, exp.Except) is not None
        if (match := _ONLY.search(self.text)) and not is_counted and not self.tree.find(exp.Not):
            yield match[0]
        if (match := _BOTH.search(self.text)) and not is_counted and len([*self.tree.find_all(exp.In)]) < 2:
            yield match[0]
        if (match := _APART.search(self.text)) and not self.tree.find(exp.Sub, exp.Window):
            yield match[0]
        if (match := _BESIDE.search(self.text)) and not self.tree.find(exp.AggFunc, exp.Window):
            yield match[0]

    def bounds(self) -> Iterator[str]:
        """A number laid on a code, or on what is measured in another unit than its words."""
        for node in self.bound:
            item = self._field(node.this)
            number = node.args.get("expression") or node.args.get("low")
            if item is None or not isinstance(number, exp.Literal) or number.is_string:
                continue
            name = item.display.zh
            place = max(0, self.text.find(number.name))
            if CODE.search(name) and name not in self.text[max(0, place - len(name) - 4) : place]:
                yield number.name
        columns = {c.name: self._field(c) for c in self.tree.find_all(exp.Column)}
        told = [f"{name} {item.display.zh} {item.description}" for name, item in columns.items() if item is not None]
        if (match := _AGE.search(self.text)) and not any(_AGE_NAME.search(one) for one in told):
            yield match[0]
        match = _LASTS.search(self.text)
        if match is not None and not self.tree.find(exp.Sub, exp.DateDiff):
            laid = [n for n in self.bound if (e := n.args.get("expression")) is not None and e.name == match["number"]]
            items = [item for n in laid if (item := self._field(n.this)) is not None]
            if any(not _LASTS_NAME.search(f"{i.name} {i.display.zh} {i.description} {i.unit or ''}") for i in items):
                yield match[0]

    def means(self) -> Iterator[str]:
        """A mean within a group taken over all; one figure asked, one of each told; people counted for visits."""
        match = _OF_GROUP.search(self.text)
        if match is not None and self._is_thing(match["group"]):
            windows = [*self.tree.find_all(exp.Window)]
            if not windows or any(not w.args.get("partition_by") for w in windows):
                yield match[0]
        if (match := _MEAN_OF_EACH.search(self.text)) and self.tree.find(exp.Group):
            yield match[0]
        if (match := _TIMES.search(self.text)) and any(c.find(exp.Distinct) for c in self.tree.find_all(exp.Count)):
            yield match[0]

    def days(self) -> Iterator[str]:
        """Of several days of one thing (入院日期, 出院日期) another than the words name."""
        for node in self.bound:
            item = self._field(node.this)
            dataset = self.index.catalog.datasets.get(getattr(node.this, "table", "") or self.linked.dataset)
            if item is None or dataset is None or not item.is_time or self._is_said(item):
                continue
            others = [f for f in dataset.fields.values() if f.is_time and f is not item and self._is_said(f)]
            if others:
                yield _DAY.sub("", others[0].display.zh)

    def hinted(self, hints: str) -> Iterator[str]:
        """A name that the hints define, whose figures or signs the SQL has not."""
        written = self.tree.sql(dialect="duckdb")
        for match in _DEFINED.finditer(hints):
            name, meaning = match["name"], match["meaning"]
            if name not in self.text:
                continue
            lacks = any(figure not in written for figure in _FIGURES.findall(meaning))
            divides = re.search(r"[/÷]|除以|占", meaning) and not self.tree.find(exp.Div, exp.Anonymous, exp.Avg)
            minus = re.search(r"[-−－]\s*[一-鿿]|减去?", meaning) and not self.tree.find(exp.Sub)
            if lacks or divides or minus:
                yield name

    def _field(self, column: object) -> Field | None:
        if not isinstance(column, exp.Column):
            return None
        for dataset in (column.table, self.linked.dataset, *(d.dataset for d in self.linked.datasets)):
            found = self.index.catalog.datasets.get(dataset)
            if found is not None and column.name in found.fields:
                return found.fields[column.name]
        return None

    def _is_said(self, item: Field) -> bool:
        stem = _DAY.sub("", item.display.zh)
        return len(stem) >= 2 and stem in self.text

    def _is_thing(self, word: str) -> bool:
        catalog = self.index.catalog
        names = [d.display.zh for d in catalog.datasets.values()]
        names += [f.display.zh for d in catalog.datasets.values() for f in d.fields.values() if f.type == "text"]
        return any(word in name for name in names)
