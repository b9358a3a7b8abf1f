"""The members of a dimension on its entry: its levels, and the values that this person may see."""

from __future__ import annotations

import streamlit as st

from t2sql.catalog import Dimension
from t2sql.definitions.shelf import loose
from t2sql.errors import WarehouseError
from t2sql.policy import Narrowed
from t2sql.wording import format_period
from ui.asking.work import LOG
from ui.desk import Desk
from ui.frame import Visit
from ui.parts.blocks import draw_grid, draw_line, draw_pairs, draw_title

MOST_VALUES = 50
LONGEST_SEARCH = 100
VALUES_SECONDS = 60
MOST_NAMES = 8


def draw_levels(dimension: Dimension, visit: Visit) -> None:
    """Its place among the levels of a hierarchy, from the widest to the narrowest."""
    catalog, words = visit.narrowed.catalog, visit.words
    called = [
        " › ".join(catalog.dimensions[level].display.to(words.language) for level in hierarchy.levels)
        for hierarchy in catalog.hierarchies
        if dimension.name in hierarchy.levels
    ]
    draw_pairs((words("entry_levels"), text) for text in called)


def draw_values(dimension: Dimension, visit: Visit) -> None:
    """Its values with their other names, of the rows that this person may see; at most 50, with a search."""
    words = visit.words
    item = visit.narrowed.catalog.field_of(dimension)
    draw_title(words("entry_values"))
    if not item.searchable:
        draw_line(words("entry_values_hidden"), is_quiet=True)
        return
    try:
        version = visit.desk.agent.warehouse.version()
        values = _values(visit.narrowed.fingerprint, version, dimension.name, visit.desk, visit.narrowed)
    except WarehouseError as error:
        LOG.warning("The values of %s could not be read: %s", dimension.name, error.message)
        draw_line(words("entry_values_failed"), is_quiet=True)
        return
    if not values:
        draw_line(words("entry_values_empty"), is_quiet=True)
    elif item.is_time:
        first, last = (format_period(day, words.language) for day in (min(values), max(values)))
        draw_line(words("entry_values_dates", first=first, last=last))
    else:
        _draw_listed(dimension, values, visit)


def _draw_listed(dimension: Dimension, values: dict[str, tuple[str, ...]], visit: Visit) -> None:
    words, text = visit.words, ""
    if len(values) > MOST_VALUES:
        text = st.text_input(
            words("entry_find_value"), key=f"values-{dimension.name}", max_chars=LONGEST_SEARCH,
            icon=":material/search:",
        )  # fmt: skip
    key = loose(text)
    found = [(v, names) for v, names in values.items() if not key or any(key in loose(n) for n in (v, *names))]
    if not found:
        draw_line(words("entry_values_none", text=text), is_quiet=True)
        return
    stop = "、" if words.language == "zh" else ", "
    shown = [
        (value, stop.join(list(dict.fromkeys(n for n in names if n != value))[:MOST_NAMES]))
        for value, names in found[:MOST_VALUES]
    ]
    draw_grid([words("entry_value"), words("entry_other_names")], shown)
    if len(found) > MOST_VALUES:
        draw_line(words("entry_values_shown", count=len(found), shown=MOST_VALUES), is_quiet=True)


@st.cache_data(show_spinner=False, max_entries=500, ttl=VALUES_SECONDS)
def _values(fingerprint: str, version: str, name: str, _desk: Desk, _narrowed: Narrowed) -> dict[str, tuple[str, ...]]:
    """Value -> its other names. The fingerprint tells names and rows, so that nobody is shown another's."""
    return _desk.agent.values_of(_narrowed, _narrowed.catalog.dimensions[name])
