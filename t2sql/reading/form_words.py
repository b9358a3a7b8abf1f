"""Words that want an answer of a certain form, whatever else was found: two figures to compare, the first of each group, a
row a month, an order by name.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from t2sql.flow import Span
from t2sql.reading.shown import CHANGES, Shown

_DENIED = re.compile(
    r"(?:\b(?:not?|rather than|instead of|without|never|isn't|don't \w+)(?: the| a| an| any)?|不是|并非|而非|不要|不看|不问|不用|非)\s*$",
    re.IGNORECASE,
)


def _divides(shown: Shown) -> bool:
    return " / " in shown.columns or "share(" in shown.columns or CHANGES.search(shown.columns) is not None


def _sets_against(shown: Shown) -> bool:
    return not shown.is_one_figure or bool(re.search(r" [<>]=? | IN \(| BETWEEN ", shown.sql))


def _firsts_of_each(shown: Shown) -> bool:
    return " QUALIFY " in shown.sql or "PARTITION BY" in shown.sql


def _ordered(shown: Shown) -> bool:
    return bool(re.search(r" ORDER BY | QUALIFY |rank\(|\b(?:MAX|MIN)\(| [<>]=? ", shown.sql))


def _by_name(shown: Shown) -> bool:
    return bool(
        re.search(r" ORDER BY (?!\w+\()(?:region|branch|sub_branch|product|industry|customer_name)\b", shown.sql)
    )


def _changes(shown: Shown) -> bool:
    return bool(CHANGES.search(shown.sql)) or " - " in shown.columns


def _averages(shown: Shown) -> bool:
    return "AVG(" in shown.sql


def _never(_shown: Shown) -> bool:
    return False


_EN_BEST = r"(?:top|bottom|best|worst|largest|biggest|highest|lowest|smallest|leading|most|least|strongest|weakest)"
FORMS: tuple[tuple[re.Pattern[str], Callable[[Shown], bool]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), holds)
    for pattern, holds in (
        (
            r"\balphabetic\w*|\b(?:by|in) name order\b|\ba[- ]to[- ]z\b|按(?:名称|名字|拼音|首?字母)(?:的?顺序|排)|拼音顺序",
            _by_name,
        ),
        (
            r"\bday of (?:the )?week\b|\b(?:by|per|each|every|on) week(?:end|day)s?\b|\b(?:each|every|on) (?:mon|tues|wednes|thurs|fri|satur|sun)days\b|\bweek(?:end|day)s? (?:vs|versus|and|or|against|only)\b|周末(?=的?[\u3400-\u9fff]*(?:消费|交易|存款))|工作日|星期几|周几",
            _never,
        ),
        (
            r"\b(?:per|each|every|by|for each|for every) (?:calendar )?(?:week|month|quarter|half[- ]year|year)\b(?![- ]?(?:ends?|on|to|ago|over|start|close|earlier|before|later)\b|['’]s| (?:end|close|of|or)\b)|(?:每一?个?|逐|各个?)(?:季度?|月|年)(?![初末底均化]|一?[上下]半年|的?[一二三四]季)",
            lambda shown: shown.is_course or "each_" in shown.sql,
        ),
        (
            r"\bin any (?:one |single |given )?(?:week|month|quarter|half[- ]year|year)\b|任[一何](?:一?个)?(?:月|季度?|年)",
            lambda shown: shown.is_course,
        ),
        (
            r"\b(?:less|minus|net of) the (?:bank(?:[- ]wide|'s)?|overall|group|average|total)\b|减去?全行",
            lambda shown: " - " in shown.columns,
        ),
        (rf"\b{_EN_BEST}\b[^,.;:?!]{{0,40}}\b(?:in|for|of|within|from|at) (?:each|every)\b", _firsts_of_each),
        (r"几倍|多少倍|\b(?:how many times|as a multiple of|what multiple)\b", _divides),
        (
            r"\b(?:how far|how much (?:higher|lower|more|less|bigger|smaller|larger))\b|[差高低多少]出?多少(?=$|[^\u3400-\u9fff]|[?？])|相差|差距|差几|\b(?:gap|difference) (?:between|to|from|with)\b",
            lambda shown: bool(re.search(r" - |_diff\(|" + CHANGES.pattern, shown.columns)),
        ),
        (
            r"\b(?:compare[sd]?|comparing|comparison|versus|vs|relative to|as against|against (?=(?:the (?:same|previous|prior|year|month)|a (?:year|month|quarter)|last|q[1-4]|h[12]|20\d\d)\b)|stack(?:s|ed)? up)\b|对比|相比|相较|比较(?![好差高低多少大小])",
            _sets_against,
        ),
        (r"\b(?:simple|arithmetic|straight|plain|unweighted) (?:mean|average|avg)\b|简单平均|算术平均", _averages),
        (
            r"\byear[- ](?:on|over)[- ]year\b|\by-?o-?y\b|同比",
            lambda shown: bool(re.search(r"\byoy|\bprior_year", shown.sql) or shown.sql.startswith("WITH")),
        ),
        (r"\bgrowth\b(?! rates?\b)|\b(?:increase|decrease|rise|decline|drop|fall)s? (?:by|per|each|every) ", _changes),
        (
            r"\b(?:top|bottom)\b[^.?;,]{0,30}\b(?:for|in|by|on) both\b|\bboth [^.?;,]{0,30}\b(?:top|bottom) (?:\d+|three|five|ten)\b",
            _never,
        ),
        (r"\bby how (?:long|old|big|large|far)\b", lambda shown: shown.groups > 0),
        (
            r"(?<!at )(?<!the )\b(?:top|bottom) (?!lines?\b|up\b|down\b|of\b)(?:\d+|[a-z]+)\b|\b(?:highest|lowest|largest|biggest|smallest)\b",
            _ordered,
        ),
    )
)
"""Words, and whether a reading has the form that they want."""


def wanted_forms(text: str, shown: Shown) -> Iterator[Span]:
    """Where words stand whose form is not shown."""
    for pattern, holds in FORMS:
        if holds(shown):
            continue
        for match in pattern.finditer(text):
            if not _DENIED.search(text[: match.start()]):
                yield Span(*match.span())
