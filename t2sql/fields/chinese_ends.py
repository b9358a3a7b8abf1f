"""Chinese questions for the first or the last of each thing: 每位患者最近一次住院的科室, 每个客户第一次寄件的日期; and for what happened
to each, added up: 各科室的总费用.

Which day is meant is the one that is asked for or named, or the dataset's own.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

from t2sql.fields.chinese import bare_name
from t2sql.fields.chinese_groups import Grouped
from t2sql.fields.chinese_parts import Parts
from t2sql.fields.index import Key
from t2sql.fields.roles import core_of_date, date_fields, is_date
from t2sql.fields.writing import quoted
from t2sql.flow import Span

_FIRST = re.compile(r"首次|首[个笔条]|第一[次笔条]|最早的?一?[次笔条]|初次")
_LAST = re.compile(r"最近的?一[次笔条]|最后的?一[次笔条]|末次|上一次")
_EACH = re.compile(r"(?:每(?!股|份|人均)一?[个家只位名支种类]?|各[个家]?)$")
_RATE = re.compile(r"率|价|均|比|倍|指数|净值|年龄|温|期限|天数|评分|得分|系数|等级|折扣|汇率")


class Ends(Grouped):
    """Reads the first and the last of each."""

    def end_of_each(self) -> Parts | None:
        """The first or last row of each thing; None where no thing stands behind 每."""
        first, last = _FIRST.search(self.text), _LAST.search(self.text)
        match = first or last
        order = self.linked.order
        is_otherwise = (order is not None and not order.is_latest) or self._asks_figures() or "为准" in self.text
        if match is None or is_otherwise:
            return None
        told = self._thing()
        if told is None:
            return None
        key, names = told
        day = self._day_of(match)
        if day is None:
            return None
        shown = [k for k in self.roles.shown if k not in names]
        if any(k[0] == names[0][0] != self.dataset for k in shown):
            # 列出患者ID和入院日期: told by what is listed.
            names = []
        # 最近一次评级的评级机构: 评级 says what happened, and is not asked for.
        deeds = [
            f for f in self.linked.fields if f.span.start == match.end() and self.text[f.span.end :].startswith("的")
        ]
        shown = [k for k in shown if k not in {(f.dataset, f.field) for f in deeds}]
        days = [k for k in shown if is_date(self.index.field(k))]
        read = [Span(*match.span())]
        shown = [k for k in shown if k != day or k in days]
        if not [k for k in shown if k != day]:
            call = f"{'MIN' if first else 'MAX'}({self.name(day)})"
            groups = [self.name(k) for k in names]
            if not days and not re.search(r"[日时]|什么时候|哪天|何时", self.text):
                return None
            return Parts([*groups, call], self.all_conditions(), groups=groups, sure=0.8, read=read)
        end = f"RANK() OVER (PARTITION BY {key} ORDER BY {self.name(day)}{'' if first else ' DESC'}) = 1"
        columns = [self.name(k) for k in (*names, *shown)]
        return Parts(columns, self.all_conditions(), qualify=end, sure=0.75, read=read)

    def total_of_each(self) -> Parts | None:
        """各科室的总费用: what each of the things has had, where every row is one that happened."""
        groups = [g for g in self.linked.groups if not g.grain]
        plain = self.linked.order is None and self.linked.latest is None and not self.linked.aggregates
        if not self.is_event or len(groups) != 1 or not plain or groups[0].dataset == self.dataset:
            return None
        key = (groups[0].dataset, groups[0].field)
        amounts = [k for k in self.roles.shown if k != key]
        if not amounts or any(k[0] != self.dataset or not self.is_figure(k) for k in amounts):
            return None
        if any(_RATE.search(bare_name(self.index.field(k).display.zh)) for k in amounts):
            self.unread()
            return None
        name = self.name(key)
        return Parts(
            [name, *(f"SUM({self.name(k)})" for k in amounts)], self.all_conditions(), groups=[name], sure=0.75
        )

    def _asks_figures(self) -> bool:
        return any(a.function not in ("max", "min") for a in self.linked.aggregates)

    def _thing(self) -> tuple[str, list[Key]] | None:
        """The thing behind 每: the column that the rows tell it by, and its name."""
        for mention in self.linked.named:
            assert mention.span is not None
            if not _EACH.search(self.text[: mention.span.start]):
                continue
            for relation in self.index.catalog.relationships:
                is_its = (relation.from_dataset, relation.to_dataset) == (self.dataset, mention.dataset)
                if is_its and len(relation.from_columns) == 1 and not relation.role:
                    own = self.field_of(self.dataset, relation.from_columns[0])
                    if own:
                        return quoted(own), self._named(mention.dataset)
        for found in self.linked.fields:
            item = self.index.field((found.dataset, found.field))
            if found.dataset == self.dataset and item.is_dimension and _EACH.search(self.text[: found.span.start]):
                return quoted(found.field), [(found.dataset, found.field)]
        return None

    def _named(self, dataset: str) -> list[Key]:
        """The thing's name as it is listed, or its label."""
        said = [
            k
            for k in self.roles.shown
            if k[0] == dataset and bare_name(self.index.field(k).display.zh)[-2:] in ("名称", "简称", "姓名", "全称")
        ]
        return said[:1] or self.labels(dataset)

    def _day_of(self, match: re.Match[str]) -> Key | None:
        """The day that is asked for, the one of what happens (第一次寄件), or the dataset's own."""
        dates = [f for f in date_fields(self.index.catalog.datasets[self.dataset]) if f.is_named]
        asked = [k for k in self.roles.shown if k[0] == self.dataset and is_date(self.index.field(k))]
        if len(asked) == 1:
            return asked[0]
        rest = self.text[match.end() : match.end() + 8]
        done = [f for f in dates if (core := core_of_date(f)) and core[-2:] in rest]
        chosen = done or dates
        return (self.dataset, chosen[0].name) if chosen and (len(done) == 1 or len(dates) == 1 or not done) else None
