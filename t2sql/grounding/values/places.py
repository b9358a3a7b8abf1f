"""Cities and provinces by one letter: 沪分行, 京、沪两家分行, 北上广深四家分行, 江浙两省.

A letter counts only where the text says what it is a letter of: before a unit's kind, or beside others of its sort.
Knows the letters that all of China uses; which places the bank has, and may be seen, the caller looks up.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

# A list of things with one of these is a list of places, whose pinyin is their English name.
PLACES = frozenset(("city", "province", "country", "town"))
_LETTERS = {
    "京": ("北京",), "津": ("天津",), "沪": ("上海",), "渝": ("重庆",), "冀": ("河北",), "晋": ("山西",), "辽": ("辽宁",),
    "吉": ("吉林",), "黑": ("黑龙江",), "苏": ("江苏", "苏州"), "浙": ("浙江",), "皖": ("安徽",), "闽": ("福建",),
    "赣": ("江西",), "鲁": ("山东",), "豫": ("河南",), "鄂": ("湖北",), "湘": ("湖南",), "粤": ("广东",), "桂": ("广西",),
    "琼": ("海南",), "川": ("四川",), "蜀": ("四川",), "黔": ("贵州",), "滇": ("云南",), "陕": ("陕西",), "陇": ("甘肃",),
    "港": ("香港",), "澳": ("澳门",), "穗": ("广州",), "深": ("深圳",), "杭": ("杭州",), "甬": ("宁波",), "蓉": ("成都",),
    "汉": ("武汉",), "厦": ("厦门",), "鹭": ("厦门",), "宁": ("南京", "宁波", "宁夏"), "榕": ("福州",), "昆": ("昆明",),
    "济": ("济南",), "青": ("青岛", "青海"), "筑": ("贵阳",), "锡": ("无锡",), "哈": ("哈尔滨",), "沈": ("沈阳",),
    "蒙": ("内蒙古",), "郑": ("郑州",), "合": ("合肥",), "石": ("石家庄",), "长": ("长沙", "长春"), "西": ("西安",),
}  # fmt: skip
# These stand for a place only beside others: 北上广深, 江浙沪.
_JOINED = {"北": ("北京",), "上": ("上海",), "广": ("广州",), "江": ("江苏",), "成": ("成都",), "南": ("南京",)}
# Letters that begin or end plenty of other words: alone they count only where nothing else stands before them.
_COMMON = frozenset("深长西合石青宁济汉川吉黑郑昆筑哈")
_RUNS = ("北上广深", "北上广", "北上深", "江浙沪", "苏浙沪", "沪苏浙", "江浙", "苏浙", "京津冀", "京津", "川渝", "成渝", "京沪", "沪深", "京沪深", "京沪广深", "沪杭", "沪宁")  # fmt: skip
_ONE = "".join(_LETTERS)
# Two of these side by side are two places; 西宁 and 济宁 are one.
_PLAIN = "".join(letter for letter in _LETTERS if letter not in _COMMON)
# 广分 is the Guangzhou branch; 成分 is none.
_BEFORE_KIND = frozenset("广北南上")
_GAP = r"(?:[、,，/]|和|与|及|跟|以及)"
_MANY = r"(?:这|那)?(?:[两二三四五六七八九几多][家个大]?|各)"
_KIND = re.compile(rf"(?:{_MANY})?(?:家|个)?(?P<kind>分行|支行|省|市|分(?=[的和与及、，,。？?贷存不逾净营]|$))")
_PLACES_OF = re.compile(rf"(?:{_MANY})(?:地|城|地区|省市|省|市|家|行)")
_RUN = re.compile(
    rf"(?:{'|'.join(_RUNS)})|[广北南上](?=分(?!行))|[{_PLAIN}]+(?:{_GAP}[{_ONE}])*|[{_ONE}](?:{_GAP}[{_ONE}])*"
)
_BEFORE = re.compile(r"(?:^|[^㐀-鿿]|[的在看查问对比和与及跟按把将让由从是为除含]|请问|查询|比较|对比|统计|列出|显示)$")
_KINDS = {"分": "分行"}


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter that names a place; offsets into the folded text."""

    start: int
    end: int
    written: str
    """The name in full, as `known` knows it."""


def letters(text: str, known: Callable[[str], bool]) -> Iterator[Letter]:
    """Places by one letter in a folded text. `known` tells whether a full name (上海分行, 江苏省, 上海) is a value."""
    for run in _RUN.finditer(text):
        is_run = run[0] in _RUNS
        is_short = run[0] in _BEFORE_KIND
        kind = _KIND.match(text, run.end())
        named = _KINDS.get(kind["kind"], kind["kind"]) if kind else ""
        places = kind or (_PLACES_OF.match(text, run.end()) if len(run[0]) > 1 else None)
        if not places and not is_run:
            continue
        if not is_run and (run[0][0] in _COMMON or is_short) and not _BEFORE.search(text[: run.start()]):
            continue
        found: list[Letter | None] = []
        for place in range(run.start(), run.end()):
            names = _LETTERS.get(text[place], _JOINED.get(text[place], ()) if is_run or is_short else ())
            if names:
                full = [n for n in (name + named for name in names) if known(n)] or [n for n in names if known(n)]
                found.append(Letter(place, place + 1, full[0]) if len(full) == 1 else None)
        if places and (last := found[-1]):
            # 两省 says no more of them than the letters do.
            found[-1] = replace(last, end=places.end())
        if all(found):
            yield from (letter for letter in found if letter)
