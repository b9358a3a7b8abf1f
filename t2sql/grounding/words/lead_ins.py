"""What is said before and after a whole question: "Sector limit check: …", "I have the credit committee at two, …", …，战略部做对标.

One rule: such a clause goes only if every word of it is known, as a paper or a meeting, what these are called after, who
asks, a verb of speech or work, or a small word; and if a paper or a meeting stands in it, or somebody who asks. Any other
clause may say whose figures are asked, and stays to be told. Periods, numbers and names of kinds are never known here.
"""

# ruff: noqa: E501
# One list a line: a list broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterator

from t2sql.grounding.words.occasions import GOODS, KINDS, ORGANS, PAPERS, PLANS, ROUNDS

_MARK = r"(?::(?!\d)| - | ?[–—] ?|;|[.!?](?= ))"
_HEAD = re.compile(rf"\s*(?P<inner>[^:;.!?,()]{{3,110}}?)(?P<mark>{_MARK}|,)(?=\s*\S)")
_TAIL = re.compile(r"(?:[,;(]|[.?!](?= )| - |[–—])\s*(?P<inner>[^:;.!?,()–—]{3,110}?)(?=\s*(?:[.!)]?\s*$|[,;)]|[.!] ))")
# A clause that is ended by a comma only may be a part of what is asked, unless it opens so.
_OPENS = re.compile(
    r"\s*(?:for|re|regarding|ahead of|before|as (?:part of|input)|in preparation|prep(?:ping|aring)?|i|we|my|our)\b"
)
_PAPER = re.compile(
    rf"(?<![\w-])(?:{PAPERS}|(?<=the ){PLANS}|(?<=our ){PLANS}|(?:monthly|quarterly|annual) close|(?:policy|strategy) refresh|confidential)(?:'s)?(?![\w-])"
)
_WHEN = re.compile(
    r"(?<![\w-])(?:(?:on |next |this )?(?:mon|tues|wednes|thurs|fri)day|(?:later )?today|tomorrow|tonight|next (?:week|month)|at (?:noon|one|two|three|four|five|six|nine|ten|eleven|\d{1,2}(?:[:.]\d\d)?)(?: ?[ap]m)?|in the (?:morning|afternoon)|morning|afternoon|under way|coming up)(?![\w-])"
)
_WHO = re.compile(
    rf"(?:i|we|he|she|they|them|boss|cfo|ceo|cro|coo|chair(?:man|woman)?|treasurer|director|manager|head|president|governor|md|regulators?|supervisors?|auditors?|examiners?|{ORGANS})(?:'(?:m|ve|re|ll|d|s))?"
)
_VERB = re.compile(
    r"(?:ask|want|need|request|requir|expect|wait|chas|wonder|prepp?|prepar|work|draft|writ|build|updat|finish|present|show|explain|send|giv|report|quot|us|includ|print|publish|discuss|circulat|attach|cit|brief|pitch|forward|submit|read|check|review|scop)(?:e|es|s|ed|d|ing|ting|t|n|shed)?|sent|shown|given|written|built|put|putting"
)
_SMALL = re.compile(
    r"(?:ok|okay|so|hi|hello|hey|well|just|now|please|pls|all|sorry|also|again|here|strictly|the|an?|our|my|your|his|her|their|this|that|these|it|its|it's|that's|is|are|was|were|be|been|being|am|has|have|had|got|getting|get|will|would|going|to|for|of|on|in|into|at|with|from|ahead|as|part|input|before|and|re|regarding|about|by|some|something|together|up|out|through|ready|soon|due|still|currently|busy|one|question|query|quick|newly|me|us|you)"
)
_KIND = re.compile(rf"{KINDS}|prep|season|version|purposes|interest")
# "For the cards weekly: …", "Monthly ALM pack: …": how often a paper comes is no step of time, whoever it is about.
_ROUND = re.compile(
    rf"^\s*(?:(?:for|in|ahead of|before|towards?) (?:the |our |my |this |next )(?:[a-z'-]+ ){{1,3}}?(?P<inner>{ROUNDS})(?=\s*{_MARK})|(?:[a-z']+ ){{0,3}}?(?P<of>{ROUNDS})(?= (?:[a-z'-]+ ){{0,3}}?{PAPERS}\s*{_MARK}))"
)
# "For the cards weekly: NPL ratio": what a paper is about limits nothing where a thing of its own is asked.
_OWN_THING = re.compile(
    rf"(?<![\w-])(?:{GOODS}|npls?|ratios?|rates?|margins?|nim|profit|income|expenses?|fees?|spend(?:ing)?|assets)(?![\w-])"
)
_THE_ROUND = re.compile(rf"(?<=the ) *{ROUNDS}(?=\s*$)|(?<=our ) *{ROUNDS}(?=\s*$)")
# "we report it quarterly" tells a step of time.
_LOOSE_ROUND = re.compile(rf"(?<![\w-]){ROUNDS}(?![\w-])(?! (?:[a-z'-]+ ){{0,3}}?(?:{PAPERS}|close)(?![\w-]))")
_GOODS = re.compile(rf"(?<![\w-]){GOODS}(?![\w-])")
_ASKS = re.compile(
    r"\b(?:how|what|what's|which|who|where|show|list|give|tell|rank|compare|pull|get|need|want|please|pls|can|could|break|by|per|each|every)\b|[?]"
)
# "One number is enough.": no more is asked for.
_SUFFICES = re.compile(
    r"(?:[.,;]|[–—]| - )\s*(?P<inner>(?:just )?(?:an?|one|the) (?:single )?(?:number|figure|total|answer) (?:is|will be|would be|will|would) (?:quite |more than )?(?:enough|sufficient|fine|plenty|ok|okay|do|good enough))(?=\s*(?:[.,;!)]|$))"
)
# Two figures, not one of both: 别混成一个, "keep them separate".
_APART = re.compile(
    r"(?P<inner>[,;。]\s*(?:请|要)?(?:别|不要|勿)(?:把(?:它们|两者|这两个))?(?:混|合|并|加)(?:在|成|到|为|并|总)*(?:一起|一块儿?|一个数?|一项|起来)?)(?=\s*(?:[,;。.!?]|$))|"
    r"(?:[,;.(]|[–—]| - )\s*(?P<en>(?:please |and )*(?:(?:do not|don't) (?:mix|merge|combine|lump|add|blend) (?:them|these|the two|both)(?: up| together| into one)*|(?:keep|show|list|report) (?:them|these|the two|both) (?:separate|separately|apart)))(?=\s*(?:[,;.)?!]|$))"
)

_HAN = re.compile("[㐀-鿿]")
_WHO_ZH = r"(?:总行|行里|分管|行领导|领导|行长|董事会|监事会|董秘|管理层|高管|老板|审计师?|内审|外审|稽核|督导|监管(?:部门|机构|局)?|人行|央行|金监局|同事|客户经理|cfo|ceo|cro|alco|(?:战略|风险|资产负债|计划财务|计财|财务|审计|合规|运营|人力|信贷|授信|科技|法律|绩效|办公|预算|考核|评审|贷审|检查|专项|调研|工作)(?:发展|管理|部|室|处|组|会|委员会|中心|考核)*)"
_PAPER_ZH = r"(?:材料|报告|报表|问询|问卷|附注|台账|底稿|简报|月报|季报|年报|周报|ppt|例会|晨会|周会|月会|会议|会上|会)"
_WORK_ZH = r"(?:对标|比对|核对|对账|核数|取数|分析|测算|复盘|考核|评比|汇报|材料|报告|报表|方案|规划|预算|决策|参考|底稿|研究|评估|检查|自查|排查|存档|备查|填报|报送|引用|展示)"
_DOES_ZH = rf"(?:(?:要|想|等着?|急着|准备|打算|用来|拿来)(?:去|来|拿去|对着|对照着?|比着|一起)?(?:看看?|用|讲|回复?|报|写|交|填|放|审议?|引用|参考|{_WORK_ZH})|(?:做|搞|弄)?{_WORK_ZH}(?:用|使用|要用)?)"
_TAIL_ZH = re.compile(
    rf"[,;?!。.]\s*(?P<inner>(?:{_WHO_ZH}|{_PAPER_ZH}){{1,3}}{_DOES_ZH}(?:的|用|呢|了)?)\s*[。.!~]*\s*$"
)


def lead_ins(text: str) -> Iterator[tuple[int, int, bool]]:
    """(start, end, whether the rest asks in so many words) of what is said before a whole question in the folded `text`, the
    mark that ends it left in place.
    """
    start = 0
    while not _HAN.search(text) and (match := _HEAD.match(text, start)):
        if not _is_frame(match["inner"], text[match.end() :]) or (
            match["mark"] == "," and not _OPENS.match(match["inner"])
        ):
            break
        yield *match.span("inner"), _ASKS.search(text, match.end()) is not None
        start = match.end()
    if found := _ROUND.search(text):
        yield *found.span("inner" if found["inner"] else "of"), True


def closings(text: str) -> Iterator[tuple[int, int, bool]]:
    """As `lead_ins`: of what says, after a whole question, who wants it or that it is enough."""
    for pattern in (_SUFFICES, _APART, _TAIL_ZH):
        for found in pattern.finditer(text):
            yield *found.span(found.lastgroup or 0), True
    if not _HAN.search(text):
        for found in _TAIL.finditer(text):
            if _is_frame(found["inner"], text[: found.start()]):
                yield *found.span("inner"), True


def _is_frame(clause: str, rest: str) -> bool:
    """Whether every word of a clause is known, and a paper, a meeting or somebody who asks is among them. `rest`: of the text."""
    plain = _WHEN.sub(" ", clause.replace("’", "'"))
    if _OPENS.match(clause) and _OWN_THING.search(rest):
        plain = _GOODS.sub(" ", plain)
    papers = _PAPER.search(plain)
    if _OPENS.match(clause) and not papers:
        papers = _THE_ROUND.search(plain)
        plain = _THE_ROUND.sub(" ", plain)
    if _LOOSE_ROUND.search(plain):
        return False
    words = re.findall(r"[^\s/&]+", _PAPER.sub(" ", plain))
    verbs = [word for word in words if _VERB.fullmatch(word)]
    if not all(any(p.fullmatch(word) for p in (_SMALL, _KIND, _VERB, _WHO)) for word in words):
        return False
    return papers is not None or (bool(verbs) and any(_WHO.fullmatch(word) for word in words))
