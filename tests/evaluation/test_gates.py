"""Gates: each opens and shuts at its limit, names the questions behind it, and never passes on nothing."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from t2sql.errors import ConfigError, QuestionError
from t2sql.evaluation.reports.gates import (
    GateResult,
    Limits,
    SilentLimit,
    check_gates,
    parse_accuracy,
    parse_silent_limit,
)
from t2sql.evaluation.reports.report import Report

from made_reports import drawn, failed, refused, report, result, wrong

RIGHT = [result(f"r{i}") for i in range(9)]
COMPARED = Limits(no_regression=True)


def _gate(made: Report, limits: Limits, baseline: Report | None = None) -> GateResult:
    (gate,) = check_gates(made, limits, baseline)
    return gate


@pytest.mark.parametrize(("text", "share"), [("0.9", (9, 10)), ("90%", (9, 10)), ("1", (1, 1)), ("0", (0, 1)),
                                            ("99.5%", (199, 200)), (".5", (1, 2)), (" 90% ", (9, 10))])  # fmt: skip
def test_an_accuracy_is_a_share(text: str, share: tuple[int, int]) -> None:
    assert parse_accuracy(text) == Fraction(*share)


@pytest.mark.parametrize("text", ["90", "1.01", "101%", "-0.5", "", "nan", "inf", "0,9", "1e-2", "９０%", "ninety"])
def test_an_accuracy_that_is_none_is_refused_with_its_cure(text: str) -> None:
    with pytest.raises(QuestionError, match="--min-accuracy") as caught:
        parse_accuracy(text)
    assert caught.value.hint


SILENT = [
    ("0", SilentLimit(count=0)), ("3", SilentLimit(count=3)), ("1%", SilentLimit(share=Fraction(1, 100))),
    ("0.5%", SilentLimit(share=Fraction(1, 200))), ("0.02", SilentLimit(share=Fraction(1, 50))),
    ("2%", SilentLimit(share=Fraction(1, 50))), ("0%", SilentLimit(share=Fraction(0))),
]  # fmt: skip


@pytest.mark.parametrize(("text", "limit"), SILENT)
def test_a_silent_limit_is_a_count_or_a_share(text: str, limit: SilentLimit) -> None:
    assert parse_silent_limit(text) == limit


@pytest.mark.parametrize("text", ["1.5", "1.0", "101%", "-1", "", "few"])
def test_a_silent_limit_that_may_mean_either_is_refused(text: str) -> None:
    with pytest.raises(QuestionError, match="--max-silent-errors") as caught:
        parse_silent_limit(text)
    assert "count" in caught.value.hint
    assert "share" in caught.value.hint


@pytest.mark.parametrize(("least", "is_passed"), [("90%", True), ("90.1%", False), ("0.9", True), ("1", False)])
def test_accuracy_shuts_just_below_its_limit(least: str, is_passed: bool) -> None:
    gate = _gate(report([*RIGHT, wrong("w")]), Limits(min_accuracy=parse_accuracy(least)))
    assert gate.is_passed is is_passed
    assert gate.ids == (() if is_passed else ("w",))
    assert bool(gate.cure) is not is_passed
    assert "9 of 10" in gate.figure


@pytest.mark.parametrize(
    ("most", "is_passed"), [("2", True), ("1", False), ("20%", True), ("19.9%", False), ("0.2", True)]
)
def test_silent_errors_shut_just_above_their_limit(most: str, is_passed: bool) -> None:
    made = report([*RIGHT[:6], wrong("w1"), wrong("w2"), refused("f"), failed("t")])
    gate = _gate(made, Limits(max_silent=parse_silent_limit(most)))
    assert gate.is_passed is is_passed
    assert gate.ids == (() if is_passed else ("w1", "w2"))


EVERY = [
    Limits(min_accuracy=Fraction(0)), Limits(max_silent=SilentLimit(count=99)),
    Limits(max_silent=SilentLimit(share=Fraction(1))), Limits(no_regression=True), Limits(no_worse=True),
]  # fmt: skip


@pytest.mark.parametrize("limits", EVERY)
def test_no_gate_passes_without_cases(limits: Limits) -> None:
    empty = report([])
    gates = check_gates(empty, limits, empty if limits.no_regression or limits.no_worse else None)
    assert gates
    assert not any(gate.is_passed for gate in gates)


@pytest.mark.parametrize("limits", EVERY)
def test_no_gate_passes_when_cases_were_not_asked(limits: Limits) -> None:
    cut = report([*RIGHT, failed("n", "not asked")])
    gates = check_gates(cut, limits, cut if limits.no_regression or limits.no_worse else None)
    assert not any(gate.is_passed for gate in gates)
    assert all("1 of 10 cases were not asked" in gate.figure and gate.ids == ("n",) for gate in gates)


def test_no_silent_error_among_failures_alone_is_no_pass() -> None:
    gate = _gate(report([failed("a"), failed("b", "SQL error")]), Limits(max_silent=SilentLimit(count=0)))
    assert not gate.is_passed


@pytest.mark.parametrize(("failures", "is_passed"), [(9, True), (10, False)])
def test_too_little_answered_is_no_pass(failures: int, is_passed: bool) -> None:
    """Nine right cases: half may fail, one more says too little."""
    names = [f"f{i}" for i in range(failures)]
    gate = _gate(report([*RIGHT, *map(failed, names)]), Limits(max_silent=SilentLimit(count=0)))
    assert gate.is_passed is is_passed
    assert gate.ids == (() if is_passed else tuple(names))
    assert ("10 of 19 cases failed: too little was answered to say" in gate.figure) is not is_passed
    assert ("failed" in gate.cure) is not is_passed


def test_refusals_alone_are_no_failures() -> None:
    assert _gate(report([refused(f"f{i}") for i in range(9)]), Limits(max_silent=SilentLimit(count=0))).is_passed


def test_silent_errors_are_named_before_failures() -> None:
    gate = _gate(report([wrong("w"), failed("a"), failed("b")]), Limits(max_silent=SilentLimit(count=5)))
    assert not gate.is_passed
    assert gate.ids == ("w", "a", "b")


def test_twins_open_and_shut_nothing() -> None:
    twins = [wrong(f"t{i}", question=f"question r{i}", twin="full-width") for i in range(5)]
    limits = Limits(Fraction(1), SilentLimit(count=0))
    assert all(gate.is_passed for gate in check_gates(report([*RIGHT, *twins]), limits))
    assert not any(gate.is_passed for gate in check_gates(report(twins), limits))


def test_one_right_question_that_is_silently_wrong_now_is_a_regression() -> None:
    baseline = report([*RIGHT, result("x")])
    accuracy, silent = check_gates(report([*RIGHT, wrong("x")]), COMPARED, baseline)
    assert accuracy.is_passed, "one question in ten may be chance"
    assert not silent.is_passed
    assert silent.ids == ("x",)
    assert "eval diff" in silent.cure


@pytest.mark.parametrize(("lost", "is_passed"), [(5, True), (6, False)])
def test_accuracy_is_lower_from_six_questions_to_none(lost: int, is_passed: bool) -> None:
    """Five of five by chance: p = 0.0625; six of six: p = 0.03125."""
    names = [f"q{i}" for i in range(20)]
    now = report([refused(n) if i < lost else result(n) for i, n in enumerate(names)])
    accuracy, silent = check_gates(now, COMPARED, report([result(n) for n in names]))
    assert accuracy.is_passed is is_passed
    assert silent.is_passed, "refusals are flagged"


def test_what_was_refused_or_failed_may_not_become_silently_wrong() -> None:
    """Not a question is right before or now, so accuracy alone sees nothing."""
    names = [f"q{i}" for i in range(20)]
    now = report([wrong(n) for n in names])
    for baseline in (report([refused(n) for n in names]), report([failed(n) for n in names])):
        accuracy, silent = check_gates(now, COMPARED, baseline)
        assert accuracy.is_passed
        assert not silent.is_passed
        assert silent.ids == tuple(names)
        assert silent.figure == "20 of 20 silently wrong now and not before"


def test_much_better_is_no_regression() -> None:
    names = [f"q{i}" for i in range(20)]
    gates = check_gates(report([result(n) for n in names]), COMPARED, report([wrong(n) for n in names]))
    assert all(gate.is_passed for gate in gates)


def test_what_was_wrong_before_may_stay_wrong() -> None:
    made = report([*RIGHT, wrong("w")])
    assert all(gate.is_passed for gate in check_gates(made, Limits(no_regression=True, no_worse=True), made))


def test_strictly_no_question_may_get_worse() -> None:
    gate = _gate(
        report([*RIGHT, refused("x"), result("y")]), Limits(no_worse=True), report([*RIGHT, result("x"), wrong("y")])
    )
    assert not gate.is_passed
    assert gate.ids == ("x",)


@pytest.mark.parametrize("key", ["cases_sha256", "data_fingerprint", "clock", "principal"])
def test_what_cannot_be_compared_is_refused_rather_than_passed(key: str) -> None:
    with pytest.raises(ConfigError, match="cannot be compared") as caught:
        check_gates(drawn(5), COMPARED, report(drawn(5).results, **{key: "other"}))
    assert "baseline" in caught.value.hint


def test_a_report_that_lost_cases_of_the_baseline_is_refused() -> None:
    with pytest.raises(ConfigError, match="1 cases of the baseline are missing"):
        check_gates(report(RIGHT[1:]), COMPARED, report(RIGHT))


def test_a_gate_without_a_baseline_and_a_baseline_without_a_gate_are_refused() -> None:
    with pytest.raises(ConfigError, match="nothing to compare"):
        check_gates(drawn(5), COMPARED)
    with pytest.raises(ConfigError, match="asks for nothing"):
        check_gates(drawn(5), Limits(min_accuracy=Fraction(1, 2)), drawn(5))


def test_no_limits_are_no_gates() -> None:
    assert check_gates(drawn(5), Limits()) == ()


@hypothesis(deadline=None, max_examples=40)
@given(st.integers(1, 40), st.integers(0, 500), st.fractions(0, 1))
def test_a_gate_is_its_definition(cases: int, seed: int, share: Fraction) -> None:
    made = drawn(cases, seed)
    right, silent = sum(r.is_right for r in made.results), sum(r.is_silent for r in made.results)
    accuracy, quiet = check_gates(made, Limits(share, SilentLimit(share=share)))
    assert accuracy.is_passed == (right >= share * cases)
    if any(r.outcome != "failure" for r in made.results):
        assert quiet.is_passed == (silent <= share * cases)
    for gate in (accuracy, quiet):
        assert gate.is_passed or gate.cure
