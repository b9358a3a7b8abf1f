"""Tells the words of a question that nothing explains: no finding, no stop word, no name of what was found.

A word is let pass only when a found metric, dimension or value is called by it; any other is told, so that it is asked
back and not ignored.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Protocol

from t2sql.catalog import Catalog, Dimension, Metric
from t2sql.flow import Doubt, Span
from t2sql.grounding.words.asides import asides, headings
from t2sql.grounding.words.lexicon import loosen
from t2sql.grounding.words.purposes import purposes
from t2sql.grounding.words.stop_words import ENGLISH, placed_content
from t2sql.grounding.words.text import Folded, fold
from t2sql.grounding.words.weighing import LIKELY, MANNER, SPEECH, qualifies, weigh_chinese, weigh_english
from t2sql.metric_names import datasets_of, is_stock, made_of

# What stands beside "vs" is one side of a comparison, however common the word.
_VERSUS = re.compile(r"\b(?:vs|versus) (?:the )?([a-z]+)")
_VERSUS_OF = re.compile(r"\b([a-z-]+) (?:vs\.?|versus|and|or) ?(?=\n)")
# Said of how and when to answer, though a word of it alone may be said of what.
_IDIOM = re.compile(
    r"\b\d{1,2}(?::\d\d)? ?[ap]m\b|(?<=累计\()[自从]年初(?:起|开始|以来|至今)|合同(?=的?(?:期限|到期))|(?<!net )\bworth\b|\b(?:side by side|right now|right away|at the moment|at a glance|at present|to date|so far|thus far|as we speak|in one go|head to head|"
    r"line by line|one by one|accounts? for|accounted for|accounting for|plus (?=(?:its|their|the) )|calendar (?=years?\b|\d|\n)|and so on|and so forth|and the like|and such|and whatnot|or so|and the rest of it|sits? at|sitting at|standing at|stands? at|sat at|in plain (?:english|words)|in short|in brief|in general|in particular|for sure|of course|by the way|if possible|"
    r"when you can|on the books|in our books|on our books|in the books|in place|in hand|on hand|rather than|in terms of|in the form of|as well|"
    r"inclusive(?! of)|"
    r"long story short|big picture|heads up|up to now|back then|from now on|all in all|on the whole|by and large|as a whole|in its entirety)\b"
)
_WAY = re.compile(
    r"\b(?:in|at|by|on) (?:terms of )?(?:the |its |their )?(?P<en>[a-z]+ (?:value|price|cost|amount))\b|(?:[按以用]|(?=市值|面值|票面|账面))(?P<zh>[㐀-鿿]{2})"
)
# What only points at a finding right before it: 1-30天*那档*, 逾期181天以上*部分*, 6月15日*当天*, 200%*内控线*.
_POINTING = re.compile(
    r"(?<=\n)[类档种]?的?(?:[这那该哪][一两几]?[个些家块档类种项条行列边头段级层样天日年月]|[这那]个?(?:时候|时点|季度|月份|会儿|时|月)|[这那]?(?<!大)(?<!小)部分|板块|条线|口径|方面|当[天日]|节点|时点|左近|"
    r"每?[一两三]?[类档种]|里[头面边]|当中|之中|名下|项下|(?:以下|以上)?(?:管辖|辖)[下内区]?|(?:的?(?:内部|监管)?(?:内控|监管|管控|警戒|预警|达标|及格|标准|考核|风险|容忍|控制)(?:线|值|度|标准|水平|要求|红线)|红线|门槛|及格线))(?=[^一-鿿]|的|[一-鿿]|$)"
)
# Lists what a condition is, and points at what follows: 同时满足以下条件的, "the following".
_WHERE = re.compile(
    r"(?:同时)?(?:满足|符合)?(?:以下|下列|如下|下述|下面)(?:[各几]?项|[一两二三四五六]个|所有|全部)?(?:条件|要求|情形|口径|各项)|单一(?=客户|借款人|\n)"
)
# What is there on a day, which is all that a stock counts.
_STANDING = re.compile(r"在册|存续|在行|现存|现有|outstandings?")
_PAID_OUT = re.compile(r"(?:一共|总共|共)?(?:花|用|付)(?:掉|了|出去?|费)?(?:多少)?了?")
_FISCAL = re.compile(r"(?<=\n )(?:financial|fiscal)(?= year\b)")
_UNPAID = re.compile(r"(?:多少)?尚?[没未]有?(?:还|还清|还完|还上|收回|收回来|结清|偿还)")
# "R5-rated customers", "USD-denominated": the word only joins a value to its noun.
_OF_VALUE = re.compile(
    r"(?<=\n)[ ](?:br(?=\W|$)|rated|graded|classified|denominated|tagged|labelled|labeled|flagged)\b"
)
# Before a time or a number a word is no kind of it: "as at end-June".
_TIME_NEXT = re.compile(
    r"\d|[一二三四五六七八九十]|(?:上|本|去|今|明|前|年|月|季|last|this|next|the|q[1-4]|h[12]|fy|end|year|month)"
)
_WORD = re.compile(r"[a-z][a-z']*")
_RUN = re.compile(r"[㐀-鿿]+|[a-z][a-z']*")


class Says(Protocol):
    """What words say in banking, beside the names of one catalog."""

    def explains(self, word: str, found: Iterable[str]) -> bool:
        """Whether the word says what a name of one of the things `found` says."""
        ...

    def is_term(self, word: str) -> bool:
        """Whether banking knows the word, or a word in it, as saying something."""
        ...


class Vocabulary:
    """The words of one narrowed catalog, by the thing they name."""

    def __init__(self, catalog: Catalog, says: Says | None = None) -> None:
        """`says` tells what a word says in banking, or what the names of a thing say; without it words are only words."""
        self._names: dict[str, tuple[str, ...]] = {}
        things: list[Metric | Dimension] = [*catalog.metrics.values(), *catalog.dimensions.values()]
        for thing in things:
            said = [thing.name, thing.display.zh, thing.display.en, *thing.synonyms]
            if isinstance(thing, Metric):
                # 从流水看, "per the ledger": where a metric's figures are taken from.
                books = [catalog.datasets[d].display for d in datasets_of(thing, catalog) if d in catalog.datasets]
                said += [name for book in books for name in (book.zh, book.en)]
            self._names[thing.name] = tuple(_key(name) for name in said)
        self._catalog = catalog
        self._says = says

    def explains(self, word: str, found: Iterable[str], *, is_own: bool = False) -> bool:
        """Whether a name of the things `found`, or of what these are made of, holds the word or says the same. `is_own`: only
        a name of theirs, as profit is not gross because it holds gross income.
        """
        found = list(found)
        # What is not paid back yet is what a balance counts.
        word = "余额" if _UNPAID.fullmatch(word) else word
        every = found if is_own else self._all(found)
        words, chinese = self._said_by(every)
        if _PAID_OUT.fullmatch(word) and any(cost in chinese for cost in ("费", "支出", "成本")):
            return True
        if _STANDING.fullmatch(word) and any(map(self._is_stock, found)):
            return True
        if word in ("principal", "本金") and any("本金" in self._description(name) for name in found):
            return True
        if word in ("存量贷款", "存量存款") and any(map(self._is_stock, found)):
            return True
        # 活跃度 beside 活跃客户占比.
        if len(word) > 2 and word[-1] in "度性" and word[:-1] in chinese:
            return True
        held = not words.isdisjoint((word.rstrip("s"), word.removesuffix("d"))) if word.isascii() else word in chinese
        return held or bool(self._says and self._says.explains(word, every))

    def _description(self, name: str) -> str:
        metric = self._catalog.metrics.get(name)
        return metric.description if metric else ""

    def _is_stock(self, name: str) -> bool:
        metric = self._catalog.metrics.get(name)
        return metric is not None and is_stock(metric, self._catalog)

    def _all(self, found: Iterable[str]) -> list[str]:
        return sorted({used for thing in found for used in (thing, *made_of(thing, self._catalog.metrics))})

    def _said_by(self, found: Iterable[str]) -> tuple[set[str], str]:
        """Words, and the Chinese names a line, of the things `found`."""
        names = [name for thing in found for name in self._names.get(thing, ())]
        chinese = "\n".join(name for name in names if not name.isascii())
        return {word.rstrip("s") for name in names for word in name.split()}, chinese

    def _ways(self, text: str, found: Iterable[str]) -> Iterator[re.Match[str]]:
        """Ways of measuring that the definition of a found metric says itself: "in market value", 按市值."""
        metrics = self._catalog.metrics
        told = "\n".join(_key(metrics[name].description) for name in self._all(found) if name in metrics)
        for match in _WAY.finditer(text):
            if (match["en"] or match["zh"]) in told:
                yield match

    def doubts(
        self, folded: Folded, claimed: Iterable[Span], found: Iterable[str], original: str = ""
    ) -> tuple[Doubt, ...]:
        """Words outside `claimed` spans that no name of the things `found`, or of what these are made of, contains, with
        how much each may change what is asked; folded, in order, each once with its greatest weight.
        """
        found = list(found)
        spans = list(claimed)
        text = loosen(folded.text)
        open_text = "".join(
            "\n" if any(span.start <= start < span.end for span in spans) else letter
            for letter, start in zip(text, folded.starts, strict=True)
        )
        for start, end in purposes(folded):
            open_text = open_text[:start] + re.sub("[^\n]", " ", open_text[start:end]) + open_text[end:]
        for start, end in headings(text, open_text):
            open_text = open_text[:start] + re.sub("[^\n]", " ", open_text[start:end]) + open_text[end:]
        for idiom in (
            *_IDIOM.finditer(text),
            *_POINTING.finditer(open_text),
            *_WHERE.finditer(open_text),
            *_OF_VALUE.finditer(open_text),
            *self._ways(text, found),
        ):
            blank = "".join("\n" if letter == "\n" else " " for letter in open_text[idiom.start() : idiom.end()])
            open_text = open_text[: idiom.start()] + blank + open_text[idiom.end() :]
        spoken = [span for span in asides(open_text) if not self._says_a_term(open_text[slice(*span)])]
        if self._catalog.fiscal_year_start == 1:
            open_text = _FISCAL.sub(lambda match: " " * len(match[0]), open_text)
        left = dict.fromkeys(_VERSUS.findall(open_text), 1.0)
        # The gross of "gross vs net fee income" is the other side.
        left |= {word: 1.0 for word in _VERSUS_OF.findall(open_text) if qualifies(word)}
        for run in _RUN.finditer(open_text):
            for start, word in placed_content(run[0]) if not run[0].isascii() else [(0, run[0])]:
                weight = self._weight(word, run.start() + start, text, open_text, folded, original)
                if weight == LIKELY and any(s <= run.start() + start < e for s, e in spoken):
                    weight = SPEECH
                is_own = word.isascii() and qualifies(word) and open_text[run.end() :].lstrip(" ")[:1] == "\n"
                if weight > 0 and not (weight > MANNER and self.explains(word, found, is_own=is_own)):
                    left[word] = max(left.get(word, 0.0), weight)
        return tuple(Doubt(word, weight) for word, weight in left.items())

    def _says_a_term(self, clause: str) -> bool:
        """Whether a clause holds a word of banking that is no everyday verb."""
        words = (word for word in _WORD.findall(clause) if word not in ENGLISH)
        return self._says is not None and any(self._says.is_term(word) for word in words)

    def _weight(self, word: str, start: int, text: str, open_text: str, folded: Folded, original: str) -> float:
        end = start + len(word)
        before, after = text[:start], text[end:]
        following = open_text[end:].lstrip(" 的")[:1]
        is_before_name = following == "\n" and not _TIME_NEXT.match(after.lstrip(" 的"))
        is_term = bool(self._says and self._says.is_term(word))
        if not word.isascii():
            return weigh_chinese(word, before, after, is_term=is_term, is_before_name=is_before_name)
        place = folded.starts[start] if start < len(folded.starts) else 0
        is_capital = bool(before.strip()) and original[place : place + 1].isupper()
        return weigh_english(word, before, after, is_term=is_term, is_before_name=is_before_name, is_capital=is_capital)


def _key(text: str) -> str:
    return loosen(fold(text).text)
