"""One GGUF file loaded into llama.cpp: tokens of one or several sequences in, logits out.

Exists so that nothing else touches ctypes. Each sequence has attention memory of its own and never sees another's
tokens. Every failure is reported as one of our errors. It must never decode from two threads at once (its callers see
to that), and never let llama.cpp write to stderr.
"""

from __future__ import annotations

import ctypes
import functools
import os
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from t2sql.errors import Cancelled, GenerationError, LlmUnavailable
from t2sql.generation.preflight import check_gguf, physical_cores

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CHUNK_TOKENS = 256  # read at once: small enough for progress, large enough for full speed
_ABORTED = 2  # llama_decode's answer when the abort callback said stop


def _native() -> Any:
    # libgomp reads this once, when llama.cpp loads it. By default it spins so long at each of 500 barriers a token that
    # beside two busy processes on two cores a token took 2.7 s; with this 0.2 s, and no more on a quiet host.
    os.environ.setdefault("GOMP_SPINCOUNT", "1000")
    from llama_cpp import llama_cpp

    return llama_cpp


@functools.cache
def _silence() -> tuple[Any, deque[str]]:
    """Take llama.cpp's log away from stderr, once a process; keeps the last errors to explain a failed load."""
    native = _native()
    errors: deque[str] = deque(maxlen=4)

    def listen(level: int, text: bytes, _data: object) -> None:
        if level == 4:  # GGML_LOG_LEVEL_ERROR
            errors.append(text.decode("utf-8", "replace").strip())

    callback = native.llama_log_callback(listen)  # cached with its function: native code keeps a bare pointer to it
    native.llama_log_set(callback, None)
    return callback, errors


@dataclass(frozen=True, slots=True)
class Stretch:
    """Tokens to append to one sequence."""

    sequence: int
    tokens: Sequence[int]
    padding: int = 0
    """Tokens read after them and forgotten at once: they only make the batch wider."""
    wants_logits: bool = True
    """Whether the logits after the last of `tokens` are asked for."""


class Llama:
    """Weights, vocabulary, and a context of `context_tokens` for each of `sequences`. Raises LlmUnavailable when the
    file cannot be loaded.
    """

    def __init__(
        self,
        weights: Path,
        *,
        context_tokens: int,
        threads: int | None = None,
        gpu_layers: int = 0,
        sequences: int = 1,
    ) -> None:
        check_gguf(weights)
        self._native: Any = _native()
        native = self._native
        self._freed = False
        _, errors = _silence()
        errors.clear()
        if gpu_layers and not native.llama_supports_gpu_offload():
            raise LlmUnavailable(
                "This build of llama-cpp-python has no GPU support.", "Set gpu_layers to 0, or build it with CUDA."
            )
        native.llama_backend_init()
        loading = native.llama_model_default_params()
        loading.n_gpu_layers = gpu_layers
        loading.use_extra_bufts = False  # repacking writes a quarter faster, reads 30 % slower, loads 1 s later
        self._weights = native.llama_model_load_from_file(os.fsencode(weights), loading)
        if not self._weights:
            reason = errors[0] if errors else "llama.cpp gave no reason"
            raise LlmUnavailable(
                f"{str(weights)!r} cannot be loaded: {reason}.",
                "Run `t2sql llm verify`; a damaged file must be pulled again.",
            )
        settings = native.llama_context_default_params()
        settings.n_ctx = (context_tokens + CHUNK_TOKENS) * sequences  # a chunk more, for padding
        settings.n_seq_max = sequences
        settings.kv_unified = False  # each sequence at its own places: its numbers do not depend on its neighbours
        if not gpu_layers:
            # On a CPU flash attention adds in another order when a token is read beside others; it is no faster there.
            settings.flash_attn_type = native.LLAMA_FLASH_ATTN_TYPE_DISABLED
        settings.n_batch = settings.n_ubatch = CHUNK_TOKENS
        settings.n_threads = settings.n_threads_batch = threads or physical_cores()
        self._context = native.llama_init_from_model(self._weights, settings)
        if not self._context:
            native.llama_model_free(self._weights)
            raise LlmUnavailable(
                f"llama.cpp cannot make a context of {sequences} times {context_tokens} tokens.",
                "Free memory, ask fewer questions at once, or use smaller weights.",
            )
        self._memory = native.llama_get_memory(self._context)
        self.vocabulary: Any = native.llama_model_get_vocab(self._weights)
        self.vocabulary_size: int = native.llama_vocab_n_tokens(self.vocabulary)
        ends = (native.llama_vocab_eos(self.vocabulary), native.llama_vocab_eot(self.vocabulary))
        self.end_tokens: tuple[int, ...] = tuple(sorted({token for token in ends if token >= 0}))
        self.context_tokens = context_tokens
        self.gpu_layers = gpu_layers
        self.lengths = [0] * sequences  # tokens held, by sequence
        self.can_forget = not (
            native.llama_model_is_recurrent(self._weights) or native.llama_model_is_hybrid(self._weights)
        )
        self._row = -1
        self._batch = native.llama_batch_init(CHUNK_TOKENS, 0, 1)
        # libc's strlen answers "is the byte set?" without Python's lock: a Python callback is asked 500 times a token
        # and each call queues behind every other thread (measured 2 to 12 times slower beside one busy thread).
        self._abort = ctypes.create_string_buffer(2)
        is_set = native.ggml_abort_callback(_address(ctypes.CDLL(None).strlen))
        native.llama_set_abort_callback(self._context, is_set, ctypes.cast(self._abort, ctypes.c_void_p))

    @property
    def build(self) -> str:
        """llama.cpp's version and the instruction sets of this build."""
        return f"{self._native.llama_version().decode()} {self._native.llama_print_system_info().decode()}"

    def tokenize(self, text: str, *, special: bool) -> list[int]:
        """Tokens of `text`. With `special` false, chat-template tokens in it stay plain text."""
        encoded = text.encode("utf-8", "replace")
        room = len(encoded) + 8
        tokens = (ctypes.c_int32 * room)()
        count = self._native.llama_tokenize(self.vocabulary, encoded, len(encoded), tokens, room, False, special)
        if count < 0:
            raise GenerationError("The text cannot be split into tokens.", "Shorten the question.")
        return list(tokens[:count])

    def start_tokens(self) -> list[int]:
        """What the weights want before any text: one begin token, or nothing."""
        wants = self._native.llama_vocab_get_add_bos(self.vocabulary)
        return [self._native.llama_vocab_bos(self.vocabulary)] if wants else []

    def is_special(self, token: int) -> bool:
        """Whether `token` is a control token of the chat template, such as an end of turn."""
        return bool(self._native.llama_vocab_is_control(self.vocabulary, token))

    def piece(self, token: int) -> bytes:
        """The bytes `token` adds to a text (UTF-8, perhaps half a character); none for control tokens."""
        room = 512
        buffer = ctypes.create_string_buffer(room)
        count = self._native.llama_token_to_piece(self.vocabulary, token, buffer, room, 0, False)
        return buffer.raw[: max(0, count)]

    def vocabulary_pieces(self) -> list[bytes]:
        """Every token's bytes in order; control tokens are marked by a leading 0xFF, as llguidance wants them."""
        control, user = self._native.LLAMA_TOKEN_ATTR_CONTROL, self._native.LLAMA_TOKEN_ATTR_USER_DEFINED
        to_piece, attributes_of = self._native.llama_token_to_piece, self._native.llama_vocab_get_attr
        room = 4096
        buffer = ctypes.create_string_buffer(room)
        pieces = []
        for token in range(self.vocabulary_size):
            piece = ctypes.string_at(buffer, max(0, to_piece(self.vocabulary, token, buffer, room, 0, True)))
            attributes = attributes_of(self.vocabulary, token)
            is_tag = attributes & user and piece[:1] == b"<" and piece[-1:] == b">"
            pieces.append(b"\xff" + piece if attributes & control or is_tag else piece)
        return pieces

    @property
    def tokenize_address(self) -> int:
        """Where llama.cpp's own tokenize function stands, for native code that calls it."""
        return _address(self._native._lib.llama_tokenize)

    def read(
        self, tokens: Sequence[int], *, sequence: int = 0, progress: Callable[[float], None] | None = None
    ) -> None:
        """Append `tokens` to what one sequence holds, in chunks; `progress` is told the share done, 0 to 1. Raises
        Cancelled, GenerationError.
        """
        for start in range(0, len(tokens), CHUNK_TOKENS):
            chunk = tokens[start : start + CHUNK_TOKENS]
            self.read_together([Stretch(sequence, chunk)])
            if progress is not None:
                progress((start + len(chunk)) / len(tokens))

    def read_together(self, stretches: Sequence[Stretch]) -> list[NDArray[np.float32] | None]:
        """Append each stretch to its sequence in one batch of at most CHUNK_TOKENS, padding included.

        Gives for each stretch the logits after its last token, shape (vocabulary_size,), valid until the next read;
        None where it wants none. Raises Cancelled (see `abort`) and GenerationError; nothing is appended then.
        """
        batch, rows, count = self._batch, [], 0
        for stretch in stretches:
            last = len(stretch.tokens) - 1
            padding = [stretch.tokens[-1]] * stretch.padding
            for place, token in enumerate((*stretch.tokens, *padding)):
                batch.token[count] = token
                batch.pos[count] = self.lengths[stretch.sequence] + place
                batch.n_seq_id[count] = 1
                batch.seq_id[count][0] = stretch.sequence
                batch.logits[count] = place == last and stretch.wants_logits
                if place == last:
                    rows.append(count)
                count += 1
        batch.n_tokens = count
        outcome = self._native.llama_decode(self._context, batch)
        for stretch in stretches:
            if outcome == 0:
                self.lengths[stretch.sequence] += len(stretch.tokens)
            if outcome != 0 or stretch.padding:
                self.keep(self.lengths[stretch.sequence], sequence=stretch.sequence)
        if outcome == _ABORTED:
            raise Cancelled("The work was cancelled.")
        if outcome != 0:
            raise GenerationError(f"llama.cpp failed to read the prompt (code {outcome}).", "Ask again.")
        self._row = rows[-1]
        return [self._logits(row) if s.wants_logits else None for row, s in zip(rows, stretches, strict=True)]

    def logits(self) -> NDArray[np.float32]:
        """Logits after the last token read: shape (vocabulary_size,), valid until the next read."""
        return self._logits(self._row)

    def _logits(self, row: int) -> NDArray[np.float32]:
        import numpy as np

        found = self._native.llama_get_logits_ith(self._context, row)
        return np.ctypeslib.as_array(found, shape=(self.vocabulary_size,))

    def keep(self, length: int, *, sequence: int = 0) -> bool:
        """Forget all after the first `length` tokens of a sequence; False, holding nothing, for weights that cannot
        step back.
        """
        is_kept = bool(self._native.llama_memory_seq_rm(self._memory, sequence, length, -1))
        if not is_kept:
            self._native.llama_memory_seq_rm(self._memory, sequence, -1, -1)
        self.lengths[sequence] = length if is_kept else 0
        return is_kept

    def copy(self, source: int, target: int, length: int) -> bool:
        """Make `target` hold the first `length` tokens of `source` and nothing else; False, holding nothing, for
        weights that cannot step back.
        """
        self.keep(0, sequence=target)
        if not self.can_forget:
            return False
        self._native.llama_memory_seq_cp(self._memory, source, target, -1, -1)
        return self.keep(length, sequence=target)

    def state(self, sequence: int = 0) -> NDArray[np.uint8]:
        """The attention state of all tokens that a sequence holds, as llama.cpp's own bytes."""
        import numpy as np

        data = np.empty(self._native.llama_state_seq_get_size(self._context, sequence), np.uint8)
        written = self._native.llama_state_seq_get_data(self._context, _pointer(data), data.size, sequence)
        return data[:written]

    def restore(self, data: NDArray[np.uint8], length: int, *, sequence: int = 0) -> bool:
        """Hold the `length` tokens of a state made by `state()`; False, holding nothing, if llama.cpp refuses it."""
        self.keep(0, sequence=sequence)
        read = self._native.llama_state_seq_set_data(self._context, _pointer(data), data.size, sequence)
        if read != data.size or self._native.llama_memory_seq_pos_max(self._memory, sequence) != length - 1:
            self.keep(0, sequence=sequence)
            return False
        self.lengths[sequence] = length
        return True

    def abort(self, is_wanted: bool) -> None:
        """End a running read within one graph node, as Cancelled; may be called from any thread. It holds until it is
        taken back.
        """
        self._abort[0] = b"\x01" if is_wanted else b"\x00"

    def close(self) -> None:
        """Free the memory; the object cannot be used afterwards."""
        if not self._freed:
            self._freed = True
            self._native.llama_batch_free(self._batch)
            self._native.llama_free(self._context)
            self._native.llama_model_free(self._weights)


def _address(function: Any) -> int:
    return ctypes.cast(function, ctypes.c_void_p).value or 0


def _pointer(data: NDArray[np.uint8]) -> Any:
    return data.ctypes.data_as(ctypes.POINTER(ctypes.c_uint8))
