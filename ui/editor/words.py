"""The editor's own words, in Chinese and English: constants."""

from __future__ import annotations

from collections.abc import Mapping

EDITOR: Mapping[str, tuple[str, str]] = {
    "name": ("语义 SQL", "Semantic SQL"),
    "run": ("运行", "Run"),
    "keys": (
        "Ctrl+Enter 运行 · Alt+↓ 提示 · F8 到错误处 · Tab 离开",
        "Ctrl+Enter runs · Alt+↓ suggests · F8 goes to the mistake · Tab leaves",
    ),
    "options": ("可用的名称和取值", "Names and values to choose from"),
    "count": ("{count} 个提示，用上下键选择，按回车填入", "{count} suggestions; arrow keys choose, Enter writes"),
    "where": ("第 {line} 行第 {column} 列", "Line {line}, column {column}"),
    "metric": ("指标", "metric"),
    "dimension": ("维度", "dimension"),
    "grain": ("时间", "time"),
    "function": ("函数", "function"),
    "keyword": ("", ""),
    "model": ("数据", "source"),
    "value": ("取值", "value"),
    "period": ("期间", "period"),
}
"""Key -> the words in Chinese and English; {names} are filled in."""

KINDS = ("metric", "dimension", "grain", "function", "keyword", "model", "value", "period")
