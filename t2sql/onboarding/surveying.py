"""Surveys a database: what it declares, what a bounded sample of it looks like, and what follows from both.

Read-only, resumable, cancellable. One table or column that cannot be read is told and left out, never the end of the
rest. No value of a column that looks personal is selected, let alone kept.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from t2sql.errors import Cancelled
from t2sql.onboarding.introspect import Reader
from t2sql.onboarding.kept import Kept
from t2sql.onboarding.labels import LABELS, is_of_labels
from t2sql.onboarding.profile import SAMPLED_ROWS
from t2sql.onboarding.proofs import Proofs
from t2sql.onboarding.relationships import declared_links, inferred_links, with_roles
from t2sql.onboarding.roles import role_of
from t2sql.onboarding.sampling import profiled
from t2sql.onboarding.standing import Standing, standings_of
from t2sql.onboarding.survey import Guess, Link, Reason, Survey, SurveyedColumn, SurveyedTable, path_of
from t2sql.onboarding.table_kinds import kind_of_table, time_column_of

Progress = Callable[[str, float], None]
_SHARE_OF_PROFILING = 0.8


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
        surveyed.append(profiled(reader, table, folder, proofs, sampled_rows))
    folder.keep_proofs(proofs.kept)
    standings = standings_of(tables, surveyed, proofs)
    folder.keep_proofs(proofs.kept)

    def told(share: float) -> None:
        _go_on(cancel)
        folder.keep_proofs(proofs.kept)
        progress("", _SHARE_OF_PROFILING + (1 - _SHARE_OF_PROFILING) * share)

    known = declared_links(standings) if use_declared else []
    links = with_roles([*known, *inferred_links(standings, proofs, known=known, progress=told)])
    finished = tuple(
        _finished(standing, table, links, proofs) for standing, table in zip(standings, surveyed, strict=True)
    )
    progress("", 1.0)
    return Survey(reader.shown, reader.dialect, finished, tuple(links), _notes(finished))


def forget_kept(reader: Reader, kept: Path) -> None:
    """Remove what an unfinished survey of this source left in `kept`."""
    Kept(kept, reader.shown).forget()


def _go_on(cancel: threading.Event | None) -> None:
    if cancel is not None and cancel.is_set():
        raise Cancelled("The survey was stopped.", "Run it again: it goes on where it stopped.")


def _finished(standing: Standing, table: SurveyedTable, links: Sequence[Link], proofs: Proofs) -> SurveyedTable:
    """`table` with its keys, the roles of its columns, its time column and its kind."""
    path = standing.found.path
    leading = {column for link in links if link.many == path for column in link.many_columns}
    is_referenced = any(link.one == path for link in links)
    primary = standing.keys[0] if standing.keys else None
    in_key = {column for key in standing.keys[:1] for column in key.columns}
    in_key |= {key.columns[0] for key in standing.keys if len(key.columns) == 1}
    # A natural key is what a thing is called, too.
    in_key -= {
        c.name for c in table.columns if c.kind == "text" and standing.names[c.name].ending not in ("id", "code")
    }
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
    if kind.what == "lookup" and not is_referenced and is_of_labels(standing.found, columns, leading, proofs):
        kind = LABELS
    return replace(
        table,
        columns=columns,
        primary_key=primary,
        unique_keys=standing.keys[1:],
        time_column=time_column,
        kind=kind,
        days=_days(standing, columns, time_column, proofs) if kind.what == "snapshot" else None,
    )


def _days(
    standing: Standing, columns: Sequence[SurveyedColumn], time_column: Guess | None, proofs: Proofs
) -> tuple[int, str, str] | None:
    """Which days a snapshot is of: how many, the first and the last; None where its time column holds no days."""
    column = next((c for c in columns if time_column and c.name == time_column.what), None)
    if column is None or (column.kind not in ("date", "timestamp") and column.date_marks is None):
        return None
    form = column.date_format.what if column.date_format else ""
    found = proofs.days(standing.found, column.name, form)
    return None if found is None else (found.different, found.first.isoformat(), found.last.isoformat())


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
            continue
        for column in table.columns:
            if column.trouble:
                name = f"{path}.{column.name}"
                notes.append(
                    Reason(f"读不了 {name!r}：{column.trouble}", f"{name!r} could not be read: {column.trouble}")
                )
    return tuple(notes)
