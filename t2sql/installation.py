"""What one installation has open: definitions, rights, warehouse, and at first need its index, values and llm.

It answers no question; `Agent` does. Each thing is opened once and kept; per principal only what depends on rights.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace
from datetime import date
from typing import TypeVar

from t2sql.adhoc.answering import FieldShelf, is_unsigned
from t2sql.adhoc.prompt import build_prefix as fields_prefix
from t2sql.catalog import Catalog, Dimension
from t2sql.compiler import compile_loads, compile_sql
from t2sql.compiler.engines.dialects import transpile
from t2sql.definitions import Definitions
from t2sql.drift import Borne, borne
from t2sql.errors import AccessDenied, CertifyError, QueryError, RetrievalError
from t2sql.fields.index import FieldIndex
from t2sql.flow import Load, Loads, Note
from t2sql.generation.confidence import calibration_for
from t2sql.generation.llm import Llm
from t2sql.generation.prompt import build_prefix
from t2sql.grounding import Grounding, NameIndex, ValueIndex
from t2sql.host import require_instructions
from t2sql.journal import Journal
from t2sql.ossie import fingerprint_of, read_catalog
from t2sql.policy import Narrowed, Policies
from t2sql.retrieval.embeddings import Embedder
from t2sql.retrieval.index import MetricIndex
from t2sql.settings import Settings
from t2sql.stored_values import LIST_SECONDS, StoredValues
from t2sql.verified import Entry, VerifiedQuestions, read_verified, verified_fingerprint
from t2sql.warehouse import Warehouse, open_warehouse

Progress = Callable[[str, float], None]
"""Called with what is being made ready and the share that is done, 0 to 1."""
Opened = TypeVar("Opened", bound="Installation")


class Installation:
    """Everything that answering needs, opened from Settings. Safe to use from several threads."""

    def __init__(
        self,
        settings: Settings,
        catalog: Catalog,
        policies: Policies,
        warehouse: Warehouse,
        load_llm: Callable[[], Llm],
        progress: Progress | None,
    ) -> None:
        self.settings, self.catalog, self.policies, self.warehouse = settings, catalog, policies, warehouse
        self.calibration = calibration_for(settings.metrics)
        self.journal = Journal(settings.journal_file)
        self._load_llm, self._progress = load_llm, progress
        self._llm: Llm | None = None
        self._turn = threading.RLock()
        # Loading either takes seconds, and most questions need neither: they must not wait for it.
        self._llm_turn, self._index_turn = threading.Lock(), threading.Lock()
        self._groundings: dict[str, Grounding] = {}
        self._definitions: dict[str, tuple[date | None, Definitions]] = {}
        self.verified_entries = read_verified(settings.metrics)
        self._verified: dict[str, tuple[Grounding, VerifiedQuestions]] = {}
        self._values_version = ""
        self._loads: tuple[str, Loads] = ("", Loads({}))
        self._narrowed: dict[str, Narrowed] = {}
        self._index: MetricIndex | None = None
        self._fields = FieldShelf()
        self.stored = StoredValues(warehouse)
        self._borne = Borne(catalog, catalog)

    @classmethod
    def open(
        cls: type[Opened], settings: Settings, *, llm: Callable[[], Llm], progress: Progress | None = None
    ) -> Opened:
        """Read definitions and rights, and open the warehouse. `llm` (which loads it) and the index wait for their
        first need.

        Raises ConfigError, WarehouseUnavailable.
        """
        catalog = read_catalog(settings.metrics)
        policies = Policies.read(settings.metrics, catalog)
        warehouse = open_warehouse(settings, transpile)
        found = borne(catalog, warehouse, timeout_seconds=LIST_SECONDS)
        opened = cls(settings, found.rest, policies, warehouse, llm, progress)
        opened._borne = found
        return opened

    def close(self) -> None:
        """Let the database and the journal go."""
        self.warehouse.close()
        self.journal.close()

    @property
    def drift_notes(self) -> tuple[Note, ...]:
        """What the database no longer bears: it is switched off, and all else answers. For who may see everything."""
        return self._borne.notes()

    def drift_notes_for(self, principal: str) -> tuple[Note, ...]:
        """The same in names that `principal` may see; nothing for who has no rights."""
        try:
            who = self.policies.principal(principal)
        except AccessDenied:
            return ()
        return self._borne.notes(self.policies.narrow(self._borne.whole, who).catalog) if self._borne.drift else ()

    @property
    def definitions_fingerprint(self) -> str:
        """sha256 of the definitions and the checked questions; equal for installations that answer by the same."""
        return fingerprint_of(self.catalog.fingerprint, verified_fingerprint(self.verified_entries))

    def narrow(self, principal: str) -> Narrowed:
        """The catalog as `principal` may know it. Raises AccessDenied."""
        with self._turn:
            if principal not in self._narrowed:
                self._narrowed[principal] = self.policies.narrow(self.catalog, self.policies.principal(principal))
            return self._narrowed[principal]

    def loads(self) -> Loads:
        """What is loaded now; read again from the warehouse when its data have changed. Raises WarehouseError."""
        version = self.warehouse.version()
        known, loads = self._loads
        if not version or version != known:
            found = {
                name: self.warehouse.rows(query, timeout_seconds=LIST_SECONDS)
                for name, query in compile_loads(self.catalog, dialect=self.warehouse.dialect).items()
            }
            loads = Loads({name: tuple(Load(*row) for row in rows) for name, rows in found.items()})
            self._loads = (version, loads)
        return loads

    def llm(self) -> Llm:
        """The configured weights, loaded once. Raises LlmUnavailable."""
        with self._llm_turn:
            if self._llm is None:
                require_instructions()
                self._llm = self._load_llm()
            return self._llm

    def ahead(self, cancel: threading.Event) -> int:
        """How many calls the llm takes before that of the question which `cancel` stops; 0 where it does not wait."""
        return self._llm.ahead(cancel) if self._llm else 0

    def grounding(self, narrowed: Narrowed) -> Grounding:
        """Grounding over one narrowed catalog and the values its principal may see."""
        with self._turn:
            key, version = narrowed.fingerprint, self.warehouse.version()
            if version != self._values_version:
                # Data were loaded or built anew: the values of before may be gone.
                self._groundings.clear()
                self._values_version = version
            if key not in self._groundings:
                allowed = frozenset(narrowed.catalog.metrics)
                self._groundings[key] = Grounding(
                    narrowed.catalog,
                    ValueIndex.build(self.stored.entries(narrowed), self.stored.registers(narrowed)),
                    NameIndex.build(narrowed.catalog),
                    lambda text: self.index().search(text, allowed),
                )
            return self._groundings[key]

    def fields(self, narrowed: Narrowed) -> FieldIndex:
        """Fields and values of one narrowed catalog, for questions that no metric answers."""
        with self._turn:
            version = self.warehouse.version()
            return self._fields.index(narrowed, version, lambda d: self.values_of(narrowed, d))

    def definitions(self, narrowed: Narrowed, loads: Loads) -> Definitions:
        """What one narrowed catalog says of its names, with examples that compile."""
        key, last, allowed = narrowed.fingerprint, loads.last(), frozenset(narrowed.catalog.metrics)

        def search(text: str) -> list[tuple[str, float]]:
            return self.index().search(text, allowed)

        def compiles(semantic_sql: str) -> bool:
            try:
                compile_sql(semantic_sql, narrowed, loads, dialect=self.warehouse.dialect)
            except (QueryError, CertifyError):
                return False
            return True

        with self._turn:
            if self._definitions.get(key, (None,))[0] != last or key not in self._definitions:
                self._definitions[key] = (last, Definitions(self._with_own_values(narrowed), last, compiles, search))
            return self._definitions[key][1]

    def _with_own_values(self, narrowed: Narrowed) -> Catalog:
        """The narrowed catalog, listing of each limited dimension only values in rows the principal may see."""
        catalog = narrowed.catalog
        if not narrowed.predicates:
            return catalog
        datasets = dict(catalog.datasets)
        for dimension in catalog.dimensions.values():
            item = datasets[dimension.dataset].fields[dimension.field]
            if item.aliases and not dimension.role:
                seen = self.values_of(narrowed, dimension)
                own = replace(item, aliases={value: names for value, names in item.aliases.items() if value in seen})
                fields = {**datasets[dimension.dataset].fields, dimension.field: own}
                datasets[dimension.dataset] = replace(datasets[dimension.dataset], fields=fields)
        return replace(catalog, datasets=datasets)

    def verified(self, narrowed: Narrowed) -> VerifiedQuestions:
        """The checked questions that one narrowed catalog can answer, read anew when the values changed."""
        with self._turn:
            key, grounding = narrowed.fingerprint, self.grounding(narrowed)
            if key not in self._verified or self._verified[key][0] is not grounding:
                known = VerifiedQuestions(self.verified_entries, narrowed.catalog, grounding)
                self._verified[key] = (grounding, known)
            return self._verified[key][1]

    def with_verified(self: Opened, entries: Sequence[Entry]) -> Opened:
        """The same installation by other checked questions, to try them; all else is shared, and nothing changed."""
        other = copy(self)
        other.verified_entries, other._verified = tuple(entries), {}
        return other

    def read_verified_anew(self) -> None:
        """Answer by verified.yml as it is now. Raises ConfigError, and goes on as before."""
        entries = read_verified(self.settings.metrics)
        with self._turn:
            self.verified_entries, self._verified = entries, {}

    def read_definitions_anew(self) -> None:
        """Answer by the definitions, rights and checked questions as they are now; what is being answered goes on by
        those of before. An open index stands in, without the new words, until its own is built in the background.

        Raises ConfigError, and goes on as before.
        """
        catalog = read_catalog(self.settings.metrics)
        policies = Policies.read(self.settings.metrics, catalog)
        entries = read_verified(self.settings.metrics)
        self._borne = borne(catalog, self.warehouse, timeout_seconds=LIST_SECONDS)
        catalog = self._borne.rest
        with self._turn, self._index_turn:
            self.catalog, self.policies, self.verified_entries = catalog, policies, entries
            self._loads = ("", Loads({}))
            self._narrowed, self._groundings, self._definitions, self._verified = {}, {}, {}, {}
            self._fields.forget()
            if self._index is not None:
                threading.Thread(target=self._index_anew, args=(catalog,), name="t2sql-index", daemon=True).start()

    def _index_anew(self, catalog: Catalog) -> None:
        try:
            index = MetricIndex.open_or_build(catalog, self.settings.index_dir, Embedder())
        except RetrievalError:
            # The one that stands finds all but the new words; the next start tells what is wrong.
            return
        with self._index_turn:
            if self.catalog is catalog:
                self._index = index

    def index(self, *, rebuild: bool = False) -> MetricIndex:
        """The vector index of the whole catalog; rebuilt by itself when definitions changed."""
        with self._index_turn:
            if self._index is None or rebuild:
                require_instructions()
                tell = self._progress
                told = (lambda done, total: tell("indexing the definitions", done / max(1, total))) if tell else None
                self._index = MetricIndex.open_or_build(
                    self.catalog, self.settings.index_dir, Embedder(), told, rebuild=rebuild
                )
            return self._index

    def values_of(self, narrowed: Narrowed, dimension: Dimension) -> dict[str, tuple[str, ...]]:
        """Value -> its aliases, out of the rows the principal may see. Raises WarehouseError."""
        return self.stored.of(narrowed, dimension)

    def warm(self, principal: str) -> None:
        """Have everything that the first question of `principal` needs ready. Raises T2sqlError."""
        self.grounding(self.narrow(principal))
        self.index()
        self.prepare_llm(principal)

    def prepare_llm(self, principal: str) -> None:
        """Have the llm read what `principal` may know, or restore that it has. Raises LlmUnavailable, AccessDenied."""
        tell = self._progress
        told = (lambda share: tell("the llm is reading the definitions", share)) if tell else None
        narrowed = self.narrow(principal)
        by_fields = self.settings.ad_hoc and is_unsigned(narrowed)
        self.llm().prepare((fields_prefix if by_fields else build_prefix)(narrowed.catalog), told)
