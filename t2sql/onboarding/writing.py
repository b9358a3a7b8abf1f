"""A drafted catalog on disk: model.yml, policies.yml, verified.yml, t2sql.toml, and what was drafted last.

Files are written aside and renamed, so that none is ever half written. A folder that holds a model.yml and no mark of
an earlier draft is somebody's own work and is never written to.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

import tomli_w
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError

from t2sql.errors import ConfigError
from t2sql.interchange.layout import plain, styled
from t2sql.onboarding.drafted_fields import PERSONAL
from t2sql.onboarding.survey import Survey, path_of
from t2sql.yaml_file import read_yaml

Tree = dict[str, Any]
MARK = "drafted.json"
"""Beside model.yml: what was drafted last, so that a person's changes are told from ours."""
MODEL, POLICIES, VERIFIED, SETTINGS = "model.yml", "policies.yml", "verified.yml", "t2sql.toml"
_SHAPE = 1
_HEAD = """\
# Drafted by `t2sql init` and signed by nobody yet. Each guess is marked `guess` with its reason and score:
# `t2sql init --out {out} --review` goes through them. What you change stays when `t2sql init` is run again.
# 由 `t2sql init` 起草，尚未签署。每处推断都标有 guess、理由和把握；再次运行时，您改过的内容会保留。
"""
_VERIFIED = """\
# Questions that a person has checked, with their semantic SQL. None yet: docs/verified.md says how they come here.
verified: []
"""


@dataclass(frozen=True, slots=True)
class Drafted:
    """What was drafted last for one folder."""

    tree: Tree
    schema: Mapping[str, Mapping[str, str]]
    """Table -> column -> type, as the database said it then."""
    source: str
    """As people may read it."""
    by_llm: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """"dataset" or "dataset.field" -> language -> the name that the llm gave."""


def read_drafted(folder: Path) -> Drafted | None:
    """What was drafted last in `folder`; None where nothing was. Raises ConfigError for a folder that is not ours."""
    mark = folder / MARK
    if not mark.is_file():
        if (folder / MODEL).exists():
            raise ConfigError(
                f"{str(folder)!r} holds a model.yml that `t2sql init` did not draft.",
                "Name another folder with --out: definitions that somebody wrote are never overwritten.",
            )
        return None
    try:
        found = json.loads(mark.read_text(encoding="utf-8"))
        if found["shape"] != _SHAPE:
            raise ValueError
        return Drafted(found["tree"], found["schema"], found["source"], found.get("by_llm", {}))
    except (OSError, ValueError, KeyError, TypeError):
        raise ConfigError(
            f"{mark}: cannot be read as what was drafted last.",
            "Restore the file from your version control, or draft into another folder with --out.",
        ) from None


def schema_of(survey: Survey) -> dict[str, dict[str, str]]:
    """Table -> column -> type."""
    return {path_of(table): {c.name: c.type for c in table.columns} for table in survey.tables}


def write_new(folder: Path, drafted: Drafted, *, is_personal: bool, settings: Mapping[str, Any]) -> None:
    """A folder's files, where there are none yet; policies, verified questions and settings that are there stay."""
    _make(folder)
    _replace(folder / MARK, _mark(drafted))
    for name, text in (
        (POLICIES, policies_text(drafted.tree, is_personal=is_personal)),
        (VERIFIED, _VERIFIED),
        (SETTINGS, tomli_w.dumps(dict(settings))),
    ):
        if not (folder / name).exists():
            _replace(folder / name, text)
    _replace(folder / MODEL, _HEAD.format(out=folder.name) + written(drafted.tree))


def write_again(folder: Path, tree: CommentedMap, drafted: Drafted) -> None:
    """The merged model, and then what was drafted: a stop between the two is mended by the next run."""
    _replace(folder / MODEL, dumped(tree))
    _replace(folder / MARK, _mark(drafted))


def save_model(folder: Path, tree: CommentedMap) -> None:
    """model.yml alone, after a review."""
    _replace(folder / MODEL, dumped(tree))


def read_model(folder: Path) -> CommentedMap:
    """model.yml with its comments and quotes. Raises ConfigError."""
    path = folder / MODEL
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    try:
        found = yaml.load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError):
        # Read as everybody reads it, for the error with its line.
        found = read_yaml(path)
    if not isinstance(found, CommentedMap):
        raise ConfigError(f"{path}: not a definitions file.", "Restore it, or draft into another folder.")
    return found


def policies_text(tree: Tree, *, is_personal: bool) -> str:
    """Who may see what, to begin with: an owner who sees all, and an analyst who does not see what looks personal."""
    hidden = f"\n    hide:\n      sensitivity: [{PERSONAL}]" if is_personal else ""
    less = "看不到疑似个人信息。 / Everything but what looks personal." if is_personal else "全部。 / Everything."
    return f"""\
# Who may see what: a role hides by sensitivity, by name, or by rows. Drafted by `t2sql init`; change it first.
roles:
  owner:
    description: 起草者：看全部。 / Whoever drafted this catalog, everything.
    may: [review]
  analyst:
    description: {less}{hidden}

principals:
  owner:
    roles: [owner]
    display: {{zh: 目录负责人, en: Catalog owner}}
  analyst:
    roles: [analyst]
    display: {{zh: 分析师, en: Analyst}}
"""


def written(tree: Tree) -> str:
    """A drafted tree as YAML."""
    return dumped(styled(plain(tree)))


def dumped(tree: Any) -> str:
    """A tree, with the comments that it carries, as YAML."""
    yaml = YAML(typ="rt")
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = StringIO()
    yaml.dump(tree, stream)
    return stream.getvalue()


def _mark(drafted: Drafted) -> str:
    found = {"shape": _SHAPE, "source": drafted.source, "schema": drafted.schema, "tree": drafted.tree}
    found |= {"by_llm": drafted.by_llm} if drafted.by_llm else {}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n"


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{str(folder)!r} cannot be made: {error.strerror}.", "Name another folder.") from None


def _replace(path: Path, text: str) -> None:
    aside = path.with_name(path.name + ".partial")
    try:
        aside.write_text(text, encoding="utf-8")
        aside.replace(path)
    except OSError as error:
        raise ConfigError(f"{str(path)!r} cannot be written: {error.strerror}.", "Name another folder.") from None


def leftovers(folder: Path) -> Iterable[Path]:
    """Files that a stopped run left half written."""
    return folder.glob("*.partial")
