"""The small shop with reviewers, opened: real files, a real database, no llm."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from review_shop import forget_journal, open_review_shop

from t2sql.agent import Agent


@pytest.fixture(scope="session")
def shop_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder that all agents of these tests share, so that the index is built once."""
    return tmp_path_factory.mktemp("review-cache")


@pytest.fixture
def shop(tmp_path: Path, shop_cache: Path) -> Callable[..., Agent]:
    """Opens an agent over a shop of its own."""
    return partial(open_review_shop, tmp_path, shop_cache)


@pytest.fixture
def agent(shop: Callable[..., Agent], shop_cache: Path) -> Iterator[Agent]:
    """An agent over the shop, with an empty journal."""
    forget_journal(shop_cache)
    opened = shop()
    yield opened
    opened.close()
