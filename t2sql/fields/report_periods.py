"""Days that reports of companies are as of: 2025年年报 is 31 December 2025, 三季报 30 September.

Only where a report is named; 2025年一季度 is a stretch of three months and no report. Never asks the machine for the date.
"""

# ruff: noqa: E501
# One rule a line: a pattern broken over lines is read less well than a long one.
from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from t2sql.fields.linked import Stretch
from t2sql.grounding.words.text import Folded

_REPORT = re.compile(
    r"(?P<y>(?:19|20)\d\d|大前年|前年|去年|上一?年度?|今年|本年度?)(?:年度?)?的?"
    r"(?P<kind>(?:第?[一1]季度?(?:报告?|财报)|一季报)|(?:半年度?(?:报告?|财报)|中报|中期报告)|(?:第?[三3]季度?(?:报告?|财报)|三季报)"
    r"|(?:年度?(?:报告?|财报)|(?<=年)报(?!告期|表|价)|(?<=\d)年报))(?!期|告期|表)"
)
_ENDS = {"一": (3, 31), "1": (3, 31), "半": (6, 30), "中": (6, 30), "三": (9, 30), "3": (9, 30)}
_BACK = {"大前年": 3, "前年": 2, "去年": 1, "上": 1, "今年": 0, "本": 0}


def report_dates(folded: Folded, today: date) -> Iterator[Stretch]:
    """The days of the reports that a folded text names."""
    for match in _REPORT.finditer(folded.text):
        said = match["y"]
        back = next((n for word, n in _BACK.items() if said.startswith(word)), None)
        year = int(said) if back is None else today.year - back
        letter = match["kind"].lstrip("第")[0]
        month, day = _ENDS.get(letter, (12, 31))
        end = date(year, month, day)
        # The whole month: reports are stored as of its last day.
        yield Stretch(folded.span(*match.span()), end.replace(day=1), end, "quarter")
