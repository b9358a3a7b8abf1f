"""Takes any GGUF file into the store: for weights that no source here knows, and for machines that reach no source.

Never changes the file it takes from, and never lets a name mean other weights than before.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from t2sql.errors import ConfigError
from t2sql.llms import gguf, store
from t2sql.llms.known import KNOWN
from t2sql.settings import Settings

CHUNK_BYTES = 1 << 20
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")


def import_file(
    file: Path,
    settings: Settings,
    *,
    name: str = "",
    link: bool = False,
    advance: Callable[[int, int], None] | None = None,
    known: store.Known = KNOWN,
) -> store.Weights:
    """Copy (or hard-link) any GGUF file into the store under `name`, by default the file's own.

    `advance` is called with bytes copied and bytes in all.
    Raises ConfigError, NotGguf, CorruptGguf, Truncated or DiskFull.
    """
    if not file.is_file():
        raise ConfigError(f"{str(file)!r} does not exist.", "Give the path of a GGUF file.")
    header = gguf.read_header(file)
    chosen = name or re.sub(r"[^a-z0-9._-]+", "-", file.stem.lower()).strip("-.")
    if not NAME.fullmatch(chosen):
        raise ConfigError(f"{chosen!r} cannot be a name.", "Use --name with small letters, digits, '.', '_' and '-'.")
    size = file.stat().st_size
    path, partial = store.weights_path(chosen, settings), settings.llm_dir / f"{chosen}.import.partial"
    settings.llm_dir.mkdir(parents=True, exist_ok=True)
    try:
        if link:
            digest = store.digest_of(file)
        else:
            store.check_disk(settings.llm_dir, size, settings.min_free_bytes)
            digest = _copy(file, partial, size, advance or (lambda done, total: None))
        _refuse_other(chosen, path, digest, known)
        if link:
            _link(file, partial)
        partial.replace(path)
    except OSError as error:
        raise store.disk_error(error, settings.llm_dir) from None
    finally:
        partial.unlink(missing_ok=True)
    source = f"file {file}"
    licence, upstream = (header.facts.get(f"general.{key}") for key in ("license", "name"))
    record = store.Record(chosen, digest, size, str(licence or "unknown"), str(upstream or file.name), "", source)
    store.write_record(path, store.record_of(known[chosen], source) if chosen in known else record)
    return store.Weights(path, digest, chosen)


def _refuse_other(name: str, path: Path, digest: str, known: store.Known) -> None:
    """A name never changes its meaning."""
    record = store.read_record(path) if path.is_file() else None
    if (name in known and digest != known[name].sha256) or (record and record.sha256 != digest):
        raise ConfigError(f"The name {name!r} belongs to other weights.", "Choose another name with --name.")


def _copy(file: Path, partial: Path, size: int, advance: Callable[[int, int], None]) -> str:
    digest, done = hashlib.sha256(), 0
    with partial.open("wb") as target:
        for chunk in _chunks(file):
            target.write(chunk)
            digest.update(chunk)
            done += len(chunk)
            advance(done, size)
        target.flush()
        os.fsync(target.fileno())
    return digest.hexdigest()


def _link(file: Path, partial: Path) -> None:
    try:
        os.link(file.resolve(), partial)
    except OSError as error:
        raise ConfigError(f"{str(file)!r} cannot be linked: {error.strerror}.", "Import it without --link.") from None


def _chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            yield chunk
