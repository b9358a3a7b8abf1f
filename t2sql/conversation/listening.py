"""What a text says after the question before: grounded alone, beside the metric asked before, and what it sorts by.

Only listens; it changes no slot, and what it cannot make out is handed back as words.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from t2sql.catalog import Catalog, Language
from t2sql.conversation.cues import Cues
from t2sql.conversation.pointing import GROWTH
from t2sql.conversation.said import EXACT, Said
from t2sql.conversation.slots import Slots
from t2sql.flow import Context
from t2sql.metric_names import datasets_of

Ground = Callable[[str, str | None], Context]
"""(head, body): the context of the head with the body after it, None for the text itself."""
_WORDS_OF_CUES = frozenset({"不含", "excluding", "按", "by"})
"""Words that `stripped` itself may have put in."""
_FIGURE = re.compile(
    r"(?:金额|数额|数值|数字|大小|高低|多少|值|结果|指标)|"
    r"(?:the )?(?:amounts?|values?|figures?|numbers?|sizes?|results?|metric)"
)
_JOINED = re.compile(r"[和与及、]|\b(?:and|plus)\b|&", re.IGNORECASE)


def listen(cues: Cues, before: Slots, language: Language, catalog: Catalog, ground: Ground) -> Said:
    """The text, its metrics named alone or, where more are named so, after the name of the metric asked before."""
    own = ground("", None)
    named = named_metrics(own, 0)
    beside = _beside(cues, before, language, catalog, ground)
    if named and not (set(named) < set(beside.metrics)):
        return Said(cues, own, _with_own_noun(own, named, before, catalog))
    return beside


def _with_own_noun(own: Context, named: tuple[str, ...], before: Slots, catalog: Catalog) -> tuple[str, ...]:
    """余额和贷款 after 存款余额 names both: the last noun of the metric asked before, outside other names, is it."""
    text, metric = own.question.text, before.metrics[0]
    if metric in named or not _JOINED.search(text):
        return named
    display = catalog.metrics[metric].display
    for noun in (display.zh[-2:], display.en.lower().split()[-1]):
        for match in re.finditer(re.escape(noun), text.lower()):
            taken = [m.span for m in (*own.metrics, *own.dimensions) if m.span] + [v.span for v in own.values]
            if not any(s.start < match.end() and match.start() < s.end for s in taken):
                is_first = all(match.start() < m.span.start for m in own.metrics if m.span)
                return (metric, *named) if is_first else (*named, metric)
    return named


def named_metrics(context: Context, start: int) -> tuple[str, ...]:
    """Metrics named in words from offset `start` on, in order; not those that only a value's own name ends with."""
    values = {v.span for v in context.values}
    found = [m for m in context.metrics if m.span and m.span.start >= start and m.span not in values]
    ordered = sorted(found, key=lambda m: m.span.start if m.span else 0)
    return tuple(dict.fromkeys(m.name for m in ordered))


def unknown_words(said: Said) -> tuple[str, ...]:
    """Content words that nothing explains; the words of a cue are explained by what they stand beside."""
    beside = said.context.dimensions or said.context.grains or said.context.comparisons or said.metrics
    return tuple(w for w in said.context.ungrounded if not (w in _WORDS_OF_CUES and beside))


def second_orders(said: Said) -> tuple[str, ...]:
    """The words of a second order: 前五名和后五名 is no one question."""
    orders = [q for q in said.context.quantities if q.kind in ("limit", "order")]
    return tuple(
        said.text[q.span.start : q.span.end]
        for q in orders[1:]
        if (q.value, q.descending) != (orders[0].value, orders[0].descending)
    )


def sorted_by(key: str, before: Slots, language: Language, catalog: Catalog, ground: Ground) -> str | None:
    """What "sort by …" means among the columns shown; None where it is none of them."""
    if not key:
        return before.groups[0] if before.groups else None
    if _FIGURE.fullmatch(key):
        return before.measures[0].sql()
    moved = [m for m in before.measures if m.functions and m.functions[0] not in ("rank", "share")]
    if GROWTH.fullmatch(key) and len(moved) == 1:
        return moved[0].sql()
    bare = Cues(frozenset())
    said = _beside(bare, before, language, catalog, lambda head, _: ground(head, key))
    if said.comparisons:
        stems = {c.name.removesuffix("_diff") for c in said.comparisons}
        found = [m for m in before.measures if stems & {f.removesuffix("_diff") for f in m.functions}]
        return found[0].sql() if len(found) == 1 else None
    names = said.metrics or named_metrics(ground("", key), 0)
    if names:
        shown = [m for m in before.measures if m.metric == names[0]]
        return shown[0].sql() if len(shown) == 1 and len(names) == 1 else None
    for name in said.mentioned:
        if name in before.groups:
            return name
    if said.context.grains and before.grain:
        return before.grain
    # 余额 beside 存款余额 is no other metric.
    display = catalog.metrics[before.metrics[0]].display
    plain = before.measures if len(before.measures) == 1 else [m for m in before.measures if not m.functions]
    is_own = len(plain) == 1 and plain[0].metric == before.metrics[0]
    return plain[0].sql() if is_own and key in (display.zh + " " + display.en.lower()) else None


def metric_choices(said: Said, before: Slots, catalog: Catalog) -> list[tuple[str, ...]]:
    """What 客户数 may mean after a question about loans: all of the bank's, or those with loans; else one choice."""
    books = {book for name in before.metrics for book in datasets_of(catalog.metrics[name], catalog)}
    for mention in said.context.metrics:
        if mention.span is None or mention.name not in said.metrics or len(said.metrics) != 1:
            continue
        metric = catalog.metrics[mention.name]
        word = said.text[mention.span.start : mention.span.end].lower()
        if metric.unit != "count" or set(datasets_of(metric, catalog)) & books:
            continue
        nearer = [
            other.name
            for other in catalog.metrics.values()
            if other.name != metric.name
            and other.unit == "count"
            and set(datasets_of(other, catalog)) & books
            and any(_ends_with(name, word) for name in (other.display.zh, other.display.en, *other.synonyms))
        ]
        if len(nearer) == 1:
            return [(nearer[0],), (mention.name,)]
    return [said.metrics]


def unused_words(said: Said, before: Slots, after: Slots) -> tuple[str, ...]:
    """Groups and comparisons that the text names, and that stand neither in the semantic SQL nor in the one before."""
    held = {*before.groups, *after.groups, *(c.dimension for c in (*before.chosen, *after.chosen))}
    held |= {name for m in (*before.measures, *after.measures) for name in m.over}
    conditions = " ".join((*before.others, *after.others, *before.times, *after.times))
    stems = {f.removesuffix("_diff") for m in (*before.measures, *after.measures) for f in m.functions}
    spans = [
        d.span
        for d in said.context.dimensions
        if d.span
        and d.span.start >= said.start
        and d.score >= EXACT
        and d.name not in held
        and d.name not in conditions
    ]
    if not (said.cues.kinds & {"without", "plain"}):
        spans += [c.span for c in said.comparisons if c.span and not (stems & _alike(c.name))]
    return tuple(dict.fromkeys(said.text[s.start : s.end] for s in spans))


def is_retry(one: Said, other: Said) -> bool:
    """Whether two texts change the same part of a question: the second says the first in other words."""
    first, second = _parts(one), _parts(other)
    if first and second:
        return bool(first & second)
    return bool((one.cues.kinds & other.cues.kinds) - {"and", "opening", "more"})


def _parts(said: Said) -> set[str]:
    context = said.context
    found = {
        "metric": said.metrics,
        "period": context.periods or said.cues.shift,
        "value": said.values,
        "group": said.mentioned or context.grains,
        "comparison": said.comparisons,
        "order": context.quantities,
    }
    return {name for name, there in found.items() if there}


def _alike(function: str) -> set[str]:
    """Functions that say one comparison, at one grain or another."""
    stem = function.removesuffix("_diff")
    return {stem, "mom", "qoq", "prev"} if stem in ("mom", "qoq", "prev") else {stem}


def _ends_with(name: str, word: str) -> bool:
    name = name.lower()
    return name != word and (name.endswith(word) if not word.isascii() else name.endswith(" " + word))


def _beside(cues: Cues, before: Slots, language: Language, catalog: Catalog, ground: Ground) -> Said:
    """The text grounded after the name of the metric asked before: 同比, 余额 and "worst" need it beside them."""
    display = catalog.metrics[before.metrics[0]].display
    for spoken in dict.fromkeys((language, "zh", "en")):
        head = f"{display.zh}；" if spoken == "zh" else f"{display.en}; "
        context = ground(head, None)
        if any(m.name == before.metrics[0] and m.span and m.span.end <= len(head) for m in context.metrics):
            return Said(cues, context, named_metrics(context, len(head)), len(head))
    context = ground("", None)
    return Said(cues, context, named_metrics(context, 0))
