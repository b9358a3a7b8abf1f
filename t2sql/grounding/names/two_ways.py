"""Stretches that say two things in equal right, and words beside a name that no reading of it does: "deposits per branch" is
a mean and a row each, "how many loans and deposits" counts one of the two.

Each is told, so that it is asked back; nothing is taken away here.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from t2sql.catalog import Catalog
from t2sql.flow import NameMention, Quantity, ValueMention
from t2sql.grounding.names.conditions import SHARE_OF
from t2sql.grounding.settling import offset
from t2sql.grounding.words.text import Folded
from t2sql.metric_names import is_stock

_IS_PART = re.compile(r"\b(?:is|are|was|were)\b")
_PER_BRANCH = re.compile(r"\bper (?:sub-? ?)?branch$|每一?个(?:网点|支行|分行)|^每家?(?:支行|分行)")
_MEAN = re.compile(
    r"\b(?:average|averages|averaged|avg|mean|highest|lowest|most|least|best|worst|top|bottom|largest|smallest|rank\w*|whole bank|bank-?wide|overall)\b|平均|均|最"
)


_AND = re.compile(r"\s*(?:,|and|&|,\s*and)\s+")
_AND_BY = re.compile(r"\s*(?:,|and|&|/|x|by)\s+")
_HOW_MANY = re.compile(r"\b(?:how many|number of)\b[^,;.?!]{0,40}$")
_SHARE_OF_PEOPLE = re.compile(
    r"\b(?:share|proportion|percentage|per ?cent|%|fraction) of (?:our |the |all )?(?:[a-z]+ )?(?P<who>customers|clients|cardholders|card holders|borrowers|depositors|people)\b(?!['’])(?= (?:that |who |which |have |has |had )*\w+)"
)
_ONE_SIZE = re.compile(r"\b(?:average|avg|mean|typical) (?:[a-z]+ )?(?:size|ticket)\b")
_ONE_AVERAGE = re.compile(r"(?:average|avg|mean|typical) (?:loan|mortgage|deposit)(?![a-z])(?! (?:balance|book|total))")
_EACH_OF_THEM = re.compile(
    r"\b(?:on average,? how much (?:do|does|did) (?:our |the |each |an? )?(?:depositors?|customers?|clients?|borrowers?|savers?|outlets?|branch(?:es)?)|how much (?:do|does|did) (?:our |the |each |an? )?(?:depositors?|customers?|clients?|borrowers?|savers?|outlets?|branch(?:es)?)\b[^,.;?!]*\bon average)\b"
)
# The fee number is any figure of fees, and no count of them.
_ANY_NUMBER = re.compile(
    r"(?:fees?|commissions?|income|revenue|profit|interest|spend|spending|deposits?|lending|costs?|expenses?|wealth) numbers?"
)
_HOW_BIG = re.compile(r"\bhow (?:big|large|small) (?:was|is|were|are) (?:the |our |an )?$")
_RATE_ON = re.compile(
    r"(?<!-)\b(?:interest )?rates? (?:on|of|for) (?:our |the |new )?(?!change|growth|increase|return)"
)
_BY_ONE = re.compile(r"\b(?:by|with) an? $")
_OF_THEM = re.compile(r"\b(?:of|for|at|in|by) (?:the |our |its )?$")
_LAST_DAY = re.compile(
    r"\b(?:last|final|first) (?:business |working |calendar |trading )?day of\b|(?:最后|头|第)一[天日]"
)
_MORE_THAN = re.compile(r"(?:还?要|还|又|大约)?[多少高低大小](?:了|出)?(?:多少|几)")
_WITH_SHARE = re.compile(r"\b(?:with|and) (?:their|its|the) (?:share|proportion|percentage)\b")
_LONE_RATE = re.compile(r"[额量数](?:和|与|及|以及|、)(?P<rate>率)(?=$|[,，。?？各分按])")
_AND_SO_FAR = re.compile(r"(?:逐|每|各|分)个?月(?:和|与|及|以及|、)(?P<far>累计)")
_ANEW = re.compile(r"[^,.;?!]*\b(?:(?:of|in|for) )?(?:each|every) (?:month|quarter|year|week|day|half)\b")
_LEADS = re.compile(r"\b(?P<deed>leads?|led|tops?|topped)\b (?=(?:each|every|all|our|the|in|on|for)\b)")
# "How many loans did we approve": what was done to them counts others than those that stand.
_DONE = re.compile(
    r"\bhow many (?:[a-z-]+ ){0,3}?(?:loans?|mortgages?|cards?)(?: [a-z]+)? (?:did|have|has) (?:we|the bank|[a-z]+ branch|each [a-z]+) (?!have\b|had\b|hold\b|held\b|keep\b|kept\b|carry\b|own\b|see\b|end\b|start\b|add\b|gain\b|lose\b|lost\b|got\b|now\b|in\b|at\b)(?P<deed>[a-z]+)|\b(?:loans?|mortgages?|cards?) (?:were |was )(?P<done>closed|settled|redeemed|refinanced|approved|issued|cancelled|rejected)\b"
)
# What customers hold or do in money is no number of customers.
_MONEY = re.compile(r"\bmoney\b|\bcash\b")
_AND_THEIRS = re.compile(
    r"\b(?P<who>customers|clients|borrowers|depositors|cardholders|companies|firms|corporates|smes) (?:and|with|plus|along with|together with) their\b"
)
_DAILY_MEAN = re.compile(r"\b(?:daily average|average daily|daily avg|avg daily)\b|日均")
# Profit before tax, which no name of profit may say by its amount.
_OTHER_PROFIT = re.compile(r"利润总额")
_BOOKED = re.compile(
    r"\b(?:loans?|mortgages?|lending|advances) (?:that (?:were|we) |we |newly )?(?P<deed>booked)(?= (?:in|during|this|last|over|since|so far|by)\b)"
)
_ISSUED = re.compile(r"(?:发了|新发|新开|开了)多少张")


def unread_rows(
    folded: Folded, quantities: Sequence[Quantity], grains: Sequence[NameMention], dimensions: Sequence[NameMention]
) -> tuple[str, ...]:
    """ "Which branch leads each region", where no limit says so; "monthly deposits of the top 3 branches", whose few are
    chosen once and not anew each month.
    """
    leads = _LEADS.search(folded.text)
    told: tuple[str, ...] = (
        (leads["deed"],) if leads and not any(q.kind in ("limit", "order") for q in quantities) else ()
    )
    limits = [q for q in quantities if q.kind == "limit" and q.value > 1] if grains and dimensions else []
    first = min(limits, key=lambda q: q.span.start, default=None)
    start = offset(folded, first.span.start) if first else 0
    if first and _OF_THEM.search(folded.text[:start]) and not _ANEW.match(folded.text, start):
        told += (folded.text[start : offset(folded, first.span.end)],)
    return told


def within_own(named: Sequence[NameMention], values: Iterable[ValueMention], catalog: Catalog) -> tuple[str, ...]:
    """A share of what is secured, limited to one kind of security: the value is the part that is asked, and no limit."""
    filters = [
        catalog.metrics[part].filter or ""
        for m in named
        if (part := catalog.metrics[m.name].numerator) in catalog.metrics and catalog.metrics[m.name].is_ratio_unit
    ]
    return tuple(v.value for v in values if any(f"'{v.value}'" in text and " IN " in text for text in filters))


def two_ways(
    folded: Folded, named: Sequence[NameMention], dimensions: Sequence[NameMention], catalog: Catalog
) -> tuple[str, ...]:
    """Stretches that say two things in equal right: "deposits per branch" is a mean and a row each, loans/deposits a list
    and a ratio.
    """
    told = []
    placed = sorted((m for m in named if m.span), key=lambda m: m.span.start if m.span else 0)
    for mention in placed:
        assert mention.span
        said = folded.text[offset(folded, mention.span.start) : offset(folded, mention.span.end)]
        per = _PER_BRANCH.search(said)
        share = SHARE_OF.search(folded.text[: offset(folded, mention.span.start)])
        if share and _IS_PART.search(said) and not catalog.metrics[mention.name].is_ratio_unit:
            # Deposits in Shanghai that are time deposits: a whole and its part, run together to one name.
            told.append(share[0].strip())
        if (
            per
            and catalog.metrics[mention.name].denominator
            and (not dimensions or _AND_BY.match(folded.text, offset(folded, mention.span.end)))
            and not _MEAN.search(folded.text)
        ):
            told.append(per[0])
        told += _not_of_it(folded, mention, said, catalog)
    told += _unread(folded, placed, dimensions, catalog)
    for one, other in pairwise(placed):
        assert one.span and other.span
        listed = _AND.fullmatch(folded.text[offset(folded, one.span.end) : offset(folded, other.span.start)])
        if listed and _counts_both(folded, one, other, catalog):
            told.append(folded.text[offset(folded, other.span.start) : offset(folded, other.span.end)])
        start, end = offset(folded, one.span.end), offset(folded, other.span.start)
        is_ratio = any((m.numerator, m.denominator) == (one.name, other.name) for m in catalog.metrics.values())
        if is_ratio and folded.text[start:end] == "/" and not any(m.name not in (one.name, other.name) for m in placed):
            told.append(folded.text[offset(folded, one.span.start) : offset(folded, other.span.end)])
    return tuple(told)


def _not_of_it(folded: Folded, mention: NameMention, said: str, catalog: Catalog) -> list[str]:
    """Words of a name's own stretch that ask for another figure: the share of people who used a limit, one loan's size."""
    metric = catalog.metrics[mention.name]
    if metric.unit == "count" and _ANY_NUMBER.fullmatch(said):
        return [said]
    people = _SHARE_OF_PEOPLE.search(said)
    of_people = catalog.metrics[metric.numerator].unit == "count" if metric.numerator in catalog.metrics else False
    if people and metric.is_ratio_unit and not of_people:
        return [people["who"]]
    if mention.span and (more := _MORE_THAN.match(folded.text, offset(folded, mention.span.end))) and "比" in said:
        # 存款比贷款多多少: how far they lie apart is no ratio.
        return [more[0]]
    if metric.is_ratio_unit and (beside := _WITH_SHARE.search(said)):
        return [beside[0]]
    start = offset(folded, mention.span.start) if mention.span else 0
    is_one = _HOW_BIG.search(folded.text[:start])
    size = _ONE_SIZE.search(said) or (_ONE_AVERAGE.match(said) if is_one else None)
    if size is None and metric.window_choice == "avg":
        size = _EACH_OF_THEM.search(folded.text)
    return [size[0]] if size and not metric.denominator and metric.unit != "count" else []


def _unread(
    folded: Folded, named: Sequence[NameMention], dimensions: Sequence[NameMention], catalog: Catalog
) -> list[str]:
    """A rate that nothing names, security of one kind, rows of a few that are chosen over all periods, cards handed out."""
    told = []
    places = [m.span for m in named if m.span]
    rate = _RATE_ON.search(folded.text)
    if rate and not any(s.start <= folded.starts[rate.start()] < s.end for s in places):
        told += [] if any(catalog.metrics[m.name].is_ratio_unit for m in named) else ["rate"]
    for dimension in dimensions:
        before = folded.text[: offset(folded, dimension.span.start)] if dimension.span else ""
        if dimension.span and _BY_ONE.search(before):
            told.append(folded.text[offset(folded, dimension.span.start) : offset(folded, dimension.span.end)])
    last = _LAST_DAY.search(folded.text)
    told += [last[0]] if last and named and not any(is_stock(catalog.metrics[m.name], catalog) for m in named) else []
    metrics = [catalog.metrics[m.name] for m in named]
    names = "\n".join(name.lower() for m in metrics for name in (m.display.en, m.display.zh, *m.synonyms))
    is_counted = bool(metrics) and all(m.unit == "count" for m in metrics)
    told += [m[0] for m in (_MONEY.search(folded.text),) if m and is_counted]
    who = _AND_THEIRS.search(folded.text)
    told += [who["who"]] if who and metrics and not is_counted and not _is_at(folded, who.start(), dimensions) else []
    told += [m[0] for m in (_DAILY_MEAN.search(folded.text),) if m and "日均" not in names and "daily" not in names]
    told += [m[0] for m in (_OTHER_PROFIT.search(folded.text),) if m and m[0] not in names]
    booked = _BOOKED.search(folded.text)
    told += [booked["deed"]] if booked and all(is_stock(m, catalog) for m in metrics) else []
    lone = _LONE_RATE.search(folded.text)
    told += [lone["rate"]] if lone and not any(catalog.metrics[m.name].is_ratio_unit for m in named) else []
    so_far = _AND_SO_FAR.search(folded.text)
    told += [so_far["far"]] if so_far else []
    done = _DONE.search(folded.text)
    issued = _ISSUED.search(folded.text)
    cards = [m for m in named if catalog.metrics[m.name].unit == "count" and is_stock(catalog.metrics[m.name], catalog)]
    told += [issued[0]] if issued and cards else []
    told += [done["deed"] or done["done"]] if done and cards else []
    return told


def _is_at(folded: Folded, start: int, things: Sequence[NameMention]) -> bool:
    """Whether one of `things` begins at a place of the folded text."""
    return any(t.span and offset(folded, t.span.start) == start for t in things)


def _counts_both(folded: Folded, one: NameMention, other: NameMention, catalog: Catalog) -> bool:
    """ "How many loans and deposits": both are to be counted, and only one is."""
    assert one.span and other.span
    before = folded.text[: offset(folded, one.span.end)]
    said = folded.text[offset(folded, other.span.start) : offset(folded, other.span.end)]
    is_count = catalog.metrics[one.name].unit == "count" and catalog.metrics[other.name].unit != "count"
    return is_count and bool(_HOW_MANY.search(before)) and " " not in said.strip() and said.isascii()
