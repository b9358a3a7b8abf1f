"""States of things that a person defines, and rows that a person leaves out: "a member is active if it has no end date",
"void bills never count", "leaving out cancelled orders".

English only. What is read so is taken out of the text and becomes a condition; a sentence that cannot be read whole stays.
Never reads a state that no sentence defines.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from t2sql.fields.hits import name_hits, words_of
from t2sql.fields.index import FieldIndex
from t2sql.fields.linked import Alternative, Condition, Linked
from t2sql.fields.roles import date_fields
from t2sql.fields.stated_conditions import Meaning
from t2sql.fields.writing import qualified
from t2sql.flow import Span

_SENTENCE = re.compile(r"[^.;\n]+")
_IF = r"(?:if|when|as long as|while|only if)"
_DEFINED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\W*(?:an? |the |all )?(?P<thing>[a-z][\w -]*?) (?:is|are|counts? as|is considered|are considered|is called) (?:still |to be )?(?P<state>[a-z-]+) {_IF} (?P<what>.+)",
        r"\W*(?:an? |the |all )?(?P<state>[a-z-]+) (?P<thing>[a-z][\w -]*?) (?:are (?:those|the ones|all)(?: [a-z]+)? )?(?P<what>(?:have|has|with|without|whose|where|that have|that has|which have|who have) .+)",
        r"\W*(?P<state>[a-z-]+) (?P<thing>[a-z][\w -]*?) (?:=|means?) (?:the )?(?P<again>[a-z][\w -]*?) (?P<what>(?:with|without|whose|where|that have|who have) .+)",
    )
)
_LEFT_OUT = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:leaving out|leave out|do not count|don['’]t count|not counting|never count|(?:neither|none|nor)(?: [a-z]{2,8}(?: nor [a-z]{2,8})?)?(?: of (?:them|these|which))? counts?|exclude|excluding|ignore|ignoring|omit|omitting|skip|skipping|disregard|disregarding|without counting) (?:all |any |the )?(?P<what>[a-z][\w' -]*?)(?=$|[,.;?!\n]| (?:and|from|in|when|for|by)\b)",
        r"(?:^|(?<=[.;,\n]))\W*(?:and )?(?P<what>[a-z][\w' -]*?) (?:never counts?|(?:do|does|should|must|are|is) (?:not|never) (?:to be )?(?:count(?:ed)?|included|considered)|(?:do|does)n['’]t count|not (?:counted|included)|(?:are|is|were|should be|must be|have to be) (?:always )?(?:left out|excluded|ignored|omitted|skipped))\b(?=$|[,.;?!\n])",
        r"(?:^|(?<=[.;,\n]))\W*(?:and )no (?P<what>[a-z][\w' -]*?)(?=$|[.;?!\n])",
    )
)
_DEED = re.compile(r"(?<![\w-])(?P<deed>[a-z]+(?:ed|en|nt|id|ld)) (?=[a-z])", re.IGNORECASE)
_MOST_WORDS = 5
_LEAST = 0.85


@dataclass(frozen=True, slots=True)
class Stated:
    """A question without what its states and exclusions say, and that as conditions."""

    text: str
    """Each letter where it was."""
    hints: str
    """Without the sentences that were read."""
    conditions: tuple[Condition, ...]
    by_rows: tuple[Condition, ...]
    """Rows that hints leave out; they hold where the question is about their dataset."""

    def added(self, linked: Linked, index: FieldIndex) -> tuple[Condition, ...] | None:
        """The conditions for a question linked so; None where its rows do not reach what a state is of."""
        reach = {linked.dataset, *index.reach.get(linked.dataset, ())}
        if not {c.alternatives[0].dataset for c in self.conditions} <= reach:
            return None
        used = {linked.dataset} | {f.dataset for f in linked.fields} | {d.dataset for d in linked.named}
        used |= {a.dataset for c in linked.conditions for a in c.alternatives[:1]}
        rows = [c for c in self.by_rows if c.alternatives[0].dataset in used & reach]
        known = {c.alternatives[0].sql for c in linked.conditions}
        return tuple(c for c in (*self.conditions, *rows) if c.alternatives[0].sql not in known)


def stated_in(text: str, hints: str, index: FieldIndex, today: date, limits: Callable[[str], Linked]) -> Stated | None:
    """The states and exclusions of `text`, as `hints` and itself define them; None where none is read.

    `limits(words)` links a few words by themselves (void bills).
    """
    reader = _Reader(index, today, limits)
    found: list[Condition] = []
    rows: list[Condition] = []
    kept = hints
    for sentence in _SENTENCE.finditer(hints):
        state = reader.state(sentence[0], text)
        if state is not None:
            found += state[1]
            text = state[0]
            kept = kept.replace(sentence[0], " ")
        elif _is_about(sentence, hints, text) and (left := [*reader.left_out(sentence[0])]):
            rows += [condition for _match, condition in left]
            kept = kept.replace(sentence[0], " ")
    for match, condition in reader.left_out(text):
        span = Span(match.start(), match.end())
        found.append(Condition(span, condition.alternatives))
        text = f"{text[: match.start()]}{' ' * len(match[0])}{text[match.end() :]}"
    for match, condition in reader.deeds(text):
        found.append(condition)
        text = f"{text[: match.start()]}{' ' * len(match[0])}{text[match.end() :]}"
    return Stated(text, kept, tuple(found), tuple(rows)) if found or rows else None


def states_in(hints: str, index: FieldIndex) -> Iterator[tuple[str, str]]:
    """The words that sentences of the hints define as states of some dataset's things, and what they say of each."""
    for sentence in _SENTENCE.finditer(hints):
        match = next((found for pattern in _DEFINED if (found := pattern.match(sentence[0]))), None)
        names = name_hits(words_of(match["thing"]), index) if match else []
        known = name_hits(words_of(match["state"]), index) if match else []
        if match is not None and any(h.is_dataset and h.sure >= 0.8 for h in names) and not known:
            yield match["state"], match["what"]


# What leaves rows out of a figure that the hints define: "NRR = total charge, cancelled rentals not counted", and behind
# "PMRC = count of rentals" the sentence "It never counts cancelled ones".
_OF_NAMES = re.compile(r"\W*(?:neither|none|nor|both|it|they)\b|\W*(?-i:[A-Z][A-Z0-9]{1,7})\b", re.IGNORECASE)
_NAMES = re.compile(r"\b[A-Z][A-Z0-9]{1,7}\b")


def _is_about(sentence: re.Match[str], hints: str, text: str) -> bool:
    """Whether a sentence of the hints speaks of the question: always, unless it is about names that it does not use."""
    name, sign, _meaning = sentence[0].partition("=")
    if sign:
        said = re.sub(r"\([^)]*\)", "", name).strip().lower()
        return bool(said) and re.search(rf"(?<!\w){re.escape(said)}(?!\w)", text.lower()) is not None
    if not _OF_NAMES.match(sentence[0]):
        return True
    line = hints[hints.rfind("\n", 0, sentence.start()) + 1 : sentence.end()]
    return any(re.search(rf"\b{name}\b", text) for name in _NAMES.findall(line))


class _Reader:
    def __init__(self, index: FieldIndex, today: date, limits: Callable[[str], Linked]) -> None:
        self.index, self.limits = index, limits
        self.meaning = Meaning(index, today, limits)

    def state(self, sentence: str, text: str) -> tuple[str, list[Condition]] | None:
        """`text` without the state that a sentence defines, and what it means; None where it says nothing of `text`."""
        for pattern in _DEFINED:
            match = pattern.match(sentence)
            if match is None:
                continue
            dataset = self._dataset(match["thing"])
            state = match["state"]
            said = re.compile(rf"(?<![\w-])(?:currently |still )?{re.escape(state)}(?![\w-])", re.IGNORECASE)
            places = [*said.finditer(text)]
            sql = self.meaning.sql(match["what"], dataset) if dataset and places else ""
            if not sql:
                continue
            first = places[0]
            blanked = said.sub(lambda found: " " * len(found[0]), text)
            condition = Condition(Span(*first.span()), (Alternative(sql, dataset, 0.95),))
            return blanked, [condition]
        return None

    def left_out(self, said: str) -> Iterator[tuple[re.Match[str], Condition]]:
        """What a text leaves out, with where it says so."""
        for pattern in _LEFT_OUT:
            for match in pattern.finditer(said):
                if len(match["what"].split()) > _MOST_WORDS:
                    continue
                linked = self.limits(match["what"])
                loose = linked.left or linked.bounds or linked.stretches or len(linked.conditions) != 1
                if loose or not any(d.dataset == linked.dataset for d in linked.named):
                    continue
                best = linked.conditions[0].alternatives[0]
                if best.dataset == linked.dataset:
                    sql = _negated(best.sql)
                    yield match, Condition(Span(0, 0), (Alternative(sql, best.dataset, 0.95),))

    def deeds(self, text: str) -> Iterator[tuple[re.Match[str], Condition]]:
        """Things that something was done to, where a column tells on which day: cancelled members of cancelled_on. A
        word that is stored somewhere as a state is left to that state.
        """
        words = words_of(text)
        tables = [h for h in name_hits(words, self.index) if h.is_dataset and h.sure >= _LEAST]
        for match in _DEED.finditer(text):
            named = {h.key[0] for h in tables if words.folded.span(h.start, h.end).start == match.end()}
            if len(named) != 1 or self.index.values.get((match["deed"].lower(),)):
                continue
            dataset = named.pop()
            days = date_fields(self.index.catalog.datasets[dataset])
            deed = re.escape(match["deed"])
            # Returned loans have a return date, closed accounts were closed on a day.
            verb = deed[:-2] if deed.endswith("ed") else deed
            found = [
                item.name
                for item in days
                if re.fullmatch(rf"(?:{deed}|{verb}e?)_(?:on|at|date|day|dt)", item.name, re.I)
            ]
            if found:
                sql = f"NOT {qualified(dataset, found[0])} IS NULL"
                yield match, Condition(Span(*match.span()), (Alternative(sql, dataset, 0.9),))

    def _dataset(self, thing: str) -> str:
        tables = [h for h in name_hits(words_of(thing), self.index) if h.is_dataset]
        best = sorted(tables, key=lambda h: (-h.sure, -len(h.words)))
        is_alone = bool(best) and sum(h.sure == best[0].sure and h.words == best[0].words for h in best) == 1
        return best[0].key[0] if is_alone else ""


def _negated(sql: str) -> str:
    for one, other in ((" = TRUE", " = FALSE"), (" = FALSE", " = TRUE")):
        if sql.endswith(one):
            return sql.removesuffix(one) + other
    match = re.fullmatch(r"(\S+) = ('(?:[^']|'')*'|\d+)", sql)
    return f"{match[1]} <> {match[2]}" if match else f"NOT ({sql})"
