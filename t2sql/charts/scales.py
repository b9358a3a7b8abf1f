"""Axes, units and tooltips: figures in units that people read, with as many digits as neighbouring ticks need.

The data stay in the stored unit. What is drawn is a copy made larger or smaller by a constant expression. Columns are
named by their places and words by `worded`: Vega-Lite writes both into expressions of its own, not always escaped.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from t2sql.catalog import Language
from t2sql.charts.look import Spec
from t2sql.flow import Column
from t2sql.wording import CURRENCY, POINTS, RATIO, is_signed, label, visible

FIGURE, NAMED, PART, WHOLE, SHARE = "t2sql_figure", "t2sql_name", "t2sql_part", "t2sql_whole", "t2sql_share"
BESIDE = "t2sql_beside"
"""Fields that pictures add to their own copy of the data."""
TICKS = 6
MOST_DIGITS = 6
FACTORS = (1e9, 1e8, 1e6, 1e4, 1e3, 1.0, 0.01)
EXPRESSIONS = {
    factor: f"isValid(datum.{FIGURE}) ? datum.{FIGURE} {f'/ {factor:.0f}' if factor >= 1 else '* 100'} : null"
    for factor in FACTORS
}
"""What a figure is divided by -> the constant expression that does it."""
BESIDE_EXPRESSION = f"isValid(datum.{FIGURE}) ? max(datum.{FIGURE}, 0) : null"
"""Where a bar's figure is written: at its end, or at zero where it goes the other way, clear of the names."""
SHARE_EXPRESSION = f"datum.{WHOLE} > 0 ? datum.{PART} / datum.{WHOLE} : null"
_ZH, _EN = ((1e8, "亿"), (1e4, "万")), ((1e9, "bn"), (1e6, "M"), (1e3, "K"))
_LEAST_COUNT = 1e6
"""From here on numbers that are no money are told in 万 or M."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How the figures of one axis are told."""

    factor: float
    """What the stored figures are divided by."""
    unit: str
    """Told beside the axis: 亿元, CNY bn, 百分点; "" where the ticks say it."""
    tick: str
    """Format of ticks, in d3's words; enough digits that two ticks differ."""
    mark: str
    """Format of a single figure beside its mark."""


def scale_for(columns: Sequence[Column], figures: Sequence[Any], language: Language, *, from_zero: bool) -> Scale:
    """The scale of `figures` (stored, none missing), which all columns share. `from_zero`: the axis begins there."""
    column, values = columns[0], [float(figure) for figure in figures]
    low, high = min(values, default=0.0), max(values, default=0.0)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    sign = "+" if is_signed(column) else ""
    if column.unit == RATIO:
        digits = _digits(low * 100, high * 100)
        return Scale(1.0, "", f"{sign}.{digits}%", f"{sign}.{max(2, digits)}%")
    if column.unit == POINTS:
        digits = _digits(low * 100, high * 100)
        unit = "百分点" if language == "zh" else "pp"
        return Scale(0.01, unit, f"{sign},.{digits}f", f"{sign},.{max(2, digits)}f")
    factor, unit = _unit(column, max(abs(low), abs(high)), language)
    digits = _digits(low / factor, high / factor)
    is_whole = factor == 1 and all(value == int(value) for value in values)
    return Scale(
        factor, unit, f"{sign},.{0 if is_whole and digits < 1 else digits}f",
        f"{sign},.{0 if is_whole else max(2, digits)}f",
    )  # fmt: skip


def is_flat(figures: Sequence[Any]) -> bool:
    """Whether all figures are one, so that an axis around them would have no length."""
    return len({float(figure) for figure in figures}) < 2


def copied(place: int, scale: Scale) -> list[Spec]:
    """Transforms that put a column under FIGURE, in the scale's unit."""
    return [
        {"fold": [key(place)], "as": [NAMED, FIGURE]},
        {"calculate": EXPRESSIONS[scale.factor], "as": FIGURE},
    ]


def shared_out(place: int, group: int) -> list[Spec]:
    """Transforms that put each member's part of the whole under SHARE; one row a member."""
    return [
        {"joinaggregate": [{"op": "max", "field": key(place), "as": PART}], "groupby": [key(group)]},
        {"joinaggregate": [{"op": "sum", "field": key(place), "as": WHOLE}]},
        {"calculate": SHARE_EXPRESSION, "as": SHARE},
    ]


def key(place: int) -> str:
    """The field that a column has in a picture's data."""
    return f"c{place}"


def worded(text: str) -> str:
    """Text for Vega-Lite to write into its own expressions: nothing there ends a string or starts an escape."""
    return text.replace("\\", "＼").replace('"', "”").replace("'", "’")


def name_of(column: Column, language: Language) -> str:
    """What a column is called in a picture."""
    return worded(label(column, language))


def titled(name: str, unit: str, language: Language) -> str:
    """A name with its unit: 贷款余额（亿元）, loan balance (CNY bn); either alone where the other is ""."""
    if not name or not unit:
        return name or unit
    return f"{name}（{unit}）" if language == "zh" else f"{name} ({unit})"


def tooltip(columns: Sequence[Column], keys: Sequence[int], place: int, scale: Scale, language: Language) -> list[Spec]:
    """What hovering says: the keys, and the figure with every digit that counts. `keys` and `place`: of `columns`."""
    metric, name = columns[place], name_of(columns[place], language)
    told = [field(columns, i, "nominal", language) for i in keys]
    if metric.unit == POINTS:
        title = titled(name, scale.unit, language)
        return [*told, {"field": FIGURE, "type": "quantitative", "title": title, "format": "+,.2f"}]
    if metric.unit == RATIO:
        form, title = f"{'+' if is_signed(metric) else ''}.2%", name
    else:
        form, title = ",.2~f", titled(name, _plain_unit(metric, language), language)
    return [*told, {"field": key(place), "type": "quantitative", "title": title, "format": form}]


def field(columns: Sequence[Column], place: int, kind: str, language: Language) -> Spec:
    """A key's channel, headed by its name."""
    return {"field": key(place), "type": kind, "title": name_of(columns[place], language)}


def _unit(column: Column, largest: float, language: Language) -> tuple[float, str]:
    money, per = _is_money(column), column.unit.partition("/")[2]
    for factor, word in _ZH if language == "zh" else _EN:
        if largest >= max(factor, 0.0 if money else _LEAST_COUNT):
            return factor, _named(column, word, per, language)
    return 1.0, _plain_unit(column, language)


def _plain_unit(column: Column, language: Language) -> str:
    return _named(column, "", column.unit.partition("/")[2], language)


def _named(column: Column, word: str, per: str, language: Language) -> str:
    after = f"/{worded(visible(per))}" if per else ""
    if _is_money(column):
        return (f"{word}元" if language == "zh" else f"{CURRENCY} {word}".strip()) + after
    unit = "" if column.unit in ("", "count") else worded(visible(column.unit))
    return f"{word}{unit}" if language == "zh" else f"{word} {unit}".strip()


def _is_money(column: Column) -> bool:
    return column.unit == CURRENCY or column.unit.startswith(CURRENCY + "/")


def _digits(low: float, high: float) -> int:
    """Decimals that tell TICKS ticks between two figures apart; two where there is nothing between them."""
    if not math.isfinite(high - low) or high <= low:
        return 2
    raw = (high - low) / TICKS
    power = 10.0 ** math.floor(math.log10(raw))
    # Where d3 puts ticks: at 1, 2, 5 or 10 times a power of ten.
    times = next((t for t, least in ((10, 50), (5, 10), (2, 2)) if raw / power >= math.sqrt(least)), 1)
    step = times * power
    return min(MOST_DIGITS, max(0, -math.floor(math.log10(step) + 1e-9)))
