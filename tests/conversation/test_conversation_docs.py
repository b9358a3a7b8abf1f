"""docs/conversation.md cannot lie: each line of its tables is asked."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from t2sql.agent import Agent
from t2sql.flow import Turn

PAGE = Path(__file__).parent.parent.parent / "docs" / "conversation.md"
CLOCK = date(2026, 7, 15)
_LINE = re.compile(r"\| (?P<say>.+?) \| `(?P<sql>SELECT .+)` \|")


def lines() -> list[tuple[str, str, str]]:
    """(the question before, the follow-up, the semantic SQL that the page promises)."""
    found, before = [], ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if match := re.match(r"After “(.+)”:", line):
            before = match[1]
        elif match := _LINE.fullmatch(line):
            found.append((before, match["say"], match["sql"]))
    return found


def test_the_page_has_examples_in_both_languages() -> None:
    assert len({before for before, _, _ in lines()}) == 2 and len(lines()) > 20


@pytest.mark.parametrize(("before", "say", "sql"), lines())
def test_a_line_of_the_page_is_true(agent: Agent, before: str, say: str, sql: str) -> None:
    first = agent.ask(agent.question(before, today=CLOCK))
    assert first.outcome == "answer", first
    turn = Turn(before, first.draft.semantic_sql)
    outcome = agent.ask(agent.question(say, today=CLOCK, before=(turn,)))
    assert outcome.outcome == "answer", outcome
    assert outcome.draft.semantic_sql == sql
    assert outcome.draft.route == "composed" and outcome.draft.carried
