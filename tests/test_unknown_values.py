"""Values that no row has: told by name with what is near, never those that a condition excludes."""

from __future__ import annotations

import pytest

from t2sql.catalog import Catalog
from t2sql.unknown_values import asked_values, unknown_value


@pytest.mark.parametrize(
    ("where", "asked"),
    [
        ("branch = '火星分行'", {"branch": ("火星分行",)}),
        ("branch IN ('a', 'b') AND region = 'c'", {"branch": ("a", "b"), "region": ("c",)}),
        ("branch <> 'a' AND NOT branch IN ('b') AND NOT (region = 'c')", {}),
        ("month = '2025-12' AND npl_ratio > 0.1 AND branch = branch", {}),
        ("no ( sense", {}),
    ],
)
def test_the_values_that_conditions_ask_for(catalog: Catalog, where: str, asked: dict[str, tuple[str, ...]]) -> None:
    assert asked_values(f"SELECT npl_ratio FROM bank WHERE {where}", catalog) == asked


@pytest.mark.parametrize(
    ("asked", "zh", "en"),
    [
        (["火星分行"], "“火星分行”不是分行的已知取值。", "“火星分行” is not known as a value of branch."),
        (
            ["上海", "杭州分行", "Hangzhou"],
            "“上海”不是分行的已知取值。相近的有“上海分行”。",
            "“上海” is not known as a value of branch. Nearest: “上海分行”.",
        ),
    ],
)
def test_an_unknown_value_is_told_with_the_nearest(catalog: Catalog, asked: list[str], zh: str, en: str) -> None:
    note = unknown_value("branch", asked, {"上海分行": (), "杭州分行": ("Hangzhou",)}, catalog)
    assert note is not None and (note.code, note.zh, note.en) == ("unknown_value", zh, en)


def test_known_values_and_their_other_names_need_no_note(catalog: Catalog) -> None:
    assert unknown_value("branch", ["杭州分行", "Hangzhou"], {"杭州分行": ("Hangzhou",)}, catalog) is None
