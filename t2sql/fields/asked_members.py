"""Which things a Chinese text asks to name: 哪些公司, 2024年和2025年分别, 期限最长的是哪只; each once, where it asks for members.

Names of things are the columns that their dataset calls so; a code is never shown in their place.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from dataclasses import replace

from t2sql.fields.entities import labels_of
from t2sql.fields.index import FieldIndex, Key
from t2sql.fields.linked import FieldFound, Group, Linked
from t2sql.fields.roles import is_date, is_number, is_text, label_fields

CODES = re.compile(r"代码|编号|编码|序号|代号|(?:^|\b)id$", re.IGNORECASE)
"""How a column of codes is called."""
EACH_TOLD = re.compile(r"分别|分开|各自|各是|各为|各有|各多少")


_DAYS = re.compile(r"^\(\((?P<dataset>\w+)\.(?P<field>\w+) >= ")


def each_period(linked: Linked) -> Linked:
    """2024年和2025年分别有多少: a figure for each of the years that are named."""
    grains = {s.grain for s in linked.stretches}
    days = [m for c in linked.conditions if (m := _DAYS.match(c.alternatives[0].sql))]
    asks = linked.aggregates and not linked.groups and EACH_TOLD.search(linked.text)
    if (
        not asks
        or len(linked.stretches) < 2
        or len(grains) != 1
        or not days
        or not grains <= {"year", "quarter", "month"}
    ):
        return linked
    group = Group(linked.stretches[0].span, days[0]["dataset"], days[0]["field"], next(iter(grains)))
    return replace(linked, groups=(group,))


def by_listed(linked: Linked, index: FieldIndex) -> Linked:
    """每个发行人的简称和债券数量: the things of a group by the one of their names that is asked for."""
    groups = []
    for group in linked.groups:
        dataset = index.catalog.datasets[group.dataset]
        labels = {f.name for f in (*labels_of(dataset), *label_fields(dataset))}
        said = [f for f in linked.fields if f.dataset == group.dataset and f.field in labels and f.score >= 0.75]
        named = {v.field for v in linked.values if v.dataset == group.dataset}
        told = [f for f in said if f.field != group.field and f.field not in named]
        is_thing = group.field in labels and not any(f.field == group.field for f in said)
        groups.append(replace(group, field=told[0].field) if is_thing and told else group)
    return replace(linked, groups=tuple(groups))


def each_of(linked: Linked, index: FieldIndex) -> Key | None:
    """The field of which several values are named, each to be told of: 茅台和五粮液分别."""
    named = [(v.dataset, v.field) for v in linked.values if not v.is_negated]
    several = [
        key for key in dict.fromkeys(named) if len({v.value for v in linked.values if (v.dataset, v.field) == key}) > 1
    ]
    return several[0] if len(several) == 1 else None


_MEMBERS = re.compile(r"(?:有?哪些|哪几[种类个]|有几[种类]|[所都]?有哪几|不同的?|不重复的?|去重的?)(?:不同的)?$")


_MEMBERS_AFTER = re.compile(r"(?:一共|总共|分别)?都?有(?:哪些|哪几)")


def are_members(linked: Linked, keys: list[Key], index: FieldIndex) -> bool:
    """有哪些交易市场 asks for each once; so does 哪些发行人 of rows that are no issuers."""
    if not keys or (linked.order is not None and linked.order.limit):
        return False
    if any(not index.field(key).is_dimension or is_date(index.field(key)) for key in keys):
        return False
    if re.search(r"去重|不重复", linked.text):
        return True
    if all(key[0] != linked.dataset for key in keys) and MEMBER_ASKED.search(linked.text):
        return True
    mentions = [f for f in linked.fields if (f.dataset, f.field) == keys[0]]
    labels = {f.name for f in label_fields(index.catalog.datasets[linked.dataset])}
    is_label = keys[0][0] == linked.dataset and keys[0][1] in labels
    asks = any(
        _MEMBERS.search(linked.text[: f.span.start]) or _MEMBERS_AFTER.match(linked.text[f.span.end :])
        for f in mentions
    )
    return len(keys) == 1 and not is_label and asks


MEMBER_ASKED = re.compile(
    r"哪[一几]?[个家只位名支种款项]|哪些|谁|名单|叫什么|叫啥|什么(?:公司|机构|企业|产品|名字|名称)|列出|找出|查询|有什么"
)


def labels_reached(linked: Linked, index: FieldIndex) -> list[Key]:
    """The names of the nearest things that the rows are of."""
    reach = index.reach[linked.dataset]
    for name in sorted(reach, key=lambda n: (reach[n], n)):
        for item in label_fields(index.catalog.datasets[name])[:1]:
            if not is_number(item):
                return [(name, item.name)]
    return []


def label_of(found: FieldFound, linked: Linked, index: FieldIndex) -> list[Key]:
    """The field, or the names of the things that a code stands for: 公司 where the column is 公司代码."""
    key = (found.dataset, found.field)
    item = index.field(key)
    said = linked.text[found.span.start : found.span.end]
    if found.how != "part" or not CODES.search(item.display.zh) or CODES.search(said):
        return [key]
    steps = [
        r for r in index.catalog.relationships if r.from_dataset == key[0] and r.from_columns == (item.expression,)
    ]
    owner = steps[0].to_dataset if steps else key[0]
    labels = [(owner, f.name) for f in label_fields(index.catalog.datasets[owner])]
    return [label for label in labels if not is_number(index.field(label))] or [key]


_BELONGS = re.compile(r"(?:属于|归属于?|来自|隶属于?|是)哪[一]?[个家只位名]?(?:的)?$")
_OF_THEM = re.compile(r"(?:[\d一二两三四五六七八九十]{1,3})?[个家只名位支种条笔次款项辆台座所间大]?的?")


def best_things(linked: Linked, keys: list[Key], index: FieldIndex) -> list[Key]:
    """床位数最少的三个科室: the things that an order chooses, by their names; what they are chosen by only where it is said again."""
    order = linked.order
    for thing in linked.named:
        told = _names_of(thing.dataset, index)
        if thing.span is not None and told and _BELONGS.search(linked.text[: thing.span.start]):
            # 员工数最多的营业部属于哪家公司
            return told
    for thing in linked.named if order is not None and order.limit and not order.is_latest else ():
        assert order is not None and thing.span is not None
        gap = linked.text[order.span.end : thing.span.start]
        if thing.span.start < order.span.end or not _OF_THEM.fullmatch(gap):
            continue
        if linked.text[thing.span.end :].startswith("的"):
            # 前三名的客户的行业: what is said of them is all that is asked.
            return keys
        told = _names_of(thing.dataset, index)
        said = {(f.dataset, f.field) for f in linked.fields if f.span.start >= thing.span.end}
        rest = [key for key in keys if key not in told and (key != order.field or key in said)]
        return [*told, *rest] if told else keys
    return keys


_BESIDE = re.compile(r"(?:和|及|与|以及|、)(?:其|对应的|相应的)?")


def with_things(linked: Linked, keys: list[Key], index: FieldIndex) -> list[Key]:
    """成本超过收入的网点和月份: a thing that is listed beside what is shown, by its name."""
    for thing in linked.named if keys else ():
        assert thing.span is not None
        told = _names_of(thing.dataset, index)
        beside = [
            f
            for f in linked.fields
            if (f.dataset, f.field) in keys and _BESIDE.fullmatch(linked.text[thing.span.end : f.span.start])
        ]
        if beside and told and not any(key[0] == thing.dataset for key in keys):
            at = keys.index((beside[0].dataset, beside[0].field))
            keys = [*keys[:at], *told, *keys[at:]]
    return keys


def _names_of(dataset: str, index: FieldIndex) -> list[Key]:
    """What the things of a dataset are called; [] where only numbers and codes tell them."""
    labels = [(dataset, f.name) for f in label_fields(index.catalog.datasets[dataset])][:1]
    return [k for k in labels if not is_number(index.field(k)) and not CODES.search(index.field(k).display.zh)]


def is_of_things(dataset: str, said: str, index: FieldIndex) -> bool:
    """Whether the rows of a dataset that is called `said` are things to count (网点, 车辆), and no series of figures."""
    whole = index.catalog.datasets[dataset]
    keys = [f for f in whole.fields.values() if f.expression in whole.primary_key]
    is_pointed_at = any(r.to_dataset == dataset for r in index.catalog.relationships)
    return said in index.things or is_pointed_at or (len(keys) == 1 and is_text(keys[0]))


_ASKED_BEFORE = re.compile(r"(?:哪些|哪几[家个只位名]|哪[家个只位]|什么|所有的?|全部的?)$")
_ASKED_AFTER = re.compile(r"(?:的)?(?:有哪些|都?有哪几|是哪[家个些只位]|是谁|名单|的?名称|的?名字|分别是哪)")


def subject_of(linked: Linked, index: FieldIndex) -> list[Key]:
    """The names of the things asked for: 哪些公司, 公司有哪些, 公司名称."""
    for found in linked.named:
        assert found.span is not None
        before, after = linked.text[: found.span.start], linked.text[found.span.end :]
        if _ASKED_BEFORE.search(before) or _ASKED_AFTER.match(after):
            labels = [(found.dataset, f.name) for f in label_fields(index.catalog.datasets[found.dataset])]
            return [key for key in labels if not is_number(index.field(key))]
    return []
