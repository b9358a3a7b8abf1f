"""An answer with its proof: the sentence, the figure or table, the picture, notes, and where each number comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from t2sql.charts import chart_records
from t2sql.explain import describe
from t2sql.flow import Answer, Draft
from t2sql.policy import Narrowed
from t2sql.wording import visible
from ui.answers.tables import MOST_ROWS, build_table, column_settings, heading, table_height, write_cell
from ui.parts.blocks import draw_figures, draw_line, draw_notice, draw_pairs, draw_title
from ui.words import Words

TIMES = ("ground", "write", "compile", "run", "total")
MOST_FIGURES = 4
LEGEND_COLUMNS, LEGEND_PIXELS = 3, 34
HIGH, MEDIUM = 0.85, 0.6


def draw_answer(answer: Answer, narrowed: Narrowed, words: Words, key: str) -> None:
    """The whole answer, in the question's language."""
    draw_line(answer.explanation, words("understood"))
    _draw_result(answer, words, key)
    language = answer.question.language
    colon = "：" if language == "zh" else ": "
    if carried := answer.draft.carried:
        draw_line(carried.zh if language == "zh" else carried.en, is_quiet=True)
    for note in answer.plan.notes:
        draw_notice("warn", "", [f"{words('note')}{colon}{note.zh if language == 'zh' else note.en}"])
    draw_line(_summary(answer, words), is_quiet=True)
    with st.expander(words("proof"), key=f"proof-{key}"):
        _draw_proof(answer, narrowed, words)


def _draw_result(answer: Answer, words: Words, key: str) -> None:
    """Headline for one row, else the table beside its picture."""
    result = answer.result
    if not result.rows:
        draw_notice("", words("empty"), [words("empty_help")])
        return
    if result.truncated:
        draw_notice("warn", "", [words("truncated", limit=f"{answer.plan.physical.row_limit:,}")])
    if len(result.rows) == 1:
        _draw_headline(answer, words)
    if len(result.rows) > 1 or len(result.columns) > 1:
        places = st.columns([5, 6], gap="medium") if answer.chart and len(result.columns) < 5 else None
        with places[0] if places else st.container():
            _draw_table(answer, words, key)
        if answer.chart:
            with places[1] if places else st.container():
                _draw_chart(answer, key)


def _draw_headline(answer: Answer, words: Words) -> None:
    """The figures of the one row, large, each with every stored digit below."""
    result, language = answer.result, answer.question.language
    cells = list(zip(result.rows[0], result.columns, strict=True))
    figures = []
    for value, column in [c for c in cells if c[1].kind == "metric"][:MOST_FIGURES]:
        said, exact = write_cell(value, column, language), write_cell(value, column, language, exact=True)
        figures.append((heading(column, language), said, f"{words('exact')} {exact}" if exact != said else ""))
    if figures:
        draw_figures(figures)


def _draw_table(answer: Answer, words: Words, key: str) -> None:
    result, language = answer.result, answer.question.language
    st.dataframe(
        build_table(result, language), hide_index=True, column_config=column_settings(result.columns, language),
        height=table_height(len(result.rows)), key=f"table-{key}", alt=visible(answer.explanation),
    )  # fmt: skip
    if len(result.rows) > MOST_ROWS:
        draw_line(words("first_rows", shown=f"{MOST_ROWS:,}", rows=f"{len(result.rows):,}"), is_quiet=True)


def _draw_chart(answer: Answer, key: str) -> None:
    result, language = answer.result, answer.question.language
    records = chart_records(result.columns, result.rows, language)
    for column in (c for c in result.columns if c.kind == "period"):
        for record in records:
            record[column.name] = write_cell(record[column.name], column, language)
    spec: dict[str, Any] = {**(answer.chart or {}), "data": {"values": records}}
    spec["config"] = {"legend": {"orient": "bottom", "columns": LEGEND_COLUMNS, "titlePadding": 8}}
    if isinstance(spec.get("height"), int):
        # The page fits legend and labels into the height: without more of it the lines would be pressed flat.
        spec["height"] += LEGEND_PIXELS * -(-_series(spec, records) // LEGEND_COLUMNS)
    st.vega_lite_chart(spec=spec, width="stretch", key=f"chart-{key}", alt=visible(answer.explanation))


def _series(spec: Mapping[str, Any], records: list[dict[str, Any]]) -> int:
    """How many names the legend has."""
    colour = spec.get("encoding", {}).get("color", {})
    if "field" not in colour:
        return len(spec.get("layer", ()))
    return len({str(record.get(colour["field"].replace("\\", ""))) for record in records})


def _draw_proof(answer: Answer, narrowed: Narrowed, words: Words) -> None:
    """Definitions, both SQLs, and how the answer was made."""
    language = answer.question.language
    colon = "：" if language == "zh" else ": "
    draw_title(words("definitions"))
    for item in answer.plan.provenance:
        metric = narrowed.catalog.metrics.get(item.metric)
        name = metric.display.to(language) if metric else item.metric
        pairs = [line.partition(colon)[::2] for line in describe(item, language)]
        draw_pairs([(pairs[0][0], f"{name} ({item.metric})"), *pairs[1:]])
    draw_title(words("semantic_sql"))
    st.code(visible(answer.plan.semantic_sql, keep_newlines=True), language="sql", wrap_lines=True)
    draw_title(words("physical_sql"))
    st.code(visible(answer.plan.physical.sql, keep_newlines=True), language="sql", wrap_lines=True)
    draw_title(words("how"))
    tokens = answer.tokens
    used = words("tokens_used", prompt=tokens.prompt, cached=tokens.cached, completion=tokens.completion)
    draw_pairs(
        [
            (words("route"), words(f"route_{answer.draft.route}")),
            (words("confidence"), tell_confidence(answer.draft, words)),
            (words("timings"), _timings(answer.timings_ms, words)),
            (words("tokens"), used if tokens.prompt else ""),
            (words("asked_by"), narrowed.principal.display.to(language)),
        ]
    )


def tell_confidence(draft: Draft, words: Words) -> str:
    """The confidence in words, with its figure."""
    if draft.confidence is None:
        return words("confidence_none")
    level = "high" if draft.confidence >= HIGH else "medium" if draft.confidence >= MEDIUM else "low"
    return f"{words(f'confidence_{level}')} ({draft.confidence:.2f})"


def _timings(timings_ms: Mapping[str, float], words: Words) -> str:
    told = [f"{words(f'time_{name}')} {timings_ms[name]:,.0f} ms" for name in TIMES if name in timings_ms]
    return " · ".join(told)


def _summary(answer: Answer, words: Words) -> str:
    """One line under the answer: how many rows, how long, how sure."""
    rows = len(answer.result.rows)
    seconds = answer.timings_ms.get("total", 0.0) / 1000
    parts = [
        words("one_row") if rows == 1 else words("rows", rows=f"{rows:,}"),
        words("seconds", seconds=f"{seconds:.1f}"),
        words(f"route_{answer.draft.route}"),
    ]
    if answer.draft.route == "generated":
        colon = "：" if words.language == "zh" else ": "
        parts.append(f"{words('confidence')}{colon}{tell_confidence(answer.draft, words)}")
    return " · ".join(parts)
