"""Chinese names of columns as people shorten and vary them: 社会消费品零售总额(百万元) is also 社会消费品零售金额.

Works on texts alone. What it makes equal means the same in any table of figures; what only some banker would say so
belongs in a catalog's synonyms.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterator

from t2sql.grounding.words.text import is_cjk

# One word for several, longest first; each keeps what tells two columns apart.
_ONE_WORD = (
    ("工业生产总值", "工业总产值"), ("gdp", "国内生产总值"), ("总金额", "额"), ("总额度", "额"), ("金额", "额"),
    ("总额", "额"), ("数额", "额"), ("数量", "量"), ("总量", "量"), ("占比", "比率"), ("比例", "比率"), ("比重", "比率"),
    ("类型", "类别"), ("种类", "类别"), ("同比增减", "同比"), ("同比增长率", "同比"), ("同比增长", "同比"), ("同比增速", "同比"),
    ("同比减少", "同比"), ("同比下降", "同比"), ("同比变化", "同比"), ("增长率", "增速"), ("增幅", "增速"), ("股份", "股"),
    ("指标名称", "指标名"), ("指数值", "指数"), ("指标值", "指标"), ("及其", "和"), ("以及", "和"), ("与", "和"), ("及", "和"), ("日期", "日"),
)  # fmt: skip
_REPLACED = re.compile("|".join(re.escape(a) for a, _ in sorted(_ONE_WORD, key=lambda p: -len(p[0]))))
_BECOMES = dict(_ONE_WORD)
_BRACKETS = re.compile(r"[(（\[]([^()（）\[\]]*)[)）\]]")
_NUMBERING = re.compile(r"^(?:[(（]?[一二三四五六七八九十\d]{1,2}[)）、.．]\s*)+")
_UNIT = re.compile(
    r"(?:[十百千]?[万亿]?(?:元|美元|港元|股|吨|人|户|家|个|份|公里|平方米)|%|％|点|倍|天|年|月|日|元/[人股]|百万美元|百分点|单位[:：].*|[a-z%/]{1,4})",
    re.IGNORECASE,
)
# What a name ends with and people leave out.
GENERIC = frozenset(("金额", "数值", "指标值", "指标数值", "数量", "值", "额", "数额", "数据值", "指标", "指数"))
"""Names of columns that say nothing but that a figure stands there: their table says of what."""
_TAILS = re.compile(r"(?:期末余额|情况|数据|数值|名称|代码|编号|余额|总计|合计|额|值|数|表|率)$")
_HEADS = re.compile(r"^(?:所属|所在|主要|公司所属|当前|目前)(?:的)?")
_PROVINCES = ("省市", "省份", "各省")
_TABLE = re.compile(r"(?:情况|统计|信息|数据|明细|基本|概况|概览|规模|资料|档案|目录|字典|名录|清单|列表)*(?:表|库)?$")


def normal(text: str) -> tuple[str, list[tuple[int, int]]]:
    """`text` with one word for several, and which stretch of `text` each letter of it stands for.

    >>> normal("进口总金额")[0]
    '进口额'
    """
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    at = 0
    for match in _REPLACED.finditer(text):
        if (
            text[match.start()].isascii()
            and at
            and text[match.start() - 1].isascii()
            and text[match.start() - 1].isalpha()
        ):
            continue
        letters += text[at : match.start()]
        places += ((i, i + 1) for i in range(at, match.start()))
        said = _BECOMES[match[0]]
        letters += said
        places += [match.span()] * len(said)
        at = match.end()
    letters += text[at:]
    places += ((i, i + 1) for i in range(at, len(text)))
    return "".join(letters), places


def has_chinese(text: str) -> bool:
    """Whether any Chinese letter stands in it."""
    return any(map(is_cjk, text))


def names_of(comment: str) -> Iterator[tuple[str, float]]:
    """What a column with a Chinese name is called, with how surely: as it stands, its parts by / and brackets.

    >>> [name for name, sure in names_of("货币(狭义货币M1)") if sure >= 0.9]
    ['货币', '狭义货币M1']
    """
    text = _NUMBERING.sub("", comment.strip())
    inside = [m[1].strip() for m in _BRACKETS.finditer(text)]
    plain = _BRACKETS.sub("", text).strip(" :：,，;；。")
    plain = re.split(r"[:：,，;；。]", plain)[0].strip()
    parts = [part for part in (p.strip() for p in plain.split("/")) if part] or [plain]
    yield from ((part, 1.0) for part in parts)
    if len(parts) > 1:
        yield "".join(parts), 1.0
    if parts[0] in _PROVINCES:
        yield from ((name, 1.0) for name in _PROVINCES if name != parts[0])
    for piece in inside:
        if len(piece) > 1 and not _UNIT.fullmatch(piece) and not piece.startswith(("如", "例", "折", "净", "注")):
            yield piece, 0.9
    for part in parts:
        if part.startswith("数据") and len(part) >= 5:
            yield part[2:], 0.9
        if part.startswith("是否") and len(part) >= 4:
            yield part[2:], 0.9
        inner = _HEADS.sub("", part)
        if len(inner) >= 2 and inner != part:
            yield inner, 0.85
        short = _TAILS.sub("", part)
        if len(short) >= 2 and short != part:
            yield short, 0.8


def dataset_names(comment: str) -> Iterator[tuple[str, float]]:
    """What a table with a Chinese name is called: as it stands, and without 表, 中国 and the like."""
    text = _BRACKETS.sub("", comment.strip()).strip()
    if not text:
        return
    yield text, 1.0
    short = re.sub(r"^(?:中国|全国|我国)", "", text)
    bare = _TABLE.sub("", short)
    for name, sure in ((short, 0.95), (bare, 0.9)):
        if len(name) >= 2 and name != text:
            yield name, sure


def bare_name(comment: str) -> str:
    """A column's name without numbering, units and notes."""
    return next((name for name, _sure in names_of(comment)), comment)
