"""The release gate as a bank would run it: the command, the sixty questions, the real llm, a definition gone wrong."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from t2sql.settings import Settings

from needs import needs
from shop import run_t2sql

ROOT = Path(__file__).parents[2]
CASES = "tests/evals/bank_first.yml"
NPL = "display: {zh: 不良贷款余额"
BAD_CLASSES, FEWER = "IN ('次级', '可疑', '损失')", "IN ('次级', '可疑')"
pytestmark = pytest.mark.slow


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the command and the folder it wrote."""

    done: subprocess.CompletedProcess[str]
    folder: Path

    @property
    def report(self) -> Any:
        """report.json."""
        return json.loads((self.folder / "report.json").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Bench:
    """Where runs are made."""

    bank: Path
    folder: Path

    def run(self, name: str, *options: str) -> Run:
        """`t2sql eval` over the sixty questions."""
        folder = self.folder / name
        command = ("eval", CASES, "--out", str(folder), "--source", str(self.bank), "--seed", "7", *options)
        return Run(run_t2sql(*command, folder=ROOT), folder)


@pytest.fixture(scope="module")
def bench(settings: Settings, demo_bank: Path, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """The demo bank and an empty folder."""
    needs((settings.llm_dir / f"{settings.llm}.gguf").is_file(), f"the llm {settings.llm!r} (`t2sql llm pull`)")
    return Bench(demo_bank, tmp_path_factory.mktemp("gate"))


@pytest.fixture(scope="module")
def first(bench: Bench) -> Run:
    """The release that stands."""
    made = bench.run("first", "--full-width", "--min-accuracy", "90%")
    assert made.done.returncode == 0, made.done.stderr
    return made


@pytest.fixture(scope="module")
def wrong_definition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bank's definitions, the worst loans left out of the bad ones."""
    folder = tmp_path_factory.mktemp("wrong") / "bank"
    shutil.copytree(ROOT / "metrics" / "bank", folder)
    model = folder / "model.yml"
    lines = model.read_text(encoding="utf-8").splitlines(keepends=True)
    (at,) = (i for i, line in enumerate(lines) if NPL in line and BAD_CLASSES in line)
    lines[at] = lines[at].replace(BAD_CLASSES, FEWER)
    model.write_text("".join(lines), encoding="utf-8")
    return folder


def outcomes(run: Run) -> dict[str, tuple[Any, ...]]:
    """What came of each case, without times."""
    return {r["id"]: (r["is_right"], r["outcome"], r["semantic_sql"], r["reason"]) for r in run.report["results"]}


def test_the_same_run_again_says_the_same(bench: Bench, first: Run) -> None:
    """Same questions, same seed, other threads: every case ends alike."""
    again = bench.run("again", "--full-width", "--concurrency", "3")
    assert again.done.returncode == 0, again.done.stderr
    assert outcomes(again) == outcomes(first)
    accuracy = first.report["figures"]["accuracy"]
    assert accuracy == again.report["figures"]["accuracy"] and accuracy["of"] == 60


def test_a_report_says_what_it_measured(first: Run) -> None:
    made_of = first.report["made_of"]
    digests = (
        "cases_sha256",
        "llm_sha256",
        "prompt_sha256",
        "grammar_sha256",
        "catalog_fingerprint",
        "data_fingerprint",
    )
    assert all(len(made_of[name]) == 64 for name in digests)
    assert made_of["seed"] == 7 and made_of["clock"] == "2026-07-10"
    assert sorted(path.name for path in first.folder.iterdir()) == [
        "answers.jsonl", "junit.xml", "report.html", "report.json",
    ]  # fmt: skip
    assert str(ROOT) not in json.dumps(made_of) and "\x1b" not in first.done.stdout


def test_a_wrong_definition_shuts_the_gate_and_diff_names_its_questions(
    bench: Bench, first: Run, wrong_definition: Path
) -> None:
    baseline = str(first.folder / "report.json")
    broken = bench.run("broken", "--metrics", str(wrong_definition), "--baseline", baseline, "--no-regression")
    assert broken.done.returncode == 12, broken.done.stderr
    before, after = outcomes(first), outcomes(broken)
    lost = {name for name, found in after.items() if before[name][0] and not found[0]}
    touched = ("npl", "provision_coverage")
    assert lost and lost <= {name for name in after if any(word in after[name][2] for word in touched)}
    told = run_t2sql("eval", "diff", baseline, str(broken.folder / "report.json"), folder=ROOT)
    assert told.returncode == 0, told.stderr
    assert all(name in told.stdout for name in lost)
    assert "npl" in told.stdout


def test_answers_of_a_file_are_judged_like_asked_ones(bench: Bench, first: Run) -> None:
    """`--answers` takes what batch wrote, and asks nothing."""
    judged = bench.run("judged", "--answers", str(first.folder / "answers.jsonl"))
    assert judged.done.returncode == 0, judged.done.stderr
    mine = {name: found for name, found in outcomes(first).items() if "~" not in name}
    assert outcomes(judged) == mine


def test_the_cases_are_in_order(bench: Bench) -> None:
    done = run_t2sql("eval", "check", CASES, "--source", str(bench.bank), folder=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


BAD: list[Any] = [
    (("eval", "nothing.yml"), 3, "nothing.yml"),
    (("eval", CASES, "--min-accuracy", "nine"), 2, "--min-accuracy"),
    (("eval", CASES, "--no-regression"), 2, "--baseline"),
    (("eval", CASES, "--baseline", "nothing.json", "--no-regression"), 3, "nothing.json"),
    (("eval", CASES, "--resume"), 2, "--out"),
    (("eval", CASES, "--source", "nothing.duckdb"), 8, "nothing.duckdb"),
    (("eval", CASES, "--metrics", "nowhere"), 3, "nowhere"),
    (("eval", "diff", CASES, CASES), 3, "report"),
    (("eval", "check", "nothing.yml"), 3, "nothing.yml"),
    (("eval", "new", "--known", "nothing.yml"), 3, "nothing.yml"),
    (("eval", "chek", CASES), 2, "'check'"),
]


@pytest.mark.parametrize(("command", "code", "named"), BAD, ids=[" ".join(case[0][1:3]) for case in BAD])
def test_bad_usage_is_told_at_once(command: tuple[str, ...], code: int, named: str, tmp_path: Path) -> None:
    """What, where and what to do; no folder is left behind."""
    out = () if command[1] in ("diff", "check", "new") or "--resume" in command else ("--out", str(tmp_path / "out"))
    done = run_t2sql(*command, *out, folder=ROOT)
    assert done.returncode == code, done.stderr
    assert named in done.stderr and "→" in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()
