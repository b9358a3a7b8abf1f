"""A definition on the page: the sentence that answers, names side by side, topics with examples to click.

No business rule lives here: every word comes from the outcome.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from t2sql.definitions import tell_term, tell_topic
from t2sql.flow import Definition, Reading
from ui.parts.blocks import draw_line, draw_pairs, draw_title
from ui.parts.plain import to_label
from ui.words import Words

MOST_SIDE_BY_SIDE = 2


def draw_definition(found: Definition, words: Words, key: str, choose: Callable[[Reading], None]) -> None:
    """The whole outcome, in the question's language; a click on an example asks it."""
    language = found.question.language
    draw_line(found.text, words("definitions") if found.terms else "")
    places = st.columns(len(found.terms), gap="medium") if 1 < len(found.terms) <= MOST_SIDE_BY_SIDE else None
    for number, term in enumerate(found.terms):
        with places[number] if places else st.container():
            draw_title(term.display.to(language))
            draw_pairs(tell_term(term, language))
    for number, topic in enumerate(found.topics):
        draw_title(topic.display.to(language))
        # The examples stand below as buttons.
        draw_pairs(tell_topic(topic, language, with_examples=False))
        for place, example in enumerate(topic.examples):
            st.button(
                to_label(example.text), key=f"topic-{key}-{number}-{place}", on_click=choose, args=(example,),
                width="stretch", wrap=True,
            )  # fmt: skip
