"""Values said of another thing than theirs: mid-sized outlets, 大型网点 are no customers; how many gold cardholders, no cards.

Takes such a value away, or leaves it, and always tells its words: nothing here knows what is meant instead.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from t2sql.catalog import Catalog
from t2sql.flow import NameMention, ValueMention
from t2sql.grounding.settling import offset
from t2sql.grounding.words.overlaps import covers, overlaps
from t2sql.grounding.words.text import Folded

_UNIT_EN = re.compile(
    r"[ -](?:sub[- ]?branch(?:es)?|branch(?:es)?|outlets?|regions?)\b(?![ -](?:wise|level|breakdown|ranking|split|by)\b)"
)
_UNIT_ZH = re.compile(
    r"(?:的)?(?:支行|分行|网点|营业网点|机构|营业部)(?!排[名行序]|分布|对比|别|占比|情况|数据|明细|口径|维度|[、，,/和与]|$)"
)
# What a word names by itself, so that a unit's noun beside it only follows: 小微企业 分行, "SMEs branch".
_NAMES_THING_ZH = re.compile(r"(?:业|企业|客户|客群|贷款|存款|贷|存|卡|公司|理财|条线|业务)$")
_BOUNDS = re.compile(r" of (?:about |around |the )?(?:[¥$]|cny |rmb )?\d")
_COMPASS = re.compile(r"north|south")
_SIZED = re.compile(r"siz(?:ed?|es)$")
_SIZED_OF = re.compile(
    r"[ -](?:customers?|clients?|borrowers?|depositors?|compan(?:y|ies)|firms?|enterprises?|business(?:es)?|corporates?|corporations?|segments?|tier|ones?|and|or|to)\b|\s*(?:$|[,.;:?!)/&])"
)
_COUNTS = re.compile(
    r"\b(?:how many|number of|count of|headcount of)(?: of)?(?: the| our| active)? (?:[a-z]+,? (?:and|or|&) )?$"
)
_NOT = re.compile(r"not\b|non|un|[未非无]")
_REST = frozenset("其他 其它 other others".split())
_HOLDERS = re.compile(r"(?:holder|member)s?$")


def without_misplaced(
    catalog: Catalog,
    folded: Folded,
    values: tuple[ValueMention, ...],
    spelt: Collection[ValueMention],
    places: Collection[str],
) -> tuple[tuple[ValueMention, ...], tuple[str, ...]]:
    """`values` less those said of units that are none of theirs, and the words of these and of counted holders. `spelt`: the
    values as written, everyday words among them; `places`: datasets of units.
    """
    kept, told = [], []
    passed = [v for v in spelt if not any(overlaps(v.span, other.span) for other in values)]
    for value in (*values, *passed):
        end = offset(folded, value.span.end)
        said = folded.text[offset(folded, value.span.start) : end]
        if _COMPASS.fullmatch(said) and _BOUNDS.match(folded.text, end):
            # north of 2 billion is a bound, and no region.
            continue
        is_of_place = catalog.dimensions[value.dimension].dataset in places
        if not is_of_place and not value.is_negated and said not in _REST and _is_said_of_unit(folded.text, said, end):
            told.append(said)
        elif value not in passed:
            kept.append(value)
    return tuple(kept), tuple(dict.fromkeys((*told, *_holders_counted(folded, kept))))


def torn_pairs_of_kinds(
    catalog: Catalog, folded: Folded, named: Collection[NameMention], dimensions: Collection[NameMention]
) -> tuple[str, ...]:
    """线上线下消费各多少: a metric of one kind alone, whose word is only a part of a dimension's name (线上线下)."""
    found = []
    for mention in named:
        metric = catalog.metrics.get(mention.name)
        for dimension in dimensions:
            if not metric or dimension.name not in catalog.dimensions or mention.span == dimension.span:
                continue
            is_own = catalog.dimensions[dimension.name].field in (metric.filter or "")
            if is_own and dimension.span and covers(dimension.span, mention.span):
                start, end = offset(folded, dimension.span.start), offset(folded, dimension.span.end)
                found.append(folded.text[start:end])
    return tuple(dict.fromkeys(found))


def contradicting(
    catalog: Catalog, folded: Folded, named: Collection[NameMention], values: Collection[ValueMention]
) -> tuple[str, ...]:
    """Guaranteed loans by the name of secured ones: a value that a metric's own filter leaves out, so that no row is left."""
    found = []
    for value in values:
        dimension = catalog.dimensions[value.dimension]
        field = rf"(?:{re.escape(dimension.dataset)}\.)?{re.escape(dimension.field)}"
        listed = re.compile(rf"^\s*{field}\s*(?:=|IN)\s*(?P<members>\([^()]*\)|'[^']*')\s*$", re.IGNORECASE)
        for mention in named:
            metric = catalog.metrics.get(mention.name)
            own = listed.match(metric.filter or "") if metric and mention.span and not value.is_negated else None
            is_out = own is not None and f"'{value.value}'" not in own["members"]
            # not overdue of not-overdue loans: the name of overdue ones counts the others.
            span = mention.span if metric and metric.filter else None
            is_cut = span is not None and value.span.start < span.start < value.span.end < span.end
            if is_out or (is_cut and _NOT.match(folded.text, offset(folded, value.span.start))):
                found.append(folded.text[offset(folded, value.span.start) : offset(folded, value.span.end)])
    return tuple(dict.fromkeys(found))


def _holders_counted(folded: Folded, values: Iterable[ValueMention]) -> tuple[str, ...]:
    """ "how many platinum cardholders": the people are counted, and a value of cards counts the cards."""
    found = []
    for value in values:
        start, end = offset(folded, value.span.start), offset(folded, value.span.end)
        said = folded.text[start:end]
        if _HOLDERS.search(said) and _COUNTS.search(folded.text[:start]):
            found.append(said)
    return tuple(dict.fromkeys(found))


def _is_said_of_unit(text: str, said: str, end: int) -> bool:
    if not said.isascii():
        return not _NAMES_THING_ZH.search(said) and bool(_UNIT_ZH.match(text, end))
    if _SIZED.search(said) and not _SIZED_OF.match(text, end):
        return True
    return not said.endswith("s") and bool(_UNIT_EN.match(text, end))
