"""Figures, groups and orders that a text asks for, each with the field that it is of."""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Sequence

from t2sql.fields.asked_members import is_of_things
from t2sql.fields.chinese import bare_name, has_chinese, names_of
from t2sql.fields.chinese_order import end_of, latest_of, places_in
from t2sql.fields.cues import GROUPED, LATEST, FigureCue
from t2sql.fields.hits import Hit, Words
from t2sql.fields.index import FieldIndex, Key
from t2sql.fields.linked import Aggregate, DateGroup, Group, Order, Stretch
from t2sql.fields.roles import date_fields, date_said, is_member, is_number, label_fields, main_number
from t2sql.fields.words import split_name
from t2sql.grounding.numbers.numerals import read_integer
from t2sql.grounding.numbers.quantities import find_quantities

_GRAINS: tuple[tuple[DateGroup, str], ...] = (
    ("isodow", r"days? of|weekday|星期几|周几"),
    ("year", r"year|annual|年"),
    ("quarter", r"quarter|季度?"),
    ("month", r"month|个?月"),
    ("week", r"week|周"),
    ("day", r"day|date|[天日]"),
)
_BY_GRAIN = re.compile(
    r"\b(?:by|per|for each|in each|of each|each|every|for every|on each)(?: (?:calendar|of the (?:last|past|previous) \w+(?: (?:calendar|full|complete))?))? (?P<en>days? of (?:the |a )?week|weekday|year|quarter|month|week|day)s?\b|\b(?:which|what) (?P<which>days? of the week|weekdays?)\b|\b(?P<ly>yearly|annual(?:ly)?|quarterly|monthly|weekly|daily)\b|(?:每个?|各个?|按照?|分|逐)(?P<zh>星期几|周几|年|季度?|月|周|天|日)(?!末|报)"
)
_ENDS_FIGURE = re.compile(r"(?:求和|总和|之和|总计|合计|加总|均值|平均[值数])")
_WHOSE = re.compile(r" (?:from|who|whose|with|in|that|living|located|based|aged)\b")
_PASSIVE = re.compile(r"\b(?:\w+(?:ed|en)|made|done|held|led|run|sold|bought|paid) $")
_CLAUSE = re.compile(r"[，。;；？?！!]|,(?!\d)")


def asked_aggregates(
    words: Words, hits: Sequence[Hit], cues: Sequence[FigureCue], dataset: str, index: FieldIndex
) -> tuple[Aggregate, ...]:
    """Figures asked, in the text's order."""
    found: list[Aggregate] = []
    text = words.folded.text
    for cue in cues:
        over = [h for h in hits if h.start < cue.end and cue.start < h.end and h.sure >= 0.8]
        if cue.function == "count" and len(over) == 1 and over[0].is_dataset:
            found.append(Aggregate(words.folded.span(cue.start, cue.end), "count", over[0].key))
            continue
        if over:
            # 最高比率 is a name, and no highest of anything.
            continue
        key = _of(text, cue, hits, index)
        function = cue.function
        pieces = _PIECES.search(text[: cue.end]) if function == "count" else None
        amount = _amount(dataset, index) if pieces is not None else ""
        if pieces is not None and amount and not any(h.is_dataset and h.end == pieces.start() for h in hits):
            found.append(Aggregate(words.folded.span(pieces.start(), cue.end), "sum", (dataset, amount)))
            continue
        if function == "sum" and key is None and not has_chinese(text):
            key = _money_of(text, cue, hits, index)
        if function in ("sum", "avg", "max", "min") and key is None:
            continue
        if function == "count_distinct" and key is not None and not key[1]:
            keys = index.catalog.datasets[key[0]].primary_key
            own = next((f.name for f in index.catalog.datasets[key[0]].fields.values() if f.expression in keys), "")
            key = (key[0], own) if own else None
        found.append(Aggregate(words.folded.span(cue.start, cue.end), function, key))
    if has_chinese(text):
        found += _how_many(words, hits, index)
        found += _totals(words, hits, {a.field for a in found if a.function == "sum"}, index)
    return tuple(sorted(found, key=lambda a: a.span.start))


_MONEY = frozenset("amount amt price total value cost fee fees charge payment revenue income".split())
_TO_THEM = re.compile(r" (?:of )?(?:the |all )?(?:[a-z]+ ){0,2}")


def _money_of(text: str, cue: FigureCue, hits: Sequence[Hit], index: FieldIndex) -> Key | None:
    """The total of payments: of their one amount, where they have one and none is named."""
    for hit in hits:
        if hit.is_dataset and hit.start > cue.end and _TO_THEM.fullmatch(text[cue.end : hit.start]):
            amount = main_number(index.catalog.datasets[hit.key[0]])
            if amount is not None and _MONEY & set(split_name(amount.name)):
                return hit.key[0], amount.name
    return None


_PIECES = re.compile(r"总数量$")


def _amount(dataset: str, index: FieldIndex) -> str:
    """The column of how many pieces each row is of (数量); "" for none."""
    fields = index.catalog.datasets[dataset].fields.values()
    return next((f.name for f in fields if f.is_named and is_number(f) and bare_name(f.display.zh) == "数量"), "")


_HOW_MANY = re.compile(r"(?:一共|总共|共)?有多少(?=$|[，,。；;？?!！\s])|数(?=$|[，,。；;？?!！\s和及、是有为])")


def _how_many(words: Words, hits: Sequence[Hit], index: FieldIndex) -> list[Aggregate]:
    """女性患者有多少, 签收的运单数: how many things there are; 财政收入有多少 is of a figure."""
    text = words.folded.text
    return [
        Aggregate(words.folded.span(*match.span()), "count", hit.key)
        for match in _HOW_MANY.finditer(text)
        for hit in hits
        if hit.end == match.start() and hit.is_dataset and is_of_things(hit.key[0], text[hit.start : hit.end], index)
    ]


_TOTAL = re.compile(r"(?:总的?|累计的?|合计的?)$")


def _totals(words: Words, hits: Sequence[Hit], known: set[Key | None], index: FieldIndex) -> list[Aggregate]:
    """总发行规模 of a column 发行规模: its sum; 总资产 is a name of its own."""
    text, found = words.folded.text, []
    for hit in hits:
        match = _TOTAL.search(text[: hit.start]) if hit.is_field and is_number(index.field(hit.key)) else None
        is_other = match is not None and any(
            h.start < hit.start and match.start() < h.end for h in hits if h is not hit
        )
        if match is not None and not is_other and hit.key not in known:
            found.append(Aggregate(words.folded.span(match.start(), hit.end), "sum", hit.key))
    return found


def _of(text: str, cue: FigureCue, hits: Sequence[Hit], index: FieldIndex) -> Key | None:
    if cue.function in ("count", "count_distinct"):
        nouns = [h for h in hits if 0 <= cue.start - h.end <= 3 and h.value is None]
        if nouns and has_chinese(text):
            # 公司数量, 公司有多少家: what is counted stands before.
            return nouns[-1].key
        after = [h for h in hits if h.start >= cue.end and h.value is None]
        after = [h for h in after if not _CLAUSE.search(text[cue.end : h.start])]
        return after[0].key if after else None
    numbers = [h for h in hits if h.is_field and is_number(index.field(h.key))]
    before = [h for h in numbers if h.end <= cue.start]
    after = [h for h in numbers if h.start >= cue.end and not _CLAUSE.search(text[cue.end : h.start])]
    if cue.looks in ("before", "both") and before:
        return before[-1].key
    if (
        before
        and has_chinese(text)
        and text[before[-1].end : cue.start] in ("", "的")
        and _ENDS_FIGURE.match(text, cue.start)
    ):
        # 营业收入合计, 净利润的均值: said of what stands before.
        return before[-1].key
    if after:
        return after[0].key
    return before[-1].key if before and not _CLAUSE.search(text[before[-1].end : cue.start]) else None


def asked_groups(words: Words, hits: Sequence[Hit], dataset: str, index: FieldIndex) -> tuple[Group, ...]:
    """What the text groups by."""
    found: dict[tuple[str, str, DateGroup | None], Group] = {}
    text = words.folded.text
    is_chinese = has_chinese(text)
    for match in _BY_GRAIN.finditer(text):
        if any(h.is_field and h.start <= match.start() and match.end() < h.end for h in hits):
            # The monthly rent is a column, and no rent per month.
            continue
        said = match["en"] or match["which"] or match["ly"] or match["zh"]
        grain = next(
            g
            for g, pattern in _GRAINS
            if re.match(pattern, said) or said.startswith(g[:3]) or (said == "daily" and g == "day")
        )
        owner = index.catalog.datasets[dataset]
        dates = date_fields(owner) if is_chinese else [d for d in [date_said(owner, text)] if d]
        if dates:
            place = (dataset, dates[0].name, grain)
            found.setdefault(place, Group(words.folded.span(*match.span()), *place))
    for match in GROUPED.finditer(text):
        # 各省 may itself be a name of the field.
        starts = (match.end(), match.start(), match.start() + 1) if has_chinese(match[0]) else (match.end(),)
        here = [h for h in hits if h.start in starts and h.value is None]
        is_by = match[0].startswith("by")
        if is_by and (_PASSIVE.search(text[: match.start()]) or (here and _WHOSE.match(text, here[0].end))):
            # "sales by customers from Canada" says whose, and not by what.
            continue
        for hit in here[:1]:
            if hit.is_dataset and has_chinese(match[0]) and (hit.key[0] == dataset or hit.how != "exact"):
                continue
            if hit.is_dataset and hit.key[0] == dataset and not _has_label(dataset, index):
                continue
            for key in _group_keys(hit, index):
                found.setdefault((*key, None), Group(words.folded.span(match.start(), hit.end), *key))
    for hit in hits if is_chinese else ():
        item = _called(hit, index) if text[: hit.start].rstrip('“"「『').endswith(("各", "每个")) else ""
        if item:
            found.setdefault((hit.key[0], item, None), Group(words.folded.span(hit.start, hit.end), hit.key[0], item))
    return tuple(found.values())


def _called(hit: Hit, index: FieldIndex) -> str:
    """The field of the value's own dataset that is called as the value is: 各"省市" is each of them, too."""
    fields = index.catalog.datasets[hit.key[0]].fields.values() if hit.value is not None else ()
    named = (f for f in fields if f.is_named and f.name != hit.key[1])
    return next((f.name for f in named if any(hit.value == name for name, _sure in names_of(f.display.zh))), "")


def _has_label(dataset: str, index: FieldIndex) -> bool:
    """Whether rows of a dataset have a name to group by, and not only a number."""
    return any(not is_number(index.field((dataset, f.name))) for f in label_fields(index.catalog.datasets[dataset]))


def _group_keys(hit: Hit, index: FieldIndex) -> list[Key]:
    if hit.is_field:
        item = index.field(hit.key)
        names_members = not is_number(item) or is_member(hit.key[1]) or bool(item.is_enum or item.aliases)
        return [hit.key] if names_members else []
    labels = label_fields(index.catalog.datasets[hit.key[0]])
    if has_chinese("".join(hit.words)):
        # The full name and the short one tell the same things.
        labels = labels[:1]
    return [(hit.key[0], item.name) for item in labels]


# What is counted by a word that other limits have not: 最高的5次.
_SO_MANY = re.compile(
    r"最[高大多低小少长短]的?前?(?P<n>\d{1,3}|[二两三四五六七八九十])(?=[次单辆台座艘所宗例批件户间份期人天日月年])"
)


def asked_order(
    words: Words, hits: Sequence[Hit], index: FieldIndex, dataset: str, stretches: Sequence[Stretch] = ()
) -> Order | None:
    """The order asked, with how many rows; None for none."""
    folded = words.folded
    is_chinese = has_chinese(folded.text)
    latest = None if is_chinese else LATEST.search(folded.text)
    dates = date_fields(index.catalog.datasets[dataset])
    if latest and dates and not any(h.start < latest.end() and latest.start() < h.end for h in hits):
        return Order(folded.span(*latest.span()), True, 1, (dataset, dates[0].name), True)
    limits = [q for q in find_quantities(folded) if q.kind in ("limit", "order")]
    places = places_in(folded.text, hits, dataset, index) if is_chinese else []
    for quantity in limits:
        span = quantity.span
        if any(s.span.start < span.end and span.start < s.span.end for s in stretches):
            continue
        start = next((i for i, at in enumerate(folded.starts) if at >= span.start), 0)
        end = next((i + 1 for i, at in enumerate(folded.ends) if at >= span.end), len(folded.text))
        if any(h.start <= start and end <= h.end and h.sure >= 0.8 for h in hits):
            continue
        if any(place.start < end and start < place.end for place in places):
            continue
        numbers = [h for h in hits if h.is_field and is_number(index.field(h.key))]
        if is_chinese and quantity.kind == "order":
            # 按成立日期升序: whatever stands right before.
            beside = [h for h in hits if h.is_field and 0 <= start - h.end <= 3]
            numbers = beside[-1:] or numbers
        before = [h for h in numbers if h.end <= start]
        after = [h for h in numbers if h.start >= end]
        first, second = (before[-1:], after[:1]) if is_chinese else (after[:1], before[-1:])
        key = (first or second or [None])[0]  # type: ignore[list-item]
        limit = int(quantity.value) if quantity.kind == "limit" else 0
        counted = _SO_MANY.match(folded.text, start) if limit == 1 else None
        if counted is not None:
            limit, span = read_integer(counted["n"]) or 1, folded.span(*counted.span())
        return Order(span, quantity.descending, limit, key.key if key is not None else None)
    return end_of(words, hits, index, dataset) or latest_of(words, hits, index, dataset) if is_chinese else None
