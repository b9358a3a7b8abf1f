"""How much two names say that a column leads to a key: by what both are called, never by their values.

Numbers from 1 upwards lie inside each other everywhere, so without evidence from here no integer ever links.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from t2sql.onboarding.introspect import FoundColumn
from t2sql.onboarding.keys import is_about, is_told_link
from t2sql.onboarding.name_parts import Parts, column_parts, singular, words_of
from t2sql.onboarding.survey import Reason

UPWARD = frozenset(
    "parent ancestor root super superior upper predecessor previous prev prior original origin next child".split()
)
UPWARD_PEOPLE = frozenset(
    "manager mgr boss supervisor superior leader lead referrer referred mentor reports reportsto report".split()
)
UPWARD_CHINESE = ("上级", "父", "主管", "直属", "前身", "原")
STAFF = frozenset("employee emp staff user person personnel worker people agent salesperson officer teller".split())
# Who did or owns a thing, where a table of staff is the only one that can be meant.
STAFF_ROLES = frozenset("manager mgr supervisor rep representative approver handler assignee reviewer creator".split())
# 上级, 父, 父级 in initials of pinyin.
UPWARD_INITIALS = ("sj", "f", "fj")
# Words beside a table's name that make a column a figure about it, not a way to it.
_FIGURES = frozenset(
    "total sum avg average mean max min count cnt num number n is has no amount amt rate ratio pct percent price"
    " cost value qty quantity days hours age score rating rank size length weight".split()
)


@dataclass(frozen=True, slots=True)
class OneSide:
    """A key that others may lead to."""

    place: int
    """Which table, as the caller counts them."""
    column: FoundColumn
    forms: tuple[Parts, ...]
    """Its name apart: whole, without the words that its table's columns share, and its Chinese comment."""
    stems: tuple[tuple[str, ...], ...]
    """What its table's rows are, by name and by Chinese comment."""
    table_words: tuple[str, ...]
    owned: float
    """How much its name says that it is its own table's key."""
    is_primary: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """Names that speak for a link."""

    score: float
    role: str
    reason: Reason


def forms_of(column: FoundColumn, prefix: tuple[str, ...]) -> tuple[Parts, ...]:
    """All ways to take a column's name apart."""
    forms = [column_parts(column.name)]
    if prefix and (short := column_parts(column.name, prefix)) not in forms:
        forms.append(short)
    words = words_of(column.name)
    # One letter in front stands for the table: c_custkey.
    if len(words) > 1 and len(words[0]) == 1 and (short := column_parts(column.name, words[:1])) not in forms:
        forms.append(short)
    told = chinese_name(column.comment)
    if told and (parts := column_parts(told)) not in forms:
        forms.append(parts)
    return tuple(forms)


def chinese_name(comment: str) -> str:
    """The name that a Chinese comment begins with: up to its first mark or space; "" where there is none."""
    found = re.match(r"[\u3400-\u9fffA-Za-z0-9_]+", comment.strip())
    text = found.group() if found else ""
    return text if 2 <= len(text) <= 12 and not text.isascii() else ""


def evidence(
    many: FoundColumn, forms: Sequence[Parts], one: OneSide, *, is_self: bool, about_people: bool
) -> Evidence | None:
    """What the names say for `many` leading to `one`; `is_self`: both in one table. None: nothing."""
    found = [e for form in forms for key in one.forms if (e := _by_names(form, key, one, is_self=is_self))]
    if is_self:
        found += [e for form in forms if (e := _upward(form, about_people=about_people, stems=one.stems))]
    elif by_role := _by_role(forms, one):
        found.append(by_role)
    if told := _by_comment(many, forms, one, is_self=is_self):
        found.append(told)
    if not found:
        return None
    best = max(found, key=lambda e: e.score)
    bonus = 0.02 * (many.name.lower() == one.column.name.lower()) + 0.01 * one.is_primary
    return Evidence(min(best.score + bonus, 0.99), best.role, best.reason)


def _by_names(form: Parts, key: Parts, one: OneSide, *, is_self: bool) -> Evidence | None:
    head, ending = form.head, form.ending
    if not head:
        return None
    if not is_self and head == key.head and ending == key.ending and (ending or len(head) > 1) and one.owned >= 0.5:
        score = 0.95 if one.owned >= 0.85 else 0.9 if one.owned >= 0.7 else 0.8
        score -= 0.0 if ending else 0.2
        return Evidence(score, "", Reason("列名与对方的键相同。", "It is named as the key there."))
    fits = _endings_fit(form, key, one)
    if not fits:
        return None
    for stem in one.stems:
        if not is_self and is_about(head, stem):
            exact = head == stem or "".join(head) == "".join(stem)
            score = (0.95 if exact else 0.85) * fits - (0.0 if ending else 0.2)
            return Evidence(score, "", Reason("列名是对方表名加键名。", "It is named after the table there."))
        role = _role_before(head, stem)
        if role is not None and not _FIGURES & set(role):
            score = 0.85 * fits - (0.0 if ending else 0.2)
            said = Reason(
                "列名以对方表名结尾，前面是它的角色。", "Its name ends in the table there, with a role before it."
            )
            return Evidence(score, "_".join(role), said)
    if key.head and not is_self and ending == key.ending and one.owned >= 0.7:
        role = _role_before(head, key.head)
        if role is not None and not _FIGURES & set(role) and (ending or len(key.head) > 1):
            said = Reason(
                "列名以对方键名结尾，前面是它的角色。", "Its name ends in the key there, with a role before it."
            )
            return Evidence(0.85 if ending else 0.65, "_".join(role), said)
    return None


def _endings_fit(form: Parts, key: Parts, one: OneSide) -> float:
    """1 where both endings say one class, less where they differ but may agree, 0 where they cannot."""
    is_own = key.is_bare or one.owned >= 0.6
    if not is_own:
        return 0.0
    if form.ending == key.ending:
        return 1.0
    if not form.ending:
        return 1.0
    if {form.ending, key.ending} == {"id", "code"}:
        return 0.85
    if not key.ending and form.ending in ("code", "name", "id"):
        return 0.8
    return 0.0


def _role_before(head: Sequence[str], stem: Sequence[str]) -> tuple[str, ...] | None:
    """The words before `stem` where `head` ends in it; None where it does not."""
    if not stem or not head:
        return None
    size = len(stem)
    if len(head) > size:
        tail = tuple(head[-size:])
        if tail == tuple(stem):
            return tuple(head[:-size])
        if all(_may_shorten(mine, theirs) for mine, theirs in zip(tail, stem, strict=True)):
            return tuple(head[:-size])
    joined, there = "".join(head), "".join(stem)
    least = 2 if joined.isascii() and not set(joined) & set("aeiou") else 4
    if len(head) == 1 and len(there) >= least and joined != there and joined.endswith(there):
        return (joined[: -len(there)],)
    return None


def _may_shorten(mine: str, theirs: str) -> bool:
    return len(mine) >= 3 and is_about((mine,), (theirs,))


def _upward(form: Parts, *, about_people: bool, stems: Sequence[Sequence[str]]) -> Evidence | None:
    """A column that leads to another row of its own table."""
    head = form.head
    said = Reason("列名指向上级，即本表的另一行。", "Its name points upwards, to another row of the same table.")
    if head and (head[0] in UPWARD or head[-1] in UPWARD) and len(head) <= 2 and (form.ending or len(head) == 1):
        return Evidence(0.75 if form.ending else 0.65, "_".join(head), said)
    if head and about_people and set(head) & UPWARD_PEOPLE and len(head) <= 2:
        return Evidence(0.8 if form.ending else 0.7, "_".join(head), said)
    joined = "".join(head)
    if form.ending and any(joined.startswith(word) for word in UPWARD_CHINESE) and len(joined) <= 5:
        return Evidence(0.7, joined, said)
    if form.ending and any(joined == start + "".join(stem) for stem in stems for start in UPWARD_INITIALS):
        return Evidence(0.7, joined, said)
    return None


def _by_role(forms: Sequence[Parts], one: OneSide) -> Evidence | None:
    """A column named after what somebody of the staff is or did: manager_id, approved_by."""
    if not one.is_primary or not is_of_staff(one.stems):
        return None
    for form in forms:
        is_role = form.ending == "id" and form.head[-1:] and form.head[-1] in STAFF_ROLES
        if is_role or (len(form.head) == 2 and form.head[-1] == "by" and form.head[0].endswith("ed")):
            said = Reason(
                "列名是员工的角色，且员工表只有一张。", "It is named as a role of staff, and one table holds staff."
            )
            return Evidence(0.72, "_".join(form.head), said)
    return None


_OF = re.compile(
    r"\b(id|ids|identifier|key|code|name)\b[^.,;]{0,12}?\b(of|for|from)\b (?:the |a |an |each )?(\w+)(?: (\w+))?", re.I
)


def _by_comment(many: FoundColumn, forms: Sequence[Parts], one: OneSide, *, is_self: bool) -> Evidence | None:
    told = many.comment
    if not told or one.owned < 0.5:
        return None
    words = [singular(word) for word in words_of(told)]
    table = [singular(word) for word in one.table_words]
    joined = " ".join(words)
    names_table = bool(table) and f" {' '.join(table)} " in f" {joined} "
    chinese = any(len(stem) >= 2 and not stem[0].isascii() and "".join(stem) in told for stem in one.stems)
    if is_told_link(many) and (names_table or chinese):
        role = "" if not is_self else "_".join(forms[0].head) or many.name
        # Which of the table's keys is meant: the one whose name is said, or the primary one.
        says_key = one.column.name.lower() in told.lower() or any(f in one.forms for f in forms)
        score = 0.93 if says_key or one.is_primary else 0.8
        role = role or ("" if any(is_about(f.head, s) for f in forms for s in one.stems) else "_".join(forms[0].head))
        if any(f in one.forms for f in forms):
            role = "" if not is_self else role
        return Evidence(score, role, Reason("注释说它引用那张表。", "Its comment says that it references that table."))
    if is_self or not names_table:
        return None
    for match in _OF.finditer(told):
        said = [singular(word.lower()) for word in match.groups()[2:] if word]
        if said[: len(table)] == table and _says_key(match.group(1).lower(), one):
            role = "_".join(forms[0].head)
            said_so = Reason(
                "注释说它是那张表的编号或名称。", "Its comment says that it is the id or name of that thing."
            )
            return Evidence(0.75, role, said_so)
    return None


def _says_key(word: str, one: OneSide) -> bool:
    """Whether `word` of a comment (id, name, ...) says the class of the key."""
    endings = {form.ending for form in one.forms}
    if word == "name":
        return "name" in endings
    if word == "code":
        return "code" in endings or "id" in endings
    return "id" in endings


def is_of_staff(stems: Sequence[Sequence[str]]) -> bool:
    """Whether a table's rows are people who work here and report to each other, by its name."""
    return any(set(stem[-1:]) & STAFF or "".join(stem) in ("员工", "人员", "职员", "用户", "柜员") for stem in stems)
