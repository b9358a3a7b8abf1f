"""Answers for tests: real plans over the demo bank's definitions, with rows of the bank or made up for the case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from t2sql.catalog import Language
from t2sql.compiler import compile_sql
from t2sql.explain import explain
from t2sql.flow import Answer, Column, Draft, Loads, Plan, Question, Result
from t2sql.outline import headed
from t2sql.policy import Narrowed
from t2sql.warehouse.duckdb import DuckDbWarehouse

ROW_LIMIT = 1000
TODAY = date(2026, 7, 10)


def planned(sql: str, narrowed: Narrowed, loads: Loads) -> Plan:
    """`sql` compiled, its columns as a table heads them."""
    plan = compile_sql(sql, narrowed, loads, row_limit=ROW_LIMIT)
    return replace(plan, columns=headed(plan, narrowed.catalog))


def with_rows(plan: Plan, rows: Sequence[Sequence[Any]], *, truncated: bool = False) -> Result:
    """What the warehouse would have given."""
    return Result(plan.columns, tuple(tuple(row) for row in rows), truncated, 1.0)


def run(plan: Plan, warehouse: DuckDbWarehouse) -> Result:
    """What the demo bank gives."""
    return warehouse.run(plan.physical, plan.columns, timeout_seconds=60)


def answered(
    plan: Plan, result: Result, narrowed: Narrowed, language: Language = "zh", text: str = "各分行不良贷款率"
) -> Answer:
    """The end of a question, as the agent makes it."""
    question = Question(text, narrowed.principal.name, TODAY, language)
    draft = Draft(plan.semantic_sql, "written", None)
    return Answer(question, draft, plan, result, explain(plan, narrowed, language), None, None, {"total": 12.0})


def column(name: str, kind: Any, unit: str = "", function: str = "", type: Any = "number") -> Column:
    """A column made up; its labels are its name with 中文 or en."""
    metric = name if kind == "metric" else ""
    return Column(name, kind, type if kind == "metric" else "text", unit, metric, function, f"{name}中文", f"{name} en")
