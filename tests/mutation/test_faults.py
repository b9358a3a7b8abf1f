"""Faults put into the compiler by hand, each of a kind that has cost a bank a wrong number. The cases must see all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from trial import PACKAGE, Trial

FAULTS = YAML(typ="safe").load((Path(__file__).parent / "faults.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def trial(demo_bank: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    """The healthy compiler's answers."""
    yield Trial(demo_bank, tmp_path_factory.mktemp("mutation"))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault["name"])
def test_fault_stands_in_the_code(fault: dict[str, Any]) -> None:
    """The text that a fault changes exists once, so that none is tried in vain."""
    assert (PACKAGE / fault["module"]).read_text(encoding="utf-8").count(fault["find"]) == 1


@pytest.mark.nightly
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault["name"])
def test_fault_is_seen(fault: dict[str, Any], trial: Trial) -> None:
    """At least one case fails with it."""
    text = (PACKAGE / fault["module"]).read_text(encoding="utf-8").replace(fault["find"], fault["replace"])
    assert trial.judge(fault["module"], text).is_killed


def test_there_are_forty() -> None:
    """As many as were promised, of different names."""
    assert len({fault["name"] for fault in FAULTS}) >= 40
