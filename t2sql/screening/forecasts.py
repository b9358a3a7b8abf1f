"""Words that ask what has not happened. A figure with a future in its name (预计负债, expected credit loss) and what is due
in future (未来三个月到期) are facts, and pass.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

_MOVES = r"(?:是|有|达到?|变成|变得|涨|跌|升|降|增|减|超过?|到|突破|怎[么样]|如何|继续|恶化|改善|反弹|回落|成为|出现|翻|破|走|好转)"
_NOT_WILL = r"(?<![员工金协学商社教大开委集年晚例股董监理人])"
_PACE = r"(?:势头|趋势|速度|节奏|走势|态势|增速|样子|这样)"
_AHEAD_ZH = r"(?:\d+|[一二两三四五六七八九十几半]+)(?:个)?(?:月|季度?|年|天|周)|走势|趋势|走向|变化|情况|怎|如何|会|预期|的?(?:增长|下降)|前景"

FORECAST = re.compile(
    rf"预测|预判|预估|预计(?!负债|损失|信用|使用|收益率|偿还|残值|到期)|推测|推算|推演|展望|估测|猜(?:一?猜|测|想)|{_NOT_WILL}(?:将会|会不会|会否|将不会|会)(?:再|继续|进一步|大概|大约|可能|也|还)?{_MOVES}|(?<!即)将(?:会|要)?(?:再|继续|进一步)?(?:是|有|达到?|变成|涨|跌|升|降|增长|增加|减少|减至|超过|突破|恶化|改善)(?!期)"
    rf"|未来(?!现金)(?=(?:{_AHEAD_ZH}))(?![^,，。]{{0,12}}(?:到期|应还|应收|应付|到账|起息|重定价|需要?还|需偿))|(?:照|按照?|依照?|以|依)(?:着|目前|现在|这个?|这种|当前|此|眼下|最近|如今)(?:的)?(?:[^,，。]{{0,6}})?{_PACE}(?:发展|走|下去)?|(?:继续|接着)?(?:这样|这么)(?:发展|走|涨|跌|降|增长)?下去|(?:年底|年末|月末|季末|明年|下个?[月季年]|届时|到时候?|到\S{{1,8}}时)[^,，。]{{0,12}}(?:能(?:到|达到?|有|涨|做到|突破|不能)|{_NOT_WILL}会(?!计|员|议|前)|可能|大概(?:有|是|能|会)|有望|预期)|能(?:再|继续)?(?:涨|跌|降|升|增|冲)到(?:多少|几|什么)|能(?:再|继续)?(?:增长|上涨|增加|下降|下跌|赚|实现|完成|做到|达到)(?:多少|几)|(?:明年|后年|下个?(?:月|季度?|年|半年))[^,，。]{{0,8}}能[^,，。]{{0,4}}(?:多少|几)|有望|什么时候(?:能|会|才能|可以)[^,，。]{{0,12}}(?:达到?|超过|突破|降到|转正|归零|恢复|翻倍|见底|好转)|(?:还|再)(?:要|需要?)(?:多久|多长时间|几[个年月天])|(?:如果|假如|假设|要是|若)[^,，。]{{1,24}}(?:上升|下降|增加|减少|提高|降低|涨|跌|加息|降息|提前还|变成|违约)[^,，。]{{0,6}}[,，]?[^。]{{0,12}}(?:会|将|怎|多少|影响)|压力测试|情景分析|敏感性"
    r"|\b(?:predict|forecast|extrapolat|prognos)\w*|\b(?:can|could|would) you project\b|\b(?:do|does|did|can) (?:you|we|management|the bank) (?:expect|foresee|anticipate|envisage)\b|\bproject (?:the|our|next|deposits?|loans?|npl|how|what)\b|\bprojections? (?:for|to|of)\b|\bprojected (?:for|to|by)\b|\boutlook\b(?! ?(?:rating|negative|stable|positive))|\bexpected (?:to|for|by|next|at the end)\b|\bexpect (?:to|the|our|deposits?|loans?|by|next|at|in)\b|\bwhat (?:do|should) (?:you|we) expect\b|\bestimate (?:the |our )?.{0,40}\b(?:next|coming|tomorrow|future)\b|\bguess\b"
    r"|\bwill (?:(?!the following)\w+ ){0,5}(?:be|reach|rise|fall|grow|drop|exceed|pass|cross|surpass|top|beat|break|overtake|increase|decrease|look|hit|improve|worsen|continue|keep|have|become|turn|recover|double|end|stand|go|get)\b|\bwhat will\b|\bhow (?:much|many|high|low|far|big) will\b|\bwon't (?:be|reach|rise|fall|grow)\b|\bgoing to (?:be|reach|rise|fall|grow|drop|hit|exceed|increase|decrease|improve|worsen|happen|look|end|have)\b"
    r"|\bat (?:this|the current|that|its current|our current) (?:rate|pace|speed|trend)\b|\bon (?:this|the current) (?:trend|trajectory|course|path)\b|\bon (?:track|course) (?:to|for)\b|\bif (?:this|the|current|these|things)\b.{0,24}\b(?:trend|pace|rate|growth|momentum)s?\b.{0,16}\b(?:continues?|holds?|persists?|keeps?)\b|\b(?:likely|bound|set|poised) to (?:be|reach|rise|fall|grow|drop|hit|exceed|increase|decrease|improve|worsen)\b|\bwhere (?:is|are) .{1,40} (?:heading|headed|going)\b|\bwhen (?:will|can we expect|might|could)\b|\bhow long (?:until|till|before|will)\b|\bwhat (?:would|might|could) (?:happen|be|the)\b|\bwhat if\b|\bif (?:rates?|interest rates?|prices?|the pboc|defaults?)\b.{0,24}\b(?:rise|fall|increase|decrease|drop|go|cut|hike|double)\w*\b|\bstress[- ]test|\bscenario analys",
    re.IGNORECASE,
)

# Who asks in time to come, and what the figures are for: the CFO will be asked, I'm going to be presenting, stress-test input.
_ASKER = r"\b(?:i|we|you|he|she|they|who|c[feorit]o|ceo|cro|coo|cfo|chief \w+ officer|board|auditors?|regulators?|examiners?|committee|management|manager|director|chair(?:man|woman|person)?|team|boss|treasurer|governor|president|analysts?|investors?|supervisors?|alco|colleagues?|everybody|everyone|somebody|someone)"
_TELLS = r"(?:(?:be )(?:asked|asking|presenting|reporting|using|discussing|reviewing|looking|needing|shown|showing|sent|told|given|briefed|quizzed|pressed|grilled|meeting|going through|talking|speaking|seeing|updating|filing|publishing)|have to (?:present|report|explain|show|tell|say|file|submit|answer|quote)|go (?:through|over|into)|look (?:at|into|for)|(?:want|need|ask|require|like|expect|use|see|present|report|show|review|discuss|quote|publish|file|submit|send|put)\b(?! (?:to )?(?:a )?(?:rise|fall|drop|growth|increase|decrease)))"
_WORK = r"(?:stress[- ]test(?:ing|s)?|forecast(?:ing)?|projections?|scenario analys[ie]s|predictions?|outlook)"
_PAPER = r"(?:files?|models?|packs?|inputs?|decks?|exercises?|templates?|workbooks?|spreadsheets?|sheets?|baselines?|bases?|purposes?|work|papers?|runs?|returns?|calibrations?|memos?|slides?|submissions?|teams?)"
_TO_USE_ZH = r"(?:模型|测算|工作|报告|方案)?(?:里|中)?(?:要用|所用|用的|使用|用(?![途户])|所需|需要|要的|底稿|基数|底数|基础数据|基期数?|输入|参数|材料|准备)"
_ASIDE = re.compile(
    rf"{_ASKER}(?: \w+)?(?: (?:will|(?:am|are|is) going to)|'ll|'(?:m|re|s) going to)(?: (?:also|certainly|probably|surely|then|now|all|soon))? {_TELLS}"
    rf"|^\W*(?:[a-z]+ ){{0,3}}stress[- ]test(?:ing|s)?\s*(?=:| - )|\b{_WORK} {_PAPER}\b|\b(?:for|into|as part of)(?: the| our| a| an| this| my| next| annual| yearly| pboc| regulatory)* {_WORK}(?=\s*(?:[,.:;()?]|- |$))|(?:压力测试|情景分析|敏感性(?:分析)?|预测|推演|测算){_TO_USE_ZH}",
    re.IGNORECASE,
)


def without_asides(text: str) -> str:
    """`text` with what only says who asks, and for which work, blanked at the same length."""
    return _ASIDE.sub(lambda match: " " * len(match[0]), text)
