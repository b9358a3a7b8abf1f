-- Honest SQL that looks dangerous, or is of a form the compiler writes; one a line. Every line runs on the small bank of the test.

-- category: the forms the compiler writes
WITH loans AS (SELECT l.branch_id AS branch, SUM(l.balance) AS loan_balance FROM (SELECT branch_id, balance FROM loan_snapshot WHERE {east}) AS l GROUP BY l.branch_id) SELECT branch, loan_balance FROM loans ORDER BY loan_balance DESC NULLS LAST, branch LIMIT 101
WITH loans AS (SELECT b.branch_name AS branch, SUM(l.balance) AS x FROM (SELECT branch_id, balance FROM loan_snapshot WHERE ({east}) AND snapshot_date = CAST('2024-12-31' AS DATE)) AS l LEFT JOIN (SELECT branch_id, branch_name FROM branch WHERE {east_branch}) AS b ON l.branch_id = b.branch_id GROUP BY b.branch_name) SELECT branch, x FROM loans LIMIT 5
SELECT l.balance FROM (SELECT balance FROM loan_snapshot WHERE snapshot_date BETWEEN DATE '2024-01-01' AND DATE '2024-12-31' AND {east}) AS l LIMIT 5
SELECT l.balance FROM (SELECT balance FROM loan_snapshot WHERE ((({east})))) AS l LIMIT 5
SELECT l.balance FROM (SELECT balance FROM loan_snapshot WHERE "branch_id" IN ((SELECT "branch_id" FROM "branch" WHERE "region_name" IN ('华东区')))) AS l LIMIT 5
SELECT l.balance FROM (SELECT balance FROM loan_snapshot WHERE BRANCH_ID IN (SELECT Branch_Id FROM Branch WHERE region_name IN ('华东区'))) AS l LIMIT 5
SELECT p.label, SUM(l.balance) AS x FROM (SELECT snapshot_date, balance FROM loan_snapshot WHERE {east}) AS l JOIN (VALUES ('2024-11', DATE '2024-11-01', DATE '2024-11-30'), ('2024-12', DATE '2024-12-01', DATE '2024-12-31')) AS p(label, first_day, last_day) ON l.snapshot_date BETWEEN p.first_day AND p.last_day GROUP BY p.label ORDER BY p.label LIMIT 5
WITH s AS (SELECT product_id FROM product) SELECT s.product_id FROM s LIMIT 5
WITH a AS (SELECT p.product_id AS k, 1 AS x FROM (SELECT product_id FROM product) AS p), b AS (SELECT p.product_id AS k, 2 AS y FROM (SELECT product_id FROM product) AS p), met AS (SELECT f.k, MAX(f.x) AS x, MAX(f.y) AS y FROM (SELECT k, x, NULL AS y FROM a UNION ALL SELECT k, NULL AS x, y FROM b) AS f GROUP BY f.k) SELECT k, CAST(x AS DOUBLE) / NULLIF(y, 0) AS ratio FROM met ORDER BY ratio DESC NULLS LAST, k LIMIT 5
SELECT SUM(l.balance) AS x FROM (SELECT balance, risk_class FROM loan_snapshot WHERE {east}) AS l WHERE l.risk_class IN ('次级', '可疑', '损失') LIMIT 1
SELECT SUM(CASE WHEN l.risk_class IN ('次级', '可疑', '损失') THEN l.balance ELSE 0 END) / NULLIF(SUM(l.balance), 0) AS npl FROM (SELECT balance, risk_class FROM loan_snapshot WHERE {east}) AS l LIMIT 1
SELECT COUNT(DISTINCT l.loan_id) AS n, COUNT(*) AS rows_read FROM (SELECT loan_id FROM loan_snapshot WHERE {east}) AS l HAVING COUNT(*) > 0 LIMIT 1
SELECT l.branch_id, SUM(l.balance) AS x, RANK() OVER (ORDER BY SUM(l.balance) DESC) AS place FROM (SELECT branch_id, balance FROM loan_snapshot WHERE {east}) AS l GROUP BY l.branch_id LIMIT 5
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

-- category: names
SELECT p.product_id AS copy, p.product_name AS "delete", p.product_line AS "drop table" FROM (SELECT product_id, product_name, product_line FROM product) AS p LIMIT 5
SELECT p.product_id AS "贷款余额（元）", p.product_name AS "yoy(npl_ratio)" FROM (SELECT product_id, product_name FROM product) AS p LIMIT 5
SELECT p.product_id AS "a""b;c--d" FROM (SELECT product_id FROM product) AS p LIMIT 5
SELECT p.product_name AS "同比, %" FROM (SELECT product_name FROM product) AS p ORDER BY "同比, %" LIMIT 5
WITH updated AS (SELECT p.product_id AS inserted FROM (SELECT product_id FROM product) AS p) SELECT inserted FROM updated LIMIT 5
SELECT p.product_id AS user, p.product_name AS "select" FROM (SELECT product_id, product_name FROM product) AS p LIMIT 5
SELECT s."order" FROM (SELECT product_id AS "order" FROM product) AS s ORDER BY s."order" LIMIT 5

-- category: comments
SELECT p.product_id /* loan_balance v1 */ FROM (SELECT product_id FROM product) AS p LIMIT 5
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT 5 -- DROP TABLE product
/* 贷款余额 v1, 不良贷款率 v2 */ SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT 5;

-- category: functions and types
SELECT ROUND(l.balance, 2) AS a, ABS(l.balance) AS b, FLOOR(l.balance) AS c, CEIL(l.balance) AS d, -l.balance AS e FROM (SELECT balance FROM loan_snapshot WHERE {east}) AS l LIMIT 5
SELECT DATE_TRUNC('month', l.snapshot_date) AS m, EXTRACT(QUARTER FROM l.snapshot_date) AS q, YEAR(l.snapshot_date) AS y, STRFTIME(l.snapshot_date, '%Y-%m') AS s FROM (SELECT snapshot_date FROM loan_snapshot WHERE {east}) AS l LIMIT 5
SELECT CAST(YEAR(l.snapshot_date) AS VARCHAR) || '-Q' || LPAD(CAST(QUARTER(l.snapshot_date) AS VARCHAR), 2, '0') AS q, CONCAT('a', 'b') AS c FROM (SELECT snapshot_date FROM loan_snapshot WHERE {east}) AS l LIMIT 5
SELECT l.snapshot_date + INTERVAL 1 MONTH AS n, l.snapshot_date - INTERVAL '3' MONTH AS b, LAST_DAY(l.snapshot_date) AS e, DATE_DIFF('day', DATE '2024-01-01', l.snapshot_date) AS d FROM (SELECT snapshot_date FROM loan_snapshot WHERE {east}) AS l LIMIT 5
SELECT LOWER(p.product_name) AS a, UPPER(p.product_name) AS b, TRIM(p.product_name) AS c, COALESCE(p.product_name, '未知') AS d, p.product_id::BIGINT AS e, TRY_CAST(p.product_name AS INTEGER) AS f FROM (SELECT product_id, product_name FROM product) AS p WHERE NOT p.product_name IS NULL AND p.product_name NOT LIKE 'x!%%' ESCAPE '!' AND p.product_id IS DISTINCT FROM 99 LIMIT 5
SELECT 1.5 * 2 + 3 - 4 % 3 AS x, 7 // 2 AS y, TRUE AND NOT FALSE AS z LIMIT 1
