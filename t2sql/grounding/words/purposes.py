"""What the figures are for and who asks for them: 资产负债管理委员会例会用：, (审计备查), "for tomorrow's ALCO", "Audit sample:".

Such a heading, clause or bracket names no metric, no value and no period of the question, though its words could: it is
blanked before anything is looked for. Never takes a stretch that names a unit of the bank or a metric outside an
office's own name: 上海分行要数 and 不良贷款分析报告 may say what is asked.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from t2sql.flow import Span
from t2sql.grounding.words.courtesies import COURTESIES, QUICK_COURTESY
from t2sql.grounding.words.occasions import GOODS, KINDS, ORGANS, PAPERS, PLANS
from t2sql.grounding.words.overlaps import overlaps
from t2sql.grounding.words.restated import QUICK, RESTATED
from t2sql.grounding.words.text import Folded
from t2sql.grounding.words.weighing import qualifies

_HAN = "㐀-鿿"
# Offices, and those who sit in them.
_ORGAN = rf"(?:[{_HAN}]{{1,12}}?(?:委员会|管委会|审委会|监事会|董事会|理事会|股东会|股东大会|领导小组|工作组|专班|工会|党委|纪委|部门?|处室?|科室?|办公室|[秘财行总]办|中心|条线|团队))"
_PERSON = r"(?:行领导|领导|行长|副行长|董事长?|董秘|监事|股东|高管|老板|老总|总经理|经理|主任|处长|科长|主管|分管[行领]\S{0,3}|审计师?|外审|内审|稽核|(?:检查|督导|审计|巡视|巡察|稽核|专项|调研|评审|课题|项目|核查)组|监管(?:部门|机构|局)?|银保监局?|银监局?|金监局|人行|央行|总局|媒体|投资者|分析师|客户经理|同事|大家)"
_MEETING = r"(?:例会|晨会|早会|周会|月会|季会|年会|办公会|党委会|行务会|行长会|经营会|分析会|调度会|评审会|贷审会|座谈会|通报会|汇报会|推进会|碰头会|讨论会|发布会|说明会|业绩会|会议|会前|会上|上会|开会|碰头|议案|议题|路演|培训|演示|调研|巡检|巡视|巡察|检查|督导|审计|稽核|验收|评审|年检|自查|排查|查证|核查|尽调|走访)"
_PAPER = r"(?:日历|[记计]分卡|看板|路线图|提案|月报|季报|年报|周报|日报|半年报|快报|简报|通报|报告|(?:报表|年报|半年报)?附注|材料|底稿|附件|ppt|汇报稿?|稿子?|总结|方案|纪要|通讯|新闻稿|公告|台账|提纲|讲话|发言|手册|预案|计划|规划|模板|问卷|函件?|批示|签报|周刊|专栏|招股书|募集说明书|信息披露)"
_WORK = r"(?:分析|摸底|测算|核对|对账|考核|评比|统计|报送|上报|填报|披露|备查|备案|存档|归档|复核|审阅|审核|审议|审批|参考|参阅|研究|研判|决策|讨论|排查|评估|复盘|通报|预算|宣传|汇报|汇总|答复|回复|抽样|抽查)"
_OFFICE = rf"(?:{_ORGAN}|{_PERSON}|{_MEETING}|{_PAPER}|{_WORK})"
_ANY = rf"[{_HAN}a-z0-9、/和及与 .·\-]"
_WANTS = r"(?:[要需急备专待]?用的?|使用|[要急]要?[看的讲报交写填放用]|要(?:名单|清单|数|明细|表)(?:[和及、与](?:名单|清单|数|明细|表))?|要数据?|要一?份|等着[要用看]|[会上]用|急需|需要|所需|之用|备查|备用|急要|要(?![求点素闻])|参考|参阅|审阅|审议|查阅|审批|审核|过目|留存|存档|备案)"
_WHEN = r"(?:(?:今天?|明天?|后天?|本|下|这)(?:早上?|晚上?|午|上午|下午|周[一二三四五六日末]?|天)|早上|上午|中午|晚[点些]|迟点|过会儿?|马上|本周|下周|这周|月底|周末|下午|晚上|待会儿?|一会儿?|等会儿?|回头|稍后|周[一二三四五六日]|礼拜[一二三四五六日]|\d{1,2}月\d{1,2}[日号])"
_PURPOSE_ZH = (
    # 供风险管理委员会审阅, 供报送使用
    rf"(?:仅|以|请|用于|特)?[供备]{_ANY}{{0,24}}?{_WANTS}(?:使用|之用|用)?",
    # 周报要用, 排续贷计划用, 明早开会要用, 运营管理部报送用, 卡中心要数
    rf"{_ANY}{{0,20}}?(?:{_OFFICE}|报表|表格){_WANTS}",
    # 用于季度经营分析, 为明天的例会准备, 给董事会汇报
    rf"(?:{_WHEN})?(?:要|得|准备)?(?:[用供]于|拟用于|将用于|(?:主要)?用来|为了?|发?给|呈|报){_ANY}{{0,20}}?{_OFFICE}(?:准备|做准备|用|使用|汇报|看看?|过目|批示|报送|交差|写|做|所需)?(?:的?需要|之需)?",
    # 我在写风险月报, 正在准备年报
    rf"(?:我们?|咱们?)?(?:{_WHEN})?(?:正在|正|在|要|想|得|需要?|准备|打算)?(?:写|做|准备|编|编写|出|赶|弄|交|整理|更新|撰写|起草)[^,.;。\n]{{0,10}}?{_PAPER}",
    # 明早开会, 下午要给行长汇报, 晚上要交
    rf"(?:我们?|咱们?)?{_WHEN}的?(?:{_ORGAN}|{_PERSON})?(?:就?要|得|需要?|会)?(?:给{_ANY}{{1,8}}?|向{_ANY}{{1,8}}?)?(?:{_MEETING}|汇报|上报|报送|提交|要?交|要?讲|要用|上会|发言|要看|要)(?:要?用|用的|要讲|上讲|上用|上说)?",
)
# In a bracket or before a colon the office alone says it.
_ALONE = rf"{_ANY}{{0,20}}?{_OFFICE}(?:[一二三四五六七八九十\d]{{0,2}})(?:{_OFFICE}[一二三四五六七八九十\d]{{0,2}}){{0,2}}(?:[要需]?用|需求|要求|口径需求|要数|来问|问|想问|求数|催要)?"
_HEADING = re.compile(rf"^\s*(?:急[,!]?)?(?:{_ALONE}|{'|'.join(_PURPOSE_ZH)})(?:\({_ANY}{{0,20}}\))?(?=:)")
_BRACKET = re.compile(rf"\((?P<inner>{_ALONE}|{'|'.join(_PURPOSE_ZH)})\)")
_CLAUSE = re.compile(rf"(?:(?<=[,;。!?:(\n])|^)\s*(?P<inner>{'|'.join(_PURPOSE_ZH)})\s*(?=[,;。!?:)\n]|$)")
# 周会要用的各分行不良率: the clause goes on with what is asked.
_USED_IN = re.compile(
    rf"^\s*(?P<inner>{_ANY}{{0,12}}?{_OFFICE}(?:[里中上内]?(?:[要需会拟]|需要)?(?:用|披露|写|放|填|报|讲|展示|体现|列示|引用))的)(?=[{_HAN}\d])"
)
# 本周例会需要6月末的…, 审计组要看…: likewise.
_ASKS_FOR = re.compile(
    rf"^\s*(?P<inner>{_ANY}{{0,10}}?(?:{_MEETING}|{_ORGAN}|{_PERSON})上?(?:急需|需要|急要|想要|要用|要看|想看|想了解|想知道|要一?份|要求报|要)(?:一?下|一?份)?)(?=[{_HAN}\d])"
)
# 半年度工作会议材料，…: a leading clause that is only a paper's name.
_LEADING = re.compile(
    rf"^\s*(?P<inner>{_ANY}{{0,16}}?(?:[周月季年日快简通]报|半年报|报告|材料|底稿|ppt|纪要|稿子?|会议|例会|[周月晨早]会))(?=,)"
)

_DOC, _PLAN, _ORGAN_EN = PAPERS, PLANS, ORGANS
# Only what is known to name an office: "the shipping desk" may say whose loans are asked.
_MIDDLE = rf"(?:(?:{KINDS}|{GOODS}|{ORGANS}|{PAPERS}|and|&|of)(?:'s)? ){{0,4}}?"
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tues?|wed|thurs?|fri)"
_DAY = r"(?: ?(?:today|tomorrow|tonight|now|(?:tomorrow|monday|tuesday|wednesday|thursday|friday) (?:morning|afternoon|evening)|monday|tuesday|wednesday|thursday|friday|next (?:month|quarter|year)|(?:this|next) (?:morning|afternoon|evening|week|monday|tuesday|wednesday|thursday|friday)|on (?:monday|tuesday|wednesday|thursday|friday)|at (?:noon|\d{1,2}(?::\d\d)? ?(?:am|pm)?)|by (?:\d{1,2}(?::\d\d)? ?(?:am|pm)|noon|eod|cob|close|end of (?:day|business)|today|tonight|tomorrow|monday|tuesday|wednesday|thursday|friday)))?"
_FOR = rf"(?:for|to go into|going into|goes into|into|as input (?:to|for)|ahead of|before|in preparation for|prepping for|preparing for|requested by|as requested by|on behalf of) (?:the |our |my |a |an |this |that )?{_MIDDLE}(?:{_DOC}|{_ORGAN_EN})\b{_DAY}"
_NEED = r"(?:(?:i|we)(?:'m| am|'re| are|'ll| will)? ?)?(?:need(?:s|ed|ing)?|wants?|wanted|us(?:e|ed|ing)|required|asked|it's|this is|that's|is|it is|put|putting|prepping|preparing|getting ready)(?: (?:it|this|these|that|them|to be used|for use|together|(?:a |the |some )?(?:numbers?|figures?)))?"
_PLAN_EN = re.compile(
    rf"(?:^|[,;.:(]| - | – | — )\s*(?P<inner>(?:(?:{_NEED}) )?(?:for|to go into|going into|goes into|go into|into|to (?:update|support|feed|prepare|inform|help with)|as (?:part of|input (?:to|for))|ahead of|before|in preparation for) (?:the |our |my |a |an |this |that |next |tomorrow's )?{_MIDDLE}(?:{_PLAN}|{_DOC}){_DAY})(?=\s*(?:[,;:.?!)]| - | – | — |$|please\b|pls\b|thanks\b))"
)
# "Regional review on Monday, so please …": what is coming up, and when.
_EVENT_EN = re.compile(
    rf"^\s*(?P<inner>(?:(?:i|we)(?:'ve| have)(?: got)? |there(?:'s| is) |got )?(?:the |our |my |a |an )?{_MIDDLE}(?:{_DOC}|{_PLAN})(?: with [^,.;:()\d]{{1,30}}?)?(?: (?:is|are|coming|kicks|starts|begins|due|up|off|on|happening|scheduled|set for)){{0,3}} ?(?:(?:on |this |next |for )?{_WEEKDAY}(?: (?:morning|afternoon|evening))?|tomorrow(?: (?:morning|afternoon|evening))?|tonight|today|next week|this week|soon|(?<=coming )up|in (?:\d+|an?|ten|five|half an?|two) (?:minutes?|mins?|hours?|days?)|at \d{{1,2}}(?::\d\d)?(?: ?[ap]m)?))(?=\s*(?:[,;:.!]| - | – | — |so\b))"
)
# What comes up may name whom the figures are of ("Hangzhou branch review on Friday"); its day never does.
_ITS_DAY_EN = re.compile(
    rf"\b(?P<asker>(?:{_DOC}|{_PLAN}) (?:(?:on |this |next )?{_WEEKDAY}|tomorrow|tonight)(?: (?:morning|afternoon|evening))?)(?=\s*(?:[,;:.!]| - | – | — |so\b))"
)
_CLAUSE_EN = re.compile(rf"(?P<inner>(?:(?:{_NEED}) )?{_FOR})(?=\s*(?:[,;:.?!)\n-]|$|please\b|pls\b|thanks\b))")
_LEADING_EN = re.compile(rf"^\s*(?P<inner>{_FOR})(?=\s*(?:[,:;-]|i\b|we\b|show|give|list|please|what|how|which))")
_HEADING_EN = re.compile(
    rf"^\s*(?:quick |urgent |just )?(?:(?:for|from|re|regarding) )?(?:the |our |my )?{_MIDDLE}(?:{_DOC}|{_ORGAN_EN}|requests?|questions?|query|asks?|urgent|needs?|wants?|asking|wants to know|needs? to know|would like to know)(?: (?:request|question|query|ask|needs?|wants?|asks|asking|prep))?{_DAY}\s*(?=:| - | – | — )"
)
# "Internal audit is scoping site visits and needs the …": who asks, whatever else they do.
_WORD = r"(?!(?:what|which|how|who|whose|where|when|if|that|show|list|give|tell|compare|i|we|you|by|customers?|clients?|borrowers?|depositors?|cardholders?|branch|branches|sub-branches|loans?|deposits?|cards?|not|no)\b)[a-z][a-z0-9'&-]*"
_ASKER_EN = re.compile(
    rf"^\s*(?P<asker>(?:{_WORD} ){{1,10}}?(?:needs?|wants?|asked|asks|requires?|requests?|requested|keeps? (?:on )?asking|would like|wonders?|(?:is|are|was|were|has been|have been) (?:asking|looking|after|chasing|waiting)|(?:has|have) asked)(?: us| me)?(?: to (?:see|know|have|get)| for| about| at)?)(?= [a-z0-9])"
)
_ASKER_LATER_EN = re.compile(
    rf"(?:^|[,;.(]| - | – )\s*(?P<asker>(?:{_WORD} ){{1,6}}?(?:needs?|wants?|asked for|(?:is|are) (?:asking|waiting) for|(?:will|would|may|might) (?:ask|need|want|be asked)(?: (?:for|about))?) ?(?:this|that|these|those|it|them|one)?(?: (?:one|single))?(?: (?:figures?|numbers?|data|list|table|answer))?{_DAY})(?=\s*(?:[,;.:)?!]|$))"
)
_DOING_EN = re.compile(
    r"(?:^|[,;.(]| - )\s*(?P<inner>(?:i'm|i am|we're|we are|i've been|we've been|i have been|we have been|i was|we were) (?!counting|looking|including|taking|covering|considering|focus|using|excluding)[a-z-]+ing\b(?:(?!\b(?:by|per|and|what|which|how)\b)[^,.;:?()]){0,60}?)(?=\s*(?:[,.;:)?]| - | – | and (?:need|want)|$))"
)
# A figure's part in another one: (numerator of the weighted rate), （加权利率分子）.
_ROLE = re.compile(
    rf"\((?P<asker>(?:the |our |as )?(?:numerators?|denominators?|inputs?) (?:of|for|to|in) [^()]{{1,50}}|[{_HAN}]{{1,14}}(?:分子|分母)|(?:calendar|financial) years?)\)"
)
_BRACKET_EN = re.compile(
    rf"\(\s*(?P<inner>(?:for )?(?:the |our |my )?{_MIDDLE}{_DOC}(?: (?:only|purposes?|version|use|request))?)\s*\)"
)
_REQUEST_EN = re.compile(
    rf"\b(?P<inner>(?:as per|per|at|on|following|upon) (?:the |our |my )?{_MIDDLE}(?:requests?|instructions?|ask|inquiry|enquiry|demand))(?=\s*(?:[,;:.?!)-]|$))"
)
_WRITING_EN = re.compile(
    rf"\b(?:i'm|i am|we're|we are|i've been|i was|we were) (?:preparing|writing|drafting|building|updating|working on|putting together|finishing) (?:a |an |the |my |our )?{_MIDDLE}{_DOC}\b"
)
_PATTERNS = (
    _HEADING,
    _BRACKET,
    _CLAUSE,
    _USED_IN,
    _ASKS_FOR,
    _ASKER_EN,
    _ASKER_LATER_EN,
    _DOING_EN,
    _ROLE,
    _LEADING,
    _BRACKET_EN,
    _REQUEST_EN,
    _HEADING_EN,
    _LEADING_EN,
    _PLAN_EN,
    _EVENT_EN,
    _ITS_DAY_EN,
    _CLAUSE_EN,
    _WRITING_EN,
    *RESTATED,
    *COURTESIES,
)
_QUICK = re.compile(
    rf"{_MEETING}|{_PAPER}|{_WANTS}|{_WORK}|{_ORGAN}[^{_HAN}]|[:(]|\b(?:for|into|preparing|writing|drafting|building|updating|working|ahead|before|behalf|requested|per|request|following|needs?|wants?|ask\w*|requires?|requests?|requested|like|wonders?|chasing|after|waiting|i'm|we're|i've|we've|i am|we are|just|on|coming|tomorrow|next|today|this|in|part|to|at)\b"
)
_USED_FOR = re.compile(
    rf"{_WANTS}|{_MEETING}|{_PAPER}|{_WORK}|\b{_DOC}\b|\bprep\w*|\b(?:banking|audit|finance|treasury|risk|compliance|marketing|operations|accounting|strategy|controlling)\b"
)
_LEAVES_OUT = re.compile(
    r"不含|不包括|不算|除[了外去]|剔除|扣除|排除|非(?!常)|\b(?:excluding|except|without|other than|apart from|not)\b"
)
_OWN_NAME = re.compile(rf"{_ORGAN}|{_MIDDLE}{_ORGAN_EN}\b")
# A unit of the bank, a question or a number of its own: the stretch may be what is asked.
_ASKS = re.compile(
    rf"[分支]行|分理处|营业部|网点|全[行辖]|多少|几[家个户笔张]|哪|什么|占比|率(?:[{_HAN}]{{0,2}}$)|余额|\b(?:how|what|which|branch|branches|over|above|below|ratio|balance)\b"
)
# No office is called so; and a period of the figures is no day of a meeting.
_ASKED = re.compile(
    r"余额|利率|[不良比息]率|占比|金额|笔数|户数|多少|[分支]行|各|按|哪|截[至止]|末的?(?!端)|[上下]半年|[一二三四]季度|\d年|[去今前本]年(?!度?例)|上个?[月季]|\b(?:19|20)\d\d\b|\b[qh][1-4]\b|\bfy\d|\blast (?:month|quarter|year)"
)


# "the branch scorecard" is a paper, and "staff loans" are loans that nobody here may know.
_COMPOUND = re.compile(rf"\b(?:branch|branches|balance|ratio) (?:{_DOC})\b|[分支]行(?={_PAPER}|{_MEETING})")
# "Overdue review on Monday: the balance": what state the figures are of.
_STATE = re.compile(
    r"\b(?:overdue|past[- ]due|arrears|delinquen\w+|npls?|non-?performing|bad|active|inactive|dormant|secured|unsecured|new|written[- ]off|restructured)\b"
)
# "for the loan review": what a paper is about, where another metric is asked.
_ABOUT = re.compile(r"(?:loans?|credits?|deposits?|cards?|lending|funding)")
_PLANNED = re.compile(rf"\b{_PLAN}\b")
_SAID_FOR = re.compile(r"\s*(?:for|it's|it is|this is|that's|to|into|as|ahead|before|in preparation|goes|going)\b")
_GOODS = re.compile(
    r"\b(?!(?:the|our|my|all|new|of|on|for|and|your|these|those) )[a-z-]+ (?:loans|deposits|cards|customers|clients|borrowers|accounts|merchants|mortgages|depositors|cardholders)\b"
)


def purposes(folded: Folded) -> Iterator[tuple[int, int]]:
    """Stretches of the folded text that say what the figures are for or who asks; offsets into it."""
    for start, end, _ in _purposes(folded.text):
        yield start, end


def without_purposes(folded: Folded, metrics: Iterable[Span], values: Iterable[Span] = ()) -> Folded:
    """`folded` of the same length with its purposes blank. `metrics`, `values`: found in it; one that is no part of an office's
    own name keeps its stretch, and so does a value where nothing says what the figures are used for.
    """
    named, limits = list(metrics), list(values)
    letters = list(folded.text)
    for start, end, is_own in _purposes(folded.text):
        said, whole = folded.text[start:end], folded.span(start, end)
        if is_own is not None and _LEAVES_OUT.search(said):
            continue
        own = [folded.span(start + m.start(), start + m.end()) for m in _OWN_NAME.finditer(said)]
        # A name that runs over a comma is none: "double checking my numbers, loans by branch".
        inside = [s for s in (() if is_own is None else named) if overlaps(s, whole) and "," not in _said(folded, s)]
        if _SAID_FOR.match(said) and not all(overlaps(span, whole) for span in named):
            inside = [s for s in inside if not _ABOUT.fullmatch(_said(folded, s))]
        # Shanghai needs its balance; 零售条线: who asks may be whom it is about, unless it is said what it is used for.
        if is_own is not None and not (_USED_FOR.search(said) and (is_own or own)):
            is_limited = any(overlaps(span, whole) for span in limits)
        else:
            is_limited = False
        if not is_limited and all(any(o.start <= s.start and s.end <= o.end for o in own) for s in inside):
            letters[start:end] = " " * (end - start)
    text = "".join(letters)
    if not text.strip(" ,.:;()。?!"):
        return folded
    return replace(folded, text=text)


def _said(folded: Folded, span: Span) -> str:
    return "".join(c for c, at in zip(folded.text, folded.starts, strict=True) if span.start <= at < span.end)


def _purposes(text: str) -> Iterator[tuple[int, int, bool | None]]:
    """(start, end, whether every word in it is the asker's own; None where even a metric's name is)."""
    if not any(quick.search(text) for quick in (_QUICK, QUICK, QUICK_COURTESY)):
        return
    for pattern in _PATTERNS:
        is_own = None if "denied" in pattern.groupindex else "asker" in pattern.groupindex
        for match in pattern.finditer(text):
            start, end = match.span(match.lastgroup or 0)
            said = text[start:end]
            plain = _COMPOUND.sub(" ", said)
            own_out = _OWN_NAME.sub(" ", plain)
            asks = any(p.search(plain) for p in (_ASKED, _GOODS)) or any(p.search(own_out) for p in (_ASKS, _STATE))
            asks = asks or bool(_PLANNED.search(said) and qualifies(said))
            if start < end and (is_own is not False or not asks):
                yield start, end, is_own
