"""Fixtures for tests of the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from t2sql.settings import load

from page_setup import ROOT, needs, write_settings

AMBIGUOUS = (
    "Show the average ticket of card transactions by merchant category for 2025",
    "2025年各分行的余额是多少？",
    "income by branch in 2025",
    "2025年客户情况",
)


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
