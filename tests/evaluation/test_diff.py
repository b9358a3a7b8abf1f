"""Two reports compared: by hand, by laws that hold for any two, and as a person reads it."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from rich.console import Console

from t2sql.evaluation.reports.diff import compare_reports, difference_document, side_by_side
from t2sql.evaluation.reports.page import difference_page
from t2sql.evaluation.reports.proportions import Share, mcnemar
from t2sql.evaluation.reports.report import CaseResult
from t2sql.evaluation.reports.terminal import print_difference

from made_reports import drawn, failed, refused, report, result, wrong

BEFORE = report(
    [
        result("same"), result("breaks"), result("asks"), wrong("mends"), wrong("other", "wrong metric"),
        wrong("still"), refused("loud"), result("gone"),
    ]
)  # fmt: skip
AFTER = report(
    [
        result("same"), wrong("breaks", "wrong period"), refused("asks"), result("mends"),
        wrong("other", "wrong period"), wrong("still"), wrong("loud", "wrong filter"), result("new"),
    ],
    catalog_fingerprint="0" * 64,
)  # fmt: skip


def test_what_changed_by_hand() -> None:
    found = compare_reports(BEFORE, AFTER)
    assert [c.after.id for c in found.better] == ["mends"]
    assert [c.after.id for c in found.worse] == ["breaks", "asks"]
    assert [c.after.id for c in found.both_wrong] == ["other", "loud"]
    assert [c.after.id for c in found.newly_silent] == ["breaks", "loud"]
    assert [c.after.id for c in found.no_longer_silent] == ["mends"]
    assert [r.id for r in found.only_before] == ["gone"]
    assert [r.id for r in found.only_after] == ["new"]
    assert (found.accuracy.before, found.accuracy.after) == (Share(3, 7), Share(2, 7))
    assert (found.silent_before, found.silent_after) == (Share(3, 7), Share(4, 7))
    assert found.accuracy.p == mcnemar(1, 2) == 1.0
    assert [d.name for d in found.made_of] == ["catalog_fingerprint"]
    assert found.warnings == ()


def test_a_question_whose_text_changed_is_not_compared() -> None:
    found = compare_reports(report([result("q", question="one")]), report([result("q", question="two")]))
    assert found.accuracy.of == 0
    assert found.accuracy.value is None
    assert [r.question for r in (*found.only_before, *found.only_after)] == ["one", "two"]


def test_twins_are_not_compared() -> None:
    results = [result("a"), wrong("a~", question="question a", twin="full-width")]
    assert compare_reports(report(results), report(results)).accuracy.of == 1


@pytest.mark.parametrize("key", ["cases_sha256", "data_fingerprint", "clock", "principal"])
def test_reports_about_other_things_are_called_so(key: str) -> None:
    assert len(compare_reports(drawn(5), report(drawn(5).results, **{key: "other"})).warnings) == 1


@pytest.mark.parametrize("key", ["llm", "llm_sha256", "prompt_sha256", "catalog_fingerprint", "machine"])
def test_what_one_changes_on_purpose_is_named_without_a_warning(key: str) -> None:
    found = compare_reports(drawn(5), report(drawn(5).results, **{key: "other"}))
    assert found.warnings == ()
    assert [(d.name, d.after) for d in found.made_of] == [(key, "other")]


def test_settings_are_named_one_by_one() -> None:
    settings: dict[str, Any] = {"row_limit": 10, "timeout_seconds": 30.0, "llm_name": "x"}
    found = compare_reports(drawn(1), report(drawn(1).results, settings=settings))
    assert {(d.name, d.before, d.after) for d in found.made_of} == {
        ("settings.row_limit", "100000", "10"), ("settings.threads", "2", ""), ("settings.llm_name", "", "x"),
    }  # fmt: skip


SEEDS = st.integers(0, 1_000)


@hypothesis(deadline=None, max_examples=40)
@given(SEEDS, SEEDS, st.integers(0, 40))
def test_there_and_back_is_the_mirror(first: int, second: int, cases: int) -> None:
    there, back = (
        compare_reports(a, b)
        for a, b in ((drawn(cases, first), drawn(cases, second)), (drawn(cases, second), drawn(cases, first)))
    )
    ids = lambda changes: {c.after.id for c in changes}  # noqa: E731
    assert ids(there.better) == ids(back.worse)
    assert ids(there.newly_silent) == ids(back.no_longer_silent)
    assert ids(there.both_wrong) == ids(back.both_wrong)
    assert there.accuracy.p == back.accuracy.p
    assert there.accuracy.after.count - there.accuracy.before.count == len(there.better) - len(there.worse)
    assert there.silent_after.count - there.silent_before.count == len(there.newly_silent) - len(there.no_longer_silent)


@hypothesis(deadline=None, max_examples=40)
@given(SEEDS, st.integers(0, 40))
def test_a_report_does_not_differ_from_itself(seed: int, cases: int) -> None:
    found = compare_reports(drawn(cases, seed), drawn(cases, seed))
    assert (found.better, found.worse, found.both_wrong, found.newly_silent, found.made_of) == ((), (), (), (), ())
    assert found.accuracy.p == 1.0


LINES = st.lists(st.sampled_from(["SELECT a", "FROM b", "WHERE c", "", "LIMIT 5"]), max_size=8).map("\n".join)


@hypothesis(deadline=None)
@given(LINES, LINES)
def test_side_by_side_holds_both_texts_whole(before: str, after: str) -> None:
    lines = side_by_side(before, after)
    assert [line.before for line in lines if line.before is not None] == before.splitlines()
    assert [line.after for line in lines if line.after is not None] == after.splitlines()
    assert all(line.before == line.after for line in lines if line.is_same)
    assert all(line.before != line.after for line in lines if not line.is_same) or before != after


def test_the_document_is_json_and_names_both_sqls() -> None:
    before, after = (wrong("a", semantic_sql="SELECT x", physical_sql=sql) for sql in ("SELECT 1", "SELECT 2"))
    right = after.model_copy(update={"is_right": True, "reason": "", "is_silent": False})
    document = json.loads(json.dumps(difference_document(compare_reports(report([before]), report([right])))))
    assert document["better"][0]["before"]["physical_sql"] == "SELECT 1"
    assert document["better"][0]["after"]["physical_sql"] == "SELECT 2"
    assert document["accuracy"]["change"] == 1.0


def _shown(before: list[CaseResult], after: list[CaseResult], **changes: Any) -> str:
    out = io.StringIO()
    console = Console(file=out, width=100, markup=False, highlight=False, emoji=False)
    print_difference(console, compare_reports(report(before), report(after, **changes)))
    return out.getvalue()


def test_the_terminal_names_the_question_and_both_semantic_sqls() -> None:
    text = _shown(
        [result("q1", question="各分行的不良贷款率", semantic_sql="SELECT branch, npl_ratio FROM bank")],
        [
            wrong(
                "q1",
                "wrong metric",
                question="各分行的不良贷款率",
                semantic_sql="SELECT branch, loan_balance FROM bank",
            )
        ],
    )
    assert "q1  各分行的不良贷款率" in text
    line = next(line for line in text.splitlines() if "npl_ratio" in line)
    assert line.index("npl_ratio") < line.index("loan_balance"), "side by side"
    assert "silent error, wrong metric" in text


def test_the_terminal_shows_physical_sql_where_that_alone_differs() -> None:
    """What a wrong definition looks like: the same semantic SQL, compiled to something else."""
    before = result("q1", semantic_sql="SELECT npl_ratio FROM bank", physical_sql="SELECT SUM(bad) / SUM(balance)")
    after = wrong("q1", semantic_sql="SELECT npl_ratio FROM bank", physical_sql="SELECT SUM(bad) / COUNT(*)")
    text = _shown([before], [after], catalog_fingerprint="0")
    assert "SUM(bad) / SUM(balance)" in text
    assert "SUM(bad) / COUNT(*)" in text
    assert "catalog_fingerprint" in text


def test_of_long_physical_sql_the_terminal_shows_what_differs() -> None:
    lines = [f"line_{i}" for i in range(60)]
    changed = [*lines[:5], "line_x", *lines[6:40], "line_y", *lines[40:]]
    text = _shown([result("q", physical_sql="\n".join(lines))], [wrong("q", physical_sql="\n".join(changed))])
    assert all(re.search(rf"\b{name}\b", text) for name in ("line_5", "line_x", "line_y", "line_3", "line_41"))
    assert not re.search(r"\bline_(1|10|30|50)\b", text)


def test_long_sql_is_folded_and_lost_nowhere() -> None:
    long = "SELECT " + ", ".join(f"column_{i}" for i in range(60)) + " FROM bank"
    text = _shown([result("q", semantic_sql=long)], [failed("q", semantic_sql="SELECT 1 FROM bank")])
    assert max(len(line) for line in text.splitlines()) <= 100
    assert "column_59" in text


def test_the_page_warns_and_marks_the_lines_that_differ() -> None:
    before = result("q", physical_sql="SELECT 1\nFROM loan_snapshot")
    after = wrong("q", physical_sql="SELECT 2\nFROM loan_snapshot")
    page = difference_page(compare_reports(report([before]), report([after], clock="2020-01-01")))
    assert "Not comparable" in page
    assert '<td class="said gone">SELECT 1</td><td class="said come">SELECT 2</td>' in page
    assert '<td class="said">FROM loan_snapshot</td><td class="said">FROM loan_snapshot</td>' in page
