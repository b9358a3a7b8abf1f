"""Chinese for the compiler's errors that carry none of their own, by the form of their English.

Where no form fits, the Chinese says of which kind the error is, and the English stands beside it: nothing is guessed.
"""

from __future__ import annotations

import re

from t2sql.errors import CompilerDefect, QueryError

_MEANT = re.compile(r" Did you mean (?P<names>.+)\?$")
_FORMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(english), chinese)
    for english, chinese in (
        (r"Unknown metric or dimension (?P<a>'.+?') in '.+?'\.", "没有名为 {a} 的指标或维度。"),
        (r"Unknown dimension (?P<a>'.+?') in '.+?'\.", "没有名为 {a} 的维度。"),
        (r"Unknown model (?P<a>'.+?')\.", "没有名为 {a} 的数据模型。"),
        (r"Unknown (?:name|column) (?P<a>['\"].+?['\"])(?: in '.+?')?\.", "不认识 {a}。"),
        (r"Unknown field (?P<a>'.+?') of (?P<b>'.+?')\.", "{b} 没有字段 {a}。"),
        (r"(?P<a>'.+?') is not a function of semantic SQL\.", "语义 SQL 没有函数 {a}。"),
        (r"(?P<a>.+) is not part of semantic SQL\.", "语义 SQL 不支持这种写法：{a}。"),
        (r"Not valid SQL: .+", "这里不是有效的 SQL。"),
        (r"There is no SQL\.", "还没有写 SQL。"),
        (r"Only one statement can run at a time\.", "一次只能运行一条语句。"),
        (r"Only SELECT can be asked, not (?P<a>.+)\.", "只能查询（SELECT），不能执行 {a}。"),
        (r"FROM must name the model\.", "FROM 后面须写数据模型的名称。"),
        (r"(?P<a>'.+?') is a dimension, not a number\.", "{a} 是维度，不是数值。"),
        (r"(?P<a>.+) is not a metric or a dimension\.", "{a} 不是指标或维度。"),
        (r"(?P<a>.+) is a value, not a name\.", "{a} 是取值，不是名称。"),
        (r"(?P<a>\w+) needs a metric\.", "{a} 需要一个指标。"),
        (r"(?P<a>\w+) of (?P<b>\w+) has no agreed meaning.*", "{b} 的 {a} 没有公认的含义。"),
        (r"(?P<a>.+) alone is not a condition\.", "{a} 不是完整的条件。"),
        (r"(?P<a>.+) compares a number with text\.", "{a} 拿数值与文本比较。"),
        (r"(?P<a>.+) is never true: nothing equals NULL\.", "{a} 永远不成立：没有什么等于 NULL。"),
        (r"Cannot order by (?P<a>'.+?'), which is not selected\.", "不能按未选出的 {a} 排序。"),
        (r"GROUP BY leaves out (?P<a>.+), which is selected\.", "GROUP BY 漏掉了已选出的 {a}。"),
        (r"A share needs something to be a share of\.", "占比须说明是占什么的比例。"),
        (
            r"GROUP BY may only repeat the dimensions and grain of the SELECT\.",
            "GROUP BY 只能重复 SELECT 中的维度和时间粒度。",
        ),
        (r"A column is selected twice\.", "同一列选了两次。"),
        (r"Nothing is selected\.", "没有选出任何列。"),
        (r"LIMIT must be a whole number from 1\.", "LIMIT 须为 1 以上的整数。"),
        (
            r"Nothing is loaded for (?P<a>.+); the last load is (?P<b>[^,]+)(?:, .+)?\.",
            "{a} 尚未装载数据；最近的数据日期为 {b}。",
        ),
        (r"A (?P<a>\w+) cannot limit results by (?P<b>\w+)\.", "不能用 {a} 限定按 {b} 的结果。"),
    )
)
_HINT_FORMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(english), chinese)
    for english, chinese in (
        (r"Name the metric alone, or use one of (?P<a>.+)\.", "请直接写指标名，或使用 {a}。"),
        (r"Leave GROUP BY out; grouping follows the SELECT\.", "请去掉 GROUP BY：按 SELECT 中的维度分组。"),
        (
            r"Add a dimension to SELECT, or write share\(metric, dimension\)\.",
            "请在 SELECT 中加一个维度，或写成 share(指标, 维度)。",
        ),
        (r"Write the number without quotes, as (?P<a>[\d.]+)\.", "数值不加引号，例如 {a}。"),
        (r"Remove everything after the first ';'\.", "请删去第一个分号之后的内容。"),
        (r"Add (?P<a>\S+) to SELECT\.", "请在 SELECT 中加上 {a}。"),
        (r"Add it to SELECT\.", "请把它加到 SELECT 中。"),
        (r"Leave (?P<a>\S+) out\.", "请去掉 {a}。"),
        (r"Keep one of (?P<a>.+)\.", "请只留一个：{a}。"),
        (r"Compare a name with a value\.", "请拿名称与取值比较。"),
        (r"Name a metric here\.", "这里请写指标。"),
        (r"Name a metric or a dimension\.", "请写指标或维度。"),
        (r"Write (?P<a>[A-Z(][^a-z]*(?:\w+)?)\.", "请写成 {a}。"),
        (r"Write (?P<a>FROM \w+)\.", "请写成 {a}。"),
    )
)
_HINTS = {
    "unknown_name": "请使用目录中的名称；取值要加单引号。",
    "refused_syntax": "请按 SELECT 名称 FROM 数据模型 WHERE 条件 ORDER BY 名称 LIMIT n 的形式书写。",
}
_KINDS = {
    "unknown_name": "有不认识的名称：",
    "refused_syntax": "不支持这种写法：",
    "not_computable": "这个数无法正确算出：",
}


def chinese_of(error: QueryError | CompilerDefect) -> tuple[str, str]:
    """Message and hint in Chinese for an error without them."""
    meant = _MEANT.search(error.message)
    message = error.message[: meant.start()] if meant else error.message
    said = next((told.format(**m.groupdict()) for form, told in _FORMS if (m := form.fullmatch(message))), "")
    if not said:
        return _KINDS.get(error.code, "无法编译：") + error.message, error.hint
    if meant:
        said += f"是否应为 {meant['names'].replace(' or ', ' 或 ')}？"
    hint = next((told.format(**m.groupdict()) for form, told in _HINT_FORMS if (m := form.fullmatch(error.hint))), "")
    return said, hint or _HINTS.get(error.code, error.hint)
