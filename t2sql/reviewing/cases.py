"""A reviewed question as a case of the evaluation: with the semantic SQL that a person found right, confirmed.

The gold is run before the case is written, and no question is written twice. No row of a result is kept.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from t2sql.agent import Agent
from t2sql.errors import ConfigError, NotKept
from t2sql.evaluation.cases.checks import check_cases, plain
from t2sql.evaluation.cases.files import YAML_SUFFIXES, read_cases
from t2sql.evaluation.cases.golds import Golds
from t2sql.evaluation.cases.nouns import CaseFile
from t2sql.journal import Past
from t2sql.journal.askings import require_review
from t2sql.policy import Narrowed
from t2sql.reviewing.files import YamlText, locked, quoted, replace_text
from t2sql.reviewing.trying import undated

HEAD = "# Cases out of reviewed questions; each gold was found right by a person.\ncases:\n"
CATEGORY = "reviewed"


def send_case(agent: Agent, reviewer: Narrowed, past: Past, semantic_sql: str, why: str = "") -> str:
    """Append what `past` asked to the settings' `review_cases`, with its gold; the new case's id.

    Raises AccessDenied for who may not review; NotKept for a follow-up, a question that stands there, and a gold that
    fails or gives nothing; ConfigError where the file cannot be read or written.
    """
    require_review(reviewer.principal)
    path = agent.settings.review_cases
    if past.before:
        raise NotKept(
            "It follows another question, and a case stands alone.",
            "Ask it in full, and send that one.",
            zh=("这是承接上文的追问，评测题必须能单独成立。", "请完整提问后再送评测。"),
        )
    if path.suffix.lower() not in YAML_SUFFIXES:
        raise ConfigError(
            f"Setting 'review_cases': {path.name} is no YAML file.", "Name a file that ends in .yml.",
            zh=(f"设置项 review_cases 指定的 {path.name} 不是 YAML 文件。", "请改为以 .yml 结尾的文件。"),
        )  # fmt: skip
    gold = undated(agent, reviewer, past, semantic_sql.strip())
    # The gold runs before the lock is taken: nobody waits for it, and the journal is never written under it.
    _refuse_faults(agent, path, *_appended(path, past, gold, why), past)
    with locked(path.parent):
        text, name = _appended(path, past, gold, why)
        replace_text(path, text)
    return name


def _appended(path: Path, past: Past, gold: str, why: str) -> tuple[str, str]:
    """The file with the new case, and its id."""
    known: CaseFile | None = read_cases(path) if path.exists() else None
    ids = [case.asked.id for case in known.cases] if known else []
    said = (plain(past.text) or past.text, plain(past.hints))
    if known and any((plain(c.asked.text) or c.asked.text, plain(c.asked.hints)) == said for c in known.cases):
        raise NotKept(
            "This question is a case already.", "Nothing is to be done.",
            zh=("评测集里已有这个问题。", "无需再送。"),
        )  # fmt: skip
    name = _fresh(ids)
    with tempfile.TemporaryDirectory() as folder:
        start = path
        if known is None:
            start = Path(folder) / "cases.yml"
            start.write_text(f"{HEAD}- id: {name}\n", encoding="utf-8")
        found = YamlText(start)
    listed = (
        found.tree if isinstance(found.tree, CommentedSeq) else found.tree.get("cases", found.tree.get("questions"))
    )
    if known is None:
        listed.clear()
    listed.append(_tree_of(name, past, gold, why))
    return found.dumped(), name


def _tree_of(name: str, past: Past, gold: str, why: str) -> CommentedMap:
    case = CommentedMap(id=name, question=quoted(past.text), language=past.language, category=CATEGORY)
    if past.hints:
        case["hints"] = quoted(past.hints)
    case["clock"] = past.today
    case["gold"] = CommentedMap(semantic_sql=quoted(gold))
    if why.strip():
        case["why"] = quoted(" ".join(why.split()))
    return case


def _fresh(ids: Iterable[str]) -> str:
    numbers = [int(found[1]) for name in ids if (found := re.fullmatch(r"reviewed-(\d+)", name))]
    return f"reviewed-{max(numbers, default=0) + 1}"


def _refuse_faults(agent: Agent, path: Path, text: str, name: str, past: Past) -> None:
    """Raises NotKept for a gold that fails or gives nothing. The file's other golds are not run again."""
    with tempfile.TemporaryDirectory() as folder:
        aside = Path(folder) / path.name
        aside.write_text(text, encoding="utf-8")
        file = read_cases(aside)
        (case,) = (one for one in file.cases if one.asked.id == name)
        alone = replace(file, cases=(case,))
        with Golds(alone, agent=agent, today=past.today) as golds:
            found = [fault for fault in check_cases(alone, golds) if fault.is_error]
    if found:
        raise NotKept(
            f"It cannot be a case: {found[0].text}", found[0].hint,
            zh=(f"不能作为评测题：{found[0].text}", "请编辑语义 SQL。"),
        )  # fmt: skip
