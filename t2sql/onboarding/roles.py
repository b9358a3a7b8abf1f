"""What a column is for, above all whether it may be summed: by name, comment, type and profile.

A wrong sum is a silent error and a missing metric is asked for, so what names speak against is never additive.
"""

from __future__ import annotations

import re

from t2sql.onboarding import role_words as said
from t2sql.onboarding.comments import read_comment
from t2sql.onboarding.introspect import FoundColumn
from t2sql.onboarding.name_parts import column_parts, singular, words_of
from t2sql.onboarding.survey import Guess, Profile, Reason

_LONG_TEXT = 80
# The values of a list come again: no more different ones than this share of all.
_REPEATED = 0.7
_FEW = 12


def role_of(
    column: FoundColumn,
    profile: Profile | None,
    *,
    table: str,
    is_key: bool,
    is_link: bool,
    is_dated_text: bool,
    has_time: bool,
    is_lookup: bool,
) -> Guess:
    """What `column` is for; see survey.ROLES. `table`: its name and comment; `has_time`: it has a time column."""
    if is_key:
        return _guess("key", 0.9, "它是本表的键", "it is a key of its table")
    if is_link:
        return _guess("link", 0.9, "它指向另一张表", "it leads to another table")
    if column.kind == "other":
        return _guess("other", 1.0, "这种类型不能分组或比较", "values of this type cannot be grouped or compared")
    if column.kind in ("date", "timestamp", "time") or is_dated_text:
        return _guess("time", 0.95, "它是日期或时间", "it is a date or time")
    if column.kind == "boolean":
        return _guess("flag", 1.0, "类型是布尔", "its type is boolean")
    if profile and frozenset(value for value, _ in profile.values) in said.FLAGS:
        return _guess("flag", 0.9, "只有是与否两种值", "it holds only yes and no")
    if column.kind == "text":
        return _of_text(column, profile)
    return _of_number(column, profile, table=table, has_time=has_time, is_lookup=is_lookup)


def _of_text(column: FoundColumn, profile: Profile | None) -> Guess:
    words = {singular(word) for word in words_of(column.name)}
    told = column.name + column.comment
    if words & said.TEXTS or said.TEXTS_CHINESE.search(told):
        return _guess("text", 0.8, "名称像自由文本", "it is named like free text")
    ending = column_parts(column.name).ending
    if profile and profile.values and ending != "id":
        if profile.distinct <= max(_REPEATED * (profile.sampled - profile.nulls), 1):
            in_english = f"the sample holds only {profile.distinct} different values"
            return _guess("enum", 0.85, f"样本中只有 {profile.distinct} 种值", in_english)
        if words & said.LISTS or said.LISTS_CHINESE.search(told):
            return _guess("enum", 0.7, "名称说它是类别或状态", "its name says a kind or a state")
    if profile and profile.longest > _LONG_TEXT:
        return _guess("text", 0.8, "值很长", "its values are long")
    if ending in ("id", "code") or words & said.CODES:
        return _guess("code", 0.8, "名称像编号或代码", "it is named like an id or code")
    return _guess("name", 0.6, "短文本，值很多", "short texts of many different values")


def _of_number(column: FoundColumn, profile: Profile | None, *, table: str, has_time: bool, is_lookup: bool) -> Guess:
    told = f"{column.name} {column.comment}"
    is_chinese = not told.isascii()
    words = [singular(word) for word in words_of(column.name)]
    while len(words) > 1 and (words[-1].isdigit() or words[-1] in said.UNIT_WORDS):
        words = words[:-1]
    if column.kind == "integer" and read_comment(column.comment).codes:
        return _guess("enum", 0.9, "注释逐一说明了代码含义", "its comment says what each code means")
    if column.kind == "integer" and said.CODES_CHINESE.search(told):
        return _guess("code", 0.85, "名称或注释说它是代码、年份或排名", "its name or comment says a code, year or rank")
    if is_chinese and said.RATES_CHINESE.search(told):
        because = "名称或注释说它是比率、指数、价格或平均", "its name or comment says a ratio, index, price or average"
        return _guess("rate", 0.9, *because)
    if found := _counted(column, words, profile) or _plain(column, set(words), is_lookup=is_lookup):
        return found
    if set(words) & said.STOCKS and words[-1] not in said.RATES:
        return _stock(has_time=has_time)
    if found := _many(column, table=table, has_time=has_time):
        return found
    if is_chinese and (found := _of_chinese(column, told, table=table, has_time=has_time)):
        return found
    # The last word says what a thing is, the ones before it of what.
    for word in (*words[-1:], *words[:-1]):
        if found := _of_word(word, words[-1], column, table=table, has_time=has_time):
            return found
    if {singular(word) for word in words_of(column.comment)} & set(
        "percentage percent ratio average scale range score".split()
    ):
        return _guess("rate", 0.75, "注释说它是比率或评分", "its comment says a ratio or score")
    if has_time and said.STOCK_TABLES.search(table) and column.kind != "integer":
        return _guess("stock", 0.75, "表记录某一时点的余额", "its table holds balances at a moment")
    if column.kind != "integer":
        return _guess("additive", 0.6, "带小数的数，没有别的线索", "a number with decimals, and nothing says otherwise")
    if profile and profile.sampled >= 20 and profile.values and profile.distinct <= _FEW:
        return _guess("code", 0.5, "整数，只有很少几种值", "an integer of few different values")
    return _guess("additive", 0.5, "整数，没有别的线索", "an integer, and nothing says otherwise")


def _counted(column: FoundColumn, words: list[str], profile: Profile | None) -> Guess | None:
    """What a number named like a count of things (citation_num, num_rooms) or like an id is; None for other names."""
    counts = _guess("additive", 0.85, "它是数量", "it counts things")
    if len(words) > 1 and (
        words[0] in ("num", "no", "number", "n", "cnt", "count", "nb") or words[-1] in ("count", "cnt", "qty")
    ):
        return counts
    if column.kind not in ("integer", "decimal"):
        return None
    ending = column_parts(column.name).ending
    if ending not in ("id", "code") or words[-1] in said.ADDITIVE:
        # A unit such as kWh ends as pinyin for a number does.
        return None
    if words[-1:] in (["num"], ["number"]):
        told = column.comment.lower()
        if re.search(r"\b(number|count|total|amount) of\b|数量|次数|个数|人数|笔数|户数", told):
            return counts
        if profile and 0 < profile.distinct < 0.5 * (profile.sampled - profile.nulls) and words[-1] == "num":
            return _guess(
                "additive", 0.55, "名称像数量，且值会重复", "it is named like a number of things; values repeat"
            )
    return _guess("code", 0.85, "名称像编号", "it is named like an id")


def _plain(column: FoundColumn, words: set[str], *, is_lookup: bool) -> Guess | None:
    """What names say wherever the word stands: coordinates, averages, prices, so much for each; None for others."""
    if words & {"latitude", "longitude", "lat", "lon", "lng"}:
        return _guess("code", 0.9, "它是坐标", "it is a coordinate")
    if words & said.ALWAYS_RATES or column.name.lower().endswith("share"):
        return _guess(
            "rate", 0.85, "名称说它是平均、份额、最大或最小", "its name says an average, a share or an extreme"
        )
    # In one word, too: retailprice, totalprice.
    if priced := [word for word in words if word.endswith("price")]:
        before = {word.removesuffix("price") for word in priced} | words
        if before & said.SOLD and not is_lookup and not before & {"unit", "list"}:
            return _guess("additive", 0.75, "每行一笔的成交价，可以相加", "the price paid for the row, which adds up")
        return _guess("rate", 0.85, "它是价格", "it is a price")
    if words & {"per", "each"}:
        return _guess("rate", 0.8, "名称说它是每单位的数", "its name says so much for each")
    return None


def _of_chinese(column: FoundColumn, told: str, *, table: str, has_time: bool) -> Guess | None:
    """What a Chinese name or comment says, which says more than a name in Latin letters; None for nothing."""
    if said.STOCKS_CHINESE.search(told):
        return _stock(has_time=has_time)
    if has_time and said.STOCK_TABLES.search(table) and column.kind != "integer":
        return _guess("stock", 0.75, "表记录某一时点的余额", "its table holds balances at a moment")
    if said.ADDITIVE_CHINESE.search(told):
        return _guess("additive", 0.85, "名称或注释说它是数量或金额", "its name or comment says a quantity or amount")
    return None


def _many(column: FoundColumn, *, table: str, has_time: bool) -> Guess | None:
    """What a plural says of a number whose singular would be a code: room 12, and 12 rooms; None without one."""
    plurals = {singular(word) for word in words_of(column.name) if word != singular(word)} & said.CODES
    if not plurals or not _is_whole(column):
        return None
    if plurals & said.LENGTHS:
        return _guess("rate", 0.7, "它是时间的长短", "it is a length of time")
    if has_time and said.STOCK_TABLES.search(table):
        return _guess("stock", 0.75, "表记录某一时点的余额", "its table holds balances at a moment")
    return _guess("additive", 0.75, "名称是复数，数的是件数", "its name says how many there are")


def _of_word(word: str, last: str, column: FoundColumn, *, table: str, has_time: bool) -> Guess | None:
    """What one word of a number's name, of which `last` is the last, says of it; None for nothing."""
    if word in said.STOCKS:
        return _stock(has_time=has_time)
    if word in said.RATES:
        return _guess("rate", 0.85, "名称说它是比率、价格、分数或程度", "its name says a ratio, price, score or degree")
    if word in said.ADDITIVE:
        if has_time and said.STOCK_TABLES.search(table):
            return _guess("stock", 0.75, "表记录某一时点的余额", "its table holds balances at a moment")
        return _guess("additive", 0.85, "名称说它是数量或金额", "its name says a quantity or amount")
    # In decimals, and before other words, `day7_...` only says of when.
    if word in said.CODES and _is_whole(column) and (word == last or word not in said.WHENS):
        return _guess("code", 0.85, "名称说它是年份、序号、等级或代码", "its name says a year, sequence, rank or code")
    return None


def _is_whole(column: FoundColumn) -> bool:
    return column.kind == "integer" or (
        column.kind == "decimal" and re.search(r",\s*0\s*\)|\(\d+\)", column.type) is not None
    )


def _stock(*, has_time: bool) -> Guess:
    if has_time:
        return _guess("stock", 0.85, "某一时点的数，旁边有日期", "an amount at a moment, beside a date")
    return _guess("additive", 0.7, "当前的数，可以在行间相加", "an amount as of now, which adds up over rows")


def _guess(what: str, score: float, zh: str, en: str) -> Guess:
    return Guess(what, score, Reason(f"{zh}。", f"{en[0].upper()}{en[1:]}."))
