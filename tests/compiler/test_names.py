"""What errors say: hidden names as names that never existed, suggestions out of what is seen, a hint for everything."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from t2sql.catalog import Catalog
from t2sql.compiler import compile_sql
from t2sql.errors import QueryError
from t2sql.flow import Loads
from t2sql.policy import Narrowed, Policies

CASES = Path(__file__).parent.parent / "cases"
NEVER = "zqxjkv"
"""A name like no other, so that it gets no suggestion."""
FORMS = [
    "SELECT {}, loan_count FROM bank",
    "SELECT branch, {} FROM bank",
    "SELECT yoy({}) FROM bank",
    "SELECT MEASURE({}) FROM bank",
    "SELECT rank(yoy({})), branch FROM bank",
    "SELECT share(loan_count, {}) FROM bank",
    "SELECT month({}), loan_count FROM bank",
    "SELECT loan_count FROM bank WHERE {} = 'x'",
    "SELECT loan_count FROM bank WHERE {} IN ('x')",
    "SELECT loan_count FROM bank WHERE {} LIKE '张%'",
    "SELECT loan_count FROM bank WHERE NOT ({} <> 'x' OR segment = '小微')",
    "SELECT loan_count FROM bank WHERE month({}) = '2025-12'",
    "SELECT branch, loan_count FROM bank WHERE {} > 0",
    "SELECT branch, loan_count FROM bank WHERE loan_count > {}",
    "SELECT branch, loan_count FROM bank WHERE {} > 0 OR loan_count > 0",
    "SELECT branch, loan_count FROM bank HAVING yoy({}) > 0",
    "SELECT branch, loan_count FROM bank HAVING {} > 0",
    "SELECT branch, loan_count FROM bank ORDER BY {}",
    "SELECT branch, loan_count FROM bank ORDER BY yoy({}) DESC",
    "SELECT branch, loan_count FROM bank GROUP BY {}",
    "SELECT bank.{}, loan_count FROM bank",
    "SELECT x.{}, loan_count FROM bank",
    "SELECT loan_count FROM {}",
    "SELECT {}.branch, loan_count FROM bank",
    "SELECT {}(loan_count) FROM bank",
    'SELECT "{}", loan_count FROM bank',
    "SELECT branch, loan_count - {} AS gap FROM bank",
    "SELECT CASE WHEN {} = 'x' THEN 'a' ELSE 'b' END AS made, loan_count FROM bank",
    "SELECT branch, CASE WHEN {} > 1 THEN 'a' ELSE 'b' END AS made FROM bank",
    "SELECT branch, loan_count FROM bank QUALIFY RANK() OVER (ORDER BY {} DESC) = 1",
    "SELECT branch, SUM(loan_count) OVER (PARTITION BY {}) FROM bank",
    "SELECT loan_count FROM bank WHERE branch IN (SELECT {} FROM bank)",
    "SELECT loan_count FROM bank WHERE branch IN (SELECT branch FROM bank WHERE {} > 0)",
    "SELECT branch, loan_count FROM bank WHERE loan_count > (SELECT {} FROM bank)",
    "WITH t AS (SELECT branch, {} FROM bank) SELECT branch FROM t",
    "WITH t AS (SELECT branch, loan_count FROM bank) SELECT {} FROM t",
    "WITH t AS (SELECT branch, loan_count FROM bank) SELECT SUM({}) FROM t",
    "WITH t AS (SELECT branch, loan_count FROM bank) SELECT branch FROM t WHERE {} = 'x'",
    "WITH t AS (SELECT branch, loan_count FROM bank), u AS (SELECT branch, card_count FROM bank) "
    "SELECT t.branch FROM t JOIN u ON t.{} = u.branch",
    "SELECT branch, loan_count FROM bank UNION ALL SELECT branch, {} FROM bank",
]


@pytest.fixture(scope="module")
def product_team(catalog: Catalog, policies: Policies) -> Narrowed:
    """Sees no identity of customers and no costs."""
    return policies.narrow(catalog, policies.principal("product_team"))


@pytest.fixture(scope="module")
def hidden(catalog: Catalog, product_team: Narrowed) -> list[str]:
    """Every name that the product team may not know."""
    seen = product_team.catalog
    return sorted({*catalog.metrics, *catalog.dimensions} - {*seen.metrics, *seen.dimensions})


def words_of(sql: str, narrowed: Narrowed, loads: Loads) -> str:
    """The error's words; "" where there is none."""
    try:
        compile_sql(sql, narrowed, loads)
    except QueryError as error:
        return f"{error.code}: {error}"
    return ""


@pytest.mark.parametrize("form", FORMS)
def test_a_hidden_name_is_unknown_in_the_same_words(
    form: str, hidden: list[str], product_team: Narrowed, loads: Loads
) -> None:
    """Wherever it stands, but for the names suggested, which are the nearest that are seen."""
    assert {"customer_name", "customer_no", "net_profit", "operating_expense", "roe"} <= set(hidden)
    plain = words_of(form.format(NEVER), product_team, loads)
    assert plain
    for name in hidden:
        told = words_of(form.format(name), product_team, loads)
        assert re.sub(r" Did you mean [^?]*\?", "", told).replace(name, NEVER) == plain


def test_suggestions_never_name_what_is_hidden(hidden: list[str], product_team: Narrowed, loads: Loads) -> None:
    """A misspelling of a hidden name finds its neighbours, not the name."""
    for name in hidden:
        for form in FORMS[:2] + FORMS[7:8] + FORMS[17:18]:
            asked = name[:-1]
            suggested = re.findall(r"'(\w+)'", words_of(form.format(asked), product_team, loads))
            assert set(suggested).isdisjoint(set(hidden) - {asked})


def test_the_list_of_dimensions_holds_only_what_is_seen(
    hidden: list[str], product_team: Narrowed, loads: Loads
) -> None:
    """A fact that lacks a dimension tells which ones it has."""
    told = words_of("SELECT channel, loan_balance FROM bank", product_team, loads)
    assert "segment" in told
    assert set(re.findall(r"\w+", told)).isdisjoint(hidden)


def refusals() -> list[Any]:
    """Every semantic SQL that a case file refuses."""
    found = []
    for path in sorted(CASES.rglob("*.yml")):
        for case in YAML(typ="safe").load(path.read_text(encoding="utf-8")):
            if "refused" in case:
                found.append(pytest.param(case, id=case["name"]))
    return found


def test_every_refusal_reads_well(head_office: Narrowed, loads: Loads) -> None:
    """One sentence of what is wrong, one of what to do, no word of the parser's insides, nothing cut off."""
    cases = [param.values[0] for param in refusals() if "as" not in param.values[0]]
    assert len(cases) > 100
    for case in cases:
        with pytest.raises(QueryError) as raised:
            compile_sql(case["sql"], head_office, loads)
        error = raised.value
        assert error.message.endswith((".", "?")), error.message
        assert error.hint.endswith("."), error.hint
        assert error.hint != error.message
        for word in ("sqlglot", "<class", "None", "Expression", "loan_snapshot.", "Traceback"):
            assert word not in str(error), error
        assert len(str(error)) < 1200


@pytest.mark.parametrize(
    ("asked", "suggested"),
    [
        ("SELECT npl_rate FROM bank", "npl_ratio"),
        ("SELECT loan_balances FROM bank", "loan_balance"),
        ("SELECT brnch, loan_balance FROM bank", "branch"),
        ("SELECT loan_balance FROM bank WHERE segmnt = 'x'", "segment"),
        ("SELECT yoy_dif(loan_balance) FROM bank", "yoy_diff"),
        ("SELECT qoq_diff(loan_blance) FROM bank", "loan_balance"),
    ],
)
def test_a_misspelling_is_set_right(asked: str, suggested: str, head_office: Narrowed, loads: Loads) -> None:
    """The nearest name is among those told."""
    assert f"'{suggested}'" in words_of(asked, head_office, loads)


@pytest.mark.parametrize("count", [50, 400, 2000])
def test_long_texts_end_in_words(count: int, head_office: Narrowed, loads: Loads) -> None:
    """Many conditions, brackets or columns compile or are refused; nothing overflows."""
    every = [
        "SELECT loan_count FROM bank WHERE " + " AND ".join(["segment = '小微'"] * count),
        "SELECT loan_count FROM bank WHERE " + " OR ".join(["segment = '小微'"] * count),
        "SELECT loan_count FROM bank WHERE " + "NOT " * count + "segment = '小微'",
        "SELECT loan_count FROM bank WHERE " + "(" * count + "segment = '小微'" + ")" * count,
        "SELECT " + "yoy(" * count + "loan_count" + ")" * count + " FROM bank",
        "SELECT branch, " + ", ".join(f"loan_count AS a{i}" for i in range(count)) + " FROM bank",
        "SELECT loan_count FROM bank WHERE branch IN (" + ", ".join(f"'{i}'" for i in range(count)) + ")",
    ]
    for sql in every:
        told = words_of(sql, head_office, loads)
        assert told == "" or told.split(":")[0] in ("refused_syntax", "not_computable")
