"""The attention state of a prompt's prefix, kept on disk, so that a new process does not read the prefix again.

A state belongs to exactly one (llm, llama.cpp build, context size, prefix): the name is their hash, and a checksum over
name and content stands in front of the data, because llama.cpp may crash on bytes it did not write. A state holds what
a role may see of the catalog, so files are readable by their owner only. Nothing here may raise for a bad, foreign or
missing file, or for a full disk: the answer is then "no state", and the prefix is read again.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MAGIC = b"t2sqlkv1"
_HEADER_BYTES = len(_MAGIC) + 32
_SUFFIX = ".kv"
_STALE_SECONDS = 3600  # an unfinished file this old belongs to a process that died

_log = logging.getLogger(__name__)


class PrefixStates:
    """A folder of at most `limit` states; the one unused for longest goes first."""

    def __init__(self, folder: Path, *, limit: int = 8) -> None:
        self.folder = folder
        self.limit = limit

    def name(self, identity: Sequence[str], tokens: Sequence[int]) -> str:
        """The state's name: a hash of `identity` (everything the bytes depend on) and of the prefix's tokens."""
        digest = hashlib.sha256()
        for part in (*identity, ",".join(map(str, tokens))):
            digest.update(hashlib.sha256(part.encode()).digest())
        return digest.hexdigest()

    def load(self, name: str) -> NDArray[np.uint8] | None:
        """The state saved as `name`, or None; a file that fails its checksum is removed."""
        import numpy as np

        path = self.folder / f"{name}{_SUFFIX}"
        try:
            content = memoryview(path.read_bytes())
        except OSError:
            return None
        data = content[_HEADER_BYTES:]
        if bytes(content[:_HEADER_BYTES]) != _header(name, data):
            self.discard(name)
            return None
        with contextlib.suppress(OSError):
            os.utime(path)  # marks it as used
        return np.frombuffer(data, np.uint8)

    def save(self, name: str, data: NDArray[np.uint8]) -> None:
        """Write aside, rename, then remove what is over the limit."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            content = memoryview(data.data)
            handle, aside = tempfile.mkstemp(dir=self.folder, suffix=".part")  # mkstemp makes it owner-only
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(_header(name, content))
                    file.write(content)
                os.replace(aside, self.folder / f"{name}{_SUFFIX}")
            except BaseException:
                Path(aside).unlink(missing_ok=True)
                raise
            self._prune()
        except OSError as error:
            _log.warning("The prefix state was not saved: %s", error)

    def discard(self, name: str) -> None:
        """Remove the state saved as `name`, if there is one."""
        with contextlib.suppress(OSError):
            (self.folder / f"{name}{_SUFFIX}").unlink(missing_ok=True)

    def _prune(self) -> None:
        by_use = sorted(self.folder.glob(f"*{_SUFFIX}"), key=_used_at, reverse=True)
        newest = _used_at(by_use[0]) if by_use else 0.0
        unfinished = [path for path in self.folder.glob("*.part") if newest - _used_at(path) > _STALE_SECONDS]
        for path in by_use[self.limit :] + unfinished:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def _header(name: str, data: memoryview) -> bytes:
    digest = hashlib.sha256(name.encode())
    digest.update(data)
    return _MAGIC + digest.digest()


def _used_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # another process removed it
        return 0.0
