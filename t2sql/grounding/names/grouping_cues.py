"""What around a dimension's name asks to group by it (各, by, 哪些), and what says that it is not meant (rather than).

Patterns over folded text only; which names there are is not known here.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re

_N = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3}|two|three|four|five|six|seven|eight|nine|ten|twenty)"
_COUNT = r"(?:个|家|名|大|位|种|类|条|项|款)?"
CUE_BEFORE = re.compile(
    rf"(?:各个?|各家|各类|各种|各大|每一?个?|每[家类种款位名]|按照?|分|拆(?:分|解)?(?:到|成|至)|细(?:分|化)?到|分(?:解|列)到|(?:展开|列|具体|下钻)到|逐个?|不同|所有|全部|哪一?[个家类种款位]|哪些|哪几?{_COUNT}|[那这]几{_COUNT}|哪{_N}{_COUNT}|什么|(?:前|后|倒数){_N}{_COUNT}的?"
    rf"|(?:最[高低大小多少好差强弱快慢]|以上|以下|以内|之间|排名第一|(?:超过|大于|高于|低于|小于|不足|不低于|不超过|至少)[\d一二三四五六七八九十百千万亿.%元点分之户笔bp个]{{1,14}})的?(?:前|后)?(?:{_N}{_COUNT})?的?"
    rf"|(?:超过|大于|高于|多于|低于|小于|少于|不足|不低于|不超过)[^,。;的]{{1,12}}的(?:{_N}{_COUNT})?"
    rf"|(?:增长|下降|上升|增加|减少|升高|恶化|下滑|下跌|上涨|回落|回升|走高|走低|往[上下][掉走涨跌降升]|[掉跌涨]|[多少高低](?=了))了?(?:最[快慢多少大小])?的(?:{_N}{_COUNT})?"
    rf"|\b(?:by|per|each|every|across|for each|which|what|among|between|compare|comparing|different|all|individual|split by|grouped by|list of|rank|ranking|sort|order|(?:which|any|each|all) (?:{_N} )?of)(?: the| all| our| your| its| these| those)?(?: {_N})? (?:booking )?"
    r"|\b(?:by|per|each|every) (?:calendar |financial |fiscal )?(?:day|week|month|quarter|half(?:[ -]year)?|year)(?:,| and|, and| &|, then| then) (?:the )?"
    r"|按(?:日|周|月份?|季度?|半年|年度?)(?:和|与|及|以及|、|,|，)"
    rf"|\b(?:top|bottom|highest|lowest|largest|smallest|biggest|best|worst|weakest|strongest|leading|first|last)[ -](?:{_N} )?|\b{_N} (?:highest|lowest|largest|smallest|biggest|best|worst)[ -])$"
)
CUE_AFTER = re.compile(
    r"(?<=[,、;]..)(?:看|排|列|统计|汇总|展示|呈现|来看|$)|分(?=[,，。;；、\s]|$|开|列|组|看)|拆(?:分|开|解|成)?|切(?=[一分开]|$)|划分|为(?:维度|分组|口径)|的?每一?[档挡项类种级段组层]|[,，]?各自?(?:有|是|为|占|多少|几)|(?:的?各[档挡项类种级段组层]|分[档挡段级组层]|别|维度|排名|排行|排序|分布|构成|结构|明细|对比|之间|间的)|[ -]?(?:wise|level|breakdown|ranking|split|distribution|mix)\b"
    r"|s? (?:with|whose|where|having|had|has|have|that|ranked|saw|showed) "
)
# 五级分类余额及笔数分布: what is shown stands between the name and the word for a table of it.
CUE_LATER = re.compile(
    r"(?:的|各)?[^,，。;；:：的]{0,10}?(?:分布|构成|结构|明细表|一览表?|分析表|情况表|结构表|分档表?)(?!性|化|比率?(?!例)|率)"
)
SPREAD = re.compile(r"\b(?:distribut\w+|spread|split|divided|broken|breakdown|mix)\b")
SPREAD_OVER = re.compile(r"\b(?:over|into|between|among|across|on) (?:the |all |our )?$")
CROSSED = re.compile(r"\s*(?:[×✕✖*＊]|\bx\b|交叉|对|乘以?)\s*|\s+(?:by|against|versus|vs\.?|crossed with) (?:the )?")
CROSSED_AFTER = re.compile(r"\s*的?(?:这?[两二三]个?)?(?:维度?|口径|方面)?(?:的|进行|做|作|来)?交叉")
# A customer's region is a region: 客户归属区域, "customers' home region".
QUALIFIES = re.compile(r"的?|'s? ?| ")
# Whose a dimension of people is: the cardholder's home region, home branch of the customer.
OF_PEOPLE = re.compile(r"home|归属|type|segment|industry|gender|rating|类型|客群|行业|性别|等级")
WHOSE = re.compile(
    r"\b(?:customer|client|card ?holder|account holder|holder|borrower|depositor)(?:'s|s'|s)? $|(?:持卡人|借款人|存款人|储户|客户)(?:的|所属的?|所在的?)?$"
)
OF_WHOM = re.compile(
    r" of (?:the |each |their |its |our )?(?:customer|client|card ?holder|account holder|holder|borrower|depositor)s?\b"
)
EVERY = re.compile(r"(?:所有|全部|不同|分|\b(?:all|different|among|between|across|compare|comparing))(?: the)? ?$")
LOOSE_CUE = re.compile(
    r"(?:所有|全部|不同|分|按照?|\b(?:all|different|among|between|across|compare|comparing|by|list of|individual))(?: the| all)? ?$"
)
# Who holds something groups nothing: "products held by customers".
AGENT = re.compile(
    r"\b(?:held|owned|owed|kept|paid|repaid|spent|made|placed|taken|used|bought|opened|drawn) by (?:the |our )?$"
)
# Every region except East China: says what is left out, and groups nothing where another name does.
EVERY_BUT = re.compile(
    r"(?:所有的?|全部的?|\b(?:every|all|any)(?: of)?(?: the| our)?) ?(?P<said>\n)s?\s*(?:[,，(（]\s*)?(?:except|but\b|excluding|other than|apart from|aside from|bar\b|barring|minus|without|除|不含|不包括|剔除)"
)
# What only asks how many names no grouping: 男女各多少人.
HOW_MANY = re.compile(r"多少|几[个位名人户家笔张]|how many")
# A name that lists its members: 男女客户各多少, 男女分别.
PAIR = re.compile(r"男女")
PAIR_AFTER = re.compile(r"[^,，。;；]{0,8}?(?:各|分别|分开|对比|比例|占比|结构|[?？]?$)")
COUNTS = re.compile(r"[户笔人张家件]数$|数量$")
# 表头：分行、贷款余额: the first of a list of columns.
HEADS = re.compile(
    r"(?:[:：]|^|(?:表头|表样|字段|栏目|列名|抬头)(?:是|为|如下)?|\b(?:columns?|headings?|headers?|fields?)(?: are| of)?:?)\s*(?:the )?$"
)
HEADS_LIST = re.compile(r"s?\s*[、,，|｜]\s*(?=\S)")
# Five-category classification: balances at June end; or of the loans.
TITLE = re.compile(
    r"(?<=classification) of (?:the |our |all )?(?=loan|credit|lending|portfolio)|\s*[:：]\s*(?=\S)|(?<=分类)[，,]\s*(?=\S)"
)
# What is not meant: "by managing branch rather than booking branch", 不是记账分行. The words belong to its name.
CONTRAST = re.compile(
    r"(?:而不是|而非|并非|(?<!是)不是|不按照?|不看|\b(?:rather than|instead of|as opposed to|and not|not)(?: by)?(?: the)? )(?:记账|booking )?$"
)
EACH_KIND = re.compile(rf"(?:各|每一?|不同|哪一?|哪几|哪{_N}|(?<=[的前])(?:[前后])?{_N}大?)(?:类|种|种类)(?!型|别)的?")
KINDS = ("类型", "种类", "类别")
LONGEST_NOUN = 6
KIND = re.compile(r"[a-z]+ $|[㐀-鿿]{2}$")
# What only counts a dimension's members: five-tier risk class, 5-level grade, 两级机构.
COUNTED_KIND = re.compile(
    r"\b(?:\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)[ -](?:tier|level|grade|category|class|step|way|point|fold|bucket|band)(?:ed|s)?[ -]$"
)
JOINED = re.compile(
    r"的?|\s*(?:和|、|及|与|以及|加|,|and|&|,\s*and|x|×|\*|/|\+|(?:, ?)?(?:and )?then(?: by)?|(?:, ?)?followed by|as well as|split by|broken down by|per|within each|under each|and then)\s*(?:by |各个?|每个?|按|the |each )?\s*"
)
# What is listed before a grouping is one too: 分行和行业分布.
BOTH = re.compile(r"\s*(?:和|、|及|与|以及|加|\band\b|&|\+|/)\s*(?:the )?")
# 贷款期限各档: the word counts off what was named.
EACH_AFTER = re.compile(
    r"的?(?:各|每一?)[档挡项类种级段组层]|分[档挡段级组层]|(?:这?[两二三]个)?维度(?:的|上)?交叉|交叉|为维度|维度|长短|[ -]?wise\b| buckets?\b| bands?\b"
)
