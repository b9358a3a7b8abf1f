"""What `source` names, and that no part of it which is secret is ever shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from t2sql.addresses import shown_address, without_secrets
from t2sql.errors import ConfigError, T2sqlError
from t2sql.flow import Certified
from t2sql.settings import Settings, load
from t2sql.warehouse import open_source, source_of
from t2sql.warehouse.sources import parse_source

SECRETS = [
    "postgresql://wilhelmina:s3cret@db:5432/bank?sslmode=require",
    "mariadb://wilhelmina:s3cret@db/bank",
    "mysql+pymysql://db/bank?user=wilhelmina&password=s3cret",
    "sc://spark:15002/;use_ssl=true;token=s3cret;user_id=wilhelmina",
    "oracle+oracledb://wilhelmina:s3cret@db:1521/?service_name=bank",
]
NAMES = [
    ("bank.duckdb", "duckdb", "duckdb"),
    ("postgresql://db/bank", "postgres", "postgres"),
    ("postgres://db/bank", "postgres", "postgres"),
    ("postgresql+psycopg://db/bank", "postgres", "postgres"),
    ("mysql://db/bank", "mariadb", "mysql"),
    ("mariadb://db/bank", "mariadb", "mysql"),
    ("spark://local/data/lake", "spark", "spark"),
    ("sc://spark:15002", "spark_connect", "spark"),
    ("oracle://db/bank", "other", "oracle"),
    ("mssql+pyodbc://db/bank", "other", "tsql"),
]


@pytest.mark.parametrize(("text", "kind", "dialect"), NAMES)
def test_kind_and_dialect(text: str, kind: str, dialect: str) -> None:
    """By the scheme; a path is a file unless a folder stands there."""
    source = parse_source(text)
    assert (source.kind, source.dialect) == (kind, dialect)
    assert source.is_tested is (kind != "other")


def test_a_folder_is_a_folder(tmp_path: Path) -> None:
    """Of files, not a DuckDB file."""
    assert parse_source(str(tmp_path)).kind == "folder"


@pytest.mark.parametrize("text", SECRETS)
def test_secrets_are_taken_out_and_never_shown(text: str) -> None:
    """Neither by print nor by repr, and the address goes on without them."""
    source = parse_source(text)
    assert source.password.get_secret_value() == "s3cret"
    assert "s3cret" not in source.address
    assert "s3cret" not in f"{source!r} {source} {source.shown} {shown_address(text)}"
    assert "wilhelmina" not in f"{source!r} {source.shown}"


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://ann:s3#cret@db/bank",
        "postgresql://ann:s3?cret@db/bank",
        "postgresql://ann:s3/cret@db/bank",
        "postgresql://a/b postgresql://c/d",
        "://nothing",
        "spark://cluster:7077",
    ],
)
def test_what_cannot_be_read_is_refused_without_quoting_it(text: str) -> None:
    """A password with a bare mark would else pass for a host."""
    with pytest.raises(ConfigError) as caught:
        parse_source(text)
    assert "s3" not in str(caught.value) and "cret" not in str(caught.value) and caught.value.hint


def test_settings_keep_the_password_apart(tmp_path: Path) -> None:
    """Out of the file's address, the environment or a file of its own; the first that is given wins in that order."""
    file = tmp_path / "t2sql.toml"
    file.write_text('source = "postgresql://ann:s3cret@db/bank"\n')
    found = load(file, environ={})
    assert found.source == "postgresql://ann@db/bank" and "s3cret" not in repr(found)
    assert source_of(found).password.get_secret_value() == "s3cret"
    assert "s3cret" not in found.model_dump_json()
    found = load(file, environ={"T2SQL_SOURCE_PASSWORD": "other"})
    assert source_of(found).password.get_secret_value() == "other"
    (tmp_path / "password").write_text("kept\n")
    file.write_text('source = "postgresql://db/bank"\nsource_user = "ann"\nsource_password_file = "password"\n')
    source = source_of(load(file, environ={}))
    assert (source.user, source.password.get_secret_value()) == ("ann", "kept")
    (tmp_path / "password").unlink()
    with pytest.raises(ConfigError, match="cannot be read"):
        source_of(load(file, environ={}))


def test_several_sources_are_refused(tmp_path: Path) -> None:
    """In the words of who wrote them."""
    file = tmp_path / "t2sql.toml"
    for written in ('["a.duckdb", "b.duckdb"]', '"postgresql://a/b,postgresql://c/d"'):
        file.write_text(f"source = {written}\n")
        with pytest.raises(ConfigError, match="one catalog reads one source"):
            load(file, environ={})


def test_a_server_is_no_file() -> None:
    """What needs a DuckDB file says so."""
    with pytest.raises(ConfigError, match="needs a DuckDB file"):
        _ = Settings(source="postgresql://db/bank").database


@pytest.mark.parametrize("text", ["nothing://db/bank", "oracle://db/bank"])
def test_an_engine_without_a_driver_is_told(text: str) -> None:
    """By the engine's or the package's name."""
    with pytest.raises(ConfigError):
        warehouse = open_source(parse_source(text), Settings(), lambda certified, _dialect: certified.sql)
        warehouse.rows(Certified("SELECT 1", "duckdb", 1), timeout_seconds=5)


def test_an_untested_engine_runs_and_says_so(tmp_path: Path) -> None:
    """SQLite, by way of SQL that is rendered for it; its database cannot be written to either."""
    import sqlite3

    from t2sql.compiler.engines.dialects import transpile

    with sqlite3.connect(tmp_path / "bank.sqlite") as made:
        made.execute("CREATE TABLE t (i INTEGER, s TEXT)")
        made.execute("INSERT INTO t VALUES (1, 'a'), (2, NULL)")
    source = parse_source(f"sqlite:///{tmp_path / 'bank.sqlite'}")
    warehouse = open_source(source, Settings(), transpile)
    asked = "SELECT t.i, t.s FROM (SELECT i, s FROM t) AS t ORDER BY t.i LIMIT 3"
    assert warehouse.rows(Certified(asked, "duckdb", 2), timeout_seconds=5) == [(1, "a"), (2, None)]
    assert any("No test has run this engine" in told for told in warehouse.rights())
    raw = open_source(source, Settings(), lambda certified, _dialect: certified.sql)
    for sql in ("DELETE FROM t", "SELECT 1; DELETE FROM t", "WITH a AS (SELECT 1) INSERT INTO t SELECT 1, 'x'"):
        with pytest.raises(T2sqlError):
            raw.rows(Certified(sql, "duckdb", 2), timeout_seconds=5)
    assert warehouse.rows(Certified("SELECT COUNT(*) AS n FROM t LIMIT 1", "duckdb", 1), timeout_seconds=5) == [(2,)]
    warehouse.close()


def test_a_secret_in_the_query_is_taken_out() -> None:
    """And what is no secret stays."""
    address, secret = without_secrets("mysql://ann@/bank?unix_socket=/run/s&password=p%26q")
    assert secret == "p&q" and "unix_socket" in address and "password" not in address
    assert parse_source("mysql://ann@/bank", password=SecretStr("x")).password.get_secret_value() == "x"
