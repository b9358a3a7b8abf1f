"""Fixtures for tests of editing: somebody who may not see every name."""

from __future__ import annotations

import pytest

from t2sql.catalog import Catalog
from t2sql.policy import Narrowed, Policies


@pytest.fixture(scope="session")
def product_team(catalog: Catalog, policies: Policies) -> Narrowed:
    """The catalog as the product team sees it, without costs."""
    return policies.narrow(catalog, policies.principal("product_team"))


@pytest.fixture(scope="session")
def hidden(catalog: Catalog, product_team: Narrowed) -> str:
    """A metric that the product team may not see."""
    return sorted(set(catalog.metrics) - set(product_team.catalog.metrics))[0]
