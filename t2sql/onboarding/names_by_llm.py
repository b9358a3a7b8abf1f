"""Names in the other language for what no comment names, by the local llm: asked for, never by itself.

The llm sees names of tables and columns alone, never a value. What it gives is a guess like any other, and is kept, so
that it is asked once for each name.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from t2sql.errors import GenerationError
from t2sql.onboarding.words import is_chinese

if TYPE_CHECKING:
    from t2sql.generation.llm import Llm

Tree = dict[str, Any]
AT_ONCE, MOST_TOKENS = 10, 160
SCORE = 0.5
REASON = {"zh": "由本地大模型翻译，没有注释可依。", "en": "Translated by the local llm: no comment names it."}
_TASKS = {
    "zh": "Translate the names of database columns into short Chinese business terms. One line each, Chinese only.",
    "en": "Translate the names of database columns into short English business terms, in lower case. One line each.",
}
_EXAMPLES = {
    "zh": "Table: loan contracts\n1. outstanding principal\n2. first due date\n",
    "en": "Table: 贷款合同\n1. 未偿本金\n2. 首次到期日\n",
}
_ANSWERS = {"zh": "1. 未偿本金\n2. 首次到期日\n", "en": "1. outstanding principal\n2. first due date\n"}
_SHAPES = {"zh": "/[\\u4e00-\\u9fff]{2,12}/", "en": "/[a-z]+( [a-z]+){0,4}/"}
TAIL = "<|im_end|>\n<|im_start|>assistant\n"
Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One name to translate."""

    key: str
    """dataset, or dataset.field."""
    table: str
    words: str
    tree: Tree
    to: Language


def name_by_llm(
    tree: Tree,
    known: Mapping[str, Mapping[str, str]],
    llm: Callable[[], Llm] | None,
    *,
    progress: Callable[[str, float], None] = lambda what, share: None,
    cancel: threading.Event | None = None,
) -> dict[str, dict[str, str]]:
    """Put names into `tree` (a drafted one): those that are `known`, and the llm's for the rest where there is one.

    Gives all that are known now: "dataset" or "dataset.field" -> language -> name. Raises Cancelled, LlmUnavailable.
    """
    found = {key: dict(names) for key, names in known.items()}
    waiting = []
    for wanted in _unnamed(tree):
        name = found.get(wanted.key, {}).get(wanted.to)
        if name:
            _put(wanted, name)
        else:
            waiting.append(wanted)
    if llm is None:
        return found
    batches = list(_batches(waiting))
    for place, batch in enumerate(batches):
        progress("names, by the llm", place / len(batches))
        for wanted, name in zip(batch, _asked(batch, llm(), cancel), strict=False):
            if name:
                found.setdefault(wanted.key, {})[wanted.to] = name
                _put(wanted, name)
    return found


def _unnamed(tree: Tree) -> Iterator[_Wanted]:
    """What has one name in both languages, because nothing said the other."""
    for dataset in tree["semantic_model"][0]["datasets"]:
        table = dataset["t2sql"]["display"]
        parts = [(dataset["name"], dataset), *((f"{dataset['name']}.{f['name']}", f) for f in dataset["fields"])]
        for key, part in parts:
            display = part["t2sql"]["display"]
            if not is_chinese(display["zh"]) and any(c.isalpha() for c in display["en"]):
                yield _Wanted(key, table["en"], display["en"], part, "zh")
            elif is_chinese(display["en"]):
                yield _Wanted(key, table["zh"], display["zh"], part, "en")


def _batches(waiting: list[_Wanted]) -> Iterator[list[_Wanted]]:
    """A few names of one table and language at a time."""
    groups: dict[tuple[str, Language], list[_Wanted]] = {}
    for wanted in waiting:
        groups.setdefault((wanted.table, wanted.to), []).append(wanted)
    for group in groups.values():
        for start in range(0, len(group), AT_ONCE):
            yield group[start : start + AT_ONCE]


def _asked(batch: list[_Wanted], llm: Llm, cancel: threading.Event | None) -> list[str]:
    """The llm's names, in order; "" for all where it could not finish."""
    to = batch[0].to
    prefix = f"<|im_start|>system\n{_TASKS[to]}<|im_end|>\n<|im_start|>user\n{_EXAMPLES[to]}{TAIL}{_ANSWERS[to]}"
    prefix += "<|im_end|>\n<|im_start|>user\n"
    lines = [f"{number}. {wanted.words}" for number, wanted in enumerate(batch, 1)]
    suffix = "\n".join([f"Table: {batch[0].table}", *lines]) + "\n"
    rule = " ".join(f'"{number}. " NAME "\\n"' for number in range(1, len(batch) + 1))
    grammar = f"start: {rule}\nNAME: {_SHAPES[to]}\n"
    try:
        writing = llm.write(prefix, suffix, grammar, max_tokens=MOST_TOKENS, tail=TAIL, cancel=cancel)
    except GenerationError:
        return [""] * len(batch)
    return [line.partition(". ")[2].strip() for line in writing.text.splitlines()]


def _put(wanted: _Wanted, name: str) -> None:
    """The name, as a guess; what stood there before is a synonym."""
    ours = wanted.tree["t2sql"]
    ours["display"] = {**ours["display"], wanted.to: name}
    reason, score = dict(REASON), SCORE
    if "guess" in ours:
        earlier = ours["guess"]
        reason = {key: f"{earlier['reason'][key]} {text}" for key, text in REASON.items()}
        score = min(SCORE, earlier["score"])
        ours.pop("guess")
    ours["guess"] = {"reason": reason, "score": score}
