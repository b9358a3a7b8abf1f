"""What `source` names: which engine, how to reach it, and how to tell it to people.

A Source shows its address without accounts and passwords, whatever it is printed by. Nothing here may open anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import SecretStr

from t2sql.addresses import is_address, is_readable, shown_address, without_secrets
from t2sql.errors import ConfigError, WarehouseUnavailable
from t2sql.settings import Settings

Kind = Literal["duckdb", "folder", "postgres", "mariadb", "spark", "spark_connect", "other"]

CHECK = "Check `source` in the settings, or --source."
SCHEMES: dict[str, tuple[Kind, str]] = {
    "postgres": ("postgres", "postgres"),
    "postgresql": ("postgres", "postgres"),
    "mysql": ("mariadb", "mysql"),
    "mariadb": ("mariadb", "mysql"),
    "spark": ("spark", "spark"),
    "sc": ("spark_connect", "spark"),
}
"""Scheme of an address -> kind, dialect."""
_SLIPPED = re.compile(r"(postgres(ql)?|mysql|mariadb|spark|sc|oracle|mssql|sqlite)(\+\w+)?(:|//|:/)", re.IGNORECASE)
"""How a path begins that somebody meant for an address."""
_OTHER_DIALECTS = {"mssql": "tsql"}
"""Schemes of SQLAlchemy that sqlglot has another name for."""


@dataclass(frozen=True, slots=True)
class Source:
    """One database, as a person named it."""

    kind: Kind
    dialect: str
    """What its physical SQL is written in, as sqlglot calls it."""
    path: Path | None
    """The DuckDB file, or the folder of Parquet or CSV; None for a server."""
    address: str = field(repr=False, default="")
    """Without what is secret in it; "" for a file or a folder."""
    user: str = field(repr=False, default="")
    password: SecretStr = field(repr=False, default=SecretStr(""))
    shown: str = ""
    """For people: no account, no option."""

    @property
    def is_tested(self) -> bool:
        """Whether the tests run on this kind of engine."""
        return self.kind != "other"


def source_of(settings: Settings) -> Source:
    """The source that the settings name. Raises ConfigError."""
    if not settings.is_source_served:
        return parse_source(str(settings.database))
    password = settings.source_password
    if not password and settings.source_password_file:
        password = SecretStr(_read(settings.source_password_file))
    return parse_source(settings.source, user=settings.source_user, password=password)


def with_source(settings: Settings, text: str) -> Settings:
    """`settings` for another database: a path, or an address whose password, if any, is taken out of it.

    Raises ConfigError.
    """
    found = parse_source(text)
    if found.path is not None:
        return settings.model_copy(update={"source": str(found.path.resolve())})
    given = {"source_password": found.password} if found.password.get_secret_value() else {}
    return settings.model_copy(update={"source": found.address, **given})


def refuse_missing(settings: Settings) -> None:
    """Tell at once that a file or a folder is not there; a server is asked at the first need.

    Raises WarehouseUnavailable, ConfigError.
    """
    source = source_of(settings)
    if source.path is None or source.path.is_file() or source.kind == "folder":
        return
    is_demo = settings.demo and not settings.source
    hint = "Run `t2sql demo build`." if is_demo else "Check --source or `source` in the settings."
    raise WarehouseUnavailable(f"The database {source.path.name!r} does not exist.", hint)


def parse_source(text: str, *, user: str = "", password: SecretStr | None = None) -> Source:
    """`text` as a Source: a path, or an address. `user` and `password` win over those in the address.

    Raises ConfigError, which never quotes an account or a password.

    >>> parse_source("postgresql://ann:s3cret@db/bank").shown
    'postgresql://db/bank'
    """
    if text.lower().startswith("jdbc:"):
        raise ConfigError("That is an address for Java.", "Write it without jdbc:, as in postgresql://host/bank.")
    if not is_address(text):
        if _SLIPPED.match(text) and not Path(text).exists():
            raise ConfigError(
                "That is neither a file nor an address.", "An address is written as in postgresql://host/bank."
            )
        path = Path(text).expanduser()
        kind: Kind = "folder" if path.is_dir() else "duckdb"
        return Source(kind, "duckdb", path, shown=str(path))
    if text.count("://") > 1:
        raise ConfigError("One catalog reads one source, and several are named.", "Give each source its own catalog.")
    if not is_readable(text):
        message = "The address of the database cannot be read."
        raise ConfigError(message, "In a password write / ? # @ as %2F %3F %23 %40, or use T2SQL_SOURCE_PASSWORD.")
    address, secret = without_secrets(text)
    scheme = urlsplit(address).scheme.partition("+")[0].lower()
    if not scheme or not urlsplit(address).scheme.partition("+")[0].isalnum():
        raise ConfigError(f"{shown_address(text)!r} is no address of a database.", CHECK)
    kind, dialect = SCHEMES.get(scheme, ("other", _OTHER_DIALECTS.get(scheme, scheme)))
    if kind == "spark" and urlsplit(address).netloc != "local":
        raise ConfigError(
            f"Spark is reached as spark://local/FOLDER or sc://HOST:PORT, not as {shown_address(address)!r}.", CHECK
        )
    given = password if password and password.get_secret_value() else SecretStr(secret)
    return Source(kind, dialect, None, address, user, given, shown_address(address))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise ConfigError(
            f"The password's file {path.name!r} cannot be read.", "Check `source_password_file`."
        ) from None
