"""A second draft of an English question over fields: plain SQL over tables, which is what an llm has seen most of, as
semantic SQL.

It knows nothing of the first, which code has shaped: where both say the same, both are more likely right. It may bound
and compare as the first may not. Its text is never run: `unjoined` refuses what is not of the catalog as its reader may
see it, and the compiler writes the SQL.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from t2sql.adhoc.prompt import MOST_PREFIX_FIELDS, TAIL, relevant
from t2sql.adhoc.slots import Slot
from t2sql.adhoc.unjoined import unjoined
from t2sql.catalog import Catalog, Dataset, Field
from t2sql.compiler.words.field_kinds import kind_of_field
from t2sql.generation.llm import Llm, Writing

MOST_TOKENS = 200
GRAMMAR = 'start: "SELECT " /[^;]{5,900}/ ";"?\n'
_TASK = "Write one DuckDB SELECT for the question, with exactly the columns that are asked for. End with a semicolon."
_TODAY = re.compile(r"\b(?:today|now|current(?:ly)?|overdue|so far|to date|age|old|ago)\b", re.IGNORECASE)
_TYPES = {"date": "DATE", "number": "DECIMAL", "boolean": "BOOLEAN"}


def write_second(
    text: str,
    hints: str,
    slots: Sequence[Slot],
    catalog: Catalog,
    datasets: Sequence[str],
    llm: Callable[[], Llm],
    today: date,
    cancel: threading.Event | None = None,
) -> tuple[str, Writing]:
    """Semantic SQL for `text`, and what the llm wrote; `datasets`: the likeliest, for a catalog of many fields.

    Raises QueryError, GenerationError, LlmUnavailable, Cancelled.
    """
    is_whole = sum(len(d.fields) for d in catalog.datasets.values()) <= MOST_PREFIX_FIELDS
    shown = [*catalog.datasets] if is_whole else [*datasets]
    prefix = ["<|im_start|>system", _TASK, *(_tables(catalog, shown) if is_whole else ())]
    suffix = [*(() if is_whole else _tables(catalog, shown))]
    if _TODAY.search(text):
        # Where no word asks for it, a small llm bounds every date by it.
        suffix.append(f"Today is {today.isoformat()}.")
    suffix.append(" ".join(text.split()))
    if told := relevant(text, hints):
        suffix.append(f"Hints: {told}")
    if slots:
        suffix.append("Found in the data: " + "; ".join(slot.alternatives[0] for slot in slots))
    writing = llm().write(
        "\n".join(prefix) + "<|im_end|>\n<|im_start|>user\n",
        "\n".join(suffix),
        GRAMMAR,
        max_tokens=MOST_TOKENS,
        tail=TAIL,
        cancel=cancel,
    )
    return unjoined(writing.text.rstrip(";"), catalog, today), writing


def _tables(catalog: Catalog, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        dataset = catalog.datasets[name]
        columns = ", ".join(_column(item) for item in dataset.fields.values() if item.is_named)
        keys = "".join(f", {key}" for key in _keys(catalog, dataset, names))
        yield f"CREATE TABLE {dataset.name} ({columns}{keys});"


def _column(item: Field) -> str:
    told = item.display.en if item.display.en and item.display.en.replace(" ", "_") != item.name else ""
    return f"{item.name} {_TYPES.get(kind_of_field(item), 'TEXT')}" + (f" /* {told} */" if told else "")


def _keys(catalog: Catalog, dataset: Dataset, names: Sequence[str]) -> Iterator[str]:
    """The ways to other tables that this reader may take."""
    named = {item.expression: item.name for item in dataset.fields.values() if item.is_named}
    for step in catalog.relationships:
        if step.from_dataset != dataset.name or step.to_dataset not in names or step.role or step.broken:
            continue
        others = {f.expression: f.name for f in catalog.datasets[step.to_dataset].fields.values() if f.is_named}
        if all(c in named for c in step.from_columns) and all(c in others for c in step.to_columns):
            mine = ", ".join(named[c] for c in step.from_columns)
            theirs = ", ".join(others[c] for c in step.to_columns)
            yield f"FOREIGN KEY ({mine}) REFERENCES {step.to_dataset} ({theirs})"
