"""How a server is reached: one pool of connections a source, each of them read-only from its first moment.

Passwords stay in the pool's own address, which prints without them. Nothing here may put an account, a password or a
server's own words into an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from t2sql.errors import ConfigError, WarehouseError, WarehouseUnavailable
from t2sql.flow import Certified
from t2sql.warehouse.reading import DEFECT_HINT
from t2sql.warehouse.sources import Source

if TYPE_CHECKING:
    from sqlalchemy import URL, Engine

CONNECT_SECONDS = 5
MOST_CONNECTIONS = 20
FITS_HINT = "Check the types that the definition expects with `t2sql check --source`."
LACKS_HINT = "Run `t2sql check --source`."
LESS_HINT = "Ask for fewer periods or groups, or give the database more room."


class Driver(Protocol):
    """What is special about one engine that SQLAlchemy reaches."""

    name: str
    """For people: "PostgreSQL"."""
    drivername: str
    """As SQLAlchemy calls engine and driver; "" for what the address says."""
    arguments: Mapping[str, Any]
    """What a connection is opened with."""

    def settle(self, connection: Any) -> None:
        """Make a new connection read-only and read text as certify does."""

    def limit(self, connection: Any, timeout_seconds: float) -> None:
        """End each later statement of `connection` after `timeout_seconds`."""

    def begin(self, connection: Any, timeout_seconds: float) -> None:
        """Begin a transaction that cannot write, with a limit that the server keeps."""

    def ask(self, connection: Any, sql: str) -> Any:
        """A cursor whose rows come as they are fetched."""

    def cancel(self, connection: Any, engine: Engine) -> None:
        """Stop on the server what `connection` runs, from another thread."""

    def cut(self, connection: Any) -> None:
        """Close the connection's socket, from another thread; what waits for it fails."""

    def mapped(self, error: Exception) -> WarehouseError:
        """`error` in words that hold nothing of the data, the account or the address."""

    def text(self, certified: Certified) -> str:
        """What is sent for certified SQL. Raises WarehouseError for what is not one SELECT."""

    def version(self, connection: Any) -> str:
        """A text that changes when the data do; "" where the engine cannot tell."""

    def rights(self, connection: Any) -> list[str]:
        """What the account may do beside reading, and which settings change what SQL means: one sentence each."""


def open_engine(source: Source, *, timeout_seconds: float = 60.0) -> Engine:
    """A pool of read-only connections to a server, for surveys. `timeout_seconds`: longest time of one statement.

    Raises ConfigError for what is no server, or where its driver is missing. Nothing is connected yet.
    """
    from t2sql.warehouse.servers import driver_of

    return pooled(source, driver_of(source), timeout_seconds=timeout_seconds)


def pooled(source: Source, driver: Driver, *, timeout_seconds: float | None = None) -> Engine:
    """The pool behind `open_engine`. `timeout_seconds`: of each statement; None: `Driver.begin` sets it."""
    from sqlalchemy import create_engine, event
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError

    try:
        url = _url(source, driver)
        engine = create_engine(
            url,
            connect_args=dict(driver.arguments),
            pool_pre_ping=True,
            pool_size=5,
            max_overflow=MOST_CONNECTIONS - 5,
            pool_timeout=CONNECT_SECONDS,
            pool_recycle=1800,
            hide_parameters=True,
        )
    except (ArgumentError, NoSuchModuleError):
        known = "postgresql://, mariadb://, mysql://, spark://local/FOLDER and sc:// are tested"
        raise ConfigError(
            f"No driver here speaks {source.shown.partition(':')[0]!r}.", f"Correct `source` ({known})."
        ) from None
    except ImportError as error:
        # A driver is named by its package, which tells nothing of the address.
        raise ConfigError(
            f"{source.shown.partition(':')[0]}:// needs the package {error.name!r}.",
            "Install it beside t2sql, or correct `source`.",
        ) from None

    @event.listens_for(engine, "connect")
    def _settle(connection: Any, _record: Any) -> None:
        driver.settle(connection)
        if timeout_seconds is not None:
            driver.limit(connection, timeout_seconds)

    return engine


def _url(source: Source, driver: Driver) -> URL:
    from sqlalchemy import make_url

    url = make_url(source.address)
    if driver.drivername:
        url = url.set(drivername=driver.drivername)
    if source.user:
        url = url.set(username=source.user)
    if source.password:
        url = url.set(password=source.password.get_secret_value())
    return url


def unreachable(name: str) -> WarehouseUnavailable:
    """The server is down, or the way to it is."""
    hint = "Check host and port of `source` (or --source), and that the server runs."
    return WarehouseUnavailable(f"The {name} server cannot be reached.", hint)


def lost(name: str) -> WarehouseUnavailable:
    """The connection broke while SQL ran."""
    return WarehouseUnavailable(f"The connection to the {name} server was lost.", "Ask again; it connects anew.")


def turned_away(name: str) -> WarehouseUnavailable:
    """The server knows no such account or database, or gives it no way in."""
    hint = "Check `source`, `source_user` and T2SQL_SOURCE_PASSWORD; the account needs CONNECT on the database."
    return WarehouseUnavailable(f"The {name} server does not let this account in, or has no such database.", hint)


def crowded(name: str) -> WarehouseUnavailable:
    """No connection is free."""
    return WarehouseUnavailable(f"The {name} server has no connection free.", "Ask again in a moment.")


def not_granted() -> WarehouseError:
    """The account may not read what a definition names."""
    message = "The database's account may not read a table that a definition names."
    return WarehouseError(message, "Grant SELECT on it to the account.")


def lacking() -> WarehouseError:
    """A table or column that a definition names is not there."""
    return WarehouseError("The database lacks a table or column that a definition names.", LACKS_HINT)


def misfit() -> WarehouseError:
    """A value that a formula cannot take."""
    return WarehouseError("A value in the database does not fit the formula.", FITS_HINT)


def too_large() -> WarehouseError:
    """Memory or disk of the server are too small for the SQL."""
    return WarehouseError("The SQL needs more memory or disk than the database gives it.", LESS_HINT)


def written() -> WarehouseError:
    """The SQL would have written."""
    return WarehouseError("The database refused what the SQL does.", DEFECT_HINT)


def stopped_there() -> WarehouseError:
    """Somebody at the server stopped it."""
    return WarehouseError("The database stopped the SQL.", "Ask again, or ask who runs the database.")


def other_failure(error: Exception) -> WarehouseError:
    """Anything else, by its class alone: a driver's words can quote values."""
    name = re.sub(r"\W", "", type(error).__name__)
    return WarehouseError(f"The database refused the SQL ({name}).", DEFECT_HINT)
