"""How the questions of a batch are asked, and what of it decides the answers: two batches that differ in none of it may
be one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from t2sql.agent import Agent
from t2sql.catalog import Language
from t2sql.errors import AccessDenied, QuestionError, did_you_mean
from t2sql.evaluation.batch.workers import cores
from t2sql.evaluation.mistakes import told_at_once
from t2sql.evaluation.records import Asked
from t2sql.generation.llm import Llm
from t2sql.journal import Origin
from t2sql.policy import Policies
from t2sql.policy_shapes import PoliciesShape
from t2sql.settings import Settings
from t2sql.warehouse import source_of
from t2sql.yaml_file import read_yaml, validate

QUESTIONS_A_CORE, MOST_BY_ITSELF, MOST_AT_ONCE = 4, 32, 256
DECIDING = ("language", "demo", "llm", "llm_name", "gpu_layers", "row_limit")
"""Settings that can move an answer."""


@dataclass(frozen=True, slots=True)
class Asking:
    """How the questions of a batch are asked."""

    settings: Settings
    load_llm: Callable[..., Llm]
    """`load_llm(settings, sequences=n)`: the llm, n questions at a time. A function of a module, since workers get
    it.
    """
    clock: date
    """What "today" means."""
    principal: str = ""
    """Who asks; "" is the settings' own."""
    language: Language | None = None
    """Of answers; None is each question's own."""
    concurrency: int = 0
    """Questions in flight; 0 is four a core, at most 32."""
    timeout_seconds: float = 120.0
    """Of one whole question."""
    llm_sha256: str = ""
    """Of the weights, where they are known."""
    agent: type[Agent] = Agent
    """What every worker opens."""
    origin: Origin = "batch"
    """What the journal says of the questions."""
    clocks: Mapping[str, date] = field(default_factory=dict)
    """Id -> the day its question counts from, where it is another than `clock`."""

    @property
    def who(self) -> str:
        """Principal of a question that names none."""
        return self.principal or self.settings.principal

    @property
    def at_once(self) -> int:
        """Questions in flight."""
        return min(self.concurrency or min(QUESTIONS_A_CORE * cores(), MOST_BY_ITSELF), MOST_AT_ONCE)


def refuse_people(path: Path, asked: Iterable[Asked], how: Asking, *, strangers: Container[str] = ()) -> None:
    """Tell at once whose questions nobody here could answer; `strangers`: ids that may be asked by anybody.

    Raises AccessDenied for somebody else's name in the file outside a demo, or where nobody is signed in; QuestionError
    with up to 20 lines that name a principal whom the policies do not know; ConfigError for policies that cannot be
    read.
    """
    named = [(one, one.principal or how.who) for one in asked]
    for one, who in named:
        if who != how.who and not how.settings.demo:
            raise AccessDenied(f"{path}:{one.line}: only a demo may choose who asks.", "Leave 'principal' empty there.")
        if not who:
            raise AccessDenied("Nobody is signed in.", "Set `principal` in the settings, or in a demo give --as.")
    people = _people(how.settings.metrics)
    unknown = [(one, who) for one, who in named if who not in people and one.id not in strangers]
    if any(who == how.who for _, who in unknown):
        cure = "Correct --as." if how.principal else "Correct `principal` in the settings."
        raise QuestionError(f"No principal is called {how.who!r}.{_near(how.who, people, how)}", cure)
    if unknown:
        lines = [f"{path}:{one.line}: no principal is called {who!r}.{_near(who, people, how)}" for one, who in unknown]
        raise QuestionError(told_at_once(lines), "Correct these lines; nothing has been asked.")


def _people(metrics: Path) -> frozenset[str]:
    path = metrics / "policies.yml"
    return frozenset(Policies(validate(PoliciesShape, read_yaml(path), path)).principals)


def _near(who: str, people: Iterable[str], how: Asking) -> str:
    """Names are told where anybody may choose one; elsewhere who else may ask is nobody's business."""
    return did_you_mean(who, people) if how.settings.demo else ""


def made_of(asked: Sequence[Asked], how: Asking) -> dict[str, str]:
    """What decides the answers, by name: sha256 of questions and definitions, clock, principal, llm, settings."""
    listed = [[a.id, a.text, a.principal, a.hints, a.conversation, a.language] for a in asked]
    days = sorted((name, day.isoformat()) for name, day in how.clocks.items())
    chosen = how.settings.model_dump(mode="json", include=set(DECIDING))
    return {
        "questions": _sha256(json.dumps([listed, days]).encode()),
        "definitions": _sha256(b"".join(_definitions(how.settings.metrics))),
        "clock": how.clock.isoformat(),
        "principal": how.who,
        "language": how.language or "",
        "database": source_of(how.settings).shown,
        "sha256 of the llm": how.llm_sha256,
        **{f"setting {name}": str(value) for name, value in sorted(chosen.items())},
    }


def _definitions(folder: Path) -> Iterator[bytes]:
    for path in sorted(folder.glob("*.y*ml")):
        yield f"{path.name}\0{path.stat().st_size}\0".encode()
        yield path.read_bytes()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
