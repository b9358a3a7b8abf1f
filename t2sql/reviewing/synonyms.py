"""A synonym for a metric or a dimension, added to model.yml: one more word that people say for it.

Refused where the word means something already: another name, a value of the data, a time, a number, a comparison.
The file is written only when everything in it is still read and checked as before.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from t2sql.agent import Agent
from t2sql.catalog import Catalog, Dimension, Display, Metric
from t2sql.check import check
from t2sql.errors import ConfigError, NotKept
from t2sql.flow import Question
from t2sql.grounding.words.text import fold
from t2sql.journal.askings import require_review
from t2sql.policy import Narrowed
from t2sql.reviewing.files import YamlText, digest_of, locked, replace_text
from t2sql.screening import language_of

FILE_NAME = "model.yml"
SHORTEST, LONGEST = 2, 40
_FILES = ("policies.yml", "verified.yml")


@dataclass(frozen=True, slots=True)
class Synonym:
    """What is added to what."""

    name: str
    """Of a metric or a dimension."""
    word: str


def nameable(catalog: Catalog) -> Iterator[tuple[str, Display]]:
    """Names that can get a synonym, metrics first; a dimension's other roles take theirs from the plain one."""
    yield from ((metric.name, metric.display) for metric in catalog.metrics.values())
    yield from ((one.name, one.display) for one in catalog.dimensions.values() if not one.role)


def add_synonym(agent: Agent, reviewer: Narrowed, synonym: Synonym) -> None:
    """Write it, and answer by it from now on in this process; others do from their next start. Takes seconds.

    Raises AccessDenied for who may not review, NotKept for a word that cannot be one, ConfigError where the file cannot
    be written.
    """
    require_review(reviewer.principal)
    word = " ".join(synonym.word.split())
    catalog = reviewer.catalog
    found = catalog.metrics.get(synonym.name) or catalog.dimensions.get(synonym.name)
    if found is None or (isinstance(found, Dimension) and found.role):
        raise _refused("No metric or dimension of that name can get a synonym.", "该名称不能加同义词。")
    _refuse_shape(word)
    _refuse_known(word, found, catalog)
    _refuse_meaning(agent, reviewer, word)
    folder = agent.settings.metrics
    path, digests = folder / FILE_NAME, _digests(folder)
    text = _added(path, found, word)
    # It takes seconds, and nobody waits for it: the lock is for comparing and writing alone.
    _refuse_worse(folder, text)
    with locked(folder):
        if _digests(folder) != digests:
            raise _refused("The definitions were changed meanwhile.", "定义文件刚刚被修改。", "Try again.", "请重试。")
        replace_text(path, text)
    agent.read_definitions_anew()


def _digests(folder: Path) -> tuple[str, ...]:
    """Of every file that the check has read."""
    return tuple(digest_of(folder / name) for name in (FILE_NAME, *_FILES))


def _refused(en: str, zh: str, hint: str = "Choose another word.", hint_zh: str = "请换一个词。") -> NotKept:
    return NotKept(en, hint, zh=(zh, hint_zh))


def _refuse_shape(word: str) -> None:
    if not SHORTEST <= len(word) <= LONGEST or not word.isprintable() or not any(c.isalnum() for c in word):
        raise _refused(
            f"A synonym is a word of {SHORTEST} to {LONGEST} characters.",
            f"同义词须为 {SHORTEST} 至 {LONGEST} 个字符。",
        )


def _refuse_known(word: str, of: Metric | Dimension, catalog: Catalog) -> None:
    """Two things called by one word: people would get either."""
    said = _plain(word)
    others: tuple[Metric | Dimension, ...] = (*catalog.metrics.values(), *catalog.dimensions.values())
    for other in others:
        if said not in {_plain(one) for one in (other.name, other.display.zh, other.display.en, *other.synonyms)}:
            continue
        if other.name == of.name:
            raise _refused(f"{word!r} names it already.", f"它已经叫“{word}”。", "Nothing is to be done.", "无需添加。")
        raise _refused(
            f"{word!r} names {other.display.en!r} already ({other.name}).",
            f"“{word}”已经指“{other.display.zh}”（{other.name}）。",
        )


def _refuse_meaning(agent: Agent, reviewer: Narrowed, word: str) -> None:
    """A word that is read as something else in every question."""
    grounding = agent.grounding(reviewer)
    context = grounding.ground(Question(word, "", date.today(), language_of(word)), None)
    if context.periods or context.quantities or context.grains or context.comparisons:
        raise _refused(f"{word!r} says a time, a number or a comparison.", f"“{word}”表示时间、数量或比较方式。")
    whole = _plain(word)
    for value in context.values:
        if value.score >= 1.0 and _plain(word[value.span.start : value.span.end]) == whole:
            display = reviewer.catalog.dimensions[value.dimension].display
            raise _refused(
                f"{word!r} is a value of {display.en!r}: {value.value}.",
                f"“{word}”是“{display.zh}”的取值：{value.value}。",
            )


def _plain(text: str) -> str:
    return fold(text).text.replace("_", " ").strip()


def _added(path: Path, of: Metric | Dimension, word: str) -> str:
    """The file with the word under ai_context.synonyms of what it names."""
    found = YamlText(path)
    node = _node(found.tree["semantic_model"][0], of)
    context = node.get("ai_context")
    if not isinstance(context, dict):
        # A plain text there is the short form of its instructions.
        context = CommentedMap(instructions=context) if context else CommentedMap()
        place = list(node).index("ai_context") if "ai_context" in node else _place(node)
        node.pop("ai_context", None)
        node.insert(place, "ai_context", context)
    if not context.get("synonyms"):
        listed = CommentedSeq()
        listed.fa.set_flow_style()
        context["synonyms"] = listed
    context["synonyms"].append(word)
    return found.dumped()


def _place(node: Any) -> int:
    """Before our extension, which ends an item by custom."""
    keys = list(node)
    return keys.index("t2sql") if "t2sql" in keys else len(keys)


def _node(model: Any, of: Metric | Dimension) -> Any:
    if isinstance(of, Metric):
        return next(item for item in model["metrics"] if item["name"] == of.name)
    dataset = next(item for item in model["datasets"] if item["name"] == of.dataset)
    return next(item for item in dataset["fields"] if item["name"] == of.field)


def _refuse_worse(folder: Path, text: str) -> None:
    """Raises NotKept, or ConfigError, for what `check` tells of the new definitions and not of those that stand."""
    with tempfile.TemporaryDirectory() as made:
        aside = Path(made)
        for name in _FILES:
            if (folder / name).exists():
                shutil.copyfile(folder / name, aside / name)
        (aside / FILE_NAME).write_text(text, encoding="utf-8")
        now = _told(aside)
    before = _told(folder) if now else ()
    worse = [told for told in now if told not in before]
    if worse:
        raise NotKept(
            f"The definitions would not be whole: {worse[0]}", "Choose another word.",
            zh=(f"加上它以后定义检查不通过：{worse[0]}", "请换一个词。"),
        )  # fmt: skip


def _told(folder: Path) -> Sequence[str]:
    try:
        return [finding.message for finding in check(folder)]
    except ConfigError as error:
        return [error.message]
