"""Words of speaking about definitions, which are part of no name: 口径, formula, who owns."""

# ruff: noqa: E501
# A word list reads better in long lines.
from __future__ import annotations

import re

# Words of speaking about definitions that say nothing of their own.
SPEECH = frozenset(
    "word words term terms metric metrics measure kpi mean means meaning exactly define defined defines definition"
    " definitions formula calculated calculate calculation computed compute include includes included including exclude"
    " excluded count counts counted own owns owner force effect effective version versions explain stand describe clarify"
    " difference differences differ different between same department team since changed changes numerator denominator"
    " responsible maintain maintains annualise annualize annualised annualized consider considered classed treated"
    " methodology basis question understand sense ask asked asking tell used use uses using standard threshold criteria"
    " deemed qualify qualifies makes make shown reported expressed stated given quoted unit units measured worked derived determined converted rule rules".split()
)
# English words that never stand inside a name.
PLAIN = frozenset(
    "the a an of is are was were be been how what who when which does do did why where can could would should will you we i"
    " us our your my it its this that these those and or but if for in on at by to from with as so please tell me about"
    " explain exactly actually mean means there here they them has have had".split()
)
SPEECH_ZH = re.compile(
    r"口径|定义|公式|含义|涵义|意思|指标|概念|名词|计算|统计|算法|方法|方式|逻辑|规则|标准|部门|负责|归口|生效|版本|区别|差别"
    r"|差异|不同|包含|包括|包不包|含不含|算不算|剔除|扣除|计入|纳入|分母|分子|解释|介绍|说明|具体|准确|行里|咱们|行内|我们行"
    r"|监管|一样|相同|一回事|同一个|东西|更新后|修改后|调整后|最新|现行|更新|修改|调整|变过|改过|认定|界定|划分|(?:才|就)?(?<![决预核结清])算(?:作|是|为)?|(?:多少|几)(?:天|个?月|年)|不还|没还|未还|谁|哪(?:天|个|家|年|月|日|一)?|按照?(?!揭)|(?<!理)由|从|满足|条件|以上|到底|究竟|请教|术语|术语|贵行|一般|通常|业务|里面|之间|时候"
)
