"""Which of the names in a text a question about definitions is about, and the word of what is no name here.

A name that is part of a longer, unknown one (NPL formation rate) is not what is asked about. It reads no data.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property

from t2sql.catalog import Catalog
from t2sql.definitions.cues import Cue
from t2sql.definitions.masking import Masked, Masks, Mention, stem
from t2sql.definitions.speech import PLAIN, SPEECH, SPEECH_ZH
from t2sql.grounding import fold
from t2sql.grounding.words.lexicon import loosen
from t2sql.grounding.words.stop_words import ENGLISH, chinese_content, content_before
from t2sql.grounding.words.vocabulary import Vocabulary
from t2sql.metric_names import made_of

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
_CALLED = re.compile(
    r"(?:算作?|属于|叫做?|称为|视为|认定为|划为|归为|列为)$|\b(?:count|counts|qualif\w+|classed|considered|regarded) (?:as )?(?:an? )?$"
)
_COMPARED = re.compile(r"和|跟|与|同|\b(?:and|vs|versus|from|to|as|than)\b")
# What makes another measure of a name: 客户流失率, 净利差.
_TAIL = re.compile(
    r"(?:增|占|变动|周转|覆盖|充足|集中|偏离|流失|转化)?(?:率|比率?|比例|比重|度|系数|差)(?=$|[是和与跟的怎如有])"
)
_RUN = re.compile(r"[㐀-鿿]+|[a-z][a-z']*")


class Subjects:
    """What questions about the definitions of one narrowed catalog are about."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._masks = Masks(catalog)

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary(self._catalog)

    def mask(self, text: str, today: date, *, is_literal: bool = False) -> Masked:
        """`text` folded, each name in it one mask and each time expression a blank; see `Masks.mask`."""
        return self._masks.mask(text, today, is_literal=is_literal)

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

    def other_side(self, masked: Masked, asked: Iterable[Mention]) -> str:
        """What a single name is compared with, where that is no name here: 净息差和净利差是一个东西吗."""
        asked = tuple(asked)
        if len(asked) != 1 or not _COMPARED.search(masked.text):
            return ""
        left = self._content(masked.text, asked[0].names)
        return (" " if masked.text.isascii() else "").join(left)

    def loosely(self, masked: Masked) -> str:
        """What is left beside words of asking, common words too: what counts as churned."""
        return _longest_run(masked.text, is_loose=True) if masked.text.isascii() else ""

    def narrower(self, masked: Masked, asked: Iterable[Mention]) -> tuple[str, ...]:
        """When is a loan considered overdue: a metric called by a name found and a word left apart from it, if there is one."""
        for mention in asked:
            if mention.kind != "metric":
                continue
            # With two words left, one of them would be passed over.
            left = list(self._content(masked.text, mention.names))
            if len(left) == 1 and (found := self._called_by(mention.said, left[0])):
                return found
        return ()

    def _called_by(self, said: str, word: str) -> tuple[str, ...]:
        """The metric with the shortest name made of both words and nothing else."""
        wanted = {stem(part) for part in f"{said} {word}".split()}
        for metric in self._catalog.metrics.values():
            for written in (metric.display.zh, metric.display.en, *metric.synonyms):
                name = loosen(fold(written).text)
                if name.isascii() and {stem(part) for part in name.split()} == wanted:
                    return (metric.name,)
                if not name.isascii() and name in (said + word, word + said):
                    return (metric.name,)
        return ()

    def _beside(self, words: str, found: list[str], *, is_before: bool) -> str:
        """What of the words beside a name belongs to a longer, unknown name."""
        if re.search(r"[㐀-鿿]", words):
            plain = SPEECH_ZH.sub("\n", words)
            run = plain.rsplit("\n", 1)[-1] if is_before else plain.split("\n", 1)[0]
            pieces = chinese_content(run)
            if not is_before and (tail := _TAIL.match(run)):
                return tail[0]
            kept = [p for p in pieces if not self._vocabulary.explains(p, found)]
            if not kept:
                return ""
            # It must touch the name: what the particle 的 parts from it only says whose.
            touches = run.endswith(kept[-1]) if is_before else run.startswith(kept[0])
            if touches and is_before:
                return content_before(run)
            return kept[-1 if is_before else 0] if touches else ""
        left = [w for w in self._content(words, found) if w not in SPEECH]
        return (f"{left[-1]} " if is_before else f" {left[0]}") if left else ""

    def _content(self, text: str, found: Iterable[str]) -> Iterator[str]:
        known = list(found)
        for run in _RUN.findall(text):
            if not run[0].isascii():
                for part in SPEECH_ZH.sub("\n", run).split("\n"):
                    yield from (p for p in chinese_content(part) if not self._vocabulary.explains(p, known))
            elif len(run) < 2 or run in ENGLISH or run in SPEECH:
                continue
            elif not (known and self._vocabulary.explains(run, known)):
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
        if word in PLAIN or word in SPEECH or not word[0].isalpha():
            runs.append([])
        else:
            runs[-1].append(word)
    told = [run for run in runs if any(is_loose or word not in ENGLISH for word in run)]
    return " ".join(sorted(told, key=len)[-1]) if told else ""


def _groups(text: str, mentions: list[Mention]) -> list[list[Mention]]:
    """Mentions that stand in one list, together."""
    groups: list[list[Mention]] = [[mentions[0]]]
    for before, after in itertools.pairwise(mentions):
        between = text[before.masked_at + 1 : after.masked_at]
        if _LISTED.fullmatch(between):
            groups[-1].append(after)
        else:
            groups.append([after])
    return groups
