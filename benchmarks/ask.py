"""How long one question takes, each from a cold process: tokens, time to first token, total, and total against pure
decoding.

    .venv/bin/python benchmarks/ask.py [--questions 20] [--seed 7] [--file tests/evals/bank_dev.yml]

Questions are distinct and shuffled by the seed. The prefix state is made once before (`--cold-prefix` leaves that
out). Medians are printed for all
questions, and for those where the llm wrote ("generated"); "composed" ones needed no llm. Times are wall milliseconds
of the whole process.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parent.parent


def ask(question: str, today: str) -> dict[str, Any] | None:
    """The answer's JSON with the process's wall time; None when it was not answered."""
    command = [sys.executable, "-m", "t2sql.cli", "ask", question, "--json", "--today", today]
    started = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    wall = (time.perf_counter() - started) * 1000
    if done.returncode != 0:
        return None
    answer: dict[str, Any] = json.loads(done.stdout)
    answer["wall_ms"] = wall
    return answer


def row(name: str, answers: list[dict[str, Any]]) -> str:
    """One line of medians."""
    if not answers:
        return f"{name:<10} {0:>3}"

    def median(values: list[float]) -> str:
        return f"{statistics.median(values):>9,.0f}" if values else f"{'-':>9}"

    tokens = [a["tokens"] for a in answers]
    wrote = [a for a in answers if a["timings_ms"].get("llm_decode")]
    ratio = [a["wall_ms"] / a["timings_ms"]["llm_decode"] for a in wrote]
    cells = (
        median([t["prompt"] for t in tokens]),
        median([t["prompt"] - t["cached"] for t in tokens]),
        median([t["completion"] for t in tokens]),
        median([a["timings_ms"]["llm_first_token"] for a in wrote]),
        median([a["timings_ms"]["total"] for a in answers]),
        median([a["wall_ms"] for a in answers]),
    )
    shown = f"{statistics.median(ratio):>9.1f}" if ratio else f"{'-':>9}"
    return f"{name:<10} {len(answers):>3}{''.join(cells)}{shown}"


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=20)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--file", type=Path, default=ROOT / "tests" / "evals" / "bank_dev.yml")
    parser.add_argument("--cold-prefix", action="store_true", help="do not make the prefix state first")
    chosen = parser.parse_args()
    file = YAML(typ="safe").load(chosen.file.read_text(encoding="utf-8"))
    questions = [q["question"] for q in file["questions"]]
    random.Random(chosen.seed).shuffle(questions)
    if not chosen.cold_prefix:
        subprocess.run([sys.executable, "-c", WARM], cwd=ROOT, check=True)
    answers = []
    for number, question in enumerate(questions[: chosen.questions], start=1):
        print(f"\r{number}/{chosen.questions}", end="", file=sys.stderr, flush=True)
        answers.append(ask(question, str(file["clock"])))
    print(file=sys.stderr)
    answered = [a for a in answers if a]
    heads = ("prompt", "uncached", "written", "first ms", "steps ms", "wall ms", "wall/dec")
    print(f"{'medians':<10} {'n':>3}{''.join(f'{head:>9}' for head in heads)}")
    print(row("all", answered))
    for route in ("composed", "generated"):
        print(row(route, [a for a in answered if a["route"] == route]))
    print(f"not answered: {len(answers) - len(answered)}")
    return 0


WARM = """
from t2sql import settings
from t2sql.opening import open_agent
agent = open_agent(settings.load())
agent.warm(agent.settings.principal)
agent.close()
"""


if __name__ == "__main__":
    sys.exit(main())
