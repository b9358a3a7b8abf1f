"""A new draft merged into definitions that people have worked on.

Three trees: what was drafted before, what stands in the file now, what is drafted now. Where the file says what was
drafted before, it takes the new draft; where a person changed, dropped or added something, that stays. The file's
comments and order stay too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlglot.errors import SqlglotError

from t2sql.interchange.layout import plain, styled
from t2sql.metric_names import columns_in
from t2sql.onboarding.writing import Drafted

Tree = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a re-run found or did."""

    kind: Literal["added", "dropped", "changed", "kept"]
    """kept: the database no longer has it, and a person had changed it, so it stays for them to decide."""
    what: str
    """table customers; column customers.email; type of customers.age; metric customer_count."""
    zh: str
    en: str


def merge(tree: Any, before: Drafted, now: Drafted) -> Iterator[Change]:
    """Bring `tree` (as ruamel read it) up to date in place, and tell what the database changed."""
    yield from _schema_changes(before, now)
    mine, old, new = (t["semantic_model"][0] for t in (tree, before.tree, now.tree))
    _merge_keys(mine, old, new, skipped=("datasets", "relationships", "metrics"))
    yield from _merge_list(mine, old, new, "datasets")
    for dataset in mine["datasets"]:
        then, today = _named(old, "datasets", dataset["name"]), _named(new, "datasets", dataset["name"])
        if then is not None and today is not None:
            yield from _merge_list(dataset, then, today, "fields", owner=dataset["name"])
    yield from _merge_list(mine, old, new, "relationships")
    yield from _merge_list(mine, old, new, "metrics")
    yield from _drop_dangling(mine, old, new)


def _schema_changes(before: Drafted, now: Drafted) -> Iterator[Change]:
    """What the database itself changed since the last draft."""
    for table in now.schema.keys() - before.schema.keys():
        yield Change("added", f"table {table}", f"新表 {table}", f"New table {table}")
    for table in before.schema.keys() - now.schema.keys():
        yield Change("dropped", f"table {table}", f"表 {table} 已不存在", f"Table {table} is gone")
    for table in sorted(before.schema.keys() & now.schema.keys()):
        was, is_now = before.schema[table], now.schema[table]
        for column in [c for c in is_now if c not in was]:
            told = f"{table}.{column}"
            yield Change("added", f"column {told}", f"新列 {told}", f"New column {told}")
        for column in [c for c in was if c not in is_now]:
            told = f"{table}.{column}"
            yield Change("dropped", f"column {told}", f"列 {told} 已不存在", f"Column {told} is gone")
        for column in [c for c in was if c in is_now and was[c] != is_now[c]]:
            told = f"{table}.{column}"
            yield Change(
                "changed",
                f"type of {told}",
                f"列 {told} 的类型由 {was[column]} 变为 {is_now[column]}",
                f"Column {told} was {was[column]} and is {is_now[column]}",
            )


def _merge_list(mine: Any, old: Tree, new: Tree, key: str, owner: str = "") -> Iterator[Change]:
    """Merge a list of named parts."""
    then = {part["name"]: part for part in old.get(key, [])}
    today = {part["name"]: part for part in new.get(key, [])}
    present = {part["name"]: part for part in mine.get(key) or []}
    for name, part in present.items():
        if name in then and name in today:
            _merge_keys(part, then[name], today[name], skipped=("fields",))
    for name in [n for n in present if n in then and n not in today]:
        kind = key.removesuffix("s")
        told = f"{owner}.{name}" if owner else name
        if _is_as_drafted(present[name], then[name]):
            mine[key].remove(present[name])
        else:
            yield Change(
                "kept",
                f"{kind} {told}",
                f"{told} 已无从起草，但您改过它，所以保留",
                f"{told} is no longer drafted; you had changed it, so it stays",
            )
    added = [part for name, part in today.items() if name not in present and name not in then]
    if added and key not in mine:
        mine[key] = styled([])
    for part in added:
        mine[key].append(styled(plain(part)))


def _merge_keys(mine: Any, old: Mapping[str, Any], new: Mapping[str, Any], skipped: tuple[str, ...] = ()) -> None:
    """Merge one mapping: what stands as it was drafted takes the new draft."""
    for key in dict.fromkeys([*old, *new]):
        if key in skipped or key == "name":
            continue
        was, wanted, has = old.get(key), new.get(key), key in mine
        if isinstance(was, Mapping) and isinstance(wanted, Mapping) and has and isinstance(mine[key], Mapping):
            _merge_keys(mine[key], was, wanted)
        elif (plain(mine[key]) if has else None) == plain(was):
            if wanted is None:
                mine.pop(key, None)
            elif plain(wanted) != plain(was):
                mine[key] = styled(plain(wanted))


def _is_as_drafted(mine: Any, old: Mapping[str, Any]) -> bool:
    return bool(plain(mine) == plain(old))


def _named(model: Mapping[str, Any], key: str, name: str) -> Any:
    return next((part for part in model.get(key) or [] if part["name"] == name), None)


def _drop_dangling(mine: Any, old: Tree, new: Tree) -> Iterator[Change]:
    """Take out drafted parts that stand on what is gone; tell those that a person wrote or changed."""
    fields = {d["name"]: {f["name"] for f in d.get("fields") or []} for d in mine["datasets"]}
    for key in ("relationships", "metrics"):
        for part in list(mine.get(key) or []):
            missing = missing_name(part, fields)
            if not missing:
                continue
            then = _named(old, key, part["name"]) or _named(new, key, part["name"])
            if then is None or not _is_as_drafted(part, then):
                name, kind = part["name"], key.removesuffix("s")
                yield Change(
                    "kept",
                    f"{kind} {name}",
                    f"{name} 用到已不存在的 {missing}；这是您写的或改过的，请更正或删除",
                    f"{kind} {name} uses {missing}, which is gone; you wrote or changed it, so correct or remove it",
                )
            else:
                mine[key].remove(part)


def missing_name(part: Mapping[str, Any], fields: Mapping[str, set[str]]) -> str:
    """The first dataset or field that a relationship or metric names and that is not there; "" for none."""
    for end in ("from", "to"):
        if end in part and part[end] not in fields:
            return str(part[end])
    text = part.get("expression")
    if not isinstance(text, str):
        return ""
    try:
        used = sorted(columns_in(text))
    except SqlglotError:
        return ""
    for dataset, field in used:
        if dataset and field not in fields.get(dataset, set()):
            return f"{dataset}.{field}"
    return ""
