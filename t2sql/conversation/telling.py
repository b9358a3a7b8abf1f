"""What a follow-up kept of the question before, as a note in both languages. By template; it decides nothing."""

from __future__ import annotations

import re

from t2sql.catalog import Catalog, Language
from t2sql.conversation.cues import is_reset
from t2sql.conversation.slots import Chosen, Slots, condition
from t2sql.flow import Note, Question
from t2sql.phrases import Phrases, comparison_label
from t2sql.wording import GRAIN_WORDS, format_period, format_periods, join, visible

_DATED = re.compile(r"\b(?:day|week|month|quarter|half|year) (?:=|IN|BETWEEN|>=|<=|>|<)")


def tell_carried(before: Slots, after: Slots, catalog: Catalog) -> Note | None:
    """The parts of `before` that `after` still has; None when there are none."""
    zh, en = _kept(before, after, catalog, "zh"), _kept(before, after, catalog, "en")
    if not zh:
        return None
    return Note("carried", "沿用上一问：" + "、".join(zh), "Carried over from the question before: " + ", ".join(en))


def tell_begun_anew(question: Question, semantic_sql: str) -> Note | None:
    """That a question after others was read alone, where it lacks a period that the one before had; else None."""
    before = next((turn.semantic_sql for turn in reversed(question.before) if turn.semantic_sql), "")
    if not before or is_reset(question.text) or _DATED.search(semantic_sql) or not _DATED.search(before):
        return None
    return Note(
        "begun_anew",
        "按新问题回答，未沿用上一问的时间与条件",
        "Answered as a new question: the period and conditions of the question before were not carried over",
    )


def _kept(before: Slots, after: Slots, catalog: Catalog, language: Language) -> list[str]:
    """Metrics, periods, groups, conditions, bounds and order that stayed."""
    is_zh, phrases = language == "zh", Phrases({}, catalog, language)
    told: list[str] = []
    metrics = [m for m in before.metrics if m in after.metrics]
    told += [visible(catalog.metrics[m].display.to(language)) for m in metrics]
    told += _comparisons(before, after, catalog, language)
    if before.periods and before.periods == after.periods:
        labels = [p.first if p.first == p.last else f"{p.first}..{p.last}" for p in after.periods]
        many = len(labels) > 1
        told.append(format_periods(labels, language) if many else format_period(labels[0], language))
    if before.times and before.times == after.times:
        told += [phrases.condition(text) for text in after.times]
    if before.grain and before.grain == after.grain:
        word = GRAIN_WORDS[after.grain][0 if is_zh else 1]
        told.append(f"按{word}" if is_zh else f"by {word}")
    groups = [visible(catalog.dimensions[g].display.to(language)) for g in before.groups if g in after.groups]
    if groups:
        told.append(("按" if is_zh else "by ") + join(groups, language))
    told += [_values(one, catalog, language) for one in after.chosen if one in before.chosen]
    kept = [t.sql for t in after.thresholds if t in before.thresholds]
    told += [phrases.condition(text) for text in kept]
    others = [text for text in after.others if text in before.others]
    told += [phrases.condition(text) for text in others if not _is_few(text)]
    if any(map(_is_few, others)):
        told.append("先前选出的几个" if is_zh else "the ones picked before")
    if after.order and after.order == before.order:
        told += [f"{name}{'' if is_zh else ' '}{way}" for name, way in phrases.order(_order_text(after))]
        if after.limit and after.limit == before.limit:
            told.append(f"前 {after.limit} 行" if is_zh else f"first {after.limit} rows")
    return told


def _comparisons(before: Slots, after: Slots, catalog: Catalog, language: Language) -> list[str]:
    """Comparisons that stayed, though a rate may have become a difference: 同比, year-on-year growth."""
    stems = {f.removesuffix("_diff") for m in before.measures for f in m.functions}
    kept = [f for m in after.measures for f in m.functions if f.removesuffix("_diff") in stems]
    words = [comparison_label(f, "", language).strip().removesuffix(" of") for f in kept]
    return list(dict.fromkeys(words))


def _values(chosen: Chosen, catalog: Catalog, language: Language) -> str:
    return Phrases({}, catalog, language).condition(condition(chosen))


def _order_text(slots: Slots) -> str:
    assert slots.order
    return slots.order.sql + (" DESC" if slots.order.descending else "")


def _is_few(text: str) -> bool:
    """Whether a condition chooses the first rows of an earlier question."""
    return "(SELECT " in text.upper()
