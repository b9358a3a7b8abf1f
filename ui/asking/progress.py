"""The steps of a question while it is worked on, in words, with Stop."""

from __future__ import annotations

import time
from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from t2sql.catalog import Catalog
from t2sql.flow import Context, Draft, Plan, Question, Result, Step
from t2sql.wording import format_period
from ui.asking.work import Work
from ui.desk import Desk
from ui.parts.blocks import draw_line, draw_steps
from ui.words import Words

POLL_SECONDS = 0.4
GLANCE_SECONDS = 0.3
"""A drawing of the steps begins when there is a new one, at the latest after this: the end is told when it comes."""
WATCH_SECONDS = 0.75
"""What ends within it is drawn by the run of the page that began it. Stop needs a run of its own, and comes after."""
SHOWN_METRICS = 3


def watch(work: Work, place: DeltaGenerator, desk: Desk, catalog: Catalog, words: Words) -> None:
    """Draw the steps into `place` as they come, for a moment or until the end; `place` is empty then. What waits for
    the llm takes longer, and is left at once.
    """
    until = time.monotonic() + WATCH_SECONDS
    while not work.is_over and (left := until - time.monotonic()) > 0 and not desk.agent.ahead(work.cancel):
        steps = tuple(work.steps)
        work.told = len(steps)
        # One element and no more: what comes in its place within the same run takes only as many away as it has.
        with place.container():
            draw_steps(*tell_steps(steps, catalog, words))
        work.wait(left, work.told)
    place.empty()


@st.fragment(run_every=POLL_SECONDS)
def follow(work: Work, desk: Desk, catalog: Catalog, words: Words) -> None:
    """Draw what came so far, again and again, until the work is over; then the page draws its end."""
    work.wait(GLANCE_SECONDS if work.told else 0.0, work.told)
    if work.is_over:
        st.rerun()
    steps = tuple(work.steps)
    work.told = len(steps)
    done, now = tell_steps(steps, catalog, words)
    before = desk.agent.ahead(work.cancel)
    draw_steps(done, words("queued", before=before) if before else now)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(words("cancel"), key=f"stop-{id(work)}", icon=":material/stop_circle:"):
            work.stop()
            st.rerun()
        draw_line(words("seconds", seconds=f"{work.elapsed:.0f}"), is_quiet=True, is_inline=True)


def tell_steps(
    steps: Sequence[Step], catalog: Catalog, words: Words
) -> tuple[list[tuple[str, Sequence[str], str]], str]:
    """Steps taken as (title, chips, SQL), and what is being done now."""
    done: list[tuple[str, Sequence[str], str]] = []
    now = words("step_read")
    for step in steps:
        if isinstance(step, Question):
            now = words("step_read")
        elif isinstance(step, Context):
            chips = recognised(step, catalog, words)
            done.append((words("step_understood" if chips else "step_nothing"), chips, ""))
            now = words("step_write")
        elif isinstance(step, Draft):
            now = words("step_compile")
        elif isinstance(step, Plan):
            # Not before it has compiled: what a link brings along may name what its reader must not see.
            done.append((words("step_draft"), (), step.semantic_sql))
            done.append((words("step_plan"), (), ""))
            now = words("step_run")
        elif isinstance(step, Result):
            done.append((words("step_result", rows=f"{len(step.rows):,}"), (), ""))
            now = ""
    return done, now


def recognised(context: Context, catalog: Catalog, words: Words) -> list[str]:
    """What the question was found to mention, under the names that people use."""
    language = words.language
    metrics = [catalog.metrics[m.name].display.to(language) for m in context.metrics if m.name in catalog.metrics]
    periods = [
        format_period(p.first if p.first == p.last else f"{p.first}..{p.last}", language) for p in context.periods
    ]
    groups = [
        catalog.dimensions[d.name].display.to(language) for d in context.dimensions if d.name in catalog.dimensions
    ]
    return list(dict.fromkeys([*metrics[:SHOWN_METRICS], *periods, *groups, *(v.value for v in context.values)]))
