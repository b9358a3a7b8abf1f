"""Definitions whose windows, averages and day counts make no sense: `check` says so before anybody asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from t2sql.check import check
from t2sql.findings import Finding

from small_time import model_text


def findings(folder: Path, metrics: str = "") -> list[Finding]:
    """Errors in the small warehouse's definitions with more `metrics`."""
    (folder / "model.yml").write_text(model_text() + metrics, encoding="utf-8")
    (folder / "policies.yml").write_text("roles: {}\nprincipals: {}\n", encoding="utf-8")
    return [found for found in check(folder) if found.level == "error" and "policies" not in found.place]


def test_sound_definitions(tmp_path: Path) -> None:
    """Every form of window, average and day count that the small warehouse has."""
    assert findings(tmp_path) == []


@pytest.mark.parametrize(
    ("expression", "keys", "words"),
    [
        ("book_total", "type: cumulative, window: 3 months", "cannot sum up 'book_total'"),
        ("book_opening", "type: cumulative", "cannot sum up 'book_opening'"),
        ("year_rolling", "type: cumulative, window: 3 months", "cannot sum up 'year_rolling'"),
        ("rate_on_opening", "type: cumulative, window: 3 months", "cannot sum up 'rate_on_opening'"),
        ("nowhere", "type: cumulative", "names unknown metric"),
        ("moved + fees", "type: cumulative", "sums up more than one metric"),
        ("SUM(move.amount)", "type: cumulative", "is cumulative and aggregates"),
        ("moved", "type: cumulative, window: 3 months, grain_to_date: year", "has a window and a grain to date"),
        ("SUM(move.amount)", "window: 3 months", "has a window and is not cumulative"),
        ("probe", "type: cumulative", "stands on itself"),
        ("SUM(move.amount)", "window_choice: opening", "which holds no balances"),
        ("SUM(move.amount)", "window_choice: avg", "which holds no balances"),
        ("MAX(book.amount)", "window_choice: avg, average_over: month_ends", "only a SUM or COUNT can be averaged"),
        ("", "type: ratio, numerator: book_total, denominator: moved, day_count: 365", "adds up over no days"),
        ("moved", "type: cumulative, window: a year", "window"),
        ("moved", "type: cumulative, window: 0 months", "window"),
        ("moved", "type: cumulative, grain_to_date: week", "grain_to_date"),
        ("", "type: ratio, numerator: moved, denominator: moved, day_count: 364", "day_count"),
    ],
)
def test_unsound(expression: str, keys: str, words: str, tmp_path: Path) -> None:
    """By file and line, with what to do."""
    text = f"        expression: {expression}\n" if expression else ""
    found = findings(tmp_path, f"      - name: probe\n{text}        t2sql: {{{keys}}}\n")
    assert any(words in finding.message for finding in found), found
    assert all(":" in finding.place and finding.hint for finding in found if words in finding.message)


def test_two_metrics_that_stand_on_each_other(tmp_path: Path) -> None:
    """Through a running total as well."""
    metrics = (
        "      - name: chicken\n        expression: egg\n        t2sql: {type: cumulative, window: 3 months}\n"
        "      - name: egg\n        expression: chicken + moved\n        t2sql: {type: derived}\n"
    )
    found = findings(tmp_path, metrics)
    assert [f.message for f in found if "stands on itself" in f.message] == [
        "metric 'chicken' stands on itself.",
        "metric 'egg' stands on itself.",
    ]
