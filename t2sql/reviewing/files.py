"""YAML files that people keep, changed by the page without losing their comments, their order or another's change.

Written aside and renamed, under a lock that every process of this machine heeds. It knows no key of any file.

One order of locks: a folder's, then the journal's. What takes seconds is done before, and compared under the lock.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from t2sql.errors import ConfigError

_INDENTS = ((2, 4, 2), (2, 2, 0), (4, 4, 2), (4, 6, 4), (4, 4, 0))
"""Of a mapping, of a sequence, and of its dash; as people indent, the most usual first."""
_LONGEST_LINE = 1_000_000


class YamlText:
    """One file's tree, to be changed in place, and the way it was indented."""

    def __init__(self, path: Path) -> None:
        """Raises ConfigError for a file that is missing or broken."""
        text = _read(path)
        self._writer = _writer(_INDENTS[0])
        try:
            self.tree: Any = self._writer.load(text)
        except YAMLError as error:
            raise ConfigError(f"{path}: not valid YAML.", "Run `t2sql check`, and correct what it names.") from error
        if self.dumped() != text:
            self._writer = max((_writer(indents) for indents in _INDENTS), key=lambda one: _alike(one, text))
            self.tree = self._writer.load(text)

    def dumped(self) -> str:
        """The tree as text."""
        out = io.StringIO()
        self._writer.dump(self.tree, out)
        return out.getvalue()


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Wait until no other thread or process writes in `folder`; it is made when missing. Raises ConfigError.

    Not for who has it already, nor within a transaction of the journal: every question would wait too.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        opened = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise unwritable(folder, error) from error
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def replace_text(path: Path, text: str) -> None:
    """Write a file aside and rename it, its rights kept. Raises ConfigError."""
    aside = path.with_name(f".{path.name}.partial")
    try:
        with aside.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            aside.chmod(path.stat().st_mode & 0o777)
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise unwritable(path, error) from error


def digest_of(path: Path) -> str:
    """sha256 of the file's bytes; "" where there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def unwritable(path: Path, error: OSError) -> ConfigError:
    """Told to a reviewer, who cannot mend it."""
    return ConfigError(
        f"{path}: cannot be written: {error.strerror}.",
        "Ask whoever runs this installation to let it write there.",
        zh=(f"无法写入 {path}：{error.strerror}。", "请联系系统管理员开放写权限。"),
    )


def quoted(text: str) -> str:
    """Text whose quotes show where it ends, whatever it holds."""
    found: str = DoubleQuotedScalarString(text)
    return found


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read.", "Give the file back, as UTF-8 text.") from error


def _writer(indents: tuple[int, int, int]) -> YAML:
    writer = YAML()
    writer.preserve_quotes = True
    writer.width = _LONGEST_LINE
    mapping, sequence, offset = indents
    writer.indent(mapping=mapping, sequence=sequence, offset=offset)
    return writer


def _alike(writer: YAML, text: str) -> int:
    """How many lines of `text` stay as they are when it is read and written again."""
    out = io.StringIO()
    writer.dump(writer.load(text), out)
    matcher = SequenceMatcher(None, text.splitlines(), out.getvalue().splitlines(), autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks())
