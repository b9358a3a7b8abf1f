"""The demo bank at scale 1 for tests, built once for each state of its sources and kept in the user's cache folder."""

from __future__ import annotations

import hashlib
import time
from importlib.metadata import version
from pathlib import Path

import platformdirs

import t2sql.demo
from t2sql.demo import build_bank
from t2sql.errors import WarehouseError

_DAY_SECONDS = 86_400
_PATIENCE_SECONDS = 300


def built_bank() -> Path:
    """The demo bank at scale 1, from the user's cache folder, or built into it now."""
    digest = hashlib.sha256("".join(version(name) for name in ("duckdb", "numpy", "pyarrow")).encode())
    for source in sorted(Path(t2sql.demo.__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    folder = Path(platformdirs.user_cache_dir("t2sql")) / "tests"
    bank = folder / f"bank-{digest.hexdigest()[:16]}.duckdb"
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not bank.is_file():
        try:
            build_bank(bank)
        except WarehouseError as error:
            if "Another process" not in error.message or time.monotonic() > deadline:
                raise
            time.sleep(1)
    for old in folder.glob("bank-*.duckdb"):
        if old != bank and time.time() - old.stat().st_mtime > _DAY_SECONDS:
            old.unlink(missing_ok=True)
    return bank
