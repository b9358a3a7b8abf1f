"""certify on PostgreSQL, MariaDB and Spark: attacks run there, what it accepts means the same there, names fold so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from t2sql.compiler.certify import certify
from t2sql.compiler.certify.names import KEYWORDS
from t2sql.compiler.engines.dialects import write_sql
from t2sql.errors import CertifyError, NotComputable
from t2sql.policy import Grant

from row_sets import difference
from servers import mariadb_connection, scratch_database, scratch_mariadb
from sql_lines import ACCEPTED, CAPITALS, DOTTED, GRANTS, REFUSED, ROW_LIMIT, TABLES, Line


def refused_by(engine: str, *, runs: bool) -> list[Line]:
    """The attacks on `engine` that run there, or those that cannot."""
    return [line for line in REFUSED if line.engine == engine and bool(line.cannot_run) != runs]


ELSEWHERE = [line for line in ACCEPTED if not line.cannot_run]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files for attacks to find."""
    found = tmp_path_factory.mktemp("held")
    (found / "held.csv").write_text("a,b\n1,2\n")
    (found / "held.json").write_text('{"a": 1}\n')
    duckdb.sql(f"COPY (SELECT 1 AS a) TO '{found}/held.parquet'")
    return found


@pytest.fixture(scope="module")
def postgres_bank(postgres_address: str) -> Iterator[Any]:
    """The small bank in PostgreSQL, as its owner."""
    import psycopg

    with (
        scratch_database(postgres_address, "attacked") as address,
        psycopg.connect(address, autocommit=True) as opened,
    ):
        opened.execute(TABLES + DOTTED + CAPITALS)
        opened.execute("CREATE EXTENSION dblink")
        yield opened


class Asked:
    """A connection of PyMySQL with the `execute` that other drivers have."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def execute(self, sql: str) -> Any:
        """A cursor with the rows of `sql`."""
        cursor = self._connection.cursor()
        cursor.execute(sql)
        return cursor


@pytest.fixture(scope="module")
def mysql_banks(mariadb_socket: Path) -> Iterator[dict[str, Asked]]:
    """The small bank in MariaDB, once to attack and once to ask: what writes is not rolled back there."""
    from t2sql.warehouse.mariadb import MariaDb

    with ExitStack() as stack:
        found = {}
        for name in ("attacked", "honest"):
            stack.enter_context(scratch_mariadb(mariadb_socket, name))
            found[name] = Asked(stack.enter_context(mariadb_connection(mariadb_socket, name)))
            for statement in TABLES.split(";"):
                if statement.strip():
                    found[name].execute(statement)
        stack.enter_context(scratch_mariadb(mariadb_socket, "dw"))
        found["honest"].execute("CREATE TABLE dw.loan (balance DECIMAL(18, 2))")
        MariaDb().settle(found["honest"]._connection)
        yield found


@pytest.fixture(scope="module")
def mysql_bank(mysql_banks: dict[str, Asked]) -> Asked:
    """The small bank in MariaDB, as a warehouse asks it."""
    return mysql_banks["honest"]


@pytest.fixture(scope="module")
def spark_bank(spark: Any) -> Iterator[Any]:
    """The small bank in Spark, once to attack and once to ask, in databases that are dropped afterwards."""
    session = spark.newSession()
    for database in ("attacked", "honest", "dw"):
        session.sql(f"CREATE DATABASE {database}")
    for database in ("attacked", "honest"):
        session.sql(f"USE {database}")
        for statement in TABLES.split(";"):
            if statement.strip():
                session.sql(statement + (" USING parquet" if "CREATE TABLE" in statement else ""))
    session.sql("CREATE TABLE dw.loan (balance DECIMAL(18, 2)) USING parquet")
    yield session
    for database in ("attacked", "honest", "dw"):
        session.sql(f"DROP DATABASE {database} CASCADE")


@pytest.mark.parametrize("line", refused_by("postgres", runs=True), ids=str)
def test_attack_runs_on_postgres(line: Line, postgres_bank: Any) -> None:
    address = f"host={postgres_bank.info.host} user={postgres_bank.info.user} dbname={postgres_bank.info.dbname}"
    with postgres_bank.transaction(force_rollback=True):
        assert postgres_bank.execute(line.sql.replace("{address}", address)).statusmessage


@pytest.mark.parametrize("line", refused_by("postgres", runs=False), ids=str)
def test_attack_that_cannot_run_on_postgres_does_not(line: Line, postgres_bank: Any) -> None:
    import psycopg

    with pytest.raises(psycopg.Error), postgres_bank.transaction(force_rollback=True):
        postgres_bank.execute(line.sql)


@pytest.mark.parametrize("line", refused_by("mysql", runs=True), ids=str)
def test_attack_runs_on_mysql(line: Line, mysql_banks: dict[str, Asked]) -> None:
    mysql_banks["attacked"].execute(line.sql).close()


@pytest.mark.parametrize("line", refused_by("mysql", runs=False), ids=str)
def test_attack_that_cannot_run_on_mysql_does_not(line: Line, mysql_banks: dict[str, Asked]) -> None:
    import pymysql

    with pytest.raises(pymysql.MySQLError):
        mysql_banks["attacked"].execute(line.sql)


@pytest.mark.nightly
@pytest.mark.parametrize("line", refused_by("spark", runs=True), ids=str)
def test_attack_runs_on_spark(line: Line, spark_bank: Any, folder: Path) -> None:
    session = spark_bank.newSession()
    session.sql("USE attacked")
    assert session.sql(line.sql.replace("{folder}", str(folder))).collect() is not None


@pytest.mark.nightly
@pytest.mark.parametrize("line", refused_by("spark", runs=False), ids=str)
def test_attack_that_cannot_run_on_spark_does_not(line: Line, spark_bank: Any) -> None:
    from pyspark.errors import PySparkException

    with pytest.raises(PySparkException):
        spark_bank.sql(line.sql).collect()


def on(engine: str, sql: str) -> str:
    """A line written for DuckDB as `engine` reads it, certified there."""
    written = write_sql(sqlglot.parse_one(sql, read="duckdb"), engine)
    return certify(written, GRANTS, dialect=engine, row_limit=ROW_LIMIT).sql


@pytest.fixture(scope="module")
def duckdb_bank() -> duckdb.DuckDBPyConnection:
    """The small bank in DuckDB."""
    connection = duckdb.connect(":memory:")
    connection.execute(TABLES + DOTTED)
    return connection


@pytest.mark.parametrize("line", ELSEWHERE, ids=str)
def test_what_is_accepted_means_the_same_on_postgres(
    line: Line, postgres_bank: Any, duckdb_bank: duckdb.DuckDBPyConnection
) -> None:
    rows = postgres_bank.execute(on("postgres", line.sql)).fetchall()
    assert not difference(rows, duckdb_bank.execute(line.sql).fetchall(), False)


@pytest.mark.parametrize("line", ELSEWHERE, ids=str)
def test_what_is_accepted_means_the_same_on_mysql(
    line: Line, mysql_bank: Asked, duckdb_bank: duckdb.DuckDBPyConnection
) -> None:
    try:
        sql = on("mysql", line.sql)
    except NotComputable:
        # What MariaDB cannot say is refused before it is certified.
        return
    rows = [tuple(row) for row in mysql_bank.execute(sql).fetchall()]
    assert not difference(rows, duckdb_bank.execute(line.sql).fetchall(), False)


@pytest.mark.nightly
@pytest.mark.parametrize("line", ELSEWHERE, ids=str)
def test_what_is_accepted_means_the_same_on_spark(
    line: Line, spark_bank: Any, duckdb_bank: duckdb.DuckDBPyConnection
) -> None:
    rows = [tuple(row) for row in spark_bank.sql(on("spark", line.sql)).collect()]
    assert not difference(rows, duckdb_bank.execute(line.sql).fetchall(), False)


def test_most_honest_lines_run_everywhere() -> None:
    assert len(ELSEWHERE) >= len(ACCEPTED) - 5


AWKWARD = [
    "a\\b",
    "a\\",
    "'",
    "\\'",
    "''",
    '"',
    "`",
    "a\nb",
    "\\n",
    "%_\\%",
    "$$",
    "{{x}}",
    "\\u0041",
    "--",
    "/* */",
    ";",
    "贷款😀",
    "\t",
]


@pytest.fixture
def ask(request: pytest.FixtureRequest) -> Callable[[str, str], list[tuple[Any, ...]]]:
    """The rows of SQL on an engine; starts none that is not asked."""

    def rows(engine: str, sql: str) -> list[tuple[Any, ...]]:
        if engine == "spark":
            return [tuple(row) for row in request.getfixturevalue("spark").sql(sql).collect()]
        return [tuple(row) for row in request.getfixturevalue(f"{engine}_bank").execute(sql).fetchall()]

    return rows


@pytest.mark.parametrize("engine", ["duckdb", "postgres", "mysql", "spark"])
def test_text_is_read_by_the_engine_as_it_was_meant(engine: str, ask: Callable[..., list[tuple[Any, ...]]]) -> None:
    columns = [exp.alias_(exp.Literal.string(text), f"c{i}") for i, text in enumerate(AWKWARD)]
    sql = certify(exp.select(*columns).limit(1).sql(engine), {}, dialect=engine, row_limit=1).sql
    assert list(ask(engine, sql)[0]) == AWKWARD


@pytest.mark.parametrize("engine", ["duckdb", "postgres", "mysql", pytest.param("spark", marks=pytest.mark.nightly)])
def test_words_of_the_engine_are_names_in_certified_sql(engine: str, ask: Callable[..., list[tuple[Any, ...]]]) -> None:
    words = KEYWORDS | {word for (word,) in ask("duckdb", "SELECT keyword_name FROM duckdb_keywords()")}
    words |= {word for (word,) in ask("postgres", "SELECT word FROM pg_get_keywords()")}
    ordered = sorted(words)
    for start in range(0, len(ordered), 40):
        names = [exp.to_identifier(word, quoted=True) for word in ordered[start : start + 40]]
        items = [exp.select(exp.Literal.number(1).as_(name.copy())).subquery(name.copy()) for name in names]
        select = exp.select(*(exp.column(name.copy(), name.copy()) for name in names)).from_(items[0])
        for item in items[1:]:
            select = select.join(item, join_type="cross", copy=False)
        sql = certify(select.limit(1).sql(engine), {}, dialect=engine, row_limit=1).sql
        assert list(ask(engine, sql)[0]) == [1] * len(names)


CAPITAL = {"Loan": Grant(frozenset({"Balance", "branch"}), frozenset({"\"Branch\" = 'x'"}))}


@pytest.mark.parametrize(
    "source",
    [
        '(SELECT "Balance" FROM "Loan" WHERE "Branch" = \'x\')',
        "(SELECT BRANCH FROM \"Loan\" WHERE \"Branch\" = 'x' AND Branch > 'a')",
    ],
)
def test_postgres_names_are_as_spelled_in_quotes_and_small_without(source: str) -> None:
    assert certify(f"SELECT 1 AS x FROM {source} AS s LIMIT 1", CAPITAL, dialect="postgres", row_limit=1)


@pytest.mark.parametrize(
    "source",
    [
        '(SELECT Balance FROM "Loan" WHERE "Branch" = \'x\')',
        '(SELECT "Balance" FROM Loan WHERE "Branch" = \'x\')',
        '(SELECT "Balance" FROM "Loan" WHERE Branch = \'x\')',
        '(SELECT "Balance" FROM "Loan" WHERE branch = \'x\')',
        '(SELECT "BALANCE" FROM "Loan" WHERE "Branch" = \'x\')',
    ],
)
def test_postgres_name_of_another_case_is_another_name(source: str) -> None:
    with pytest.raises(CertifyError):
        certify(f"SELECT 1 AS x FROM {source} AS s LIMIT 1", CAPITAL, dialect="postgres", row_limit=1)


@pytest.mark.parametrize("engine", ["duckdb", "spark"])
def test_case_of_names_is_nothing_elsewhere(engine: str) -> None:
    grants = {"loan": Grant(frozenset({"balance"}), frozenset({"branch = 'x'"}))}
    sql = "SELECT S.BALANCE FROM (SELECT Balance FROM LOAN WHERE BRANCH = 'x') AS s LIMIT 1"
    assert certify(sql, grants, dialect=engine, row_limit=1)
