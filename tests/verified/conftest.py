"""The demo bank with a cache folder of its own, and no llm: a checked question never needs one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from t2sql.agent import Agent
from t2sql.errors import LlmUnavailable
from t2sql.generation.llm import Llm
from t2sql.settings import Settings


def _no_llm() -> Llm:
    raise LlmUnavailable("It was called.")


@pytest.fixture(scope="session")
def agent(settings: Settings, locked_bank: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agent]:
    """The agent; calling its llm raises LlmUnavailable."""
    own = {"source": str(locked_bank), "memory_limit": "2GB", "cache_dir": tmp_path_factory.mktemp("signed")}
    opened = Agent.open(settings.model_copy(update=own), llm=_no_llm)
    yield opened
    opened.close()
