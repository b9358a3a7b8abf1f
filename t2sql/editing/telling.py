"""A comparison of two results in words, in Chinese and English: sentences, and the changed figures as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from t2sql.catalog import Display, Language
from t2sql.editing.comparing import ChangedFigure, Comparison, Key
from t2sql.flow import Column
from t2sql.wording import POINTS, RATIO, format_number, format_period, format_value, join, label

MOST_NAMED = 6
_LEAST_SHOWN = 0.00005
Side = Literal["added", "removed"]


def tell_comparison(found: Comparison, language: Language) -> tuple[str, ...]:
    """What differs, a sentence each; one that says so where nothing does."""
    return tuple(text.to(language) for text in _sentences(found))


def changes_table(found: Comparison, language: Language) -> tuple[tuple[str, ...], ...]:
    """The listed changes as rows of text: keys, the figure's name, before, now, difference. The heads come first."""
    zh = language == "zh"
    heads = (
        *(label(column, language) for column in found.keys),
        *(("指标", "原结果", "现结果", "差异") if zh else ("Figure", "Before", "Now", "Difference")),
    )
    body = (
        (
            *(tell_key(value, column, language) for value, column in zip(change.key, found.keys, strict=True)),
            label(change.column, language),
            format_value(change.first, change.column, language),
            format_value(change.second, change.column, language),
            tell_difference(change, language),
        )
        for change in found.changed
    )
    return (heads, *body)


def tell_difference(change: ChangedFigure, language: Language) -> str:
    """The difference in words: +0.12 个百分点, CNY +1.20 M (+3.40%); a dash where there is none to tell."""
    difference = change.difference
    if difference is None:
        return "—"
    if change.column.unit in (RATIO, POINTS):
        if abs(difference) < _LEAST_SHOWN:
            return "不到 0.01 个百分点" if language == "zh" else "under 0.01 pp"
        return format_number(difference, POINTS, language, signed=True)
    is_integer = change.column.type == "integer"
    said = format_number(difference, change.column.unit, language, signed=True, is_integer=is_integer)
    if change.relative is None:
        return said
    share = format_number(change.relative, RATIO, language, signed=True)
    return f"{said}（{share}）" if language == "zh" else f"{said} ({share})"


def tell_key(value: Any, column: Column, language: Language) -> str:
    """One key's value in words: a period as people say it, else as any cell."""
    if column.kind == "period" and isinstance(value, str):
        return format_period(value, language)
    return format_value(value, column, language)


def _sentences(found: Comparison) -> list[Display]:
    if found.is_same:
        cut = "（两者都只比较了行数上限以内的部分）" if found.is_cut else ""
        cut_en = " (as far as the row limit lets them be seen)" if found.is_cut else ""
        rows, figures = _many(found.rows[1], "row"), _many(found.unchanged, "figure")
        return [
            Display(
                f"与原结果完全相同：{found.rows[1]:,} 行，{found.unchanged:,} 个数值都一致{cut}。",
                f"The same as before: {rows}, {figures}, all equal{cut_en}.",
            )
        ]
    told = [*_of_columns(found.columns_added, "added"), *_of_columns(found.columns_removed, "removed")]
    if not found.are_rows_matched:
        told.append(
            Display(
                f"分组不同，逐行不可比：原 {found.rows[0]:,} 行，现 {found.rows[1]:,} 行。",
                "Grouped differently, so rows cannot be compared one by one: "
                f"{_many(found.rows[0], 'row')} before, {found.rows[1]:,} now.",
            )
        )
    told += [*_of_rows(found, found.added, found.counts[0], "added")]
    told += [*_of_rows(found, found.removed, found.counts[1], "removed")]
    told += _of_figures(found)
    if found.is_reordered:
        told.append(Display("行的顺序变了。", "The rows stand in another order."))
    if found.is_cut:
        told.append(
            Display(
                "结果达到行数上限而被截断，增减的行可能只是被截掉。",
                "The row limit cut the result: rows told as added or removed may only be cut off.",
            )
        )
    return told


def _of_columns(columns: Sequence[Column], side: Side) -> list[Display]:
    if not columns:
        return []
    zh = join([label(column, "zh") for column in columns], "zh")
    en = join([label(column, "en") for column in columns], "en")
    word = "Column" if len(columns) == 1 else "Columns"
    if side == "added":
        return [Display(f"增加了列：{zh}。", f"{word} added: {en}.")]
    return [Display(f"去掉了列：{zh}。", f"{word} removed: {en}.")]


def _of_rows(found: Comparison, keys: Sequence[Key], count: int, side: Side) -> list[Display]:
    if not count:
        return []
    named_zh, named_en = _named(found, keys, count, "zh"), _named(found, keys, count, "en")
    if side == "added":
        return [Display(f"多出 {count:,} 行{named_zh}。", f"{_many(count, 'row')} more{named_en}.")]
    return [Display(f"少了 {count:,} 行{named_zh}。", f"{_many(count, 'row')} fewer{named_en}.")]


def _named(found: Comparison, keys: Sequence[Key], count: int, language: Language) -> str:
    """The first few rows by their keys; "" where rows have none."""
    zh = language == "zh"
    if not found.keys:
        return ""
    told = []
    for key in keys[:MOST_NAMED]:
        parts = [tell_key(v, c, language) for v, c in zip(key, found.keys, strict=True)]
        told.append(" · ".join(parts))
    tail = ("等" if zh else f" and {count - len(told):,} more") if count > len(told) else ""
    return f"：{'、'.join(told)}{tail}" if zh else f": {', '.join(told)}{tail}"


def _of_figures(found: Comparison) -> list[Display]:
    count = found.counts[2]
    if not count:
        if found.unchanged and found.are_rows_matched:
            return [
                Display(
                    f"两边都有的 {found.unchanged:,} 个数值没有变化。",
                    f"The {_many(found.unchanged, 'figure')} that both have "
                    f"{'is' if found.unchanged == 1 else 'are'} unchanged.",
                )
            ]
        return []
    whole = count + found.unchanged
    zh = f"{whole:,} 个数值中有 {count:,} 个变了" if found.unchanged else f"{count:,} 个数值都变了"
    en = f"{count:,} of {_many(whole, 'figure')} changed" if found.unchanged else f"{_many(count, 'figure')} changed"
    if found.counts[2] == 1:
        change = found.changed[0]
        zh += f"：{_change(found, change, 'zh')}"
        en += f": {_change(found, change, 'en')}"
    elif found.largest:
        zh += f"；变化最大的是{_change(found, found.largest, 'zh')}"
        en += f"; the largest change is {_change(found, found.largest, 'en')}"
    return [Display(f"{zh}。", f"{en}.")]


def _change(found: Comparison, change: ChangedFigure, language: Language) -> str:
    """One change in a phrase: 上海分行 不良贷款率 1.20% → 1.32%，+0.12 个百分点."""
    keys = [tell_key(v, c, language) for v, c in zip(change.key, found.keys, strict=True)]
    first, second = (format_value(v, change.column, language) for v in (change.first, change.second))
    comma = "，" if language == "zh" else ", "
    head = " ".join([*keys, label(change.column, language)])
    return f"{head} {first} → {second}{comma}{tell_difference(change, language)}"


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
