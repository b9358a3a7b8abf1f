"""Where a text names datasets, fields and values of a catalog, and what that means if one dataset's rows are asked.

The longest name wins, then the surer, then the dataset's own before what it reaches. Never guesses between datasets:
the caller asks for each, and compares how much each explains.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from t2sql.fields.chinese import has_chinese, normal
from t2sql.fields.index import FieldIndex, Key, Target
from t2sql.fields.letters import is_letter_of
from t2sql.fields.linked import How
from t2sql.fields.roles import date_fields, is_technical
from t2sql.fields.words import PARTICLES, Token, split_name, stem, tokens
from t2sql.grounding.words.stop_words import ENGLISH
from t2sql.grounding.words.text import Folded, fold, is_cjk

_LONGEST = 24
QUOTED = re.compile(
    r"[“\"「『‘]([^”\"」』’“「『‘]{1,80})[”\"」』’]|(?<![a-z0-9])'((?:[^']|'(?=[a-z])){1,80})'(?![a-z])"
)
OWN, REACHED = 1.0, 0.88


@dataclass(frozen=True, slots=True)
class Hit:
    """A stretch of the folded text that names something."""

    start: int
    end: int
    key: Key
    """(dataset, field); field "" for the dataset itself."""
    how: How
    sure: float
    words: tuple[str, ...]
    value: str | None = None
    """The stored value, where it is one."""
    is_quoted: bool = False

    @property
    def is_dataset(self) -> bool:
        """Whether it names a dataset."""
        return not self.key[1]

    @property
    def is_field(self) -> bool:
        """Whether it names a field and not a value."""
        return bool(self.key[1]) and self.value is None


@dataclass(frozen=True, slots=True)
class Words:
    """One text in tokens."""

    folded: Folded
    names: tuple[Token, ...]
    """With one word for several, as names are looked up; offsets into the folded text."""
    raw: tuple[Token, ...]
    """As written, as values are looked up."""


def words_of(text: str) -> Words:
    """`text` folded and taken apart."""
    folded = fold(text)
    said, places = normal(folded.text)
    found = []
    for token in tokens(said):
        found.append(replace(token, start=places[token.start][0], end=places[token.end - 1][1]))
    return Words(folded, tuple(_listed(found)), tuple(tokens(folded.text)))


_ORDINALS = frozenset("一二三四五六七八九十")


def _listed(found: list[Token]) -> Iterator[Token]:
    """第一二三产业 as 第一产业第二产业第三产业, each standing where the whole stands."""
    at = 0
    while at < len(found):
        run = at + 1
        while found[at].text == "第" and run < len(found) and found[run].text in _ORDINALS | {"、"}:
            run += 1
        numbers = [t for t in found[at + 1 : run] if t.text in _ORDINALS]
        tail = found[run : run + 2]
        if len(numbers) > 1 and len(tail) == 2 and all(is_cjk(t.text[0]) for t in tail):
            start, end = found[at].start, tail[-1].end
            for number in numbers:
                for token in (found[at], number, *tail):
                    yield replace(token, start=start, end=end)
            at = run + 2
            continue
        yield found[at]
        at += 1


def _runs(found: tuple[Token, ...], longest: int) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """(folded start, end, words) of every run of tokens that may be a name; 的 inside one is passed over."""
    kept = [token for token in found if token.text not in PARTICLES]
    for first in range(len(kept)):
        if not kept[first].is_content:
            continue
        words: list[str] = []
        for token in kept[first : first + min(longest, _LONGEST)]:
            if not token.is_content:
                # A hyphen, a bracket or a slash may stand inside a name; a full stop may not.
                if token.text in "-/()_'’.:&,+":
                    continue
                break
            words.append(token.text)
            yield kept[first].start, token.end, tuple(words)
            if len(words) == 2 and token.start - kept[first].end == 1 and words[0].isascii() and words[1].isascii():
                # check-in for a table called checkin.
                yield kept[first].start, token.end, (stem("".join(words)),)


def name_hits(words: Words, index: FieldIndex) -> list[Hit]:
    """Every name of a dataset or field in a text, overlapping ones too."""
    found: dict[tuple[int, int, Key], Hit] = {}
    for start, end, run in _runs(words.names, index.longest_name):
        if len(run) > 1 and _APART.search(words.folded.text, start, end):
            # The number of bookings, revenue and tax: two in a list are no name.
            continue
        for target in index.names.get(run, ()):
            _keep(found, Hit(start, end, target.key, target.how, target.sure, run))
        if len(run) == 1 and run[0].endswith("ing") and run not in index.names:
            # the closing price of a column called close
            for base in (run[0][:-3], run[0][:-3] + "e"):
                for target in index.names.get((base,), ()):
                    _keep(found, Hit(start, end, target.key, "fuzzy", target.sure * 0.8, run))
    for hit in [*found.values()]:
        day = _day_of(words.folded.text, hit, index)
        if day is not None:
            _keep(found, day)
    return _things(words, [*found.values()], index)


def _day_of(text: str, hit: Hit, index: FieldIndex) -> Hit | None:
    """The adverse event date: the only date of adverse events."""
    if not hit.is_dataset or hit.sure < 0.9 or not re.match(r" date(?!\w)", text[hit.end :]):
        return None
    days = [item for item in date_fields(index.catalog.datasets[hit.key[0]]) if not is_technical(item)]
    key = (hit.key[0], days[0].name) if len(days) == 1 else None
    return Hit(hit.start, hit.end + 5, key, "part", 0.9, (*hit.words, "date")) if key else None


_APART = re.compile(r"[,:] ")
_NUMBERED = frozenset(("no", "number", "num", "nbr"))


def _things(words: Words, hits: list[Hit], index: FieldIndex) -> list[Hit]:
    """Hits where an English text counts things and names no number of theirs: the number of agreements is no
    agreement_no, and agreements are the rows that it numbers.
    """

    def is_number_name(hit: Hit) -> bool:
        """Whether it is a column of the numbers by which rows are told apart."""
        if not hit.is_field or split_name(hit.key[1])[-1] not in _NUMBERED:
            return False
        column = index.field(hit.key).expression
        return any(column in dataset.primary_key for dataset in index.catalog.datasets.values())

    numbers = [hit for hit in hits if is_number_name(hit)]
    if not numbers or has_chinese(words.folded.text):
        return hits
    text = words.folded.text
    bare = (("number",), ("no",), ("num",))
    counted = {hit for hit in numbers if "of" in hit.words or (hit.words in bare and text.startswith(" of ", hit.end))}
    kept = [hit for hit in hits if hit not in counted]
    columns = {(hit.start, hit.end): index.field(hit.key).expression for hit in numbers if hit.how == "part"}
    tables = {
        hit
        for hit in kept
        if hit.is_dataset and columns.get((hit.start, hit.end)) in index.catalog.datasets[hit.key[0]].primary_key
    }
    places = {(hit.start, hit.end) for hit in tables}
    kept = [hit for hit in kept if (hit.start, hit.end) not in places or not is_number_name(hit)]
    return [replace(hit, sure=max(hit.sure, _THING)) if hit in tables else hit for hit in kept]


_THING = 0.9


def _keep(found: dict[tuple[int, int, Key], Hit], hit: Hit) -> None:
    known = found.get((hit.start, hit.end, hit.key))
    if known is None or known.sure < hit.sure:
        found[(hit.start, hit.end, hit.key)] = hit


def value_hits(words: Words, index: FieldIndex) -> list[Hit]:
    """Every stored value in a text, in quotes or not."""
    quoted = [(m.start(), m.end()) for m in QUOTED.finditer(words.folded.text)]
    found: list[Hit] = []
    for start, end, run in _runs(words.raw, index.longest_value):
        targets = index.values.get(run, ())
        if run in _SEXES:
            targets = [t for t in targets if "性别" in index.field(t.key).display.zh]
        elif len(run) == 1 and (len(run[0]) < 2 or run[0].isdigit()):
            # "C": a letter is a value only in quotes.
            is_quoted = any(a < start and end < b and end - start >= b - a - 3 for a, b in quoted)
            if not (is_quoted and has_chinese(words.folded.text)):
                targets = [t for t in targets if is_letter_of(words.folded.text, start, end, t.key)]
        if not targets:
            continue
        around = next(((a, b) for a, b in quoted if a < start and end < b and end - start >= b - a - 3), None)
        begin, finish = around or (start, _with_place(words.folded.text, end))
        is_plain = around is None and len(run) == 1 and len(run[0]) > 1 and run[0] in ENGLISH
        for target in targets:
            if is_plain and (target.key not in index.few or run[0] in _NO_VALUES):
                continue
            sure = 0.97 if target.is_alias else 1.0
            found.append(Hit(begin, finish, target.key, "exact", sure, run, target.value, around is not None))
    known = {(hit.start, hit.end) for hit in found}
    for token in words.raw:
        if (
            len(token.text) < 4
            or not token.text.isascii()
            or token.text in ENGLISH
            or (token.start, token.end) in known
        ):
            continue
        for value, key, stored in index.few_words:
            # successful for success, failed for fail.
            if len(value) >= 4 and token.text.startswith(value) and len(token.text) - len(value) <= 4:
                found.append(Hit(token.start, token.end, key, "fuzzy", 0.75, (token.text,), stored))
    return found


_SEXES = (("男",), ("女",))
_NO_VALUES = frozenset(
    "other all any no yes not none total more most high low new old first last and or in on to at by of is are it "
    "a an the "
    "make made have has do count number list name day year month week good top average".split()
)


def _with_place(text: str, end: int) -> int:
    """北京市 where 北京 is stored."""
    match = re.compile(r"(?:省|市|自治区)(?!市|场|值|政)").match(text, end)
    return match.end() if match and end and is_cjk(text[end - 1]) else end


def weight(hit: Hit) -> float:
    """How much of a text a name explains: a Chinese letter one, a Latin word two and a half."""
    return sum(1.0 if is_cjk(word[0]) else 2.5 for word in hit.words)


def chosen(hits: Iterable[Hit], dataset: str, index: FieldIndex) -> list[Hit]:
    """The hits that mean something where the rows of `dataset` are asked, one for each stretch, in the text's order."""
    reach = index.reach[dataset]

    usable = [hit for hit in hits if index.is_reached(dataset, hit.key)]
    named = [hit for hit in usable if hit.value is not None and is_cjk(hit.words[0][0])]
    # 合并报表口径: the value, where the name of its own field stands over a part of it.
    usable = [hit for hit in usable if not (hit.is_field and any(_outweighs(value, hit) for value in named))]
    values = [(hit.start, hit.end) for hit in usable if hit.value is not None]
    tables = [hit for hit in usable if hit.is_dataset and hit.sure >= 0.8]
    tables = [t for t in tables if not any(a <= t.start and t.end <= b and b - a > t.end - t.start for a, b in values)]
    said = {hit.key[0] for hit in tables}

    def rank(hit: Hit) -> tuple[float, ...]:
        far = 0.0 if hit.key[0] == dataset else float(reach[hit.key[0]])
        if hit.words[-1] == "id":
            return (-int(hit.is_quoted), -weight(hit), -hit.sure, far, 0, hit.start)
        far -= 1.5 if hit.key[0] in said else 0.0
        far -= (
            3.0
            if any(
                t.key[0] == hit.key[0] and (0 <= hit.start - t.end <= 14 or 0 <= t.start - hit.end <= 8) for t in tables
            )
            else 0.0
        )
        size = weight(hit) * (0.6 if hit.sure < 0.65 else 1.0)
        return (-int(hit.is_quoted), -size, -hit.sure, far, 0 if hit.value is None else 1, hit.start)

    kept: list[Hit] = []
    for hit in sorted(usable, key=rank):
        if all(hit.end <= k.start or hit.start >= k.end or _beside(hit, k) for k in kept):
            kept.append(hit)
    return sorted(kept, key=lambda hit: (hit.start, hit.end))


def _outweighs(value: Hit, name: Hit) -> bool:
    is_over = value.start < name.end and name.start < value.end and len(value.words) >= len(name.words)
    return value.key == name.key and is_over and len(value.words) > 1


def _beside(hit: Hit, other: Hit) -> bool:
    """第一二三产业: three names that stand on one stretch."""
    return (
        (hit.start, hit.end) == (other.start, other.end)
        and hit.key != other.key
        and hit.words != other.words
        and ("第" in hit.words and "第" in other.words)
    )


def score(hits: Iterable[Hit], dataset: str, index: FieldIndex) -> float:
    """How much of the text the hits explain."""
    total, seen = 0.0, set()
    for hit in hits:
        is_thing = hit.is_dataset and hit.how == "exact" and is_cjk(hit.words[0][0])
        own = OWN if hit.key[0] == dataset or is_thing else REACHED
        near = hit.sure if hit.how == "fuzzy" and not hit.is_dataset else 1.0
        total += weight(hit) * hit.sure * near * own * (1.15 if hit.is_dataset and hit.key[0] == dataset else 1.0)
        if not is_thing:
            seen.add(hit.key[0])
    return total - sum(0.3 + 0.15 * index.reach[dataset].get(name, 0) for name in seen - {dataset})


def targets_of(hits: Iterable[Hit]) -> list[Target]:
    """The targets of hits, for whoever needs no place."""
    return [Target(hit.key, hit.how, hit.sure) for hit in hits]
