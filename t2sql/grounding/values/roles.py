"""Which role a value is said in: 上海分行管理的 means managing_branch, 上海分行 alone the plain dimension.

A role that the text says and no finding took is told: the same figure by another role is another figure.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from t2sql.catalog import Catalog, Dimension
from t2sql.flow import NameMention, Span, ValueMention
from t2sql.grounding.names.grouping_cues import CUE_BEFORE
from t2sql.grounding.settling import key, offset
from t2sql.grounding.values.booked import LEVELS, OTHERS_EN, book_words, booked_by_others, level_of
from t2sql.grounding.values.units import says_which
from t2sql.grounding.words.overlaps import overlaps
from t2sql.grounding.words.text import Folded


@dataclass(frozen=True, slots=True)
class _Verbs:
    """What is done in a role, as patterns."""

    zh: str
    en: str
    """Participles, as in "managed by"."""
    object_zh: str = ""
    """What may follow the verb where the unit stands before it: 客户 of 上海分行归属客户."""


_IN_OTHER_WORDS = {
    "管理": _Verbs(
        "(?:负责|进行|实际|主要)?(?:管理|管辖|经管|主管|代管|分管|维护|管户?)(?:下|范围内?|项下|名下)?",
        r"(?:managed|run|overseen|administered|looked after|handled|supervised|serviced|taken care of)",
    ),
    "归属": _Verbs("归属|隶属", r"(?:homed|belonging)", "客户|的客户"),
    "签约": _Verbs("签约|签订|签", r"(?:signed|contracted)", "的?合同"),
    "发卡": _Verbs("发卡|发|发出|发行|开|办", r"(?:cards? issued|issued)", "的(?:信用)?卡"),
}
_CUED = 1.0
_BY = re.compile(r"(?:由|归|交由?|被|在)\s*$")
_END_ZH = r"(?:着|了)?(?=的|但|却|而|[，,。、；;？?（）()\s]|$|贷|存|信用卡|卡|客户|不良|逾期|余额|业务|多少|有)"
# Nobody by name: the others than the unit that the text names.
_OTHERS_ZH = re.compile(
    r"(?:(?:但是?|却|而|并)?(?:由|归|交由?|被)?)(?:其[他它余]|别的?|另外?的?|另一?家?|异地|外地|非本)(?:一?[家个些])?(?P<level>分行|支行|区域|大区|区|机构|行)?(?:来|去|负责|所)*"
)
# "as managing branch", （管理分行）, 管理分行口径: the role named apart from the unit it is for.
_AS_ROLE = re.compile(
    r"[^,，。;；]{0,14}?(?:\bas (?:the |its |their )?|[(（]\s*(?:即|为|按|the |by |as )?\s*|\bin (?:the )?(?:role of )?|作为)$"
)
# The branch that manages the loan; 负责管理的分行.
_RELATIVE = re.compile(
    r"(?:es|s)? (?:(?:that|which|who) (?:is |are )?|(?=in charge))(?P<verb>[a-z]+(?: after| charge)?)(?: of)?(?: (?:the|these|those|them|it|each|its))?(?: (?:loans?|cards?|customers?|accounts?|business|book|relationships?))?\b"
)
# What a role is played for: the card of "region that issued the card".
_WHAT = re.compile(
    r" (?:the |these |those |their |its |each )?(?:loan|card|customer|account|contract|relationship)s?\b"
)
_LEADING = re.compile(r"(?P<verb>(?:负责|实际)?(?:管理|管户|管辖|主管|经管))(?:的|贷款的|它的|该笔贷款的)?$")


def in_role(
    catalog: Catalog, folded: Folded, values: tuple[ValueMention, ...], dimensions: Collection[NameMention]
) -> tuple[ValueMention, ...]:
    """`values` with the role's dimension where the role is said beside the value, by its name or its verb; and those that
    are said to be others' (由其他分行管理) as values left out.
    """
    roles: dict[tuple[str, str], list[Dimension]] = {}
    for dimension in catalog.dimensions.values():
        if dimension.role:
            roles.setdefault((dimension.dataset, dimension.field), []).append(dimension)
    found = []
    for value in values:
        plain = catalog.dimensions[value.dimension]
        of_field = roles.get((plain.dataset, plain.field), ())
        said = [] if plain.role else [r for r in of_field if _says(catalog, folded, r, value, dimensions)]
        found.append(replace(value, dimension=said[0].name) if len(said) == 1 else value)
    return tuple(found) + tuple(_of_others(catalog, folded, found, roles))


def with_relative_roles(
    catalog: Catalog, folded: Folded, dimensions: tuple[NameMention, ...]
) -> tuple[NameMention, ...]:
    """`dimensions` with the role that a clause beside a plain name says: the branch that manages the loan, 负责管理的分行."""
    found = []
    for mention in dimensions:
        plain = catalog.dimensions.get(mention.name)
        if plain is None or not mention.span:
            found.append(mention)
            continue
        if plain.role:
            what = _WHAT.match(folded.text, offset(folded, mention.span.end))
            done = what and re.search(r"(?:ed|es|s)$", folded.text[: offset(folded, mention.span.end)])
            end = folded.span(what.start(), what.end()).end if what and done else mention.span.end
            found.append(replace(mention, span=Span(mention.span.start, end)))
            continue
        start, end = offset(folded, mention.span.start), offset(folded, mention.span.end)
        role = next((r for r in _roles_of(catalog, plain) if _is_relative(catalog, r, folded.text, start, end)), None)
        if role is None:
            found.append(mention)
            continue
        first, last = _clause(folded.text, start, end)
        is_cued = mention.score >= _CUED or bool(CUE_BEFORE.search(folded.text[:first]))
        span = folded.span(first, last)
        found.append(replace(mention, name=role.name, span=span, score=_CUED if is_cued else mention.score))
    return tuple(found)


def _roles_of(catalog: Catalog, plain: Dimension) -> Iterable[Dimension]:
    return (d for d in catalog.dimensions.values() if d.role and (d.dataset, d.field) == (plain.dataset, plain.field))


def _is_relative(catalog: Catalog, role: Dimension, text: str, start: int, end: int) -> bool:
    after, before = _RELATIVE.match(text, end), _LEADING.search(text[:start])
    for verbs in _verbs(catalog, role):
        if after and verbs.en and re.match(rf"(?:{_finite(verbs)}|in charge)\b", after["verb"]):
            return True
        if before and verbs.zh and re.fullmatch(rf"(?:{verbs.zh})", before["verb"]):
            return True
    return False


def _clause(text: str, start: int, end: int) -> tuple[int, int]:
    after, before = _RELATIVE.match(text, end), _LEADING.search(text[:start])
    return (before.start("verb") if before else start), (after.end() if after else end)


def role_words(
    catalog: Catalog, folded: Folded, values: Iterable[ValueMention], dimensions: Iterable[NameMention]
) -> list[Span]:
    """The verbs and the names that say in which role `values` are said, and 账记在 before one in none."""
    found = []
    values = tuple(values)
    for value in values:
        dimension = catalog.dimensions[value.dimension]
        start, end = offset(folded, value.span.start), offset(folded, value.span.end)
        if not dimension.role:
            found += book_words(folded, start, end)
            continue
        for verbs in _verbs(catalog, dimension):
            for place in _places(verbs, folded.text, start, end):
                found.append(folded.span(*place))
        found += [d.span for d in dimensions if d.name == dimension.name and d.span]
    return found


def unused_roles(catalog: Catalog, folded: Folded, claimed: Collection[Span]) -> tuple[str, ...]:
    """Verbs of a role beside a unit's kind, or beside the others, that stand in none of `claimed`."""
    roles = {d.role: d for d in catalog.dimensions.values() if d.role}
    found = []
    for role in roles.values():
        for verbs in _verbs(catalog, role):
            zh = (
                rf"(?:(?:由|归|交由)[^，,。;；]{{1,12}}?(?:{verbs.zh}))|(?:分行|支行|机构)(?:{verbs.zh})(?=的)"
                if verbs.zh
                else ""
            )
            for pattern in (zh, rf"\b{verbs.en} (?:by|elsewhere|at|under)\b" if verbs.en else ""):
                for match in re.finditer(pattern, folded.text) if pattern else ():
                    span = folded.span(*match.span())
                    if not any(overlaps(span, taken) for taken in claimed):
                        found.append(match[0])
    return tuple(dict.fromkeys(found))


def _of_others(
    catalog: Catalog,
    folded: Folded,
    values: Collection[ValueMention],
    roles: dict[tuple[str, str], list[Dimension]],
) -> Iterable[ValueMention]:
    """由其他分行管理: the one unit named in the plain dimension, left out in the role."""
    if len({(v.dimension, v.value) for v in values if (_field(catalog, v)) in roles}) != 1:
        return
    named = next(v for v in values if _field(catalog, v) in roles)
    plain = catalog.dimensions[named.dimension]
    if plain.role and not named.is_negated:
        yield from booked_by_others(catalog, folded, named)
    if plain.role or named.is_negated:
        return
    for role in roles[plain.dataset, plain.field]:
        for verbs in _verbs(catalog, role):
            for match in _OTHERS_ZH.finditer(folded.text):
                level = LEVELS.get(match["level"] or "", plain.field)
                done = re.compile(rf"(?:{verbs.zh}){_END_ZH}").match(folded.text, match.end()) if verbs.zh else None
                if done and level == plain.field:
                    yield ValueMention(folded.span(match.start(), done.end()), role.name, named.value, 1.0, True)
                    return
            for match in OTHERS_EN.finditer(folded.text):
                is_level = level_of(match, plain.field) in (plain.field, "unit", "outlet")
                if verbs.en and re.fullmatch(verbs.en, match["verb"]) and is_level:
                    yield ValueMention(folded.span(*match.span()), role.name, named.value, 1.0, True)
                    return


def _field(catalog: Catalog, value: ValueMention) -> tuple[str, str]:
    dimension = catalog.dimensions[value.dimension]
    return dimension.dataset, dimension.field


def _says(
    catalog: Catalog, folded: Folded, role: Dimension, value: ValueMention, dimensions: Collection[NameMention]
) -> bool:
    start, end = offset(folded, value.span.start), offset(folded, value.span.end)
    for mention in dimensions:
        if mention.name != role.name or not mention.span:
            continue
        if says_which(folded, value.span, mention.span):
            return True
        if end <= (name := offset(folded, mention.span.start)) and _AS_ROLE.fullmatch(folded.text[end:name]):
            return True
    return any(next(_places(verbs, folded.text, start, end), None) for verbs in _verbs(catalog, role))


def _places(verbs: _Verbs, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where a role's verb stands beside a unit at (start, end)."""
    before, after = text[:start], text[end:]
    if verbs.zh:
        by = _BY.search(before)
        ending = rf"(?:{verbs.object_zh})" if verbs.object_zh else ""
        follows = re.match(rf"\s*(?:所|来|去|在)?(?:{verbs.zh}){_END_ZH}", after)
        follows = (
            follows if follows and (by or re.match(r"的", after[follows.end() :]) or _is_whole(follows[0])) else None
        )
        if follows is None and ending:
            follows = re.match(rf"(?:{verbs.zh}){ending}", after)
        if follows:
            yield end, end + follows.end()
        leads = re.search(rf"(?:{verbs.zh})(?:行|机构|权)?(?:都|均)?(?:于|在|地?为|地?是|归)$", before)
        leads = leads or re.search(r"客户归属(?:于|在)?$", before) if "归属" in verbs.zh else leads
        if leads:
            yield leads.start(), start
    if verbs.en:
        if leads := re.search(rf"\b{verbs.en} (?:by|at|in|with|from|under|to) (?:the )?$", before):
            yield leads.start(), start
        if leads := re.search(rf"\bunder (?:the )?(?:{_noun(verbs)}) of (?:the )?$", before):
            yield leads.start(), start
        if follows := re.match(rf"(?:'s)?(?: sub-?branch| branch)? (?:{_finite(verbs)})\b(?! by)", after):
            yield end, end + follows.end()


def _is_whole(said: str) -> bool:
    """Whether a verb of two letters or more ends there, as 管辖 and 管理 do; 管 alone needs 由 or 的."""
    return len(said.strip()) >= 2


def _noun(verbs: _Verbs) -> str:
    return "management|supervision|administration|care" if "managed" in verbs.en else "nothing-of-the-kind"


def _finite(verbs: _Verbs) -> str:
    """looks after, manages, issued: what a unit before the verb does."""
    return (
        "manages|runs|oversees|looks after|administers|handles|services|managed|manage"
        if "managed" in verbs.en
        else "issues"
    )


def _verbs(catalog: Catalog, role: Dimension) -> Iterable[_Verbs]:
    """What is done in a role: 管理, managed."""
    for relationship in catalog.relationships:
        if relationship.role == role.role and relationship.display:
            zh, english = key(relationship.display.zh), key(relationship.display.en)
            known = _IN_OTHER_WORDS.get(zh)
            yield known or _Verbs(re.escape(zh), re.escape(english[:-3]) + "ed" if english.endswith("ing") else "")
