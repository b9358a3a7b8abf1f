"""Chinese questions for what is not there: 没有发行过债券的发行人, 未披露规模的债券, 现任的基金经理.

A thing is without rows of another dataset where those point to it; a column is empty where the text says that it is.
"""

# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

from t2sql.fields.chinese_parts import Parts, Sentence
from t2sql.fields.linked import DatasetFound
from t2sql.fields.roles import core_of_date, is_date, is_flag
from t2sql.fields.writing import quoted, select

_WITHOUT = re.compile(r"(?:没有|未曾?|从未|尚未|不曾|从来没有?|无)(?:[^，,。；;]{0,6}?)$")
_NULL = re.compile(
    r"(?:没有|未|尚未|无|缺少|缺失)(?:披露|公布|填写|记录|登记|公开|给出|提供|设置|填|注明|标明|说明)?(?:其)?$"
)
_NULL_AFTER = re.compile(r"(?:的)?(?:为空|是空|缺失|未披露|没有披露|未公布|未填写|未知|空缺)")
_STILL = re.compile(r"现任|在任|在职|在岗|(?:未|没有)离[任职]|仍(?:然|在)?任|至今仍")
_LEAVING = re.compile(r"离任|离职|卸任|任职(?:结束|终止|截止)|任期(?:结束|截止|终止)|终止任职")


_NOT_YET = re.compile(r"(?:(?:还|尚|仍|至今|一直)*(?:没有?|未)(?:被|曾|经)?|(?P<done>已经?))(?=[一-鿿]{2})")
# Days that are planned stand in their column before they come.
_PLANNED = re.compile(r"到期|届满|付息|兑付|还款|摘牌|截止|结束|终止|计划|预计|应")


_NO_SUCH = re.compile(r"(?:没有|无)(?P<what>[一-鿿]{2,4}?)的")
_KIND_OF = re.compile(r"(?:方式|类型|类别|机构|情况|信息|人|方|名称|日期|时间)?")


class Absent(Sentence):
    """Reads what is asked to be without something."""

    def without(self) -> Parts | None:
        """Things that no row of another dataset names, rows whose field is empty, whoever has not left."""
        for mention in self.linked.named:
            parts = self._without_rows(mention)
            if parts is not None:
                return parts
        return self._still() or self._not_yet() or self._empty()

    def _without_rows(self, mention: DatasetFound) -> Parts | None:
        """哪些发行人没有发行过债券: things that no row of another dataset names."""
        assert mention.span is not None
        if not _WITHOUT.search(self.text[: mention.span.start]) or self.text[mention.span.end :].startswith("的记录"):
            return None
        # The thing without is named elsewhere: the dataset that rows of this one point to.
        many = mention.dataset
        for relation in self.index.catalog.relationships:
            one = relation.to_dataset
            said = any(d.dataset == one and d is not mention for d in self.linked.named)
            if relation.from_dataset != many or not said or relation.role or len(relation.from_columns) != 1:
                continue
            key, foreign = self.field_of(one, relation.to_columns[0]), self.field_of(many, relation.from_columns[0])
            if not key or not foreign:
                continue
            inner = [c.alternatives[0].sql for c in self.conditions if c.alternatives[0].dataset == many]
            outer = [c.alternatives[0].sql for c in self.conditions if c.alternatives[0].dataset != many]
            self.dataset = one
            absent = f"{self.name((one, key))} NOT IN ({select([quoted(foreign)], many, inner)})"
            fields = [f for f in self.linked.fields if f.dataset == one and f.score >= 0.8 and not self.limits(f)]
            own = [self.name((f.dataset, f.field)) for f in fields]
            labels = [self.name(k) for k in self.labels(one)]
            return Parts(["COUNT(*)"] if self.is_count else own or labels, [*outer, absent], sure=0.85)
        return None

    def _empty(self) -> Parts | None:
        """没有披露发行规模的债券: rows whose field is empty; 没有担保的 where a column is called 担保方式."""
        part = _NO_SUCH.search(self.text)
        if part is not None and not any(d.span and d.span.start == part.start("what") for d in self.linked.named):
            for name in (self.dataset, *self.index.reach[self.dataset]):
                fields = self.index.catalog.datasets[name].fields.values()
                held = [f for f in fields if f.is_named and _KIND_OF.fullmatch(f.display.zh.removeprefix(part["what"]))]
                held = [f for f in held if f.display.zh.startswith(part["what"]) and not is_flag(f)]
                told = any("无" in v for f in held for v in (*self.index.stored.get((name, f.name), ()), *f.members))
                if len(held) == 1 and not told:
                    empty = f"{self.name((name, held[0].name))} IS NULL"
                    names = [self.name(k) for k in self.roles.shown or self.labels(self.dataset)]
                    return Parts(["COUNT(*)"] if self.is_count else names, [*self.all_conditions(), empty], sure=0.85)
        for mention in self.linked.fields:
            before, after = self.text[: mention.span.start], self.text[mention.span.end :]
            key = (mention.dataset, mention.field)
            is_own = mention.dataset == self.dataset and mention.score >= 0.8
            if not is_own or not (_NULL.search(before) or _NULL_AFTER.match(after)) or is_flag(self.index.field(key)):
                continue
            shown = [k for k in self.roles.shown if k != key] or self.labels(self.dataset)
            empty = f"{self.name(key)} IS NULL"
            return Parts(
                ["COUNT(*)"] if self.is_count else [self.name(k) for k in shown],
                [*self.all_conditions(), empty],
                sure=0.8,
            )
        return None

    def _not_yet(self) -> Parts | None:
        """还没出院的患者, 已经离职的医生: what happens on a day that is not known yet, or is."""
        for match in _NOT_YET.finditer(self.text):
            is_read = any(c.span.start < match.end() + 2 and match.start() < c.span.end for c in self.conditions)
            for item in () if is_read else self.index.catalog.datasets[self.dataset].fields.values():
                core = core_of_date(item) if is_date(item) and item.is_named else ""
                if not core or _PLANNED.search(core) or not self.text.startswith(core, match.end()):
                    continue
                key = (self.dataset, item.name)
                said = [f for f in self.linked.fields if (f.dataset, f.field) == key and f.span.start > match.end() + 2]
                shown = [k for k in self.roles.shown if k != key or said] or self.labels(self.dataset)
                figures = [f for f, _k in self.roles.figures if not f.startswith("count")]
                if figures or self.linked.groups or not shown:
                    return None
                names = ["COUNT(*)"] if self.is_count else [self.name(k) for k in shown]
                empty = f"{self.name(key)} {'IS NOT NULL' if match['done'] else 'IS NULL'}"
                return Parts(names, [*self.all_conditions(), empty], sure=0.75)
        return None

    def _still(self) -> Parts | None:
        """现任的, 仍在任的: whoever has no day of leaving."""
        if not _STILL.search(self.text):
            return None
        for name in (self.dataset, *self.index.reach[self.dataset]):
            left = [
                f
                for f in self.index.catalog.datasets[name].fields.values()
                if is_date(f) and _LEAVING.search(f.display.zh)
            ]
            if len(left) != 1:
                continue
            null = f"{self.name((name, left[0].name))} IS NULL"
            figures = [self.name(k) for k in self.roles.shown if k != (name, left[0].name)]
            if self.roles.figures or not figures:
                named = [d.dataset for d in self.linked.named if d.dataset != self.dataset]
                own = (
                    self.field_of(named[0], next(iter(self.index.catalog.datasets[named[0]].primary_key), ""))
                    if named
                    else ""
                )
                count = f"COUNT(DISTINCT {self.name((named[0], own))})" if own else "COUNT(*)"
                is_count = any(f.startswith("count") for f, _k in self.roles.figures)
                return (
                    Parts([count], [*self.all_conditions(), null], sure=0.75)
                    if is_count and len(self.roles.figures) == 1
                    else None
                )
            return Parts(figures, [*self.all_conditions(), null], is_distinct=self.roles.is_distinct, sure=0.8)
        return None
