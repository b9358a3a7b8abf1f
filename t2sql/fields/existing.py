"""How many rows of another dataset a thing has, as a condition on it: members with no loans, books that have exactly two
authors, players without a club, customers who never placed an order in 2026.

English only. What is read so is taken out of the text, for it shows and counts nothing; what it cannot read stays.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from t2sql.catalog import Catalog, Dataset
from t2sql.fields.hits import Hit, Words
from t2sql.fields.index import FieldIndex
from t2sql.fields.linked import Alternative, Condition, Linked
from t2sql.fields.writing import qualified, quoted
from t2sql.flow import Span
from t2sql.paths import joins_between

_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10, "once": 1, "twice": 2}
_N = r"(?P<n>\d+|one|two|three|four|five|six|ten)"
_HOW_MANY: tuple[tuple[str, str], ...] = (
    (">", rf"(?:more than|over) {_N}"),
    (">=", rf"(?:at least|no (?:fewer|less) than|a minimum of) {_N}"),
    ("<", rf"(?:fewer|less) than {_N}"),
    ("<=", rf"(?:at most|no more than|up to) {_N}"),
    ("=", rf"exactly {_N}"),
    (">=", rf"{_N} or more"),
    (">", "multiple|several"),
    (
        "none",
        "no(?! (?:more|fewer|less|later|earlier)\\b)|not a single|zero|never (?:had|made|placed|received) (?:any|an?)",
    ),
)
_HAVING = re.compile(
    r"\b(?:(?P<not>(?:(?:do|does|did) not|(?:do|does|did)n['’]t|have not|has not|haven['’]t|hasn['’]t|never) (?:yet |ever )?(?:have |had |made |make |placed |place |received |receive |written |write |hold |held |part of |been part of |been [a-z]+ed (?:to |with |for )?)?(?:any |an? )?|(?:are|is|were) not part of (?:any|an?) |without (?:any |an? )?|with no |(?:have|has|had|having) no )"
    r"|(?:(?:who|that|which) )?(?:(?:have|has|had) (?:had |made |placed |received |written |held |taken )?|having |with |made |placed |received |wrote |written )(?P<count>"
    + "|".join(re.sub(r"\?P<n>", "?:", pattern) for kind, pattern in _HOW_MANY if kind != "none")
    + r") )(?:(?:different|distinct|such) )?$",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"[,.?!;:]|\b(?:and|but|by|return|show|give|list|order|ordered|sort|sorted|per|for each|who|whose|along)\b",
    re.IGNORECASE,
)
# Include branches without any copy: what is said of them adds rows and chooses none.
_BESIDE = re.compile(
    r"\b(?:includ\w*|even|also|plus|leav\w+ out|exclud\w*|ignor\w*|skip\w*|omit\w*)\b[^.?!;]*$", re.IGNORECASE
)
_LONGEST = 3
"""Words between the number and what is counted: two different old authors."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a text that wants rows of another dataset, or none."""

    span: Span
    one: str
    """The dataset whose things are chosen."""
    many: str
    """The dataset whose rows are counted."""
    operator: str
    """A comparison with `count`; "none": no row."""
    count: int
    counted: str
    """The words of what is counted, with what limits it."""


def clauses_of(text: str, words: Words, hits: Sequence[Hit], index: FieldIndex) -> tuple[Clause, ...]:
    """The clauses of `text`, of whose datasets one has rows for each of the other's."""
    folded, found = words.folded, list[Clause]()
    tables = sorted((h for h in hits if h.is_dataset and h.sure >= 0.8), key=lambda h: (h.start, -h.end))
    for hit in tables:
        if any(c.span.start <= folded.span(hit.start, hit.end).start < c.span.end for c in found):
            continue
        opened = _opened(folded.text, hit.start)
        if opened is None:
            continue
        start, operator, count, told = opened
        ones = [t for t in tables if t.end <= start and t.key[0] != hit.key[0]]
        one = next((t for t in reversed(ones) if _between(t.key[0], hit.key[0], index.catalog) is not None), None)
        if one is None or _BESIDE.search(folded.text[:start]):
            continue
        ended = _ENDS.search(folded.text, hit.end)
        end = ended.start() if ended else len(folded.text)
        span, counted = (folded.span(begin, max(end, hit.end)) for begin in (start, told))
        said = text[counted.start : counted.end]
        found.append(Clause(span, one.key[0], hit.key[0], operator, count, said))
    return tuple(found)


def _opened(text: str, at: int) -> tuple[int, str, int, int] | None:
    """Where a clause begins that ends before a name, its comparison and its number, and where what is counted begins."""
    before = text[max(0, at - 70) : at]
    for words in range(_LONGEST):
        stripped = re.sub(rf"(?:[a-z-]+ ){{{words}}}$", "", before) if words else before
        match = _HAVING.search(stripped)
        if match is None:
            continue
        start = max(0, at - 70) + match.start()
        if match["not"]:
            return start, "none", 0, max(0, at - 70) + match.end()
        said = match["count"].lower()
        for operator, pattern in _HOW_MANY:
            number = re.fullmatch(pattern, said, re.IGNORECASE)
            if number is not None:
                told = number.groupdict().get("n") or "one"
                return (
                    start,
                    operator,
                    int(told) if told.isdigit() else _NUMBERS[told.lower()],
                    max(0, at - 70) + match.end(),
                )
        return None
    return None


def _between(one: str, many: str, catalog: Catalog) -> str | None:
    """The dataset whose rows join the two: the many itself, or the smallest that reaches both; None for none. The one's
    own name where each of its rows has at most one row of the many.
    """
    if joins_between(catalog, one, many):
        return one
    if joins_between(catalog, many, one):
        return many
    linking = [
        (len(a) + len(b), name)
        for name in catalog.datasets
        if (a := joins_between(catalog, name, one)) and (b := joins_between(catalog, name, many))
    ]
    best = sorted(linking)
    return best[0][1] if best and (len(best) == 1 or best[0][0] < best[1][0]) else None


def taken_out(text: str, clauses: Sequence[Clause]) -> str:
    """`text` with its clauses blanked; every letter stays where it was."""
    letters = list(text)
    for clause in clauses:
        letters[clause.span.start : clause.span.end] = " " * (clause.span.end - clause.span.start)
    return "".join(letters)


def condition_of(clause: Clause, index: FieldIndex, inside: Callable[[str], Linked]) -> Condition | None:
    """The condition on the clause's one side; `inside(text)` links what is said of the rows that are counted. None where
    it cannot be written.
    """
    catalog = index.catalog
    between = _between(clause.one, clause.many, catalog)
    key = _key(catalog.datasets[clause.one])
    if between is None or not key:
        return None
    if between == clause.one:
        other = _key(catalog.datasets[clause.many])
        if clause.operator != "none" or not other:
            return None
        return Condition(clause.span, (Alternative(f"{qualified(clause.many, other)} IS NULL", clause.one, 0.9),))
    linked = inside(clause.counted)
    if linked.left or (linked.dataset and any(b.field is None for b in linked.bounds)):
        return None
    limits = " AND ".join(c.alternatives[0].sql for c in linked.conditions)
    holder = _pointing(between, clause.one, catalog)
    if not holder:
        return None
    where = f" WHERE {limits}" if limits else ""
    name = qualified(clause.one, key)
    if clause.operator == "none":
        inner = f"SELECT {holder} FROM {quoted(between)}{where}"
        return Condition(clause.span, (Alternative(f"{name} NOT IN ({inner})", clause.one, 0.9),))
    far = _key(catalog.datasets[clause.many])
    counted = "COUNT(*)" if between == clause.many or not far else f"COUNT(DISTINCT {qualified(clause.many, far)})"
    inner = f"SELECT {holder} FROM {quoted(between)}{where} GROUP BY {holder} HAVING {counted} {clause.operator} {clause.count}"
    return Condition(clause.span, (Alternative(f"{name} IN ({inner})", clause.one, 0.9),))


def _key(dataset: Dataset) -> str:
    keys = [f.name for f in dataset.fields.values() if (f.expression,) == tuple(dataset.primary_key)]
    return keys[0] if keys else ""


def _pointing(between: str, one: str, catalog: Catalog) -> str:
    """The field by which rows of `between` tell which of `one` they belong to."""
    way = joins_between(catalog, between, one)
    if not way or len(way[-1].from_columns) != 1:
        return ""
    last = way[-1]
    fields = catalog.datasets[last.from_dataset].fields.values()
    name = next((f.name for f in fields if f.expression == last.from_columns[0]), "")
    return qualified(last.from_dataset, name) if name else ""


_BOTH = re.compile(r"\bboth\b[^.?!;]*\band\b", re.IGNORECASE)
_TWO = re.compile(r"(?P<dataset>\w+)\.(?P<field>\w+) IN \('(?:[^']|'')*', '(?:[^']|'')*'\)")


def both_of(
    text: str, linked: Linked, words: Words, hits: Sequence[Hit], index: FieldIndex
) -> tuple[Span, Condition] | None:
    """What stands for "both X and Y" of things that have rows of each: authors who write in both fields. None where
    the text says nothing so.
    """
    match = _BOTH.search(text)
    for condition in linked.conditions if match else ():
        two = _TWO.fullmatch(condition.alternatives[0].sql)
        if match is None or two is None or condition.span.start < match.start():
            continue
        many = two["dataset"]
        ones = [
            h for h in hits if h.is_dataset and h.sure >= 0.8 and words.folded.span(h.start, h.end).end <= match.start()
        ]
        for hit in ones:
            one = hit.key[0]
            between = _between(one, many, index.catalog) if one != many else None
            key = _key(index.catalog.datasets[one])
            holder = _pointing(between, one, index.catalog) if between and between != one else ""
            if not between or not key or not holder:
                continue
            field = qualified(many, two["field"])
            inner = f"SELECT {holder} FROM {quoted(between)} WHERE {two[0]} GROUP BY {holder} HAVING COUNT(DISTINCT {field}) = 2"
            span = Span(match.start(), max(match.end(), condition.span.end))
            return span, Condition(span, (Alternative(f"{qualified(one, key)} IN ({inner})", one, 0.9),))
    return None
