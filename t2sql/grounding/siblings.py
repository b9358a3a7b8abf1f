"""Members called as a metric is: 财富客户 is a segment in 私行客户的户均存款是财富客户的几倍, and a count elsewhere."""

from __future__ import annotations

from t2sql.flow import NameMention, ValueMention
from t2sql.grounding.words.overlaps import covers, overlaps


def without_members(named: tuple[NameMention, ...], spelt: tuple[ValueMention, ...]) -> tuple[NameMention, ...]:
    """`named` without the metrics that are called so and not asked: another metric is, and a sibling of the member."""

    def is_member(mention: NameMention) -> bool:
        others = [m for m in named if m is not mention and m.span and not overlaps(m.span, mention.span)]
        own = {value.dimension for value in spelt if value.span == mention.span}
        siblings = [v for v in spelt if v.dimension in own and not overlaps(v.span, mention.span)]
        return bool(others) and any(not any(covers(m.span, v.span) for m in others) for v in siblings)

    return tuple(mention for mention in named if not mention.span or not is_member(mention))
