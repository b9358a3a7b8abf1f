"""How fast the llm reads and writes, and what the grammar, forced stretches and a saved prefix each change.

    python benchmarks/decode.py WEIGHTS.gguf [--prefix-tokens 1500] [--threads N]

Every pair of figures comes from one run over the same prompts, so the ratios hold where the figures depend on the host.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from t2sql.generation.decoding import build_tokenizer, compile_grammar, decode
from t2sql.generation.llama import Llama
from t2sql.generation.llm import LlamaLlm

T = TypeVar("T")

METRICS = (
    "npl_ratio",
    "npl_balance",
    "loan_balance",
    "deposit_balance",
    "net_interest_margin",
    "fee_income",
    "customers",
)
DIMENSIONS = ("branch", "region", "segment", "industry", "product", "currency")
GRAMMAR = f"""start: "SELECT " column (", " column){{0,3}} " FROM bank WHERE month = '" MONTH "'" filter? order?
column: dimension | metric | "yoy_diff(" metric ")"
metric: {" | ".join(f'"{name}"' for name in METRICS)}
dimension: {" | ".join(f'"{name}"' for name in DIMENSIONS)}
filter: " AND " dimension " = '" /[^']{{1,12}}/ "'"
order: " ORDER BY " metric " DESC LIMIT " ("3" | "5" | "10")
MONTH: /20[0-9][0-9]-[01][0-9]/
"""
QUESTIONS = (
    "2024年12月各分行的不良率，最高的5个",
    "Loan balance by segment in 2025-06",
    "2025年3月上海分行的存款余额",
    "Which three industries had the highest NPL balance in 2024-12?",
    "2024年6月各地区净息差与去年同期的变化",
)
TAIL = "<|im_end|>\n<|im_start|>assistant\n"
MAX_TOKENS = 60


def write_freely(llama: Llama, prompt: list[int], count: int) -> tuple[int, float]:
    """Write `count` tokens one by one without a grammar: (tokens, seconds after the prompt was read)."""
    llama.read(prompt)
    started = time.perf_counter()
    for _ in range(count):
        llama.read([int(llama.logits().argmax())])
    return count, time.perf_counter() - started


def write_token_by_token(llama: Llama, matcher: Any, prompt: list[int]) -> tuple[list[int], float]:
    """The grammar as a mask only: every token asked of the llm and read alone. (tokens, seconds after the prompt)."""
    llama.read(prompt)
    started = time.perf_counter()
    mask = np.zeros((llama.vocabulary_size + 31) // 32, np.int32)
    tokens: list[int] = []
    while not matcher.is_stopped() and len(tokens) < MAX_TOKENS:
        matcher.unsafe_compute_mask_ptr(mask.ctypes.data, mask.nbytes)
        bits = np.unpackbits(mask.view(np.uint8), count=llama.vocabulary_size, bitorder="little")
        allowed = np.flatnonzero(bits)
        token = int(allowed[llama.logits()[allowed].argmax()])
        if token in llama.end_tokens:
            break
        matcher.consume_token(token)
        tokens.append(token)
        if not matcher.is_stopped():
            llama.read([token])
    return tokens, time.perf_counter() - started


def write_with_stretches(llama: Llama, matcher: Any, prompt: list[int]) -> tuple[list[int], float, int]:
    """The product's own loop: (tokens, seconds after the prompt, how many were forced)."""
    draft = decode(llama, matcher, prompt, max_tokens=MAX_TOKENS)
    return draft.tokens, time.perf_counter() - (draft.first_token_at or 0.0), draft.forced


def measure(weights: Path, prefix_tokens: int, threads: int | None) -> None:
    """Print every figure."""
    _, load = clock(
        lambda: (llama := Llama(weights, context_tokens=4096, threads=threads), llama.read([0]), llama.close())
    )
    llama = Llama(weights, context_tokens=4096, threads=threads)
    tokenizer, tokenizer_seconds = clock(lambda: build_tokenizer(llama))
    _, compile_seconds = clock(lambda: compile_grammar(tokenizer, GRAMMAR))
    text = long_prefix(llama, prefix_tokens)
    prefix = llama.tokenize(text, special=True)

    print(f"{weights.name}; prefix {len(prefix)} tokens; {len(QUESTIONS)} questions; {llama.build}\n")
    row("load, first token read", f"{load * 1000:.0f} ms")
    row("constraint tokenizer, once a process", f"{tokenizer_seconds * 1000:.0f} ms")
    row("grammar, each call", f"{compile_seconds * 1000:.1f} ms")
    _, reading = clock(lambda: llama.read(prefix))
    row("reading", f"{len(prefix) / reading:.1f} tokens/s")

    free, single, forced_runs, forced_share, first = [], [], [], [], []
    for question in QUESTIONS:
        prompt = llama.tokenize(question, special=False) + llama.tokenize(TAIL, special=True)

        def again() -> None:
            llama.keep(len(prefix))

        again()
        tokens, seconds, forced = write_with_stretches(llama, compile_grammar(tokenizer, GRAMMAR), prompt)
        forced_runs.append(seconds / len(tokens))
        forced_share.append(forced / len(tokens))
        again()
        masked, seconds = write_token_by_token(llama, compile_grammar(tokenizer, GRAMMAR), prompt)
        single.append(seconds / len(masked))
        again()
        count, seconds = write_freely(llama, prompt, len(tokens))
        free.append(seconds / count)
        again()
        first.append(clock(lambda prompt=prompt: llama.read(prompt))[1])
    llama.close()
    free_ms, single_ms, forced_ms = (statistics.median(values) * 1000 for values in (free, single, forced_runs))
    row("writing, no grammar", f"{1000 / free_ms:.1f} tokens/s", f"{free_ms:.1f} ms a token")
    row("writing, grammar, token by token", f"{1000 / single_ms:.1f} tokens/s", ratio(free_ms, single_ms, "no grammar"))
    row(
        "writing, grammar, forced stretches",
        f"{1000 / forced_ms:.1f} tokens/s",
        ratio(free_ms, forced_ms, "no grammar"),
    )
    row("", "", ratio(single_ms, forced_ms, "token by token"))
    row("share of forced tokens, median", f"{statistics.median(forced_share):.0%}")
    row("suffix read (time to first token)", f"{statistics.median(first) * 1000:.0f} ms")
    measure_prefix(weights, text, threads)


def measure_prefix(weights: Path, text: str, threads: int | None) -> None:
    """The prefix read and saved by one llm, restored by another, held by the same."""
    with tempfile.TemporaryDirectory() as folder:
        read, restored = (LlamaLlm(weights, "benchmark", state_dir=Path(folder), threads=threads) for _ in range(2))
        for llm in (read, restored):
            llm.count("x")
            llm._constraint_tokenizer()
        is_restored, read_seconds = clock(lambda: read.prepare(text))
        assert not is_restored
        is_restored, restored_seconds = clock(lambda: restored.prepare(text))
        assert is_restored
        _, held_seconds = clock(lambda: restored.prepare(text))
        size = sum(path.stat().st_size for path in Path(folder).glob("*.kv"))
        read.close()
        restored.close()
    row("prefix read and saved", f"{read_seconds * 1000:.0f} ms", f"{size / 1e6:.1f} MB on disk")
    row("prefix restored from disk", f"{restored_seconds * 1000:.1f} ms", ratio(read_seconds, restored_seconds, "read"))
    row("prefix still held", f"{held_seconds * 1000:.1f} ms", ratio(read_seconds, held_seconds, "read"))


def long_prefix(llama: Llama, tokens: int) -> str:
    """A system message of about `tokens` tokens that lists the grammar's names."""
    text = "<|im_start|>system\nWrite one line of semantic SQL.\n"
    number = 0
    while len(llama.tokenize(text, special=True)) < tokens - 6:
        name = (*METRICS, *DIMENSIONS)[number % (len(METRICS) + len(DIMENSIONS))]
        text += f"{name}: definition {number} of the bank's catalog, 口径第{number}条\n"
        number += 1
    return text + "<|im_end|>\n<|im_start|>user\n"


def clock(work: Callable[[], T]) -> tuple[T, float]:
    """What `work` returned, and its seconds."""
    started = time.perf_counter()
    return work(), time.perf_counter() - started


def ratio(before: float, after: float, name: str) -> str:
    """How many times faster than `name`."""
    return f"{before / after:.2f} x {name}"


def row(label: str, figure: str, note: str = "") -> None:
    """One line of the table."""
    print(f"{label:38}{figure:>18}   {note}".rstrip())


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--prefix-tokens", type=int, default=1500)
    parser.add_argument("--threads", type=int)
    arguments = parser.parse_args()
    measure(arguments.weights, arguments.prefix_tokens, arguments.threads)


if __name__ == "__main__":
    main()
