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
    "drift": ("数据库与口径不再完全相符", "The database no longer fits all of the definitions"),
    "drift_help": (
        "请运行 `t2sql check --source` 查看全部，改正定义或恢复数据后重新启动。",
        "Run `t2sql check --source` to see all of it; correct the definitions or load the data again, and restart.",
    ),
    "opening": ("正在打开……", "Opening …"),
    "closed": ("页面还不能使用", "The page cannot be used yet"),
    "page_ask": ("提问", "Ask"),
    "page_history": ("历史", "History"),
    "page_boards": ("看板", "Boards"),
    "key_send": ("提问", "Ask"),
    "key_focus": ("到输入框", "Go to the question box"),
    "key_leave": ("离开输入框", "Leave the question box"),
    "key_next": ("下一个回答", "Next answer"),
    "key_previous": ("上一个回答", "Previous answer"),
    "key_proof": ("展开或收起依据", "Open or close the proof"),
    "key_edit": ("修改语义 SQL", "Edit the semantic SQL"),
    "key_stop": ("停止", "Stop"),
    "key_fresh": ("新问题", "New question"),
    "retry": ("重试", "Try again"),
}
