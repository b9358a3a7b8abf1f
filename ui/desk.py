"""What all sessions of one server share: one Agent, and how far its llm is for each principal.

Preparations happen in threads. `last_load`, `compile`, `completions` and `look_up` may ask the database, which keeps
what it told for a while; `open_desk` takes seconds the first time. All else returns at once.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field
from datetime import date
from functools import partial

import streamlit as st

from t2sql import settings
from t2sql.agent import Agent
from t2sql.editing.completions import Completion, KnownValues, complete
from t2sql.errors import T2sqlError
from t2sql.flow import Note, Plan
from t2sql.policy import Narrowed
from ui.asking.ahead import Ahead
from ui.asking.work import LOG

LOADS_SECONDS = 60.0


@dataclass(slots=True)
class Warmth:
    """How far the preparations for one principal are."""

    ended: threading.Event = field(default_factory=threading.Event)
    error: T2sqlError | None = None
    is_unexpected: bool = False


class Desk:
    """The shared Agent with its preparations."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        self.ahead = Ahead(agent)
        self.is_demo = agent.settings.demo
        self._warmth: dict[tuple[str, str], Warmth] = {}
        self._narrowed: dict[tuple[str, str], Narrowed] = {}
        self._drift: dict[tuple[str, str], tuple[Note, ...]] = {}
        self._values: dict[str, KnownValues] = {}
        self._turn = threading.Lock()
        self._loaded: tuple[float, date | None] = (-LOADS_SECONDS, None)

    def narrow(self, principal: str) -> Narrowed:
        """The catalog as `principal` may know it. Does not wait for the agent's preparations. Raises AccessDenied."""
        catalog, policies = self.agent.catalog, self.agent.policies
        # Reviewers change definitions while the page is open.
        key = (catalog.fingerprint, principal)
        if key not in self._narrowed:
            self._narrowed[key] = policies.narrow(catalog, policies.principal(principal))
        return self._narrowed[key]

    def drift_notes(self, principal: str) -> tuple[Note, ...]:
        """What the database no longer bears, in names that `principal` may see."""
        key = (self.agent.catalog.fingerprint, principal)
        if key not in self._drift:
            self._drift[key] = self.agent.drift_notes_for(principal)
        return self._drift[key]

    def last_load(self) -> date | None:
        """The latest loaded date, read again every minute; None when nothing is loaded. Raises WarehouseError."""
        read_at, last = self._loaded
        if time.monotonic() - read_at > LOADS_SECONDS:
            last = self.agent.loads().last()
            self._loaded = (time.monotonic(), last)
        return last

    def compile(self, narrowed: Narrowed, semantic_sql: str) -> Plan:
        """The plan for semantic SQL under one person's rights, not run. Raises QueryError."""
        return self.agent.compile(semantic_sql, principal=narrowed.principal.name)

    def completions(self, narrowed: Narrowed) -> tuple[Completion, ...]:
        """Names and loaded periods that may be written."""
        return complete(narrowed, self.agent.loads(), self._values_of(narrowed))

    def look_up(self, narrowed: Narrowed, before: str) -> tuple[Completion, ...]:
        """What fits after the text `before` the cursor, values among it. Raises WarehouseError."""
        return complete(narrowed, self.agent.loads(), self._values_of(narrowed), before)

    def _values_of(self, narrowed: Narrowed) -> KnownValues:
        """One reader of values for each set of rights."""
        with self._turn:
            if narrowed.fingerprint not in self._values:
                read = partial(self.agent.values_of, narrowed)
                self._values[narrowed.fingerprint] = KnownValues(read, self.agent.warehouse.version)
            return self._values[narrowed.fingerprint]

    def warm(self, principal: str) -> Warmth:
        """The preparations for `principal`, begun by the first call."""
        with self._turn:
            key = (self.agent.catalog.fingerprint, principal)
            if key not in self._warmth:
                self._warmth[key] = Warmth()
                args = (principal, self._warmth[key])
                threading.Thread(target=self._prepare, args=args, name="t2sql-warm", daemon=True).start()
            return self._warmth[key]

    def _prepare(self, principal: str, warmth: Warmth) -> None:
        try:
            self.agent.warm(principal)
        except T2sqlError as error:
            warmth.error = error
        except Exception:
            LOG.exception("Preparing for %r ended in a defect.", principal)
            warmth.is_unexpected = True
        finally:
            warmth.ended.set()


@st.cache_resource(show_spinner=False)
def open_desk() -> Desk:
    """The server's one Desk. Raises ConfigError, WarehouseUnavailable; a failure is tried again at the next run."""
    logging.getLogger("t2sql").setLevel(logging.INFO)
    return Desk(open_agent())


def open_agent() -> Agent:
    """The Agent that the settings describe."""
    from t2sql.opening import open_agent as open_configured

    agent = open_configured(settings.load())
    for note in agent.drift_notes:
        LOG.warning("%s", note.en)
    return agent
