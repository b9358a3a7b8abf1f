"""Names of metrics that the text says only half: 各档的笔数和余额 after 贷款期限, "balance of our mortgages", "loan growth".

A half counts only where the other half stands elsewhere in the text, or in what a found value is called; so nothing is
guessed that nobody said.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from t2sql.catalog import Catalog
from t2sql.flow import NameMention, Quantity, Span, ValueMention
from t2sql.grounding.names.comparisons import Cue
from t2sql.grounding.names.names import NameIndex
from t2sql.grounding.settling import key, offset
from t2sql.grounding.words.text import Folded, plural

SCORE = 1.0
_NOUNS = frozenset(
    "余额 笔数 户数 客户数 人数 张数 卡量 金额 总额 利率 收入 支出 保有量 额度 交易额 交易笔数 活跃率 使用率 覆盖率"
    " balance balances count amount ratio rate income expense expenses limit limits spend spending".split()
)
"""What is measured; a noun that is itself counted (customers, loans) is no measure."""
# 净收入 is another measure than 收入.
_OTHER_NOUN = frozenset("净毛均")
_LISTED = re.compile(r"\s*(?:和|与|及|、|以及|,|and|&|vs\.?|versus)\s*")
_OF_MONEY = frozenset("余额 金额 总额 balance balances amount".split())
_CLAUSE_START = re.compile(
    r"[,.;。;]\s*(?:[只就]?(?:给|要|看|列|报|算)(?:我|出|个)?|(?:just|only)?(?: give| show| need| want| i need)?(?: me)?(?: just| only)?(?: the)? )$"
)
_WORD_BEFORE = re.compile(r"([a-z]+) $")
_ATTRIBUTE = frozenset(("year", "step", "year_start", "share", "prior"))


_FAR = 30
_PERSONS = re.compile(r"borrowers|depositors|obligors|debtors|借款人|贷款户|借款户|储户|存款人|存款户|借款客户")
# Of what kind they are; no clause of its own.
_KIND_OF = re.compile(r"(?: ?[a-z-]+){0,2} ?|[㐀-鿿]{0,4}?的?")


class ShortNames:
    """Every way to split a metric's name into what it is about and what is measured."""

    def __init__(self, catalog: Catalog, names: NameIndex) -> None:
        self._names, self._catalog = names, catalog
        self._subjects: dict[str, list[tuple[str, str]]] = {}
        for noun, subject, name in _splits(catalog):
            if noun in _NOUNS:
                self._subjects.setdefault(noun, []).append((subject, name))

    def find(
        self,
        folded: Folded,
        claimed: Sequence[Span],
        values: Sequence[tuple[Span, tuple[str, ...]]],
        named: Sequence[NameMention] = (),
    ) -> tuple[tuple[NameMention, ...], tuple[str, ...]]:
        """(metrics, nouns told) for nouns of measure outside `claimed`, with the nearest subject, rather one that is no part
        of a name in `named`. `values`: where each stands and how it is called. Told is a noun of another thing.
        """
        text = folded.text
        names = [(offset(folded, m.span.start), offset(folded, m.span.end)) for m in named if m.span]
        found: list[NameMention] = []
        told: list[str] = []
        taken = list(claimed)
        for noun in sorted(self._subjects, key=lambda n: -len(n)):
            for match in re.finditer(_pattern(noun), text):
                if text[match.start() - 1 : match.start()] in _OTHER_NOUN and match.start():
                    continue
                span = folded.span(*match.span())
                if any(s.start < span.end and span.start < s.end for s in taken):
                    continue
                name = self._subject(text, match.start(), noun, folded, values, names)
                if name and self._is_other_thing(name, match.start(), folded, named):
                    told.append(match[0])
                    continue
                if name and not self._is_said(text, match.start(), noun, named):
                    found.append(NameMention(span, "metric", name, SCORE))
                    taken.append(span)
        return tuple(found), tuple(dict.fromkeys(told))

    def _is_other_thing(self, name: str, place: int, folded: Folded, named: Sequence[NameMention]) -> bool:
        """Whether the only metric before a noun is of a kind that the whole name would lose: 逾期贷款余额和笔数."""
        before = {m.name for m in named if m.span and offset(folded, m.span.start) < place}
        return bool(before) and all(self._names.loses(other, name) for other in before)

    def _is_said(self, text: str, place: int, noun: str, named: Sequence[NameMention]) -> bool:
        """Whether a noun in a clause of its own only says how what was named is measured: 逾期90天以上的贷款…, 给余额就行."""
        called = {name for _, name in self._subjects[noun]}
        clause = _CLAUSE_START.search(text[:place])
        return bool(clause) and len(named) == 1 and named[0].name in called and noun in _OF_MONEY

    def _subject(
        self,
        text: str,
        place: int,
        noun: str,
        folded: Folded,
        values: Sequence[tuple[Span, tuple[str, ...]]],
        names: Sequence[tuple[int, int]],
    ) -> str:
        best: tuple[bool, int, int, str] | None = None
        for subject, name in self._subjects[noun]:
            spots = [match.start() for match in re.finditer(_pattern(subject), text)]
            free = [spot for spot in spots if not any(s < spot + len(subject) and spot < e for s, e in names)]
            for span, forms in values:
                if any(re.search(_pattern(subject), form) for form in forms):
                    spots.append(folded.starts.index(span.start) if span.start in folded.starts else 0)
            for spot in spots:
                rank = (bool(names) and spot not in free, -len(subject), abs(place - spot), name)
                best = rank if best is None or rank < best else best
        return best[3] if best else ""

    def shared(
        self, folded: Folded, values: tuple[ValueMention, ...], named: tuple[NameMention, ...]
    ) -> tuple[NameMention, ...]:
        """ "retail and corporate deposits", 活期和定期存款: the list's last member says the noun of all."""
        text = folded.text
        found: dict[str, NameMention] = {}
        for value in values:
            start, end = offset(folded, value.span.start), offset(folded, value.span.end)
            for mention in named:
                if not mention.span or not _LISTED.fullmatch(text[end : (first := offset(folded, mention.span.start))]):
                    continue
                said = text[first : offset(folded, mention.span.end)]
                cuts = [i for i in range(1, len(said)) if not said.isascii() or said[i - 1] == " "]
                gap = " " if said.isascii() else ""
                for cut in cuts:
                    for name in self._names.metrics_called(text[start:end] + gap + said[cut:]):
                        found.setdefault(name, NameMention(value.span, "metric", name, SCORE))
        return tuple(found.values())

    def across(self, folded: Folded, values: Sequence[ValueMention]) -> tuple[NameMention, ...]:
        """ "active platinum cards", 逾期小微贷款余额: a metric's name that a value stands in the midst of."""
        text = folded.text
        found: dict[str, NameMention] = {}
        for value in values:
            start, end = offset(folded, value.span.start), offset(folded, value.span.end)
            display = self._catalog.dimensions[value.dimension].display
            of_value = self._names.concepts_of_value((), (key(display.zh), key(display.en)))
            for cut in {end, _last_word(text, start, end)}:
                tail = text[cut:].lstrip() if text[:start].endswith(" ") else text[cut:]
                moved = len(text) - len(tail) - start
                mentions = [m for m in self._names.find_metrics(text[:start] + tail) if m.score == SCORE and m.span]
                around = [m for m in mentions if m.span and m.span.start < start < m.span.end]
                # 逾期31-90天: what the value is a kind of is the value's own word.
                around = [m for m in around if not self._names.is_qualified_by(m.name, of_value)]
                for mention in around:
                    assert mention.span
                    whole = folded.span(mention.span.start, mention.span.end + moved)
                    found.setdefault(mention.name, NameMention(whole, "metric", mention.name, SCORE))
                for mention in mentions if around else ():
                    # What is listed with such a name is of it too: 新发放流动资金贷款额、笔数.
                    if mention.span and mention.span.start >= max(m.span.end for m in around if m.span):
                        part = folded.span(mention.span.start + moved, mention.span.end + moved)
                        found.setdefault(mention.name, NameMention(part, "metric", mention.name, SCORE))
        return tuple(found.values())

    def people(
        self, folded: Folded, named: tuple[NameMention, ...], quantities: Sequence[Quantity]
    ) -> tuple[tuple[NameMention, ...], tuple[NameMention, ...]]:
        """(metrics, dimensions) where 前十大贷款客户, "top 10 loan customers" ranks people: those are the rows, and what
        they are called by is the measure.
        """
        kept: list[NameMention] = []
        rows: list[NameMention] = []
        ends = [q.span.end for q in quantities if q.kind == "limit"]
        for mention in named:
            if row := self._ranked(folded, mention, ends):
                rows.append(row)
                if not any(m is not mention and self._catalog.metrics[m.name].unit != "count" for m in named):
                    things = self._names.things_of(mention.name)
                    measures = self._names.metrics_saying(things[0]) if len(things) == 1 else ()
                    kept += [NameMention(row.span, "metric", name, SCORE) for name in measures[:1]]
                continue
            start, end = (
                (offset(folded, mention.span.start), offset(folded, mention.span.end)) if mention.span else (0, 0)
            )
            if not any(mention.span and 0 <= mention.span.start - last <= 2 for last in ends):
                kept.append(mention)
                continue
            said = folded.text[start:end]
            whom = [d for d in self._names.find_dimensions(said) if d.span and d.span.end == len(said)]
            rest = said[: whom[-1].span.start].strip() if whom and whom[-1].span else ""
            measures = (self._names.metrics_called(rest) or self._names.metrics_called(plural(rest))) if rest else ()
            if len(measures) != 1:
                kept.append(mention)
                continue
            assert whom[-1].span
            cut = start + whom[-1].span.start
            kept.append(NameMention(folded.span(start, max(cut, start + 1)), "metric", measures[0], SCORE))
            rows.append(NameMention(folded.span(cut, end), "dimension", whom[-1].name, SCORE))
        return tuple(kept), tuple(rows)

    def _ranked(self, folded: Folded, mention: NameMention, ends: Sequence[int]) -> NameMention | None:
        """ "ten largest corporate borrowers", 前十大对公借款人: people right after a limit, as rows; None for anything else."""
        if not mention.span or not any(0 <= mention.span.start - last <= _FAR for last in ends):
            return None
        last = max(end for end in ends if end <= mention.span.start)
        between = folded.text[offset(folded, last) : offset(folded, mention.span.start)]
        said = folded.text[offset(folded, mention.span.start) : offset(folded, mention.span.end)]
        if not _PERSONS.fullmatch(said) or not _KIND_OF.fullmatch(between):
            return None
        whom = [d for d in self._names.find_dimensions("each customer" if said.isascii() else "每个客户") if d.span]
        return NameMention(mention.span, "dimension", whom[0].name, SCORE) if whom else None

    def attributes(self, folded: Folded, cues: Iterable[Cue]) -> tuple[NameMention, ...]:
        """ "loan growth": the singular of a metric's one-word name right before a comparison."""
        found = []
        for cue in cues:
            before = _WORD_BEFORE.search(folded.text[: cue.start]) if cue.family in _ATTRIBUTE else None
            for name in self._names.metrics_called(plural(before[1])) if before else ():
                assert before
                found.append(NameMention(folded.span(*before.span(1)), "metric", name, SCORE))
        return tuple(found)


def _splits(catalog: Catalog) -> Iterator[tuple[str, str, str]]:
    """(noun, subject, metric)."""
    for metric in catalog.metrics.values():
        for written in {key(w) for w in (metric.display.zh, metric.display.en, *metric.synonyms)}:
            if written.isascii():
                words = written.split()
                for cut in range(1, len(words)):
                    yield " ".join(words[cut:]), " ".join(words[:cut]), metric.name
            else:
                for cut in range(2, len(written) - 1):
                    yield written[cut:], written[:cut], metric.name


def _last_word(text: str, start: int, end: int) -> int:
    """Where the last word of text[start:end] begins; the last two letters of a Chinese one."""
    if text[start:end].isascii():
        return start + text[start:end].rfind(" ") + 1
    return max(start, end - 2)


def _pattern(name: str) -> str:
    return rf"\b{re.escape(name.removesuffix('s'))}(?:e?s)?\b" if name.isascii() else re.escape(name)
