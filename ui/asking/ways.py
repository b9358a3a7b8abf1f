"""Ways of asking, each with a question that this principal can ask: what the guide shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from t2sql.catalog import Catalog, Language
from ui.asking.examples import Names

Kind = Literal["time", "group", "condition", "comparison", "share", "rank", "meaning", "topics"]
FOLLOW_UPS: tuple[tuple[str, str], ...] = (
    ("换成同比", "as year-on-year change"),
    ("最高的3个", "only the top 3"),
    ("那上一年呢", "what about the year before"),
    ("按月看", "by month"),
)
"""Short questions that follow one by a dimension, in Chinese and English."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way of asking."""

    kind: Kind
    text: str


def ways_of_asking(catalog: Catalog, last: date | None, language: Language) -> tuple[Way, ...]:
    """Up to one or two questions of every kind, out of the names that this principal may see."""
    if last is None or not catalog.metrics:
        return ()
    return tuple(Way(kind, text) for kind, text in _ways(Names(catalog, last, language)) if text)


def _ways(names: Names) -> Iterator[tuple[Kind, str]]:
    zh, month = names.is_zh, names.month
    if names.stock:
        stock = names.called(names.stock)
        yield "time", f"近12个月每月的{stock}" if zh else f"{_capital(stock)} by month over the last 12 months"
    if names.flow:
        flow = names.called(names.flow)
        yield "time", f"{names.year}年的{flow}是多少？" if zh else f"What were the {flow} in {names.year}?"
    yield "group", names.by_level()
    if names.ratio and names.level:
        ratio, level = names.called(names.ratio), names.called(names.level)
        yield (
            "condition",
            f"{month}{ratio}超过1%的{level}有哪些？" if zh else f"Which {level} had {_an(ratio)} above 1% in {month}?",
        )
    yield "comparison", names.growth()
    if names.stock:
        stock = names.called(names.stock)
        yield (
            "comparison",
            f"{month}{stock}比年初增加了多少？" if zh else f"Change of {stock} since the start of the year",
        )
    yield "share", names.shares()
    yield "rank", names.highest()
    yield "meaning", names.meaning()
    yield "topics", "我能问什么？" if zh else "What can I ask?"


def _an(text: str) -> str:
    """With its article, as it is spoken: an NPL ratio."""
    return f"an {text}" if text[:1].lower() in "aeiou" or text.startswith("NPL") else f"a {text}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
