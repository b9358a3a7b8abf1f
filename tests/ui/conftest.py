"""What tests of the page stand on: settings in a folder of their own, and what a machine must have for the browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from t2sql.settings import load

ROOT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_OPTIONS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]

AMBIGUOUS = (
    "Show the average ticket of card transactions by merchant category for 2025",
    "2025年各分行的余额是多少？",
    "income by branch in 2025",
    "2025年客户情况",
)


def needs(condition: bool, what: str) -> None:
    """Skip, naming what is missing; on a continuous-integration machine that is a failure."""
    if not condition:
        message = f"{what} is missing here"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(message)


def write_settings(folder: Path, bank: Path, **more: str | bool) -> Path:
    """A settings file for the demo bank with a cache of its own in `folder`."""
    values = {"metrics": str(ROOT / "metrics" / "bank"), "source": str(bank), "cache_dir": str(folder / "cache")}
    values |= {"memory_limit": "2GB", "demo": True, "principal": "hq"} | more
    lines = (f"{key} = {str(value).lower() if isinstance(value, bool) else repr(value)}" for key, value in values.items())
    path = folder / "t2sql.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def weights_folder() -> Path:
    """The folder with the weights that this checkout's settings name."""
    chosen = load(ROOT / "t2sql.toml")
    needs((chosen.llm_dir / f"{chosen.llm}.gguf").is_file(), f"the llm {chosen.llm!r}")
    return chosen.llm_dir


@pytest.fixture(scope="session")
def page_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder whose index all tests of the page share, so that it is built once."""
    yield tmp_path_factory.mktemp("page")


@pytest.fixture(scope="session")
def ambiguous(page_folder: Path, locked_bank: Path) -> str:
    """A question that leaves the llm a choice."""
    from t2sql.agent import Agent
    from t2sql.generation.llm import ScriptedLlm
    from t2sql.generation.readings import readings

    folder = page_folder / "ambiguous"
    folder.mkdir()
    path = write_settings(folder, locked_bank, cache_dir=str(page_folder / "cache"))
    agent = Agent.open(load(path), llm=lambda: ScriptedLlm({}))
    narrowed = agent.narrow("hq")
    for text in AMBIGUOUS:
        context = agent.grounding(narrowed).ground(agent.question(text), agent.loads().last())
        if len(readings(context, narrowed.catalog)) > 1:
            return text
    pytest.fail("none of these leaves a choice any more: " + "; ".join(AMBIGUOUS))
