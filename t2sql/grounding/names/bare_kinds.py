"""A grouping by the last word of a dimension's name alone: card spend by category, 手续费按类型, expenses by account.

Which dimension it is follows from what the metric is counted in; where several fit, the word is told, never guessed.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from t2sql.catalog import Catalog, Dimension
from t2sql.flow import NameMention
from t2sql.grounding.words.overlaps import overlaps
from t2sql.grounding.words.text import Folded
from t2sql.metric_names import datasets_of
from t2sql.paths import is_reached

_CUED = 1.0
_BARE = re.compile(
    r"\b(?:by|per|each|every|across|for each|for every|of each|of every)(?: the| its| their)? (?P<en>categor(?:y|ies)|types?|kinds?|sorts?|(?<!per )(?<!each )(?<!every )accounts?)\b(?! (?:of|opening|number|open))|"
    r"\b(?:and|x|,) (?P<also>category|type|account)(?=$|[,.?;])|"
    r"\b(?:what|which)(?: single| one)? (?P<which>categor(?:y|ies)|types?|kinds?|sorts?)\b(?= (?:do|does|did|is|are|was|were|has|have|had|takes?|took|brings?|brought|accounts? for|gets?|got)\b)|"
    r"(?:按照?|各个?|分|每一?[个种]|不同|哪一?[个种些]|拆(?:分|解)?(?:到|成|至)|细(?:分|化)?到|分(?:解|列)?到|(?:展|列|具体|细)到)(?P<zh>类型|类别|种类|品类|科目)(?![大编])"
)
_Endings = tuple[tuple[str, ...], tuple[str, ...]]
_KIND: _Endings = (("type", "category"), ("类型", "类别", "种类"))
_ACCOUNT: _Endings = (("account",), ("科目",))


def with_bare_kinds(
    folded: Folded, catalog: Catalog, metrics: Collection[str], dimensions: tuple[NameMention, ...]
) -> tuple[tuple[NameMention, ...], tuple[str, ...]]:
    """`dimensions` with those that a bare kind means for `metrics`, and the bare kinds that may be several."""
    datasets = {d for name in metrics if name in catalog.metrics for d in datasets_of(catalog.metrics[name], catalog)}
    untold: list[str] = []
    for match in _BARE.finditer(folded.text):
        group = next(g for g in ("en", "also", "which", "zh") if match[g])
        span, said = folded.span(*match.span(group)), match[group]
        over = [d for d in dimensions if overlaps(d.span, span)]
        if any(d.span != span and d.score >= _CUED and _is_of(catalog, d.name, datasets) for d in over):
            continue
        meant = _meant(catalog, said, datasets)
        if len(meant) == 1:
            dimensions = (
                *(d for d in dimensions if d not in over),
                NameMention(span, "dimension", meant[0].name, _CUED),
            )
        elif not over or len(meant) > 1:
            untold.append(said)
    ordered = sorted(dimensions, key=lambda d: d.span.start if d.span else -1)
    return tuple(ordered), tuple(dict.fromkeys(untold))


def _is_of(catalog: Catalog, name: str, datasets: Collection[str]) -> bool:
    return bool(datasets) and all(is_reached(catalog, one, catalog.dimensions[name]) for one in datasets)


def _meant(catalog: Catalog, said: str, datasets: Collection[str]) -> Sequence[Dimension]:
    """Dimensions called by that word which the datasets have: their own first, else those that they reach."""
    is_account = said.startswith("account") or said == "科目"
    english, chinese = _ACCOUNT if is_account else _KIND
    called = [
        d
        for d in catalog.dimensions.values()
        if not d.role
        and _is_of(catalog, d.name, datasets)
        and (d.display.en.lower().endswith(english) or d.display.zh.endswith(chinese))
    ]
    own = [d for d in called if d.dataset in datasets]
    return own or called
