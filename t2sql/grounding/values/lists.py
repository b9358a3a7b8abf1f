"""Lists whose last member says what all are: gold and platinum cards, 流动资金和固定资产贷款, 上海、杭州、南京分行.

What a member lacks is taken from the last one only where the two together are a value. Nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from t2sql.grounding.values.denials import LISTED, are_listed
from t2sql.grounding.values.written import Target
from t2sql.grounding.words.text import is_cjk, on_word_edges

Place = tuple[int, int, list[Target]]
"""Start and end in the folded text, and what stands there."""
_BEFORE = re.compile(rf"(?P<said>[㐀-鿿]{{1,6}}|[a-z][a-z'-]*(?: [a-z][a-z'-]*)?)(?:{LISTED.pattern})$")
_NEXT = re.compile(rf"(?:{LISTED.pattern})(?P<said>[a-z]{{4,}})(?=$|[\s,.;:?!)])(?! (?:of|periods?|series|to|ranges?))")
# 白金钻石卡: Chinese needs no joint.
_RUN_ON = re.compile(r"(?P<said>[㐀-鿿]{2,6})$")
# Said of a deposit, one is the other.
_LIKE = {"term": "fixed"}
_LEAST_RUN_ON = 2
# 抵质押, 大中型: one letter of each before the letter that they share; a day of the month is none.
_TELESCOPED = re.compile(r"(?<![日月年季期末])(?P<said>[㐀-鿿])$")
_NOT_TELESCOPED = frozenset("日月年季期末本上下的和与及或在")
# 普卡金卡白金钻石: the rest of a run lacks the letter that those before it end with.
_REST_OF_RUN = re.compile(r"(?P<said>[㐀-鿿]{2,8})(?=[)）、，,。;；\s]|$|等|的|各|分别)")
_BOUND = re.compile(r"(?P<number>\d+|[一二三四五六七八九十]+)(?P<unit>年|天|个月)(?P<side>内|上|下|外)")
_WIDE = {"内": "以内", "上": "以上", "下": "以内", "外": "以上"}
_LEAST_ALIKE = 6


def of_one_kind(text: str, hits: list[Place], alike: Callable[[str], Collection[Target]]) -> list[Place]:
    """`hits`, in order of place, each listed one with the kind of the next where it may be of that kind. `alike`:
    values that are called by a word with more letters: mortgaged for mortgage, beside pledge.
    """
    kept = list(hits)
    for index in range(len(hits) - 2, -1, -1):
        (start, end, targets), (next_start, _, following) = kept[index], kept[index + 1]
        if are_listed(text, end, next_start):
            kinds = {target.dimension for target in following}
            same = [t for t in targets if t.dimension in kinds]
            if not same and text[start].isascii() and end - start >= _LEAST_ALIKE:
                other = {(t.dimension, t.value): t for t in alike(text[start:end]) if t.dimension in kinds}
                same = list(other.values()) if len(other) == 1 else []
            kept[index] = (start, end, same or targets)
    return kept


def completed(text: str, hits: list[Place], known: Callable[[str], Collection[Target]]) -> list[Place]:
    """`hits` and the members before them that lack the last one's noun. `known`: what a written form stands for."""
    kept = list(hits)
    for start, end, targets in sorted(hits, key=lambda hit: -hit[0]):
        kinds = {target.dimension for target in targets}
        for noun in _nouns(text[start:end]):
            before = start
            while found := _member(text, before, noun, kinds, known) or _telescoped(
                text, before, noun, text[start:end], targets, known
            ):
                inside = [h for h in kept if h[0] < found[1] and found[0] < h[1]]
                if any(h[0] < found[0] or h[1] > found[1] or kinds & {t.dimension for t in h[2]} for h in inside):
                    break
                kept = [h for h in kept if h not in inside] + [found]
                before = found[0]
    return kept


def partners(text: str, hits: list[Place], beginning: Callable[[str], Collection[Target]]) -> list[Place]:
    """`hits` and the member listed after one by its first word: time of "demand vs time". `beginning`: values that
    are called by a word and more.
    """
    found = list(hits)
    for _, end, targets in hits:
        match = _NEXT.match(text, end)
        if not match or any(h[0] < match.end("said") and match.start("said") < h[1] for h in found):
            continue
        kinds = {target.dimension for target in targets}
        same = (*beginning(match["said"]), *beginning(_LIKE.get(match["said"], match["said"])))
        meant = {(t.dimension, t.value): t for t in same if t.dimension in kinds}
        if len(meant) == 1 and next(iter(meant)) not in {(t.dimension, t.value) for t in targets}:
            found.append((match.start("said"), match.end("said"), list(meant.values())))
    return found


def run_on(text: str, hits: list[Place], known: Callable[[str], Collection[Target]]) -> list[Place]:
    """`hits` and the members that a run of Chinese goes on with, which lack the last letter: 普卡金卡白金钻石."""
    found = list(hits)
    for _, end, targets in hits:
        match = _REST_OF_RUN.match(text, end)
        if not match or not is_cjk(text[end - 1]) or any(h[0] < match.end() and end < h[1] for h in found):
            continue
        kinds = {target.dimension for target in targets}
        members = _cut_up(match["said"], text[end - 1], kinds, known)
        start = end
        for length, meant in members:
            found.append((start, start + length, meant))
            start += length
    return found


def _cut_up(
    said: str, noun: str, kinds: Collection[str], known: Callable[[str], Collection[Target]]
) -> list[tuple[int, list[Target]]]:
    """`said` as members that lack `noun`, each with its length; [] where not all of it is."""
    if not said:
        return []
    for length in range(len(said), 1, -1):
        meant = [t for t in known(said[:length] + noun) if t.dimension in kinds]
        if meant and (length == len(said) or (rest := _cut_up(said[length:], noun, kinds, known))):
            return [(length, meant), *(rest if length < len(said) else [])]
    return []


def bounded(text: str, hits: list[Place], known: Callable[[str], Collection[Target]]) -> list[Place]:
    """`hits` and the bands listed beside them that are said short: 1年内 of 1年内、1到5年. Alone it may be a time."""
    found = list(hits)
    for match in _BOUND.finditer(text):
        start, end = match.span()
        beside = [h for h in hits if are_listed(text, end, h[0]) or are_listed(text, h[1], start)]
        kinds = {target.dimension for h in beside for target in h[2]}
        written = match["number"] + match["unit"] + _WIDE[match["side"]]
        meant = [t for t in known(written) if t.dimension in kinds]
        if meant and not any(h[0] < end and start < h[1] for h in found):
            found.append((start, end, meant))
    return found


def _nouns(said: str) -> Iterator[str]:
    """What the others may lack: the words after the first, or the last letters, the longest first."""
    if not is_cjk(said[0]):
        words = said.split()
        yield from (" " + " ".join(words[place:]) for place in range(1, len(words)))
        return
    yield from (said[place:] for place in range(1, len(said)))


def _telescoped(
    text: str, end: int, noun: str, hit: str, targets: Collection[Target], known: Callable[[str], Collection[Target]]
) -> Place | None:
    """抵 of 抵质押: a letter that is another value of the same kind together with the last letter of the next."""
    match = _TELESCOPED.search(text[:end])
    is_short = all(len(target.value) <= 3 for target in targets) and len(noun) in (1, len(hit) - 1)
    if not is_short or not match or match["said"] in _NOT_TELESCOPED or noun != hit[-len(noun) :]:
        return None
    same, others = {t.value for t in targets}, {t.dimension for t in targets}
    found = [t for t in known(match["said"] + noun) if t.dimension in others and t.value not in same]
    return (match.start("said"), end, found) if found else None


def _member(
    text: str, end: int, noun: str, kinds: Collection[str], known: Callable[[str], Collection[Target]]
) -> Place | None:
    """The member right before `end` that is a value of one of `kinds` together with `noun`."""
    match = _BEFORE.search(text[:end]) or (_RUN_ON.search(text[:end]) if is_cjk(noun[0]) else None)
    if not match:
        return None
    said = match["said"]
    is_run_on = match.end("said") == end
    for place in range(len(said)):
        start = match.start("said") + place
        if said[place] == " " or not on_word_edges(text, start, start + len(said) - place):
            continue
        if not is_cjk(said[0]) and place and said[place - 1] != " ":
            continue
        if is_run_on and len(said) - place < _LEAST_RUN_ON:
            break
        found = [target for target in known(said[place:] + noun) if target.dimension in kinds]
        if found:
            return start, match.end("said"), found
    return None
