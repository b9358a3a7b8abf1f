"""Questions a minute in a batch, against the same questions one by one in one warm process, in one run.

    .venv/bin/python benchmarks/batch.py [--repeat 3] [--questions 120] [--concurrency 0] [--kinds product,llm,server]

The questions are distinct and stand in the file's order. Both ways alternate, so that a busy machine harms them alike;
medians are told, with the least and the most. Workers are warm when the clock starts, as the one process is, and both
ways use the same llm, loaded before; what the start of workers takes is told apart. "cpu s" is processor time of the
batch a question, the start left out. Three kinds:

product  the questions as they are asked; few of them need the llm.
llm      the same, made harder: the llm must choose among the readings of every metric found by name or by meaning.
server   as llm, with the llm behind llama.cpp's own server, started on loopback.
"""

from __future__ import annotations

import argparse
import math
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from t2sql import settings as configured
from t2sql.agent import Agent
from t2sql.evaluation.batch.answering import MOST_SEQUENCES, Asking, Tally, answer_all, made_of
from t2sql.evaluation.batch.record_files import RecordFile
from t2sql.evaluation.batch.recording import ask_within, told
from t2sql.evaluation.batch.workers import cores
from t2sql.evaluation.records import Asked
from t2sql.flow import Context, Draft, Tokens
from t2sql.generation.drafting import MOST_TOKENS, Drafted
from t2sql.generation.grammar import build_grammar
from t2sql.generation.llm import Llm
from t2sql.generation.prompt import TAIL, build_prefix, build_suffix
from t2sql.llms.store import find
from t2sql.opening import load_llm
from t2sql.policy import Narrowed
from t2sql.reading.readings import readings
from t2sql.settings import Settings

ROOT = Path(__file__).parent.parent
MOST_METRICS = 8
PATIENCE_SECONDS = 120


class ChoosingAgent(Agent):
    """An agent whose llm chooses among the readings of eight metrics, whatever the question says."""

    def _draft(self, context: Context, narrowed: Narrowed, *rest: Any, **keys: Any) -> Drafted | None:
        text = context.question.text
        near = [name for name, _score in self.index().search(text, frozenset(narrowed.catalog.metrics))]
        pool = list(dict.fromkeys([*(m.name for m in context.metrics), *near]))[:MOST_METRICS]
        texts = [r.semantic_sql for r in readings(context, narrowed.catalog, pool=pool)]
        if len(texts) < 2 or keys.get("without"):
            return super()._draft(context, narrowed, *rest, **keys)
        writing = self.llm().write(
            build_prefix(narrowed.catalog), build_suffix(context, narrowed.catalog, pool), build_grammar(texts),
            max_tokens=MOST_TOKENS, tail=TAIL, cancel=keys.get("cancel"),
        )  # fmt: skip
        confidence = math.prod(choice.probability for choice in writing.choices) if writing.choices else None
        tokens = Tokens(writing.prompt_tokens, writing.cached_tokens, writing.completion_tokens)
        return Drafted(Draft(writing.text, "generated", confidence, tokens), (), writing)


_held: dict[str, Llm] = {}
"""The llm that both ways use, by its name; filled by `measure` in this process, empty in workers."""


def held_llm(settings: Settings, *, sequences: int = 1) -> Llm:
    """The llm that stands ready here; in a worker, which only asks for one behind a server, a new client."""
    return Kept(_held[settings.llm]) if settings.llm in _held else load_llm(settings, sequences=sequences)


class Kept:
    """An llm that a batch does not close when it ends."""

    def __init__(self, llm: Llm) -> None:
        self.fingerprint, self.write, self.count, self.prepare = llm.fingerprint, llm.write, llm.count, llm.prepare


def one_by_one(agent: Agent, asked: Sequence[Asked], how: Asking) -> tuple[float, int]:
    """Questions a minute in this process, which is warm, and how many the llm wrote."""
    began, generated = time.perf_counter(), 0
    for one in asked:
        record = ask_within(
            agent, one, principal=how.who, language=None, today=how.clock, timeout_seconds=how.timeout_seconds
        )
        assert not record["failed"], record["error"]
        generated += told(record).route == "generated"
    return len(asked) / (time.perf_counter() - began) * 60, generated


def in_batch(asked: Sequence[Asked], how: Asking) -> Tally:
    """The tally of a whole batch, records on the disk included."""
    with (
        tempfile.TemporaryDirectory() as folder,
        RecordFile.open(Path(folder) / "kept", made_of(asked, how)) as kept,
    ):
        tally = answer_all(asked, kept, how)
    assert tally.done == len(asked) and not tally.failed, tally
    return tally


@contextmanager
def running_server(chosen: Settings) -> Iterator[str]:
    """Address of llama.cpp's own server on loopback with the configured weights, stopped after."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    weights = find(chosen.llm, chosen).path
    command = [sys.executable, "-m", "llama_cpp.server", "--model", str(weights), "--host", "127.0.0.1"]
    command += ["--port", str(port), "--n_ctx", "4096", "--verbose", "false"]
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(command, stdout=quiet, stderr=quiet)
    try:
        address, deadline = f"http://127.0.0.1:{port}/v1", time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                urllib.request.urlopen(f"{address}/models", timeout=5).close()
                break
            except OSError:
                assert server.poll() is None and time.monotonic() < deadline, "the server does not start"
                time.sleep(0.5)
        yield address
    finally:
        server.terminate()
        server.wait(20)


def measure(kind: str, asked: Sequence[Asked], how: Asking, repeat: int) -> None:
    """Both ways `repeat` times in turn, and a line of figures."""
    _held[how.settings.llm] = load_llm(how.settings, sequences=min(MOST_SEQUENCES, how.at_once))
    agent = how.agent.open(how.settings, llm=lambda: held_llm(how.settings))
    alone, together, starts, cpu, generated = [], [], [], [], 0
    with closing(agent):
        agent.warm(how.who)
        one_by_one(agent, asked[:5], how)
        for turn in range(repeat):
            print(f"\r{kind} {turn + 1}/{repeat}", end="", file=sys.stderr, flush=True)
            rate, generated = one_by_one(agent, asked, how)
            alone.append(rate)
            tally = in_batch(asked, how)
            together.append(tally.a_minute)
            starts.append(tally.startup_seconds)
            cpu.append(tally.cpu_seconds / len(asked))
    print(file=sys.stderr)
    ratios = [b / a for a, b in zip(alone, together, strict=True)]
    cells = [f"{statistics.median(v):,.0f} ({min(v):,.0f}-{max(v):,.0f})" for v in (alone, together)]
    times = f"{statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})"
    print(
        f"{kind:<9}{len(asked):>5}{generated:>6}{cells[0]:>22}{cells[1]:>22}{times:>20}"
        f"{statistics.median(starts):>9.1f}{statistics.median(cpu):>9.2f}",
        flush=True,
    )


def main() -> int:
    """Measure, and print a line a kind."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--questions", type=int, default=120)
    parser.add_argument("--concurrency", type=int, default=0)
    parser.add_argument("--kinds", default="product,llm")
    parser.add_argument("--file", type=Path, default=ROOT / "tests" / "evals" / "bank_dev.yml")
    chosen = parser.parse_args()
    file = YAML(typ="safe").load(chosen.file.read_text(encoding="utf-8"))
    texts = list(dict.fromkeys(question["question"] for question in file["questions"]))[: chosen.questions]
    asked = [Asked(str(number), text, line=number) for number, text in enumerate(texts, start=1)]
    clock = date.fromisoformat(str(file["clock"]))
    settings = configured.load(ROOT / "t2sql.toml")
    keys: dict[str, Any] = {"concurrency": chosen.concurrency, "timeout_seconds": 600.0}
    plain = Asking(settings, held_llm, clock, **keys)
    print(f"{cores()} cores, {plain.at_once} at once, {settings.llm}; questions a minute, median (least-most):")
    heads = f"{'kind':<9}{'asked':>5}{'llm':>6}{'one by one':>22}{'batch':>22}{'times':>20}{'start s':>9}{'cpu s':>9}"
    print(heads, flush=True)
    for kind in chosen.kinds.split(","):
        if kind == "product":
            measure(kind, asked, plain, chosen.repeat)
        elif kind == "llm":
            measure(kind, asked, Asking(settings, held_llm, clock, agent=ChoosingAgent, **keys), chosen.repeat)
        else:
            with running_server(settings) as address:
                there = settings.model_copy(update={"llm": address})
                measure(kind, asked, Asking(there, held_llm, clock, agent=ChoosingAgent, **keys), chosen.repeat)
    return 0


if __name__ == "__main__":
    sys.exit(main())
