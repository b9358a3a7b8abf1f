"""Fits how sure a draft is to questions with known answers, and says what the fit is worth.

    python scripts/calibrate.py                                  # the demo bank's development questions
    python scripts/calibrate.py my_cases.yml --out metrics/mybank/confidence.json

It drafts every question with the installation as it is and with worse ones (nothing found by meaning; thirty more
metrics of similar names; definitions without synonyms; both; no other words for values; a smaller llm), so that there
are enough wrong drafts, and compares the rows of each draft with the gold's. Figures are by cross-validation: no draft
is judged by a model that has seen its question, in whichever language or variant. Weights are written only with --out;
a file confidence.json beside the definitions is used instead of the product's own.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from t2sql.agent import Agent
from t2sql.evaluation.calibrating.drafts import (
    DraftedCase,
    Grounded,
    Rightness,
    draft_case,
    ground_cases,
    without_repeats,
)
from t2sql.evaluation.calibrating.figures import Stated, told
from t2sql.evaluation.calibrating.fitting import FOLDS, fit, out_of_fold
from t2sql.evaluation.calibrating.variants import VARIANTS, Variant, open_variant
from t2sql.evaluation.cases.files import read_cases
from t2sql.evaluation.cases.golds import Golds
from t2sql.evaluation.cases.nouns import CaseFile
from t2sql.generation.confidence import FEATURES, Calibration, Evidence
from t2sql.opening import load_llm
from t2sql.settings import Settings, load

ROOT = Path(__file__).parent.parent
EVALS = ROOT / "tests" / "evals"
DISTRACTORS = EVALS / "distractors.yml"
OWN_FILES = (
    "bank_first.yml", "bank_dev.yml", "bank_tune.yml", "bank_fresh.yml", "bank_more.yml", "bad_inputs.yml",
    *(f"said_{name}.yml" for name in (
        "branch_zh", "branch_en", "office_zh", "office_en", "mixed", "unseen_zh", "unseen_en", "pairs", "floor_en",
        "desk_en", "head_pairs", "line_en", "line_zh", "last_en", "last_pairs",
    )),
)  # fmt: skip
LEAST_WRONG = 150


def main(
    files: Annotated[list[Path] | None, typer.Argument(help="files of cases; none: the demo bank's own")] = None,
    out: Annotated[Path | None, typer.Option(help="write the weights here")] = None,
    work: Annotated[Path | None, typer.Option(help="keep the llm's writings and what was right here")] = None,
    variant: Annotated[list[str] | None, typer.Option(help="only this one; may be repeated")] = None,
    again: Annotated[bool, typer.Option(help="fit the drafts that the last run kept in the work folder")] = False,
    distractors: Annotated[Path, typer.Option(help="metrics to put beside the definitions")] = DISTRACTORS,
) -> None:
    """Draft, judge, fit, and tell the figures."""
    settings = load()
    work = work or settings.cache_dir / "calibration"
    own = [path for name in OWN_FILES if (path := EVALS / name).is_file()]
    read = [read_cases(path) for path in files or own]
    variants = [v for v in VARIANTS if not variant or v in variant]
    kept = work / "drafts.jsonl"
    if again:
        pooled = [read_draft(line) for line in kept.read_text(encoding="utf-8").splitlines()]
    else:
        pooled = without_repeats(collect(read, variants, settings, distractors, work))
        kept.write_text("".join(json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in pooled), encoding="utf-8")
    lost = [row for row in pooled if row.is_right is None]
    rows = [row for row in pooled if row.is_right is not None]
    counts = Counter(row.is_right for row in rows)
    groups = len({row.group for row in rows})
    print(f"{len(rows)} drafts of {groups} questions: {counts[True]} right, {counts[False]} wrong.")
    print(f"{len(lost)} more cannot be computed; they are never shown and no part of what follows.")
    if counts[False] < LEAST_WRONG:
        print(f"Fewer than {LEAST_WRONG} wrong drafts: read the intervals.")
    least = 1.0 - settings.accepted_error
    print(f"\nBy cross-validation in {FOLDS} folds, at the threshold {least:.2f}:")
    for line in told([Stated(row, sure) for row, sure in zip(rows, out_of_fold(rows), strict=True)], least):
        print("  " + line)
    model = fit(rows)
    print(f"\nFitted to all: bias {model.bias}, " + ", ".join(f"{name} {model.weights[name]}" for name in FEATURES))
    if out is not None:
        write(out, model, read, counts)
        print(f"Written: {out}")


def collect(
    files: list[CaseFile], variants: list[Variant], settings: Settings, distractors: Path, work: Path
) -> Iterator[DraftedCase]:
    """The drafts of every file by every variant; the installation as it is judges them all."""
    today = date.today()
    with ExitStack() as opened:
        agents = {v: _opened(v, settings, distractors, work, opened) for v in dict.fromkeys(("as is", *variants))}
        judging = agents["as is"]
        for file in files:
            golds = opened.enter_context(
                Golds(
                    file,
                    agent=judging,
                    today=today,
                    source=settings.database,
                    memory_limit=settings.memory_limit,
                    threads=settings.warehouse_threads or None,
                )
            )
            right = Rightness(judging, file, golds, work)
            grounded: dict[str, list[Grounded]] = {}
            for v in variants:
                agent = agents[v]
                # A smaller llm understands no other words: what was grounded is the same.
                key = "as is" if v == "small llm" else v
                if key not in grounded:
                    grounded[key] = list(ground_cases(agent, file, today))
                for found in grounded[key]:
                    if row := draft_case(found, v, agent.llm, right, agent):
                        yield replace(row, group=f"{file.path.name}:{row.group}")
                right.keep()
                print(f"{file.path.name}, {v}: {len(grounded[key])} questions come to a draft", flush=True)


def read_draft(line: str) -> DraftedCase:
    """A draft as drafts.jsonl keeps it."""
    found = json.loads(line)
    return DraftedCase(**{**found, "evidence": Evidence(**found["evidence"])})


def _opened(variant: Variant, settings: Settings, distractors: Path, work: Path, opened: ExitStack) -> Agent:
    agent = open_variant(variant, settings, load_llm, distractors=distractors, work=work)
    opened.callback(agent.close)
    return agent


def write(path: Path, model: Calibration, files: list[CaseFile], counts: Counter[bool | None]) -> None:
    """The weights, with what they were made of."""
    document = {
        "made_on": date.today().isoformat(),
        "files": {file.path.name: file.sha256 for file in files},
        "drafts": {"right": counts[True], "wrong": counts[False]},
        "bias": model.bias,
        "weights": dict(model.weights),
    }
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
