"""What a drafted catalog calls things: names that semantic SQL can say, and what people call them in two languages.

A name is as near to the database's own as can be. No two things of the flat namespace get one name, and none gets the
name of a time grain or a word that SQL takes for something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

from t2sql.catalog import GRAINS, Display
from t2sql.onboarding.comments import Remark
from t2sql.onboarding.lexicon import in_chinese
from t2sql.onboarding.words import is_chinese, plural, singular, spoken, without_prefix, words_of

_NOT_NAME = re.compile(r"\W+")
_NOT_ASCII = re.compile(r"[^A-Za-z0-9_]+")
MOST_SYNONYMS = 6


@dataclass(frozen=True, slots=True)
class Called:
    """What people call one thing."""

    display: Display
    synonyms: tuple[str, ...]
    is_from_comment: bool
    """Whether a comment names it, which tells more than its column's name."""


def plain_name(name: str) -> str:
    """A database's name as semantic SQL can write it: lower case, words joined by underscores.

    >>> plain_name("TotalSavings"), plain_name("crtd_ts"), plain_name("2020 sales"), plain_name("余额(元)")
    ('total_savings', 'crtd_ts', 'n_2020_sales', '余额_元')
    """
    joined = "_".join(words_of(name)) if name.isascii() else _NOT_NAME.sub("_", name).strip("_").lower()
    found = _NOT_NAME.sub("_", joined).strip("_") or "n"
    return f"n_{found}" if found[0].isdigit() else found


@lru_cache(maxsize=20_000)
def is_sayable(name: str) -> bool:
    """Whether SQL reads a bare name as a column, and no time grain is called so."""
    import sqlglot
    from sqlglot import exp

    if name in GRAINS:
        return False
    try:
        tree = sqlglot.parse_one(f"SELECT {name} FROM t WHERE {name} = 1 ORDER BY {name}", read="duckdb")
    except sqlglot.errors.SqlglotError:
        return False
    columns = [*tree.find_all(exp.Column)]
    return len(columns) == 3 and all(column.name == name and not column.table for column in columns)


def stem_of(dataset: str) -> str:
    """The last word of a dataset's name as one of its things: customers gives customer, loan_accounts loan_account."""
    head, _, last = dataset.rpartition("_")
    one = singular(last)
    return f"{head}_{one}" if head else one


class Names:
    """Names of one namespace, each given once."""

    def __init__(self, taken: Iterable[str] = (), is_fit: Callable[[str], bool] = is_sayable) -> None:
        """`is_fit`: whether a name may stand where these are used."""
        self._taken = {name.lower() for name in taken}
        self._is_fit = is_fit

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._taken

    def reserve(self, name: str) -> None:
        """Take a name whatever it is."""
        self._taken.add(name.lower())

    def take(self, *wanted: str) -> str:
        """The first of `wanted` that is free and sayable, else the last of them with a number."""
        for name in wanted:
            if name.lower() not in self._taken and self._is_fit(name):
                self._taken.add(name.lower())
                return name
        number, last = 2, wanted[-1]
        while f"{last}_{number}".lower() in self._taken or not self._is_fit(f"{last}_{number}"):
            number += 1
        self._taken.add(f"{last}_{number}".lower())
        return f"{last}_{number}"


def table_name(name: str, *, is_whole: bool = False) -> str:
    """What a dataset is called: its table's name, without what only says that it is a table unless `is_whole`.

    A dataset's name stands in physical SQL as an alias, so it is in plain letters: Chinese is spelled.

    >>> table_name("dim_customer"), table_name("贷款台账")
    ('customer', 'dai_kuan_tai_zhang')
    """
    return _spelled(plain_name(name if is_whole else without_prefix(name)))


def is_table_name(name: str) -> bool:
    """Whether a dataset may be called so: SQL reads it as a table, and as the prefix of a column."""
    from t2sql.compiler.certify.names import KEYWORDS, PLAIN_NAME

    return bool(PLAIN_NAME.fullmatch(name)) and name.lower() not in KEYWORDS and name not in GRAINS


def _spelled(name: str) -> str:
    if name.isascii():
        return name
    from pypinyin import lazy_pinyin

    parts = [part for found in lazy_pinyin(name) for part in _NOT_ASCII.split(found) if part]
    return "_".join(re.sub(r"_+", "_", part).strip("_") for part in parts if part.strip("_")) or "t"


def called(name: str, remark: Remark, *, beside: str = "", start: str = "") -> Called:
    """What people call a column or table, from its comment where that names it, else from its own name.

    `beside`: the words of the table, put in front where the name alone would not tell which is meant. `start`: what
    every column of the table begins with.
    """
    raw = words_of(name)
    words = spoken(name, start) if name.isascii() else [name]
    plain = " ".join(words)
    en, zh, synonyms = plain, "", []
    names = list(remark.names)
    if remark.is_chinese:
        chinese = [one for one in names if is_chinese(one)]
        zh = chinese[0] if chinese else ""
        synonyms += [one for one in names if one != zh]
    elif names and _initials(names[0]) == name.lower():
        en = names[0].lower() if names[0].islower() or names[0].istitle() else names[0]
        synonyms.append(plain)
    elif names:
        synonyms.append(names[0].lower())
    is_from_comment = bool(zh) or en != plain
    if beside and en == plain and not plain.startswith(beside):
        synonyms.append(plain)
        en = f"{beside} {plain}"
    if not zh:
        zh = name if is_chinese(name) else in_chinese(en.split()) or en
    synonyms.append(" ".join(raw))
    return Called(Display(zh, en), _others(synonyms, (zh, en)), is_from_comment)


def table_called(name: str, remark: Remark, schema: str = "") -> Called:
    """What people call a table and its rows. `schema`: told where another schema has a table of that name."""
    found = called(without_prefix(name), remark)
    *head, last = found.display.en.split()
    shorter = found.display.zh.removesuffix("表")
    synonyms = [*found.synonyms, " ".join([*head, singular(last)]), " ".join([*head, plural(last)]), shorter]
    display = found.display
    if schema:
        display = Display(f"{schema} {display.zh}", f"{schema} {display.en}")
        synonyms = [f"{schema} {synonym}" for synonym in synonyms]
    return Called(display, _others(synonyms, (display.zh, display.en)), found.is_from_comment)


def _initials(text: str) -> str:
    return "".join(word[0] for word in text.lower().split())


def _others(names: Iterable[str], shown: Collection[str]) -> tuple[str, ...]:
    known = {name.lower() for name in shown}
    found = dict.fromkeys(name for name in names if name and name.lower() not in known)
    return tuple(found)[:MOST_SYNONYMS]
