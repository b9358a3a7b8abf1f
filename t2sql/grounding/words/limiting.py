"""Common words that limit or turn what is asked, told wherever nothing has used them: 去年*放*的, *不*要, *大*客户, "opened".

Each is too common to be content by itself and too strong to be let pass. A word stands here only when leaving it out
may give another figure; one that says when, who or how to show stands among the stop words.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from t2sql.flow import Span
from t2sql.grounding.words.text import Folded

_PEOPLE_ZH = r"(?:客户|储户|借款人|户头|分行|支行|网点|行业|企业|公司|商户|贷款|存款|项目|产品|持卡人|卡)"
_PEOPLE_EN = r"(?:customers?|clients?|borrowers?|depositors?|branches|branch|sub-?branches|outlets?|merchants?|industries|sectors?|products?|cards?|loans?|deposits?|accounts?|cardholders?)"
_COMPANIES_EN = r"(?:compan(?:y|ies)|corporates?|corporations?|business(?:es)?|firms?|enterprises?)"
# What was done to the thing counted, and when: the figures of those only.
_DEEDS_ZH = re.compile(
    r"(?<![展公离召拆分打解敞抛投发释借信偿归交支应敢精看想])(?P<deed>[开放存贷办买卖借还收付刷领批提销结])(?:了|的(?!话)|出去?的?|过的?|着的?|下的|进来?的?|上来的?)"
)
_EVENTS_ZH = re.compile(
    r"(?P<deed>到期|结清|激活|冻结|停用|挂失|过期|续期|签约|绑定|解约|提前还|办理|开立|发行)(?!日|时间|情况)"
)
_GAINS_ZH = re.compile(r"(?P<deed>[赚挣])(?:了|到|的|钱|进|多少)|(?<![信费占作使利])(?P<use>用)(?:了|掉)")
_GAINS_EN = re.compile(r"\b(?P<deed>make|made|making|makes|earn\w*|profit\w*|lost|lose)\b(?= (?:on|from|off|out of)\b)")
_DEEDS_EN = re.compile(
    r"\b(?P<deed>opened|joined|handed|granted|issued|originated|disbursed|underwritten|matur(?:e|es|ed|ing)|due|(?:accounts|customers|clients|cards|who|that|were|was|been) closed|cancelled|settled|repaid|lent|borrowed|used|spent|bought|sold|collected|charged|managed|owned|activated|registered|"
    r"signed up|onboarded|swiped|written off|restructured|renewed|expir(?:e|es|ed|ing)|run by|looked after|kept|swapped|rolled over|drawn|taken out|given out|paid off|paid out|paid back)\b(?! to (?:know|see|be)\b)"
)
# What is left out or is not; beside a value it is understood and claimed.
_DENIALS_ZH = re.compile(
    r"不(?:要|管(?!理)|算|看|计|在|属于?|是|带|考虑|统计|涉及|满|够|归|由|用算|做|办|持有|含|包)(?!图|明细|解释|说明|太|急|客气|谢|过分|小数|四舍|时点|[月季年期]末|明细|sql|超|低|高|大于|小于|少于|多于|住)|(?<![特分区差辨识级性类])别(?:算|带|把|含|要|管|看|统计|计)|"
    r"没(?![数有问事关错看什啥懂明还]|收回|结清|偿)|(?<![月年季度])未(?![来知必免曾经])(?=[㐀-鿿\n])|(?<![有])无(?![论需关须妨法锡])|(?<![除])非(?![常得要凡但现银])|(?:去|抛|撇|刨|剔|减|排|踢|拿|除|扣)(?:掉|开|去)(?![年的])"
)
_DENIALS_EN = re.compile(
    r"(?<!if )(?<!why )(?<!or )(?<!sure )\bnot\b(?! (?:(?:the )?(?:month|quarter|year|period)[- ]end|(?:the |a )?(?:point|snapshot|spot|average|chart)|sure|only|yet sure|just|urgent|that|too|so\b|in a rush|necessarily|a\b))|\bno\b(?! (?:need|rush|problem|worries|idea|more than|less than|fewer|chart|sql|of\b|hurry|later))(?!\.)|\b(?:neither|nor|skip\w*|omit\w*|ignor\w+|barring|sans|never|cannot)\b|"
    r"\b(?:all|any\w*|every\w*|each|no\w*) (?:[a-z]+ ){0,2}but\b"
)
_OTHERS = re.compile(
    r"(?<![或及和与等])其[他它余](?!的?(?:条件|要求|问题|信息|不变|都不))|(?<![分个特级类性])别的|别家|剩下的?(?=[几\d]|[一-鿿]?[行家个户])|另外(?:的|那|几|[两三四])|(?<!each )(?<!in )\bothers?\b(?! (?:than|words|hand))|\b(?:the rest|remaining|remainder)\b"
)
# Every period one by one, or a whole past: no manner of speaking.
_COURSE = re.compile(
    r"(?<![今昨明后每当去前本上近几全\d一二三四五六七八九十])(?:天天|日日|月月|季季|年年|周周)(?![末底初中均度报化气])|一([天日月季年周])\s?一\1|一个(季度|月|年)一个\2|一直|始终|总是|从来|历来|向来|连年|历史(?!遗留)|往年|往期|历年|历次|\b(?:always|constantly|persistently|all-time|historically|historic(?:al)? (?:highs?|lows?|peaks?|best|worst|max\w*|min\w*|records?)|record (?:highs?|lows?)|every time|day after day|month after month|year after year|(?:day|month|year|quarter|week) by (?:day|month|year|quarter|week))\b"
)
# How many is left open: 前几名, "top few".
_HOW_FEW = re.compile(
    r"(?<![从之以此])[前后末]几(?:大|强)?(?:名|家|个|位|户|类|种|项)(?!月|季|年|天|周)|(?:排名?|名次)靠[前后]|\b(?:top|bottom|best|worst|first|last) (?:few|several|some|couple)\b"
)
# A kind by size, age or weight, whose line nobody has drawn.
_KINDS = re.compile(
    rf"(?P<kind>(?<![最各几多强较偏更一二三四五六七八九十\d])大|(?<![最较偏更])小|老|旧|新(?=的?{_PEOPLE_ZH})|核心|重点|主要|重要|潜在|存量|头部|尾部|骨干|长期|短期|临时)(?:的|型)?{_PEOPLE_ZH}"
)
_KINDS_EN = re.compile(
    rf"\b(?P<kind>(?:first|second|third|high|low|long|short|fast|slow|full|part|same|multi|big|old|new|well|under|over)-(?!end|branch)[a-z]+|first time|repeat|returning|good|bad|weak|strong|healthy|risky|problem|troubled|big|large|small|old|older|new|newer|young|key|core|major|main|important|prime|potential|former|long-?standing|regular|loyal|high-?end|wealthy|rich|poor|legacy) {_PEOPLE_EN}\b"
)
_SIZES_EN = re.compile(rf"\b(?P<kind>big|bigger|large|larger|small|smaller|medium|mid) {_COMPANIES_EN}\b")
# 不良率高的分行, "with large balances": above which line is left open.
_SOMEWHAT = re.compile(
    rf"(?<![最到由从越不])(?P<kind>(?:比较|相对|较|更|偏|很|特别|明显)?[高低大小多少好差快慢强弱])(?:一?[点些])?的(?:那?[几些]?[个家户])?{_PEOPLE_ZH}"
)
# 那个支行: one that was named somewhere else.
_THAT_ONE = re.compile(rf"(?P<kind>[那这该]一?[个家])(?:{_PEOPLE_ZH})")
_WHICH_ONE = re.compile(
    r"哪(?:些|几|一)?[个家户种类]?[^,。?]{1,16}?(?<![最较更])(?P<kind>[高低大小多好差快慢](?!少))(?:一?[些点])?(?=[?,。呢啊呀]|$)"
)
_SOMEWHAT_EN = re.compile(
    r"\b(?:with|having|have|has|had|hold|holds|holding) (?:a |an |the )?(?:very |relatively |fairly |quite |rather )?(?P<kind>high|low|large|small|big|good|bad|poor|strong|weak|heavy|sizeable|significant)\b(?! (?:as|than))"
)
# Another figure of the same thing: the balance that a period began with, a loss, a rough count.
_ANOTHER = re.compile(
    r"(?<![年季度月初])(?<![年季度月]初的)期初(?!数\))|承前|上年结转|亏(?!损)|\bopening\b(?! (?:a|an|the|new|accounts?|date|month|year)\b)|\b(?:brought|carried) forward\b|\b(?:a )?(?:couple|dozen|handful) of\b|"
    r"(?:大幅|小幅|明显|显著|急剧|快速|略有?|稍有?)(?:上升|下降|增长|增加|减少|下滑|改善|恶化|上涨|下跌|反弹|回升|回落)的|"
    r"\b(?:where|that|which|whose)\b[^,.]{0,60}\b(?:sharply|significantly|substantially|considerably|markedly|noticeably|slightly)\b"
)
# What names of costs and income say for these deeds.
_OF_MONEY = {
    "赚": ("利润", "收入", "收益"),
    "挣": ("利润", "收入", "收益"),
    "用": ("使用",),
    **dict.fromkeys(
        ("make", "made", "making", "makes", "earn", "earned", "earning", "earns"), ("income", "profit", "revenue")
    ),
    "付": ("付", "支出", "费"),
    "收": ("收", "收入", "手续费"),
    "刷": ("刷", "消费"),
    "结": ("结", "结算"),
}
_PREDICATE = re.compile(
    r"\b(?:who|that|which) (?:is|are|was|were|look|looks|seem|seems)(?: [a-z]+ly| very| quite| so| too| rather)? (?:good|bad|big|large|small|old|young|rich|poor|strong|weak|high|low|important|healthy|risky|new)\b(?! (?:in|as|than|at|by|enough|on|to|for|[a-z]+er)\b)|"
    r"[好差强弱]的(?=有哪|是哪|都?有谁|$|[,。?!])"
)
_PATTERNS = (
    _PREDICATE,
    _ANOTHER,
    _EVENTS_ZH,
    _GAINS_ZH,
    _GAINS_EN,
    _DEEDS_ZH,
    _DEEDS_EN,
    _DENIALS_ZH,
    _DENIALS_EN,
    _COURSE,
    _HOW_FEW,
)


def limiting_words(
    folded: Folded,
    claimed: Iterable[Span],
    kept: Iterable[Span],
    *,
    is_without: bool,
    is_dated: bool = False,
    is_listed: bool = False,
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(the words as said, words of which a name may hold one) outside `claimed`, in no order.

    `kept`: what was found and is used, a part of `claimed`; `is_without`: whether a value is left out, so that 其余 are all
    others; `is_dated`: whether a date of the things counted is understood, which says what was done to them;
    `is_listed`: whether several values are named, of which 哪个 is one.
    """
    open_text, unused = _outside(folded, claimed), _outside(folded, kept)
    for pattern in _PATTERNS:
        for match in pattern.finditer(open_text) if not (is_dated and "deed" in pattern.groupindex) else ():
            deed = match[match.lastgroup] if "deed" in pattern.groupindex and match.lastgroup else match[0].strip()
            yield match[0].strip(), _OF_MONEY.get(deed, (deed,))
    # These stand before a name that is found, so they are looked for with it.
    for pattern in (
        _KINDS,
        _KINDS_EN,
        _SIZES_EN,
        _SOMEWHAT,
        _THAT_ONE,
        _SOMEWHAT_EN,
        *(() if is_listed else (_WHICH_ONE,)),
    ):
        for match in pattern.finditer(folded.text):
            start = match.start("kind")
            is_apposed = pattern is _THAT_ONE and open_text[max(start - 1, 0)] == "\n"
            is_of_date = is_dated and match["kind"] in ("老", "新", "旧", "old", "older", "new", "newer", "former")
            if open_text[start] != "\n" and not is_apposed and not is_of_date:
                yield match[0].strip(), (match[0].strip(),)
    if not is_without:
        for match in _OTHERS.finditer(unused):
            yield match[0].strip(), (match[0].strip(),)


def _outside(folded: Folded, spans: Iterable[Span]) -> str:
    """The folded text with a line's end for every letter in `spans`."""
    taken = list(spans)
    return "".join(
        "\n" if any(span.start <= start < span.end for span in taken) else letter
        for letter, start in zip(folded.text, folded.starts, strict=True)
    )
