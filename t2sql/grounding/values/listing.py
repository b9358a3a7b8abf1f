"""Values said to split by and not to limit to: 按次级、可疑、损失三类分开, 分个人、公司、票据这样的产品类型; and a list that a metric's name cuts.

Takes what was found apart; adds a grouping where the text says one, and tells what is torn.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from t2sql.catalog import Catalog
from t2sql.flow import NameMention, Span, ValueMention
from t2sql.grounding.settling import offset
from t2sql.grounding.values.denials import are_listed
from t2sql.grounding.values.ranges import unread_ranges
from t2sql.grounding.values.values import ValueIndex
from t2sql.grounding.words.overlaps import overlaps
from t2sql.grounding.words.text import Folded
from t2sql.metric_names import made_of

_CUED = 1.0
_OPENS = re.compile(r"(?:按照?|分|以)\s*$|\b(?:by|into|between|split (?:by|into|between))(?: the)? $")
_SPLIT = re.compile(
    r"\s*(?:这?[两二三四五六几][类档种级个项者块]?(?:贷款|存款|客户)?)?(?:的|来)?(?:分开|分别|拆分|拆开|划分|分列|列示|分|拆|看)|\s+(?:separately|apart)\b"
)
_JOINED_TO = re.compile(r"\s*(?:和|与|及|以及|、|\band\b|&)\s*(?:the )?")
# All of the bank, right before a later member of a list.
_WHOLE = re.compile(
    r"(?:和|与|及|以及|、|\b(?:and|vs\.?|versus|against)\b|&),? ?(?:the |our )?(?P<whole>(?:全行|全部|所有|总体|整体|总(?!行|部)|\b(?:total|overall|bank-?wide|whole bank|all)\b))(?! ?(?:的)?(?:of|分|支|客户|other|其)) ?"
)
_EITHER = re.compile(r"\b(?:or|and)\b|/|或|和")
_TOGETHER = re.compile(r"[类型]?(?:的)?(?:贷款|存款|余额|部分|客户)*(?:的)?占")
_SUCH = re.compile(r"\s*(?:这样的?|这些|之类的?|等等?|这?[两二三四五六几][类档种级个项])(?:的)?\s*")


def split_by_values(
    catalog: Catalog,
    folded: Folded,
    values: Sequence[ValueMention],
    dimensions: tuple[NameMention, ...],
) -> tuple[NameMention, ...]:
    """`dimensions` with the one whose values the text splits by; `values` as written, before any was set aside."""
    for run in _runs(folded, values):
        first, last = offset(folded, run[0].span.start), offset(folded, run[-1].span.end)
        if not _OPENS.search(folded.text[:first]):
            continue
        kinds = set.intersection(*({v.dimension for v in values if v.span == one.span} for one in run))
        following = _SUCH.match(folded.text, last)
        at = following.end() if following else -1
        named = [d for d in dimensions if d.span and offset(folded, d.span.start) == at]
        if not named and len(kinds) == 1 and _SPLIT.match(folded.text, last):
            dimension = kinds.pop()
            if all(d.name != dimension for d in dimensions):
                span = Span(run[0].span.start, run[-1].span.end)
                dimensions += (NameMention(span, "dimension", dimension, _CUED),)
    return dimensions


def without_member_names(
    folded: Folded, found: Sequence[ValueMention | NameMention], dimensions: tuple[NameMention, ...]
) -> tuple[NameMention, ...]:
    """`dimensions` less the names that list their members (fixed or floating) where nothing groups by them and the list goes
    on into a longer name among `found`: fixed or floating rate loans, demand or time deposits.
    """
    longer = [(thing.span.start, thing.span.end) for thing in found if thing.span]

    def is_list(mention: NameMention) -> bool:
        span = mention.span
        if not span or mention.score >= _CUED:
            return False
        said = folded.text[offset(folded, span.start) : offset(folded, span.end)]
        ends = any(span.start < start < span.end < end for start, end in longer)
        return ends and bool(_EITHER.search(said))

    return tuple(mention for mention in dimensions if not is_list(mention))


def only_examples(
    folded: Folded, values: Sequence[ValueMention], dimensions: tuple[NameMention, ...]
) -> tuple[tuple[ValueMention, ...], tuple[NameMention, ...]]:
    """`values` less those that only show what a dimension is (个人、公司、票据这样的产品类型), which then groups."""
    for run in _runs(folded, values):
        first, last = offset(folded, run[0].span.start), offset(folded, run[-1].span.end)
        such = _SUCH.match(folded.text, last)
        if not such or not _OPENS.search(folded.text[:first]):
            continue
        named = [d for d in dimensions if d.span and offset(folded, d.span.start) == such.end()]
        if named:
            dimensions = tuple(_cued(d) if d in named else d for d in dimensions)
            values = [v for v in values if not any(v.span == one.span for one in run)]
    return tuple(values), dimensions


def torn_lists(
    catalog: Catalog,
    folded: Folded,
    index: ValueIndex,
    values: Collection[ValueMention],
    named: Collection[NameMention],
) -> tuple[str, ...]:
    """Names of metrics that begin with the next member of a value's list: 个人客户和企业客户的存款余额."""
    found = _limited_twice(catalog, folded, values, named) + _listed_after(folded, values, named)
    found += _whole_after(folded, values, named)
    for value in values:
        for mention in named:
            if not mention.span or value.is_negated or mention.span.start < value.span.end:
                continue
            end, start = offset(folded, value.span.end), offset(folded, mention.span.start)
            if not are_listed(folded.text, end, start):
                continue
            said = folded.text[start : offset(folded, mention.span.end)]
            if not re.search(r"[,，]", folded.text[end:start]):
                # mortgage and credit card balances: two things, of which the value is none's limit.
                found.append(said)
                continue
            members = index.find(said, {value.dimension}, is_fuzzy=False)
            if any(m.span.start == 0 and m.value != value.value for m in members):
                found.append(said)
    return tuple(dict.fromkeys(found))


def torn_names(folded: Folded, named: Collection[NameMention], dimensions: Collection[NameMention]) -> tuple[str, ...]:
    """贷款余额，逾期 of 贷款余额，逾期天数分档: a metric's words taken across a stop out of a dimension's name."""
    found = []
    for metric in named:
        for dimension in dimensions:
            if metric.span and dimension.span and metric.span.start < dimension.span.start < metric.span.end:
                said = folded.text[offset(folded, metric.span.start) : offset(folded, metric.span.end)]
                if re.search(r"[,，;；。:：]", said) and metric.span.end < dimension.span.end:
                    found.append(said)
    return tuple(dict.fromkeys(found))


def _listed_after(folded: Folded, values: Collection[ValueMention], named: Collection[NameMention]) -> list[str]:
    """大额存单 of 定期存款和大额存单余额: a value joined to a metric before it, which would limit that metric too."""
    found = []
    for value in values:
        for mention in named:
            if value.is_negated or not mention.span or value.span.start < mention.span.end:
                continue
            if any(overlaps(value.span, m.span) and m.span and m.span.start < value.span.start for m in named):
                continue
            if any(
                v.dimension == value.dimension
                and (v.span.end == mention.span.start or (v is not value and overlaps(v.span, mention.span)))
                for v in values
            ):
                # 港币贷款、日元贷款: each has its own.
                continue
            gap = folded.text[offset(folded, mention.span.end) : offset(folded, value.span.start)]
            if _JOINED_TO.fullmatch(gap):
                found.append(folded.text[offset(folded, value.span.start) : offset(folded, value.span.end)])
    return found


def _whole_after(folded: Folded, values: Collection[ValueMention], named: Collection[NameMention]) -> list[str]:
    """全行 of 制造业贷款和全行不良率: all of the bank beside one value's part, which would limit both."""
    found = []
    for match in _WHOLE.finditer(folded.text):
        ends = [offset(folded, v.span.end) for v in values if not v.is_negated]
        if (
            ends
            and max(ends) <= match.start()
            and any(offset(folded, m.span.end) > match.end() for m in named if m.span)
        ):
            found.append(match["whole"])
    return found


def _limited_twice(
    catalog: Catalog, folded: Folded, values: Collection[ValueMention], named: Collection[NameMention]
) -> list[str]:
    """抵质押类贷款余额及占比: values of one metric where another's own filter is of their dimension; no row has both."""
    found = []
    for value in values:
        field = re.compile(rf"\b{re.escape(catalog.dimensions[value.dimension].field)}\b")
        for mention in named:
            others = [
                part
                for other in named
                if other.name != mention.name
                for part in (other.name, *made_of(other.name, catalog.metrics))
            ]
            is_free = not field.search(catalog.metrics[mention.name].filter or "")
            is_next = mention.span is not None and mention.span.start == value.span.end
            is_own = any(field.search(catalog.metrics[part].filter or "") for part in others)
            if mention.span and is_next and is_free and is_own:
                found.append(folded.text[offset(folded, value.span.start) : offset(folded, mention.span.end)])
    return found


def torn_bands(folded: Folded, values: Collection[ValueMention], named: Collection[NameMention]) -> tuple[str, ...]:
    """Names of metrics that take the figure a value ends with: 90 days past due of 31 to 90 days past due; and ranges that
    nothing counts off.
    """
    found = [*unread_ranges(folded, values), *_summed_parts(folded, values)]
    for value in values:
        for mention in named:
            if (
                mention.span
                and value.span.start < mention.span.start < value.span.end
                and overlaps(value.span, mention.span)
            ):
                shared = folded.text[offset(folded, mention.span.start) : offset(folded, value.span.end)]
                if re.search(r"\d", shared):
                    found.append(folded.text[offset(folded, mention.span.start) : offset(folded, mention.span.end)])
    return tuple(dict.fromkeys(found))


def _summed_parts(folded: Folded, values: Collection[ValueMention]) -> list[str]:
    """有抵押质押的占百分之几: values that together are one part, whose share is no value's own."""
    found = []
    for one in values:
        for other in values:
            if one.dimension == other.dimension and one.value != other.value and one.span.end == other.span.start:
                end = offset(folded, other.span.end)
                if match := _TOGETHER.match(folded.text, end):
                    found.append(folded.text[offset(folded, one.span.start) : match.end()])
    return found


def _cued(mention: NameMention) -> NameMention:
    return NameMention(mention.span, mention.kind, mention.name, _CUED)


def _runs(folded: Folded, values: Sequence[ValueMention]) -> list[list[ValueMention]]:
    """Values that stand in one list, two or more, one mention a place."""
    places = list({v.span: v for v in sorted(values, key=lambda v: v.span.start) if not v.is_negated}.values())
    runs: list[list[ValueMention]] = []
    for value in places:
        if runs and are_listed(folded.text, offset(folded, runs[-1][-1].span.end), offset(folded, value.span.start)):
            runs[-1].append(value)
        else:
            runs.append([value])
    return [run for run in runs if len(run) > 1]
