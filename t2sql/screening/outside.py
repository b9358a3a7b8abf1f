"""Words for what no bank's own figures tell: the weather, markets, other banks, machines and heads. Each is refused unless
the principal's own catalog has a name for it.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

_BANKS_ZH = (
    r"招行|招商银行|工行(?=的|和|与|比|、|跟|[?？。,，]|$)|工商银行|建行(?=的|和|与|比|、|跟|[?？。,，]|$)|建设银行|农行(?=的|和|与|比|、|跟|[?？。,，]|$)|农业银行(?!部)|(?<![其集])中行(?=的|和|与|比|、|跟|[?？。,，]|$)|中国银行(?!业|间|保险)|交行(?=的|和|与|比|、|跟|[?？。,，]|$)|交通银行|邮储银行|邮储|中信银行|光大银行|民生银行|兴业银行|浦发银行|浦发|平安银行|广发银行|华夏银行|浙商银行|渤海银行|恒丰银行|宁波银行|北京银行|上海银行(?!卡|业)|南京银行|江苏银行|杭州银行|微众银行|网商银行|汇丰|渣打|花旗|四大行|国有大行|股份制银行"
    r"|隔壁(?:家)?(?:银行|行)?|(?:其他|其它|别的|别家|别人家|兄弟|可比|对标|竞争)(?:的)?(?:银行|同业|对手|行(?=的|比|怎|多|是|[?？。,，]|$))|他行(?!业)|同业(?!存|拆|负债|资产|业务|借|融|往来|授信|客户|产品)(?:平均|水平|对比|比较|排名|中|里|银行|怎)?|竞争对手|行业(?:平均|均值|水平|排名|对比|基准|标杆)|全市场|全国银行|银行业(?:平均|整体|总)?|上市银行(?!年报)"
)
_BANKS_EN = r"icbc|ccb\b|abc bank|agricultural bank|bank of china|boc\b|bocom|bank of communications|cmb\b|china merchants|citic|everbright|minsheng|industrial bank|spdb|ping ?an|hsbc|standard chartered|citi(?:bank|group)?\b|jp ?morgan|big four|wells fargo|goldman|dbs\b"

OUTSIDE = re.compile(
    rf"天气|气温|下雨|下雪|台风|空气质量|堵车|航班|高铁|股价|股票(?!质押)|市盈率|市净率|市值(?=(?:是|有|多)|[^,，]{{0,4}}排)|大盘(?=涨|跌|点|指|走|行情|怎)|上证|深证|沪深|恒生指数|纳斯达克|道琼斯|黄金价格|金价|油价|房价|比特币|加密货币|汇率(?=(?:是|今天|现在|走势|行情|多少|[?？]|$|怎))|(?:美元|欧元|英镑|日元|港币|港元)(?:兑|对|换)(?:人民币)?|外汇牌价|lpr|mlf|shibor|存款准备金率|央行(?:最新|今天|什么|的政策|会)|gdp|cpi|ppi|pmi(?![a-z])|失业率|通胀率?|通货膨胀|社融|新闻|热搜|世界杯|奥运|彩票|市场份额|市占率|市场占有率|占市场(?:的)?|{_BANKS_ZH}|atm(?:机)?|自助设备|自助机|取款机|员工(?!费用|成本|薪酬|存款|贷款)(?:数|人数|有|总数|离职|名单|平均|$|[?？])?|(?:多少|几)(?:个|名|位)?(?:员工|职工|柜员|客户经理|人手)|职工人数|在编|离职率|工资|奖金|绩效(?:考核|工资|奖)|满意度|投诉(?:率|量|数|件|情况)?|nps(?![a-z])|机票|火车票|高铁票|酒店(?!业)|订(?:票|餐|酒店|会议室|位)|打车|快递|小红书|微博|抖音|朋友圈|传闻|谣言|倒闭|是真的吗|食堂|停车|装修|办公(?:楼|室)|招聘|面试|请假|报销"
    rf"|\bweather\b|\btemperature\b|\brain(?:ing|y)?\b|\bsnow\b|\btraffic jam|\b(?:share|stock) (?:prices?|market|index)\b|\b(?:our|the) stock\b|\bmarket cap\w*\b|\bp/?e ratio\b|\bnasdaq\b|\bdow jones\b|\bs&p\b|\bhang seng\b|\bgold price|\boil price|\bhouse prices?\b|\bbitcoin\b|\bcrypto\w*|\b(?:exchange|fx) rates? (?:today|now|of|for|between|against|usd|eur)\b|\b(?:usd|dollar|eur|euro)\b.{{0,12}}\b(?:exchange rate|to (?:cny|rmb|yuan)|against the (?:yuan|renminbi|cny))\b|\bwhat(?:'s| is) the (?:\w+ )?exchange rate\b|\blpr\b|\bshibor\b|\blibor\b|\bpolicy rate\b|\bpboc\b|\bgdp\b|\bcpi\b|\binflation\b|\bunemployment\b|\bnews\b|\bworld cup\b|\bolympic|\blottery\b|\bmarket shares?\b|\bshare of (?:the )?market\b|\b(?:competitors?|rivals?|peers?|peer (?:group|banks?|average)|other banks?|another bank|neighbou?ring bank|industry (?:average|benchmark|peers?)|sector average|rest of the (?:industry|market))\b|\b(?:{_BANKS_EN})(?:'s)?\b|\b(?:chinese|other|listed|major|big|state-owned|foreign|domestic|local|rival|competing|all|most|peer|global) banks\b|\bbook (?:me |us )?(?:an? |the )?(?:flight|hotel|room|table|meeting|ticket|taxi)s?\b|\bflights?\b|\bhotels?\b(?! (?:industry|sector|loans))|\brumou?rs?\b|\bsocial media\b|\bsalar(?:y|ies)\b|\batms?\b|\bcash machines?\b|\bheadcounts?\b|\bemployees?\b|\bstaff(?! (?:expense|cost|loan|deposit|account)s?)\b|\bworkforce\b|\btellers?\b|\bhow many (?:people|persons) (?:work|do we employ)\b|\bturnover rate of staff\b|\bpayroll\b(?! (?:loan|deposit|account)s?)|\bbonus(?:es)?\b|\bsatisfaction\b|\bcomplaints?\b|\bnet promoter\b|\bnps\b|\bcanteen\b|\bparking\b|\bhiring\b|\binterview\b",
    re.IGNORECASE,
)
_TALK_ZH = r"你好(?:呀|啊|吗)?|您好|hi+|嗨|哈喽|hello|早上好|早安|下午好|晚上好|晚安|在吗|在不在|谢谢(?:你|您|啦)?|多谢|辛苦了|再见|拜拜|好的|收到|ok|嗯+|哈+|你真(?:棒|厉害|聪明|笨|傻)|我(?:好)?(?:累|无聊|开心|难过)(?:了|啊)?|测试|test|测试一下|随便聊聊|聊聊天?|吃(?:饭|过|早饭|午饭|晚饭)?了?(?:吗|没有?)|最近(?:怎么样|好吗|忙吗)|(?:你|您)?(?:太|好|真)(?:厉害|棒|好|聪明|可爱)了?"
CHAT = re.compile(
    rf"^\W*(?:(?:{_TALK_ZH})\W*)+$|^(?:\W*(?:hi|hello|hey|yo|good (?:morning|afternoon|evening|night)|thanks?(?: you)?(?: very much| a lot)?|cheers|bye|goodbye|see you|how are you(?: doing)?(?: today)?|what'?s up|nice to meet you|ok(?:ay)?|cool|great|testing|test|ping|lol|haha+|you(?:'re| are) (?:so |very |really |the )?(?:great|awesome|best|amazing|smart|funny|welcome|stupid|useless|cute|helpful)|i(?:'m| am) (?:bored|tired|happy|sad)|how(?:'s| is) it going|just (?:testing|saying hi)|love (?:you|it)|well done|good (?:job|bot))\W*(?:there|you|everyone|mate|bot|team|all)?\W*)+$"
    r"|讲个?笑话|说个笑话|讲个?故事|写(?:一?首|个|一?篇|一?段|一?封)[^,，。]{0,12}(?:诗|歌|作文|小说|文章|邮件|情书|代码|程序|脚本|总结报告|文案)|唱首?歌|翻译(?:成|一下|这)|(?:帮我)?(?:写|编)(?:个)?(?:python|java|代码|爬虫)|你是(?:谁|什么|哪家|哪个|机器人|人工智能|ai)|谁(?:开发|创造|训练|做|造)(?:了|的)?你|你(?:叫什么|几岁|是男是女|是人吗|是机器人吗|有女朋友|喜欢什么|会爱)|(?:推荐|附近)(?:个|家|几家)?(?:餐厅|饭店|电影|好吃)|星座|算命|运势|人生的意义|生命的意义|1\s*\+\s*1"
    r"|\btell (?:me|us) (?:a|another) (?:joke|story)\b|\bwrite (?:me |us )?(?:an?|some|the) (?:poem|song|essay|story|haiku|email|letter|code|script|python|program|function)\b|\bsing\b|\btranslate\b|\bwhat(?:'s| is) your (?:name|favou?rite|age)\b|\bwho (?:built|made|created|developed|trained|wrote|owns) you\b|\bwhat (?:model|llm|ai|version) are you\b|\bwho are you\b|\bare you (?:a |an )?(?:human|robot|bot|ai|real|alive|sentient|chatgpt|conscious)\b|\bdo you (?:love|like|dream|sleep|feel)\b|\b(?:meaning|purpose) of life\b|\bhoroscope\b|\brestaurants?\b.{0,12}\b(?:near|recommend)|\brecipe\b|\bcapital (?:city )?of (?:france|china|the)\b|\bwho won\b|\bpresident of the\b",
    re.IGNORECASE,
)
