"""How long each step of one question takes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Stopwatch:
    """Milliseconds spent in each step of one question, from when it was made."""

    spent: dict[str, float] = field(default_factory=dict)
    began: float = field(default_factory=time.perf_counter)

    @contextmanager
    def measure(self, name: str) -> Iterator[None]:
        """What is done inside counts for `name`; several times add up."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.spent[name] = self.spent.get(name, 0.0) + (time.perf_counter() - started) * 1000

    def times(self) -> dict[str, float]:
        """By name, and "total" since the start."""
        return {**self.spent, "total": (time.perf_counter() - self.began) * 1000}
