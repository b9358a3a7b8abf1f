"""What a reading shows, read off its semantic SQL as it stands: how many figures, by how many groups."""

from __future__ import annotations

import re
from dataclasses import dataclass

from t2sql.catalog import GRAINS, Catalog

CHANGES = re.compile(r"\b(?:yoy|mom|qoq|prev|prior_year|vs_year_start)(?:_diff)?\(")
"""A comparison with an earlier period."""
_FROM = re.compile(r" FROM ")
_MADE = re.compile(r" [-+/] |\b(?:share|rank)\(|" + CHANGES.pattern)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reading shows."""

    sql: str
    columns: str
    """Between SELECT and FROM, of the outermost SELECT."""
    figures: int
    """Metrics, changes and sums among the columns."""
    groups: int
    """Dimensions and grains among them."""

    @property
    def is_course(self) -> bool:
        """Whether rows are periods."""
        return any(re.search(rf"\b{grain}\b", self.columns) for grain in GRAINS) or "each_month" in self.sql

    @property
    def is_one_figure(self) -> bool:
        """Whether one number is all that is shown, and nothing in it is set against anything."""
        is_made = _MADE.search(self.columns) or "UNION" in self.sql or self.sql.startswith("WITH")
        return self.groups == 0 and self.figures < 2 and not is_made


def shown_by(sql: str, catalog: Catalog) -> Shown:
    """What semantic SQL shows."""
    outer = sql.rsplit(") SELECT ", 1)[-1] if sql.startswith("WITH") else sql.removeprefix("SELECT ")
    columns = _FROM.split(outer, maxsplit=1)[0]
    names = re.findall(r"[a-z_]\w*", columns)
    groups = sum(name in catalog.dimensions or name in GRAINS for name in names if "share(" not in columns)
    groups += sum(name in catalog.dimensions for name in _FROM.split(columns)[0].split(", ") if "share(" in columns)
    figures = sum(name in catalog.metrics for name in names) + ("COUNT(" in sql) + ("SUM(" in sql)
    return Shown(sql, columns, figures, groups)
