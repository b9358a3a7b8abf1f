"""An answer as a workbook: typed figures on the first sheet, their proof on the second.

The proof is the reader's own: it takes the catalog as narrowed for who asked.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from t2sql.flow import Answer, Column
from t2sql.policy import Narrowed
from t2sql.proof import tell_proof
from t2sql.takeaway.cells import GENERAL, heading, number_format, plain_cell
from t2sql.takeaway.sheets import MOST_ROWS, Book, moment_of, width_of
from t2sql.wording import visible

FIGURES, PROOF = ("数据", "Figures"), ("口径与证明", "Proof")
NAMES, TEXTS = ("项目", "Item"), ("内容", "What it says")
_NAME_WIDTH, _TEXT_WIDTH = 22, 110


def to_workbook(answer: Answer, narrowed: Narrowed, *, made: datetime | None = None) -> bytes:
    """XLSX: figures as numbers under the format of their unit, dates as dates, text as text; then the proof.

    `made`: when; now where nobody says.
    """
    language = answer.question.language
    place = 0 if language == "zh" else 1
    columns, rows = answer.result.columns, answer.result.rows[: MOST_ROWS - 1]
    book = Book()
    heads = [heading(column, language) for column in columns]
    figures = book.sheet(FIGURES[place], [width_of(head, rows, i) for i, head in enumerate(heads)])
    book.append(figures, heads, is_bold=True)
    formats = {i: format_of(column) for i, column in enumerate(columns) if format_of(column) != GENERAL}
    for row in rows:
        book.append(figures, [_typed(v, c) for v, c in zip(row, columns, strict=True)], formats=formats)
    book.short = int(len(answer.result.rows) >= MOST_ROWS)
    book.end(figures, len(rows) + 1, len(columns))
    proof = book.sheet(PROOF[place], [_NAME_WIDTH, _TEXT_WIDTH])
    book.append(proof, [NAMES[place], TEXTS[place]], is_bold=True)
    for section in tell_proof(answer, narrowed):
        book.append(proof, [visible(section.title)], is_bold=True)
        for name, text in section.lines:
            book.append(proof, [visible(name), visible(text, keep_newlines=True)], is_wrapped=True)
    for name, text in _written(answer, made or datetime.now().astimezone(), book.told()):
        book.append(proof, [name, visible(text, keep_newlines=True)], is_wrapped=True)
    out = io.BytesIO()
    book.workbook.save(out)
    return out.getvalue()


def _written(answer: Answer, made: datetime, told: list[str]) -> Iterator[tuple[str, str]]:
    """What was run, and what of it this file does not hold."""
    plan, is_zh = answer.plan, answer.question.language == "zh"
    if answer.result.truncated:
        cut = f"Cut at {plan.physical.row_limit:,} rows: do not make totals from these."
        cut_zh = f"结果超过 {plan.physical.row_limit:,} 行，已截断：请勿据此求合计。"
        yield ("注意", cut_zh) if is_zh else ("Note", cut)
    yield "语义 SQL" if is_zh else "Semantic SQL", plan.semantic_sql
    yield (
        f"物理 SQL（{plan.physical.dialect}）" if is_zh else f"Physical SQL ({plan.physical.dialect})",
        plan.physical.sql,
    )
    yield "生成时间" if is_zh else "Made at", made.isoformat(sep=" ", timespec="seconds")
    yield from (("注意" if is_zh else "Note", line) for line in told)


def format_of(column: Column) -> str:
    """The number format of a column."""
    return number_format(column.unit, is_whole=column.type == "integer", is_metric=column.kind == "metric")


def _typed(value: Any, column: Column) -> Any:
    """A cell: dates as such, all else as stored."""
    is_moment = isinstance(value, (date, datetime)) or (column.type == "date" and isinstance(value, str))
    return moment_of(value) if is_moment else plain_cell(value)
