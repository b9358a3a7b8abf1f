"""How long it takes to the first or last of several: the average number of days from check-out to the last payment.

The first or last day of each thing is found before anything is averaged. One end must be a date of the thing, the other
what it has several of, which the question calls first or last, or for which the hints say so. Days alone are counted.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from t2sql.catalog import Dataset
from t2sql.fields.beside.durations import BETWEEN, CALLS, LONGEST, date_named, kind_of
from t2sql.fields.hits import name_hits, words_of
from t2sql.fields.index import FieldIndex, Key
from t2sql.fields.linked import Condition, Linked
from t2sql.fields.linking import link
from t2sql.fields.roles import date_fields, is_date, is_technical, said_of_days, words_of_date
from t2sql.fields.words import split_name, stem
from t2sql.fields.writing import qualified, select
from t2sql.paths import joins_between

if TYPE_CHECKING:
    from t2sql.fields.readings import FieldReading

_ORDINAL = r"(?P<which>very first|first|earliest|initial|very last|last|latest|final|most recent)"
_OF_SEVERAL = re.compile(
    rf"^(?:(?:date|day|time) (?:of|on which) )?(?:the |its |their |his |her |a )*{_ORDINAL} (?P<noun>.+)$",
    re.IGNORECASE,
)
_IN_HINTS = re.compile(
    rf"\b(?:get|use|take|consider|find|with|only|by) (?:only )?(?:the )?{_ORDINAL} (?P<noun>[a-z]+)(?: date| day)? (?:for|of|per|by|in) (?:each |every |the |an? )*(?P<thing>[a-z]+)",
    re.IGNORECASE,
)
_FIRST = ("very first", "first", "earliest", "initial")


@dataclass(frozen=True, slots=True)
class _Several:
    """The end of which a thing has several."""

    key: Key
    call: str
    conditions: tuple[Condition, ...]


def read_firsts(
    text: str, hints: str, index: FieldIndex, today: date
) -> tuple[Linked, tuple[FieldReading, ...]] | None:
    """`text` as it is linked beside its figure of days, and the reading of that; None where it asks for none so."""
    match = BETWEEN.search(text)
    kind = kind_of(match) if match else ""
    if match is None or not kind:
        return None
    told = _ends(match, hints, index, today)
    if told is None:
        return None
    plain, several, is_to_several = told
    catalog = index.catalog
    thing, many = plain[0], several.key[0]
    fields = catalog.datasets[thing].fields.values()
    keys = [f.name for f in fields if (f.expression,) == tuple(catalog.datasets[thing].primary_key)]
    if not keys or thing == many or not joins_between(catalog, many, thing):
        return None
    start, end = match.span()
    rest = link(text[:start] + " " * (end - start) + text[end:], hints, index, today, needs=frozenset((many,)))
    groups = [qualified(g.dataset, g.field) for g in rest.groups if not g.grain and g.dataset != many]
    if rest.dataset not in (many, thing, "") or rest.aggregates or len(groups) < len(rest.groups) or rest.is_any:
        return None
    conditions = [c.alternatives[0].sql for c in (*several.conditions, *rest.conditions)]
    # What has none of the several has no first, said or not.
    has_some = re.compile(
        rf"NOT \({re.escape(qualified(thing, keys[0]))} NOT IN \(SELECT \S+ FROM {re.escape(many)}\)\)"
    )
    conditions = [condition for condition in conditions if not has_some.fullmatch(condition)]
    each = [qualified(thing, keys[0]), qualified(*plain), *groups]
    chosen = f"{several.call}({qualified(*several.key)}) AS chosen_day"
    inner = select([*each, chosen], many, [*conditions, f"NOT {each[0]} IS NULL"], groups=each)
    days = f"chosen_day - {plain[1]}" if is_to_several else f"{plain[1]} - chosen_day"
    call = CALLS.get(kind) or ("MAX" if kind in LONGEST else "MIN")
    names = [group.rpartition(".")[2] for group in groups]
    sql = f"SELECT {', '.join([*names, f'{call}({days})'])} FROM ({inner}) AS of_each"
    sql += f" GROUP BY {', '.join(names)}" if names else ""
    if not rest.datasets:
        rest = replace(rest, datasets=link(text, hints, index, today, needs=frozenset((many,))).datasets)
    # Lots that have not been roasted have no first roast.
    rest = replace(
        rest, left=tuple(word for word in rest.left if word.removesuffix("ed") not in match[0].lower().split())
    )
    return replace(rest, text=text, conditions=(*several.conditions, *rest.conditions)), (_reading(sql, rest),)


def _reading(sql: str, rest: Linked) -> FieldReading:
    from t2sql.fields.readings import FieldReading

    sure = 0.95
    for condition in rest.conditions:
        sure *= 0.5 + condition.sure / 2
    return FieldReading(sql, rest.left, round(sure * 0.79 ** len(rest.left), 3))


def _ends(match: re.Match[str], hints: str, index: FieldIndex, today: date) -> tuple[Key, _Several, bool] | None:
    """The date of the thing, what it has several of, and whether the days run to that; None where they are not so told."""
    a, b = match["a"], match["b"]
    said = [_OF_SEVERAL.match(a), _OF_SEVERAL.match(b)]
    if (said[0] is None) == (said[1] is None):
        hinted = _IN_HINTS.search(hints) if said == [None, None] else None
        return _by_hint(a, b, hinted, index) if hinted is not None else None
    one, other = (a, said[1]) if said[1] is not None else (b, said[0])
    assert other is not None
    plain = date_named(one, index)
    several = _several(other["noun"], other["which"], index, today)
    return (plain, several, said[1] is not None) if plain is not None and several is not None else None


def _by_hint(a: str, b: str, hinted: re.Match[str], index: FieldIndex) -> tuple[Key, _Several, bool] | None:
    """The two dates, of which the one that the hints call so is of several."""
    ends = [date_named(side, index) for side in (a, b)]
    first, last = ends
    if first is None or last is None:
        return None
    noun = stem(hinted["noun"].lower())
    of_noun = [noun in {stem(part) for part in split_name(key[0])} for key in (first, last)]
    if of_noun[0] == of_noun[1]:
        return None
    plain, chosen = (first, last) if of_noun[1] else (last, first)
    return plain, _Several(chosen, _call(hinted["which"]), ()), of_noun[1]


def _call(which: str) -> str:
    return "MIN" if which.lower() in _FIRST else "MAX"


def _several(noun: str, which: str, index: FieldIndex, today: date) -> _Several | None:
    """What "first cleared payment" is of: a date, and the conditions that its words say."""
    hits = name_hits(words_of(noun), index)
    named = [*dict.fromkeys(h.key[0] for h in hits if h.is_dataset and h.sure >= 0.8)]
    dated = [h.key for h in hits if h.is_field and h.sure >= 0.8 and is_date(index.field(h.key))]
    dated = [*dict.fromkeys(dated)] or _done(noun, index)
    datasets = [dated[0][0]] if len(dated) == 1 else named
    if len(datasets) != 1:
        return None
    day = dated[0][1] if len(dated) == 1 else _day(index.catalog.datasets[datasets[0]], noun)
    linked = link(noun, "", index, today, needs=frozenset(datasets))
    told = {stem(word) for word in noun.lower().split()} if dated and not named else set()
    if not day or {stem(word) for word in linked.left} - told or linked.stretches or linked.bounds:
        return None
    return _Several((datasets[0], day), _call(which), linked.conditions)


def _done(noun: str, index: FieldIndex) -> list[Key]:
    """Dates whose deed a noun names and that no other does: roasted_at of a roast."""
    words = {stem(word) for word in noun.lower().split()}
    return [
        (dataset.name, item.name)
        for dataset in index.catalog.datasets.values()
        for item in date_fields(dataset)
        if not is_technical(item)
        and words & {stem(part.removesuffix("ed")) for part in split_name(item.name) if part.endswith("ed")}
    ]


def _day(dataset: Dataset, noun: str) -> str:
    """The one date of rows, or the one whose deed their noun tells: roasted_at of a roast."""
    dates: Sequence[str] = [f.name for f in date_fields(dataset)]
    if len(dates) == 1:
        return dates[0]
    deeds = said_of_days(noun, set()) | {stem(word) for word in noun.lower().split()}
    told = [f.name for f in date_fields(dataset) if deeds & words_of_date(f)]
    return told[0] if len(told) == 1 else ""
