"""Whoever reads Chinese is told every error of the compiler in Chinese, whether or not a case raises it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import t2sql.compiler
from t2sql import errors
from t2sql.catalog import Catalog
from t2sql.compiler import compile_sql
from t2sql.editing.chinese import chinese_of
from t2sql.errors import QueryError
from t2sql.flow import Loads
from t2sql.policy import Policies

from case_files import read_cases

RAISED = ("QueryError", "RefusedSyntax", "NotComputable", "UnknownName")
# What an error may speak of; of each, one at least reads like what stands there.
STANDINGS = ("'x'", "x", "1", "month", "x with y", "x and y")
ENGLISH = re.compile(r"[A-Za-z]+ [a-z]+ [a-z]+")
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
UNTOLD = ("有不认识的名称：", "不支持这种写法：", "这个数无法正确算出：", "无法编译：")


def raised_without_chinese() -> Iterator[tuple[str, str, ast.expr, ast.expr]]:
    """Every error that the compiler's own text makes without Chinese: place, kind, message and hint as written."""
    folder = Path(t2sql.compiler.__file__).parent
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in RAISED:
                continue
            if len(node.args) == 2 and not any(word.arg == "zh" for word in node.keywords):
                yield f"{path.relative_to(folder)}:{node.lineno}", node.func.id, *node.args


def written(text: ast.expr, standing: str) -> str | None:
    """The text with `standing` where it names something; None where it is made elsewhere."""
    if isinstance(text, ast.Constant):
        return str(text.value)
    if isinstance(text, ast.JoinedStr):
        parts = [written(part, standing) for part in text.values]
        return "".join(part or "" for part in parts)
    if isinstance(text, ast.FormattedValue):
        # Suggestions are read apart from the message.
        if isinstance(text.value, ast.IfExp):
            return written(text.value.body, standing)
        return "" if "did_you_mean" in ast.unparse(text) else standing
    return None


def is_told(kind: str, message: str, hint: str) -> bool:
    said, what_to_do = chinese_of(getattr(errors, kind)(message, hint))
    return not said.startswith(UNTOLD) and what_to_do != hint


SOURCES = list(raised_without_chinese())


@pytest.mark.parametrize(("kind", "message", "hint"), [s[1:] for s in SOURCES], ids=[s[0] for s in SOURCES])
def test_what_the_compiler_may_say_has_chinese(kind: str, message: ast.expr, hint: ast.expr) -> None:
    tried = []
    for standing in STANDINGS:
        said, what_to_do = written(message, standing), written(hint, standing)
        if said is None and what_to_do is None:
            pytest.skip("both are made elsewhere, and raised by the cases")
        tried.append((said or "There is no SQL.", what_to_do or "Add it to SELECT."))
    assert any(is_told(kind, *texts) for texts in tried), tried[0]


def test_all_that_the_cases_refuse_is_told_in_chinese(catalog: Catalog, policies: Policies, loads: Loads) -> None:
    refused = [case.values[0] for case in read_cases() if "refused" in case.values[0]]
    assert len(refused) > 400
    for case in refused:
        narrowed = policies.narrow(catalog, policies.principal(case.get("as", "hq")))
        with pytest.raises(QueryError) as found:
            compile_sql(case["sql"], narrowed, loads)
        told = found.value.zh or chinese_of(found.value)
        for text in told:
            assert not ENGLISH.search(QUOTED.sub("", text)), (case["name"], text)
        assert not told[0].startswith(UNTOLD), (case["name"], told[0])
        assert bool(told[1]) == bool(found.value.hint), (case["name"], told[1])


@pytest.mark.parametrize(
    ("message", "hint", "zh", "hint_zh"),
    [
        (
            "Unknown metric or dimension 'npl_rate' in 'bank'. Did you mean 'npl_ratio' or 'new_loan_rate'?",
            "Use a name of the catalog, or define 'npl_rate' in model.yml and run `t2sql check`.",
            "没有名为 'npl_rate' 的指标或维度。是否应为 'npl_ratio' 或 'new_loan_rate'？",
            "请使用目录中的名称；取值要加单引号。",
        ),
        (
            "A place in brackets is not part of semantic SQL.",
            "Name a metric or a dimension.",
            "语义 SQL 不支持这种写法：方括号中的位置。",
            "请写指标或维度。",
        ),
        (
            '"branch LIKE 5" compares a number with text.',
            "LIKE is for names.",
            '"branch LIKE 5" 拿数值与文本比较，种类或单位不同。',
            "LIKE 只用于名称。",
        ),
        (
            "'maturity' is a date; \"maturity > 'a with b'\" does not compare it with days.",
            "Write maturity >= '2026-01-01', or month(maturity) = '2026-01'.",
            "'maturity' 是日期，这里没有拿它与日期比较。",
            "请写成 maturity >= '2026-01-01'，或 month(maturity) = '2026-01'。",
        ),
        ("Nobody has said this yet.", "Do it.", "这个数无法正确算出：Nobody has said this yet.", "Do it."),
    ],
)
def test_chinese_says_what_the_english_does(message: str, hint: str, zh: str, hint_zh: str) -> None:
    assert chinese_of(errors.NotComputable(message, hint)) == (zh, hint_zh)
