"""What a reviewer can do about a question. Every deed is of `t2sql.reviewing` or the journal; none is decided here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

import streamlit as st

from t2sql.errors import NotKept, T2sqlError
from t2sql.reviewing.cases import send_case
from t2sql.reviewing.saving import accept_correction, put_forward, sign_question
from t2sql.reviewing.synonyms import LONGEST, Synonym, add_synonym, nameable
from t2sql.reviewing.trying import Tested, try_correction
from t2sql.wording import visible
from ui.asking.endings import draw_defect, draw_error
from ui.frame import Visit
from ui.parts.blocks import draw_line, draw_notice, draw_pairs, draw_title
from ui.review.opened import Opened
from ui.review.queue import say
from ui.review.task import Task, follow_task

LONGEST_NOTE = 500


def draw_deeds(opened: Opened) -> None:
    """The deeds, what came of the last one, and what the test found."""
    words, key, task = opened.visit.words, opened.key, opened.task
    if task is not None and not task.is_over:
        follow_task(task, words(f"review_doing_{task.name}"))
        return
    if task is not None:
        _take(task, opened)
    note = st.text_input(words("review_note"), key=f"review-note-{key}", max_chars=LONGEST_NOTE)
    with st.container(horizontal=True, key=f"review-deeds-{key}"):
        if opened.sql:
            _button("test", ":material/fact_check:", opened, partial(_test, opened))
        judgement = opened.waiting.judgement
        if judgement:
            _button("decline", ":material/undo:", opened, partial(_decline, opened, note))
        with st.popover(words("review_synonym"), icon=":material/label:", key=f"review-synonym-{key}"):
            _draw_synonym(opened)
        if opened.sql:
            _button("case", ":material/checklist:", opened, partial(_send, opened, note))
        if judgement is None or not judgement.semantic_sql:
            _button("seen", ":material/done:", opened, partial(_see, opened, note))
    if opened.tested:
        _draw_tested(opened.tested, opened, note)


def _button(name: str, icon: str, opened: Opened, act: Callable[[], object]) -> None:
    words = opened.visit.words
    if st.button(
        words(f"review_{name}"), key=f"review-{name}-{opened.key}", icon=icon, help=words(f"review_{name}_help")
    ):
        act()
        st.rerun()


def _take(task: Task, opened: Opened) -> None:
    """What came of the last deed."""
    words = opened.visit.words
    if task.error:
        draw_title(words(f"review_failed_{task.name}"))
        draw_error(task.error, words)
    elif task.is_unexpected:
        draw_defect(words)
    elif isinstance(task.result, Tested):
        opened.tested = task.result if task.result.given == opened.sql else None
    elif task.name in ("case", "synonym"):
        opened.done = "case" if task.name == "case" else "synonym"
        draw_notice("", "", [words(f"review_done_{task.name}", name=str(task.result or ""))])
    else:
        # An approval that was not the last, and an own correction, stand in the queue.
        is_gone = task.name == "sign" and task.result == "accepted"
        told = words(f"review_done_{task.result if task.name == 'sign' else task.name}")
        say(told, opened.waiting if is_gone else None)
        opened.task = None
        st.rerun()


def _test(opened: Opened) -> None:
    visit, waiting = opened.visit, opened.waiting
    opened.tested = None
    act = partial(try_correction, visit.desk.agent, visit.narrowed, waiting.past, opened.sql, date.today())
    opened.start(Task("test", act))


def _draw_tested(tested: Tested, opened: Opened, note: str) -> None:
    """What the test found, the entry as it would be signed, and the way to sign it."""
    words = opened.visit.words
    rows = len(tested.answer.result.rows)
    with st.container(border=True, key=f"review-tested-{opened.key}"):
        draw_title(words("review_tested"))
        for name, values in (
            ("compiles", {}), ("rows" if rows else "no_rows", {"rows": rows}), ("beside", {"count": tested.checked}),
            ("again", {}),
        ):  # fmt: skip
            draw_line(f"✓ {words(f'review_found_{name}', **values)}")
        entry = tested.entry
        if tested.unsaid:
            named = ("；" if words.language == "zh" else "; ").join(tested.unsaid)
            draw_notice("warn", "", [words("review_unsaid", named=named)])
        draw_title(words("review_entry"))
        draw_pairs(
            [
                (words("review_entry_id"), entry.id), (words("review_entry_question"), entry.questions[0]),
                (words("review_entry_by"), f"{entry.verified_by} · {entry.verified_on.isoformat()}"),
            ]
        )  # fmt: skip
        st.code(visible(entry.semantic_sql, keep_newlines=True), language="sql", wrap_lines=True)
        _draw_signing(tested, opened, note)


def _draw_signing(tested: Tested, opened: Opened, note: str) -> None:
    """The deed that this reviewer can do with what was tested; where there is none, why not."""
    words, narrowed, agent = opened.visit.words, opened.visit.narrowed, opened.visit.desk.agent
    judgement, needed = opened.waiting.judgement, agent.settings.approvals_needed
    act: Callable[[], object]
    # Where two must sign, nobody signs but what somebody has put forward.
    if needed > 1 and (judgement is None or tested.given.strip() != judgement.semantic_sql):
        draw_line(words("review_two_own"), is_quiet=True)
        act = partial(put_forward, agent, narrowed, opened.waiting.past, tested.given)
        _start("forward", opened, act)
        return
    if judgement is None:
        _start("sign", opened, partial(_signed, partial(sign_question, agent, narrowed, tested, note)))
        return
    try:
        foreseen = agent.journal.review.foresee(narrowed.principal, judgement, needed)
    except NotKept as error:
        draw_notice("", "", error.told(words.language))
        return
    if foreseen == "approved_once":
        draw_line(words("review_two"), is_quiet=True)
    act = partial(accept_correction, agent, narrowed, judgement, tested, note)
    _start("sign", opened, partial(_signed, act))


def _signed(act: Callable[[], object]) -> str:
    """What the decision made of it: nothing to name where it is signed."""
    decided = act()
    return getattr(decided, "state", "accepted") or "accepted"


def _start(name: str, opened: Opened, act: Callable[[], object]) -> None:
    words = opened.visit.words
    if st.button(
        words(f"review_{name}"), key=f"review-{name}-{opened.key}", type="primary", icon=":material/verified:"
    ):
        opened.start(Task(name, act))
        st.rerun()


def _decline(opened: Opened, note: str) -> None:
    judgement, visit = opened.waiting.judgement, opened.visit
    assert judgement is not None, "only what somebody said can be declined"
    review = visit.desk.agent.journal.review
    _attempt(opened, "decline", partial(review.decide, visit.narrowed.principal, judgement, accept=False, note=note))


def _see(opened: Opened, note: str) -> None:
    judgement, visit = opened.waiting.judgement, opened.visit
    if judgement:
        act: Callable[[], object] = partial(accept_correction, visit.desk.agent, visit.narrowed, judgement, None, note)
    else:
        act = partial(_settle, opened, note)
    _attempt(opened, "seen", act)


def _settle(opened: Opened, note: str) -> None:
    visit = opened.visit
    visit.desk.agent.journal.review.settle(visit.narrowed.principal, opened.waiting.past.text, opened.done, note)


def _send(opened: Opened, note: str) -> None:
    visit = opened.visit
    act = partial(send_case, visit.desk.agent, visit.narrowed, opened.waiting.past, opened.sql, note)
    opened.start(Task("case", act))


def _draw_synonym(opened: Opened) -> None:
    """Which name, which word. A selectbox is searched by typing."""
    words, visit = opened.visit.words, opened.visit
    names = dict(nameable(visit.narrowed.catalog))
    with st.form(f"review-synonym-form-{opened.key}", border=False):
        name = st.selectbox(
            words("review_synonym_of"), list(names), index=None, placeholder=words("review_synonym_search"),
            format_func=lambda one: f"{names[one].zh} / {names[one].en}", key=f"review-synonym-name-{opened.key}",
        )  # fmt: skip
        word = st.text_input(words("review_synonym_word"), max_chars=LONGEST, key=f"review-word-{opened.key}")
        draw_line(words("review_synonym_help"), is_quiet=True)
        if not st.form_submit_button(words("review_synonym_add")):
            return
        if not name or not word.strip():
            draw_notice("warn", "", [words("review_synonym_both")])
        else:
            opened.start(Task("synonym", partial(_add, visit, Synonym(name, word))))
            st.rerun()


def _add(visit: Visit, synonym: Synonym) -> str:
    add_synonym(visit.desk.agent, visit.narrowed, synonym)
    return synonym.word


def _attempt(opened: Opened, name: str, act: Callable[[], object]) -> None:
    """Do something quick; what cannot be done is told above the queue."""
    words = opened.visit.words
    try:
        act()
    except T2sqlError as error:
        say(" ".join(error.told(words.language)).strip())
    else:
        say(words(f"review_done_{name}"), opened.waiting)
