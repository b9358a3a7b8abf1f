"""Whether a text follows the question before, and what it asks then: the earlier semantic SQL, edited.

A text that stands alone is left to the readings. One that follows and cannot be used whole is asked back or refused:
nothing that it says is passed over, and nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from t2sql.catalog import Catalog, Language
from t2sql.conversation.conditions import edit_thresholds, edit_values, value_choices
from t2sql.conversation.cues import Cues, is_reset, stripped
from t2sql.conversation.measures import edit_change, edit_comparisons, edit_metrics, settle_shares
from t2sql.conversation.parsing import read_slots
from t2sql.conversation.rows import among_the_few, edit_grain, edit_groups, edit_order, settle_rows
from t2sql.conversation.said import EXACT, Said
from t2sql.conversation.slots import Slots, write
from t2sql.conversation.telling import tell_carried
from t2sql.conversation.times import followed, is_rolling, same_grain, shifted
from t2sql.errors import NotComputable, QueryError
from t2sql.flow import Context, Note, Period, Question, Turn
from t2sql.grounding import Grounding
from t2sql.metric_names import is_stock

MOST_CHOICES = 6
_WHOLE_YEAR = re.compile(r"全年|整年|\b(?:full|whole|entire) year\b")
_TWO_SIDED = re.compile(
    r"(?:比|和|与|跟)[^，,。]{1,12}?(?:相比|对比|比较|比|[多少高低]多少|哪个|之?差|合计|之和)|比[^，,。]{1,8}[多少高低]多少|除以|减去|"
    r"\b(?:versus|vs\.?|compared (?:with|to)|divided by|minus|less|combined)\b",
    re.IGNORECASE,
)
_TOGETHER = re.compile(r"合计|总共|一共|加起来|总和|\b(?:combined|together|in total|altogether|sum)\b", re.IGNORECASE)
_LEAVES_OUT = re.compile(r"不含|不包括|不包含|除了?|剔除|\b(?:excluding|except|other than|without)\b", re.IGNORECASE)
_WORDS_OF_CUES = frozenset({"不含", "excluding", "按", "by"})
"""Words that `stripped` itself may have put in."""


@dataclass(frozen=True, slots=True)
class Continued:
    """A text that follows, and what became of it."""

    context: Context
    """What was grounded in it; with `semantic_sql` "" its `ungrounded` says what was not understood."""
    semantic_sql: str = ""
    """"" where it must be asked back."""
    carried: Note | None = None
    """What stayed of the question before."""
    options: tuple[str, ...] = ()
    """Where it must be asked back: semantic SQL of what it may mean, the likeliest first."""


def continue_question(
    question: Question,
    grounding: Grounding,
    catalog: Catalog,
    last_loaded: date | None,
    stated: Callable[[str], str],
) -> Continued | None:
    """What `question` asks as a follow-up of its latest answered turn; None where it stands alone.

    `stated(sql)`: the normalised form of an earlier semantic SQL, with its period; it raises QueryError. Raises
    QueryError where the text follows and cannot be answered.
    """
    turn = _last_answered(question.before)
    if turn is None or is_reset(question.text):
        return None
    text, cues = stripped(question.text)

    def ground(head: str = "") -> Context:
        return grounding.ground(replace(question, text=head + text), last_loaded, by_meaning=False)

    def periods() -> tuple[Period, ...]:
        return _stated_periods(turn, stated, catalog)

    before = read_slots(turn.semantic_sql, catalog)
    if before is None:
        own = ground()
        if not _named(own, 0) and (cues.replies or cues.ends_open or cues.shift):
            raise _cannot_continue()
        return None
    own = ground()
    if named := _named(own, 0):
        if not _follows(cues, own, len(named)) and not _repeats(cues, own, named, before):
            return None
        said = Said(cues, own, named)
    else:
        said = _beside(cues, before, question.language, catalog, ground)
    if _is_sum_or_difference(question.text, said, before):
        raise _cannot_continue()
    if unknown := _unknown(said):
        is_reply = cues.replies or cues.ends_open or (cues.leans and not cues.asks)
        return Continued(replace(said.context, question=question, ungrounded=unknown)) if is_reply else None
    if any(p.dimension for p in said.context.periods) or any(q.unit == "whole" for q in said.context.quantities):
        return None
    if further := _second_orders(said):
        return Continued(replace(said.context, question=question, ungrounded=further))
    edited = [
        _edited(before, replace(said, context=replace(said.context, values=values)), catalog, last_loaded, periods)
        for values in value_choices(before, said, catalog)[:MOST_CHOICES]
    ]
    if len(options := tuple(dict.fromkeys(write(one, catalog) for one in edited))) > 1:
        return Continued(replace(said.context, question=question, ungrounded=()), options=options)
    after = edited[0]
    if after == before and not said.is_something:
        if not cues.leans or _is_other_matter(cues):
            return None
        return Continued(replace(said.context, question=question, ungrounded=(question.text.strip(),)))
    return Continued(replace(said.context, ungrounded=()), write(after, catalog), tell_carried(before, after, catalog))


def _is_sum_or_difference(text: str, said: Said, before: Slots) -> bool:
    """Whether it asks for one figure made of several, or to leave out all that was chosen: no edit of the question
    before says either.
    """
    context = said.context
    names = (*context.values, *(m for m in context.metrics if m.span))
    if names and not context.comparisons and not context.periods and _TWO_SIDED.search(text):
        return True
    if any(c.name.startswith("mean_") for c in context.comparisons):
        return True
    if _TOGETHER.search(text) and (before.thresholds or before.limit):
        return True
    away = {(v.dimension, v.value) for v in context.values if v.is_negated}
    only = {(c.dimension, c.values[0]) for c in before.chosen if len(c.values) == 1 and not c.is_negated}
    return bool(away & only) and bool(_LEAVES_OUT.search(text))


def _last_answered(turns: Sequence[Turn]) -> Turn | None:
    """The latest turn with an answer, unless a new question was begun after it."""
    for turn in reversed(turns):
        if turn.semantic_sql:
            return turn
        if is_reset(turn.text):
            return None
    return None


def _follows(cues: Cues, own: Context, metrics: int) -> bool:
    """Whether a text with a metric of its own leans on the question before all the same."""
    if cues.replies:
        return True
    more = (own.periods, own.values, own.quantities, own.comparisons, own.grains)
    has_more = any(more) or any(d.score >= EXACT for d in own.dimensions)
    if cues.asks:
        return False
    if cues.kinds & {"more", "without", "plain"} or cues.ends_open or cues.points_back:
        return not own.periods or "more" in cues.kinds
    return not has_more and metrics == 1


def _repeats(cues: Cues, own: Context, named: Sequence[str], before: Slots) -> bool:
    """Whether it names the same metric again and lacks the period: 各分行存款余额 after 2025年末存款余额."""
    return before.is_dated and tuple(named) == before.metrics and not own.periods and not cues.asks


def _is_other_matter(cues: Cues) -> bool:
    """Whether a text in which nothing was grounded only sounds like a reply."""
    return cues.asks or not (cues.kinds or cues.ends_open or cues.shift)


def _named(context: Context, start: int) -> tuple[str, ...]:
    """Metrics named in words from offset `start` on, in order; not those that only a value's own name ends with."""
    values = {v.span for v in context.values}
    found = [m for m in context.metrics if m.span and m.span.start >= start and m.span not in values]
    ordered = sorted(found, key=lambda m: m.span.start if m.span else 0)
    return tuple(dict.fromkeys(m.name for m in ordered))


def _beside(cues: Cues, before: Slots, language: Language, catalog: Catalog, ground: Callable[[str], Context]) -> Said:
    """The text grounded after the name of the metric asked before: 同比, 余额 and "worst" need it beside them."""
    display = catalog.metrics[before.metrics[0]].display
    for spoken in dict.fromkeys((language, "zh", "en")):
        head = f"{display.zh}；" if spoken == "zh" else f"{display.en}; "
        context = ground(head)
        if any(m.name == before.metrics[0] and m.span and m.span.end <= len(head) for m in context.metrics):
            return Said(cues, context, _named(context, len(head)))
    context = ground("")
    return Said(cues, context, _named(context, 0))


def _unknown(said: Said) -> tuple[str, ...]:
    """Content words that nothing explains; the words of a cue are explained by what they stand beside."""
    beside = said.context.dimensions or said.context.grains or said.context.comparisons or said.metrics
    return tuple(w for w in said.context.ungrounded if not (w in _WORDS_OF_CUES and beside))


def _second_orders(said: Said) -> tuple[str, ...]:
    """The words of a second order: 前五名和后五名 is no one question."""
    orders = [q for q in said.context.quantities if q.kind in ("limit", "order")]
    return tuple(
        said.text[q.span.start : q.span.end]
        for q in orders[1:]
        if (q.value, q.descending) != (orders[0].value, orders[0].descending)
    )


def _edited(
    slots: Slots, said: Said, catalog: Catalog, last_loaded: date | None, stated: Callable[[], tuple[Period, ...]]
) -> Slots:
    """`slots` with everything that the text says. Raises NotComputable."""
    if "few" in said.cues.kinds:
        slots = among_the_few(slots, catalog)
    slots = edit_metrics(slots, said, catalog)
    slots = edit_groups(slots, said, catalog)
    slots = edit_values(slots, said, catalog)
    changed = edit_change(slots, said, catalog)
    if changed is None:
        slots = edit_comparisons(slots, said, catalog)
        slots = _edit_time(slots, said, catalog, last_loaded, stated)
    else:
        slots = changed
    slots = edit_grain(slots, said, stated)
    slots = edit_thresholds(slots, said, catalog)
    slots = edit_order(slots, said, catalog)
    return settle_shares(settle_rows(slots))


def _edit_time(
    slots: Slots, said: Said, catalog: Catalog, last_loaded: date | None, stated: Callable[[], tuple[Period, ...]]
) -> Slots:
    """A new period in the place of the old, at the same grain where that can show it. Raises NotComputable."""
    stock = all(is_stock(catalog.metrics[name], catalog) for name in slots.metrics)
    if said.cues.shift:
        if slots.times:
            raise _cannot_continue()
        periods = shifted(slots.periods or stated(), said.cues.shift, is_stock=stock)
        if not periods:
            raise _cannot_continue()
        return replace(slots, periods=periods, grain=same_grain(periods, slots.grain))
    found = said.context.periods
    if not found:
        return slots
    is_course = bool(said.context.grains) or bool(_WHOLE_YEAR.search(said.text))
    periods = followed(found, said.text, slots.periods, is_stock=stock, is_course=is_course, last_loaded=last_loaded)
    was_list = len(slots.periods) > 1 and all(p.first == p.last for p in slots.periods)
    grain = None if was_list and len(periods) == 1 else same_grain(periods, slots.grain)
    if grain is None and is_rolling(found, said.text) and stock:
        grain = periods[0].grain
    return replace(slots, periods=periods, times=(), grain=grain)


def _stated_periods(turn: Turn, stated: Callable[[str], str], catalog: Catalog) -> tuple[Period, ...]:
    """The periods that an earlier question was read at when it named none."""
    slots = read_slots(stated(turn.semantic_sql), catalog)
    return slots.periods if slots else ()


def _cannot_continue() -> QueryError:
    """Also where a name of the question before may no longer be seen: it does not say which, nor that there is one."""
    return NotComputable(
        "The question before cannot be changed in this way.",
        "Ask in full: metric, period, and what to group by.",
        zh=("无法在上一问的基础上这样修改。", "请完整地提问：指标、时间、按什么分组。"),
    )
