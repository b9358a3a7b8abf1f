"""What an evaluation measured, as digests: the llm, the prompt, the grammar, the definitions, the data, the settings.

Two reports with the same identity are about the same thing; what differs here explains what differs in their figures.
No path, secret or question may stand in it.
"""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from t2sql.agent import Agent
from t2sql.errors import AccessDenied
from t2sql.evaluation.batch.asking import DECIDING
from t2sql.evaluation.cases.nouns import CaseFile
from t2sql.evaluation.reports.report import MadeOf
from t2sql.generation.prompt import build_prefix
from t2sql.settings import Settings
from t2sql.warehouse.contents import contents_sha256

ON_RECORD = (*DECIDING, "threads", "timeout_seconds", "memory_limit")
"""Settings that decide answers, and those that decide whether they come in time."""
READING_SECONDS = 600.0
_WRITERS = ("grounding", "reading", "generation", "verified")


def made_of(
    agent: Agent,
    file: CaseFile,
    *,
    llm: tuple[str, str],
    principal: str,
    principals: Iterable[str],
    clock: date,
    seed: int,
    databases: Iterable[Path],
    asking: dict[str, Any],
) -> MadeOf:
    """The identity of one run. `principal` asks where a case names nobody, `principals` are all who ask; none, where
    answers came from a file: what wrote them is then not known. `llm`: name or address, and a sha256. `databases`: what
    questions and golds read. `asking`: how the questions were asked. Raises WarehouseError.
    """
    settings = agent.settings
    chosen = settings.model_dump(mode="json", include=set(ON_RECORD))
    prefixes = list(_prefixes(agent, principals))
    return MadeOf(
        t2sql_version=_version(),
        cases=file.path.name,
        cases_sha256=file.sha256,
        llm=llm[0],
        llm_sha256=llm[1],
        prompt_sha256=_digest(prefixes) if prefixes else "",
        grammar_sha256=_writers_sha256() if prefixes else "",
        catalog_fingerprint=agent.definitions_fingerprint if prefixes else "",
        data_fingerprint=_digest([data_sha256(path, settings) for path in sorted(set(databases))]),
        settings={**chosen, **asking},
        clock=clock.isoformat(),
        principal=principal,
        seed=seed,
        machine=machine(settings),
    )


def _prefixes(agent: Agent, principals: Iterable[str]) -> Iterator[str]:
    """What the llm reads for each of them; nothing for who has no rights, which a case may expect."""
    for name in sorted(set(principals)):
        with suppress(AccessDenied):
            yield build_prefix(agent.narrow(name).catalog)


def data_sha256(path: Path, settings: Settings) -> str:
    """sha256 of what a database holds. Raises WarehouseError."""
    return contents_sha256(
        path,
        memory_limit=settings.memory_limit,
        timeout_seconds=READING_SECONDS,
        threads=settings.warehouse_threads or None,
    )


def _version() -> str:
    try:
        return version("t2sql")
    except PackageNotFoundError:
        return "a checkout that is not installed"


def machine(settings: Settings) -> str:
    """Processor, cores, and whether a GPU takes part."""
    names = [line.partition(":")[2].strip() for line in _cpuinfo() if line.startswith("model name")]
    gpu = f", {settings.gpu_layers} layers on the GPU" if settings.gpu_layers else ""
    return f"{names[0] if names else platform.machine()}, {len(os.sched_getaffinity(0))} cores{gpu}"


def _cpuinfo() -> list[str]:
    try:
        return Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def _writers_sha256() -> str:
    """sha256 of the code that writes readings and grammars out of a question."""
    folder = Path(__file__).parent.parent
    files = sorted(path for room in _WRITERS for path in (folder / room).rglob("*.py"))
    return _digest([path.read_text(encoding="utf-8") for path in files])


def _digest(texts: list[str]) -> str:
    digest = hashlib.sha256()
    for text in texts:
        digest.update(hashlib.sha256(text.encode()).digest())
    return digest.hexdigest()
