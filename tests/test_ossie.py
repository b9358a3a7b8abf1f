"""Definitions files: what is read, and that every mistake is told with its file, its line and what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from t2sql.errors import ConfigError
from t2sql.ossie import read_catalog

SHOP = """\
version: 0.1.1
semantic_model:
  - name: shop
    datasets:
      - name: stores
        source: store
        primary_key: [store_id]
        fields:
          - {name: town, expression: town, dimension: {}}
      - name: sales
        source: sale
        primary_key: [sale_id]
        fields:
          - {name: sold_on, expression: sold_on}
          - {name: coin, expression: coin}
          - {name: amount, expression: amount, t2sql: {currency_field: coin}}
        t2sql: {time_dimension: sold_on}
    relationships:
      - {name: sales_store, from: sales, to: stores, from_columns: [store_id], to_columns: [store_id]}
    metrics:
      - {name: turnover, expression: SUM(sales.amount), ai_context: {synonyms: [takings]}}
      - {name: sale_count, expression: COUNT(sales.amount)}
      - {name: ticket, t2sql: {type: ratio, numerator: turnover, denominator: sale_count}}
"""


def written(folder: Path, text: str) -> Path:
    """`text` as the model.yml of `folder`."""
    (folder / "model.yml").write_text(text, encoding="utf-8")
    return folder


def test_a_small_file_is_read_whole(tmp_path: Path) -> None:
    catalog = read_catalog(written(tmp_path, SHOP))
    assert list(catalog.metrics) == ["turnover", "sale_count", "ticket"]
    assert list(catalog.dimensions) == ["town"]
    assert catalog.metrics["turnover"].synonyms == ("takings",)
    assert catalog.metrics["ticket"].numerator == "turnover"
    assert [fact.name for fact in catalog.facts()] == ["sales"]
    assert catalog.metrics["sale_count"].place.line == 22


def test_nested_dialects_mean_what_the_shorthand_means(tmp_path: Path) -> None:
    short = read_catalog(written(tmp_path, SHOP))
    nested = "{dialects: [{dialect: SNOWFLAKE, expression: x}, {dialect: ANSI_SQL, expression: SUM(sales.amount)}]}"
    long = read_catalog(written(tmp_path, SHOP.replace("expression: SUM(sales.amount)", f"expression: {nested}")))
    assert long.metrics["turnover"].expression == short.metrics["turnover"].expression
    assert long.fingerprint == short.fingerprint


def test_the_fingerprint_follows_meaning_and_not_layout(tmp_path: Path) -> None:
    first = read_catalog(written(tmp_path, SHOP)).fingerprint
    assert read_catalog(written(tmp_path, "# A remark.\n\n" + SHOP)).fingerprint == first
    assert read_catalog(written(tmp_path, SHOP.replace("COUNT(sales", "SUM(sales"))).fingerprint != first
    assert read_catalog(written(tmp_path, SHOP.replace("[takings]", "[revenue]"))).fingerprint != first


# What is wrong, what is replaced, by what, the line told, a part of the message.
MISTAKES: list[tuple[str, str, str, int, str]] = [
    ("a dataset named like the model", "- name: shop\n", "- name: stores\n", 5, "FROM stores means two things"),
    (
        "a looked-up date of an unknown field",
        "time_dimension: sold_on",
        "time_dimension: stores.opened",
        10,
        "unknown field of dataset 'stores' 'opened'",
    ),
    (
        "unknown key of a metric",
        "metrics:\n      - {name: turnover, expr",
        "metrics:\n      - {name: turnover, exprr",
        21,
        "unknown key 'exprression'. Did you mean 'expression'?",
    ),
    ("unknown key of a dataset", "source: sale\n", "source: sale\n        keys: [sale_id]\n", 12, "unknown key 'keys'"),
    (
        "unknown key of our extension",
        "{currency_field: coin}",
        "{currency_feild: coin}",
        16,
        "Did you mean 'currency_field'?",
    ),
    ("unknown key at the top", "version: 0.1.1\n", "version: 0.1.1\nmodel: shop\n", 2, "unknown key 'model'"),
    ("key given twice", "source: sale\n", "source: sale\n        source: sold\n", 12, "duplicate key"),
    ("missing key", "        source: store\n", "", 5, "source is missing"),
    ("wrong type", "primary_key: [store_id]", "primary_key: store_id", 7, "primary_key: must be a list"),
    ("wrong word", "{type: ratio,", "{type: quotient,", 23, "'simple', 'ratio', 'derived' or 'cumulative'"),
    ("list where a mapping belongs", "t2sql: {time_dimension: sold_on}", "t2sql: [sold_on]", 17, "t2sql: must be keys"),
    ("another version", "version: 0.1.1", "version: 0.2.0", 1, "version '0.2.0'"),
    ("broken indentation", "        source: sale\n", "       source: sale\n", 11, "expected"),
    ("open bracket", "primary_key: [store_id]", "primary_key: [store_id", 8, "expected"),
    ("open quote", "source: sale\n", "source: 'sale\n", 11, "quoted scalar"),
    ("control character", "source: sale\n", "source: sa\x07le\n", 1, "special characters are not allowed"),
    (
        "unknown dataset in a relationship",
        "to: stores",
        "to: storse",
        19,
        "unknown dataset 'storse'. Did you mean 'stores'?",
    ),
    (
        "unknown field as time dimension",
        "time_dimension: sold_on",
        "time_dimension: sold_no",
        10,
        "unknown field of dataset 'sales' 'sold_no'",
    ),
    (
        "unknown field as currency",
        "currency_field: coin",
        "currency_field: coyn",
        16,
        "unknown field of dataset 'sales' 'coyn'",
    ),
    (
        "unknown metric in a ratio",
        "numerator: turnover",
        "numerator: turnovr",
        23,
        "unknown metric 'turnovr'. Did you mean 'turnover'?",
    ),
    (
        "unknown dimension to conform to",
        "{name: coin, expression: coin}",
        "{name: coin, expression: coin, t2sql: {conforms_to: tawn}}",
        15,
        "unknown dimension 'tawn'",
    ),
    (
        "unknown level of a hierarchy",
        "  - name: shop\n",
        "  - name: shop\n    t2sql: {hierarchies: [{name: h, levels: [town, county]}]}\n",
        4,
        "unknown dimension 'county'",
    ),
    (
        "unknown field of a role",
        "to_columns: [store_id]}",
        "to_columns: [store_id], t2sql: {role: late, fields: [tovn]}}",
        19,
        "unknown field of dataset 'stores' 'tovn'",
    ),
    (
        "two metrics of one name",
        "name: sale_count",
        "name: turnover",
        22,
        "two definitions of metric or dimension 'turnover'",
    ),
    (
        "metric and dimension of one name",
        "name: sale_count",
        "name: town",
        9,
        "two definitions of metric or dimension 'town'",
    ),
    (
        "two fields of one name",
        "{name: coin,",
        "{name: sold_on,",
        15,
        "two definitions of field of dataset 'sales' 'sold_on'",
    ),
    ("two datasets of one name", "- name: sales", "- name: stores", 10, "two definitions of dataset 'stores'"),
    ("a metric called as a grain", "name: sale_count", "name: month", 22, "'month' is the name of a time grain"),
    (
        "a dimension called as the model",
        "{name: town,",
        "{name: shop,",
        9,
        "'shop' is the name of a time grain or of the model",
    ),
    ("relationship on no key", "to_columns: [store_id]", "to_columns: [town]", 19, "which is no key of 'stores'"),
    (
        "relationship of unequal width",
        "from_columns: [store_id]",
        "from_columns: [store_id, day]",
        19,
        "unequal numbers of columns",
    ),
    (
        "ratio with an expression",
        "{name: ticket,",
        "{name: ticket, expression: turnover,",
        23,
        "needs numerator and denominator, and no expression",
    ),
    (
        "metric without an expression",
        "{name: sale_count, expression: COUNT(sales.amount)}",
        "{name: sale_count}",
        22,
        "has no expression",
    ),
]


@pytest.mark.parametrize(("old", "new", "line", "part"), [m[1:] for m in MISTAKES], ids=[m[0] for m in MISTAKES])
def test_a_mistake_is_told_with_file_line_and_cure(tmp_path: Path, old: str, new: str, line: int, part: str) -> None:
    assert old in SHOP
    with pytest.raises(ConfigError) as caught:
        read_catalog(written(tmp_path, SHOP.replace(old, new, 1)))
    message = caught.value.message
    assert message.startswith(f"{tmp_path / 'model.yml'}:{line}: "), message
    assert part in message
    assert "\n" not in message
    assert caught.value.hint


def test_a_role_may_not_make_a_name_that_exists(tmp_path: Path) -> None:
    clash = SHOP.replace("{name: town,", "{name: late_town, expression: x, dimension: {}}\n          - {name: town,")
    clash = clash.replace("to_columns: [store_id]}", "to_columns: [store_id], t2sql: {role: late, fields: [town]}}")
    with pytest.raises(ConfigError, match="two definitions of metric or dimension 'late_town'"):
        read_catalog(written(tmp_path, clash))


def test_a_shared_synonym_is_a_warning(tmp_path: Path) -> None:
    shared = SHOP.replace("COUNT(sales.amount)}", "COUNT(sales.amount), ai_context: {synonyms: [Takings]}}")
    assert read_catalog(written(tmp_path, shared)).warnings == (
        "'takings' names both metric 'turnover' and metric 'sale_count'",
    )


@pytest.mark.parametrize(
    ("content", "part"),
    [(None, "no such file"), (b"", "version is missing"), (b"- a\n- b\n", ":1: "), (b"\xff\xfe\x00", "not UTF-8")],
    ids=["no file", "empty file", "a list", "binary"],
)
def test_a_file_that_is_none(tmp_path: Path, content: bytes | None, part: str) -> None:
    if content is not None:
        (tmp_path / "model.yml").write_bytes(content)
    with pytest.raises(ConfigError, match=re.escape(part)) as caught:
        read_catalog(tmp_path)
    assert str(tmp_path / "model.yml") in caught.value.message
    assert caught.value.hint
