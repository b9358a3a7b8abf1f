"""Words of names and of questions in one form: a Latin word without its ending, a figure, one Chinese character.

Names of columns are taken apart (saleDate, tot_drug_amt) and their abbreviations written out, as people say them. Never
decides what a word means.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from t2sql.grounding.words.text import fold, is_cjk

_TOKEN = re.compile(r"[a-z]+(?:['’]s?(?![a-z]))?|\d+(?:,\d{3})*(?:\.\d+)?|[㐀-鿿豈-﫿]|\S")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
# What stands shortened in names of columns and whole in questions.
SHORTENED = {
    "abbr": "abbreviation", "acc": "account", "acct": "account", "addr": "address", "amt": "amount", "appr": "approval",
    "appt": "appointment", "avg": "average", "bal": "balance", "bd": "board", "cat": "category", "cd": "code",
    "cert": "certification", "cnt": "count", "co": "company", "comm": "commission", "cred": "credit", "ctry": "country",
    "cur": "currency", "cust": "customer", "dept": "department", "desc": "description", "dest": "destination",
    "dob": "date of birth", "doc": "doctor", "dos": "dosage", "dt": "date", "dttm": "time", "emp": "employee",
    "err": "error", "est": "estimated", "exp": "expiry", "freq": "frequency", "fk": "", "fname": "first name",
    "hrs": "hours", "ins": "insurance", "inst": "institution", "inv": "invoice", "lname": "last name",
    "loc": "location",
    "lat": "latitude", "long": "longitude", "lng": "longitude", "max": "maximum", "med": "medication",
    "meds": "medications", "mgr": "manager", "min": "minimum", "mkt": "market", "moa": "mechanism of action",
    "msg": "message", "mth": "month", "no": "number", "num": "number", "nbr": "number", "org": "organization",
    "orig": "origin", "pct": "percentage", "perc": "percentage", "ph": "phone", "pmt": "payment", "pk": "",
    "pop": "population",
    "pos": "position", "prev": "previous", "prod": "product", "pub": "publication", "qty": "quantity",
    "ref": "reference", "reg": "registration", "req": "request", "sal": "salary", "sbl": "", "stat": "status",
    "std": "standard", "sum": "summary", "sz": "size", "tel": "phone", "tot": "total", "trans": "transaction",
    "ts": "time", "tx": "transaction", "txn": "transaction", "typ": "type", "val": "value", "vin": "vin",
    "vol": "volume",
    "wt": "weight", "yr": "year", "yrs": "years", "crtd": "created", "upd": "updated", "zip": "zip code",
    "accts": "accounts", "adj": "adjustment", "amts": "amounts", "avail": "available", "bldg": "building",
    "curr": "currency", "diag": "diagnosis", "diff": "difference", "disc": "discount", "dur": "duration",
    "eff": "effective", "grp": "group", "hist": "history", "hr": "hour", "lang": "language", "lvl": "level",
    "mfr": "manufacturer", "mins": "minutes", "nm": "name", "ord": "order", "pmts": "payments", "prov": "province",
    "purch": "purchase", "pymt": "payment", "qtr": "quarter", "rcpt": "receipt", "rcv": "received",
    "rpt": "report", "seq": "sequence", "src": "source", "stmt": "statement", "sts": "status", "svc": "service",
    "tgt": "target", "tm": "time", "tran": "transaction", "trx": "transaction", "txns": "transactions",
    "univ": "university", "usr": "user", "wk": "week",
    "kg": "kilogram", "kgs": "kilograms", "km": "kilometre", "kms": "kilometres", "lbs": "pounds", "secs": "seconds",
    "sqm": "square metres", "sqft": "square feet", "temp": "temperature", "dist": "distance", "elev": "elevation",
    "cap": "capacity", "alt": "altitude",
}  # fmt: skip
_IRREGULAR = {
    "people": "person", "persons": "person", "children": "child", "men": "man", "women": "woman", "movies": "movie",
    "cookies": "cookie", "series": "series", "species": "species", "news": "news", "status": "status", "has": "has",
    "does": "does", "is": "is", "was": "was", "this": "this", "its": "its", "us": "us", "as": "as", "less": "less",
    "address": "address", "business": "business", "class": "class", "process": "process", "access": "access",
    "gas": "gas", "bus": "bus", "analysis": "analysis", "basis": "basis", "diagnoses": "diagnosis",
    "bonus": "bonus", "campus": "campus", "census": "census", "previous": "previous", "various": "various",
    "indices": "index", "lens": "lens", "sales": "sale", "salespeople": "salesperson", "cities": "city",
    "ids": "id", "highest": "high", "larger": "large", "largest": "large", "neighborhood": "neighbourhood",
    "neighborhoods": "neighbourhood", "color": "colour", "colors": "colour", "organisation": "organization",
    "organisations": "organization", "aliases": "alias", "kg": "kilogram", "kgs": "kilogram", "km": "kilometre",
    "kms": "kilometre", "kilometer": "kilometre", "kilometers": "kilometre", "meter": "metre", "meters": "metre",
    "liter": "litre", "liters": "litre",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """One token of a folded text."""

    text: str
    """Without its ending."""
    start: int
    end: int
    is_content: bool = True
    """False for marks and for what words are said with (的)."""


def tokens(folded: str) -> list[Token]:
    """The tokens of a text that `fold` has folded."""
    return [
        Token(stem(m[0]), m.start(), m.end(), m[0][0].isalnum() or is_cjk(m[0][0])) for m in _TOKEN.finditer(folded)
    ]


def form(text: str) -> tuple[str, ...]:
    """A name as the tokens that it is looked for by; marks and 的 left out."""
    return tuple(t.text for t in tokens(fold(text).text) if t.is_content and t.text not in PARTICLES)


PARTICLES = frozenset("的之")


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A Latin word in the singular.

    >>> [stem(word) for word in ("salespersons", "cities", "boxes", "status", "businesses", "author's")]
    ['salesperson', 'city', 'box', 'status', 'business', 'author']
    """
    word = re.sub(r"['’]s?$", "", word)
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if not word.isascii() or not word.isalpha() or len(word) < 4:
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    is_of_us = word.endswith("uses") and not word.endswith(("ouses", "auses")) and len(word) > 5
    if is_of_us or word.endswith(("sses", "xes", "ches", "shes", "zzes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def split_name(name: str) -> tuple[str, ...]:
    """The words of a column's or table's name, as written.

    >>> split_name("ed_ExportImport"), split_name("tot_drug_amt"), split_name("GDPPerCapita")
    (('ed', 'export', 'import'), ('tot', 'drug', 'amt'), ('gdp', 'per', 'capita'))
    """
    parts = [piece for part in re.split(r"[\s_\-./]+", name) for piece in _CAMEL.split(part)]
    return tuple(piece.lower() for piece in parts if piece)


def spoken(words: tuple[str, ...]) -> tuple[str, ...]:
    """Words of a name with what is shortened written out.

    >>> spoken(("tot", "drug", "amt"))
    ('total', 'drug', 'amount')
    """
    return tuple(part for word in words for part in SHORTENED.get(word, word).split())
