"""The folder that holds weights: NAME.gguf, and beside it NAME.json with licence, origin, size and sha256.

Never returns weights without their sha256, and never trusts a hash after the file's size or time has changed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from t2sql.errors import LlmUnavailable, did_you_mean
from t2sql.llms import gguf
from t2sql.llms.failures import DiskFull, Truncated, UnknownLlm, WrongHash
from t2sql.llms.known import KNOWN, KnownLlm
from t2sql.settings import Settings

FILE_ENDING = ".gguf"
MORE_DISK = "Free some space, or set T2SQL_CACHE_DIR to a folder on another disk."
PARTIAL_ENDING = ".gguf.partial"
State = Literal["ready", "partly fetched", "not fetched", "damaged"]
Known = Mapping[str, KnownLlm]


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights that are here and whole."""

    path: Path
    sha256: str
    name: str


@dataclass(frozen=True, slots=True)
class Record:
    """What stands in NAME.json; `modified_ns` tells whether the file was touched since it was hashed."""

    name: str
    sha256: str
    size_bytes: int
    licence: str
    upstream: str
    """The publisher's repository and file, or the file it was imported from."""
    revision: str
    source: str
    """Where these bytes came from."""
    modified_ns: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of `t2sql llm list`."""

    name: str
    size_bytes: int
    licence: str
    state: State
    fetched_bytes: int
    in_use: bool
    path: Path
    about: str


def weights_path(name: str, settings: Settings) -> Path:
    """Where the weights called `name` are, or will be."""
    return settings.llm_dir / f"{name}{FILE_ENDING}"


def partial_path(name: str, settings: Settings) -> Path:
    """Where they grow while they are fetched."""
    return settings.llm_dir / f"{name}{PARTIAL_ENDING}"


def find(name_or_path: str, settings: Settings, *, known: Known = KNOWN) -> Weights:
    """The weights to load, with their sha256 (hashed again only when the file has changed).

    Raises UnknownLlm, or LlmUnavailable (missing, NotGguf, Truncated, WrongHash), each with what to do.
    """
    if is_path(name_or_path):
        return _find_file(Path(name_or_path).expanduser(), settings)
    return _find_name(name_or_path, settings, known, is_trusting=True)


def verify(name: str, settings: Settings, *, known: Known = KNOWN) -> Weights:
    """Hash the weights again whatever their record says; raises as `find` does."""
    return _find_name(name, settings, known, is_trusting=False)


def list_llms(settings: Settings, *, known: Known = KNOWN) -> tuple[Entry, ...]:
    """Known llms first, then imported ones by name; looks at sizes only, hashes nothing."""
    here = {path.name.removesuffix(FILE_ENDING) for path in settings.llm_dir.glob(f"*{FILE_ENDING}")}
    return tuple(_entry(name, settings, known) for name in (*known, *sorted(here - set(known))))


def _entry(name: str, settings: Settings, known: Known) -> Entry:
    path, partial = weights_path(name, settings), partial_path(name, settings)
    expected = _expected(name, read_record(path), known)
    fetched = next((file.stat().st_size for file in (path, partial) if file.is_file()), 0)
    size = expected.size_bytes if expected else fetched
    state: State = "not fetched"
    if path.is_file():
        state = "ready" if fetched == size else "damaged"
    elif partial.is_file():
        state = "partly fetched"
    about = known[name].about if name in known else f"imported: {expected.upstream if expected else path.name}"
    licence = expected.licence if expected else "unknown"
    return Entry(name, size, licence, state, fetched, settings.llm == name, path, about)


def is_path(name_or_path: str) -> bool:
    """Is it a path rather than a name?"""
    return os.sep in name_or_path or name_or_path.endswith(FILE_ENDING)


def unknown(name: str, settings: Settings, known: Known = KNOWN) -> UnknownLlm:
    """The error for a name that is neither known nor imported."""
    names = [entry.name for entry in list_llms(settings, known=known)]
    return UnknownLlm(f"Unknown llm {name!r}.{did_you_mean(name, names)}", f"Use one of: {', '.join(names)}.")


def record_of(llm: KnownLlm, source: str) -> Record:
    """The record of a known llm's weights that came from `source`."""
    upstream = f"{llm.repository}/{llm.file}"
    return Record(llm.name, llm.sha256, llm.size_bytes, llm.licence, upstream, llm.revision, source)


def read_record(path: Path) -> Record | None:
    """The record beside `path`; None when there is none or it cannot be read."""
    try:
        return Record(**json.loads(path.with_suffix(".json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write_record(path: Path, record: Record) -> None:
    """Write the record beside `path`, with the file's present time."""
    stamped = replace(record, modified_ns=path.stat().st_mtime_ns)
    aside = path.with_suffix(".json.partial")
    # A read-only store is a normal case: weights are then hashed at every start.
    with contextlib.suppress(PermissionError):
        aside.write_text(json.dumps(asdict(stamped), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        aside.replace(path.with_suffix(".json"))


def digest_of(path: Path) -> str:
    """sha256 of a whole file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_disk(folder: Path, need: int, spare: int) -> None:
    """Raise DiskFull unless `need` bytes fit into `folder` and `spare` stay free."""
    free = shutil.disk_usage(folder).free
    if free - need < spare:
        raise DiskFull(
            f"Not enough disk in {str(folder)!r}: {need:,} bytes needed, {spare:,} must stay free, {free:,} are free.",
            MORE_DISK,
        )


def disk_error(error: OSError, folder: Path) -> LlmUnavailable:
    """The error for a write that failed in `folder`."""
    return DiskFull(f"Cannot write to {str(folder)!r}: {error.strerror or error}.", MORE_DISK)


def _find_name(name: str, settings: Settings, known: Known, *, is_trusting: bool) -> Weights:
    """Weights in the store; their hash is taken from the record when `is_trusting` and the file is untouched."""
    path = weights_path(name, settings)
    record = read_record(path)
    if not path.is_file():
        if name not in known:
            raise unknown(name, settings, known)
        raise LlmUnavailable(f"The weights of llm {name!r} are not here.", f"Run `t2sql llm pull {name}`.")
    gguf.check_magic(path)
    expected = _expected(name, record, known)
    again = f"Run `t2sql llm pull {name}`." if name in known else "Import the file again."
    stat = path.stat()
    if expected and stat.st_size < expected.size_bytes:
        raise Truncated(f"{str(path)!r} has {stat.st_size:,} bytes instead of {expected.size_bytes:,}.", again)
    if is_trusting and record and expected and record.sha256 == expected.sha256 and _is_untouched(path, record):
        return Weights(path, record.sha256, name)
    digest = digest_of(path)
    if expected and digest != expected.sha256:
        raise WrongHash(f"{str(path)!r} does not have the sha256 that it should have.", again)
    write_record(path, expected or _found(path, digest))
    return Weights(path, digest, name)


def _find_file(path: Path, settings: Settings) -> Weights:
    """Weights outside the store; their hash is remembered in the store, under the hash of their path."""
    if not path.is_file():
        raise LlmUnavailable(
            f"The weights {str(path)!r} do not exist.", "Correct the setting `llm`, or import the file."
        )
    gguf.check_magic(path)
    path = path.resolve()
    note = settings.llm_dir / "outside" / f"{hashlib.sha256(str(path).encode()).hexdigest()[:16]}.json"
    stat = path.stat()
    key = [stat.st_size, stat.st_mtime_ns]
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        remembered = json.loads(note.read_text(encoding="utf-8"))
        if remembered["key"] == key:
            return Weights(path, str(remembered["sha256"]), path.stem)
    digest = digest_of(path)
    with contextlib.suppress(OSError):
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(json.dumps({"key": key, "sha256": digest}), encoding="utf-8")
    return Weights(path, digest, path.stem)


def _expected(name: str, record: Record | None, known: Known) -> Record | None:
    """What the file must be: the product's own word where it knows the name, else the record of its import."""
    return record_of(known[name], record.source if record else "unknown") if name in known else record


def _is_untouched(path: Path, record: Record) -> bool:
    stat = path.stat()
    return (stat.st_size, stat.st_mtime_ns) == (record.size_bytes, record.modified_ns)


def _found(path: Path, digest: str) -> Record:
    return Record(path.stem, digest, path.stat().st_size, "unknown", path.name, "", "found in the store")
