"""Words that ask for a reason, a judgement or advice, which no figure gives."""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

REASON = re.compile(
    r"为什么|为啥|为何|凭什么|凭啥|因何|缘何|何以|怎么会|怎么(?:就|又|突然|忽然|一下子?)(?:[^算看做查问分按统]|$)|怎么(?:这么|那么)(?!算|统计|定义|计算)|怎么(?:涨|跌|掉|降了|升了|变[高低多少差坏好]|恶化|下滑|下降了|上升了|变得)|咋(?:会|就|又|这么|那么|涨|跌|掉|变[高低多少差])|(?:什么|啥|哪些|何种|主要|根本|背后的?|具体|真正|的)原因|原因(?:是|在|何|有|分析|呢|[?？。]|$)|归因|(?:驱动|影响|拖累|推动|导致|促成)(?:的)?(?:因素|力量|原因)|(?:什么|啥|谁|哪些?)(?:因素)?(?:导致|造成|引起|引发|推动|驱动|拖累|影响)(?:了|的|出)?|(?:是|因)(?:由于|因为)(?:什么|啥|谁)|出了?(?:什么|啥)(?:问题|事|状况)|(?:哪里|哪儿|哪)出(?:了)?问题|怎么回事|咋回事|怪谁|谁的(?:错|责任)"
    r"|\bwhy\b|\bhow come\b|\bwhat(?:'s| is| are| was| were| has| have)? (?:been )?(?:caus\w+|explain(?:s|ed|ing)|dr(?:ove|ives?|iven|iving)|led to|leads to|contribut\w+|triggered|prompted|pushed|pulled|happened to|behind|made|went wrong|going on with)\b|\bwhat(?: \w+){0,2} (?:caused|explains|drove|drives|led to)\b|\b(?:reasons?|causes?|root causes?|rationale|explanations?|drivers?|factors?) (?:for|behind|why|of|that|driving|affecting|in the)\b|\bwhich factors?\b|\bdue to what\b|\bbecause of what\b|\bto blame\b|\bwho (?:is|was|'s) (?:responsible|to blame|at fault) for (?:the |this |that )?(?:\w+ )?(?:drop|fall|rise|loss|increase|decrease|decline|deterioration|mess|surge|jump)\b|\b(?:explain|account for|justify) (?:the|this|that|our|its) (?:\w+ ){0,3}(?:fall|drop|rise|increase|decrease|decline|growth|change|jump|surge|deterioration|improvement|spike|loss|gap)\b|\battribut(?:e|ion)\b",
    re.IGNORECASE,
)
ADVICE = re.compile(
    r"(?:应|应该|应当|该|需要)(?:不应该|不该|不需要)?(?:提高|降低|增加|减少|怎么办|怎么做|如何做|如何应对|调整|投|放|买|卖|采取|做|换|裁|撤|关|砍|压|控制|重点|优先|追|奖|罚)|(?:应不应该|应不应|该不该|要不要|是否应该|是否应当|是否该|是否有必要|有没有必要|有必要|值不值得?|值得|划不划算|划算吗|该换|该撤|该关|该裁|该砍|该奖|该罚|该管|该重点)|(?:如何|怎么|怎样|咋)(?:才能|能够?|去|来|可以)?(?:提高|降低|改善|压降|提升|控制|优化|应对|解决|减少|增加|防范|化解|扭转|稳住|留住|做大|做好|拓展|营销|激励|考核)|(?:给出|给点|给些|给我点?|有什么|有何|有啥|提|来点|说说你的)(?:一些|些|点)?(?:建议|意见|对策|主意|办法|思路|看法|想法)|(?:建议|推荐)(?:我们?|行里|怎么|如何|一下|几|哪|买|卖|投|放)|(?:求|征求)(?:建议|意见)"
    r"|你(?:觉得|认为|看|怎么看|感觉|猜|的看法|的意见|的判断|说)(?!到|一下|看)|(?:怎么|如何)(?:看待|评价|评判|评估一下|点评)|(?:点评|评价)(?:一下|下)|(?:好不好|行不行|够不够好|算好吗|算高吗|正常吗|健康吗|合理吗|靠谱吗|危险吗|严重吗|乐观吗|满意吗)|(?:是不是|算不算)(?:太|过|偏)[高低大小多少快慢]|(?:谁|哪个(?:行长|人|经理|领导|员工))(?:最|更|比较|应该|该|不|没)?(?:称职|能干|优秀|偷懒|不行|靠谱|负责任|有能力|拖后腿|背锅)"
    r"|\bshould\b(?! (?:be (?:included|counted|shown)|include))|\b(?:recommend|advise|advice|suggestions?|suggest)\w*\b|\bis it (?:wise|worth|good|bad|a good|safe|ok|okay|time|reasonable|normal|sensible)\b|\bworth (?:keeping|it|the|doing|closing|investing|having|pursuing|while)\b|\b(?:do|did|would|can) you (?:think|believe|feel|reckon|consider|like|recommend|agree|prefer)\b|\bin your (?:\w+ )?(?:view|opinion|judg\w+|experience|mind)\b|\byour (?:\w+ )?(?:opinion|view|thoughts?|take|assessment|judg\w+|advice)\b|\bwhat(?:'s| is| are) (?:your|the best (?:way|strategy|approach))\b|\bhow (?:can|could|do|should|would|might|to)(?: we| i| the bank| one| they| you)? (?:improve|reduce|raise|increase|lower|cut|boost|grow|fix|control|manage|prevent|address|tackle|turn around|win back|retain|motivate|mitigate|speed up)\b|\b(?:deserves?|ought to|had better|needs to be (?:fired|replaced|closed|cut))\b|\b(?:fire|sack|replace|promote|demote|dismiss) (?:the |our |which |a )?(?:\w+ )?(?:manager|head|director|president|staff|team|ceo)\b|\bwhich (?:\w+ )?(?:manager|head|director|president|boss|employee)s? (?:should|deserves?|is (?:the )?(?:best|worst|lazy))\b|\bgood or bad\b|\bbest (?:strategy|approach|way to)\b|\bis (?:this|that|it) (?:too )?(?:good|bad|normal|healthy|worrying|alarming|acceptable|high|low|serious)\b|\bshould i worry\b|\bwhat to do\b",
    re.IGNORECASE,
)
