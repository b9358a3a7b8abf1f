"""Decisions that change verified.yml: what was tested is signed, kept with the file's comments and order, and used.

Only a correction that stood its test is written, and only into the file that it was tested beside. Decision and file
go together: where the file cannot be written nothing is decided.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from t2sql.agent import Agent
from t2sql.catalog import Place
from t2sql.errors import ConfigError, NotKept
from t2sql.flow import Answer
from t2sql.journal import Judgement, Past
from t2sql.journal.askings import require_review
from t2sql.policy import Narrowed
from t2sql.reviewing.files import YamlText, digest_of, locked, quoted, replace_text
from t2sql.reviewing.trying import Tested, asked_again, signature
from t2sql.screening import language_of
from t2sql.verified import FILE_NAME, Entry, read_verified

HEAD = "# Checked questions: the semantic SQL that somebody has signed for the words beside it.\nverified: []\n"


class Outdated(NotKept):
    """verified.yml is not the file that the correction was tested beside: test it again."""

    code = "outdated"


def accept_correction(
    agent: Agent, reviewer: Narrowed, judgement: Judgement, tested: Tested | None, note: str = ""
) -> Judgement:
    """Approve what a person said of an answer; with the last approval the tested correction is signed and used.

    `tested`: of the judgement's own correction, or of the reviewer's where one approval is enough; None for a judgement
    that corrects nothing. Raises AccessDenied, NotKept, and Outdated where it must be tested again.
    """
    needed = agent.settings.approvals_needed
    if tested is not None and tested.past.id != judgement.question_id:
        raise Outdated(*_AGAIN, zh=_AGAIN_ZH)
    if tested is not None and needed > 1 and tested.given.strip() != judgement.semantic_sql:
        raise NotKept(
            "It takes two people to sign, and this is not what was corrected.",
            "Put it forward as your own correction.",
            zh=("须两人批准，而这并非原更正。", "请作为您自己的更正提交。"),
        )
    if tested is None and judgement.semantic_sql:
        raise Outdated("The correction was not tested.", "Test it first.", zh=("更正尚未测试。", "请先测试。"))
    review, who = agent.journal.review, reviewer.principal
    if tested is None or review.foresee(who, judgement, needed) != "accepted":
        decided = review.decide(who, judgement, accept=True, note=note, approvals_needed=needed)
    else:
        folder = agent.settings.metrics
        # The folder's lock before the journal's: nobody who asks waits for who writes definitions.
        with locked(folder):
            text = _text_with(folder, tested, _signed_by(agent, tested, (*judgement.approved_by, who.name)))
            decided = review.decide(
                who, judgement, accept=True, note=note, approvals_needed=needed,
                save=lambda _: replace_text(folder / FILE_NAME, text),
            )  # fmt: skip
    if decided.state == "accepted" and tested is not None:
        agent.read_verified_anew()
        if not judgement.semantic_sql:
            agent.journal.review.settle(reviewer.principal, tested.past.text, "verified", note)
    return decided


def sign_question(agent: Agent, reviewer: Narrowed, tested: Tested, note: str = "") -> None:
    """Sign the reviewer's own semantic SQL for a question that nobody judged, and take that out of the queue.

    Raises AccessDenied, Outdated, and NotKept where it takes two people.
    """
    require_review(reviewer.principal)
    if agent.settings.approvals_needed > 1:
        raise NotKept(
            "It takes two people to sign.",
            "Put it forward as your own correction.",
            zh=("须两人批准。", "请作为您自己的更正提交。"),
        )
    save_entry(agent.settings.metrics, tested, tested.entry.verified_by)
    agent.read_verified_anew()
    agent.journal.review.settle(reviewer.principal, tested.past.text, "verified", note)


def put_forward(agent: Agent, reviewer: Narrowed, past: Past, semantic_sql: str) -> Judgement:
    """The reviewer's own correction of another's question, for others to approve: it is run, and waits in the queue.

    Raises AccessDenied, and NotKept where it gives no answer.
    """
    question = asked_again(agent, reviewer, past)
    # As an asking of its own: a judgement is of a question that its judge asked.
    question = replace(question, repeats="", is_replayed=False)
    outcome = agent.ask(question, semantic_sql=semantic_sql)
    if not isinstance(outcome, Answer):
        told = outcome.text
        raise NotKept(f"It cannot be run: {told}", "Edit it.", zh=(f"无法运行：{told}", "请修改后再提交。"))
    return agent.journal.judged.give(reviewer.principal.name, question.id, "wrong", semantic_sql=semantic_sql)


def save_entry(folder: Path, tested: Tested, verified_by: str) -> Entry:
    """Append what was tested to `folder`/verified.yml, made where it is missing; the entry as it is read back.

    Raises Outdated for another file than it was tested beside, ConfigError where it cannot be written.
    """
    with locked(folder):
        replace_text(folder / FILE_NAME, _text_with(folder, tested, verified_by))
        return read_verified(folder)[-1]


_AGAIN = ("verified.yml was changed since this was tested.", "Test it again.")
_AGAIN_ZH = ("测试之后 verified.yml 已被修改。", "请重新测试。")


def _signed_by(agent: Agent, tested: Tested, approved_by: Sequence[str]) -> str:
    """The names of everybody who approved."""
    names = [agent.policies.principals[who].display for who in approved_by if who in agent.policies.principals]
    return signature([(name.zh, name.en) for name in names]) or tested.entry.verified_by


def _text_with(folder: Path, tested: Tested, verified_by: str) -> str:
    """verified.yml with the entry, under the folder's lock. Raises Outdated and ConfigError."""
    path, entry = folder / FILE_NAME, replace(tested.entry, verified_by=verified_by)
    if digest_of(path) != tested.file_sha256:
        raise Outdated(*_AGAIN, zh=_AGAIN_ZH)
    text = _appended(path, entry)
    _refuse_unlike(text, [*read_verified(folder), entry])
    return text


def _appended(path: Path, entry: Entry) -> str:
    if not path.exists():
        with tempfile.TemporaryDirectory() as folder:
            empty = Path(folder) / FILE_NAME
            empty.write_text(HEAD, encoding="utf-8")
            return _appended(empty, entry)
    found = YamlText(path)
    if not isinstance(found.tree, CommentedMap):
        found.tree = CommentedMap()
    listed = found.tree.get("verified")
    if not listed:
        # A list written as [] would go on in one line.
        listed = found.tree["verified"] = CommentedSeq()
    listed.append(_tree_of(entry))
    return found.dumped()


def _tree_of(entry: Entry) -> CommentedMap:
    (text,) = entry.questions
    question = CommentedMap({language_of(text): quoted(text)})
    return CommentedMap(
        id=entry.id, question=question, semantic_sql=quoted(entry.semantic_sql), verified_by=quoted(entry.verified_by),
        verified_on=entry.verified_on,
    )  # fmt: skip


def _refuse_unlike(text: str, entries: Sequence[Entry]) -> None:
    """Raises ConfigError unless the text is read back as exactly these entries."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / FILE_NAME).write_text(text, encoding="utf-8")
        read = read_verified(Path(folder))
    nowhere = Place("", 0)
    if [replace(one, place=nowhere) for one in read] != [replace(one, place=nowhere) for one in entries]:
        raise ConfigError(
            "verified.yml cannot be added to without changing what it says.",
            "Add the entry by hand.",
            zh=("无法在不改动原有内容的情况下追加到 verified.yml。", "请手工添加该条目。"),
        )
