"""The seeded demo bank: one DuckDB file with the tables, habits and blemishes of a bank's warehouse.

It holds no real person or bank. It must come out the same for the same seed on every machine.
"""

from __future__ import annotations

from t2sql.demo.bank import build_bank
from t2sql.demo.fingerprints import fingerprints

__all__ = ["build_bank", "fingerprints"]
