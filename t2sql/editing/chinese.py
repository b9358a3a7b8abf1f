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
        (r"Separate periods cannot be one number\.", "不相连的几个期间不能合成一个数。"),
        (r"Separate periods of rows need to be told apart\.", "几个不相连期间的明细须能区分开。"),
        (r"The time conditions exclude each other, so no period is left\.", "时间条件互相矛盾，没有剩下任何期间。"),
        (r"Dimensions alone have no period: .+", "只有维度时没有期间：列出的是目前的取值。"),
        (r"One period back is not clear for this range\.", "对这段时间，“上一期”不明确。"),
        (r"HAVING takes conditions on metrics\.", "HAVING 只用于指标的条件。"),
        (r"(?P<a>\w+) takes one metric(?: and dimensions)?\.", "{a} 只接受一个指标（share 还可写维度）。"),
        (r"(?P<a>\w+)\(\) needs a date dimension, not (?P<b>'.+?')\.", "{a}() 需要日期维度，{b} 不是。"),
        (r"(?P<a>'.+?') is taken, so it cannot name a WITH\.", "{a} 已被占用，不能作为 WITH 的名称。"),
        (r"Two parts of WITH are named (?P<a>'.+?')\.", "WITH 中有两部分都叫 {a}。"),
        (r"WITH may stand only at the top\.", "WITH 只能写在最前面。"),
        (
            r"(?P<a>'.+?') already means something else, so it cannot name a column\.",
            "{a} 已有别的含义，不能作为列名。",
        ),
        (r"(?P<a>'.+?') is joined without a condition, .+", "连接 {a} 时没有条件，每一行都会与其他各行相配。"),
        (r"A subquery that stands for a value must have one column\.", "作为取值的子查询只能有一列。"),
        (r"A subquery that stands for a value must have one row, .+", "作为取值的子查询只能有一行，而这里分了组。"),
        (r"The subquery of IN must have one column\.", "IN 的子查询只能有一列。"),
        (r"A rank needs groups to rank\.", "排名需要有分组可排。"),
        (r"A condition on a metric needs groups to choose among\.", "对指标的条件须有分组可选。"),
        (r"(?P<a>['\"].+['\"]) compares (?P<b>\w+) with (?P<c>\w+)\.", "{a} 拿 {b} 与 {c} 比较，单位不同。"),
        (r"(?P<a>['\"].+['\"]) compares a number with a (?:text|dimension)\.", "{a} 拿数值与文本或维度比较。"),
        (r"(?P<a>['\"].+['\"]) mixes (?P<b>\w+) and (?P<c>\w+)\.", "{a} 混用了 {b} 和 {c}。"),
        (r"(?P<a>'.+?') and (?P<b>'.+?') are periods of different length\.", "{a} 与 {b} 是长短不同的期间。"),
        (r"(?P<a>'.+?') is a date; .+ does not compare it with days\.", "{a} 是日期，这里没有拿它与日期比较。"),
        (r"(?P<a>['\"].+['\"]) does not compare with days\.", "{a} 没有与日期比较。"),
        (r"Conditions cannot use (?P<a>'.+')\.", "条件中不能用 {a}。"),
        (r"(?P<a>['\"].+['\"]) calculates with a dimension\.", "{a} 用维度参与了计算。"),
        (r"(?P<a>['\"].+['\"]) says nothing about the figures\.", "{a} 对结果没有任何限定。"),
        (r"Calculations in SELECT are not supported yet: (?P<a>.+)\.", "SELECT 中尚不支持这种计算：{a}。"),
        (r"ORDER BY (?P<a>\d+): there is no such column\.", "ORDER BY {a}：没有这一列。"),
        (r"OFFSET needs an ORDER BY, .+", "OFFSET 需要 ORDER BY，否则略去的行是任意的。"),
        (r"Cannot order by (?P<a>['\"].+['\"]), which DISTINCT leaves out\.", "不能按 DISTINCT 略去的 {a} 排序。"),
        (r"A (?P<a>\w+) does not lie inside one (?P<b>\w+)\.", "一个 {a} 不一定落在同一个 {b} 内。"),
        (r"(?P<a>\w+) needs (?:one metric|a column)\.", "{a} 需要一列。"),
        (
            r"A condition on (?P<a>'.+?') together with a metric needs '.+?' in SELECT\.",
            "把 {a} 与指标放在同一条件中，须在 SELECT 中选出它。",
        ),
        (r"Set operations of different kinds stand side by side\.", "不同的集合运算并列，先后不明确。"),
        (r"A list in (?:parentheses|braces) is not part of semantic SQL\.", "语义 SQL 不支持括号中的列表。"),
        (r"(?P<a>'.+?') is not a window function of semantic SQL\.", "语义 SQL 没有窗口函数 {a}。"),
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
        (
            r"Compare the metric itself, its ytd or its share; rank anything\.",
            "请比较指标本身、其年初至今（ytd）或占比（share）；排名（rank）不限。",
        ),
        (
            r"Add (?P<a>\w+) to SELECT(?: to see each)?, or ask for one range\.",
            "请在 SELECT 中加上 {a} 以分别列出，或只问一段时间。",
        ),
        (r"Move conditions on dimensions to WHERE\.", "请把维度的条件移到 WHERE。"),
        (r"Write share\(metric, dimension\)\.", "请写成 share(指标, 维度)。"),
        (r"The metrics' own time is written (?P<a>\w+), without brackets\.", "指标自身的时间直接写 {a}，不加括号。"),
        (r"Compare figures of one unit\.", "请比较单位相同的数。"),
        (r"Give values of one (?:kind|unit)\.", "请给出同一类、同一单位的值。"),
        (r"Choose another name after (?P<a>WITH|AS)(?:, or none)?\.", "请在 {a} 后面换一个名称。"),
        (
            r"Write (?P<a>\w+) >= '(?P<b>[\d-]+)', or month\(\w+\) = '(?P<c>[\d-]+)'\.",
            "请写成 {a} >= '{b}'，或 month({a}) = '{c}'。",
        ),
        (r"Select (?P<a>\w+), or give the period as a (?P<b>\w+)\.", "请在 SELECT 中选出 {a}，或按 {b} 给出期间。"),
        (r"Ask for one period or one range\.", "请只问一个期间或一段时间。"),
        (r"Ask for both at one grain\.", "两者请用同一时间粒度。"),
        (r"Add a metric, or leave the period out\.", "请加一个指标，或去掉期间。"),
        (r"Add a dimension to SELECT\.", "请在 SELECT 中加一个维度。"),
        (r"(?:Select one column in it|Select the one that is compared)\.", "请只选出拿来比较的那一列。"),
        (r"Compare numbers with numbers and names with names\.", "数值请与数值比较，名称请与名称比较。"),
        (r"Split it into conditions joined by AND.*", "请拆成用 AND 相连的几个条件。"),
        (r"Compare the dimension with a value\.", "请拿维度与取值比较。"),
        (r"Compare metrics with numbers\.", "指标请与数值比较。"),
        (r"Order by a column's name\.", "请按列名排序。"),
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
