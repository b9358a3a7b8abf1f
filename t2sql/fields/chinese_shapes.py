"""Chinese questions that are more than a list of columns: ranks by counts and sums, groups by how many, things without
any, shares, more than the average, the latest of many.

Each shape is one way to change the plain reading of `roles_of`; where none fits the plain one stands. Never runs
anything: the compiler checks what is written here.
"""

# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from dataclasses import replace

from t2sql.fields.asking import Roles
from t2sql.fields.chinese_absent import Absent
from t2sql.fields.chinese_chosen import Chosen
from t2sql.fields.chinese_computed import Computed
from t2sql.fields.chinese_ends import Ends
from t2sql.fields.chinese_moved import Moved
from t2sql.fields.chinese_parts import Parts
from t2sql.fields.entities import CODE, labels_of
from t2sql.fields.index import FieldIndex, Key
from t2sql.fields.linked import Linked
from t2sql.fields.roles import is_date
from t2sql.fields.writing import quoted
from t2sql.flow import Span

_SHARE = re.compile(
    r"(?:所占|占)(?P<whole>[^，,。；;]{0,16}?)的?(?P<kind>比例|比重|比率|百分比|份额|百分之|比(?!较)|多少)|(?:的)(?P<alone>占比|比例|比重|百分比)(?![^，,。]{0,3}[高低大小]于)"
)
_AGAINST = re.compile(
    r"(?P<op>高于|超过|大于|多于|高过|低于|小于|少于|不足|不到|不低于|不高于)(?:了)?(?P<of>[^，,。；;]{0,14}?)(?:的)?(?:平均(?:值|水平|数)?|均值)"
)
_ALIKE = re.compile(r"同(?!期)|所在|所属|本(?!期|年|月)|该|其")
_OPERATORS = {"高于": ">", "超过": ">", "大于": ">", "多于": ">", "高过": ">", "不低于": ">=", "不高于": "<="}


def read_shape(linked: Linked, roles: Roles, index: FieldIndex, hints: str = "") -> tuple[str, float, Linked]:
    """Semantic SQL of a question of one of the shapes, how plain it is, and `linked` without what it explains whole;
    ("", d, linked) where it has none of them, d being how much of a plain reading's sureness is left: little where the
    words ask for a shape that could not be made.
    """
    reader = _Shapes(linked, roles, index, hints)
    for shape in (
        reader.without,
        reader.end_of_each,
        reader.latest,
        reader.moved,
        reader.computed,
        reader.against_average,
        reader.share,
        reader.placed,
        reader.chosen_groups,
        reader.ranked_groups,
        reader.total_of_each,
    ):
        parts = shape()
        if parts is not None:
            return reader.written(parts), parts.sure, _without(linked, parts.read)
    return "", reader.left, linked


def _without(linked: Linked, read: list[Span]) -> Linked:
    """`linked` with stretches that are explained blanked, and nothing more to be found in them."""
    if not read:
        return linked
    letters = list(linked.text)
    for span in read:
        letters[span.start : span.end] = " " * (span.end - span.start)
    text = "".join(letters)

    def is_out(span: Span) -> bool:
        return not any(s.start <= span.start and span.end <= s.end for s in read)

    return replace(
        linked,
        text=text,
        fields=tuple(f for f in linked.fields if is_out(f.span)),
        bounds=tuple(b for b in linked.bounds if is_out(b.span)),
        stretches=tuple(s for s in linked.stretches if is_out(s.span)),
        conditions=tuple(c for c in linked.conditions if is_out(c.span)),
        aggregates=tuple(a for a in linked.aggregates if is_out(a.span)),
        left=tuple(word for word in linked.left if word in text.lower()),
    )


class _Shapes(Absent, Chosen, Computed, Ends, Moved):
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
        others = set(dataset.primary_key) - dates
        is_keyed = bool(others) and len(dataset.primary_key) > 1
        has_many = is_keyed or not dataset.primary_key or self.is_event
        one = [v for v in self.linked.values if self._tells(v.dataset, v.field)]
        is_one = len(one) == 1 and not one[0].is_negated and is_keyed and len(others) == 1
        ranked = order if order is not None and not order.is_latest and order.field is not None else None
        if not has_many or is_one or self.linked.stretches or self.linked.is_any:
            return None
        own = self.field_of(self.dataset, next(iter(dataset.primary_key), "")) if is_counted else ""
        shown = (
            [quoted(own)]
            if own
            else [self.name(k) for k in self.roles.shown if k != latest.field or self._is_said_apart(k)]
        )
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

    def _is_said_apart(self, key: Key) -> bool:
        """最近一次住院的入院日期: the day is asked for, and not only what is latest by it."""
        latest = self.linked.latest
        said = [f.span for f in self.linked.fields if (f.dataset, f.field) == key and f.how == "exact"]
        return latest is not None and any(s.end <= latest.span.start or s.start >= latest.span.end for s in said)

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
        like = self._alike(match)
        if like is None:
            self.unread()
            return None
        said_twice = [
            f
            for f in self.linked.fields
            if (f.dataset, f.field) == key and not match.start() <= f.span.start <= match.end()
        ]
        shown = [k for k in self.roles.shown if k != key or len(said_twice) > 1]
        if key not in shown and shown and any(f.span.start >= match.end() for f in said_twice):
            # 列出公司简称和净资本: listed after the mean of it.
            shown.append(key)
        own = [f for f in self.linked.fields if match.start() <= f.span.start < match.end()]
        others = {(f.dataset, f.field) for f in self.linked.fields if f not in own}
        shown = [k for k in shown if k in others or all((f.dataset, f.field) != k for f in own)]
        shown = shown or self.labels(self.dataset)
        above = f"{name} {operator} AVG({name}) OVER ({like})"
        return Parts(
            [self.name(k) for k in shown], self.all_conditions(), qualify=above, is_counted=is_count, sure=0.85
        )

    def _alike(self, match: re.Match[str]) -> str | None:
        """高于同类型基金平均管理费率: the mean of those alike; "" for the mean of all, None where it cannot be told."""
        if not _ALIKE.match(match["of"]):
            return ""
        for found in self.linked.fields:
            item = self.index.field((found.dataset, found.field))
            is_inside = match.start("of") <= found.span.start < match.end("of")
            if is_inside and not self.is_figure((found.dataset, found.field)) and not is_date(item):
                return f"PARTITION BY {self.name((found.dataset, found.field))}"
        for thing in self.linked.named:
            if (
                thing.span is not None
                and match.start("of") <= thing.span.start < match.end("of")
                and thing.dataset != self.dataset
            ):
                labels = self.labels(thing.dataset)
                return f"PARTITION BY {self.name(labels[0])}" if labels else None
        return None

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
