"""How a workbook of answers speaks: its headers in either language, and the number format of each unit.

Words only: what stands in a column is for `answer_files.py`. A file with Chinese headers can be asked again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from t2sql.catalog import Language
from t2sql.takeaway import cells

ZH = {
    "id": "编号", "question": "问题", "principal": "用户", "language": "语言", "conversation": "会话", "hints": "提示",
    "outcome": "结果类型", "failed": "失败", "route": "路径", "confidence": "置信度", "explanation": "理解为",
    "value": "数值", "row_count": "行数", "truncated": "被截断", "columns": "列", "headings": "表头", "rows": "数据行",
    "semantic_sql": "语义 SQL", "physical_sql": "物理 SQL", "dialect": "方言", "provenance": "口径来源",
    "notes": "注意", "readings": "可选的理解", "error_code": "错误代码", "error_message": "错误信息",
    "error_hint": "建议", "duplicate_of": "同答案的编号", "timings_ms": "用时（毫秒）", "tokens": "词元",
    "sheet": "工作表", "answers": "答案",
}  # fmt: skip
"""Key of a field -> its header."""
_KEYS = {header: key for key, header in ZH.items()}


def word(key: str, language: Language) -> str:
    """The header of a field in `language`; a key that has no Chinese stays."""
    return ZH.get(key, key) if language == "zh" else key


def named_in(header: str) -> str:
    """The field that a header means; the header itself for a key."""
    return _KEYS.get(header.strip(), header.strip())


def number_format(column: Mapping[str, Any]) -> str:
    """How a spreadsheet shows the numbers of a result's column."""
    return cells.number_format(
        str(column["unit"]), is_whole=column["type"] == "integer", is_metric=bool(column["metric"])
    )


def unit_word(column: Mapping[str, Any], language: Language) -> str:
    """What a header says of the unit, where the number alone does not: "（元）", " (pp)"."""
    return cells.unit_word(str(column["unit"]), language)
