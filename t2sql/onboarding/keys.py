"""Which columns tell the rows of a table apart, where the database does not say so.

A key is guessed only where a name speaks for it and no two of ALL rows agree in it; with few rows, uniqueness alone is
chance.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Mapping, Sequence

from t2sql.onboarding.introspect import FoundColumn, FoundTable
from t2sql.onboarding.name_parts import Parts, column_parts, is_short_for, singular, words_of
from t2sql.onboarding.proofs import Proofs
from t2sql.onboarding.survey import Key, Profile, Reason

_KEY_KINDS = ("integer", "text", "decimal")
_MOST_PROOFS = 12
_PROVING_ROWS = 200
_TOLD_KEY = re.compile(
    r"primary key|unique (\w+ )?id\b|uniquely identif|unique (identifier|code|key|number)"
    r"|主键|唯一标识|唯一编号|流水号|^序号",
    re.IGNORECASE,
)
_TOLD_LINK = re.compile(
    r"foreign key|\breferencing\b|\brefers? to\b|^references\b|\breferences (the|table|column)\b|\bfk\b|外键|关联",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\b(?:who|whom|whose|that|which|where|when|associated|belonging|assigned|being|posted|used)\b|[,.;。，；]",
    re.IGNORECASE,
)
_FILLERS = frozenset(
    "for of the a an each every this that row rows record records table entry in to key id identifies ies".split()
)
_PLACES = frozenset("line item seq sequence position pos ordinal step version ver part row lineno linenumber".split())
_BEARS_TIME = ("date", "timestamp")


def is_told_link(column: FoundColumn) -> bool:
    """Whether the comment says that the column leads elsewhere."""
    return bool(_TOLD_LINK.search(column.comment))


def names_of(table: FoundTable, prefix: tuple[str, ...]) -> dict[str, Parts]:
    """The parts of every column's name; `prefix`: leading words that the columns share."""
    return {column.name: column_parts(column.name, prefix) for column in table.columns}


def own_key_score(table: FoundTable, column: FoundColumn, parts: Parts, stem: tuple[str, ...]) -> tuple[float, Reason]:
    """How much its name speaks for `column` as the key of its own table, 0 to 1, and why."""
    first = bool(table.columns) and table.columns[0].name == column.name
    if is_told_link(column) or column.kind not in _KEY_KINDS:
        return 0.0, Reason("", "")
    if _TOLD_KEY.search(column.comment) and _is_told_of(column.comment, stem):
        return 0.95, Reason("注释说它是唯一标识。", "Its comment says that it identifies the row.")
    if parts.is_bare and parts.ending == "id":
        return 0.95, Reason("列名就是编号。", "Its name is that of a key.")
    if parts.ending == "id" and is_about(parts.head, stem):
        # A short form may be another table's whole name: part, and partsupp.
        is_exact = "".join(parts.head) == "".join(stem)
        return 0.95 if is_exact else 0.9, Reason("列名是表名加编号。", "It is named after its table.")
    if parts.ending == "id" and first and len(parts.head) == 1 and stem and _has_initials(parts.head[0], stem):
        return 0.85, Reason("第一列，且以表名的首字母命名。", "It comes first and bears its table's initials.")
    if (
        parts.ending in ("id", "code")
        and 0 < len(parts.head) < len(stem)
        and tuple(stem[-len(parts.head) :]) == parts.head
    ):
        return 0.8, Reason("列名以表名的末尾命名。", "It is named after the end of its table's name.")
    if parts.ending in ("id", "code") and _begins(parts.head, stem):
        return 0.75, Reason("列名以表名的一部分命名。", "It is named after a part of its table's name.")
    if parts.ending in ("code", "name") and is_about(parts.head, stem):
        return 0.75 if parts.ending == "code" else 0.7, Reason(
            "列名是表名加代码或名称。", "It is the name or code of its table's thing."
        )
    if parts.is_bare and parts.ending == "code":
        return 0.75, Reason("列名就是代码。", "It is a bare code.")
    if not parts.ending and parts.head and parts.head == stem and column.kind == "text":
        return 0.6, Reason("列名与表名相同。", "It is named as its table.")
    if parts.ending == "id" and first:
        return 0.6, Reason("第一列，且名称像编号。", "It comes first and is named like a key.")
    if parts.ending in ("code", "name") and first and not parts.is_bare:
        return 0.55, Reason("第一列，且名称像自然键。", "It comes first and is named like a natural key.")
    return (0.3 if parts.ending == "id" else 0.0), Reason("名称像编号。", "It is named like a key.")


def _is_told_of(comment: str, stem: Sequence[str]) -> bool:
    """Whether a comment that tells of a key means this table's: it names its thing, or nothing at all."""
    found = _TOLD_KEY.search(comment)
    tail = comment[found.end() :] if found else comment
    said = [singular(word) for word in words_of(_ASIDE.split(tail, maxsplit=1)[0]) if word not in _FILLERS]
    if not said:
        return True
    joined = "".join(stem)
    spans = (
        "".join(said[start:end])
        for start in range(len(said))
        for end in range(start + 1, min(start + 4, len(said)) + 1)
    )
    return any(span == joined for span in spans)


def is_about(head: Sequence[str], stem: Sequence[str]) -> bool:
    """Whether the words before a key's ending name the table's thing, short forms allowed: (doc,) and (doctor,)."""
    if not head or not stem:
        return False
    if tuple(head) == tuple(stem) or "".join(head) == "".join(stem):
        return True
    if len(head) == len(stem):
        return all(is_short_for(mine, theirs) for mine, theirs in zip(head, stem, strict=True))
    return len(head) == 1 and len(stem) > 1 and len(head[0]) == len(stem) and head[0] == "".join(w[0] for w in stem)


def _has_initials(word: str, stem: Sequence[str]) -> bool:
    """Whether a few letters stand for the table: (a,) for author, (sp,) for salesperson, (ht,) at the end of dkht."""
    joined = "".join(stem)
    if len(word) <= 3 and (joined.startswith(word) or (len(word) > 1 and joined.endswith(word) and len(joined) <= 5)):
        return True
    return word == "".join(one[0] for one in stem) or is_short_for(word, joined)


def _begins(head: Sequence[str], stem: Sequence[str]) -> bool:
    """Whether the table's name begins with the words, or they with it: paper in paperkeyphrase, (team, api) in team."""
    mine, theirs = "".join(head), "".join(stem)
    if len(mine) < 4 or len(theirs) < 4:
        return False
    return theirs.startswith(mine) or tuple(head[: len(stem)]) == tuple(stem)


def found_keys(
    table: FoundTable,
    profiles: Mapping[str, Profile],
    rows: int,
    proofs: Proofs,
    *,
    names: Mapping[str, Parts],
    stem: tuple[str, ...],
    owned_elsewhere: Collection[str] = (),
) -> tuple[Key, ...]:
    """Keys of a table that declares none, the best first; () where nothing holds. Views are never asked.

    `owned_elsewhere`: columns named as the key of another table, which are no key here while rows are few.
    """
    if table.is_view:
        return ()
    scored = []
    for column in table.columns:
        profile = profiles.get(column.name)
        if profile is None or profile.nulls or (profile.distinct < profile.sampled and profile.sampled):
            continue
        score, reason = own_key_score(table, column, names[column.name], stem)
        if column.name in owned_elsewhere and rows < _PROVING_ROWS:
            continue
        if score >= 0.5:
            scored.append((score, column.name, reason))
    order = {column.name: place for place, column in enumerate(table.columns)}
    scored.sort(key=lambda found: (-found[0], order[found[1]]))
    keys = []
    for score, name, reason in scored[:4]:
        if proofs.is_unique(table, (name,)) and proofs.has_nulls(table, name) is False:
            keys.append(Key((name,), False, _weighed(score, rows), reason))
    if keys or rows == 0:
        return tuple(keys)
    return _composite(table, profiles, rows, proofs, names)


def _composite(
    table: FoundTable, profiles: Mapping[str, Profile], rows: int, proofs: Proofs, names: Mapping[str, Parts]
) -> tuple[Key, ...]:
    """Two or three key-like columns that only together tell the rows apart."""
    usable = [c for c in table.columns if (p := profiles.get(c.name)) is not None and not p.nulls and p.distinct > 1]
    like_keys = [
        c for c in usable if c.kind in _KEY_KINDS and (names[c.name].ending in ("id", "code") or is_told_link(c))
    ]
    others = [c for c in usable if c not in like_keys and (c.kind in _BEARS_TIME or _PLACES & set(names[c.name].head))]
    pool = like_keys[:5] + others[:2]
    tried = 0
    reason = Reason("这几列合起来在所有行中不重复。", "Together they differ in every row.")
    for size in (2, 3):
        for group in itertools.combinations(pool, size):
            if not any(column in like_keys for column in group):
                continue
            if tried >= _MOST_PROOFS:
                return ()
            tried += 1
            columns = tuple(column.name for column in group)
            if proofs.is_unique(table, columns):
                return (Key(columns, False, _weighed(0.7, rows), reason),)
    return ()


def _weighed(score: float, rows: int) -> float:
    """Uniqueness over few rows is chance: the name then counts for less."""
    return round(score if rows >= _PROVING_ROWS else score * 0.9, 2)
