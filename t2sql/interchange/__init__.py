"""Definitions that travel: strict Ossie 0.1.1 out, and back in without loss.

Text in, text out: it writes no file, opens no database and grants nobody a right.
"""

from __future__ import annotations

from t2sql.interchange.export import export_model
from t2sql.interchange.importing import Imported, import_model

__all__ = ["Imported", "export_model", "import_model"]
