"""What a person sees before the first question: what there is, of what days, for whom, and questions to try."""

from __future__ import annotations

from functools import partial

import streamlit as st

from t2sql.definitions import tell_rows
from t2sql.wording import format_period
from ui.asking.examples import suggest_questions
from ui.asking.turns import begin
from ui.catalog.drift import draw_drift
from ui.catalog.listing import draw_topics, shelf_of
from ui.frame import Visit, go_to
from ui.parts.blocks import draw_line, draw_pairs, draw_title
from ui.parts.plain import to_label


def draw_first(visit: Visit) -> None:
    """Six questions to try, then what data is here."""
    words, catalog = visit.words, visit.narrowed.catalog
    st.space("small")
    draw_drift(visit)
    draw_line(words("first_help"))
    questions = suggest_questions(catalog, visit.desk.last_load(), words.language)
    if questions:
        draw_title(words("first"))
        with st.container(horizontal=True, gap="small", key="examples"):
            for place, text in enumerate(questions):
                ask = partial(begin, visit.desk, visit.principal, text)
                st.button(
                    to_label(text), key=f"example-{place}", on_click=ask, icon=":material/arrow_forward:", wrap=True
                )
    _draw_here(visit)


def _draw_here(visit: Visit) -> None:
    words, catalog = visit.words, visit.narrowed.catalog
    shelf, stop = shelf_of(visit.narrowed), "、" if words.language == "zh" else ", "
    rows = tell_rows(visit.narrowed.row_rules, catalog, words.language)
    topics = stop.join(line.display.to(words.language) for line in shelf.lines if line.kind == "topic")
    draw_title(words("here"))
    draw_pairs([(words("kinds_topic"), topics), (words("here_days"), _days(visit)), (words("here_rows"), rows)])
    with st.expander(words("all_names"), key="all-names"):
        draw_topics(shelf, words)
        plain = [d.display.to(words.language) for d in catalog.dimensions.values() if not d.role]
        draw_pairs([(words("kinds_dimension"), stop.join(plain))])
        if st.button(words("here_catalog"), key="to-catalog", icon=":material/menu_book:"):
            go_to("catalog")


def _days(visit: Visit) -> str:
    """From the first to the last loaded day of anything that this person may ask for."""
    loads, words = visit.desk.agent.loads(), visit.words
    days = [day for name in visit.narrowed.catalog.datasets for day in loads.dates(name)]
    if not days:
        return ""
    first, last = (format_period(day.isoformat(), words.language) for day in (min(days), max(days)))
    return words("here_span", first=first, last=last)
