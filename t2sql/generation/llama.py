"""One GGUF file loaded into llama.cpp: tokens in, the last token's logits out.

Exists so that nothing else touches ctypes. Works on one sequence, asks for the logits of the last token only, and
reports every failure as one of our errors. It must never decode from two threads at once (its callers hold a lock), and
never let llama.cpp write to stderr.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from t2sql.errors import Cancelled, GenerationError, LlmUnavailable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CHUNK_TOKENS = 256  # read at once: small enough for progress, large enough for full speed
_CANCEL_POLL_SECONDS = 0.05
_ABORTED = 2  # llama_decode's answer when the abort callback said stop


def check_gguf(weights: Path) -> None:
    """Raise LlmUnavailable unless `weights` is a readable file that starts like a GGUF of version 2 or 3."""
    if not weights.is_file():
        raise LlmUnavailable(f"There are no weights at {str(weights)!r}.", "Run `t2sql llm pull`.")
    try:
        with weights.open("rb") as file:
            start = file.read(24)
    except OSError as error:
        raise LlmUnavailable(
            f"Cannot read {str(weights)!r}: {error.strerror}.", "Check the file's permissions."
        ) from error
    version = int.from_bytes(start[4:8], "little")
    if len(start) < 24 or start[:4] != b"GGUF" or version not in (2, 3):
        raise LlmUnavailable(f"{str(weights)!r} is not a GGUF file.", "Run `t2sql llm verify`, then `t2sql llm pull`.")


def physical_cores() -> int:
    """CPU cores this process may use: its affinity without hyper-thread twins, no more than its cgroup's quota."""
    allowed = sorted(os.sched_getaffinity(0))
    cores = set()
    for cpu in allowed:
        siblings = Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list")
        cores.add(siblings.read_text().strip() if siblings.is_file() else str(cpu))
    quota = Path("/sys/fs/cgroup/cpu.max")
    if quota.is_file():
        limit, period = quota.read_text().split()
        if limit != "max":
            return max(1, min(len(cores), -(-int(limit) // int(period))))
    return max(1, len(cores))


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


class Llama:
    """Weights, vocabulary and one context of `context_tokens`. Raises LlmUnavailable when the file cannot be loaded."""

    def __init__(self, weights: Path, *, context_tokens: int, threads: int | None = None, gpu_layers: int = 0) -> None:
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
        settings.n_ctx = context_tokens
        settings.n_batch = settings.n_ubatch = CHUNK_TOKENS
        settings.n_threads = settings.n_threads_batch = threads or physical_cores()
        self._context = native.llama_init_from_model(self._weights, settings)
        if not self._context:
            native.llama_model_free(self._weights)
            raise LlmUnavailable(
                f"llama.cpp cannot make a context of {context_tokens} tokens.", "Free memory, or use smaller weights."
            )
        self._memory = native.llama_get_memory(self._context)
        self.vocabulary: Any = native.llama_model_get_vocab(self._weights)
        self.vocabulary_size: int = native.llama_vocab_n_tokens(self.vocabulary)
        ends = (native.llama_vocab_eos(self.vocabulary), native.llama_vocab_eot(self.vocabulary))
        self.end_tokens: tuple[int, ...] = tuple(sorted({token for token in ends if token >= 0}))
        self.context_tokens = context_tokens
        self.gpu_layers = gpu_layers
        self.length = 0  # tokens held
        self._abort: Any = None
        # libc's strlen answers "is the byte set?" without Python's lock: a Python callback is asked 500 times a token
        # and each call queues behind every other thread (measured 2 to 12 times slower beside one busy thread).
        self._is_set: Any = native.ggml_abort_callback(_address(ctypes.CDLL(None).strlen))

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

    def read(self, tokens: Sequence[int], *, progress: Callable[[float], None] | None = None) -> None:
        """Append `tokens` to what is held, in chunks; `progress` is told the share done, 0 to 1. Raises Cancelled."""
        for start in range(0, len(tokens), CHUNK_TOKENS):
            chunk = tokens[start : start + CHUNK_TOKENS]
            array = (ctypes.c_int32 * len(chunk))(*chunk)
            outcome = self._native.llama_decode(self._context, self._native.llama_batch_get_one(array, len(chunk)))
            if outcome == _ABORTED:
                raise Cancelled("The work was cancelled.")
            if outcome != 0:
                raise GenerationError(f"llama.cpp failed to read the prompt (code {outcome}).", "Ask again.")
            self.length += len(chunk)
            if progress is not None:
                progress((start + len(chunk)) / len(tokens))

    def logits(self) -> NDArray[np.float32]:
        """Logits after the last token read: shape (vocabulary_size,), valid until the next read."""
        import numpy as np

        row = self._native.llama_get_logits_ith(self._context, -1)
        return np.ctypeslib.as_array(row, shape=(self.vocabulary_size,))

    def keep(self, length: int) -> bool:
        """Forget all after the first `length` tokens; False, holding nothing, for weights that cannot step back."""
        is_kept = bool(self._native.llama_memory_seq_rm(self._memory, 0, length, -1))
        if not is_kept:
            self._native.llama_memory_clear(self._memory, True)
        self.length = length if is_kept else 0
        return is_kept

    def state(self) -> NDArray[np.uint8]:
        """The attention state of all tokens held, as llama.cpp's own bytes."""
        import numpy as np

        data = np.empty(self._native.llama_state_seq_get_size(self._context, 0), np.uint8)
        written = self._native.llama_state_seq_get_data(self._context, _pointer(data), data.size, 0)
        return data[:written]

    def restore(self, data: NDArray[np.uint8], length: int) -> bool:
        """Hold the `length` tokens of a state made by `state()`; False, holding nothing, if llama.cpp refuses it."""
        self.keep(0)
        read = self._native.llama_state_seq_set_data(self._context, _pointer(data), data.size, 0)
        if read != data.size or self._native.llama_memory_seq_pos_max(self._memory, 0) != length - 1:
            self.keep(0)
            return False
        self.length = length
        return True

    @contextlib.contextmanager
    def stoppable(self, cancel: threading.Event | None) -> Iterator[None]:
        """Inside, setting `cancel` ends a running read within one graph node, as Cancelled."""
        flag = ctypes.create_string_buffer(2)  # its own for each call, so that a late watcher stops nobody else
        finished = threading.Event()

        def watch(event: threading.Event) -> None:
            while not finished.is_set():
                if event.wait(_CANCEL_POLL_SECONDS):
                    flag[0] = b"\x01"
                    return

        if cancel is not None:
            threading.Thread(target=watch, args=(cancel,), name="llm-cancel", daemon=True).start()
        self._abort = flag
        self._native.llama_set_abort_callback(self._context, self._is_set, ctypes.cast(flag, ctypes.c_void_p))
        try:
            yield
        finally:
            finished.set()
            flag[0] = b"\x00"

    def close(self) -> None:
        """Free the memory; the object cannot be used afterwards."""
        if not self._freed:
            self._freed = True
            self._native.llama_free(self._context)
            self._native.llama_model_free(self._weights)


def _address(function: Any) -> int:
    return ctypes.cast(function, ctypes.c_void_p).value or 0


def _pointer(data: NDArray[np.uint8]) -> Any:
    return data.ctypes.data_as(ctypes.POINTER(ctypes.c_uint8))
