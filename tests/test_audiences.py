"""Who may see a name: by role, as `narrow` decides it."""

from __future__ import annotations

import pytest

from t2sql.audiences import find_audiences, sees_all
from t2sql.catalog import Catalog
from t2sql.policy import Policies


def test_roles_see_what_their_catalogs_hold(catalog: Catalog, policies: Policies) -> None:
    found = {audience.role: audience for audience in find_audiences(catalog, policies)}
    assert list(found) == list(policies.roles)
    assert "net_profit" not in found["product_design"].names
    assert "customer_no" not in found["product_design"].names
    assert {"net_profit", "customer_no", "loans"} <= found["head_office"].names
    assert found["east"].rows == (("region", ("华东区",)),)
    assert found["head_office"].rows == ()


@pytest.mark.parametrize(
    ("principal", "expected"),
    [("hq", True), ("definitions_owner", True), ("analyst_east", False), ("product_team", False)],
)
def test_only_those_see_all_from_whom_nothing_is_kept(
    catalog: Catalog, policies: Policies, principal: str, expected: bool
) -> None:
    assert sees_all(policies.narrow(catalog, policies.principal(principal)), catalog) is expected
