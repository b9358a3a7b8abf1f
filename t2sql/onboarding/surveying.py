"""Surveys a database: what it declares, what a bounded sample of it looks like, and what follows from both.

Read-only, resumable, cancellable. One table or column that cannot be read is told and left out, never the end of the
rest. No value of a column that looks personal is selected, let alone kept.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlglot
from sqlglot import exp

from t2sql.errors import Cancelled
from t2sql.onboarding.introspect import FoundColumn, FoundTable, NotRead, Reader, column_of, source_of
from t2sql.onboarding.kept import Kept
from t2sql.onboarding.keys import found_keys, own_key_score
from t2sql.onboarding.name_parts import Parts, column_parts
from t2sql.onboarding.personal import personal_by_name, personal_by_values
from t2sql.onboarding.profile import SAMPLED_ROWS, TEXT_CUT, date_format_of, profile_of
from t2sql.onboarding.proofs import Proofs
from t2sql.onboarding.relationships import (
    Standing,
    declared_links,
    inferred_links,
    shared_by_columns,
    shared_by_tables,
    stems_of,
    with_roles,
)
from t2sql.onboarding.roles import role_of
from t2sql.onboarding.survey import (
    Guess,
    Key,
    Link,
    Profile,
    Reason,
    Survey,
    SurveyedColumn,
    SurveyedTable,
    from_json,
    path_of,
    to_json,
)
from t2sql.onboarding.table_kinds import kind_of_table, time_column_of
from t2sql.onboarding.units import unit_of

Progress = Callable[[str, float], None]
_SECONDS = 30.0
_COUNTED_ROWS = 5_000_000
_SHARE_OF_PROFILING = 0.8
_UNKNOWN = Guess("other", 0.0, Reason("", ""))


def survey(
    reader: Reader,
    *,
    progress: Progress = lambda what, share: None,
    cancel: threading.Event | None = None,
    kept: Path | None = None,
    use_declared: bool = True,
    sampled_rows: int = SAMPLED_ROWS,
) -> Survey:
    """All that `reader` sees. `progress` gets what is being done and the share done, 0 to 1.

    `kept`: a folder for what is found out on the way; a run that was stopped goes on from there, and `forget_kept`
    removes it. `use_declared` False reads no declared keys, to try the inference. Raises Cancelled,
    WarehouseUnavailable.
    """
    progress("", 0.0)
    tables = reader.tables()
    if not use_declared:
        tables = [replace(table, primary_key=(), unique_keys=(), foreign_keys=()) for table in tables]
    folder = Kept(kept, reader.shown)
    proofs = Proofs(reader, folder.proofs())
    surveyed = []
    for place, table in enumerate(tables):
        _go_on(cancel)
        progress(table.path, _SHARE_OF_PROFILING * place / max(len(tables), 1))
        surveyed.append(_profiled(reader, table, folder, proofs, sampled_rows))
    folder.keep_proofs(proofs.kept)
    standings = _standings(tables, surveyed, proofs)
    folder.keep_proofs(proofs.kept)

    def told(share: float) -> None:
        _go_on(cancel)
        folder.keep_proofs(proofs.kept)
        progress("", _SHARE_OF_PROFILING + (1 - _SHARE_OF_PROFILING) * share)

    known = declared_links(standings) if use_declared else []
    links = with_roles([*known, *inferred_links(standings, proofs, known=known, progress=told)])
    finished = tuple(_finished(standing, table, links) for standing, table in zip(standings, surveyed, strict=True))
    progress("", 1.0)
    return Survey(reader.shown, reader.dialect, finished, tuple(links), _notes(finished))


def forget_kept(reader: Reader, kept: Path) -> None:
    """Remove what an unfinished survey of this source left in `kept`."""
    Kept(kept, reader.shown).forget()


def _go_on(cancel: threading.Event | None) -> None:
    if cancel is not None and cancel.is_set():
        raise Cancelled("The survey was stopped.", "Run it again: it goes on where it stopped.")


def _profiled(reader: Reader, table: FoundTable, folder: Kept, proofs: Proofs, sampled_rows: int) -> SurveyedTable:
    """The table with its columns' profiles; keys, roles and its kind are still to come."""
    earlier = folder.table(table)
    if earlier is not None:
        try:
            found: SurveyedTable = from_json(SurveyedTable, earlier)
            return found
        except (KeyError, TypeError, ValueError):
            pass
    counted = None
    if table.estimated_rows < _COUNTED_ROWS:
        counted = proofs.rows_of(table)
    rows = counted if counted is not None else table.estimated_rows
    columns, trouble = _columns(reader, table, rows, sampled_rows)
    if counted is None and table.estimated_rows < 0 and not trouble:
        trouble = "its rows could not be counted"
    surveyed = SurveyedTable(
        schema=table.schema,
        name=table.name,
        is_view=table.is_view,
        comment=table.comment,
        rows=rows,
        is_counted=counted is not None,
        columns=columns,
        primary_key=None,
        unique_keys=(),
        time_column=None,
        kind=_UNKNOWN,
        trouble=trouble,
    )
    folder.keep_table(table, to_json(surveyed))
    return surveyed


def _columns(reader: Reader, table: FoundTable, rows: int, sampled_rows: int) -> tuple[tuple[SurveyedColumn, ...], str]:
    """Every column with its profile where it may be sampled, and why the table could not be read ("" when it was)."""
    personal = {column.name: guess for column in table.columns if (guess := personal_by_name(table, column))}
    wanted = [column for column in table.columns if column.name not in personal and column.kind != "other"]
    troubles: dict[str, str] = {}
    try:
        sampled = _sampled(reader, table, wanted, rows, sampled_rows)
    except NotRead as error:
        sampled, troubles = _one_by_one(reader, table, wanted, rows, sampled_rows)
        if wanted and len(troubles) == len(wanted):
            bare = tuple(_bare(column, personal.get(column.name)) for column in table.columns)
            return bare, error.message
    columns = []
    for column in table.columns:
        if column.name not in sampled:
            columns.append(replace(_bare(column, personal.get(column.name)), trouble=troubles.get(column.name, "")))
            continue
        values = sampled[column.name]
        texts = list({str(value) for value in values if value is not None})
        if confirmed := personal_by_values(column, texts):
            columns.append(_bare(column, confirmed))
            continue
        is_whole = rows >= 0 and len(values) >= rows
        profile = profile_of(column, values, is_whole=is_whole)
        columns.append(
            replace(_bare(column, None), profile=profile, date_format=date_format_of(column, values), unit=unit_of(column))
        )
    return tuple(columns), ""


def _bare(column: FoundColumn, personal: Guess | None) -> SurveyedColumn:
    return SurveyedColumn(
        column.name, column.type, column.kind, column.is_nullable, column.comment, role=_UNKNOWN, personal=personal
    )


def _sampled(
    reader: Reader, table: FoundTable, columns: list[FoundColumn], rows: int, sampled_rows: int
) -> dict[str, list[Any]]:
    """A bounded sample's values by column, long texts cut. Raises NotRead."""
    if not columns or rows == 0:
        return {column.name: [] for column in columns}
    shown: list[exp.Expr] = []
    for place, column in enumerate(columns):
        value: exp.Expr = column_of(column.name)
        if column.kind == "text":
            text = exp.cast(value, "TEXT") if "char" not in column.type.lower() and "text" not in column.type.lower() else value
            value = exp.Left(this=text, expression=exp.Literal.number(TEXT_CUT))
        shown.append(exp.alias_(value, f"c{place}"))
    select = reader.sample(table, sqlglot.select(*shown).from_(source_of(table)), sampled_rows, of_rows=rows)
    found = reader.rows(select, timeout_seconds=_SECONDS)
    return {column.name: [row[place] for row in found] for place, column in enumerate(columns)}


def _one_by_one(
    reader: Reader, table: FoundTable, columns: list[FoundColumn], rows: int, sampled_rows: int
) -> tuple[dict[str, list[Any]], dict[str, str]]:
    """As `_sampled`, each column alone: one that fails does not take the others with it."""
    sampled: dict[str, list[Any]] = {}
    troubles: dict[str, str] = {}
    for column in columns:
        try:
            sampled |= _sampled(reader, table, [column], rows, sampled_rows)
        except NotRead as error:
            troubles[column.name] = error.message
            if len(troubles) == 3 and not sampled:
                # Three failed and none worked: it is the table.
                return {}, {one.name: error.message for one in columns}
    return sampled, troubles


def _standings(tables: list[FoundTable], surveyed: list[SurveyedTable], proofs: Proofs) -> list[Standing]:
    """Every table with its keys, declared or guessed; the primary one first."""
    dropped = shared_by_tables(tables)
    stems = [stems_of(table, dropped[table.schema]) for table in tables]
    owners = _owners(tables, stems)
    standings = []
    for table, seen, stem in zip(tables, surveyed, stems, strict=True):
        profiles = {column.name: column.profile for column in seen.columns if column.profile}
        unsampled = frozenset(c.name for c in seen.columns if c.personal and c.personal.what in ("card", "identity"))
        prefix = shared_by_columns(table)
        keys = _declared_keys(table)
        if not table.primary_key:
            names = {column.name: column_parts(column.name, prefix) for column in table.columns}
            owned = {c.name for c in table.columns if owners.get((table.schema, column_parts(c.name)), table.path) != table.path}
            guessed = found_keys(
                table, profiles, seen.rows, proofs, names=names, stem=stem[0] if stem else (), owned_elsewhere=owned
            )
            declared = {key.columns for key in keys}
            keys = (*(key for key in guessed if key.columns not in declared), *keys)
        standings.append(Standing(table, seen.rows, stem, prefix, profiles, unsampled, keys, bool(keys)))
    return standings


def _owners(
    tables: list[FoundTable], stems: list[tuple[tuple[str, ...], ...]]
) -> dict[tuple[str, Parts], str]:
    """Which table a column's name is the key of, by schema and name; only where the names leave no doubt."""
    best: dict[tuple[str, Parts], tuple[float, str]] = {}
    for table, stem in zip(tables, stems, strict=True):
        for column in table.columns:
            parts = column_parts(column.name)
            if parts.is_bare or not parts.ending:
                continue
            score = max((own_key_score(table, column, parts, one)[0] for one in stem), default=0.0)
            if score >= 0.7 and score > best.get((table.schema, parts), (0.0, ""))[0]:
                best[table.schema, parts] = (score, table.path)
    return {name: path for name, (_, path) in best.items()}


def _declared_keys(table: FoundTable) -> tuple[Key, ...]:
    reason = Reason("数据库声明的主键。", "The database declares this primary key.")
    unique = Reason("数据库声明的唯一约束。", "The database declares it unique.")
    keys = [Key(table.primary_key, True, 1.0, reason)] if table.primary_key else []
    keys += [Key(columns, True, 1.0, unique) for columns in table.unique_keys if columns != table.primary_key]
    return tuple(keys)


def _finished(standing: Standing, table: SurveyedTable, links: Sequence[Link]) -> SurveyedTable:
    """`table` with its keys, the roles of its columns, its time column and its kind."""
    path = standing.found.path
    leading = {column for link in links if link.many == path for column in link.many_columns}
    is_referenced = any(link.one == path for link in links)
    primary = standing.keys[0] if standing.keys else None
    in_key = {column for key in standing.keys[:1] for column in key.columns}
    in_key |= {key.columns[0] for key in standing.keys if len(key.columns) == 1}
    # A natural key is what a thing is called, too.
    in_key -= {c.name for c in table.columns if c.kind == "text" and standing.names[c.name].ending not in ("id", "code")}
    dated = {c.name for c in table.columns if c.kind in ("date", "timestamp") or c.date_format} - {
        c.name for c in table.columns if c.personal
    }
    stem = standing.stems[0] if standing.stems else ()
    time_column = time_column_of(standing.found, dated, dict(standing.profiles), stem)
    has_time = time_column is not None and time_column.score >= 0.5
    told = f"{table.name} {table.comment}"
    columns = tuple(
        _unlisted(
            column,
            role_of(
                found,
                column.profile,
                table=told,
                is_key=column.name in in_key and column.name not in leading,
                is_link=column.name in leading,
                is_dated_text=column.date_format is not None,
                has_time=has_time,
                is_lookup=is_referenced and not has_time,
            ),
        )
        for found, column in zip(standing.found.columns, table.columns, strict=True)
    )
    measures = sum(1 for column in columns if column.role.what in ("additive", "stock"))
    kind = kind_of_table(
        standing.found,
        table.rows,
        time_column=time_column,
        primary_key=primary,
        links=sorted(leading),
        measures=measures,
        is_referenced=is_referenced,
    )
    return replace(
        table,
        columns=columns,
        primary_key=primary,
        unique_keys=standing.keys[1:],
        time_column=time_column,
        kind=kind,
    )


def _unlisted(column: SurveyedColumn, role: Guess) -> SurveyedColumn:
    """`column` in its role; keys and dates are no lists, however few rows there are."""
    profile = column.profile
    if profile and role.what in ("key", "link", "time"):
        profile = replace(profile, values=(), is_complete_list=False)
    return replace(column, role=role, profile=profile)


def _notes(tables: Sequence[SurveyedTable]) -> tuple[Reason, ...]:
    """What could not be read, one note a table or column."""
    notes = []
    for table in tables:
        path = path_of(table)
        if table.trouble:
            notes.append(Reason(f"读不了 {path!r}：{table.trouble}", f"{path!r} could not be read: {table.trouble}"))
        for column in table.columns:
            if column.trouble:
                name = f"{path}.{column.name}"
                notes.append(Reason(f"读不了 {name!r}：{column.trouble}", f"{name!r} could not be read: {column.trouble}"))
    return tuple(notes)
