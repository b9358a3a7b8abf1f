"""Drafts of cases out of the questions that people asked, for a person to confirm.

A draft is no gold: it holds what the product answered, which may be wrong. Nothing asks it until somebody has checked
it and deleted `draft: true`. No row of a result is read or written here.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from t2sql.evaluation.cases.checks import plain
from t2sql.journal import AskedQuestion
from t2sql.wording import visible

HEAD = (
    "Drafts of cases, out of the questions that were asked. Nobody has confirmed them.\n"
    "For each one: is the gold the right answer to the question? Correct it, then delete the line `draft: true`."
)
MOST_LINE = 100_000


@dataclass(slots=True)
class _Times:
    """The latest of the questions that are the same, and how often it was asked."""

    latest: AskedQuestion
    count: int = 0


def draft_cases(
    questions: Iterable[AskedQuestion], known: Iterable[str], *, principal: str = "", limit: int = 0
) -> str:
    """A YAML file of drafts: each question once, the most often asked first, those `known` to cases left out.

    `principal`: only what this one asked; `limit`: no more than so many, 0 for all.

    Questions that ended in an error are left out: nobody knows yet what they should have given.
    """
    had = {plain(text) for text in known}
    asked: dict[tuple[str, str, str], _Times] = {}
    for question in questions:
        text = plain(question.text) or question.text.strip()
        if not text or text in had or not question.outcome or principal not in ("", question.principal):
            continue
        times = asked.setdefault((text, question.principal, plain(question.hints)), _Times(question))
        times.count += 1
        times.latest = question
    ordered = sorted(asked.values(), key=lambda times: (-times.count, times.latest.at))[: limit or None]
    cases = CommentedSeq(_draft(number, times) for number, times in enumerate(ordered, 1))
    for index, times in enumerate(ordered):
        cases.yaml_set_comment_before_after_key(index, before=_comment(times))
    top = CommentedMap(cases=cases)
    top.yaml_set_start_comment(HEAD)
    writer = YAML()
    writer.width = MOST_LINE
    writer.indent(mapping=2, sequence=2, offset=0)
    out = io.StringIO()
    writer.dump(top, out)
    return out.getvalue()


def _draft(number: int, times: _Times) -> CommentedMap:
    question = times.latest
    case: dict[str, Any] = {"id": f"asked-{number}", "question": _quoted(question.text)}
    if question.principal:
        case["principal"] = question.principal
    case["language"] = question.language
    if question.hints:
        case["hints"] = _quoted(question.hints)
    case["clock"] = question.today
    if question.outcome == "answer" and question.semantic_sql:
        case["gold"] = CommentedMap(semantic_sql=_quoted(question.semantic_sql))
    elif question.outcome != "answer":
        case["outcome"] = question.outcome
    case["draft"] = True
    return CommentedMap(case)


def _comment(times: _Times) -> str:
    """How often it was asked, and what was offered instead of an answer."""
    often = "once" if times.count == 1 else f"{times.count} times"
    lines = [f"Asked {often}, last on {times.latest.at.date().isoformat()}."]
    lines += [f"Offered: {visible(' '.join(sql.split()))}" for sql in times.latest.readings]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    """Text whose quotes show where it ends, whatever it holds."""
    quoted: str = DoubleQuotedScalarString(text)
    return quoted
