"""What the things of a dataset are called in Chinese, read from its key: 发行人编码 is of 发行人, whose names are 发行人简称.

Tables of codes name their things in the comment of the key alone; people say the thing, never its code. Never looks at
data.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from t2sql.catalog import Catalog, Dataset, Field
from t2sql.fields.chinese import bare_name, has_chinese

CODE = re.compile(r"(?:内部|统一|唯一|系统|标识)*(?:编码|代码|编号|代号|序号|标识|号码|号|ID|id|Id)$")
"""How the name of a column of codes ends."""
_NO_THING = frozenset(
    ("记录", "数据", "信息", "内部", "自增", "系统", "流水", "行", "唯一", "主键", "表", "物理", "自增长")
)
_LABEL = re.compile(r"(?:中文|法定|标准|公司|机构)?(?:名称|简称|全称|姓名|名字)(?:缩写)?$")
TABLE = re.compile(r"(?:基本|详细|主要)*(?:资料|信息|情况|概况|概览|档案|数据|明细|记录|列表|清单|名录|主?表)*$")
"""How names of tables end and people leave out."""
_SAID = ("名称", "简称", "全称", "名字", "姓名", "全名")


def thing_of(item: Field) -> str:
    """The thing that a column of codes tells apart: 债券 of 债券内部编码; "" for none.

    >>> from types import SimpleNamespace
    >>> thing_of(SimpleNamespace(display=SimpleNamespace(zh="债券内部编码")))
    '债券'
    """
    name = bare_name(item.display.zh)
    if not has_chinese(name):
        return ""
    thing = CODE.sub("", name)
    return "" if thing == name or len(thing) < 2 or thing in _NO_THING else thing


def owners(catalog: Catalog) -> dict[str, str]:
    """Thing -> the dataset that has one row of each; only where one dataset can be told to be it."""
    pointed = Counter(r.to_dataset for r in catalog.relationships)
    found: dict[str, list[str]] = {}
    for dataset in catalog.datasets.values():
        for thing in {thing_of(item) for item in _keys(dataset, catalog)} - {""}:
            found.setdefault(thing, []).append(dataset.name)
    owner = {}
    for thing, names in found.items():
        best = sorted(names, key=lambda n: -pointed[n])
        if len(best) == 1 or pointed[best[0]] > pointed[best[1]]:
            owner[thing] = best[0]
    return owner


def _keys(dataset: Dataset, catalog: Catalog) -> list[Field]:
    """The single columns that tell the rows of a dataset apart."""
    single = {r.to_columns[0] for r in catalog.relationships if r.to_dataset == dataset.name and len(r.to_columns) == 1}
    single |= {columns[0] for columns in (dataset.primary_key, *dataset.unique_keys) if len(columns) == 1}
    return [f for f in dataset.fields.values() if f.expression in single]


def names_of_things(catalog: Catalog) -> Iterator[tuple[str, tuple[str, str], float]]:
    """(name, (dataset, field), how surely): the things themselves, and their labels (发行人简称)."""
    for thing, name in owners(catalog).items():
        yield thing, (name, ""), 0.95
        labels = labels_of(catalog.datasets[name], thing)
        for item in labels:
            said = bare_name(item.display.zh)
            tail = _LABEL.search(said)
            if tail:
                short = "简称" if tail[0].endswith("缩写") else tail[0][-2:]
                yield thing + short, (name, item.name), 0.95
        if labels and len(labels) == 1:
            for word in _SAID:
                yield thing + word, (name, labels[0].name), 0.85
        elif labels:
            plain = next((f for f in labels if bare_name(f.display.zh).endswith(("名称", "全称"))), labels[0])
            for word in ("名称", "名字", "全称", "全名"):
                yield thing + word, (name, plain.name), 0.85


def short_names(catalog: Catalog) -> Iterator[tuple[str, tuple[str, str], float]]:
    """What columns are called where their table tells of what: 期限 for 债券期限, 亏损 for a 净利润 below nought."""
    every = sorted(owners(catalog), key=len, reverse=True)
    for dataset in catalog.datasets.values():
        said = bare_name(dataset.display.zh)
        whose = next((thing for thing in every if said.startswith(thing)), "")
        bare = TABLE.sub("", said[len(whose) :])
        if whose and len(bare) >= 2:
            yield bare, (dataset.name, ""), 0.85
        fields = [f for f in dataset.fields.values() if f.is_named]
        things = {thing_of(f) for f in fields} - {""}
        taken = {bare_name(f.display.zh) for f in fields}
        profits = [f for f in fields if bare_name(f.display.zh) == "净利润"]
        profits = profits or [
            f for f in fields if "净利润" in f.display.zh and "率" not in f.display.zh and "同比" not in f.display.zh
        ]
        for item in profits[:1]:
            yield from ((word, (dataset.name, item.name), 0.8) for word in ("亏损", "盈利"))
        for item in fields:
            name = bare_name(item.display.zh)
            called = next((t for t in things - {*every} if name in (t + "名称", t + "简称")), "")
            if called:
                # No table of its own tells 股票; the column of their names does.
                yield called, (dataset.name, item.name), 0.9
            thing = next((t for t in sorted(things, key=len, reverse=True) if name.startswith(t)), "")
            rest = name[len(thing) :]
            if thing and len(rest) >= 2 and rest not in taken and not CODE.fullmatch(rest):
                yield rest, (dataset.name, item.name), 0.8


_KINDS = (
    "省份",
    "城市",
    "行业",
    "类型",
    "类别",
    "性质",
    "状态",
    "地区",
    "市场",
    "评级",
    "等级",
    "级别",
    "币种",
    "国籍",
    "学历",
    "省市",
    "大类",
    "分类",
    "国家",
    "部门",
    "岗位",
    "职称",
    "品牌",
    "产地",
    "渠道",
    "区域",
)


def endings(catalog: Catalog) -> Iterator[tuple[str, tuple[str, str], float]]:
    """What people say of a long name: its end, where no other column of the table ends so (净利润 of 归属母公司净利润)."""
    for dataset in catalog.datasets.values():
        fields = [f for f in dataset.fields.values() if f.is_named]
        names = {f.name: bare_name(f.display.zh) for f in fields}
        for item in fields:
            name = names[item.name]
            others = [other for key, other in names.items() if key != item.name]
            for size in range(2, len(name)):
                end = name[-size:]
                is_told = end in _KINDS if size == 2 else len(name) >= 5 and end[0] not in "的和与及"
                if is_told and has_chinese(name) and not any(other.endswith(end) for other in others):
                    yield end, (dataset.name, item.name), 0.72


_DULL = frozenset(
    (
        "指标",
        "情况",
        "数据",
        "信息",
        "明细",
        "资料",
        "统计",
        "记录",
        "概况",
        "结果",
        "字典",
        "代码",
        "结构",
        "行情",
        "财务",
    )
)


def endings_of_tables(catalog: Catalog) -> Iterator[tuple[str, tuple[str, str], float]]:
    """What people say of a table's long name: 处罚 of 行政处罚, where no other table ends so."""
    names = {d.name: TABLE.sub("", bare_name(d.display.zh)) for d in catalog.datasets.values()}
    linked = {r.from_dataset for r in catalog.relationships}
    for key, name in names.items():
        if key not in linked:
            continue
        end = name[-2:]
        is_other = any(other.endswith(end) for one, other in names.items() if one != key)
        if len(name) >= 4 and has_chinese(name) and end not in _DULL and not is_other:
            yield end, (key, ""), 0.7


def labels_of(dataset: Dataset, thing: str = "") -> list[Field]:
    """The columns that hold names of the dataset's own things: of `thing`, or of the first that its columns tell."""
    fields = [f for f in dataset.fields.values() if f.is_named]
    own = thing or next((t for f in fields if f.expression in dataset.primary_key and (t := thing_of(f))), "")
    own = own or next((t for f in fields[:2] if (t := thing_of(f))), "")
    found = []
    for item in fields:
        said = bare_name(item.display.zh)
        tail = _LABEL.search(said)
        if tail is None or item.type in ("integer", "number", "date") or item.is_time:
            continue
        whose = said[: tail.start()]
        if not whose or (own and (whose in own or own in whose)):
            found.append(item)
    return found
