"""Words of movement: what rose, what fell, and what moved either way, with the direction that a question asks for.

The one list of them here. A word that also names a product, a measure or a way of showing (cut, contract, move on) stands
only in the forms that move.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

from t2sql.catalog import Catalog, Metric
from t2sql.flow import Context, Span

_UP_EN = (
    r"ris(?:e|es|en|ing)|rose|increas(?:e|es|ed|ing)|gr[eo]w(?:s|n|ing)?|growth|climb(?:s|ed|ing)?|gain(?:s|ed|ing)?|expand(?:s|ed|ing)?|expansion|"
    r"jump(?:s|ed|ing)?|surg(?:e|es|ed|ing)|soar(?:s|ed|ing)?|swell(?:s|ed|ing)?|swollen|spik(?:e|es|ed|ing)|rebound(?:s|ed|ing)?|"
    r"(?:go|goes|gone|going|went|mov(?:e|es|ed|ing)|edg(?:e|ed|ing)|crept|creep(?:s|ing)?|tick(?:s|ed|ing)?|pick(?:s|ed|ing)?|trend(?:s|ed|ing)?|build(?:s|ing)?|built) (?:up|higher)|put on"
)
_DOWN_EN = (
    r"(?:fall(?:s|en|ing)?|fell)(?! (?:due|into|within|under|between|in the (?:range|bucket|category)))|drop(?:s|ped|ping)?|declin(?:e|es|ed|ing)|decreas(?:e|es|ed|ing)|shr[iau]nk(?:s|ing)?|shrinkage|reduc(?:e|es|ed|ing|tions?)|"
    r"los(?:e|es|ing)|lost|shed(?:s|ding)?|slip(?:s|ped|ping)?|slid(?:ing)?|s[iau]nk(?:s|ing)?|tumbl(?:e|es|ed|ing)|plung(?:e|es|ed|ing)|slump(?:s|ed|ing)?|"
    r"contract(?:ed|ing|ion)|dip(?:s|ped|ping)?|dwindl(?:e|es|ed|ing)|bled|bleed(?:s|ing)?|erod(?:e|es|ed|ing)|weaken(?:s|ed|ing)?|lower(?:ed|ing)|(?:cut|cutting|brought|bringing|drove|got) (?:down )?(?:its|their)(?! (?:data|figures))|"
    r"(?:go|goes|gone|going|went|mov(?:e|es|ed|ing)|c[oa]m(?:e|es|ing)|edg(?:e|ed|ing)|tick(?:s|ed|ing)?|trend(?:s|ed|ing)?) (?:down|lower)|run[- ]?offs?|ran off|running off"
)
_EITHER_EN = (
    r"chang(?:e|es|ed|ing)|mov(?:ed|ing)|moves?(?= (?:in|on|over|since|from|versus|vs)\b)|movements?|movers?|swing(?:s|ing)?|swung|shift(?:s|ed|ing)?|fluctuat(?:e|es|ed|ing|ions?)|volatil(?:e|ity)|"
    r"improv(?:e|es|ed|ing|ements?)|wors(?:en|ens|ened|ening)|deteriorat(?:e|es|ed|ing|ion)|weakening|strengthen(?:s|ed|ing)?|accelerat(?:e|es|ed|ing)|narrow(?:s|ed|ing)|widen(?:s|ed|ing)?|outflows?|inflows?"
)
_UP_ZH = r"上升|增加|增长|提高|升高|上涨|走高|扩大|攀升|抬升|回升|上行|往上[走涨]|上浮|增多|变[多高大]"
_DOWN_ZH = r"下降|减少|降低|下跌|下滑|下行|回落|走低|压降|压缩|收窄|缩水|缩减|萎缩|往下[掉走跌]|负增长|降[了得]|[少低减]得|跌|(?<![吃吞耗用花])掉了|变[少低小]"
_EITHER_ZH = r"变化|变动|波动|起伏|异动|升降|增减|涨跌|增幅|降幅|涨幅|跌幅|增速|增量|净增|净减|恶化|改善|流[入出]"

MOVES = re.compile(
    rf"{_UP_ZH}|{_DOWN_ZH}|{_EITHER_ZH}|增长率|复合增|涨了|\b(?:{_UP_EN}|{_DOWN_EN}|{_EITHER_EN}|cagr|contribution|got(?:ten)? (?:better|worse)|contribut(?:e|es|ed|ing))\b",
    re.IGNORECASE,
)
"""Any word of movement."""
ROSE = re.compile(
    rf"(?:{_UP_ZH})(?![率额])|(?<=.)[多高](?:了(?![多少几])|得[最更多])|\b(?:{_UP_EN}|added|(?<!make )(?<!makes )(?<!made )(?<!making )up(?! to\b))\b",
    re.IGNORECASE,
)
FELL = re.compile(rf"{_DOWN_ZH}|(?<![多减])[少低]了(?![多少几])|\b(?:{_DOWN_EN}|down)\b", re.IGNORECASE)
NEUTRAL = re.compile(
    r"变化|变动|波动|起伏|异动|\b(?:chang(?:e|es|ed|ing)|moved|movements?|movers?|swing(?:s|ing)?|swung|shift(?:s|ed)?|fluctuat\w+|volatil\w+)\b",
    re.IGNORECASE,
)
"""Words of moving either way: what moved the most did so up or down."""
MOST = re.compile(
    rf"\b(?:{_UP_EN}|{_DOWN_EN}|{_EITHER_EN})\b.{{0,40}}\b(?:the most|most|least|fastest|slowest|faster(?! than)|slower(?! than)|more(?! than)|less(?! than))\b|"
    rf"\b(?:largest|biggest|highest|greatest|smallest|fastest|steepest|sharpest|most|least) (?:\w+ ){{0,2}}(?:{_UP_EN}|{_DOWN_EN}|{_EITHER_EN})\b|"
    rf"(?:{_UP_ZH}|{_DOWN_ZH}|{_EITHER_ZH})[得额幅]?(?:度)?最|(?:{_UP_ZH}|{_DOWN_ZH}|[长涨跌降])得?更?[快慢](?!速)",
    re.IGNORECASE,
)
"""Asks who moved the most."""
BETTERED = re.compile(r"改善|\bimprov(?:e|es|ed|ing|ements?)\b|\bgot(?:ten)? better\b", re.IGNORECASE)
WORSENED = re.compile(
    r"恶化|变差|\b(?:worsen(?:s|ed|ing)?|deteriorat(?:e|es|ed|ing|ion)|got(?:ten)? worse)\b", re.IGNORECASE
)
_SIGNED = re.compile(r"正|负|\b(?:positive|negative)\b", re.IGNORECASE)
_MOST_LAST = re.compile(r"(?:the )?(?:most|least|fastest|slowest)\b|最[多少大小快慢]", re.IGNORECASE)
_CLAUSE = re.compile(r"[,，;；。?？]")
_WHOSE = re.compile(
    r"^s?\s*(?:that|which|whose|where|with|who|seeing|showing|recording|posting|having|losing|shedding|gaining)\b[^.;?]*",
    re.IGNORECASE,
)
_OF_WHICH = re.compile(r"[^，,。;；、]{1,12}?了?的\s*$")
_WHICH = re.compile(r"哪些|哪几|哪[个家]|有没有|\b(?:which|what|any) [a-z]+", re.IGNORECASE)
_JOINS = re.compile(r"\s*(?:and|,|, and|和|与|及|、)\s*(?:the |their )?", re.IGNORECASE)
_HOW_FAR = re.compile(
    r"多少|幅度|情况|百分之|最[大小多少快慢高低]|\bhow (?:much|far|many)\b|\b(?:most|least|largest|biggest|smallest|fastest|faster|slower|highest|lowest)\b|[长涨增跌降]得?更?[快慢](?!速)|更[快慢]",
    re.IGNORECASE,
)


def movement(context: Context, catalog: Catalog) -> tuple[str, str] | None:
    """(operator, the words) where a question asks for the ones that rose or fell: 存款下降的分行, "which branches declined"."""
    text = unnamed(context)
    for mention in context.dimensions:
        if mention.span is None:
            continue
        before, after = text[: mention.span.start], text[mention.span.end :]
        said = _OF_WHICH.search(before) if not before.isascii() else _WHOSE.match(after)
        if said and (moved := _moved(said[0], context, catalog)):
            return moved
    if not context.dimensions or not _WHICH.search(text) or _HOW_FAR.search(text):
        return None
    return _moved(text, context, catalog)


def movements(context: Context, catalog: Catalog) -> dict[str, tuple[str, Span]]:
    """Metric -> (operator, where its word stands) where each of several is to have moved its own way: loans that rose but
    deposits that fell, 贷款增加同时不良率也上升的分行; {} where the ones that moved so are not asked for, or one has no way.
    """
    text = unnamed(context)
    named = sorted(
        {(m.span.start, m.span.end, m.name) for m in context.metrics if m.span and m.name in catalog.metrics}
    )
    if len({name for _, _, name in named}) < 2 or not _asks_who(context, text):
        return {}
    found: dict[str, tuple[str, Span]] = {}
    waiting: list[str] = []
    for (_, end, name), after in zip(named, [*(start for start, _, _ in named[1:]), len(text)], strict=True):
        moved = way_of(text[end:after], catalog.metrics[name])
        waiting.append(name)
        if moved is None:
            if not _JOINS.fullmatch(text[end:after]):
                return {}
            continue
        place = text.find(moved[1], end)
        found |= dict.fromkeys(waiting, (moved[0], Span(place, place + len(moved[1]))))
        waiting = []
    return found if not waiting else {}


def _asks_who(context: Context, text: str) -> bool:
    """Whether members are asked for by how they moved."""
    for mention in context.dimensions:
        if mention.span is None:
            continue
        before, after = text[: mention.span.start], text[mention.span.end :]
        if _OF_WHICH.search(before) if not before.isascii() else _WHOSE.match(after):
            return True
    return bool(context.dimensions and _WHICH.search(text) and not _HOW_FAR.search(text))


def is_either_way(context: Context, catalog: Catalog) -> bool:
    """Whether what changed the most is asked and nothing says which way: 变化最大, "the biggest swing"."""
    text = unnamed(context)
    way = ROSE.search(text) or FELL.search(text) or BETTERED.search(text) or WORSENED.search(text)
    return bool(MOST.search(text) and NEUTRAL.search(text)) and not way and not _SIGNED.search(text)


def fell_most(context: Context, catalog: Catalog, limit: Span) -> bool:
    """Whether what moved the most moved down: "reduced its NPL ratio the most", the biggest improvement of a cost."""
    text = unnamed(context)
    before, after = _CLAUSE.split(text[: limit.start])[-1], _CLAUSE.split(text[limit.end :])[0]
    is_verb = _MOST_LAST.match(text[limit.start : limit.end])
    judged = BETTERED.search(before + after) or WORSENED.search(before + after)
    moved = _moved(before + " " + after if judged else before, context, catalog) if is_verb or judged else None
    return moved is not None and moved[0] == "<"


def _moved(said: str, context: Context, catalog: Catalog) -> tuple[str, str] | None:
    metrics = [catalog.metrics[m.name] for m in context.metrics[:1] if m.name in catalog.metrics]
    return way_of(said, metrics[0] if metrics else None)


def way_of(said: str, metric: Metric | None) -> tuple[str, str] | None:
    """(operator, the words): the one way in which words move, "improved" by what is good of `metric`; None where they
    move nothing, or both ways.
    """
    rising, falling = ROSE.search(said), FELL.search(said)
    for judged, is_good in ((BETTERED.search(said), True), (WORSENED.search(said), False)):
        if judged and metric and metric.direction:
            is_up = (metric.direction == "up_is_good") == is_good
            rising, falling = (rising or judged, falling) if is_up else (rising, falling or judged)
    if bool(rising) == bool(falling):
        return None
    found = rising or falling
    assert found
    return (">" if rising else "<"), found[0]


def unnamed(context: Context) -> str:
    """The text with blanks for the names of metrics."""
    masked = list(context.question.text)
    for metric in context.metrics:
        if metric.span:
            masked[metric.span.start : metric.span.end] = " " * (metric.span.end - metric.span.start)
    return "".join(masked)
