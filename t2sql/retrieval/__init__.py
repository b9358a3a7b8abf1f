"""Names found by meaning: local embeddings and a vector index over metrics and dimensions, never over values."""

from __future__ import annotations

from t2sql.retrieval.embeddings import Embedder, TextEmbedder
from t2sql.retrieval.index import MetricIndex

__all__ = ["Embedder", "MetricIndex", "TextEmbedder"]
