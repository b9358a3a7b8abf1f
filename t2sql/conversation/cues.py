"""Words that say how a text follows the question before it: 那…呢, 换成, 再, 只看, "what about", "instead", "same for".

They are taken out, or put into words that the finders know, before a text is grounded, so that none of them counts as a
word that nothing explains. Nothing here knows a catalog.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from t2sql.conversation.pointing import FIRST_ONE, OTHERS, SUBJECT, place_asked, size_asked, sort_key, without_contrast
from t2sql.grounding.words.text import fold

Kind = Literal[
    "other", "more", "only", "without", "split", "same", "total", "plain", "unfiltered", "few", "all", "opening", "and"
]
"""other: something else instead; more: beside what is there; only: narrower; without: taken away; split: by one thing
more; same: all of it again; total: no groups; plain: without the comparison; unfiltered: without any condition; few: those that came first; all: every one of a kind; opening: begins like a reply; and: begins with "and"."""
Unit = Literal["year", "half", "quarter", "month", "week", "day", "period"]

_RESET = re.compile(
    r"^\s*(?:新问题|新的问题|新话题|换个问题|换一个问题|换个话题|换一个话题|另一个问题|另外一个问题|另起一问|重新提问|重新问|重新开始|从头开始|清空|"
    r"(?:a |an )?(?:new|another|different|fresh) (?:question|topic|query)|start (?:over|again|afresh|anew)|reset|clear)(?![A-Za-z_㐀-鿿])\s*[:：,，.。;；!！\-—]*\s*",
    re.IGNORECASE,
)
_ZH_HEAD = r"^[\s,，。]*(?:好的?|嗯|哦|行|对了|对|ok|okay)?[\s,，]*"
# (kind, pattern, what stands instead: "" for a blank). Tried in order; what one has taken no other sees.
_RULES: tuple[tuple[Kind, str, str], ...] = (
    ("same", r"同样(?:的|地)?(?:问题|条件|口径|方式|看)?|一样(?:的)?|同上|照旧|照样|(?:其[他它余]|时间|时点|期间|口径|条件|范围|维度|筛选|要素|内容|指标)(?:(?:[、和及与,，]|以及)?(?:时间|时点|期间|口径|条件|范围|维度|筛选|要素|内容|指标|机构))*(?:都|均|保持|仍|还|也)*(?:不变|不动|一样|照旧|同上|如前|不改)|(?:也|再|照|就)?(?:这样|这么|如此|这般)(?:看看?|来|拆|分|查|算|列)?(?:一下|一遍|一次)?", ""),
    ("plain", r"(?:不看|去掉|不要|取消)(?:同比|环比|增速|比较|占比|排名)|(?:换成|看|改成)?(?:绝对额|绝对值|绝对数|原值|原数)", ""),
    ("unfiltered", r"(?:去掉|去除|取消|删掉|删除|清空|清除|清掉|不要|不加|不带)(?:所有|全部|这些|这个|那个)?的?(?:筛选|过滤|限制|限定)?(?:条件|筛选|过滤|限制|限定)(?:条件)?|不(?:限|筛选|过滤)$|\b(?:(?:remove|drop|clear|delete|without|no|take off)\b(?: all| any| the| these| those| that)* (?:filters?|conditions?|restrictions?))|\bunfiltered\b", ""),
    ("total", r"(?:去掉|去除|取消|删掉|不要|不再|不用|别)(?:所有|全部)?的?(?:分组|分类|拆分|细分|明细)|\b(?:(?:remove|drop|clear|without|no|undo)\b(?: all| any| the)* (?:split|breakdown|grouping|groups?)s?)|\bungrouped\b", ""),
    ("without", r"(?:不再|不要再|别再|别|不用|不需要|取消)(?:按|分)(?!成)|不按|不分(?=\S)|取消|不限定?于?|不区分", "不含"),
    ("without", r"(?:不要看|不看|不要|去掉|去除|剔除掉?|排除掉?|扣除掉?|扣掉|除去|刨除|刨掉|刨去|撇开|拿掉|移除|删掉|删除|减掉|不算|不包括|不包含|不含|除了|除开|除)(?!数)", "不含"),
    ("other", r"(?:换|改)(?:成|为|作|到|看|用)?(?:按|按照)|(?:换|改)(?:成|为)?分(?=\S)", "按"),
    ("other", r"(?<![交兑更置转变退])(?:换|改)(?:一?[个下])?(?:成|为|作|到|看|用)?|(?:而是|替换成?|替换为|修改[为成])", ""),
    ("split", r"(?:再|继续|进一步)?(?:拆|分|细|细分|细化|下钻|钻取|深入|展开)(?:分)?(?:解)?(?:到|至)(?:每个|各)?", "按"),
    ("split", r"(?:再|继续|进一步)?(?:拆开|拆分|拆解|分解|细分|细拆|展开|下钻|钻取|分开|细化|拆)(?:来|一下|一拆)?(?:看看?|看一下|看下)?", ""),
    ("more", r"再(?:加上?|带上?|补上?|列出?|来|给)?(?=[^\s])|再(?:加上?|带上?|补上?)|(?:加上|加入|增加一?[列个]|补充|补上|带上|附上|连同|外加|另外再?|同时再?|顺便|一并|一起|也)(?:看看?|列出|显示|加上|算上|给出|要|一下)?|还有|还要", ""),
    ("only", r"(?:只|仅|就|单|单独|光|专门)(?:看看?|要|保留|留|显示|列出?|限|算|统计|取|选|关注)(?:一下)?|仅限于?|限定(?:在|为|于)?|聚焦(?:到|于)?|单独(?:看|拎出来|列)?|只(?=\S)|仅(?=\S)", ""),
    ("few", r"(?:这|那|上述|上面|前面|刚才|以上)(?:的)?(?:些|(?:几|\d{1,2}|[一二两三四五六七八九十]+)(?:大)?(?=[家个名户位条项分支机]))(?:[家个名户位条项](?:分行|支行|机构|区域|客户|产品|行业)?|分行|支行|机构)?(?:当中|之中|里面?|中)?的?|(?:它|他)们(?:的|各自的?)?|其中的?", ""),
    ("all", r"(?:所有|全部|全体|每一?[个家])(?:的)?(?=[^\s,，。加])", ""),
    ("total", r"(?:全部|所有|都)?(?:加起来|加总|拢共|总和|之和)|(?<![占于比较])(?:全行|全辖)|(?:只看|看)?(?:合计|总计|总数|总额|总共|一共|整体|总体)(?:数|值|就行|即可)?|不分组|不用分组|汇总", ""),
    ("opening", _ZH_HEAD + r"(?:那么?|然后)(?![些边里个家几儿])", ""),
    ("few", r"\b(?:(?:of|among|within|for|from|in) )?(?:them|those|these)\b(?: (?:\d+|two|three|four|five|six|seven|eight|nine|ten))?(?: (?:branches|regions|outlets|sub-branches|products|segments|industries|customers|ones))?|\btheir\b", ""),
    ("all", r"^(?:for |across |show |by )?(?:all|every|each)(?: of)?(?: the)?\b(?! (?:it|that|this|together|in))", ""),
    ("same", r"\b(?:keep(?:ing)? |leav(?:e|ing) )?(?:everything|all|the rest|anything)(?: else)? (?:is |stays? |remains? |being |kept )?(?:the same|as (?:it )?(?:is|was)|unchanged|equal)\b|\bother ?wise unchanged\b|\b(?:the )?same (?:thing |again |question |but |breakdown |again but |view )*(?:for|with|by|in|at|on|again)\b|\bthe same\b(?! (?:period|month|quarter|time|date|day|week|point))|^same\b(?! (?:period|month|quarter|time|date|day|week|point))|\blikewise\b|\bditto\b|\bsimilarly\b", ""),
    ("opening", r"\b(?:what|how) about\b|\bwhat if\b", ""),
    ("plain", r"\b(?:in )?absolute (?:terms|amounts?|values?|figures?|numbers?)\b|\b(?:the )?(?:levels?|raw (?:figures?|numbers?|values?))(?: only| instead)?$", ""),
    ("without", r"\b(?:(?:please |now )?(?:exclud(?:e|ing)|leav(?:e|ing) out|tak(?:e|ing) out|remov(?:e|ing)|drop(?:ping)?|omit(?:ting)?|ignor(?:e|ing)|skip(?:ping)?|strip out)|except(?: for)?|without|minus|not counting|other than|but not|no longer(?: by)?|stop splitting by|don'?t (?:split|group) (?:it )?by|not by|no more)\b(?: the)?", "excluding"),
    ("other", r"\b(?:(?:switch|chang|swap|mov)(?:e|es|ed|ing)?(?: (?:it|that|this|them|the \w+))? (?:to|with|for|into)|(?:set|updat(?:e|ing)) (?:it|that|this|the \w+) to|replac(?:e|ed|ing)(?: (?:it|that|this|them))? (?:with|by)|mak(?:e|ing) (?:it|that|this)|turn(?:ing)? (?:it|that|this) into|instead(?: of (?:that|this|it))?|rather)\b", ""),
    ("only", r"\b(?:(?:restrict|limit|narrow|filter)(?:s|ed|ing)?(?: (?:it|that|this|them))?(?: down)? (?:to|for|on|by)|(?:focus|zoom in|concentrate) on|keep(?: only)?|only|just|solely|alone)\b(?: for| in| at)?", ""),
    ("split", r"\b(?:split|break|drill|slice|cut|divide|separate|group)(?:s|ing|ped)? ?(?:it|that|this|these|those|them)? ?(?:down |up |out |further )*(?=by|into|per)|\b(?:split|broken|drill(?:ed)?|sliced|divided|grouped)(?: down| up| out)?(?= by)|\bdrill (?:down|in)(?: to)?|\bbreak (?:it|that|this|them) (?:down|up|out)|\bsplit (?:it|that|this|them)(?: up| out)?|\bfurther\b(?= by)", ""),
    ("more", r"\b(?:add(?:ing)?(?: (?:in|on|to (?:it|that|this)))?|also|as well(?: as)?|too|plus|along(?:side| with)|together with|on top of (?:it|that|this))\b", ""),
    ("total", r"(?<!of )(?<!of the )\b(?:in total|(?:the )?(?:grand |overall )?totals?(?: only| please)?$|overall|bank[- ]?wide|(?:for |across )?(?:the )?(?:whole|entire) bank|all together|altogether|no (?:split|breakdown|grouping))\b|^(?:the )?(?:grand )?totals?\b", ""),
    ("opening", r"^[\s,]*(?:ok|okay|right|good|great|thanks|thank you|fine)?[\s,.!]*(?:now|then|so|but|next)\b(?: show| give)?(?: me)?(?: then)?", ""),
    ("and", r"^[\s,]*(?:ok|okay|right|good|great|thanks|thank you|fine)?[\s,.!]*(?:and|&)\b(?: then| now)?(?: show| give)?(?: me)?", ""),
)  # fmt: skip
_COMPILED = tuple((kind, re.compile(pattern), instead) for kind, pattern, instead in _RULES)
_ENDING = re.compile(r"(?:呢|咧|呗)[\s?？!！。.~]*$")
_ASKS = re.compile(
    r"多少|(?<![这那])几[家个户笔张成]|哪[些个家几里]?|什么|是否|怎么|怎样|\b(?:how (?:much|many|did|do|does|has|have|is|are)|what(?:'s| is| are| was| were| did)|which|who|where|show me|give me|list|tell me)\b"
)
# What is taken away beside a name: 去掉区域条件, "drop the region filter".
_NOUN = re.compile(
    r"条件|筛选|过滤|限制|限定|分组|维度|\b(?:filters?|conditions?|restrictions?|splits?|breakdowns?|groupings?)\b"
)
_POLITE = re.compile(
    r"\b(?:please|pls|plz|thanks|thank you|thx|kindly)\b|^\s*(?:请|麻烦|帮我|帮忙|劳驾)+|(?:谢谢|多谢)(?:您|你|了)?"
)
_PIECE = re.compile(
    r"(?<=[a-z]) (?:parts?|portion|piece|bit|side|slice|ones?)(?= only)?[\s?.!]*$|(?:这|那)?一?部分的?$"
)
_ANGLE = re.compile(r"层面|层级|这一?[级层]")
_EDITS = re.compile(
    r"^\s*(?:那么?|请|再|帮我|麻烦)*(?:把(?:时间|期间|日期|口径|维度|分组|指标))?(?:(?:修?改|换)(?:成|为|按|看|用)|(?:删掉|删除|清空|清除)(?:所有|全部)?的?(?:筛选|过滤|限制)?(?:条件|筛选|过滤|限制)$)|^\s*(?:please )?(?:(?:delete|clear) (?:all |the |that |these )*(?:\w+ )?(?:filters?|conditions?)\b|(?:change|set|update) (?:it|that|this|the (?:period|date|year|metric)) to\b)",
    re.IGNORECASE,
)
_DATA = re.compile(
    r"数据|记录|表[里中]?的?|账户|库|\b(?:tables?|records?|rows?|database|data|accounts?)\b", re.IGNORECASE
)
_STEP = re.compile(r"(?<![月季年])环比|\bsequential(?:ly)?\b|\bperiod[- ](?:on|over)[- ]period\b")
_BANK_WIDE = re.compile(r"全行|全辖|\bbank[- ]?wide\b|\b(?:whole|entire) bank\b")
_ADDS = re.compile(
    r"加上|加入|加进|增加|补充|补上|带上|附上|连同|外加|算上|也(?:看|要|列|显示|加|算|给)|\b(?:add(?:ing)?|also|as well|too|plus|along(?:side| with)|together with|on top of)\b"
)
_POINTS_BACK = re.compile(r"\b(?:that|it|this|these|those|them)\b|这个|这些|上面|刚才|前面的|上述|那个|那些|其中")
_CHART = re.compile(
    r"(?:请|帮我|把它|用|换成|改成|改|换|能)*(?:画成?|做成?|出|生成|转成|绘制|展示)?(?:一?[张个幅])?(?:柱状|折线|饼|条形|面积|散点|曲线|趋势|柱形|线)图|(?:画|做|出|生成|绘制)(?:一?[张个幅])?图(?:表)?|图表(?:展示|显示)?|"
    r"\b(?:(?:show|draw|plot|make|display|turn|put|chart|graph|visuali[sz]e)\w*\s+)?(?:(?:it|that|this|them)\s+)?(?:as |in |into |on |with )?(?:an? |the )?(?:bar|line|pie|column|area|stacked|scatter)[- ](?:chart|graph|plot)s?\b|\b(?:chart|graph|plot|visuali[sz]e)(?: (?:it|that|this|them))?\b(?:,? please)?"
)
_ZH_UNIT = r"(?:季度?|半年度?|月份?|年度?|周|星期|[天日期])"
_EN_UNIT = r"(?:year|half|quarter|month|week|day|period)"
_UNITS: tuple[tuple[Unit, re.Pattern[str]], ...] = (
    ("quarter", re.compile("季|quarter")), ("half", re.compile("半年|half")), ("month", re.compile("月|month")),
    ("year", re.compile("年|year")), ("week", re.compile("周|星期|week")), ("day", re.compile("[天日]|day")),
)  # fmt: skip
# Told from what was asked before, not from the clock.
_BACK = re.compile(
    rf"再?(?:往前|向前|前推|上推)推?一个?{_ZH_UNIT}|再?[上前]一个?{_ZH_UNIT}|再?上个?期|"
    rf"\b(?:the )?{_EN_UNIT} before(?: that| then| it| this)?\b|\b(?:the )?(?:previous|preceding|prior) {_EN_UNIT}\b|\b(?:a|one) {_EN_UNIT} (?:earlier|before|back|prior)\b"
)
_AHEAD = re.compile(
    rf"再?(?:往后|向后|后推)推?一个?{_ZH_UNIT}|再?[下后]一个?{_ZH_UNIT}|再?下个?(?:月|季度?|周|期)|次(?:[年月日]|季度?)|"
    rf"\b(?:the )?{_EN_UNIT} after(?: that| then| it| this)?\b|\b(?:the )?(?:following|next|subsequent) {_EN_UNIT}\b|\b(?:a|one) {_EN_UNIT} later\b"
)
_SAME_YEAR_AGO = re.compile(
    r"(?:去年|上年|上一年|前一年)(?:的)?(?:同期|同月|同季度?|这个时候|同一时期)|\b(?:the )?same (?:period|time|month|quarter|date|point|half)(?: (?:of|in|a))?(?: the)? (?:last year|(?:previous|prior|preceding) year|year (?:ago|earlier|before))\b|\b(?:this time|same time) last year\b|\ba year (?:ago|earlier|before)\b"
)
_COMPARED = re.compile(
    r"[较比与和同跟]\s*$|(?:相比|比较|对比)|\b(?:than|versus|vs\.?|against|from|compared? (?:to|with)|over|since|on)\s*(?:the )?$"
)


@dataclass(frozen=True, slots=True)
class Shift:
    """A step in time from what was asked before."""

    unit: Unit
    count: int
    """Below zero: back."""


@dataclass(frozen=True, slots=True)
class Cues:
    """How a text follows the one before."""

    kinds: frozenset[Kind]
    shift: Shift | None = None
    asks: bool = False
    """It has the words of a whole question: how much, which."""
    ends_open: bool = False
    """It ends with 呢."""
    points_back: bool = False
    """It says "that", "those", 其中."""
    is_chart: bool = False
    """It asks for a picture."""
    is_step: bool = False
    """It says 环比: one step back at the grain that is there."""
    is_bank_wide: bool = False
    """It says 全行, "bank-wide"."""
    others: bool = False
    """It says 其他, "the others": all but what was chosen."""
    drops_grain: bool = False
    """It says "rather than by month"."""
    place: int | None = None
    """N of 第N名是谁."""
    sort_key: str | None = None
    """The words after "sort by"; "" for the names."""
    is_first_one: bool = False
    """It says 第一名的: of the first row."""
    adds: bool = False
    """It says 加上, "too": beside what is there, and not only further on."""

    @property
    def replies(self) -> bool:
        """Whether it reads as a reply even when it names a metric and a period of its own."""
        return bool(self.kinds & {"other", "same", "opening", "and", "plain", "few"}) or self.is_pointed

    @property
    def is_pointed(self) -> bool:
        """Whether it asks for the rest, a place or an order of what was shown."""
        return self.others or self.place is not None or self.sort_key is not None

    @property
    def leans(self) -> bool:
        """Whether anything at all says that it follows."""
        return bool(self.kinds or self.shift or self.ends_open or self.points_back or self.is_chart) or self.is_pointed


def is_reset(text: str) -> bool:
    """Whether it says that a new question begins: 新问题, "new question"."""
    return bool(_RESET.match(text))


def without_reset(text: str) -> str:
    """`text` after 新问题 or "new question:"; as it is where it does not begin so."""
    return _RESET.sub("", text, count=1)


def edits_question(text: str) -> bool:
    """Whether words of change (改成, "set it to") are about the question before, and not about stored data."""
    return bool(_EDITS.search(text)) and not _DATA.search(text)


def stripped(text: str) -> tuple[str, Cues]:
    """`text` folded, without its cues, and the cues. 不含 and "excluding" stay: values read them."""
    left = fold(text).text
    asks, open_end = bool(_ASKS.search(_without_about(left))), bool(_ENDING.search(left))
    left = _ENDING.sub(" ", left)
    kinds: set[Kind] = set()
    left = _POLITE.sub(" ", left)
    left, is_chart = _taken(_CHART, left)
    left, is_contrast, drops_grain = without_contrast(left)
    key, left = sort_key(left) or (None, left)
    if place := place_asked(left):
        left = ""
    if size := size_asked(left):
        left = f"top {size}" if left.isascii() else f"前{size}名"
        kinds.add("other")
    left, shift = _shifted(left)
    if is_contrast:
        kinds.add("other")
    adds = bool(_ADDS.search(left))
    left, others = _taken(OTHERS, left)
    left, is_first_one = _taken(FIRST_ONE, left)
    left, is_subject = _taken(SUBJECT, left)
    if is_subject or is_first_one:
        kinds.add("few")
    points_back = bool(_POINTS_BACK.search(left))
    for kind, pattern, instead in _COMPILED:
        found = pattern.search(left)
        if found:
            kinds.add(kind)
            left = pattern.sub(f" {instead} " if instead.isascii() and instead else instead or " ", left)
    left = re.sub(r"[?？!！]+\s*$", "", left)
    if "without" in kinds:
        left = _NOUN.sub(" ", left)
    left = _ANGLE.sub(" ", left)
    left = _PIECE.sub(" ", left)
    # A month alone that is also a verb: "same for May", "what about May?".
    left = re.sub(r"^[\s,]*(?:for )?may\b(?=[\s,.]*$|\s+(?:19|20)\d\d)", "in may", left)
    return re.sub(r"\s+", " ", left).strip(" ,，。."), Cues(
        frozenset(kinds),
        shift,
        asks,
        open_end,
        points_back,
        is_chart,
        bool(_STEP.search(left)),
        bool(_BANK_WIDE.search(text.lower())),
        others,
        drops_grain,
        place,
        key,
        is_first_one,
        adds,
    )


def _without_about(text: str) -> str:
    return re.sub(r"\b(?:what|how) about\b", " ", text)


def _taken(pattern: re.Pattern[str], text: str) -> tuple[str, bool]:
    found = pattern.search(text)
    return (pattern.sub(" ", text), True) if found else (text, False)


def _shifted(text: str) -> tuple[str, Shift | None]:
    """`text` without its step in time, and the step; what is only compared with (较上一年) stays."""
    for pattern, count in ((_SAME_YEAR_AGO, -1), (_BACK, -1), (_AHEAD, 1)):
        found = pattern.search(text)
        if not found or _COMPARED.search(text[: found.start()]):
            continue
        unit: Unit = next((unit for unit, words in _UNITS if words.search(found[0])), "period")
        left = f"{text[: found.start()]} {text[found.end() :]}"
        return left, Shift("year" if pattern is _SAME_YEAR_AGO else unit, count)
    return text, None
