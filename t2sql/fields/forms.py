"""What people may call a dataset or a field, with how surely: by its name taken apart, its display, its comment.

Made once for a catalog. Knows no question, and never looks at data.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from t2sql.catalog import Catalog, Dataset, Field
from t2sql.fields.chinese import dataset_names, has_chinese, names_of, normal
from t2sql.fields.linked import How
from t2sql.fields.words import form, split_name, spoken, stem
from t2sql.grounding.words.stop_words import ENGLISH
from t2sql.grounding.words.text import fold

_KINDS = frozenset("id name number code type count key title date time amount value flag year no num".split())
_UNITS = frozenset(
    "kg g mg cm mm m km usd eur gbp cny rmb pct percent percentage lbs lb hrs hr hours days mins sec secs yrs".split()
)
_MONEY = frozenset("price amount amt total value revenue".split())
_SOLD = frozenset("sale order transaction invoice booking purchase".split())
_KEYS = frozenset("id no key code cd num nbr number".split())
_OPENING = frozenset("is has was are".split())
_BEFORE_OF = re.compile(
    r"^(?:the |a |an |unique |actual |total )*([a-z][a-z -]{2,40}?)(?: (?:of|for|in|to|on|at|by|that|which|when|where|was|is)\b|[.,(;]|$)"
)


def name_form(text: str) -> tuple[str, ...]:
    """A name as it is looked up: folded, one word for several."""
    return form(normal(fold(text).text)[0])


def prefixes_of(catalog: Catalog) -> frozenset[str]:
    """First words that a third of the tables' names share: they say nothing (ed_, tbl_, dim_)."""
    firsts = Counter(split_name(name)[0] for name in catalog.datasets if len(split_name(name)) > 1)
    few = max(3, len(catalog.datasets) // 2)
    return frozenset(word for word, count in firsts.items() if count >= few and word not in catalog.datasets) | {
        "tbl",
        "dim",
        "fact",
        "fct",
        "t",
        "tb",
        "sbl",
    }


def dataset_forms(dataset: Dataset, prefixes: frozenset[str]) -> Iterator[tuple[tuple[str, ...], float]]:
    words = _own_words(dataset, prefixes)
    yield name_form(" ".join(words)), 1.0
    yield name_form(" ".join(spoken(words))), 1.0
    if not has_chinese(dataset.display.en):
        yield name_form(dataset.display.en), 1.0
    if has_chinese(dataset.display.zh):
        for name, sure in dataset_names(dataset.display.zh):
            yield name_form(name), sure
    if len(words) > 1:
        for word in (words[-1], words[0]):
            if len(word) > 3 and word not in _KINDS:
                yield name_form(word), 0.9 if _is_keyed_as(dataset, word) else 0.5


def _is_keyed_as(dataset: Dataset, word: str) -> bool:
    """Whether the rows are told apart by a number of what a word says: ticket_id, of maint_tickets."""
    if len(dataset.primary_key) != 1:
        return False
    head = split_name(dataset.primary_key[0])
    return len(head) == 2 and head[-1] in ("id", "no", "number", "code", "key") and stem(head[0]) == stem(word)


def _own_words(dataset: Dataset, prefixes: frozenset[str]) -> tuple[str, ...]:
    words = split_name(dataset.name)
    return words[1:] if len(words) > 1 and words[0] in prefixes else words


def field_forms(
    item: Field, dataset: Dataset, prefixes: frozenset[str]
) -> Iterator[tuple[tuple[str, ...], float, How]]:
    owner = tuple(stem(word) for word in spoken(_own_words(dataset, prefixes)))
    lead = _lead(dataset)
    for text in dict.fromkeys((item.display.zh, *item.synonyms, item.description.partition(" / ")[0])):
        if has_chinese(text):
            is_name = text != item.description.partition(" / ")[0] or len(text) <= 20
            for name, sure in names_of(text) if is_name else ():
                yield name_form(name), sure, "exact" if sure >= 0.9 else "part"
    written = split_name(item.name)
    if lead and written[: len(lead)] == lead and len(written) > len(lead):
        written = written[len(lead) :]
    if owner and len(written) > 1 and written[0] == _key_prefix(dataset):
        # ll_type beside ll_id: the type of a landlord.
        bare = name_form(" ".join(spoken(written[1:])))
        is_key = item.expression in dataset.primary_key
        for words, sure in (((*owner, *bare), 1.0), *(() if is_key else ((bare, 0.85),))):
            yield words, sure, "exact"
    if len(written) > 1 and written[0] == stem(split_name(dataset.name)[-1]):
        yield name_form(" ".join(written[1:])), 0.85, "exact"
    said = [written, spoken(written)]
    if item.expression.isidentifier() and not lead:
        said.append(split_name(item.expression))
    said += [tuple(fold(item.display.en).text.split())] if not has_chinese(item.display.en) else []
    for words in dict.fromkeys(said):
        yield from _english_forms(tuple(w for w in words if w), owner, item)
    if len(written) > 1 and written[-1] in ("on", "at") and (item.is_time or item.type == "date"):
        # lent_on is the date lent, and the lent date.
        for said_so in (f"{' '.join(written[:-1])} date", f"date {' '.join(written[:-1])}"):
            yield name_form(said_so), 0.9, "exact"
        if written[-2].endswith("ed"):
            # issued_on is the issue date and the issuing date, arrived_on the arrival date, shipped_on the ship date.
            for deed in _deeds(written[-2]):
                yield name_form(" ".join((*written[:-2], deed, "date"))), 0.85, "exact"
    for text in item.synonyms:
        if not has_chinese(text):
            words = name_form(text)
            yield words, 1.0 if len(words) <= 3 else 0.9, "exact"
            if "of" in words[1:] and words[: words.index("of")] and words[0] not in ENGLISH:
                yield (
                    words[: words.index("of")],
                    0.75 if words.index("of") > 1 or words[0] not in _KINDS else 0.5,
                    "part",
                )
    if written[-1] in _MONEY and owner and stem(written[0]) in (*owner, "total", "amount", "price"):
        for word in ("amount", "revenue", "value", "price", "total"):
            yield (*owner, word), 0.8, "part"
        if owner[-1] in _SOLD:
            yield ("revenue",), 0.8, "part"
    match = _BEFORE_OF.match(fold(item.description).text) if item.description.isascii() else None
    if match:
        described = tuple(w for w in name_form(match[1]) if w not in ENGLISH)
        if described and len(described) <= 3:
            yield described, 0.55, "described"


def _deeds(done: str) -> tuple[str, ...]:
    """A past participle as what a day may be called by.

    >>> _deeds("arrived"), _deeds("shipped")
    (('arrive', 'arriv', 'arriving', 'arrival'), ('shippe', 'shipp', 'shipping', 'shippal', 'ship', 'shipment'))
    """
    short = done[:-2]
    is_doubled = len(short) > 3 and short[-1] == short[-2] and short[-1] not in "lsz"
    once = (short[:-1], f"{short[:-1]}ment") if is_doubled else ()
    return (done[:-1], short, f"{short}ing", f"{short}al", *once)


def _key_prefix(dataset: Dataset) -> str:
    """What stands for the table in the name of its one key: ll of ll_id; "" for none."""
    key = split_name(dataset.primary_key[0]) if len(dataset.primary_key) == 1 else ()
    return key[0] if len(key) == 2 and key[1] in _KEYS else ""


def _lead(dataset: Dataset) -> tuple[str, ...]:
    """First words that nearly all columns of a table share (sbTxDate, sbTxAmount): nobody says them."""
    names = [split_name(f.name) for f in dataset.fields.values()]
    lead: tuple[str, ...] = ()
    while len(names) >= 4:
        place = len(lead)
        nexts = Counter(n[place] for n in names if len(n) > place + 1 and n[:place] == lead)
        word, count = nexts.most_common(1)[0] if nexts else ("", 0)
        if count < 0.8 * len(names) or word in ("is", "has"):
            break
        lead = (*lead, word)
    return lead


def _english_forms(
    words: tuple[str, ...], owner: tuple[str, ...], item: Field
) -> Iterator[tuple[tuple[str, ...], float, How]]:
    whole = name_form(" ".join(words))
    if not whole:
        return
    yield whole, 0.7 if whole in (("id",), ("name",)) else 1.0, "exact"
    if owner:
        yield (*owner, *whole), 1.0, "exact"
    bare = whole
    if len(whole) > len(owner) and whole[: len(owner)] == owner:
        bare = whole[len(owner) :]
        yield bare, 0.85, "exact"
    elif len(whole) > 1 and owner and (whole[0] in (owner[-1], owner[0]) or owner[-1].startswith(whole[0])):
        bare = whole[1:]
        yield bare, 0.85, "exact"
    if bare[0] in _OPENING and len(bare) > 1:
        yield bare[1:], 0.8, "exact"
        if bare[1] == "in" and len(bare) > 2:
            yield bare[2:], 0.6, "part"
    if len(whole) > 1:
        if whole[-1] in _UNITS:
            yield whole[:-1], 0.95, "exact"
            whole = whole[:-1]
        if whole[-1] in _KINDS and not set(whole[:-1]) <= {*owner, *ENGLISH}:
            sure = 0.5 if whole[-1] in ("id", "key") else 0.8
            yield whole[:-1], sure, "part"
            if whole[-1] in ("number", "count", "num"):
                yield ("number", "of", *whole[:-1]), 1.0, "exact"
        if len(whole) == 2 and whole[1] not in _UNITS | {"id", "name", "number", "count", "on", "at", "in"}:
            # The kind of unit is the unit kind.
            yield (whole[1], "of", whole[0]), 0.9, "exact"
        if whole[-1] not in _KINDS | ENGLISH and whole[-1] not in owner and "per" not in words:
            # Kilograms are no price per kg.
            yield whole[-1:], 0.6, "part"
        if whole[0] in ("total", "average") and len(whole) > 2:
            yield whole[1:], 0.8, "part"
