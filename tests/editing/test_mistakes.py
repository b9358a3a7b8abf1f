"""A mistake is found at its word; what cannot be placed is the whole text, never a wrong word."""

from __future__ import annotations

import re

import pytest

from t2sql.catalog import Catalog, Display
from t2sql.compiler import compile_sql
from t2sql.editing.mistakes import Mistake, find_mistake
from t2sql.errors import RefusedSyntax, UnknownName, WarehouseUnavailable
from t2sql.flow import Loads, Plan
from t2sql.policy import Narrowed, Policies

from case_files import read_cases


def found_in(text: str, narrowed: Narrowed, loads: Loads) -> Mistake | None:
    def compile(sql: str) -> Plan:
        return compile_sql(sql, narrowed, loads)

    return find_mistake(text, compile)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT branch, npl_ratio FROM bank WHERE month = '2026-06'",
        "select branch, yoy(loan_balance) from bank where month = '2026-06' order by branch limit 3",
        "SELECT npl_ratio FROM bank -- 不良，按月（全行）",
        "SELECT branch, npl_ratio FROM bank WHERE branch = '上海，分行' AND month = '2026-06'",
    ],
)
def test_what_compiles_has_none(head_office: Narrowed, loads: Loads, text: str) -> None:
    assert found_in(text, head_office, loads) is None


@pytest.mark.parametrize(
    "text",
    # The wrong word stands between » and «.
    [
        "SELECT branch, »npl_rate« FROM bank WHERE month = '2026-06'",
        "SELECT branch, npl_ratio FROM bank WHERE »mnth« = '2026-06' ORDER BY branch",
        # The same letters inside a value, a comment and another word are none.
        "SELECT branch, npl_ratio FROM bank WHERE branch = 'mnth' /* mnth */ AND »mnth« = '2026-06'",
        "SELECT branch, npl_ratio AS npl_rate_now, »npl_rate« FROM bank",
        "SELECT branch, npl_ratio AS npl_rate, yoy(»npl_rate«) FROM bank WHERE month = '2026-06'",
        "SELECT branch, npl_ratio FROM »bnk«",
        "SELECT branch, »foo«(npl_ratio) FROM bank",
        "SELECT branch, »sum(npl_ratio)« FROM bank",
        "SELECT branch, npl_ratio FROM bank WHERE »branch  >   5«",
        "SELECT branch, npl_ratio FROM bank WHERE month = '»2026-13«'",
        "SELECT branch, npl_ratio FROM bank WHERE month = '»2031-01«'",
        "SELECT »fee_type«, npl_ratio FROM bank",
        "SELECT branch, npl_ratio FROM bank WHERE »EXISTS« (SELECT 1)",
        "SELECT branch, npl_ratio FROM bank »GROUP BY« region",
        "SELECT branch, npl_ratio FROM bank »LIMIT« 'x'",
        "»SELEC« branch FROM bank",
        "SELECT branch, npl_ratio »FRM« bank",
        "SELECT branch, npl_ratio FROM bank »WHER« month = '2026-06'",
        "SELECT branch, npl_ratio FROM bank »ODER« BY branch",
        "SELECT branch, npl_ratio\nFROM bank\nWHERE »AND« branch = '上海分行'",
        "SELECT (branch »FROM« bank",
        "SELECT branch, npl_ratio FROM bank WHERE month »=«",
        "SELECT branch»，« npl_ratio FROM bank",
        "SELECT branch, npl_ratio FROM bank WHERE month = »‘«2026-06’",
        "SELECT branch, npl_ratio FROM bank WHERE branch = '上海，分行' AND month »＝« '2026-06'",
        "SELECT branch, npl_ratio FROM bank WHERE month = »'2026-06«",
        "SELECT branch FROM bank; »SELECT 1«",
        "»DROP« TABLE bank",
        "SELECT »不良率« FROM bank",
        'SELECT npl_ratio AS "😀", branch FROM »bnk«',
    ],
)
def test_a_mistake_stands_at_its_word(head_office: Narrowed, loads: Loads, text: str) -> None:
    before, _, rest = text.partition("»")
    wrong, _, after = rest.partition("«")
    plain = before + wrong + after
    mistake = found_in(plain, head_office, loads)
    assert mistake is not None
    assert mistake.message.zh and mistake.message.en and mistake.hint.zh and mistake.hint.en
    assert plain[mistake.start : mistake.end] == wrong
    lines = before.split("\n")
    assert (mistake.line, mistake.column) == (len(lines), len(lines[-1]) + 1)


@pytest.mark.parametrize(
    ("text", "zh", "en", "hint_zh", "hint_en"),
    [
        (
            "SELECT npl_rate FROM bank",
            "没有名为 'npl_rate' 的指标或维度。是否应为 'npl_ratio' 或 'new_loan_rate'？",
            "Unknown metric or dimension 'npl_rate' in 'bank'. Did you mean 'npl_ratio' or 'new_loan_rate'?",
            "请使用目录中的名称；取值要加单引号。",
            "Use a name of the catalog.",
        ),
        (
            "SELECT branch， npl_ratio FROM bank",
            "“，”是全角标点。",
            "“，” is a full-width mark.",
            "请改为半角的 ,",
            "Write ,",
        ),
        (
            "SELECT branch FROM bank WHER month = '2026-06'",
            "不认识 WHER。",
            "WHER is not known here.",
            "是否应为 WHERE？",
            "Did you mean WHERE?",
        ),
    ],
)
def test_a_mistake_says_what_to_do_in_both_languages(
    head_office: Narrowed, loads: Loads, text: str, zh: str, en: str, hint_zh: str, hint_en: str
) -> None:
    mistake = found_in(text, head_office, loads)
    assert mistake is not None
    told = (mistake.message.zh, mistake.message.en, mistake.hint.zh, mistake.hint.en)
    assert told == (zh, en, hint_zh, hint_en)


@pytest.mark.parametrize("text", ["", "   ", "()", "SELECT", "''", "\x00", "SELECT " + "(" * 200, "😀"])
def test_what_is_no_sql_at_all_is_told_within_the_text(head_office: Narrowed, loads: Loads, text: str) -> None:
    mistake = found_in(text, head_office, loads)
    assert mistake is not None
    assert 0 <= mistake.start <= mistake.end <= len(text)
    assert mistake.line == 1 and mistake.message.en


def test_where_no_word_is_found_the_whole_text_is_marked() -> None:
    def compile(sql: str) -> None:
        raise RefusedSyntax("Something is wrong.", "Mend it.", zh=("有误。", "请改正。"))

    mistake = find_mistake("SELECT a FROM b", compile)
    said = Display("有误。", "Something is wrong."), Display("请改正。", "Mend it.")
    assert mistake == Mistake(0, 15, 1, 1, *said, "refused_syntax")


def test_of_several_places_the_one_that_is_complained_of_is_marked() -> None:
    def compile(sql: str) -> None:
        # Only what stands after WHERE is looked at.
        raise UnknownName(f"Unknown name {sql.split('WHERE ')[1].split()[0]!r}.", "Use another.")

    text = "SELECT x FROM t WHERE x = 1"
    mistake = find_mistake(text, compile)
    assert mistake is not None and mistake.start == text.rindex("x")


def test_a_failure_that_the_text_is_not_to_blame_for_passes() -> None:
    def compile(sql: str) -> None:
        raise WarehouseUnavailable("The database is gone.", "Start it.")

    with pytest.raises(WarehouseUnavailable):
        find_mistake("SELECT a FROM b", compile)


def test_a_hidden_name_is_unknown_and_never_suggested(product_team: Narrowed, loads: Loads, hidden: str) -> None:
    for written in (hidden, hidden[:-1]):
        mistake = found_in(f"SELECT {written} FROM bank", product_team, loads)
        assert mistake is not None and mistake.code == "unknown_name"
        said = " ".join((mistake.message.zh, mistake.message.en, mistake.hint.zh, mistake.hint.en))
        assert hidden not in said.replace(repr(written), "")


@pytest.mark.slow
def test_of_all_that_the_compiler_refuses_nine_in_ten_stand_at_a_word(
    catalog: Catalog, policies: Policies, loads: Loads
) -> None:
    refused = [case.values[0] for case in read_cases() if "refused" in case.values[0]]
    assert len(refused) > 400
    at_word = in_chinese = 0
    for case in refused:
        narrowed = policies.narrow(catalog, policies.principal(case.get("as", "hq")))
        mistake = found_in(case["sql"], narrowed, loads)
        assert mistake is not None, case["name"]
        assert 0 <= mistake.start <= mistake.end <= len(case["sql"]), case["name"]
        marked = case["sql"][mistake.start : mistake.end]
        assert marked == marked.strip() or mistake.end == len(case["sql"]), case["name"]
        at_word += (mistake.start, mistake.end) != (0, len(case["sql"]))
        in_chinese += not re.search(r"[A-Za-z]+ [a-z]+ [a-z]+", re.sub(r"'[^']*'|\"[^\"]*\"", "", mistake.message.zh))
    assert at_word / len(refused) > 0.9
    assert in_chinese / len(refused) > 0.9
