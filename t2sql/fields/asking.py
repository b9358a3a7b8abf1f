"""Which of the fields that a text names it wants to see, and which only choose or order the rows.

A field beside a number, or of which a value is named, chooses; what stands after 列出, 展示 or "return" is shown. Never
adds a column that no word asks for.
"""

# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from dataclasses import dataclass

from t2sql.fields.asked_figures import figures_of
from t2sql.fields.asked_members import (
    EACH_TOLD,
    MEMBER_ASKED,
    are_members,
    best_things,
    each_of,
    is_of_things,
    label_of,
    labels_reached,
    subject_of,
    with_things,
)
from t2sql.fields.asked_moment import with_moment
from t2sql.fields.chinese import bare_name
from t2sql.fields.cues import LISTING, MOMENT, WHICH
from t2sql.fields.entities import CODE
from t2sql.fields.index import FieldIndex, Key
from t2sql.fields.linked import FieldFound, Function, Linked
from t2sql.fields.roles import is_date, is_flag, is_number, label_fields, main_number
from t2sql.grounding.words.text import fold

NAMES = ("名称", "简称", "全称", "姓名", "名字")
"""How columns of names end."""
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
    asked = [f for f in own if f.span.start >= listing or _is_how_much(linked, f)] if listing else own
    shown = [f for f in asked if listing or (f.span.start, f.field) not in limited]
    shown = [f for f in shown if not is_flag(index.field((f.dataset, f.field))) or "是否" in _said(f, linked)]
    keys = list(dict.fromkeys(key for f in shown for key in label_of(f, linked, index)))
    sure = min((f.score for f in shown), default=0.8)
    figures, used = figures_of(linked, keys, index)
    # 哪些发行人…，列出发行人代码: what is listed is all that is asked.
    subject = [key for key in subject_of(linked, index) if key not in keys] if not figures and not listing else []
    keys = [*subject, *keys]
    order, by = linked.order, None
    main = main_number(index.catalog.datasets[dataset])
    is_of_value = re.search(r"[的标](?:数?值|金额)", text) is not None
    is_named = linked.datasets[0].span is not None or is_of_value
    span = linked.datasets[0].span
    is_thing = span is not None and is_of_things(dataset, linked.text[span.start : span.end], index)
    is_named = is_named and not is_thing
    is_container = bool(keys) and _is_container(linked)
    has_number = any(is_number(index.field(k)) for k in keys)
    has_name = any(bare_name(index.field(k).display.zh).endswith(NAMES) for k in keys)
    is_chosen_by = bool(linked.bounds) and not listing and bool(keys)
    if (
        main is not None
        and is_named
        and not listing
        and not is_container
        and not figures
        and not has_number
        and (not has_name or is_of_value)
        and not is_chosen_by
    ):
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
        and not (listing and any((f.dataset, f.field) == order.field and f.span.start >= listing for f in own))
        and _is_by_only(linked, order.field)
    ):
        keys.remove(order.field)
    keys = [key for key in keys if key not in used]
    groups = [(g.dataset, g.field) for g in linked.groups if not g.grain]
    for key in groups:
        is_told = bool(listing) and any(k[0] == key[0] and _is_told_by(k, index) for k in keys)
        if not figures and key not in keys and not is_told:
            keys.insert(0, key)
    keys = with_moment(linked, text, keys, index, bool(figures))
    by_field = order.field if order is not None else None
    is_only_by = bool(by_field) and keys == [by_field] and MEMBER_ASKED.search(text) is not None
    is_asked = linked.datasets[0].span is not None and WHICH.search(text)
    is_asked = is_asked or (bool(linked.conditions) and MEMBER_ASKED.search(text))
    if not figures and ((not keys and is_asked) or is_only_by):
        # 期限最长的是哪只, 注册资本在100亿元以上的有哪些: the things themselves.
        labels = [(dataset, f.name) for f in label_fields(index.catalog.datasets[dataset])][:1]
        labels = labels if labels and not is_number(index.field(labels[0])) else labels_reached(linked, index) or labels
        keys, sure = labels, 0.7
    best = keys if listing and keys else best_things(linked, keys, index)
    keys = keys if figures else with_things(linked, best, index)
    ends = [d.dataset for d in linked.named if d.dataset in reach]
    if not keys and not figures and ends:
        # 发行份额超过10亿份的债券型基金: the things that the text ends with.
        things = [(ends[-1], f.name) for f in label_fields(index.catalog.datasets[ends[-1]])[:1]]
        keys, sure = [key for key in things if not is_number(index.field(key))], 0.75
    several = each_of(linked, index) if figures and EACH_TOLD.search(text) else None
    if several is not None and several not in keys and not groups:
        keys, groups = [several, *keys], [several]
    is_distinct = not figures and are_members(linked, keys, index)
    return Roles(tuple(keys), tuple(figures), bool(groups), is_distinct, sure, by)


def _is_asked_date(linked: Linked, found: FieldFound, index: FieldIndex) -> bool:
    """上市公司 is no date of listing, and 什么时候上市 asks for it."""
    is_near = found.how in ("part", "fuzzy") and is_date(index.field((found.dataset, found.field)))
    said = linked.text[found.span.start : found.span.end]
    return not is_near or MOMENT.search(linked.text) is not None or re.search(r"[日期时]", said) is not None


def _said(found: FieldFound, linked: Linked) -> str:
    return linked.text[max(0, found.span.start - 2) : found.span.end]


_JOINED = re.compile(r"[和与及、，,；;。？?/]|以及|还有")


def _without_wholes(linked: Linked, found: list[FieldFound], index: FieldIndex) -> list[FieldFound]:
    """轻工业的工业总产值: where one figure is said of another, the first tells which column is meant."""
    kept: list[FieldFound] = []
    order = linked.order
    for mention in found:
        if mention.how == "part" and any(
            f.how != "part" and (f.span.start == mention.span.end or f.span.end == mention.span.start) for f in found
        ):
            # 商品 in 商品出口同比 is no column of goods.
            continue
        before = [f for f in found if f.span.end <= mention.span.start and is_number(index.field((f.dataset, f.field)))]
        item = index.field((mention.dataset, mention.field))
        is_figure = is_number(item) and not CODE.search(bare_name(item.display.zh))
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
            and not (order is not None and before[-1].span.end <= order.span.start < mention.span.start)
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


_OF_DAYS = re.compile(r"(?:时间|日期)?[是为在于从自介早晚超过处:：的]{0,4}")


def _limiting(linked: Linked, index: FieldIndex) -> set[tuple[int, str]]:
    """(start, field) of mentions that only say what a number or a value is of."""
    found: set[tuple[int, str]] = set()
    for bound in linked.bounds:
        near = [f for f in linked.fields if bound.field == (f.dataset, f.field)]
        before = [f for f in near if f.span.start <= bound.span.start]
        chosen = before[-1:] or near[:1]
        # 超过20千克: the unit of a number is no mention of the column so counted.
        chosen += [f for f in near if f.span.start in (bound.span.end, bound.span.end - 1)]
        if before and re.search(r"[，,。；]", linked.text[before[-1].span.end : bound.span.start]):
            # 收入和支出，超过1亿元的: named to be seen, then bounded.
            continue
        found |= {(f.span.start, f.field) for f in chosen}
    for value in linked.values:
        for mention in linked.fields:
            is_of_value = (mention.dataset, mention.field) == (value.dataset, value.field)
            is_before = 0 <= value.span.start - mention.span.end <= 6
            if is_of_value and (is_before or abs(mention.span.start - value.span.end) <= 12):
                found.add((mention.span.start, mention.field))
    for condition in linked.conditions:
        said = re.match(r"(\w+)\.(\w+) = ", condition.alternatives[0].sql)
        of_it = [f for f in linked.fields if said and (f.dataset, f.field) == said.groups()]
        found |= {(f.span.start, f.field) for f in of_it if f.span.end == condition.span.start}
    both = [c.span for c in linked.conditions if re.search(r'[<>=] "?[a-z_]+"?\."?\w+"?$', c.alternatives[0].sql)]
    found |= {(f.span.start, f.field) for f in linked.fields for s in both if s.start <= f.span.start < s.end}
    for stretch in linked.stretches:
        for mention in linked.fields:
            gap = linked.text[mention.span.end : stretch.span.start]
            is_day = is_date(index.field((mention.dataset, mention.field)))
            if is_day and mention.span.end <= stretch.span.start and _OF_DAYS.fullmatch(gap):
                found.add((mention.span.start, mention.field))
    for order in (linked.order, linked.latest):
        if order is not None and order.is_latest:
            # 最近一个交易日: the day chooses, and is not asked for.
            found |= {
                (f.span.start, f.field) for f in linked.fields if order.span.start <= f.span.start < order.span.end
            }
    return found


def _listing(linked: Linked, own: list[FieldFound]) -> int:
    """Where the part begins that says what to show, after one that says which rows; 0 for none."""
    folded = fold(linked.text)
    first = min((b.span.start for b in linked.bounds), default=10**6)
    for match in LISTING.finditer(folded.text):
        if match[0] in ("带上", "保留"):
            # 带上截止日期: one column more.
            continue
        at = folded.span(*match.span()).start
        is_apart = linked.text[:at].rstrip().endswith(("，", ",", "。", "；", "？", "?", "！", "请", "并"))
        is_after_some = any(f.span.start < at for f in own)
        if (at > first or (is_apart and is_after_some)) and any(f.span.start >= at for f in own):
            return at
    return 0


def _is_told_by(key: Key, index: FieldIndex) -> bool:
    """Whether a column tells the things of its dataset apart: a name or a code."""
    name = bare_name(index.field(key).display.zh)
    return name.endswith(NAMES) or CODE.search(name) is not None


_HOW_MUCH = re.compile(r"(?:分别|各|都|一共|总共)*(?:[是有为]|达到)?(?:多少|几)(?!家|个|只|名|位|条|次)")


def _is_how_much(linked: Linked, found: FieldFound) -> bool:
    """收盘价是多少，给出合约代码: asked before what is listed."""
    return _HOW_MUCH.match(linked.text, found.span.end) is not None


def _is_by_only(linked: Linked, key: Key) -> bool:
    """Whether the field of an order is named once, in the words of the order."""
    mentions = [f for f in linked.fields if (f.dataset, f.field) == key]
    order = linked.order
    assert order is not None
    return (len(mentions) == 1 and abs(mentions[0].span.end - order.span.start) <= 8) or _is_list(linked)


def _is_list(linked: Linked) -> bool:
    """Whether members are asked, not figures."""
    return re.search(r"名单|哪[些个几家]", linked.text) is not None
