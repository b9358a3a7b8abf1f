"""The seam behind which every llm stands: a prefix, a suffix and a grammar in; a text with its choices and timings out.

`LlamaLlm` runs weights in this process; `ScriptedLlm` is its double for tests of what surrounds the llm. Text from a
user must never become a chat-template token: only the trusted prefix and tail are split with special tokens. The same
call gives the same text whatever is asked before or beside it: only whole prefixes are kept between calls, never part
of a suffix, and each call has its own sequence.
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
from t2sql.generation.decoding import Choice, accepts, build_tokenizer, compile_grammar, compose
from t2sql.generation.llama import Llama
from t2sql.generation.prefix_state import PrefixStates
from t2sql.generation.sequences import Sequences, check_room
from t2sql.generation.together import Request, Together

__all__ = ["Choice", "LlamaLlm", "Llm", "ScriptedLlm", "Writing"]

_CANCEL_POLL_SECONDS = 0.05
_LAYOUT = "no flash attention, a stream a sequence"  # how a saved state is laid out


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

    @property
    def fingerprint(self) -> str:
        """sha256 of the weights; behind a server, of what it tells of them."""
        ...

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

    def ahead(self, cancel: threading.Event) -> int:
        """How many calls go before the waiting write() that `cancel` stops; 0 once it is written, or where the llm does
        not tell.
        """
        ...

    def prepare(self, prefix: str, progress: Callable[[float], None] | None = None) -> bool:
        """Have `prefix` ready for write(); True if nothing had to be read. `progress` hears the share read, 0 to 1."""
        ...


class LlamaLlm:
    """Weights in GGUF, run in this process by llama.cpp. Calls of several threads are written together, up to
    `sequences` at once, each with `context_tokens` of its own; others wait.

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
        sequences: int = 1,
    ) -> None:
        self.fingerprint = sha256
        self._llama = Llama(
            weights, context_tokens=context_tokens, threads=threads, gpu_layers=gpu_layers, sequences=sequences
        )
        identity = (sha256, self._llama.build, str(context_tokens), str(gpu_layers), _LAYOUT)
        self._together = Together(self._llama, Sequences(self._llama, PrefixStates(state_dir), identity))
        self._tokenizer: Any = None
        self._building = threading.Lock()
        self._stoppable: dict[threading.Event, Request] = {}

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
        fixed = self._prefix_tokens(prefix)
        asked = self._llama.tokenize(suffix, special=False) + self._llama.tokenize(tail, special=True)
        if not asked:
            raise GenerationError("The prompt asks nothing.", "Give a suffix or a tail.")
        check_room(self._llama, len(fixed) + len(asked), max_tokens)
        matcher = compile_grammar(self._constraint_tokenizer(), grammar)
        request = Request(fixed, compose(self._llama, matcher, asked, max_tokens=max_tokens))
        with self._stopped_by(cancel, request):
            self._together.run(request)
        ended = time.perf_counter()
        draft = request.draft
        assert draft is not None
        return Writing(
            text=draft.text,
            choices=tuple(draft.choices),
            prompt_tokens=len(fixed) + len(asked),
            cached_tokens=len(fixed) if request.is_cached else 0,
            completion_tokens=len(draft.tokens),
            forced_tokens=draft.forced,
            first_token_ms=((draft.first_token_at or ended) - started) * 1000,
            decode_ms=draft.decode_seconds * 1000,
            total_ms=(ended - started) * 1000,
        )

    def count(self, text: str) -> int:
        return len(self._llama.tokenize(text, special=False))

    def ahead(self, cancel: threading.Event) -> int:
        request = self._stoppable.get(cancel)
        return self._together.ahead_of(request) if request else 0

    def prepare(self, prefix: str, progress: Callable[[float], None] | None = None) -> bool:
        self._constraint_tokenizer()
        fixed = self._prefix_tokens(prefix)
        check_room(self._llama, len(fixed), 1)
        request = Request(fixed, progress=progress)
        self._together.run(request)
        return request.is_cached

    def close(self) -> None:
        """Free the weights' memory. No call may follow."""
        self._together.close(self._llama.close)

    @contextlib.contextmanager
    def _stopped_by(self, cancel: threading.Event | None, request: Request) -> Iterator[None]:
        """Inside, setting `cancel` stops the request, also while llama.cpp reads for it."""
        if cancel is None:
            yield
            return
        if cancel.is_set():
            raise Cancelled("The work was cancelled.")
        finished = threading.Event()

        def watch() -> None:
            while not finished.is_set():
                if cancel.wait(_CANCEL_POLL_SECONDS):
                    self._together.stop(request)
                    return

        threading.Thread(target=watch, name="llm-cancel", daemon=True).start()
        self._stoppable[cancel] = request
        try:
            yield
        finally:
            finished.set()
            self._stoppable.pop(cancel, None)

    def _constraint_tokenizer(self) -> Any:
        with self._building:
            if self._tokenizer is None:
                self._tokenizer = build_tokenizer(self._llama)
            return self._tokenizer

    def _prefix_tokens(self, prefix: str) -> list[int]:
        tokens = self._llama.start_tokens() + self._llama.tokenize(prefix, special=True)
        if not tokens:
            raise GenerationError("The prompt has no prefix.", "Report this as a defect.")
        return tokens


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
        if not accepts(grammar, text):
            raise ValueError(f"the grammar does not accept the scripted {text!r}")
        if self.count(text) > max_tokens:
            raise GenerationError(f"The draft is longer than {max_tokens} tokens.", "Ask for less in one question.")
        asked = self.count(suffix) + self.count(tail)
        return Writing(text, (), self.count(prefix) + asked, self.count(prefix), self.count(text), 0, 0.0, 0.0, 0.0)

    def count(self, text: str) -> int:
        return len(text)

    def ahead(self, cancel: threading.Event) -> int:
        return 0

    def prepare(self, prefix: str, progress: Callable[[float], None] | None = None) -> bool:
        return True
