"""What tests of the page share: settings in a folder of their own, and what a machine must have for the browser."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def needs(condition: bool, what: str) -> None:
    """Skip, naming what is missing; on a continuous-integration machine that is a failure."""
    if not condition:
        message = f"{what} is missing here"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(message)


def write_settings(folder: Path, bank: Path, **more: str | bool) -> Path:
    """A settings file for the demo bank with a cache of its own in `folder`."""
    values = {"metrics": str(ROOT / "metrics" / "bank"), "source": str(bank), "cache_dir": str(folder / "cache")}
    values |= {"memory_limit": "2GB", "demo": True, "principal": "hq"} | more
    shown = {key: str(value).lower() if isinstance(value, bool) else repr(value) for key, value in values.items()}
    lines = (f"{key} = {value}" for key, value in shown.items())
    path = folder / "t2sql.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def share_cache(folder: Path, index: Path, weights: Path | None) -> None:
    """Give the installation in `folder` an index and weights that others have made; None for no weights."""
    index.mkdir(parents=True, exist_ok=True)
    (folder / "cache").mkdir()
    (folder / "cache" / "index").symlink_to(index)
    if weights:
        (folder / "cache" / "llms").symlink_to(weights)
