"""What happens on a date of the things counted, in the many words that bankers have for it: 放的, 开立, handed out, joined us.

The catalog's date dimensions say which events there are; the words here are only other ways to say one of those. A word that
several things can do (opened, 开) is an event only beside the thing it happens to.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from t2sql.catalog import Catalog, Dimension
from t2sql.grounding.words.lexicon import loosen
from t2sql.grounding.words.text import fold

_DATE_ZH = re.compile(r"(?:日期|时间|日)$")
_WHOSE_ZH = re.compile(r"^(?:客户|贷款|合同|信用卡|账户|存款)")
_DATE_EN = frozenset(
    "date dates day time the a of was when start card loan loans customer account deposit contract relationship".split()
)
_ENDING = re.compile(r"(?:ation|ing|ity|ion|ed|e)$")
_OWNERS: dict[str, re.Pattern[str]] = {
    "loan": re.compile(r"贷款|放款|借款|信贷|按揭|房贷|[车消经]贷|借据|贷(?!记)|款(?!项)|\b(?:loans?|lending|credits|mortgages?|advances|contracts?|borrowings?)\b"),
    "card": re.compile(r"卡(?!均)|\bcards?\b|\bplastic\b"),
    "customer": re.compile(r"客户|储户|用户|客群|账户|(?<=的)户|\b(?:accounts?|customers?|clients?|depositors?|people|individuals?|households?|borrowers?|cardholders?|relationships?)\b"),
}  # fmt: skip
_OWNER_SAID = {"贷款": "loan", "合同": "loan", "loan": "loan", "contract": "loan", "信用卡": "card", "card": "card", "客户": "customer", "customer": "customer"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Kind:
    owner: str
    stems: frozenset[str]
    """Any of them in a date's own names makes it of this kind."""
    sure: str
    """Words that say nothing else."""
    bound: str
    """Words that say it only beside the owner."""


_KINDS = (
    _Kind("loan", frozenset(("放款", "发放", "起息", "origin", "disburs")),
          r"放款|发放|起息|贷出|放出|批放|\boriginat\w*|\bdisburs\w*|\bvintages?\b",
          r"投放|[放贷批发](?:出去|出来|出|下去|下来|下|款)?了?(?=的)|\b(?:granted|lent(?: out)?|handed out|given out|gave out|made|booked|extended|advanced|issued|paid out|drawn(?: down)?|taken out|signed)\b"),
    _Kind("customer", frozenset(("开户", "onboard")),
          r"开户|建档|成为(?:我行|本行)?的?客户|\bonboard\w*",
          r"(?:开立|新?来|进来|新增|新拓展?|拓展|新?营销|入行|新?获)(?:进来)?了?(?=的)|开(?=的(?:客|账|新)?户)|\b(?:opened|joined|signed up|came (?:on board|to us|over|in)|became (?:a |our )?(?:customers?|clients?)|registered|acquired|were won|started (?:banking )?with us)\b"),
    _Kind("card", frozenset(("开卡", "发卡")),
          r"开卡|发卡|办卡|领卡",
          r"(?:开立|开通|办理|发行|核发|新开|新办|新发|开|办|发|批|领)(?:出去|出|下来|出来|下)?了?(?=的)|\b(?:opened|issued|activated|taken out|handed out|given out|approved)\b"),
    _Kind("loan", frozenset(("到期", "matur", "due")),
          r"到期|期满|届满|\bmatur\w*|\b(?:fall|com|becom)\w* due\b|(?<!past )(?<!past-)\bdue\b",
          r"\bexpir\w+|\b(?:runs?|running|rolls?|rolling) off\b"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Event:
    """One event said: offsets into the folded text."""

    start: int
    end: int
    dimension: str
    owner: tuple[int, int] | None = None
    """Where the thing that it happens to stands, beside it."""
    is_loose: bool = False
    """Said by a word that means it only beside its owner."""


def find_events(text: str, catalog: Catalog) -> tuple[Event, ...]:
    """Events of the catalog's dates in a folded text, in order; of one place the one whose owner stands nearest."""
    found: dict[tuple[int, int], list[Event]] = {}
    for dimension, owner, pattern, is_loose in _patterns(catalog):
        for match in pattern.finditer(text):
            start, end = match.span()
            place = _owner(text, start, end, owner) if owner else None
            if is_loose and place is None:
                continue
            found.setdefault((start, end), []).append(Event(start, end, dimension, place, is_loose))
    chosen = [event for events in found.values() if (event := _nearest(events))]
    return tuple(
        e
        for e in sorted(chosen, key=lambda e: e.start)
        if not any(
            o is not e and o.start <= e.start and e.end <= o.end and (o.end - o.start) > (e.end - e.start)
            for o in chosen
        )
    )


def own_stems(names: Iterable[str]) -> frozenset[str]:
    """The event in each name of a date: 到期 of 贷款到期日, matur of maturity date."""
    return _stems(tuple(names))


@lru_cache(maxsize=4_096)
def _stems(names: tuple[str, ...]) -> frozenset[str]:
    found: set[str] = set()
    for written in names:
        said = loosen(fold(written).text)
        if not said.isascii():
            event = _DATE_ZH.sub("", _WHOSE_ZH.sub("", said))
            if len(event) == 2:
                found.add(event)
            continue
        for word in said.split():
            stem = _ENDING.sub("", word)
            if word not in _DATE_EN:
                found.add(stem if len(stem) > 2 else word)
    return frozenset(found)


def names_of_date(dimension: Dimension) -> tuple[str, ...]:
    """What a date is called, in both languages."""
    return (dimension.display.zh, dimension.display.en, *dimension.synonyms)


def _nearest(events: Sequence[Event]) -> Event | None:
    """The one event of a place: that whose owner stands nearest; None where two dates may be meant."""
    if len({e.dimension for e in events}) == 1:
        return min(events, key=lambda e: e.is_loose)
    owned = [(min(abs(e.owner[0] - e.end), abs(e.start - e.owner[1])), e) for e in events if e.owner]
    owned.sort(key=lambda pair: pair[0])
    if not owned or (len(owned) > 1 and owned[0][0] == owned[1][0] and owned[0][1].dimension != owned[1][1].dimension):
        return None
    return owned[0][1]


_AFTER_ZH = re.compile(r"(?:的|出的)?(?:那|这|该|全部|所有)?(?:些|批|部分|几)?[^,，。;；?？!！、的\s]{0,8}?$")
_STOP = re.compile(r"[.;。；?？!！]")


def _owner(text: str, start: int, end: int, owner: str) -> tuple[int, int] | None:
    """Where the owner of an event stands: after it in Chinese, before it in English, else on the other side."""
    pattern = _OWNERS[owner]
    if not text[start:end].isascii():
        for match in pattern.finditer(text, end, min(len(text), end + 16)):
            if _AFTER_ZH.fullmatch(text[end : match.start()]):
                return match.span()
        before = [
            m for m in pattern.finditer(text, max(0, start - 14), start) if not _STOP.search(text[m.end() : start])
        ]
        return before[-1].span() if before else None
    behind = [m for m in pattern.finditer(text, max(0, start - 48), start) if not _STOP.search(text[m.end() : start])]
    if behind:
        return behind[-1].span()
    ahead = pattern.search(text, end, min(len(text), end + 14))
    return ahead.span() if ahead else None


def _patterns(catalog: Catalog) -> Iterator[tuple[str, str, re.Pattern[str], bool]]:
    """(date dimension, its owner, pattern, whether the owner must stand beside it)."""
    for dimension in catalog.dimensions.values():
        if not catalog.field_of(dimension).is_time or dimension.role:
            continue
        stems = own_stems(names_of_date(dimension))
        kind = next((k for k in _KINDS if k.stems & stems), None)
        owner = kind.owner if kind else _said_owner(dimension)
        is_done = kind is not None and not kind.stems & {"matur", "due"}
        longest = sorted(stems, key=lambda s: -len(s))
        shared = [s for s in longest if is_shared(s, dimension, catalog)]
        plain = [_spelt(s, is_done=is_done) for s in longest if s not in shared]
        if kind:
            plain.append(kind.sure)
            yield dimension.name, owner, re.compile(kind.bound), True
        if plain:
            yield dimension.name, owner, re.compile("|".join(plain)), False
        if shared:
            yield dimension.name, owner, re.compile("|".join(_spelt(s, is_done=is_done) for s in shared)), bool(owner)


def is_shared(stem: str, dimension: Dimension, catalog: Catalog) -> bool:
    """Whether another date has the same event: cards and accounts are both opened."""
    return any(
        stem in own_stems(names_of_date(other))
        for other in catalog.dimensions.values()
        if other.name != dimension.name and not other.role and catalog.field_of(other).is_time
    )


def _said_owner(dimension: Dimension) -> str:
    """What the date is of, as its own names say."""
    for name in names_of_date(dimension):
        said = loosen(fold(name).text)
        match = _WHOSE_ZH.match(said)
        for word in [match[0]] if match else said.split():
            if word.rstrip("s") in _OWNER_SAID:
                return _OWNER_SAID[word.rstrip("s")]
    return ""


def _spelt(stem: str, *, is_done: bool) -> str:
    """The forms of a stem; `is_done`: of what is done to a thing, so that cards in issue and open accounts are no event."""
    if not stem.isascii():
        return re.escape(stem)
    if is_done:
        return rf"\b{re.escape(stem)}(?:(?:at)?(?:ed|ing|ion)|(?:e|s|es)?(?= (?:date|day)))\b"
    # What is past due is late, and matures on no date.
    return rf"(?:\b(?:fall|com|becom)\w* )?(?<!past )(?<!past-)\b{re.escape(stem)}(?:at)?(?:e|es|s|ed|ing|ity|ion)?\b"
