"""The small shop with reviewers, opened: real files, a real database, no llm."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from review_shop import METRIC, MORE_SALES, POLICIES, VERIFIED, no_llm

from t2sql.agent import Agent
from t2sql.settings import load

from shop import build_shop


@pytest.fixture(scope="session")
def shop_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder that all agents of these tests share, so that the index is built once."""
    return tmp_path_factory.mktemp("review-cache")


@pytest.fixture
def shop(tmp_path: Path, shop_index: Path) -> Callable[..., Agent]:
    """Opens an agent over a shop of its own."""

    def open_shop(**more: str | int) -> Agent:
        if not (tmp_path / "metrics").exists():
            build_shop(tmp_path)
            folder = tmp_path / "metrics" / "shop"
            model = (folder / "model.yml").read_text(encoding="utf-8")
            (folder / "model.yml").write_text(model.rstrip("\n") + METRIC, encoding="utf-8")
            (folder / "policies.yml").write_text(POLICIES, encoding="utf-8")
            (folder / "verified.yml").write_text(VERIFIED, encoding="utf-8")
            with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
                connection.execute(MORE_SALES)
        lines = ['metrics = "metrics/shop"', 'source = "shop.duckdb"', 'principal = "analyst"', "demo = true"]
        lines += [f'cache_dir = "{shop_index}"', *(f"{key} = {value!r}" for key, value in more.items())]
        (tmp_path / "t2sql.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return Agent.open(load(tmp_path / "t2sql.toml", {}), llm=no_llm)

    return open_shop


@pytest.fixture
def agent(shop: Callable[..., Agent], shop_index: Path) -> Iterator[Agent]:
    """An agent over the shop, with an empty journal."""
    for path in shop_index.glob("journal.sqlite*"):
        path.unlink()
    opened = shop()
    yield opened
    opened.close()
