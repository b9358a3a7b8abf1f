"""A name of a table or column taken apart: words, what they stand for, and whether it names a key.

Made of the name alone; it must never look at a value.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

IDS = frozenset("id ids key keys no nbr nr num number sk pk fk uuid guid uid rid oid ref idx gid".split())
CODES = frozenset("code codes cd symbol abbr abbreviation iso".split())
TITLES = frozenset("name names title label nm".split())
# Endings as written without a boundary: paperid, custkey, airportcode; the longest first.
_GLUED = ("number", "code", "name", "uuid", "guid", "key", "num", "nbr", "id", "cd", "nm")
# Chinese endings, the longest first, and the class that they say.
_CHINESE = (
    ("标识符", "id"), ("唯一标识", "id"), ("编号", "id"),
    ("序号", "id"), ("标识", "id"), ("主键", "id"), ("外键", "id"),
    ("号码", "id"), ("流水号", "id"), ("账号", "id"), ("卡号", "id"), ("工号", "id"), ("学号", "id"),
    ("代码", "code"), ("编码", "code"), ("代号", "code"), ("名称", "name"), ("姓名", "name"),
)  # fmt: skip
# Initials of the Chinese endings, for names written in initials of pinyin: khbh, jgdm, khmc.
_INITIALS = (("bh", "id"), ("hm", "id"), ("xh", "id"), ("dm", "code"), ("bm", "code"), ("mc", "name"))
# What a table's name carries beside the thing it holds.
_BEFORE = frozenset(
    "t tb tbl tab table dim dims d f fact fct ods dwd dws dwb dw ads stg src raw v vw view mv mst ref".split()
)
_AFTER = frozenset(
    "info infos master mst mstr main list tbl tab table dim dims fact base basic profile profiles archive"
    " archives catalog dimension lookup lkp ref reference registry data dataset header hdr view vw all v t d".split()
)
_AFTER_CHINESE = (
    "基本信息表",
    "基本信息",
    "信息表",
    "信息",
    "主表",
    "明细表",
    "档案表",
    "档案",
    "资料表",
    "资料",
    "列表",
    "字典表",
    "字典",
    "维度表",
    "维度",
    "维表",
    "记录表",
    "记录",
    "表",
)
_AFTER_INITIALS = ("jbxxb", "jbxx", "xxb", "xx", "zb", "da", "b")
_IRREGULAR = {
    "people": "person", "men": "man", "women": "woman", "children": "child", "staff": "staff", "indices": "index",
    "indexes": "index", "matrices": "matrix", "criteria": "criterion", "statuses": "status", "addresses": "address",
    "series": "series", "species": "species", "news": "news", "movies": "movie", "diagnoses": "diagnosis",
    "analyses": "analysis", "bases": "base", "cookies": "cookie", "bonuses": "bonus", "buses": "bus",
}  # fmt: skip
_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Parts:
    """A name in words."""

    head: tuple[str, ...]
    """What it is about, lower case, singular; a Chinese word is one item a character. () for a bare `id`."""
    ending: str
    """id, code or name: what the last word says it is; "" for none."""

    @property
    def is_bare(self) -> bool:
        """Whether nothing but the ending is left."""
        return not self.head


@lru_cache(maxsize=50_000)
def words_of(name: str) -> tuple[str, ...]:
    """The words of `name`, lower case: snake, camel, digits and Chinese are told apart."""
    return tuple(word.lower() for word in _WORDS.findall(name))


@lru_cache(maxsize=20_000)
def singular(word: str) -> str:
    """An English noun in the singular, as far as rules reach."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "as")):
        return word[:-1]
    return word


def column_parts(name: str, dropped: tuple[str, ...] = ()) -> Parts:
    """`name` of a column taken apart; `dropped`: leading words that all columns of its table share."""
    words = words_of(name)
    if dropped and words[: len(dropped)] == dropped and len(words) > len(dropped):
        words = words[len(dropped) :]
    return _ended(words)


@lru_cache(maxsize=50_000)
def _ended(words: tuple[str, ...]) -> Parts:
    if not words:
        return Parts((), "")
    last = words[-1]
    rest = words[:-1]
    for ending, those in (("id", IDS), ("code", CODES), ("name", TITLES)):
        if last in those:
            # `id_number`, `key_code`: two endings.
            if rest and rest[-1] in IDS | CODES and len(rest) > 1:
                rest = rest[:-1]
            return Parts(_spelled(rest), ending)
    for written, ending in _CHINESE:
        if last.endswith(written):
            kept = last[: -len(written)]
            return Parts(_spelled((*rest, kept) if kept else rest), ending)
    for glued in _GLUED:
        # Two letters before it at least, or one where that is all there is (pid); `paid` and `grid` are no keys.
        if last.endswith(glued) and len(last) > len(glued) and last not in _NO_KEYS:
            kept = last[: -len(glued)]
            if glued == "id" and len(kept) == 2 and rest:
                continue
            ending = "name" if glued in ("name", "nm") else "code" if glued in ("code", "cd") else "id"
            return Parts(_spelled((*rest, kept)), ending)
    if last.isascii() and 3 < len(last) <= 8:
        for written, ending in _INITIALS:
            if last.endswith(written) and not set(last) & set("aeiouv"):
                return Parts(_spelled((*rest, last[: -len(written)])), ending)
    # 号 alone: khh is 客户号.
    if last.isascii() and 3 <= len(last) <= 5 and last.endswith("h") and not set(last) & set("aeiouvy"):
        return Parts(_spelled((*rest, last[:-1])), "id")
    return Parts(_spelled(words), "")


_NO_KEYS = frozenset(
    "paid grid bid valid void avoid said laid maid acid solid liquid fluid rapid raid amid avid aid covid android"
    " hybrid unpaid prepaid invalid turkey monkey donkey hockey whiskey jockey username surname nickname firstname"
    " lastname filename barcode zipcode postcode postalcode".split()
) - {"aid", "bid"}


def _spelled(words: Iterable[str]) -> tuple[str, ...]:
    """Words in the singular, Chinese one item a character."""
    found: list[str] = []
    for word in words:
        found += [singular(word)] if word.isascii() else list(word)
    return tuple(found)


def table_stem(name: str, dropped: tuple[str, ...] = ()) -> tuple[str, ...]:
    """What a table's rows are, in words: `t_customer_info` is (customer,); `dropped`: words that tables share."""
    words = list(words_of(name))
    if dropped and tuple(words[: len(dropped)]) == dropped and len(words) > len(dropped):
        words = words[len(dropped) :]
    while len(words) > 1 and words[0] in _BEFORE:
        words = words[1:]
    while len(words) > 1 and words[-1] in _AFTER:
        words = words[:-1]
    if words and not words[-1].isascii():
        for ending in _AFTER_CHINESE:
            if words[-1].endswith(ending) and len(words[-1]) > len(ending):
                words[-1] = words[-1][: -len(ending)]
                break
    elif words and len(words[-1]) > 3 and not set(words[-1]) & set("aeiou"):
        for ending in _AFTER_INITIALS:
            if words[-1].endswith(ending) and len(words[-1]) - len(ending) >= 2:
                words[-1] = words[-1][: -len(ending)]
                break
    return _spelled(words)


def shared_start(names: Sequence[str], *, least: int, share: float = 1.0) -> tuple[str, ...]:
    """The leading words that `share` of `names` have in common, where there are `least` names and each has more."""
    if len(names) < least:
        return ()
    split = [words_of(name) for name in names]
    found: tuple[str, ...] = ()
    while True:
        longer = Counter(words[: len(found) + 1] for words in split if len(words) > len(found) + 1)
        if not longer:
            return found
        best, count = longer.most_common(1)[0]
        if count < share * len(names) or (share == 1.0 and count < len(names)):
            return found
        found = best


def is_short_for(short: str, long: str) -> bool:
    """Whether `short` may abbreviate `long`: its start (cust), its letters in order (dept, acct, mgr), or by custom."""
    if short == long or _BY_CUSTOM.get(short) == long:
        return True
    if len(short) < 3 or len(short) >= len(long) or short[0] != long[0] or not (short + long).isascii():
        return False
    if long.startswith(short):
        return True
    letters = iter(long)
    if not all(letter in letters for letter in short):
        return False
    if len(short) > 3 and long.startswith(short[:-1]):
        return True
    # Consonants only (cstmr, acct), and the last letter from the word's second half.
    is_bony = not set(short[1:]) & set("aeiou")
    return is_bony and (short[-1] == long[-1] or len(short) >= 4 or short[-1] in long[len(long) // 2 :])


_BY_CUSTOM = {
    "tx": "transaction",
    "txn": "transaction",
    "trx": "transaction",
    "ccy": "currency",
    "cpty": "counterparty",
}
