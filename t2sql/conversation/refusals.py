"""What a follow-up is refused with. Errors only; which text meets which stands in the edits."""

from __future__ import annotations

from t2sql.errors import NotComputable, QueryError


def cannot_continue() -> QueryError:
    """Also where a name of the question before may no longer be seen: it does not say which, nor that there is one."""
    return NotComputable(
        "The question before cannot be changed in this way.",
        "Ask in full: metric, period, and what to group by.",
        zh=("无法在上一问的基础上这样修改。", "请完整地提问：指标、时间、按什么分组。"),
    )


def nothing_to_join() -> QueryError:
    """A value is to stand beside another, and none was chosen before."""
    return NotComputable(
        "The question before does not say what this is to be joined to or compared with.",
        "Ask in full, naming both.",
        zh=("上一问没有可与之合并或比较的对象。", "请完整地提问，写明两者。"),
    )
