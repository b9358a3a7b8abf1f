"""Our comparison against the scorer of the public sets: the same verdict on every prediction that is tried.

Golds as predictions, golds changed in many ways, and the golds of all other questions.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from t2sql.documents import json_line
from t2sql.evaluation.cases.files import askable, read_cases
from t2sql.evaluation.cases.golds import GoldRun, Golds
from t2sql.evaluation.cases.nouns import CaseFile
from t2sql.evaluation.judging.comparing import same_rows
from t2sql.evaluation.judging.judge import judge

from devsets import FOLDER, SETS, scorer, set_file
from needs import needs

TOLERANCE = 1e-4
TODAY = date(2026, 11, 18)
MOST_ROWS = 400
"""Rows of a gold whose changes are tried; the scorer is slow on more."""
Rows = list[tuple[Any, ...]]


@pytest.fixture(scope="module", params=SETS)
def ran(request: pytest.FixtureRequest) -> Iterator[tuple[CaseFile, dict[str, tuple[GoldRun, ...]], Golds]]:
    """One set with what its golds give."""
    needs(FOLDER.is_dir(), "the public question sets in shared/devsets beside the checkout")
    file = read_cases(set_file(request.param))
    with Golds(file, agent=None, today=TODAY) as golds:
        yield file, {case.asked.id: golds.run(case) for case in file.cases}, golds


def test_a_gold_is_right_against_itself(ran: tuple[CaseFile, dict[str, tuple[GoldRun, ...]], Golds]) -> None:
    """Gold as prediction is 100 %, unstable ones too, by the whole way that a prediction takes."""
    file, runs, golds = ran
    assert [run.error for group in runs.values() for run in group if run.error] == []
    wrong = {
        case.asked.id: verdict.reason
        for case in file.cases
        for gold in case.golds
        if not (verdict := judge(golds.record_of(case, gold.text), case, runs[case.asked.id])).is_right
    }
    assert wrong == {}


def test_a_gold_out_of_a_file_of_records_is_right(
    ran: tuple[CaseFile, dict[str, tuple[GoldRun, ...]], Golds],
) -> None:
    """JSON turns dates into text and decimals into literals; the verdict stays."""
    file, runs, golds = ran
    for case in file.cases:
        record = golds.record_of(case, case.golds[0].text)
        again = json.loads(json_line(record), parse_float=Decimal)
        assert judge(again, case, runs[case.asked.id]).is_right, case.asked.id


def test_every_change_gets_the_scorers_verdict(
    ran: tuple[CaseFile, dict[str, tuple[GoldRun, ...]], Golds],
) -> None:
    """Rows shuffled, dropped, doubled; columns moved, added, dropped; cells perturbed or written as text."""
    file, runs, _ = ran
    score, tried, apart = scorer(), 0, []
    for case in file.cases:
        for run in runs[case.asked.id]:
            if len(run.rows) > MOST_ROWS:
                continue
            for name, change in CHANGES.items():
                draw = random.Random(f"{case.asked.id} {name}")
                rows = change(list(run.rows), draw)
                width = len(rows[0]) if rows else run.width
                wanted, _ = score.match(rows, width, run.rows, run.width, TOLERANCE)
                if same_rows(rows, width, run.rows, run.width, TOLERANCE, exact_whole=False) != wanted:
                    apart.append((case.asked.id, name, wanted))
                tried += 1
    assert tried > 500 and apart == []


def test_every_other_gold_gets_the_scorers_verdict(
    ran: tuple[CaseFile, dict[str, tuple[GoldRun, ...]], Golds],
) -> None:
    """The answer to every other question of the set as the prediction."""
    _, runs, _ = ran
    score, apart = scorer(), []
    all_runs = [(name, run) for name, group in runs.items() for run in group if len(run.rows) <= MOST_ROWS]
    for name, run in all_runs:
        for other, gold in all_runs:
            if run.width != gold.width or len(run.rows) != len(gold.rows):
                continue  # both call it wrong before they look at a value
            wanted, _ = score.match(run.rows, run.width, gold.rows, gold.width, TOLERANCE)
            if same_rows(run.rows, run.width, gold.rows, gold.width, TOLERANCE, exact_whole=False) != wanted:
                apart.append((name, other, wanted))
    assert apart == []


def test_files_of_predictions_get_the_scorers_verdicts(
    ran: tuple[CaseFile, dict[str, tuple[GoldRun, ...]], Golds], tmp_path: Path
) -> None:
    """Its own command line on a file of predictions: golds, the neighbour's golds, broken SQL, and none at all."""
    file, runs, golds = ran
    cases = askable(file)
    predictions = [
        ("", "SELECT nothing FROM nowhere", case.golds[0].text, near.golds[0].text, case.golds[-1].text)[index % 5]
        for index, (case, near) in enumerate(zip(cases, (*cases[1:], cases[0]), strict=True))
    ]
    lines = [json.dumps({"id": c.asked.id, "sql": sql}) for c, sql in zip(cases, predictions, strict=True)]
    (tmp_path / "pred.jsonl").write_text("\n".join(lines), encoding="utf-8")
    command = [sys.executable, str(FOLDER / "score.py"), "--set", str(file.path), "--quiet"]
    subprocess.run([*command, "--pred", str(tmp_path / "pred.jsonl"), "--out", str(tmp_path / "out.jsonl")], check=True)
    told = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    wanted = {line["id"]: line["verdict"] for line in told}
    assert set(wanted) == {case.asked.id for case in cases}
    for case, sql in zip(cases, predictions, strict=True):
        verdict = judge(golds.record_of(case, sql) if sql else None, case, runs[case.asked.id])
        kind = {"not asked": "missing", "SQL error": "error", "time-out": "error", "": "correct"}
        assert kind.get(verdict.reason, "wrong") == wanted[case.asked.id], case.asked.id


# -- changes -------------------------------------------------------------------------------------------------------
def _shuffled(rows: Rows, draw: random.Random) -> Rows:
    return draw.sample(rows, len(rows))


def _moved(rows: Rows, draw: random.Random) -> Rows:
    order = draw.sample(range(len(rows[0])), len(rows[0])) if rows else []
    return [tuple(row[i] for i in order) for row in _shuffled(rows, draw)]


def _at(rows: Rows, draw: random.Random, change: Callable[[Any], Any], is_fit: Callable[[Any], bool]) -> Rows:
    """One cell that fits, changed; the rows themselves where none does."""
    places = [(i, j) for i, row in enumerate(rows) for j, value in enumerate(row) if is_fit(value)]
    if not places:
        return rows
    i, j = draw.choice(places)
    return [tuple(change(v) if (i, j) == (at, k) else v for k, v in enumerate(row)) for at, row in enumerate(rows)]


def _everywhere(rows: Rows, change: Callable[[Any], Any]) -> Rows:
    return [tuple(change(value) for value in row) for row in rows]


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) and value != 0


def _scaled(share: float) -> Callable[[Any], Any]:
    return lambda value: float(value) * (1 + share)


def _doubled(rows: Rows, draw: random.Random) -> Rows:
    return [*rows, draw.choice(rows)] if rows else rows


def _dropped(rows: Rows, draw: random.Random) -> Rows:
    return draw.sample(rows, len(rows) - 1) if rows else rows


def _swapped(rows: Rows, draw: random.Random) -> Rows:
    """Two rows that exchange one value: every column stays what it was, and the rows do not."""
    if len(rows) < 2 or len(rows[0]) < 2:
        return rows
    (i, one), (j, other) = draw.sample(list(enumerate(rows)), 2)
    at = draw.randrange(len(one))
    changed = list(rows)
    changed[i] = (*one[:at], other[at], *one[at + 1 :])
    changed[j] = (*other[:at], one[at], *other[at + 1 :])
    return changed


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, (date, int, float, Decimal)) and not isinstance(value, bool) else value


def _widths(extra: Callable[[Sequence[Any]], tuple[Any, ...]]) -> Callable[[Rows, random.Random], Rows]:
    return lambda rows, _: [extra(row) for row in rows]


CHANGES: dict[str, Callable[[Rows, random.Random], Rows]] = {
    "the same": lambda rows, _: rows,
    "rows shuffled": _shuffled,
    "rows and columns shuffled": _moved,
    "a cell by a thousandth": lambda rows, draw: _at(rows, draw, _scaled(1e-3), _is_number),
    "a cell by a millionth": lambda rows, draw: _at(_moved(rows, draw), draw, _scaled(1e-6), _is_number),
    "all cells by a little less than allowed": lambda rows, draw: [
        tuple(float(v) * (1 + draw.uniform(-4e-5, 4e-5)) if _is_number(v) else v for v in row) for row in rows
    ],
    "a cell made NULL": lambda rows, draw: _at(rows, draw, lambda _: None, lambda value: value is not None),
    "a NULL made zero": lambda rows, draw: _at(rows, draw, lambda _: 0, lambda value: value is None),
    "a NULL made empty": lambda rows, draw: _at(rows, draw, lambda _: "", lambda value: value is None),
    "a whole number by one": lambda rows, draw: _at(rows, draw, lambda v: v + 1, lambda value: type(value) is int),
    "a text changed": lambda rows, draw: _at(rows, draw, lambda v: v + "x", lambda value: isinstance(value, str)),
    "a text padded": lambda rows, draw: _at(rows, draw, lambda v: f" {v} ", lambda value: isinstance(value, str)),
    "a row dropped": _dropped,
    "a row doubled": _doubled,
    "one dropped, one doubled": lambda rows, draw: _doubled(_dropped(rows, draw), draw),
    "two values exchanged": _swapped,
    "a column doubled": _widths(lambda row: (*row, row[0])),
    "a column of ones": _widths(lambda row: (*row, 1)),
    "a column dropped": lambda rows, _: [row[1:] for row in rows] if rows and len(rows[0]) > 1 else rows,
    "values as text": lambda rows, _: _everywhere(rows, _as_text),
    "integers as floats": lambda rows, _: _everywhere(rows, lambda v: float(v) if type(v) is int else v),
    "numbers as decimals": lambda rows, _: _everywhere(rows, lambda v: Decimal(str(v)) if type(v) is float else v),
    "no rows": lambda rows, _: [],
}
