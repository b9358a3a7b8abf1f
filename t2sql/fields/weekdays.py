"""Days of the week that limit rows: "payments on weekends", 周末的交易, "opened on a Monday or Tuesday".

"On Monday" is every Monday of a period, and without one perhaps the last, so it is left. A word that groups (by weekday),
compares (on weekends and on weekdays) or names one day of the calendar (last Monday) is none. Days off of a country are
not known: 工作日 is not read.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlglot import exp

from t2sql.catalog import Dataset, Field
from t2sql.fields.index import FieldIndex, Key
from t2sql.fields.linked import Alternative, Condition, Linked
from t2sql.fields.roles import date_fields, is_technical, said_of_days, words_of_date
from t2sql.fields.words import split_name, stem
from t2sql.fields.writing import qualified
from t2sql.flow import Span

_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
_EN = re.compile(
    rf"\b(?:only )?(?:on|during|at|over)(?: the| an?)? (?:(?P<group>weekends?|weekdays?)|(?P<days>{_DAY}(?:(?:, | or |, or | and | through | to |-){_DAY})*))\b(?! of\b)",
    re.IGNORECASE,
)
_RANGE = re.compile(rf"({_DAY})(?: through | to |-)({_DAY})", re.IGNORECASE)
_WEEKEND = re.compile(r"\bweekends?\b", re.IGNORECASE)
_NAMED = re.compile(rf"\b{_DAY}\b", re.IGNORECASE)
_ZH_DAY = r"(?:周|星期|礼拜)[一二三四五六日天]"
_ZH = re.compile(
    rf"(?<![上下本这每各\d])在?(?P<each>每逢|每个?|逢)?(?:(?P<group>周末|双休日)|(?P<days>{_ZH_DAY}(?![均次个笔回])(?:(?:[、和或至到]){_ZH_DAY})*))"
)
_ZH_RANGE = re.compile(rf"({_ZH_DAY})[至到]({_ZH_DAY})")
_ZH_NAMES = "一二三四五六日"
# Two figures set against each other, of which one may be of such days.
_APART = re.compile(
    r"\b(?:versus|vs|compared?|against|total and|overall and|and on|than|respectively|share|percent\w*|proportion|ratio)\b|相比|对比|占比|比例|分别|还是|总数和",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Weekdays:
    """Days of the week that a text says of its rows: 1 for Monday to 7 for Sunday."""

    span: Span
    days: tuple[int, ...]
    is_one: bool = False
    """Said as of one day: "on Monday" may be the last one, where no period is named."""

    def added_to(self, linked: Linked, index: FieldIndex) -> Linked | None:
        """With them as a condition on the date that is meant; None where that is not certain."""
        key = _date(linked, index, self.span)
        if key is None or (self.is_one and not linked.stretches):
            return None
        name = f"ISODOW({qualified(*key)})"
        values = ", ".join(map(str, self.days))
        sql = f"{name} IN ({values})" if len(self.days) > 1 else f"{name} = {values}"
        made = Condition(self.span, (Alternative(sql, key[0], 0.9),))
        conditions = tuple(sorted((*linked.conditions, made), key=lambda c: c.span.start))
        # Shipped on Sundays: what names the date there asks for no column.
        fields = tuple(
            f for f in linked.fields if (f.dataset, f.field) != key or not 0 <= self.span.start - f.span.end <= 1
        )
        named = words_of_date(index.field(key))
        left = tuple(word for word in linked.left if not said_of_days(word) & named)
        return replace(linked, conditions=conditions, fields=fields, left=left)


def weekdays_in(text: str) -> Weekdays | None:
    """The one place of `text` that limits rows to days of the week; None where there is none, or more than one."""
    found = [*_EN.finditer(text), *_ZH.finditer(text)]
    if len(found) != 1 or _APART.search(text):
        return None
    match = found[0]
    said = match[0].lower()
    if match.re is _ZH:
        is_one = not match["each"] and not match["group"] and len(match["days"]) <= len("星期一")
    else:
        is_one = not said.endswith("s") and not re.search(r" an? | or | to | through |-", said)
    if match["group"]:
        days = {1, 2, 3, 4, 5} if match["group"].lower().startswith("weekday") else {6, 7}
    else:
        days = {*_named(match["days"])}
    return Weekdays(Span(*match.span()), tuple(sorted(days)), is_one)


def weekdays_said(text: str) -> frozenset[frozenset[int]]:
    """What the words of `text` say of days of the week, wherever they stand: the weekend, and each day that is named."""
    found = [frozenset({6, 7}) for _ in _WEEKEND.finditer(text)]
    days = frozenset(_number(match[0]) for match in _NAMED.finditer(text))
    return frozenset([*found, *([days] if days else [])])


def weekdays_chosen(tree: exp.Expr) -> frozenset[frozenset[int]]:
    """The days of the week that semantic SQL chooses, those of each condition together."""
    conditions = [node.parent for node in tree.find_all(exp.DayOfWeekIso) if isinstance(node.parent, exp.Predicate)]
    return frozenset(frozenset(int(n.name) for n in c.find_all(exp.Literal) if n.is_int) for c in conditions)


def _named(text: str) -> Iterator[int]:
    """The days of "Monday, Tuesday or Friday", and all of "Monday to Friday"."""
    ranges = [*_RANGE.finditer(text), *_ZH_RANGE.finditer(text)]
    for match in ranges:
        first, last = (_number(match[side]) for side in (1, 2))
        # Friday to Monday goes over the week's end.
        yield from (first + step - 7 * (first + step > 7) for step in range((last - first) % 7 + 1))
    if not ranges:
        yield from (_number(m[0]) for m in re.finditer(rf"{_DAY}|{_ZH_DAY}", text, re.IGNORECASE))


def _number(name: str) -> int:
    if name[-1] in "一二三四五六日天":
        return _ZH_NAMES.index(name[-1].replace("天", "日")) + 1
    return _NAMES.index(name[:3].lower()) + 1


def _date(linked: Linked, index: FieldIndex, span: Span) -> Key | None:
    """The date that days of the week are said of: the one whose days are limited too, that a verb before them names, or
    the only one.
    """
    dataset = index.catalog.datasets.get(linked.dataset)
    if dataset is None:
        return None
    reached = [dataset, *(index.catalog.datasets[name] for name in index.reach.get(dataset.name, ()))]
    every = [(d.name, item) for d in reached for item in _days(d)]
    limited = {
        (name, item.name)
        for name, item in every
        for condition in linked.conditions
        if condition.alternatives[0].sql.startswith(
            (f"{qualified(name, item.name)} ", f"({qualified(name, item.name)} ")
        )
    }
    if limited:
        return next(iter(limited)) if len(limited) == 1 else None
    before = linked.text[max(0, span.start - 48) : span.start].lower()
    own_words = {stem(word) for d in reached for word in split_name(d.name)}
    # Sales that were shipped: not the date of sale. Sales alone: that one.
    for said in (said_of_days(before, own_words), said_of_days(before)):
        told = [(name, item.name) for name, item in every if said & words_of_date(item)]
        found = [key for key in told if key[0] == dataset.name] or told
        if found:
            return found[0] if len(found) == 1 else None
    only = [(dataset.name, item.name) for item in _days(dataset)]
    return only[0] if len(only) == 1 else None


def _days(dataset: Dataset) -> list[Field]:
    return [item for item in date_fields(dataset) if not is_technical(item)]
