"""README's small shop with reviewers: its files, and questions that were asked and corrected."""

from __future__ import annotations

import fcntl
import os
from datetime import date
from pathlib import Path

import duckdb

from t2sql.agent import Agent
from t2sql.generation.llm import Llm
from t2sql.journal import Judgement, Past
from t2sql.policy import Narrowed
from t2sql.settings import load

from shop import build_shop

METRIC = """
      - name: orders  # 笔数
        expression: COUNT(sales.amount)
        description: 销售笔数。 / How many sales.
        t2sql: {unit: count, default_period: all, display: {zh: 销售笔数, en: orders}}
"""
POLICIES = """
roles:
  everything: {}
  definitions: {may: [review]}
principals:
  analyst: {roles: [everything], display: {zh: 分析师, en: Analyst}}
  owner: {roles: [definitions], display: {zh: 负责人, en: Owner}}
  second: {roles: [definitions], display: {zh: 复核人, en: Second reviewer}}
  third: {roles: [definitions], display: {zh: 第三人, en: Third reviewer}}
"""
VERIFIED = """# Signed by the shop's office.
verified:
  # -- revenue ----------------------------------------------------------------
  - id: revenue-of-2024   # the first one
    question:
      zh: 2024年各城市的销售收入
    semantic_sql: >-
      SELECT city, revenue FROM shop
      WHERE year = '2024' AND city IS NOT NULL
    verified_by: 财务部 / Finance
    verified_on: 2025-01-02
# end
"""
MORE_SALES = "INSERT INTO sale VALUES (5, 2, '2023-01-02', 3), (6, 2, '2024-01-02', 1)"
TODAY = date(2026, 1, 5)


def open_review_shop(folder: Path, cache: Path, **more: str | int) -> Agent:
    """An agent over a shop in `folder`, made at the first call; settings are those of a demo, with `more`."""
    if not (folder / "metrics").exists():
        build_shop(folder)
        metrics = folder / "metrics" / "shop"
        model = (metrics / "model.yml").read_text(encoding="utf-8")
        (metrics / "model.yml").write_text(model.rstrip("\n") + METRIC, encoding="utf-8")
        (metrics / "policies.yml").write_text(POLICIES, encoding="utf-8")
        (metrics / "verified.yml").write_text(VERIFIED, encoding="utf-8")
        with duckdb.connect(str(folder / "shop.duckdb")) as connection:
            connection.execute(MORE_SALES)
    lines = ['metrics = "metrics/shop"', 'source = "shop.duckdb"', 'principal = "analyst"', "demo = true"]
    lines += [f'cache_dir = "{cache}"', *(f"{key} = {value!r}" for key, value in more.items())]
    (folder / "t2sql.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Agent.open(load(folder / "t2sql.toml", {}), llm=no_llm)


def forget_journal(cache: Path) -> None:
    """Begin with an empty one."""
    for path in cache.glob("journal.sqlite*"):
        path.unlink()


def no_llm() -> Llm:
    raise AssertionError("no llm is asked")


def is_free(folder: Path) -> bool:
    """Whether nobody, this thread included, has the folder's lock."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(opened)
    return True


def reviewer(agent: Agent, name: str = "owner") -> Narrowed:
    return agent.narrow(name)


def asked(agent: Agent, text: str, *, today: date = TODAY) -> Past:
    """A question of the analyst, asked and read back."""
    question = agent.question(text, principal="analyst", today=today)
    agent.ask(question)
    (past,) = [one for one in agent.journal.history.search("analyst", "", most=50) if one.id == question.id]
    return past


def corrected(agent: Agent, text: str, semantic_sql: str, *, today: date = TODAY) -> tuple[Past, Judgement]:
    """A question of the analyst with a correction of its answer."""
    past = asked(agent, text, today=today)
    return past, agent.journal.judged.give("analyst", past.id, "wrong", semantic_sql=semantic_sql)
