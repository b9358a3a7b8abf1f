"""The seam behind which every llm stands: a prefix, a suffix and a grammar in; a text with its choices and timings out.

`LlamaLlm` runs weights in this process; `ScriptedLlm` is its double for tests of what surrounds the llm. Text from a
user must never become a chat-template token: only the trusted prefix and tail are split with special tokens. The same
call gives the same text whatever was asked before: only whole prefixes are kept between calls, never part of a suffix.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from t2sql.errors import Cancelled, GenerationError
from t2sql.generation.decoding import Choice, build_tokenizer, compile_grammar, decode
from t2sql.generation.llama import Llama
from t2sql.generation.prefix_state import PrefixStates

__all__ = ["Choice", "LlamaLlm", "Llm", "ScriptedLlm", "Writing"]


@dataclass(frozen=True, slots=True)
class Writing:
    """A finished text and what it cost."""

    text: str
    """Accepted by the grammar."""
    choices: tuple[Choice, ...]
    """Points where the grammar left more than one token, in order; empty when the llm measures none."""
    prompt_tokens: int
    """Prefix, suffix and tail."""
    cached_tokens: int
    """Of the prompt, what this call did not read: the prefix, when it was held or restored."""
    completion_tokens: int
    """Written, forced ones included."""
    forced_tokens: int
    """Written without asking the llm, because the grammar left one possibility."""
    first_token_ms: float
    """From the call to the first token the llm chose; the whole call when the grammar left it no choice."""
    decode_ms: float
    """Inside the llm for the written tokens, after the prompt was read."""
    total_ms: float
    """The whole call."""


class Llm(Protocol):
    """What the pipeline may ask of an llm."""

    fingerprint: str
    """sha256 of the weights."""

    def write(
        self,
        prefix: str,
        suffix: str,
        grammar: str,
        *,
        max_tokens: int,
        tail: str = "",
        cancel: threading.Event | None = None,
    ) -> Writing:
        """Continue prefix + suffix + tail by a text that `grammar` (Lark, llguidance's dialect) accepts, greedily.

        `prefix` and `tail` are trusted and may hold chat-template tokens; in `suffix` such tokens stay plain text.
        Raises GenerationError (no text within `max_tokens`, prompt too long, bad grammar) and Cancelled.
        """
        ...

    def count(self, text: str) -> int:
        """Tokens of `text` as a suffix."""
        ...

    def prepare(self, prefix: str, progress: Callable[[float], None] | None = None) -> bool:
        """Have `prefix` ready for write(); True if nothing had to be read. `progress` hears the share read, 0 to 1."""
        ...


class LlamaLlm:
    """Weights in GGUF, run in this process by llama.cpp; one call at a time, others wait.

    Raises LlmUnavailable if `weights` cannot be loaded. `sha256` is the weights' identity and is not checked here.
    """

    def __init__(
        self,
        weights: Path,
        sha256: str,
        *,
        state_dir: Path,
        threads: int | None = None,
        context_tokens: int = 4096,
        gpu_layers: int = 0,
    ) -> None:
        self.fingerprint = sha256
        self._llama = Llama(weights, context_tokens=context_tokens, threads=threads, gpu_layers=gpu_layers)
        self._states = PrefixStates(state_dir)
        self._identity = (sha256, self._llama.build, str(context_tokens), str(gpu_layers))
        self._tokenizer: Any = None
        self._held: list[int] = []  # the prefix that stands whole at the start of llama.cpp's memory
        self._turn = threading.Lock()

    def write(
        self,
        prefix: str,
        suffix: str,
        grammar: str,
        *,
        max_tokens: int,
        tail: str = "",
        cancel: threading.Event | None = None,
    ) -> Writing:
        started = time.perf_counter()
        with self._one_at_a_time(cancel), self._llama.stoppable(cancel):
            fixed = self._prefix_tokens(prefix)
            asked = self._llama.tokenize(suffix, special=False) + self._llama.tokenize(tail, special=True)
            if not asked:
                raise GenerationError("The prompt asks nothing.", "Give a suffix or a tail.")
            self._check_room(len(fixed) + len(asked), max_tokens)
            matcher = compile_grammar(self._constraint_tokenizer(), grammar)
            cached = len(fixed) if self._hold(fixed) else 0
            draft = decode(self._llama, matcher, asked, max_tokens=max_tokens, cancel=cancel)
            ended = time.perf_counter()
        return Writing(
            text=draft.text,
            choices=tuple(draft.choices),
            prompt_tokens=len(fixed) + len(asked),
            cached_tokens=cached,
            completion_tokens=len(draft.tokens),
            forced_tokens=draft.forced,
            first_token_ms=((draft.first_token_at or ended) - started) * 1000,
            decode_ms=draft.decode_seconds * 1000,
            total_ms=(ended - started) * 1000,
        )

    def count(self, text: str) -> int:
        return len(self._llama.tokenize(text, special=False))

    def prepare(self, prefix: str, progress: Callable[[float], None] | None = None) -> bool:
        with self._one_at_a_time(None), self._llama.stoppable(None):
            self._constraint_tokenizer()
            fixed = self._prefix_tokens(prefix)
            self._check_room(len(fixed), 1)
            return self._hold(fixed, progress)

    def close(self) -> None:
        """Free the weights' memory. No call may follow."""
        with self._turn:
            self._llama.close()

    @contextlib.contextmanager
    def _one_at_a_time(self, cancel: threading.Event | None) -> Iterator[None]:
        while not self._turn.acquire(timeout=0.05):
            if cancel is not None and cancel.is_set():
                raise Cancelled("The work was cancelled.")
        try:
            yield
        finally:
            self._turn.release()

    def _constraint_tokenizer(self) -> Any:
        if self._tokenizer is None:
            self._tokenizer = build_tokenizer(self._llama)
        return self._tokenizer

    def _prefix_tokens(self, prefix: str) -> list[int]:
        tokens = self._llama.start_tokens() + self._llama.tokenize(prefix, special=True)
        if not tokens:
            raise GenerationError("The prompt has no prefix.", "Report this as a defect.")
        return tokens

    def _check_room(self, prompt_tokens: int, max_tokens: int) -> None:
        room = self._llama.context_tokens
        if prompt_tokens + max_tokens > room:
            raise GenerationError(
                f"The prompt has {prompt_tokens} tokens; with {max_tokens} to write, the llm holds {room}.",
                "Shorten the question.",
            )

    def _hold(self, tokens: list[int], progress: Callable[[float], None] | None = None) -> bool:
        """Make `tokens` all that llama.cpp's memory holds; True if they stood there or were restored from disk."""
        if self._held == tokens and self._llama.keep(len(tokens)):
            return True
        self._held = []
        name = self._states.name(self._identity, tokens)
        saved = self._states.load(name)
        restored = saved is not None and self._llama.restore(saved, len(tokens))
        if not restored:
            self._llama.keep(0)
            self._llama.read(tokens, progress=progress)
            self._states.save(name, self._llama.state())
        self._held = tokens
        return restored


class ScriptedLlm:
    """An llm for tests: the text whose key stands in the suffix, the longest key if several do.

    A suffix without a key raises LookupError and a text outside the grammar ValueError: both are mistakes of the test,
    so neither is an error that the pipeline handles. Tokens are characters; no choices are measured; `suffixes` are the
    calls so far.
    """

    def __init__(self, answers: Mapping[str, str], *, fingerprint: str = "scripted") -> None:
        self.fingerprint = fingerprint
        self.suffixes: list[str] = []
        self._answers = dict(answers)

    def write(
        self,
        prefix: str,
        suffix: str,
        grammar: str,
        *,
        max_tokens: int,
        tail: str = "",
        cancel: threading.Event | None = None,
    ) -> Writing:
        if cancel is not None and cancel.is_set():
            raise Cancelled("The work was cancelled.")
        self.suffixes.append(suffix)
        keys = [key for key in self._answers if key in suffix]
        if not keys:
            raise LookupError(f"nothing is scripted for {suffix!r}")
        text = self._answers[max(keys, key=len)]
        if not _accepts(grammar, text):
            raise ValueError(f"the grammar does not accept the scripted {text!r}")
        if self.count(text) > max_tokens:
            raise GenerationError(f"The draft is longer than {max_tokens} tokens.", "Ask for less in one question.")
        asked = self.count(suffix) + self.count(tail)
        return Writing(text, (), self.count(prefix) + asked, self.count(prefix), self.count(text), 0, 0.0, 0.0, 0.0)

    def count(self, text: str) -> int:
        return len(text)

    def prepare(self, prefix: str, progress: Callable[[float], None] | None = None) -> bool:
        return True


def _accepts(grammar: str, text: str) -> bool:
    from llguidance import LLTokenizer

    tokenizer = LLTokenizer("byte")
    matcher = compile_grammar(tokenizer, grammar)
    return bool(matcher.consume_tokens(tokenizer.tokenize_str(text)) and matcher.is_accepting())
