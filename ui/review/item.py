"""One question under review as it is drawn: who asked, what was answered, what it should be, and the difference."""

from __future__ import annotations

from functools import partial

import streamlit as st

from t2sql.editing.comparing import compare_results
from t2sql.editing.mistakes import find_mistake
from t2sql.editing.telling import changes_table, tell_comparison
from t2sql.flow import Answer, Clarification, Definition, Refusal
from t2sql.journal import REASONS
from t2sql.proof import tell_route
from t2sql.takeaway.cells import title
from t2sql.wording import visible
from ui.answers.notes import draw_notes
from ui.answers.shown import Shown
from ui.answers.tables import write_cell
from ui.asking.endings import draw_defect, draw_error
from ui.asking.progress import follow
from ui.asking.work import Work
from ui.editor.editor import draw_editor
from ui.frame import Visit
from ui.parts.blocks import draw_grid, draw_headline, draw_line, draw_notice, draw_pairs, draw_title
from ui.parts.clock import tell_moment
from ui.review.deeds import draw_deeds
from ui.review.opened import Opened, answer_of
from ui.words import Words

MOST_ROWS = 6
MOST_CHANGES = 10


def draw_item(opened: Opened) -> None:
    """The whole item."""
    words, waiting = opened.visit.words, opened.waiting
    draw_headline([(waiting.past.text, "")])
    draw_line(words(f"review_why_{waiting.kind}", times=waiting.times), is_quiet=True)
    draw_pairs(_facts(opened))
    _draw_answered(opened)
    if opened.second is not None:
        own = opened.is_changed or waiting.judgement is None or not waiting.judgement.semantic_sql
        with st.container(border=True, key=f"review-second-{opened.key}"):
            draw_title(words("review_own" if own else "review_correction"))
            _draw_work(opened.second, opened, "second")
            _draw_difference(opened)
    _draw_editing(opened)
    draw_deeds(opened)


def name_of(principal: str, visit: Visit) -> str:
    """Who somebody is, for those who review."""
    known = visit.desk.agent.policies.principals.get(principal)
    return known.display.to(visit.words.language) if known else principal


def _facts(opened: Opened) -> list[tuple[str, str]]:
    """Who asked when, what they say of it, who has approved it."""
    visit, waiting = opened.visit, opened.waiting
    words, past, judgement = visit.words, waiting.past, waiting.judgement
    comma = "、" if words.language == "zh" else ", "
    at = tell_moment(past.at)
    facts = [
        (words("review_asked_by"), comma.join(name_of(who, visit) for who in waiting.principals)),
        (words("review_asked_at"), words("review_times", at=at, times=waiting.times) if waiting.times > 1 else at),
    ]
    if past.today.isoformat() != at[:10]:
        facts.append((words("review_clock"), past.today.isoformat()))
    if past.before:
        facts.append((words("review_followed"), past.before[-1].text))
    if past.confidence is not None:
        facts.append((words("review_confidence"), f"{past.confidence:.0%}"))
    if judgement:
        if judgement.principal != past.principal:
            facts.append((words("review_judged_by"), name_of(judgement.principal, visit)))
        if judgement.reason:
            facts.append((words("review_reason"), REASONS[judgement.reason].to(words.language)))
        facts += [(words("review_text"), judgement.text), (words("review_should"), judgement.should_be)]
        if judgement.approved_by:
            who = comma.join(name_of(one, visit) for one in judgement.approved_by)
            facts.append((words("review_approved"), words("review_approved_once", who=who)))
    return facts


def _draw_answered(opened: Opened) -> None:
    """What was answered then, with its rows as the reviewer sees them now; or how it ended."""
    words, past = opened.visit.words, opened.waiting.past
    with st.container(border=True, key=f"review-first-{opened.key}"):
        draw_title(words("review_answered"))
        if opened.first is None:
            draw_line(words(f"ended_{past.outcome or 'error'}"))
            if past.drafted:
                st.code(visible(past.drafted, keep_newlines=True), language="sql", wrap_lines=True)
        else:
            draw_line(words("review_rerun"), is_quiet=True)
            _draw_work(opened.first, opened, "first")
        if st.button(words("review_again"), key=f"review-again-{opened.key}", icon=":material/replay:"):
            opened.ask_again()
        if opened.again is not None:
            _draw_work(opened.again, opened, "again")


def _draw_work(work: Work, opened: Opened, place: str) -> None:
    """A re-run: its progress, then its end."""
    visit = opened.visit
    if not work.is_over:
        follow(work, visit.desk, visit.narrowed.catalog, visit.words)
        return
    outcome, words = work.outcome, visit.words
    if isinstance(outcome, Answer):
        draw_line(outcome.explanation)
        if place == "again":
            draw_line(tell_route(outcome.draft, words.language), is_quiet=True)
        st.code(visible(outcome.plan.semantic_sql, keep_newlines=True), language="sql", wrap_lines=True)
        _draw_rows(outcome, words)
        draw_notes(Shown(outcome, visit, f"review-{place}-{opened.key}"))
    elif isinstance(outcome, Refusal):
        draw_notice("warn", "", [outcome.text, outcome.hint])
    elif isinstance(outcome, (Clarification, Definition)):
        draw_notice("", "", [outcome.text])
        for reading in outcome.readings if isinstance(outcome, Clarification) else ():
            draw_line(f"· {reading.text}", is_quiet=True)
    elif work.is_cancelled:
        draw_line(words("cancelled"))
    elif work.error:
        draw_error(work.error, words)
    else:
        draw_defect(words)


def _draw_rows(answer: Answer, words: Words) -> None:
    """The first rows."""
    columns, rows = answer.result.columns, answer.result.rows
    if not rows:
        draw_line(words("empty"))
        return
    heads = [title(column, words.language) for column in columns]
    cells = [[write_cell(v, c, words.language) for v, c in zip(row, columns, strict=True)] for row in rows[:MOST_ROWS]]
    draw_grid(heads, cells)
    if len(rows) > MOST_ROWS:
        draw_line(words("review_rows_shown", shown=MOST_ROWS, rows=f"{len(rows):,}"), is_quiet=True)


def _draw_difference(opened: Opened) -> None:
    """What changes between what was answered and what is in hand."""
    first, second = answer_of(opened.first), answer_of(opened.second)
    if first is None or second is None:
        return
    words = opened.visit.words
    draw_title(words("review_difference"))
    found = compare_results(first.result, second.result)
    for line in tell_comparison(found, words.language):
        draw_line(line)
    heads, *changes = changes_table(found, words.language)
    if changes:
        draw_grid(heads, changes[:MOST_CHANGES])
    if len(changes) > MOST_CHANGES:
        draw_line(words("review_more_changes", more=len(changes) - MOST_CHANGES), is_quiet=True)


def _draw_editing(opened: Opened) -> None:
    """The editor over the SQL in hand; a run takes what is written in hand."""
    words, visit = opened.visit.words, opened.visit
    if not st.toggle(words("review_edit"), key=f"review-edit-{opened.key}"):
        return
    desk, narrowed = visit.desk, visit.narrowed
    start = opened.waiting.judgement.semantic_sql if opened.waiting.judgement else ""
    edited = draw_editor(
        start
        or opened.waiting.past.semantic_sql
        or opened.waiting.past.drafted
        or f"SELECT  FROM {narrowed.catalog.name}",
        completions=desk.completions(narrowed),
        find_mistake=partial(find_mistake, compile=partial(desk.compile, narrowed)),
        look_up=partial(desk.look_up, narrowed),
        on_run=opened.run,
        language=words.language,
        key=f"review-editor-{opened.key}",
    )
    if edited and edited.was_run:
        st.rerun()
