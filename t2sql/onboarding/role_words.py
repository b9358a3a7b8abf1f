"""The words by which a column's name or comment says what it holds, in both languages; lists alone, no decisions."""

from __future__ import annotations

import re

CODES = frozenset(
    "year yr month mon day week quarter qtr hour minute weekday dow zip zipcode postcode postal rank ranking seq"
    " sequence position version priority level lvl grade latitude longitude lat lon lng fips isbn ein vin imei ip"
    " port sort extension barcode sku semester term generation floor storey room chapter page edition line lineno"
    " ordinal".split()
)
LENGTHS = frozenset("year yr month mon day week quarter qtr semester term".split())
"""Of CODES, those that measure time where there are many."""
WHENS = frozenset("day week month hour minute quarter mon qtr weekday".split())
RATES = frozenset(
    "rate ratio pct percent percentage perc mode score rating rated index idx yoy mom qoq growth density"
    " temperature temp height weight age variance var probability prob likelihood yield margin coefficient factor"
    " efficiency utilization utilisation occupancy speed velocity latency multiplier proportion fraction frequency"
    " freq discount elevation altitude depth ceiling floor limit threshold tolerance bmi vas nav beta alpha sharpe"
    " volatility pe pb roe roa eps dose dosage size star".split()
)
ALWAYS_RATES = frozenset(
    "avg average mean median max min maximum minimum highest lowest std stddev stdev deviation".split()
)
ADDITIVE = frozenset(
    "amount amt total tot sum qty quantity count cnt revenue sale cost fee tax profit income expense spend"
    " spending paid payment charge volume unit duration minute second hour click view impression visit like vote"
    " point commission interest principal premium claim deposit withdrawal turnover population area gdp value"
    " budget salary wage bonus subtotal shipping freight donation refund loss gain proceeds output production"
    " calorie distance length kwh mwh gwh".split()
)
STOCKS = frozenset(
    "balance bal outstanding inventory stock onhand headcount holding aum backlog remaining available unpaid"
    " reserve arrear overdue exposure cumulative cum accumulated accu ytd todate".split()
)
SOLD = frozenset("sale sold total extended purchase order gross net final paid line subtotal".split())
TEXTS = frozenset(
    "description desc descr comment note text body content abstract summary remark message detail bio url"
    " homepage website link html json payload memo explanation reason".split()
)
LISTS = frozenset(
    "type status state category class kind method gender sex level grade tier channel segment group stage"
    " currency region".split()
)
# What may follow the word that matters: weight_kg, freq_hrs.
UNIT_WORDS = frozenset("usd cny rmb eur gbp jpy kg cm mm km mg ml lb hr".split())

RATES_CHINESE = re.compile(
    r"率|占比|比例|比重|比值|均价|单价|价格|平均|人均|户均|笔均|指数|同比|环比|增速|增幅|增减|系数|密度|评分|得分|分数|百分"
    r"|[(（]%[)）]|年龄|身高|体重|温度|净值|市盈|市净|最高|最低|上限|下限|浓度|倍数|久期|期限|年限|面值|面额|每股"
    r"|频率|频次|付息次数|每[年季月周日]"
)
STOCKS_CHINESE = re.compile(
    r"余额|存量|期末|结存|库存|持仓|在册|累计|在岗人数|保有量|未偿|资产总|总资产|总负债|负债总|净资产"
    r"|所有者权益|股东权益|总股本|总市值|流通市值|(基金|资产|管理|存款|贷款|存续)规模"
)
ADDITIVE_CHINESE = re.compile(
    r"金额|数量|总额|收入|支出|成本|费用|利润|税|笔数|户数|人数|次数|个数|发生额|交易额|销售额|产值|增加值|面积|人口|件数"
    r"|份数|时长|里程|手续费|利息|本金|贷款|存款|投资|净额|净流入|规模"
)
CODES_CHINESE = re.compile(r"编号|代码|编码|序号|邮编|年份|排名|等级|级别")
TEXTS_CHINESE = re.compile(r"备注|说明|描述|内容|简介|摘要|附言|评论|网址|正文")
LISTS_CHINESE = re.compile(r"类型|类别|种类|状态|方式|性别|等级|级别|渠道|币种|分类|标志")
STOCK_TABLES = re.compile(
    r"资产负债|余额|信贷收支|存量|快照"
    r"|(^|_)(balance|balances|snapshot|snapshots|inventory|position|positions|holding|holdings)(_|\b)",
    re.IGNORECASE,
)
FLAGS = tuple(
    frozenset(pair.split())
    for pair in ("0 1", "Y N", "T F", "y n", "t f", "是 否", "true false", "True False", "yes no", "Yes No", "YES NO")
)
