"""The case files of certify, refused.sql and accepted.sql, and the small bank that their lines are run on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from t2sql.policy import Grant

FOLDER = Path(__file__).parent / "compiler"
ROW_LIMIT = 100
EAST = "branch_id IN (SELECT branch_id FROM branch WHERE region_name IN ('华东区'))"
EAST_BRANCH = "region_name IN ('华东区')"
LOAN_COLUMNS = "snapshot_date loan_id branch_id product_id customer_id balance risk_class overdue_days"
GRANTS = {
    "loan_snapshot": Grant(frozenset(LOAN_COLUMNS.split()), frozenset({EAST})),
    "branch": Grant(frozenset({"branch_id", "branch_name"}), frozenset({EAST_BRANCH})),
    "product": Grant(frozenset({"product_id", "product_name", "product_line"}), frozenset()),
    "customer": Grant(frozenset({"customer_id", "customer_name", "segment"}), frozenset()),
    "dw.loan": Grant(frozenset({"balance"}), frozenset()),
}
TABLES = """
CREATE TABLE branch (branch_id INTEGER, branch_name VARCHAR(40), region_name VARCHAR(40));
CREATE TABLE product (product_id INTEGER, product_name VARCHAR(40), product_line VARCHAR(40));
CREATE TABLE customer (customer_id BIGINT, customer_name VARCHAR(40), segment VARCHAR(40), id_no VARCHAR(40),
    phone VARCHAR(40));
CREATE TABLE loan_snapshot (snapshot_date DATE, loan_id BIGINT, branch_id INTEGER, product_id INTEGER,
    customer_id BIGINT, balance DECIMAL(18, 2), risk_class VARCHAR(40), overdue_days INTEGER);
CREATE TABLE deposit_snapshot (customer_id BIGINT, balance DECIMAL(18, 2));
INSERT INTO branch VALUES (1, '上海分行', '华东区'), (2, '广州分行', '华南区'), (3, '总行本部', NULL);
INSERT INTO product VALUES (1, '个人住房贷款', '贷款'), (2, '流动资金贷款', '贷款');
INSERT INTO customer VALUES (1, '甲', '私行', '310000190001010001', '13800000000'),
    (2, '乙', NULL, '440000190001010002', '13900000000');
INSERT INTO loan_snapshot VALUES
    (DATE '2024-12-31', 1, 1, 1, 1, 100.00, '正常', 0), (DATE '2024-12-31', 2, 1, 2, 2, 50.00, '次级', 120),
    (DATE '2024-12-31', 3, 2, 1, 2, 900.00, '损失', 400), (DATE '2024-12-31', 4, 3, 1, 2, 7.00, '正常', NULL);
INSERT INTO deposit_snapshot VALUES (1, 10.00);
"""
# A table whose own name holds a dot, beside one of that name in a schema.
DOTTED = """
CREATE SCHEMA dw;
CREATE TABLE dw.loan (balance DECIMAL(18, 2));
CREATE TABLE "dw.loan" (balance DECIMAL(18, 2));
"""
# Where capitals in quotes are names of their own.
CAPITALS = """
ALTER TABLE loan_snapshot ADD COLUMN "BRANCH_ID" INTEGER DEFAULT 1;
ALTER TABLE branch ADD COLUMN "BRANCH_ID" INTEGER DEFAULT 2;
ALTER TABLE customer ADD COLUMN "Customer_Name" VARCHAR(40);
CREATE TABLE "Product" (product_id INTEGER);
CREATE TABLE "Branch" (branch_id INTEGER, region_name VARCHAR(40));
CREATE SEQUENCE numbers;
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a case file."""

    engine: str
    category: str
    cannot_run: str
    """Why an attack cannot run on its engine, or an honest line on the other two; "" where it runs."""
    sql: str

    def __str__(self) -> str:
        return f"{self.engine}: {self.sql[:70]}"


def lines_of(name: str) -> list[Line]:
    """The cases of a file, with {east} and {east_branch} filled in; {folder} is the run's to fill in."""
    engine = category = reason = ""
    found = []
    for text in (FOLDER / name).read_text(encoding="utf-8").split("\n"):
        if text.startswith("-- engine: "):
            engine = text.removeprefix("-- engine: ")
        elif text.startswith("-- category: "):
            category = text.removeprefix("-- category: ")
        elif text.startswith("-- cannot run: "):
            reason = text.removeprefix("-- cannot run: ")
        elif text and not text.startswith("-- "):
            sql = text.replace("{east}", EAST).replace("{east_branch}", EAST_BRANCH)
            found.append(Line(engine, category, reason, sql))
            reason = ""
    return found


REFUSED = lines_of("refused.sql")
ACCEPTED = lines_of("accepted.sql")
