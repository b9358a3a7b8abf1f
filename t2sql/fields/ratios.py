"""Ratios of two counts or two figures in one English question: "the ratio of open to closed businesses in Boston".

Each side keeps the conditions that are said of it; what is said after both, of another field, holds for both. A ratio whose
sides cannot be told apart is not read.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Sequence

from t2sql.fields.index import FieldIndex, Key
from t2sql.fields.linked import Condition, Linked
from t2sql.fields.roles import is_flag, is_member, is_number
from t2sql.fields.writing import equals, literal_for, qualified, quoted, select
from t2sql.flow import Span

_RATIO = re.compile(
    r"\bratio (?:of|between) (?P<a>.+?)(?:\s+(?:to|versus|vs\.?|out of|against|and)\s+(?P<b>.+?))(?P<end>[?;!]|\.(?:\s|$)|$)",
    re.IGNORECASE | re.DOTALL,
)
_PART = re.compile(
    r"\b(?P<kind>percentage|percent|proportion|fraction|share) of (?:the |all |all the )?(?P<b>[\w ]+?) "
    r"(?P<a>(?:is|are|was|were|have|has|had|that|who|which|with|made|come|came)\b.+?)(?:[?.!;]|$)",
    re.IGNORECASE,
)
_PER = re.compile(
    r"\bratio of (?P<a>[\w ]+?) (?:per|to|by|over) (?P<b>[\w ]+?) (?:for|in|of|by|per) (?:each|every|all)\b",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"\bhow (?:does|do|did)\b|\bvary\b|\bchange\b|[.?!]\s+(?:also |please )?(?:return|show|give)\b", re.IGNORECASE
)
_ALL = re.compile(r"^(?:the )?(?:(?:total|overall) (?:number|count) of|all(?: the)?|total)\b", re.IGNORECASE)
_SHARED = re.compile(r"\b(?:in|for|at|within|from|during|located in|based in|across)\b")
_FIELD = re.compile(r"^(?P<name>.+?)(?: ILIKE | NOT ILIKE | IN | NOT IN | BETWEEN | ?[<>=]{1,2} ?)")


def read_ratio(linked: Linked, index: FieldIndex) -> tuple[str, float]:
    """Semantic SQL of one ratio and how plain it is; ("", 0) where the text asks for none that can be told."""
    per = _PER.search(linked.text)
    if per is not None and (found := _of_fields(linked, index, per)):
        return found
    part = _PART.search(linked.text)
    if part is not None:
        return _part(linked, part)
    match = _RATIO.search(linked.text)
    if match is None:
        return "", 0.0
    sql, shape = _Ratio(linked, index, Span(*match.span("a")), Span(*match.span("b"))).read()
    return sql, shape * (0.5 if _MORE.search(linked.text) else 1.0)


def _part(linked: Linked, match: re.Match[str]) -> tuple[str, float]:
    """What percentage of transactions were pending: the rows that fit over all of them."""
    said = [c for c in linked.conditions if match.start("a") <= c.span.start < match.end("a")]
    # Of the rentals of 2025, those that were cancelled; of all members, those that joined in 2025.
    times = {stretch.span for stretch in linked.stretches}
    said = [c for c in said if c.span not in times] or said
    rest = [c for c in linked.conditions if c not in said]
    if not said:
        return "", 0.0
    inside = " AND ".join(_texts(said))
    percent = " * 100" if match["kind"].lower().startswith("percent") else ""
    groups = [_name(linked, (g.dataset, g.field)) for g in linked.groups if not g.grain]
    part = f"COUNT(*) FILTER (WHERE {inside}){percent} / COUNT(*) AS part"
    return select([*groups, part], linked.dataset, _texts(rest), groups=groups), 0.8


def _of_fields(linked: Linked, index: FieldIndex, match: re.Match[str]) -> tuple[str, float] | None:
    """The ratio of population per area for each state: two numbers of one row."""
    sides = [_numbers(linked, index, Span(*match.span(name))) for name in ("a", "b")]
    groups = [(g.dataset, g.field) for g in linked.groups if not g.grain]
    if not all(len(side) == 1 for side in sides) or not groups or any(s[0][0] != linked.dataset for s in sides):
        return None
    shown = [_name(linked, key) for key in groups]
    one, other = (_name(linked, side[0]) for side in sides)
    conditions = [c.alternatives[0].sql for c in linked.conditions]
    return select([*shown, f"{one} / {other} AS ratio"], linked.dataset, conditions), 0.85


def _numbers(linked: Linked, index: FieldIndex, side: Span) -> list[Key]:
    found = [(f.dataset, f.field) for f in linked.fields if side.start <= f.span.start < side.end and f.score >= 0.5]
    numbers = [key for key in dict.fromkeys(found) if is_number(index.field(key)) and not is_flag(index.field(key))]
    return [key for key in numbers if not is_member(key[1])]


def _name(linked: Linked, key: Key) -> str:
    return quoted(key[1]) if key[0] == linked.dataset else qualified(*key)


class _Ratio:
    def __init__(self, linked: Linked, index: FieldIndex, a: Span, b: Span) -> None:
        self.linked, self.index, self.a, self.b = linked, index, a, b

    def read(self) -> tuple[str, float]:
        of_a, of_b, shared = self._sides()
        figures = [self._figure(self.a), self._figure(self.b)]
        whole = _ALL.match(self.linked.text[self.b.start : self.b.end].strip()) is not None
        if not of_a and not of_b and figures[0] == figures[1] and not whole:
            return "", 0.0
        if of_a and not of_b and not whole:
            flag = self._opposite(of_a)
            if not flag:
                return "", 0.0
            of_b = [flag]
        calls = [self._call(*figure, conditions) for figure, conditions in zip(figures, (of_a, of_b), strict=True)]
        groups = [_name(self.linked, (g.dataset, g.field)) for g in self.linked.groups if not g.grain]
        if groups and whole and not of_a:
            sql = select([*groups, "share(COUNT(*)) AS ratio"], self.linked.dataset, shared, groups=groups)
            return (sql, 0.85) if figures[0] == ("COUNT", None) else ("", 0.0)
        ratio = f"{calls[0]} / {calls[1]} AS ratio"
        sql = select([*groups, ratio], self.linked.dataset, shared, groups=groups)
        return sql, 0.9 if of_a or of_b else 0.7

    def _sides(self) -> tuple[list[str], list[str], list[str]]:
        """Conditions of the first, of the second, and of both."""
        of_a = [c for c in self.linked.conditions if self.a.start <= c.span.start < self.a.end]
        of_b = [c for c in self.linked.conditions if self.b.start <= c.span.start < self.b.end]
        rest = [c for c in self.linked.conditions if c not in of_a and c not in of_b]
        fields = {_field(c) for c in of_a}
        shared = [c for c in of_b if fields and _field(c) not in fields and self._is_after_in(c)]
        own = [c for c in of_b if c not in shared]
        if len(self.linked.conditions) == 1 and not of_a and not of_b:
            return [], [], _texts(rest)
        if len(of_a) == 1 and " IN (" in of_a[0].alternatives[0].sql and not own:
            split = self._one_each(of_a[0])
            if split is not None:
                return [split[0]], [split[1]], _texts([*rest, *shared])
        return _texts(of_a), _texts(own), _texts([*rest, *shared])

    def _one_each(self, condition: Condition) -> tuple[str, str] | None:
        """Two values of one field, one said of each side."""
        name = _field(condition)
        of_field = [v for v in self.linked.values if qualified(v.dataset, v.field) == name]
        values = [v for v in of_field if self.a.start <= v.span.start < self.b.end]
        of_a = [v for v in values if v.span.start < self.a.end]
        of_b = [v for v in values if v.span.start >= self.b.start]
        if len(of_a) != 1 or len(of_b) != 1:
            return None
        item = self.index.field((of_a[0].dataset, of_a[0].field))
        return equals(name, [literal_for(item, of_a[0].value)]), equals(name, [literal_for(item, of_b[0].value)])

    def _is_after_in(self, condition: Condition) -> bool:
        return _SHARED.search(self.linked.text[self.b.start : condition.span.start].lower()) is not None

    def _figure(self, side: Span) -> tuple[str, Key | None]:
        """What a side is: the sum of a number, the count of distinct things reached, or the count of rows."""
        numbers = _numbers(self.linked, self.index, side)
        bounded = {b.field for b in self.linked.bounds}
        numbers = [key for key in numbers if key not in bounded]
        if numbers:
            return "SUM", numbers[0]
        named = [d for d in self.linked.named if d.span is not None and side.start <= d.span.start < side.end]
        if named and named[0].dataset != self.linked.dataset:
            dataset = self.index.catalog.datasets[named[0].dataset]
            key = next((f.name for f in dataset.fields.values() if f.expression in dataset.primary_key), "")
            if key:
                return "COUNT DISTINCT", (dataset.name, key)
        return "COUNT", None

    def _call(self, kind: str, key: Key | None, conditions: Sequence[str]) -> str:
        inside = "*" if key is None else _name(self.linked, key)
        call = f"COUNT(DISTINCT {inside})" if kind == "COUNT DISTINCT" else f"{kind}({inside})"
        return f"{call} FILTER (WHERE {' AND '.join(conditions)})" if conditions else call

    def _opposite(self, of_a: Sequence[str]) -> str:
        """closed beside open: the other answer of a field of yes and no."""
        if len(of_a) != 1:
            return ""
        for yes, no in (("= TRUE", "= FALSE"), ("= 1", "= 0")):
            for one, other in ((yes, no), (no, yes)):
                if of_a[0].endswith(one):
                    return of_a[0].removesuffix(one) + other
        return ""


def _field(condition: Condition) -> str:
    match = _FIELD.match(condition.alternatives[0].sql)
    return match["name"] if match else condition.alternatives[0].sql


def _texts(found: Sequence[Condition]) -> list[str]:
    return [c.alternatives[0].sql for c in found]
