"""Whether a reading of a Chinese question holds what its words ask for: a mean, an order, a share, each number.

Words that a name or a value explains ask for nothing. What is lost makes a reading unsure; nothing is mended here.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Sequence

import sqlglot

from t2sql.fields.chinese_lost import lost
from t2sql.fields.chinese_wanted import wanted
from t2sql.fields.index import FieldIndex
from t2sql.fields.linked import Linked
from t2sql.flow import Span

_LOST = 0.35
_ASKED: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (re.compile(r"平均|均值|人均"), re.compile(r"\bAVG\(|/ COUNT")),
    (re.compile(r"求和|总和|之和|合计|总计|加总|总共|一共"), re.compile(r"\b(?:SUM|COUNT)\(")),
    (re.compile(r"最[高大低小多少长短早晚新快慢好差强弱]|前[一二两三四五六七八九十\d]{1,3}[名位家个只大]|排[名行]|排序|[高大多]到[低小少]|[低小少]到[高大多]|升序|降序|倒序|首位|居首"), re.compile(r"\bORDER BY\b|\bMAX\(|\bMIN\(|\bQUALIFY\b|\brank\(")),
    (re.compile(r"占(?!用|有|领|款)|比例|比重|百分比|比值|之比|倍(?!数)|除以"), re.compile(r" / |\bshare\(")),
    (re.compile(r"多少[只家个名次笔条支种位款项人期份张户起辆台座艘所宗例批]|(?<!哪)几[只家个名次笔条支种位款项人期辆台座艘所宗例批](?!月|年)|数量|个数|家数|次数|只数|笔数|人数(?!据)"), re.compile(r"\b(?:COUNT|SUM)\(|IS NULL")),
    (re.compile(r"差额|差值|相差|之差|差距|增长了|增加了|减少了|下降了|上升了|涨了|跌了|涨幅|跌幅|变化了|较上|比上"), re.compile(r" - ")),
    (re.compile(r"同比|环比"), re.compile(r"(?!)")),
    (re.compile(r"为准|分开[数算列统]|分别统计"), re.compile(r"PARTITION BY|GROUP BY")),
    (re.compile(r"连续|累积|逐[年月]累计|中位数|方差|标准差|众数|分位"), re.compile(r"(?!)")),
    (re.compile(r"(?:总额|总量|总数)(?=\s{2}|超过|大于|达到|高于|低于|小于|不足)"), re.compile(r"\bHAVING\b")),
    (re.compile(r"哪[一]?[个家只位名].{0,12}更|更[高大多低小少]的?是"), re.compile(r"\bORDER BY\b")),
    (re.compile(r"几[天日]|多少[天日]"), re.compile(r"\bCOUNT\(")),
    (re.compile(r"现任|在任|在职|在岗|仍未|尚未|至今未"), re.compile(r"\bNULL\b|NOT IN")),
    (re.compile(r"高于平均|低于平均|超过平均"), re.compile(r"\bQUALIFY\b")),
)  # fmt: skip
_EACH = re.compile(r"每(?!股|份|人|百|十|千|手|张|单位)(?:[个家只名位支种类年月季])?|各(?!项|自|种存|方)|不同")
_ALSO_WHICH = re.compile(r"(?:几|多少)[家个只名位支种款人].{0,8}?(?:分别)?(?:[是为有])(?:哪[些几]|谁)")
_FIGURE = re.compile(r"\b(?:AVG|SUM|COUNT|MAX|MIN)\(")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def kept(linked: Linked, semantic_sql: str, index: FieldIndex) -> float:
    """How much of a reading's sureness is left, 0 to 1: less for each thing that the text asks for and the SQL has not."""
    text = linked.text.lower()
    open_ = without_names(linked, text)
    left = 1.0
    for asked, made in _ASKED:
        if asked.search(open_) and not made.search(semantic_sql):
            left *= _LOST
    if (
        _EACH.search(open_)
        and _FIGURE.search(semantic_sql)
        and not re.search(r"GROUP BY|COUNT\(DISTINCT|OVER", semantic_sql)
    ):
        left *= _LOST
    if "COUNT(" in semantic_sql and "GROUP BY" not in semantic_sql and _ALSO_WHICH.search(open_):
        left *= _LOST
    explained = [s.span for s in linked.stretches] + [b.span for b in linked.bounds]
    explained += [v.span for v in linked.values] + [c.span for c in linked.conditions]
    explained += [order.span for order in (linked.order, linked.latest) if order is not None]
    for number in _NUMBER.finditer(open_):
        if not any(s.start <= number.start() < s.end or s.start < number.end() <= s.end for s in explained):
            left *= _LOST
            break
    tree = sqlglot.parse_one(semantic_sql, read="duckdb")
    if next(lost(linked, semantic_sql, index, open_), "") or next(wanted(linked, tree, index, open_), ""):
        left *= _LOST
    return left


def without_names(linked: Linked, text: str) -> str:
    """The text with what names and values explain blanked."""
    letters = list(text)
    named: Sequence[Span] = [
        *(f.span for f in linked.fields if f.score >= 0.6),
        *(v.span for v in linked.values),
        *(b.span for b in linked.bounds),
        *(d.span for d in linked.named if d.span is not None),
    ]
    for span in named:
        letters[span.start : span.end] = " " * (span.end - span.start)
    return "".join(letters)
