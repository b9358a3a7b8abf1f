"""What the fields of a dataset are good for: its date, the label that tells its rows, its numbers and yes-or-no fields.

Read from names and types alone, for a drafted catalog signs nothing. Never looks at data.
"""

# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Collection

from t2sql.catalog import Dataset, Field
from t2sql.fields.chinese import GENERIC, bare_name
from t2sql.fields.entities import CODE, labels_of
from t2sql.fields.index import FieldIndex, Key
from t2sql.fields.words import form, split_name, spoken, stem

_TECHNICAL = re.compile(
    r"(?:^|_)(?:crtd|created?|upd|updated?|modified|inserted|load(?:ed)?|etl|record(?:ed)?)(?:_|$)", re.IGNORECASE
)
_MEMBER = re.compile(r"(?:^|_)(?:id|year|month|code|zip|level|grade|number|no|rank|stage|age|rating|size|floor|class)$")
_MONTHS = "january february march april may june july august september october november december".split()


def is_date(item: Field) -> bool:
    """Whether it holds days."""
    return item.is_time or item.type == "date"


def is_number(item: Field) -> bool:
    """Whether it holds numbers to compare."""
    return item.type in ("integer", "number") or bool(item.currency_field)


def is_flag(item: Field) -> bool:
    """Whether it says yes or no."""
    is_asked = item.type == "integer" and split_name(item.name)[0] in ("is", "has")
    return item.type == "boolean" or is_asked or item.display.zh.startswith("是否")


_YES = frozenset(("是", "有", "已", "1", "y", "yes", "true", "t"))
_NO = frozenset(("否", "无", "不", "未", "0", "n", "no", "false", "f", "2"))


def flag_value(item: Field, stored: Collection[str], *, is_true: bool) -> str:
    """What a field of yes and no holds for one of them: 1, 是, true; "" where it cannot be told."""
    if item.type == "boolean":
        return "true" if is_true else "false"
    words = _YES if is_true else _NO
    named = [v for v, names in item.aliases.items() if any(n.lower() in words for n in names)]
    known = named or [v for v in (*item.members, *stored) if v.lower() in words and v != "2"]
    return known[0] if known else str(int(is_true)) if item.type == "integer" else ""


def is_text(item: Field) -> bool:
    """Whether it holds words."""
    return not is_date(item) and not is_number(item) and item.type != "boolean"


def is_technical(item: Field) -> bool:
    """A moment that a machine wrote: when the row was made."""
    return bool(_TECHNICAL.search(item.name)) or item.name.endswith("_exact")


def date_fields(dataset: Dataset) -> list[Field]:
    """Fields of days, the likeliest first: the dataset's own date, then as they stand, moments of machines and days of
    birth last.
    """
    found = [f for f in dataset.fields.values() if is_date(f) and f.is_named]
    return sorted(found, key=lambda f: (f.name != dataset.time_dimension, is_technical(f), is_birth(f)))


def date_said(dataset: Dataset, text: str) -> Field | None:
    """The date whose deed an English text tells (registered, sold), else the likeliest; None where there is none."""
    dates = date_fields(dataset)
    deeds = said_of_days(text, {stem(word) for word in split_name(dataset.name)})
    told = [item for item in dates if deeds & words_of_date(item)]
    return told[0] if len(told) == 1 else dates[0] if dates else None


def is_birth(item: Field) -> bool:
    """Whether it is the day on which somebody was born."""
    return bool({"birth", "born", "dob", "birthday", "birthdate"} & set(split_name(item.name)))


def part_field(dataset: Dataset, part: str) -> Field | None:
    """The column that holds years or months (`part`), not days."""
    wanted = {part, {"year": "yr", "month": "mth"}.get(part, part)}
    for item in dataset.fields.values():
        words = set(split_name(item.expression if item.expression.isidentifier() else item.name))
        told = bare_name(item.display.zh)
        is_year = part == "year" and (told in ("年份", "年度") or told.endswith(("年份", "年度")))
        if is_year and item.is_named and not is_date(item) and item.type in ("integer", "text"):
            return item
        if item.is_named and not is_date(item) and words & wanted and not words & {"count", "avg", "total", "amount"}:
            return item
    return None


def year_fields(dataset: Dataset) -> list[Field]:
    """The column that holds years; () for none."""
    found = part_field(dataset, "year")
    return [found] if found is not None else []


# Verbs whose noun begins otherwise.
_NOUNS = {
    "born": "birth",
    "sold": "sale",
    "paid": "payment",
    "bought": "purchase",
    "began": "start",
    "fired": "termination",
    "left": "termination",
    "died": "death",
    "opened": "open",
    "finished": "end",
    "expire": "end",
    "expires": "end",
    "expired": "end",
    "expiring": "end",
    "lapse": "end",
    "lapsed": "end",
    "made": "made",
}
_GENERAL = frozenset("date time day year month timestamp of the and when was for from that".split())


def said_of_days(text: str, names: Collection[str] = ()) -> frozenset[str]:
    """Beginnings of the words before a date that may say which date is meant: ended, hired. Those of `names`, which
    only say whose rows are asked, are none.
    """
    words = [word for word in re.findall(r"[a-z]{3,}", text) if stem(word) not in names]
    told = [_beginning(said) for word in words if word not in _GENERAL for said in {_NOUNS.get(word, word), word}]
    # Who signed up has a signup date.
    if re.search(r"\b(?:run|runs|ran|running) out\b", text):
        told += ["end", "expir"]
    # What was shipped has a ship date.
    told += [base[:-1] for base in told if _DOUBLED.search(base)]
    told += ["expir" for word in words if word.startswith("expir")]
    told += [_beginning(verb) + way for verb, way in re.findall(r"\b([a-z]{3,}) (up|in|out|off)\b", text)]
    return frozenset(told)


def words_of_date(item: Field) -> frozenset[str]:
    """Beginnings of the words of a date's name."""
    words = spoken(split_name(item.name))
    return frozenset(_beginning(word) for word in words if len(word) > 2 and word not in _GENERAL)


def _beginning(word: str) -> str:
    """What a verb and its noun share: hired and hire, registered and registration."""
    for ending in ("istration", "istered", "uation", "ation", "ments", "ment", "ing", "ed", "ion", "es", "s", "e", "d"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: len(word) - len(ending)]
    return word


_DOUBLED = re.compile(r"([bgmnprt])\1$")


_DAY_WORD = re.compile(r"(?:日期|时间|年月日?|年份|日|时点)$")


def core_of_date(item: Field) -> str:
    """What happens on a day, as its column is called in Chinese: 到期 of 到期日; "" where it is not said."""
    name = _DAY_WORD.sub("", bare_name(item.display.zh))
    return name if len(name) >= 2 and name != bare_name(item.display.zh) and not name.isascii() else ""


def is_said_in_chinese(item: Field, near: str) -> bool:
    """Whether the words beside days (2027年到期, 2020年以前成立) name what happens on a field's day."""
    core = core_of_date(item)
    return bool(core) and (core in near or (len(core) > 3 and core[-2:] in near))


def happens_on_a_day(value: str, dataset: Dataset) -> bool:
    """Whether a value is also what happens on a day of the dataset's: 上市 beside 上市日期."""
    return any(core_of_date(item) == value for item in date_fields(dataset))


def month_value(index: FieldIndex, key: Key, month: int) -> str | None:
    """The stored text for a month, where months are stored as words."""
    name = _MONTHS[month - 1]
    return next(
        (v for v in index.stored.get(key, ()) if v.lower() in (name, name[:3], f"{month:02}", str(month))), None
    )


def label_fields(dataset: Dataset) -> list[Field]:
    """The fields that tell the rows of a dataset to people: its name, or first and last name, or else its key."""
    owner = [stem(word) for word in spoken(split_name(dataset.name))]
    fields = [f for f in dataset.fields.values() if f.is_named and is_text(f)]
    named = {f.name.lower(): f for f in fields}
    if "first_name" in named and "last_name" in named:
        return [named["first_name"], named["last_name"]]
    for wanted in ("name", "title", f"{owner[-1]}_name", f"{owner[-1]}_title", owner[-1], dataset.name.lower()):
        if wanted in named:
            return [named[wanted]]
    for item in fields:
        words = split_name(item.name)
        if words[-1] in ("name", "title") and (stem(words[0]) in owner or owner[-1].startswith(words[0])):
            return [item]
    chinese = [f for f in labels_of(dataset) if f in fields]
    chinese = chinese or [f for f in fields if form(f.display.zh)[-2:] in (("名", "称"), ("简", "称"), ("姓", "名"))]
    if chinese:
        return [chinese[0]]
    keys = [f for f in dataset.fields.values() if f.is_named and f.expression in dataset.primary_key]
    return keys[:1]


def main_number(dataset: Dataset) -> Field | None:
    """The one figure of a dataset of one figure: named 金额 or like the table, or its only number; else None."""
    numbers = [
        f for f in dataset.fields.values() if f.is_named and is_number(f) and f.expression not in dataset.primary_key
    ]
    numbers = [f for f in numbers if split_name(f.name)[-1] not in ("id", "code", "year", "month")]
    numbers = [
        f for f in numbers if not (f.is_enum or f.aliases or is_flag(f) or CODE.search(f.display.zh) or is_place(f))
    ]
    plain = [f for f in numbers if bare_name(f.display.zh) in GENERIC or bare_name(f.display.zh) == dataset.display.zh]
    return plain[0] if len(plain) == 1 else numbers[0] if len(numbers) == 1 else None


def is_place(item: Field) -> bool:
    """Whether it holds the places of a ranking: 排名, 序号."""
    return item.type == "integer" and bare_name(item.display.zh).endswith(("排名", "名次", "排序", "序号", "位次"))


_NOT_ADDED = frozenset(
    """
    price rate ratio pct percent percentage score level balance stock hand temperature temp avg average mean max min
    lat lng lon latitude longitude density height depth duration
    """.split()
)


def adds_up(item: Field) -> bool:
    """Whether a field holds numbers whose total over rows may be meant by its name alone: kilograms, and no price."""
    return is_number(item) and not is_member(item.name) and _NOT_ADDED.isdisjoint(split_name(item.name))


def is_member(name: str) -> bool:
    """Whether numbers of a field so called tell members apart (years, codes, ratings) and are no amounts."""
    return _MEMBER.search(name) is not None
