"""Opens an Agent with the configured weights behind it: the one way in for every face."""

from __future__ import annotations

from collections.abc import Callable

from t2sql.agent import Agent
from t2sql.generation.llm import LlamaLlm, Llm
from t2sql.generation.served import HttpLlm
from t2sql.llms.store import find
from t2sql.settings import Settings


def open_agent(settings: Settings, *, progress: Callable[[str, float], None] | None = None) -> Agent:
    """An Agent over `settings`; weights load at first need. Raises ConfigError, WarehouseUnavailable."""
    return Agent.open(settings, llm=lambda: load_llm(settings), progress=progress)


def load_llm(settings: Settings, *, sequences: int = 1) -> Llm:
    """The configured weights, loaded, to write up to `sequences` texts at once; or the server that the settings name.
    Raises LlmUnavailable; ConfigError for an address that is none.
    """
    if settings.is_llm_served:
        return reach_llm(settings)
    weights = find(settings.llm, settings)
    return LlamaLlm(
        weights.path,
        weights.sha256,
        state_dir=settings.state_dir,
        threads=settings.threads or None,
        gpu_layers=settings.gpu_layers,
        sequences=sequences,
    )


def reach_llm(settings: Settings) -> HttpLlm:
    """The llm behind the configured address; nothing is asked of it yet. Raises ConfigError."""
    key = settings.llm_key.get_secret_value()
    return HttpLlm(settings.llm, name=settings.llm_name, key=key, timeout_seconds=settings.llm_timeout_seconds)
