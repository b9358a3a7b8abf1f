"""No question that we show or sign is one of the test split: its figures would measure what was copied.

The split is read by this program alone. A failure names ids and places, never a question of the split.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from rapidfuzz.distance import Levenshtein
from ruamel.yaml import YAML

from t2sql.catalog import Catalog
from t2sql.grounding import find_periods, fold
from t2sql.retrieval.embeddings import Embedder
from t2sql.verified import read_verified

ROOT = Path(__file__).parent.parent.parent
METRICS = ROOT / "metrics" / "bank"
SPLIT = ROOT / "tests" / "evals" / "bank_test.yml"
NEAREST_EDIT = 0.25
NEAREST_COSINE = 0.95
LEAST_LETTERS = 8


def shown() -> dict[str, list[str]]:
    """Place -> the questions that are written there."""
    found = {f"verified.yml {entry.id}": list(entry.questions) for entry in read_verified(METRICS)}
    model = YAML(typ="safe").load((METRICS / "model.yml").read_text(encoding="utf-8"))
    found["model.yml"] = list(examples_in(model))
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), METRICS / "README.md"):
        found[str(path.relative_to(ROOT))] = quoted_in(path.read_text(encoding="utf-8"))
    rows = (ROOT / "docs" / "questions.csv").read_text(encoding="utf-8").splitlines()[1:]
    found["questions.csv"] = [row.split(",")[1] for row in rows]
    return found


def examples_in(node: object) -> Iterator[str]:
    """Texts under any key `examples`, however deep."""
    if isinstance(node, dict):
        for key, inner in node.items():
            if key == "examples" and isinstance(inner, list):
                yield from (str(one) for one in inner)
            else:
                yield from examples_in(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from examples_in(inner)


def quoted_in(text: str) -> list[str]:
    """Everything in quotes, and every cell of a table and item of a list, that is long enough to be a question."""
    quoted = re.findall(r"\"([^\"\n]+)\"|'([^'\n]+)'|“([^”\n]+)”|「([^」\n]+)」|`([^`\n]+)`", text)
    cells = [
        cell for line in text.splitlines() if line.lstrip().startswith(("|", "-", "*")) for cell in line.split("|")
    ]
    texts = [part for group in quoted for part in group] + [cell.strip(" -*") for cell in cells]
    return [one for one in texts if LEAST_LETTERS <= len(one) <= 200]


def split() -> dict[str, str]:
    """Id -> question of the test split."""
    cases = YAML(typ="safe").load(SPLIT.read_text(encoding="utf-8"))["cases"]
    return {str(case["id"]): str(case["question"]) for case in cases}


def plain(text: str) -> str:
    """Folded, with one blank between words and no end mark."""
    return " ".join(fold(text).text.split()).strip(" ?？。.!！")


def blanked(text: str) -> str:
    """`plain`, without its periods."""
    folded = fold(text)
    spans = [p.span for p in find_periods(folded, date(2026, 7, 15), date(2026, 6, 30), 1)]
    return plain("".join(" " if any(s.start <= i < s.end for s in spans) else c for i, c in enumerate(text)))


def test_the_split_is_read() -> None:
    """An empty comparison would pass for ever."""
    assert len(split()) >= 150
    assert sum(map(len, shown().values())) >= 60
    assert any(texts for place, texts in shown().items() if place == "README.md")


def test_nothing_shown_is_nearly_a_test_question() -> None:
    """By edit distance over the longer text, as written and without periods."""
    hidden = {(case, form(text)) for case, text in split().items() for form in (plain, blanked)}
    told = {(place, form(text)) for place, texts in shown().items() for text in texts for form in (plain, blanked)}
    near = {
        (place, case)
        for place, text in told
        for case, other in hidden
        if text and Levenshtein.normalized_distance(text, other, score_cutoff=NEAREST_EDIT) < NEAREST_EDIT
    }
    if near:
        pytest.fail(f"nearly a question of the test split, reword: {sorted(near)}", pytrace=False)


@pytest.mark.slow
def test_nothing_signed_means_a_test_question(catalog: Catalog) -> None:
    """By the embedder, periods blanked; for what is signed or an example, where the meaning is what would help."""
    assert catalog.metrics
    embedder = Embedder()
    places = {place: texts for place, texts in shown().items() if place.startswith(("verified.yml", "model.yml"))}
    texts = [(place, text) for place, some in places.items() for text in some]
    hidden = split()
    own = [embedder.query(blanked(text)) for _, text in texts]
    others = [embedder.query(blanked(text)) for text in hidden.values()]
    near = {
        (place, case)
        for (place, _), one in zip(texts, own, strict=True)
        for case, other in zip(hidden, others, strict=True)
        if sum(a * b for a, b in zip(one, other, strict=True)) > NEAREST_COSINE
    }
    if near:
        pytest.fail(f"means a question of the test split, reword: {sorted(near)}", pytrace=False)
