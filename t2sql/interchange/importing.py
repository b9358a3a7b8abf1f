"""Strict Ossie 0.1.1 to our short form. A file that we wrote comes back as it was; a stranger's is completed by rules.

Never guesses in silence: every completion is a sentence in `notes`, and what cannot be decided is left out and told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from t2sql.catalog import Catalog
from t2sql.errors import ConfigError
from t2sql.interchange.completion import complete
from t2sql.interchange.core_formulas import core_formula, is_as_written, same_formula
from t2sql.interchange.export import LEFT_OUT
from t2sql.interchange.layout import OURS, Tree, ordered, plain, without_extension, written
from t2sql.interchange.strict_shapes import StrictDocument
from t2sql.ossie import catalog_of, check_version
from t2sql.yaml_file import line_of, read_yaml, validate


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import gives."""

    text: str
    """model.yml in the short form."""
    catalog: Catalog
    """What it means; its places are lines of the imported file."""
    notes: tuple[str, ...]
    """What was completed or left out, one sentence each."""


def import_model(path: Path) -> Imported:
    """The definitions of a strict file, YAML or JSON. Raises ConfigError with the file's own lines."""
    if not path.is_file():
        problem = "a folder, not a file" if path.is_dir() else "no such file"
        raise ConfigError(f"{path}: {problem}.", "Name a strict Ossie 0.1.1 file, YAML or JSON.")
    tree = read_yaml(path)
    check_version(tree, path)
    validate(StrictDocument, tree, path)
    document: Tree = plain(tree)
    model, ours = without_extension(document["semantic_model"][0])
    formulas: dict[str, str] = {}
    model["datasets"] = [_dataset(d) for d in model["datasets"]]
    if "relationships" in model:
        model["relationships"] = [_part(r) for r in model["relationships"]]
    if "metrics" in model:
        model["metrics"] = [_metric(m, formulas) for m in model["metrics"]]
    notes: list[str] = []
    if ours is None:
        model = complete(model, notes)
    elif ours:
        model[OURS] = ours
    short = ordered({**document, "semantic_model": [ordered(model)]})
    catalog = catalog_of(short, path, tree)
    _check_formulas(formulas, catalog, path, tree)
    return Imported(written(short), catalog, tuple(notes))


def _part(node: Mapping[str, Any]) -> Tree:
    kept, ours = without_extension(node)
    return ordered({**kept, OURS: ours}) if ours else kept


def _dataset(node: Mapping[str, Any]) -> Tree:
    kept = _part(node)
    if "fields" in kept:
        kept["fields"] = [_part({**f, "expression": _short(f["expression"])}) for f in kept["fields"]]
    return kept


def _short(expression: Any) -> Any:
    """The text of an expression in ANSI SQL alone; one of several dialects stays as it is."""
    dialects = expression["dialects"]
    is_plain = len(dialects) == 1 and dialects[0]["dialect"] == "ANSI_SQL"
    return dialects[0]["expression"] if is_plain else expression


def _metric(node: Mapping[str, Any], formulas: dict[str, str]) -> Tree:
    """`formulas` gathers the core formulas that our own definition must still mean."""
    kept, ours = without_extension(node)
    kept["expression"] = _short(kept["expression"])
    if ours is None:
        return kept
    if ours.get("type", "simple") != "simple" or "expression" in ours:
        formulas[kept["name"]] = str(kept.pop("expression"))
        if "expression" in ours:
            kept["expression"] = ours.pop("expression")
    _drop_told(kept)
    return ordered({**kept, OURS: ours} if ours else kept)


def _drop_told(node: Tree) -> None:
    """Take out the instruction that `export` added."""
    context = node.get("ai_context")
    text = context if isinstance(context, str) else (context or {}).get("instructions", "")
    kept = "\n".join(line for line in text.split("\n") if not line.startswith(LEFT_OUT))
    if kept == text:
        return
    if isinstance(context, str):
        node["ai_context"] = kept
    else:
        rest = {k: v for k, v in (context or {}).items() if k != "instructions"}
        node["ai_context"] = {"instructions": kept, **rest} if kept else rest
    if not node["ai_context"]:
        del node["ai_context"]


def _check_formulas(formulas: Mapping[str, str], catalog: Catalog, path: Path, tree: Any) -> None:
    """The core formula and our definition beside it must say one thing: somebody may have changed either."""
    for name, formula in formulas.items():
        metric = catalog.metrics[name]
        if not is_as_written(metric) and not same_formula(formula, core_formula(metric, catalog)):
            place = f"{path}:{metric.place.line if metric.place else line_of(tree, ('semantic_model',))}"
            raise ConfigError(
                f"{place}: metric {name!r}: its expression and its t2sql extension say two different things.",
                "Change the extension to match, or remove it so that the expression alone counts.",
            )
