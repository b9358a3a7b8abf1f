"""Follow-ups as tests ask them: rows of a table of texts, and what becomes of a text after earlier turns."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from t2sql.agent import Agent
from t2sql.conversation import Continued, continue_question
from t2sql.flow import Turn

CLOCK = date(2026, 7, 15)


def rows(table: Path) -> list[Any]:
    """(before, text, wanted) of the table."""
    groups = YAML(typ="safe").load(table.read_text(encoding="utf-8"))
    return [
        pytest.param(group["before"], text, wanted, id=f"{number}-{text}")
        for number, group in enumerate(groups)
        for text, wanted in group["turns"].items()
    ]


def follow(agent: Agent, text: str, *before: Turn, principal: str = "hq") -> Continued | None:
    """What becomes of `text` after `before`, compiled where it gave semantic SQL."""
    narrowed, loads = agent.narrow(principal), agent.loads()
    question = agent.question(text, principal=principal, today=CLOCK, before=before)

    def stated(sql: str) -> str:
        return agent.compile(sql, principal=principal, today=CLOCK).semantic_sql

    found = continue_question(question, agent.grounding(narrowed), narrowed.catalog, loads.last(), stated)
    if found and found.semantic_sql:
        stated(found.semantic_sql)
    return found
