"""What a question says, with its slots left open: the key by which a checked question is found.

Names count by what they name, whatever they were called; periods, values and numbers count as open slots; only words
that ask politely or hold a sentence together are left out. Every other word stays, in its order, so that a word which
nobody foresaw makes another question and never the same one.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from t2sql.flow import Context, NameMention, Period, Quantity, Span, ValueMention
from t2sql.grounding.words.lexicon import loosen
from t2sql.grounding.words.text import Folded, fold, is_cjk

SURE_NAME = 0.95
"""A name that is only alike is a word, not a name."""
SURE_VALUE = 0.9
"""An exact value, an alias, or a unit without its kind; never a misprint."""
_POLITE = frozenset(
    """a an the of in on at for as with having which what who is are was were be been being am do does did has have
    had can could would will shall please kindly show give get tell list find display provide present return report me
    us you your we our ours i my it its it's their there that and by want wanted like know see need each's bank's hold
    holds held let let's""".split()
)
_ZH_POLITE = re.compile(
    r"麻烦|帮我|帮忙|请问|请|想知道|想了解|我想|我要|想看|看一看|看一下|看看|看|查一下|查询|查看|查|列出|列示|列一下|展示|显示|给出|给我|告诉我|统计一下|统计|计算一下|计算|算一下|一下"
    r"|分别|各是|各有|是多少|有多少(?![家户个笔张位名天月年])|为多少|多少(?![家户个笔张位名天月年])|是什么|是哪些|有哪些|哪些|哪几家|哪几个|哪一家|哪家|哪个|哪儿|截至|截止到?|以及|并且|而且|我们|我行|本行"
    r"|[的了呢吗吧啊呀有是为在于和与及并且但而里之其该]|中(?![位间部国长期小介])"
)
_MUCH = re.compile(r"\bhow much (?=is|are|was|were|did|do|does|of)|\bas of\b")
_EACH = re.compile(
    r"(?:各个?|每一?[个家]?|各家|逐[个家]?|按照?|分|\b(?:in |for |of |within |by )?(?:each|every)(?: of)?(?: the)?|\b(?:per|by)(?: the)?)\s*$"
)
_MOST = {
    True: r"最[高多大]|highest|largest|biggest|most|greatest|top",
    False: r"最[低少小]|lowest|smallest|least|fewest",
}
_RISE = re.compile(r"升|增|涨|扩|多|\b(?:r[io]se|rising|risen|gr[eo]w|increas|up\b|gain|higher|more)")
_FALL = re.compile(r"降|减|跌|缩|少|\b(?:f[ae]ll|drop|declin|decreas|down\b|reduc|lower|less)")
_WORD = re.compile(r"[a-z0-9][a-z0-9'.]*|\S")
_VALUES = frozenset(("value", "not value"))
_MARKS = frozenset("，,。.？?！!；;：:、\"'“”‘’()（）[]【】《》-—–·…")


@dataclass(frozen=True, slots=True)
class Said:
    """One question with its slots open."""

    key: tuple[tuple[str, ...], tuple[str, ...]]
    """What may stand anywhere, sorted; and everything else, in the order of the text."""
    periods: tuple[Period, ...]
    values: tuple[tuple[ValueMention, ...], ...]
    """For each stretch of the text its readings, one for a dimension."""
    limits: tuple[Quantity, ...]
    thresholds: tuple[Quantity, ...]
    """All in the order of the text."""
    placed: tuple[str, ...]
    """The second part of the key with every value in its place: for questions that name two values of one dimension."""


@dataclass(frozen=True, slots=True)
class _Token:
    span: Span
    text: str
    can_float: bool
    """Whether its place in the sentence tells nothing; of a period or a grain only while it is alone."""


def said_in(context: Context) -> Said:
    """What the context's question says. Knows no catalog and no semantic SQL."""
    folded = fold(context.question.text)
    letters = loosen(folded.text)
    values = _values_by_span(context)
    slots = tuple(some for some in values if _is_slot(some))
    tokens = [*_names(context), *_quantities(context), *_periods(context)]
    tokens += [_value_token(some) for some in values]
    free = [not any(t.span.start <= start < t.span.end for t in tokens) for start in folded.starts]
    left = "".join(letter if is_free else "\n" for letter, is_free in zip(letters, free, strict=True))
    for index, token in enumerate(tokens):
        if token.text.startswith("dimension ") and (cue := _cue_before(left, folded, token.span)):
            tokens[index] = _Token(token.span, f"each {token.text}", True)
            left = left[: cue[0]] + " " * (cue[1] - cue[0]) + left[cue[1] :]
    for quantity in context.quantities:
        if quantity.kind in ("limit", "order"):
            left = _without_most(left, folded, quantity)
    words = [_Token(folded.span(start, start + 1), word, False) for start, word in _words(left)]
    everything = sorted((*tokens, *words), key=lambda t: (t.span.start, t.span.end))
    many = {text for text, number in Counter(t.text for t in tokens).items() if number > 1} - _VALUES
    fixed = [t.text for t in everything if not t.can_float or t.text in many]
    floating = sorted(t.text for t in tokens if t.can_float and t.text not in many)
    return Said(
        (tuple(floating), tuple(fixed)),
        tuple(sorted((p for p in context.periods if not p.dimension), key=lambda p: p.span.start)),
        slots,
        tuple(q for q in _in_order(context, "limit") if q.unit in ("", "count")),
        tuple(q for q in _in_order(context, "threshold") if _is_number(q)),
        tuple(t.text for t in everything if not t.can_float or t.text in many or t.text in _VALUES),
    )


def _names(context: Context) -> Iterator[_Token]:
    """Names by what they name; two metrics that one stretch may mean stand together."""
    spans: dict[tuple[int, int], set[str]] = {}
    for metric in context.metrics:
        if metric.span and metric.score >= SURE_NAME:
            spans.setdefault((metric.span.start, metric.span.end), set()).add(metric.name)
    for (start, end), names in spans.items():
        yield _Token(Span(start, end), f"metric {'|'.join(sorted(names))}", False)
    plain: tuple[NameMention, ...] = (*context.dimensions, *context.grains)
    for mention in plain:
        if mention.span:
            yield _Token(mention.span, f"{mention.kind} {mention.name}", mention.kind == "grain")
    for mention in context.comparisons:
        if mention.span:
            # 同比上升 and 同比下降 are one function, and not one question.
            text = fold(context.question.text[mention.span.start : mention.span.end]).text
            way = " up" * bool(_RISE.search(text)) + " down" * bool(_FALL.search(text))
            yield _Token(mention.span, f"comparison {mention.name}{way}", False)


def _quantities(context: Context) -> Iterator[_Token]:
    for quantity in context.quantities:
        if quantity.kind == "threshold":
            number = "" if _is_number(quantity) else f" {quantity.value}"
            text = f"threshold {quantity.operator} {quantity.unit}{number}"
        else:
            text = f"{quantity.kind} {'down' if quantity.descending else 'up'}"
            if quantity.unit not in ("", "count"):
                # The first tenth is no first ten.
                text += f" {quantity.unit} {quantity.value}"
        yield _Token(quantity.span, text, False)


def _periods(context: Context) -> Iterator[_Token]:
    for period in context.periods:
        date = f" of {period.dimension} {period.side} {period.first} {period.last}" if period.dimension else ""
        yield _Token(period.span, f"period{date}", not date)


def _value_token(mentions: tuple[ValueMention, ...]) -> _Token:
    first = mentions[0]
    denied = "not " if first.is_negated else ""
    if _is_slot(mentions):
        return _Token(first.span, f"{denied}value", True)
    names = sorted(f"{m.dimension}:{m.value}" for m in mentions)
    return _Token(first.span, f"{denied}{'|'.join(names)}", True)


def _values_by_span(context: Context) -> list[tuple[ValueMention, ...]]:
    spans: dict[tuple[int, int], list[ValueMention]] = {}
    for value in sorted(context.values, key=lambda v: v.span.start):
        if value.score >= SURE_VALUE:
            spans.setdefault((value.span.start, value.span.end), []).append(value)
    return [tuple(some) for some in spans.values()]


def _is_slot(mentions: tuple[ValueMention, ...]) -> bool:
    """Whether each dimension that the words may be of has one value for them (中长期 is two, and stands as it is)."""
    dimensions = [m.dimension for m in mentions]
    return len(dimensions) == len(set(dimensions))


def _is_number(quantity: Quantity) -> bool:
    """Whether a threshold is an amount that another may take the place of; 为负 and 高于全行 are words."""
    return quantity.unit != "whole" and bool(quantity.value)


def _in_order(context: Context, kind: str) -> tuple[Quantity, ...]:
    return tuple(sorted((q for q in context.quantities if q.kind == kind), key=lambda q: q.span.start))


def _cue_before(left: str, folded: Folded, span: Span) -> tuple[int, int] | None:
    """Offsets of 各, 按, "each", "by" right before a dimension's name."""
    at = next((i for i, start in enumerate(folded.starts) if start >= span.start), len(folded.starts))
    found = _EACH.search(left[:at])
    return (found.start(), found.end()) if found else None


def _without_most(left: str, folded: Folded, quantity: Quantity) -> str:
    """最高的前两家, "largest top 5": a superlative beside a limit says what the limit says already."""
    start = next((i for i, at in enumerate(folded.starts) if at >= quantity.span.start), len(left))
    end = next((i for i, at in enumerate(folded.starts) if at >= quantity.span.end), len(left))
    most = _MOST[quantity.descending]
    before = re.search(rf"(?:{most})(?:的|\s)*$", left[:start])
    after = re.match(rf"\s*(?:{most})", left[end:])
    if before:
        left = left[: before.start()] + " " * (start - before.start()) + left[start:]
    return left[:end] + " " * after.end() + left[end + after.end() :] if after else left


def _blanked(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: " " * len(match[0]), text)


def _words(left: str) -> Iterator[tuple[int, str]]:
    """(offset, word): each English word, each Chinese character, each figure or sign that is no punctuation."""
    left = _blanked(_ZH_POLITE, _blanked(_MUCH, left))
    for match in _WORD.finditer(left):
        word = match[0].rstrip(".'")
        if word and word not in _MARKS and word not in _POLITE:
            is_plural = len(word) > 3 and word.endswith("s") and not is_cjk(word[0])
            yield match.start(), word[:-1] if is_plural else word
