"""The layout of Ossie core 0.1.1: which keys each part has and in what order, and where our extension lives in it.

Plain trees (dict, list, str, bool, int, float) only; meaning is for `export` and `importing`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

Tree = dict[str, Any]
VENDOR = "COMMON"
OURS = "t2sql"
"""The key of our extension: a mapping in the short form, a member of a COMMON extension's JSON in the strict one."""
ORDER = (
    "version dialects vendors semantic_model name source from to from_columns to_columns primary_key unique_keys"
    " expression dimension label description ai_context datasets fields relationships metrics t2sql custom_extensions"
).split()
FLOW_WIDTH = 100
# Words that a reader of YAML 1.1 takes for something else than text.
_MISREAD = {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", ""}


def plain(node: Any) -> Any:
    """A tree as YAML gave it, without its comments, anchors and styles, and without keys that hold nothing."""
    if isinstance(node, Mapping):
        return {str(key): plain(value) for key, value in node.items() if value is not None}
    if isinstance(node, (list, tuple)):
        return [plain(value) for value in node]
    if isinstance(node, bool) or node is None:
        return node
    if isinstance(node, date):
        return node.isoformat()
    return next((kind(node) for kind in (str, int, float) if isinstance(node, kind)), node)


def ordered(node: Mapping[str, Any]) -> Tree:
    """A part with its keys in the core's order."""
    return {key: node[key] for key in sorted(node, key=lambda k: ORDER.index(k) if k in ORDER else len(ORDER))}


def with_extension(node: Mapping[str, Any], ours: Mapping[str, Any]) -> Tree:
    """`node` in strict form: our extension as JSON in front of the others'."""
    text = json.dumps({OURS: ours}, ensure_ascii=False)
    kept = {key: value for key, value in node.items() if key not in (OURS, "custom_extensions")}
    return ordered(
        {**kept, "custom_extensions": [{"vendor_name": VENDOR, "data": text}, *node.get("custom_extensions", [])]}
    )


def without_extension(node: Mapping[str, Any]) -> tuple[Tree, Tree | None]:
    """`node` less our extension, and the extension; None where there is none. Others' stay as they are."""
    ours: Tree | None = None
    others: list[Any] = []
    for extension in node.get("custom_extensions") or []:
        found = _json(extension.get("data")) if extension.get("vendor_name") == VENDOR else None
        if ours is None and isinstance(found, dict) and isinstance(found.get(OURS), dict):
            ours = found.pop(OURS)
            others += [{**extension, "data": json.dumps(found, ensure_ascii=False)}] if found else []
        else:
            others.append(extension)
    kept = {key: value for key, value in node.items() if key != "custom_extensions"}
    return ordered({**kept, "custom_extensions": others} if others else kept), ours


def written(tree: Tree) -> str:
    """The tree as YAML that readers of versions 1.1 and 1.2 read alike."""
    yaml = YAML(typ="rt")
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = StringIO()
    yaml.dump(styled(tree), stream)
    return stream.getvalue()


def _json(text: Any) -> Any:
    try:
        return json.loads(text)
    except (TypeError, ValueError):
        return None


def styled(node: Any) -> Any:
    """A plain tree for YAML: short lists and mappings of scalars on one line, text with line breaks as a block."""
    if isinstance(node, Mapping):
        mapping = CommentedMap({key: styled(value) for key, value in node.items()})
        if _is_short(node.values()) and len(str(dict(node))) < FLOW_WIDTH:
            mapping.fa.set_flow_style()
        return mapping
    if isinstance(node, (list, tuple)):
        items = CommentedSeq([styled(value) for value in node])
        if _is_short(node):
            items.fa.set_flow_style()
        return items
    if not isinstance(node, str):
        return node
    if "\n" in node:
        is_block = all(line == line.rstrip() and line.isprintable() for line in node.split("\n"))
        return LiteralScalarString(node) if is_block else DoubleQuotedScalarString(node)
    return DoubleQuotedScalarString(node) if node.lower() in _MISREAD or node[0] in "0123456789+-." else node


def _is_short(values: Any) -> bool:
    return all(not isinstance(v, (Mapping, Sequence)) or (isinstance(v, str) and "\n" not in v) for v in values)
