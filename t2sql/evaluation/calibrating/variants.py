"""The installation as it is and made worse on purpose, so that there are enough wrong drafts to learn from.

Nothing of the installation's own folders is written, and its definitions are copied before they are changed.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, get_args

from ruamel.yaml import YAML

from t2sql.agent import Agent
from t2sql.evaluation.calibrating.kept import KeptLlm
from t2sql.generation.llm import Llm
from t2sql.grounding import Grounding, NameIndex
from t2sql.policy import Narrowed
from t2sql.settings import Settings
from t2sql.yaml_file import read_yaml

Variant = Literal["as is", "no retrieval", "distractors", "no synonyms", "both", "no aliases", "small llm"]
"""both: distractors, and definitions without synonyms; no aliases: no other words for dimensions and values."""
VARIANTS: tuple[Variant, ...] = get_args(Variant)
SMALL = "qwen2.5-coder-0.5b"


class WithoutRetrieval(Agent):
    """An agent that finds nothing by meaning."""

    def grounding(self, narrowed: Narrowed) -> Grounding:
        with self._turn:
            if narrowed.fingerprint not in self._groundings:
                whole = super().grounding(narrowed)
                names = NameIndex.build(narrowed.catalog)
                self._groundings[narrowed.fingerprint] = Grounding(
                    narrowed.catalog, whole.values, names, lambda text: []
                )
            return self._groundings[narrowed.fingerprint]


def open_variant(
    variant: Variant, settings: Settings, load: Callable[[Settings], Llm], *, distractors: Path, work: Path
) -> Agent:
    """An Agent over `settings` with what `variant` changes. `work`: a folder for the llm's writings and for changed
    definitions; `distractors`: the file of metrics to add. Raises ConfigError, WarehouseUnavailable.
    """
    if variant == "small llm":
        settings = settings.model_copy(update={"llm": SMALL})
    own = settings
    llm = KeptLlm(lambda: load(own), own.llm, work / "writings")
    if variant in ("distractors", "no synonyms", "both", "no aliases"):
        more = read_yaml(distractors)["metrics"] if variant in ("distractors", "both") else []
        folder = _copied(own.metrics, work / variant.replace(" ", "_"), more, variant)
        changes = {"metrics": folder, "cache_dir": work, "source": str(own.database)}
        settings = own.model_copy(update=changes)
    kind = WithoutRetrieval if variant == "no retrieval" else Agent
    return kind.open(settings, llm=lambda: llm)


def _copied(metrics: Path, folder: Path, more: list[Any], variant: Variant) -> Path:
    """A copy of the definitions at `folder`, with more metrics after their own, and without the words that `variant`
    takes away.
    """
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(metrics, folder)
    tree = read_yaml(metrics / "model.yml")
    defined = tree["semantic_model"][0]["metrics"]
    defined.extend(more)
    for metric in defined if variant in ("no synonyms", "both") else []:
        metric.pop("ai_context", None)
    for dataset in tree["semantic_model"][0]["datasets"] if variant == "no aliases" else []:
        for item in dataset["fields"]:
            item.pop("ai_context", None)
            item.get("t2sql", {}).pop("aliases", None)
    out = io.StringIO()
    writer = YAML()
    writer.width = 100_000
    writer.dump(tree, out)
    (folder / "model.yml").write_text(out.getvalue(), encoding="utf-8")
    return folder
