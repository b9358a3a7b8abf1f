"""Configuration files in YAML, read so that every mistake is told with its file and line.

Knows no definition and no policy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from t2sql.errors import ConfigError, did_you_mean

T = TypeVar("T", bound=BaseModel)

KEYS, LIST, WHOLE, NUMBER, TRUTH = (
    "must be keys with values",
    "must be a list",
    "must be a whole number",
    "must be a number",
    "must be true or false",
)
PROBLEMS = {
    "model_type": KEYS, "dict_type": KEYS, "model_attributes_type": KEYS, "mapping_type": KEYS, "list_type": LIST,
    "tuple_type": LIST, "string_type": "must be text", "int_type": WHOLE, "int_parsing": WHOLE,
    "int_from_float": WHOLE, "float_type": NUMBER, "float_parsing": NUMBER, "bool_type": TRUTH, "bool_parsing": TRUTH,
}  # fmt: skip
"""Kinds of mistakes -> how they are told; others in the reader's own words."""


def read_yaml(path: Path) -> Any:
    """A YAML 1.2 file with line numbers kept; ConfigError when it is missing or broken."""
    try:
        return YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(
            f"{path}: no such file.",
            f"Write it, or name a folder that holds {path.name} (`metrics` in t2sql.toml, or on the command line).",
        ) from None
    except IsADirectoryError:
        raise ConfigError(f"{path}: a folder, not a file.", "Name the file.") from None
    except NotADirectoryError:
        raise ConfigError(f"{path.parent}: a file, not a folder.", f"Name the folder that holds {path.name}.") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}.", "Give yourself the right to read it.") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: not UTF-8 text.", "Save the file as UTF-8.") from None
    except MarkedYAMLError as error:
        is_open = error.context_mark is not None and re.search("end of stream|stream end", error.problem or "")
        mark = error.context_mark if is_open else error.problem_mark
        line = mark.line + 1 if mark else 1
        parts = (part.strip().split("\n")[0] for part in (error.context, error.problem) if part)
        problem = ", ".join(parts) or "not valid YAML"
        raise ConfigError(
            f"{path}:{line}: {problem}.", "Correct the YAML at that line (indentation, quotes, colons)."
        ) from None
    except YAMLError as error:
        problem = str(error).strip().split("\n")[0]
        raise ConfigError(
            f"{path}:1: not valid YAML: {problem}.", "Remove control characters and save the file as UTF-8."
        ) from None


def validate(shape: type[T], tree: Any, path: Path, lines: Any = None) -> T:
    """`tree` as `shape`; the first mistake becomes a ConfigError with its line and the nearest known key.

    `lines`: the tree as it stands in `path`, where `tree` was made from it.
    """
    try:
        return shape.model_validate(tree if tree is not None else {})
    except ValidationError as error:
        first = error.errors()[0]
        where, line = list(first["loc"]), line_of(tree if lines is None else lines, first["loc"])
        name = ".".join(str(part) for part in where)
        if first["type"] == "extra_forbidden":
            known = _known_keys(shape, where[:-1])
            raise ConfigError(
                f"{path}:{line}: unknown key {str(where[-1])!r}.{did_you_mean(str(where[-1]), known)}",
                f"Use one of: {', '.join(sorted(known))}." if known else "Remove the key.",
            ) from None
        if first["type"] == "missing":
            raise ConfigError(f"{path}:{line}: {name} is missing.", f"Add the key {str(where[-1])!r} there.") from None
        problem = PROBLEMS.get(first["type"]) or first["msg"].split("\n")[0]
        raise ConfigError(f"{path}:{line}: {name or 'the file'}: {problem}.", "Correct that value.") from None


def line_of(tree: Any, loc: Iterable[int | str]) -> int:
    """1-based line of the deepest part of `loc` that the YAML tree has."""
    line, node = 1, tree
    for part in loc:
        try:
            spot = node.lc.item(part) if isinstance(part, int) else node.lc.key(part)
            line, node = spot[0] + 1, node[part]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
    return line


def _known_keys(shape: type[BaseModel], where: list[Any]) -> set[str]:
    """The keys of the mapping at `where`, () for one whose keys are free."""
    current, is_free = shape, False
    for part in where:
        if isinstance(part, int) or is_free:
            is_free = False
            continue
        annotation = next((f.annotation for n, f in current.model_fields.items() if (f.alias or n) == part), None)
        inner = [a for a in (annotation, *get_args(annotation)) if isinstance(a, type) and issubclass(a, BaseModel)]
        if not inner:
            return set()
        current, is_free = inner[0], get_origin(annotation) is dict
    return set() if is_free else {f.alias or n for n, f in current.model_fields.items()}
