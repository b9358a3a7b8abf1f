"""Questions over a drafted catalog, from text to rows: by code where each word is explained, else by the llm."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from t2sql.fields.undated import is_undated
from t2sql.flow import Answer, Clarification, Refusal
from t2sql.ossie import read_catalog

from adhoc_opening import Opening

TODAY = date(2026, 11, 18)


def rows(outcome: object) -> list[tuple[object, ...]]:
    """The rows of an answer, sorted."""
    assert isinstance(outcome, Answer), outcome
    return sorted((tuple(row) for row in outcome.result.rows), key=str)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("How many books are there per genre?", [("poetry", 1), ("science", 2), ("travel", 1)]),
        ("What is the average price of science books?", [(15.25,)]),
        ("List the titles of all books in the genre 'poetry'.", [("Lanterns",)]),
        # The "or" is the bound's, and no other condition's.
        ("How many loans of members in York have a fine of 2 or more?", [(1,)]),
    ],
)
def test_what_is_said_in_full_needs_no_llm(open_library: Opening, text: str, wanted: list[tuple[object, ...]]) -> None:
    agent = open_library({})
    answer = agent.ask(agent.question(text, today=TODAY))
    assert [tuple(float(v) if not isinstance(v, (str, int)) else v for v in row) for row in rows(answer)] == wanted
    assert isinstance(answer, Answer) and answer.draft.route == "composed"


def test_the_llm_writes_no_join_no_group_and_no_condition(open_library: Opening) -> None:
    text = "For loans in the past 30 days, who borrowed keenly? Return first name, last name and number of loans."
    agent = open_library(
        {
            "keenly": "SELECT members.first_name, members.last_name, COUNT(loans.loan_id) FROM loans"
            " WHERE loans.lent_on >= '2026-10-19'"
        }
    )
    answer = agent.ask(agent.question(text, today=TODAY))
    assert rows(answer) == [("Ben", "Marsh", 2), ("Cleo", "Nash", 1)]
    assert isinstance(answer, Answer) and answer.draft.route == "generated"


def test_what_the_llm_may_not_write_is_outside_its_grammar(open_library: Opening) -> None:
    agent = open_library({"keenly": "SELECT members.first_name FROM members"})
    question = agent.question(
        "For loans in the past 30 days, who borrowed keenly? Return first name, last name and number of loans.",
        today=TODAY,
    )
    with pytest.raises(ValueError, match="grammar does not accept"):
        agent.ask(question)


def test_an_answer_over_fields_says_that_nobody_signed_it(open_library: Opening) -> None:
    agent = open_library({})
    answer = agent.ask(agent.question("How many books are there per genre?", today=TODAY))
    assert isinstance(answer, Answer)
    assert any(one.version == "ad hoc" for one in answer.plan.provenance) and not any(
        one.owner for one in answer.plan.provenance
    )


def test_rows_of_fields_say_so_too(open_library: Opening) -> None:
    agent = open_library({})
    answer = agent.ask(agent.question("List the titles of all books in the genre 'poetry'.", today=TODAY))
    assert isinstance(answer, Answer) and any(note.code == "of_fields" for note in answer.plan.notes)


def test_a_no_that_is_lost_is_asked_back(open_library: Opening) -> None:
    agent = open_library({"keenly": "SELECT members.first_name FROM members"})
    outcome = agent.ask(agent.question("Which members do not read keenly? Return first name.", today=TODAY))
    assert not isinstance(outcome, Answer)


def test_who_lacks_rows_is_found_by_their_keys(open_library: Opening) -> None:
    text = "Return the first name of members who have no loans, as keenly as you can."
    sql = "SELECT members.first_name FROM members WHERE members.member_id NOT IN (SELECT loans.member_id FROM loans)"
    agent = open_library({"keenly": sql})
    assert rows(agent.ask(agent.question(text, today=TODAY))) == [("Dov",)]


def test_its_sql_can_be_run_again(open_library: Opening) -> None:
    agent = open_library({})
    first = agent.ask(agent.question("List the titles of all books in the genre 'poetry'.", today=TODAY))
    assert isinstance(first, Answer)
    again = agent.ask(agent.question("again", today=TODAY), semantic_sql=first.plan.semantic_sql)
    assert rows(again) == rows(first)


def test_what_the_settings_do_not_allow_is_not_answered_over_fields(open_library: Opening) -> None:
    agent = open_library({})
    agent.settings = agent.settings.model_copy(update={"ad_hoc": False})
    outcome = agent.ask(agent.question("List the titles of all books in the genre 'poetry'.", today=TODAY))
    assert isinstance(outcome, (Refusal, Clarification))


def test_a_field_that_one_may_not_see_is_in_no_grammar_prompt_or_answer(open_library: Opening) -> None:
    agent = open_library({})
    owner, analyst = agent.fields(agent.narrow("owner")), agent.fields(agent.narrow("analyst"))
    assert "last_name" in owner.catalog.datasets["members"].fields
    assert "last_name" not in analyst.catalog.datasets["members"].fields
    assert not any(key[1] == "last_name" for key in analyst.stored)


def test_a_write_is_refused(open_library: Opening) -> None:
    agent = open_library({})
    outcome = agent.ask(agent.question("Delete all loans of Ada", today=TODAY))
    assert isinstance(outcome, Refusal) and outcome.code != "outside"


def test_a_balance_is_added_up_at_one_load(drafted: Path) -> None:
    catalog = read_catalog(drafted)
    assert is_undated("SELECT SUM(fine) FROM loans", catalog)
    loaded = replace(catalog.datasets["loans"], snapshot_grain="month")
    stock = replace(catalog, datasets={**catalog.datasets, "loans": loaded})
    assert not is_undated("SELECT SUM(fine) FROM loans", stock)
    assert is_undated("SELECT fine FROM loans", stock), "rows are listed as they are stored"
    assert is_undated("SELECT MAX(fine) FROM loans", stock), "an extreme of rows adds nothing up"
    day = stock.datasets["loans"].time_dimension
    within = f"{day} >= '2025-12-01' AND {day} < '2026-01-01'"
    assert is_undated(f"SELECT SUM(fine) FROM loans WHERE {within}", stock), "one load"
    assert not is_undated(f"SELECT SUM(fine) FROM loans WHERE {day} >= '2025-11-01' AND {day} < '2026-01-01'", stock)
    assert not is_undated(f"SELECT SUM(fine) FROM loans WHERE ({within}) OR fine > 0", stock)
    latest = f"QUALIFY RANK() OVER (PARTITION BY member_id ORDER BY {day} DESC) = 1"
    assert is_undated(f"SELECT SUM(fine) FROM (SELECT fine FROM loans {latest}) AS t", stock), "one row a member"
    first_two = latest.replace("= 1", "<= 2")
    assert not is_undated(f"SELECT SUM(fine) FROM (SELECT fine FROM loans {first_two}) AS t", stock)
    of_all = latest.replace("PARTITION BY member_id ", "").replace(day, "fine")
    assert not is_undated(f"SELECT SUM(fine) FROM (SELECT fine FROM loans {of_all}) AS t", stock), "no day orders them"
