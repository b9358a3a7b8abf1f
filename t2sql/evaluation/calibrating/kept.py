"""An llm whose writings are kept on disk, so that a second run of the same measurement asks it nothing.

Only for measuring: what is kept was measured once, its milliseconds too.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from t2sql.generation.llm import Choice, Llm, Writing


class KeptLlm:
    """`load` opens the weights at the first text that is not kept; `name` tells weights apart in `folder`."""

    def __init__(self, load: Callable[[], Llm], name: str, folder: Path) -> None:
        self.fingerprint = name
        self._load, self._folder = load, folder
        self._llm: Llm | None = None
        folder.mkdir(parents=True, exist_ok=True)

    def write(
        self,
        prefix: str,
        suffix: str,
        grammar: str,
        *,
        max_tokens: int,
        tail: str = "",
        cancel: threading.Event | None = None,
    ) -> Writing:
        key = "\0".join((self.fingerprint, prefix, suffix, grammar, str(max_tokens), tail))
        path = self._folder / f"{hashlib.sha256(key.encode()).hexdigest()}.json"
        if path.is_file():
            found = json.loads(path.read_text(encoding="utf-8"))
            choices = tuple(
                Choice(
                    c["text"],
                    c["probability"],
                    tuple((text, share) for text, share in c["alternatives"]),
                    c["position"],
                )
                for c in found.pop("choices")
            )
            return Writing(choices=choices, **found)
        written = self._opened().write(prefix, suffix, grammar, max_tokens=max_tokens, tail=tail, cancel=cancel)
        aside = path.with_suffix(".partial")
        aside.write_text(json.dumps(asdict(written), ensure_ascii=False), encoding="utf-8")
        aside.replace(path)
        return written

    def count(self, text: str) -> int:
        return self._opened().count(text)

    def ahead(self, cancel: threading.Event) -> int:
        return self._llm.ahead(cancel) if self._llm else 0

    def prepare(self, prefix: str, progress: Callable[[float], None] | None = None) -> bool:
        return self._opened().prepare(prefix, progress)

    def _opened(self) -> Llm:
        if self._llm is None:
            self._llm = self._load()
        return self._llm
