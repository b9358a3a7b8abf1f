"""Where weights come from: list, pull, import, verify. The sha256 is their identity, whatever place gave them.

Never loads an llm, and never installs or imports what it fetches.
"""

from __future__ import annotations

from t2sql.llms.failures import (
    CorruptGguf,
    DiskFull,
    NotGguf,
    PullRunning,
    SourceUnreachable,
    Truncated,
    UnknownLlm,
    WrongHash,
)
from t2sql.llms.imports import import_file
from t2sql.llms.known import KNOWN, KnownLlm, Parts
from t2sql.llms.pull import Reporter, pull
from t2sql.llms.store import Entry, Weights, find, is_path, list_llms, verify

__all__ = [
    "KNOWN",
    "CorruptGguf",
    "DiskFull",
    "Entry",
    "KnownLlm",
    "NotGguf",
    "Parts",
    "PullRunning",
    "Reporter",
    "SourceUnreachable",
    "Truncated",
    "UnknownLlm",
    "Weights",
    "WrongHash",
    "find",
    "import_file",
    "is_path",
    "list_llms",
    "pull",
    "verify",
]
