"""A report, and the difference of two, as tables in the terminal; plain text when piped.

Nothing from a question or from data reaches the terminal with a control character.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from t2sql.evaluation.reports.costs import cost_line
from t2sql.evaluation.reports.diff import Change, Difference, Line, side_by_side
from t2sql.evaluation.reports.figures import Figures, counted
from t2sql.evaluation.reports.proportions import NOTHING, percent
from t2sql.evaluation.reports.report import CaseResult, Report
from t2sql.wording import visible

if TYPE_CHECKING:
    from rich.console import Console

    from t2sql.evaluation.reports.gates import GateResult

WIDEST = 180
"""Characters of a line where the output is no terminal and has no width of its own."""
SHOWN = 50
"""Questions named one by one; the reports have all."""
AROUND = 2
"""Lines shown before and after one that differs."""


def print_figures(console: Console, report: Report, figures: Figures, gates: Sequence[GateResult] = ()) -> None:
    """Headline, breakdowns, misses by reason, the questions behind them, waiting, cost, gates."""
    made = report.made_of
    _say(console, f"{made.cases} · {made.llm} · today is {made.clock} · {made.principal} · seed {made.seed}")
    _table(
        console,
        ("", "share, 95% interval"),
        (
            ("execution accuracy", str(figures.accuracy)),
            ("silent errors", str(figures.silent)),
            ("  of answers", str(figures.silent_of_answered)),
            ("asked back though answerable", str(figures.asked_back)),
            ("  the right reading offered", str(figures.offered)),
            ("flagged misses", str(figures.flagged)),
            ("failed or not asked", str(figures.failed)),
        ),
    )
    for name, groups in figures.groups.items():
        if [group.name for group in groups] != [""]:
            rows = ((g.name or NOTHING, str(g.accuracy), f"{g.silent.count:,}") for g in groups)
            _table(console, (f"by {name}", "accuracy", "silent"), rows)
    if figures.misses:
        counts = ((m.reason, *(f"{n:,}" for n in (m.count, m.silent, m.flagged, m.failed))) for m in figures.misses)
        _table(console, ("misses", "cases", "silent", "flagged", "failed"), counts)
    missed = sorted((r for r in counted(report) if not r.is_right), key=lambda r: not r.is_silent)
    if missed:
        named = ((r.id, r.question, r.reason, "silent" if r.is_silent else r.outcome) for r in missed[:SHOWN])
        _table(console, ("miss", "question", "reason", "end"), named)
        _say_more(console, len(missed))
    _print_checks(console, figures)
    efforts = (
        (e.route or "all", f"{e.milliseconds.questions:,}", *(f"{value:,.0f}" for value in e.milliseconds.values),
         f"{e.prompt_tokens.p50:,.0f}/{e.prompt_tokens.p95:,.0f}",
         f"{e.completion_tokens.p50:,.0f}/{e.completion_tokens.p95:,.0f}")
        for e in figures.efforts
    )  # fmt: skip
    heads = ("milliseconds", "n", "p50", "p90", "p95", "p99", "tokens read p50/p95", "written p50/p95")
    _table(console, heads, efforts)
    if left_out := figures.without_failures:
        _say(console, f"Milliseconds and tokens: without {left_out:,} failure{'s' if left_out > 1 else ''}.")
    _say(console, cost_line(figures.cost))
    for gate in gates:
        print_gate(console, gate)


def _print_checks(console: Console, figures: Figures) -> None:
    """Confidence and pairs, a line each."""
    calibration, pairs = figures.calibration, figures.pairs
    if calibration.measured:
        _say(
            console,
            f"Confidence measured for {calibration.measured:,} answers, not for {calibration.unmeasured:,}:"
            f" calibration error {calibration.error}, Brier score {calibration.brier}.",
        )
    elif calibration.unmeasured:
        _say(console, f"Confidence not measured for any of {calibration.unmeasured:,} answers.")
    if pairs:
        named = (
            ("in Chinese and English", pairs.across_languages),
            ("in other words", pairs.rephrased),
            ("with full-width digits", pairs.full_width),
        )
        rows = ((words, str(found.agree), str(found.same_rightness)) for words, found in named if found.agree.of)
        _table(console, ("the same question", "agree", "same rightness"), rows)
        if pairs.across_languages.agree.of:
            _say(console, f"Only zh right {pairs.only_zh:,}, only en right {pairs.only_en:,}: McNemar p {pairs.p:.3f}.")


def print_gate(console: Console, gate: GateResult) -> None:
    """Passed or not, figure, limit; the cure and the questions behind a gate that is shut."""
    word = Text("PASSED" if gate.is_passed else "FAILED", style="green" if gate.is_passed else "bold red")
    console.print(Text.assemble(word, visible(f" {gate.name}: {gate.figure}; asked for: {gate.limit}")))
    if not gate.is_passed:
        _say(console, f"  → {gate.cure}")
        if gate.ids:
            more = f" … {len(gate.ids):,} in all" if len(gate.ids) > SHOWN else ""
            _say(console, f"  questions: {', '.join(gate.ids[:SHOWN])}{more}")


def print_difference(console: Console, difference: Difference) -> None:
    """What changed: warnings, the test, what the reports were made with, then each changed question with its SQLs."""
    accuracy = difference.accuracy
    for warning in difference.warnings:
        console.print(Text.assemble(Text("Not comparable", style="bold yellow"), f": {warning}."))
    _say(console, f"{accuracy.of:,} questions in both reports.")
    silent = f"{difference.silent_before.count:,}", f"{difference.silent_after.count:,}"
    new = f"{len(difference.newly_silent):,} new, {len(difference.no_longer_silent):,} gone"
    rows = (
        ("execution accuracy", percent(accuracy.before.value), percent(accuracy.after.value), _change(difference)),
        ("silent errors", *silent, new),
        ("better", "", f"{len(difference.better):,}", ""),
        ("worse", "", f"{len(difference.worse):,}", f"McNemar p {accuracy.p:.3g}"),
    )
    _table(console, ("", "before", "after", ""), rows)
    if difference.made_of:
        _table(console, ("made with", "before", "after"), ((d.name, d.before, d.after) for d in difference.made_of))
    for title, changes in (
        ("Worse", difference.worse),
        ("Better", difference.better),
        ("Wrong in both, otherwise", difference.both_wrong),
    ):
        if changes:
            console.print(Text(f"\n{title} ({len(changes):,})", style="bold"))
            for change in changes[:SHOWN]:
                _print_change(console, change)
            _say_more(console, len(changes))
    for title, results in (("Only before", difference.only_before), ("Only after", difference.only_after)):
        if results:
            _say(console, f"{title} ({len(results):,}): {', '.join(r.id for r in results[:SHOWN])}")
            _say_more(console, len(results))


def _change(difference: Difference) -> str:
    value, interval = difference.accuracy.value, difference.accuracy.interval
    if value is None or interval is None:
        return NOTHING
    return f"{value * 100:+.1f} points ({interval[0] * 100:+.1f} to {interval[1] * 100:+.1f})"


def _print_change(console: Console, change: Change) -> None:
    """Question, both ends, and the two texts side by side: semantic SQL, and where it is the same, what
    differs in the physical."""
    before, after = change.before, change.after
    _say(console, f"\n{after.id}  {after.question}")
    rows = [(_end(before), _end(after))]
    if before.semantic_sql or after.semantic_sql:
        rows.append((before.semantic_sql or NOTHING, after.semantic_sql or NOTHING))
    if before.semantic_sql == after.semantic_sql and before.physical_sql != after.physical_sql:
        rows += _stretches(before.physical_sql, after.physical_sql)
    table = Table(box=SIMPLE_HEAD, pad_edge=False, width=min(console.width, WIDEST), show_lines=True)
    for head in ("before", "after"):
        table.add_column(head, ratio=1, overflow="fold")
    for row in rows:
        table.add_row(*(Text(visible(cell, keep_newlines=True)) for cell in row))
    console.print(table)


def _stretches(before: str, after: str) -> list[tuple[str, str]]:
    """The stretches of two SQL texts that differ, each with the lines around it."""
    lines = side_by_side(before, after)
    near = {j for i, line in enumerate(lines) if not line.is_same for j in range(i - AROUND, i + AROUND + 1)}
    stretches: list[list[Line]] = []
    for i, line in enumerate(lines):
        if i in near:
            if i - 1 not in near or not stretches:
                stretches.append([])
            stretches[-1].append(line)
    return [
        (
            "\n".join(line.before for line in stretch if line.before is not None),
            "\n".join(line.after for line in stretch if line.after is not None),
        )
        for stretch in stretches
    ]


def _end(result: CaseResult) -> str:
    if result.is_right:
        return f"right ({result.outcome})"
    kind = "silent error" if result.is_silent else result.outcome
    return ": ".join(part for part in (f"{kind}, {result.reason}", result.detail) if part)


def _table(console: Console, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """First column to the left, figures as they come."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for head in heads:
        table.add_column(Text(head), overflow="fold")
    for row in rows:
        table.add_row(*(Text(visible(cell)) for cell in row))
    console.print(table)


def _say(console: Console, text: str) -> None:
    console.print(Text(visible(text, keep_newlines=True)))


def _say_more(console: Console, count: int) -> None:
    if count > SHOWN:
        _say(console, f"… {count - SHOWN:,} more; the JSON and HTML reports have all.")
