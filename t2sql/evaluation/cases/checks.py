"""Faults of case files that reading them does not show: golds that fail, return nothing or disagree, and duplicates.

A gold that returns nothing makes any empty answer right, so it is told before anybody trusts a figure made with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import sqlglot

from t2sql.errors import T2sqlError
from t2sql.evaluation.cases.golds import GoldRun, Golds
from t2sql.evaluation.cases.nouns import Case, CaseFile
from t2sql.evaluation.judging.cells import comparable, read_grids
from t2sql.evaluation.judging.comparing import same_column, same_rows
from t2sql.grounding.words.text import fold

NEAR = 95
"""Likeness of two questions, of 100, from which one may be a slip of the other."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of a case file."""

    is_error: bool
    """False for what may be meant."""
    line: int
    id: str
    text: str
    """What is wrong."""
    hint: str
    """What to do now, one imperative."""


def check_cases(file: CaseFile, golds: Golds) -> list[Finding]:
    """Every fault of the file's cases, drafts included, in the order of its lines. Runs every gold once."""
    found: list[Finding] = []
    pairs: dict[str, list[tuple[Case, GoldRun]]] = {}
    for case in file.cases:
        runs = golds.run(case)
        found += _of_golds(case, runs)
        ran = next((run for run in runs if run.error is None), None)
        # Only pairs are compared later: the rows of all other golds are let go.
        if case.pair and ran is not None:
            pairs.setdefault(case.pair, []).append((case, ran))
    found += _of_pairs(file.cases, pairs)
    found += _duplicates(file.cases)
    return sorted(found, key=lambda finding: (finding.line, not finding.is_error))


def plain(text: str) -> str:
    """A question without case, width, blanks and punctuation."""
    return re.sub(r"[\W_]+", "", fold(text).text)


def _of_golds(case: Case, runs: Sequence[GoldRun]) -> Iterable[Finding]:
    if case.is_draft and not runs and "answer" in case.expected:
        yield _finding(case, "the draft has no gold", "Write one before the line `draft: true` goes.", is_error=False)
    for run in runs:
        if run.error is not None:
            yield _finding(case, f"a gold fails: {_reason(run.error)}", run.error.hint or "Correct the gold.")
        elif _is_nothing(run):
            what = "no row" if not run.rows else "nothing but NULL and 0"
            hint = "Correct the gold, or make it a case whose outcome is refusal."
            yield _finding(case, f"a gold returns {what}", hint, is_error=not run.rows)
        elif case.is_ordered and run.gold.kind == "sql" and not _has_order(run):
            hint = "Add ORDER BY to the gold, or delete `ordered`."
            yield _finding(case, "the order counts, and a gold has no ORDER BY", hint)
    ran = [run for run in runs if run.error is None]
    strangers = [number for number, run in enumerate(ran[1:], 2) if not _agree(ran[0], run, case)]
    if strangers:
        hint = "Keep them when the question can be read both ways; else correct one."
        named = ", ".join(map(str, strangers))
        yield _finding(case, f"gold {named} shares no column with the first", hint, is_error=False)


def _agree(one: GoldRun, other: GoldRun, case: Case) -> bool:
    """Whether two golds have a column in common: another column beside it, or names for codes, is one more reading."""
    if len(one.rows) != len(other.rows):
        return False
    results = ((one.rows, one.width), (other.rows, other.width))
    first, second = read_grids(*results, exact_whole=case.exact_whole)
    return any(same_column(a, b, case.tolerance) for a in first.columns for b in second.columns)


def _has_order(run: GoldRun) -> bool:
    return sqlglot.parse_one(run.sql, read="duckdb").args.get("order") is not None


def _is_nothing(run: GoldRun) -> bool:
    """No row, or not one value that is neither NULL nor 0."""
    return not any(comparable(value) not in (None, 0.0) for row in run.rows for value in row)


def _of_pairs(cases: Sequence[Case], ran: dict[str, list[tuple[Case, GoldRun]]]) -> Iterable[Finding]:
    members: dict[str, list[Case]] = {}
    for case in cases:
        if case.pair:
            members.setdefault(case.pair, []).append(case)
    for pair, group in members.items():
        if len(group) == 1:
            hint = "Add the same question in other words, or delete `pair`."
            yield _finding(group[0], f"the pair {pair[:40]!r} has one member", hint, is_error=False)
        for case, run in ran.get(pair, [])[1:]:
            first_case, first = ran[pair][0]
            results = (run.rows, run.width, first.rows, first.width)
            if not same_rows(*results, case.tolerance, exact_whole=case.exact_whole):
                text = f"its gold gives other rows than that of {first_case.asked.id!r}, which asks the same"
                yield _finding(case, text, "Correct one gold, or take one case out of the pair.")


def _duplicates(cases: Sequence[Case]) -> Iterable[Finding]:
    """Questions asked twice of the same person; nearly the same ones as warnings."""
    from rapidfuzz import fuzz, process

    groups: dict[tuple[str, str, str], list[tuple[str, Case]]] = {}
    for case in cases:
        asked = case.asked
        # A question of a conversation means what its turn makes it mean.
        key = (asked.principal, asked.conversation, plain(asked.hints))
        groups.setdefault(key, []).append((plain(asked.text), case))
    for group in groups.values():
        first: dict[str, Case] = {}
        for text, case in group:
            if text and text in first and not _are_pair(first[text], case):
                told = f"the question is that of {first[text].asked.id!r} at line {first[text].asked.line}"
                yield _finding(case, told, "Delete one of them.")
            first.setdefault(text, case)
        texts = [text for text in first if text]
        likeness = process.cdist(texts, texts, scorer=fuzz.ratio, score_cutoff=NEAR, workers=1)
        for i, j in combinations(range(len(texts)), 2):
            if likeness[i, j] >= NEAR and not _differ_in_figures(texts[i], texts[j]):
                told = f"the question is nearly that of {first[texts[i]].asked.id!r}"
                hint = "Delete one of them, or make them a pair."
                if not _are_pair(first[texts[i]], first[texts[j]]):
                    yield _finding(first[texts[j]], told, hint, is_error=False)


def _are_pair(one: Case, other: Case) -> bool:
    return bool(one.pair) and one.pair == other.pair


def _differ_in_figures(one: str, other: str) -> bool:
    """Questions that name other years or thresholds are not the same, however alike."""
    return re.findall(r"\d+", one) != re.findall(r"\d+", other)


def _reason(error: T2sqlError) -> str:
    return error.message.split(" fails: ", 1)[-1].split("\n")[0]


def _finding(case: Case, text: str, hint: str, *, is_error: bool = True) -> Finding:
    return Finding(is_error, case.asked.line, case.asked.id, f"{text.rstrip('.')}.", hint)
