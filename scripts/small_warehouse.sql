-- A small warehouse of orders in the manner of TPC-H, with comments and keys as a real one has them: made, not measured.
CREATE TABLE region (r_regionkey integer PRIMARY KEY, r_name varchar(25) NOT NULL);
CREATE TABLE nation (
    n_nationkey integer PRIMARY KEY,
    n_name varchar(25) NOT NULL,
    n_regionkey integer NOT NULL REFERENCES region
);
CREATE TABLE customer (
    c_custkey integer PRIMARY KEY,
    c_name varchar(25) NOT NULL,
    c_nationkey integer NOT NULL REFERENCES nation,
    c_phone varchar(15) NOT NULL,
    c_acctbal numeric(15, 2) NOT NULL,
    c_mktsegment varchar(10) NOT NULL
);
CREATE TABLE supplier (
    s_suppkey integer PRIMARY KEY,
    s_name varchar(25) NOT NULL,
    s_nationkey integer NOT NULL REFERENCES nation,
    s_acctbal numeric(15, 2) NOT NULL
);
CREATE TABLE part (
    p_partkey integer PRIMARY KEY,
    p_name varchar(55) NOT NULL,
    p_brand varchar(10) NOT NULL,
    p_type varchar(25) NOT NULL,
    p_retailprice numeric(15, 2) NOT NULL
);
CREATE TABLE orders (
    o_orderkey integer PRIMARY KEY,
    o_custkey integer NOT NULL,
    o_orderstatus char(1) NOT NULL,
    o_totalprice numeric(15, 2) NOT NULL,
    o_orderdate date NOT NULL,
    o_orderpriority varchar(15) NOT NULL
);
CREATE TABLE lineitem (
    l_orderkey integer NOT NULL,
    l_linenumber integer NOT NULL,
    l_partkey integer NOT NULL,
    l_suppkey integer NOT NULL,
    l_quantity numeric(15, 2) NOT NULL,
    l_extendedprice numeric(15, 2) NOT NULL,
    l_discount numeric(15, 2) NOT NULL,
    l_returnflag char(1) NOT NULL,
    l_shipdate date NOT NULL,
    PRIMARY KEY (l_orderkey, l_linenumber)
);

COMMENT ON TABLE orders IS '订单';
COMMENT ON TABLE customer IS '客户';
COMMENT ON TABLE lineitem IS '订单明细';
COMMENT ON COLUMN orders.o_orderstatus IS '订单状态：F-已完成 O-未完成 P-部分完成';
COMMENT ON COLUMN orders.o_totalprice IS '订单金额(元)';
COMMENT ON COLUMN orders.o_orderpriority IS '订单优先级';
COMMENT ON COLUMN orders.o_orderdate IS '下单日期';
COMMENT ON COLUMN customer.c_mktsegment IS '客户行业';
COMMENT ON COLUMN lineitem.l_returnflag IS '退货标志：R-已退货 A-已验收 N-未到期';

INSERT INTO region
SELECT i, (ARRAY['AFRICA', 'AMERICA', 'ASIA', 'EUROPE', 'MIDDLE EAST'])[i + 1] FROM generate_series(0, 4) AS i;
INSERT INTO nation
SELECT i, (ARRAY['ALGERIA', 'BRAZIL', 'CHINA', 'FRANCE', 'EGYPT', 'KENYA', 'CANADA', 'JAPAN', 'GERMANY', 'IRAN'])[i + 1], i % 5
FROM generate_series(0, 9) AS i;
INSERT INTO customer
SELECT i, 'Customer#' || lpad(i::text, 9, '0'), i % 10, '1' || (i % 10) || '-555-' || lpad((i * 7 % 10000)::text, 4, '0'),
    (i * 37 % 10000) - 999.5, (ARRAY['AUTOMOBILE', 'BUILDING', 'FURNITURE', 'MACHINERY', 'HOUSEHOLD'])[i % 5 + 1]
FROM generate_series(1, 600) AS i;
INSERT INTO supplier
SELECT i, 'Supplier#' || lpad(i::text, 9, '0'), i % 10, (i * 53 % 9000) + 0.25 FROM generate_series(1, 40) AS i;
INSERT INTO part
SELECT i, (ARRAY['almond', 'azure', 'cornflower', 'peach', 'rose'])[i % 5 + 1] || ' part ' || i, 'Brand#' || (i % 25 + 11),
    (ARRAY['STANDARD BRASS', 'SMALL STEEL', 'LARGE COPPER', 'ECONOMY TIN'])[i % 4 + 1], 900 + i * 1.1
FROM generate_series(1, 800) AS i;
INSERT INTO orders
SELECT i, i % 599 + 1, (ARRAY['F', 'O', 'P'])[i % 3 + 1], 1000 + (i * 91 % 90000) + 0.5, DATE '2024-01-01' + i % 700,
    (ARRAY['1-URGENT', '2-HIGH', '3-MEDIUM', '4-NOT SPECIFIED', '5-LOW'])[i % 5 + 1]
FROM generate_series(1, 6000) AS i;
INSERT INTO lineitem
SELECT o, n, (o * 13 + n * 7) % 800 + 1, (o + n) % 40 + 1, (o + n) % 50 + 1, ((o * 31 + n * 17) % 90000) + 100.75,
    (o % 11) / 100.0, (ARRAY['R', 'A', 'N'])[(o + n) % 3 + 1], DATE '2024-01-05' + o % 720
FROM generate_series(1, 6000) AS o, generate_series(1, 3) AS n;
ANALYZE;
