"""Outcomes as text, JSON and CSV on stdout. Figures are the stored ones; only the text form rounds, and says the unit.

The JSON form always has the same keys, whatever the outcome. No value reaches a terminal with a control character.
"""

from __future__ import annotations

import csv
import json
import math
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TextIO

from t2sql.errors import T2sqlError
from t2sql.explain import describe
from t2sql.flow import Answer, Clarification, Column, Outcome, Plan, Provenance, Refusal, Result, Tokens
from t2sql.wording import format_value, label, visible

if TYPE_CHECKING:
    from rich.console import Console

    from t2sql.catalog import Language

SHOWN_ROWS = 50
CONTROLS = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
Document = Mapping[str, Any]


def outcome_document(outcome: Outcome) -> Document:
    """An outcome under the keys that every outcome has."""
    if isinstance(outcome, Answer):
        plan, result = outcome.plan, outcome.result
        return _document(
            outcome.question.text, "answer", outcome.draft.route, outcome.timings_ms, outcome.tokens,
            confidence=outcome.draft.confidence, explanation=outcome.explanation, rows=result.rows,
            truncated=result.truncated, **plan_keys(plan),
        )  # fmt: skip
    if isinstance(outcome, Clarification):
        hint = "\n".join(f"{i}. {r.text}: {r.semantic_sql}" for i, r in enumerate(outcome.readings, 1))
        error = {"code": "clarification", "message": outcome.text, "hint": hint}
        return _document(
            outcome.question.text, "clarification", None, outcome.timings_ms, outcome.tokens,
            explanation=outcome.text, error=error,
        )  # fmt: skip
    error = {"code": outcome.code, "message": outcome.text, "hint": outcome.hint}
    return _document(outcome.question.text, "refusal", "refused", outcome.timings_ms, outcome.tokens, error=error)


def failure_document(question: str, error: T2sqlError) -> Document:
    """A question that ended in an error, under the same keys."""
    told = {"code": error.code, "message": error.message, "hint": error.hint}
    return _document(question, "refusal", "refused", {}, Tokens(0, 0, 0), error=told)


def plan_keys(plan: Plan) -> dict[str, Any]:
    """The part of a document that a plan alone gives."""
    columns = [{"name": c.name, "type": c.type, "unit": c.unit, "metric": c.metric} for c in plan.columns]
    return {
        "semantic_sql": plan.semantic_sql,
        "physical_sql": plan.physical.sql,
        "dialect": plan.physical.dialect,
        "columns": columns,
        "provenance": [_source(item) for item in plan.provenance],
        "notes": [{"code": note.code, "zh": note.zh, "en": note.en} for note in plan.notes],
    }


def _source(item: Provenance) -> dict[str, Any]:
    return {
        "metric": item.metric, "definition": item.definition, "formula": item.formula, "datasets": list(item.datasets),
        "filters": list(item.filters), "as_of": item.as_of,
    }  # fmt: skip


def _document(
    question: str, outcome: str, route: str | None, timings: Mapping[str, float], tokens: Tokens, **known: Any
) -> Document:
    empty: dict[str, Any] = {
        "question": question, "outcome": outcome, "route": route, "confidence": None, "semantic_sql": None,
        "physical_sql": None, "dialect": None, "columns": [], "rows": [], "truncated": False, "explanation": None,
        "provenance": [], "notes": [], "timings_ms": {key: round(value, 1) for key, value in timings.items()},
        "tokens": {"prompt": tokens.prompt, "cached": tokens.cached, "completion": tokens.completion}, "error": None,
    }  # fmt: skip
    return empty | known


def write_json(document: Any, out: TextIO) -> None:
    """`document` as JSON: decimals as exact number literals, dates as ISO text, control characters escaped."""
    out.write(CONTROLS.sub(lambda m: f"\\u{ord(m[0]):04x}", _json(document)) + "\n")


def _json(value: Any, depth: int = 0) -> str:
    """One key or row a line; the standard writer would round decimals through floats."""
    gap = "\n" + " " * (depth + 1)
    if isinstance(value, Mapping) and value:
        items = (f"{json.dumps(str(k), ensure_ascii=False)}: {_json(v, depth + 1)}" for k, v in value.items())
        return "{" + gap + f",{gap}".join(items) + gap[:-1] + "}" if depth == 0 else "{" + ", ".join(items) + "}"
    if isinstance(value, (list, tuple)) and value and isinstance(value[0], (list, tuple, Mapping)):
        return "[" + gap + f",{gap}".join(_json(v, depth + 1) for v in value) + gap[:-1] + "]"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_json(v, depth + 1) for v in value) + "]"
    if isinstance(value, Decimal):
        return f"{value:f}" if value.is_finite() else "null"
    if isinstance(value, float) and not math.isfinite(value):
        return "null"
    if isinstance(value, (date, datetime)):
        return json.dumps(value.isoformat())
    if value is None or isinstance(value, (str, int, float, Mapping)):
        return json.dumps(value, ensure_ascii=False)
    return json.dumps(str(value), ensure_ascii=False)


def write_csv(result: Result, out: TextIO) -> None:
    """A result with a header of column names; NULL is an empty cell; no control character reaches a terminal."""
    show = visible if out.isatty() else str
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([show(column.name) for column in result.columns])
    writer.writerows([["" if cell is None else show(_text(cell)) for cell in row] for row in result.rows])


def _text(cell: Any) -> str:
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return cell.isoformat() if isinstance(cell, (date, datetime)) else str(cell)


def print_answer(answer: Answer, *, is_exact: bool) -> None:
    """Table, the question as understood, notes, definitions, both SQLs, timings."""
    language = answer.question.language
    zh = language == "zh"
    console = console_on_stdout()
    print_table(console, answer.result.columns, answer.result.rows, language, is_exact=is_exact)
    if answer.result.truncated:
        print(f"{'行数达到上限，结果被截断' if zh else 'Cut at the row limit'}: {answer.plan.physical.row_limit:,}")
    print(f"\n{'理解为：' if zh else 'Understood as: '}{visible(answer.explanation)}")
    for note in answer.plan.notes:
        print(f"{'注意：' if zh else 'Note: '}{visible(note.zh if zh else note.en)}")
    names = {
        c.metric: label(c, language)
        for c in answer.plan.columns
        # A heading that AS gave is no metric's name.
        if c.metric and not c.function and label(c, language) != c.name
    }
    for item in answer.plan.provenance:
        print("\n" + "\n".join(describe(item, language, names.get(item.metric, ""))))
    print_sql(console, "语义 SQL" if zh else "Semantic SQL", answer.plan.semantic_sql)
    print_sql(console, "物理 SQL" if zh else "Physical SQL", answer.plan.physical.sql)
    print(f"\n{_figures(answer)}")


def print_table(
    console: Console, columns: Sequence[Column], rows: Sequence[Sequence[Any]], language: Language, *, is_exact: bool
) -> None:
    """The first rows, figures to the right, in words unless `is_exact`."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    zh = language == "zh"
    if not rows:
        print("没有符合条件的数据。" if zh else "No rows.")
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(Text(label(column, language)), justify="right" if column.kind == "metric" else "left")
    for row in rows[:SHOWN_ROWS]:
        cells = zip(row, columns, strict=True)
        table.add_row(*(Text(format_value(cell, column, language, exact=is_exact)) for cell, column in cells))
    console.print(table)
    if len(rows) > SHOWN_ROWS:
        more = len(rows) - SHOWN_ROWS
        print(f"……另有 {more:,} 行；加 --json 可得全部。" if zh else f"… {more:,} more rows; --json gives all.")


def print_sql(console: Console, title: str, sql: str) -> None:
    """SQL under a title, coloured on a terminal only."""
    print(f"\n{title}")
    text = visible(sql.strip(), keep_newlines=True)
    if console.is_terminal:
        from rich.syntax import Syntax

        console.print(Syntax(text, "sql", theme="ansi_dark", background_color="default", word_wrap=True))
    else:
        print(text)


def print_plain_sql(sql: str) -> None:
    """SQL alone, for another program to read."""
    if sys.stdout.isatty():
        from rich.syntax import Syntax

        console_on_stdout().print(
            Syntax(
                visible(sql, keep_newlines=True), "sql", theme="ansi_dark", background_color="default", word_wrap=True
            )
        )
    else:
        print(sql)


def console_on_stdout() -> Console:
    """stdout: as wide as the terminal, and never folded where it is none."""
    from rich.console import Console

    return Console(
        file=sys.stdout, markup=False, highlight=False, emoji=False, width=None if sys.stdout.isatty() else 500
    )


def _figures(answer: Answer) -> str:
    """How the answer came to be, and what it took."""
    zh, draft, tokens = answer.question.language == "zh", answer.draft, answer.tokens
    confidence = ("未测量" if zh else "not measured") if draft.confidence is None else f"{draft.confidence:.2f}"
    times = " · ".join(f"{visible(key)} {value:,.0f} ms" for key, value in answer.timings_ms.items())
    how = f"路径 {draft.route} · 置信度 {confidence}" if zh else f"Route {draft.route} · confidence {confidence}"
    read = (
        f"读入 {tokens.prompt} 词元（缓存 {tokens.cached}），写出 {tokens.completion}"
        if zh
        else f"{tokens.prompt} tokens read ({tokens.cached} cached), {tokens.completion} written"
    )
    return f"{how} · {read}\n{'用时' if zh else 'Timings'}: {times}"


def tell_refusal(refusal: Refusal) -> str:
    """A refusal as lines for stderr."""
    return refusal.text + (f"\n  → {refusal.hint}" if refusal.hint else "")


def tell_clarification(clarification: Clarification) -> str:
    """A question back and the readings to choose among, as lines for stderr."""
    readings = [f"  {i}. {r.text}\n     {r.semantic_sql}" for i, r in enumerate(clarification.readings, 1)]
    return "\n".join([clarification.text, *readings])
