"""README's commands run, and its own-database example works as printed."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from t2sql.settings import Settings

from needs import needs
from shop import FILES, README, ROOT, build_shop, run_t2sql

COMMANDS = [
    line for block in re.findall(r"```bash\n(.*?)```", README, re.DOTALL) for line in block.splitlines() if line
]
ELSEWHERE = {"make test", ".venv/bin/t2sql serve"}
"""This very run; tests/test_offline.py and tests/ui."""
ASKING = [c for c in COMMANDS if c.startswith(".venv/bin/t2sql") and c not in ELSEWHERE]
OWN = [c for c in COMMANDS if c.startswith("t2sql ") and c != "t2sql doctor"]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with README's three files and a small database."""
    return build_shop(tmp_path_factory.mktemp("shop"))


def test_every_command_has_its_test() -> None:
    """A new command in README must be put under one of the tests here."""
    assert set(COMMANDS) == {*ELSEWHERE, *ASKING, *OWN, "t2sql doctor", "make demo"}
    assert sorted(FILES) == ["metrics/shop/model.yml", "metrics/shop/policies.yml", "t2sql.toml"]


def test_make_demo_again() -> None:
    """Set up already, it skips what is done and asks its three questions."""
    needs((ROOT / ".venv" / "bin" / "t2sql").is_file(), "a checkout set up by make")
    done = subprocess.run(["make", "demo"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "t2sql serve" in done.stdout


@pytest.mark.parametrize("command", ASKING)
def test_a_command_over_the_demo_bank_answers(command: str, demo_bank: Path, settings: Settings) -> None:
    """Exit code 0, as the reader would see it."""
    needs((settings.llm_dir / f"{settings.llm}.gguf").is_file(), f"the llm {settings.llm!r} (`t2sql llm pull`)")
    done = run_t2sql(*shlex.split(command)[1:], folder=ROOT, T2SQL_SOURCE=str(demo_bank))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", OWN)
def test_a_command_over_ones_own_database_works(command: str, shop: Path) -> None:
    """The smallest installation checks and answers."""
    done = run_t2sql(*shlex.split(command)[1:], folder=shop)
    assert done.returncode == 0, done.stdout + done.stderr


def test_ones_own_database_gives_the_right_number(shop: Path) -> None:
    """Not only an answer: 15.00 for 上海 and 7.00 for 北京."""
    done = run_t2sql("ask", "2025年各城市的销售收入", "--json", folder=shop)
    assert done.returncode == 0, done.stderr
    assert sorted(json.loads(done.stdout)["rows"]) == [["上海", 15.0], ["北京", 7.0]]


def test_doctor_runs(shop: Path) -> None:
    """It may find something to fix; it must say so and not fail."""
    done = run_t2sql("doctor", folder=shop)
    assert done.returncode in (0, 4), done.stderr
    assert "database" in done.stdout
