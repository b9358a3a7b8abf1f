"""The demo bank for tests, built once for each state of its sources and kept in the user's cache folder."""

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


def built_bank(scale: float = 1.0) -> Path:
    """The demo bank at `scale`, from the user's cache folder, or built into it now."""
    digest = hashlib.sha256("".join(version(name) for name in ("duckdb", "numpy", "pyarrow")).encode())
    for source in sorted(Path(t2sql.demo.__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    folder = Path(platformdirs.user_cache_dir("t2sql")) / "tests"
    kind = "bank" if scale == 1.0 else f"bank_{scale:g}"
    bank = folder / f"{kind}-{digest.hexdigest()[:16]}.duckdb"
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not bank.is_file():
        try:
            build_bank(bank, scale=scale)
        except WarehouseError as error:
            if "Another process" not in error.message or time.monotonic() > deadline:
                raise
            time.sleep(1)
    for old in folder.glob(f"{kind}-*.duckdb"):
        if old != bank and time.time() - old.stat().st_mtime > _DAY_SECONDS:
            old.unlink(missing_ok=True)
    return bank
