"""What a survey has found out so far, one file a table, so that a killed run goes on where it stopped.

Files are written whole or not at all, for this user alone. They hold profiles, so no value of a personal column.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

from t2sql.onboarding.introspect import FoundTable
from t2sql.onboarding.survey import to_json

_PROOFS = "proofs.json"
_VERSION = 2


class Kept:
    """A folder of findings. Without a folder it keeps nothing."""

    def __init__(self, folder: Path | None, source: str) -> None:
        """`source`: the source as shown; findings of another are not used."""
        self._folder = folder / hashlib.sha256(source.encode()).hexdigest()[:12] if folder else None
        if self._folder:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def table(self, found: FoundTable) -> Any:
        """What was kept of the table, as JSON; None where nothing is, or the table has changed since."""
        kept = self._read(self._name_of(found))
        return kept["table"] if isinstance(kept, dict) and kept.get("of") == _signature(found) else None

    def keep_table(self, found: FoundTable, table: Any) -> None:
        """Keep `table`, JSON-ready."""
        self._write(self._name_of(found), {"of": _signature(found), "table": table})

    def proofs(self) -> dict[str, list[int] | None]:
        """What `Proofs.kept` held at the last `keep_proofs`."""
        kept = self._read(_PROOFS)
        return kept if isinstance(kept, dict) else {}

    def keep_proofs(self, proofs: dict[str, list[int] | None]) -> None:
        """Keep all proofs so far."""
        self._write(_PROOFS, proofs)

    def forget(self) -> None:
        """Remove all that is kept: the survey is whole and stands elsewhere."""
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _name_of(self, found: FoundTable) -> str:
        plain = re.sub(r"[^A-Za-z0-9_]", "_", found.path)[:40]
        return f"{plain}-{hashlib.sha256(found.path.encode()).hexdigest()[:8]}.json"

    def _read(self, name: str) -> Any:
        if not self._folder:
            return None
        try:
            return json.loads((self._folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def _write(self, name: str, what: Any) -> None:
        if not self._folder:
            return
        # mkstemp makes the file readable by this user alone.
        handle, aside = tempfile.mkstemp(dir=self._folder, prefix=".")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(what, file, ensure_ascii=False)
        os.replace(aside, self._folder / name)


def _signature(found: FoundTable) -> str:
    told = json.dumps([_VERSION, to_json(found)], ensure_ascii=False, default=str, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()
