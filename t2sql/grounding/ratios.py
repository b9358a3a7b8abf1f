"""Two named metrics, or a part of its whole, whose ratio is itself a metric: 手续费净收入占营业收入的比重, the share of secured loans.

Names only ratios that the catalog defines; a share of anything else stays a comparison.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from dataclasses import replace

from t2sql.catalog import Catalog, Metric
from t2sql.flow import NameMention, Span
from t2sql.grounding.names.averaged import as_means
from t2sql.grounding.names.closing import with_closing
from t2sql.grounding.names.partly import IN_PERCENT
from t2sql.grounding.settling import LIST_GAP, key, offset
from t2sql.grounding.words.overlaps import overlaps
from t2sql.grounding.words.text import Folded
from t2sql.metric_names import datasets_of

_NEARLY = 0.99
_BOUND = re.compile(r"\d")
# Another question begins here: "… did we book and what share of …".
_NEXT = re.compile(r"\b(?:and|but) (?:what|how|which)\b|[;?]")
_SHARE_OF = re.compile(
    r"\b(?:what|which|how (?:big|large) a) (?:share|part|portion|proportion|percentage|per ?cent|fraction) of (?:the |our |all )?"
)
_IS_THAT = re.compile(
    r" (?:is|was|are|were|does|do|did) (?:that|it|this|they|those)\b| (?:it|that|this|they) (?:is|was|ma[dk]es?|represents?|accounts?)\b"
)
_RATIO = re.compile(
    r"\bratio (?:of|between)\b|\bdivided by\b|\bas an? (?:percentage|share|proportion|fraction|per ?cent|%) of\b|"
    r"\b(?:percentage|proportion|share|fraction|part|portion|per ?cent|%) of\b|\bto\b(?=.*\bratio\b)|"
    r"\bcontribution (?:of|from)\b(?=.* to\b)|占|之比|的?比(?:例|率|值|重)|除以|相比[值率]"
)
_ASKED_OF_ITSELF = re.compile(r"[^,。;]{0,4}(?:多少|几[何多笔户])[^,。;]{0,4}[,。;?](?=.*占)")
_WHAT_PART = re.compile(
    r"(?:余额|的)?占(?:比|了|到)?(?:全部|所有|总|各项)?(?:贷款|存款|透支|消费)?(?:余额|总额|总量)?的?(?:多少|几成|百分之几|百分之多少|多大(?:比例|比重|份额)?|比例|比重|比例?是?多少)"
)
# "the share of foreign-currency lending", where that part of its whole is a metric; split by anything it is another share.
_PART_OF = re.compile(
    r"\b(?:the |what |which )?(?:share|proportion|percentage|fraction|weight|contribution) (?:of|from) (?:the |our |all )?$"
)
_HOW_MUCH_OF = re.compile(
    r"\bhow much of (?:the |our |all |all our )?(?P<whole>[a-z -]*?)(?:\b(?:is|are|was|were)(?: held| kept| sitting)?(?: as| in)?(?: the)? )?$"
)
_PART_SAID = re.compile(r"(?P<whole>[a-z ]+?) (?:is|are|was|were)\b.*")
_SPLIT = re.compile(r"\b(?:by|per|across|each|every|which|among|between|accounted|come|comes|held)\b|[各每按]")
# "What proportion of NPLs is unsecured": what follows is the part, and the name its whole.
_IS_WHOLE = re.compile(
    r"\s*(?:from|due to|is|are|was|were|sits?|sat|goes|went|comes?|came|relates?|belongs?|lies?|falls?|fell|has|have|had)\b(?! (?:that|it|this|there|in total|overall|(?:in|at|as of) (?:the )?(?:end|year|month|quarter|20\d\d|q\d|h\d)[a-z]*)\b)"
)
_SHARE_FIRST = re.compile(
    r"(?:what |which |the )?(?:share|proportion|percentage|fraction|portion|part|per ?cent|%) of (?:the |our |all )?(?!.*\b(?:is|are|was|were)\b)"
)
# Real estate's proportion of NPLs is a part of them.
_WHOSE_PART = re.compile(r"(?:'s?|s') ?(?:combined |total |own )?$")
_TO = re.compile(r" (?:to|of|over|in) ")
_IN_ITS_WHOLE = re.compile(r" (?:of|in|to) (?:the |our |all |total )*")
_BARE_RATIO = re.compile(r"(?:the |their )?ratio|比率|比例|比值")


def as_ratios(folded: Folded, said: tuple[NameMention, ...], catalog: Catalog) -> tuple[NameMention, ...]:
    """Names whose ratio is a metric as that one: `_of_two` of them, or one that is asked as a part of its whole."""
    said = with_closing(folded, as_means(folded, said, catalog), catalog)
    said = _of_its_whole(folded, _of_two(folded, _what_share(folded, said, catalog), catalog), catalog)
    return _of_own_whole(folded, _of_both(folded, said, catalog), catalog)


def _of_own_whole(folded: Folded, said: tuple[NameMention, ...], catalog: Catalog) -> tuple[NameMention, ...]:
    """ "Fee income share of operating income": a ratio, and what it is of said once more."""
    for ratio in said:
        for whole in said:
            if not ratio.span or not whole.span or catalog.metrics[ratio.name].denominator != whole.name:
                continue
            between = folded.text[offset(folded, ratio.span.end) : offset(folded, whole.span.start)]
            if _IN_ITS_WHOLE.fullmatch(between) and ratio.span.end <= whole.span.start:
                joined = replace(ratio, span=Span(ratio.span.start, whole.span.end))
                return (*(m for m in said if m not in (ratio, whole)), joined)
    return said


def _of_both(folded: Folded, said: tuple[NameMention, ...], catalog: Catalog) -> tuple[NameMention, ...]:
    """ "90-day overdue loans and NPLs, both amounts and the ratio": the ratio of the two that stand before it."""
    kept = []
    for mention in said:
        if not mention.span or not _BARE_RATIO.fullmatch(_said(folded, mention)):
            kept.append(mention)
            continue
        before = {m.name for m in said if m.span and m.span.end <= mention.span.start}
        whole = [m.name for m in catalog.metrics.values() if m.denominator and {m.numerator, m.denominator} == before]
        kept.append(replace(mention, name=whole[0]) if len(whole) == 1 else mention)
    return tuple(kept)


def _of_its_whole(folded: Folded, said: tuple[NameMention, ...], catalog: Catalog) -> tuple[NameMention, ...]:
    """外币贷款占多少: the part of its whole that a metric is, where that ratio is a metric."""
    kept = []
    for mention in said:
        asked = _WHAT_PART.match(folded.text, offset(folded, mention.span.end)) if mention.span else None
        before = _PART_OF.search(folded.text[: offset(folded, mention.span.start)]) if mention.span else None
        own = catalog.metrics[mention.name]
        ratios = [
            m.name
            for m in catalog.metrics.values()
            if m.numerator == mention.name
            and m.denominator
            and own.filter
            and not catalog.metrics[m.denominator].filter
            and datasets_of(own, catalog) >= datasets_of(catalog.metrics[m.denominator], catalog)
        ]
        if asked and mention.span and len(ratios) == 1:
            end = folded.span(*asked.span()).end
            kept.append(NameMention(Span(mention.span.start, end), "metric", ratios[0], 1.0))
        elif (
            mention.span
            and len(ratios) == 1
            and (span := _in_percent(folded, mention, catalog.metrics[ratios[0]], catalog))
        ):
            kept.append(NameMention(span, "metric", ratios[0], 1.0))
        elif mention.span and (numerator := _numerator(folded, mention, said, catalog)):
            kept.append(numerator)
        elif mention.span and before and own.denominator and _TO.search(_said(folded, mention)):
            kept.append(replace(mention, span=Span(folded.starts[before.start()], mention.span.end)))
        elif (
            mention.span
            and before
            and len(ratios) == 1
            and not _SPLIT.search(folded.text)
            and not _IS_WHOLE.match(folded.text, offset(folded, mention.span.end))
            and not _WHOSE_PART.search(folded.text[: before.start()])
        ):
            span = Span(folded.starts[before.start()], mention.span.end)
            kept.append(NameMention(span, "metric", ratios[0], 1.0))
        else:
            kept.append(mention)
    return tuple(kept)


def _numerator(
    folded: Folded, mention: NameMention, said: tuple[NameMention, ...], catalog: Catalog
) -> NameMention | None:
    """ "What share of foreign-currency loans went to large companies": those loans are the whole, and no ratio is named."""
    assert mention.span
    own = catalog.metrics[mention.name]
    share = _SHARE_FIRST.match(_said(folded, mention))
    part = own.numerator and catalog.metrics.get(own.numerator)
    is_once = sum(m.name == mention.name for m in said) == 1
    if not share or not part or not part.filter or not is_once:
        return None
    if not _IS_WHOLE.match(folded.text, offset(folded, mention.span.end)):
        return None
    start = offset(folded, mention.span.start) + share.end()
    return NameMention(folded.span(start, offset(folded, mention.span.end)), "metric", part.name, 1.0)


def _in_percent(folded: Folded, part: NameMention, ratio: Metric, catalog: Catalog) -> Span | None:
    """ "How much of our deposit base is demand money, in percent": where that ratio is asked by its part alone."""
    assert part.span and ratio.denominator
    asked = _HOW_MUCH_OF.search(folded.text[: offset(folded, part.span.start)])
    if not asked or not IN_PERCENT.search(folded.text):
        return None
    inside = _PART_SAID.fullmatch(_said(folded, part))
    whole = catalog.metrics[ratio.denominator]
    known = {w.rstrip("s") for name in (whole.display.en, *whole.synonyms) for w in key(name).split()} | {
        "base",
        "total",
    }
    said = (asked["whole"] + " " + (inside["whole"] if inside else "")).replace("-", " ").split()
    if not said or not {w.rstrip("s") for w in said} <= known:
        return None
    return Span(folded.starts[asked.start()], part.span.end)


def _what_share(folded: Folded, said: tuple[NameMention, ...], catalog: Catalog) -> tuple[NameMention, ...]:
    """ "net fee income, and what share of operating income is that?": both the part and its ratio."""
    for match in _SHARE_OF.finditer(folded.text):
        whole = [m for m in said if m.span and folded.span(*match.span()).end == m.span.start]
        before = [m for m in said if m.span and m.span.end <= folded.starts[match.start()]]
        if len(whole) != 1 or not before or not whole[0].span:
            continue
        part = max(before, key=lambda m: m.span.end if m.span else 0)
        if not _IS_THAT.match(folded.text, offset(folded, whole[0].span.end)):
            continue
        ratios = [
            m.name for m in catalog.metrics.values() if (m.numerator, m.denominator) == (part.name, whole[0].name)
        ]
        if len(ratios) == 1:
            span = Span(folded.starts[match.start()], whole[0].span.end)
            said = (*(m for m in said if m not in whole), NameMention(span, "metric", ratios[0], 1.0))
    return said


def _of_two(folded: Folded, said: tuple[NameMention, ...], catalog: Catalog) -> tuple[NameMention, ...]:
    """ "ratio of 90+ days overdue loans to NPLs", 不良贷款占贷款的比例: two named metrics whose ratio is a metric are that one."""
    if not _RATIO.search(folded.text):
        return said
    for one in said:
        for other in said:
            if one is other or not (one.span and other.span) or overlaps(one.span, other.span):
                continue
            whole = [m.name for m in catalog.metrics.values() if (m.numerator, m.denominator) == (one.name, other.name)]
            whole = whole or [m.name for m in catalog.metrics.values() if _is_share(m, _said(folded, one), other.name)]
            first, second = sorted((one.span, other.span), key=lambda s: s.start)
            between = folded.text[offset(folded, first.end) : offset(folded, second.start)]
            if (
                len(whole) == 1
                and len(between) <= (36 if _BOUND.search(between) else 24)
                and not LIST_GAP.fullmatch(between)
                and not _NEXT.search(between)
            ):
                span = Span(_ratio_start(folded, first.start), second.end)
                if first == one.span and (asked := _ASKED_OF_ITSELF.match(between)):
                    # 手续费净收入多少，占营业收入的比重多少: the part is asked too, in its own clause.
                    span = Span(folded.starts[offset(folded, first.end) + asked.end()], second.end)
                kept = [m for m in said if not overlaps(m.span, span)]
                # Net fees make up over 10% of operating income: the number between is read for itself.
                score = _NEARLY if _BOUND.search(between) else 1.0
                return (*kept, NameMention(span, "metric", whole[0], score))
    return said


def _is_share(metric: Metric, part: str, whole: str) -> bool:
    """ "fee income's share of operating income": a metric over `whole` that is called the share of `part`."""
    names = {key(name) for name in (metric.display.zh, metric.display.en, *metric.synonyms)}
    return metric.denominator == whole and not names.isdisjoint((f"{part} share", f"{part}占比"))


def _ratio_start(folded: Folded, start: int) -> int:
    """The names' start, or that of "ratio of" right before them."""
    before = re.search(
        r"\b(?:ratio|percentage|proportion|share|fraction|part|portion|contribution) (?:of|between|from) (?:the |our |all )?$",
        folded.text[: offset(folded, start)],
    )
    return folded.starts[before.start()] if before else start


def _said(folded: Folded, mention: NameMention) -> str:
    return folded.text[offset(folded, mention.span.start) : offset(folded, mention.span.end)] if mention.span else ""
