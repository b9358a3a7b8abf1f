"""A folder of Parquet or CSV files as tables of DuckDB, which itself reaches no file.

Each file, or each folder of files, is a table of its name. pyarrow opens and reads them; DuckDB is locked as for a
file, and sees only what is registered. Nothing here may write into the folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from t2sql.errors import WarehouseUnavailable
from t2sql.warehouse.duckdb import LOCKED, DuckDbWarehouse, closed_config

if TYPE_CHECKING:
    import duckdb

KINDS = {".parquet": "parquet", ".pq": "parquet", ".csv": "csv", ".tsv": "tsv"}
HINT = "Put one Parquet or CSV file, or one folder of them, for each table into it."


def files_of(folder: Path) -> dict[str, tuple[str, tuple[Path, ...]]]:
    """Table name -> (parquet, csv or tsv; its files in order). Raises WarehouseUnavailable."""
    found: dict[str, tuple[str, tuple[Path, ...]]] = {}
    try:
        entries = sorted(entry for entry in folder.iterdir() if not entry.name.startswith((".", "_")))
        for entry in entries:
            files = tuple(sorted(_below(entry))) if entry.is_dir() else (entry,)
            kinds = {KINDS[file.suffix.lower()] for file in files if file.suffix.lower() in KINDS}
            if not kinds:
                continue
            if len(kinds) > 1:
                message = f"The folder of table {entry.name!r} holds files of two kinds."
                raise WarehouseUnavailable(message, HINT)
            name = entry.name if entry.is_dir() else entry.stem
            if name.lower() in {other.lower() for other in found}:
                raise WarehouseUnavailable(f"Two files or folders are both named {name!r}.", "Rename one of them.")
            found[name] = (kinds.pop(), tuple(f for f in files if f.suffix.lower() in KINDS))
    except OSError:
        raise WarehouseUnavailable(f"The folder {folder.name!r} cannot be read.", HINT) from None
    if not found:
        raise WarehouseUnavailable(f"The folder {folder.name!r} holds no Parquet or CSV file.", HINT)
    return found


def datasets_of(folder: Path) -> dict[str, Any]:
    """Table name -> pyarrow dataset. Raises WarehouseUnavailable."""
    import pyarrow as pa
    from pyarrow import csv
    from pyarrow import dataset as arrow

    found: dict[str, Any] = {}
    for name, (kind, files) in files_of(folder).items():
        # An empty cell of text is NULL, as in DuckDB's own reader; one in quotes is an empty text.
        convert = csv.ConvertOptions(strings_can_be_null=True, quoted_strings_can_be_null=False)
        parse = csv.ParseOptions(delimiter="\t" if kind == "tsv" else ",", newlines_in_values=True)
        shape = "parquet" if kind == "parquet" else arrow.CsvFileFormat(parse_options=parse, convert_options=convert)
        try:
            whole = folder / name
            if kind == "parquet" and whole.is_dir() and any(file.parent != whole for file in files):
                # Folders named `column=value` are columns.
                found[name] = arrow.dataset(list(map(str, files)), format=shape, partitioning="hive")
            else:
                found[name] = arrow.dataset(list(map(str, files)), format=shape)
        except (pa.ArrowInvalid, OSError):
            message = f"The files of table {name!r} cannot be read, or do not agree on their columns."
            raise WarehouseUnavailable(message, "Check the files, or take them out of the folder.") from None
    return found


def connect_folder(folder: Path, *, memory_limit: str, threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """A locked connection that has every table of `folder` and reaches nothing else. Raises WarehouseUnavailable.

    A cursor of it has no table: `register` gives it those it needs.
    """
    connection = _locked(folder, memory_limit, threads)
    for name, dataset in datasets_of(folder).items():
        connection.register(name, dataset)
    return connection


def _locked(folder: Path, memory_limit: str, threads: int | None) -> duckdb.DuckDBPyConnection:
    import duckdb

    config = closed_config(memory_limit, threads)
    connection = duckdb.connect(":memory:", config=config)
    with suppress(duckdb.Error):
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
    found = dict(connection.execute("SELECT name, value FROM duckdb_settings()").fetchall())
    # Nothing but memory is there to write to.
    if any(found.get(name) != value for name, value in LOCKED.items() if name != "access_mode"):
        connection.close()
        raise WarehouseUnavailable(f"The folder {folder.name!r} cannot be locked down.", "Report this.")
    return connection


class FolderWarehouse(DuckDbWarehouse):
    """One folder of Parquet or CSV. Opened at the first call, and again after a file has changed."""

    _datasets: Mapping[str, Any] = {}

    def _open(self) -> duckdb.DuckDBPyConnection:
        self._datasets = datasets_of(self._path)
        return _locked(self._path, self._memory_limit, self._threads)

    def _prepare(self, cursor: duckdb.DuckDBPyConnection, sql: str) -> None:
        # What is registered belongs to one cursor alone.
        asked = sql.casefold()
        for name, dataset in self._datasets.items():
            if name.casefold() in asked:
                cursor.register(name, dataset)

    def _now(self) -> tuple[int | str, ...]:
        try:
            stamps = [(str(file), *_stamp(file)) for _kind, files in files_of(self._path).values() for file in files]
        except (OSError, WarehouseUnavailable):
            return ()
        return tuple(part for stamp in stamps for part in stamp)

    def version(self) -> str:
        """Changes when a file does, comes or goes."""
        import hashlib

        return hashlib.sha256(super().version().encode()).hexdigest()


def _stamp(file: Path) -> tuple[int, int, int]:
    found = file.stat()
    return (found.st_ino, found.st_mtime_ns, found.st_size)


def _below(folder: Path) -> Iterator[Path]:
    """Files under `folder`, leaving out what writers of Parquet leave beside (`_SUCCESS`, `.crc`)."""
    for path in folder.rglob("*"):
        if path.is_file() and not path.name.startswith((".", "_")):
            yield path
