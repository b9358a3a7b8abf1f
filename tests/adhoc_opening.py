"""How tests open the drafted library."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from t2sql.agent import Agent

Opening = Callable[[Mapping[str, str]], Agent]
"""By what the llm writes for a question: a piece of its text -> its SQL."""
