"""How long one question takes, each from a cold process: tokens, time to first token, total, and total against
decoding.

    .venv/bin/python benchmarks/ask.py [--questions 20] [--seed 7] [--file tests/evals/bank_dev.yml]

Questions are distinct and shuffled by the seed; the prefix state is made once before. Two rows of medians:

product  `t2sql ask QUESTION`, as a person runs it. Where one reading is left, no llm takes part.
llm      the same question, made harder: the llm must choose among the readings of every metric found by name or by
         meaning. "agrees" is how often it chose what the product answered; it is what the llm alone is worth.

Times are wall milliseconds of the whole process; "decode" is spent inside the llm on the written tokens.
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
WARM = """
from t2sql import settings
from t2sql.opening import open_agent
agent = open_agent(settings.load())
agent.warm(agent.settings.principal)
agent.close()
"""
LLM = """
import json, sys
from datetime import date
from t2sql import settings
from t2sql.generation.drafting import MOST_TOKENS
from t2sql.generation.grammar import build_grammar
from t2sql.generation.prompt import TAIL, build_prefix, build_suffix
from t2sql.reading.readings import readings
from t2sql.opening import open_agent

text, today = sys.argv[1:]
agent = open_agent(settings.load())
narrowed = agent.narrow(agent.settings.principal)
question = agent.question(text, today=date.fromisoformat(today))
loads = agent.loads()
context = agent.grounding(narrowed).ground(question, loads.last())
near = [name for name, _score in agent.index().search(text, frozenset(narrowed.catalog.metrics))]
pool = list(dict.fromkeys([*(m.name for m in context.metrics), *near]))[:8]
texts = [r.semantic_sql for r in readings(context, narrowed.catalog, pool=pool)]
writing = agent.llm().write(
    build_prefix(narrowed.catalog), build_suffix(context, narrowed.catalog, pool), build_grammar(texts),
    max_tokens=MOST_TOKENS, tail=TAIL,
)
plan = agent.compile(writing.text, principal=question.principal, today=question.today)
agent.warehouse.run(plan.physical, plan.columns, timeout_seconds=30)
print(json.dumps({
    "semantic_sql": writing.text, "choices": len(texts),
    "first_ms": writing.first_token_ms, "decode_ms": writing.decode_ms,
    "prompt": writing.prompt_tokens, "cached": writing.cached_tokens, "written": writing.completion_tokens,
}))
"""


def timed(command: list[str]) -> tuple[dict[str, Any] | None, float]:
    """The JSON that a command prints, None when it fails, and its wall milliseconds."""
    started = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    wall = (time.perf_counter() - started) * 1000
    return (json.loads(done.stdout) if done.returncode == 0 else None), wall


def median(values: list[float]) -> str:
    """The median in nine columns, "-" when there is none."""
    return f"{statistics.median(values):>9,.1f}" if values else f"{'-':>9}"


def main() -> int:
    """Ask, and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=20)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--file", type=Path, default=ROOT / "tests" / "evals" / "bank_dev.yml")
    chosen = parser.parse_args()
    file = YAML(typ="safe").load(chosen.file.read_text(encoding="utf-8"))
    questions = [q["question"] for q in file["questions"]]
    random.Random(chosen.seed).shuffle(questions)
    subprocess.run([sys.executable, "-c", WARM], cwd=ROOT, check=True)
    product: list[tuple[dict[str, Any], float]] = []
    llm: list[tuple[dict[str, Any], float]] = []
    agreed = unanswered = 0
    for number, question in enumerate(questions[: chosen.questions], start=1):
        print(f"\r{number}/{chosen.questions}", end="", file=sys.stderr, flush=True)
        today = str(file["clock"])
        answer, wall = timed([sys.executable, "-m", "t2sql.cli", "ask", question, "--json", "--today", today])
        unanswered += answer is None
        written, llm_wall = timed([sys.executable, "-c", LLM, question, today])
        if answer:
            product.append((answer, wall))
        if written and written["choices"] > 1:
            llm.append((written, llm_wall))
            agreed += bool(answer) and answer["semantic_sql"].lower() == written["semantic_sql"].lower()
    print(file=sys.stderr)
    heads = ("prompt", "uncached", "written", "first ms", "total ms", "decode ms", "tot/dec")
    print(f"{'medians':<9}{'n':>4}{''.join(f'{head:>10}' for head in heads)}")
    wrote = [a for a, _wall in product if a["timings_ms"].get("llm_decode")]
    cells = [
        median([a["tokens"]["prompt"] for a in wrote]),
        median([a["tokens"]["prompt"] - a["tokens"]["cached"] for a in wrote]),
        median([a["tokens"]["completion"] for a in wrote]),
        median([a["timings_ms"]["llm_first_token"] for a in wrote]),
        median([wall for _answer, wall in product]),
        median([a["timings_ms"]["llm_decode"] for a in wrote]),
        median([wall / a["timings_ms"]["llm_decode"] for a, wall in product if a in wrote]),
    ]
    print(f"{'product':<9}{len(product):>4}" + "".join(f" {cell}" for cell in cells))
    cells = [
        median([w["prompt"] for w, _ in llm]),
        median([w["prompt"] - w["cached"] for w, _ in llm]),
        median([w["written"] for w, _ in llm]),
        median([w["first_ms"] for w, _ in llm]),
        median([wall for _, wall in llm]),
        median([w["decode_ms"] for w, _ in llm]),
        median([wall / w["decode_ms"] for w, wall in llm if w["decode_ms"]]),
    ]
    print(f"{'llm':<9}{len(llm):>4}" + "".join(f" {cell}" for cell in cells))
    print(f"routes: composed {len(product) - len(wrote)}, generated {len(wrote)}, not answered {unanswered}")
    print(f"llm agrees with the product's answer: {agreed} of {len(llm)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
