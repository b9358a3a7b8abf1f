"""Stretches that only say again what is asked or how widely: "page 1", "no matter where they were booked", （没有抵押担保的） after 信用.

Blanked before anything is looked for, like purposes. A denial is blanked only where it denies the very opposite of the word
right before it; a scope that is left open limits nothing. Only such a denial and a page's name may hold a metric's name.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

_HAN = "㐀-鿿"
_END_ZH = r"(?=\s*(?:[,;。.:)]|$))"
_START = r"(?:^|[,;。.:(?!]| - )\s*"
# Where in a paper the figure goes: "Page 12 of the board book -", 附表2：, PPT第5页.
_PAGE = re.compile(
    rf"{_START}(?P<denied>(?:ppt|幻灯片)?第\s?\d+(?:张?幻灯片|[页章节张](?:ppt|幻灯片)?)(?:上|里)?(?:的?[图表])?(?:要?用的?|要的?)?|附?[表图件录]\s?\d+(?:-\d+)?(?:要?用的?|要的?)?|"
    r"(?:page|slide|appendix|annex|table|exhibit|figure|tab|chapter|section|panel|chart|agenda item|footnote) (?:no\.? ?)?\d{1,3}[a-z]?(?: (?:of|in|on) (?:the |our |my )?(?:(?:board|risk|committee|alco|exco|annual|quarterly|monthly|management|audit) )?(?:book|pack|deck|report|paper|memo|slides?|appendix|file))?)(?=\s*(?:[,:;)]| - | – |$))"
)
# What a picture of the figures is: 画折线用, 做柱状图要用, "want to plot them on a map".
_DRAWN = re.compile(
    rf"{_START}(?P<asker>(?:我们?)?(?:要|想|准备|打算|用来|拿来|拿去|好)?(?:[画做绘配插贴]|制作|绘制)[^,;。:]{{0,3}}?(?:折线|曲线|柱状?|条形|饼|环形|趋势|走势|雷达|热力|散点|面积|瀑布|地|示意)图?(?:要?用的?|的)?){_END_ZH}|"
    rf"(?:[,;.(]| - )\s*(?P<asker_en>(?:(?:i|we) )?(?:want|need|going|plan|have|trying|hoping) to (?:plot|chart|draw|graph|map|paste|print|colour|color) (?:it|them|this|these|that|those)(?: (?:on|in|into|onto|out|up|for|as) [^,.;:()\d]{{1,40}})?)(?=\s*(?:[,;.)?!]|$))"
)
# What is done with the answer: 要发风险提示函, 准备约谈行长.
_DONE_NEXT = re.compile(
    rf"(?<=[,;。])\s*(?P<inner>(?:我们?)?(?:就?要|准备|打算|拟|好|以便|便于|方便|用来|需要?|得|下一?步)(?:给(?:他们|它们|其)|逐[一家个户])?(?:约谈|谈话|通报|督办|督导|督促|催办|催收|提示|警示|整改|问责|走访|拜访|调研|核查|排查|检查|追责|表扬|表彰|发(?![放债行起生])(?:[{_HAN}]{{0,8}}?)(?:函|单|书|文|通知|公告|邮件|通报|提示|提醒|短信)|下发[{_HAN}]{{1,8}})[{_HAN}]{{0,6}}?(?<!的)){_END_ZH}"
)
# "need it for a pricing discussion": what follows is no kind of the figure.
_NEED_IT = re.compile(
    r"(?:^|[,;.(]| - )\s*(?P<inner>(?:(?:i|we)(?:'ll|'d| will)? )?(?:need(?:ed)?|want(?:ed)?|required?|us(?:e|ing)|asking) (?:it|this|these|them|that|those) (?:for|in|at|during|as) (?!by\b|per\b)[^,.;:()\d]{0,44}?\b(?:discussions?|meetings?|reviews?|talks?|calls?|reports?|decks?|slides?|papers?|packs?|board|committees?|audits?|checks?|exercises?|planning|prep|presentations?|analys[ei]s|models?|comparisons?|memos?|notes?|sessions?|workshops?|visits?|purposes?|benchmarking|negotiations?|pitch|files?))(?=\s*(?:[,;.)?!]|$))"
)
# A scope that is left open: 不论期限长短, "no matter where they were booked", "any product".
_KIND_OF_SCOPE = r"(?:products?|branch(?:es)?|channels?|terms?|tenors?|maturit(?:y|ies)|currenc(?:y|ies)|segments?|types?|kinds?|collateral|industr(?:y|ies)|sectors?|cit(?:y|ies)|regions?|ratings?|class(?:es)?|ages?|sizes?|genders?|provinces?|customers?|categor(?:y|ies))"
_OPEN_SCOPE = re.compile(
    rf"{_START}(?P<asker>(?:不论|无论|不分|不区分|不限|不管(?=是[否不]|哪|什么|谁|怎|多|[^,;。]{0, 6}(?:还是|长短|大小|高低|新老)))(?:是)?[^,;。:()\d]{{1,14}}?){_END_ZH}|"
    r"(?<=[ ,(])(?P<asker_en>(?:no matter|regardless of|irrespective of|whatever|whichever|never mind) (?:who|where|what|which|how|when|the|their|its|whether)\b[^,.;:()\d]{1,50}?|(?:regardless|irrespective) of [^,.;:()\d]{1,40}?)(?=\s*(?:[,;.)?!-]|$|at (?:the )?end|(?:in|at|for|as|on) [a-z]* ?\d))|"
    rf"(?:[,(]| - )\s*(?P<asker_any>(?:any|whatever|whichever) (?:the )?{_KIND_OF_SCOPE}(?:(?: or|,) (?:any )?{_KIND_OF_SCOPE})?)(?=\s*[,)-]|\s*$)"
)
# "by branch (all currencies)", "(all currencies converted to RMB)": everything is counted, and nothing is parted by it.
_EVERYTHING = (
    rf"all (?:the |our |of the )?{_KIND_OF_SCOPE}(?:(?:,| and|, and|/) ?(?:all )?(?:the |our )?{_KIND_OF_SCOPE})*"
)
_ALL_OF_IT = re.compile(
    rf"\((?P<denied>{_EVERYTHING} (?:combined|together|included|taken together|consolidated|lumped together|converted (?:in)?to (?:rmb|cny|yuan)|in (?:rmb|cny|yuan)(?: equivalent)?))\)|"
    rf"\b(?:by|per|each) [^(),.;]{{2,60}}\((?P<denied_after>{_EVERYTHING})\)|\((?P<denied_before>{_EVERYTHING})\)(?= (?:by|per|for each) )"
)
# A word, and what it is not: the denial of its opposite limits nothing more.
_OPPOSITES = (
    (
        r"信用|无担保|无抵押|unsecured|uncollaterali[sz]ed|clean",
        r"抵押物?|质押物?|抵质押物?|担保物?|保证|押品|抵押品|collateral|guarantees?|guarantors?|securit(?:y|ies)|pledged?|pledges|mortgaged?|mortgages|secured|backing",
    ),
    (
        r"个人|零售|居民|retail|individuals?|personal|private individuals?",
        r"企业|公司|对公|法人|机构|单位|compan(?:y|ies)|corporates?|businesses|business|firms?",
    ),
    (
        r"对公|企业|公司|法人|corporates?|compan(?:y|ies)|business",
        r"个人|零售|居民|储蓄|individuals?|retail|personal|households?|persons?",
    ),
    (r"活期|demand|current account|sight", r"定期|time|term|fixed|fixed[- ]term"),
    (r"定期|time|term|fixed[- ]term", r"活期|demand|sight|current accounts?"),
    (r"线上|online", r"线下|门店|offline|in[- ]store|in[- ]person"),
    (r"线下|offline|in[- ]store", r"线上|网上|online"),
    (r"外币|foreign[- ]currency|fx", r"人民币|本币|rmb|cny|yuan|local currency"),
    (r"人民币|本币|rmb|cny", r"外币|外汇|foreign currency|fx"),
)
_NO_ZH = r"(?:没有|没|无|不是|不含|不算|不带|不要|不包括|不包含|非|未)"
_NO_EN = r"(?:no|not|nothing|without|neither|nor|excluding|never)"
_NOUN_ZH = r"(?:存款|贷款|客户|消费|类|方式|信用卡|渠道)"
_NOUN_EN = r"(?: (?:loans?|lending|deposits?|customers?|clients?|spend(?:ing)?|borrowers?|depositors?|balances?))*"


def _denial(said: str, opposite: str) -> re.Pattern[str]:
    """A bracket or clause after the word that holds nothing but denials of its opposite."""
    zh = rf"(?:是|也)?{_NO_ZH}(?:任何)?(?:{opposite})(?:(?:[、和或及与,]|{_NO_ZH})+(?:任何)?(?:{opposite})|(?:{opposite}))*{_NOUN_ZH}?的?"
    en = rf"(?:(?:{said})s?(?:,|;| -)? )?(?:(?:it |that |which |who )?(?:is|are|has|have|with) )?{_NO_EN} (?:any |a |an |the )?(?:{opposite})(?:(?:,|/| or| and| nor)+ ?(?:{_NO_EN} )?(?:any |a |an )?(?:{opposite})| (?:{opposite}))*(?: of any kind| at all)?(?:,? - ?(?:{said})(?: only)?)?"
    return re.compile(
        rf"(?:{said})(?:{_NOUN_ZH}{{0,2}}|{_NOUN_EN})\s*(?P<denied>\(\s*(?:{zh}|{en})\s*\)|,\s*(?:{zh}|{en})(?=\s*[,;。.?!]))"
    )


_DENIALS = tuple(_denial(*pair) for pair in _OPPOSITES)
RESTATED = (_PAGE, _DRAWN, _DONE_NEXT, _NEED_IT, _OPEN_SCOPE, _ALL_OF_IT, *_DENIALS)
QUICK = re.compile(
    r"第\s?\d|[表图件录]\s?\d|[画做绘配插贴制]|[,;。]|不论|无论|不管|不[分区限]|[(]|\b(?:page|slide|appendix|annex|table|exhibit|figure|tab|chapter|section|panel|chart|agenda|footnote|matter|regardless|irrespective|whatever|whichever|never mind|any)\b| - "
)
