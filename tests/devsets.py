"""The public question sets beside the checkout, and the scorer that came with them, for tests of our own."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

FOLDER = Path(__file__).parent.parent.parent / "shared" / "devsets"
SETS = ("business_en", "general_en", "macro_zh")


def set_file(name: str) -> Path:
    """One set."""
    return FOLDER / "sets" / f"{name}.jsonl"


def scorer() -> ModuleType:
    """The sets' own scorer, loaded from its file."""
    spec = importlib.util.spec_from_file_location("devsets_score", FOLDER / "score.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
