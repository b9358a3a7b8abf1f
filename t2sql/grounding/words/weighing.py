"""How much a word that nothing explains may change what is asked: 0 means nothing (politeness, filler), 1 changes it.

A list of harmless words is always too short, so what stands in none is judged by where it stands and how it is built: a
word right before a name tells which kind, a verb after "please" or before 了 is a way of speaking. When in doubt it
weighs much: what is let pass wrongly is a wrong answer that nobody notices.

No dictionary of parts of speech is used. jieba's (MIT) calls 合同 an adjective, 招行 and 涉农 verbs, and 计提 a noun, which
are just the words that matter here, and takes half a second and 19 MB; lemminflect's (MIT) knows no frequency, so that
price, staff and phone are verbs as well as nouns. A wrong tag would be a silent error.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

from t2sql.grounding.words.stop_words import ENGLISH
from t2sql.grounding.words.verbs import common_verbs

CERTAIN, LIKELY, SPEECH, MANNER, NOTHING = 1.0, 0.8, 0.3, 0.1, 0.0
MATTERS = 0.5
"""Words that weigh this much are asked back."""

# What changes a number, wherever it stands and however common it is.
_QUALIFIERS_EN = frozenset(
    """absolute average averages averaged mean median new newly net gross active inactive dormant only-if unless secured unsecured
    foreign domestic overseas local onshore offshore overdue performing nonperforming restructured written-off forecast
    forecasts expected projected planned budget budgeted target targets adjusted unadjusted weighted annualised annualized
    cumulative rolling consecutive retail corporate private public operating listed green rural urban existing former joint internal
    external interbank intraday overnight short-term long-term excess minimum maximum max min peak trough""".split()
)
_QUALIFIERS_ZH = re.compile(
    r"平均|人均|户均|新(?!闻|近)|首[套次贷]|二手|净(?!是)|毛利?|外币|境[内外]|海外|跨境|逾期|不良|活跃|睡眠|休眠|绿色|普惠|涉农|国有|民营|上市|三农|科创|专精|"
    r"预[测计算期]|计划|目标|考核|加权|年化|滚动|累计|连续|表[内外]|同业|银团|质押|抵押|信用|担保|违约|核销|重组|展期|续贷|委托|代[销理发]|自营|优质|高净值|中小"
)
# Verbs of coming and going: who came or left is another measure than who is there.
_CHANGES_EN = frozenset(
    "gain gains gained gaining lose loses lost losing win wins won winning shed sheds shedding attract attracts attracted "
    "attracting acquire acquires acquired acquiring onboard onboards onboarded onboarding defect defects defected quit quits".split()
)
_ADDS_OR_LEAVES = frozenset("add adds added adding leave leaves left leaving join joins joined joining".split())
# Beside what a figure is compared with, such a verb says only that it changed.
_COMPARED = re.compile(
    r"\b(?:since|versus|vs|compared|against|from .{3,30} to|year on year|month on month|over the (?:year|quarter|month))\b"
)
_NO_CHANGE = re.compile(r"\s+(?:up|together|out|in|on|behind|to|the|a|an)\b")
_DID = re.compile(
    r"\b(?:did|do|does|has|have|had|who|that|which|we|it|they|customers?|clients?|borrowers|depositors|[a-z]+ branch|newly)(?: [a-z]+)?\s+$"
)
# A kind of loans or deposits, though the word is common elsewhere.
_KINDS = frozenset("long short general specific state strong weak rich poor tiny huge deep".split())
# What was done to them is their kind: closed loans, classified assets; these only say that the figure is had.
_DONE_TO = re.compile(r"[a-z]{3,}(?:ed|en|own|ung|old|aid|ept|eft|ght)")
_HAD = frozenset(
    """reported recorded stated quoted disclosed published posted realised realized observed measured computed calculated
    summed summarised summarized totalled totaled combined merged consolidated achieved obtained generated produced booked compared
    charted displayed presented ranked sorted ordered grouped split said given taken shown seen known listed
    noted mentioned requested required needed wanted used updated provided supplied related even often then open broken
    detailed tabulated aggregated blended fixed offered received earned held kept told sold bought left right
    refreshed rounded called labelled labeled described named based compiled confirmed determined established""".split()
)
_OF_KIND = re.compile(
    r"(?:^|[,;:.?!(]|\b(?:of|for|in|on|by|with|and|our|the|all|total|about|me|give|list|get|pull|have|has))\s*$"
)
# Said of a manner and not of a thing; -ly words that do qualify stand among the qualifiers.
_MANNER = re.compile(r"[a-z]{3,}ly")
_NO_MANNER = frozenset(
    "monthly weekly daily quarterly yearly hourly newly early family supply apply reply rely italy july assembly anomaly monopoly "
    "only fully partly wholly jointly solely locally globally internally externally domestically publicly privately previously "
    "consecutively cumulatively continuously rolling separately orderly elderly friendly costly likely unlikely".split()
)
_BEFORE_A_VERB = re.compile(
    r"(?:\b(?:please|pls|kindly|let's|lets|can you|could you|would you|will you|can i|could i|may i|i|we|you|just|help me|want to)|^)\s*$"
)
# "to farmers" names whom; a verb has somebody who wants it before, or its object after.
_TO = re.compile(
    r"(?:^|[,;:.?!(]|\b(?:want|wants|wanted|need|needs|like|love|try|trying|hope|hoping|going|able|have|has|got|about|ready|way|time|order|you|me|us|not|how|where|what|keen|happy|meant|supposed|asked|looking|wish))\s*to\s*$"
)
_OBJECT = re.compile(
    r"\s+(?:the|an?|it|them|this|these|those|that|our|my|your|us|me|how|what|which|whether|where|up|out|down|over|everything|all)\b"
)
# "National Day: …" names something.
_HEADING = re.compile(r"(?: [a-z'-]+){0,2}(?::| [-–—] )")
_DEGREE = re.compile(r"\b(?:so|too|very|quite|pretty|really|rather|fairly|how)\s+$")
_VERB_ENDING = re.compile(r"(?:了|过|着|得|一下|下来|下去|起来|上去|出来|过来)")
_ENDS_AS_VERB = re.compile(r"(?:一下|下来|下去|起来|上来|上去|出来|过来|过去|成|好|完|掉|住|清|清楚|明白)$")
_ASKED_TO = re.compile(r"(?:请你?|麻烦你?|帮我?|帮忙|我想|想要|我要|能不能|可否|能否)$")
_DEGREE_ZH = re.compile(r"(?:很|太|这么|那么|有点|比较|非常|特别|十分|最为|多么|得)$")
_TWICE = re.compile(r"(.)一?\1|(.)(.)\2\3|(.)\4(.)\5")
# 新增 before a name is another measure than the name's; elsewhere it is how much more there is.
_KINDS_BEFORE_A_NAME = frozenset(("新增", "净增", "增量", "剩余", "存量", "余下"))


def qualifies(text: str) -> bool:
    """Whether a word of a folded text changes a number wherever it stands."""
    return bool(_QUALIFIERS_ZH.search(text)) or not _QUALIFIERS_EN.isdisjoint(re.findall("[a-z-]+", text))


def weigh_english(
    word: str, before: str, after: str, *, is_term: bool, is_before_name: bool, is_capital: bool
) -> float:
    """0 to 1 for a folded word. `before`, `after`: the text around it; `is_term`: banking knows it as saying something;
    `is_before_name`: right before a metric, dimension or value that was found; `is_capital`: written with one inside.
    """
    if word in _QUALIFIERS_EN or (word in _CHANGES_EN and not _COMPARED.search(before + after)):
        return CERTAIN
    if word in _ADDS_OR_LEAVES and _DID.search(before) and not _NO_CHANGE.match(after):
        return CERTAIN
    if is_before_name and (word in _KINDS or _is_done_to(word, before)):
        return CERTAIN
    if word in ENGLISH or len(word) < 2:
        return SPEECH if is_term and word in common_verbs() else NOTHING
    if is_term:
        return CERTAIN
    if len(word) > 3 and any(word[:i] + word[i + 1] + word[i] + word[i + 2 :] in ENGLISH for i in range(len(word) - 1)):
        return SPEECH
    if _MANNER.fullmatch(word) and word not in _NO_MANNER:
        return MANNER
    if is_before_name or is_capital:
        return CERTAIN
    # Farmers: and "Dealers' …" are no orders to do something.
    is_noun = not before.strip() and (word.endswith("s") or after[:1] == "'" or _HEADING.match(after))
    is_verb = _BEFORE_A_VERB.search(before) or _TO.search(before) or (before.endswith("to ") and _OBJECT.match(after))
    if (is_verb and not is_noun) or _DEGREE.search(before):
        return SPEECH
    return LIKELY


def _is_done_to(word: str, before: str) -> bool:
    """Whether a common verb's participle says of what kind the thing right after it is."""
    is_participle = _DONE_TO.fullmatch(word) is not None and word in common_verbs() and word not in _HAD
    return is_participle and _OF_KIND.search(before) is not None


def weigh_chinese(piece: str, before: str, after: str, *, is_term: bool, is_before_name: bool) -> float:
    """0 to 1 for a folded piece of Chinese; see `weigh_english`."""
    if piece in _KINDS_BEFORE_A_NAME:
        return CERTAIN if is_before_name else NOTHING
    if is_term or _QUALIFIERS_ZH.search(piece):
        return CERTAIN
    if _TWICE.fullmatch(piece):
        return MANNER
    if is_before_name:
        return CERTAIN
    if piece.endswith("地") and len(piece) > 2:
        return MANNER
    if len(piece) <= 3 and (_VERB_ENDING.match(after) or _ENDS_AS_VERB.search(piece)):
        return SPEECH
    if len(piece) <= 2 and (_ASKED_TO.search(before) or _DEGREE_ZH.search(before)):
        return SPEECH
    return LIKELY
