"""What this installation chose: one TOML file, then environment variables `T2SQL_*`, validated in one place.

The only module that reads the environment. Nothing here may open a database, a catalog or an llm.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
import tomli_w
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from t2sql.addresses import is_address, shown_address, without_secrets
from t2sql.errors import ConfigError, did_you_mean

PREFIX = "T2SQL_"
FILE_NAME = "t2sql.toml"
FILE_ONLY = {"demo", "principal", "approvals_needed"}
"""Who asks, and who may sign, is decided by whoever may write the settings' file, not by whoever starts a process."""
NOT_SETTINGS = {"settings", "cuda"}
"""Variables that name the file itself, or that only the build reads."""

Price = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Settings(BaseModel):
    """One installation. Paths are absolute after `load()`; relative ones in the file are relative to the file's
    folder.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    metrics: Path = Field(
        Path("metrics/bank"), description="folder of the catalog: model.yml, policies.yml, verified.yml"
    )
    source: str = Field(
        "",
        description="database: a DuckDB file, a folder of Parquet or CSV, or an address (postgresql://, mariadb://,"
        " mysql://, spark://local/FOLDER, sc://); empty means the demo bank in the cache folder",
    )
    source_user: str = Field("", description="account at the database's address; better one that may only read")
    source_password: SecretStr = Field(
        SecretStr(""), description="its password or token; better T2SQL_SOURCE_PASSWORD than a file"
    )
    source_password_file: Path | None = Field(None, description="file that holds the password alone")
    source_reread_seconds: float = Field(
        600.0, ge=0, description="a server is asked again after this long whether its data changed"
    )
    language: Literal["auto", "zh", "en"] = Field("auto", description="language of answers; auto follows the question")
    demo: bool = Field(False, description="a demo may choose its principal with --as or on the page")
    principal: str = Field("", description="who asks when nobody else says so; empty means nobody, so no data")
    llm: str = Field(
        "qwen2.5-coder-1.5b",
        description="name of known weights, path of a GGUF file, or address of a server (http://…)",
    )
    llm_name: str = Field("", description="with a server: which llm of it; empty means the first it lists")
    llm_key: SecretStr = Field(SecretStr(""), description="with a server: its key; better T2SQL_LLM_KEY than a file")
    llm_timeout_seconds: float = Field(
        120.0, gt=0, le=3600, description="with a server: longest time one call may take"
    )
    llm_source: str = Field("", description="folder or http(s) address to fetch weights from, before any other source")
    threads: int = Field(0, ge=0, description="CPU threads for the llm; 0 means all that this process may use")
    gpu_layers: int = Field(0, ge=-1, description="layers on the GPU; -1 all; needs a CUDA build")
    cache_dir: Path = Field(
        Path(""), description="weights, demo bank, index and prefix states; empty means the user's cache folder"
    )
    row_limit: int = Field(100_000, ge=1, le=1_000_000, description="most rows one answer may have")
    byte_limit: int = Field(200_000_000, ge=1_000_000, description="most bytes of text and numbers one answer may have")
    timeout_seconds: float = Field(30.0, gt=0, le=3600, description="longest time one physical SQL may run")
    memory_limit: str = Field("4GB", pattern=r"^\d+(\.\d+)?\s?(MB|GB|MiB|GiB)$", description="DuckDB's memory limit")
    warehouse_threads: int = Field(0, ge=0, description="threads DuckDB may use; 0 means its own choice")
    ad_hoc: bool = Field(
        False, description="questions that no signed metric answers are answered over fields, and say so"
    )
    accepted_error: float = Field(
        0.3, ge=0.0, le=1.0, description="an answer likelier to be wrong than this is asked back instead"
    )
    min_free_bytes: int = Field(500_000_000, ge=0, description="disk that must stay free after a download or a build")
    price_cpu_hour: Price = Field(0.0, description="what a CPU core costs an hour, for reports; 0: not said")
    price_person_hour: Price = Field(0.0, description="what an analyst costs an hour, for reports; 0: not said")
    person_minutes: float = Field(30.0, gt=0, le=10_000, description="minutes that a person takes for one question")
    currency: str = Field("CNY", pattern=r"^[A-Z]{3}$", description="currency of the prices")
    approvals_needed: Literal[1, 2] = Field(1, description="people who must approve a correction before it is verified")
    eval_reports: Path = Field(Path("evals"), description="folder that the reports of `t2sql eval` are kept under")
    review_cases: Path = Field(
        Path("evals/reviewed.yml"), description="case file that reviewed questions are appended to"
    )
    debug: bool = Field(False, description="show the trace of a defect")
    file: Path | None = Field(None, description="the file these settings came from; None means defaults")

    @field_validator("source", mode="before")
    @classmethod
    def _one_source(cls, value: Any) -> Any:
        if isinstance(value, list | dict) or (isinstance(value, str) and value.count("://") > 1):
            raise ValueError("one catalog reads one source; give each source its own settings and its own catalog")
        return value

    @property
    def is_llm_served(self) -> bool:
        """Whether the llm stands behind a server instead of being loaded here."""
        return self.llm.startswith(("http://", "https://"))

    @property
    def is_source_served(self) -> bool:
        """Whether the database stands behind an address instead of being a file or a folder here."""
        return is_address(self.source)

    @property
    def database(self) -> Path:
        """The DuckDB file or the folder that questions run on. Raises ConfigError where it is a server."""
        if self.is_source_served:
            message = f"This needs a DuckDB file, and the settings' source is {shown_address(self.source)!r}."
            raise ConfigError(message, "Give it a DuckDB file with the same data.")
        return Path(self.source) if self.source else self.demo_bank

    @property
    def demo_bank(self) -> Path:
        """Where `t2sql demo build` puts the demo bank."""
        return self.cache_dir / "demo" / "bank.duckdb"

    @property
    def llm_dir(self) -> Path:
        """Where weights are kept."""
        return self.cache_dir / "llms"

    @property
    def state_dir(self) -> Path:
        """Where the llm's prefix states are kept."""
        return self.cache_dir / "prefixes"

    @property
    def journal_file(self) -> Path:
        """Where the audit record is kept."""
        return self.cache_dir / "journal.sqlite"

    @property
    def index_dir(self) -> Path:
        """Where vector indexes are kept, one folder a catalog fingerprint."""
        return self.cache_dir / "index"


def load(path: Path | None = None, environ: Mapping[str, str] | None = None, folder: Path | None = None) -> Settings:
    """Settings from `path`, else from t2sql.toml in `folder` or above it, else defaults; `T2SQL_KEY` variables win.

    Raises ConfigError with file and key for anything unknown or out of range.
    """
    environ = os.environ if environ is None else environ
    found = path or _given_file(environ) or _nearest_file(folder or Path.cwd())
    values = _read(found) if found else {}
    root = found.parent.resolve() if found else (folder or Path.cwd()).resolve()
    known = set(Settings.model_fields) - {"file"}
    for key, value in environ.items():
        name = key.removeprefix(PREFIX).lower()
        if not key.startswith(PREFIX) or name in NOT_SETTINGS:
            continue
        if name not in known or name in FILE_ONLY:
            why = "can only be set in the settings' file" if name in FILE_ONLY else "is not a setting"
            raise ConfigError(f"Environment variable {key!r} {why}.{did_you_mean(name, known)}", f"Unset {key}.")
        values[name] = value
    try:
        settings = Settings.model_validate({**values, "file": found})
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ConfigError(
            f"{found or 'environment'}: setting {key!r}: {first['msg']}",
            f"Correct {key!r}; known settings: {', '.join(sorted(known))}.",
        ) from None
    cache = (
        settings.cache_dir if str(settings.cache_dir) not in ("", ".") else Path(platformdirs.user_cache_dir("t2sql"))
    )
    source, password = without_secrets(settings.source)
    if source and not is_address(source):
        source = str(_absolute(Path(source), root))
    kept = settings.source_password_file and _absolute(settings.source_password_file, root)
    return settings.model_copy(
        update={
            "source_password": settings.source_password if settings.source_password else SecretStr(password),
            "source_password_file": kept,
            **{name: _absolute(getattr(settings, name), root) for name in ("metrics", "eval_reports", "review_cases")},
            "cache_dir": _absolute(cache, root),
            "source": source,
        }
    )


def write_choice(settings: Settings, **choices: Any) -> Path:
    """Write choices into the settings' file (made beside the working folder when there is none); return its path.

    Comments in the file are not kept; other keys are. Raises ConfigError when a value is out of range.
    """
    path = settings.file or Path.cwd() / FILE_NAME
    values = {**(_read(path) if path.exists() else {}), **choices}
    try:
        Settings.model_validate(values)
    except ValidationError as error:
        raise ConfigError(f"{path}: {error.errors()[0]['msg']}", "Choose another value.") from None
    aside = path.with_suffix(".partial")
    aside.write_text(tomli_w.dumps(values), encoding="utf-8")
    aside.replace(path)
    return path


def _absolute(path: Path, root: Path) -> Path:
    path = path.expanduser()
    return path if path.is_absolute() else root / path


def _given_file(environ: Mapping[str, str]) -> Path | None:
    given = environ.get(PREFIX + "SETTINGS")
    return Path(given) if given else None


def _nearest_file(folder: Path) -> Path | None:
    folder = folder.resolve()
    return next((f / FILE_NAME for f in (folder, *folder.parents) if (f / FILE_NAME).is_file()), None)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(
            f"Settings file {str(path)!r} does not exist.", f"Create it, or unset {PREFIX}SETTINGS."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}", "Correct the file; TOML strings are quoted.") from None
