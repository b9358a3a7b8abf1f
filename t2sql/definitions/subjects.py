"""Finds which names of the catalog a text mentions, and which of them a question about definitions is about.

Names come from one narrowed catalog only: metrics and dimensions by every name they have, and values that a definition
lists, which stand for their dimension. It reads no data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from t2sql.catalog import Catalog, Dimension, Metric
from t2sql.definitions.cues import NAME, Cue
from t2sql.grounding import NameIndex, fold
from t2sql.grounding.time.periods import time_spans
from t2sql.grounding.words.lexicon import Lexicon, loosen
from t2sql.grounding.words.stop_words import ENGLISH, chinese_content
from t2sql.grounding.words.text import plural
from t2sql.grounding.words.vocabulary import Vocabulary
from t2sql.metric_names import made_of

Kind = Literal["metric", "dimension", "value"]
_RANK = {"metric": 0, "dimension": 1, "value": 2}
_LISTED = re.compile(
    r"\s*(?:和|、|及|与|跟|同|以及|还有|或|/|,|，|;|；|&|(?:,\s*)?(?:and|or|vs\.?|versus|from|to|with|than|as)(?: the)?)\s*"
)
_INSIDE = re.compile(
    r"^(?:的?(?:口径|定义|余额|数据|数字|统计|计算))?(?:里面?|里头|中|之中|当中|内|内部|是否|到底|究竟)"
)
_MEMBER_OF = re.compile(
    r"算(?:不算)?|计(?:不计)?入|纳入|属于|算[在进]|计算在|part of|in\b|belong|count(?:s|ed)? (?:in|as|towards?|under)"
)
# What kind of thing is called something: the name it is called by comes last.
_CALLED = re.compile(r"(?:算作?|属于|叫做?|称为|视为|认定为|划为|归为|列为)$|\b(?:count|counts|qualif\w+|classed|considered|regarded) (?:as )?(?:an? )?$")
# The last letter of a Chinese name tells what kind of measure it is.
_MEASURES = frozenset("率数额比量度值")
_RUN = re.compile(r"[㐀-鿿]+|[a-z][a-z']*")
# Words of speaking about definitions that say nothing of their own.
_SPEECH = frozenset(
    "word words term terms metric metrics measure kpi mean means meaning exactly define defined defines definition"
    " definitions formula calculated calculate calculation computed compute include includes included including exclude"
    " excluded count counts counted own owns owner force effect effective version versions explain stand describe clarify"
    " difference differences differ different between same department team since changed changes numerator denominator"
    " responsible maintain maintains annualise annualize annualised annualized consider considered classed treated"
    " methodology basis question understand sense ask asked asking tell used use uses using standard threshold criteria"
    " deemed qualify qualifies makes make shown reported expressed stated given quoted unit units measured worked derived determined converted rule rules".split()
)
# English words that never stand inside a name.
_PLAIN = frozenset(
    "the a an of is are was were be been how what who when which does do did why where can could would should will you we i"
    " us our your my it its this that these those and or but if for in on at by to from with as so please tell me about"
    " explain exactly actually mean means there here they them has have had".split()
)
_SPEECH_ZH = re.compile(
    r"口径|定义|公式|含义|涵义|意思|指标|概念|名词|计算|统计|算法|方法|方式|逻辑|规则|标准|部门|负责|归口|生效|版本|区别|差别"
    r"|差异|不同|包含|包括|包不包|含不含|算不算|剔除|扣除|计入|纳入|分母|分子|解释|介绍|说明|具体|准确|行里|咱们|行内|我们行"
    r"|监管|一样|相同|一回事|同一个|东西|更新后|修改后|调整后|最新|现行|更新|修改|调整|变过|改过|认定|界定|划分|(?:才|就)?(?<![决预核结清])算(?:作|是|为)?|到底|究竟|请教|术语|术语|贵行|一般|通常|业务|里面|之间|时候"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """One name in the text, with offsets into it and into the masked text."""

    start: int
    end: int
    kind: Kind
    names: tuple[str, ...]
    """What is called so; several where the catalog gives one name to several things. A value gives its dimensions."""
    masked_at: int = 0
    """Where its mask stands."""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Masked:
    """A folded text in which each name is one mask."""

    text: str
    mentions: tuple[Mention, ...]
    is_dated: bool


class Subjects:
    """The names of one narrowed catalog, ready to be found."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._index = NameIndex.build(catalog)
        self._metrics: Lexicon[str] = Lexicon(_names(catalog.metrics.values()))
        self._dimensions: Lexicon[str] = Lexicon(_names(catalog.dimensions.values()))
        self._values: Lexicon[str] = Lexicon(_value_names(catalog))
        self._stems: Lexicon[str] = Lexicon(
            (_stemmed(written), name)
            for name, metric in catalog.metrics.items()
            for written in (metric.display.en, *metric.synonyms)
            if written.isascii()
        )
        self._vocabulary = Vocabulary(catalog)

    def mask(self, text: str, today: date) -> Masked:
        """`text` folded, each name in it one mask and each time expression a blank."""
        folded = fold(text)
        found: list[tuple[int, int, Kind, str]] = [
            (h.start, h.end, "metric", n) for h in self._metrics.longest_hits(folded.text) for n in h.things
        ]
        for m in self._index.find_metrics(folded):
            if m.span is None:
                continue
            start, end = folded.starts.index(m.span.start), folded.ends.index(m.span.end) + 1
            if all(end <= s or e <= start for s, e, _, _ in found) and self._is_name(m.name, folded.text, start, end):
                found.append((start, end, "metric", m.name))
        if folded.text.isascii():
            found += [(s, e, "metric", n) for s, e, n in self._stemmed_hits(folded.text)]
        found += [
            (h.start, h.end, "dimension", n) for h in self._dimensions.longest_hits(folded.text) for n in h.things
        ]
        found += [(h.start, h.end, "value", n) for h in self._values.longest_hits(folded.text) for n in h.things]
        kept: list[tuple[int, int, Kind, list[str]]] = []
        for start, end, kind, name in sorted(found, key=lambda f: (f[0] - f[1], _RANK[f[2]], f[0])):
            same = next((k for k in kept if k[:3] == (start, end, kind)), None)
            if same is not None:
                same[3].append(name)
            elif all(end <= k[0] or k[1] <= start for k in kept):
                kept.append((start, end, kind, [name]))
        times = [(folded.starts.index(s.start), folded.ends.index(s.end) + 1) for s in time_spans(folded, today)]
        times = [t for t in times if all(t[1] <= k[0] or k[1] <= t[0] for k in kept)]
        pieces: list[str] = []
        mentions: list[Mention] = []
        at, length = 0, 0
        marks = sorted([(k[0], k[1], k) for k in kept] + [(s, e, None) for s, e in times], key=lambda m: m[:2])
        for start, end, name_found in marks:
            if start < at:
                continue
            pieces.append(folded.text[at:start])
            length += start - at
            if name_found is None:
                pieces.append(" ")
            else:
                said = folded.text[start:end]
                mentions.append(Mention(start, end, name_found[2], tuple(dict.fromkeys(name_found[3])), length, said))
                pieces.append(NAME)
            length += 1
            at = end
        pieces.append(folded.text[at:])
        return Masked("".join(pieces), tuple(mentions), bool(times))

    def _is_name(self, name: str, text: str, start: int, end: int) -> bool:
        """Whether what is nearly a name, or one in other words, is meant as one: 流失率 is none of 流失数, however near, and
        words of asking are part of none.
        """
        metric, said = self._catalog.metrics[name], text[start:end]
        if _SPEECH_ZH.search(said) or _SPEECH & set(re.findall(r"[a-z]+", said)):
            return False
        kinds = {written[-1:] for written in (metric.display.zh, *metric.synonyms)}
        return {text[end - 1 : end], text[end : end + 1]} & _MEASURES <= kinds

    def _stemmed_hits(self, text: str) -> Iterator[tuple[int, int, str]]:
        """A churned customer, an NPL: English names in the other number."""
        words = [(m.start(), m.end(), _stem(m[0])) for m in re.finditer(r"[a-z0-9+&]+", loosen(text))]
        joined = " ".join(word for _, _, word in words)
        starts = {0: 0}
        place = 0
        for index, (_, _, word) in enumerate(words):
            starts[place] = index
            place += len(word) + 1
        for hit in self._stems.longest_hits(joined):
            first = starts.get(hit.start)
            if first is None:
                continue
            last = first + len(hit.key.split()) - 1
            yield from ((words[first][0], words[last][1], name) for name in hit.things)

    def asked(self, masked: Masked, cue: Cue) -> tuple[Mention, ...]:
        """The mentions that the question is about, in its order."""
        mentions = masked.mentions
        if cue.aspect == "difference":
            metrics = tuple(m for m in mentions if m.kind == "metric")
            return metrics if len(metrics) > 1 else mentions
        named = [m for m in mentions if m.kind != "value"] or list(mentions)
        if not named:
            return ()
        if cue.aspect == "inclusion" and len(named) > 1:
            return (self._holder(masked, cue, named),)
        if cue.aspect == "meaning" and len(named) > 1 and _CALLED.search(masked.text[cue.start : named[-1].masked_at]):
            return (named[-1],)
        if cue.aspect == "values":
            return tuple(m for m in mentions if m.kind == "dimension")[:1]
        groups = _groups(masked.text, named)
        first = next((g for g in groups if any(m.kind == "metric" for m in g)), groups[0])
        return tuple(first)

    def _holder(self, masked: Masked, cue: Cue, named: list[Mention]) -> Mention:
        """Of the names beside a word of including, the one whose definition would include."""
        first, last = named[0], named[-1]
        words = masked.text[cue.start : cue.end] + masked.text[cue.end : cue.end + 8]
        after_first = masked.text[first.masked_at + 1 : first.masked_at + 12]
        if _MEMBER_OF.search(words) and not _INSIDE.match(after_first):
            between = masked.text[first.masked_at + 1 : last.masked_at]
            if _MEMBER_OF.search(between):
                return last
        metrics = [m for m in named if m.kind == "metric"]
        return metrics[0] if metrics else first

    def unknown(self, masked: Masked, asked: Iterable[Mention]) -> str:
        """The word of an unknown name that the question is about: what stands beside the names found, or all that is left;
        "" when every word is explained.
        """
        asked = tuple(asked)
        text = masked.text
        if not asked:
            return _longest_run(text) if text.isascii() else "".join(self._content(text, ()))
        found = [name for m in asked for name in m.names]
        for mention in asked:
            at = mention.masked_at
            before = re.search(r"[㐀-鿿]{1,8}$|[a-z][a-z'-]* ?$", text[:at])
            after = re.match(r"[㐀-鿿]{1,8}| ?[a-z][a-z'-]*(?: [a-z][a-z'-]*)?", text[at + 1 :])
            for side in (before, after):
                if side and (left := self._beside(side[0], found, is_before=side is before)):
                    return left + mention.said if side is before else mention.said + left
        return ""

    def loosely(self, masked: Masked) -> str:
        """What is left beside words of asking, common words too: what counts as churned."""
        return _longest_run(masked.text, is_loose=True) if masked.text.isascii() else ""

    def narrower(self, masked: Masked, asked: Iterable[Mention]) -> tuple[str, ...]:
        """When is a loan considered overdue: a metric called by a name found and a word left apart from it, if there is one."""
        for mention in asked:
            if mention.kind != "metric":
                continue
            for word in self._content(masked.text, mention.names):
                if found := self._called_by(mention.said, word):
                    return found
        return ()

    def _called_by(self, said: str, word: str) -> tuple[str, ...]:
        """The metric with the shortest name made of both words and nothing else."""
        wanted = {_stem(part) for part in f"{said} {word}".split()}
        for metric in self._catalog.metrics.values():
            for written in (metric.display.zh, metric.display.en, *metric.synonyms):
                name = loosen(fold(written).text)
                if name.isascii() and {_stem(part) for part in name.split()} == wanted:
                    return (metric.name,)
                if not name.isascii() and name in (said + word, word + said):
                    return (metric.name,)
        return ()

    def _beside(self, words: str, found: list[str], *, is_before: bool) -> str:
        """What of the words beside a name belongs to a longer, unknown name."""
        if re.search(r"[㐀-鿿]", words):
            plain = _SPEECH_ZH.sub("\n", words)
            run = plain.rsplit("\n", 1)[-1] if is_before else plain.split("\n", 1)[0]
            pieces = chinese_content(run)
            if not pieces and re.fullmatch(
                r"(?:增|占|变动|周转|覆盖|充足|集中|偏离|流失|转化)?(?:率|比|比率|比例|比重|度|系数)", run
            ):
                return run
            kept = [p for p in pieces if not self._vocabulary.explains(p, found)]
            if not kept:
                return ""
            # It must touch the name: what the particle 的 parts from it only says whose.
            touches = run.endswith(kept[-1]) if is_before else run.startswith(kept[0])
            return kept[-1 if is_before else 0] if touches else ""
        left = [w for w in self._content(words, found) if w not in _SPEECH]
        return (f"{left[-1]} " if is_before else f" {left[0]}") if left else ""

    def _content(self, text: str, found: Iterable[str]) -> Iterator[str]:
        known = list(found)
        for run in _RUN.findall(text):
            if not run[0].isascii():
                for part in _SPEECH_ZH.sub("\n", run).split("\n"):
                    yield from (p for p in chinese_content(part) if not self._vocabulary.explains(p, known))
            elif len(run) > 1 and run not in ENGLISH and run not in _SPEECH:
                if not (known and self._vocabulary.explains(run, known)):
                    yield run

    def beginning_with(self, word: str, limit: int = 3) -> tuple[str, ...]:
        """Metrics with a name that begins with `word`, as 流失 or churned; those with the shortest names first."""
        key = loosen(fold(word).text).strip()
        if len(key) < 2:
            return ()
        best: dict[str, int] = {}
        for metric in self._catalog.metrics.values():
            for written in (metric.display.zh, metric.display.en, *metric.synonyms):
                name = loosen(fold(written).text)
                begins = name.startswith(key) if not key.isascii() else f"{name} ".startswith(f"{key} ")
                if begins:
                    best[metric.name] = min(best.get(metric.name, 99), len(name))
        derived = {name for name in best if made_of(name, self._catalog.metrics) & best.keys()}
        kept = best.keys() - derived or best.keys()
        return tuple(sorted(kept, key=lambda n: (best[n], n))[:limit])


def _longest_run(text: str, *, is_loose: bool = False) -> str:
    """The longest stretch of English words that say something, whatever stands inside it."""
    runs: list[list[str]] = [[]]
    for word in re.findall(r"[a-z][a-z'-]*|[^a-z\s]", text):
        if word in _PLAIN or word in _SPEECH or not word[0].isalpha():
            runs.append([])
        else:
            runs[-1].append(word)
    told = [run for run in runs if any(is_loose or word not in ENGLISH for word in run)]
    return " ".join(max(told, key=len, default=[]))


def _groups(text: str, mentions: list[Mention]) -> list[list[Mention]]:
    """Mentions that stand in one list, together."""
    groups: list[list[Mention]] = [[mentions[0]]]
    for before, after in zip(mentions, mentions[1:], strict=False):
        between = text[before.masked_at + 1 : after.masked_at]
        if _LISTED.fullmatch(between):
            groups[-1].append(after)
        else:
            groups.append([after])
    return groups


def _stem(word: str) -> str:
    """A word without its English plural."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _stemmed(text: str) -> str:
    return " ".join(_stem(word) for word in re.findall(r"[a-z0-9+&]+", loosen(fold(text).text)))


def _names(things: Iterable[Metric | Dimension]) -> Iterator[tuple[str, str]]:
    for thing in things:
        for written in (thing.name, thing.display.zh, thing.display.en, *thing.synonyms):
            yield written, thing.name
            if written.isascii() and written[-1:].isalpha():
                yield plural(written), thing.name


def _value_names(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Values that a definition lists, with their aliases: they tell nothing of the data."""
    for dimension in catalog.dimensions.values():
        if dimension.role:
            continue
        for value, aliases in catalog.field_of(dimension).aliases.items():
            for written in (value, *aliases):
                yield written, dimension.name
