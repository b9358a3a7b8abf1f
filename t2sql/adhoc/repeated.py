"""Whether rows found over fields repeat each other, where the question does not ask for rows one by one.

Somebody who asks which towns, which pets or how much per ward never means the same line twice: a group, a figure or a
condition of the question was lost. Only the rows show it.
"""

from __future__ import annotations

import re

from t2sql.fields.chinese import has_chinese
from t2sql.flow import Result

_OF_EACH = re.compile(r"各(?!项)|每一?[个家位名种类款]|最")
"""What wants one row of each. Other Chinese questions list records as they lie: 列出历年的进口金额."""


def is_repeated(text: str, result: Result) -> bool:
    """Whether `result` holds a row twice that the question `text` wants once."""
    if has_chinese(text) and not _OF_EACH.search(text):
        return False
    return len(set(map(repr, result.rows))) < len(result.rows)
