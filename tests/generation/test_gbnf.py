"""Grammars in GBNF: llama.cpp itself must read them, and accept what the Lark grammar accepts."""

from __future__ import annotations

import pytest

from t2sql.errors import GenerationError
from t2sql.generation.decoding import accepts
from t2sql.generation.gbnf import to_gbnf
from t2sql.generation.grammar import build_grammar

SELECTS = """start: "SELECT " column (", " column){0,3} " FROM bank WHERE month = '" MONTH "'" filter? order_by?
// a comment
column: dimension | metric
      | "yoy_diff(" metric ")"
metric: "npl_ratio" | "loan_balance"
dimension: "branch" | "segment"
filter: " AND " dimension " = '" /[^']{1,12}/ "'"
order_by: " ORDER BY " metric [" DESC"] " LIMIT " ("3" | "5" | "10")
MONTH: /20[0-9][0-9]-[01]\\d/
"""


@pytest.mark.parametrize(
    ("grammar", "expected"),
    [
        ('start: "a" | "b c"', 'root ::= "a" | "b c"\n'),
        ('start: "( ) ? \\" \\\\ \\n"', 'root ::= "( ) ? \\" \\\\ \\n"\n'),
        ('start: a_b+ ["x"]\na_b: "y"*', 'root ::= r-a-b+ ( "x" )?\nr-a-b ::= "y"*\n'),
        ("start: /[^'\\]\\-]{1,3}/", "root ::= ([^'\\]\\x2D]{1,3})\n"),
        ("start: /(?:ab|c)?\\/\\./", 'root ::= (("a" "b" | "c")? "/" ".")\n'),
        ("start: /[\\u4e00-\\u9fff]+/", "root ::= ([一-\u9fff]+)\n"),
    ],
)
def test_what_it_becomes(grammar: str, expected: str) -> None:
    assert to_gbnf(grammar) == expected


@pytest.mark.parametrize(
    ("grammar", "named"),
    [
        ("%ignore /x/\nstart: A", "%ignore"),
        ('start: "a"i', "flag"),
        ("start: nowhere", "without a rule"),
        ('other: "a"', "without a rule 'start'"),
        ('start: "a"..."z"', r"\.\.\."),
        ("start: /a(?=b)/", "pattern"),
        ("start: /^a$/", "pattern"),
        ("start: /a*?/", "pattern"),
        ("start: /\\bx/", "pattern"),
        ("start: <|im_end|>", "im_end"),
        ("", "without a rule 'start'"),
    ],
)
def test_what_it_cannot_say_is_refused_by_name(grammar: str, named: str) -> None:
    with pytest.raises(GenerationError, match=named) as caught:
        to_gbnf(grammar)
    assert "GBNF" in caught.value.message and caught.value.hint


TEXTS = (
    ("SELECT branch, yoy_diff(npl_ratio) FROM bank WHERE month = '2024-12'", True),
    (
        "SELECT npl_ratio FROM bank WHERE month = '2024-12' AND branch = '上海分行' ORDER BY npl_ratio DESC LIMIT 10",
        True,
    ),
    ("SELECT npl_ratio FROM bank WHERE month = '2024-12' LIMIT 5", False),
    ("SELECT x FROM bank WHERE month = '2024-12'", False),
    ("SELECT npl_ratio FROM bank WHERE month = '1924-12'", False),
    ("SELECT npl_ratio FROM bank WHERE month = '2024-12' AND branch = ''", False),
)


@pytest.mark.parametrize(("text", "is_accepted"), TEXTS)
def test_lark_and_gbnf_accept_the_same(text: str, is_accepted: bool, gbnf_accepts: object) -> None:
    assert accepts(SELECTS, text) is is_accepted
    assert gbnf_accepts(to_gbnf(SELECTS), text) is is_accepted  # type: ignore[operator]


@pytest.mark.parametrize("text", ["SELECT a\"b FROM t WHERE x = '不良 \\ 率( )'", "SELECT a FROM t", "SELECT a"])
def test_each_reading_and_nothing_else(text: str, gbnf_accepts: object) -> None:
    grammar = build_grammar(["SELECT a\"b FROM t WHERE x = '不良 \\ 率( )'", "SELECT a FROM t"])
    is_reading = text != "SELECT a"
    assert accepts(grammar, text) is is_reading
    assert gbnf_accepts(to_gbnf(grammar), text) is is_reading  # type: ignore[operator]
