"""Which of the fields that a text names it wants to see, and which only choose or order the rows.

A field beside a number, or of which a value is named, chooses; what stands after 列出, 展示 or "return" is shown. Never
adds a column that no word asks for.
"""

# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from dataclasses import dataclass

from t2sql.fields.cues import LISTING, MOMENT, WHICH, YEARLY
from t2sql.fields.index import FieldIndex, Key
from t2sql.fields.linked import FieldFound, Function, Linked
from t2sql.fields.roles import date_fields, is_date, is_flag, is_number, label_fields, main_number
from t2sql.grounding.words.text import fold

_LEAST = 0.5


@dataclass(frozen=True, slots=True)
class Roles:
    """What becomes of the fields."""

    shown: tuple[Key, ...]
    figures: tuple[tuple[Function, Key | None], ...]
    is_grouped: bool
    """Whether what is shown beside figures groups them."""
    is_distinct: bool
    sure: float
    by: Key | None = None
    """What an order is by, where it is not the field beside its words."""


def roles_of(linked: Linked, index: FieldIndex) -> Roles:
    """The roles of the fields in one text."""
    text = fold(linked.text).text
    dataset = linked.dataset
    reach = {dataset, *index.reach[dataset]}
    named = [f for f in linked.fields if f.dataset in reach and f.score >= _LEAST and f.how != "described"]
    own = _without_wholes(linked, [f for f in named if _counts(f, named)], index)
    own = [f for f in own if _is_asked_date(linked, f, index)]
    limited = _limiting(linked, index)
    listing = _listing(linked, own)
    asked = [f for f in own if f.span.start >= listing] if listing else own
    shown = [f for f in asked if listing or (f.span.start, f.field) not in limited]
    shown = [f for f in shown if not is_flag(index.field((f.dataset, f.field)))]
    keys = list(dict.fromkeys(key for f in shown for key in _label_of(f, linked, index)))
    sure = min((f.score for f in shown), default=0.8)
    figures, used = _figures(linked, keys, index)
    subject = [key for key in _subject(linked, index) if key not in keys] if not figures else []
    keys = [*subject, *keys]
    order, by = linked.order, None
    main = main_number(index.catalog.datasets[dataset])
    is_named = linked.datasets[0].span is not None or re.search(r"[的标](?:数?值|金额)", text) is not None
    is_container = bool(keys) and _is_container(linked)
    has_number = any(is_number(index.field(k)) for k in keys)
    is_chosen_by = bool(linked.bounds) and not listing and bool(keys)
    if main is not None and is_named and not is_container and not figures and not has_number and not is_chosen_by:
        # 各省市的社会消费品零售额: the table's one figure is what is asked of it.
        keys.append((dataset, main.name))
    if order is not None and order.field is not None and order.field not in keys and not order.is_latest:
        # 第一产业生产总值排名前十: by what the whole is said of.
        instead = [key for key in keys if is_number(index.field(key))]
        if (
            len(instead) == 1
            and any((f.dataset, f.field) == order.field for f in named)
            and order.field not in [(f.dataset, f.field) for f in own]
        ):
            by = instead[0]
            keys = [key for key in keys if key != by or not _is_list(linked)]
    if (
        order is not None
        and order.field in keys
        and not order.is_latest
        and len(keys) > 1
        and _is_by_only(linked, order.field)
    ):
        keys.remove(order.field)
    keys = [key for key in keys if key not in used]
    groups = [(g.dataset, g.field) for g in linked.groups if not g.grain]
    for key in groups:
        if not figures and key not in keys:
            keys.insert(0, key)
    keys = _with_moment(linked, text, keys, index, bool(figures))
    if not keys and not figures and linked.datasets[0].span is not None and WHICH.search(text):
        keys, sure = [(dataset, f.name) for f in label_fields(index.catalog.datasets[dataset])], 0.7
    is_text_only = all(index.field(key).is_dimension for key in keys)
    is_distinct = (
        linked.is_distinct and is_text_only and not figures and bool(keys) and len(keys) == 1 and not linked.order
    )
    return Roles(tuple(keys), tuple(figures), bool(groups), is_distinct and text.isascii(), sure, by)


_CODES = re.compile(r"代码|编号|编码|序号|代号|(?:^|\b)id$", re.IGNORECASE)


def _is_asked_date(linked: Linked, found: FieldFound, index: FieldIndex) -> bool:
    """上市公司 is no date of listing, and 什么时候上市 asks for it."""
    is_near = found.how in ("part", "fuzzy") and is_date(index.field((found.dataset, found.field)))
    said = linked.text[found.span.start : found.span.end]
    return not is_near or MOMENT.search(linked.text) is not None or re.search(r"[日期时]", said) is not None


def _label_of(found: FieldFound, linked: Linked, index: FieldIndex) -> list[Key]:
    """The field, or the names of the things that a code stands for: 公司 where the column is 公司代码."""
    key = (found.dataset, found.field)
    item = index.field(key)
    said = linked.text[found.span.start : found.span.end]
    if found.how != "part" or not _CODES.search(item.display.zh) or _CODES.search(said):
        return [key]
    steps = [
        r for r in index.catalog.relationships if r.from_dataset == key[0] and r.from_columns == (item.expression,)
    ]
    owner = steps[0].to_dataset if steps else key[0]
    labels = [(owner, f.name) for f in label_fields(index.catalog.datasets[owner])]
    return [label for label in labels if not is_number(index.field(label))] or [key]


_JOINED = re.compile(r"[和与及、，,；;。？?/]|以及|还有|\band\b|\bor\b")


def _without_wholes(linked: Linked, found: list[FieldFound], index: FieldIndex) -> list[FieldFound]:
    """轻工业的工业总产值: where one figure is said of another, the first tells which column is meant."""
    text = fold(linked.text).text
    if text.isascii():
        return found
    kept: list[FieldFound] = []
    for mention in found:
        if mention.how == "part" and any(
            f.how != "part" and (f.span.start == mention.span.end or f.span.end == mention.span.start) for f in found
        ):
            # 商品 in 商品出口同比 is no column of goods.
            continue
        before = [f for f in found if f.span.end <= mention.span.start and is_number(index.field((f.dataset, f.field)))]
        item = index.field((mention.dataset, mention.field))
        is_figure = is_number(item) and not _CODES.search(item.display.zh)
        gap = linked.text[before[-1].span.end : mention.span.start] if before else ""
        limits = (
            any(b.span.start >= before[-1].span.end and b.span.end <= mention.span.start for b in linked.bounds)
            if before
            else False
        )
        if (
            is_figure
            and before
            and before[-1].field != mention.field
            and len(gap) <= 24
            and not _JOINED.search(gap)
            and not limits
        ):
            continue
        kept.append(mention)
    return kept


def _is_container(linked: Linked) -> bool:
    """在工业品出厂价格指数表中: the table is named as where to look."""
    span = linked.datasets[0].span
    return (
        span is not None
        and re.match(r"\s*(?:数据|记录|信息|情况|统计)*(?:表|中|里|内)", linked.text[span.end :]) is not None
    )


def _counts(found: FieldFound, named: list[FieldFound]) -> bool:
    """Whether a mention is more than a shadow of a surer one on the same stretch."""
    return not any(
        other is not found
        and other.score > found.score
        and other.span.start < found.span.end
        and found.span.start < other.span.end
        for other in named
    )


def _limiting(linked: Linked, index: FieldIndex) -> set[tuple[int, str]]:
    """(start, field) of mentions that only say what a number or a value is of."""
    found: set[tuple[int, str]] = set()
    for bound in linked.bounds:
        near = [f for f in linked.fields if bound.field == (f.dataset, f.field)]
        before = [f for f in near if f.span.start <= bound.span.start]
        chosen = before[-1:] or near[:1]
        if before and re.search(r"[，,。；]", linked.text[before[-1].span.end : bound.span.start]):
            # 收入和支出，超过1亿元的: named to be seen, then bounded.
            continue
        found |= {(f.span.start, f.field) for f in chosen}
    for value in linked.values:
        for mention in linked.fields:
            if (mention.dataset, mention.field) == (value.dataset, value.field) and abs(
                mention.span.start - value.span.end
            ) <= 12:
                found.add((mention.span.start, mention.field))
    return found


def _listing(linked: Linked, own: list[FieldFound]) -> int:
    """Where the part begins that says what to show, after one that says which rows; 0 for none."""
    folded = fold(linked.text)
    first = min((b.span.start for b in linked.bounds), default=10**6)
    for match in LISTING.finditer(folded.text):
        at = folded.span(*match.span()).start
        is_apart = linked.text[:at].rstrip().endswith(("，", ",", "。", "；", "请", "并"))
        is_after_some = any(f.span.start < at for f in own)
        if (at > first or (is_apart and is_after_some)) and any(f.span.start >= at for f in own):
            return at
    return 0


def _figures(linked: Linked, keys: list[Key], index: FieldIndex) -> tuple[list[tuple[Function, Key | None]], set[Key]]:
    """Figures to compute, with the fields that they use up."""
    figures: list[tuple[Function, Key | None]] = []
    places = [a.span for a in linked.aggregates]
    if linked.order is not None and linked.order.limit and len(places) == len(set(places)):
        return [], set()
    ends_asked = [a for a in linked.aggregates if a.function in ("max", "min") and a.field]
    if (
        len(linked.aggregates) == 1
        and ends_asked
        and MOMENT.search(_without_values(linked))
        and not linked.text.isascii()
    ):
        return [], set()
    by_end = [a for a in linked.aggregates if a.function in ("max", "min")]
    spans = {(a.span.start, a.span.end) for a in by_end}
    if len(by_end) == 2 and len(spans) == 1:
        # 总资产和总负债的最大最小值: both ends of each.
        numbers = [key for key in keys if is_number(index.field(key))] or [a.field for a in by_end if a.field]
        return [(a.function, key) for key in numbers for a in by_end], set(numbers)
    for aggregate in linked.aggregates:
        pair: tuple[Function, Key | None] = (aggregate.function, aggregate.field)
        if aggregate.function == "count" and aggregate.field is not None:
            pair = ("count", None)
            dataset = index.catalog.datasets[aggregate.field[0]]
            own = next((f.name for f in dataset.fields.values() if f.expression in dataset.primary_key), "")
            if not aggregate.field[1] and dataset.name != linked.dataset and own:
                pair = ("count_distinct", (dataset.name, own))
        if pair == ("count", None) and aggregate.field is not None and aggregate.field[1]:
            item = index.field(aggregate.field)
            keys_of = index.catalog.datasets[aggregate.field[0]].primary_key
            if _CODES.search(item.display.zh) and item.expression not in keys_of:
                # 有多少家公司 over rows of many days counts each company once.
                pair = ("count_distinct", aggregate.field)
        if pair not in figures:
            figures.append(pair)
    return figures, {key for _f, key in figures if key is not None}


_ASKED_BEFORE = re.compile(r"(?:哪些|哪几[家个只位名]|哪[家个只位]|什么|所有的?|全部的?)$")
_ASKED_AFTER = re.compile(r"(?:的)?(?:有哪些|都?有哪几|是哪[家个些只位]|是谁|名单|的?名称|的?名字|分别是哪)")


def _subject(linked: Linked, index: FieldIndex) -> list[Key]:
    """The names of the things asked for: 哪些公司, 公司有哪些, 公司名称."""
    for found in linked.named:
        assert found.span is not None
        before, after = linked.text[: found.span.start], linked.text[found.span.end :]
        if _ASKED_BEFORE.search(before) or _ASKED_AFTER.match(after):
            labels = [(found.dataset, f.name) for f in label_fields(index.catalog.datasets[found.dataset])]
            return [key for key in labels if not is_number(index.field(key))]
    return []


def _is_by_only(linked: Linked, key: Key) -> bool:
    """Whether the field of an order is named once, in the words of the order."""
    mentions = [f for f in linked.fields if (f.dataset, f.field) == key]
    order = linked.order
    assert order is not None
    return (len(mentions) == 1 and abs(mentions[0].span.end - order.span.start) <= 8) or _is_list(linked)


def _is_list(linked: Linked) -> bool:
    """Whether members are asked, not figures."""
    return re.search(r"名单|哪[些个几家]", linked.text) is not None


def _with_moment(linked: Linked, text: str, keys: list[Key], index: FieldIndex, has_figures: bool) -> list[Key]:
    """The date, where the text asks for it in so many words (时间, 每年), first."""
    dates = date_fields(index.catalog.datasets[linked.dataset])
    if not dates or has_figures:
        return keys
    key = (linked.dataset, dates[0].name)
    if any(is_date(index.field(k)) for k in keys):
        return keys
    asks = MOMENT.search(_without_values(linked)) or YEARLY.search(text)
    return [key, *keys] if asks and keys else [key] if asks and not keys else keys


def _without_values(linked: Linked) -> str:
    """The text with its values blanked: "月份" may be one."""
    letters = list(linked.text.lower())
    for span in [*(v.span for v in linked.values), *(s.span for s in linked.stretches)]:
        letters[span.start : span.end] = " " * (span.end - span.start)
    return "".join(letters)
