"""Tells from its wording whether a question asks what a name means, and which side of the definition it asks for.

Reads a text whose names stand as "▢", so that the words of a name never pass for words of asking. Wording only: it knows
no catalog, and what asks for a figure (多少, how much, a ranking) is left to the figures.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Aspect = Literal[
    "formula", "meaning", "owner", "versions", "difference", "inclusion", "splits", "values", "unit", "topics"
]
NAME = "▢"
"""Stands for one name of the catalog."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that ask about a definition, with their place in the masked text."""

    aspect: Aspect
    start: int
    end: int


_HOW = r"(?:怎么|怎样|如何|咋|咋样)"
_WHAT = r"(?:什么|啥|哪些|哪几[项类种个])"
_RULE = r"(?:口径|定义|公式|版本|标准|算法|门槛|阈值|规则|算的)"
_RULE_EN = r"(?:definitions?|formulas?|rules?|thresholds?|methodolog(?:y|ies)|methods?|criteria|calculations?|versions?|cut-?offs?)"
_BE = r"(?:is|are|was|were|be|gets?|being)"
_MADE = r"(?:calculat\w+|comput\w+|defin\w+|deriv\w+|work(?:ed)? out|annuali[sz]\w*|arriv\w+ at|determin\w+|measured?|count(?:ed)?|treat(?:ed)?|convert(?:ed)?|translated?|weight(?:ed)?|averag(?:e|ed)|built|made up|put together|get to|figure(?:d)? out|classif(?:y|ied)|constructed|obtained|aggregat\w+|reckon\w*|assess\w*|identif(?:y|ied))"
_OWN = r"(?:owns?|owned|responsible|accountable|in charge|maintain(?:s|ed)?|define[sd]?|sets?|signs?(?: off)?|signed(?: off)?|approve[sd]?|looks? after|decide[sd]?|governs?|stewards?|publishe[sd]?|keeps?|calculates?|issue[sd]?)"
_HOLD = r"(?:includ\w*|exclud\w*|contain\w*|cover(?:s|ed|ing)?|compris\w*|consist\w*|part of|net of|gross of|belong\w*|count(?:s|ed|ing)?|tak(?:e|es|ing)\b.{1,40}\binto account|factor\w*|leav(?:e|es|ing) out|ignor\w*|capture[sd]?|deduct\w*|allow for|look at)"
_MASS = r"(?:包含|包括|涵盖|囊括|含有?|算|计入|纳入|扣除|扣掉|扣|剔除|剔掉|统计|考虑|减去|减掉|加上|加了|算进去?|算在|计算在|属于|刨去|刨掉|去掉)"

# (aspect, whether it holds though the question also names a period or a grouping, pattern)
_RULES: tuple[tuple[Aspect, bool, str], ...] = (
    (
        "splits",
        True,
        r"▢.{0,8}?(?:能|可以?|支持)?(?:按照?|从)(?:哪些|什么|啥|哪几[个种]|哪个)(?:维度|角度|字段|层级|属性|分类)(?:来|去|进行)?(?:拆|分|看|统计|下钻|切|细分|汇总|查|分析|展开)|▢.{0,4}?(?:能|可以?|支持)(?:按照?)(?:哪些|什么|啥|哪几个)(?:来|去|进行)?(?:拆|分|看|统计|下钻|切|细分|汇总|查|分析)|(?:有哪些|支持哪些|哪些)(?:维度|拆法|分组|下钻)[^?？]{0,6}▢|▢.{0,4}(?:有|支持)(?:哪些|什么|啥)(?:维度|拆法|下钻|分组方式)"
        r"|\b(?:what|which) (?:dimensions?|breakdowns?|attributes|cuts|levels|splits|ways)\b[^?]*▢|\bhow (?:else )?can (?:i|we|you) (?:split|break|slice|group|cut|drill)\b[^?]*▢|\bby (?:what|which)(?: dimensions)? can\b[^?]*▢|\bwhat can (?:i|we|you) (?:split|break|slice|group|cut|drill)[^?]*▢|▢ be (?:split|broken down|sliced|grouped|cut)(?: down)? by (?:what|which)|\b(?:what|which) (?:dimensions?|breakdowns?)\b.{0,20}▢",
    ),
    (
        "topics",
        True,
        r"(?:能|可以|可|会|应该)(?:向你|跟你|在这里?)?(?:问|查|看|回答|提供|查询|做|干|帮我[查做干问看]|支持)(?:到|些|点|你|一?下)?(?:什么|啥|哪些|哪几)"
        rf"|(?:有|支持|提供)(?:{_WHAT})(?:可以?[问查用看]的?)?(?:指标|维度|主题|口径|数据|东西|内容)(?:可[以]?[查问看用]|能[查问看])?(?=[?？。,，\s]|$|可|能|呢|啊)|(?:指标|维度)(?:都)?有(?:哪些|什么|啥)"
        rf"|{_WHAT}(?:指标|维度|数据|东西|内容|问题)(?:是)?(?:我)?(?:可以|能)(?:[问查看]|查询|用)"
        r"|(?:指标|维度)(?:清单|列表|目录|大全|一览表?|字典)|(?:所有|全部)(?:可[查问用]的?)?指标(?:[?？。\s]*$|有|列)|(?:列出|看看|显示|给我)(?:所有|全部)(?:的)?指标(?:$|[?？。])"
        r"|你(?:都)?(?:能|会|可以)(?:做|干|回答|帮)|(?:怎么|如何)(?:使用|用|提问|问你)(?:你|这个|它|系统)?[?？。呢吗\s]*$|(?:给|举)(?:我)?(?:几个|一些|点|个)(?:可以问的)?(?:例子|示例|问题|样例)|^(?:帮助|help|使用说明|帮助信息|你是谁)[?？。!\s]*$"
        rf"|(?:负责|归口|管|归)(?:的)?(?:都)?(?:有|是)?{_WHAT}指标"
        r"|(?:有|还有)(?:哪些|什么|啥)[^,，。?？的]{1,8}?指标[?？。呢啊\s]*$|(?:哪些|什么)[^,，。?？的]{1,6}?指标(?:可以|能)(?:[问查看用])"
        r"|\b(?:which|what)(?: [\w▢'-]+){1,4} (?:metrics|kpis|measures|indicators) (?:do you|are there|are available|can (?:i|you|we)|does it|exist|are defined)"
        r"|\bwhat (?:else )?(?:can|could|may|should|am) i (?:able to )?(?:ask|query|look up|find out|see|get)|\bwhat can (?:you|this|it) (?:do|answer|tell|help|show)|\b(?:which|what) (?:kinds? of |sorts? of |types? of )?(?:metrics?|kpis?|measures|figures|indicators|dimensions|data|topics|questions|breakdowns)(?: on ▢| about ▢| for ▢)? (?:are|do|does|can|could|is|have)(?: \w+){0,2} (?:available|there|i|you|we|know|supported|defined|cover\w*|ask\w*|answer\w*)"
        r"|\b(?:list|show|give)(?: me)?(?: of)?(?: all)?(?: the| your)?(?: available)? (?:metrics|kpis|measures|dimensions)\W*$|^\W*help\W*$|\bhow (?:do|can|should) i (?:use|ask)\b|\b(?:example|sample) questions?\b|\bwho are you\b"
        r"|\b(?:which|what) (?:metrics|kpis|measures|figures|indicators)\b.{0,12}\b(?:own|owned|responsible|maintain)",
    ),
    (
        "unit",
        True,
        r"(?:用|以|按)?(?:什么|啥|哪个|哪种)(?:计量)?单位|单位(?:都)?(?:是|为)(?:什么|啥|万?元|亿元|多少|百分)|计量单位|单位[?？。]*$"
        r"|\b(?:in )?(?:what|which) (?:units?|currency)\b(?! (?:has|have|had|with))|\bunits? of (?:measure(?:ment)?|▢)|\bwhat(?:'s| is) the unit\b",
    ),
    (
        "values",
        True,
        r"▢(?:都|一共|总共|下面|里面?|可以?)?(?:有|分为?|分成|包括|包含|划分?为)(?:哪几?[些种类个档级]|几[种类档级个]|多少[种类档级]|什么)[▢类种档级别取值]*[?？呀啊呢\s]*$|▢(?:的)?(?:取值|可选值|枚举值?|选项|值域)|(?:哪些|什么)▢(?:可以|能)(?:[问查看选用])"
        r"|\b(?:which|what) (?:are the )?▢(?: types?| values?| options| categories| kinds| classes| levels)? (?:are there|exist|do (?:we|you) (?:have|use|know)|are available|can i (?:use|choose|ask))|\bwhat (?:are|is) the (?:possible |allowed |different )?(?:values?|options|categories|levels|classes) (?:of|for|in) (?:the )?▢|\bhow many (?:kinds|types|classes|levels|categories) of ▢",
    ),
    (
        "difference",
        False,
        rf"(?:区别|差别|差异|不同|异同|不一样)(?:在哪里?|是{_WHAT}|有{_WHAT}|吗|呢|么)?[?？。\s]*$|(?:有|是)(?:{_WHAT}|何|没有?)?(?:区别|差别|差异|不同|不一样)|怎么区分|如何区分|(?:是不是|是否|是)?(?:一回事|同一个(?:指标|东西|口径|概念|意思)?|一个意思|一码事|一个东西)|▢.{{0,6}}▢.{{0,8}}(?:一样|相同|等同|等价)(?:吗|么|嘛|的)|分别(?:是|指|代表)?(?:{_WHAT}(?:意思|含义)?|怎么(?:定义|算))"
        rf"|\bdifference(?:s)? between\b|\bdiffer(?:s|ent|ence)?\b|\bdistinguish|\b(?:the )?same (?:thing )?as\b|^(?:is|are) ▢.{{0,16}} and ▢.{{0,10}} the same|\bwhat(?:'s| is| are) the differences?\b|\bcompare the {_RULE_EN}|\bhow .{{0,30}}\bset apart",
    ),
    (
        "versions",
        True,
        rf"(?:什么时候|何时|几时|啥时候|哪一?年|哪一?天|哪个?月|从何时|什么时间|自何时|多久)[^,，]{{0,8}}?(?:变|改|调整|生效|启用|实施|执行|修订|更新|施行|开始(?:这么|这样|按)?[用算]|定的|制定|沿用)|{_RULE}.{{0,10}}?(?:变过|改过|变化|变更|变动|调整|修订|更新过|有变|有改|改动|历史|沿革|变没变|动过|换过|变了|改了)"
        rf"|(?:有没有|是否|有无|是不是|曾经?)(?:做过)?(?:变过?|改过?|调整|修订|更新)(?!了?多少)|(?:变|改|调整|修订|更新|调)过(?:吗|么|没有?|{_RULE}|几次)|生效|(?:新旧|新老|前后|历史|以前的?|原来的?|旧|原|老)(?:两个|各?版)?(?:的)?{_RULE}.{{0,8}}?(?:什么|啥|怎么|如何|哪|区别|不同|差|吗|是|[?？]|$)|(?:哪个|几个|什么|哪些|第几|哪一)版本?|版本(?:号)?(?:是|有|[?？]|$)"
        rf"|\b{_RULE_EN}\b.{{0,40}}\b(?:chang\w+|updat\w+|revis\w+|amend\w+|modif\w+|alter\w*|evolv\w+|differ\w*)|\b(?:chang\w+|updat\w+|revis\w+|amend\w+|modif\w+|alter\w*|tweak\w*)\b.{{0,40}}\b{_RULE_EN}\b|\b(?:in|into) (?:force|effect)\b|\btak(?:e|es|en|ing) effect|\btook effect|\beffective (?:date|from|since|as)|\bredefin\w+|\b(?:which|what|how many) versions?\b|\bversion history|\b(?:old|new|previous|earlier|former|current) (?:definition|version|rule|formula)\b|^when (?:did|was|were|has|have) (?:the |our )?▢ (?:last )?(?:changed?|updated?|revised?|introduced|defined|redefined|amended)|\bhas ▢ (?:ever )?(?:changed|been (?:changed|redefined|revised))\W*$",
    ),
    (
        "owner",
        True,
        rf"谁(?:来|在|给)?(?:负责|定|管|维护|制定|归口|牵头|批|出具?|提供|发布|拥有|拍板|说了算|解释|认定|把关)|归(?:口|谁|哪个|哪|什么)|(?:由|是|归|哪)?(?:哪个|哪一个|哪家|哪|什么|啥)(?:部门|部|条线|团队|处室|中心|科室)(?:来|在|给|去)?(?:负责|定|管|牵头|归口|维护|制定|发布|出|认|拥有|批|解释|说了算|的[?？。\s]*$|[?？。\s]*$)|(?:责任|主管|归口|牵头|负责|管理|归属|所属|发布|定义)(?:部门|人|单位|方)|(?:找|问|联系)(?:谁|哪个部门|哪个部|哪位)|{_RULE}(?:是)?谁|谁(?:的|定的|写的|提的)(?:{_RULE})"
        rf"|\bwho(?:'s| is| are)?(?: the)?(?: \w+)? {_OWN}\b|\bwho(?:'s| is| are)? (?:the )?(?:owner|steward|contact)|\bowner(?:s|ship)?\b|\b(?:which|what) (?:department|team|unit|division|function|desk|area|business line|office)s?\b.{{0,24}}\b(?:{_OWN}|behind|charge)\b|\bresponsible (?:department|team|unit|party)|\bwhose (?:metric|definition|number|kpi|responsibility)\b|\b(?:whom?|which team) (?:do|should|can) i (?:ask|contact|call)\b",
    ),
    (
        "inclusion",
        False,
        rf"(?:包不包[含括]|含不含|算不算|计不计|扣不扣|减不减|(?:有没有|是否|是不是|有无)(?:已经?|也|都|要|会|应)?{_MASS})|{_MASS}(?:了|进|进去|在内)?[^,，。;；?？]{{0,18}}?(?:在?内)?(?:吗|么|嘛|没有?|不)[?？。!\s]*$|(?:不)?(?:包含|包括|涵盖|含|算|计入|剔除|扣除|扣减|覆盖)(?:了|进|的)?(?:是)?(?:哪些|什么|啥|哪几|多少种)|{_WHAT}(?!时候)[^,，▢]{{0,10}}?(?:不)?(?:被)?(?:算|计入|算进|纳入|包含|包括|剔除|扣除|算作|算在)(?!了?多少)|▢(?:由|里面?|中|里头)(?:都|主要)?(?:有|是|由|包)?{_WHAT}(?:组成|构成|[?？。]|$)|由{_WHAT}(?:组成|构成|相加|加总)"
        rf"|^(?:so,? |and |but |then )?(?:do|does|is|are|did|has|have|should|would|will)\b[^?]*\b{_HOLD}|\bwhat(?:'s| is| are| do(?:es)?)\b[^?]{{0,40}}\b(?:{_HOLD}|left out|inside)(?! (?:deposits|loans))|\bwhich\b[^?]{{1,40}}\b(?:is|are|do|does)(?: not)? (?:included|excluded|counted|part of|covered)|\b(?:including|excluding|with|incl\.?|gross|net)\b[^?]{{1,24}}\bor (?:not|without|excluding|including|net|gross)\b",
    ),
    (
        "meaning",
        True,
        rf"含义|涵义|释义|何意|什么意思|啥意思|的意思|意味着{_WHAT}|(?:是指|指的是|指|代表|表示|衡量|反映)(?:的是)?(?:什么|啥|哪些|哪个|哪种|哪一)|(?:什么时候|何时|怎样|什么情况下?)(?:才|就|会|能)?(?:算|视为|认定为|属于|列为|划为|进入)|(?<!为)(?<!凭)(?:什么|啥|何)(?:才)?(?:算作?|叫做?|是|属于)(?:是|为|作)?▢[^▢]{{0,3}}$|(?:什么样的?|啥样的?|怎样的?|怎么样的?|哪些|哪种|何种|哪一?类)(?:情况|客户|贷款|人|账户|卡|户|企业|借款人|▢)?下?(?:才|就|会|能|可以|可)?(?:被|给)?(?:算作?|叫做?|属于|视为|认定为|称为|称作|划为|归为|列为|计为)(?:是|为|作|入|到)?▢[^▢]{{0,3}}$|^(?:请问)?(?:何[谓为]▢|(?:什么|啥)(?:是|叫做?)[一-鿿▢]{{2,16}}[?？]*$)|▢(?:到底|究竟|具体)?(?:是|是个|为)(?:什么|啥)(?:指标|概念|东西|玩意儿?)?[?？呀啊呢\s]*$|(?:解释|科普|介绍|说明)(?:一下|下|下子)?(?:什么是|啥是)?▢(?:这个指标|的?(?:概念|含义|意思))?[?？。\s]*$|(?:多少|几)(?:天|个?月|年|元|万)(?:以上|及以上|以内|没还|未还|不还|没动|不用|不动)*(?:才|就|开始)?(?:会|能|被|要)?(?:算|计|认定|视为|属于|进|划|叫|归)"
        rf"|\bwhat (?:do(?:es)?|did)\b[^?]*\b(?:mean|stand for|measure|represent|refer to|capture|describe|tell (?:us|me|you))\b|\bmean(?:ing|t)\b|\bmeans\b|\bstands? for\b|\bwhat(?: exactly| actually| precisely| all)?(?: makes| constitutes| counts| qualifies| is counted| are counted| is considered| is classed| is classified| is regarded| is meant| do (?:we|you) (?:count|class|consider|call|mean|understand)| goes into| is treated| do you call| is called)\b|\bwhat(?:'s|s| is| are)(?: exactly| actually| precisely| really)? (?:an? )▢\W*$|\bwhat(?:'s| is| are)? (?:exactly|actually|precisely|really) (?:is |are )?(?:the |an? )?▢\W*$|\bwhat (?:exactly|actually|precisely) (?:is|are)\b|\bwhat(?:'s|s| is| are) (?:the |an? )?▢ (?:exactly|precisely|actually|about|all about|made of|made up of|composed of)\W*$|^(?:please |can you |could you )?(?:explain|describe|clarify|define|tell me about)(?: to me)?(?: what| how)?(?: the| our| an?)?(?: term| metric)? ▢(?: is| are| means?| works?)?(?: to me)?\W*$|^when (?:is|are|does|do)\b[^?]{{0,50}}\b(?:considered|deemed|counted|classed|classified|treated|become|count as|qualify|turn|regarded|called|enter|fall into)\b|\b(?:how many|at what|after how many) (?:days|months|point|stage|years)\b[^?]*\b(?:considered|count|counts|counted|treated|become|becomes|qualify|qualifies|makes?|until|before|be|is)\b",
    ),
    (
        "formula",
        True,
        rf"{_HOW}(?:样)?(?:来|去|被|个|进行|给|地)?(?:计算|算法|算|核算|统计|测算|得出|得来|得到|来的?|定义|界定|认定|确定|定的|划分|分类?的|分出?来的|年化|折算|折成|折|口径|理解|衡量|度量|判定|判断|归类|加权|平均|取数?|计量|处理)(?![一-鿿]{{0,4}}(?:一下|各))|(?:计算|统计|核算|测算)(?:公式|方法|方式|逻辑|口径|规则|过程|依据|标准)|分[子母]|{_HOW}(?:个)?(?:算法|口径|定义)|(?:按|依|用|以)(?:照)?(?:的)?(?:是)?(?:什么|哪个|哪种|啥|何种|哪天|哪一天|何)(?:的)?(?:口径|汇率|标准|规则|利率|方法|方式|算|计|统计|折|天数|日期)|▢[^?？,，]{{0,14}}(?:是|用|按|取|看|算)[^?？,，]{{1,12}}还是[^?？,，]{{1,12}}|(?:认定|划分|判定|界定|分类|统计)(?:的)?(?:标准|依据|规则|条件)|(?:门槛|阈值|标准)(?:是|为)?(?:什么|多少|几)|{_HOW}年化|公式|算法"
        rf"|\bhow (?:exactly |precisely |actually )?(?:{_BE}|do|does|did|should|would|has|have|can|to)\b[^?]{{0,60}}?\b{_MADE}\b|\bnumerator\b|\bdenominator\b|\bformulas?\b|\bon (?:what|which) basis\b|\b(?:what|which) (?:exchange )?rates? (?:is|are|do|does)\b[^?]*\b(?:used?|convert\w*|appl\w+)|^(?:is|are)\b[^?]*▢[^?]*\b(?:net|gross|averages?|averaged|annuali[sz]ed|period[- ]end|month[- ]end|year[- ]end|based on|over (?:calendar|actual|loaded)|weighted|converted|calendar|cumulative|year[- ]to[- ]date|simple|annual)\b|\bcalculation (?:of|method|logic|for)\b|\bmethodology\b|\bwhat (?:threshold|cut-?off|criteria|rule|basis|condition)s?\b",
    ),
    (
        "formula",
        False,
        r"(?:口径|定义)(?:[是为](?:什么|啥|怎样|怎么样?|如何|哪)|呢|吗|说明|有哪些|[?？。!\s]*$|和|与|以及|及|,|，)|(?:什么|啥|哪种|哪个|怎样的?)(?:统计)?(?:口径|定义)|(?:的|查|看|问|查询|查看|介绍|说明)(?:[^,，]{0,10})(?:口径|定义)[?？。!\s]*$|^(?:口径|定义)[:：]"
        r"|\bdefin(?:e|es|ed|ition|itions)\b",
    ),
)
_COMPILED = tuple((aspect, holds, re.compile(pattern, re.IGNORECASE)) for aspect, holds, pattern in _RULES)
_LIKELY = re.compile(
    r"怎|如何|咋|口径|定义|公式|算法|义|意思|何意|何谓|何为|意味|指|代表|分子|分母|谁|归|部门|团队|中心|条线|时候|何时|几时|哪|生效|版本|变过|改过|区别|差别|差异|不同|一样|相同|异同|一回事|同一|一个意思|包|含|算|计入|纳入|扣|剔|减|问|查什么|什么|啥|标准|门槛|阈值|帮助|指标|维度|例子|示例|还是|调整|修订|能|会做|help|解释|介绍|不一|一个东西|一码事|条件|是谁|按照?|用的|是否"
    r"|\b(?:how|what\w*|who\w*|which|when|since|does|do|is|are|did|defin\w+|formula\w*|mean\w*|explain|describe|clarify|owner\w*|differ\w*|distinguish|same|versions?|numerator|denominator|metrics?|kpis?|list|example|sample|calculation|methodology|tell me|includ\w+|exclud\w+|compare the)\b",
    re.IGNORECASE,
)
# A figure is wanted: how much, a ranking, a course over time, a split.
_FIGURE = re.compile(
    r"多少(?!天|个?月|年|日|种|元.{0,8}算|万.{0,4}算)|百分之几|几[个家户笔名位张成](?!部门|版本|指标)|排名|排行|排序|最[高低大小多少好差快慢]|前[\d一二三五十]|趋势|走势|变化多|增长了?多|各(?:[家个大级]|▢)|每[个家月季年日]|高于|低于|超过|大于|小于"
    r"|\bhow (?:much|many)\b(?! (?:days|months|versions|years|metrics))|\btop \d|\b(?:highest|lowest|largest|smallest|biggest|most|least|best|worst)\b|\bby (?:month|quarter|year|▢)|\bper (?:month|quarter|year|▢)|\btrend|\beach\b|\bevery (?:month|quarter|year)\b|\b(?:above|below|more than|less than|at least)\b",
    re.IGNORECASE,
)


# A bound chooses among members by a figure: 不良率介于1%和2%之间的行业有哪些.
_CHOOSES = re.compile(
    r"\d\s*(?:%|万|亿|元|户|笔|家|个|bp|million|billion|mn|bn|per ?cent)|介于|之间|以上|以下|最[高低大小多少好差快慢]|(?:高|低|多|少|大|小|好|差)(?:于|的)|超过|不足|不到|达到|达标|(?:上升|下降|增长|减少|恶化|改善|增加|下滑|上涨|下跌)了?的|\b(?:between|above|below|over|under|exceed\w*|more than|less than|higher|lower|at least)\b"
)


def is_likely(folded: str) -> bool:
    """Whether a folded text may ask about a definition at all; cheap, so that plain questions cost nothing."""
    return bool(_LIKELY.search(folded))


def find_cue(masked: str, *, is_dated: bool) -> Cue | None:
    """What side of a definition the masked text asks for; None when it asks for a figure or for nothing known.

    `is_dated`: it names a period, so that the softer wordings mean a figure of that period.
    """
    asks_figure = bool(_FIGURE.search(masked))
    for aspect, holds, pattern in _COMPILED:
        if not (match := pattern.search(masked)):
            continue
        if asks_figure and aspect not in ("topics", "owner", "splits", "values", "unit"):
            continue
        if aspect == "values" and (is_dated or _CHOOSES.search(masked)):
            continue
        if is_dated and not holds:
            continue
        if aspect == "difference" and masked.count(NAME) < 1:
            continue
        return Cue(aspect, *match.span())
    return None
