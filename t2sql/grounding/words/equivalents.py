"""Words and phrases that bankers and offices use for the same thing, in both languages.

General banking usage, of no catalog in particular: what a name is made of, so that it is found under other words. One
line a concept: what it is, its kind, Chinese words, English phrases. `~` before a verb stands for all its forms; `a+b`
is a word that says two things at once. A word may stand on several lines. Words that change a number (new, net, per
customer, average) are concepts of their own, and never share a line with one that does not say the same.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

THINGS = """
interest+expense | thing | 付息成本 | funding cost, cost of funding, funding expense, funding cost us, did funding cost, did our funding cost, interest paid on deposits and other funding, interest paid on deposits and other borrowings, interest on deposits and other funding, interest paid on deposits and borrowings
loan | thing | 贷款 信贷 授信贷款 贷款资产 信贷资产 客户贷款 | loan, credit, lending, advance, facility, credit facility, loan facility, loans and advances, customer loan, client loan, loan exposure, credit exposure, borrowing
deposit | thing | | dep
deposit | thing | 存款 揽存 揽储 吸储 吸存 吸收存款 揽收存款 客户存款 储蓄资金 揽 | deposit, customer deposit, client deposit, customer funding, deposit funding, deposit taking
customer | thing | 客户 顾客 用户 户 | customer, client, cust, account holder, accountholder, people
charge+provision | thing | | loan losses booked, loan loss charge, loan loss expense, bad debt charge, bad debt expense, credit loss charge, provisioning charge, provide for loan losses, provide for bad debts, provide for bad loans, provide for credit losses, provide for bad debt, provide for loan loss, provided for loan losses, provided for bad debts, provided for bad loans, provided for credit losses, provided for bad debt, provided for loan loss, set aside for loan losses, set aside for bad debts, set aside for bad loans, set aside for credit losses, set aside for bad debt, set aside for loan loss, set aside against loan losses, set aside against bad debts, set aside against bad loans, set aside against credit losses, set aside against bad debt, set aside against loan loss
balance+provision | thing | 已计提的拨备 已计提拨备 已提的拨备 已提拨备 已计提的贷款损失准备 已提的贷款损失准备 已计提的准备金 已提的准备金 已计提的减值准备 已提的减值准备 | have we set aside for loan losses, have we set aside for bad debts, have we set aside for bad loans, have we set aside for credit losses, have we set aside for bad debt, have we set aside for loan loss, have we set aside against loan losses, have we set aside against bad debts, have we set aside against bad loans, have we set aside against credit losses, have we set aside against bad debt, have we set aside against loan loss, has been set aside for loan losses, has been set aside for bad debts, has been set aside for bad loans, has been set aside for credit losses, has been set aside for bad debt, has been set aside for loan loss, has been set aside against loan losses, has been set aside against bad debts, has been set aside against bad loans, has been set aside against credit losses, has been set aside against bad debt, has been set aside against loan loss, have been set aside for loan losses, have been set aside for bad debts, have been set aside for bad loans, have been set aside for credit losses, have been set aside for bad debt, have been set aside for loan loss, have been set aside against loan losses, have been set aside against bad debts, have been set aside against bad loans, have been set aside against credit losses, have been set aside against bad debt, have been set aside against loan loss, we have set aside for loan losses, we have set aside for bad debts, we have set aside for bad loans, we have set aside for credit losses, we have set aside for bad debt, we have set aside for loan loss, we have set aside against loan losses, we have set aside against bad debts, we have set aside against bad loans, we have set aside against credit losses, we have set aside against bad debt, we have set aside against loan loss, we've set aside for loan losses, we've set aside for bad debts, we've set aside for bad loans, we've set aside for credit losses, we've set aside for bad debt, we've set aside for loan loss, we've set aside against loan losses, we've set aside against bad debts, we've set aside against bad loans, we've set aside against credit losses, we've set aside against bad debt, we've set aside against loan loss, is set aside for loan losses, is set aside for bad debts, is set aside for bad loans, is set aside for credit losses, is set aside for bad debt, is set aside for loan loss, is set aside against loan losses, is set aside against bad debts, is set aside against bad loans, is set aside against credit losses, is set aside against bad debt, is set aside against loan loss, are set aside for loan losses, are set aside for bad debts, are set aside for bad loans, are set aside for credit losses, are set aside for bad debt, are set aside for loan loss, are set aside against loan losses, are set aside against bad debts, are set aside against bad loans, are set aside against credit losses, are set aside against bad debt, are set aside against loan loss
balance | light | | client holdings, customer holdings, clients holdings, customers holdings, investor holdings, point in time
balance | light | | on the balance sheet, on our balance sheet, on balance sheet
loan+balance | light | 欠我们 欠我行 欠咱们 欠着我们 | owe us, owes us, owed us, owed to us, owing to us
balance | light | | owe us, owes us, owed us, owed to us, owing to us
loan+customer | thing | 借款人 贷款户 有贷户 借款户 借款客户 用信客户 | borrower, obligor, debtor, customer with loans, client with loans
card+customer | thing | 持卡人 卡友 卡户 持卡客户 卡客户 信用卡客户 信用卡用户 | cardholder, card holder, cardmember, card member, card customer, credit card customer
deposit+customer | thing | 存款人 储户 存款户 | depositor, saver, customer with deposits, client with deposits
retail+customer | thing | | individuals, private individual
deposit+put | thing | 存了 存着 存的 存进来 存入 存放 存在我行 存在我们 放在我行 | deposited, have on deposit, parked with us, placed with us, kept with us
loan+put | thing | 借了 借的 借着 借走 借去 | borrowed
card | thing | 信用卡 贷记卡 卡片 卡 | card, credit card, bank credit card, plastic
fee | thing | 手续费 佣金 手续费及佣金 手续费佣金 服务费 | fee, commission, fee and commission, fees and commissions, service charge
wealth | thing | 理财 财富 财富管理 财富产品 理财产品 理财及代销 理财代销 | wealth, wealth management, wealth product, wealth management product, investment product
interest | thing | 利息 息 | interest
outlet | thing | 网点 支行 营业网点 经营网点 末级网点 | outlet, sub branch, subbranch, branch office, banking outlet
branch | thing | 分行 一级分行 分支行 记账行 记账分行 入账行 | branch, branch office, tier 1 branch
province | thing | 省份 省 | province
city | thing | 城市 市 | city
region | thing | 区域 大区 片区 地区 区 | region, area, territory
npl | thing | 不良贷款 不良 坏账 坏帐 不良资产 坏账贷款 不良信贷资产 坏掉的贷款 变坏的贷款 坏账类贷款 | npl, non performing loan, nonperforming loan, bad loan, bad debt, non performing asset, npa, soured loan, impaired loan, non performing, nonperforming, non performing credit, bad credit, gone bad, turned bad, went bad, gone sour, turned sour, are bad, bad book
npl+ratio | measure | 坏账率 坏帐率 坏账比例 坏账占比 | bad loan rate, bad debt rate, npl rate, bad loan ratio, bad debt ratio
provision | thing | 拨备 准备金 损失准备 贷款损失准备 减值准备 贷款减值准备 贷款损失准备金 损失准备金 拨备金 预期信用损失 预期信用损失准备 坏账准备 坏账准备金 坏帐准备 呆账准备 | provision, reserve, allowance, loan loss reserve, loan loss provision, loan loss allowance, allowance for loan losses, provision for loan losses, loss reserve, loss allowance, provisioning, provisioning stock, ecl, ecl allowance, ecl provision, expected credit loss, expected credit loss allowance, credit loss provision, credit loss allowance, credit loss reserve, bad debt provision, bad debt reserve, bad debt allowance, bad loan provision, bad loan reserve
impairment | thing | 减值 减值损失 资产减值 资产减值损失 信用减值 信用减值损失 | impairment, impairment loss, credit loss, credit impairment, credit impairment loss, asset impairment, ecl charge, expected credit loss
equity | thing | 净资产 所有者权益 股东权益 权益 资本金 | equity, net asset, shareholders' equity, shareholder equity, owners' equity, shareholders' funds, book value
asset | thing | 资产 | asset
liability | thing | 负债 债务 | liability
total+asset | thing | 总资产 资产总额 资产总计 资产规模 | total asset, balance sheet, balance sheet total, balance sheet size
earning+asset | thing | 生息资产 | earning asset, interest earning asset
bearing+liability | thing | 付息负债 计息负债 | interest bearing liability, costed liability
aum | thing | 管理资产 管理资产规模 资产管理规模 管理客户资产 客户金融资产 客户总资产 aum | aum, assets under management, managed asset, client asset, customer asset, asset under management
segment | thing | 客群 客户分层 客户层级 客层 客户群 | segment, customer segment, client segment, customer tier, customer group, client group
merchant | thing | 商户 商家 | merchant, shop, retailer, seller
industry | thing | 行业 产业 | industry, sector, line of business
product | thing | 产品 品种 | product, offering
currency | thing | 币种 货币 币别 | currency, ccy
collateral | thing | 担保 担保方式 增信 | collateral, security, guarantee
profit | thing | 净利润 利润 净利 税后利润 盈利 纯利 净赚 赚了 赚 亏损 亏钱 亏了 挣钱 挣了 挣的 挣到 挣 赚钱 赚的 赚到 赚头 | profit, net profit, net income, net earnings, earnings, bottom line, profit after tax, after tax profit, net profit after tax, made money, make money, money did we make, money we made, money have we made, money did the bank make
revenue | thing | 营业收入 营收 经营收入 营业总收入 总营收 | operating income, revenue, top line, operating revenue, total operating income, total revenue, gross revenue
opex | thing | 业务及管理费 业管费 管理费用 营业费用 运营费用 运营成本 经营费用 经营成本 营业成本 费用支出 运营开支 经营开支 日常开支 日常经营开支 日常经营费用 日常经营支出 运营支出 经营支出 日常运营费用 日常运营成本 日常运营开支 | operating expense, operating cost, opex, overhead, running cost, cost base, administrative expense, admin expense, general and administrative expense, operating expenditure, operational cost, operational expense, overhead cost, costs of doing business
operate | quality | 日常经营 日常运营 | operations, running the bank, run the bank, running the business, run the business, running our business, running the branches, run the branches, running the branch, run the branch, operating the bank, operate the bank, day to day operations, keep the bank running, keeping the bank running, keep the lights on, keeping the lights on
opex_kind | thing | 员工费用 人工费用 人工成本 人力成本 人员费用 职工薪酬 薪酬 工资 薪资 租金 租赁费 房租 折旧 摊销 折旧摊销 折旧费 科技费用 科技投入 广告费 营销费用 宣传费 业务招待费 差旅费 办公费 水电费 物业费 | staff cost, staff expense, personnel cost, personnel expense, salary, salaries, wages, payroll, rent, depreciation, amortisation, amortization, technology expense, it cost, it expense, marketing expense, advertising
tax | thing | 税 税金 税费 税款 税负 | tax, tax expense, tax charge, tax bill, levy
nim | thing | 净息差 息差 净利息收益率 净利息差率 | nim, net interest margin, interest margin, net interest yield
nis | thing | 净利差 利差 存贷利差 净利息利差 | nis, net interest spread, interest spread, interest rate spread
principal | thing | 本金 | principal, capital
net+fee+income | thing | 中间业务收入 中间业务净收入 中收 轻资本收入 | net fee income, net fee and commission income, net commission income, intermediary business income
net+interest+income | thing | 利息净收入 净利息收入 利差收入 | net interest income, nii, net interest revenue
ledger | quality | 台账 | ledger
limit | thing | 额度 授信额度 信用额度 授信总额度 信用卡额度 | limit, credit limit, credit line, line of credit, card limit, card line
card+balance | thing | 透支余额 信用卡应收款 卡透支 透支 信用卡欠款 | card outstandings, card receivables, card debt, card borrowings, credit card debt, card borrowing, credit card borrowing, credit card lending, owe on cards, owed on cards, owe on our cards, owe on their cards
per_txn+spend | quality | | average bill, avg bill, mean bill, bill per swipe, bill per transaction, average card bill, average basket, basket size, average purchase, avg purchase, average card purchase, avg card purchase, mean card purchase, typical card purchase, average card transaction, avg card transaction, mean card transaction, typical card transaction, average card payment, average card swipe
"""

DEEDS = """
put | quality | | put with us
overdue | quality | 逾期 拖欠 过期未还 | overdue, past due, delinquent, in arrears, arrears, delinquency, late
special_mention | quality | 关注类 关注 | special mention, watch list, watchlist
early_warning | quality | 预警 风险预警 | early warning, on early warning
secured | quality | 抵质押 有抵质押 有抵质押物 有抵押物 | secured, collateralised, collateralized, asset backed
foreign | quality | 外币 外汇 | foreign currency, fx, foreign, forex, non rmb, non cny, in foreign currency, in foreign currencies
demand | quality | 活期 | demand, current account, on demand, sight
term | quality | 定期 | term, fixed term, time
deposit+term | quality | 定期存款 | term money, time money, time deposit, term deposit, fixed deposit, fixed term deposit
deposit+demand | quality | 活期存款 | demand money, current account money, demand deposit, sight deposit, current account deposit, on demand deposit
retail | quality | 个人 零售 居民 住户 对私 | retail, personal, individual, household
deposit+retail | quality | 储蓄存款 储蓄 | savings deposit, savings, deposits from individuals, deposits of individuals, deposits from households, deposits of households
corporate | quality | 对公 公司 单位 企业 | corporate, business, company, corp
active | quality | 活跃 动户 动卡 | active, activity
active | quality | 活的 激活 有激活 | used, in use, actually used, got used, really used, were used, being used, in active use
active+card | quality | 活卡 动卡 活跃卡 | active card, active credit card
new | quality | 新增 新开 新开户 新拓 新拓展 新获 新获客 获客 拓展 拓客 新客 新发展 开户 新来 新入 拉新 拉来 新拉来 新增加 引进来 | new, fresh, newly opened, newly acquired, newly won, newly onboarded, newly added, brand new, ~acquire, ~onboard, ~win, won, ~gain, acquisition, onboarding, signed up, sign up, joined, join, opened accounts, open accounts, opened an account, ~attract, new faces
new+customer | quality | 拉新 拉新客户 | new face, new faces
new+customer | quality | 新客户 新户 新增户 新增客户 | new customer, new client, new joiner, newcomer
churn | quality | 流失 销户 注销 离开 离行 走掉 走了 跑了 跑掉 流走 | churned, churn, lost, ~lose, attrition, ~leave, left, departed, ~defect, ~close, closed accounts, closed their accounts, closed their account, close their accounts, walked away, ~quit
disbursal | quality | 放出去 投出去 贷出去 发出去 批出去 发放 新发放 投放 新投放 放出 放 投 新放 发 批放 贷 | ~disburse, ~originate, ~grant, ~extend, ~issue, origination, disbursal, disbursement, drawdown, disbursements, originations, drawdowns, drawn down, given out, handed out, paid out, newly granted, newly originated, newly disbursed, newly issued, underwritten, ~underwrite, written, wrote, write, writes, writing, newly written, went out, go out, gone out, put out, putting out, puts out, pushed out, newly put out
disbursal+loan | quality | 放贷 放款 贷出 借出 放了贷 投放 新投放 新发放 | ~lend, lent, lend out, lent out, lending volume, loan origination, loan disbursement, ~make loans, new lending, new loan, new loans, loan originations, loan disbursements, newly granted loans, newly lend, newly lent, newly lending, newly loan, newly loaned, newly advanced, fresh lending, fresh loan, fresh loans, lending out
repay | quality | 收回 回收 归还 偿还 还 还回 收回来 还款 收回来了 回笼 | ~repay, repaid, ~collect, paid back, pay back, paid down, ~recover, repayment, collection, recovery, paid off, got back, get back, gets back, getting back, came back, gotten back
collect | quality | 实收 收到 收取 收上来 收了 收 收进来 实际收到 | ~collect, ~receive, cash, receipt, actually received, actually collected
charge | quality | 计提 提取 提 提了 入账 | ~charge, booked, booking, charged off to income, set aside, ~provide, ~take, took
spend | quality | 消费 花费 支付 刷 花 刷掉 花掉 | spend, spending, spent, spends, purchase, purchases, ~charge, ~swipe, bought, ~buy, put on, expenditure, shopping
card+spend | quality | 刷卡 刷卡消费 卡消费 信用卡消费 | card spend, card spending, card purchase, card usage volume, card expenditure, customers spend, customers spent, customers spending, customers are spending, customers have spent, clients spend, clients spent, clients spending, clients are spending, clients have spent, people spend, people spent, people spending, people are spending, people have spent, our customers spend, our customers spent, our customers spending, our customers are spending, our customers have spent, our clients spend, our clients spent, our clients spending, our clients are spending, our clients have spent
txn | quality | 交易 流水 笔 | transaction, ticket, swipe, txn, tickets, swipes, txns
online | quality | 线上 网上 互联网 网络 网购 线上渠道 网上购物 电商 | online, on line, e commerce, internet, web, online channel
usage | quality | 使用率 利用率 用信率 使用 用信 用了 用掉 占用 占用率 用满 用得 | utilisation, utilization, usage, ~use, ~utilise, ~utilize, ~draw, drawn, eaten up, eat up, eating up, used up, use up, drawn down on
coverage | measure | 覆盖率 覆盖 覆盖比例 覆盖水平 覆盖程度 覆盖倍数 盖住 盖得住 覆盖得了 覆盖了 | coverage, coverage ratio, cover, coverage level, coverage rate, covers
overdue_90 | quality | 逾期90天以上 90天以上逾期 逾期超过90天 逾期九十天以上 九十天以上逾期 逾期超过九十天 逾期90天 逾期三个月以上 逾期超90天 逾期大于90天 逾期3个月以上 逾期超过三个月 逾期超过3个月 逾期超三个月 逾期超3个月 90天以上的逾期 超90天逾期 超过90天逾期 逾期90天及以上 | 90+ days overdue, 90+ days past due, 90 days overdue, 90 days past due, more than 90 days overdue, more than 90 days past due, over 90 days overdue, over 90 days past due, overdue more than 90 days, overdue by more than 90 days, overdue over 90 days, past due by more than 90 days, past due more than 90 days, past due over 90 days, 90+ dpd, 90+ days in arrears, more than 90 days in arrears, 90+ days late, more than 90 days late, over 90 days late, 90 days plus late, more than three months late, over three months late, more than 3 months late, over 90 days in arrears, 90 days plus in arrears, more than three months in arrears, over three months in arrears, more than 3 months in arrears, 90+ days delinquent, more than 90 days delinquent, over 90 days delinquent, 90 days plus delinquent, more than three months delinquent, over three months delinquent, more than 3 months delinquent, 90 days plus overdue, more than three months overdue, over three months overdue, more than 3 months overdue, 90 days plus past due, more than three months past due, over three months past due, more than 3 months past due, 90+ days behind, more than 90 days behind, over 90 days behind, 90 days plus behind, more than three months behind, over three months behind, more than 3 months behind, 90+ overdue, 90+ past due, 90+ delinquent, late 90+ days, late more than 90 days, late over 90 days, late by over 90 days, late by more than 90 days, late for more than 90 days, late for over 90 days, late beyond 90 days, in arrears 90+ days, in arrears more than 90 days, in arrears over 90 days, in arrears by over 90 days, in arrears by more than 90 days, in arrears for more than 90 days, in arrears for over 90 days, in arrears beyond 90 days, delinquent 90+ days, delinquent more than 90 days, delinquent over 90 days, delinquent by over 90 days, delinquent by more than 90 days, delinquent for more than 90 days, delinquent for over 90 days, delinquent beyond 90 days, overdue 90+ days, overdue by over 90 days, overdue for more than 90 days, overdue for over 90 days, overdue beyond 90 days, past due 90+ days, past due by over 90 days, past due for more than 90 days, past due for over 90 days, past due beyond 90 days
coverage+provision | measure | 被拨备覆盖 拨备覆盖了 拨备盖住 准备金覆盖 准备金盖住 拨备能盖住 拨备能覆盖 | covered by provisions, covered by provisioning, covered by reserves, covered by allowances, covered by loss reserves, covered by our provisions, covered by our provisioning, covered by our reserves, covered by our allowances, covered by our loss reserves, covered by the provisions, covered by the provisioning, covered by the reserves, covered by the allowances, covered by the loss reserves, covered by loan loss provisions, covered by loan loss provisioning, covered by loan loss reserves, covered by loan loss allowances, covered by existing provisions, covered by existing provisioning, covered by existing reserves, covered by existing allowances, covered by existing loss reserves, covered by our loan loss provisions, covered by our loan loss provisioning, covered by our loan loss reserves, covered by our loan loss allowances, covered by the allowance, covered by our allowance
earning | quality | 生息 能生息 | interest earning, earning
bearing | quality | 付息 计息 要付利息 要付息 | interest bearing, bear interest, bearing interest
rolling_year | quality | 滚动年度 滚动十二个月 滚动12个月 滚动一年 滚动年 连续十二个月 近一年滚动 近12个月滚动 最近一年滚动 滚动1年 滚动近一年 滚动12月 | rolling year, rolling twelve month, rolling 12 month, twelve month rolling, 12 month rolling, trailing twelve month, trailing twelve months, rolling twelve months, rolling 12 months, trailing 12 months, trailing 12 month, rolling one year, ttm, ltm, rolling year's
quarter_to_date | quality | 季内累计 季初以来 本季累计 季累计 本季度累计 这个季度累计 这季度累计 当季累计 季度内累计 本季以来 本季度以来 季初至今 | quarter to date, qtd, quarter so far, so far this quarter, since the start of the quarter
opening | quality | 期初 | opening, start of the period, beginning of the period, brought forward
weighted | quality | 加权 加权平均 | weighted, weighted average, volume weighted, amount weighted
net | quality | 净 净额 | net
minus | quality | 减 减去 扣除 扣掉 | less, minus, net of, after deducting, deducting
gross | quality | 毛 毛额 | gross
fee+income | thing | | fee revenue, commission revenue, fee and commission revenue, revenue from fees, fee earnings, gross fee, gross commission, gross fee and commission, gross fees and commissions
interest+income | thing | | gross interest, interest revenue, interest earnings, revenue from interest
deposit+balance | thing | | deposit base
"""

MEASURES = """
balance | light | 余额 结余 存量 盘子 时点数 时点余额 期末数 期末余额 保有量 底子 欠款 欠着 欠 | balance, bal, exposure, drawn balance, drawn amount, amount drawn, balance drawn, outstanding, outstandings, book, stock, portfolio, amount outstanding, outstanding balance, outstanding amount, holding, owe, owes, owed, owing
balance+unpaid | light | 还剩多少没收回 还有多少没收回 剩多少没收回 还剩多少未收回 还有多少未收回 剩多少未收回 还剩多少没还 还有多少没还 剩多少没还 还剩多少未还 还有多少未还 剩多少未还 还剩多少没还清 还有多少没还清 剩多少没还清 还剩多少没结清 还有多少没结清 剩多少没结清 没收回 未收回 没还 未还 没还清 未还清 没结清 未结清 尚未收回 尚未偿还 未偿还 没收回来 没还上 | still outstanding, still owed, still owing, not yet repaid, yet to be repaid, still unpaid
balance+wealth | thing | 市值 持仓市值 保有市值 | market value, holdings market value, holdings at market value
amount | light | 额 金额 总额 总金额 数额 规模 总量 量 体量 | amount, amt, value, volume, sum, total amount, total value, total volume, money, size, market value
total | light | 总 在册 各项 全部 全口径 | total, all, in issue
count | light | 几个 几家 数 数量 个数 家数 总数 多少个 多少家 有几家 有几个 共几家 共几个 多少 | number, number of, count, count of, how many, headcount, tally, total number, no. of, no of, nr of, # of, nos. of
count+customer | light | 户数 人数 客户数 客户量 客户数量 多少户 几户 多少人 几个人 多少名 多少位 客数 拢共多少户 多少客户 | customer count, client count, number of people, how many people, how many customers, how many clients, customer base, client base, customers on the books, clients on the books, clients on our books, customers on our books, customer book
count+card | light | 张数 多少张 几张 卡量 卡数 | card count, number of cards, how many cards
count+card | light | | cards in circulation, plastic in circulation, cards on issue, plastic in issue, cards in people's hands
count | light | 笔数 多少笔 几笔 单数 | number of transactions, number of deals, number of items
count+txn | light | 次数 多少次 几次 多少回 笔数 交易笔数 交易量 多少笔 几笔 | transaction count, number of transactions, transaction volume, how many transactions, how many tickets, how many times
ratio | measure | 率 比率 比例 占比 比重 百分比 百分之多少 百分之几 几成 占率 占 占多大比例 占多少比例 占多大比重 占多少 占几成 占百分之几 占百分之多少 占了 之比 比值 | ratio, rate, percentage, share, proportion, percent, %, fraction, what part of, which part of, what portion of
rate | measure | 利率 定价 利率水平 年利率 平均利率 | rate, interest rate, pricing, rate of interest, coupon
average | light | 平均 均 均值 平均数 平均值 平均水平 | average, avg, mean
average+daily | light | 日均 日平均 每日平均 | daily average, average daily
average+monthly | light | 月均 月平均 每月平均 | monthly average, average monthly
daily | quality | 每日 日终 逐日 日 当日 每天 日末 | daily, end of day, day end, eod, closing
monthly | quality | 每月 月度 月末 月底 | monthly, month end, month ends
per_customer | light | 户均 客均 每户 每户平均 平均每户 每客户 每个客户平均 平均每个客户 每位客户 平均每位客户 平均一户 单户平均 户平均 | per customer, per client, per borrower, per depositor, per head, per capita, per account holder
per_customer+deposit | light | 每个存款客户 平均每个存款客户 每位存款客户 每户存款客户 | per deposit customer, per depositing customer
per_customer+loan | light | 每个贷款客户 平均每个贷款客户 每位贷款客户 每户贷款客户 每个借款人 | per loan customer
per_customer+retail | light | 每个个人客户 平均每个个人客户 每位个人客户 每个零售客户 平均每个零售客户 每位零售客户 | per retail customer, per individual customer, per retail client, per personal customer
per_outlet | light | 网均 点均 每网点 每个网点 平均每个网点 平均每网点 网点平均 单个网点 单点 | per outlet, per sub branch, per branch
per_txn | light | 笔均 每笔 平均每笔 单笔平均 每笔平均 平均一笔 平均单笔 一笔平均 单笔 件均 | per transaction, per ticket, per purchase, per swipe, ticket size, average ticket, per card purchase, per card transaction, per card payment, per card swipe, per payment, of a card purchase, of a card transaction, of a card payment, of one card purchase, of a single card purchase, a card purchase on average
per_loan | light | 笔均 每笔 平均每笔 单笔平均 平均一笔 | per loan, per disbursement, per deal
per_customer+deposit | light | | average depositor, typical depositor, avg depositor
per_customer+loan | light | | average borrower, typical borrower, avg borrower
income | measure | 收入 进账 入息 | income, earned
expense | measure | 支出 费用 成本 开支 开销 付出 付出去 付了 付掉 支出去 花出去 付的 付给 | expense, cost, outlay, expenditure, paid, paid away, paid out, payable, had to pay, have to pay, has to pay, pay out, pays out, paying out, shelled out
gain | measure | 收益 所得 | gain, income
return | measure | 收益率 回报率 利润率 回报 | return, return on, rate of return
type | measure | 类型 类别 种类 分类 性质 大类 | type, category, kind, class, classification, sort
grade | measure | 等级 级别 评级 层级 | grade, tier, level, rating
band | measure | 分档 档次 档 区间 | band, bucket, bracket, range, tranche
name | measure | 名称 名字 | name
date | measure | 日期 日 时间 | date, day
"""
