"""Metrics and dimensions by meaning: a Chroma collection on disk, in a folder named by the catalog's fingerprint.

Holds names, synonyms and descriptions, never a value or a row. A folder is built aside and renamed, so what stands is
whole; changed definitions have another fingerprint, hence another folder, and an old index is never read. Every search
passes the names that the principal may know.
"""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from t2sql.catalog import Catalog, Dimension, Metric
from t2sql.errors import RetrievalError
from t2sql.retrieval.embeddings import TextEmbedder

COLLECTION = "names"
FORM = 3
"""Raised when the documents' form changes, so that folders of an older form are built again."""
BATCH = 64
KEPT_FOLDERS = 6
NEIGHBOURS = 12
"""Documents read for each name wanted: a name has about ten."""
HINT = "Run `t2sql index --rebuild`."
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class _Document:
    id: str
    name: str
    kind: str
    text: str


class MetricIndex:
    """An open index over one whole catalog."""

    def __init__(self, client: Any, collection: Any, embed: TextEmbedder) -> None:
        self._client = client
        self._collection = collection
        self._embed = embed
        self._count: int = collection.count()

    @classmethod
    def open_or_build(
        cls,
        catalog: Catalog,
        index_dir: Path,
        embed: TextEmbedder,
        progress: Progress | None = None,
        *,
        rebuild: bool = False,
    ) -> MetricIndex:
        """The index of `catalog` (whole) under `index_dir`, built when it is missing, damaged or of another form.

        `progress(done, total)` counts documents. Raises RetrievalError when it cannot be built, or read once built.
        """
        folder = index_dir / catalog.fingerprint
        documents = list(_documents(catalog))
        if not rebuild and (found := cls._standing(folder, embed, len(documents))):
            return found
        try:
            with _turn_to_build(folder):
                # Whoever had the turn before may have built it.
                if not rebuild and (found := cls._standing(folder, embed, len(documents))):
                    return found
                _build(folder, documents, embed, progress)
                return cls._open(folder, embed, len(documents))
        except RetrievalError:
            raise
        except Exception as error:
            raise RetrievalError(
                f"The index {str(folder)!r} cannot be built or read: {type(error).__name__}: {error}", HINT
            ) from error

    @classmethod
    def _standing(cls, folder: Path, embed: TextEmbedder, count: int) -> MetricIndex | None:
        """The index in `folder`; None where there is none, or one that is no use."""
        if not folder.is_dir():
            return None
        try:
            return cls._open(folder, embed, count)
        except Exception:
            # Whatever is wrong with a derived folder, building it again is the cure; a second failure is told.
            return None

    @classmethod
    def _open(cls, folder: Path, embed: TextEmbedder, count: int) -> MetricIndex:
        client = _client(folder)
        try:
            collection = client.get_collection(COLLECTION, embedding_function=None)
            metadata = collection.metadata or {}
            if metadata.get("embedder") != embed.name or metadata.get("form") != FORM or collection.count() != count:
                raise RetrievalError(f"The index {str(folder)!r} is of another form.", HINT)
            return cls(client, collection, embed)
        except BaseException:
            _close(client)
            raise

    def search(self, text: str, allowed: frozenset[str], k: int = 8) -> list[tuple[str, float]]:
        """At most `k` (name, similarity 0..1) nearest in meaning to `text`, best first, out of `allowed` names only."""
        if not allowed or not text.strip():
            return []
        vector = self._embed.query(text)
        try:
            found = self._collection.query(
                query_embeddings=[vector],
                n_results=min(NEIGHBOURS * k, self._count),
                where={"name": {"$in": sorted(allowed)}},
                include=["metadatas", "distances"],
            )
        except Exception as error:
            raise RetrievalError(f"The index cannot be searched: {type(error).__name__}: {error}", HINT) from error
        best: dict[str, float] = {}
        for metadata, distance in zip(found["metadatas"][0], found["distances"][0], strict=True):
            name = str(metadata["name"])
            if name in allowed:
                best[name] = max(best.get(name, 0.0), max(0.0, min(1.0, 1.0 - float(distance))))
        return sorted(best.items(), key=lambda item: (-item[1], item[0]))[:k]

    def close(self) -> None:
        """Let go of the files."""
        _close(self._client)


def _documents(catalog: Catalog) -> Iterator[_Document]:
    """One document a name or synonym, and one a language for a metric's description.

    Joined into one long document they rank worse: of 12 colloquial questions the metric meant came first 4 times joined
    and 6 times apart.
    """
    things: list[tuple[str, Metric | Dimension, str]] = [("metric", m, m.description) for m in catalog.metrics.values()]
    things += [("dimension", d, "") for d in catalog.dimensions.values()]
    for kind, thing, description in things:
        texts = [thing.display.zh, thing.display.en, *thing.synonyms, *description.split(" / ", 1)]
        for number, text in enumerate(dict.fromkeys(text.strip() for text in texts if text.strip())):
            yield _Document(f"{kind}:{thing.name}:{number}", thing.name, kind, text)


@contextmanager
def _turn_to_build(folder: Path) -> Iterator[None]:
    """Workers that start together must not all build: it takes every core for half a minute."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _build(folder: Path, documents: Sequence[_Document], embed: TextEmbedder, progress: Progress | None) -> None:
    """Build aside, then rename: what stands is whole."""
    aside = folder.parent / f".{folder.name[:16]}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
    try:
        client = _client(aside)
        try:
            collection = client.create_collection(
                COLLECTION,
                embedding_function=None,
                metadata={"embedder": embed.name, "form": FORM},
                configuration={"hnsw": {"space": "cosine"}},
            )
            for start in range(0, len(documents), BATCH):
                batch = documents[start : start + BATCH]
                collection.add(
                    ids=[d.id for d in batch],
                    embeddings=embed.passages([d.text for d in batch]),
                    metadatas=[{"name": d.name, "kind": d.kind} for d in batch],
                )
                if progress:
                    progress(min(start + BATCH, len(documents)), len(documents))
        finally:
            _close(client)
        if folder.exists():
            old = aside.with_name(aside.name + ".old")
            os.replace(folder, old)
            shutil.rmtree(old, ignore_errors=True)
        os.rename(aside, folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    _drop_oldest(folder)


def _drop_oldest(kept: Path) -> None:
    """Indexes of definitions long changed, and leavings of builds that were killed."""
    folders = [p for p in kept.parent.iterdir() if p.is_dir() and p != kept and len(p.name) == 64]
    for folder in sorted(folders, key=lambda p: p.stat().st_mtime, reverse=True)[KEPT_FOLDERS - 1 :]:
        shutil.rmtree(folder, ignore_errors=True)


def _client(folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False, allow_reset=False))


def _close(client: Any) -> None:
    """Stop a client and forget it: Chroma keeps one per path, and would hand out the old one for a renamed folder."""
    close = getattr(client, "close", None)
    if close is not None:
        close()
    gc.collect()
