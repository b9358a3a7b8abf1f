"""Words of a Chinese question that its reading holds nothing of: a "no", a number in letters, a comparison, 都, 已经.

One reading at a time, beside the text with what names explain blanked. Mends nothing.
"""

# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import exp

from t2sql.catalog import Field
from t2sql.fields.index import FieldIndex
from t2sql.fields.linked import Linked
from t2sql.fields.roles import is_number
from t2sql.flow import Span

JOIN = r"(?:和|与|及|以及|、|或|或者)"
"""What joins two of which both are meant."""
_NO = re.compile(
    r"(?<![有能])没(?!有多少)|尚未|从未|未曾|从不|未(?=[一-鿿])(?!来|知|必)|(?<![是能行])无(?=[一-鿿])(?!论|关|需|法)"
)
_NO_MADE = re.compile(r"\bNOT\b|<>|IS NULL|= 0\b|'[否无没未不非]|<= 0\b|FALSE|\w < [a-z_\"]", re.IGNORECASE)
_NUMERAL = re.compile(
    r"(?<![第哪每某这那同任另])[一两二三四五六七八九十百千]+(?:年|个月|个?季度|天|倍|成|岁|个?百分点|小时)(?!期|级|度|报)|一半|半年|过半"
)
_DONE = re.compile(r"已经?(?!知|上)(?=[一-鿿])")
_CLASS = re.compile(r"(?<![a-z\d])[a-z][+-]?(?:级|类|档|等)")
_COMPARES = re.compile(
    r"早于|晚于|先于|以上|以下|以内|不足|超过|高于|低于|大于|小于|多于|少于|不到|至少|至多|不超过|不低于|介于|之间"
)
_BOTH_SIDES = re.compile(r"之和|的和(?=$|[，。？?是为最大高超])|相加|加起来|合计|总[和计]")
_RUNNING = re.compile(r"累计|总共|总计")
_LETTER = re.compile(r"(?:为|是|等于|=|属于)\s*[a-z]{1,4}[+-]?(?=[级类档的，,。；;？?]|$)")
_WHICH = re.compile(
    r"(?:哪一?[个家只位种些]|谁)[^，,。；;]{0,14}?(?<!最)[多高大少低小长短早晚贵快慢](?:一?些|一点)?(?=$|[？?。，,])"
)
_MOVES = re.compile(r"增长|增加|减少|下降|上升|上涨|下跌|提高|降低|回落|回升|收窄|翻番|翻倍")
_MOVE_MADE = re.compile(r" - |[<>] 0\b|\bLAG\(|\blag\(|\bQUALIFY\b")
_ALWAYS = re.compile(r"连续|始终|一直|[都均](?=大于|超过|高于|低于|小于|不低于|不高于|不超过|[为是][正负]|在\d)")
_OF_FIGURE = re.compile(r"平均|均值|合计|总和|之和|累计|总计")


class Said:
    """What single words of one question ask of one reading."""

    def __init__(self, linked: Linked, sql: str, tree: exp.Expr, index: FieldIndex, open_: str) -> None:
        self.linked, self.sql, self.tree, self.index, self.open_ = linked, sql, tree, index, open_
        self.text = linked.text.lower()
        self.columns = {(c.table or self.linked.dataset, c.name) for c in tree.find_all(exp.Column)}
        self.shown = tree.expressions if isinstance(tree, exp.Select) else []

    def words(self) -> Iterator[str]:
        """Single words: a "no", a number in letters, a comparison, a total."""
        read: list[Span] = [
            *(s.span for s in self.linked.stretches),
            *(c.span for c in self.linked.conditions),
            *(o.span for o in (self.linked.order, self.linked.latest) if o is not None),
        ]
        patterns = (
            (_NO, _NO_MADE),
            (_NUMERAL, None),
            (_WHICH, re.compile(r"\bORDER BY\b|\bQUALIFY\b")),
            (_MOVES, _MOVE_MADE),
            (_CLASS, None),
            (_LETTER, None),
            (_DONE, re.compile(r"NOT NULL|= ")),
            (_COMPARES, re.compile(r"\bHAVING\b|\bQUALIFY\b|BETWEEN|[<>]")),
        )
        for pattern, made in patterns:
            match = pattern.search(self.open_)
            is_read = match is not None and any(s.start < match.end() and match.start() < s.end for s in read)
            if match is not None and (made is None or not made.search(self.sql)) and not is_read:
                yield match[0]
        figures = [c for c in self.tree.find_all(exp.Column) if (item := self._field(c)) is None or is_number(item)]
        if re.search(r"多少|(?<!哪)几(?![年月天])", self.open_) and not figures and self.tree.find(exp.AggFunc) is None:
            yield "多少"
        order = self.linked.order
        alone = self.shown[0].sql("duckdb").split(".")[-1].strip('"') if len(self.shown) == 1 else ""
        if order is not None and order.limit and order.field is not None and alone == order.field[1]:
            things = [d.span for d in self.linked.named if d.span is not None and d.span.start >= order.span.end]
            if any(not self.text[s.end :].startswith("的") for s in things):
                yield self.text[order.span.start : order.span.end]
        for stretch in self.linked.stretches:
            if not any(c.span == stretch.span for c in self.linked.conditions):
                yield self.text[stretch.span.start : stretch.span.end]
        match = _RUNNING.search(self.open_)
        if match is not None and not re.search(r"\b(?:SUM|COUNT)\(", self.sql):
            yield match[0]
        yield from self._of_all()
        yield from self._bounded_figures()
        match = _BOTH_SIDES.search(self.open_)
        before = [f for f in self.linked.fields if match and f.span.end <= match.start()][-2:]
        are_two = len(before) == 2 and re.fullmatch(JOIN, self.text[before[0].span.end : before[1].span.start])
        if match is not None and are_two and " + " not in self.sql and self.sql.count("SUM(") < 2:
            yield match[0]

    def _of_all(self) -> Iterator[str]:
        """连续, 都为正: said of every row of a thing; 单位净值与累计净值都大于2 is of two columns."""
        match = _ALWAYS.search(self.text)
        inside = [f.span for f in self.linked.fields if f.score >= 0.6] + [v.span for v in self.linked.values]
        if match is None or any(s.start <= match.start() < s.end for s in inside) or " HAVING " in self.sql:
            return
        signs = [*self.tree.find_all(exp.GT, exp.GTE, exp.LT, exp.LTE)]
        compared = {c.name for sign in signs for c in sign.this.find_all(exp.Column)}
        if match[0] not in "都均" or len(compared) < 2:
            yield match[0]

    def _bounded_figures(self) -> Iterator[str]:
        """平均总费用超过1万元的科室: a bound of the mean, and of no row."""
        for bound in self.linked.bounds if " HAVING " not in self.sql else ():
            fields = [f for f in self.linked.fields if (f.dataset, f.field) == bound.field]
            before = [f for f in fields if f.span.end <= bound.span.start]
            if not before:
                continue
            ahead = self.text[max(0, before[-1].span.start - 4) : before[-1].span.start]
            between = self.text[before[-1].span.end : bound.span.start]
            is_of_figure = _OF_FIGURE.search(ahead + between) is not None and "，" not in between
            if is_of_figure and "的" in self.text[bound.span.end : bound.span.end + 3]:
                yield self.text[bound.span.start : bound.span.end]

    def _field(self, column: exp.Column) -> Field | None:
        """The catalog's field; None for a name that the SQL made."""
        dataset = self.index.catalog.datasets.get(column.table or self.linked.dataset)
        return dataset.fields.get(column.name) if dataset is not None else None
