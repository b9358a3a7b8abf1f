-- What the checks of figures.yml read: balances in CNY with the names of their units and products.
CREATE TEMP TABLE loans AS
SELECT s.snapshot_date, b.region_name, b.tier1_name, p.product_name, s.currency_code, s.risk_class, l.annual_rate, s.loan_id,
       s.balance * f.rate_to_cny::DOUBLE AS balance,
       CASE WHEN s.risk_class IN ('次级', '可疑', '损失') THEN s.balance * f.rate_to_cny::DOUBLE ELSE 0 END AS bad,
       s.overdue_balance * f.rate_to_cny::DOUBLE AS overdue,
       s.provision_balance * f.rate_to_cny::DOUBLE AS provision
FROM loan_snapshot s
JOIN branch b USING (branch_id)
JOIN product p USING (product_id)
JOIN loan l ON l.loan_id = s.loan_id
JOIN fx_rate f ON f.rate_date = s.snapshot_date AND f.currency_code = s.currency_code;

CREATE TEMP TABLE deposits AS
SELECT s.snapshot_date, b.region_name, b.tier1_name, p.product_name, p.is_demand, s.currency_code,
       s.balance * f.rate_to_cny::DOUBLE AS balance
FROM deposit_snapshot s
JOIN branch b USING (branch_id)
JOIN product p USING (product_id)
JOIN fx_rate f ON f.rate_date = s.snapshot_date AND f.currency_code = s.currency_code;

CREATE TEMP TABLE books AS
SELECT month_end, tier1_name,
       coalesce(sum(amount) FILTER (account_group = '利息收入'), 0) AS interest_income,
       coalesce(sum(amount) FILTER (account_group = '利息支出'), 0) AS interest_expense,
       coalesce(sum(amount) FILTER (account_group = '手续费收入'), 0) - coalesce(sum(amount) FILTER (account_group = '手续费支出'), 0) AS fees,
       coalesce(sum(amount) FILTER (account_group = '投资收益'), 0) AS investments,
       coalesce(sum(amount) FILTER (account_group = '业务及管理费'), 0) AS costs,
       coalesce(sum(amount) FILTER (account_group IN ('资产减值损失', '税金')), 0) AS other_expense,
       coalesce(sum(amount) FILTER (account_group = '营业外净收入'), 0) AS other_income
FROM gl_monthly JOIN gl_account USING (account_code) JOIN branch USING (branch_id)
GROUP BY ALL;

CREATE TEMP TABLE stocks AS
SELECT month_end, tier1_name,
       sum(balance) FILTER (item = '总资产') AS assets,
       sum(balance) FILTER (item = '生息资产') AS earning
FROM gl_balance JOIN branch USING (branch_id)
GROUP BY ALL;
