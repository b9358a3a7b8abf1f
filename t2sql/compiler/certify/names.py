"""Names and text of finished SQL: which need quotes, when two are one, and which characters are never let through.

Also the one error that every rule of certify raises. Nothing here may know a node, a grant or an engine.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from t2sql.errors import CertifyError

DEFECT = "Report this SQL with the question that led to it: the compiler should not have written it."

PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}", re.ASCII)
_UNQUOTED = re.compile(r"[a-z_][a-z0-9_]*", re.ASCII)

# Words that an engine or sqlglot reads as syntax, or as a function without parentheses; as names they are always put
# in quotes, whatever the engine.
KEYWORDS = frozenset(
    """
    all analyse analyze and anti any array as asc asof asymmetric at authorization between bigint binary bit
    boolean both by case cast char character check coalesce collate collation column columns concurrently
    constraint create cross dec decimal default deferrable desc describe distinct do else end except exists
    extract false fetch float for foreign freeze from full generated glob group grouping grouping_id having
    ilike in initially inner inout int integer intersect interval into is isnull join lambda lateral leading
    left like limit map national natural nchar none not notnull null nullif numeric offset on only or order out
    outer overlaps overlay pivot pivot_longer pivot_wider placing position positional precision primary qualify
    real references returning right row select semi setof show similar smallint some struct substring summarize
    symmetric table tablesample then time timestamp to trailing treat trim true try_cast tuple union unique
    unpack unpivot using values varchar variadic verbose when where window with xmlattributes xmlconcat
    xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable user current_user
    session_user current_role current_catalog current_schema current_database current_date current_time
    current_timestamp localtime localtimestamp alter drop force grant insert install minus partitioned_by regexp
    revoke rlike rollback serdeproperties setminus system_user uncache xor
    """.split()
)


def check_text(text: str, what: str) -> None:
    """Raise CertifyError for characters that hide or reorder text: controls, zero-width, direction marks."""
    if text.isascii() and text.isprintable():
        return
    for character in text:
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
            raise refuse(f"A {what} holds the invisible character U+{ord(character):04X}.")


@lru_cache(maxsize=4_096)
def needs_quotes(name: str) -> bool:
    """Whether `name` must stand in quotes so that DuckDB and sqlglot cannot read it differently."""
    return not _UNQUOTED.fullmatch(name) or name in KEYWORDS


def fold(name: str) -> str:
    """`name` as DuckDB compares it: lower case for ASCII letters only, so that look-alikes stay different."""
    return name.lower() if name.isascii() else "".join(c.lower() if c.isascii() else c for c in name)


def refuse(message: str) -> CertifyError:
    """The error for SQL that breaks a rule."""
    return CertifyError(message, DEFECT)
