"""One entry of the catalog: everything that is known about a metric, a dimension or a topic.

Shows what a narrowed catalog holds and decides nothing; whom else it is shown to stands only before who sees all.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import streamlit as st

from t2sql.audiences import Audience, find_audiences, sees_all
from t2sql.catalog import Catalog, Dimension, Metric
from t2sql.check import check_metric
from t2sql.definitions import Definitions, Listed, Shelf, has_dimension, tell_rows, tell_term, tell_time, tell_topic
from t2sql.findings import Finding
from t2sql.flow import Defined, Loads
from t2sql.lineage import Lineage, metric_lineage, used_in
from t2sql.policy import Narrowed
from t2sql.wording import in_language
from ui.catalog.asking import draw_readings
from ui.catalog.dimension import draw_levels, draw_values
from ui.catalog.listing import draw_names, draw_topics, open_entry
from ui.catalog.picture import draw_lineage
from ui.desk import Desk
from ui.frame import Visit
from ui.parts.blocks import draw_grid, draw_line, draw_notice, draw_pairs, draw_title
from ui.words import Words

EVERY = 1000
"""Long enough for any list of names."""


def draw_entry(line: Listed, shelf: Shelf, visit: Visit) -> None:
    """The entry of one line of the list. Raises WarehouseError when it cannot be said what is loaded."""
    words = visit.words
    loads = visit.desk.agent.loads()
    definitions = visit.desk.agent.definitions(visit.narrowed, loads)
    with st.container(key="entry", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", key="entry-title"):
            draw_title(line.display.to(words.language))
            st.button(
                words("catalog_close"), key="catalog-close", on_click=open_entry, args=("",), icon=":material/close:"
            )
        if line.kind == "topic":
            _draw_topic(line, definitions, visit)
        else:
            term = definitions.define(line.name)
            if term is not None and term.kind == "metric":
                _draw_metric(term, definitions, loads, visit)
            elif term is not None:
                _draw_dimension(term, definitions, shelf, visit)
        if sees_all(visit.narrowed, visit.desk.agent.catalog):
            _draw_audiences(line.name, visit)


def _draw_metric(term: Defined, definitions: Definitions, loads: Loads, visit: Visit) -> None:
    words, catalog = visit.words, visit.narrowed.catalog
    language, metric = words.language, catalog.metrics[term.name]
    # What opens by a click stands below.
    draw_pairs(tell_term(replace(term, alike=()), language, most=EVERY))
    if len(term.versions) > 1:
        _draw_versions(term, words)
    _draw_limits(visit)
    _draw_try(term.name, definitions, visit)
    draw_title(words("entry_time"))
    draw_pairs(tell_time(metric, catalog, loads, language))
    lineage = metric_lineage(metric, catalog)
    draw_title(words("entry_lineage"))
    draw_lineage(lineage, words)
    _draw_neighbours(term, lineage, visit)
    _draw_findings(metric, visit)


def _draw_versions(term: Defined, words: Words) -> None:
    language = words.language
    draw_title(words("entry_versions"))
    heads = ("entry_version", "entry_span", "entry_formula", "entry_note")
    draw_grid(
        [words(head) for head in heads],
        [
            (
                version.version,
                f"{version.effective_from} – {version.effective_to or words('entry_in_force')}",
                version.told.to(language),
                in_language(version.note, language),
            )
            for version in term.versions
        ],
    )


def _draw_neighbours(term: Defined, lineage: Lineage, visit: Visit) -> None:
    """Other metrics, to open."""
    words, metrics = visit.words, visit.narrowed.catalog.metrics
    groups = {
        "entry_below": [thing.name for thing in lineage.made_of()],
        "entry_above": used_in(term.name, visit.narrowed.catalog),
        "entry_alike": [named.name for named in term.alike],
    }
    for title, names in groups.items():
        called = [(name, metrics[name].display.to(words.language)) for name in names]
        draw_names(words(title), called, f"{title}-{term.name}-{words.language}")


def _draw_findings(metric: Metric, visit: Visit) -> None:
    """What `check` says of it; where in the files only to who may see all of them."""
    words, catalog = visit.words, visit.desk.agent.catalog
    is_whole = sees_all(visit.narrowed, catalog)
    findings = _findings(visit.narrowed.fingerprint, metric.name, visit.narrowed)
    told = [
        (f"{_file(finding)}{finding.message}" if is_whole else finding.message, finding.hint) for finding in findings
    ]
    if is_whole:
        told += [(warning, "") for warning in catalog.warnings if repr(metric.name) in warning]
    draw_title(words("entry_quality"))
    if not told:
        draw_line(words("entry_sound"), is_quiet=True)
    for message, hint in told:
        draw_notice("warn", "", [message, hint])


def _file(finding: Finding) -> str:
    return f"{Path(finding.place).name}: "


@st.cache_data(show_spinner=False, max_entries=2000)
def _findings(fingerprint: str, name: str, _narrowed: Narrowed) -> list[Finding]:
    return check_metric(_narrowed.catalog.metrics[name], _narrowed.catalog)


def _draw_dimension(term: Defined, definitions: Definitions, shelf: Shelf, visit: Visit) -> None:
    words, catalog = visit.words, visit.narrowed.catalog
    dimension = catalog.dimensions[term.name]
    draw_pairs(tell_term(replace(term, values=()), words.language))
    draw_levels(dimension, visit)
    _draw_limits(visit)
    draw_values(dimension, visit)
    _draw_try(term.name, definitions, visit)
    split = [line for line in shelf.lines if line.kind == "metric" and _has(line, dimension, catalog)]
    if split:
        draw_title(words("entry_measures"))
        draw_topics(shelf, words, {line.name for line in split})


def _has(line: Listed, dimension: Dimension, catalog: Catalog) -> bool:
    return has_dimension(catalog.metrics[line.name], dimension, catalog)


def _draw_topic(line: Listed, definitions: Definitions, visit: Visit) -> None:
    words = visit.words
    topic = definitions.topic(line.name, words.language)
    if line.description:
        draw_line(in_language(line.description, words.language))
    if topic is None:
        return
    draw_pairs(tell_topic(topic, words.language, with_examples=False)[1:])
    names = [(named.name, named.display.to(words.language)) for named in topic.metrics]
    draw_names(words("entry_topic_metrics"), names, f"topic-{line.name}-{words.language}")
    if topic.examples:
        draw_title(words("entry_try"))
        draw_readings(topic.examples, visit, f"try-{line.name}")


def _draw_try(name: str, definitions: Definitions, visit: Visit) -> None:
    examples = definitions.examples(name, visit.words.language)
    if examples:
        draw_title(visit.words("entry_try"))
        draw_readings(examples, visit, f"try-{name}")


def _draw_limits(visit: Visit) -> None:
    """Which rows this person sees, where they are limited."""
    rows = tell_rows(visit.narrowed.row_rules, visit.narrowed.catalog, visit.words.language)
    if rows:
        draw_line(visit.words("entry_limited", rows=rows), is_quiet=True)


def _draw_audiences(name: str, visit: Visit) -> None:
    """The roles that see it: only for people who see everything themselves."""
    words, catalog = visit.words, visit.desk.agent.catalog
    rows = [
        (
            in_language(audience.description, words.language) or audience.role,
            tell_rows(audience.rows, catalog, words.language) or words("entry_every_row"),
        )
        for audience in _audiences(catalog.fingerprint, visit.desk)
        if name in audience.names
    ]
    draw_title(words("entry_rights"))
    draw_grid([words("entry_role"), words("entry_rows")], rows)


@st.cache_resource(show_spinner=False, max_entries=4)
def _audiences(fingerprint: str, _desk: Desk) -> tuple[Audience, ...]:
    return find_audiences(_desk.agent.catalog, _desk.agent.policies)
