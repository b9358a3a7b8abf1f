"""Figures that Chinese makes of two columns of one row: 收盘价与开盘价之差, 管理费率加托管费率, 药品费占总费用的比例, and names that
the text or its hints define by such signs (净利润率=净利润/营业收入).

Each name in a figure must be a column of numbers that the text links; one that is not leaves the whole unread.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from t2sql.fields.index import Key
from t2sql.fields.linked import FieldFound
from t2sql.flow import Span

_BETWEEN = r"(?:和|与|跟|同|及)"
_LESS = re.compile(r"(?:减去?|减掉|扣除|扣掉|[-－−])")
_MORE = re.compile(r"(?:加上?|[+＋])")
_OVER = re.compile(r"(?:除以|[/÷／])")
_TIMES = re.compile(r"(?:乘以?|[*×])")
_APART = re.compile(r"(?:两者)?(?:之差|的?差额|的?差值|的?差距|相差)(?!多少[天日个])")
_TOGETHER = re.compile(r"(?:两者)?(?:之和|的和(?![^，,。；;的是]))|相加")
_RATIO = re.compile(r"(?:之比|的?比值|的?比例|的?比率|的?比重)")
_PART = re.compile(r"(?:所占|占)(?:其|当期|同期|全部|总)?")
_SHARE = re.compile(r"的?(?:比例|比重|比率|百分比|占比)")
_DEFINED = re.compile(
    r"(?P<name>[一-鿿]{2,12}?)\s*(?:[=＝:：]\s*|(?:等于|是指|指的是|定义为|即为?|按照?)\s*)(?P<meaning>(?:[^，,。；;？?\n=＝]|,(?=\d))*?(?:[-－−+＋/÷／*×]|减|加|除以|乘|之差|之和|之比|占)(?:[^，,。；;？?\n=＝]|,(?=\d))+)"
)
_SIGN = re.compile(
    r"\s*(?P<op>除以|乘以?|减去?|减掉|扣除|加上?|[-－−+＋/÷／*×()（）])\s*|\s*(?P<number>\d+(?:\.\d+)?%?)\s*"
)
_SIGNS = {"除": "/", "÷": "/", "／": "/", "乘": "*", "×": "*", "减": "-", "－": "-", "−": "-", "扣": "-", "加": "+", "＋": "+", "（": "(", "）": ")"}  # fmt: skip
_RESULT = re.compile(r"(?:的(?:差额?|结果|比例|比值|值|和)|之[差和比])$")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure made of several columns."""

    spans: tuple[Span, ...]
    """Where the text says it: by its signs, or by the name that it is given."""
    of_row: str
    """Of one row."""
    of_rows: str
    """Of many rows added up."""
    keys: tuple[Key, ...]
    is_ratio: bool
    name: str = ""
    """What the text or its hints call it; "" where only its signs are said."""


Columns = Callable[[str], dict[str, Key]]
"""The columns of numbers that a text names, each by its words."""


def figure_of(
    text: str, hints: str, numbers: Sequence[FieldFound], name_of: Callable[[Key], str], columns: Columns
) -> Figure | None:
    """The one figure that `text` makes of columns; None for none and where a name in it is no column."""
    return _defined(text, hints, name_of, columns) or _said(text, numbers, name_of)


def defines(text: str, hints: str) -> bool:
    """Whether a name of `text` is defined by signs, there or in its hints, read or not."""
    told = [(source, match) for source in (text, hints) for match in _DEFINED.finditer(source)]
    return any(_asked_name(m["name"], text, m.start("name") if source is text else -1) for source, m in told)


def with_definitions(text: str, hints: str) -> str:
    """`text` with what `hints` define by signs for its names said in it.

    >>> with_definitions("各科室的药占比", "药占比=药品费/总费用")
    '各科室的药占比，药占比=药品费/总费用'
    """
    found = [m for m in _DEFINED.finditer(hints) if (name := _asked_name(m["name"], text, -1)) and name]
    told = [f"{_asked_name(m['name'], text, -1)}={m['meaning'].strip()}" for m in found]
    return "，".join([text.rstrip("？?。"), *told]) if told else text


def _said(text: str, numbers: Sequence[FieldFound], name_of: Callable[[Key], str]) -> Figure | None:
    """收盘价减开盘价, 收盘价与开盘价之差, 药品费占总费用的比例."""
    for one in numbers:
        for other in numbers:
            between = text[one.span.end : other.span.start].strip()
            if other.span.start <= one.span.end or (one.dataset, one.field) == (other.dataset, other.field):
                continue
            sign, end = _sign(between, text[other.span.end :])
            if sign:
                span = Span(one.span.start, other.span.end + end)
                return _made((span,), sign, (one.dataset, one.field), (other.dataset, other.field), name_of)
    return None


def _sign(between: str, after: str) -> tuple[str, int]:
    """The sign between two columns, and how much of what follows belongs to it; ("", 0) for none."""
    for pattern, sign in ((_LESS, "-"), (_MORE, "+"), (_OVER, "/"), (_TIMES, "*")):
        if pattern.fullmatch(between):
            tail = re.match(r"(?:后)?的?(?:差额|差值|结果|余额|值)?", after)
            return sign, tail.end() if tail else 0
    if re.fullmatch(_BETWEEN, between):
        for pattern, sign in ((_APART, "-"), (_TOGETHER, "+"), (_RATIO, "/")):
            if match := pattern.match(after):
                return sign, match.end()
    if _PART.fullmatch(between) and (match := _SHARE.match(after)):
        return "/", match.end()
    return "", 0


def _made(spans: tuple[Span, ...], sign: str, one: Key, other: Key, name_of: Callable[[Key], str]) -> Figure:
    a, b = name_of(one), name_of(other)
    total = f"SUM({a} * {b})" if sign == "*" else f"SUM({a}) {sign} SUM({b})"
    return Figure(spans, f"{a} {sign} {b}", total, (one, other), sign == "/")


def _defined(text: str, hints: str, name_of: Callable[[Key], str], columns: Columns) -> Figure | None:
    """净利润率=净利润/营业收入, where the text names 净利润率."""
    found: list[Figure] = []
    for source in (text, hints):
        for match in _DEFINED.finditer(source):
            name = _asked_name(match["name"], text, match.start("name") if source is text else -1)
            tokens = _tokens(match["meaning"], name_of, columns) if name else None
            if name and tokens:
                at = [m.start() for m in re.finditer(re.escape(name), text)]
                spans = [Span(i, i + len(name)) for i in at]
                if source is text:
                    spans = [s for s in spans if not match.start() <= s.start < match.end()]
                    spans.append(Span(*match.span()))
                row, rows, keys = tokens
                found.append(Figure(tuple(spans), row, rows, keys, "/" in row, name))
    return found[0] if len(found) == 1 else None


def _asked_name(said: str, text: str, at: int) -> str:
    """The longest end of what stands before the sign that the text names elsewhere, or all of it right after a comma."""
    for start in range(len(said) - 1):
        name = said[start:]
        places = [m.start() for m in re.finditer(re.escape(name), text)]
        if any(at < 0 or not at <= place <= at + len(said) for place in places):
            return name
    return ""


def _tokens(meaning: str, name_of: Callable[[Key], str], columns: Columns) -> tuple[str, str, tuple[Key, ...]] | None:
    """A formula as SQL of one row and of many, with its columns; None where something in it is neither."""
    meaning = _RESULT.sub("", meaning.strip())
    named = columns(meaning)
    row, rows, keys, at = "", "", list[Key](), 0
    while at < len(meaning):
        match = _SIGN.match(meaning, at)
        if match is not None:
            raw = match["op"] or match["number"]
            if raw.endswith("%"):
                return None
            sign = _SIGNS.get(raw[0], raw[0]) if match["op"] else raw
            row, rows, at = f"{row} {sign} ", f"{rows} {sign} ", match.end()
            continue
        said = next((n for n in sorted(named, key=len, reverse=True) if meaning.startswith(n, at)), "")
        if not said:
            return None
        row, rows = row + name_of(named[said]), f"{rows}SUM({name_of(named[said])})"
        keys.append(named[said])
        at += len(said)
    row, rows = (re.sub(r"(?<=\() | (?=\))", "", re.sub(r"\s+", " ", sql)).strip() for sql in (row, rows))
    if len(set(keys)) < 2 or re.search(r"\) \* \(?SUM", rows):
        # A product of sums is no sum of products.
        return None
    return row, rows, tuple(keys)
