"""Which join path is meant: a straight one, the only one around, or none; never a guess."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from t2sql.catalog import Catalog
from t2sql.errors import NotComputable
from t2sql.ossie import read_catalog
from t2sql.paths import is_reached, joins_between, joins_to

HEAD = """
version: 0.1.1
semantic_model:
  - name: small
    datasets:
"""
DATASET = """
      - name: {name}
        source: t_{name}
        primary_key: [id]
        fields:
          - {{name: {name}_name, expression: name, dimension: {{}}}}
"""
Make = Callable[..., Catalog]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A catalog of datasets a, b, c, d, each with one dimension, and relationships "a>b" or "a>b:role"."""

    def made(*arrows: str) -> Catalog:
        names = sorted({name for arrow in arrows for name in arrow.partition(":")[0].split(">")})
        lines = [HEAD, *(DATASET.format(name=name) for name in names), "\n    relationships:\n"]
        for i, arrow in enumerate(arrows):
            ends, _colon, role = arrow.partition(":")
            many, one = ends.split(">")
            extension = f", t2sql: {{role: {role}}}" if role else ""
            lines.append(
                f"      - {{name: r{i}, from: {many}, to: {one}, from_columns: [x{i}], to_columns: [id]{extension}}}\n"
            )
        (tmp_path / "model.yml").write_text("".join(lines), encoding="utf-8")
        return read_catalog(tmp_path)

    return made


def route(catalog: Catalog, start: str, dimension: str) -> list[str] | None:
    found = joins_to(catalog, start, catalog.dimensions[dimension])
    return None if found is None else [step.name for step in found]


@pytest.mark.parametrize(
    ("arrows", "dimension", "expected"),
    [
        (("a>b",), "a_name", []),
        (("a>b",), "b_name", ["r0"]),
        (("a>b", "b>c"), "c_name", ["r0", "r1"]),
        (("b>a",), "b_name", None),
        (("a>b", "a>c", "c>b"), "b_name", ["r0"]),
        (("a>c", "c>d", "d>b", "a>b"), "b_name", ["r3"]),
        (("a>b:home",), "b_name", None),
        (("a>b:home",), "home_b_name", ["r0"]),
        (("a>b", "a>b:home"), "b_name", ["r0"]),
        (("a>b", "a>b:home"), "home_b_name", ["r1"]),
        (("a>b", "a>c", "c>b:home"), "home_b_name", ["r1", "r2"]),
        (("a>c:other", "c>b"), "b_name", None),
        (("a>b", "b>a"), "b_name", ["r0"]),
    ],
)
def test_the_path_that_is_meant(
    make: Make, arrows: tuple[str, ...], dimension: str, expected: list[str] | None
) -> None:
    assert route(make(*arrows), "a", dimension) == expected


@pytest.mark.parametrize(
    ("arrows", "dimension", "message"),
    [
        (("a>b", "a>b"), "b_name", "'a → b' or 'a → b'"),
        (("a>c", "c>b", "a>d", "d>b"), "b_name", "'a → c → b' or 'a → d → b'"),
        # One way around is longer: it would mean another b as well, and is not passed over.
        (("a>c", "c>b", "a>d", "d>e", "e>b"), "b_name", "'a → c → b' or 'a → d → e → b'"),
        (("a>c", "c>b:home", "a>d", "d>b:home"), "home_b_name", "'a → c → b' or 'a → d → b'"),
    ],
)
def test_two_paths_are_refused_by_name(make: Make, arrows: tuple[str, ...], dimension: str, message: str) -> None:
    catalog = make(*arrows)
    with pytest.raises(NotComputable) as caught:
        route(catalog, "a", dimension)
    assert message in caught.value.message
    assert "role" in caught.value.hint
    assert caught.value.zh is not None and "多条路径" in caught.value.zh[0]
    assert not is_reached(catalog, "a", catalog.dimensions[dimension])


def test_the_refusal_names_the_roles_that_work(make: Make) -> None:
    catalog = make("a>c", "c>b", "a>d", "d>b", "a>b:booking", "a>b:managing")
    with pytest.raises(NotComputable) as caught:
        route(catalog, "a", "b_name")
    assert caught.value.hint.startswith("Use 'booking_b_name' or 'managing_b_name', or give")


def test_a_dense_catalog_without_a_path_is_told_at_once(make: Make) -> None:
    names = [f"n{i}" for i in range(14)]
    arrows = [f"{one}>{other}" for i, one in enumerate(names) for other in names[i + 1 :]]
    catalog = make(*arrows, "z>n0")
    assert joins_between(catalog, "n0", "z") is None
    assert joins_between(catalog, "n0", "n13") is not None


def test_the_bank_tells_booking_and_managing_apart(catalog: Catalog) -> None:
    assert route(catalog, "loans", "branch") == ["loans_branch"]
    assert route(catalog, "loans", "managing_branch") == ["loans_contract", "contract_managing_branch"]
    assert route(catalog, "loans", "home_branch") == ["loans_customer", "customer_home_branch"]
    assert route(catalog, "deposits", "managing_branch") is None
