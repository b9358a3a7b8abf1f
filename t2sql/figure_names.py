"""Names of figures that a reading makes out of others (how many rows, a sum, a change), and how a person reads them.

Semantic SQL needs a name after AS; nobody should have to read `count_of_branch` above a number.
"""

from __future__ import annotations

import re

from t2sql.catalog import Catalog, Display

COUNTED, LISTED, EACH, EARLIER, LATER = "counted", "listed", "each", "earlier", "later"
"""Parts of a composed reading: the rows that are counted, added up or averaged, and the two dates of a change."""
PART_TOGETHER = "part_together"
PERIOD_SHOWN = "period_shown"
"""The column of periods of different grains."""
MULTIPLE, GAP = "multiple", "gap"
"""One member's figure over another's, and less it."""
_NAMED = {
    PART_TOGETHER: Display("合计占比", "Share together"),
    PERIOD_SHOWN: Display("期间", "Period"),
    MULTIPLE: Display("倍数", "Multiple"),
    GAP: Display("相差", "Gap"),
}
_MADE = re.compile(r"(?P<kind>count_of|total|change_of|average|year_start)_(?P<name>\w+)")


def count_of(dimension: str) -> str:
    """How many members of a dimension there are."""
    return f"count_of_{re.sub(r'[^a-z0-9_]+', '_', dimension)}".rstrip("_")


def total_of(metric: str) -> str:
    """The sum of a metric over the rows listed."""
    return f"total_{metric}"


def change_of(metric: str) -> str:
    """A metric at one date less the same at another."""
    return f"change_of_{metric}"


def average_of(metric: str) -> str:
    """The mean of a metric over periods."""
    return f"average_{metric}"


def year_start_of(metric: str) -> str:
    """A metric as the year opened."""
    return f"year_start_{metric}"


def display_of(alias: str, catalog: Catalog) -> Display | None:
    """What to head such a figure with; None for a name that somebody wrote."""
    if alias in _NAMED:
        return _NAMED[alias]
    match = _MADE.fullmatch(alias)
    if match is None:
        return None
    known = (catalog.dimensions if match["kind"] == "count_of" else catalog.metrics).get(match["name"])
    if known is None:
        return None
    zh, en = known.display.zh, known.display.en
    return {
        "count_of": Display(f"{zh}个数", f"{en} count"),
        "total": Display(f"{zh}合计", f"{en}, total"),
        "change_of": Display(f"{zh}变化", f"Change of {en}"),
        "year_start": Display(f"年初{zh}", f"{en} at the start of the year"),
        "average": Display(f"平均{zh}", f"Average {en}"),
    }[match["kind"]]
