"""Reads a bounded sample of one table and tells what its columns look like.

A column that looks personal is not selected. One that cannot be read does not take the others with it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlglot
from sqlglot import exp

from t2sql.onboarding.date_texts import SURE, date_format_of, marks_among
from t2sql.onboarding.introspect import FoundColumn, FoundTable, NotRead, Reader, column_of, source_of
from t2sql.onboarding.kept import Kept
from t2sql.onboarding.personal import personal_by_name, personal_by_values
from t2sql.onboarding.profile import TEXT_CUT, profile_of
from t2sql.onboarding.proofs import Proofs
from t2sql.onboarding.survey import Guess, Reason, SurveyedColumn, SurveyedTable, from_json, to_json
from t2sql.onboarding.units import unit_of

_SECONDS = 30.0
_COUNTED_ROWS = 5_000_000
_UNKNOWN = Guess("other", 0.0, Reason("", ""))


def profiled(reader: Reader, table: FoundTable, folder: Kept, proofs: Proofs, sampled_rows: int) -> SurveyedTable:
    """The table with its columns' profiles; keys, roles and its kind are still to come."""
    earlier = folder.table(table)
    if earlier is not None:
        try:
            found: SurveyedTable = from_json(SurveyedTable, earlier)
            return found
        except (KeyError, TypeError, ValueError):
            pass
    proofs.forget(table)
    counted = None
    if table.estimated_rows < _COUNTED_ROWS:
        counted = proofs.rows_of(table)
    rows = counted if counted is not None else table.estimated_rows
    columns, trouble = _columns(reader, table, rows, sampled_rows, proofs)
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


def _columns(
    reader: Reader, table: FoundTable, rows: int, sampled_rows: int, proofs: Proofs
) -> tuple[tuple[SurveyedColumn, ...], str]:
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
        if confirmed := personal_by_values(column, values):
            columns.append(_bare(column, confirmed))
            continue
        is_whole = rows >= 0 and len(values) >= rows
        profile = profile_of(column, values, is_whole=is_whole)
        dated = date_format_of(column, values)
        columns.append(
            replace(
                _bare(column, None),
                profile=profile,
                date_format=dated,
                date_marks=_marks(table, column, dated, values, proofs, is_whole=is_whole),
                is_filled=_is_filled(table, column, dated, values, proofs, is_whole=is_whole),
                unit=unit_of(column),
            )
        )
    return tuple(columns), ""


def _marks(
    table: FoundTable, column: FoundColumn, dated: Guess | None, values: list[Any], proofs: Proofs, *, is_whole: bool
) -> tuple[str, ...] | None:
    """What stands for no date in a column of dates kept otherwise, over all rows; None where one row cannot be read."""
    if dated is None or dated.score < SURE:
        return None
    found = marks_among(values, dated.what)
    return found if is_whole or found is None else proofs.marks(table, column.name, dated.what)


def _is_filled(
    table: FoundTable, column: FoundColumn, dated: Guess | None, values: list[Any], proofs: Proofs, *, is_whole: bool
) -> bool:
    """Whether every row has the date that `column` may hold; False for other columns, which nobody asks."""
    if not (column.kind in ("date", "timestamp") or dated) or None in values:
        return False
    if is_whole or not column.is_nullable:
        return bool(values)
    return proofs.has_nulls(table, column.name) is False


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
            text = (
                exp.cast(value, "TEXT")
                if "char" not in column.type.lower() and "text" not in column.type.lower()
                else value
            )
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
