"""The demo bank's tables, documented as a warehouse does. Questions are written against them: they must not change."""

from __future__ import annotations

from t2sql.demo.schema import Column, Table
from t2sql.demo.schema import column as c

_MONEY = "DECIMAL(18,2)"
_RATE = "DECIMAL(6,4)"
_FX = "DECIMAL(12,6)"
_SNAPSHOT = c("snapshot_date", "DATE", "快照日期,月末 / Snapshot date, month-end")
_BRANCH = c("branch_id", "INTEGER", "记账机构编号 / Booking unit", ref="branch.branch_id")
_CUSTOMER = c("customer_id", "BIGINT", "客户编号 / Customer id", ref="customer.customer_id")
_PRODUCT = c("product_id", "INTEGER", "产品编号 / Product id", ref="product.product_id")
_CURRENCY = c("currency_code", "VARCHAR", "币种 / Currency", ref="currency.currency_code")
_LOAN = c("loan_id", "BIGINT", "贷款借据编号 / Loan id", ref="loan.loan_id")
_ACCOUNT = c("account_id", "BIGINT", "存款账户编号 / Deposit account id", ref="deposit_account.account_id")
_CARD = c("card_id", "BIGINT", "信用卡编号 / Card id", ref="card.card_id")
_LOAN_KEYS = (_LOAN, _BRANCH, _CUSTOMER, _PRODUCT, _CURRENCY)


def _place(name: str, comment: str) -> tuple[Column, Column]:
    zh, en = comment.split(" / ")
    return (
        c(name, "VARCHAR", f"{zh} / {en}; NULL above that level", null=True),
        c(f"{name}_en", "VARCHAR", f"{zh}英文 / {en} in English", null=True),
    )


_DIMENSIONS = (
    Table(
        "branch",
        "机构:总行、区域、分行、支行四级 / Units of the bank in four levels",
        ("branch_id",),
        (
            c("branch_id", "INTEGER", "机构编号 / Unit id"),
            c("branch_code", "VARCHAR", "机构代码 / Unit code"),
            c("branch_name", "VARCHAR", "机构名称 / Unit name"),
            c("branch_name_en", "VARCHAR", "机构英文名称 / Unit name in English"),
            c("level", "INTEGER", "级别:1 总行 2 区域 3 分行 4 支行 / 1 head office, 2 region, 3 branch, 4 sub-branch"),
            c("parent_id", "INTEGER", "上级机构 / Parent, NULL for the head office", null=True, ref="branch.branch_id"),
            c("province", "VARCHAR", "省份 / Province", null=True),
            c("city", "VARCHAR", "城市 / City", null=True),
            c("opened_on", "DATE", "开业日期 / Opened on"),
            c("closed_on", "DATE", "撤并日期 / Closed on, NULL while open", null=True),
            c("merged_into", "INTEGER", "并入机构 / Unit it was merged into", null=True, ref="branch.branch_id"),
            *_place("region_name", "所属区域 / Region"),
            *_place("tier1_name", "所属分行 / Branch (level 3)"),
            *_place("outlet_name", "网点名称 / Outlet (level 4)"),
        ),
        unique=("branch_code", "branch_name"),
    ),
    Table(
        "customer",
        "客户,现状 / Customers as they are today",
        ("customer_id",),
        (
            c("customer_id", "BIGINT", "客户编号 / Customer id"),
            c("customer_no", "VARCHAR", "客户号 / Customer number"),
            c("customer_name", "VARCHAR", "客户名称,敏感 / Customer name, sensitive"),
            c("customer_type", "VARCHAR", "客户类型:个人 对公 / Customer type: retail, corporate"),
            c("segment", "VARCHAR", "客户分层:大众 财富 私行 小微 中型 大型 / Segment today", null=True),
            c("industry", "VARCHAR", "行业,仅对公 / Industry, corporate customers only", null=True),
            c("gender", "VARCHAR", "性别,仅个人 / Gender, retail customers only", null=True),
            c("birth_date", "DATE", "出生日期,仅个人 / Birth date, retail customers only", null=True),
            c("id_no", "VARCHAR", "证件号码,敏感 / Identity number, sensitive"),
            c("phone", "VARCHAR", "联系电话,敏感 / Phone number, sensitive"),
            c("risk_rating", "VARCHAR", "风险承受等级 R1 至 R5 / Risk rating R1 to R5"),
            c("home_branch_id", "INTEGER", "归属机构 / Home unit today", ref="branch.branch_id"),
            c("opened_on", "DATE", "开户日期 / Customer since"),
            c("closed_on", "DATE", "销户日期 / Left on, NULL while a customer", null=True),
        ),
        unique=("customer_no",),
        enforced=True,
    ),
    Table(
        "product",
        "产品 / Products",
        ("product_id",),
        (
            c("product_id", "INTEGER", "产品编号 / Product id"),
            c("product_code", "VARCHAR", "产品代码 / Product code"),
            c("product_name", "VARCHAR", "产品名称 / Product name"),
            c("product_name_en", "VARCHAR", "产品英文名称 / Product name in English"),
            c("product_line", "VARCHAR", "产品条线:贷款 存款 信用卡 理财 代销 / Product line"),
            c("product_type", "VARCHAR", "产品类型 / Product type"),
            c("is_demand", "BOOLEAN", "是否活期,仅存款 / Demand deposit, deposits only", null=True),
        ),
        unique=("product_code", "product_name"),
    ),
    Table(
        "currency",
        "币种 / Currencies",
        ("currency_code",),
        (
            c("currency_code", "VARCHAR", "币种代码 / Currency code"),
            c("currency_name", "VARCHAR", "币种名称 / Currency name"),
            c("currency_name_en", "VARCHAR", "币种英文名称 / Currency name in English"),
        ),
    ),
    Table(
        "fx_rate",
        "汇率,一单位外币折合人民币 / Exchange rates, CNY for one unit",
        ("rate_date", "currency_code"),
        (
            c("rate_date", "DATE", "汇率日期,月末 / Month-end"),
            _CURRENCY,
            c("rate_to_cny", _FX, "月末折人民币汇率 / Rate at month-end"),
            c("avg_rate_to_cny", _FX, "当月平均汇率 / Average rate of that month"),
        ),
        enforced=True,
    ),
)

_LENDING = (
    Table(
        "loan",
        "贷款借据 / Loans",
        ("loan_id",),
        (
            c("loan_id", "BIGINT", "贷款借据编号 / Loan id"),
            _CUSTOMER,
            c("branch_id", "INTEGER", "记账机构,现状 / Booking unit today", ref="branch.branch_id"),
            c("managing_branch_id", "INTEGER", "管户机构,现状 / Managing unit today", ref="branch.branch_id"),
            _PRODUCT,
            _CURRENCY,
            c("contract_amount", _MONEY, "合同金额,原币 / Contract amount in the loan's currency"),
            c("annual_rate", _RATE, "年利率,0.0385 即 3.85% / Annual rate, 0.0385 is 3.85 %"),
            c("rate_type", "VARCHAR", "利率类型:固定 浮动 / Rate type: fixed, floating"),
            c("collateral", "VARCHAR", "担保方式:信用 保证 抵押 质押 / Collateral: none, guarantee, mortgage, pledge"),
            c("originated_on", "DATE", "放款日期 / Originated on"),
            c("matures_on", "DATE", "到期日期 / Matures on"),
            c("settled_on", "DATE", "结清或核销日期 / Settled or written off on, NULL while live", null=True),
        ),
        enforced=True,
    ),
    Table(
        "loan_snapshot",
        "贷款月末余额 / Loans at month-end",
        ("snapshot_date", "loan_id"),
        (
            _SNAPSHOT,
            *_LOAN_KEYS,
            c("balance", _MONEY, "余额,原币 / Balance in the loan's currency"),
            c("risk_class", "VARCHAR", "五级分类:正常 关注 次级 可疑 损失,后三类不良 / Risk class, the last three bad"),
            c("overdue_days", "INTEGER", "逾期天数 / Days overdue, NULL when not overdue", null=True),
            c("overdue_balance", _MONEY, "逾期余额,原币 / Overdue balance in the loan's currency"),
            c("provision_balance", _MONEY, "减值准备,原币 / Loss provision in the loan's currency"),
        ),
    ),
    Table(
        "loan_disbursement",
        "贷款发放 / Loan disbursements",
        ("disbursement_id",),
        (
            c("disbursement_id", "BIGINT", "发放流水号 / Disbursement id"),
            c("disbursed_on", "DATE", "发放日期 / Disbursed on"),
            *_LOAN_KEYS,
            c("amount", _MONEY, "发放金额,原币 / Amount in the loan's currency"),
            c("annual_rate", _RATE, "年利率 / Annual rate"),
        ),
    ),
    Table(
        "loan_repayment",
        "贷款还款 / Loan repayments",
        ("repayment_id",),
        (
            c("repayment_id", "BIGINT", "还款流水号 / Repayment id"),
            c("paid_on", "DATE", "还款日期 / Paid on"),
            *_LOAN_KEYS,
            c("principal", _MONEY, "归还本金,原币 / Principal in the loan's currency"),
            c("interest", _MONEY, "归还利息,原币 / Interest in the loan's currency"),
        ),
    ),
)

_DEPOSITS = (
    Table(
        "deposit_account",
        "存款账户 / Deposit accounts",
        ("account_id",),
        (
            c("account_id", "BIGINT", "存款账户编号 / Account id"),
            _CUSTOMER,
            _BRANCH,
            _PRODUCT,
            _CURRENCY,
            c("annual_rate", _RATE, "年利率 / Annual rate"),
            c("opened_on", "DATE", "开户日期 / Opened on"),
            c("closed_on", "DATE", "销户日期 / Closed on, NULL while open", null=True),
        ),
        enforced=True,
    ),
    Table(
        "deposit_snapshot",
        "存款月末余额 / Deposits at month-end",
        ("snapshot_date", "account_id"),
        (
            _SNAPSHOT,
            _ACCOUNT,
            _BRANCH,
            _CUSTOMER,
            _PRODUCT,
            _CURRENCY,
            c("balance", _MONEY, "余额,原币 / Balance in the account's currency"),
        ),
    ),
    Table(
        "deposit_daily",
        "存款每日余额,2025-07-01 起一年 / Deposits a day, one year from 2025-07-01",
        ("balance_date", "branch_id", "product_id", "currency_code"),
        (
            c("balance_date", "DATE", "余额日期 / Balance date"),
            _BRANCH,
            _PRODUCT,
            _CURRENCY,
            c("balance", _MONEY, "余额,原币 / Balance in that currency"),
        ),
    ),
)

_RETAIL = (
    Table(
        "card",
        "信用卡 / Credit cards",
        ("card_id",),
        (
            c("card_id", "BIGINT", "信用卡编号 / Card id"),
            _CUSTOMER,
            _BRANCH,
            _PRODUCT,
            c("credit_limit", _MONEY, "授信额度,元 / Credit limit in CNY"),
            c("opened_on", "DATE", "开卡日期 / Opened on"),
            c("closed_on", "DATE", "销卡日期 / Closed on, NULL while open", null=True),
        ),
        enforced=True,
    ),
    Table(
        "card_snapshot",
        "信用卡月末余额 / Cards at month-end",
        ("snapshot_date", "card_id"),
        (
            _SNAPSHOT,
            _CARD,
            _BRANCH,
            _CUSTOMER,
            _PRODUCT,
            c("balance", _MONEY, "透支余额,元 / Balance owed in CNY"),
            c("credit_limit", _MONEY, "授信额度,元 / Credit limit in CNY"),
            c("is_active", "BOOLEAN", "当月是否动卡 / Used in that month"),
        ),
    ),
    Table(
        "card_transaction",
        "信用卡消费 / Card spending",
        ("txn_id",),
        (
            c("txn_id", "BIGINT", "交易流水号 / Transaction id"),
            c("txn_date", "DATE", "交易日期 / Transaction date"),
            _CARD,
            _BRANCH,
            _CUSTOMER,
            _PRODUCT,
            c("merchant_category", "VARCHAR", "商户类别 / Merchant category"),
            c("channel", "VARCHAR", "渠道:线上 线下 / Channel: online, offline"),
            c("amount", _MONEY, "金额,元 / Amount in CNY"),
        ),
    ),
    Table(
        "wealth_holding",
        "理财与代销月末持仓 / Wealth holdings at month-end",
        ("snapshot_date", "holding_id"),
        (
            _SNAPSHOT,
            c("holding_id", "BIGINT", "持仓编号 / Holding id"),
            _CUSTOMER,
            _BRANCH,
            _PRODUCT,
            c("market_value", _MONEY, "市值,元 / Market value in CNY"),
        ),
    ),
    Table(
        "customer_snapshot",
        "月末在册客户 / Customers on the books at month-end",
        ("snapshot_date", "customer_id"),
        (
            _SNAPSHOT,
            _CUSTOMER,
            c("branch_id", "INTEGER", "归属机构 / Home unit at that date", ref="branch.branch_id"),
            c("customer_type", "VARCHAR", "客户类型 / Customer type"),
            c("segment", "VARCHAR", "客户分层,当时 / Segment at that date", null=True),
            c("is_active", "BOOLEAN", "当月是否活跃 / Active in that month"),
        ),
    ),
    Table(
        "fee_transaction",
        "手续费收入流水 / Fee income",
        ("fee_id",),
        (
            c("fee_id", "BIGINT", "流水号 / Fee id"),
            c("txn_date", "DATE", "交易日期 / Date"),
            _BRANCH,
            c(
                "customer_id",
                "BIGINT",
                "客户编号 / Customer id, NULL for walk-ins",
                null=True,
                ref="customer.customer_id",
            ),
            c("fee_type", "VARCHAR", "费用类型:结算 银行卡 代理理财 托管 担保承诺 投行咨询 / Fee type"),
            c("amount", _MONEY, "金额,元 / Amount in CNY"),
        ),
    ),
)

_LEDGER = (
    Table(
        "gl_account",
        "损益科目 / Income and expense accounts",
        ("account_code",),
        (
            c("account_code", "VARCHAR", "科目代码 / Account code"),
            c("account_name", "VARCHAR", "科目名称 / Account name"),
            c("account_name_en", "VARCHAR", "科目英文名称 / Account name in English"),
            c("account_group", "VARCHAR", "科目组 / Account group"),
        ),
    ),
    Table(
        "gl_monthly",
        "当月发生额,元 / Ledger flow of the month in CNY",
        ("month_end", "branch_id", "account_code"),
        (
            c("month_end", "DATE", "月末 / Month-end"),
            c("branch_id", "INTEGER", "机构编号 / Unit", ref="branch.branch_id"),
            c("account_code", "VARCHAR", "科目代码 / Account code", ref="gl_account.account_code"),
            c("amount", _MONEY, "当月发生额,收支均为正 / Flow of the month, income and expense both positive"),
        ),
        enforced=True,
    ),
    Table(
        "gl_balance",
        "总账月末余额,元 / Ledger balances at month-end in CNY",
        ("month_end", "branch_id", "item"),
        (
            c("month_end", "DATE", "月末 / Month-end"),
            c("branch_id", "INTEGER", "机构编号 / Unit", ref="branch.branch_id"),
            c(
                "item",
                "VARCHAR",
                "项目:总资产 生息资产 付息负债 净资产 / Assets, earning assets, debt at interest, equity",
            ),
            c("balance", _MONEY, "余额 / Balance"),
        ),
        enforced=True,
    ),
    Table(
        "load_calendar",
        "数据装载日历 / What was loaded, as of when",
        ("table_name", "as_of_date"),
        (
            c("table_name", "VARCHAR", "表名 / Table"),
            c("as_of_date", "DATE", "数据日期 / As-of date; for flows, loaded through that day"),
            c("row_count", "BIGINT", "行数 / Rows"),
            c("loaded_at", "TIMESTAMP", "装载时间 / Loaded at"),
        ),
    ),
)

TABLES: tuple[Table, ...] = (*_DIMENSIONS, *_LENDING, *_DEPOSITS, *_RETAIL, *_LEDGER)
