"""One figure made of a list: how many branches, the first five added up. The list inside is what a follow-up edits.

Reads only what the readings write so; any other WITH has no slots.
"""

from __future__ import annotations

import re

from t2sql.conversation.slots import Slots
from t2sql.reading.combined import add_up
from t2sql.reading.counting import count_rows

_COUNTED = re.compile(
    r"WITH counted AS \((?P<list>SELECT .+)\) SELECT count\(\*\) AS count_of_(?P<name>\w+) FROM counted", re.I
)
_SUMMED = re.compile(
    r"WITH listed AS \((?P<list>SELECT .+)\) SELECT sum\((?P<name>\w+)\) AS total_\w+ FROM listed", re.I
)


def list_inside(semantic_sql: str) -> tuple[str, str]:
    """The semantic SQL of the list, and "counted" or "summed"; as it is and "" where it is no such figure."""
    if found := _COUNTED.fullmatch(semantic_sql.strip()):
        return found["list"], "counted"
    if found := _SUMMED.fullmatch(semantic_sql.strip()):
        return found["list"], "summed"
    return semantic_sql, ""


def put_around(figure: str, semantic_sql: str, before: Slots, after: Slots) -> str:
    """The same figure of an edited list; "" where the list no longer has the rows that the figure is made of."""
    if after.groups != before.groups or after.grain != before.grain or len(after.groups) != 1:
        return ""
    if figure == "counted":
        return count_rows(semantic_sql, after.groups[0]) if after.thresholds or after.others else ""
    if len(after.measures) != 1 or after.measures[0].functions or after.limit is None:
        return ""
    return add_up(semantic_sql, after.measures[0].metric)
