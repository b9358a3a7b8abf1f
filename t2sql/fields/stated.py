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

from t2sql.fields.hits import Hit, name_hits, words_of
from t2sql.fields.index import FieldIndex
from t2sql.fields.linked import Alternative, Condition, Linked
from t2sql.fields.roles import date_fields, is_date, said_of_days, words_of_date
from t2sql.fields.writing import qualified
from t2sql.flow import Span

_SENTENCE = re.compile(r"[^.;\n]+")
_NO = r"(?:no|without|lacks?)(?: an?| any)?"
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
_EMPTY = re.compile(
    rf"(?:(?:it|they|that|which|who|still) )*(?:has|have|had|with)? ?{_NO} (?P<a>.+)|(?:(?:its|their|the|whose|where) )*(?P<b>.+?) (?:is|are) (?:still |left )?(?:empty|null|blank|missing|not set|unset|unknown|not filled(?: in)?)",
    re.IGNORECASE,
)
_FILLED = re.compile(
    r"(?:(?:it|they|that|which|who) )*(?:has|have|with) (?:an? )?(?P<a>.+)|(?:(?:its|their|the|whose|where) )*(?P<b>.+?) (?:is|are) (?:not (?:empty|null|blank|missing)|set|filled(?: in)?|known)",
    re.IGNORECASE,
)
_TODAY = r"(?:today|(?:the )?current (?:date|day)|now|today['’]s date)"
_BY_TODAY = re.compile(
    rf"(?:(?:it|they|its|their|the|whose|where|has|have|with|an?) )*(?P<a>.*?) ?(?:(?:is|are|lies|falls) )?(?P<how>on or after|not before|>=|on or later than|later than|after|>|on or before|not after|<=|before|<) {_TODAY}",
    re.IGNORECASE,
)
_UNDONE = re.compile(
    r"(?:[a-z]+ )*?(?:was|were|is|are|has|have|had)(?: not|n['’]t| never)(?: yet)?(?: been)? (?P<deed>[a-z]+)(?: yet)?",
    re.IGNORECASE,
)
_SIGNS = {
    "on or after": ">=",
    "not before": ">=",
    "on or later than": ">=",
    "later than": ">",
    "after": ">",
    "on or before": "<=",
    "not after": "<=",
    "before": "<",
}
_DEED = re.compile(r"(?<![\w-])(?P<deed>[a-z]+(?:ed|en|nt|id|ld)) (?=[a-z])", re.IGNORECASE)
# The left_on date, the phone column: what kind of thing a field is.
_ITS_KIND = re.compile(r" (?:date|day|value|field|column|entry)$", re.IGNORECASE)
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
        self.index, self.today, self.limits = index, today, limits

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
            sql = self._sql(match["what"], dataset) if dataset and places else ""
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

    def _sql(self, what: str, dataset: str) -> str:
        """A definition as a condition; "" where a part of it is not read."""
        found = []
        last = ""
        for either in re.split(r",? or (?!after\b|before\b|later\b|earlier\b)", what.strip()):
            atoms = []
            for part in re.split(r",? and (?=it\b|its\b|has\b|have\b|no\b|is\b|the\b)", either):
                sql, last = self._atom(part.strip(" ,"), dataset, last)
                atoms.append(sql)
            if not all(atoms):
                return ""
            found.append(" AND ".join(atoms))
        return found[0] if len(found) == 1 else "(" + " OR ".join(found) + ")"

    def _atom(self, part: str, dataset: str, last: str) -> tuple[str, str]:
        """One condition and its field, which the next one may leave unsaid; "" for none."""
        by_today = _BY_TODAY.fullmatch(part)
        if by_today is not None:
            field = self._field(by_today["a"], dataset) if by_today["a"] else last
            sign = _SIGNS.get(by_today["how"].lower(), by_today["how"])
            is_of_days = bool(field) and is_date(self.index.field((dataset, field)))
            day = self.today.isoformat()
            return (f"{qualified(dataset, field)} {sign} '{day}'", field) if is_of_days else ("", "")
        undone = _UNDONE.fullmatch(part)
        if undone is not None:
            deed = said_of_days(undone["deed"])
            days = date_fields(self.index.catalog.datasets[dataset])
            found = [item.name for item in days if not item.name.endswith("_exact") and words_of_date(item) & deed]
            return (f"{qualified(dataset, found[0])} IS NULL", found[0]) if len(found) == 1 else ("", "")
        for pattern, wanted in ((_EMPTY, "{} IS NULL"), (_FILLED, "NOT {} IS NULL")):
            match = pattern.fullmatch(part)
            field = self._field(match["a"] or match["b"], dataset) if match else ""
            if field:
                return wanted.format(qualified(dataset, field)), field
        linked = self.limits(re.sub(r"^(?:with|whose|where|that have|have|has|it|its) ", "", part))
        known = [c.alternatives[0] for c in linked.conditions]
        if len(known) == 1 and known[0].dataset == dataset and not linked.left and not linked.bounds:
            return known[0].sql, ""
        return "", ""

    def _field(self, words: str, dataset: str) -> str:
        """The field of `dataset` that words name whole; "" for none."""
        for said in dict.fromkeys((words, _ITS_KIND.sub("", words))):
            content = [t for t in words_of(said).names if t.is_content]
            hits: list[Hit] = [
                h
                for h in name_hits(words_of(said), self.index)
                if h.is_field and h.key[0] == dataset and h.sure >= 0.75 and len(h.words) == len(content)
            ]
            if hits:
                return max(hits, key=lambda h: h.sure).key[1]
        return ""


def _negated(sql: str) -> str:
    for one, other in ((" = TRUE", " = FALSE"), (" = FALSE", " = TRUE")):
        if sql.endswith(one):
            return sql.removesuffix(one) + other
    match = re.fullmatch(r"(\S+) = ('(?:[^']|'')*'|\d+)", sql)
    return f"{match[1]} <> {match[2]}" if match else f"NOT ({sql})"
