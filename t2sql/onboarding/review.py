"""A person goes through the guesses of a drafted catalog: accept, change, drop, or leave for later.

What is decided is in model.yml itself: a guess that was accepted or changed bears no mark any more, one that was
dropped is gone, and `t2sql init` run again respects both. So a review can stop anywhere and go on another day. It never
saves a catalog that our own reader refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, Literal

from t2sql.errors import ConfigError
from t2sql.onboarding.merging import missing_name
from t2sql.onboarding.writing import MODEL, read_drafted, read_model, save_model

Kind = Literal["dataset", "field", "relationship", "metric"]
CHANGES: dict[Kind, tuple[str, ...]] = {
    "dataset": ("zh", "en", "time_dimension", "primary_key"),
    "field": ("zh", "en", "unit", "sensitivity"),
    "relationship": ("role",),
    "metric": ("zh", "en", "unit", "expression"),
}
"""Kind -> what may be changed here; all else is changed in model.yml."""
NEVER_EMPTY = ("zh", "en", "expression")
_SLOW_SECONDS, _EACH = 0.5, 25
"""A file that takes longer to write is saved after so many decisions, not after each."""


@dataclass(frozen=True, slots=True)
class Guessed:
    """One guess to decide on."""

    kind: Kind
    name: str
    """customers; customers.email; sales_customers; sale_count."""
    shown: str
    """What was drafted, in a line."""
    score: float
    zh: str
    en: str

    @property
    def key(self) -> tuple[str, str]:
        """Tells it from every other."""
        return self.kind, self.name


class Review:
    """The guesses of one folder's catalog, and what is decided on them."""

    def __init__(self, folder: Path) -> None:
        """Raises ConfigError for a folder that `t2sql init` did not draft."""
        if read_drafted(folder) is None:
            raise ConfigError(
                f"{str(folder)!r} holds no drafted catalog.", "Draft one first: t2sql init --source … --out …"
            )
        self.folder = folder
        self._tree = read_model(folder)
        self._unsaved, self._seconds = 0, 0.0

    def guesses(self) -> list[Guessed]:
        """What is still to decide on: tables, then their columns, then how they meet, then the figures."""
        return [
            _guessed(kind, name, part) for kind, name, part in self._parts() if "guess" in (part.get("t2sql") or {})
        ]

    def accept(self, guessed: Guessed) -> None:
        """The guess is right."""
        _unmark(self._part(guessed))
        self._decided()

    def change(self, guessed: Guessed, key: str, value: str) -> None:
        """The guess is right but for one thing, "" takes that away. Raises ConfigError, and nothing is changed."""
        if key not in CHANGES[guessed.kind]:
            raise ConfigError(
                f"{key!r} is not changed here.", f"Change {', '.join(CHANGES[guessed.kind])}, or model.yml."
            )
        if key in NEVER_EMPTY and not value:
            raise ConfigError(f"{key!r} cannot be empty.", f"Write {key}=… with a value, or s to leave it.")
        before = deepcopy(self._tree)
        part = self._part(guessed)
        ours = part.setdefault("t2sql", {})
        if key in ("zh", "en"):
            ours.setdefault("display", {})[key] = value
        elif key == "primary_key":
            part[key] = [name.strip() for name in value.split(",") if name.strip()]
        else:
            holder = part if key == "expression" else ours
            holder.pop(key, None)
            if value:
                holder[key] = value
            elif key == "time_dimension":
                ours.pop("snapshot_grain", None)
            elif key == "sensitivity":
                ours.pop("searchable", None)
        _unmark(part)
        self._check_or_undo(before)
        self._decided()

    def drop(self, guessed: Guessed) -> tuple[str, ...]:
        """The guess is wrong: what it drafted goes, with what stands on it. Gives the names of what went along.

        Raises ConfigError where something else still needs it, and nothing is changed.
        """
        before = deepcopy(self._tree)
        model = self._model()
        if guessed.kind == "field":
            dataset, _, name = guessed.name.partition(".")
            owner = _named(model["datasets"], dataset)
            owner["fields"].remove(_named(owner["fields"], name))
            if (owner.get("t2sql") or {}).get("time_dimension") == name:
                owner["t2sql"].pop("time_dimension")
                owner["t2sql"].pop("snapshot_grain", None)
        else:
            model[f"{guessed.kind}s"].remove(_named(model[f"{guessed.kind}s"], guessed.name))
        along = tuple(_drop_dangling(model))
        self._check_or_undo(before)
        self._decided()
        return along

    def save(self) -> None:
        """Write what was decided."""
        if self._unsaved:
            began = monotonic()
            save_model(self.folder, self._tree)
            self._seconds, self._unsaved = monotonic() - began, 0

    def _model(self) -> Any:
        return self._tree["semantic_model"][0]

    def _parts(self) -> Iterator[tuple[Kind, str, Any]]:
        model = self._model()
        for dataset in model["datasets"]:
            yield "dataset", dataset["name"], dataset
        for dataset in model["datasets"]:
            for field in dataset.get("fields") or []:
                yield "field", f"{dataset['name']}.{field['name']}", field
        for link in model.get("relationships") or []:
            yield "relationship", link["name"], link
        for metric in model.get("metrics") or []:
            yield "metric", metric["name"], metric

    def _part(self, guessed: Guessed) -> Any:
        found = [part for kind, name, part in self._parts() if (kind, name) == guessed.key]
        if not found:
            raise ConfigError(f"{guessed.kind} {guessed.name!r} is not there any more.", "Go on with the next.")
        return found[0]

    def _check_or_undo(self, before: Any) -> None:
        from t2sql.check import check_definitions
        from t2sql.ossie import catalog_of

        try:
            catalog = catalog_of(self._tree, self.folder / MODEL)
            wrong = next(iter(check_definitions(catalog)), None)
            if wrong is not None:
                raise ConfigError(wrong.message, wrong.hint)
        except ConfigError:
            self._tree = before
            raise

    def _decided(self) -> None:
        self._unsaved += 1
        if self._seconds < _SLOW_SECONDS or self._unsaved >= _EACH:
            self.save()


def go_through(review: Review, ask: Callable[[Guessed, int], str], tell: Callable[[str], None]) -> int:
    """Ask about each guess until none is left or `q` is said; gives how many are left.

    `ask` gets the guess and how many there are, and gives one of: a (accept), A (accept all of this kind), d (drop),
    s (leave for later), q (stop), or `key=value` (change).
    """
    left: set[tuple[str, str]] = set()
    try:
        while True:
            waiting = [g for g in review.guesses() if g.key not in left]
            if not waiting:
                break
            guessed = waiting[0]
            said = ask(guessed, len(waiting)).strip()
            if said == "q":
                break
            try:
                _do(review, guessed, waiting, said, left, tell)
            except ConfigError as error:
                tell(f"{error.message}\n  → {error.hint}")
    finally:
        review.save()
    return len(review.guesses())


def _do(
    review: Review,
    guessed: Guessed,
    waiting: list[Guessed],
    said: str,
    left: set[tuple[str, str]],
    tell: Callable[[str], None],
) -> None:
    key, is_change, value = said.partition("=")
    if is_change:
        review.change(guessed, key.strip(), value.strip())
    elif said == "s":
        left.add(guessed.key)
    elif said in ("", "a"):
        review.accept(guessed)
    elif said == "A":
        for other in [g for g in waiting if g.kind == guessed.kind]:
            review.accept(other)
    elif said == "d":
        along = review.drop(guessed)
        if along:
            tell(f"Gone along with it: {', '.join(along)}.")
    else:
        tell("Say a, A, d, s, q, or what to change, such as en=customer name.")


def _guessed(kind: Kind, name: str, part: Any) -> Guessed:
    ours = part["t2sql"]
    guess, display = ours["guess"], ours.get("display") or {}
    called = " / ".join(dict.fromkeys(str(display[k]) for k in ("zh", "en") if k in display))
    if kind == "dataset":
        shown = f"{called}; key {', '.join(part.get('primary_key') or ['none'])}"
        shown += f"; dated by {ours['time_dimension']}" if "time_dimension" in ours else ""
    elif kind == "relationship":
        ends = [f"{part[end]} ({', '.join(part[f'{end}_columns'])})" for end in ("from", "to")]
        shown = " → ".join(ends) + (f" as {ours['role']}" if "role" in ours else "")
    else:
        marks = [f"{key}={ours[key]}" for key in ("type", "unit", "sensitivity") if ours.get(key)]
        shown = "; ".join([called, str(part.get("expression", "")), *marks])
    reason = guess.get("reason") or {}
    return Guessed(
        kind, name, shown, float(guess.get("score", 0)), str(reason.get("zh", "")), str(reason.get("en", ""))
    )


def _unmark(part: Any) -> None:
    ours = part["t2sql"]
    ours.pop("guess", None)
    if ours.get("version") == "draft":
        ours.pop("version")
    if not ours:
        part.pop("t2sql")


def _named(parts: Any, name: str) -> Any:
    return next(part for part in parts if part["name"] == name)


def _drop_dangling(model: Any) -> Iterator[str]:
    """Relationships and drafted metrics that stand on what is gone."""
    fields = {d["name"]: {f["name"] for f in d.get("fields") or []} for d in model["datasets"]}
    for key in ("relationships", "metrics"):
        for part in list(model.get(key) or []):
            if missing_name(part, fields):
                model[key].remove(part)
                yield part["name"]
