"""From nothing: a clone and `make demo` with an empty cache folder, as on a fresh machine."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.nightly
def test_make_demo_from_nothing(tmp_path: Path) -> None:
    """Set-up, weights, bank, index and three questions; then once more, quickly."""
    clone = tmp_path / "t2sql"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
    environ = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    for _time in ("first", "again"):
        done = subprocess.run(
            ["make", "demo"], cwd=clone, env=environ, capture_output=True, text=True, check=False, timeout=3000
        )
        assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
        assert "t2sql serve" in done.stdout
