"""Words that ask for a change of data, plainly or in passing. A noun that only sounds like one (更新后的口径, a drop in
deposits) is none, and neither is a word about how an answer is shown (改成按季度, drop Shanghai).
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

_DATA_EN = (
    r"(?:table|record|row|loan|mortgage|deposit|customer|client|borrower|account|balance|data|column|transaction|metric|definition|database"
    r"|entr(?:y|ie)|npl|class|snapshot|schema|index|user|permission|password|posting|disbursement|repayment|contract|card|fee|rate|limit|classification|provision|overdue)s?"
)
_THINGS = r"(?:数据|数字|记录|数据库|表|客户|账户|账号|贷款|存款|余额|指标|口径|定义|字段|交易|流水|分行|用户|权限|密码|利率|额度|分类|拨备|台账|合同|借据|信息|资料)"
_PUT = (
    r"(?:划(?:到|给|转|入|拨)|转(?:到|给|移|入|账)|移(?:到|至|动|交)|挪(?:到|给|至|用)|归(?:到|入|零|档)|并(?:到|入|进)|调(?:整|到|至|高|低|入|出|拨|增|减)|设(?:为|成|置|到)|更新|更正|修改|修正|变更"
    r"|删|清(?:空|零|除|掉)|标(?:记)?(?:为|成)|下调|上调|提高到|提高至|降低到|降低至|降到|降至|升到|提到|核销|冲销|冲掉|注销|冻结|解冻|关闭|关掉|停用|录入|写(?:入|进|回)|导入|灌入|覆盖|重算|重置|抹(?:掉|平|去)|改(?:名|正|一下|掉|回|低|高|小|大)|变成|登记(?:为|成)|分配给|派给|过户)"
)
# How an answer is shown, which may be changed as one likes.
_SHOWN = r"(?:按|同比|环比|每|月|季|年|周|日|万元?|亿元?|元|百分|折线|柱|饼|条形|表格|图|英文|中文|降序|升序|倒序|从|前|后|去年|今年|上[月季年半一]|下半|本|近|各|分[行支]|占比|排名|余额|增速|20\d\d|全行|全部|只|不含|包含|时点|日均|月均|期末|排序|汇总|明细|列|行)"
_POLITE = r"(?:请|请你|请帮我?|帮我?|麻烦你?|劳烦|给我|替我|能不能|可以|能否|可否|请问能|我要|我想|想)"
_NOW = r"(?:你)?(?:直接|马上|立刻|立即|现在|赶紧|顺便|再|先|统一|批量|全部|都|把它)?"

CHINESE = re.compile(
    r"(?<!已)(?<!被)删(?!减|失)|清空|清除|销毁|篡改|抹掉|抹去|(?<!已)(?:插入|写入)(?!的|时间|日期)|(?<!已)录入(?!的|时间|日期|员|人)|新建表|建(?:一)?(?:张|个)[^,，。]{0,4}表|授权(?:给|我|他|她|访问|用户)|(?:给|为)\S{1,8}(?:授权|加权限|开(?:通)?权限|提权)|开通\S{0,6}权限|覆盖掉"
    rf"|(?:新增|添加|增加|加上|新建|创建|注销|录一|加)(?:一|两|几|\d+)(?:个|条|笔|户|张|名|位|行)(?:新)?{_THINGS}"
    rf"|(?:更新|重置|替换|变更|修改|改动|调整|更正|修正)(?:一下)?(?:这个|那个|该|这些|全部|所有|所有的|全行)?{_THINGS}(?!后|前|过|的|之后|之前|日|时间|次数|情况|额|笔数|户数)"
    rf"|(?:把|将).{{1,30}}?{_PUT}(?!后|前|过|的|之后)"
    rf"|(?:把|将).{{1,30}}?(?:改|换|调)(?:成|为|到|至)(?!\s*{_SHOWN})(?=\s*(?:\d|[零一二三四五六七八九十百]|正常|关注|次级|可疑|损失|不良|已|未|对公|个人|无|空|新))"
    r"|(?:把|将)[^,，。]{1,30}?(?:统一|都|全部|一律|整体)?(?:降低|提高|减少|增加|上浮|下浮|上调|下调|加|减)(?:到|至|了)?\s*[\d一二两三四五六七八九十]+\s*(?:%|％|个?百分|个?基点|bp|万|亿|元|倍|成)"
    r"|(?:移出|移入|加入|拉入|踢出|列入|放进)\S{0,4}名单|拉黑|给[^,，。]{1,8}?(?:批|发放?|放|办|开|转|打|汇|划)(?:一|两|几|\d+)(?:笔|张|个|户|万|元|千|百)|(?:帮我|给我|请|麻烦|快)?(?:改过来|改正过来|改回来|改回去|纠正过来)|(?:写|记|填|弄|搞|凑|做)(?:成|为)\s*\d[\d.]*\s*(?:%|％|万|亿|以|吗|$)"
    r"|(?:改|调|设)(?:成|为|到|至)\s*(?!20\d\d)(?:\d[\d.,]*|[零一二三四五六七八九十]+)\s*(?:%|％|个?百分|bp|万|亿|元|成|$|[。.!])"
    rf"|^{_POLITE}{_NOW}(?!\S{{0,5}}(?:展示|显示|排序|格式|图|时间|期间|条件|维度|单位|分组|筛选))(?:修改|改一下|改掉|改动|上调|下调|变更|更正|核销|冻结|解冻|导入|撤销|重置|替换|注销|登记|审批|批准|转账|汇款|打款|划转|划拨|调拨|清零|结清|减免|豁免|关闭|停用|归档|备份|恢复|回滚|新建|创建|添加|加一|放款给|开户|销户|挂失|补录|重跑|重算|刷新一下?数据)(?!的|后|情况|金额|率|数|额|笔|户|业务|明细|统计|趋势|流水)"
)
_START = r"(?:^|[.;,!?:]\s*|\bplease (?:just )?|\bpls |\bthen |\bnow |\band (?:then )?|\bjust |\b(?:can|could|would|will) you (?:please |just )?|\bgo ahead and |\bi(?:'d)? (?:need|want|like|would like) (?:you )?to |\blet'?s |\bwe (?:need|have) to |\bmust )"
_AMOUNT = r"(?:(?:cny|rmb|usd|eur|¥|\$|about|around) ?)*\d[\d,.]*\s*(?:%|per ?cent|percent|bps?|basis|k\b|m\b|bn\b|million|billion|thousand|yuan|cny|$|[.;!]|\bfor\b|\bfrom\b|\bin\b|\bon\b|\bacross\b|\bat\b)"
ENGLISH = re.compile(
    r"\b(?:delete|truncate|insert into|erase|wipe|revoke|purge|overwrite|tamper)\b(?!d)"
    rf"|\b(?:update(?! me| us)|alter|modify|overwrite|insert|change|drop|edit|amend|falsify|fudge)\b(?: (?:all|the|every|any|our|my|this|these|a|each))* {_DATA_EN}\b(?! (?:in|from|by|over|since|between|of the (?:last|past)|was|is|were|are|ratio|mix|trend))"
    rf"|{_START}(?:update(?! me| us)|set|adjust|modify|reset|correct|raise|lower|cut|increase|reduce|decrease|change|move|bump|mark)\b(?! (?:in|of|by|from|since|over|between)\b)[^.?!]{{1,80}}?\bto {_AMOUNT}"
    rf"|{_START}(?:update(?! me| us)|modify|alter|edit|amend|correct|fix|repair|rectify|overwrite|reclassify|re-classify|reassign|migrate|transfer|write off|waive|approve|freeze|unfreeze|block|unblock|suspend|rename|merge|disburse|reverse|rebook|backfill|reload)\b(?! (?:rate|rates|ratio|amount|amounts|by)\b)[^.?!]{{0,60}}?\b{_DATA_EN}\b"
    rf"|{_START}(?:move|shift|assign|allocate)\b[^.?!]{{0,60}}?\b(?:loan|deposit|customer|client|account|balance|borrower|card|contract|portfolio)s?\b[^.?!]{{0,60}}?\b(?<!next )(?:to|into|under|onto) (?!(?:the )?(?:month|quarter|year|week|day|row|column|chart|graph)|20\d\d)"
    rf"|{_START}(?:change|set|update(?! me| us)|switch|downgrade|upgrade|move|correct|re-?grade|re-?rate|put|make|mark)\b[^.?!]{{1,60}}?\b(?:rating|grade|class|classification|status|segment|tier|branch|limit|industry|address|name|manager|phone)\b[^.?!]{{0,40}}?\b(?:of|for|on) (?:the |this |that )?(?:customer|client|borrower|loan|account|card|contract|merchant|depositor)\b[^.?!]{{0,24}}?\b(?:to|as|into) [a-z0-9]"
    rf"|{_START}(?:change|set|update(?! me| us)|switch|downgrade|upgrade|move|correct|re-?grade|re-?rate|reclassify)\b (?:the |this |that |our )?(?:customer|client|borrower|loan|account|card|contract|merchant|depositor) (?:no\.? |number |id )?[a-z]{{0,3}}\d[^.?!]{{0,40}}?\b(?:to|as|into) [a-z0-9]"
    rf"|{_START}(?:raise|lower|increase|reduce|cut|decrease|bump)\b (?:all|the|every|our|each|this|these|those|my)\b[^.?!]{{1,60}}?\bby {_AMOUNT}"
    rf"|{_START}insert\b[^.?!]{{1,60}}?\binto\b"
    rf"|{_START}(?:remove|drop|kill|clear|destroy|get rid of|dump)\b[^.?!]{{0,40}}?\b(?:table|record|database|schema|dataset|entr(?:y|ie)|data)s?\b(?! (?:for|of|from)\b)"
    rf"|{_START}(?:close|cancel|remove|open|create|register|add)\b (?:all |the |this |that |these |those |every |an? |one |new |another |dormant |inactive )+(?:new )?(?:account|customer|client|user|loan|card|contract|record|deposit)s?\b(?! ?(?:ratio|balance|count|to the (?:table|chart|list)|from the (?:table|chart|list)|as a|column))"
    rf"|\bset (?:all|the|every|each|any|our|these)(?: \w+){{0,3}} {_DATA_EN}\b.* to \b|\bset [\w ]{{1,40}} (?:as|to) (?:pass|normal|zero|nil|null|performing|loss|doubtful)\b"
    rf"|\b(?:add|create|register) (?:a|an|one|new|another)(?: new)? {_DATA_EN}\b(?! ?(?:ratio|balance|count))|\bgrant (?:me|him|her|them|us|access|all|user|permission)"
    r"|\b(?:update|alter|create|grant|merge|replace|set)\b[^?]{0,60}(?:=|\btable\b|;\s*(?:--|$))",
    re.IGNORECASE,
)
