"""Names of tables and columns as words: split, abbreviations written out, one and many.

Knows common words of English and how databases shorten them; never a word of one database.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

SHORT = {
    "acct": "account", "accts": "accounts", "addr": "address", "adj": "adjustment", "agg": "aggregate",
    "amt": "amount", "amts": "amounts", "appr": "approval", "appt": "appointment", 
    "attr": "attribute", "avail": "available", "avg": "average", "bal": "balance",
    "bldg": "building", "calc": "calculated", "cat": "category",
    "cd": "code", "chg": "change", "chk": "check", 
    "cnt": "count", "cntry": "country", "corp": "corporate",
    "crt": "created", "crtd": "created", "ctry": "country", "cum": "cumulative", "cur": "currency",
    "curr": "currency", "cust": "customer", "custs": "customers", "dept": "department", "depts": "departments",
    "desc": "description", "descr": "description", "dest": "destination", "diag": "diagnosis", "diff": "difference",
    "dim": "dimension", "disc": "discount", "dob": "date of birth", 
    "dos": "dosage", "dt": "date", "dtm": "time", "dttm": "time", "dur": "duration", "eff": "effective",
    "emp": "employee", "emps": "employees", "est": "estimated", 
    "fcy": "foreign currency", "fk": "key", "fname": "first name", "freq": "frequency", "fx": "exchange",
    "govt": "government", "gov": "government", "grp": "group", "hist": "history", "hr": "hour", "hrs": "hours",
    "ins": "insurance", 
    "invt": "inventory", "lang": "language", "lcy": "local currency",
    "len": "length", "lname": "last name", "loc": "location", "lvl": "level", "max": "maximum", 
    "meds": "medications", "mgr": "manager", "min": "minimum", "mins": "minutes", "mkt": "market", "mktg": "marketing",
    "mo": "month", "mod": "modified", "msg": "message", "mth": "month", "mths": "months", "mtg": "mortgage",
    "mthly": "monthly", "nbr": "number", "no": "number", "num": "number", "obj": "object", 
    "ord": "order", "org": "organization", "orig": "original", "outst": "outstanding", "pct": "percent",
    "perf": "performance", "ph": "phone", "pk": "key", "pmt": "payment",
    "pmts": "payments", "pref": "preferred", "prev": "previous", "prin": "principal",
    "prob": "probability", "prod": "product", "prods": "products", "prov": "province", 
    "purch": "purchase", "qty": "quantity", "qtr": "quarter", "rcpt": "receipt", "rcv": "received", 
    "ref": "reference", "req": "request",
    "rpt": "report", "sal": "salary",
    "seq": "sequence", 
    "src": "source", "stat": "status", "std": "standard",
    "stmt": "statement", "subj": "subject", "subs": "subscriptions", "svc": "service",
    "tel": "telephone", "tgt": "target", "tot": "total", "tran": "transaction",
    "trans": "transaction", "trx": "transaction", "ts": "time", "txn": "transaction", "txns": "transactions",
    "tx": "transaction", "typ": "type", "univ": "university", "upd": "updated", "usr": "user", "util": "utilization",
    "val": "value", "vals": "values", "vol": "volume", "wk": "week", "wt": "weight",
    "yr": "year", "yrs": "years", "yoy": "year on year", "mom": "month on month", "qoq": "quarter on quarter",
}  # fmt: skip
"""Abbreviation -> what it stands for."""
MOST_START = 4
LEAST_PART, LONGEST_PART = 3, 14
"""Letters of a word that another may be made of."""
_MORE_WORDS = """
advertising agricultural agency analyst annual authority balances bankrupt bills birth block bought branches budget
capital cards channels chart cheque child children china claims codes collected commercial commit commodity consumption
corporation counter covered credit cubic currency custom customers cut dates deal dealer decline departments
deposited depreciation direct dividend domestic drawn earned economic electronic emission energy enterprise
equipment export exports extended extra factor failure farm final financial fiscal fixed fixing flow foreign forward
full future gain gas gold good grand grant gross hand high home household housing import imports index industrial
industries installment investments issue key keys labor labour land large late lead lease lending line link long low
lower made main male manufacturing margin market means mean medium metal middle mini mining money name nominal
non non net note oil operating optional other output over own page paper partial pay payable payment penalty per
permanent personal place population post postal power preferred present primary production producer profit public pure
quick raw ready real receipt receivable recent reference regional regular remaining reserve reserves retained rural
safe saving savings second secondary security securities sell selling senior series ship short single small social
sold special spend spending spot staff standing state statistics structure summary supply surplus swap tax
taxable technology ten third time timely top trade trading travel trust under upper urban user valid wage
wages water wealth wholesale wide wife work worker working world yearly young zone
"""
"""Words that names are glued of, beside those that have a Chinese name here."""
_SPLIT_FIRST = re.compile(r"(YoY|QoQ|MoM|WoW|GDP|CPI|PPI|PMI|USD|CNY|RMB|EUR|URL|VIN|SKU)(?=[A-Z0-9_]|$)")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[a-z0-9])(?=[A-Z][a-z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NOT_WORD = re.compile(r"[^\w]+|_+")
_HAN = re.compile(r"[㐀-鿿豈-﫿]")
_TABLE_PREFIX = re.compile(r"^(tbl|tb|t|dim|fact|fct|ods|dwd|dws|dwm|ads|stg|src|vw|v|mv|d|f)_+(?=.)", re.IGNORECASE)
_IRREGULAR = {
    "people": "person", "men": "man", "women": "woman", "children": "child", "diagnoses": "diagnosis",
    "analyses": "analysis", "bases": "basis", "indices": "index", "matrices": "matrix", "criteria": "criterion",
    "staff": "staff", "series": "series", "species": "species", "news": "news", "status": "status", "data": "data",
    "analysis": "analysis", "basis": "basis", "diagnosis": "diagnosis", "address": "address", "bus": "bus",
    "gas": "gas", "canvas": "canvas", "campus": "campus", "bonus": "bonus", "virus": "virus", "census": "census",
    "sales": "sale", "movies": "movie", "cookies": "cookie", "leaves": "leave", "shelves": "shelf", "lives": "life",
    "feet": "foot", "teeth": "tooth", "mice": "mouse", "media": "media", "caches": "cache", "purchases": "purchase",
    "expenses": "expense", "licenses": "license", "houses": "house", "warehouses": "warehouse", "courses": "course",
    "causes": "cause", "cases": "case", "databases": "database", "responses": "response", "invoices": "invoice",
    "leases": "lease", "releases": "release", "phases": "phase", "exercises": "exercise", "nurses": "nurse",
    "sizes": "size", "prizes": "prize", "axes": "axis",
}  # fmt: skip


def is_chinese(text: str) -> bool:
    """Whether a text has Chinese characters."""
    return bool(_HAN.search(text))


def words_of(name: str) -> list[str]:
    """A name's words in lower case, as they stand: snake, camel and kebab come apart, digits stay where they are.

    >>> words_of("TotalSavings"), words_of("crtd_ts"), words_of("YoyCPIFood"), words_of("GYoYOfExValue")
    (['total', 'savings'], ['crtd', 'ts'], ['yoy', 'cpi', 'food'], ['g', 'yoy', 'of', 'ex', 'value'])
    """
    if name.upper() == name and "_" not in name:
        # ORDERDATE: nothing tells where its words begin.
        return [part.lower() for part in _NOT_WORD.split(name) if part]
    parted = _SPLIT_FIRST.sub(lambda m: f"_{m[1].lower()}_", name) if name.upper() != name else name
    parts: list[str] = []
    for part in _NOT_WORD.split(parted):
        parts += _HUMP.split(part) if part.upper() != part else [part]
    return [part.lower() for part in parts if part]


def shared_start(names: Sequence[str]) -> str:
    """The short first word that every column of a table starts with, which tells nothing: o of o_orderkey, o_custkey.

    >>> shared_start(["o_orderkey", "o_custkey", "o_totalprice"]), shared_start(["id", "name", "city"])
    ('o', '')
    """
    firsts = {words_of(name)[0] for name in names if len(words_of(name)) > 1}
    is_whole = len(names) > 2 and all(len(words_of(name)) > 1 for name in names)
    return firsts.pop() if is_whole and len(firsts) == 1 and len(next(iter(firsts))) <= MOST_START else ""


def spoken(name: str, start: str = "") -> list[str]:
    """A name as people say it: without `start`, words that stand glued taken apart, abbreviations written out.

    >>> spoken("o_totalprice", "o"), spoken("crtd_ts"), spoken("l_shipdate", "l"), spoken("homepage")
    (['total', 'price'], ['created', 'time'], ['ship', 'date'], ['home', 'page'])
    """
    words = words_of(name)
    if start and len(words) > 1 and words[0] == start:
        words = words[1:]
    return written_out([part for word in words for part in _apart(word)])


def _apart(word: str) -> list[str]:
    """A word as the common words that it is made of; itself where it is one, or where something would be left."""
    if len(word) < 2 * LEAST_PART or word in known_words() or not word.isalpha():
        return [word]
    best: list[list[str] | None] = [[]] + [None] * len(word)
    for end in range(LEAST_PART, len(word) + 1):
        for begin in range(max(0, end - LONGEST_PART), end - LEAST_PART + 1):
            before, part = best[begin], word[begin:end]
            found = best[end]
            if before is not None and part in known_words() and (found is None or len(before) + 1 < len(found)):
                best[end] = [*before, part]
    return best[-1] or [word]


@cache
def known_words() -> frozenset[str]:
    """Common words and abbreviations, of three letters and more."""
    from t2sql.onboarding.lexicon import english_words

    return frozenset(word for word in {*english_words(), *SHORT, *_MORE_WORDS.split()} if len(word) >= LEAST_PART)


def written_out(words: list[str]) -> list[str]:
    """Words with known abbreviations replaced by what they stand for."""
    return [whole for word in words for whole in SHORT.get(word, word).split()]


def without_prefix(name: str) -> str:
    """A table's name without what only says that it is a table: t_, dim_, dwd_.

    >>> without_prefix("dim_customer"), without_prefix("t_order"), without_prefix("data")
    ('customer', 'order', 'data')
    """
    return _TABLE_PREFIX.sub("", name)


def singular(word: str) -> str:
    """One of what a word names many of; the word itself where it is one already.

    >>> [singular(w) for w in ("customers", "categories", "boxes", "status", "sales", "address", "branches")]
    ['customer', 'category', 'box', 'status', 'sale', 'address', 'branch']
    """
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses", "zzes")):
        return word[:-2]
    return word[:-1]


def plural(word: str) -> str:
    """Many of what a word names one of.

    >>> [plural(w) for w in ("customer", "category", "box", "branch", "sale", "day", "diagnosis", "sales")]
    ['customers', 'categories', 'boxes', 'branches', 'sales', 'days', 'diagnoses', 'sales']
    """
    if not word or is_chinese(word) or not word[-1].isalpha() or (singular(word) != word):
        return word
    known = {one: many for many, one in _IRREGULAR.items() if one != many}
    if word in known:
        return known[word]
    if word in _IRREGULAR and _IRREGULAR[word] == word and word.endswith(("s", "a", "f")) and word != "address":
        return word
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "z", "ch", "sh")) else "s")
