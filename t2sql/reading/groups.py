"""Which dimensions a reading groups by: those asked for in words, those that a list of values or a limit needs.

A dimension that is only mentioned (分行的不良率) groups where the text speaks of several (分别, respectively) or bounds
them.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence

from t2sql.catalog import Catalog
from t2sql.flow import Context, NameMention, Span, ValueMention

EXACT = 0.95
_TOTAL = re.compile(
    r"合计|总和|合在一[起块]|[合加并]起来|总共|一共|共计|加总|之和|(?<!of )(?<!of the )\b(?:total|combined|together|between them|jointly|collectively|in all|sum of|overall|(?:in|as) one (?:figure|number|total|sum|amount)|one (?:figure|number|total) for (?:all|both|the)|altogether|added up|summed|in aggregate|as a group|as a whole|all told)\b",
    re.IGNORECASE,
)
# One figure for "all branches except Shanghai".
_ONE_FIGURE = re.compile(
    r"\b(?:one|a single|a grand|a combined|an overall) (?:total|figure|number|sum|amount)\b(?! (?:for|per|by|in|at|each))|一个(?:总数|合计数?|总额|总计)|合成一个数|只要(?:总数|合计)",
    re.IGNORECASE,
)
_ALL = re.compile(r"\b(?:all|every)(?: of)?(?: the| our)? $|(?:所有|全部)的?$", re.IGNORECASE)
_PLUS = re.compile(r"\s*(?:加上?|\bplus\b|\+)\s*", re.IGNORECASE)
_OR = re.compile(r"\s*(?:级|类|档|客户)?(?:,\s*)?(?:或者?|\bor\b)\s*(?:in |at |the |by )*", re.IGNORECASE)
_COMMA = re.compile(r"\s*[,，、]\s*")
# Which of the two, or each: they are not one.
_CHOOSES = re.compile(
    r"哪|更|比|谁|分别|各|还是|\b(?:which|who|whether|higher|lower|more|less|better|worse|larger|smaller|bigger|faster|slower|either|each|versus|vs)\b",
    re.IGNORECASE,
)
_IN = re.compile(r"\b(?:in|of|at|within|under|from|across)(?: the| our)? $|(?:在|从)\s*$", re.IGNORECASE)
_PARTS_OF = re.compile(r"(?:[两二三四五六七八九]?[家个])?(?:分行|大区|区)?(?:里|内|中|下辖|辖内|下属|范围内|所属|的)")
_SAYS_NAME = re.compile(r"号|名|\b(?:names?|numbers?|ids?)$", re.IGNORECASE)
_FIGURES = re.compile(r"(?:balances|ratios|rates|numbers|figures|amounts|volumes|incomes|margins)$", re.IGNORECASE)
_PLURAL = re.compile(r"^[a-z -]*(?:branches|s)$", re.IGNORECASE)
_EACH = re.compile(
    r"分别|各自|各[是为有占]|各多少|\brespectively\b|\b(?:each|individually|separately)\b", re.IGNORECASE
)


def groups_of(
    context: Context,
    values: Sequence[ValueMention],
    roles: Mapping[str, str],
    *,
    is_bounded: bool,
    ranks_one: bool,
) -> list[str]:
    """Names of dimensions, in the order of the text. `is_bounded`: a limit or threshold needs rows to choose among;
    `ranks_one`: one value's place among its dimension's others is asked; `roles`: plain dimension -> the role meant.
    """
    text = context.question.text
    cued = [f"{d.grain}({d.name})" if d.grain else d.name for d in context.dimensions if d.score >= EXACT]
    mentioned = [d.name for d in context.dimensions if d.score < EXACT]
    if _ONE_FIGURE.search(text):
        summed = [d.name for d in context.dimensions if d.span and _ALL.search(text[: d.span.start])]
        cued = [name for name in cued if name not in summed]
    filtered = {v.dimension for v in values}
    groups = list(dict.fromkeys(roles.get(name, name) for name in cued))
    if not groups and (is_bounded or _EACH.search(text)):
        groups = [d for d in mentioned if d not in filtered][:1]
    if not groups and not _TOTAL.search(text):
        groups = [d for d in _of_several(context) if d not in filtered or _is_left_out(d, values)][:1]
    if not groups and ranks_one:
        groups = [d for d in filtered][:1]
    for dimension in dict.fromkeys(v.dimension for v in values):
        named = [v for v in values if v.dimension == dimension and not v.is_negated]
        several = len({v.span for v in named}) > 1 and len({v.value for v in named}) > 1
        several = several and not _are_added(named, text) and not _are_either(named, text)
        if (
            several
            and dimension not in groups
            and not _TOTAL.search(text)
            and not _is_within(dimension, groups, context)
        ):
            groups.append(dimension)
    return _without_held(groups, values)


def _of_several(context: Context) -> list[str]:
    """Dimensions in the plural right after a value of another, beside a figure in the plural: balances of the South China branches."""
    text = context.question.text
    if not any(m.span and _FIGURES.search(text[m.span.start : m.span.end]) for m in context.metrics):
        return []
    return [
        d.name
        for d in context.dimensions
        if d.span
        and d.score < EXACT
        and _PLURAL.search(text[d.span.start : d.span.end])
        and any(
            v.dimension != d.name and not v.is_negated and text[v.span.end : d.span.start] == " "
            for v in context.values
            if v.span.end <= d.span.start
        )
    ]


def _is_left_out(dimension: str, values: Sequence[ValueMention]) -> bool:
    return all(v.is_negated for v in values if v.dimension == dimension)


def _are_added(named: Sequence[ValueMention], text: str) -> bool:
    """Whether values are summed by the word between them: 抵押加质押, demand plus time."""
    spans = sorted({(v.span.start, v.span.end) for v in named})
    return len(spans) > 1 and all(_PLUS.fullmatch(text[one[1] : other[0]]) for one, other in itertools.pairwise(spans))


def _are_either(named: Sequence[ValueMention], text: str) -> bool:
    """Whether what is one or the other is meant as one figure: customers rated R4 or R5, 次级或可疑; not where the
    two are set against each other.
    """
    spans = sorted({(v.span.start, v.span.end) for v in named})
    gaps = [text[one[1] : other[0]] for one, other in itertools.pairwise(spans)]
    is_either = (
        bool(gaps) and bool(_OR.fullmatch(gaps[-1])) and all(_OR.fullmatch(g) or _COMMA.fullmatch(g) for g in gaps)
    )
    return is_either and not _CHOOSES.search(text)


def _is_within(dimension: str, groups: Sequence[str], context: Context) -> bool:
    """Whether the values of `dimension` only say where the groups are: sub-branches in the Hangzhou branch."""
    last = max((v.span.end for v in context.values if v.dimension == dimension), default=0)
    first = min((v.span.start for v in context.values if v.dimension == dimension), default=0)
    text = context.question.text
    is_place = bool(_IN.search(text[:first]) or _PARTS_OF.match(text[last:]))
    return is_place and any(name.endswith(dimension) and name != dimension for name in groups)


def unused_mentions(context: Context, semantic_sql: str, catalog: Catalog) -> list[Span]:
    """Names of dimensions that neither group nor limit in `semantic_sql`, and that no other finding holds: 三列：分行.

    A dimension of very many members (客户) is a word for the thing counted, and says nothing.
    """
    used = {
        (d.dataset, d.field)
        for d in catalog.dimensions.values()
        if re.search(rf"\b{re.escape(d.name)}\b", semantic_sql)
    }
    holders = (context.metrics, context.values, context.periods, context.quantities, context.comparisons)
    held = [thing.span for things in holders for thing in things if thing.span]
    return [
        d.span
        for d in context.dimensions
        if d.span
        and d.score < EXACT
        and d.name in catalog.dimensions
        and not _is_said_of_all(d, context.question.text, catalog)
        and (catalog.dimensions[d.name].dataset, catalog.dimensions[d.name].field) not in used
        and not any(s.start < d.span.end and d.span.start < s.end for s in held)
    ]


def _is_said_of_all(mention: NameMention, text: str, catalog: Catalog) -> bool:
    field = catalog.field_of(catalog.dimensions[mention.name])
    said = text[mention.span.start : mention.span.end] if mention.span else ""
    return field.is_time or (not field.searchable and not _SAYS_NAME.search(said))


def _without_held(groups: list[str], values: Sequence[ValueMention]) -> list[str]:
    """`groups` less a dimension held to one value, where another groups too: 苏州分行各机构 by merged sub-branch."""
    one = {
        v.dimension
        for v in values
        if not v.is_negated and len({o.value for o in values if o.dimension == v.dimension}) == 1
    }
    others = [name for name in groups if name not in one]
    return others or groups
