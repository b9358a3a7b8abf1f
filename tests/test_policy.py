"""Rights: what a principal may not see is gone from the catalog, and the rows a rule leaves are the right ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from t2sql.catalog import Catalog
from t2sql.errors import AccessDenied, ConfigError
from t2sql.metric_names import names_used, physical_columns
from t2sql.policy import Narrowed, Policies, Principal

HEAD = "principals:\n  someone: {roles: [%s]}\nroles:\n"
EAST = "  east: {rows: {dimension: region, values: [华东区], through: {customers: home_region}, open: [products]}}\n"
SOUTHWEST = "  southwest: {rows: {dimension: region, values: [西南区], open: [gl_accounts]}}\n"
NO_NAMES = "  no_names: {hide: {sensitivity: [customer, cost]}}\n"
ALL = "  all: {}\n"


def narrowed(catalog: Catalog, policies: Policies, name: str) -> Narrowed:
    return policies.narrow(catalog, policies.principal(name))


def with_roles(folder: Path, catalog: Catalog, names: str, roles: str) -> Narrowed:
    """The catalog of a person with the roles called `names`, out of a policies.yml with `roles`."""
    (folder / "policies.yml").write_text(HEAD % names + roles, encoding="utf-8")
    return narrowed(catalog, Policies.read(folder, catalog), "someone")


def names_in(catalog: Catalog) -> set[str]:
    """Every name that anything downstream could tell."""
    names = {*catalog.metrics, *catalog.dimensions, *catalog.datasets, *(r.name for r in catalog.relationships)}
    names |= {level for hierarchy in catalog.hierarchies for level in hierarchy.levels}
    return names | {f.name for d in catalog.datasets.values() for f in d.fields.values()}


def granted(rights: Narrowed) -> Mapping[str, frozenset[str]]:
    return {table: grant.columns for table, grant in rights.grants.items()}


# ---- who ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", "nobody", "HQ", "east", "hq; --"])
def test_nobody_and_a_stranger_are_told_the_same(policies: Policies, name: str) -> None:
    with pytest.raises(AccessDenied) as caught:
        policies.principal(name)
    assert caught.value.message == "Nobody is signed in, or this person has no rights here."


@pytest.mark.parametrize("roles", [(), ("gone",)])
def test_no_role_means_no_data(catalog: Catalog, policies: Policies, roles: tuple[str, ...]) -> None:
    somebody = replace(policies.principal("hq"), roles=roles)
    with pytest.raises(AccessDenied):
        policies.narrow(catalog, somebody)


def test_everybody_has_a_name_in_both_languages(policies: Policies) -> None:
    assert set(policies.principals) == {"hq", "analyst_east", "officer_southwest", "product_team", "definitions_owner"}
    for principal in policies.principals.values():
        assert principal.display.zh != principal.name != principal.display.en


# ---- names -------------------------------------------------------------------------------------------------------


def test_head_office_sees_everything(catalog: Catalog, policies: Policies) -> None:
    rights = narrowed(catalog, policies, "hq")
    assert names_in(rights.catalog) == names_in(catalog)
    assert rights.predicates == {} and rights.row_rules == ()
    assert all(grant.predicates == frozenset() for grant in rights.grants.values())


def test_hidden_names_are_gone_everywhere(catalog: Catalog, policies: Policies) -> None:
    rights = narrowed(catalog, policies, "product_team")
    hidden = {"customer_name", "customer_no", "operating_expense", "cost_to_income", "cost_amount"}
    assert hidden & names_in(catalog) == hidden
    assert not hidden & names_in(rights.catalog)
    assert "npl_ratio" in rights.catalog.metrics and "interest_income" in rights.catalog.metrics


def test_metrics_on_hidden_ones_are_gone(catalog: Catalog, policies: Policies) -> None:
    rights = narrowed(catalog, policies, "product_team")
    assert not {"net_profit", "roa", "roe"} & set(rights.catalog.metrics)
    for metric in rights.catalog.metrics.values():
        names, fields = names_used(metric, rights.catalog.metrics)
        assert names <= set(rights.catalog.metrics)
        assert all(name in rights.catalog.datasets[dataset].fields for dataset, name in fields)


def test_a_chain_of_metrics_falls_with_its_first(catalog: Catalog, tmp_path: Path) -> None:
    rights = with_roles(tmp_path, catalog, "narrow", "  narrow: {hide: {metrics: [interest_expense]}}\n")
    gone = {"interest_expense", "net_interest_income", "nim", "operating_income", "fee_income_share", "cost_to_income"}
    gone |= {"nim_rolling_year", "net_profit", "roa", "roe"}
    assert gone == set(catalog.metrics) - set(rights.catalog.metrics)


def test_costs_cannot_be_summed_from_the_ledger(catalog: Catalog, policies: Policies, demo_bank: Path) -> None:
    ledger = narrowed(catalog, policies, "product_team").catalog.datasets["ledger"]
    account = "account_code IN (SELECT account_code FROM gl_account WHERE account_group = '业务及管理费')"
    with duckdb.connect(demo_bank, read_only=True) as bank:
        for item in ledger.fields.values():
            if "amount" in physical_columns(item.expression):
                text = f"SELECT SUM({item.expression}) FROM gl_monthly WHERE {account}"
                assert bank.execute(text).fetchall() == [(None,)], item.name


def test_a_hidden_dimension_takes_its_roles_and_conforming_fields(catalog: Catalog, tmp_path: Path) -> None:
    rights = with_roles(tmp_path, catalog, "narrow", "  narrow: {hide: {dimensions: [segment, branch]}}\n")
    assert not {"segment", "segment_then", "branch", "managing_branch", "home_branch"} & names_in(rights.catalog)
    assert rights.catalog.hierarchies[0].levels == ("region", "sub_branch")
    assert not {"tier1_name"} & granted(rights)["branch"]


def test_a_hidden_role_dimension_leaves_the_plain_one(catalog: Catalog, tmp_path: Path) -> None:
    rights = with_roles(tmp_path, catalog, "narrow", "  narrow: {hide: {dimensions: [managing_branch]}}\n")
    assert "managing_branch" not in rights.catalog.dimensions and "branch" in rights.catalog.dimensions


def test_a_hidden_dataset_takes_all_that_leads_to_it(catalog: Catalog, tmp_path: Path) -> None:
    secret = replace(catalog.datasets["loan_contracts"], sensitivity="customer")
    guarded = replace(catalog, datasets={**catalog.datasets, "loan_contracts": secret})
    rights = with_roles(tmp_path, guarded, "no_names", NO_NAMES)
    gone = {"loan_contracts", "collateral", "managing_branch", "secured_loan_ratio", "loans_contract"}
    assert not gone & names_in(rights.catalog)
    assert "loan" not in rights.grants


def test_grants_hold_no_hidden_column(catalog: Catalog, policies: Policies) -> None:
    for name in policies.principals:
        columns = granted(narrowed(catalog, policies, name))
        assert not {"id_no", "phone", "birth_date"} & columns["customer"]
    columns = granted(narrowed(catalog, policies, "product_team"))
    assert not {"customer_name", "customer_no"} & columns["customer"]
    assert {"customer_id", "segment", "home_branch_id"} <= columns["customer"]


def test_fingerprints_keep_people_apart(catalog: Catalog, policies: Policies) -> None:
    prints = {name: narrowed(catalog, policies, name).fingerprint for name in policies.principals}
    assert len(set(prints.values())) == 4
    assert prints["hq"] == narrowed(catalog, policies, "hq").fingerprint


# ---- rows --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "region"), [("analyst_east", "华东区"), ("officer_southwest", "西南区")], ids=["east", "southwest"]
)
def test_predicates_leave_exactly_the_region(
    catalog: Catalog, policies: Policies, demo_bank: Path, name: str, region: str
) -> None:
    rights = narrowed(catalog, policies, name)
    assert set(catalog.datasets) - set(rights.predicates) == {"products", "currencies", "gl_accounts"}
    assert rights.row_rules == (("region", (region,)),)
    with duckdb.connect(demo_bank, read_only=True) as bank:
        units = bank.execute("SELECT branch_id FROM branch WHERE region_name = ?", [region]).fetchall()
        inside = ", ".join(str(unit) for (unit,) in units)
        for dataset, predicate in rights.predicates.items():
            source = catalog.datasets[dataset].source
            key = "home_branch_id" if source == "customer" else "branch_id"
            differs = f"COALESCE({predicate}, FALSE) IS DISTINCT FROM COALESCE({key} IN ({inside}), FALSE)"
            text = f"SELECT COUNT(*), COUNT(*) FILTER ({differs}) FROM {source}"
            rows, wrong = bank.execute(text).fetchall()[0]
            assert rows > 0 and wrong == 0, dataset


def test_every_table_with_rows_to_protect_is_granted_under_its_predicate(catalog: Catalog, policies: Policies) -> None:
    rights = narrowed(catalog, policies, "analyst_east")
    for dataset, predicate in rights.predicates.items():
        assert predicate in rights.grants[catalog.datasets[dataset].source].predicates


def test_a_dataset_that_a_rule_cannot_reach_is_not_seen(catalog: Catalog, tmp_path: Path) -> None:
    rights = with_roles(tmp_path, catalog, "east", EAST)
    missing = {"loan_contracts", "cards", "gl_accounts", "currencies"}
    assert missing == set(catalog.datasets) - set(rights.catalog.datasets)
    assert not {"collateral", "managing_branch", "gl_account", "currency", "interest_income"} & names_in(rights.catalog)
    assert {"loan_balance", "deposit_balance"} <= set(rights.catalog.metrics)
    assert not {"loan", "card", "gl_account", "currency"} & set(rights.grants)


def test_a_quote_in_a_value_stays_a_value(catalog: Catalog, tmp_path: Path, demo_bank: Path) -> None:
    role = "  odd: {rows: {dimension: region, values: [\"x') OR ('1' = '1\"], through: {customers: home_region}}}\n"
    rights = with_roles(tmp_path, catalog, "odd", role)
    with duckdb.connect(demo_bank, read_only=True) as bank:
        text = f"SELECT COUNT(*) FROM loan_snapshot WHERE {rights.predicates['loans']}"
        assert bank.execute(text).fetchall() == [(0,)]


# ---- several roles -----------------------------------------------------------------------------------------------


def test_two_regions_see_both(catalog: Catalog, tmp_path: Path, demo_bank: Path) -> None:
    rights = with_roles(tmp_path, catalog, "east, southwest", EAST + SOUTHWEST)
    assert rights.row_rules == (("region", ("华东区",)), ("region", ("西南区",)))
    with duckdb.connect(demo_bank, read_only=True) as bank:
        text = f"SELECT DISTINCT region_name FROM branch WHERE {rights.predicates['branches']}"
        assert set(bank.execute(text).fetchall()) == {("华东区",), ("西南区",)}
    assert {"products", "gl_accounts"} <= set(rights.catalog.datasets)
    assert "products" not in rights.predicates  # Open to one of them is open.


def test_a_role_for_all_rows_lifts_the_rule(catalog: Catalog, tmp_path: Path) -> None:
    rights = with_roles(tmp_path, catalog, "east, all", EAST + ALL)
    assert rights.predicates == {} and rights.row_rules == ()
    assert names_in(rights.catalog) == names_in(catalog)


def test_what_one_role_hides_another_shows(catalog: Catalog, tmp_path: Path) -> None:
    rights = with_roles(tmp_path, catalog, "no_names, all", NO_NAMES + ALL)
    assert {"customer_name", "cost_to_income"} <= names_in(rights.catalog)


def test_a_limited_role_does_not_show_names_of_rows_it_cannot_see(catalog: Catalog, tmp_path: Path) -> None:
    rights = with_roles(tmp_path, catalog, "east, no_names", EAST + NO_NAMES)
    assert rights.predicates == {}
    assert not {"customer_name", "cost_to_income", "cost_amount"} & names_in(rights.catalog)


# ---- the file ----------------------------------------------------------------------------------------------------

MISTAKES: list[tuple[str, str, int, str]] = [
    ("unknown key", ALL + "  odd: {hides: {}}\n", 5, "unknown key 'hides'. Did you mean 'hide'?"),
    (
        "unknown dimension of rows",
        ALL + "  odd: {rows: {dimension: regoin, values: [x]}}\n",
        5,
        "unknown dimension 'regoin'",
    ),
    (
        "unknown dimension of a detour",
        ALL + "  odd: {rows: {dimension: region, values: [x], through: {customers: home_regon}}}\n",
        5,
        "unknown dimension 'home_regon'",
    ),
    (
        "unknown dataset of a detour",
        ALL + "  odd: {rows: {dimension: region, values: [x], through: {client: region}}}\n",
        5,
        "unknown dataset 'client'",
    ),
    (
        "unknown open dataset",
        ALL + "  odd: {rows: {dimension: region, values: [x], open: [product]}}\n",
        5,
        "unknown dataset 'product'. Did you mean 'products'",
    ),
    (
        "unknown sensitivity",
        ALL + "  odd: {hide: {sensitivity: [costs]}}\n",
        5,
        "unknown sensitivity 'costs'. Did you mean 'cost'",
    ),
    (
        "unknown metric",
        ALL + "  odd: {hide: {metrics: [npl_rate]}}\n",
        5,
        "unknown metric 'npl_rate'. Did you mean 'npl_ratio'",
    ),
    ("unknown dimension", ALL + "  odd: {hide: {dimensions: [customer]}}\n", 5, "unknown dimension 'customer'"),
    ("rows without values", ALL + "  odd: {rows: {dimension: region, values: []}}\n", 5, "at least 1 item"),
    ("unknown role of a principal", "  other: {}\n", 2, "has unknown role 'all'"),
    ("broken YAML", ALL + "  odd: {rows: [1, 2\n", 5, "expected"),
]


@pytest.mark.parametrize(("roles", "line", "part"), [m[1:] for m in MISTAKES], ids=[m[0] for m in MISTAKES])
def test_a_mistake_is_told_with_file_line_and_cure(
    catalog: Catalog, tmp_path: Path, roles: str, line: int, part: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        with_roles(tmp_path, catalog, "all", roles)
    assert caught.value.message.startswith(f"{tmp_path / 'policies.yml'}:{line}: "), caught.value.message
    assert part in caught.value.message
    assert caught.value.hint


def test_a_missing_file_lets_nobody_in(catalog: Catalog, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"policies\.yml: no such file"):
        Policies.read(tmp_path, catalog)


@pytest.mark.parametrize("expression", ["SUM(loans.balance", "SUM(loans.balence)", "loan_balence + 1"])
def test_a_broken_definition_is_not_taken_for_a_hidden_one(
    catalog: Catalog, policies: Policies, expression: str
) -> None:
    broken = replace(catalog.metrics["loan_balance"], expression=expression)
    with pytest.raises(ConfigError, match=rf"model\.yml:{broken.place.line}: ") as caught:
        policies.narrow(replace(catalog, metrics={**catalog.metrics, "loan_balance": broken}), policies.principal("hq"))
    assert "t2sql check" in caught.value.hint


def test_a_principal_is_a_value(policies: Policies) -> None:
    assert policies.principal("hq") == Principal("hq", ("head_office",), policies.principal("hq").display)


# ---- review ------------------------------------------------------------------------------------------------------


def test_only_the_owner_of_the_definitions_reviews(catalog: Catalog, policies: Policies) -> None:
    assert {name for name, who in policies.principals.items() if who.may} == {"definitions_owner"}
    assert policies.principal("definitions_owner").may == {"review"}
    whole, owner = (narrowed(catalog, policies, name) for name in ("hq", "definitions_owner"))
    assert owner.fingerprint == whole.fingerprint and not owner.predicates, "who reviews sees everything"


def test_a_role_that_reviews_gives_it_to_who_has_it_among_others(catalog: Catalog, tmp_path: Path) -> None:
    text = HEAD % "plain, reviewing" + "  plain: {}\n  reviewing: {may: [review]}\n"
    (tmp_path / "policies.yml").write_text(text, encoding="utf-8")
    assert Policies.read(tmp_path, catalog).principal("someone").may == {"review"}


@pytest.mark.parametrize(
    ("limit", "line"),
    [
        ("hide: {metrics: [loan_balance]}", 6),
        ("hide: {sensitivity: [cost]}", 6),
        ("hide: {dimensions: [region]}", 6),
        ("rows: {dimension: region, values: [华东区]}", 6),
    ],
)
def test_a_role_that_reviews_sees_all(catalog: Catalog, tmp_path: Path, limit: str, line: int) -> None:
    text = HEAD % "reviewing" + f"  reviewing:\n    {limit}\n    may: [review]\n"
    (tmp_path / "policies.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=rf"policies\.yml:{line}: role 'reviewing' may review") as caught:
        Policies.read(tmp_path, catalog)
    assert "`may`" in caught.value.hint


@pytest.mark.parametrize("may", ["[revue]", "review", "[review, delete]", "{review: true}"])
def test_what_a_role_may_is_a_closed_list(catalog: Catalog, tmp_path: Path, may: str) -> None:
    text = HEAD % "reviewing" + f"  reviewing:\n    may: {may}\n"
    (tmp_path / "policies.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"policies\.yml:5: "):
        Policies.read(tmp_path, catalog)
