"""Which prefix each sequence of the llm's memory holds, and how a sequence comes to hold the one that a call needs.

A prefix is what one role may know of the catalog. A sequence holds one whole prefix and, while a call is on, that
call's own tokens after it; those are forgotten before the next call. No sequence ever holds parts of two prefixes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from t2sql.errors import GenerationError

if TYPE_CHECKING:
    from t2sql.generation.llama import Llama
    from t2sql.generation.prefix_state import PrefixStates

Tokens = list[int]


class Sequences:
    """The sequences of one Llama and the prefix that each holds. `identity` is all that a saved state depends on."""

    def __init__(self, llama: Llama, states: PrefixStates, identity: tuple[str, ...]) -> None:
        self._llama = llama
        self._states = states
        self._identity = identity
        self._held: list[Tokens] = [[] for _ in llama.lengths]
        self._by_use = list(range(len(self._held)))  # the one unused for longest stands first

    def choose(self, prefix: Tokens, taken: Collection[int]) -> int | None:
        """The free sequence to use for `prefix`: one that holds it, else one that holds nothing, else the one unused
        for longest; None when all are taken.
        """
        free = [number for number in self._by_use if number not in taken]
        return min(free, key=lambda number: (self._held[number] != prefix, self._held[number] != []), default=None)

    def hold(self, number: int, prefix: Tokens, progress: Callable[[float], None] | None = None) -> bool:
        """Make `prefix` all that sequence `number` holds; True if nothing was read, because it stood there, was copied
        from another sequence or restored from disk. Raises Cancelled, GenerationError; then it holds nothing.
        """
        self._by_use.remove(number)
        self._by_use.append(number)
        if self._held[number] == prefix and self._llama.keep(len(prefix), sequence=number):
            return True
        self._held[number] = []
        name = self._states.name(self._identity, prefix)
        is_there = self._copied(number, prefix) or self._restored(number, prefix, name)
        if not is_there:
            self._llama.keep(0, sequence=number)
            self._llama.read(prefix, sequence=number, progress=progress)
            self._states.save(name, self._llama.state(number))
        self._held[number] = prefix
        return is_there

    def forget(self) -> None:
        """Hold nothing anywhere, after a failure."""
        for number in range(len(self._held)):
            self._held[number] = []
            self._llama.keep(0, sequence=number)

    def _copied(self, number: int, prefix: Tokens) -> bool:
        holding = next((other for other, held in enumerate(self._held) if held == prefix), None)
        return holding is not None and self._llama.copy(holding, number, len(prefix))

    def _restored(self, number: int, prefix: Tokens, name: str) -> bool:
        saved = self._states.load(name)
        return saved is not None and self._llama.restore(saved, len(prefix), sequence=number)


def check_room(llama: Llama, prompt_tokens: int, max_tokens: int) -> None:
    """Raise GenerationError unless a prompt and what may be written after it fit into one sequence."""
    room = llama.context_tokens
    if prompt_tokens + max_tokens > room:
        raise GenerationError(
            f"The prompt has {prompt_tokens} tokens; with {max_tokens} to write, the llm holds {room}.",
            "Shorten the question.",
        )
