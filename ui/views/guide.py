"""The guide: one page on asking, reading, correcting and what there is. Its questions work for whoever reads it."""

from __future__ import annotations

from itertools import groupby

import streamlit as st

from t2sql.definitions import tell_load, tell_rows
from t2sql.flow import Reading
from ui.asking.examples import Names
from ui.asking.ways import FOLLOW_UPS, ways_of_asking
from ui.catalog.asking import draw_readings
from ui.frame import Visit
from ui.parts.blocks import draw_grid, draw_line, draw_pairs, draw_title
from ui.parts.keys import SHORTCUTS
from ui.words import Words

READ = ("headline", "understood", "chart", "proof", "note")
REFUSED = ("unknown", "unsure", "wrong", "future", "write")
CORRECT = ("words", "sql", "judge")


def draw(visit: Visit) -> None:
    """The whole page. Raises WarehouseError when it cannot be said what is loaded."""
    words = visit.words
    with st.container(key="guide", gap="xsmall"):
        _draw_asking(visit)
        draw_title(words("guide_read"))
        draw_pairs(_rows("read", READ, words))
        draw_title(words("guide_refused"))
        draw_grid([words("refused_what"), words("refused_why")], _rows("refused", REFUSED, words))
        draw_title(words("guide_correct"))
        draw_pairs(_rows("correct", CORRECT, words))
        draw_title(words("guide_keys"))
        draw_line(words("guide_keys_text"), is_quiet=True)
        draw_grid([words("guide_key"), words("guide_does")], [(key, words(does)) for key, does in SHORTCUTS])
        _draw_data(visit)


def _rows(section: str, names: tuple[str, ...], words: Words) -> list[tuple[str, str]]:
    return [(words(f"{section}_{name}"), words(f"{section}_{name}_text")) for name in names]


def _draw_asking(visit: Visit) -> None:
    """How to ask, with questions to click, and how to ask on."""
    words, catalog, last = visit.words, visit.narrowed.catalog, visit.desk.last_load()
    draw_title(words("guide_ask"))
    draw_line(words("guide_ask_text"))
    ways = ways_of_asking(catalog, last, words.language)
    if ways:
        draw_line(words("guide_ask_click"), is_quiet=True)
    for kind, group in groupby(ways, lambda way: way.kind):
        name, questions = st.columns([1, 6], vertical_alignment="center")
        with name:
            draw_line(words(f"way_{kind}"), is_quiet=True)
        with questions:
            draw_readings([Reading(way.text, "") for way in group], visit, f"way-{kind}")
    first = Names(catalog, last, words.language).by_level() if last and catalog.metrics else ""
    if first:
        draw_title(words("guide_follow"))
        draw_line(words("guide_follow_text", first=first))
        told = [f"“{follow[0 if words.language == 'zh' else 1]}”" for follow in FOLLOW_UPS]
        draw_line(("、" if words.language == "zh" else ", ").join(told))
        draw_line(words("guide_fresh"), is_quiet=True)


def _draw_data(visit: Visit) -> None:
    """What is loaded, fact by fact, and the rows that this person is limited to."""
    words, catalog = visit.words, visit.narrowed.catalog
    loads = visit.desk.agent.loads()
    draw_title(words("guide_data"))
    if visit.narrowed.row_rules:
        draw_pairs([(words("here_rows"), tell_rows(visit.narrowed.row_rules, catalog, words.language))])
    draw_grid(
        [words("catalog_topic"), words("guide_loads")],
        [
            (dataset.display.to(words.language), tell_load(dataset, loads, words.language))
            for dataset in catalog.facts()
            if loads.dates(dataset.name)
        ],
    )
