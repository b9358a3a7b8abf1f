"""Values that only say again what is said: 理财和代销产品 is what the wealth balance is, and "no guarantee" beside "no collateral"
leaves out nothing more.

Takes such a value away; the caller counts its words as understood. Nothing is taken where each is asked for itself, nor,
of what is left out, where a share, a place or a mean is asked: those are taken over the others too.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Collection

from t2sql.catalog import Catalog
from t2sql.flow import NameMention, ValueMention
from t2sql.grounding.settling import key, offset
from t2sql.grounding.words.lexicon import loosen
from t2sql.grounding.words.overlaps import overlaps
from t2sql.grounding.words.text import Folded

_JOINT = r"\s*(?:和|与|及|以及|、|/|\+|,|&|\band\b|\bor\b|\bplus\b)\s*(?:the |of )?"
_BETWEEN = re.compile(rf"(?:产品|类|products?)?{_JOINT}")
_JOINED = re.compile(_JOINT)
_AGAINST = re.compile(r"\s*(?:对比?|相比|\b(?:vs\.?|versus|against|compared (?:with|to))(?= ))\s*(?:the )?")
_COMMA = re.compile(r"[,、]")
_SEPARATELY = re.compile(r"分别|各自|各[是为有占多]|分开|\b(?:each|separately|respectively)\b")
_EACH = re.compile(
    r"分别|各自|各[是为有占多]|分开|对比|相比|比较|哪个|\b(?:each|separately|respectively|split|versus|vs|compare[ds]?|by product line|which)\b"
)

# A share, a place or a mean is taken over the others too.
_OF_WHOLE = re.compile(
    r"占|比例|比重|份额|排名|排第|名次|平均|均值|%|\b(?:shares?|proportions?|percent\w*|per cent|fractions?|portions?|weights?|rank\w*|averages?|mean|compared|versus|vs)\b"
)


def without_own_words(
    catalog: Catalog, folded: Folded, values: tuple[ValueMention, ...], named: Collection[NameMention]
) -> tuple[ValueMention, ...]:
    """`values` less the second of two that a metric's own name or description joins (理财与代销), beside the first, and less
    what is left out of a dimension of which other values are meant.
    """
    own = [] if _EACH.search(folded.text) else [v for v in values if is_own_word(catalog, folded, v, named)]
    said: dict[str, set[str]] = {}
    for value in values:
        if not value.is_negated:
            said.setdefault(value.dimension, set()).add(value.value)
    # 上海占全行（不含北京）: what is left out changes the whole of a share.
    is_of_whole = _OF_WHOLE.search(folded.text) is not None
    needless = [
        v
        for v in values
        if not is_of_whole and v.is_negated and said.get(v.dimension) and v.value not in said[v.dimension]
    ]
    return tuple(v for v in values if v not in own and v not in needless)


def denied_of_whole(folded: Folded, values: Collection[ValueMention]) -> tuple[str, ...]:
    """Beijing of "Shanghai's share of deposits excluding Beijing": a whole less one of its members can be no share's base."""
    meant = {v.dimension for v in values if not v.is_negated}
    out = [v.span for v in values if v.is_negated and v.dimension in meant and _OF_WHOLE.search(folded.text)]
    return tuple(dict.fromkeys(folded.text[offset(folded, s.start) : offset(folded, s.end)] for s in out))


def needless_denials(spelt: Collection[ValueMention], values: Collection[ValueMention]) -> tuple[ValueMention, ...]:
    """Those of `spelt` that are left out of a dimension of which `values` mean others: "unsecured, not guaranteed"."""
    meant = {v.dimension for v in values if not v.is_negated}
    kept = {(v.dimension, v.value) for v in values}
    return tuple(v for v in spelt if v.is_negated and v.dimension in meant and (v.dimension, v.value) not in kept)


def is_own_word(catalog: Catalog, folded: Folded, value: ValueMention, named: Collection[NameMention]) -> bool:
    """Whether a metric is named beside `value`, and its own words join the value to another of the dimension."""
    if value.is_negated:
        return False
    members = catalog.field_of(catalog.dimensions[value.dimension]).aliases
    start, end = offset(folded, value.span.start), offset(folded, value.span.end)
    before = loosen(folded.text[:start])
    named = [m for m in named if m.span and m.name in catalog.metrics]
    for name in {m.name for m in named} or catalog.metrics:
        metric = catalog.metrics[name]
        if f"'{value.value}'" in (metric.filter or ""):
            # One of the several that a metric counts limits it.
            continue
        text = key(f"{metric.display.zh} {metric.description}")
        for other in (o for o in members if o != value.value):
            pair = (re.escape(key(other)), re.escape(key(value.value)))
            if not any(re.search(rf"{a}(?:产品)?(?:{_JOINT}|或){b}", text) for a, b in (pair, pair[::-1])):
                continue
            forms = [key(form) for form in (other, *members[other])]
            if any(re.search(rf"{re.escape(form)}{_BETWEEN.pattern}$", before) for form in forms):
                return True
            for mention in (m for m in named if m.name == name and m.span):
                gap = _gap(folded, mention, start, end)
                if _BETWEEN.fullmatch(gap) and not _COMMA.search(gap) and _says(folded, mention, forms):
                    return True
    return False


def _says(folded: Folded, mention: NameMention, forms: Collection[str]) -> bool:
    """Whether a metric was called by a word of a value's: wealth of "own wealth products"."""
    assert mention.span
    said = loosen(folded.text[offset(folded, mention.span.start) : offset(folded, mention.span.end)])
    words = said.split() if said.isascii() else [said]
    return any(word in form.split() or (not word.isascii() and form in word) for word in words for form in forms)


def _gap(folded: Folded, mention: NameMention, start: int, end: int) -> str:
    """What stands between a metric's name and the stretch from `start` to `end`."""
    assert mention.span
    first, last = offset(folded, mention.span.start), offset(folded, mention.span.end)
    return folded.text[last:start] if last <= start else folded.text[end:first]


def torn_pairs(
    folded: Folded,
    spelt: Collection[ValueMention],
    values: Collection[ValueMention],
    named: Collection[NameMention],
) -> tuple[str, ...]:
    """代销 of 理财和代销分别有多少, or beside "wealth versus": a value joined to a metric, and each is asked for itself."""
    is_separate, found = bool(_SEPARATELY.search(folded.text)), []
    for value in spelt:
        start, end = offset(folded, value.span.start), offset(folded, value.span.end)
        if any(overlaps(value.span, mention.span) for mention in named):
            continue
        meant = {v.dimension for v in values if v.span == value.span} or {value.dimension}
        if any(v.dimension in meant and v.value != value.value for v in values):
            # Set against another value: the Hangzhou loan book compared with Nanjing.
            continue
        is_kept = any(v.span == value.span for v in values)
        for mention in named:
            between = folded.text[offset(folded, mention.span.end) : start] if mention.span else ""
            if _AGAINST.fullmatch(between) or (is_separate and not is_kept and _JOINED.fullmatch(between)):
                found.append(folded.text[start:end])
    return tuple(dict.fromkeys(found))
