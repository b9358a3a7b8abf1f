"""The decode loop: greedy choice among the tokens a grammar allows.

A token that the grammar forces is never asked of the llm: forced stretches wait and are read with the next chosen
token as one batch. Probabilities are taken over the allowed tokens only. It must never return a text that the grammar
does not accept.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, cast

from t2sql.errors import Cancelled, GenerationError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from t2sql.generation.llama import Llama

ALTERNATIVES = 4  # runners-up kept at each choice


class Vocabulary(Protocol):
    """What choosing needs of the llm; `Llama` is one."""

    end_tokens: tuple[int, ...]
    vocabulary_size: int

    def piece(self, token: int) -> bytes: ...


class Reader(Vocabulary, Protocol):
    """What writing alone needs besides; `Llama` is one."""

    def read(self, tokens: list[int]) -> None: ...
    def logits(self) -> NDArray[np.float32]: ...


@dataclass(frozen=True, slots=True)
class Choice:
    """A point where the grammar left more than one token."""

    text: str
    """The token written; "" when it was the end of the text. Half a character shows as U+FFFD."""
    probability: float
    """Its share among the allowed tokens, 0 to 1."""
    alternatives: tuple[tuple[str, float], ...]
    """The next best allowed tokens with their shares, best first, at most four."""
    position: int
    """Characters of the text written before it."""


@dataclass(slots=True)
class Draft:
    """What was written."""

    text: str = ""
    choices: list[Choice] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    forced: int = 0
    """Tokens the grammar forced, of `tokens`."""
    first_token_at: float | None = None
    """time.perf_counter() when the llm had chosen its first token; None when the grammar left it no choice."""
    decode_seconds: float = 0.0
    """Spent reading written tokens back in, after the prompt; with others beside it, waiting for them included."""


def build_tokenizer(llama: Llama) -> Any:
    """llguidance's view of a llama.cpp vocabulary. Costs about half a second: make one for each llm.

    llguidance's own function for this takes twice as long; slices would speed up masks of 1.5 ms and double the build.
    """
    from llguidance import LLTokenizer

    make: Any = LLTokenizer.from_llamacpp  # type: ignore[attr-defined]
    return make(
        tokens=llama.vocabulary_pieces(),
        vocab_ptr=llama.vocabulary,
        tokenize_fptr=llama.tokenize_address,
        eos_token=list(llama.end_tokens),
        slices=[],
    )


def compile_grammar(tokenizer: Any, grammar: str) -> Any:
    """A fresh matcher for a grammar in llguidance's Lark syntax. Raises GenerationError for a grammar it refuses."""
    from llguidance import LLMatcher, LLParserLimits

    limits = LLParserLimits(verbose_errors=False)
    matcher = LLMatcher(tokenizer, LLMatcher.grammar_from_lark(grammar), log_level=0, limits=limits)
    if matcher.is_error():
        reason = matcher.get_error().strip().partition("\n")[0]  # the lines after it quote the grammar
        raise GenerationError(f"The grammar is not valid: {reason}", "Report this as a defect.")
    return matcher


def accepts(grammar: str, text: str) -> bool:
    """Whether `grammar` accepts the whole of `text`, whoever wrote it. Raises GenerationError for a bad grammar."""
    from llguidance import LLTokenizer

    tokenizer = LLTokenizer("byte")
    matcher = compile_grammar(tokenizer, grammar)
    return bool(matcher.consume_tokens(tokenizer.tokenize_str(text)) and matcher.is_accepting())


def compose(
    vocabulary: Vocabulary, matcher: Any, prompt: list[int], *, max_tokens: int
) -> Generator[list[int], NDArray[np.float32], Draft]:
    """Write after `prompt` until the grammar is satisfied or the llm ends the text.

    Yields tokens to read, at first the prompt, and wants the logits after the last of them; returns the draft. Raises
    GenerationError at `max_tokens`, or when the grammar cannot go on.
    """
    draft, written, pending = Draft(), b"", list(prompt)
    allowed_mask = _Mask(matcher, vocabulary.vocabulary_size)
    is_prompt_read = False
    while True:
        forced = [] if matcher.is_stopped() else matcher.compute_ff_tokens()
        if not forced and not matcher.is_stopped():
            allowed = allowed_mask.tokens()
            if len(allowed) == 1:
                forced = [int(allowed[0])]
        if not forced and matcher.is_stopped():
            break
        step = forced
        if not forced:
            started = time.perf_counter()
            logits = yield pending
            pending = []
            if is_prompt_read:
                draft.decode_seconds += time.perf_counter() - started
            is_prompt_read = True
            token, choice = _choose(vocabulary, logits, allowed, len(written.decode("utf-8", "ignore")))
            step = [token]
            draft.choices.append(choice)
            draft.first_token_at = draft.first_token_at or time.perf_counter()
        if step[-1] in vocabulary.end_tokens:
            break
        if not matcher.consume_tokens(step):
            raise _stopped(matcher)
        if len(draft.tokens) + len(step) > max_tokens:
            raise GenerationError(f"The draft is longer than {max_tokens} tokens.", "Ask for less in one question.")
        draft.tokens += step
        draft.forced += len(forced)
        pending += step
        written += b"".join(map(vocabulary.piece, step))
    draft.text = written.decode("utf-8", "replace")
    return draft


def decode(
    reader: Reader, matcher: Any, prompt: list[int], *, max_tokens: int, cancel: threading.Event | None = None
) -> Draft:
    """One text alone: read `prompt` after what `reader` holds, then each stretch as one batch. Raises as `compose`
    does; Cancelled when `cancel` is set.
    """
    writing = compose(reader, matcher, prompt, max_tokens=max_tokens)
    logits: Any = None
    while True:
        if cancel is not None and cancel.is_set():
            raise Cancelled("The work was cancelled.")
        try:
            stretch = writing.send(logits)
        except StopIteration as end:
            return cast(Draft, end.value)
        reader.read(stretch)
        logits = reader.logits()


class _Mask:
    """The tokens a matcher allows next, from llguidance's bit mask."""

    def __init__(self, matcher: Any, vocabulary_size: int) -> None:
        import numpy as np

        self._matcher = matcher
        self._words = np.zeros((vocabulary_size + 31) // 32, np.int32)
        self._size = vocabulary_size

    def tokens(self) -> NDArray[np.intp]:
        """Ascending token numbers, at least one. Raises GenerationError when the grammar allows none."""
        import numpy as np

        self._matcher.unsafe_compute_mask_ptr(self._words.ctypes.data, self._words.nbytes)
        bits = np.unpackbits(self._words.view(np.uint8), count=self._size, bitorder="little")
        allowed = np.flatnonzero(bits)
        if self._matcher.is_error() or len(allowed) == 0:
            raise _stopped(self._matcher)
        return allowed


def _stopped(matcher: Any) -> GenerationError:
    reason = matcher.get_error().strip() or "no token fits"
    return GenerationError(f"The grammar stopped the writing: {reason}", "Ask again in other words.")


def _choose(
    vocabulary: Vocabulary, logits: NDArray[np.float32], allowed: NDArray[np.intp], position: int
) -> tuple[int, Choice]:
    import numpy as np

    scores = logits[allowed].astype(np.float64)
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    count = min(ALTERNATIVES + 1, len(shares))
    best = np.argpartition(-shares, count - 1)[:count]
    best = best[np.lexsort((allowed[best], -shares[best]))]  # equal shares: the lower token number, on every run

    def text(index: int) -> str:
        token = int(allowed[index])
        return "" if token in vocabulary.end_tokens else vocabulary.piece(token).decode("utf-8", "replace")

    runners_up = tuple((text(index), float(shares[index])) for index in best[1:])
    choice = Choice(text(best[0]), float(shares[best[0]]), runners_up, position)
    return int(allowed[best[0]]), choice
