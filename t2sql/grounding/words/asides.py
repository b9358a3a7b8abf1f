"""Clauses that nothing was found in and that only speak: "Refinancing risk: …", 刚接手这块，…, "struggling to find this, …".

A question is cut at its punctuation. A clause is an aside when it has a word of speech (I, you, 我, 了, 麻烦) and nothing that
leaves out, chooses or counts; a heading needs none. Words of an aside that could be anything are let pass; a word that
banking knows, that stands before a name or is written like one is told there too.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterator

from t2sql.grounding.words.occasions import KINDS, ORGANS, PAPERS
from t2sql.grounding.words.stop_words import ENGLISH
from t2sql.grounding.words.weighing import qualifies

# A dash between blanks is three blanks once joiners are loosened.
# A heading: "Refinancing risk: …", "Budget model - …", 流动性摸排：….
_HEADING = re.compile(r"\s*(?P<words>[^:;?。,\n]{2,60}?)(?::| {3})")
# "Farmers:", 个体户：: who or what the figures are of, though nobody knows it.
_KIND_OF_PEOPLE = re.compile(
    r"^(?:[a-z-]+ ){0,2}[a-z-]+(?<![suia'])s\s*$|(?:贷|款|户|企业?|卡|农|类|业|者|人|族|商|群|客|品|券|金|债|单位|公司|系统|集团)\s*$"
)
# What a question is about, and never whom: a heading of anything else may be a place or a trade that nobody here knows.
_TOPIC = re.compile(
    r"(?:风险|分析|情况|结构|质量|集中度|梯队|盘点|回顾|概览|一览|速览|监测|摸[排底]|排查|测算|画像|问题|进度|进展|走势|趋势|对比|清单|台账|核对|对账|抽样|预算|规划|考核|需求|口径|数据|字段|[栏列]名?|名称|表头?|材料|题)\S{0,4}$|"
    r"\b(?:risks?|ladders?|concentration|reviews?|checks?|views?|profiles?|analys[ei]s|overviews?|snapshots?|scans?|stud(?:y|ies)|look|tables?|charts?|breakdowns?|structure|mix|quality|productivity|efficiency|profitability|performance|position|picture|footprint|acquisition|attrition|exposure|planning|pricing|budgets?|models?|queries|query|questions?|requests?|tests?|limits?|appetite|monitoring|tracking|trends?|stress|liquidity|funding|repricing|refinancing|maturity|scorecards?|kpis?|metrics?|figures?|numbers?|data|stats|statistics|items?|topics?|sections?|agenda|background|context|basis|scope|summary|headlines?|hello|hi|hey|morning|afternoon|evening|please|thanks|urgent)\b",
)
_KNOWN = re.compile(rf"{KINDS}|{PAPERS}|{ORGANS}")
_OWN_CLAUSE = re.compile(r"(?:i|we|i'm|we're|i am|we are)\b")
_CLAUSE = re.compile(r"(?:(?! {3})[^,;:。.?!()])+")
_SPEAKS = re.compile(
    r"我(?!们|行)|(?:我们|咱们?)(?=[要想在得需就正刚也都先]|这边|急)|[你您俺谁]|大家|同事|领导|老板|[了着过吧呢呀啊哈]|一下|麻烦|劳驾|手头|顺便|随便|老规矩|照旧|照例|刚|正好|问|说|想|等着|催|交差|谢|"
    r"^\s*[a-z]+ing\b|\b(?:i|i'm|i've|i'd|i'll|me|you|we|we're|we've|us|it's|please|sorry|thanks|someone|somebody|boss|if|trying|struggling|hoping|wondering|working|checking|getting|looking|going)\b"
)
# What chooses, leaves out or counts; a clause that ends in 的 names a kind.
_CHOOSES = re.compile(
    r"[只仅除别没未无非\d]|盯|瞄准|聚焦|关注|围绕|针对|面向|锁定|侧重|不(?!好意思|急|用|着急)|的\s*$|要(?!用|交|讲|看|报|写|发|急)|口径|范围|限|"
    r"\b(?:only|just|want|wants|need|needs|focus\w*|interested|concerned|care|mean|means|limit\w*|restrict\w*|includ\w+|exclud\w*|without|with|of|for|about|cover\w*|handl\w+|serv(?:e|es|ing)|after|manag(?:e|es|ing)|own|owns|run|runs|overse\w+|supervis\w+|responsible|in charge|dedicated|speciali[sz]\w+|bank(?:s|ing)? (?!holiday)|lend|lends|those|who|which|where|whose|not|no|all|every|each|any|except|but|or|and|both)\b"
)


def headings(text: str, open_text: str) -> Iterator[tuple[int, int]]:
    """Stretches before the first colon or dash that nothing was found in: what the question is about, in other words.

    `open_text` is the folded and loosened `text` with a line's end for each letter of a finding. One that qualifies is no mere heading.
    """
    match = _HEADING.match(text)
    is_bare = bool(match) and "\n" not in open_text[: match.end("words")] if match else False
    if (
        match
        and is_bare
        and _TOPIC.search(match["words"])
        and not qualifies(match["words"])
        and not (_OWN_CLAUSE.match(match["words"].strip()) and _CHOOSES.search(match["words"]))
        and not _KIND_OF_PEOPLE.search(match["words"])
        and all(_is_known(word) for word in re.findall("[a-z'-]+", match["words"]))
    ):
        yield match.span("words")


def _is_known(word: str) -> bool:
    """Whether a word of a heading names a topic or the bank's own work: "Shipping review" may be about whose loans."""
    return word in ENGLISH or any(p.fullmatch(word) for p in (_TOPIC, _KNOWN))


def asides(open_text: str) -> list[tuple[int, int]]:
    """Clauses that nothing was found in, that speak and choose nothing, where another clause holds a finding."""
    if "\n" not in open_text:
        return []
    return [
        match.span()
        for match in _CLAUSE.finditer(open_text)
        if "\n" not in match[0]
        and _SPEAKS.search(match[0])
        and not _CHOOSES.search(match[0].strip())
        and not qualifies(match[0])
    ]
