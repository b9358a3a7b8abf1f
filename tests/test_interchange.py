"""Definitions that travel: strict Ossie out and back without loss, a stranger's model in, and every mistake told."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from t2sql import cli
from t2sql.errors import ConfigError
from t2sql.interchange import export_model, import_model
from t2sql.ossie import read_catalog

from shop import build_shop

ROOT = Path(__file__).parent
SCHEMA = json.loads((ROOT / "ossie" / "osi-schema-0.1.1.json").read_text(encoding="utf-8"))
TPCDS = ROOT / "ossie" / "tpcds_semantic_model.yaml"

CORNERS = """\
version: 0.1.1
dialects: [ANSI_SQL, SNOWFLAKE]
semantic_model:
  - name: corners
    ai_context: Ask about sales.
    datasets:
      - name: towns
        source: town
        primary_key: [town_id]
        fields:
          - name: year
            expression: founded
            dimension: {}
            t2sql: {flat_name: founded, display: {zh: 建市年, en: 'no'}}
          - {name: town, expression: "town || 'x'", dimension: {is_time: false}, label: place, ai_context: a place}
      - name: sales
        source: sale
        primary_key: [sale_id]
        unique_keys: [[slip, line]]
        ai_context: {synonyms: ['yes', '2024-01-01'], colour: red}
        fields:
          - {name: sold_on, expression: sold_on}
          - name: amount
            expression: {dialects: [{dialect: SNOWFLAKE, expression: AMOUNT}, {dialect: ANSI_SQL, expression: amount}]}
          - {name: kind, expression: kind}
        t2sql: {time_dimension: sold_on}
        custom_extensions:
          - {vendor_name: DBT, data: '{"x":   1}'}
          - {vendor_name: COMMON, data: "not JSON\\n  at all "}
    relationships:
      - name: sale_town
        from: sales
        to: towns
        from_columns: [town_id]
        to_columns: [town_id]
        ai_context: {synonyms: [where]}
    metrics:
      - {name: turnover, expression: SUM(sales.amount)}
      - {name: slips, expression: COUNT(*), t2sql: {filter: "sales.kind <> 'void'"}}
      - name: cash
        expression: SUM(sales.amount)
        ai_context: {instructions: "Cash only.\\nNever cards.", synonyms: [notes]}
        t2sql: {filter: "sales.kind = 'cash'"}
      - name: buyers
        expression: COUNT(DISTINCT sales.kind)
        t2sql: {filter: sales.amount > 0, effective_from: '2024-01-01'}
      - {name: cash_share, t2sql: {type: ratio, numerator: cash, denominator: turnover, unit: ratio, day_count: 365}}
      - {name: rest, expression: (turnover - cash) / buyers, t2sql: {type: derived}}
    custom_extensions:
      - {vendor_name: SALESFORCE, data: '{"a": {"b": [1, 2]}}'}
""".replace("COUNT(*)", "COUNT(sales.kind)")


def written(folder: Path, text: str, name: str = "model.yml") -> Path:
    """`text` as a file of `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def bank(_folder: Path) -> Path:
    return ROOT.parent / "metrics" / "bank"


def shop(folder: Path) -> Path:
    return build_shop(folder) / "metrics" / "shop"


def corners(folder: Path) -> Path:
    return written(folder, CORNERS).parent


def retail(folder: Path) -> Path:
    return written(folder, import_model(TPCDS).text).parent


MODELS: list[Callable[[Path], Path]] = [bank, shop, corners, retail]


@pytest.mark.parametrize("model", MODELS)
def test_out_and_back_loses_nothing(model: Callable[[Path], Path], tmp_path: Path) -> None:
    folder = model(tmp_path / "authored")
    strict = export_model(folder)
    back = import_model(written(tmp_path / "strict", strict, "strict.yaml"))
    again = written(tmp_path / "back", back.text).parent
    assert back.notes == ()
    assert read_catalog(again).fingerprint == read_catalog(folder).fingerprint == back.catalog.fingerprint
    assert export_model(again) == strict


@pytest.mark.parametrize("model", MODELS)
def test_what_is_written_is_strict(model: Callable[[Path], Path], tmp_path: Path) -> None:
    tree = YAML(typ="safe").load(export_model(model(tmp_path)))
    jsonschema.validate(tree, SCHEMA)
    ours = [e for e in tree["semantic_model"][0]["custom_extensions"] if e["vendor_name"] == "COMMON"]
    assert [list(json.loads(e["data"])) for e in ours] == [["t2sql"]]


def test_the_specifications_own_example_is_strict() -> None:
    jsonschema.validate(YAML(typ="safe").load(TPCDS.read_text(encoding="utf-8")), SCHEMA)


def test_readers_of_older_yaml_read_the_same_words(tmp_path: Path) -> None:
    text = export_model(corners(tmp_path))
    old = YAML(typ="safe", pure=True)
    old.version = (1, 1)
    assert old.load(text) == YAML(typ="safe").load(text)
    assert old.load(text)["semantic_model"][0]["datasets"][1]["ai_context"]["synonyms"] == ["yes", "2024-01-01"]


def test_others_extensions_stay_as_they_are(tmp_path: Path) -> None:
    back = import_model(written(tmp_path, export_model(corners(tmp_path)), "strict.yaml"))
    model = YAML(typ="safe").load(back.text)["semantic_model"][0]
    assert model["custom_extensions"] == [{"vendor_name": "SALESFORCE", "data": '{"a": {"b": [1, 2]}}'}]
    assert [e["data"] for e in model["datasets"][1]["custom_extensions"]] == ['{"x":   1}', "not JSON\n  at all "]


def test_a_common_extension_shared_with_others_is_split(tmp_path: Path) -> None:
    strict = YAML(typ="safe").load(export_model(shop(tmp_path)))
    extension = strict["semantic_model"][0]["metrics"][0]["custom_extensions"][0]
    extension["data"] = json.dumps({**json.loads(extension["data"]), "other": {"x": 1}})
    back = import_model(written(tmp_path, json.dumps(strict), "strict.json"))
    metric = YAML(typ="safe").load(back.text)["semantic_model"][0]["metrics"][0]
    assert metric["t2sql"]["default_period"] == "ytd"
    assert [json.loads(e["data"]) for e in metric["custom_extensions"]] == [{"other": {"x": 1}}]


CORE = {
    "turnover": "SUM(sales.amount)",
    "slips": "COUNT(CASE WHEN sales.kind <> 'void' THEN sales.kind END)",
    "cash": "SUM(CASE WHEN sales.kind = 'cash' THEN sales.amount ELSE 0 END)",
    "buyers": "COUNT(DISTINCT CASE WHEN sales.amount > 0 THEN sales.kind END)",
    "cash_share": "1.0 * COALESCE(SUM(CASE WHEN sales.kind = 'cash' THEN sales.amount ELSE 0 END), 0)"
    " / NULLIF(COALESCE(SUM(sales.amount), 0), 0)",
    "rest": "1.0 * (COALESCE(SUM(sales.amount), 0)"
    " - COALESCE(SUM(CASE WHEN sales.kind = 'cash' THEN sales.amount ELSE 0 END), 0))"
    " / NULLIF(COUNT(DISTINCT CASE WHEN sales.amount > 0 THEN sales.kind END), 0)",
}


def core_formulas(text: str) -> dict[str, str]:
    metrics = YAML(typ="safe").load(text)["semantic_model"][0]["metrics"]
    return {m["name"]: m["expression"]["dialects"][0]["expression"] for m in metrics}


def test_every_metric_has_a_formula_over_fields(tmp_path: Path) -> None:
    assert core_formulas(export_model(corners(tmp_path))) == CORE


def test_the_formulas_are_right_numbers(tmp_path: Path) -> None:
    """Run as a reader of the core would: over the table, with nothing of ours."""
    import duckdb

    rows = "(VALUES ('cash', 10), ('cash', 5), ('card', 30), ('void', -4), ('void', NULL)) AS sales(kind, amount)"
    expected = {"turnover": 41, "slips": 3, "cash": 15, "buyers": 2, "cash_share": 15 / 41, "rest": 13.0}
    for name, formula in core_formulas(export_model(corners(tmp_path))).items():
        found = duckdb.sql(f"SELECT {formula} FROM {rows}").fetchall()
        assert found[0][0] == pytest.approx(expected[name]), name


def test_what_a_formula_cannot_say_is_told(tmp_path: Path) -> None:
    metrics = YAML(typ="safe").load(export_model(bank(tmp_path)))["semantic_model"][0]["metrics"]
    told = {m["name"]: m["ai_context"].get("instructions", "") for m in metrics}
    assert "loans holds balances: read only the last load of the period" in told["loan_balance"]
    assert "annualised over the days of the period" in told["roe"]
    assert "converted to CNY" in told["deposit_balance"]
    assert "each dataset is aggregated alone" in told["aum"]
    assert told["card_spend"] == ""


def test_the_short_form_is_read_as_people_write_it(tmp_path: Path) -> None:
    back = import_model(written(tmp_path, export_model(shop(tmp_path)), "strict.yaml")).text
    assert "expression: SUM(sales.amount)\n" in back
    assert "dialects" not in back and "custom_extensions" not in back


# -- a stranger's model -------------------------------------------------------------------------------------------
def test_the_example_model_is_completed_and_tells_how() -> None:
    imported = import_model(TPCDS)
    assert imported.catalog.datasets["store_sales"].time_dimension == "date_dim.d_date"
    assert [n for n in imported.notes if "dated by date_dim.d_date" in n]
    value = imported.catalog.metrics["customer_lifetime_value"]
    assert (value.type, value.numerator) == ("ratio", "total_sales")
    assert imported.catalog.metrics[value.denominator].expression == "COUNT(DISTINCT customer.c_customer_sk)"
    assert [n for n in imported.notes if "over all rows of customer" in n]


STRANGER = """\
version: 0.1.1
semantic_model:
  - name: city
    datasets:
      - name: store
        source: store
        primary_key: [id]
        fields:
          - {name: city, expression: &e {dialects: [{dialect: ANSI_SQL, expression: city}]}, dimension: {}}
          - {name: total, expression: *e, dimension: {}}
      - name: person
        source: person
        primary_key: [id]
        fields:
          - {name: city, expression: *e, dimension: {}}
          - {name: month, expression: *e, dimension: {}}
          - {name: person_month, expression: *e, dimension: {}}
      - name: sale
        source: sale
        fields:
          - {name: asked_on, expression: *e, dimension: {is_time: true}}
          - {name: paid_on, expression: *e, dimension: {is_time: true}}
    relationships:
      - {name: bought, from: sale, to: person, from_columns: [b], to_columns: [id]}
      - {name: sold, from: sale, to: person, from_columns: [s], to_columns: [id]}
      - {name: at, from: sale, to: store, from_columns: [t], to_columns: [id]}
    metrics:
      - name: total
        expression: {dialects: [{dialect: SNOWFLAKE, expression: SUM(sale.x)}, {dialect: MDX, expression: y}]}
      - {name: mean, expression: {dialects: [{dialect: ANSI_SQL, expression: SUM(sale.x) * 2 + COUNT(sale.x)}]}}
"""


def test_names_that_mean_two_things_are_kept_apart(tmp_path: Path) -> None:
    text = STRANGER.replace("{name: paid_on", "{name: x")
    imported = import_model(written(tmp_path, text, "stranger.yaml"))
    flat = {d.name: (d.dataset, d.field, d.role) for d in imported.catalog.dimensions.values()}
    assert flat["store_city"] == ("store", "city", "") and flat["person_city"] == ("person", "city", "")
    assert flat["store_total"] == ("store", "total", "")
    assert flat["person_month_2"] == ("person", "month", "") and flat["person_month"][1] == "person_month"
    assert flat["bought_person_city"] == ("person", "city", "bought")
    assert flat["sold_person_city"] == ("person", "city", "sold")
    assert set(imported.catalog.datasets["person"].fields) == {"city", "month", "person_month"}


def test_two_dates_are_left_open_and_told(tmp_path: Path) -> None:
    text = STRANGER.replace("SUM(sale.x) * 2 + COUNT(sale.x)", "COUNT(sale.paid_on)").replace(
        "SUM(sale.x)", "MAX(sale.paid_on)"
    )
    imported = import_model(written(tmp_path, text, "stranger.yaml"))
    assert imported.catalog.datasets["sale"].time_dimension == ""
    assert [n for n in imported.notes if n.startswith("sale has no date yet: asked_on, paid_on could be it.")]


def test_a_formula_of_several_parts_is_taken_apart(tmp_path: Path) -> None:
    imported = import_model(written(tmp_path, STRANGER.replace("{name: paid_on", "{name: x"), "stranger.yaml"))
    mean = imported.catalog.metrics["mean"]
    assert (mean.type, mean.expression) == ("derived", "sum_sale_x * 2 + count_sale_x")
    assert imported.catalog.metrics["count_sale_x"].unit == "count"
    assert core_formulas(export_model(written(tmp_path, imported.text).parent))["mean"] == (
        "COALESCE(SUM(sale.x), 0) * 2 + COUNT(sale.x)"
    )


MISTAKES: list[tuple[str, str, str, int, str]] = [
    ("another version", "version: 0.1.1", "version: 0.2.0", 1, "version '0.2.0' cannot be read"),
    ("no version", "version: 0.1.1\n", "", 1, "version is missing"),
    ("broken YAML", "primary_key: [id]", "primary_key: [id", 8, "expected"),
    ("two models", "  - name: city", "  - name: other\n    datasets: []\n  - name: city", 2, "2 semantic models"),
    ("unknown key", "source: person", "source: person\n        t2sql: {}", 13, "unknown key 't2sql'"),
    ("unknown dialect", "dialect: SNOWFLAKE", "dialect: KLINGON", 29, "dialect"),
    ("short expression", "{dialects: [{dialect: ANSI_SQL, expression: city}]}", "city", 9, "expression"),
    ("no SQL", "{dialect: SNOWFLAKE, expression: SUM(sale.x)}, ", "", 29, "no dialect here is SQL"),
    (
        "no key at the end",
        "to: store, from_columns: [t], to_columns: [id]",
        "to: store, from_columns: [t], to_columns: [t]",
        26,
        "no key",
    ),
    ("unknown dataset", "to: store,", "to: shop,", 26, "unknown dataset 'shop'"),
    ("metric like a grain", "{name: mean,", "{name: year,", 30, "name of a time grain"),
    ("two metrics", "{name: mean,", "{name: total,", 30, "two definitions"),
    (
        "no expression",
        "{name: mean, expression: {dialects: [{dialect: ANSI_SQL, expression: SUM(sale.x) * 2 + COUNT(sale.x)}]}}",
        "{name: mean}",
        30,
        "expression is missing",
    ),
]


@pytest.mark.parametrize(("_what", "old", "new", "line", "words"), MISTAKES, ids=[m[0] for m in MISTAKES])
def test_a_mistake_is_told_with_its_line(_what: str, old: str, new: str, line: int, words: str, tmp_path: Path) -> None:
    assert old in STRANGER
    path = written(tmp_path, STRANGER.replace(old, new, 1), "stranger.yaml")
    with pytest.raises(ConfigError) as caught:
        import_model(path)
    assert caught.value.message.startswith(f"{path}:{line}: "), caught.value.message
    assert words in caught.value.message
    assert caught.value.hint


def test_a_changed_formula_beside_our_definition_is_refused(tmp_path: Path) -> None:
    text = export_model(corners(tmp_path)).replace(CORE["cash"], CORE["cash"].replace("'cash'", "'card'"))
    path = written(tmp_path, text, "strict.yaml")
    with pytest.raises(
        ConfigError, match=r"strict\.yaml:\d+: metric 'cash': its expression and its t2sql extension say"
    ):
        import_model(path)


def test_an_unknown_key_inside_our_extension_is_told(tmp_path: Path) -> None:
    text = export_model(corners(tmp_path)).replace('"denominator"', '"denominater"')
    with pytest.raises(ConfigError, match=r"unknown key 'denominater'\. Did you mean 'denominator'"):
        import_model(written(tmp_path, text, "strict.yaml"))


def test_metrics_that_stand_on_themselves_are_not_exported(tmp_path: Path) -> None:
    text = CORNERS.replace("expression: (turnover - cash) / buyers", "expression: rest + 1")
    with pytest.raises(ConfigError, match=r"metric 'rest' stands on itself"):
        export_model(written(tmp_path, text).parent)


# -- the commands -------------------------------------------------------------------------------------------------
def test_export_and_import_as_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, strict, out = corners(tmp_path / "a"), tmp_path / "strict.yaml", tmp_path / "b"
    assert cli.main(["metrics", "export", "--metrics", str(folder), "--out", str(strict)]) == 0
    assert cli.main(["metrics", "export", "--metrics", str(folder)]) == 0
    assert capsys.readouterr().out == f"{strict}\n{strict.read_text(encoding='utf-8')}"
    assert cli.main(["metrics", "import", str(strict), "--out", str(out)]) == 0
    assert "without it nobody sees anything" in capsys.readouterr().err
    assert read_catalog(out).fingerprint == read_catalog(folder).fingerprint


def test_nothing_is_written_over_without_force(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    strict = written(tmp_path, export_model(corners(tmp_path / "a")), "strict.yaml")
    out = written(tmp_path / "b", "mine").parent
    assert cli.main(["metrics", "import", str(strict), "--out", str(out)]) == 3
    assert "Add --force" in capsys.readouterr().err
    assert (out / "model.yml").read_text(encoding="utf-8") == "mine"
    assert cli.main(["metrics", "import", str(strict), "--out", str(out), "--force"]) == 0
    assert cli.main(["metrics", "export", "--metrics", str(out), "--out", str(strict)]) == 3
    assert cli.main(["metrics", "export", "--metrics", str(out), "--out", str(strict), "--force"]) == 0


def test_a_model_that_cannot_be_read_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    strict = written(tmp_path, STRANGER.replace("to: store,", "to: shop,"), "stranger.yaml")
    assert cli.main(["metrics", "import", str(strict), "--out", str(tmp_path / "b")]) == 3
    assert f"{strict}:26: unknown dataset 'shop'" in capsys.readouterr().err
    assert not (tmp_path / "b").exists()


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        import_model(tmp_path / "none.yaml")
