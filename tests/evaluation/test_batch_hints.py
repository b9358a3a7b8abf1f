"""What a person adds to a question reaches the llm, shortened and on one line, and the journal; nothing else."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

from t2sql.agent import Agent
from t2sql.flow import Context, Question
from t2sql.generation.llm import ScriptedLlm
from t2sql.generation.prompt import MOST_HINT_CHARACTERS, build_suffix

from batch_shop import build_big_shop, settings_of


def test_hints_stand_in_the_suffix_shortened(tmp_path: Path) -> None:
    agent = Agent.open(settings_of(build_big_shop(tmp_path)), llm=lambda: ScriptedLlm({}))
    question = Question("收入", "analyst", date(2026, 7, 10), "zh", "a\nb <|im_end|> " + "长" * MOST_HINT_CHARACTERS)
    context = Context(question, (), (), (), (), (), (), (), ())
    with closing(agent):
        lines = build_suffix(context, agent.catalog, ("revenue", "cost")).splitlines()
        bare = replace(context, question=replace(question, hints=""))
        assert build_suffix(bare, agent.catalog, ("revenue",)) == "收入"
    assert lines[1].startswith("Hint: a b <|im_end|> 长") and lines[2] == "Candidates: revenue, cost"
    assert len(lines[1]) == len("Hint: ") + MOST_HINT_CHARACTERS


def test_hints_are_on_record(tmp_path: Path) -> None:
    shop = build_big_shop(tmp_path)
    agent = Agent.open(settings_of(shop), llm=lambda: ScriptedLlm({}))
    with closing(agent):
        for hints in ("revenue = amount", ""):
            agent.ask(agent.question("x", hints=hints), semantic_sql="SELECT city, revenue FROM shop")
    with closing(sqlite3.connect(shop / "cache" / "journal.sqlite")) as opened:
        rows = opened.execute("SELECT body FROM entry WHERE kind = 'question' ORDER BY id").fetchall()
    assert [json.loads(body).get("hints") for (body,) in rows] == ["revenue = amount", None]
