"""Content words of a question that nothing explains."""

from __future__ import annotations

import re
from collections.abc import Sequence

from t2sql.fields.hits import Words
from t2sql.fields.words import stem
from t2sql.flow import Span
from t2sql.grounding.words.stop_words import ENGLISH, placed_content
from t2sql.grounding.words.text import is_cjk

# Said of data and of asking, whatever is asked.
ALSO_PLAIN = frozenset(
    """
    distinct unique named called database dataset record entry located associated corresponding alphabetically
    include includes whose than inclusive both rounded decimal place given return sort starting based belong
    calculate determine identify exist available
    cm kg km mm mg meter meters metre metres kilometer kilometers kilometre kilometres square mile miles gram grams
    kilogram kilograms dollar dollars cent cents unit units decimals letter letters
    """.split()
)
# What a figure is told in: density in people per square kilometer.
_PER_UNIT = re.compile(
    r"\bin [a-z]+ per (?:square |cubic )?(?:kilomet|met|mil|hectare|acre|hour|litre|liter|gallon)[a-z]*\b"
)
# Who sells, where the table calls them reps.
_SALES_PEOPLE = re.compile(r"\bsales (?=(?:reps?|agents?|staff|teams?|representatives?)\b)")
_ASKING = re.compile(
    r"(?:siri|hello|搜索|缴纳|让我|那你|你能|我能|找找|给他|包含|hi|嗨|嘿|喂|哥|姐)|[王李张刘陈杨赵黄周吴小老夏][a-z㐀-鿿]?(?:老师|工|总|处长|经理|主任|局长|呀|利)|[小老][王李张刘陈杨赵黄周吴](?![一-鿿])|(?:我|咱)?(?:朋友|领导|同事)|数据库|记录|全国各?|我国|中国|历年|这些年|这么些年|"
    r"审计|视察|期间了|字段|详情|详细信息|范围|相关|统计值|快速|简单|一份|属于|归属|名单"
)


def left_words(words: Words, spans: Sequence[Span]) -> tuple[str, ...]:
    """Words of content that stand in none of `spans`."""
    folded = words.folded
    plain = (_PER_UNIT, _SALES_PEOPLE)
    units = [folded.span(*match.span()) for pattern in plain for match in pattern.finditer(folded.text)]
    covered = [any(s.start <= at < s.end for s in (*spans, *units)) for at in folded.starts]
    found: list[str] = []
    for match in re.finditer(r"[㐀-鿿]+|[a-z][a-z'’]*", folded.text):
        open_ = "".join("0" if covered[i] else "1" for i in range(*match.span()))
        for run in re.finditer("1+", open_):
            piece = folded.text[match.start() + run.start() : match.start() + run.end()]
            if is_cjk(piece[0]):
                found += [said for part in _ASKING.split(piece) if part for _, said in placed_content(part)]
            elif piece == match[0] and not ({piece, stem(piece)} & (ENGLISH | ALSO_PLAIN)) and len(piece) > 1:
                found.append(piece)
    return tuple(dict.fromkeys(found))
