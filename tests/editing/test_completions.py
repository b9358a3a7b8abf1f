"""What the editor offers: names of the narrowed catalog, loaded periods, and values that the person may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from t2sql.catalog import GRAINS, Catalog, Dimension
from t2sql.compiler import compile_sql, compile_values
from t2sql.compiler.request import COMPARISONS
from t2sql.editing.completions import MOST_OFFERED, Completion, KnownValues, Values, compared, complete
from t2sql.editing.reading import read_words
from t2sql.editing.vocabulary import FUNCTIONS
from t2sql.flow import Loads
from t2sql.policy import Narrowed, Policies
from t2sql.warehouse.duckdb import DuckDbWarehouse


def values_in(warehouse: DuckDbWarehouse, narrowed: Narrowed) -> Values:
    """The values that `narrowed`'s principal may see, out of the real bank."""

    def read(dimension: Dimension) -> Mapping[str, Sequence[str]]:
        rows = warehouse.rows(compile_values(narrowed, dimension), timeout_seconds=30)
        return {str(value): tuple(a for a in names if a) for value, *names in rows if value is not None}

    return KnownValues(read, warehouse.version)


def no_values(dimension: Dimension) -> Mapping[str, Sequence[str]]:
    raise AssertionError(f"nobody may read the values of {dimension.name}")


def texts(found: Sequence[Completion]) -> list[str]:
    return [word.text for word in found]


def test_every_name_of_the_catalog_is_offered_with_its_meaning(head_office: Narrowed, loads: Loads) -> None:
    words = complete(head_office, loads, no_values)
    catalog = head_office.catalog
    by_kind = {kind: [w for w in words if w.kind == kind] for kind in ("metric", "dimension", "grain", "function")}
    assert texts(by_kind["metric"]) == list(catalog.metrics)
    assert texts(by_kind["dimension"]) == list(catalog.dimensions)
    assert texts(by_kind["grain"]) == list(GRAINS)
    assert texts(by_kind["function"]) == list(FUNCTIONS)
    npl = next(w for w in words if w.text == "npl_ratio")
    assert (npl.display.zh, npl.display.en) == ("不良贷款率", "NPL ratio")
    assert npl.meaning.zh == "不良贷款余额除以贷款余额，先汇总后相除。"
    assert npl.meaning.en == "NPL balance over loan balance, taken after summing."
    for word in words:
        if word.kind not in ("keyword", "period"):
            assert word.display.zh and word.display.en and word.meaning.zh and word.meaning.en, word.text


def test_the_functions_are_those_that_the_compiler_knows() -> None:
    assert set(FUNCTIONS) == set(COMPARISONS)


@pytest.mark.parametrize(
    ("before", "first"),
    [
        ("SELECT npl", "npl_balance"),
        ("SELECT branch, 不良贷款率", "npl_ratio"),
        ("SELECT branch, NPL_R", "npl_ratio"),
        ("SELECT ratio, coverage", "provision_coverage"),
        ("SELECT yo", "yoy"),
        ("SELECT branch, npl_ratio FROM ba", "bank"),
        ("SELECT branch FROM bank WHERE 客群", "segment"),
        ("SELECT branch FROM bank WHERE branch = '上海分行' AND reg", "region"),
        ("SELECT branch FROM bank GR", "GROUP BY"),
        # A quote that is doubled does not end the value.
        ("SELECT branch FROM bank WHERE branch = 'a''b' AND seg", "segment"),
    ],
)
def test_names_are_found_by_how_they_are_written_or_called(
    head_office: Narrowed, loads: Loads, before: str, first: str
) -> None:
    assert texts(complete(head_office, loads, no_values, before))[0] == first


@pytest.mark.parametrize(
    "before", ["", "SELECT ", "SELECT branch, ", "SELECT x FROM bank WHERE zzzzqq", "SELECT -- npl"]
)
def test_nothing_is_offered_where_nothing_is_begun_or_fits(head_office: Narrowed, loads: Loads, before: str) -> None:
    assert complete(head_office, loads, no_values, before) == ()


def test_every_offered_name_compiles_where_it_is_offered(head_office: Narrowed, loads: Loads) -> None:
    for word in complete(head_office, loads, no_values, "SELECT ratio"):
        if word.kind in ("metric", "dimension"):
            assert compile_sql(f"SELECT {word.text} FROM bank", head_office, loads).columns


# -- values -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("before", "offered"),
    [
        ("branch = '上", ["上海分行"]),
        ("branch = 'shang", ["上海分行"]),
        ("branch <> '上海", ["上海分行"]),
        ("NOT branch LIKE '上", ["上海分行"]),
        ("branch NOT IN ('北京分行', '上海", ["上海分行"]),
        ("branch IN ( '北京分行' ,'上海", ["上海分行"]),
        ("managing_branch = '上海", ["上海分行"]),
        ("risk_class = '", ["关注", "可疑", "损失", "次级", "正常"]),
        ("npl_ratio > 0.01 AND branch = 'Bei", ["北京分行"]),
    ],
)
def test_values_are_offered_after_their_dimension(
    head_office: Narrowed, loads: Loads, warehouse: DuckDbWarehouse, before: str, offered: list[str]
) -> None:
    found = complete(
        head_office, loads, values_in(warehouse, head_office), f"SELECT npl_ratio FROM bank WHERE {before}"
    )
    assert sorted(texts(found)) == sorted(offered)


def test_at_most_fifty_values_are_offered_and_a_beginning_finds_the_rest(
    head_office: Narrowed, loads: Loads, warehouse: DuckDbWarehouse
) -> None:
    values = values_in(warehouse, head_office)
    start = "SELECT npl_ratio FROM bank WHERE sub_branch = '"
    first = texts(complete(head_office, loads, values, start))
    assert len(first) == MOST_OFFERED
    every = sorted(values(head_office.catalog.dimensions["sub_branch"]))
    hidden = next(value for value in every if value not in first)
    assert hidden in texts(complete(head_office, loads, values, start + hidden[:3]))


@pytest.mark.parametrize("dimension", ["customer_name", "customer_no", "originated_on", "nothing", "npl_ratio"])
def test_what_is_personal_no_dimension_or_a_date_is_never_listed(
    head_office: Narrowed, loads: Loads, dimension: str
) -> None:
    assert complete(head_office, loads, no_values, f"SELECT npl_ratio FROM bank WHERE {dimension} = '") == ()


def test_only_values_that_the_principal_may_see_are_offered(
    catalog: Catalog, policies: Policies, loads: Loads, warehouse: DuckDbWarehouse
) -> None:
    east = policies.narrow(catalog, policies.principal("analyst_east"))
    values = values_in(warehouse, east)
    start = "SELECT npl_ratio FROM bank WHERE "
    seen = texts(complete(east, loads, values, start + "branch = '"))
    assert "上海分行" in seen and "北京分行" not in seen and "成都分行" not in seen
    assert texts(complete(east, loads, values, start + "region = '")) == ["华东区"]
    assert complete(east, loads, values, start + "branch = '北京") == ()
    names = texts(complete(east, loads, values, start + "sub_branch = '中关村"))
    assert names == []


def test_hidden_names_are_not_offered(catalog: Catalog, policies: Policies, loads: Loads) -> None:
    product = policies.narrow(catalog, policies.principal("product_team"))
    hidden = set(catalog.metrics) - set(product.catalog.metrics)
    assert hidden
    offered = {word.text for word in complete(product, loads, no_values)}
    assert not hidden & offered
    assert not (set(catalog.dimensions) - set(product.catalog.dimensions)) & offered


def test_values_are_read_once_until_the_data_change(head_office: Narrowed) -> None:
    reads: list[str] = []
    version = ["1"]

    def read(dimension: Dimension) -> Mapping[str, Sequence[str]]:
        reads.append(dimension.name)
        return {"a": ()}

    values = KnownValues(read, lambda: version[0])
    branch, region = (head_office.catalog.dimensions[name] for name in ("branch", "region"))
    for dimension in (branch, branch, region, branch):
        assert values(dimension) == {"a": ()}
    assert reads == ["branch", "region"]
    version[0] = "2"
    values(branch)
    assert reads == ["branch", "region", "branch"]


# -- periods ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("before", "first"),
    [
        ("month = '", ["2026-06", "2026-05"]),
        ("month >= '2025-1", ["2025-12", "2025-11", "2025-10"]),
        ("month BETWEEN '2026-01' AND '2026-0", ["2026-06", "2026-05"]),
        ("quarter IN ('2026-Q2', '", ["2026-Q2", "2026-Q1"]),
        ("half = '2025", ["2025-H2", "2025-H1"]),
        ("year = '", ["2026", "2025", "2024", "2023"]),
        ("month(originated_on) = '2026", ["2026-06", "2026-05"]),
    ],
)
def test_loaded_periods_are_offered_the_latest_first(
    head_office: Narrowed, loads: Loads, before: str, first: list[str]
) -> None:
    found = complete(head_office, loads, no_values, f"SELECT npl_ratio FROM bank WHERE {before}")
    assert texts(found)[: len(first)] == first
    assert all(word.kind == "period" for word in found)


def test_every_offered_month_is_loaded(head_office: Narrowed, loads: Loads) -> None:
    for word in complete(head_office, loads, no_values, "SELECT branch FROM bank WHERE month = '")[:12]:
        plan = compile_sql(f"SELECT npl_ratio FROM bank WHERE month = '{word.text}'", head_office, loads)
        assert plan.understood.periods == (word.text,)


@pytest.mark.parametrize(
    ("before", "name", "grain"),
    [
        ("SELECT 1 WHERE a = '", "a", ""),
        ("a IN ('x', '", "a", ""),
        ("a IN (b, '", "", ""),
        ("f(a, '", "", ""),
        ("month(a) <= '", "a", "month"),
        ("a BETWEEN 'x' AND '", "a", ""),
        ("a = 'x' AND '", "", ""),
        ("'", "", ""),
    ],
)
def test_what_a_value_is_compared_with(before: str, name: str, grain: str) -> None:
    assert compared(read_words(before)[0]) == (name, grain)
