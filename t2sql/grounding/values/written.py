"""How a value may be written: as stored, by its aliases, without its kind, in the plural, in pinyin.

Makes texts only. What is stored is never changed, and a spelling in pinyin is made for names of places alone: a word
that is short or common in English must not become a value because some Chinese word sounds so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from t2sql.grounding.values.derived import derived_forms, said_of_companies, said_of_people, says_secured
from t2sql.grounding.words.lexicon import loosen
from t2sql.grounding.words.text import fold, is_cjk, plural

EXACT, ALIAS, SHORT = 1.0, 1.0, 0.9
# A unit's kind, which people leave out: 上海 for 上海分行, East China for East China Region.
KIND = re.compile(
    r"(?:分行|支行|大区|区|自治区|特别行政区|省|市)$| (?:branch|sub branch|subbranch|region|province|city)$"
)
# Values that name a place, so that their pinyin is their English name.
_PLACE = re.compile(r"[㐀-鿿]{2,8}(?:省|市|自治区|特别行政区|自治州|地区|盟)?")
_PLACE_KIND = re.compile(r"(?:分行|支行|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区|自治州|地区|省|市|盟)$")
_KINDS_EN = {"分行": (" branch",), "支行": (" sub branch", " subbranch")}
_PLACE_KINDS_EN = (" province", " city", " municipality")
_LEAST_PINYIN = 5
# Places whose English name is not their pinyin.
_OTHERWISE = {
    "陕西": ("shaanxi",),
    "西藏": ("tibet", "xizang"),
    "内蒙古": ("inner mongolia",),
    "香港": ("hong kong",),
    "澳门": ("macau", "macao"),
    "哈尔滨": ("harbin",),
    "呼和浩特": ("hohhot",),
    "乌鲁木齐": ("urumqi",),
    "拉萨": ("lhasa",),
    "西安": ("xi'an", "xian"),
    "新疆": ("xinjiang",),
}


_WITHOUT = frozenset("无未非")
_BAND = re.compile(r"(?:^|[^a-z])(?:\d+|one|five)[^a-z]* ?(?:years?|days?|to|年|天|到|至)|(?:年|天)以[上内]")
_NUMBERS = (("1", "one", "一"), ("2", "two", "二"), ("3", "three", "三"), ("5", "five", "五"), ("10", "ten", "十"))
_MORE = ("over", "more than", "above", "longer than", "exceeding", "beyond", "greater than", "in excess of")
_WITHIN = (
    "up to",
    "within",
    "no more than",
    "not more than",
    "no longer than",
    "not exceeding",
    "at most",
    "under",
    "less than",
    "below",
    "shorter than",
    "sub",
)
_RANGE = re.compile(r"(\w+) to (\w+ (?:years?|days?))")


@dataclass(frozen=True, slots=True)
class ValueEntry:
    """One value of one dimension."""

    dimension: str
    value: str
    """As stored."""
    aliases: tuple[str, ...] = ()
    is_place: bool = False
    """Whether it names a place, so that its pinyin is an English name of it."""


@dataclass(frozen=True, slots=True)
class Target:
    """A value that a written form stands for."""

    dimension: str
    value: str
    score: float
    """1.0 for the value or an alias, 0.9 for a unit's name without its kind, less for a near miss."""
    is_alias: bool = False
    """Whether it is called so by an alias and not by what is stored."""


def key_of(written: str) -> str:
    """A written form as it is looked up by."""
    return loosen(" ".join(fold(written).text.split()))


def without_kind(key: str) -> str:
    """A folded name less its kind: 上海 of 上海分行."""
    return KIND.sub("", key)


def written_forms(entries: Iterable[ValueEntry]) -> Iterator[tuple[str, Target]]:
    """(written form, what it stands for), for every way to write each entry."""
    entries = tuple(entries)
    keys = [(entry.dimension, [key_of(alias) for alias in entry.aliases if alias.isascii()]) for entry in entries]
    of_people = {dimension for dimension, said in keys if said_of_people(said)}
    of_companies = {dimension for dimension, said in keys if said_of_companies(said)} - of_people
    of_security = {dimension for dimension, said in keys if says_secured(said)}
    stored = {(key_of(written), entry.dimension) for entry in entries for written in (entry.value, *entry.aliases)}
    for entry in entries:
        exact = Target(entry.dimension, entry.value, EXACT)
        alias = Target(entry.dimension, entry.value, ALIAS, True)
        for written in (entry.value, *entry.aliases):
            target = exact if written == entry.value else alias
            yield written, target
            key = key_of(written)
            stem = without_kind(key)
            if stem != key and written.isascii():
                yield plural(written), target
            if stem != key and len(stem) >= 2:
                yield stem, Target(entry.dimension, entry.value, SHORT, target.is_alias)
            if written.isascii() and stem == key:
                # An address in English may leave the kind out of its alias, never the asker.
                yield from ((key + kind, target) for kind in _KINDS_EN.get(entry.value[-2:], ()))
            if "'" in key:
                yield key.replace("'", ""), target
                yield without_kind(key).replace("'", ""), Target(entry.dimension, entry.value, SHORT, target.is_alias)
            if " and " in key:
                yield from ((key.replace(" and ", joint), target) for joint in (" & ", "/", " / "))
            yield from ((form, target) for form in _otherwise_bounded(key))
            if written.isascii():
                is_company = entry.dimension in of_companies or said_of_companies(map(key_of, entry.aliases))
                is_people, is_secured = entry.dimension in of_people, entry.dimension in of_security
                for form in derived_forms(key, of_companies=is_company, of_people=is_people, of_security=is_secured):
                    if (form, entry.dimension) not in stored:
                        yield form, alias
            if key[0] in _WITHOUT and len(key) >= 3:
                # 无担保贷款 is no 担保贷款.
                yield from ((key + noun, target) for noun in ("贷款", "的贷款"))
            if key.endswith("业") and len(key) >= 3 and is_cjk(key[0]):
                yield key[:-1] + "行业", target
        if entry.is_place:
            yield from _in_pinyin(entry)


def _otherwise_bounded(key: str) -> Iterator[str]:
    """A band's written form with its numbers in words or figures, its bound said otherwise: exceeding five years."""
    if not _BAND.search(key):
        return
    forms = {key}
    for figure, word, zh in _NUMBERS:
        for form in list(forms):
            forms.add(re.sub(rf"\b{figure}\b(?= (?:years?|days?|to|and))", word, form))
            forms.add(re.sub(rf"\b{word}\b", figure, form))
            forms.add(re.sub(rf"(?<!\d){figure}(?=年|到|至)", zh, form))
    for form in list(forms):
        for said in _MORE:
            forms.add(re.sub(r"^(?:over|more than)\b", said, form))
        for said in _WITHIN:
            forms.add(re.sub(r"^(?:up to|within)\b", said, form))
        if match := _RANGE.fullmatch(form):
            forms |= {f"between {match[1]} and {match[2]}", f"from {match[1]} to {match[2]}"}
            # 1-5 years: a hyphen is a blank here.
            forms |= {f"{match[1]} {match[2]}", f"{match[1]}–{match[2]}", f"{match[1]} – {match[2]}"}
    # A five-year-plus loan, over-5-year loans.
    forms |= {form[:-1] for form in forms if form.endswith((" years", " days"))}
    yield from sorted(forms - {key})


def _in_pinyin(entry: ValueEntry) -> Iterator[tuple[str, Target]]:
    """Guangdong and Guangdong Province for 广东省."""
    if not _PLACE.fullmatch(entry.value):
        return
    target = Target(entry.dimension, entry.value, SHORT, True)
    stem = _PLACE_KIND.sub("", entry.value)
    kinds = _KINDS_EN.get(entry.value[len(stem) :], _PLACE_KINDS_EN)
    is_named = any(alias.isascii() for alias in entry.aliases)
    for name in _OTHERWISE.get(stem) or (pinyin(stem),):
        if is_named and any(key_of(alias).startswith(name) for alias in entry.aliases):
            continue
        # West Lake, and xihu only with its kind: a short word may be another.
        is_name = not is_named and (len(name) >= _LEAST_PINYIN or stem in _OTHERWISE)
        for kind in ("", *kinds) if is_name else kinds:
            yield name + kind, target


def pinyin(text: str) -> str:
    """Chinese as it is spelt in an address: guangdong, jinan; no tones, ü as u."""
    # 0.3 s to load, and most processes never need it.
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(text)).replace("ü", "u")
