"""Tables that hang labels on things, several on one and one on several: the categories of a shop, the tags of a page.

Such a table points at one other and says one word of it. Rows about the things are many to many with the labels, and
a guess must not be generous: who groups by a label that is none counts rows twice.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from t2sql.onboarding.introspect import FoundTable
from t2sql.onboarding.proofs import Proofs
from t2sql.onboarding.survey import Guess, Reason, SurveyedColumn

REPEATED = 0.8
"""Labels come again: at most so many different ones for each row. What is hung on one thing alone is its own name."""
LABELS = Guess(
    "labels",
    0.65,
    Reason(
        "每行给另一张表的对象挂一个标签，标签会重复。",
        "Each row hangs a label on a row elsewhere, and labels come again.",
    ),
)


def is_of_labels(
    table: FoundTable,
    columns: Sequence[SurveyedColumn],
    leading: Collection[str],
    proofs: Proofs,
) -> bool:
    """Whether the rows are pairs of a thing and a label. `leading`: the columns that lead to other tables.

    There is one link, one text that is neither personal nor a key, at most a number beside them, no pair twice, and
    labels come again.
    """
    if len(leading) != 1 or any(c.kind in ("date", "timestamp", "time") or c.personal for c in columns):
        return False
    others = [column for column in columns if column.name not in leading]
    labels = [column for column in others if column.kind == "text"]
    if len(labels) != 1 or len(others) > 2 or any(c.kind not in ("text", "integer") for c in others):
        return False
    profile = labels[0].profile
    if profile is None or labels[0].role.what == "key" or profile.nulls:
        return False
    if not 1 < profile.distinct <= REPEATED * profile.sampled:
        return False
    return proofs.is_unique(table, (*leading, labels[0].name)) is True
