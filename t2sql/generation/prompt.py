"""The prompt: a prefix that is the same for every question of one narrowed catalog, and a short suffix with the
question in it.

The prefix is trusted text out of the narrowed catalog. The question stands in the suffix, which is read without
special tokens.
"""

from __future__ import annotations

from collections.abc import Sequence

from t2sql.catalog import Catalog
from t2sql.flow import Context

MOST_HINT_CHARACTERS = 4000
TAIL = "<|im_end|>\n<|im_start|>assistant\n"
_EXAMPLES = (
    ("各支行2023年末的{a}", "SELECT sub_branch, {m} FROM {n} WHERE month = '2023-12'"),
    ("{b} by region for each quarter of 2023", "SELECT quarter, region, {k} FROM {n} WHERE year = '2023'"),
)


def build_prefix(catalog: Catalog) -> str:
    """Chat opening, task, every metric and dimension of the narrowed catalog by name and words."""
    lines = [
        "<|im_start|>system",
        f"You choose the semantic SQL that means what a bank analyst asks. Names in {catalog.name}:",
        *(f"{m.name}: {m.display.zh}, {m.display.en}" for m in catalog.metrics.values()),
        "Dimensions: " + "; ".join(f"{d.name} {d.display.zh}" for d in catalog.dimensions.values() if not d.role),
        "yoy(x) growth on a year before, yoy_diff(x) change on a year before,"
        " share(x) part of the whole, ytd(x) since January.",
        "A condition on a metric keeps groups above or below a number. ORDER BY … LIMIT n keeps the first n.",
    ]
    for question, sql in _EXAMPLES:
        filled = _fill(question, sql, catalog)
        if filled:
            lines.append(f"Q: {filled[0]}\nA: {filled[1]}")
    return "\n".join(lines) + "<|im_end|>\n<|im_start|>user\n"


def _fill(question: str, sql: str, catalog: Catalog) -> tuple[str, str] | None:
    metrics = list(catalog.metrics.values())
    if not metrics or not {"sub_branch", "region"} <= set(catalog.dimensions):
        return None
    first, last = metrics[0], metrics[-1]
    words = {"a": first.display.zh, "m": first.name, "b": last.display.en, "k": last.name, "n": catalog.name}
    return question.format(**words), sql.format(**words)


def build_suffix(context: Context, catalog: Catalog, candidates: Sequence[str], complaint: str = "") -> str:
    """The question, what was added to it, and the metrics to choose among, as names only: their words stand in the
    prefix.
    """
    lines = [" ".join(context.question.text.split())]
    if hints := " ".join(context.question.hints.split()):
        lines.append("Hint: " + hints[:MOST_HINT_CHARACTERS])
    if len(candidates) > 1:
        lines.append("Candidates: " + ", ".join(candidates))
    if complaint:
        lines.append("Not this: " + complaint[:200])
    return "\n".join(lines)
