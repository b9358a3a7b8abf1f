"""Figures of a report against published worked examples, plain arithmetic and figures worked out by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from t2sql.evaluation.reports.calibration import find_calibration, find_coverage
from t2sql.evaluation.reports.costs import Prices, cost_line, find_cost, percentiles
from t2sql.evaluation.reports.figures import figures_document, find_figures
from t2sql.evaluation.reports.pairs import find_pairs
from t2sql.evaluation.reports.proportions import PairedDifference, Share, mcnemar, percent
from t2sql.evaluation.reports.report import CaseResult
from t2sql.settings import Settings

from made_reports import drawn, failed, refused, report, result, wrong

Z = 1.959963984540054
COUNTS = st.integers(0, 300)

# R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3.
PUBLISHED_WILSON = [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]


@pytest.mark.parametrize(("count", "of", "low", "high"), PUBLISHED_WILSON)
def test_an_interval_is_the_published_one(count: int, of: int, low: float, high: float) -> None:
    assert Share(count, of).interval == pytest.approx((low, high), abs=0.00005)


@hypothesis(deadline=None)
@given(COUNTS, COUNTS)
def test_an_interval_is_wilsons_formula_and_holds_the_share(right: int, wrong: int) -> None:
    share = Share(right, right + wrong)
    if not share.of:
        assert share.interval is None
        return
    n, p = share.of, right / share.of
    middle = (p + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z / (1 + Z**2 / n) * math.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
    assert share.interval == pytest.approx((middle - half, middle + half), abs=1e-9)
    assert share.interval[0] <= p + 1e-12
    assert share.interval[1] >= p - 1e-12
    assert 0 <= share.interval[0] <= share.interval[1] <= 1


def test_a_share_of_nothing_is_a_dash_and_never_a_percentage() -> None:
    assert (Share(0, 0).value, Share(0, 0).interval, str(Share(0, 0))) == (None, None, "—")


def test_a_share_is_written_with_its_numbers() -> None:
    assert str(Share(50, 60)) == "83.3% (72.0–90.7%, 50 of 60)"


@hypothesis(deadline=None)
@given(st.floats(0, 1))
def test_a_percentage_never_claims_all_or_nothing(value: float) -> None:
    shown = percent(value)
    assert (shown == "100.0%") == (value == 1)
    assert (shown == "0.0%") == (value == 0)


def test_a_paired_difference_is_the_published_one() -> None:
    """R. G. Newcombe, Statistics in Medicine 17 (1998) 2635-2650, the example of 36, 12, 2 and 0, method 10."""
    change = PairedDifference(both=36, worse=2, better=12, neither=0)
    assert change.value == pytest.approx(0.2)
    assert change.interval == pytest.approx((0.0569, 0.3404), abs=0.00005)


def test_a_paired_difference_is_the_worked_one() -> None:
    """D. G. Altman and others, Statistics with Confidence (2000), table 6.2: 14, 5, 0 and 22."""
    change = PairedDifference(both=14, worse=0, better=5, neither=22)
    assert change.value == pytest.approx(5 / 41)
    assert change.interval == pytest.approx((0.011, 0.226), abs=0.0005)


@hypothesis(deadline=None)
@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_a_paired_difference_turned_round_is_its_mirror(both: int, worse: int, better: int, neither: int) -> None:
    change, mirror = PairedDifference(both, worse, better, neither), PairedDifference(both, better, worse, neither)
    if change.value is None or change.interval is None or mirror.interval is None:
        assert change.of == 0
        return
    assert change.interval == pytest.approx((-mirror.interval[1], -mirror.interval[0]), abs=1e-9)
    assert change.interval[0] <= change.value + 1e-12
    assert change.value - 1e-12 <= change.interval[1]
    assert change.before.count - change.after.count == worse - better


@hypothesis(deadline=None)
@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_the_binomial_sum(better: int, worse: int) -> None:
    n = better + worse
    tail = sum(math.comb(n, k) for k in range(min(better, worse) + 1)) / 2**n
    assert mcnemar(better, worse) == pytest.approx(min(1.0, 2 * tail), rel=1e-9)


def _answers(*pairs: tuple[float | None, bool]) -> list[CaseResult]:
    return [
        result(f"q{i}", confidence=confidence, reason="" if is_right else "wrong values")
        for i, (confidence, is_right) in enumerate(pairs)
    ]


def test_calibration_by_hand() -> None:
    found = find_calibration(_answers((0.9, True), (0.9, False), (0.3, False), (0.35, False), (None, True)), seed=1)
    assert (found.measured, found.unmeasured) == (4, 1)
    assert [(b.low, b.high, b.right) for b in found.bins] == [(0.3, 0.4, Share(0, 2)), (0.9, 1.0, Share(1, 2))]
    assert found.bins[0].confidence == pytest.approx(0.325)
    assert found.error is not None
    assert found.brier is not None
    assert found.error.value == pytest.approx(0.5 * 0.325 + 0.5 * 0.4)
    assert found.brier.value == pytest.approx((0.01 + 0.81 + 0.09 + 0.1225) / 4)


def test_refusals_have_no_part_in_calibration() -> None:
    assert find_calibration([refused("a", confidence=0.9)], seed=1).measured == 0


def test_a_confidence_of_one_stands_in_the_last_bin() -> None:
    assert [(b.low, b.right) for b in find_calibration(_answers((1.0, True)), seed=1).bins] == [(0.9, Share(1, 1))]


@pytest.mark.parametrize("edge", range(10))
def test_an_edge_belongs_to_the_bin_above(edge: int) -> None:
    found = find_calibration(_answers((edge / 10, True)), seed=1)
    assert found.bins[0].low == pytest.approx(edge / 10)


def test_the_same_seed_gives_the_same_intervals() -> None:
    results = drawn(200).results
    assert find_calibration(results, seed=3) == find_calibration(results, seed=3)
    assert find_calibration(results, seed=3) != find_calibration(results, seed=4)


def test_the_bootstrap_agrees_with_the_normal_interval_of_a_large_sample() -> None:
    results = drawn(2_000).results
    squares = [(r.confidence - r.is_right) ** 2 for r in results if r.outcome == "answer" and r.confidence is not None]
    mean = sum(squares) / len(squares)
    half = Z * math.sqrt(sum((s - mean) ** 2 for s in squares) / (len(squares) - 1) / len(squares))
    brier = find_calibration(results, seed=5).brier
    assert brier is not None
    assert brier.value == pytest.approx(mean)
    assert brier.interval == pytest.approx((mean - half, mean + half), abs=half * 0.15)


def test_one_answer_has_no_bootstrap_interval() -> None:
    found = find_calibration(_answers((0.8, True)), seed=1)
    assert found.error is not None
    assert found.error.interval is None
    assert str(found.error) == "0.200 (—)"


def test_answers_without_a_miss_have_no_bootstrap_interval() -> None:
    """Resampling fifty right answers gives fifty right answers, which is no proof of no error."""
    found = find_calibration(_answers(*[(1.0, True)] * 50), seed=1)
    assert found.error is not None
    assert found.brier is not None
    assert (found.error.value, found.error.interval, found.brier.interval) == (0.0, None, None)
    assert found.bins[0].right.interval == pytest.approx(Share(50, 50).interval)


def test_coverage_by_hand() -> None:
    results = [*_answers((0.95, True), (0.95, False), (0.5, False), (None, False), (None, True)), refused("r")]
    found = find_coverage(results)
    assert [(t.confidence, t.coverage, t.error) for t in found.thresholds] == [
        (0.5, Share(3, 6), Share(2, 3)),
        (0.95, Share(2, 6), Share(1, 2)),
    ]
    assert found.unmeasured == Share(1, 2)


@hypothesis(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=40))
def test_coverage_never_grows_with_the_threshold(answers: list[tuple[float, bool]]) -> None:
    thresholds = find_coverage(_answers(*answers)).thresholds
    kept = [t.coverage.count for t in thresholds]
    assert kept == sorted(kept, reverse=True)
    assert len(set(kept)) == len(kept)
    assert len(thresholds) <= 101
    for t in thresholds:
        assert t.error.of == sum(confidence >= t.confidence - 1e-9 for confidence, _ in answers)


MIXED = [
    result("a", language="zh", category="number"),
    result("b", outcome="refusal", route="refused", category="refusals"),
    wrong("c", "wrong period", route="generated", category="number"),
    wrong("d", "wrong period", language="zh"),
    refused("e"),
    result("f", outcome="clarification", route="", reason="wrong metric"),
    failed("g"),
    failed("h", "not asked"),
]


def test_the_headline_by_hand() -> None:
    figures = find_figures(report(MIXED))
    assert figures.accuracy == Share(2, 8)
    assert figures.outcomes == {"answer": 3, "refusal": 2, "clarification": 1, "failure": 1}
    assert figures.not_asked == 1
    assert figures.silent == Share(2, 8)
    assert figures.silent_of_answered == Share(2, 3)
    assert figures.flagged == Share(2, 8)
    assert figures.failed == Share(2, 8)


def test_of_what_was_asked_back_it_is_told_how_often_the_right_reading_was_offered() -> None:
    offered, not_offered = refused("e", offers_right=True), refused("f", offers_right=False)
    unwanted = result("r", outcome="refusal", route="refused", wants_answer=False)
    figures = find_figures(report([result("a"), offered, not_offered, refused("g"), unwanted]))
    assert figures.asked_back == Share(3, 4)
    assert figures.offered == Share(1, 3)


def test_misses_by_reason_say_silent_flagged_and_failed_apart() -> None:
    found = {m.reason: (m.silent, m.flagged, m.failed) for m in find_figures(report(MIXED)).misses}
    assert found == {
        "wrong period": (2, 0, 0),
        "refused although answerable": (0, 1, 0),
        "wrong metric": (0, 1, 0),
        "time-out": (0, 0, 1),
        "not asked": (0, 0, 1),
    }


def test_groups_by_hand() -> None:
    groups = find_figures(report(MIXED)).groups
    assert {g.name: (g.accuracy, g.silent) for g in groups["language"]} == {
        "en": (Share(1, 6), Share(1, 6)),
        "zh": (Share(1, 2), Share(1, 2)),
    }
    assert [g.name for g in groups["language"]] == ["en", "zh"], "the largest first"
    assert {g.name: g.accuracy for g in groups["category"]}["number"] == Share(1, 2)


@hypothesis(deadline=None, max_examples=25)
@given(st.integers(0, 80), st.integers(0, 1_000))
def test_every_case_is_right_silent_flagged_or_failed_and_in_one_group(cases: int, seed: int) -> None:
    figures = find_figures(drawn(cases, seed))
    right, silent = figures.accuracy.count, figures.silent.count
    assert right + silent + figures.flagged.count + figures.failed.count == cases
    assert sum(m.count for m in figures.misses) == cases - right
    for groups in figures.groups.values():
        assert sum(g.accuracy.of for g in groups) == cases
        assert sum(g.accuracy.count for g in groups) == right
        assert sum(g.silent.count for g in groups) == silent


def test_no_cases_give_no_percentages() -> None:
    figures = find_figures(report([]))
    assert figures.accuracy == Share(0, 0)
    assert figures.efforts == ()
    assert figures.pairs is None
    assert figures.cost.cpu_seconds is None


PAIRED = [
    result("zh-1", language="zh", pair="one"), result("en-1", pair="one"),
    result("zh-2", language="zh", pair="two"), wrong("en-2", pair="two"),
    refused("zh-3", language="zh", pair="three"), wrong("en-3", pair="three"),
    result("zh-4", language="zh", pair="four"), wrong("zh-4b", language="zh", pair="four"),
    result("alone", pair="five"), result("none"),
]  # fmt: skip


def test_pairs_by_hand() -> None:
    pairs = find_pairs(PAIRED)
    assert pairs is not None
    across = pairs.across_languages
    assert (across.agree, across.same_rightness, across.all_right) == (Share(1, 3), Share(2, 3), Share(1, 3))
    assert across.disagreeing == (("zh-2", "en-2"), ("zh-3", "en-3"))
    assert pairs.rephrased.agree == Share(0, 1)
    assert (pairs.only_zh, pairs.only_en, pairs.p, pairs.alone) == (1, 0, 1.0, 1)


def test_a_set_of_many_counts_once() -> None:
    members = [result(f"zh-{i}", language="zh", pair="p") for i in range(5)]
    pairs = find_pairs([*members, wrong("zh-x", language="zh", pair="p")])
    assert pairs is not None
    assert pairs.rephrased.agree == Share(0, 1)


def test_twins_count_in_pairs_only() -> None:
    original = result("a", question="2025年12月的不良贷款率", language="zh")
    twin = wrong("a~", question="２０２５年１２月的不良贷款率", language="zh", twin="full-width")
    other = result("b", question="2024年", language="zh")
    found = find_figures(report([original, twin, other], cpu_seconds=6.0))
    assert found.accuracy == Share(2, 2)
    assert found.silent == Share(0, 2)
    assert found.pairs is not None
    assert found.pairs.full_width.agree == Share(0, 1)
    assert found.pairs.full_width.disagreeing == (("a", "a~"),)
    assert found.cost.cpu_seconds == pytest.approx(2.0), "the twin was asked, so it cost something"


def test_percentiles_are_figures_of_real_questions() -> None:
    found = percentiles([float(i) for i in range(100, 0, -1)])
    assert found is not None
    assert found.values == (50, 90, 95, 99)
    assert percentiles([7.0]) is not None
    assert percentiles([]) is None


@hypothesis(deadline=None)
@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=50))
def test_a_percentile_has_its_share_at_or_below(values: list[float]) -> None:
    found = percentiles(values)
    assert found is not None
    for share, value in zip((50, 90, 95, 99), found.values, strict=True):
        assert value in values
        assert sum(v <= value for v in values) * 100 >= share * len(values)
        assert sum(v < value for v in values) * 100 < share * len(values)


def test_efforts_leave_out_what_was_not_asked() -> None:
    efforts = find_figures(report([result("a"), result("b", route="generated"), failed("c", "not asked")])).efforts
    assert [(e.route, e.milliseconds.questions) for e in efforts] == [("", 2), ("composed", 1), ("generated", 1)]


def test_efforts_leave_out_failures_and_count_them() -> None:
    ends = [result("a"), refused("b"), failed("c", milliseconds=120_000.0), failed("d", "not asked"), failed("e")]
    figures = find_figures(report([*ends, failed("e~", twin="full-width")]))
    overall = figures.efforts[0]
    assert (overall.milliseconds.questions, overall.milliseconds.p99) == (2, 50)
    assert figures.without_failures == 2, "what was not asked, and twins, are no part of the table anyway"
    assert find_figures(report([failed("c")])).efforts == ()


def test_a_run_that_went_on_shares_its_seconds_among_what_it_asked() -> None:
    """Fifty of sixty answers were kept from before: ten were asked in 20 processor seconds."""
    cost = find_cost(report([result(f"q{i}") for i in range(60)], cpu_seconds=20.0, asked_now=10), Prices())
    assert (cost.questions, cost.cpu_seconds) == (10, 2.0)


def test_the_money_line() -> None:
    results = [result(f"q{i}") for i in range(60)]
    cost = find_cost(report(results, cpu_seconds=21.0), Prices(cpu_hour=1.2, person_hour=300))
    assert cost.machine_money == pytest.approx(0.35 * 1.2 / 3600)
    assert cost.person_money == 150
    assert cost_line(cost) == (
        "0.35 CPU-seconds a question: 0.00012 CNY at 1.20 CNY a CPU-hour;"
        " a person: 150 CNY at 300 an hour and 30 minutes."
    )


MONEY: list[tuple[dict[str, float], dict[str, Any], str]] = [
    ({}, {}, "0.35 CPU-seconds a question."),
    ({"cpu_seconds": 0.0}, {"cpu_hour": 1.2}, "Processor seconds were not measured."),
    (
        {"cpu_seconds": 0.0}, {"person_hour": 300.0, "currency": "EUR"},
        "Processor seconds were not measured; a person: 150 EUR at 300 an hour and 30 minutes.",
    ),
    ({"asked_now": 0}, {"cpu_hour": 1.2}, "Processor seconds were not measured."),
    ({"asked_now": 6}, {"cpu_hour": 1.2}, "3.5 CPU-seconds a question: 0.0012 CNY at 1.20 CNY a CPU-hour."),
]  # fmt: skip


@pytest.mark.parametrize(("measures", "prices", "line"), MONEY)
def test_the_money_line_says_what_it_knows(measures: dict[str, float], prices: dict[str, Any], line: str) -> None:
    made = report([result(f"q{i}") for i in range(60)], **({"cpu_seconds": 21.0} | measures))
    assert cost_line(find_cost(made, Prices(**prices))) == line


def test_prices_come_from_the_settings() -> None:
    chosen = Settings(price_cpu_hour=1.2, price_person_hour=300, person_minutes=20, currency="EUR")
    assert Prices.of(chosen) == Prices(1.2, 300, 20, "EUR")
    assert Prices.of(Settings()) == Prices()


@pytest.mark.parametrize("price", ["-1", "inf", "nan", "a lot"])
def test_a_price_is_a_number_of_money(price: str) -> None:
    with pytest.raises(ValueError, match="price_cpu_hour"):
        Settings.model_validate({"price_cpu_hour": price})


def test_figures_for_json_have_values_and_intervals() -> None:
    document = figures_document(find_figures(report(MIXED)))
    assert document["accuracy"]["count"] == 2
    assert document["accuracy"]["value"] == 0.25
    assert document["accuracy"]["interval"] == pytest.approx(Share(2, 8).interval)
    assert document["cost"]["line"].startswith("3 CPU-seconds a question")
