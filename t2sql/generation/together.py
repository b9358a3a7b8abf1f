"""Several texts written at once by one llm, each in a sequence of its own, read in batches that they share.

The numbers of a text must not depend on what is written beside it, so a batch is never shaped by its neighbours where
that would change them. llama.cpp multiplies up to seven rows by other kernels than eight or more, and their last bits
differ; quantized activations turn that into other choices. So a prompt or a long stretch is always read as eight tokens
or more, padded where it is short, and a short stretch token by token in batches of at most seven. Whoever waits longest
in a call leads: there is no thread of its own to be left behind when the process ends.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from t2sql.errors import Cancelled, GenerationError
from t2sql.generation.decoding import Draft
from t2sql.generation.llama import CHUNK_TOKENS, Llama, Stretch
from t2sql.generation.sequences import Sequences

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_ROWS = 7
WIDE = MOST_ROWS + 1
SHORT_TOKENS = 3  # token by token as fast as a padded read, on two cores
Composing = Generator[list[int], "NDArray[np.float32]", Draft]


@dataclass(eq=False, slots=True)
class Request:
    """One call: a prefix to hold and, unless only that is wanted, a text to write after it."""

    prefix: list[int]
    composing: Composing | None = None
    progress: Callable[[float], None] | None = None
    """Told the share of the prefix that is read, 0 to 1."""
    draft: Draft | None = None
    is_cached: bool = False
    """Whether the prefix had not to be read."""
    error: BaseException | None = None
    is_done: bool = False
    is_stopped: bool = False


@dataclass(eq=False, slots=True)
class Active:
    """A request that has a sequence."""

    request: Request
    sequence: int
    unread: list[int] = field(default_factory=list)
    is_wide: bool = False
    """Read in batches of eight tokens or more; otherwise token by token."""

    def wants(self, stretch: list[int]) -> None:
        """Read `stretch` next."""
        self.unread = list(stretch)
        self.is_wide = len(stretch) > SHORT_TOKENS


class Together:
    """Runs requests of many threads on one Llama."""

    def __init__(self, llama: Llama, sequences: Sequences) -> None:
        self._llama = llama
        self._sequences = sequences
        self._changed = threading.Condition()
        self._is_led = False
        self._waiting: deque[Request] = deque()
        self._active: list[Active] = []  # the one read longest ago stands first
        self._in_llama: tuple[Request, ...] = ()

    def run(self, request: Request) -> None:
        """Return when `request` is done. Raises its error, or Cancelled once it is stopped."""
        with self._changed:
            self._waiting.append(request)
        try:
            while not (request.is_done or request.is_stopped):
                with self._changed:
                    if self._is_led:
                        self._changed.wait()
                        continue
                    self._is_led = True
                try:
                    while not (request.is_done or request.is_stopped):
                        self._step()
                except BaseException:
                    self._fail(GenerationError("The llm was interrupted.", "Ask again."))
                    raise
                finally:
                    with self._changed:
                        self._is_led = False
                        self._changed.notify_all()
        except BaseException:
            self.stop(request)
            raise
        if request.error is not None:
            raise request.error
        if not request.is_done:
            raise Cancelled("The work was cancelled.")

    def stop(self, request: Request) -> None:
        """Let `run` of this request end with Cancelled; others go on. From any thread."""
        with self._changed:
            request.is_stopped = True
            if request in self._in_llama:
                self._llama.abort(True)
            self._changed.notify_all()

    def ahead_of(self, request: Request) -> int:
        """How many requests are read before this one begins; 0 once it has begun."""
        with self._changed:
            if request not in self._waiting:
                return 0
            before = list(self._waiting)[: self._waiting.index(request)]
            # The one that is given a sequence now is neither waiting nor active yet.
            begun = {id(active.request) for active in self._active} | {id(one) for one in self._in_llama}
            return len(begun) + sum(not one.is_stopped for one in before)

    def close(self, free: Callable[[], None]) -> None:
        """Call `free` when nobody is in the llm."""
        with self._changed:
            while self._is_led:
                self._changed.wait()
            free()

    def _step(self) -> None:
        """One batch: drop what was stopped, give free sequences to who waits, read."""
        self._active = [active for active in self._active if not active.request.is_stopped]
        self._admit()
        batch = plan(self._active, can_pad=self._llama.can_forget)
        if not batch:
            return
        if not self._enter(*(active.request for active, _ in batch)):
            return
        try:
            rows = self._llama.read_together([stretch for _, stretch in batch])
        except Cancelled:
            return  # one was stopped; the others are read again
        except GenerationError as error:
            self._fail(error)
            return
        finally:
            self._leave()
        for (active, stretch), row in zip(batch, rows, strict=True):
            del active.unread[: len(stretch.tokens)]
            self._active.remove(active)
            self._active.append(active)
            if row is not None:
                self._go_on(active, row)

    def _admit(self) -> None:
        while True:
            with self._changed:
                while self._waiting and self._waiting[0].is_stopped:
                    self._waiting.popleft()
                if not self._waiting:
                    return
                request = self._waiting[0]
                number = self._sequences.choose(request.prefix, {active.sequence for active in self._active})
                if number is None:
                    return
                self._waiting.popleft()
            if not self._enter(request):
                continue
            try:
                request.is_cached = self._sequences.hold(number, request.prefix, request.progress)
            except Exception as error:  # also one of its progress: it must not end in another call
                self._finish(request, error=error)
                continue
            finally:
                self._leave()
            active = Active(request, number)
            self._active.append(active)
            self._go_on(active, None)

    def _go_on(self, active: Active, logits: NDArray[np.float32] | None) -> None:
        """Have the next stretch of a text, or its end."""
        request = active.request
        try:
            if request.composing is not None:
                composing = request.composing
                active.wants(next(composing) if logits is None else composing.send(logits))
                return
        except StopIteration as end:
            request.draft = end.value
        except Exception as error:  # one text's failure is its own
            request.error = error
        self._active.remove(active)
        self._finish(request, error=request.error)

    def _enter(self, *requests: Request) -> bool:
        """Mark these as being read; False if one was stopped meanwhile."""
        with self._changed:
            if any(request.is_stopped for request in requests):
                return False
            self._llama.abort(False)
            self._in_llama = requests
            return True

    def _leave(self) -> None:
        with self._changed:
            self._in_llama = ()

    def _fail(self, error: GenerationError) -> None:
        """End all that are active, and trust nothing that the sequences hold."""
        failed, self._active = self._active, []
        self._llama.abort(False)
        self._sequences.forget()
        for active in failed:
            self._finish(active.request, error=GenerationError(error.message, error.hint))

    def _finish(self, request: Request, *, error: BaseException | None) -> None:
        with self._changed:
            request.error = error
            request.is_done = True
            self._changed.notify_all()


def plan(active: list[Active], *, can_pad: bool) -> list[tuple[Active, Stretch]]:
    """The next batch: prompts and long stretches first, side by side and of one width, else one token of each text.

    Without `can_pad` (weights that cannot step back) nothing is padded, so a wide read stands alone.
    """
    wide = sorted((a for a in active if a.is_wide), key=lambda a: -len(a.unread))
    if not wide:
        return [(a, Stretch(a.sequence, a.unread[:1], 0, len(a.unread) == 1)) for a in active[:MOST_ROWS]]
    if not can_pad:
        chunk = wide[0].unread[:CHUNK_TOKENS]
        return [(wide[0], Stretch(wide[0].sequence, chunk, 0, len(chunk) == len(wide[0].unread)))]
    width = max(WIDE, min(len(wide[0].unread), CHUNK_TOKENS))
    alike = [a for a in wide if 2 * len(a.unread) >= width][: min(MOST_ROWS, CHUNK_TOKENS // width)]
    batch = []
    for one in alike or wide[:1]:
        chunk = one.unread[:width]
        batch.append((one, Stretch(one.sequence, chunk, width - len(chunk), len(chunk) == len(one.unread))))
    return batch
