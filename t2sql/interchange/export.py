"""Short form to strict Ossie 0.1.1: our extension as JSON, expressions by dialect, every metric with a core formula.

What it writes holds no comments, and is the same text for the same definitions.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlglot.errors import SqlglotError

from t2sql.catalog import Catalog
from t2sql.errors import ConfigError
from t2sql.interchange.core_formulas import core_formula, is_as_written, left_out
from t2sql.interchange.layout import OURS, Tree, ordered, plain, with_extension, written
from t2sql.ossie import catalog_of
from t2sql.yaml_file import read_yaml

LEFT_OUT = "The formula leaves out: "


def export_model(folder: Path) -> str:
    """`folder`/model.yml as YAML that the core's schema allows. Raises ConfigError for definitions that are wrong."""
    path = folder / "model.yml"
    if not path.is_file():
        problem = "a file, not a folder" if folder.is_file() else "no model.yml there"
        raise ConfigError(f"{folder}: {problem}.", "Name the folder that holds model.yml.")
    tree = read_yaml(path)
    return written(strict_tree(plain(tree), catalog_of(tree, path)))


def strict_tree(tree: Tree, catalog: Catalog) -> Tree:
    """A short tree in strict form; `catalog` is what it means."""
    model = tree["semantic_model"][0]
    strict = {
        **model,
        "datasets": [
            _part({**d, "fields": [_expressed(f) for f in d["fields"]]} if "fields" in d else d)
            for d in model["datasets"]
        ],
        **{key: [_part(r) for r in model[key]] for key in ("relationships",) if key in model},
        **{key: [_metric(m, catalog) for m in model[key]] for key in ("metrics",) if key in model},
    }
    # Always there, even empty: it tells that the file needs no guessing when it comes back.
    marked = with_extension(strict, model.get(OURS, {}))
    return ordered({**tree, "version": str(tree["version"]), "semantic_model": [marked]})


def _part(node: Mapping[str, Any]) -> Tree:
    return with_extension(node, node[OURS]) if node.get(OURS) else ordered({k: v for k, v in node.items() if k != OURS})


def _expressed(node: Mapping[str, Any]) -> Tree:
    return _part({**node, "expression": nested(node["expression"])})


def nested(expression: Any) -> Any:
    """The core's form of an expression."""
    if not isinstance(expression, str):
        return expression
    return {"dialects": [{"dialect": "ANSI_SQL", "expression": expression}]}


def _metric(node: Mapping[str, Any], catalog: Catalog) -> Tree:
    metric = catalog.metrics[node["name"]]
    try:
        words = left_out(metric, catalog)
        strict = {**node}
        if words:
            strict["ai_context"] = _told(node.get("ai_context", {}), words)
        if is_as_written(metric):
            return _expressed(strict)
        formula = core_formula(metric, catalog)
    except SqlglotError:
        raise ConfigError(f"{metric.place}: an expression here is not SQL.", "Run `t2sql check`.") from None
    own = {"expression": node["expression"]} if "expression" in node else {}
    return with_extension({**strict, "expression": nested(formula)}, {**own, **node.get(OURS, {})})


def _told(context: Any, words: str) -> Any:
    """`context` with one more instruction: what the formula leaves out."""
    given = {"instructions": context} if isinstance(context, str) else dict(context)
    lines = [line for line in (given.get("instructions", ""), f"{LEFT_OUT}{words}.") if line]
    if isinstance(context, str):
        return "\n".join(lines)
    return {"instructions": "\n".join(lines), **{k: v for k, v in given.items() if k != "instructions"}}
