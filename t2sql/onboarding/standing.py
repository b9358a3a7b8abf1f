"""Each table as relationships need it: what its rows are called, and the keys that tell them apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from t2sql.onboarding.introspect import FoundTable
from t2sql.onboarding.keys import found_keys, own_key_score
from t2sql.onboarding.name_evidence import chinese_name
from t2sql.onboarding.name_parts import Parts, column_parts, shared_start, singular, table_stem, words_of
from t2sql.onboarding.proofs import Proofs
from t2sql.onboarding.survey import Key, Profile, Reason, SurveyedTable


@dataclass(frozen=True, slots=True)
class Standing:
    """One table as relationships need it."""

    found: FoundTable
    rows: int
    """-1: unknown."""
    stems: tuple[tuple[str, ...], ...]
    prefix: tuple[str, ...]
    profiles: Mapping[str, Profile]
    """Of sampled columns."""
    unsampled: frozenset[str]
    """Columns that look like a person's number: their names count, and of their values only how many agree."""
    keys: tuple[Key, ...]
    """The primary one first where there is one."""
    has_primary: bool

    @property
    def names(self) -> dict[str, Parts]:
        """Each column's name apart, without what they share."""
        return {column.name: column_parts(column.name, self.prefix) for column in self.found.columns}

    def is_read(self, column: str) -> bool:
        """Whether something of the column's values may be asked for."""
        return column in self.profiles or column in self.unsampled


def stems_of(table: FoundTable, dropped: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """What a table's rows are, by its name and by its Chinese comment."""
    stems = [table_stem(table.name, dropped)]
    if (told := chinese_name(table.comment)) and (stem := table_stem(told)) not in stems:
        stems.append(stem)
    return tuple(stem for stem in stems if stem)


def shared_by_tables(tables: Sequence[FoundTable]) -> dict[str, tuple[str, ...]]:
    """For each schema, the leading words that nearly all of its tables share, unless a table bears just them."""
    found = {}
    for schema in {table.schema for table in tables}:
        names = [table.name for table in tables if table.schema == schema]
        start = shared_start(names, least=4, share=0.8)
        bare = {tuple(singular(word) for word in words_of(name)) for name in names}
        found[schema] = () if tuple(singular(word) for word in start) in bare else start
    return found


def shared_by_columns(table: FoundTable) -> tuple[str, ...]:
    """The leading words that all columns of a table share."""
    return shared_start([column.name for column in table.columns], least=3)


def standings_of(tables: list[FoundTable], surveyed: list[SurveyedTable], proofs: Proofs) -> list[Standing]:
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
            owned = {
                c.name
                for c in table.columns
                if owners.get((table.schema, column_parts(c.name)), table.path) != table.path
            }
            guessed = found_keys(
                table, profiles, seen.rows, proofs, names=names, stem=stem[0] if stem else (), owned_elsewhere=owned
            )
            declared = {key.columns for key in keys}
            keys = (*(key for key in guessed if key.columns not in declared), *keys)
        standings.append(Standing(table, seen.rows, stem, prefix, profiles, unsampled, keys, bool(keys)))
    return standings


def _owners(tables: list[FoundTable], stems: list[tuple[tuple[str, ...], ...]]) -> dict[tuple[str, Parts], str]:
    """Which table a column's name is the key of, by schema and name; only where the names leave no doubt."""
    best: dict[tuple[str, Parts], tuple[float, str]] = {}
    for table, stem in zip(tables, stems, strict=True):
        for column in table.columns:
            parts = column_parts(column.name)
            if parts.is_bare or not parts.ending:
                continue
            score = max((own_key_score(table, column, parts, one)[0] for one in stem), default=0.0)
            known, _ = best.get((table.schema, parts), (0.0, ""))
            if score >= 0.7 and score >= known:
                # Two that own it equally leave doubt.
                best[table.schema, parts] = (score, "" if score == known else table.path)
    return {name: path for name, (_, path) in best.items() if path}


def _declared_keys(table: FoundTable) -> tuple[Key, ...]:
    reason = Reason("数据库声明的主键。", "The database declares this primary key.")
    unique = Reason("数据库声明的唯一约束。", "The database declares it unique.")
    keys = [Key(table.primary_key, True, 1.0, reason)] if table.primary_key else []
    keys += [Key(columns, True, 1.0, unique) for columns in table.unique_keys if columns != table.primary_key]
    return tuple(keys)
