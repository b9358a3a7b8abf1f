"""The index over names: built whole, found by meaning, narrowed, rebuilt when it cannot be trusted."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from t2sql.catalog import Catalog
from t2sql.errors import RetrievalError
from t2sql.retrieval import Embedder, MetricIndex


class LetterEmbedder:
    """Counts letter pairs: near when texts share them. Quick and the same everywhere."""

    name = "letters"

    def __init__(self) -> None:
        self.texts = 0

    def query(self, text: str) -> list[float]:
        """Unit vector of `text`."""
        return self.passages([text])[0]

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        """Unit vectors of `texts`."""
        self.texts += len(texts)
        return [self._vector(text.lower()) for text in texts]

    def _vector(self, text: str) -> list[float]:
        vector = [0.0] * 256
        for pair in (text[i : i + 2] for i in range(max(1, len(text) - 1))):
            vector[hashlib.sha256(pair.encode()).digest()[0]] += 1.0
        length = sum(number * number for number in vector) ** 0.5
        return [number / length for number in vector]


@pytest.fixture(scope="module")
def small(catalog: Catalog) -> Catalog:
    """Twelve metrics and all dimensions, under a fingerprint of their own."""
    names = ["loan_balance", "npl_balance", "npl_ratio", "deposit_balance", "nim", "net_profit", "new_loans", "aum"]
    names += ["card_spend", "customers", "churned_customers", "cost_to_income"]
    return replace(catalog, metrics={name: catalog.metrics[name] for name in names}, fingerprint="a" * 64)


def test_a_name_is_found_by_its_words(small: Catalog, tmp_path: Path) -> None:
    index = MetricIndex.open_or_build(small, tmp_path, LetterEmbedder())
    names = [name for name, _ in index.search("不良贷款率", frozenset(small.metrics), k=3)]
    assert names[0] == "npl_ratio"
    assert len(names) == 3


def test_only_allowed_names_come_back(small: Catalog, tmp_path: Path) -> None:
    index = MetricIndex.open_or_build(small, tmp_path, LetterEmbedder())
    found = index.search("不良贷款率", frozenset(["nim", "aum"]), k=8)
    assert {name for name, _ in found} == {"nim", "aum"}
    assert index.search("不良贷款率", frozenset(), k=8) == []
    assert all(0.0 <= score <= 1.0 for _, score in found)


def test_it_is_built_once_and_opened_after_that(small: Catalog, tmp_path: Path) -> None:
    first, second = LetterEmbedder(), LetterEmbedder()
    done: list[tuple[int, int]] = []
    MetricIndex.open_or_build(small, tmp_path, first, progress=lambda count, total: done.append((count, total))).close()
    MetricIndex.open_or_build(small, tmp_path, second)
    assert done[-1][0] == done[-1][1] == first.texts
    assert second.texts == 0
    assert folders(tmp_path) == [small.fingerprint]


def test_changed_definitions_have_an_index_of_their_own(small: Catalog, tmp_path: Path) -> None:
    MetricIndex.open_or_build(small, tmp_path, LetterEmbedder()).close()
    fewer = {name: metric for name, metric in small.metrics.items() if name != "npl_ratio"}
    index = MetricIndex.open_or_build(replace(small, metrics=fewer, fingerprint="b" * 64), tmp_path, LetterEmbedder())
    assert "npl_ratio" not in {name for name, _ in index.search("不良贷款率", frozenset(small.metrics))}


@pytest.mark.parametrize("damage", ["sqlite", "empty", "vectors"])
def test_a_damaged_folder_is_built_again(small: Catalog, tmp_path: Path, damage: str) -> None:
    MetricIndex.open_or_build(small, tmp_path / "first", LetterEmbedder()).close()
    # A copy: Chroma keeps clients by path, and a new process would have none.
    folder = tmp_path / "second" / small.fingerprint
    shutil.copytree(tmp_path / "first" / small.fingerprint, folder)
    if damage == "sqlite":
        (folder / "chroma.sqlite3").write_bytes(b"not a database" * 100)
    elif damage == "empty":
        shutil.rmtree(folder)
        folder.mkdir()
    else:
        embedder = LetterEmbedder()
        embedder.name = "other weights"
        MetricIndex.open_or_build(small, tmp_path / "second", embedder).close()
    index = MetricIndex.open_or_build(small, tmp_path / "second", LetterEmbedder())
    assert index.search("净息差", frozenset(small.metrics), k=1)[0][0] == "nim"


def test_rebuild_replaces_what_stands(small: Catalog, tmp_path: Path) -> None:
    MetricIndex.open_or_build(small, tmp_path, LetterEmbedder()).close()
    again = LetterEmbedder()
    index = MetricIndex.open_or_build(small, tmp_path, again, rebuild=True)
    assert again.texts > 0
    assert index.search("净利润", frozenset(small.metrics), k=1)[0][0] == "net_profit"


def test_a_place_that_cannot_be_written_is_an_error_with_a_hint(small: Catalog, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RetrievalError) as caught:
        MetricIndex.open_or_build(small, tmp_path / "file" / "index", LetterEmbedder())
    assert "t2sql index --rebuild" in caught.value.hint


def folders(parent: Path) -> list[str]:
    """Names of the folders in `parent`."""
    return [path.name for path in parent.iterdir() if path.is_dir()]


def test_of_two_builders_at_once_one_builds_and_both_search(small: Catalog, tmp_path: Path) -> None:
    embedders = [LetterEmbedder(), LetterEmbedder()]
    with ThreadPoolExecutor(2) as pool:
        built = list(pool.map(lambda embedder: MetricIndex.open_or_build(small, tmp_path, embedder), embedders))
    assert folders(tmp_path) == [small.fingerprint]
    assert sorted(embedder.texts > 0 for embedder in embedders) == [False, True]
    for index in built:
        assert index.search("净息差", frozenset(small.metrics), k=1)[0][0] == "nim"


def test_the_real_embedder_puts_both_languages_in_one_space(small: Catalog, tmp_path: Path) -> None:
    kept = {name: small.metrics[name] for name in ("npl_balance", "net_profit", "churned_customers")}
    fewer = replace(small, metrics=kept, dimensions={}, fingerprint="c" * 64)
    index = MetricIndex.open_or_build(fewer, tmp_path, Embedder())
    assert index.search("bad loans", frozenset(kept), k=1)[0][0] == "npl_balance"
    assert index.search("走了多少客户", frozenset(kept), k=1)[0][0] == "churned_customers"
    assert len(Embedder().query("贷款")) == Embedder.dimensions
