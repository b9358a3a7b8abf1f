"""The words for a dimension that a dataset does not have, or cannot give as one value. Never names what is hidden: only
names out of the narrowed catalog stand here.
"""

from __future__ import annotations

from collections.abc import Iterable

from t2sql.catalog import Catalog, Dataset, Dimension, Field, Relationship
from t2sql.errors import NotComputable
from t2sql.paths import is_reached, undeclared_bridge


def lacking(catalog: Catalog, dataset: Dataset, dimension: Dimension, asked: Iterable[str]) -> NotComputable:
    """That `dataset` has no such dimension, and those that every asked dataset has."""
    names = dict.fromkeys(asked)
    shared = sorted(d.name for d in catalog.dimensions.values() if all(is_reached(catalog, n, d) for n in names))
    message = f"{dataset.display.en} ({dataset.name!r}) has no {dimension.name!r}."
    zh = f"{dataset.display.zh}没有“{dimension.display.zh}”这个维度。"
    bridge = undeclared_bridge(catalog, dataset.name, dimension)
    if bridge is not None:
        message = (
            f"{dataset.display.en} ({dataset.name!r}) and {dimension.name!r} meet many to many,"
            f" over {bridge.from_dataset!r}, which is not declared a bridge."
        )
        zh = f"{dataset.display.zh}与“{dimension.display.zh}”多对多（经 {bridge.from_dataset}），尚未声明为桥接表。"
    who, zh_who = ("It", "可用的维度") if len(names) < 2 else ("All that is asked", "所问指标共有的维度")
    hint = f"{who} can be seen by: {', '.join(shared) or 'nothing'}."
    zh_hint = f"{zh_who}：{'、'.join(catalog.dimensions[n].display.zh for n in shared) or '无'}。"
    if bridge is not None:
        hint = f"Declare `bridge: true` on relationship {bridge.name!r} in model.yml. {hint}"
        zh_hint = f"请在 model.yml 的关系 {bridge.name} 上声明 bridge: true。{zh_hint}"
    return NotComputable(message, hint, zh=(zh, zh_hint))


def in_own_currencies(item: Field, hint: str = "Use an amount of a dataset whose rows are dated.") -> NotComputable:
    """That an amount has no day whose rate could convert it."""
    return NotComputable(
        f"'{item.dataset}.{item.name}' is in several currencies and has no date whose rate could convert it.",
        hint,
        zh=(f"{item.display.zh}为多币种金额，没有可用于折算的日期。", "请使用有日期的数据集中的金额。"),
    )


def two_bridges(one: Relationship, other: Relationship) -> NotComputable:
    """That rows would be divided twice."""
    names = f"{one.from_dataset!r} and {other.from_dataset!r}"
    return NotComputable(
        f"One figure cannot be divided over two bridges, {names}.",
        "Ask in two questions, one for each.",
        zh=(f"一个数不能同时经两个桥接表（{one.from_dataset}、{other.from_dataset}）拆分。", "请分成两个问题来问。"),
    )
