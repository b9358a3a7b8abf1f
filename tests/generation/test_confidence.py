"""How sure a draft is: more doubt never means more confidence, a damaged calibration is refused, and on the development
questions wrong drafts are held back while right ones pass.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from t2sql.agent import Agent
from t2sql.errors import ConfigError
from t2sql.evaluation.calibrating.drafts import DraftedCase, Rightness, draft_case, ground_cases, without_repeats
from t2sql.evaluation.calibrating.figures import Stated, find_figures
from t2sql.evaluation.calibrating.fitting import MOST_WEIGHT, fit, fold_of, out_of_fold
from t2sql.evaluation.cases.files import read_cases
from t2sql.evaluation.cases.golds import Golds
from t2sql.generation import confidence as module
from t2sql.generation.confidence import (
    FEATURES,
    FILE_NAME,
    Evidence,
    calibration_for,
    own_calibration,
    read_calibration,
)
from t2sql.opening import open_agent
from t2sql.settings import Settings

from needs import needs

EVALS = Path(__file__).parent.parent / "evals"
NOTHING = Evidence(**dict.fromkeys(FEATURES, 0.0))
amounts = st.floats(0, 3)


@pytest.mark.parametrize("feature", FEATURES)
@given(rest=st.fixed_dictionaries(dict.fromkeys(FEATURES, amounts)), more=amounts)
def test_more_doubt_is_never_more_confidence(feature: str, rest: dict[str, float], more: float) -> None:
    """Whatever else speaks against a draft."""
    less = Evidence(**rest)
    model = own_calibration()
    assert model.confidence(replace(less, **{feature: rest[feature] + more})) <= model.confidence(less)


def test_a_draft_without_any_doubt_is_answered(settings: Settings) -> None:
    """At the threshold that settings choose by themselves."""
    assert own_calibration().confidence(NOTHING) >= 1 - Settings.model_fields["accepted_error"].default


def test_one_unknown_word_that_matters_is_asked_back() -> None:
    """However few of them the development questions hold; one that is only a way of speaking is not."""
    least = 1 - Settings.model_fields["accepted_error"].default
    for weight, is_answered in ((0.8, False), (0.3, True)):
        found = replace(NOTHING, doubt=weight, worst=weight)
        assert (own_calibration().confidence(found) >= least) is is_answered


def test_the_product_says_what_its_calibration_was_made_of() -> None:
    """A day, the files with their hashes, and enough wrong drafts."""
    found = json.loads(Path(module.__file__).with_name(FILE_NAME).read_text(encoding="utf-8"))
    assert date.fromisoformat(found["made_on"]) <= date.today()
    assert {"bank_dev.yml", "bank_tune.yml"} <= set(found["files"])
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in found["files"].values())
    assert found["drafts"]["wrong"] >= 150
    assert "bank_test.yml" not in found["files"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"weights": {"doubt": -1.0}}, "features are not this version's"),
        ({"weights": {**dict.fromkeys(FEATURES, 0.0), "doubt": 0.5}}, "above 0"),
        ({"weights": {**dict.fromkeys(FEATURES, 0.0), "doubt": float("nan")}}, "above 0"),
        ({"bias": None}, "no calibration can be read"),
        ({"weights": [1, 2]}, "no calibration can be read"),
    ],
)
def test_a_damaged_calibration_is_refused(tmp_path: Path, change: dict[str, object], told: str) -> None:
    """With its path, and what to do."""
    whole = {"bias": 1.0, "weights": dict.fromkeys(FEATURES, -1.0)}
    (tmp_path / FILE_NAME).write_text(json.dumps({**whole, **change}), encoding="utf-8")
    with pytest.raises(ConfigError, match=told) as refused:
        read_calibration(tmp_path / FILE_NAME)
    assert str(tmp_path) in refused.value.message
    assert "calibrate.py" in refused.value.hint


def test_a_bank_may_put_its_own_calibration_beside_its_definitions(tmp_path: Path) -> None:
    """And has the product's own where it does not."""
    assert calibration_for(tmp_path) == own_calibration()
    (tmp_path / FILE_NAME).write_text(
        json.dumps({"bias": 1.5, "weights": dict.fromkeys(FEATURES, -1)}), encoding="utf-8"
    )
    assert calibration_for(tmp_path).bias == 1.5


def drafted(group: str, doubt: float, *, is_right: bool) -> DraftedCase:
    """A draft with one doubt."""
    return DraftedCase(group, group, "", "as is", "", "", replace(NOTHING, doubt=doubt), is_right, False)


ROWS = [
    *(drafted(f"right {i}", 0.1 * (i % 3), is_right=True) for i in range(40)),
    *(drafted(f"wrong {i}", 1.0 + 0.5 * (i % 3), is_right=False) for i in range(40)),
]


def test_a_fit_tells_right_drafts_from_wrong_ones_by_what_differs() -> None:
    """The feature that differs gets weight, the others none, and no weight is above zero."""
    model = fit(ROWS)
    assert model.weights["doubt"] < -1
    assert [name for name in FEATURES if model.weights[name] and name not in MOST_WEIGHT] == ["doubt"]
    assert min(model.confidence(row.evidence) for row in ROWS if row.is_right) > 0.8
    assert max(model.confidence(row.evidence) for row in ROWS if not row.is_right) < 0.3


def test_a_fit_never_learns_that_a_doubt_is_good() -> None:
    """Even where the sample says so."""
    turned = [replace(row, is_right=not row.is_right) for row in ROWS]
    assert fit(turned).weights == dict.fromkeys(FEATURES, 0.0) | MOST_WEIGHT


def test_a_fit_of_right_drafts_alone_is_refused() -> None:
    """It would be sure of everything."""
    with pytest.raises(ValueError, match="right drafts and wrong ones"):
        fit(ROWS[:40])


def test_a_question_never_judges_itself_said_otherwise() -> None:
    """All drafts of a group are in one fold, so a group of its own kind is judged by the others alone."""
    odd = [drafted("odd", 2.0, is_right=True)] * 30
    without = fit([row for row in ROWS if fold_of(row.group) != fold_of("odd")])
    assert out_of_fold([*ROWS, *odd])[-1] == pytest.approx(without.confidence(odd[0].evidence))


def test_a_draft_that_several_variants_write_counts_once() -> None:
    """What a variant changes nothing about says nothing new."""
    assert len(without_repeats([*ROWS, *(replace(row, variant="no retrieval") for row in ROWS)])) == len(ROWS)


@pytest.fixture(scope="module")
def agent(settings: Settings, locked_bank: Path) -> Iterator[Agent]:
    """The product as installed, over the demo bank."""
    needs((settings.llm_dir / f"{settings.llm}.gguf").is_file(), f"the llm {settings.llm!r} (`t2sql llm pull`)")
    opened = open_agent(settings.model_copy(update={"source": str(locked_bank), "memory_limit": "2GB"}))
    yield opened
    opened.close()


@pytest.mark.slow
def test_wrong_drafts_are_held_back_and_right_ones_pass(agent: Agent, locked_bank: Path, tmp_path: Path) -> None:
    """At least 80 % of the wrong ones and at most 8 % of the right ones, on the first development file and the inputs
    that get no number.
    """
    drafts: list[Stated] = []
    for name in ("bank_dev.yml", "bad_inputs.yml"):
        file = read_cases(EVALS / name)
        with Golds(file, agent=agent, today=date(2026, 7, 10), source=locked_bank, memory_limit="2GB") as golds:
            right = Rightness(agent, file, golds, tmp_path)
            rows = [
                draft_case(found, "as is", agent.llm, right, agent)
                for found in ground_cases(agent, file, date(2026, 7, 10))
            ]
        known = [row for row in rows if row and row.is_right is not None]
        drafts += [Stated(row, agent.calibration.confidence(row.evidence)) for row in known]
    figures = find_figures(drafts, 1 - agent.settings.accepted_error)
    print(f"wrong drafts held back {figures.wrong_held}; right ones {figures.right_held}")
    assert figures.wrong_held.of >= 8
    assert figures.right_held.of >= 80
    assert figures.wrong_held.count >= 0.8 * figures.wrong_held.of
    assert figures.right_held.count <= 0.08 * figures.right_held.of
