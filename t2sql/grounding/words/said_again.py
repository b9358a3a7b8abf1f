"""Words beside findings that only say again what was found: "not an amount" beside a count, 两座 beside two cities, "under" a branch.

Each is claimed only where what was found says the same; beside anything else it stays told.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from t2sql.catalog import Catalog, Dimension, Metric
from t2sql.flow import NameMention, Period, Span, ValueMention
from t2sql.grounding.numbers.numerals import read_integer
from t2sql.grounding.words.text import Folded
from t2sql.grounding.words.weighing import qualifies
from t2sql.metric_names import is_stock

# The forms a figure may have, by the words that call for them.
_FORMS = {
    "count": r"number|count|headcount|head count|tally|笔数|户数|数量|个数|家数|张数|人数|件数",
    "balance": r"balances?|outstandings?|stock|余额|存量",
    "amount": r"amounts?|values?|volumes?|sums?|money|yuan|spend|金额|多少钱|额",
    "rate": r"rates?|ratios?|percentages?|shares?|proportions?|比例|比率|占比|百分比|率",
}
_DENIED_FORM = re.compile(
    r"(?:\b(?:and |but )?(?:not|rather than) (?:in )?(?:the |an? |its |their )?|(?:而|并)?(?:不是|不要|不用|不看|非))"
    r"(?P<form>" + "|".join(_FORMS.values()) + r")(?=\s*(?:[,;:.。?)!-]|$))"
)
_I_MEAN = re.compile(r"\b(?:i|we) (?:do )?mean\b")
_UNDER = re.compile(r"\bunder (?:the )?$")
_FIRMS = re.compile(
    r"\s(?:sector |industry |trade |business )?(?:companies|company|firms?|businesses|business|enterprises|corporates|players|operators|trade|industry|sector|names)\b(?! (?:loans?|deposits?|cards?|customers?|count|type))"
)
_INDUSTRY = frozenset(("industry", "sector", "行业"))
_COUNTED_VALUES = re.compile(
    r"(?P<n>[两二三四五六七八九十])(?:座|省|市|城|地|区|档|挡|款|国|类|级|组|段|者|县)(?:城市|省份|地区)?"
)
_EACH_KIND = re.compile(
    r"(?:各|每一?)(?P<kind>[类档挡级种])(?=[有的是占,。?存贷余不客]|$)|分(?P<split>[挡档])(?=[,。]|$)"
)
# What a dimension is called by that parts things into such kinds.
_PARTED_BY = {
    "类": r"类|性质|\bclass|\btype|categor",
    "种": r"种|分类|\btype|categor",
    "档": r"档|段|期限|天数|\bband|\bbucket",
    "挡": r"档|段|期限|天数|\bband|\bbucket",
    "级": r"[等评五]级|\brating|\bgrade|\bclass",
}
_WORD_BEFORE = re.compile(r"\b(?P<word>[a-z]{4,}) $")
_WORD_AFTER = re.compile(r" (?P<word>[a-z]{4,})\b")
# "In each of the two quarters": as many as were named.
_EACH_OF_LISTED = re.compile(
    r"\b(?:in|for|at|of) (?:each|either|both) of (?:the|these|those) (?P<n>two|three|four) (?P<what>months|quarters|half[- ]years|halves|years|branches|regions|products|segments|periods|dates)\b"
)
_EACH_BEFORE = re.compile(r"(?:\b(?:each|every)(?: of the)?\s+|[每各]个?)$")
# 在本区域里, "of its own region", beside a region that is named.
_ITS_OWN = re.compile(r"(?:在|占)?(?:其|本|该|所在|所属)(?P<what>区域|大区|分行|支行|产品|行业)(?:里面?|内|中|范围内)?")
_WHOLE_YEAR = re.compile(r"按(?:照)?全年(?:口径)?(?:来)?(?:算|计|看)?|全年口径")
_ABSOLUTE = re.compile(r"\babsolute (?=(?:increase|decrease|change|difference|rise|fall|drop)s?\b)")


def said_again(
    folded: Folded,
    catalog: Catalog,
    named: Sequence[NameMention],
    values: Sequence[ValueMention],
    groups: Sequence[NameMention],
    periods: Sequence[Period],
    *,
    is_compared: bool,
) -> Iterator[Span]:
    """Stretches that the findings already say. `is_compared`: something is compared, so that a form may be another's."""
    text = folded.text
    found = list(_at_values(folded, catalog, values))
    if not is_compared:
        found += _denied_forms(text, catalog, named)
    if len({mention.name for mention in named}) < 2:
        found += _places(_I_MEAN, text)
    found += _kinds(text, catalog, groups)
    found += _each_of_listed(text, values, periods)
    if len(periods) > 1 and len({p.span for p in periods}) == 1:
        # "At each quarter-end over the last four quarters": one stretch that is several dates.
        place = next((i for i, at in enumerate(folded.starts) if at >= periods[0].span.start), 0)
        found += [match.span() for match in [_EACH_BEFORE.search(text[:place])] if match]
    places = {name for value in values for name in _names(catalog, value.dimension)}
    found += [match.span() for match in _ITS_OWN.finditer(text) if match["what"] in places]
    if any((p.first != p.last and _is_year(p)) or len(p.first) == 4 for p in periods):
        found += _places(_WHOLE_YEAR, text)
    if is_compared:
        found += _places(_ABSOLUTE, text)
    yield from (folded.span(start, end) for start, end in found)


def _at_values(folded: Folded, catalog: Catalog, values: Sequence[ValueMention]) -> Iterator[tuple[int, int]]:
    text = folded.text
    stretches = _spans(folded, values)
    for value, (start, end) in zip(values, stretches, strict=True):
        if not text[start].isdigit() and (under := _UNDER.search(text[:start])):
            yield under.span()
        is_industry = not _INDUSTRY.isdisjoint(_names(catalog, value.dimension))
        if is_industry and (firms := _FIRMS.match(text, end)):
            yield firms.span()
        yield from _own_words(text, start, end, _forms(catalog, value))
        counted = _COUNTED_VALUES.match(text, end)
        listed = {place for place, v in zip(stretches, values, strict=True) if v.dimension == value.dimension}
        if counted and read_integer(counted["n"].replace("两", "二")) == len(listed):
            yield counted.span()


def _each_of_listed(text: str, values: Sequence[ValueMention], periods: Sequence[Period]) -> Iterator[tuple[int, int]]:
    listed = [p for p in periods if not p.dimension and p.first == p.last]
    for match in _EACH_OF_LISTED.finditer(text):
        count = {"two": 2, "three": 3, "four": 4}[match["n"]]
        named = max((sum(v.dimension == value.dimension for v in values) for value in values), default=0)
        is_time = match["what"][:4] in ("mont", "quar", "half", "halv", "year", "peri", "date")
        if count == (len(listed) if is_time else named):
            yield match.span()


def _own_words(text: str, start: int, end: int, forms: frozenset[str]) -> Iterator[tuple[int, int]]:
    """The home of "home mortgages", the loans of "gold card loans": beside a value, a word that the value is called by."""
    for match in (_WORD_BEFORE.search(text[:start]), _WORD_AFTER.match(text, end)):
        if match and match["word"].rstrip("s") in forms and not qualifies(match["word"]):
            yield match.span("word")


def _forms(catalog: Catalog, value: ValueMention) -> frozenset[str]:
    """The English words of four letters and more that a value is called by, without their plural's s."""
    if value.dimension not in catalog.dimensions:
        return frozenset()
    aliases = catalog.field_of(catalog.dimensions[value.dimension]).aliases.get(value.value, ())
    return frozenset(w.rstrip("s") for name in aliases if name.isascii() for w in name.lower().split() if len(w) > 3)


def _denied_forms(text: str, catalog: Catalog, named: Sequence[NameMention]) -> Iterator[tuple[int, int]]:
    """Forms that are denied ("not the amount") where the one metric has another."""
    if len({mention.name for mention in named}) != 1:
        return
    metric = catalog.metrics[named[0].name]
    if metric.unit == "count":
        own: tuple[str, ...] = ("count",)
    elif metric.is_ratio_unit:
        own = ("rate",)
    else:
        own = ("amount", "balance") if is_stock(metric, catalog) else ("amount",)
    for match in _DENIED_FORM.finditer(text):
        if not any(re.fullmatch(_FORMS[form], match["form"]) for form in own):
            yield match.span()


def _kinds(text: str, catalog: Catalog, groups: Sequence[NameMention]) -> Iterator[tuple[int, int]]:
    """各类, 每一档 where a group that is asked parts things into them."""
    said = [" ".join(_names(catalog, group.name)) for group in groups if group.score == 1.0]
    for match in _EACH_KIND.finditer(text):
        parted = re.compile(_PARTED_BY[match["kind"] or match["split"]])
        if any(parted.search(names) for names in said):
            yield match.span()


def _is_year(period: Period) -> bool:
    first, last = period.first, period.last
    return first[:4] == last[:4] and first[4:] in ("", "-01", "-Q1", "-H1") and last[4:] in ("", "-12", "-Q4", "-H2")


def _names(catalog: Catalog, name: str) -> tuple[str, ...]:
    thing: Metric | Dimension | None = catalog.metrics.get(name) or catalog.dimensions.get(name)
    if thing is None:
        return (name,)
    return (thing.name, thing.display.zh, thing.display.en.lower(), *(s.lower() for s in thing.synonyms))


def _places(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(text)]


def _spans(folded: Folded, things: Sequence[NameMention] | Sequence[ValueMention]) -> list[tuple[int, int]]:
    """Where things stand in the folded text; (0, 0) for what stands nowhere."""
    found = []
    for thing in things:
        if thing.span is None:
            found.append((0, 0))
            continue
        start = next((i for i, at in enumerate(folded.starts) if at >= thing.span.start), 0)
        end = next((i for i, at in enumerate(folded.starts) if at >= thing.span.end), len(folded.starts))
        found.append((start, end))
    return found
