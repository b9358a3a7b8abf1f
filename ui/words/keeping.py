"""Words of the pages that keep: past questions and boards."""

from __future__ import annotations

from collections.abc import Mapping

KEEPING: Mapping[str, tuple[str, str]] = {
    "history_search": ("搜索问过的问题", "Search your questions"),
    "history_pinned": ("只看置顶", "Only pinned ones"),
    "history_none": ("还没有问过问题。", "Nothing has been asked yet."),
    "history_not_found": ("没有符合的问题。", "No question matches."),
    "history_more": ("更早的问题", "Earlier questions"),
    "again_asked": ("按当时的日期重查", "Run again, as asked"),
    "again_today": ("按今天重新理解", "Ask again, as of today"),
    "ended_answer": ("已回答", "Answered"),
    "ended_clarification": ("反问", "Asked back"),
    "ended_definition": ("口径说明", "Definition"),
    "ended_refusal": ("未回答", "Not answered"),
    "ended_error": ("未完成", "Not finished"),
    "by_sql": ("由人选定的语义 SQL：{sql}", "by semantic SQL that was chosen: {sql}"),
    "followed": ("承接：{text}", "after: {text}"),
    "boards_none": ("还没有看板", "There is no board yet"),
    "boards_none_help": (
        "在回答下方点“链接与收藏”，把它放到看板。",
        "Under an answer choose “Link and keep” and put it on a board.",
    ),
    "board_add": ("新建", "Add"),
    "board_change": ("设置", "Settings"),
    "board_rename": ("改名", "Rename"),
    "board_sure": ("确定要删除这个看板", "Yes, remove this board"),
    "board_remove": ("删除看板", "Remove the board"),
    "board_empty": ("看板是空的。", "The board is empty."),
    "board_refresh": ("全部刷新", "Refresh all"),
    "board_at": ("刷新于 {at}", "Refreshed at {at}"),
    "board_busy": ("正在刷新：{done}/{all}", "Refreshing: {done} of {all}"),
    "item_gone": ("记录里已没有这个问题。", "The record does not know this question any more."),
    "item_mode": ("切换：当时的日期 / 按今天理解", "Switch: as asked / as of today"),
    "item_left": ("前移", "Move forward"),
    "item_right": ("后移", "Move back"),
    "item_off": ("移出看板", "Take off the board"),
}
