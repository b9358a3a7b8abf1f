"""Outcomes as text and CSV on stdout. Figures are the stored ones; only the text form rounds, and says the unit.

No value reaches a terminal with a control character. The JSON form is in documents.py.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TextIO

from t2sql.definitions import tell_term, tell_topic
from t2sql.explain import describe
from t2sql.flow import Answer, Clarification, Column, Definition, Reading, Refusal, Result
from t2sql.wording import format_value, label, visible

if TYPE_CHECKING:
    from rich.console import Console

    from t2sql.catalog import Language

SHOWN_ROWS = 50


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
    if told := answer.draft.carried or answer.draft.verified:
        print(visible(told.zh if zh else told.en))
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


def print_definition(definition: Definition) -> None:
    """The sentence that answers, then everything known about each name, or each topic with its examples."""
    language = definition.question.language
    colon = "：" if language == "zh" else ": "
    print(visible(definition.text))
    for term in definition.terms:
        print("\n" + "\n".join(f"{label}{colon}{text}" for label, text in tell_term(term, language)))
    for topic in definition.topics:
        print(f"\n{visible(topic.display.to(language))}")
        print("\n".join(f"  {label}{colon}{text}" for label, text in tell_topic(topic, language)))


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
    told = refusal.text + (f"\n  → {refusal.hint}" if refusal.hint else "")
    return "\n".join([told, *_numbered(refusal.readings)])


def tell_clarification(clarification: Clarification) -> str:
    """A question back and the readings to choose among, as lines for stderr."""
    return "\n".join([clarification.text, *_numbered(clarification.readings)])


def _numbered(readings: Sequence[Reading]) -> list[str]:
    return [f"  {i}. {r.text}\n     {r.semantic_sql}" for i, r in enumerate(readings, 1)]
