"""Whether a text follows the question before, and what it asks then: the earlier semantic SQL, edited.

A text that stands alone is left to the readings. One that follows and cannot be used whole is asked back or refused:
nothing that it says is passed over, and nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from t2sql.catalog import Catalog
from t2sql.conversation.conditions import edit_thresholds, edit_values, value_choices
from t2sql.conversation.cues import Cues, is_reset, stripped
from t2sql.conversation.dating import compared_periods, edit_time
from t2sql.conversation.listening import (
    is_retry,
    listen,
    metric_choices,
    named_metrics,
    second_orders,
    sorted_by,
    unknown_words,
    unused_words,
)
from t2sql.conversation.measures import change_bases, edit_change, edit_comparisons, edit_metrics, settle_shares
from t2sql.conversation.moving import edit_moved, unread_changes
from t2sql.conversation.parsing import read_slots
from t2sql.conversation.pointing import AVERAGE, LISTED, PART_OF, asks_how_much, is_against
from t2sql.conversation.refusals import cannot_continue
from t2sql.conversation.rows import among_the_few, edit_grain, edit_groups, edit_order, settle_rows, take_others
from t2sql.conversation.said import EXACT, Said
from t2sql.conversation.slots import Slots, write
from t2sql.conversation.telling import tell_carried
from t2sql.conversation.wrapping import list_inside, put_around
from t2sql.flow import Context, Note, Period, Question, Turn
from t2sql.grounding import Grounding
from t2sql.reading.combined import TOGETHER

MOST_CHOICES = 6
_TWO_SIDED = re.compile(
    r"(?:比|和|与|跟)[^，,。]{1,12}?(?:相比|对比|比较|比|[多少高低]多少|哪个|之?差|合计|之和)|比[^，,。]{1,8}[多少高低]多少|除以|减去|"
    r"\b(?:versus|vs\.?|compared (?:with|to)|divided by|minus|less|combined)\b",
    re.IGNORECASE,
)
_ONE_OF_TWO = re.compile(r"除以|合计|之和|之?差|\b(?:divided|combined|minus|less)\b", re.IGNORECASE)
_OF_WHICH = re.compile(r"^\s*(?:(?:and )?of which(?: the)?\b)\s*", re.IGNORECASE)
_LEAVES_OUT = re.compile(r"不含|不包括|不包含|除了?|剔除|\b(?:excluding|except|other than|without)\b", re.IGNORECASE)


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
    asked, figure = list_inside(turn.semantic_sql)
    before = read_slots(asked, catalog)
    wants_list = bool(figure and LISTED.search(question.text))
    # "Of which mortgages": a part of what was asked before is that limited to it.
    said_now = _OF_WHICH.sub("", question.text)
    text, cues = stripped(LISTED.sub(" ", said_now) if wants_list else said_now)

    def ground(head: str = "", body: str | None = None) -> Context:
        return grounding.ground(
            replace(question, text=head + (text if body is None else body)), last_loaded, follows=True
        )

    def periods() -> tuple[Period, ...]:
        return _stated_periods(replace(turn, semantic_sql=asked), stated, catalog)

    own = ground()
    named = named_metrics(own, 0)
    if before is None:
        if cues.leans and not (named and cues.asks and not cues.replies):
            raise cannot_continue()
        return None
    if named and not wants_list and not _follows(cues, own) and not _repeats(cues, own, named, before):
        if any(
            m.span and m.name in named and PART_OF.search(text[: m.span.start]) and m.span.start < 12
            for m in own.metrics
        ):
            # 占营业收入多少: what was asked before, over another metric.
            raise cannot_continue()
        return None
    said = listen(cues, before, question.language, catalog, ground)
    if cues.sort_key is not None:
        order = sorted_by(cues.sort_key, before, question.language, catalog, ground)
        if order is None:
            return Continued(replace(said.context, question=question, ungrounded=(cues.sort_key or text,)))
        said = replace(said, order=order)
    if _is_sum_or_difference(question.text, said, before):
        raise cannot_continue()
    if not named and (found := AVERAGE.search(text)):
        return Continued(replace(said.context, question=question, ungrounded=(found[0],)))
    if unknown := unknown_words(said):
        is_reply = cues.replies or cues.ends_open or (cues.leans and not cues.asks)
        return Continued(replace(said.context, question=question, ungrounded=unknown)) if is_reply else None
    if any(p.dimension for p in said.context.periods) or any(q.unit == "whole" for q in said.context.quantities):
        return None
    if further := second_orders(said):
        return Continued(replace(said.context, question=question, ungrounded=further))
    heard = [
        replace(said, context=replace(said.context, values=values), metrics=metrics, stem=stem)
        for values in value_choices(before, said, catalog)
        for metrics in metric_choices(said, before, catalog)
        for stem in change_bases(before, said, catalog)
    ][:MOST_CHOICES]
    edited = [_edited(before, one, catalog, last_loaded, periods) for one in heard]
    written = [
        sql if not figure or wants_list else put_around(figure, sql, before, after)
        for after in edited
        if (sql := write(after, catalog))
    ]
    if not all(written):
        raise cannot_continue()
    if len(options := tuple(dict.fromkeys(written))) > 1:
        return Continued(replace(said.context, question=question, ungrounded=()), options=options)
    after = edited[0]
    if after == before and not wants_list and (not said.is_something or _says_too_little(said, text)):
        if not cues.leans or _is_other_matter(cues):
            return None
        return Continued(replace(said.context, question=question, ungrounded=(question.text.strip(),)))
    if changes := unread_changes(heard[0], after):
        return Continued(replace(said.context, question=question, ungrounded=changes))
    if unused := unused_words(heard[0], before, after):
        return Continued(replace(said.context, question=question, ungrounded=unused))
    if _skips_an_edit(question, said, before, catalog, grounding, last_loaded):
        return Continued(replace(said.context, question=question, ungrounded=()), options=options)
    return Continued(replace(said.context, ungrounded=()), options[0], tell_carried(before, after, catalog))


def _says_too_little(said: Said, text: str) -> bool:
    """Whether it names nothing but groups, or has words of which nothing was found, though nothing changes by it."""
    context = said.context
    parts = (said.metrics, context.periods, context.values, context.quantities, context.comparisons, context.grains)
    if any(parts) or said.cues.is_chart or said.cues.is_pointed:
        return False
    return bool(said.mentioned) or ("same" in said.cues.kinds and bool(re.search(r"\w{2}", text)))


def _skips_an_edit(
    question: Question, said: Said, before: Slots, catalog: Catalog, grounding: Grounding, last_loaded: date | None
) -> bool:
    """Whether the text just before was to change the same question and was not understood: going on without it must be
    said first. The same change in other words needs no asking.
    """
    skipped = question.before[-1] if question.before else None
    if skipped is None or skipped.semantic_sql:
        return False
    text, cues = stripped(skipped.text)
    if not cues.leans or cues.asks:
        return False

    def ground(head: str = "", body: str | None = None) -> Context:
        asked = replace(question, text=head + (text if body is None else body))
        return grounding.ground(asked, last_loaded, follows=True)

    return not is_retry(listen(cues, before, question.language, catalog, ground), said)


def _is_sum_or_difference(text: str, said: Said, before: Slots) -> bool:
    """Whether it asks for one figure made of several, or to leave out all that was chosen: no edit of the question
    before says either.
    """
    context = said.context
    names = (*context.values, *(m for m in context.metrics if m.span))
    if names and not context.comparisons and not context.periods and _TWO_SIDED.search(text):
        is_beside = context.values and not said.metrics and not asks_how_much(text) and not _ONE_OF_TWO.search(text)
        if not is_beside or not all(is_against(said.text, v.span.start, v.span.end) for v in context.values):
            return True
    if any(c.name.startswith("mean_") for c in context.comparisons):
        return True
    if TOGETHER.search(text) and (before.thresholds or before.limit):
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


def _follows(cues: Cues, own: Context) -> bool:
    """Whether a text with a metric of its own leans on the question before all the same."""
    is_whole = bool(own.periods) and (cues.asks or any(d.score >= EXACT for d in own.dimensions))
    if cues.replies:
        # "Which branches grew their deposits in 2025?" speaks of its own rows.
        return not (is_whole and cues.kinds <= {"few", "more", "only", "all", "total"} and not cues.others)
    if cues.asks:
        return False
    return not own.periods or "more" in cues.kinds


def _repeats(cues: Cues, own: Context, named: Sequence[str], before: Slots) -> bool:
    """Whether it names the same metric again and lacks the period: 各分行存款余额 after 2025年末存款余额."""
    return before.is_dated and tuple(named) == before.metrics and not own.periods and not cues.asks


def _is_other_matter(cues: Cues) -> bool:
    """Whether a text in which nothing was grounded only sounds like a reply."""
    return cues.asks or not (cues.kinds or cues.ends_open or cues.shift)


def _edited(
    slots: Slots, said: Said, catalog: Catalog, last_loaded: date | None, stated: Callable[[], tuple[Period, ...]]
) -> Slots:
    """`slots` with everything that the text says. Raises NotComputable."""
    if said.cues.is_first_one:
        if slots.order is None:
            raise cannot_continue()
        slots = replace(slots, limit=1)
    if "few" in said.cues.kinds:
        slots = among_the_few(slots, catalog)
    slots = take_others(slots, said, catalog)
    slots = edit_metrics(slots, said, catalog)
    slots = edit_groups(slots, said, catalog)
    slots = edit_values(slots, said, catalog)
    changed = edit_change(slots, said, catalog, compared_periods(slots, said, last_loaded, catalog, stated))
    if changed is None:
        slots = edit_comparisons(slots, said, catalog)
        slots = edit_time(slots, said, catalog, last_loaded, stated)
    else:
        slots = changed
    slots = edit_grain(slots, said, stated)
    slots = edit_moved(edit_thresholds(slots, said, catalog), said, catalog)
    slots = edit_order(slots, said, catalog)
    return settle_shares(settle_rows(slots))


def _stated_periods(turn: Turn, stated: Callable[[str], str], catalog: Catalog) -> tuple[Period, ...]:
    """The periods that an earlier question was read at when it named none."""
    slots = read_slots(stated(turn.semantic_sql), catalog)
    return slots.periods if slots else ()
