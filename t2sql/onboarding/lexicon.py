"""Common words of business databases in Chinese, so that a name without a Chinese comment still gets a Chinese one.

A name is put into Chinese only where every word of it is known; half a translation helps nobody.
"""

from __future__ import annotations

from functools import cache

_WORDS = """
account 账户  accounts 账户  action 操作  active 有效  actual 实际  address 地址  adjusted 调整后  adjustment 调整
age 年龄  agent 代理人  agreement 协议  alert 预警  altitude 海拔  amount 金额  annual 年度  application 申请
appointment 预约  approval 审批  approved 批准  area 面积  arrival 到达  article 文章  asset 资产  assets 资产
attribute 属性  author 作者  authors 作者  available 可用  average 平均  balance 余额  bank 银行  basis 基础
batch 批次  bill 账单  billing 账单  birth 出生  birthday 生日  board 董事会  bond 债券  bonds 债券
bonus 奖金  book 图书  booking 预订  branch 分行  brand 品牌  budget 预算  building 楼宇  business 商家
buyer 买方  calendar 日历  campaign 营销活动  capacity 容量  car 汽车  card 卡  cards 卡  carrier 承运商
case 案件  cash 现金  catalog 目录  category 类别  center 中心  certificate 证书  change 变动  channel 渠道
charge 收费  check 支票  city 城市  claim 理赔  class 类别  clerk 经办人  client 客户  clients 客户
close 关闭  closed 已关闭  closing 期末  code 代码  collateral 抵押物  collection 催收  color 颜色  column 列
comment 备注  comments 备注  commission 佣金  company 公司  conference 会议  consumer 消费者  contact 联系人
content 内容  continent 大洲  contract 合同  corporate 对公  cost 成本  count 数量  country 国家  county 县
coupon 优惠券  course 课程  coverage 保额  created 创建  credit 信用  currency 币种  current 当前  customer 客户
customers 客户  cycle 周期  daily 每日  database 数据库  date 日期  day 日  days 天数  debit 借方  debt 债务
decision 决定  default 违约  defaulted 违约  delay 延迟  delivered 送达  delivery 交付  demand 需求  density 密度
department 部门  departments 部门  departure 出发  deposit 存款  deposits 存款  depth 深度  description 描述
destination 目的地  detail 明细  details 明细  device 设备  diagnosis 诊断  difference 差额  dimension 维度
director 董事  discount 折扣  distance 距离  district 区县  doctor 医生  doctors 医生  document 文件  domain 领域
dosage 剂量  drug 药品  drugs 药品  due 到期  duration 时长  earnings 收益  education 学历  effective 生效
email 邮箱  employee 员工  employees 员工  end 结束  engine 发动机  entry 录入  equity 权益  error 错误
estimated 预计  event 事件  events 事件  exchange 汇率  expense 费用  expenses 费用  expiry 到期  external 外部
factor 系数  factory 工厂  failed 失败  family 家庭  fee 费用  fees 费用  field 字段  file 文件  final 最终
finance 财务  first 首次  flag 标志  flight 航班  food 食品  foreign 外国  freight 运费  frequency 频率  fund 基金
funds 基金  gender 性别  goods 商品  government 政府  grade 等级  gross 总  group 组  growth 增长  guarantee 担保
guarantor 担保人  height 身高  highest 最高  hire 入职  history 历史  holder 持有人  holding 持仓
home 家庭  hospital 医院  hour 小时  hours 小时数  house 房屋  household 住户  id 编号  identity 身份
income 收入  increase 增加额  index 指数  indicator 指标  industry 行业  information 信息  initial 初始
institution 机构  insurance 保险  interest 利息  internal 内部  inventory 库存  investment 投资  investor 投资者
invoice 发票  invoices 发票  issue 发行  issued 签发  item 项目  items 项目  job 职位  journal 期刊  
keyword 关键词  lake 湖泊  language 语言  last 最近  latitude 纬度  ledger 总账  length 长度  level 级别
liability 负债  liabilities 负债  license 执照  limit 额度  line 行  list 清单  loan 贷款  loans 贷款  local 本地
location 地点  log 日志  longitude 经度  loss 损失  losses 损失  lowest 最低  mail 邮件  maintenance 维护
manager 经理  manufacturer 制造商  margin 利润率  marital 婚姻  market 市场  marketing 营销  material 物料
maturity 到期  maximum 最大  medication 用药  medications 用药  member 会员  members 会员  memo 备注
merchant 商户  merchants 商户  message 消息  method 方式  minimum 最小  minutes 分钟数  mobile 手机  mode 方式
model 型号  modified 修改  money 货币  month 月份  monthly 每月  months 月数  mortgage 按揭  mountain 山脉  name 名称
nation 国家  national 国家  nationality 国籍  net 净  neighbourhood 街区  neighborhood 街区  note 备注  notes 备注
notional 名义本金  number 编号  occupation 职业  office 办事处  officer 经办人  online 线上 
opened 开立  opening 期初  operation 操作  operator 操作员
opportunity 商机  option 选项  order 订单  orders 订单
organization 机构  origin 来源  original 原始  outcome 结果  outcomes 结果  outstanding 未偿  overdue 逾期
owner 所有者  package 套餐  page 页面  paid 已付  paper 论文  parent 上级  part 零件  partner 合作方  parts 零件
party 当事人  passenger 乘客  patient 患者  patients 患者  payable 应付  payee 收款人  payer 付款人
payment 付款  payments 付款  penalty 罚金  percent 百分比  percentage 百分比  performance 绩效  period 期间
person 人员  phone 电话  place 地点  plan 计划  planned 计划  policy 保单  population 人口
portfolio 投资组合  position 职位  posting 入账  preferred 首选  premium 保费  previous 上期  price 价格  prices 价格
principal 本金  priority 优先级  probability 概率  process 流程  product 产品  products 产品  profit 利润
project 项目  promotion 促销  property 房产  provider 供应商  province 省份  provision 拨备  publication 出版物
publications 出版物  publisher 出版商  purchase 采购  purchases 采购  purpose 用途  quality 质量  quantity 数量
quarter 季度  quota 配额  quote 报价  rank 排名  rate 利率  rating 评分  ratio 比率  reason 原因  receipt 收据
receivable 应收  received 收到  recipient 收件人  record 记录  records 记录  reference 参考  refund 退款
region 区域  regions 区域  registered 注册  registration 注册  relation 关系  remark 备注  remarks 备注  rent 租金
repayment 还款  repayments 还款  report 报告  reported 报告  request 请求  response 响应  restaurant 餐厅
restaurants 餐厅  result 结果  retail 零售  return 退货  returned 退回  revenue 收入  review 评论  reviews 评论
risk 风险  river 河流  role 角色  room 房间  route 路线  salary 薪资  sale 销售  sales 销售  salesperson 销售员
salespersons 销售员  schedule 计划  scheduled 计划  school 学校  score 得分  season 季节  seat 座位  seats 座位
sector 行业  segment 客群  seller 卖家  sender 发件人  sequence 序号  serial 序列号  service 服务  services 服务
session 会话  settled 结算  settlement 结算  shares 股数  shift 班次  shipment 发货  shipments 发货
shipping 发货  shop 店铺  size 规格  snapshot 快照  source 来源  specialty 专科  speed 速度
spread 利差  stage 阶段  standard 标准  start 开始  state 州  statement 对账单  station 车站  status 状态  
store 门店  stores 门店  street 街道  student 学生  students 学生  subject 科目  subscription 订阅
supplier 供应商  suppliers 供应商  supply 供应  support 支持  surname 姓氏  symbol 代码  system 系统  table 表
target 目标  task 任务  tax 税额  teacher 教师  team 团队  telephone 电话  temperature 温度  tenor 期限  term 期限
terminal 终端  termination 终止  test 测试  text 文本  threshold 阈值  ticket 工单  tickets 工单  time 时间  tip 提示
tips 提示  title 标题  total 合计  town 城镇  trade 交易  trades 交易  trading 交易  transaction 交易
transactions 交易  transfer 转账  transmission 变速箱  transport 运输  treatment 治疗  treatments 治疗  trip 行程
trips 行程  turnover 成交额  type 类型  unit 单位  units 单位数  update 更新  updated 更新  upper 上限  usage 用量
used 已用  user 用户  users 用户  value 值  variance 差异  vehicle 车辆  vehicles 车辆  vendor 供应商  vendors 供应商
version 版本  visit 访问  visits 访问  volume 成交量  warehouse 仓库  warranty 保修  website 网站  week 周  weekly 每周
weight 重量  width 宽度  withdrawal 取款  year 年份  yearly 每年  years 年数  yield 收益率  zip 邮编  zone 区域
"""
_SKIPPED = frozenset({"of", "the", "in", "at", "on", "for"})
_WHOLE = {
    "check in": "入住", "check out": "退房",
    "date of birth": "出生日期", "year on year": "同比", "month on month": "环比", "quarter on quarter": "季度环比",
    "first name": "名", "last name": "姓", "full name": "姓名", "middle name": "中间名", "interest rate": "利率",
    "zip code": "邮政编码", "post code": "邮政编码", "postal code": "邮政编码", "id card": "身份证",
}  # fmt: skip


@cache
def _known() -> dict[str, str]:
    parts = _WORDS.split()
    return dict(zip(parts[::2], parts[1::2], strict=True))


def english_words() -> frozenset[str]:
    """The English words that are known here."""
    return frozenset(_known())


def in_chinese(words: list[str]) -> str:
    """Words of a name in Chinese; "" where one of them is not known.

    >>> in_chinese(["sale", "price"]), in_chinese(["start", "date"]), in_chinese(["customer", "blorp"])
    ('销售价格', '开始日期', '')
    >>> in_chinese(["date", "of", "registration"]), in_chinese(["date", "of", "birth"])
    ('注册日期', '出生日期')
    """
    text = f" {' '.join(words)} "
    head, found_of, tail = text.partition(" of ")
    if found_of and not any(f" {phrase} " in text for phrase in _WHOLE):
        # The date of a registration is, in Chinese, the registration's date.
        text = f"{tail} {head} "
    for phrase, meaning in _WHOLE.items():
        text = text.replace(f" {phrase} ", f" {meaning} ")
    found = []
    for word in text.split():
        if word in _SKIPPED:
            continue
        meaning = word if word in _WHOLE.values() else _known().get(word, "")
        if not meaning:
            return ""
        found.append(meaning)
    return "".join(found)
