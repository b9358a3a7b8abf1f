"""Days of the week asked of an agent: as conditions and groups, answered without the llm, told in words."""

from __future__ import annotations

from datetime import date

import pytest

from t2sql.flow import Answer

from adhoc_opening import Opening

TODAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("text", "rows", "told"),
    [
        # 20 September 2026 and 1 November 2026 were Sundays.
        ("How many loans were returned on weekends?", [(2,)], "returned on is Saturday or Sunday"),
        ("How many loans were lent on a Tuesday?", [(4,)], "lent on is Tuesday"),
        ("How many loans were lent on weekends in 2026?", [(0,)], "lent on is Saturday or Sunday"),
        ("How many members joined on Wednesdays or Tuesdays?", [(3,)], "joined on is Tuesday or Wednesday"),
    ],
)
def test_days_of_the_week_choose_rows(text: str, rows: list[tuple[int, ...]], told: str, open_library: Opening) -> None:
    agent = open_library({})
    answer = agent.ask(agent.question(text, today=TODAY, principal="owner"))
    assert isinstance(answer, Answer)
    assert (answer.draft.route, list(answer.result.rows)) == ("composed", rows)
    assert told in answer.explanation


def test_days_of_the_week_group_rows(open_library: Opening) -> None:
    agent = open_library({})
    text = "How many members joined on each day of the week?"
    answer = agent.ask(agent.question(text, today=TODAY, principal="owner"))
    assert isinstance(answer, Answer)
    assert list(answer.result.rows) == [(2, 1), (3, 2), (7, 1)]
    assert answer.result.columns[0].label_en == "joined on, day of the week (1 = Monday)"
