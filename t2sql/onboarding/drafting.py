"""A survey made into a drafted catalog: a definitions tree in our short form, each guess in it marked with its reason.

A pure function of the survey. It opens no database, reads no file and decides nothing that a person has changed: that
is `merging`'s to keep.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from t2sql.onboarding.comments import read_comment
from t2sql.onboarding.drafted_fields import Fields, guess_of
from t2sql.onboarding.drafted_links import drafted_links
from t2sql.onboarding.drafted_names import DraftedTable, flat_names, name_keys, roles_apart, shared_words
from t2sql.onboarding.earlier import Earlier
from t2sql.onboarding.measures import Measured, drafted_metrics
from t2sql.onboarding.naming import Called, Names, called, is_table_name, table_called, table_name
from t2sql.onboarding.role_words import STOCK_TABLES
from t2sql.onboarding.survey import Guess, Reason, Survey, SurveyedTable, is_unread, path_of
from t2sql.onboarding.table_kinds import SNAPSHOT_TABLE, is_snapshot_day

Tree = dict[str, Any]
NOTHING_EARLIER = Earlier()
SURE_SNAPSHOT = 0.6
SURE_TIME = 0.5
"""Below it the column says when the row was written, not when anything happened."""
_KEYS = (
    "display", "flat_name", "type", "unit", "is_enum", "members", "aliases", "searchable", "sensitivity",
    "time_dimension", "snapshot_grain", "guess",
)  # fmt: skip
"""The order of our extension's keys in the file."""
# A dot parts schema and table, and quotes end a name: what holds them has no one reading in every engine.
_UNSAID = re.compile(r"[.\"'`\\\[\]{}$]|^\s|\s$|^$")
_DEFAULT_SCHEMAS = {"duckdb": "main", "postgres": "public", "spark": "default"}


@dataclass(frozen=True, slots=True)
class Draft:
    """A drafted catalog."""

    tree: Tree
    """model.yml in our short form."""
    is_personal: bool
    """Whether anything in it looks personal."""
    notes: tuple[Reason, ...]
    """What could not be drafted, in plain words."""


def draft(survey: Survey, model: str, earlier: Earlier = NOTHING_EARLIER) -> Draft:
    """The catalog of `survey`, called `model`; what was drafted before keeps its names."""
    notes = list(survey.notes)
    drafted = list(_datasets(survey, model, notes, earlier))
    by_path = {path_of(one.table): one for one in drafted}
    names = {path: one.name for path, one in by_path.items()}
    columns = {one.name: one.fields.of_column for one in drafted}
    trees = {one.name: one.tree for one in drafted}
    flat = Names([model, *earlier.others, *earlier.flat.values(), *earlier.metrics.values()])
    links = drafted_links(survey, names, columns, trees, earlier)
    name_keys(links, drafted)
    flat_names(drafted, flat, earlier)
    roles_apart(links, trees, flat, earlier)
    shared = shared_words(drafted, lambda field: "dimension" not in field)
    metrics = [
        m
        for one in drafted
        for m in drafted_metrics(_measured(one, links, drafted, earlier, shared), flat, len(drafted))
    ]
    called_model = called(model, read_comment(""))
    told = survey.source if "://" in survey.source else Path(survey.source).name
    for one in drafted:
        for field in one.tree["fields"]:
            field["t2sql"] = {key: field["t2sql"][key] for key in _KEYS if key in field["t2sql"]}
    tree: Tree = {
        "version": "0.1.1",
        "semantic_model": [
            {
                "name": model,
                "description": f"从 {told} 起草，尚未签署。 / Drafted from {told}, not signed yet.",
                "t2sql": {"display": {"zh": called_model.display.zh, "en": called_model.display.en}},
                "datasets": [one.tree for one in drafted],
                **({"relationships": links} if links else {}),
                **({"metrics": metrics} if metrics else {}),
            }
        ],
    }
    is_personal = any("sensitivity" in field["t2sql"] for one in drafted for field in one.tree["fields"])
    return Draft(tree, is_personal, tuple(notes))


def _datasets(survey: Survey, model: str, notes: list[Reason], earlier: Earlier) -> Iterator[DraftedTable]:
    taken = Names([model, *earlier.datasets.values()], is_table_name)
    own = _DEFAULT_SCHEMAS.get(survey.dialect, "")
    for table in sorted(survey.tables, key=lambda t: t.schema not in ("", own)):
        source = _source(survey, table)
        if not source:
            notes.append(
                Reason(
                    f"表 {path_of(table)} 的名称无法写入 SQL，已略过；请为它建一个名称简单的视图。",
                    f"Table {path_of(table)!r} has a name that SQL here cannot say; give it a view with a plain name.",
                )
            )
            continue
        if is_unread(table) and source not in earlier.datasets:
            # Told already. What was drafted before stays: it may be read again tomorrow.
            continue
        plain, whole = table_name(table.name), table_name(table.name, is_whole=True)
        apart = table_name(f"{table.schema}_{table.name}", is_whole=True)
        # The schema tells two tables of one name apart; of one that is called like the whole catalog it tells nothing.
        others = (f"{plain}_rows", apart) if table.schema in ("", own) else (apart, f"{plain}_rows")
        name = earlier.datasets.get(source) or taken.take(plain, whole, *others)
        fields = Fields(table, name, earlier.fields)
        trees = fields.trees()
        if not trees:
            notes.append(
                Reason(
                    f"表 {path_of(table)} 没有可读的列。", f"Table {path_of(table)!r} has no column that can be read."
                )
            )
            continue
        words = table_called(table.name, read_comment(table.comment), table.schema if name == apart else "")
        tree = _dataset(table, name, source, trees, fields, words)
        yield DraftedTable(name, table, fields, tree, words)


def _source(survey: Survey, table: SurveyedTable) -> str:
    """The physical table as semantic definitions name it; "" where they cannot."""
    parts = [table.name]
    if table.schema and table.schema != _DEFAULT_SCHEMAS.get(survey.dialect):
        parts.insert(0, table.schema)
    return "" if any(_UNSAID.search(part) or not part.isprintable() for part in parts) else ".".join(parts)


def _dataset(table: SurveyedTable, name: str, source: str, trees: list[Tree], fields: Fields, words: Called) -> Tree:
    tree: Tree = {"name": name, "source": source}
    ours: Tree = {"display": {"zh": words.display.zh, "en": words.display.en}}
    reasons: list[Guess] = []
    if table.primary_key:
        tree["primary_key"] = list(table.primary_key.columns)
        if not table.primary_key.is_declared:
            reasons.append(Guess("primary_key", table.primary_key.score, table.primary_key.reason))
    if table.unique_keys:
        tree["unique_keys"] = [list(key.columns) for key in table.unique_keys]
        reasons += [Guess("unique_key", k.score, k.reason) for k in table.unique_keys if not k.is_declared]
    if table.comment:
        tree["description"] = " ".join(table.comment.split())
    if words.synonyms:
        tree["ai_context"] = {"synonyms": list(words.synonyms)}
    time = _time_field(table, fields, trees)
    if time and table.time_column:
        ours["time_dimension"] = time
        reasons.append(table.time_column)
        grain = _snapshot_grain(table, table.time_column.what)
        if grain:
            ours["snapshot_grain"] = grain
            reasons.append(table.kind)
    if reasons:
        ours["guess"] = guess_of(*reasons)
    return {**tree, "t2sql": ours, "fields": trees}


def _time_field(table: SurveyedTable, fields: Fields, trees: list[Tree]) -> str:
    """The field that dates the rows; "" where none does for every row: those without a date would be lost."""
    if table.time_column is None or table.time_column.score < SURE_TIME:
        return ""
    name = fields.of_column.get(table.time_column.what, "")
    column = next((c for c in table.columns if c.name == table.time_column.what), None)
    tree = next((t for t in trees if t["name"] == name), {})
    is_date = tree.get("dimension", {}).get("is_time") and tree["t2sql"].get("type") == "date"
    if column is None or not is_date or "sensitivity" in tree["t2sql"]:
        return ""
    is_whole = column.is_filled or not column.is_nullable
    return name if is_whole and not column.date_marks else ""


def _snapshot_grain(table: SurveyedTable, day: str) -> str:
    """How often the whole book is stored again, where the rows are keyed by thing and day; "" where they are not."""
    keys = [key for key in (table.primary_key, *table.unique_keys) if key]
    is_keyed = any(day in key.columns and len(key.columns) > 1 for key in keys)
    if table.kind.what != "snapshot" or table.kind.score < SURE_SNAPSHOT or not is_keyed:
        return ""
    if table.days is None or not _is_of_stocks(table, day):
        return ""
    different, first, last = table.days[0], date.fromisoformat(table.days[1]), date.fromisoformat(table.days[2])
    days = (last - first).days + 1
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    for grain, most in (("year", last.year - first.year + 1), ("quarter", months / 3 + 1), ("month", months)):
        if most * 0.75 <= different <= most:
            return grain
    return "day" if different >= days * 0.5 else ""


def _is_of_stocks(table: SurveyedTable, day: str) -> bool:
    """Whether the rows say how things stood on a day, not what happened on it: one row a thing and day does either.

    A name says so, else all its figures: a stock added up over time is wrong, and so is a flow that is not.
    """
    words = f"{table.name} {table.comment}"
    if STOCK_TABLES.search(words) or SNAPSHOT_TABLE.search(words) or is_snapshot_day(table.column(day)):
        return True
    roles = {column.role.what for column in table.columns}
    return "stock" in roles and "additive" not in roles


def _measured(
    one: DraftedTable, links: list[Tree], drafted: list[DraftedTable], earlier: Earlier, shared: frozenset[str]
) -> Measured:
    called_as = {other.name: other.called for other in drafted}
    fields = {field["name"]: field for field in one.tree["fields"]}
    by_column = one.fields.of_column
    pointing = tuple(
        (by_column[link["from_columns"][0]], called_as[link["to"]])
        for link in links
        if link["from"] == one.name
        and len(link["from_columns"]) == 1
        and link["from_columns"][0] in by_column
        and link["to"] != one.name
    )
    return Measured(
        one.name,
        one.table,
        one.called,
        by_column,
        one.fields.called,
        {name: field["t2sql"].get("unit", "") for name, field in fields.items()},
        frozenset(name for name, field in fields.items() if "sensitivity" in field["t2sql"]),
        frozenset(name for name, field in fields.items() if "dimension" in field),
        bool(one.tree["t2sql"].get("time_dimension")),
        bool(one.tree["t2sql"].get("snapshot_grain")),
        pointing,
        shared,
        earlier.metrics,
    )
