"""Words around every page: title, switches, pages, and what is said when nothing can be drawn."""

from __future__ import annotations

from collections.abc import Mapping

FRAME: Mapping[str, tuple[str, str]] = {
    "title": ("{bank} · 指标问答", "{bank} · ask for a metric"),
    "tab": ("指标问答", "Ask for a metric"),
    "language": ("语言", "Language"),
    "principal": ("提问人", "Who asks"),
    "as": ("提问人：{name}", "As {name}"),
    "loaded": (
        "{metrics} 个指标 · {dimensions} 个维度 · 数据截至 {day}",
        "{metrics} metrics · {dimensions} dimensions · loaded to {day}",
    ),
    "nothing_loaded": (
        "{metrics} 个指标 · {dimensions} 个维度 · 尚未装载数据",
        "{metrics} metrics · {dimensions} dimensions · nothing is loaded yet",
    ),
    "opening": ("正在打开……", "Opening …"),
    "closed": ("页面还不能使用", "The page cannot be used yet"),
    "page_ask": ("提问", "Ask"),
    "retry": ("重试", "Try again"),
}
