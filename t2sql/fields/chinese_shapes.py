"""Chinese questions that are more than a list of columns: ranks by counts and sums, groups by how many, things without
any, shares, more than the average, the latest of many.

Each shape is one way to change the plain reading of `roles_of`; where none fits the plain one stands. Never runs
anything: the compiler checks what is written here.
"""

# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

from t2sql.fields.asking import Roles
from t2sql.fields.chinese_absent import Absent
from t2sql.fields.chinese_groups import Grouped
from t2sql.fields.chinese_parts import Parts
from t2sql.fields.entities import CODE, labels_of
from t2sql.fields.index import FieldIndex
from t2sql.fields.linked import Linked
from t2sql.fields.roles import is_date
from t2sql.fields.writing import quoted

_SHARE = re.compile(
    r"(?:所占|占)(?P<whole>[^，,。；;]{0,16}?)的?(?P<kind>比例|比重|比率|百分比|份额|百分之|比(?!较)|多少)|(?:的)(?P<alone>占比|比例|比重|百分比)(?![^，,。]{0,3}[高低大小]于)"
)
_AGAINST = re.compile(
    r"(?P<op>高于|超过|大于|多于|高过|低于|小于|少于|不足|不到|不低于|不高于)(?:了)?(?P<of>[^，,。；;]{0,14}?)(?:的)?(?:平均(?:值|水平|数)?|均值)"
)
_DIFFERENCE = re.compile(r"(?:之差|的?差额|的?差值|的?差距|相差)")
_OPERATORS = {"高于": ">", "超过": ">", "大于": ">", "多于": ">", "高过": ">", "不低于": ">=", "不高于": "<="}


def read_shape(linked: Linked, roles: Roles, index: FieldIndex) -> tuple[str, float]:
    """Semantic SQL of a question of one of the shapes, and how plain it is; ("", d) where it has none of them, d being
    how much of a plain reading's sureness is left: little where the words ask for a shape that could not be made.
    """
    reader = _Shapes(linked, roles, index)
    for shape in (
        reader.without,
        reader.latest,
        reader.against_average,
        reader.share,
        reader.how_many_each,
        reader.ranked_groups,
        reader.difference,
    ):
        parts = shape()
        if parts is not None:
            return reader.written(parts), parts.sure
    return "", reader.left


class _Shapes(Absent, Grouped):
    """Every shape of one question."""

    def latest(self) -> Parts | None:
        """最新一期净利润排名前十的公司: every row of the last day, where a day has many."""
        latest, order = self.linked.latest, self.linked.order
        figures = [a for a in self.linked.aggregates if a.function not in ("max", "min")]
        is_counted = bool(figures) and all(a.function.startswith("count") for a in figures)
        if latest is None or latest.field is None or (figures and not is_counted):
            return None
        each = self._each()
        if self.linked.groups and not each:
            return None
        dataset = self.index.catalog.datasets[self.dataset]
        dates = {f.expression for f in dataset.fields.values() if is_date(f)}
        has_many = bool(set(dataset.primary_key) - dates) and len(dataset.primary_key) > 1
        one = [v for v in self.linked.values if self._tells(v.dataset, v.field)]
        is_one = len(one) == 1 and not one[0].is_negated
        ranked = order if order is not None and not order.is_latest and order.field is not None else None
        if not has_many or is_one or self.linked.stretches or self.linked.is_any:
            return None
        own = self.field_of(self.dataset, dataset.primary_key[0]) if is_counted else ""
        shown = [quoted(own)] if own else [self.name(k) for k in self.roles.shown if k != latest.field]
        if not shown:
            return None
        day = self.name(latest.field)
        part = ""
        if len(one) > 1:
            part = f"PARTITION BY {self.name((one[0].dataset, one[0].field))} "
        if each:
            part = f"PARTITION BY {quoted(each)} "
        by = (
            [self.name(ranked.field) + (" DESC" if ranked.descending else "")]
            if ranked is not None and ranked.field
            else []
        )
        last = f"RANK() OVER ({part}ORDER BY {day} DESC) = 1"
        limit = ranked.limit if ranked else 0
        # What is said of the rows themselves is said of the latest ones.
        own_said = [c.alternatives[0].sql for c in self.conditions if c.alternatives[0].dataset == self.dataset]
        rest = [sql for sql in self.all_conditions() if sql not in own_said]
        last = " AND ".join([last, *own_said])
        return Parts(shown, rest, qualify=last, order=by, limit=limit, is_counted=is_counted, sure=0.8)

    def _each(self) -> str:
        """The field that points to the things of each of which the latest is meant: 每家发行人以最近一次评级为准."""
        if not re.search(r"每[一]?[个家只位支种]?|各[个家]?|为准", self.text):
            return ""
        for mention in self.linked.named:
            for relation in self.index.catalog.relationships:
                is_its = relation.from_dataset == self.dataset and relation.to_dataset == mention.dataset
                if is_its and len(relation.from_columns) == 1:
                    return self.field_of(self.dataset, relation.from_columns[0])
        return ""

    def _tells(self, dataset: str, field: str) -> bool:
        """Whether a field's values name one thing each: a name or a code."""
        item = self.index.field((dataset, field))
        is_label = any(f.name == field for f in labels_of(self.index.catalog.datasets[dataset]))
        return is_label or bool(CODE.search(item.display.zh)) or item.display.zh.endswith(("名称", "简称", "全称"))

    def against_average(self) -> Parts | None:
        """票面利率高于平均值的债券: rows beside the mean of them all."""
        match = _AGAINST.search(self.text)
        if match is None:
            return None
        self.unread()
        if any(b.span.start < match.end() and match.start() < b.span.end for b in self.linked.bounds):
            return None
        numbers = [f for f in self.linked.fields if self.is_figure((f.dataset, f.field))]
        before = [f for f in numbers if f.span.end <= match.start()]
        inside = [f for f in numbers if match.start() <= f.span.start < match.end()]
        after = [f for f in numbers if f.span.start == match.end()]
        chosen = before[-1:] or inside[:1] or after[:1]
        if not chosen or chosen[0].dataset != self.dataset or self.linked.groups:
            return None
        key = (chosen[0].dataset, chosen[0].field)
        name = self.name(key)
        operator = _OPERATORS.get(match["op"], "<")
        is_count = any(a.function.startswith("count") for a in self.linked.aggregates)
        said_twice = [
            f
            for f in self.linked.fields
            if (f.dataset, f.field) == key and not match.start() <= f.span.start <= match.end()
        ]
        shown = [k for k in self.roles.shown if k != key or len(said_twice) > 1]
        shown = shown or self.labels(self.dataset)
        above = f"{name} {operator} AVG({name}) OVER ()"
        return Parts(
            [self.name(k) for k in shown], self.all_conditions(), qualify=above, is_counted=is_count, sure=0.85
        )

    def share(self) -> Parts | None:
        """含权债券占全部债券的比例; 各行业的发行人占比."""
        match = _SHARE.search(self.text)
        over = [
            f
            for f in self.linked.fields
            if match and f.span.start < match.end() and match.start() < f.span.end and f.score >= 0.8
        ]
        if match is None or any(
            CODE.sub("", self.text[f.span.start : f.span.end])
            and re.search(r"占|比", self.text[f.span.start : f.span.end])
            for f in over
        ):
            return None
        times = " * 100" if match["kind"] in ("百分比", "百分之") or match["alone"] == "百分比" else ""
        numbers = [
            f
            for f in self.linked.fields
            if self.is_figure((f.dataset, f.field)) and f.span.end <= match.start() and not self.limits(f)
        ]
        figure = f"SUM({self.name((numbers[-1].dataset, numbers[-1].field))})" if numbers else "COUNT(*)"
        groups = [self.name((g.dataset, g.field)) for g in self.linked.groups if not g.grain]
        own = {(f.dataset, f.field) for f in numbers[-1:]}
        others = [f for f in over if match["whole"] and (f.dataset, f.field) not in own]
        whole = [f for f in others if self.is_figure((f.dataset, f.field))]
        if whole and numbers:
            # 药品费占总费用的比例: of another figure, and not of its own total.
            part = f"{figure}{times} / SUM({self.name((whole[0].dataset, whole[0].field))}) AS part"
            if self.linked.bounds:
                self.unread()
                return None
            return Parts([*groups, part], self.all_conditions(), groups=groups, sure=0.8)
        if groups:
            return Parts([*groups, f"share({figure}){times}"], self.all_conditions(), groups=groups, sure=0.85)
        said = [c for c in self.conditions if c.span.end <= match.start() and not self.is_of_days(c)]
        rest = [c.alternatives[0].sql for c in self.conditions if c not in said]
        if not said:
            self.unread()
            return None
        inner = " AND ".join(c.alternatives[0].sql for c in said)
        return Parts(
            [f"{figure} FILTER (WHERE {inner}){times} / {figure} AS part"], rest, sure=0.8 if len(said) == 1 else 0.6
        )

    def difference(self) -> Parts | None:
        """收盘价与开盘价之差: one figure less another of the same row."""
        match = _DIFFERENCE.search(self.text)
        if match is None:
            return None
        numbers = [
            f for f in self.linked.fields if self.is_figure((f.dataset, f.field)) and f.span.end <= match.start()
        ]
        if len(numbers) < 2 or match.start() - numbers[-1].span.end > 2 or self.linked.aggregates:
            return None
        a, b = (self.name((f.dataset, f.field)) for f in numbers[-2:])
        others = [self.name(k) for k in self.roles.shown if self.name(k) not in (a, b)]
        return Parts([*others, f"{a} - {b} AS difference"], self.all_conditions(), sure=0.75)
