"""The demo bank's definitions: enough, in both languages, each standing on what exists, each path single."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from t2sql.catalog import Catalog, Dimension, Metric
from t2sql.errors import NotComputable
from t2sql.metric_names import columns_in, names_used, physical_columns
from t2sql.ossie import read_catalog
from t2sql.paths import joins_to

CJK = re.compile(r"[\u4e00-\u9fff]")
AGGREGATES = (exp.Sum, exp.Count, exp.Avg, exp.Min, exp.Max)

ORGANISATION = {"region", "branch", "sub_branch", "successor_sub_branch", "city", "province"}
CUSTOMER = {"customer_type", "segment", "industry", "risk_rating", "gender", "customer_name", "customer_no"}
CUSTOMER |= {"customer_opened_on", "home_region", "home_branch", "home_sub_branch"}
PRODUCT = {"product", "product_line", "product_type", "deposit_term"}
CONTRACT = {"collateral", "rate_type", "loan_term_band", "originated_on", "matures_on", "booking_region"}
CONTRACT |= {"managing_region", "managing_branch", "managing_sub_branch"}
CARD = {"card_opened_on", "issuing_region"}
REACHED = {
    "loans": ORGANISATION | CUSTOMER | PRODUCT | CONTRACT | {"currency", "risk_class", "overdue_bucket"},
    "disbursements": ORGANISATION | CUSTOMER | PRODUCT | CONTRACT | {"currency"},
    "repayments": ORGANISATION | CUSTOMER | PRODUCT | CONTRACT | {"currency"},
    "deposits": ORGANISATION | CUSTOMER | PRODUCT | {"currency"},
    "daily_deposits": ORGANISATION | PRODUCT | {"currency"},
    "card_balances": ORGANISATION | CUSTOMER | PRODUCT | CARD,
    "card_spending": ORGANISATION | CUSTOMER | PRODUCT | CARD | {"merchant_category", "channel"},
    "wealth": ORGANISATION | CUSTOMER | PRODUCT,
    "customer_book": ORGANISATION | CUSTOMER,
    "customer_register": ORGANISATION | CUSTOMER,
    "ledger": ORGANISATION | {"gl_account", "account_group"},
    "ledger_balances": ORGANISATION,
    "fees": ORGANISATION | CUSTOMER | {"fee_type"},
}


def test_there_are_enough_definitions_and_no_warning(catalog: Catalog) -> None:
    assert len(catalog.metrics) >= 45
    assert len([d for d in catalog.dimensions.values() if not d.role]) >= 25
    assert catalog.warnings == ()


def test_no_word_names_two_things(catalog: Catalog) -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    items: list[Metric | Dimension] = [*catalog.metrics.values(), *catalog.dimensions.values()]
    for item in items:
        for word in (item.display.zh, item.display.en, *item.synonyms):
            owners[word.casefold()].add(item.name)
    assert {word: names for word, names in owners.items() if len(names) > 1} == {}


def test_every_metric_is_signed_in_both_languages(catalog: Catalog) -> None:
    for metric in catalog.metrics.values():
        words = (*metric.synonyms, metric.display.zh, metric.display.en)
        assert CJK.search(metric.display.zh), metric.name
        assert not CJK.search(metric.display.en), metric.name
        chinese, _, english = metric.description.partition(" / ")
        assert CJK.search(chinese) and english and not CJK.search(english), metric.name
        assert any(CJK.search(word) for word in words) and any(not CJK.search(word) for word in words), metric.name
        assert len(metric.synonyms) >= 3, metric.name
        assert metric.reference and metric.owner and metric.unit and metric.version, metric.name
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", metric.effective_from), metric.name


def test_every_dimension_is_described_in_both_languages(catalog: Catalog) -> None:
    for dimension in catalog.dimensions.values():
        item = catalog.field_of(dimension)
        assert CJK.search(dimension.display.zh) and not CJK.search(dimension.display.en), dimension.name
        assert " / " in item.description, dimension.name
        assert dimension.role or len(dimension.synonyms) >= 3, dimension.name


def test_every_expression_names_what_exists(catalog: Catalog) -> None:
    for metric in catalog.metrics.values():
        names, fields = names_used(metric, catalog.metrics)
        assert names <= set(catalog.metrics), metric.name
        for dataset, name in fields:
            assert name in catalog.datasets[dataset].fields, metric.name
        if metric.type == "simple":
            tree = sqlglot.parse_one(metric.expression, read="duckdb")
            facts = {dataset for dataset, _name in columns_in(metric.expression)}
            assert isinstance(tree, AGGREGATES) and len(facts) == 1 and not names, metric.name
            assert catalog.datasets[facts.pop()].time_dimension, metric.name
        else:
            assert not fields and not metric.filter, metric.name


def test_no_metric_stands_on_itself(catalog: Catalog) -> None:
    def below(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, above
        for used in names_used(catalog.metrics[name], catalog.metrics)[0]:
            below(used, (*above, name))

    for name in catalog.metrics:
        below(name, ())


def test_a_metric_filter_is_reached_by_one_plain_path(catalog: Catalog) -> None:
    for metric in catalog.metrics.values():
        fact = {dataset for dataset, _name in columns_in(metric.expression)} if metric.type == "simple" else set()
        for dataset, name in columns_in(metric.filter) if metric.filter else ():
            item = catalog.datasets[dataset].fields[name]
            reached = Dimension(name, dataset, name, "", item.display, ())
            assert joins_to(catalog, next(iter(fact)), reached) is not None, metric.name


def test_flows_say_what_is_meant_without_a_period(catalog: Catalog) -> None:
    def stands_on_flow(metric: Metric) -> bool:
        names, fields = names_used(metric, catalog.metrics)
        facts = [catalog.datasets[dataset] for dataset, _name in fields]
        if any(fact.time_dimension and not fact.snapshot_grain for fact in facts):
            return True
        return any(stands_on_flow(catalog.metrics[name]) for name in names)

    for metric in catalog.metrics.values():
        is_window = metric.type == "cumulative"
        expected = "ytd" if (stands_on_flow(metric) or metric.window_choice == "avg") and not is_window else ""
        assert metric.default_period == expected, metric.name


@pytest.mark.parametrize("fact", sorted(REACHED))
def test_each_fact_reaches_its_dimensions_and_no_other(catalog: Catalog, fact: str) -> None:
    reached = {name for name, d in catalog.dimensions.items() if joins_to(catalog, fact, d) is not None}
    assert reached == REACHED[fact]


def test_every_fact_is_listed_here(catalog: Catalog) -> None:
    assert {fact.name for fact in catalog.facts()} == set(REACHED)
    assert all(fact.load_calendar for fact in catalog.facts())


def test_two_plain_paths_are_refused_by_name(catalog: Catalog) -> None:
    from dataclasses import replace

    second = next(r for r in catalog.relationships if r.name == "contract_managing_branch")
    plain = replace(second, name="second", from_dataset="loans", role="")
    doubled = replace(catalog, relationships=(*catalog.relationships, plain))
    with pytest.raises(NotComputable, match="two paths"):
        joins_to(doubled, "loans", doubled.dimensions["branch"])


def test_conforming_fields_are_found(catalog: Catalog) -> None:
    then = catalog.conforming_field("customer_book", catalog.dimensions["segment"])
    assert then is not None and then.name == "segment_then"
    assert catalog.conforming_field("loans", catalog.dimensions["segment"]) is None
    assert catalog.conforming_field("customer_book", catalog.dimensions["home_branch"]) is None


def test_personal_columns_are_not_in_the_catalog(catalog: Catalog) -> None:
    columns = {c for d in catalog.datasets.values() for f in d.fields.values() for c in physical_columns(f.expression)}
    assert not columns & {"id_no", "phone", "birth_date"}
    personal = [catalog.field_of(catalog.dimensions[name]) for name in ("customer_name", "customer_no")]
    assert all(item.sensitivity == "customer" and not item.searchable for item in personal)


def test_reading_twice_gives_the_same_catalog(catalog: Catalog) -> None:
    assert read_catalog(Path(next(iter(catalog.metrics.values())).place.file).parent) == catalog


def test_every_column_alias_and_enum_value_is_in_the_bank(catalog: Catalog, demo_bank: Path) -> None:
    with duckdb.connect(demo_bank, read_only=True) as bank:
        for dataset in catalog.datasets.values():
            for item in dataset.fields.values():
                for text in (item.expression, *item.alias_expressions):
                    bank.execute(f"SELECT {text} FROM {dataset.source} LIMIT 1").fetchall()
                if item.aliases:
                    rows = bank.execute(f"SELECT DISTINCT {item.expression} FROM {dataset.source}").fetchall()
                    assert set(item.aliases) <= {value for (value,) in rows}, item.name


def test_keys_join_and_hold_in_the_bank(catalog: Catalog, demo_bank: Path) -> None:
    with duckdb.connect(demo_bank, read_only=True) as bank:
        for dataset in catalog.datasets.values():
            if not dataset.time_dimension:
                for key in (dataset.primary_key, *dataset.unique_keys):
                    columns = ", ".join(key)
                    twice = f"SELECT {columns} FROM {dataset.source} GROUP BY {columns} HAVING COUNT(*) > 1"
                    assert bank.execute(twice).fetchall() == [], dataset.name
            if dataset.load_calendar:
                calendar = dataset.load_calendar
                found = bank.execute(
                    f"SELECT COUNT(*) FROM {calendar.source} WHERE {calendar.key_column} = ?", [calendar.key]
                ).fetchall()
                assert found[0][0] > 0, dataset.name
        for step in catalog.relationships:
            ends = (catalog.datasets[step.from_dataset].source, catalog.datasets[step.to_dataset].source)
            on = " AND ".join(f"a.{x} = b.{y}" for x, y in zip(step.from_columns, step.to_columns, strict=True))
            bank.execute(f"SELECT 1 FROM {ends[0]} a JOIN {ends[1]} b ON {on} LIMIT 1").fetchall()
