"""One tiny prompt in another process, so that weights or a build that kill their process kill only that one.

`doctor` and the start of `serve` call this before they load weights themselves: an illegal instruction cannot be caught
in the process it happens in. It must never load the weights in the caller's process.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from t2sql.errors import LlmUnavailable, T2sqlError
from t2sql.host import cpu_flags

_CHILD = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from t2sql.generation.probe import try_weights
try_weights(sys.argv[2])
"""


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """Whether these weights run on this host."""

    error: LlmUnavailable | None
    """What is wrong and what to do about it; None when the weights run."""
    seconds: float
    """Time of the whole attempt, process start included."""

    @property
    def is_ok(self) -> bool:
        return self.error is None


def probe(weights: Path, *, timeout_seconds: float = 120.0) -> ProbeResult:
    """Load `weights` and read four tokens in a subprocess; never raises for what happens there."""
    started = time.monotonic()
    command = [sys.executable, "-c", _CHILD, json.dumps([*sys.path]), str(weights)]
    try:
        child = subprocess.run(command, capture_output=True, text=True, timeout=timeout_seconds, check=False)
    except subprocess.TimeoutExpired:
        error: LlmUnavailable | None = LlmUnavailable(
            f"The llm did not answer within {timeout_seconds:g} s.", "Use smaller weights: `t2sql llm use`."
        )
    else:
        error = _explain(child.returncode, child.stdout, child.stderr)
    return ProbeResult(error, time.monotonic() - started)


def try_weights(weights: str) -> None:
    """The subprocess's part: prints an error of ours as JSON, or "{}" once four tokens are read."""
    from t2sql.generation.llama import Llama

    try:
        llama = Llama(Path(weights), context_tokens=256)
        llama.read(llama.tokenize("SELECT 1 FROM bank", special=False)[:4])
    except T2sqlError as error:
        print(json.dumps({"message": error.message, "hint": error.hint}))
    else:
        print("{}")


def _explain(returncode: int, stdout: str, stderr: str) -> LlmUnavailable | None:
    if returncode == -signal.SIGILL:
        lacking = " (it has no AVX2)" if "avx2" not in cpu_flags() else ""
        return LlmUnavailable(
            f"This build of llama-cpp-python uses instructions that this host lacks{lacking}.",
            "Build it again on this host: run `make clean demo`." if not lacking else "Use a host with AVX2.",
        )
    if returncode < 0:
        return LlmUnavailable(
            f"The llm's process was killed by {signal.Signals(-returncode).name}.",
            "Run `t2sql llm verify`, and check that memory is free.",
        )
    lines = stdout.strip().splitlines()
    try:
        answer = json.loads(lines[-1]) if lines else None
    except ValueError:
        answer = None
    if returncode or not isinstance(answer, dict):
        said = stderr.strip().splitlines()
        return LlmUnavailable(
            f"The llm's process ended with code {returncode}: {said[-1] if said else 'no message'}",
            "Run `t2sql doctor`.",
        )
    return LlmUnavailable(answer["message"], answer["hint"]) if answer else None
