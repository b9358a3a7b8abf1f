"""Reads the header of a GGUF file, to refuse what is no GGUF, damaged or cut off before an llm is loaded from it.

Never reads the tensors themselves: a full header check does not prove the weights, a sha256 does.
Layout: the GGUF specification of the ggml project, versions 2 and 3, little-endian.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from t2sql.llms.failures import CorruptGguf, NotGguf, Truncated

MAGIC = b"GGUF"
SCALARS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
STRING, ARRAY = 8, 9
# Beyond these a header is damaged, not large.
MOST_ENTRIES = 1_000_000
MOST_TENSORS = 100_000
LONGEST_STRING = 16_000_000

Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Header:
    """What a GGUF file says about itself."""

    version: int
    tensors: int
    """Count of tensors."""
    facts: Mapping[str, Value]
    """Metadata by key; arrays are left out."""
    least_bytes: int
    """The file is damaged if it is not longer than this: where the last tensor begins."""


def check_magic(path: Path) -> None:
    """Raise NotGguf unless the file begins as GGUF; reads four bytes."""
    with path.open("rb") as file:
        start = file.read(len(MAGIC))
    if start != MAGIC:
        raise NotGguf(f"{str(path)!r} is not a GGUF file.", "Give a file of weights in GGUF format.")


def read_header(path: Path) -> Header:
    """The header of `path`; raises NotGguf, CorruptGguf, or Truncated (no byte of the last tensor is there)."""
    check_magic(path)
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(len(MAGIC))
        try:
            header = _Reader(file).read()
        except (struct.error, UnicodeDecodeError, ValueError) as error:
            if file.tell() >= size:
                raise _cut_off(path) from None
            raise CorruptGguf(
                f"{str(path)!r} is a damaged GGUF file: {error}.",
                "Fetch or copy the file again, then check its sha256.",
            ) from None
    if size <= header.least_bytes:
        raise _cut_off(path)
    return header


def _cut_off(path: Path) -> Truncated:
    return Truncated(f"{str(path)!r} ends too early.", "Fetch or copy the file again, then check its sha256.")


class _Reader:
    """Reads values one after the other; raises ValueError or struct.error on anything impossible."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self) -> Header:
        version = self._number("<I")
        if version not in (2, 3):
            raise ValueError(f"GGUF version {version} is not supported")
        tensors, entries = self._number("<Q"), self._number("<Q")
        if tensors > MOST_TENSORS or entries > MOST_ENTRIES:
            raise ValueError("impossible counts in its header")
        facts: dict[str, Value] = {}
        for _ in range(entries):
            key = self._string()
            kind = self._number("<I")
            value = self._value(kind)
            if kind != ARRAY:
                facts[key] = value
        furthest = 0
        for _ in range(tensors):
            self._string()
            dimensions = self._number("<I")
            if dimensions > 8:
                raise ValueError(f"a tensor with {dimensions} dimensions")
            self._skip(8 * dimensions + 4)
            furthest = max(furthest, self._number("<Q"))
        return Header(version, tensors, facts, self._file.tell() + furthest)

    def _number(self, form: str) -> int:
        return int(self._scalar(form))

    def _scalar(self, form: str) -> int | float | bool:
        value: int | float | bool = struct.unpack(form, self._file.read(struct.calcsize(form)))[0]
        return value

    def _string(self) -> str:
        length = self._number("<Q")
        if length > LONGEST_STRING:
            raise ValueError("an impossibly long string")
        raw = self._file.read(length)
        if len(raw) < length:
            raise ValueError("a string that ends too early")
        return raw.decode("utf-8", errors="strict")

    def _skip(self, count: int) -> None:
        self._file.seek(count, 1)

    def _value(self, kind: int) -> Value:
        if kind == STRING:
            return self._string()
        if kind == ARRAY:
            self._skip_array()
            return None
        if kind not in SCALARS:
            raise ValueError(f"an unknown kind of value, {kind}")
        return self._scalar(SCALARS[kind])

    def _skip_array(self) -> None:
        kind, count = self._number("<I"), self._number("<Q")
        if kind in SCALARS:
            self._skip(count * struct.calcsize(SCALARS[kind]))
        elif kind == STRING and count <= 10 * MOST_ENTRIES:
            for _ in range(count):
                self._skip(self._number("<Q"))
        else:
            raise ValueError("an array that cannot be read")
