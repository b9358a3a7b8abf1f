-- Honest SQL that looks dangerous, or is of a form the compiler writes; one a line, written for DuckDB.
-- Every line runs on the small bank of the test, and means the same on PostgreSQL and Spark;
-- a line that cannot run there has the reason above it, which holds for that one line.

-- engine: duckdb

-- category: the forms the compiler writes
WITH loans AS (SELECT l.branch_id AS branch, SUM(l.balance) AS loan_balance FROM (SELECT branch_id, balance FROM loan_snapshot WHERE {east}) AS l GROUP BY l.branch_id) SELECT branch, loan_balance FROM loans ORDER BY loan_balance DESC NULLS LAST, branch LIMIT 101
WITH loans AS (SELECT b.branch_name AS branch, SUM(l.balance) AS x FROM (SELECT branch_id, balance FROM loan_snapshot WHERE ({east}) AND snapshot_date = CAST('2024-12-31' AS DATE)) AS l LEFT JOIN (SELECT branch_id, branch_name FROM branch WHERE {east_branch}) AS b ON l.branch_id = b.branch_id GROUP BY b.branch_name) SELECT branch, x FROM loans LIMIT 5
SELECT l.balance FROM (SELECT balance FROM loan_snapshot WHERE snapshot_date BETWEEN DATE '2024-01-01' AND DATE '2024-12-31' AND {east}) AS l LIMIT 5
SELECT l.balance FROM (SELECT balance FROM loan_snapshot WHERE ((({east})))) AS l LIMIT 5
SELECT l.balance FROM (SELECT balance FROM loan_snapshot WHERE "branch_id" IN ((SELECT "branch_id" FROM "branch" WHERE "region_name" IN ('华东区')))) AS l LIMIT 5
-- cannot run: names in capitals are other names on PostgreSQL
SELECT l.balance FROM (SELECT balance FROM loan_snapshot WHERE BRANCH_ID IN (SELECT Branch_Id FROM Branch WHERE region_name IN ('华东区'))) AS l LIMIT 5
SELECT p.label, SUM(l.balance) AS x FROM (SELECT snapshot_date, balance FROM loan_snapshot WHERE {east}) AS l JOIN (VALUES ('2024-11', DATE '2024-11-01', DATE '2024-11-30'), ('2024-12', DATE '2024-12-01', DATE '2024-12-31')) AS p(label, first_day, last_day) ON l.snapshot_date BETWEEN p.first_day AND p.last_day GROUP BY p.label ORDER BY p.label LIMIT 5
WITH s AS (SELECT product_id FROM product) SELECT s.product_id FROM s LIMIT 5
WITH a AS (SELECT p.product_id AS k, 1 AS x FROM (SELECT product_id FROM product) AS p), b AS (SELECT p.product_id AS k, 2 AS y FROM (SELECT product_id FROM product) AS p), met AS (SELECT f.k, MAX(f.x) AS x, MAX(f.y) AS y FROM (SELECT k, x, NULL AS y FROM a UNION ALL SELECT k, NULL AS x, y FROM b) AS f GROUP BY f.k) SELECT k, CAST(x AS DOUBLE) / NULLIF(y, 0) AS ratio FROM met ORDER BY ratio DESC NULLS LAST, k LIMIT 5
SELECT SUM(l.balance) AS x FROM (SELECT balance, risk_class FROM loan_snapshot WHERE {east}) AS l WHERE l.risk_class IN ('次级', '可疑', '损失') LIMIT 1
SELECT SUM(CASE WHEN l.risk_class IN ('次级', '可疑', '损失') THEN l.balance ELSE 0 END) / NULLIF(SUM(l.balance), 0) AS npl FROM (SELECT balance, risk_class FROM loan_snapshot WHERE {east}) AS l LIMIT 1
SELECT COUNT(DISTINCT l.loan_id) AS n, COUNT(*) AS rows_read FROM (SELECT loan_id FROM loan_snapshot WHERE {east}) AS l HAVING COUNT(*) > 0 LIMIT 1
SELECT l.branch_id, SUM(l.balance) AS x, RANK() OVER (ORDER BY SUM(l.balance) DESC) AS place FROM (SELECT branch_id, balance FROM loan_snapshot WHERE {east}) AS l GROUP BY l.branch_id LIMIT 5
-- cannot run: PostgreSQL has no QUALIFY
SELECT l.branch_id, l.balance FROM (SELECT branch_id, balance FROM loan_snapshot WHERE {east}) AS l QUALIFY ROW_NUMBER() OVER (PARTITION BY l.branch_id ORDER BY l.balance DESC NULLS LAST) <= 3 LIMIT 5
SELECT l.balance / SUM(l.balance) OVER (PARTITION BY l.branch_id) AS share FROM (SELECT branch_id, balance FROM loan_snapshot WHERE {east}) AS l LIMIT 5
SELECT SUM(l.balance) OVER (ORDER BY l.loan_id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running FROM (SELECT loan_id, balance FROM loan_snapshot WHERE {east}) AS l LIMIT 5
WITH days AS (SELECT l.snapshot_date AS day, LEAD(l.snapshot_date) OVER (ORDER BY l.snapshot_date) AS until FROM (SELECT snapshot_date FROM loan_snapshot WHERE {east}) AS l) SELECT day, COALESCE(until, DATE '9999-12-31') AS until FROM days LIMIT 5
SELECT SUM(l.balance) FILTER (WHERE l.overdue_days > 90) AS x FROM (SELECT balance, overdue_days FROM loan_snapshot WHERE {east}) AS l LIMIT 1
SELECT p.product_name FROM (SELECT product_name, product_id FROM product) AS p WHERE EXISTS(SELECT 1 FROM (SELECT product_id FROM loan_snapshot WHERE {east}) AS l WHERE l.product_id = p.product_id) LIMIT 5
SELECT p.product_name FROM (SELECT product_name, product_id FROM product) AS p WHERE p.product_id IN (SELECT l.product_id FROM (SELECT product_id FROM loan_snapshot WHERE {east}) AS l) LIMIT 5
SELECT p.product_id FROM (SELECT product_id FROM product) AS p UNION ALL SELECT c.customer_id FROM (SELECT customer_id FROM customer) AS c ORDER BY product_id LIMIT 5
SELECT a.product_id FROM (SELECT product_id FROM product) AS a INTERSECT SELECT b.product_id FROM (SELECT product_id FROM product) AS b LIMIT 5
SELECT CAST(NULL AS TEXT) AS branch, CAST(NULL AS DOUBLE) AS nothing WHERE FALSE LIMIT 101
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT 101
SELECT branch.branch_name FROM (SELECT branch_name FROM branch WHERE {east_branch}) AS branch LIMIT 5
SELECT a.k FROM (SELECT product_id AS k FROM product) AS a LEFT JOIN (SELECT product_id AS k FROM product) AS b ON a.k IS NOT DISTINCT FROM b.k LIMIT 5
WITH a AS (SELECT l.branch_id AS k, SUM(l.balance) AS x FROM (SELECT branch_id, product_id, loan_id, snapshot_date, balance, risk_class FROM loan_snapshot WHERE {east}) AS l GROUP BY l.branch_id), b AS (SELECT p.product_id AS k, COUNT(*) AS y FROM (SELECT product_id, product_name, product_line FROM product) AS p GROUP BY p.product_id) SELECT a.k AS k, a.x AS x, b.y AS y FROM a LEFT JOIN b ON a.k IS NOT DISTINCT FROM b.k ORDER BY a.k NULLS LAST LIMIT 5
WITH a AS (SELECT l.branch_id AS k, SUM(l.balance) AS x FROM (SELECT branch_id, product_id, loan_id, snapshot_date, balance, risk_class FROM loan_snapshot WHERE {east}) AS l GROUP BY l.branch_id), whole AS (SELECT SUM(x) AS total FROM a) SELECT a.k AS k, CAST(a.x AS DOUBLE) / NULLIF(whole.total, 0) AS part FROM a CROSS JOIN whole ORDER BY part DESC NULLS LAST, k LIMIT 5
WITH one AS (SELECT MAX(l.balance) AS top FROM (SELECT branch_id, product_id, loan_id, snapshot_date, balance, risk_class FROM loan_snapshot WHERE {east}) AS l), two AS (SELECT MIN(l.balance) AS low FROM (SELECT branch_id, product_id, loan_id, snapshot_date, balance, risk_class FROM loan_snapshot WHERE {east}) AS l) SELECT one.top - two.low AS spread FROM one CROSS JOIN two LIMIT 1
WITH a AS (SELECT l.product_id AS k, SUM(l.balance) AS x FROM (SELECT branch_id, product_id, loan_id, snapshot_date, balance, risk_class FROM loan_snapshot WHERE {east}) AS l GROUP BY l.product_id) SELECT k, x FROM a WHERE k IN (SELECT k FROM a WHERE x > 60) ORDER BY k NULLS LAST LIMIT 5
WITH a AS (SELECT l.product_id AS k, SUM(l.balance) AS x FROM (SELECT branch_id, product_id, loan_id, snapshot_date, balance, risk_class FROM loan_snapshot WHERE {east}) AS l GROUP BY l.product_id) SELECT k, x FROM a WHERE x >= (SELECT MAX(x) FROM a) ORDER BY k LIMIT 5
WITH a AS (SELECT l.product_id AS k, SUM(l.balance) AS x FROM (SELECT branch_id, product_id, loan_id, snapshot_date, balance, risk_class FROM loan_snapshot WHERE {east}) AS l GROUP BY l.product_id) SELECT k, x, SUM(x) OVER (ORDER BY k ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS moving FROM a ORDER BY k LIMIT 5
WITH a AS (SELECT l.product_id AS k, SUM(l.balance) AS x FROM (SELECT branch_id, product_id, loan_id, snapshot_date, balance, risk_class FROM loan_snapshot WHERE {east}) AS l GROUP BY l.product_id) SELECT k, x, LAG(x, 1) OVER (ORDER BY k) AS before, LEAD(x) OVER (ORDER BY k) AS after FROM a ORDER BY k LIMIT 5
WITH a AS (SELECT l.product_id AS k, SUM(l.balance) AS x FROM (SELECT branch_id, product_id, loan_id, snapshot_date, balance, risk_class FROM loan_snapshot WHERE {east}) AS l GROUP BY l.product_id), ranked AS (SELECT k, x, ROW_NUMBER() OVER (ORDER BY x DESC NULLS LAST, k) AS place FROM a) SELECT k, x FROM ranked WHERE place <= 1 ORDER BY place LIMIT 5
WITH a AS (SELECT l.product_id AS k, SUM(l.balance) AS x FROM (SELECT branch_id, product_id, loan_id, snapshot_date, balance, risk_class FROM loan_snapshot WHERE {east}) AS l GROUP BY l.product_id) SELECT k, NTILE(2) OVER (ORDER BY x DESC, k) AS half, DENSE_RANK() OVER (ORDER BY x DESC) AS place FROM a ORDER BY k LIMIT 5
WITH a AS (SELECT l.product_id AS k FROM (SELECT branch_id, product_id, loan_id, snapshot_date, balance, risk_class FROM loan_snapshot WHERE {east}) AS l), b AS (SELECT p.product_id AS k FROM (SELECT product_id, product_name, product_line FROM product) AS p), c AS (SELECT k FROM a UNION SELECT k FROM b) SELECT DISTINCT k FROM c ORDER BY k LIMIT 5
WITH a AS (SELECT l.product_id AS k FROM (SELECT branch_id, product_id, loan_id, snapshot_date, balance, risk_class FROM loan_snapshot WHERE {east}) AS l), b AS (SELECT p.product_id AS k FROM (SELECT product_id, product_name, product_line FROM product) AS p) SELECT k FROM b EXCEPT SELECT k FROM a ORDER BY k LIMIT 5
WITH a AS (SELECT p.product_id AS k FROM (SELECT product_id, product_name, product_line FROM product) AS p) SELECT k FROM a ORDER BY k LIMIT 1 OFFSET 1
WITH a AS (SELECT p.product_id AS k FROM (SELECT product_id, product_name, product_line FROM product) AS p ORDER BY p.product_id DESC LIMIT 1) SELECT k FROM a LIMIT 5
WITH a AS (SELECT p.product_id AS k FROM (SELECT product_id, product_name, product_line FROM product) AS p) (SELECT k FROM a ORDER BY k LIMIT 1) UNION ALL (SELECT k FROM a ORDER BY k DESC LIMIT 1) ORDER BY k LIMIT 5
SELECT l.loan_id, l.balance, p.product_name FROM (SELECT branch_id, product_id, loan_id, snapshot_date, balance, risk_class FROM loan_snapshot WHERE {east}) AS l LEFT JOIN (SELECT product_id, product_name, product_line FROM product) AS p ON l.product_id = p.product_id WHERE p.product_line = '贷款' ORDER BY l.balance DESC NULLS LAST, l.loan_id LIMIT 20
SELECT c.customer_id FROM (SELECT customer_id FROM customer) AS c WHERE c.customer_id IN (SELECT s.customer_id FROM (SELECT customer_id FROM loan_snapshot WHERE ({east}) AND risk_class = '次级') AS s) ORDER BY c.customer_id LIMIT 5
SELECT c.customer_id FROM (SELECT customer_id FROM customer) AS c WHERE NOT c.customer_id IN (SELECT s.customer_id FROM (SELECT customer_id FROM loan_snapshot WHERE {east}) AS s WHERE NOT s.customer_id IS NULL) LIMIT 5
SELECT CASE WHEN p.product_name IN ('个人住房贷款') THEN '个人' ELSE '其他' END AS area, COUNT(*) AS n FROM (SELECT product_id, product_name, product_line FROM product) AS p GROUP BY CASE WHEN p.product_name IN ('个人住房贷款') THEN '个人' ELSE '其他' END ORDER BY area LIMIT 5
SELECT MEDIAN(l.balance) AS middle, COUNT(DISTINCT CASE WHEN l.balance > 60 THEN l.loan_id END) AS n FROM (SELECT branch_id, product_id, loan_id, snapshot_date, balance, risk_class FROM loan_snapshot WHERE {east}) AS l LIMIT 1
SELECT v.label, v.amount FROM (VALUES ('2024-12', 1), ('2024-11', NULL)) AS v(label, amount) ORDER BY v.label LIMIT 5
SELECT GREATEST(l.balance, 60) AS a, LEAST(l.balance, 60) AS b, COALESCE(NULLIF(l.balance, 50), 0) AS c FROM (SELECT branch_id, product_id, loan_id, snapshot_date, balance, risk_class FROM loan_snapshot WHERE {east}) AS l ORDER BY l.loan_id LIMIT 5
WITH calendar AS (SELECT l.snapshot_date AS day FROM (SELECT branch_id, product_id, loan_id, snapshot_date, balance, risk_class FROM loan_snapshot WHERE {east}) AS l) SELECT MAX(day) AS latest, COUNT(DISTINCT day) AS days FROM calendar LIMIT 1
SELECT w.balance FROM (SELECT balance FROM dw.loan) AS w LIMIT 5
SELECT FIRST_VALUE(p.product_name) OVER (PARTITION BY p.product_line ORDER BY p.product_id) AS first_one FROM (SELECT product_id, product_name, product_line FROM product) AS p LIMIT 5

-- category: words that frighten, inside text
SELECT 'DROP TABLE product' AS x LIMIT 1
SELECT '; DELETE FROM loan_snapshot; --' AS x LIMIT 1
SELECT p.product_id FROM (SELECT product_id FROM product WHERE product_name = 'x'' OR ''1''=''1') AS p LIMIT 5
SELECT p.product_id FROM (SELECT product_id FROM product WHERE product_name LIKE '%read_csv(''/etc/passwd'')%') AS p LIMIT 5
SELECT '/* not a comment */' AS x, '-- nor this' AS y LIMIT 1
SELECT 'a\' AS x, 'b' AS y LIMIT 1
SELECT '$$' AS x, '{"a": [1]}' AS y LIMIT 1
SELECT '删除所有贷款记录' AS x LIMIT 1
SELECT '<script>alert(1)</script>' AS x LIMIT 1
SELECT '1'' OR ''1''=''1' AS x LIMIT 1
SELECT p.product_id FROM (SELECT product_id, product_name, product_line FROM product) AS p WHERE p.product_name = '1 OR 1=1' LIMIT 5
SELECT p.product_id FROM (SELECT product_id, product_name, product_line FROM product) AS p WHERE p.product_name <> 'UNION SELECT id_no FROM customer' ORDER BY p.product_id LIMIT 5
SELECT 'pg_sleep(10); COPY product TO ''x''' AS x LIMIT 1
SELECT 'O''Brien & Söhne' AS x, '100%' AS y, '50 % off_' AS z LIMIT 1
SELECT '$1 ? :name @x #tmp' AS x LIMIT 1
SELECT 'line one' AS x /* SELECT, FROM and DROP in words */ LIMIT 1
SELECT '‘引号’“双引号”；分号' AS x LIMIT 1
SELECT 'NULL' AS x, 'TRUE' AS y, '' AS z LIMIT 1
SELECT p.product_id FROM (SELECT product_id, product_name, product_line FROM product) AS p WHERE p.product_name LIKE '%;%' OR p.product_name LIKE '%--%' OR p.product_name = '个人住房贷款' LIMIT 5

-- category: names
SELECT p.product_id AS copy, p.product_name AS "delete", p.product_line AS "drop table" FROM (SELECT product_id, product_name, product_line FROM product) AS p LIMIT 5
SELECT p.product_id AS "贷款余额（元）", p.product_name AS "yoy(npl_ratio)" FROM (SELECT product_id, product_name FROM product) AS p LIMIT 5
SELECT p.product_id AS "a""b;c--d" FROM (SELECT product_id FROM product) AS p LIMIT 5
SELECT p.product_name AS "同比, %" FROM (SELECT product_name FROM product) AS p ORDER BY "同比, %" LIMIT 5
WITH updated AS (SELECT p.product_id AS inserted FROM (SELECT product_id FROM product) AS p) SELECT inserted FROM updated LIMIT 5
SELECT p.product_id AS user, p.product_name AS "select" FROM (SELECT product_id, product_name FROM product) AS p LIMIT 5
SELECT s."order" FROM (SELECT product_id AS "order" FROM product) AS s ORDER BY s."order" LIMIT 5
WITH read_csv AS (SELECT p.product_id AS x FROM (SELECT product_id, product_name, product_line FROM product) AS p) SELECT x FROM read_csv ORDER BY x LIMIT 5
WITH pg_sleep AS (SELECT p.product_id AS x FROM (SELECT product_id, product_name, product_line FROM product) AS p) SELECT pg_sleep.x FROM pg_sleep ORDER BY pg_sleep.x LIMIT 5
WITH customers AS (SELECT p.product_id AS x FROM (SELECT product_id, product_name, product_line FROM product) AS p), branches AS (SELECT x FROM customers) SELECT x FROM branches ORDER BY x LIMIT 5
SELECT p.product_id AS "from", p.product_name AS "table", p.product_line AS "grant" FROM (SELECT product_id, product_name, product_line FROM product) AS p ORDER BY "from" LIMIT 5
SELECT p.product_id AS insert_, p.product_name AS current_user_name, p.product_line AS information_schema FROM (SELECT product_id, product_name, product_line FROM product) AS p LIMIT 5
SELECT p.product_id AS "DROP TABLE product; --" FROM (SELECT product_id, product_name, product_line FROM product) AS p LIMIT 5
SELECT p.product_id AS "2024" FROM (SELECT product_id, product_name, product_line FROM product) AS p ORDER BY "2024" LIMIT 5
SELECT p.product_id AS "不良率%" FROM (SELECT product_id, product_name, product_line FROM product) AS p ORDER BY "不良率%" LIMIT 5
SELECT p.product_id AS date, p.product_name AS value, p.product_line AS month FROM (SELECT product_id, product_name, product_line FROM product) AS p ORDER BY date LIMIT 5
SELECT "limit"."offset" FROM (SELECT product_id AS "offset" FROM product) AS "limit" ORDER BY "limit"."offset" LIMIT 5

-- category: comments
SELECT p.product_id /* loan_balance v1 */ FROM (SELECT product_id FROM product) AS p LIMIT 5
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT 5 -- DROP TABLE product
/* 贷款余额 v1, 不良贷款率 v2 */ SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT 5;
SELECT SUM(l.balance) AS x /* npl_balance v2: 五级分类 */ FROM (SELECT branch_id, product_id, loan_id, snapshot_date, balance, risk_class FROM loan_snapshot WHERE {east}) AS l LIMIT 1 -- row limit
/* loans */ WITH loans AS (SELECT l.loan_id AS k /* key */ FROM (SELECT branch_id, product_id, loan_id, snapshot_date, balance, risk_class FROM loan_snapshot WHERE {east}) AS l) /* then */ SELECT k FROM loans ORDER BY k LIMIT 5

-- category: functions and types
SELECT ROUND(l.balance, 2) AS a, ABS(l.balance) AS b, FLOOR(l.balance) AS c, CEIL(l.balance) AS d, -l.balance AS e FROM (SELECT balance FROM loan_snapshot WHERE {east}) AS l LIMIT 5
-- cannot run: a month's first day is a date in one engine, a time in another
SELECT DATE_TRUNC('month', l.snapshot_date) AS m, EXTRACT(QUARTER FROM l.snapshot_date) AS q, YEAR(l.snapshot_date) AS y, STRFTIME(l.snapshot_date, '%Y-%m') AS s FROM (SELECT snapshot_date FROM loan_snapshot WHERE {east}) AS l LIMIT 5
SELECT CAST(YEAR(l.snapshot_date) AS VARCHAR) || '-Q' || LPAD(CAST(QUARTER(l.snapshot_date) AS VARCHAR), 2, '0') AS q, CONCAT('a', 'b') AS c FROM (SELECT snapshot_date FROM loan_snapshot WHERE {east}) AS l LIMIT 5
-- cannot run: DATE_DIFF and days are other functions elsewhere
SELECT l.snapshot_date + INTERVAL 1 MONTH AS n, l.snapshot_date - INTERVAL '3' MONTH AS b, LAST_DAY(l.snapshot_date) AS e, DATE_DIFF('day', DATE '2024-01-01', l.snapshot_date) AS d FROM (SELECT snapshot_date FROM loan_snapshot WHERE {east}) AS l LIMIT 5
-- cannot run: PostgreSQL has no TRY_CAST
SELECT LOWER(p.product_name) AS a, UPPER(p.product_name) AS b, TRIM(p.product_name) AS c, COALESCE(p.product_name, '未知') AS d, p.product_id::BIGINT AS e, TRY_CAST(p.product_name AS INTEGER) AS f FROM (SELECT product_id, product_name FROM product) AS p WHERE NOT p.product_name IS NULL AND p.product_name NOT LIKE 'x!%%' ESCAPE '!' AND p.product_id IS DISTINCT FROM 99 LIMIT 5
SELECT 1.5 * 2 + 3 - 4 % 3 AS x, 7 // 2 AS y, TRUE AND NOT FALSE AS z LIMIT 1
SELECT ((((((((((((p.product_id + 1)))))))))))) * 2 AS x FROM (SELECT product_id, product_name, product_line FROM product) AS p ORDER BY x LIMIT 5
SELECT CASE WHEN p.product_id = 1 THEN CASE WHEN p.product_name IS NULL THEN 'a' ELSE CASE WHEN p.product_line = '贷款' THEN 'b' ELSE 'c' END END ELSE 'd' END AS x FROM (SELECT product_id, product_name, product_line FROM product) AS p ORDER BY x LIMIT 5
SELECT l.loan_id FROM (SELECT branch_id, product_id, loan_id, snapshot_date, balance, risk_class FROM loan_snapshot WHERE {east}) AS l WHERE l.balance BETWEEN 40 AND 60 AND (l.risk_class = '正常' OR l.risk_class IN ('次级', '可疑')) AND NOT (l.loan_id = 9 OR l.loan_id IS NULL) LIMIT 5
SELECT l.loan_id FROM (SELECT branch_id, product_id, loan_id, snapshot_date, balance, risk_class FROM loan_snapshot WHERE {east}) AS l WHERE l.snapshot_date >= CAST('2024-12-01' AS DATE) AND l.snapshot_date < CAST('2025-01-01' AS DATE) ORDER BY l.loan_id LIMIT 5
SELECT LEFT(p.product_name, 2) AS a, RIGHT(p.product_name, 2) AS b, SUBSTRING(p.product_name, 1, 3) AS c, LENGTH(p.product_name) AS d FROM (SELECT product_id, product_name, product_line FROM product) AS p ORDER BY p.product_id LIMIT 5
SELECT 1e3 AS a, 0.5 AS b, 1_000 AS c, -1 AS d LIMIT 1
